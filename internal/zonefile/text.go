package zonefile

import (
	"fmt"
	"strings"

	"github.com/miekg/dns"
)

// Relative is a full name without the zone, as a Record has it: "@" for the zone
// itself. It is false for a name that is not in the zone.
func Relative(name, zone string) (string, bool) {
	name, zone = canonicalName(name), canonicalName(zone)
	if name == zone {
		return "@", true
	}
	return strings.CutSuffix(name, "."+zone)
}

// canonicalName is a name in lower case, without the dot at its end.
func canonicalName(name string) string {
	if name = dns.CanonicalName(name); name == "." {
		return name
	}
	return strings.TrimSuffix(name, ".")
}

// maxString is the length of one string of a TXT in octets (RFC 1035, 3.3).
const maxString = 255

// content is how a Record has a text: plain, if Cloudflare cannot take it for
// anything else. A plain text of any length is one string to its API.
func content(text string) string {
	if printable(text) && text != "" && strings.TrimSpace(text) == text && !strings.ContainsAny(text, `"\`) {
		return text
	}
	var quoted []string
	for {
		part := text[:min(len(text), maxString)]
		quoted = append(quoted, `"`+escape(part)+`"`)
		if text = text[len(part):]; text == "" {
			return strings.Join(quoted, " ")
		}
	}
}

// plain undoes content, and takes what Cloudflare returns: a text in quotes.
func plain(content string) string {
	if !strings.HasPrefix(content, `"`) {
		return content
	}
	var (
		text   strings.Builder
		quoted bool
	)
	for i := 0; i < len(content); i++ {
		switch c := content[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\':
			octet, n := escaped(content[i:])
			text.WriteByte(octet)
			i += n - 1
		case quoted || c != ' ':
			text.WriteByte(c)
		}
	}
	return text.String()
}

// escape writes a string as in a zone file, within quotes.
func escape(text string) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unescape undoes escape.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		octet, n := text[i], 1
		if octet == '\\' {
			octet, n = escaped(text[i:])
		}
		b.WriteByte(octet)
		i += n
	}
	return b.String()
}

// escaped is the octet that a backslash and what follows it stand for, and their
// length: three decimal digits are its value, anything else is itself.
func escaped(text string) (octet byte, n int) {
	if len(text) >= 4 {
		value := 0
		for _, c := range []byte(text[1:4]) {
			if c < '0' || c > '9' {
				value = 256
				break
			}
			value = 10*value + int(c-'0')
		}
		if value < 256 {
			return byte(value), 4
		}
	}
	if len(text) == 1 {
		return '\\', 1
	}
	return text[1], 2
}

// printable is what the provider takes in a text.
func printable(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
