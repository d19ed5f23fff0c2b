package review

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
)

var update = flag.Bool("update", false, "write the golden files")

func value(v any) plan.Value { return plan.Value{Kind: plan.Known, Data: v} }

func diff(path string, before, after any) plan.Diff {
	return plan.Diff{Path: path, Before: value(before), After: value(after)}
}

func forces(d plan.Diff) plan.Diff { d.Replace = true; return d }

var (
	absent  = plan.Value{Kind: plan.Absent}
	unknown = plan.Value{Kind: plan.Unknown}
	hush    = plan.Value{Kind: plan.Secret}
)

// realistic is what a change of many things does to three stacks.
func realistic() ([]Stack, []string) {
	old := step(plan.Delete, account, "worker-sa")
	retained := step(plan.Delete, "gcp:iam/workloadIdentityPool:WorkloadIdentityPool", "github-pool")
	retained.Retain = true
	protected := step(plan.Replace, database, "main-instance", forces(diff("region", "europe-west3", "europe-west1")), diff("settings.tier", "db-g1-small", "db-custom-2-7680"))
	protected.Protect = true
	steps := []plan.Step{
		protected, old, retained,
		step(plan.Replace, grant, "worker-logs", forces(plan.Diff{Path: "member", Before: value("serviceAccount:worker@p.iam"), After: unknown})),
		step(plan.Delete, grant, "worker-metrics"),
		step(plan.Update, "gcp:container/nodePool:NodePool", "gpu-pool",
			diff("autoscaling.maxNodeCount", 3, 5), plan.Diff{Path: `nodeConfig.labels["tier"]`, Before: absent, After: value("gpu")},
			plan.Diff{Path: "nodeConfig.taints", Before: value([]any{map[string]any{"key": "gpu"}}), After: absent}),
		step(plan.Update, "gcp:sql/user:User", "api-user", plan.Diff{Path: "password", Before: hush, After: hush}),
		step(plan.Import, "gcp:storage/bucket:Bucket", "uploads-bucket"),
		step(plan.Same, "gcp:compute/network:Network", "network"),
	}
	for i := range 120 {
		steps = append(steps, step(plan.Create, grant, fmt.Sprintf("grant-%03d", i)))
	}
	for i := range 80 {
		steps = append(steps, step(plan.Create, "gcp:storage/bucket:Bucket", fmt.Sprintf("tenant-%02d-bucket", i)))
	}
	gcp := stack("dev-gcp", steps...)
	gcp.Plan.Duration = 3 * time.Second
	gcp.Plan.Outputs = []plan.Diff{{Path: "databaseHost", Before: value("10.0.0.3"), After: unknown}}

	kubernetes := stack("dev-kubernetes", stepIn("dev-kubernetes", plan.Update, "kubernetes:core/v1:ConfigMap", "settings-config",
		diff(`data["LIMITS"]`, strings.Repeat("same ", 60)+"40", strings.Repeat("same ", 60)+"50")))
	kubernetes.Plan.Diagnostics = []plan.Diagnostic{{
		Severity: "warning", URN: kubernetes.Plan.Steps[0].URN,
		Message: "a label is deprecated:\n```yaml\nbeta.kubernetes.io/arch\n```\nsee #42, @kubernetes/sig-node",
	}}
	approved := []string{old.URN, "urn:pulumi:dev-gcp::ai-worker::gcp:storage/bucket:Bucket::gone"}
	return []Stack{gcp, kubernetes, stack("dev-cloudflare", stepIn("dev-cloudflare", plan.Same, "cloudflare:index/record:Record", "www"))}, approved
}

func drifted() []Stack {
	gcp := stack("dev-gcp", step(plan.Delete, "gcp:storage/bucket:Bucket", "uploads-bucket"), step(plan.Delete, grant, "worker-logs"),
		step(plan.Update, "gcp:container/nodePool:NodePool", "gpu-pool", diff("nodeCount", 1, 4)))
	cloudflare := stack("dev-cloudflare")
	cloudflare.Status = "failed"
	cloudflare.Plan.Diagnostics = []plan.Diagnostic{{Severity: "error", Message: "Cloudflare refuses the token"}}
	return []Stack{gcp, cloudflare}
}

func TestGolden(t *testing.T) {
	stacks, approved := realistic()
	var all []string
	for _, f := range Judge(stacks, nil).Findings {
		all = append(all, f.URN)
	}
	failed := stack("dev-gcp", step(plan.Delete, database, "db"))
	failed.Status = "failed"
	for name, got := range map[string]string{
		"preview.md":  New("dev", Preview, stacks, approved).Markdown(60_000),
		"short.md":    New("dev", Preview, stacks, approved).Markdown(2_500),
		"full.md":     New("dev", Preview, stacks, approved).Full(),
		"approved.md": New("dev", Preview, stacks, all).Markdown(3_500),
		"drift.md":    New("dev", Drift, drifted(), nil).Markdown(60_000),
		"failed.md":   New("dev", Preview, []Stack{failed, {Name: "dev-kubernetes", Status: "skipped"}}, nil).Markdown(60_000),
	} {
		path := "testdata/" + name
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), got, "go test ./internal/review -update writes %s", path)
	}
}

func TestHeadline(t *testing.T) {
	outputs := stack("dev-gcp")
	outputs.Plan.Outputs = []plan.Diff{diff("a", 1, 2)}
	failed := stack("dev-gcp")
	failed.Status = "failed"
	lost := step(plan.Delete, database, "db")
	for _, tc := range []struct {
		kind     string
		stack    Stack
		approved []string
		want     string
	}{
		{Preview, stack("dev-gcp"), nil, "✅ `dev`: no changes"},
		{Preview, stack("dev-gcp", step(plan.Update, database, "db")), nil, "✅ `dev`: 1 change, no state is lost"},
		{Preview, outputs, nil, "✅ `dev`: no changes, except of outputs"},
		{Preview, stack("dev-gcp", lost), nil, "⛔ `dev`: refused, 1 change would lose state"},
		{Preview, stack("dev-gcp", lost), []string{lost.URN}, "⚠️ `dev`: 1 change, state is lost by 1 of them, as approved"},
		{Preview, failed, nil, "❌ `dev`: failed, not all stacks were planned to the end"},
		{Drift, stack("dev-gcp"), nil, "✅ `dev`: nothing changed behind Pulumi's back"},
		{Drift, stack("dev-gcp", lost), nil, "⚠️ `dev`: 1 resource changed behind Pulumi's back"},
		{Drift, outputs, nil, "⚠️ `dev`: outputs are not what the states say"},
		{Drift, failed, nil, "❌ `dev`: failed, not all stacks could be compared with their clouds"},
	} {
		r := New("dev", tc.kind, []Stack{tc.stack}, tc.approved)
		require.Equal(t, tc.want, r.headline())
		require.Equal(t, tc.kind == Drift && tc.stack.Plan.Changed(), r.Drifted)
		require.Equal(t, tc.stack.Status != statusOK, r.Failed)
	}
	require.Equal(t, "## ✅ `dev`: no changes\n", New("dev", Preview, []Stack{stack("dev-gcp"), stack("dev-kubernetes")}, nil).Full())
}

func TestJSON(t *testing.T) {
	stacks, approved := realistic()
	one := New("dev", Preview, stacks, approved)
	data, err := one.JSON()
	require.NoError(t, err)
	read, err := Read(data)
	require.NoError(t, err)
	require.Equal(t, one.Full(), read.Full(), "what was read is what was written")
	require.Len(t, read.Verdict.Refused(), 1)

	require.Equal(t, 3*time.Second, stacks[0].Plan.Duration, "the caller's plan is untouched")
	stacks[0].Plan.Duration = time.Hour
	again, err := New("dev", Preview, stacks, approved).JSON()
	require.NoError(t, err)
	require.Equal(t, string(data), string(again), "however long it took")

	for text, want := range map[string]string{
		`nonsense`:                        "not a report",
		`{"kind":"preview","verdcit":{}}`: "verdcit",
		`{"kind":"up"}`:                   `kind "up"`,
		`{"kind":"drift","stacks":[{"name":"dev-gcp"}]}`: "stacks[0] (dev-gcp): has no plan",
	} {
		_, err := Read([]byte(text))
		require.ErrorContains(t, err, want)
	}
}

// TestSecretsStaySecret takes the engine's events, as only they have secrets.
func TestSecretsStaySecret(t *testing.T) {
	type props = map[string]any
	secret := props{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": `"hunter2"`, "ciphertext": "hunter2"}
	c := plan.NewCollector("dev-gcp")
	for i, op := range []apitype.OpType{apitype.OpUpdate, apitype.OpReplace, apitype.OpImport} {
		side := func(p props) *apitype.StepEventStateMetadata {
			return &apitype.StepEventStateMetadata{Inputs: p, Outputs: p}
		}
		c.Add(apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Planning: true, Metadata: apitype.StepEventMetadata{
			Op: op, URN: fmt.Sprintf("urn:pulumi:dev-gcp::p::gcp:sql/user:User::user-%d", i), Type: "gcp:sql/user:User",
			Old: side(props{"password": "hunter2", "deep": props{"list": []any{secret}}}), New: side(props{"password": secret, "deep": props{"list": []any{}}}),
			DetailedDiff: map[string]apitype.PropertyDiff{"password": {Kind: apitype.DiffUpdate}, "deep": {Kind: apitype.DiffUpdate}, "deep.list[0].ciphertext": {Kind: apitype.DiffDelete}},
		}}})
	}
	r := New("dev", Preview, []Stack{{"dev-gcp", statusOK, c.Plan()}}, nil)
	data, err := r.JSON()
	require.NoError(t, err)
	for _, text := range []string{r.Full(), r.Markdown(60_000), r.Markdown(800), string(data)} {
		require.Contains(t, text, "user-1", "the test is about nothing")
		require.NotContains(t, text, "hunter2")
	}
	require.Contains(t, r.Full(), "! password: [secret] → [secret]")
}

// TestWhatIsRefusedComesFirst has ten refusals among a thousand other changes, and
// room for little.
func TestWhatIsRefusedComesFirst(t *testing.T) {
	var steps []plan.Step
	for i := range 1000 {
		steps = append(steps, step(plan.Update, "gcp:a/b:C", fmt.Sprintf("u%d", i), diff("a", 1, 2)), step(plan.Delete, grant, fmt.Sprintf("d%d", i)))
	}
	for i := range 10 {
		steps = append(steps, step(plan.Delete, database, fmt.Sprintf("z%d", i)))
	}
	r := New("dev", Preview, []Stack{stack("dev-gcp", steps...)}, nil)
	text := r.Markdown(8_000)
	for _, f := range r.Verdict.Refused() {
		require.Contains(t, text, "\napprove: "+f.URN+"\n")
	}
	require.True(t, strings.HasPrefix(text, "## ⛔ `dev`: refused, 10 changes would lose state\n"))
	require.Regexp(t, `… and \d+ more updates; the full text is in the artifact\.`, text)
	require.Greater(t, len(text), 7_800, "there was more room")
	require.Regexp(t, `… and \d+ more refusals; the full text`, r.Markdown(2_000))
}
