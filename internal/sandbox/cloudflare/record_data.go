package cloudflare

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ai-worker/internal/sandbox"
)

// dataKeys are what a record says in data, in the order of its text. The provider
// sends 0 or nothing for a key that is left out.
var dataKeys = map[string][]string{
	"CAA":    {"flags", "tag", "value"},
	"CERT":   {"type", "keyTag", "algorithm", "certificate"},
	"DNSKEY": {"flags", "protocol", "algorithm", "publicKey"},
	"DS":     {"keyTag", "algorithm", "digestType", "digest"},
	"HTTPS":  {"priority", "target", "value"},
	"LOC": {"latDegrees", "latMinutes", "latSeconds", "latDirection", "longDegrees", "longMinutes", "longSeconds", "longDirection",
		"altitude", "size", "precisionHorz", "precisionVert"},
	"NAPTR":  {"order", "preference", "flags", "service", "regex", "replacement"},
	"SMIMEA": {"usage", "selector", "matchingType", "certificate"},
	"SRV":    {"priority", "weight", "port", "target"},
	"SSHFP":  {"algorithm", "type", "fingerprint"},
	"SVCB":   {"priority", "target", "value"},
	"TLSA":   {"usage", "selector", "matchingType", "certificate"},
	"URI":    {"weight", "target"},
}

// checkData wants all keys of the type and no others.
func checkData(o *sandbox.Object) error {
	typ, data := o.Str("type"), o.Get("data")
	keys := dataKeys[typ]
	if keys == nil || !data.IsObject() {
		return nil
	}
	for _, key := range keys {
		if !o.Has("data." + key) {
			return problem("data."+key, "missing: a %s record has %s", typ, strings.Join(keys, ", "))
		}
	}
	for _, key := range data.ObjectValue().StableKeys() {
		if !slices.Contains(keys, string(key)) && o.Has("data."+string(key)) {
			return problem("data."+string(key), "a %s record has %s only", typ, strings.Join(keys, ", "))
		}
	}
	if typ == "CAA" {
		return checkCAA(o)
	}
	return nil
}

// checkCAA: RFC 8659, 4.2 to 4.4; the key is value, not content.
func checkCAA(o *sandbox.Object) error {
	flags, value := o.Str("data.flags"), o.Str("data.value")
	issuer, _, _ := strings.Cut(value, ";")
	issuer = strings.TrimSpace(issuer)
	switch {
	case o.Known("data.flags") && flags != "0" && flags != "128":
		return problem("data.flags", `%q: want "0", or "128" for critical`, flags)
	case !o.Known("data.value"):
		return nil
	case o.Str("data.tag") == "iodef":
		if !strings.HasPrefix(value, "mailto:") && !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") {
			return problem("data.value", "%q: iodef wants a mailto: or https:// address", value)
		}
	case issuer == "" && !strings.HasPrefix(strings.TrimSpace(value), ";"):
		return problem("data.value", `%q: want the domain of an authority, or ";" for none`, value)
	case issuer != "":
		if err := checkHost(issuer); err != nil {
			return problem("data.value", "%s", err)
		}
	}
	return nil
}

var service = regexp.MustCompile(`^_[a-z0-9-]+\._[a-z0-9-]+(\.|$)`)

// checkService: RFC 2782; the API no longer takes service and protocol in data.
func checkService(o *sandbox.Object) error {
	target := o.Str("data.target")
	switch {
	case o.Str("type") != "SRV":
		return nil
	case o.Known("name") && !service.MatchString(o.Str("name")):
		return problem("name", "%q: an SRV record's name begins with _service._protocol", o.Str("name"))
	case !o.Known("data.target") || target == ".":
		return nil
	}
	if err := checkHost(target); err != nil {
		return problem("data.target", "%s", err)
	}
	return nil
}

// dataContent is the text that the API makes of data, as in a zone file.
func dataContent(o *sandbox.Object) string {
	var words []string
	for _, key := range dataKeys[o.Str("type")] {
		switch v := o.Get("data." + key); {
		case v.IsNumber():
			words = append(words, strconv.FormatFloat(v.NumberValue(), 'f', -1, 64))
		case v.IsString() && slices.Contains([]string{"CAA value", "URI target"}, o.Str("type")+" "+key):
			words = append(words, fmt.Sprintf("%q", v.StringValue()))
		case v.IsString():
			words = append(words, v.StringValue())
		}
	}
	return strings.Join(words, " ")
}
