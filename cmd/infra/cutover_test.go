package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCutover takes a host all the way behind the proxy and back, by nothing but
// its line in the settings.
func TestCutover(outer *testing.T) {
	t := repository(outer)
	const pulls = "urn:pulumi:dev-cloudflare::ai-worker::ai-worker:cloudflare:OriginLock$cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls::origin-pulls"
	stage := "dns-only"
	to := func(next string) (int, string) {
		t.Helper()
		edit(t, "Pulumi.dev.yaml", "{stage: "+stage+"}", "{stage: "+next+"}")
		stage = next
		return typed(t, "--sandbox", "up", "dev", "-p", "gcp,cloudflare", "--approve", pulls) // they go on the way back
	}
	reaches := func(next, change string) {
		t.Helper()
		code, out := to(next)
		require.Equal(t, exitOK, code, out)
		require.Regexp(t, change, out)
	}
	edit(t, "Pulumi.dev.yaml", "  ai-worker:cloudflare:\n", "  ai-worker:cloudflare:\n    originCertificate: {allowShared: true}\n")
	succeeds(t, "--sandbox", "up", "dev")
	code, out := to("proxied")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, "moves one stage at a time: certificate-ready, then strict, then proxied")

	reaches("certificate-ready", `create +cloudflare:index/record:Record +acme-challenge-api`)
	code, out = to("strict")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, "the certificate is PROVISIONING as stack dev-gcp last saw it")
	reaches("certificate-ready", "No changes")
	succeeds(t, "--sandbox", "refresh", "dev", "--provider", "gcp")
	succeeds(t, "--sandbox", "up", "dev", "--provider", "gcp")
	require.Regexp(t, `certificateStates +\{"api.dev.ai-worker.example":"ACTIVE"\}`, succeeds(t, "--sandbox", "outputs", "dev", "-p", "gcp"))

	reaches("strict", `ssl: "full" → "strict"`)
	reaches("proxied", `proxied: false → true`)
	reaches("origin-locked", `description: "Everybody else, once it is closed" → "Everybody else"`)
	reaches("authenticated", `create +cloudflare:index/authenticatedOriginPulls`)
	reaches("origin-locked", `delete +cloudflare:index/authenticatedOriginPulls`)
	reaches("proxied", `description: "Everybody else" → "Everybody else, once it is closed"`)
	reaches("strict", `proxied: true → false`)
	reaches("certificate-ready", `ssl: "strict" → "full"`)
	reaches("dns-only", `delete +cloudflare:index/record:Record +acme-challenge-api`)
	succeeds(t, "--sandbox", "preview", "dev", "-p", "gcp,cloudflare", "--expect-no-changes")
}
