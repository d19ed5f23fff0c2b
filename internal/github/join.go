package github

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Part is one report of a comment.
type Part struct {
	Name string // Name is the file without ".md": the environment.
	Text string // Text is Markdown: the verdict, and then sections that begin with "### ".
}

// Reports are the files *.md of a folder: those of first in its order, then the
// others by name. A folder that is not there has none: a run that ended before its
// first report left none behind.
func Reports(dir string, first []string) ([]Part, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return nil, fmt.Errorf("folder %q: %w", dir, err)
	}
	rank := func(p Part) int {
		if i := slices.Index(first, p.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	var parts []Part
	for _, file := range files { // Glob sorts
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		parts = append(parts, Part{strings.TrimSuffix(filepath.Base(file), ".md"), string(text)})
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return rank(a) - rank(b) })
	return parts, nil
}

// join is the body of the comment in at most maxBody bytes. What does not fit is
// left out of the later reports first, down to their verdicts.
func join(parts []Part, run string) string {
	head := previewMarker + "\n# Preview\n\n"
	tail := "The artifacts of " + run + " have the full text.\n"
	if len(parts) == 0 { // and what the comment said before is no longer true
		return head + "❌ There is no report: " + run + " ended before it had one.\n"
	}
	texts := make([]string, len(parts))
	size := len(head) + len(tail)
	for i, p := range parts {
		texts[i] = strings.TrimSpace(p.Text) + "\n\n"
		size += len(texts[i])
	}
	for i := len(parts) - 1; i >= 0 && size > maxBody; i-- {
		size -= len(texts[i])
		texts[i] = verdict(texts[i]) + "\n\n_The rest did not fit._\n\n"
		size += len(texts[i])
	}
	body := strings.Join(texts, "")
	room := max(0, maxBody-len(head)-len(tail)-1)
	if len(body) > room { // only what is no report of infra gets here
		body = strings.ToValidUTF8(body[:room], "") + "\n"
	}
	return head + body + tail
}

// verdict is what a report has before its first section; of what is none, the
// first line.
func verdict(text string) string {
	if head, _, found := strings.Cut(text, "\n### "); found {
		return strings.TrimSpace(head)
	}
	first, _, _ := strings.Cut(text, "\n")
	return first
}

func numbered(what string, number int) string { return fmt.Sprintf("%s #%d", what, number) }
