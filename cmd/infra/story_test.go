package main

import (
	"encoding/json"
	goflag "flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = goflag.Bool("update", false, "write docs/sample-report.md anew")

// change is a realistic pull request: machines for the workers that nobody takes
// away, a larger database, a bucket more, a secret less and other limits in the
// namespace.
func change(t checkout) {
	t.Helper()
	edit(t, "Pulumi.dev.yaml", "spot: true", "spot: false")
	edit(t, "Pulumi.dev.yaml", "tier: db-f1-micro", "tier: db-g1-small")
	edit(t, "Pulumi.dev.yaml", "      scratch:\n        allowDeletion: true\n        disableVersioning", "      exports: {allowDeletion: true}\n      scratch:\n        allowDeletion: true\n        disableVersioning")
	edit(t, "Pulumi.dev.yaml", `quota: {cpu: "8", memory: 24Gi, pods: 40}`, `quota: {cpu: "16", memory: 48Gi, pods: 80}`)
	edit(t, "Pulumi.dev.yaml", "      session-key: {allowDeletion: true}    # a new one only ends the sessions\n", "")
	edit(t, "Pulumi.dev.yaml", "        secrets: [openai-api-key, session-key]\n", "        secrets: [openai-api-key]\n")
}

// TestStory plays the life of a change: the preview of its pull request and what it
// refuses, the approval, the up after the merge, a drift, its report, and clean again.
func TestStory(outer *testing.T) {
	t := repository(outer)
	root, err := findRoot(".")
	require.NoError(t, err)
	file := func(name string) string { return filepath.Join(t.dir, name) }
	read := func(name string) string {
		text, err := os.ReadFile(file(name))
		require.NoError(t, err)
		return string(text)
	}
	succeeds(t, "--sandbox", "up", "dev")
	change(t)

	code, out := typed(t, "--sandbox", "preview", "dev", "--report", file("plan.md"), "--json", file("plan.json"))
	require.Equal(t, exitRefused, code, out)
	report := read("plan.md")
	sample := filepath.Join(root, "docs", "sample-report.md")
	if *update {
		require.NoError(t, os.WriteFile(sample, []byte(report), 0o600))
	}
	want, err := os.ReadFile(sample)
	require.NoError(t, err)
	require.Equal(t, string(want), report, "docs/sample-report.md is this report: go test ./cmd/infra -run TestStory -update")
	typed(t, "--sandbox", "preview", "dev", "--report", file("again.md"))
	require.Equal(t, report, read("again.md"), "two runs on one commit are equal")

	before := held(t)
	code, out = typed(t, "--sandbox", "up", "dev")
	require.Equal(t, exitRefused, code, out)
	require.Equal(t, before, held(t), "a refused up changes nothing")

	var body strings.Builder // of the pull request
	body.WriteString("No spot machines any more, as agreed.\n\n")
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "approve: urn:") {
			body.WriteString("- " + line + "\n")
		}
	}
	require.Equal(t, 2, strings.Count(body.String(), "approve: "), "the pool and the secret")
	require.NoError(t, os.WriteFile(file("body.md"), []byte(body.String()), 0o600))
	succeeds(t, "--sandbox", "preview", "dev", "--approvals", file("body.md"))
	succeeds(t, "--sandbox", "up", "dev", "--approvals", file("body.md"))
	succeeds(t, "--sandbox", "drift", "dev")

	succeeds(t, "sandbox", "change", "gcp:storage/bucket:Bucket", "ai-worker-dev-uploads", "publicAccessPrevention", "inherited")
	drifted := func(want bool) {
		code, out := typed(t, "--sandbox", "drift", "dev", "--report", file("drift.md"), "--json", file("drift.json"))
		require.Equal(t, want, code == exitFailed, out)
		var found struct{ Drifted, Failed bool }
		require.NoError(t, json.Unmarshal([]byte(read("drift.json")), &found))
		require.Equal(t, want, found.Drifted)
		require.False(t, found.Failed)
	}
	drifted(true)
	require.Contains(t, read("drift.md"), "publicAccessPrevention")
	succeeds(t, "--sandbox", "refresh", "dev")
	succeeds(t, "--sandbox", "up", "dev")
	drifted(false)
}
