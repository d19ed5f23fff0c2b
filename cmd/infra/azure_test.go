package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// driftsOnAzure: a door that somebody opened is found and closed.
func driftsOnAzure(t checkout, env string) {
	t.Helper()
	const server = "azure-native:dbforpostgresql/v20240801:Server"
	id := map[string]string{"dev": "0d1e2f30-4152-4637-8495-a6b7c8d9e0f1", "prod": "1f0e9d8c-7b6a-4594-8372-6150f4e3d2c1"}[env]
	id = "/subscriptions/" + id + "/resourceGroups/ai-worker-" + env + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/ai-worker-" + env + "-g1"
	succeeds(t, "sandbox", "change", server, id, "authConfig.passwordAuth", "Enabled")
	code, out := typed(t, "--sandbox", "drift", env, "-p", "azure")
	require.Equal(t, exitFailed, code, out)
	require.Regexp(t, `passwordAuth: "Disabled" → "Enabled"`, out)
	succeeds(t, "--sandbox", "refresh", env, "-p", "azure")
	require.Regexp(t, `passwordAuth: "Enabled" → "Disabled"`, succeeds(t, "--sandbox", "up", env, "-p", "azure"))
}

// noAzure is what a settings file says of Azure.
var noAzure = regexp.MustCompile(`(?m)^  ai-worker:azure:\n(    .*\n)+`)

// TestAzureIsOptional: an environment without it says so, and nobody loses what is
// still there by taking away the settings.
func TestAzureIsOptional(outer *testing.T) {
	t := repository(outer)
	code, out := typed(t, "--sandbox", "preview", "stage", "-p", "azure")
	require.Equal(t, exitUsage, code)
	require.Contains(t, out, "environment stage has no azure: there is no ai-worker:azure in Pulumi.stage.yaml; it has gcp, kubernetes, cloudflare")

	succeeds(t, "--sandbox", "up", "dev", "-p", "azure")
	file := filepath.Join(t.dir, "Pulumi.dev.yaml")
	settings, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, noAzure.ReplaceAll(settings, nil), 0o600))
	code, out = typed(t, "--sandbox", "preview", "dev")
	require.Equal(t, exitRefused, code, out)
	require.Regexp(t, `stack dev-azure holds \d+ resources, and its settings are gone from Pulumi.dev.yaml`, out)

	require.NoError(t, os.WriteFile(file, settings, 0o600))
	succeeds(t, "--sandbox", "destroy", "dev", "-p", "azure")
	require.Empty(t, held(t), "everything is gone")
	require.NoError(t, os.WriteFile(file, noAzure.ReplaceAll(settings, nil), 0o600))
	require.NotContains(t, succeeds(t, "--sandbox", "preview", "dev"), "dev-azure")
}

// TestHostOnAzure takes a host to its certificate and back: three stages, each with
// the stacks that it needs, and nothing to do after each.
func TestHostOnAzure(outer *testing.T) {
	t := repository(outer)
	edit(t, "Pulumi.dev.yaml", "{workload: api, stage: dns-only}", "{workload: api, stage: named}")
	code, out := typed(t, "--sandbox", "up", "dev")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, `ai-worker:azure.hosts.api-azure.stage: "named": a new host begins at "dns-only"`)
	const certificate = "urn:pulumi:dev-azure::ai-worker::ai-worker:azure:ContainerApp$azure-native:app/v20240301:ManagedCertificate::run-api-certificate-api-azure"
	at := "named"
	to := func(stage string) {
		edit(t, "Pulumi.dev.yaml", "{workload: api, stage: "+at+"}", "{workload: api, stage: "+stage+"}")
		at = stage
	}
	to("dns-only")
	succeeds(t, "--sandbox", "up", "dev")
	for _, stage := range []string{"named", "bound", "dns-only"} {
		to(stage)
		succeeds(t, "--sandbox", "up", "dev", "-p", "azure", "--approve", certificate) // it goes at the end
		succeeds(t, "--sandbox", "preview", "dev", "--expect-no-changes")
	}
}
