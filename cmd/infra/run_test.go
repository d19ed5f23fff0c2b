package main

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
)

var threeLevels = [][]string{{"dev-gcp", "dev-azure"}, {"dev-kubernetes"}, {"dev-cloudflare"}}

func TestLevelsRunInOrderAndTheirStacksAtOnce(t *testing.T) {
	p, _ := quiet(t)
	both := &sync.WaitGroup{} // the stacks of a level wait for each other, or hang
	both.Add(2)
	e := &fake{meet: both}
	runLevels(t.Context(), e, updating, threeLevels[:1], p)
	require.ElementsMatch(t, []string{"dev-gcp", "dev-azure"}, e.ran)

	e = &fake{}
	results := runLevels(t.Context(), e, updating, threeLevels, p)
	require.Equal(t, []string{"dev-kubernetes", "dev-cloudflare"}, e.ran[2:])
	require.Len(t, results, 4)
	for _, r := range results {
		require.Equal(t, statusOK, r.status)
		require.Equal(t, 1, r.plan.Counts.Create)
	}
}

func TestAFailedLevel(t *testing.T) {
	for _, tc := range []struct {
		name string
		op   operation
		want map[string]string
	}{
		{"ends an update", updating, map[string]string{
			"dev-gcp": statusFailed, "dev-azure": statusOK, "dev-kubernetes": statusSkipped, "dev-cloudflare": statusSkipped,
		}},
		{"does not end a preview", previewing, map[string]string{
			"dev-gcp": statusFailed, "dev-azure": statusOK, "dev-kubernetes": statusOK, "dev-cloudflare": statusOK,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, log := quiet(t)
			results := runLevels(t.Context(), &fake{fail: map[string]error{"dev-gcp": errBoom}}, tc.op, threeLevels, p)
			require.Equal(t, tc.want, statuses(results))
			require.Equal(t, []plan.Diagnostic{{Severity: "error", Message: "boom"}}, results[0].plan.Errors())

			var out bytes.Buffer
			a := &app{console: console{out: &out, log: log}}
			require.ErrorIs(t, a.conclude(results, false), errReported)
			require.Contains(t, log.String(), "dev-gcp: error: boom\n")
			require.Contains(t, out.String(), "failed\n")
		})
	}
}

func TestACancelledRunStartsNothing(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	p, _ := quiet(t)
	e := &fake{}
	results := runLevels(ctx, e, previewing, threeLevels, p)
	require.Empty(t, e.ran)
	require.Equal(t, statusSkipped, statuses(results)["dev-gcp"])
}

func TestConclude(t *testing.T) {
	changed := []*result{{stack: "dev-gcp", status: statusOK, plan: &plan.Plan{Counts: plan.Counts{Update: 2}}}}
	same := []*result{{stack: "dev-gcp", status: statusOK, plan: &plan.Plan{Counts: plan.Counts{Same: 2}}}}
	var out bytes.Buffer
	a := &app{console: console{out: &out, log: &out}}

	require.NoError(t, a.conclude(changed, false))
	require.Equal(t, exitFailed, exitCode(a.conclude(changed, true)), "--expect-no-changes with changes")
	require.NotContains(t, out.String(), "No changes.")
	require.NoError(t, a.conclude(same, true))
	require.Contains(t, out.String(), "No changes.")
	require.NoError(t, a.conclude(nil, true), "no stack was ever brought up")
}

func TestProtected(t *testing.T) {
	const refusal = "Preview failed: resource \"urn\" cannot be deleted\nbecause it is protected. To unprotect the resource, ..."
	planOf := func(messages ...string) *plan.Plan {
		p := &plan.Plan{Steps: []plan.Step{{Name: "db", Protect: true}, {Name: "net"}}}
		for _, m := range messages {
			p.Diagnostics = append(p.Diagnostics, plan.Diagnostic{Severity: "error", Message: m})
		}
		return p
	}
	results := []*result{
		{stack: "dev-gcp", status: statusFailed, plan: planOf(refusal)},
		{stack: "dev-kubernetes", status: statusFailed, plan: planOf(refusal, "boom")},
		{stack: "dev-cloudflare", status: statusOK, plan: planOf()},
	}
	require.Equal(t, []string{"db of dev-gcp"}, protected(results))
	require.Equal(t, map[string]string{"dev-gcp": statusOK, "dev-kubernetes": statusFailed, "dev-cloudflare": statusOK}, statuses(results))
	require.Empty(t, results[0].plan.Errors())
	require.Len(t, results[1].plan.Errors(), 2, "another reason is not hidden")
}
