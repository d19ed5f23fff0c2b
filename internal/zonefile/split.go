package zonefile

import "strings"

// entry is one record or directive of the file. The parser stops for good at
// the first error and does not say where a record stood, so it gets the
// file entry by entry.
type entry struct {
	line    int
	text    string
	comment string
	problem string // problem says why no parser need try.
}

// split finds the entries: an entry ends at the end of its line, unless within
// parentheses. Lines that are blank or a comment are none.
func split(file string) []entry {
	var (
		entries []entry
		s       scan
		begin   int
	)
	line, at := 1, 1
	for i := range len(file) {
		s.next(file[i])
		if file[i] != '\n' {
			continue
		}
		line++
		if s.depth > 0 && !s.quoted {
			continue
		}
		entries = s.appendTo(entries, at, file[begin:i+1])
		begin, at, s = i+1, line, scan{}
	}
	return s.appendTo(entries, at, file[begin:]+"\n")
}

// scan is how far an entry was understood.
type scan struct {
	comment, escaped, quoted bool
	depth                    int // depth of parentheses.
	some                     bool
	// remark is the comment, verbatim: the parser's own puts blanks before each
	// semicolon in it.
	remark []byte
}

func (s *scan) next(c byte) {
	switch {
	case c == '\n':
		s.comment, s.escaped = false, false
		return
	case c == '\r':
		s.escaped = false
		return
	case s.comment:
		s.remark = append(s.remark, c)
		return
	case c == ' ' || c == '\t':
		s.escaped = false
		return
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.quoted = !s.quoted
	case s.quoted:
	case c == ';':
		s.comment, s.remark = true, append(s.remark, c)
		return
	case c == '(':
		s.depth++
	case c == ')':
		s.depth--
	}
	s.some = true
}

func (s *scan) appendTo(entries []entry, line int, text string) []entry {
	if !s.some {
		return entries
	}
	e := entry{line: line, text: text, comment: strings.TrimPrefix(string(s.remark), ";")}
	switch {
	case s.quoted:
		e.problem = "a quoted string does not end on its line"
	case s.depth > 0:
		e.problem = "a parenthesis is not closed"
	}
	return append(entries, e)
}

// inherits tells whether the entry has no name of its own but that of the one
// before it.
func (e entry) inherits() bool { return e.text[0] == ' ' || e.text[0] == '\t' }

// blanks divide words.
const blanks = " \t\r\n"

// fields are the words of the entry, as far as blanks divide it.
func (e entry) fields() []string {
	return strings.FieldsFunc(e.text, func(r rune) bool { return strings.ContainsRune(blanks, r) })
}

// behind is the place behind the first n words of a text.
func behind(text string, n int) int {
	rest := text
	for range n {
		rest = strings.TrimLeft(rest, blanks)
		rest = rest[max(0, strings.IndexAny(rest, blanks)):]
	}
	return len(text) - len(rest)
}

// shown is the entry on one line, short enough for a message.
func (e entry) shown() string {
	const most = 100
	text := []rune(strings.ToValidUTF8(strings.Join(e.fields(), " "), "?"))
	if len(text) > most {
		text = append(text[:most-3], []rune("...")...)
	}
	return string(text)
}
