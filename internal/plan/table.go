package plan

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Row is one stack in the summary of a run.
type Row struct {
	Stack    string
	Counts   Counts
	Duration time.Duration
	// Result is "ok", or why the numbers are not the whole story: "failed",
	// "skipped", "cancelled".
	Result string
}

// Table writes the summary of a run: a line a stack, in the order given.
func Table(w io.Writer, s Style, rows []Row) error {
	cells := [][]string{{"stack", "create", "update", "replace", "delete", "same", "time", "result"}}
	for _, r := range rows {
		cells = append(cells, []string{
			r.Stack, number(r.Counts.Create + r.Counts.Import), number(r.Counts.Update), number(r.Counts.Replace),
			number(r.Counts.Delete), number(r.Counts.Same), seconds(r.Duration), r.Result,
		})
	}
	widths := make([]int, len(cells[0]))
	for _, line := range cells {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, line := range cells {
		for i, cell := range line {
			switch {
			case i == 0:
				cell = fmt.Sprintf("%-*s", widths[i], cell)
			case i == len(line)-1: // nothing follows, so nothing needs filling
			default:
				cell = fmt.Sprintf("%*s", widths[i], cell)
			}
			b.WriteString(separator(i) + s.paint(colour(n, i, strings.TrimSpace(cell)), cell))
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func separator(column int) string {
	if column == 0 {
		return ""
	}
	return "  "
}

// colour marks the head, the numbers that are not zero, and the results.
func colour(row, column int, cell string) string {
	if row == 0 {
		return bold
	}
	if column == 7 {
		if cell == "ok" {
			return green
		}
		return red
	}
	if cell == "0" || column == 0 || column > 4 {
		return ""
	}
	return []string{"", green, yellow, magenta, red}[column]
}

func number(n int) string { return strconv.Itoa(n) }

// seconds is a duration as precise as it matters.
func seconds(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "s"
	}
	return d.Round(time.Second).String()
}
