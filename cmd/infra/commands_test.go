package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
	"ai-worker/stacks"
)

func TestCommandLine(t *testing.T) {
	t.Chdir(t.TempDir()) // not a repository: what is accepted ends there
	environments, providers := strings.Join(stacks.Environments(), ", "), strings.Join(stacks.Providers(), ", ")
	for _, tc := range []struct {
		args string
		code int
		want string
	}{
		{"preview", exitUsage, "which environment? There are " + environments},
		{"preview test", exitUsage, `environment "test" is unknown; there are ` + environments},
		{"preview dev prod", exitUsage, "one environment at a time, not dev, prod"},
		{"preview dev --provider aws", exitUsage, `provider "aws" is unknown; there are ` + providers},
		{"preview dev --yes", exitUsage, "unknown flag: --yes"},
		{"drift dev --expect-no-changes", exitUsage, "unknown flag"},
		{"deploy dev", exitUsage, `unknown command "deploy"`},
		{"sandbox look", exitUsage, `unknown command "look"`},
		{"sandbox change a b", exitUsage, "accepts 4 arg(s)"},
		{"preview dev --fault x", exitUsage, "--fault is for the simulated clouds; it needs --sandbox"},
		{"up dev", exitRefused, "there is no terminal to ask on: say --yes"},
		{"destroy dev", exitRefused, "there is no terminal to ask on: say --yes"},
		{"up dev --yes", exitFailed, "is not in the repository"},
		{"preview dev", exitFailed, "is not in the repository"},
		{"sandbox list", exitFailed, "is not in the repository"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			_, log, code := infra(t, strings.Fields(tc.args)...)
			require.Equal(t, tc.code, code, log)
			require.Contains(t, log, tc.want)
			require.Equal(t, code == exitUsage, strings.Contains(log, "infra help"))
		})
	}

	out, _, code := infra(t, "help")
	require.Equal(t, exitOK, code)
	require.Contains(t, out, "Exit codes: 0 done")
}

func TestTheFirstLineSaysThatCloudsAreSimulated(t *testing.T) {
	t.Chdir(t.TempDir())
	out, _, _ := infra(t, "--sandbox", "preview", "dev")
	require.True(t, strings.HasPrefix(out, simulated+"\n"), out)
	json, log, _ := infra(t, "--sandbox", "outputs", "dev", "--json")
	require.Empty(t, json, "what is not JSON must not be printed")
	require.True(t, strings.HasPrefix(log, simulated+"\n"), log)
}

func TestAsk(t *testing.T) {
	changed := []*result{{stack: "dev-gcp", status: statusOK, plan: &plan.Plan{Counts: plan.Counts{Update: 2}}}}
	same := []*result{{stack: "dev-gcp", status: statusOK, plan: &plan.Plan{Counts: plan.Counts{Same: 2}}}}
	outputs := []*result{{stack: "dev-gcp", status: statusOK, plan: &plan.Plan{Outputs: []plan.Diff{{Path: "a"}}}}}
	for _, tc := range []struct {
		name    string
		answer  string
		options options
		results []*result
		code    int
	}{
		{name: "yes", answer: "yes\n", results: changed},
		{name: "no", answer: "no\n", results: changed, code: exitRefused},
		{name: "y is not yes", answer: "y\n", results: changed, code: exitRefused},
		{name: "nothing", results: changed, code: exitRefused},
		{name: "said before", options: options{yes: true}, results: changed},
		{name: "a sandbox never asks", options: options{sandbox: true}, results: changed},
		{name: "nothing to agree to", results: same},
		{name: "other stacks read outputs", results: outputs, code: exitRefused},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := &app{console: console{in: strings.NewReader(tc.answer), out: io.Discard, log: io.Discard}, options: tc.options}
			require.Equal(t, tc.code, exitCode(a.ask(t.Context(), tc.results, "Go on")))
		})
	}

	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(errInterrupted) })
		never, _ := io.Pipe()
		a := &app{console: console{in: never, out: io.Discard, log: io.Discard}}
		require.ErrorIs(t, a.ask(ctx, changed, "Go on"), errInterrupted)
	})
}

func TestMayWrite(t *testing.T) {
	real := terminal
	t.Cleanup(func() { terminal = real })
	terminal = func(io.Reader) bool { return true }
	require.NoError(t, (&app{}).mayWrite("up"), "it can be asked for later")
}

func TestSandboxArguments(t *testing.T) {
	require.Equal(t, "text", value("text"))
	require.Equal(t, false, value("false"))
	require.Equal(t, map[string]any{"a": 1.0}, value(`{"a":1}`))
	require.Equal(t, "3", value(`"3"`))

	t.Setenv("PATH", "/a:/b")
	require.Equal(t, "/x:/y:$PATH", toolPath("/x", "", "/y", "/a", "/x"))
	require.Empty(t, toolPath("/a", ""))
	require.Equal(t, `"/with space/\"quote\"\`+"`"+`:$PATH"`, quote("/with space/\"quote\"`:$PATH"))
}

func TestPrintOutputs(t *testing.T) {
	var b strings.Builder
	printOutputs(&b, "dev-gcp", map[string]any{"url": "gs://a", "list": []any{"<b>", 1}, "password": "[secret]"})
	printOutputs(&b, "dev-new", nil)
	require.Equal(t, `
dev-gcp
  list      ["<b>",1]
  password  [secret]
  url       gs://a

dev-new
  (none)
`, b.String())
}
