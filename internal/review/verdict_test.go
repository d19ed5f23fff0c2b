package review

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
)

const (
	database = "gcp:sql/databaseInstance:DatabaseInstance"
	account  = "gcp:serviceaccount/account:Account"
	grant    = "gcp:projects/iAMMember:IAMMember"
	provider = "pulumi:providers:gcp"
)

// step is a step of a stack dev-gcp, with its URN as the engine writes it.
func step(op plan.Op, typ, name string, diffs ...plan.Diff) plan.Step {
	return stepIn("dev-gcp", op, typ, name, diffs...)
}

func stepIn(stack string, op plan.Op, typ, name string, diffs ...plan.Diff) plan.Step {
	return plan.Step{
		URN: "urn:pulumi:" + stack + "::ai-worker::ai-worker:gcp:Part$" + typ + "::" + name, Type: typ, Name: name,
		Op: op, Status: plan.Planned, Diffs: diffs,
	}
}

func stack(name string, steps ...plan.Step) Stack {
	p := &plan.Plan{Stack: name, Steps: steps}
	slices.SortFunc(p.Steps, func(a, b plan.Step) int { return strings.Compare(a.URN, b.URN) })
	for _, s := range steps {
		switch s.Op {
		case plan.Create:
			p.Counts.Create++
		case plan.Update:
			p.Counts.Update++
		case plan.Replace:
			p.Counts.Replace++
		case plan.Delete:
			p.Counts.Delete++
		default:
			p.Counts.Same++
		}
	}
	return Stack{name, statusOK, p}
}

// TestEveryTypeIsDecidedOn makes a new type of a stack a decision: what does its
// loss cost?
func TestEveryTypeIsDecidedOn(t *testing.T) {
	goldens, err := filepath.Glob("../../stacks/testdata/*.golden")
	require.NoError(t, err)
	require.NotEmpty(t, goldens)
	types := map[string]bool{}
	for _, golden := range goldens {
		text, err := os.ReadFile(golden)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			typ, _, _ := strings.Cut(line, " ")
			types[typ] = true
		}
	}
	require.Greater(t, len(types), 70)
	for _, typ := range slices.Sorted(maps.Keys(types)) {
		require.NotEqual(t, unjudged, loses(typ, true), "%s: put it into one of the lists of types.go", typ)
	}
	for _, typ := range harmless {
		require.NotContains(t, losses, typ)
	}
	for _, typ := range append(slices.Collect(maps.Keys(losses)), harmless...) {
		require.Equal(t, typ, apiVersion.ReplaceAllString(typ, "$1:"), "the lists have no API versions")
	}
}

func TestLoses(t *testing.T) {
	for _, tc := range []struct {
		token    string
		replaced bool
		want     string
	}{
		{database, false, losses[database]},
		{grant, true, ""},
		{"azure-native:app/v20240301:ManagedEnvironment", false, losses["azure-native:app:ManagedEnvironment"]},
		{"azure-native:app/v20250202preview:ManagedEnvironment", false, losses["azure-native:app:ManagedEnvironment"]},
		{"azure-native:app:ManagedEnvironment", false, losses["azure-native:app:ManagedEnvironment"]},
		{"kubernetes:apiextensions.k8s.io/v1beta1:CustomResourceDefinition", false, losses["kubernetes:apiextensions.k8s.io:CustomResourceDefinition"]},
		{"kubernetes:core/v1:ConfigMap", true, ""},
		{"ai-worker:gcp:Bucket", true, ""},
		{"pulumi:pulumi:Stack", false, ""},
		{provider, false, ""},
		{provider, true, "all that was made through it, since a replaced provider replaces its resources"},
		{"aws:s3/bucket:Bucket", false, unjudged},
	} {
		require.Equal(t, tc.want, loses(tc.token, tc.replaced), "%s, replaced: %t", tc.token, tc.replaced)
	}
}

func TestApprovals(t *testing.T) {
	const urn = "urn:pulumi:dev-gcp::p::a$b:c:D::the name"
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"approve: " + urn, []string{urn}},
		{"text\r\nApprove:" + urn + "  \r\nmore", []string{urn}},
		{"- approve: `" + urn + "`\n* `APPROVE: " + urn + "2`\n", []string{urn, urn + "2"}},
		{"  - [x] approve: " + urn + "\n```\napprove: " + urn + "3\n```", []string{urn, urn + "3"}},
		{"approve: " + urn + "\napprove: " + urn, []string{urn}},
		{"approve: looks good", []string{"looks good"}}, // which is told as stale
		{"I approve: " + urn, nil},
		{"> approve: " + urn, nil},
		{"disapprove: " + urn + "\napprove:\n" + urn + "\n", nil},
		{"<!-- approve: " + urn + " -->\n<!--\napprove: " + urn + "\n-->\n<!--\napprove: " + urn, nil},
	} {
		require.Equal(t, tc.want, Approvals(tc.text), "%q", tc.text)
	}
}

func TestJudge(t *testing.T) {
	retained := func(s plan.Step) plan.Step { s.Retain = true; return s }
	pending := func(s plan.Step) plan.Step { s.Pending = true; return s }
	urn := step(plan.Delete, database, "db").URN
	for _, tc := range []struct {
		name     string
		steps    []plan.Step
		approved []string
		findings int
		refused  int
		stale    []string
	}{
		{name: "deletion", steps: []plan.Step{step(plan.Delete, database, "db")}, findings: 1, refused: 1},
		{name: "replacement", steps: []plan.Step{step(plan.Replace, database, "db")}, findings: 1, refused: 1},
		{name: "approved", steps: []plan.Step{step(plan.Replace, database, "db")}, approved: []string{urn}, findings: 1},
		{
			name: "another one is approved", steps: []plan.Step{step(plan.Replace, database, "db"), step(plan.Delete, database, "db2")},
			approved: []string{urn}, findings: 2, refused: 1,
		},
		{
			name: "no wildcard, no prefix", steps: []plan.Step{step(plan.Delete, database, "db")}, approved: []string{"*", urn[:len(urn)-1] + "*", urn[:len(urn)-1]},
			findings: 1, refused: 1, stale: []string{"*", urn[:len(urn)-1] + "*", urn[:len(urn)-1]},
		},
		{name: "update, creation, import, read", steps: []plan.Step{
			step(plan.Update, database, "a"), step(plan.Create, database, "b"), step(plan.Import, database, "c"), step(plan.Read, database, "d"), step(plan.Same, database, "e"),
		}},
		{name: "harmless", steps: []plan.Step{step(plan.Delete, grant, "a"), step(plan.Replace, grant, "b"), step(plan.Delete, provider, "c")}},
		{name: "provider", steps: []plan.Step{step(plan.Replace, provider, "gcp")}, findings: 1, refused: 1},
		{name: "unknown type", steps: []plan.Step{step(plan.Delete, "aws:s3/bucket:Bucket", "b")}, findings: 1, refused: 1},
		{name: "stays in the cloud", steps: []plan.Step{retained(step(plan.Delete, database, "db"))}, findings: 1},
		{name: "the old one stays, but a new one takes its place", steps: []plan.Step{retained(step(plan.Replace, database, "db"))}, findings: 1, refused: 1},
		{name: "forgotten", steps: []plan.Step{step(plan.Forget, database, "db"), step(plan.Forget, "aws:a:B", "b")}, findings: 1},
		{name: "left over", steps: []plan.Step{step(plan.Same, database, "db"), pending(step(plan.Delete, database, "db"))}, findings: 1, refused: 1},
		{
			name: "left over, tried again", steps: []plan.Step{step(plan.Same, database, "db"), pending(step(plan.Delete, database, "db"))},
			approved: []string{urn}, findings: 1,
		},
		{
			name: "stale", steps: []plan.Step{step(plan.Update, database, "db")},
			approved: []string{urn, urn, "looks good", "urn:pulumi:prod-gcp::ai-worker::a:b:C::of-another-environment"}, stale: []string{urn, "looks good"},
		},
		{
			name: "an approval of the harmless is not stale", steps: []plan.Step{step(plan.Delete, grant, "a")},
			approved: []string{step(plan.Delete, grant, "a").URN},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := Judge([]Stack{stack("dev-gcp", tc.steps...)}, tc.approved)
			require.Len(t, v.Findings, tc.findings)
			require.Len(t, v.Refused(), tc.refused)
			require.Equal(t, tc.stale, v.Stale)
			for _, f := range v.Findings {
				require.NotEmpty(t, f.Loses)
				require.Equal(t, "dev-gcp", f.Stack)
			}
		})
	}

	failed := stack("dev-gcp")
	failed.Status = "failed"
	require.Empty(t, Judge([]Stack{failed, {Name: "dev-x", Status: "skipped"}}, []string{urn}).Stale, "the plan is not whole")
}
