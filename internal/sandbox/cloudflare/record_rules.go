package cloudflare

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// recordName: relative to the zone or full; "@" is the zone itself.
func recordName(v resource.PropertyValue) error {
	name := v.StringValue()
	switch {
	case name == "":
		return fmt.Errorf("a record must not have an empty name (use @ for the zone apex)")
	case len(name) > 253:
		return fmt.Errorf("%q: %d characters, at most 253", name, len(name))
	case name == "@" || name == "*":
		return nil
	}
	for _, l := range strings.Split(strings.TrimPrefix(name, "*."), ".") {
		if !label.MatchString(l) {
			return fmt.Errorf("%q: %q is no label: want 1 to 63 letters, digits, underscores and inner hyphens, * only alone in front", name, l)
		}
	}
	return nil
}

// ttl: from 30 only in an Enterprise zone, which [underPlan] knows.
func ttl(v resource.PropertyValue) error {
	if n := v.NumberValue(); n != 1 && (n < 30 || n > 86400) {
		return fmt.Errorf("%v: TTL must be between 60 and 86400 seconds, or 1 for Automatic. (9021)", n)
	}
	return nil
}

func comment(v resource.PropertyValue) error {
	switch c := v.StringValue(); {
	case len([]rune(c)) > 500:
		return fmt.Errorf("%d characters, at most 100 in a free zone and 500 in others (9101)", len([]rune(c)))
	case strings.ContainsAny(c, "\r\n"):
		return fmt.Errorf("%q has a line break (9102)", c)
	}
	return nil
}

func noOverwrite(v resource.PropertyValue) error {
	if v.BoolValue() {
		return fmt.Errorf("it would take over, and later delete, a record that somebody else made, and no preview shows it; import that record")
	}
	return nil
}

// contents are the rules of what a record says, for the types that say it in one
// text. The others take data.
var contents = map[string]sandbox.Rule{
	"A": address("a valid IPv4 address. (9005)", netip.Addr.Is4),
	"AAAA": address("a valid IPv6 address. (9006)", func(ip netip.Addr) bool {
		return ip.Is6() && !ip.Is4In6() && ip.Zone() == ""
	}),
	"CNAME": hostRule,
	"NS":    hostRule,
	"PTR":   hostRule,
	"MX":    mailHost,
	"TXT":   text,
	"SPF":   text,
}

func address(want string, is func(netip.Addr) bool) sandbox.Rule {
	return func(v resource.PropertyValue) error {
		if ip, err := netip.ParseAddr(v.StringValue()); err != nil || !is(ip) {
			return fmt.Errorf("%q: content must be %s", v.StringValue(), want)
		}
		return nil
	}
}

// mailHost: a single dot says that the name takes no mail (RFC 7505).
func mailHost(v resource.PropertyValue) error {
	if v.StringValue() == "." {
		return nil
	}
	return checkHost(v.StringValue())
}

var quoted = regexp.MustCompile(`^"([^"\\]|\\.){0,255}"( "([^"\\]|\\.){0,255}")*$`)

// text: https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/#txt
func text(v resource.PropertyValue) error {
	switch t := v.StringValue(); {
	case t == "":
		return fmt.Errorf("a TXT record says something")
	case strings.ContainsFunc(t, func(r rune) bool { return r < ' ' || r > '~' }):
		return fmt.Errorf("TXT record must contain printable ASCII, found: %q (9051)", t)
	case len(t) > 2048:
		return fmt.Errorf("%d characters, at most 2048", len(t))
	case t[0] == '"' && !quoted.MatchString(t):
		return fmt.Errorf("%s: a text in quotes is strings of at most 255 characters, each in quotes of its own", t)
	}
	return nil
}

// checkSource: a record says what it says either in content or in data.
func checkSource(o *sandbox.Object) error {
	typ, structured := o.Str("type"), dataKeys[o.Str("type")] != nil
	switch {
	case o.Has("value"):
		return problem("value", "deprecated in favour of content, and removed in the next major release: give content. "+
			"(A change from one to the other would send the old one for ever.)")
	case o.Has("content") == o.Has("data"):
		return problem("content", "invalid combination of arguments: exactly one of content, data must be specified")
	case structured && o.Has("content"):
		return problem("content", "the API takes a %s record's %s only in data", typ, strings.Join(dataKeys[typ], ", "))
	case typ != "" && !structured && o.Has("data"):
		return problem("data", "a %s record has a content and no data", typ)
	}
	return nil
}

func checkContent(o *sandbox.Object) error {
	rule := contents[o.Str("type")]
	if rule == nil || !o.Known("content") {
		return nil
	}
	if err := rule(o.Get("content")); err != nil {
		return problem("content", "%s", err)
	}
	return nil
}

// checkPriority: the provider drops it for other types.
func checkPriority(o *sandbox.Object) error {
	takes := slices.Contains(withPriority, o.Str("type"))
	switch typ := o.Str("type"); {
	case takes && !o.Has("priority"):
		return problem("priority", "priority is a required field of a record of type %s", typ)
	case typ != "" && !takes && o.Has("priority"):
		return problem("priority", "the provider never sends that of a record of type %s; SRV, HTTPS and SVCB have theirs in data", typ)
	}
	return nil
}

// checkProxied: https://developers.cloudflare.com/dns/proxy-status/
func checkProxied(o *sandbox.Object) error {
	typ := o.Str("type")
	switch ip, err := netip.ParseAddr(o.Str("content")); {
	case !o.Bool("proxied"):
		return nil
	case typ != "" && !slices.Contains(proxiable, typ):
		return problem("proxied", "type %q cannot be proxied (9004)", typ)
	case o.Known("ttl") && o.Num("ttl") != 1:
		return problem("ttl", "%v: ttl must be set to 1 when `proxied` is true", o.Num("ttl"))
	case err == nil && !routable(ip):
		return problem("content", "Target %s is not allowed for a proxied record: Cloudflare cannot reach it (9003)", ip)
	}
	return nil
}

// routable says whether an address is one of the Internet's.
func routable(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !netip.MustParsePrefix("100.64.0.0/10").Contains(ip)
}
