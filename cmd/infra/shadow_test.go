package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const settingsText = `# how dev differs
secretsprovider: gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k
encryptedkey: abc
encryptionsalt: v1:user
config:
  ai-worker:environment: dev
  ai-worker:token:
    secure: v1:cipher
  ai-worker:gcp:
    tier: db-f1-micro # small
    list:
      - name: a
        password:
          secure: v1:cipher
`

func TestShadow(t *testing.T) {
	root, dir := t.TempDir(), filepath.Join(t.TempDir(), "deep", "project")
	project := "name: ai-worker\nruntime: go\nbackend:\n  url: gs://real\nconfig:\n  ai-worker:token:\n    type: string\n    secret: true\n"
	write(t, filepath.Join(root, "Pulumi.yaml"), project)
	write(t, filepath.Join(root, "Pulumi.dev.yaml"), settingsText)
	stack := filepath.Join(dir, "Pulumi.dev-gcp.yaml")

	require.NoError(t, writeShadow(root, dir, "dev", []string{"dev-gcp"}))
	text, err := os.ReadFile(stack)
	require.NoError(t, err)
	const unveiled = `config:
    ai-worker:environment: dev
    ai-worker:token: sandbox-secret
    ai-worker:gcp:
        tier: db-f1-micro # small
        list:
            - name: a
              password: sandbox-secret
`
	require.Equal(t, unveiled, string(text), "no ciphertext, no key")
	text, err = os.ReadFile(filepath.Join(dir, "Pulumi.yaml"))
	require.NoError(t, err)
	require.Equal(t, "name: ai-worker\nruntime: go\nconfig:\n    ai-worker:token:\n        type: string\nmain: "+root+"\n", string(text))

	t.Run("the engine's salt stays", func(t *testing.T) {
		write(t, stack, unveiled+"encryptionsalt: v1:engine\n")
		before, err := os.Stat(stack)
		require.NoError(t, err)
		time.Sleep(10 * time.Millisecond)
		require.NoError(t, writeShadow(root, dir, "dev", []string{"dev-gcp"}))
		after, err := os.Stat(stack)
		require.NoError(t, err)
		require.Equal(t, before.ModTime(), after.ModTime(), "written although it says nothing new")

		write(t, filepath.Join(root, "Pulumi.dev.yaml"), "config:\n  ai-worker:environment: changed\n")
		require.NoError(t, writeShadow(root, dir, "dev", []string{"dev-gcp"}))
		text, err := os.ReadFile(stack)
		require.NoError(t, err)
		require.Equal(t, "config:\n    ai-worker:environment: changed\nencryptionsalt: v1:engine\n", string(text))
	})
	t.Run("the user's files stay", func(t *testing.T) {
		text, err := os.ReadFile(filepath.Join(root, "Pulumi.yaml"))
		require.NoError(t, err)
		require.Equal(t, project, string(text))
		entries, err := os.ReadDir(root)
		require.NoError(t, err)
		require.Len(t, entries, 2)
	})
	t.Run("a missing file", func(t *testing.T) {
		require.ErrorContains(t, writeShadow(root, dir, "prod", []string{"prod-gcp"}), "the settings of environment prod, is missing")
	})
	t.Run("a file that is no mapping", func(t *testing.T) {
		write(t, filepath.Join(root, "Pulumi.stage.yaml"), "- a\n")
		require.ErrorContains(t, writeShadow(root, dir, "stage", []string{"stage-gcp"}), "Pulumi.stage.yaml: has no keys at its top")
	})
	t.Run("a folder that may not be written", func(t *testing.T) {
		write(t, filepath.Join(root, "file"), "")
		err := writeShadow(root, filepath.Join(root, "file", "project"), "dev", nil)
		require.ErrorContains(t, err, "cannot write to")
	})
}

func TestSecretsProvider(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "Pulumi.dev.yaml"), settingsText)
	s := &session{root: root, env: "dev"}
	provider, err := s.secretsProvider()
	require.NoError(t, err)
	require.Equal(t, "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k", provider)
}
