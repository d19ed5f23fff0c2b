package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	const repository = "../../.."
	require.NoError(t, run(repository))

	root := t.TempDir()
	require.ErrorContains(t, run(root), "there is no Pulumi.<environment>.yaml")

	settings, err := os.ReadFile(filepath.Join(repository, "Pulumi.dev.yaml"))
	require.NoError(t, err)
	put := func(name, text string) {
		name = filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	put("Pulumi.dev.yaml", string(settings))
	put("Pulumi.dev-gcp.yaml", "a link is no environment")
	put("manifests/app2/overlays/dev/kustomization.yaml", "namespace: ai-worker-prod")
	require.ErrorContains(t, run(root), `manifests/app2/overlays/dev/kustomization.yaml: namespace "ai-worker-prod": want "ai-worker-dev"`)

	put("Pulumi.stage.yaml", string(settings))
	require.ErrorContains(t, run(root), `"dev" is not the environment of stack "stage-gcp"`)
}
