package review

import (
	"fmt"
	"slices"
	"strings"

	"ai-worker/internal/plan"
)

// refusals are the findings that nobody approved, each with the line that would.
func (w writer) refusals() section {
	s := section{title: "### Refused\n\n", noun: "refusal", first: true}
	for _, stack := range w.Stacks {
		for i := range stack.Plan.Steps {
			step := &stack.Plan.Steps[i]
			if f, ok := w.finding(stack, step); ok && f.Refused() {
				text := fmt.Sprintf("⛔ %s **%s** %s in %s loses **%s**%s",
					step.Op, code(step.Type), code(step.Name), code(stack.Name), f.Loses, remarks(step))
				s.items = append(s.items, w.item(text, step.Diffs, fence("", "approve: "+line(step.URN))))
			}
		}
	}
	return s
}

// removals are the replacements and deletions that are not refused, those that
// lose something first.
func (w writer) removals(stack Stack) section {
	s := section{title: "### Replacements and deletions in " + code(stack.Name) + "\n\n", noun: "change"}
	if w.Kind == Drift {
		s = section{title: "### Gone from the cloud of " + code(stack.Name) + "\n\n", noun: "resource"}
	}
	var ranked [3][]item
	for i := range stack.Plan.Steps {
		step := &stack.Plan.Steps[i]
		f, found := w.finding(stack, step)
		if !removes(step.Op) || found && f.Refused() {
			continue
		}
		text, rank := w.removal(step, f)
		ranked[rank] = append(ranked[rank], w.item(text, step.Diffs, ""))
	}
	s.items = slices.Concat(ranked[:]...)
	return s
}

// removal is the line of a replacement or deletion with finding f, if it has one,
// and its rank: 0 if it loses something, 1 if it would, 2 if it cannot.
func (w writer) removal(step *plan.Step, f Finding) (string, int) {
	typ, name := code(step.Type), code(step.Name)
	switch lost := loses(step.Type, false); {
	case w.Kind == Drift && lost != "" && lost != unjudged:
		return fmt.Sprintf("**%s** %s, and with it **%s**", typ, name, lost), 0
	case w.Kind == Drift:
		return typ + " " + name, 2
	case f.Kept != "":
		return fmt.Sprintf("%s **%s** %s: %s; otherwise this would lose %s", step.Op, typ, name, f.Kept, f.Loses), 1
	case f.Loses != "":
		return fmt.Sprintf("⚠️ %s **%s** %s loses **%s**%s; approved", step.Op, typ, name, f.Loses, remarks(step)), 0
	}
	return fmt.Sprintf("%s %s %s%s", step.Op, typ, name, remarks(step)), 2
}

// finding is what the verdict says of a step.
func (w writer) finding(stack Stack, step *plan.Step) (Finding, bool) {
	for _, f := range w.Verdict.Findings {
		if f.Stack == stack.Name && f.URN == step.URN && f.Op == step.Op && f.Pending == step.Pending {
			return f, true
		}
	}
	return Finding{}, false
}

// item is a line with properties below it, and with a tail that is never left out.
func (w writer) item(text string, diffs []plan.Diff, tail string) item {
	it := item{long: text + "\n\n" + changes(diffs, w.full) + tail, n: 1}
	it.short = fmt.Sprintf("%s (%s left out)\n\n%s", text, number(len(diffs), "property"), tail)
	if len(it.short) >= len(it.long) {
		it.short = it.long
	}
	return it
}

// remarks are what else there is to know of a step, in brackets.
func remarks(step *plan.Step) string {
	if all := step.Remarks(); len(all) > 0 {
		return " (" + strings.Join(all, ", ") + ")"
	}
	return ""
}

func removes(op plan.Op) bool { return op == plan.Delete || op == plan.Replace || op == plan.Forget }

// updates are what stays and changes; ops of a newer engine are among them.
func (w writer) updates(stack Stack) section {
	s := section{title: "### Updates in " + code(stack.Name) + "\n\n", noun: "update"}
	if w.Kind == Drift {
		s = section{title: "### Changed in " + code(stack.Name) + "\n\n", noun: "change"}
	}
	for i := range stack.Plan.Steps {
		step := &stack.Plan.Steps[i]
		if !step.Op.Changes() || removes(step.Op) || step.Op == plan.Create {
			continue
		}
		op := ""
		switch step.Op {
		case plan.Update:
		case plan.Import:
			op = "import "
		default:
			op = code(string(step.Op)) + " "
		}
		s.items = append(s.items, w.item(op+code(step.Type)+" "+code(step.Name)+remarks(step), step.Diffs, ""))
	}
	return s
}

// outputs are changes of what other stacks read.
func (w writer) outputs(stack Stack) section {
	s := section{title: "### Outputs of " + code(stack.Name) + "\n\n", noun: "output"}
	if diffs := stack.Plan.Outputs; len(diffs) > 0 {
		s.items = []item{{changes(diffs, w.full), number(len(diffs), "change") + "\n\n", len(diffs)}}
	}
	return s
}

// creations are folded, by type.
func (w writer) creations(stack Stack) section {
	byType := map[string][]string{}
	var order []string
	total := 0
	for i := range stack.Plan.Steps {
		step := &stack.Plan.Steps[i]
		if step.Op != plan.Create {
			continue
		}
		if byType[step.Type] == nil {
			order = append(order, step.Type)
		}
		byType[step.Type] = append(byType[step.Type], code(step.Name)+remarks(step))
		total++
	}
	slices.Sort(order)
	s := section{
		title: fmt.Sprintf("<details><summary>%s in %s</summary>\n\n", number(total, "creation"), tag(stack.Name)),
		close: "\n</details>\n\n",
		noun:  "creation",
	}
	for _, t := range order {
		short := fmt.Sprintf("- %d × %s", len(byType[t]), code(t))
		long := fmt.Sprintf("%s: %s\n", short, strings.Join(byType[t], ", "))
		s.items = append(s.items, item{long: long, short: short + "\n", n: len(byType[t])})
	}
	return s
}
