package review

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
)

// hostile are texts that would break out of the Markdown.
var hostile = []string{
	"plain", "a|b", "```", "````\n```diff", "`", "</details>", "<summary>", "@everyone #1 GH-2", "a\r\nb", "\u202eevil", "<!--", "~~~\n", "", " ", "😀", "\xff",
	strings.Repeat("long ", 500), strings.Repeat("`", 30),
}

func random(rng *rand.Rand) *Report {
	text := func() string { return hostile[rng.Intn(len(hostile))] }
	types := []string{database, grant, account, provider, "kubernetes:core/v1:Namespace", text(), text()}
	ops := []plan.Op{plan.Create, plan.Update, plan.Replace, plan.Delete, plan.Import, plan.Forget, plan.Same, plan.Op(text())}
	var stacks []Stack
	var approved []string
	for range rng.Intn(4) {
		name := "dev-" + text()
		var steps []plan.Step
		for range rng.Intn(60) {
			s := stepIn(name, ops[rng.Intn(len(ops))], types[rng.Intn(len(types))], text())
			for range rng.Intn(4) {
				s.Diffs = append(s.Diffs, diff(text(), text(), text()))
			}
			if s.Retain = rng.Intn(5) == 0; rng.Intn(5) == 0 {
				approved = append(approved, s.URN)
			}
			steps = append(steps, s)
		}
		s := stack(name, steps...)
		s.Status = []string{statusOK, "failed"}[rng.Intn(2)]
		for range rng.Intn(3) {
			s.Plan.Diagnostics = append(s.Plan.Diagnostics, plan.Diagnostic{Severity: []string{"error", "warning"}[rng.Intn(2)], URN: text(), Message: text()})
		}
		stacks = append(stacks, s)
	}
	return New("dev"+text(), []string{Preview, Drift}[rng.Intn(2)], stacks, append(approved, text()))
}

// sound holds a report to what GitHub needs: fences and folds are closed in the
// order they were opened, and outside of code there is nothing of the values.
func sound(t *testing.T, text string) {
	t.Helper()
	require.NotContains(t, text, "\u202e", "what turns the text around it")
	fence, folds := "", 0
	for l := range strings.Lines(text) {
		l = strings.TrimSuffix(l, "\n")
		run := l[:len(l)-len(strings.TrimLeft(l, "`"))]
		switch {
		case fence != "":
			if l == run && len(run) >= len(fence) {
				fence = ""
			}
		case len(run) >= 3 && !strings.Contains(l[len(run):], "`"):
			fence = run
		case strings.HasPrefix(l, "<details><summary>"):
			folds++
			require.Regexp(t, `^<details><summary>\d+ creations? in <code>[^<>]*</code></summary>$`, l)
		case l == "</details>":
			folds--
		default:
			outside := spans(l)
			for _, bad := range []string{"<", "@", "#1", "evil", "\r", "``"} {
				require.NotContains(t, outside, bad, l)
			}
		}
		require.True(t, folds == 0 || folds == 1, l)
	}
	require.Empty(t, fence, "an open fence")
	require.Zero(t, folds, "an open fold")
}

// spans is a line without its code spans.
func spans(l string) string {
	var outside strings.Builder
	for l != "" {
		start := backticks.FindStringIndex(l)
		if start == nil {
			outside.WriteString(l)
			break
		}
		outside.WriteString(l[:start[0]])
		mark, rest, end := l[start[0]:start[1]], l[start[1]:], -1
		for _, run := range backticks.FindAllStringIndex(rest, -1) {
			if run[1]-run[0] == len(mark) {
				end = run[1]
				break
			}
		}
		if end < 0 {
			return outside.String() + "`` without an end"
		}
		l = rest[end:]
	}
	return outside.String()
}

func FuzzMarkdown(f *testing.F) {
	for seed := range int64(40) {
		for _, limit := range []int{-1, 0, 3, 40, 300, 1_000, 5_000, 60_000} {
			f.Add(seed, limit)
		}
	}
	f.Fuzz(func(t *testing.T, seed int64, limit int) {
		r := random(rand.New(rand.NewSource(seed)))
		text := r.Markdown(limit)
		require.LessOrEqual(t, len(text), max(0, limit))
		require.Equal(t, text, r.Markdown(limit), "not the same twice")
		sound(t, text)
		sound(t, r.Full())
	})
}
