package plan

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// Style decides whether text has colours.
type Style bool

// StyleOf has colours on a terminal, unless NO_COLOR (https://no-color.org) is
// set or the terminal says that it is dumb.
func StyleOf(w io.Writer) Style {
	return Style(Terminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

// Terminal says whether w is one.
func Terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// The colours of https://en.wikipedia.org/wiki/ANSI_escape_code#Colors that
// stand out on dark and on light grounds.
const (
	red     = "31"
	green   = "32"
	yellow  = "33"
	magenta = "35"
	bold    = "1"
	faint   = "2"
)

func (s Style) paint(colour, text string) string {
	if !s || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

var signs = map[Op]struct{ sign, colour string }{
	Create:  {"+", green},
	Update:  {"~", yellow},
	Replace: {"+-", magenta},
	Delete:  {"-", red},
	Import:  {"=", green},
	Forget:  {"-", faint},
}

// width is how long a value may get on one line.
const width = 160

// Render writes what changes: one line a resource, one below it a property.
func (p *Plan) Render(w io.Writer, s Style) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", s.paint(bold, p.Stack), p.Counts)
	types := 0
	for _, step := range p.Steps {
		if step.Op.Changes() {
			types = max(types, utf8.RuneCountInString(step.Type))
		}
	}
	for _, step := range p.Steps {
		if step.Op.Changes() {
			step.render(&b, s, types)
		}
	}
	if len(p.Outputs) > 0 {
		b.WriteString("  outputs\n")
		for _, d := range p.Outputs {
			d.render(&b, s)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (step *Step) render(b *strings.Builder, s Style, types int) {
	sign := signs[step.Op]
	line := fmt.Sprintf("%-2s %-7s  %-*s  %s", sign.sign, step.Op, types, step.Type, step.Name)
	remarks := ""
	if all := step.Remarks(); len(all) > 0 {
		remarks = "  (" + strings.Join(all, ", ") + ")"
	}
	fmt.Fprintf(b, "  %s%s\n", s.paint(sign.colour, line), remarks)
	for _, d := range step.Diffs {
		d.render(b, s)
	}
}

// Remarks are what else there is to know of the step, in a few words each.
func (step *Step) Remarks() []string {
	var remarks []string
	if step.Pending {
		remarks = append(remarks, "left over from an earlier replacement")
	}
	if step.Protect {
		remarks = append(remarks, "protected")
	}
	if step.Retain && (step.Op == Delete || step.Op == Replace) {
		remarks = append(remarks, "stays in the cloud")
	}
	if step.Status == Failed {
		remarks = append(remarks, "failed")
	}
	if step.Status == Running {
		remarks = append(remarks, "not finished")
	}
	return remarks
}

func (d *Diff) render(b *strings.Builder, s Style) {
	sign, colour, change := "~", yellow, short(d.Before.String())+" → "+short(d.After.String())
	switch {
	case d.Before.Kind == Absent:
		sign, colour, change = "+", green, short(d.After.String())
	case d.After.Kind == Absent:
		sign, colour, change = "-", red, short(d.Before.String())
	}
	forces := ""
	if d.Replace {
		forces = s.paint(magenta, "  (forces replacement)")
	}
	fmt.Fprintf(b, "       %s %s: %s%s\n", s.paint(colour, sign), d.Path, change, forces)
}

func short(text string) string {
	if runes := []rune(text); len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return text
}

// String is the counts in words.
func (c Counts) String() string {
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{c.Create, "create"}, {c.Update, "update"}, {c.Replace, "replace"},
		{c.Delete, "delete"}, {c.Import, "import"}, {c.Same, "same"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if c.Total() == 0 {
		parts = append([]string{"no changes"}, parts...)
	}
	return strings.Join(parts, ", ")
}
