package plan

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"
)

const bucket = "gcp:storage/bucket:Bucket"

func urn(typ, name string) string { return "urn:pulumi:dev-gcp::ai-worker::" + typ + "::" + name }

type props = map[string]any

var secret = props{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}

// meta is the metadata of a step on a bucket, each of whose sides has inputs
// that are its outputs as well.
func meta(op apitype.OpType, name string, before, after props, diff map[string]apitype.DiffKind) apitype.StepEventMetadata {
	m := apitype.StepEventMetadata{Op: op, URN: urn(bucket, name), Type: bucket}
	if before != nil {
		m.Old = &apitype.StepEventStateMetadata{Inputs: before, Outputs: before}
	}
	if after != nil {
		m.New = &apitype.StepEventStateMetadata{Inputs: after, Outputs: after}
	}
	for path, kind := range diff {
		if m.DetailedDiff == nil {
			m.DetailedDiff = map[string]apitype.PropertyDiff{}
		}
		m.DetailedDiff[path] = apitype.PropertyDiff{Kind: kind}
	}
	return m
}

func pre(m apitype.StepEventMetadata, planning bool) apitype.EngineEvent {
	return apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: m, Planning: planning}}
}

func post(m apitype.StepEventMetadata, planning bool) apitype.EngineEvent {
	return apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: m, Planning: planning}}
}

func failed(m apitype.StepEventMetadata) apitype.EngineEvent {
	return apitype.EngineEvent{ResOpFailedEvent: &apitype.ResOpFailedEvent{Metadata: m}}
}

// both are the events of a step that begins and ends.
func both(planning bool, ms ...apitype.StepEventMetadata) []apitype.EngineEvent {
	var all []apitype.EngineEvent
	for _, m := range ms {
		all = append(all, pre(m, planning), post(m, planning))
	}
	return all
}

func collect(events ...apitype.EngineEvent) *Plan {
	c := NewCollector("dev-gcp")
	for _, e := range events {
		c.Add(e)
	}
	return c.Plan()
}

func known(v any) Value { return Value{Kind: Known, Data: v} }

func TestSteps(t *testing.T) {
	type kinds = map[string]apitype.DiffKind
	a, b := props{"location": "ASIA"}, props{"location": "US"}
	replaced := kinds{"location": apitype.DiffUpdateReplace}
	move := []Diff{{Path: "location", Before: known("ASIA"), After: known("US"), Replace: true}}
	change := []Diff{{Path: "location", Before: known("ASIA"), After: known("US")}}
	leftover := meta(apitype.OpDelete, "x", a, nil, nil)
	leftover.Old.Delete = true
	keyed := meta(apitype.OpUpdate, "x", a, b, nil)
	keyed.Diffs = []string{"location"}

	for _, tc := range []struct {
		name   string
		events []apitype.EngineEvent
		want   []Step // want leaves out URN, type and name
		counts Counts
	}{
		{
			"create", both(true, meta(apitype.OpCreate, "x", nil, a, nil)),
			[]Step{{Op: Create, Status: Planned}},
			Counts{Create: 1},
		},
		{
			"update", both(true, meta(apitype.OpUpdate, "x", a, b, kinds{"location": apitype.DiffUpdate})),
			[]Step{{Op: Update, Status: Planned, Diffs: change}},
			Counts{Update: 1},
		},
		{
			"update, the provider names only keys", both(true, keyed),
			[]Step{{Op: Update, Status: Planned, Diffs: change}},
			Counts{Update: 1},
		},
		{
			"replace, the new one first", both(
				true, meta(apitype.OpCreateReplacement, "x", a, b, replaced),
				meta(apitype.OpReplace, "x", a, b, replaced), meta(apitype.OpDeleteReplaced, "x", a, nil, nil),
			),
			[]Step{{Op: Replace, Status: Planned, Diffs: move}},
			Counts{Replace: 1},
		},
		{
			"replace, the old one first", both(
				false, meta(apitype.OpDeleteReplaced, "x", a, nil, nil),
				meta(apitype.OpReplace, "x", a, b, replaced), meta(apitype.OpCreateReplacement, "x", a, b, replaced),
			),
			[]Step{{Op: Replace, Status: Done, Diffs: move}},
			Counts{Replace: 1},
		},
		{
			"what a replacement left behind goes, the resource stays", both(true, meta(apitype.OpSame, "x", b, b, nil), leftover),
			[]Step{{Op: Same, Status: Planned}, {Op: Delete, Status: Planned, Pending: true}},
			Counts{Same: 1, Delete: 1},
		},
		{
			"refresh finds a change", []apitype.EngineEvent{
				pre(meta(apitype.OpRefresh, "x", a, a, nil), true),
				post(meta(apitype.OpUpdate, "x", a, b, kinds{"location": apitype.DiffUpdate}), true),
			},
			[]Step{{Op: Update, Status: Planned, Diffs: change}},
			Counts{Update: 1},
		},
		{
			"refresh finds nothing to have changed", []apitype.EngineEvent{
				pre(meta(apitype.OpRefresh, "x", a, a, nil), true), post(meta(apitype.OpSame, "x", a, a, nil), true),
			},
			[]Step{{Op: Same, Status: Planned}},
			Counts{Same: 1},
		},
		{
			"refresh finds nothing", []apitype.EngineEvent{
				pre(meta(apitype.OpRefresh, "x", a, a, nil), true), post(meta(apitype.OpDelete, "x", a, nil, nil), true),
			},
			[]Step{{Op: Delete, Status: Planned}},
			Counts{Delete: 1},
		},
		{
			"what failed or did not end is not counted", []apitype.EngineEvent{
				pre(meta(apitype.OpCreate, "a", nil, a, nil), false), failed(meta(apitype.OpCreate, "a", nil, a, nil)),
				pre(meta(apitype.OpCreate, "b", nil, a, nil), false),
				pre(meta(apitype.OpCreate, "c", nil, a, nil), false), post(meta(apitype.OpCreate, "c", nil, a, nil), false),
			},
			[]Step{{Op: Create, Status: Failed}, {Op: Create, Status: Running}, {Op: Create, Status: Done}},
			Counts{Create: 1},
		},
		{
			"read, import, forget", both(
				true, meta(apitype.OpReadDiscard, "a", a, nil, nil), meta(apitype.OpImport, "b", nil, a, nil), meta(apitype.OpRead, "c", nil, a, nil),
			),
			[]Step{{Op: Forget, Status: Planned}, {Op: Import, Status: Planned}, {Op: Read, Status: Planned}},
			Counts{Import: 1, Read: 1},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := collect(tc.events...)
			for i := range p.Steps {
				require.Equal(t, bucket, p.Steps[i].Type)
				require.Contains(t, p.Steps[i].URN, "::"+p.Steps[i].Name)
				p.Steps[i].URN, p.Steps[i].Type, p.Steps[i].Name, p.Steps[i].refresh = "", "", "", false
			}
			require.Equal(t, tc.want, p.Steps)
			require.Equal(t, tc.counts, p.Counts)
		})
	}
}

func TestValues(t *testing.T) {
	before := props{
		"plain": "a", "list": []any{props{"v": 1.0}, props{"v": 2.0}}, "labels": props{"a.b": "x"}, "gone": true,
		"secret": secret, "was": "open", "deep": props{"secret": secret, "n": 1.0}, "all": secret,
	}
	after := props{
		"plain": unknownSentinel, "list": []any{props{"v": 1.0}, props{"v": 3.0}}, "labels": props{"a.b": "y"}, "come": "<b>",
		"secret": secret, "was": secret, "deep": props{"secret": secret, "n": unknownSentinel}, "all": unknownSentinel,
	}
	diff := map[string]apitype.DiffKind{"gone": apitype.DiffDelete, "come": apitype.DiffAdd}
	for _, path := range []string{"plain", "list[1].v", `labels["a.b"]`, "secret", "was", "deep", "all.inner"} {
		diff[path] = apitype.DiffUpdate
	}
	p := collect(both(true, meta(apitype.OpUpdate, "x", before, after, diff))...)
	got := map[string]string{}
	for _, d := range p.Steps[0].Diffs {
		got[d.Path] = d.Before.String() + " → " + d.After.String()
	}
	require.Equal(t, map[string]string{
		"plain":         `"a" → (known after apply)`,
		"list[1].v":     `2 → 3`,
		`labels["a.b"]`: `"x" → "y"`,
		"gone":          `true → (none)`,
		"come":          `(none) → "<b>"`,
		"secret":        `[secret] → [secret]`,
		"was":           `[secret] → [secret]`, // what becomes a secret may be one already
		"deep":          `{"n":1,"secret":[secret]} → {"n":(known after apply),"secret":[secret]}`,
		"all.inner":     `[secret] → (known after apply)`,
	}, got)
}

func TestOutputsAndDiagnostics(t *testing.T) {
	stack := apitype.StepEventMetadata{
		Op: apitype.OpSame, Type: stackType, URN: urn(stackType, "ai-worker-dev-gcp"),
		Old: &apitype.StepEventStateMetadata{Outputs: props{"a": 1.0, "same": "s", "old": "o", "s": secret}},
		New: &apitype.StepEventStateMetadata{Outputs: props{"a": unknownSentinel, "same": "s", "new": secret, "s": secret}},
	}
	say := func(severity, message string) apitype.EngineEvent {
		return apitype.EngineEvent{DiagnosticEvent: &apitype.DiagnosticEvent{Severity: severity, Message: message}}
	}
	p := collect(
		post(stack, true), say("warning", "<{%fg 1%}>careful<{%reset%}>\n"), say("error", "broken"), say("error", "broken"),
		say("error", "update failed\n"), say("info", "chat"),
	)
	require.Equal(t, []Diff{
		{Path: "a", Before: known(1.0), After: Value{Kind: Unknown}},
		{Path: "new", Before: Value{Kind: Absent}, After: Value{Kind: Secret}},
		{Path: "old", Before: known("o"), After: Value{Kind: Absent}},
	}, p.Outputs)
	require.True(t, p.Changed(), "another stack may read the outputs")
	require.Zero(t, p.Counts.Total())
	require.Equal(t, []Diagnostic{{Severity: "error", Message: "broken"}}, p.Errors(), "the engine's echo says nothing new")
	require.Equal(t, []Diagnostic{{Severity: "warning", Message: "careful"}}, p.Warnings())

	require.Len(t, collect(say("error", "update failed")).Errors(), 1, "but it is better than nothing")
}

func TestRender(t *testing.T) {
	keep := meta(apitype.OpDelete, "old", props{}, nil, nil)
	keep.Old.Protect, keep.Old.RetainOnDelete = true, true
	p := collect(append(
		both(true,
			meta(apitype.OpUpdate, "upd", props{"n": 1.0, "gone": strings.Repeat("x", 200)}, props{"n": 2.0, "add": props{"k": "v"}},
				map[string]apitype.DiffKind{"n": apitype.DiffUpdate, "gone": apitype.DiffDelete, "add": apitype.DiffAdd}),
			meta(apitype.OpReplace, "db", props{"region": "a"}, props{"region": unknownSentinel},
				map[string]apitype.DiffKind{"region": apitype.DiffUpdateReplace}),
			meta(apitype.OpSame, "same", props{}, props{}, nil),
			keep,
		),
		post(apitype.StepEventMetadata{
			Op: apitype.OpSame, Type: stackType, URN: urn(stackType, "s"),
			New: &apitype.StepEventStateMetadata{Outputs: props{"url": "gs://x"}},
		}, true),
		pre(apitype.StepEventMetadata{Op: apitype.OpCreate, Type: "a:b:C", URN: urn("a:b:C", "new")}, true),
	)...)
	var plain bytes.Buffer
	require.NoError(t, p.Render(&plain, false))
	require.Equal(t, `dev-gcp: 1 create, 1 update, 1 replace, 1 delete, 2 same
  +  create   a:b:C                      new
  +- replace  gcp:storage/bucket:Bucket  db
       ~ region: "a" → (known after apply)  (forces replacement)
  -  delete   gcp:storage/bucket:Bucket  old  (protected, stays in the cloud)
  ~  update   gcp:storage/bucket:Bucket  upd
       + add: {"k":"v"}
       - gone: "`+strings.Repeat("x", 158)+`…
       ~ n: 1 → 2
  outputs
       + url: "gs://x"
`, plain.String())

	var coloured bytes.Buffer
	require.NoError(t, p.Render(&coloured, true))
	require.Contains(t, coloured.String(), "\x1b[32m+  create   a:b:C                      new\x1b[0m\n")
	require.Equal(t, Style(false), StyleOf(&plain), "a buffer is no terminal")

	var nothing bytes.Buffer
	require.NoError(t, collect().Render(&nothing, false))
	require.Equal(t, "dev-gcp: no changes\n", nothing.String())
}

func TestTable(t *testing.T) {
	rows := []Row{
		{Stack: "dev-gcp", Counts: Counts{Create: 120, Same: 1}, Duration: 1234 * time.Millisecond, Result: "ok"},
		{Stack: "dev-kubernetes", Counts: Counts{Update: 2, Replace: 1, Delete: 3}, Duration: 83 * time.Second, Result: "failed"},
	}
	var b bytes.Buffer
	require.NoError(t, Table(&b, false, rows))
	require.Equal(t, `stack           create  update  replace  delete  same   time  result
dev-gcp            120       0        0       0     1   1.2s  ok
dev-kubernetes       0       2        1       3     0  1m23s  failed
`, b.String())

	b.Reset()
	require.NoError(t, Table(&b, true, rows))
	require.Contains(t, b.String(), "\x1b[31mfailed\x1b[0m")
}

func TestOrderDoesNotDependOnArrival(t *testing.T) {
	one, two := meta(apitype.OpCreate, "a", nil, props{}, nil), meta(apitype.OpCreate, "b", nil, props{}, nil)
	require.Equal(t, collect(both(true, one, two)...), collect(both(true, two, one)...))
}
