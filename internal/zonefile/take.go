package zonefile

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// taken are the types that settings have.
var taken = []string{"A", "AAAA", "CAA", "CNAME", "MX", "SRV", "TXT"}

// proxiable are those of them that Cloudflare can stand before.
var proxiable = []string{"A", "AAAA", "CNAME"}

// refusals are the reasons that say more than that a type is not taken.
var refusals = map[string]string{
	"SOA":   "the zone's own SOA, which Cloudflare writes",
	"NS":    "type NS: settings take no delegation of a name to other servers",
	"SPF":   "type SPF is obsolete (RFC 7208): write it as TXT",
	"ALIAS": "type ALIAS is no type of DNS: write it as CNAME, which Cloudflare flattens at the zone itself",
	"ANAME": "type ANAME is no type of DNS: write it as CNAME, which Cloudflare flattens at the zone itself",
}

// typeAt is where the type stands in a record's words: behind the name, the TTL
// and the class. It is -1 if there is none.
func typeAt(fields []string) int {
	for i := 1; i < len(fields); i++ {
		if !isTTL(fields[i]) && !isClass(fields[i]) {
			return i
		}
	}
	return -1
}

func isTTL(word string) bool { return word[0] >= '0' && word[0] <= '9' }

func isClass(word string) bool {
	_, ok := dns.StringToClass[strings.ToUpper(word)]
	return ok
}

func hasTTL(fields []string, at int) bool {
	return at > 1 && slices.ContainsFunc(fields[1:at], isTTL)
}

// refused says why a type is not taken. A word that is no type at all is left
// to the parser to complain about.
func refused(fields []string, at int) (reason string, ok bool) {
	if at < 0 {
		return "", false
	}
	name := strings.ToUpper(fields[at])
	if reason, ok := refusals[name]; ok {
		return reason, true
	}
	_, known := dns.StringToType[name]
	if known = known || strings.HasPrefix(name, "TYPE"); !known || slices.Contains(taken, name) {
		return "", false
	}
	return fmt.Sprintf("type %s: settings take %s", name, strings.Join(taken, ", ")), true
}

// take takes the records of a text, or skips them.
func (z *reader) take(e entry, text string) error {
	all, err := z.parse(text)
	if err != nil {
		return err
	}
	for _, rr := range all {
		h := rr.Header()
		z.follow(h)
		name, ok := Relative(h.Name, z.zone)
		if !ok {
			z.foreign(e, h.Name)
			continue
		}
		z.inside++
		record, reason := z.record(e, name, rr)
		if reason == "" {
			reason = z.known(e, record)
		}
		if reason != "" {
			z.skip(e, reason)
			continue
		}
		for _, what := range record.annotate(e.comment) {
			z.skipped = append(z.skipped, Skipped{Line: e.line, Text: e.shown(), Reason: "taken without " + what, Partly: true})
		}
		z.records = append(z.records, record)
	}
	return nil
}

// known says where the same record was already.
func (z *reader) known(e entry, record Record) string {
	id := record.Identity()
	if line, ok := z.seen[id]; ok {
		return fmt.Sprintf("the same record as in line %d", line)
	}
	z.seen[id] = e.line
	return ""
}

// record makes a record of settings, or says why it cannot be one.
func (z *reader) record(e entry, name string, rr dns.RR) (r Record, reason string) {
	h := rr.Header()
	switch written := e.fields()[0]; {
	case h.Class != dns.ClassINET:
		return r, fmt.Sprintf("class %s: Cloudflare serves the class IN", dns.Class(h.Class))
	case name != "@" && !nameShape.MatchString(name):
		return r, fmt.Sprintf("name %q: want letters, digits, hyphens and underscores, others in punycode", name)
	case len(canonicalName(h.Name)) > maxName:
		return r, fmt.Sprintf("its name has %d characters, a name has at most %d", len(canonicalName(h.Name)), maxName)
	case !dns.IsFqdn(written) && strings.HasSuffix("."+canonicalName(written), "."+z.zone):
		return r, "its name ends with the zone a second time: the dot at its end is missing"
	case h.Ttl != automatic && (h.Ttl < minTTL || h.Ttl > maxTTL):
		return r, fmt.Sprintf("TTL %d: Cloudflare takes %d to %d seconds, or 1 for automatic", h.Ttl, minTTL, maxTTL)
	}
	r = Record{Name: name, Type: dns.Type(h.Rrtype).String()}
	if h.Ttl != automatic {
		r.TTL = int(h.Ttl)
	}
	return r, r.fill(rr, z.zone)
}

const (
	maxName = 253   // RFC 1035, 2.3.4, as written without the dot at the end.
	minTTL  = 30    // Cloudflare: 60, on Enterprise 30.
	maxTTL  = 86400 // Cloudflare.
)

var (
	nameShape = regexp.MustCompile(`^(\*|(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*)$`)
	hostShape = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$`)
	tagShape  = regexp.MustCompile(`^[a-z0-9]+$`) // RFC 8659, 4.1
)

// fill sets the data of a record.
func (r *Record) fill(rr dns.RR, zone string) (reason string) {
	switch rr := rr.(type) {
	case *dns.A:
		r.Content, reason = address(rr.A.To4())
	case *dns.AAAA:
		r.Content, reason = address(rr.AAAA.To16())
	case *dns.CNAME:
		r.Content, reason = target(rr.Target, zone)
	case *dns.MX:
		r.Priority = int(rr.Preference)
		r.Content, reason = target(rr.Mx, zone)
	case *dns.SRV:
		r.SRV = &SRV{Priority: int(rr.Priority), Weight: int(rr.Weight), Port: int(rr.Port)}
		r.SRV.Target, reason = target(rr.Target, zone)
	case *dns.CAA:
		r.CAA = &CAA{Flags: int(rr.Flag), Tag: strings.ToLower(rr.Tag), Value: unescape(rr.Value)}
		if !tagShape.MatchString(r.CAA.Tag) || !printable(r.CAA.Value) {
			return fmt.Sprintf("tag %q, value %q: want letters and digits, and printable ASCII", rr.Tag, rr.Value)
		}
	case *dns.TXT:
		var text strings.Builder
		for _, part := range rr.Txt {
			text.WriteString(unescape(part))
		}
		r.Content = content(text.String())
	default:
		return fmt.Sprintf("type %s: settings take %s", r.Type, strings.Join(taken, ", "))
	}
	return reason
}

func address(ip []byte) (content, reason string) {
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return "", "no address"
	}
	return a.String(), ""
}

// target is the name that a record points to; "." says that there is none.
func target(name, zone string) (content, reason string) {
	name = canonicalName(name)
	switch {
	case name == ".":
	case !hostShape.MatchString(name) || len(name) > maxName:
		return "", fmt.Sprintf("target %q is no name of a host", name)
	case strings.HasSuffix("."+name, "."+zone+"."+zone):
		return "", fmt.Sprintf("target %q ends with the zone a second time: the dot at its end is missing", name)
	}
	return name, ""
}
