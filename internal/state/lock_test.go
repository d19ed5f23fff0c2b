package state

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLocks reads the same locks from a folder and from a bucket.
func TestLocks(t *testing.T) {
	const at = "2026-01-02T03:04:05Z"
	files := map[string]string{
		"organization/ai-worker/dev-gcp/b.json":        `{"pid":7,"username":"ci","hostname":"runner-1","timestamp":"` + at + `"}`,
		"organization/ai-worker/dev-gcp/b.json.attrs":  `{}`,
		"organization/ai-worker/dev-azure/a.json":      `{"pid":8,"username":"me","hostname":"here","timestamp":"2026-01-01T00:00:00Z"}`,
		"organization/ai-worker/dev-cloudflare/c.json": `{"pid":`,
		"organization/ai-worker/prod-gcp/x.json":       `{"pid":9}`,
		"organization/other/dev-gcp/x.json":            `{"pid":10}`,
	}
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, "states", ".pulumi", "locks", filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	t.Setenv("HOME", dir)
	t.Setenv(emulator, serve(t, "states/.pulumi/locks/", files))
	for _, backend := range []string{"file://" + dir + "/states?metadata=skip", "file://~/states", "gs://bucket/states"} {
		t.Run(backend, func(t *testing.T) {
			s, err := Open(t.Context(), backend)
			require.NoError(t, err)
			locks, err := Locks(t.Context(), s, "ai-worker", []string{"dev-gcp", "dev-azure", "dev-cloudflare", "dev-kubernetes"})
			require.NoError(t, err)
			require.Len(t, locks, 3)
			require.Equal(t, []string{"dev-azure", "dev-gcp", "dev-cloudflare"}, []string{locks[0].Stack, locks[1].Stack, locks[2].Stack}, "the oldest first")
			require.Equal(t, "ci@runner-1, process 7", locks[1].Owner())
			require.Equal(t, "unknown (cut off while it was written)", locks[2].Owner())

			set, err := time.Parse(time.RFC3339, at)
			require.NoError(t, err)
			require.Len(t, Older(locks, set.Add(time.Hour), time.Hour), 1)
			require.Len(t, Older(locks, set.Add(time.Hour+time.Second), time.Hour), 2)
		})
	}
}

// serve is as much of Cloud Storage as reads a bucket, in pages of one object.
func serve(t *testing.T, below string, files map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if name, is := strings.CutPrefix(r.URL.Path, "/storage/v1/b/bucket/o/"+below); is && query.Get("alt") == "media" {
			_, _ = w.Write([]byte(files[name]))
			return
		}
		if r.URL.Path != "/storage/v1/b/bucket/o" {
			http.NotFound(w, r)
			return
		}
		names := []string{}
		for name := range files {
			if strings.HasPrefix(below+name, query.Get("prefix")) && below+name > query.Get("pageToken") {
				names = append(names, below+name)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		if len(names) == 0 {
			_, _ = w.Write([]byte("{}"))
			return
		}
		first, more := names[0], ""
		for _, name := range names {
			first = min(first, name)
		}
		if len(names) > 1 {
			more = first
		}
		_, _ = fmt.Fprintf(w, `{"nextPageToken": %q, "items": [{"name": %q, "updated": "2026-03-01T00:00:00.5Z"}]}`, more, first)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestOpen(t *testing.T) {
	_, err := Open(t.Context(), "https://api.pulumi.com")
	require.ErrorIs(t, err, ErrManaged)
	_, err = Open(t.Context(), "s3://bucket")
	require.ErrorContains(t, err, "want file:// or gs://")

	t.Setenv(emulator, serve(t, "", nil))
	s, err := Open(t.Context(), "gs://other")
	require.NoError(t, err)
	_, err = Locks(t.Context(), s, "ai-worker", []string{"dev-gcp"})
	require.EqualError(t, err, "there is no bucket gs://other: `infra bootstrap ENV` makes it")
}
