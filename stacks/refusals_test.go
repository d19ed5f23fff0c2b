package stacks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/stacks"
)

// TestComponentsRefuseTogether: what components have against their arguments is
// reported of all of them at once, below the settings, and nothing is registered.
func TestComponentsRefuseTogether(t *testing.T) {
	text, err := os.ReadFile("../Pulumi.prod.yaml")
	require.NoError(t, err)
	broken := string(text)
	for old, with := range map[string]string{
		"name: ai-worker\n      cleanup":  "name: AI_Worker\n      cleanup",
		"tier: db-custom-4-15360":         "tier: db-custom-4-15361",
		"masterRange: 172.16.0.0/28":      "masterRange: 172.16.0.0/24",
		"machineType: n2d-standard-8":     "machineType: N2D",
		"[{action: Delete, ageDays: 7}]":  "[{action: Delete}]",
		"openai-api-key: {}":              "openai-api-key: {destroyDelayDays: 2000}",
		"roles: [roles/cloudtrace.agent]": "roles: [roles/editor]",
	} {
		require.Contains(t, broken, old)
		broken = strings.Replace(broken, old, with, 1)
	}
	path := filepath.Join(t.TempDir(), "Pulumi.prod.yaml")
	require.NoError(t, os.WriteFile(path, []byte(broken), 0o600))
	wants := []string{
		`ai-worker:gcp.registry: name "AI_Worker"`,
		`ai-worker:gcp.database: tier "db-custom-4-15361"`,
		`ai-worker:gcp.cluster: create.masterRange "172.16.0.0/24"`,
		`ai-worker:gcp.nodePools.workers: machineType "N2D"`,
		`ai-worker:gcp.buckets.scratch: lifecycleRules[0].ageDays 0`,
		`ai-worker:gcp.secrets.openai-api-key: destroyDelayDays 2000`,
		`ai-worker:gcp.workloads.worker: roles[0] "roles/editor"`,
	}

	all, err := run(t, "prod-gcp", settings(t, path))
	require.Empty(t, all, "registered something before refusing")
	for _, want := range wants {
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, stacks.Check(path, "prod-gcp"), want, "without the engine as well")
	}
	require.NoError(t, stacks.Check("../Pulumi.prod.yaml", "prod-gcp"))
}
