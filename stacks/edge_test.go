package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/stacks"
)

// TestOriginLock: the policy at the load balancer changes in place from open to
// Cloudflare alone, and only once visitors come through Cloudflare; the zone shows
// its certificate one stage later.
func TestOriginLock(t *testing.T) {
	s, err := config.LoadFile("../Pulumi.dev.yaml", "dev-gcp")
	require.NoError(t, err)
	s.Azure = nil
	given := componentstest.WithGiven(t, "../sandbox.yaml")
	run := func(stage, last string) (componentstest.Registrations, error) {
		s.DNS.Hosts = map[string]config.Host{"api": {Stage: stage}}
		outputs := map[string]any{
			"contractVersion": 1, "zoneId": s.DNS.ZoneID, "stages": map[string]any{"api.dev.ai-worker.example": last}, "owners": map[string]any{},
			"records": map[string]any{}, "ds": "", "audiences": map[string]any{}, "tokenIds": map[string]any{}, "tokenSecrets": map[string]any{},
		}
		return componentstest.Run(t, stacks.Program("gcp", s), given, componentstest.WithStackOutputs("dev-cloudflare", outputs))
	}
	const typ = "gcp:compute/securityPolicy:SecurityPolicy"
	action := func(all componentstest.Registrations) any {
		rules := all.One(t, typ).Get("rules").([]any)
		for _, rule := range rules {
			if r := rule.(map[string]any); r["priority"] == 2147483647.0 {
				return r["action"]
			}
		}
		return nil
	}
	open, err := run("proxied", "strict")
	require.NoError(t, err)
	require.Equal(t, "allow", action(open))
	locked, err := run("origin-locked", "proxied")
	require.NoError(t, err)
	require.Equal(t, "deny(403)", action(locked))
	require.Equal(t, open.One(t, typ).Get("name"), locked.One(t, typ).Get("name"), "the gateway's policy names it")

	_, err = run("origin-locked", "strict")
	require.ErrorContains(t, err, `stack dev-cloudflare last left the host at "strict": visitors would be shut out`)

	s.Cloudflare.OriginCertificate = &config.OriginCertificate{AllowShared: true}
	last := componentstest.WithStackOutputs("dev-cloudflare", map[string]any{
		"contractVersion": 1, "zoneId": s.DNS.ZoneID, "stages": map[string]any{"api.dev.ai-worker.example": "origin-locked"}, "owners": map[string]any{},
		"records": map[string]any{}, "ds": "", "audiences": map[string]any{}, "tokenIds": map[string]any{}, "tokenSecrets": map[string]any{},
	})
	gcp := gcpOutputs(s)
	gcp["edgeLocked"] = []any{"api.dev.ai-worker.example"}
	pulls := func(stage string) int {
		s.DNS.Hosts = map[string]config.Host{"api": {Stage: stage}}
		all, err := componentstest.Run(t, stacks.Program("cloudflare", s), componentstest.WithStack("dev-cloudflare"), last,
			componentstest.WithStackOutputs("dev-gcp", gcp))
		require.NoError(t, err)
		return len(all.OfType("cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls"))
	}
	require.Equal(t, 0, pulls("origin-locked"))
	require.Equal(t, 1, pulls("authenticated"))
}

// TestProxiedOnlyFromThere: the record of a host is proxied from its stage on, and
// Cloudflare demands a valid certificate one stage before.
func TestProxiedOnlyFromThere(t *testing.T) {
	s, err := config.LoadFile("../Pulumi.dev.yaml", "dev-cloudflare")
	require.NoError(t, err)
	for stage, want := range map[string][]any{
		"dns-only": {false, "full", 0}, "certificate-ready": {false, "full", 1}, "strict": {false, "strict", 1}, "proxied": {true, "strict", 1},
	} {
		s.DNS.Hosts = map[string]config.Host{"api": {Stage: stage}}
		last := componentstest.WithStackOutputs("dev-cloudflare", map[string]any{
			"contractVersion": 1, "zoneId": s.DNS.ZoneID, "stages": map[string]any{"api.dev.ai-worker.example": stage}, "owners": map[string]any{},
			"records": map[string]any{}, "ds": "", "audiences": map[string]any{}, "tokenIds": map[string]any{}, "tokenSecrets": map[string]any{},
		})
		all, err := componentstest.Run(t, stacks.Program("cloudflare", s), componentstest.WithStack("dev-cloudflare"), last, upstream(s))
		require.NoError(t, err)
		proofs := 0
		for _, r := range all.OfType("cloudflare:index/record:Record") {
			if r.Get("name") == "_acme-challenge.api" {
				proofs++
				require.Equal(t, "0a1b.5.authorize.certificatemanager.goog", r.Get("content"))
			}
		}
		require.Equal(t, want, []any{
			all.One(t, "cloudflare:index/record:Record", "api-a-record").Get("proxied"),
			all.One(t, "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride").Get("settings.ssl"), proofs,
		}, stage)
	}
}
