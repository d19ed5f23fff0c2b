package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// command runs one command line of a group.
func command(t *testing.T, dir string, group func(*app) *cobra.Command, args ...string) (out, log string, err error) {
	t.Helper()
	var o, l bytes.Buffer
	c := group(&app{console: console{out: &o, log: &l, dir: dir}})
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetArgs(args)
	c.SetOut(&o)
	err = c.Execute()
	return o.String(), l.String(), err
}

func TestGitHubUsage(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	t.Setenv("GITHUB_REPOSITORY", "o/r")
	dir := t.TempDir()
	report := filepath.Join(dir, "drift.json")
	write(t, report, `{"environment": "stage", "kind": "drift", "stacks": [], "verdict": {}, "drifted": false, "failed": false}`)
	group := func(a *app) *cobra.Command { return a.githubCommand(t.Context()) }
	for _, tc := range []struct {
		want string
		code int
		args []string
	}{
		{"(--pull N | --commit SHA)", exitUsage, []string{"approvals", "--out", "f"}},
		{"(--pull N | --commit SHA)", exitUsage, []string{"approvals", "--out", "f", "--pull", "1", "--commit", "a"}},
		{"takes no argument", exitUsage, []string{"approvals", "1"}},
		{"--pull N --reports DIR", exitUsage, []string{"comment", "--reports", "d"}},
		{"--json is missing", exitUsage, []string{"drift", "dev"}},
		{`environment "test" is unknown`, exitUsage, []string{"drift", "test"}},
		{"a drift report of stage, not a drift report of dev", exitFailed, []string{"drift", "dev", "--json", report}},
		{"--branch B --base BASE", exitUsage, []string{"pull-request", "--branch", "b"}},
		{"--body-file: open", exitFailed, []string{"pull-request", "--branch", "b", "--base", "c", "--title", "t", "--body-file", filepath.Join(dir, "none")}},
		{"GITHUB_TOKEN is not set", exitFailed, []string{"drift", "stage", "--json", report}},
	} {
		_, _, err := command(t, dir, group, tc.args...)
		require.ErrorContains(t, err, tc.want)
		require.Equal(t, tc.code, exitCode(err), tc.args)
	}
}

// TestGitHubApprovals: the file has what counts, and is there if nothing does.
func TestGitHubApprovals(t *testing.T) {
	answers := map[string]string{
		"/repos/o/r/pulls/5":                      `{"number": 5, "body": "nothing", "user": {"login": "ann", "type": "User"}}`,
		"/repos/o/r/pulls/5/reviews":              `[]`,
		"/repos/o/r/collaborators/ann/permission": `{"permission": "write"}`,
		"/repos/o/r/collaborators/eve/permission": `{"permission": "read"}`,
		"/repos/o/r/commits/abc/pulls":            `[]`,
		"/repos/o/r/issues/5/comments": `[{"body": "approve: a", "html_url": "H", "user": {"login": "ann", "type": "User"}},
			{"body": "approve: b", "html_url": "I", "user": {"login": "eve", "type": "User"}}]`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, known := answers[r.URL.Path]
		if !known || r.Method != http.MethodGet {
			t.Errorf("unexpected %s %s", r.Method, r.URL)
		}
		_, _ = w.Write([]byte(text))
	}))
	defer server.Close()
	t.Setenv("GITHUB_TOKEN", "secret")
	t.Setenv("GITHUB_REPOSITORY", "o/r")
	t.Setenv("GITHUB_API_URL", server.URL)
	file := filepath.Join(t.TempDir(), "approvals.txt")
	group := func(a *app) *cobra.Command { return a.githubCommand(t.Context()) }
	for _, tc := range []struct{ flag, value, file, log string }{
		{"--pull", "5", "approve: a\n", "approved: a: by ann, H\ndoes not count: b: by eve, I: who approves must be allowed to write to the repository\n"},
		{"--commit", "abc", "", ""},
	} {
		_, log, err := command(t, "", group, "approvals", tc.flag, tc.value, "--out", file)
		require.NoError(t, err)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, tc.file, string(text))
		require.Equal(t, tc.log, log)
	}
}

func TestImageSet(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"Pulumi.yaml", "tools/go.mod"} {
		write(t, filepath.Join(dir, file), "")
	}
	write(t, filepath.Join(dir, "Pulumi.dev.yaml"), "config: {}\n")
	write(t, filepath.Join(dir, "manifests/app1/overlays/dev/kustomization.yaml"), "images: [{name: app1, newTag: old}]\n")
	for _, tc := range []struct{ args, out, log, err string }{
		{"app1:0a1b2c3", "manifests/app1/overlays/dev/kustomization.yaml\n", "", ""},
		{"app1:0a1b2c3", "", "dev runs app1:0a1b2c3 already\n", ""},
		{"app1:latest", "", "", "latest"},
	} {
		out, log, err := command(t, dir, (*app).imageCommand, "set", "dev", tc.args)
		require.Equal(t, [2]string{tc.out, tc.log}, [2]string{out, log})
		if tc.err != "" {
			require.ErrorContains(t, err, tc.err)
		} else {
			require.NoError(t, err)
		}
	}
	_, _, err := command(t, dir, (*app).imageCommand, "set", "dev")
	require.Equal(t, exitUsage, exitCode(err))
}
