package zonefile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

const (
	// maxSize is far beyond what Cloudflare takes for an import, 256 KiB.
	maxSize = 4 << 20
	// maxRecords is beyond a zone's quota on every plan but Enterprise; it bounds
	// what a $GENERATE makes.
	maxRecords = 10_000
	// maxProblems of a file are shown.
	maxProblems = 10
	// automatic is the TTL that leaves it to Cloudflare.
	automatic = 1
	// sample stands for the data of a record whose data does not matter.
	sample = " A 192.0.2.1\n"
)

// Read reads the export of a zone. A record that settings do not take is among
// the skipped ones. A file that cannot be understood, or is of another zone, is
// an error, which names each line; then nothing is taken.
func Read(r io.Reader, zone string) ([]Record, []Skipped, error) {
	origin := canonicalName(zone)
	if _, ok := dns.IsDomainName(origin); !ok || !hostShape.MatchString(origin) {
		return nil, nil, fmt.Errorf("zone %q is no domain name", zone)
	}
	file, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, nil, fmt.Errorf("zone file: %w", err)
	}
	if len(file) > maxSize {
		return nil, nil, fmt.Errorf("zone file: more than %d MiB, which is no zone's export", maxSize>>20)
	}
	z := &reader{zone: origin, origin: origin + ".", ttl: automatic, seen: map[string]int{}}
	for _, e := range split(strings.TrimPrefix(string(file), "\ufeff")) {
		if err := z.entry(e); err != nil {
			z.problems = append(z.problems, fmt.Errorf("line %d: %w, in %q", e.line, err, e.shown()))
		}
		if z.fatal {
			break
		}
	}
	if err := z.verdict(); err != nil {
		return nil, nil, fmt.Errorf("zone file: %w", err)
	}
	return z.records, z.skipped, nil
}

// reader is what the entries so far have set and given.
type reader struct {
	zone string

	origin   string // origin is what a relative name is relative to, with a dot at its end.
	owner    string // owner is the name of the record before, with a dot at its end.
	ttl      uint32 // ttl is that of a record without one.
	ttlFixed bool   // ttlFixed: by $TTL; otherwise it is the one of the record before.

	records []Record
	skipped []Skipped
	seen    map[string]int // seen are the lines of the records taken, by identity.

	understood int    // understood counts records, taken or not.
	inside     int    // inside counts those of the zone.
	outside    string // outside is the first that is not.
	problems   []error
	fatal      bool // fatal: the last problem makes the others pointless.
}

// verdict is the one error about the whole file.
func (z *reader) verdict() error {
	switch n := len(z.problems); {
	case z.fatal:
		return z.problems[n-1]
	case n > 0 && z.understood == 0:
		return fmt.Errorf("no zone file, want the BIND export of the zone: %w", z.problems[0])
	case n > maxProblems:
		return errors.Join(append(slices.Clip(z.problems[:maxProblems]), fmt.Errorf("and %d more", n-maxProblems))...)
	case n > 0:
		return errors.Join(z.problems...)
	case z.understood == 0:
		return errors.New("no record in it, want the BIND export of the zone")
	case z.inside == 0:
		return fmt.Errorf("of another zone, nothing in it is in %q: %s", z.zone, z.outside)
	}
	return nil
}

func (z *reader) entry(e entry) error {
	if e.problem != "" {
		return errors.New(e.problem)
	}
	if e.inherits() {
		if z.owner == "" {
			return errors.New("a blank stands where the name is wanted, and there is no record before it whose name it could have")
		}
		e.text = z.owner + e.text
	}
	fields := e.fields()
	switch strings.ToUpper(fields[0]) {
	case "$INCLUDE":
		return errors.New("$INCLUDE is refused, no other file is read: put its records here")
	case "$ORIGIN", "$TTL":
		return z.directive(e, fields[0])
	case "$GENERATE":
		return z.generate(e, fields)
	}
	at := typeAt(fields)
	if reason, ok := refused(fields, at); ok {
		return z.refuse(e, fields, at, reason)
	}
	if at == len(fields)-1 {
		return errors.New("no data behind the type")
	}
	return z.take(e, e.text)
}

// directive reads $ORIGIN or $TTL by what it makes of a record that follows it.
func (z *reader) directive(e entry, name string) error {
	all, err := z.parse(e.text + "@" + sample)
	if err != nil {
		return err
	}
	if h := all[0].Header(); strings.EqualFold(name, "$TTL") {
		z.ttl, z.ttlFixed = h.Ttl, true
	} else {
		z.origin = h.Name
	}
	return nil
}

// generate takes the records of a $GENERATE: range, name, TTL, class, type, data.
func (z *reader) generate(e entry, fields []string) error {
	if len(fields) < 4 {
		return errors.New("$GENERATE wants a range, a name, a type and data")
	}
	head := fields[2:]
	at := typeAt(head)
	if reason, ok := refused(head, at); ok {
		z.skip(e, reason)
		z.understood++
		return nil
	}
	text := e.text
	if !hasTTL(head, at) { // the parser would take its own, not that of the file
		at := behind(text, 3)
		text = fmt.Sprintf("%s %d %s", text[:at], z.ttl, text[at:])
	}
	return z.take(e, text)
}

// refuse skips a record for its type. Its head still counts: the next
// one may inherit name and TTL.
func (z *reader) refuse(e entry, fields []string, at int, reason string) error {
	all, err := z.parse(strings.Join(fields[:at], " ") + sample)
	if err != nil {
		return err
	}
	h := all[0].Header()
	if strings.EqualFold(fields[at], "SOA") {
		// Cloudflare leaves the dot at the end of this one name out.
		if written := canonicalName(fields[0]); written != z.zone && canonicalName(h.Name) != z.zone {
			if _, ok := Relative(h.Name, z.zone); !ok {
				written = canonicalName(h.Name)
			}
			z.fatal = true
			return fmt.Errorf("of another zone: it is the export of %q, not of %q", written, z.zone)
		}
		h.Name = z.zone + "."
	}
	z.follow(h)
	if _, ok := Relative(h.Name, z.zone); !ok {
		z.foreign(e, h.Name)
		return nil
	}
	z.inside++
	if strings.EqualFold(fields[at], "NS") && canonicalName(h.Name) == z.zone {
		reason = "the zone's own name servers, which Cloudflare sets"
	}
	z.skip(e, reason)
	return nil
}

// follow keeps what the next record may inherit.
func (z *reader) follow(h *dns.RR_Header) {
	z.understood++
	z.owner = h.Name
	if !z.ttlFixed {
		z.ttl = h.Ttl
	}
}

func (z *reader) skip(e entry, reason string) {
	z.skipped = append(z.skipped, Skipped{Line: e.line, Text: e.shown(), Reason: reason})
}

// foreign skips a record for its name.
func (z *reader) foreign(e entry, name string) {
	if z.outside == "" {
		z.outside = fmt.Sprintf("line %d is about %q", e.line, canonicalName(name))
	}
	z.skip(e, fmt.Sprintf("not in the zone %q", z.zone))
}

// parse gives the records of a text, at least one, by the origin and the TTL
// that hold where it stands.
func (z *reader) parse(text string) ([]dns.RR, error) {
	p := dns.NewZoneParser(strings.NewReader(text), z.origin, "")
	p.SetDefaultTTL(z.ttl)
	var all []dns.RR
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if z.understood+len(all) >= maxRecords {
			z.fatal = true
			return nil, fmt.Errorf("more than %d records", maxRecords)
		}
		all = append(all, rr)
	}
	if err := p.Err(); err != nil {
		return nil, said(err)
	}
	if len(all) == 0 {
		return nil, errors.New("no record")
	}
	return all, nil
}

// said is an error of the parser without its own name and line, which is not
// that of the file.
func said(err error) error {
	text := strings.TrimPrefix(err.Error(), "dns: ")
	if i := strings.LastIndex(text, " at line: "); i >= 0 {
		text = text[:i]
	}
	if before, ok := strings.CutSuffix(text, `: "\n"`); ok {
		text = before + " at the end of the line"
	}
	if strings.HasPrefix(text, "bad owner name") || strings.HasPrefix(text, "bad origin name") {
		text += " (a label has 1 to 63 characters, a name at most 253)"
	}
	return errors.New(text)
}
