package image

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAllOrNone: if the second file cannot be written, or not be put in place, the
// first one is as it was, and no copy stays behind.
func TestAllOrNone(t *testing.T) {
	for _, obstacle := range []string{"b/x", "b.new/x"} {
		dir := t.TempDir()
		first, second := filepath.Join(dir, "a"), filepath.Join(dir, "b")
		require.NoError(t, os.WriteFile(first, []byte("old"), 0o600))
		if obstacle != "b/x" {
			require.NoError(t, os.WriteFile(second, []byte("old"), 0o600))
		}
		require.NoError(t, os.MkdirAll(filepath.Join(dir, obstacle), 0o750)) // a folder where a file should go
		err := changes{
			{path: first, before: []byte("old"), lines: []string{"new"}},
			{path: second, before: []byte("old"), lines: []string{"new"}},
		}.write()
		require.ErrorContains(t, err, second)
		text, err := os.ReadFile(first)
		require.NoError(t, err)
		require.Equal(t, "old", string(text))
		require.NoFileExists(t, first+".new")
		require.NoFileExists(t, second+".new")
	}
}
