package github

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestNewRefuses(t *testing.T) {
	for repository, want := range map[string]string{"": `GITHUB_REPOSITORY ""`, "a/b/c": `GITHUB_REPOSITORY "a/b/c"`, "a": `GITHUB_REPOSITORY "a"`} {
		_, err := New(func(key string) string {
			return map[string]string{"GITHUB_REPOSITORY": repository}[key]
		})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "GITHUB_TOKEN is not set")
	}
}

func TestErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		code   int
		header [2]string
		want   string
	}{
		"token":      {401, [2]string{}, "GITHUB_TOKEN is wrong or has expired"},
		"permission": {403, [2]string{}, "pull request #5 of o/r: the token may not: give the job `permissions: {pull-requests: write}`"},
		"told":       {403, [2]string{"X-Accepted-GitHub-Permissions", "pull_requests=write,contents=read; issues=write"}, "{pull-requests: write and contents: read or issues: write}"},
		"none":       {404, [2]string{}, "pull request #5 of o/r: there is none, or the token may not see it"},
		"off":        {410, [2]string{}, "switched off"},
		"other":      {418, [2]string{}, "418"},
	} {
		h := &hub{before: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set(tc.header[0], tc.header[1])
			answer(w, tc.code, object{"message": "no"})
			return true
		}}
		_, err := h.client(t).Comment(t.Context(), 5, nil)
		require.ErrorContains(t, err, tc.want, name)
		require.Empty(t, h.waited, name)
	}
}

// TestRetries: what is safe to send again is, a few times.
func TestRetries(t *testing.T) {
	later := func(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }
	for name, tc := range map[string]struct {
		method  string
		fails   int
		code    int
		headers map[string]string
		waited  string
		want    string
	}{
		"a read":          {"GET", 2, 502, nil, "[1s 2s]", ""},
		"a change":        {"PATCH", 1, 500, nil, "[1s]", ""},
		"in vain":         {"GET", 9, 503, nil, "[1s 2s 4s]", "503"},
		"a creation":      {"POST", 1, 502, nil, "[]", "502"},
		"asked to wait":   {"POST", 1, 429, map[string]string{"Retry-After": "7"}, "[7s]", ""},
		"for too long":    {"GET", 1, 403, map[string]string{"Retry-After": "61"}, "[]", "403"},
		"hour is used up": {"GET", 1, 403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": later(time.Hour)}, "[]", "are used up: run it again after"},
		"hour ends":       {"GET", 1, 403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": later(-time.Hour)}, "[1s]", ""},
	} {
		h := &hub{pulls: []object{pull(5, nil, "")}}
		if tc.method == "PATCH" {
			h.comments = []object{comment(1, program(viewer), previewMarker)}
		}
		fails := tc.fails
		h.before = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != tc.method || fails == 0 {
				return false
			}
			fails--
			for key, value := range tc.headers {
				w.Header().Set(key, value)
			}
			answer(w, tc.code, object{"message": "no"})
			return true
		}
		_, err := h.client(t).Comment(t.Context(), 5, nil)
		if tc.want == "" {
			require.NoError(t, err, name)
			require.Len(t, h.writes, 1, name)
		} else {
			require.ErrorContains(t, err, tc.want, name)
		}
		require.Equal(t, tc.waited, fmt.Sprint(append([]time.Duration{}, h.waited...)), name)
	}
}

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRetriesWhole: each try sends the whole body, and a cut connection is one.
func TestRetriesWhole(t *testing.T) {
	var bodies []string
	cut := roundTrip(func(r *http.Request) (*http.Response, error) {
		text, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		bodies = append(bodies, string(text))
		return nil, io.ErrUnexpectedEOF
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, "https://hub.example", strings.NewReader("text"))
	require.NoError(t, err)
	_, err = retrier{cut, func(context.Context, time.Duration) error { return nil }}.RoundTrip(r) //nolint:bodyclose // there is none
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, []string{"text", "text", "text", "text"}, bodies)
}

func TestReports(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.md", "prod.md", "a.md", "dev.md", "dev.json", "dev.full.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600))
	}
	parts, err := Reports(dir, []string{"dev", "stage", "prod"})
	require.NoError(t, err)
	require.Equal(t, []Part{{"dev", "dev.md"}, {"prod", "prod.md"}, {"a", "a.md"}, {"b", "b.md"}}, parts)
	parts, err = Reports(filepath.Join(dir, "none"), nil)
	require.NoError(t, err)
	require.Empty(t, parts)
}

// TestJoin: later reports give way first, and verdicts stay.
func TestJoin(t *testing.T) {
	report := func(name string, size int) Part {
		return Part{name, "## verdict " + name + "\n\n| table |\n\n### Updates\n\n" + strings.Repeat("é", size/2) + "\n"}
	}
	three := func(size int) []Part { return []Part{report("dev", size), report("stage", size), report("prod", size)} }
	for _, tc := range []struct {
		parts []Part
		whole int // whole is how many are not cut
	}{{three(1_000), 3}, {three(30_000), 2}, {three(60_000), 1}, {three(70_000), 0}} {
		body := join(tc.parts, "the run")
		require.LessOrEqual(t, len(body), maxBody)
		require.True(t, utf8.ValidString(body))
		require.True(t, strings.HasSuffix(body, "The artifacts of the run have the full text.\n"))
		require.Equal(t, 3-tc.whole, strings.Count(body, "_The rest did not fit._"))
		require.Equal(t, tc.whole, strings.Count(body[:strings.Index(body+"_The rest", "_The rest")], "### Updates"), "the first are whole")
		at := -1
		for _, p := range tc.parts {
			next := strings.Index(body, "## verdict "+p.Name+"\n\n| table |")
			require.Greater(t, next, at, "the order stays")
			at = next
		}
	}
	require.Contains(t, join(nil, "the run"), "There is no report: the run ended before it had one.")
	body := join([]Part{{"odd", strings.Repeat("é", maxBody)}}, "the run")
	require.LessOrEqual(t, len(body), maxBody)
	require.True(t, utf8.ValidString(body))
}
