package record

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/cloudflare"
)

const (
	maxString = 255  // octets of one string of a TXT: RFC 1035
	maxData   = 4096 // https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/
)

var (
	types = []string{"A", "AAAA", "CNAME", "TXT", "MX", "CAA", "SRV"}

	serviceShape = regexp.MustCompile(`^_[a-z0-9-]+\._[a-z]+(\.|$)`)
)

// checkContent wants what the type takes, and nothing that is another type's.
func (a *Args) checkContent(p *components.Problems) {
	p.OneOf("type", a.Type, types...)
	if !slices.Contains(types, a.Type) {
		return
	}
	data := a.Type == "CAA" || a.Type == "SRV"
	p.Want(data || a.Content != nil, "content is required by a record of type %s", a.Type)
	p.Want(!data || a.Content == nil, "content: a record of type %s has %s instead", a.Type, strings.ToLower(a.Type))
	p.Want((a.CAA != nil) == (a.Type == "CAA"), "caa: want it with a record of type CAA, and no other")
	p.Want((a.SRV != nil) == (a.Type == "SRV"), "srv: want it with a record of type SRV, and no other")
	if a.Type == "MX" {
		check16(p, "priority", a.Priority)
	} else {
		p.Want(a.Priority == 0, "priority %d: is of an MX only", a.Priority)
	}
	if a.Type == "CAA" && a.CAA != nil {
		a.CAA.check(p)
	}
	if a.Type == "SRV" && a.SRV != nil {
		a.SRV.check(p)
		p.Want(serviceShape.MatchString(a.Name), `name %q: want service and protocol in front, as "_sip._tcp"`, a.Name)
	}
	if content, known := cloudflare.Known(a.Content); known && !data {
		a.checkKnown(p, content)
	}
}

func (a *Args) checkKnown(p *components.Problems, content string) {
	switch a.Type {
	case "A", "AAAA":
		a.checkAddress(p, content)
	case "CNAME":
		target := strings.TrimSuffix(content, ".") // one is the same to the provider
		p.Want(cloudflare.IsName(target), "content %q: want a full host name: lower-case, no scheme, no spaces", content)
		p.Want(target != a.FullName(), "content %q: the record would name itself", content)
	case "MX":
		p.Want(content == "." || cloudflare.IsHost(strings.TrimSuffix(content, ".")),
			`content %q: want a full host name, not an address, or "." for nobody`, content)
		p.Want(content != "." || a.Priority == 0, `priority %d: an MX of "." has 0`, a.Priority)
	case "TXT":
		p.Want(content != "" && content == strings.TrimSpace(content), "content %q: want text without spaces around it", content)
		p.Want(strings.IndexFunc(content, func(r rune) bool { return r < ' ' || r > '~' }) < 0,
			"content %q: want printable ASCII", content)
		p.Want(!strings.HasPrefix(content, `"`), "content %q: want the plain text, which is quoted here", content)
		p.Want(len(content)+len(split(content)) <= maxData, "content: %d characters, want at most %d with a length for every %d",
			len(content), maxData, maxString)
	}
}

func (a *Args) checkAddress(p *components.Problems, content string) {
	ip, err := netip.ParseAddr(content)
	want, family := ip.Is4(), "IPv4"
	if a.Type == "AAAA" {
		want, family = ip.Is6() && !ip.Is4In6() && ip.Zone() == "", "IPv6"
	}
	p.Want(err == nil && want, "content %q: want an %s address", content, family)
	p.Want(err != nil || !a.Proxied || ip.IsGlobalUnicast() && !ip.IsPrivate(),
		"content %q: Cloudflare's proxy reaches public addresses only", content)
}

func (c *CAA) check(p *components.Problems) {
	p.Want(c.Flags == 0 || c.Flags == 128, "caa.flags %d: want 0, or 128 for critical", c.Flags)
	p.OneOf("caa.tag", c.Tag, "issue", "issuewild", "iodef")
	if c.Tag == "iodef" {
		p.Want(IsReportAddress(c.Value), `caa.value %q: want where reports go, "mailto:..." or "https://..."`, c.Value)
		return
	}
	authority, _, parameters := strings.Cut(c.Value, ";")
	authority = strings.TrimSpace(authority)
	p.Want(cloudflare.IsHost(authority) || authority == "" && parameters,
		`caa.value %q: want the domain of an authority such as "pki.goog", or ";" for none`, c.Value)
}

// IsReportAddress says whether s is where an authority can report to: RFC 8659.
func IsReportAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "mailto" && strings.Contains(u.Opaque, "@") || u.Scheme == "https" && u.Host != "")
}

func (s *SRV) check(p *components.Problems) {
	check16(p, "srv.priority", s.Priority)
	check16(p, "srv.weight", s.Weight)
	check16(p, "srv.port", s.Port)
	p.Want(s.Target == "." || cloudflare.IsHost(s.Target), `srv.target %q: want a full host name, or "." for none`, s.Target)
}

// check16 wants what 16 bits hold: the provider cuts the rest off and says nothing.
func check16(p *components.Problems, field string, n int) {
	p.Want(n >= 0 && n <= max16, "%s %d: want 0 to %d", field, n, max16)
}

// quoted is the text as the API has it: strings of at most 255 octets, in
// quotation marks. Without them it warns, and what it splits comes back changed.
func quoted(text pulumi.StringInput) pulumi.StringInput {
	quote := func(text string) string {
		var parts []string
		for _, s := range split(text) {
			parts = append(parts, `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)+`"`)
		}
		return strings.Join(parts, " ")
	}
	if known, ok := cloudflare.Known(text); ok {
		return pulumi.String(quote(known))
	}
	return text.ToStringOutput().ApplyT(quote).(pulumi.StringOutput)
}

func split(text string) []string {
	var parts []string
	for s := range slices.Chunk([]byte(text), maxString) {
		parts = append(parts, string(s))
	}
	return parts
}
