package review

import (
	"fmt"
	"strings"
)

// item is a part of a section that is shown whole or not at all: no fence and no
// tag is open at its ends.
type item struct {
	long  string
	short string // short says less where long does not fit.
	n     int    // n is how many things it is about, for those left out.
}

// section is a part of a report.
type section struct {
	title string // title may open a tag that closing closes.
	close string
	noun  string // noun is one of what it has, "update".
	first bool   // first says that its items come before the titles of other sections.
	items []item
}

const leftOut = "The rest did not fit; the full text is in the artifact.\n"

// more tells of the n things of a section that did not fit.
func (s *section) more(n int) string {
	return fmt.Sprintf("… and %s; the full text is in the artifact.\n\n", number(n, "more "+s.noun))
}

// frame is the size of a section without items.
func (s *section) frame() int {
	n := 0
	for _, i := range s.items {
		n += i.n
	}
	return len(s.title) + len(s.close) + len(s.more(n))
}

// fit is head and as much of sections as limit bytes hold. All sections are named,
// the later ones giving way; then each gets the short forms of its items, in order;
// and what room is left goes to the long forms, in order again.
func fit(head string, sections []section, limit int) string {
	room := limit - len(head) - len(leftOut)
	var chosen [][]string
	for i := range sections {
		if sections[i].frame() > room {
			break
		}
		room -= sections[i].frame()
		chosen = append(chosen, nil)
		if sections[i].first {
			chosen[i] = sections[i].shorten(&room)
		}
	}
	for i := range chosen {
		if !sections[i].first {
			chosen[i] = sections[i].shorten(&room)
		}
	}
	for i := range chosen {
		for k, short := range chosen[i] {
			long := sections[i].items[k].long
			if extra := len(long) - len(short); extra <= room {
				room -= extra
				chosen[i][k] = long
			}
		}
	}
	var b strings.Builder
	b.WriteString(head)
	for i, texts := range chosen {
		sections[i].write(&b, texts)
	}
	if len(chosen) < len(sections) && len(head)+len(leftOut) <= limit {
		b.WriteString(leftOut)
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// shorten are the short forms of the first items, as many as there is room for.
func (s *section) shorten(room *int) []string {
	var texts []string
	for _, it := range s.items {
		if len(it.short) > *room {
			break
		}
		*room -= len(it.short)
		texts = append(texts, it.short)
	}
	return texts
}

// write writes the section with these texts of its first items.
func (s *section) write(b *strings.Builder, texts []string) {
	rest := 0
	for _, it := range s.items[len(texts):] {
		rest += it.n
	}
	b.WriteString(s.title + strings.Join(texts, ""))
	if rest > 0 {
		b.WriteString(s.more(rest))
	}
	b.WriteString(s.close)
}
