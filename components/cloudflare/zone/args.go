package zone

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/cloudflare"
	"ai-worker/components/cloudflare/record"
)

// Args configures a Zone. The zero value of an option is the strong choice.
type Args struct {
	ZoneID pulumi.StringInput // ZoneID of a zone that exists, 32 hexadecimal digits. Required.
	Zone   string             // Zone is its name, "example.com". Required.

	// SSL is how Cloudflare reaches the origins of proxied hosts: "strict", which
	// empty means, or "full", which takes any certificate of theirs. Nothing lets it
	// reach them without TLS.
	SSL string
	// MinTLS that visitors need: "1.2", which empty means, or "1.3".
	MinTLS string
	// HSTS, if given, has browsers refuse the zone's hosts without HTTPS.
	HSTS *HSTS
	// DisableBrowserCheck lets in clients without the header of a browser, which are
	// challenged otherwise.
	DisableBrowserCheck bool

	// DisableDNSSEC leaves the zone unsigned. Take its DS record from the registrar
	// first and let its TTL pass: until then resolvers refuse an unsigned zone.
	DisableDNSSEC bool
	CAA           CAA // CAA says who may issue certificates for the zone.

	// Owner says who keeps the records, such as "ai-worker dev: zone", in their
	// comments of at most 100 characters. Required.
	Owner string
	// AllowDeletion lifts the protection: settings and DNSSEC can be destroyed. The
	// settings go back to what they were before, and an unsigned zone whose DS record
	// is still at the registrar is resolved by nobody.
	AllowDeletion bool
}

// HSTS is RFC 6797. A browser that has seen it keeps to it until MaxAgeDays have
// passed, also when it is no longer sent.
type HSTS struct {
	MaxAgeDays        int  // MaxAgeDays, 1 to 365. Begin with a day. Required.
	IncludeSubdomains bool // IncludeSubdomains holds for all names below, whoever serves them.
	// Preload asks browsers to build the rule in, which takes months to undo. It
	// needs IncludeSubdomains and 365 days.
	Preload bool
}

// CAA says who may issue certificates: those of Google Cloud and those that
// Cloudflare's edge certificates come from. While Universal SSL is on, Cloudflare
// adds the latter to the answers on its own; the records make the list complete
// without it.
type CAA struct {
	Extra []string // Extra authorities, by domain: "amazon.com".
	// Iodef, if given, is where authorities report requests that they refused:
	// "mailto:..." or "https://...".
	Iodef string
	// Disabled makes no records: any authority may then issue.
	Disabled bool
}

const (
	day = 24 * 60 * 60
	// https://developers.cloudflare.com/ssl/edge-certificates/additional-options/http-strict-transport-security/:
	// the most, and the least that https://hstspreload.org takes
	maxHSTSDays = 365
)

// authorities are Google's own, also used by Cloudflare, and Cloudflare's others:
// https://developers.cloudflare.com/ssl/reference/certificate-authorities/
var authorities = []string{"pki.goog", "letsencrypt.org", "sectigo.com", "ssl.com"}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	cloudflare.CheckZoneID(&p, "zoneId", a.ZoneID)
	cloudflare.CheckHost(&p, "zone", a.Zone)
	p.Want(a.SSL != "off" && a.SSL != "flexible", "ssl %q: Cloudflare would reach the origins without TLS: want strict", a.SSL)
	p.OneOf("ssl", cmp.Or(a.SSL, "strict"), "strict", "full")
	p.OneOf("minTls", cmp.Or(a.MinTLS, "1.2"), "1.2", "1.3")
	if h := a.HSTS; h != nil {
		p.Want(h.MaxAgeDays >= 1 && h.MaxAgeDays <= maxHSTSDays, "hsts.maxAgeDays %d: want 1 to %d", h.MaxAgeDays, maxHSTSDays)
		p.Want(!h.Preload || h.IncludeSubdomains && h.MaxAgeDays == maxHSTSDays,
			"hsts.preload: needs includeSubdomains and maxAgeDays %d", maxHSTSDays)
	}
	record.CheckOwner(&p, a.Owner)
	for i, authority := range a.CAA.Extra {
		p.Want(cloudflare.IsHost(authority), `caa.extra[%d] %q: want the domain of an authority such as "amazon.com"`, i, authority)
	}
	p.Distinct("caa.authorities", a.authorities())
	p.Want(a.CAA.Iodef == "" || record.IsReportAddress(a.CAA.Iodef),
		`caa.iodef %q: want where reports go, "mailto:..." or "https://..."`, a.CAA.Iodef)
	p.Want(!a.CAA.Disabled || len(a.CAA.Extra) == 0 && a.CAA.Iodef == "", "caa: extra and iodef are excluded by disabled")
	return p.Err()
}

func (a *Args) authorities() []string {
	return append(authorities[:len(authorities):len(authorities)], a.CAA.Extra...)
}

// caa are the records at the zone itself, by what their logical names end in.
func (a *Args) caa() map[string]*record.Args {
	records := map[string]*record.Args{}
	add := func(key, tag, value string) {
		records[key] = &record.Args{
			ZoneID: a.ZoneID, Zone: a.Zone, Name: "@", Type: "CAA", CAA: &record.CAA{Tag: tag, Value: value}, Owner: a.Owner,
		}
	}
	if a.CAA.Disabled {
		return records
	}
	for _, authority := range a.authorities() {
		for _, tag := range []string{"issue", "issuewild"} {
			add(fmt.Sprintf("%s-%s", tag, authority), tag, authority)
		}
	}
	if a.CAA.Iodef != "" {
		add("iodef", "iodef", a.CAA.Iodef)
	}
	return records
}
