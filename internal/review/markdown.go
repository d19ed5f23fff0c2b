package review

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ai-worker/internal/plan"
)

// Full is the report for people with everything in it.
func (r *Report) Full() string { return r.markdown(math.MaxInt, true) }

// Markdown is the report for people in at most limit bytes, of which a text never
// has fewer than the characters that GitHub counts (65,536 a comment). What is
// refused comes before everything else; what does not fit is counted.
func (r *Report) Markdown(limit int) string { return r.markdown(limit, false) }

func (r *Report) markdown(limit int, full bool) string {
	w := writer{r, full}
	sections := w.sections()
	head := "## " + r.headline() + "\n"
	if len(head) > limit {
		if mark, _, _ := strings.Cut(r.headline(), " "); len(mark) <= limit {
			return mark
		}
		return ""
	}
	if len(sections) == 0 && !r.Failed {
		return head
	}
	if whole := head + "\n" + w.table() + w.advice(); len(whole) <= limit {
		head = whole
	}
	return fit(head, sections, limit)
}

// writer makes the parts of a report's Markdown.
type writer struct {
	*Report
	full bool
}

func (w writer) table() string {
	var b strings.Builder
	b.WriteString("| stack | create | update | replace | delete | same | result |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|---|\n")
	for _, s := range w.Stacks {
		c := s.Plan.Counts
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %s |\n",
			cell(s.Name), c.Create+c.Import, c.Update, c.Replace, c.Delete, c.Same, cell(s.Status))
	}
	return b.String() + "\n"
}

// advice is what to do about it all.
func (w writer) advice() string {
	switch {
	case w.Drifted:
		return "Below, what the states say stands before what the clouds have. `infra refresh` takes what is there into the states, " +
			"and `infra up` after it puts back what the program says.\n\n"
	case len(w.Verdict.Refused()) > 0:
		return "What is meant to happen needs its line `approve: …` in the description of the pull request.\n\n"
	}
	return ""
}

// sections are those that have something to say, the most important first.
func (w writer) sections() []section {
	all := []section{w.refusals(), w.messages("### Errors\n\n", "error", (*plan.Plan).Errors)}
	for _, part := range []func(Stack) section{w.removals, w.updates, w.outputs, w.creations} {
		for _, s := range w.Stacks {
			all = append(all, part(s))
		}
	}
	all = append(all, w.warnings())
	return slices.DeleteFunc(all, func(s section) bool { return len(s.items) == 0 })
}

// messages are those of the engine, by stack.
func (w writer) messages(title, noun string, of func(*plan.Plan) []plan.Diagnostic) section {
	s := section{title: title, noun: noun}
	for _, stack := range w.Stacks {
		for _, d := range of(stack.Plan) {
			where := code(stack.Name)
			if d.URN != "" {
				where += " " + code(d.URN[strings.LastIndex(d.URN, "::")+len("::"):])
			}
			text := clean(d.Message)
			if !w.full {
				text = clip(text, maxMessage)
			}
			first, _, more := strings.Cut(text, "\n")
			if more {
				first += " …"
			}
			s.items = append(s.items, item{where + "\n" + fence("", text), where + "\n" + fence("", clip(first, maxValue)), 1})
		}
	}
	return s
}

// warnings are those of approvals, and of the engine.
func (w writer) warnings() section {
	s := w.messages("### Warnings\n\n", "warning", (*plan.Plan).Warnings)
	var stale []item
	for _, urn := range w.Verdict.Stale {
		text := "No deletion or replacement of this is planned: " + code("approve: "+urn) + "\n\n"
		stale = append(stale, item{text, text, 1})
	}
	s.items = append(stale, s.items...)
	return s
}
