package review

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ai-worker/internal/plan"
)

// Whatever comes from outside, be it a name, a value or a message, stands in a code
// span, a fence or <code>, and nowhere else. There GitHub knows no HTML, no mention
// (@name), no reference (#1) and no link, so that nothing else needs escaping.

// The sizes of what is shown of a single thing where room is scarce.
const (
	maxValue   = 160   // runes of a value
	maxDiffs   = 40    // properties of a resource
	maxMessage = 1_500 // runes of a message
)

// clean makes runes visible that would hide or turn around what is near them, and
// keeps line feeds.
func clean(text string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteString("    ")
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// line is text on one line.
func line(text string) string { return strings.ReplaceAll(clean(text), "\n", `\n`) }

var backticks = regexp.MustCompile("`+")

// ticks is a run of at least atLeast backticks that is longer than any in text.
func ticks(text string, atLeast int) string {
	for _, run := range backticks.FindAllString(text, -1) {
		atLeast = max(atLeast, len(run)+1)
	}
	return strings.Repeat("`", atLeast)
}

// code is text as a code span.
func code(text string) string {
	text = line(text)
	mark := ticks(text, 1)
	if strings.Trim(text, " `") != text || text == "" {
		text = " " + text + " " // which Markdown takes off again
	}
	return mark + text + mark
}

// cell is text as a code span in a table.
func cell(text string) string { return strings.ReplaceAll(code(text), "|", `\|`) }

// tag is text as <code>, for where Markdown does not reach.
func tag(text string) string { return "<code>" + html.EscapeString(line(text)) + "</code>" }

// fence is text as a block of code in a language, or none.
func fence(language, text string) string {
	mark := ticks(text, 3)
	return mark + language + "\n" + strings.TrimSuffix(text, "\n") + "\n" + mark + "\n\n"
}

// clip is text of at most so many runes.
func clip(text string, runes int) string {
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	return string([]rune(text)[:runes-1]) + "…"
}

// clipBoth clips two values so that where they begin to differ is seen.
func clipBoth(a, b string) (string, string) {
	x, y := []rune(a), []rune(b)
	if len(x) <= maxValue && len(y) <= maxValue {
		return a, b
	}
	same := 0
	for same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	from := same - maxValue/4
	if from <= 0 {
		return clip(a, maxValue), clip(b, maxValue)
	}
	return clip("…"+string(x[from:]), maxValue), clip("…"+string(y[from:]), maxValue)
}

// changes are diffs in the language of GitHub's fences of that name; full shows all
// of them whole.
func changes(diffs []plan.Diff, full bool) string {
	if len(diffs) == 0 {
		return ""
	}
	var b strings.Builder
	for i, d := range diffs {
		if i == maxDiffs && !full {
			fmt.Fprintf(&b, "  and %s\n", number(len(diffs)-i, "more property"))
			break
		}
		before, after := line(d.Before.String()), line(d.After.String())
		if !full {
			before, after = clipBoth(before, after)
		}
		sign, change := "!", before+" → "+after
		switch {
		case d.Before.Kind == plan.Absent:
			sign, change = "+", after
		case d.After.Kind == plan.Absent:
			sign, change = "-", before
		}
		if d.Replace {
			change += "  (forces replacement)"
		}
		fmt.Fprintf(&b, "%s %s: %s\n", sign, line(d.Path), change)
	}
	return fence("diff", b.String())
}

// number is n with its noun: "1 change", "2 changes", "2 properties".
func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return strconv.Itoa(n) + " " + stem + "ies"
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
