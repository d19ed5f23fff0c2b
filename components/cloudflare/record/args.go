package record

import (
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/cloudflare"
)

// Args configures a Record.
type Args struct {
	ZoneID pulumi.StringInput // ZoneID is the zone's id, 32 hexadecimal digits. Required.
	Zone   string             // Zone is the zone's name, "example.com". Required.
	// Name in the zone, without the zone's own: "api", "*.preview", "_dmarc"; "@" or
	// the zone's name is the zone itself. Another name replaces the record. Required.
	Name string
	// Type is A, AAAA, CNAME, TXT, MX, CAA or SRV. Another one replaces the record. Required.
	Type string

	// Content of all types but CAA and SRV: an IPv4 address, an IPv6 address, a full
	// host name for CNAME and MX, or the plain text of a TXT, which the component
	// quotes and splits. "." as that of an MX says that nobody takes mail. Required there.
	Content  pulumi.StringInput
	Priority int  // Priority of an MX, 0 to 65535; the lowest is tried first.
	CAA      *CAA // CAA is required by that type, and by no other.
	SRV      *SRV // SRV is required by that type, and by no other.

	// TTL in seconds, 60 to 86400; 0 or 1 means automatic, which a proxied record has.
	TTL int
	// Proxied has visitors reach Cloudflare, and Cloudflare the content: A, AAAA and
	// CNAME only.
	Proxied bool
	// AdvancedCertificate says that a certificate at Cloudflare's edge other than
	// that of Universal SSL covers the name, which may then be proxied more than one
	// level below the zone.
	AdvancedCertificate bool

	// Owner says who keeps the record, such as "ai-worker dev: api ingress", in a
	// comment of at most 100 characters. Required, but for an adopted record, which
	// without it has no comment.
	Owner string
	// ImportID is Cloudflare's id of a record that exists already and is adopted, 32
	// hexadecimal digits.
	ImportID string
	// Adopted says that this has been done. The engine would do it again and again,
	// each time as a replacement: a record is imported by another id than it has.
	Adopted bool
}

// CAA allows an authority to issue certificates: RFC 8659.
type CAA struct {
	Flags int    // Flags are 0, or 128 for an authority to refuse what it does not understand.
	Tag   string // Tag is issue, issuewild or iodef. Required.
	// Value is the domain of the authority, with its parameters after semicolons, ";"
	// for none; of an iodef the mailto: or https: address that gets reports. Required.
	Value string
}

// SRV says where a service is: RFC 2782. The record's name begins with the
// service and its protocol, as "_sip._tcp".
type SRV struct {
	Priority int    // Priority, 0 to 65535; the lowest is tried first.
	Weight   int    // Weight among those of one priority, 0 to 65535.
	Port     int    // Port, 0 to 65535.
	Target   string // Target is a full host name, or "." for no such service. Required.
}

const (
	automatic = 1 // what the API calls the TTL that it chooses

	// https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/
	minTTL, maxTTL = 60, 86400
	// https://developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes/: of the free plan
	maxComment = 100
	max16      = 1<<16 - 1
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	cloudflare.CheckZoneID(&p, "zoneId", a.ZoneID)
	cloudflare.CheckHost(&p, "zone", a.Zone)
	a.checkName(&p)
	a.checkContent(&p)
	p.Want(a.TTL == 0 || a.TTL == automatic || a.TTL >= minTTL && a.TTL <= maxTTL,
		"ttl %d: want %d to %d seconds, or 0 for automatic", a.TTL, minTTL, maxTTL)
	if a.Proxied {
		a.checkProxied(&p)
	}
	if a.Owner != "" || a.ImportID == "" {
		CheckOwner(&p, a.Owner)
	}
	p.Want(a.ImportID == "" || cloudflare.IsID(a.ImportID), "importId %q: want the record's id, 32 hexadecimal digits", a.ImportID)
	return p.Err()
}

// CheckOwner wants what a comment takes, and says who keeps a record.
func CheckOwner(p *components.Problems, owner string) {
	p.Want(owner != "", `owner is required: who keeps the record, such as "ai-worker dev: api ingress"`)
	p.Want(utf8.RuneCountInString(owner) <= maxComment && !strings.ContainsAny(owner, "\r\n"),
		"owner %q: want one line of at most %d characters", owner, maxComment)
}

func (a *Args) apex() bool { return a.Name == "@" || a.Name == a.Zone }

// FullName is the record's name with the zone's.
func (a *Args) FullName() string {
	if a.apex() {
		return a.Zone
	}
	return a.Name + "." + a.Zone
}

// wireName is as the provider has it after an import: without the zone, which
// itself has its full name. Another spelling of the same would replace the record.
func (a *Args) wireName() string {
	if a.apex() {
		return a.Zone
	}
	return a.Name
}

func (a *Args) checkName(p *components.Problems) {
	p.Want(!strings.HasSuffix(a.Name, "."+a.Zone), "name %q: leave the zone %q out", a.Name, a.Zone)
	bare := strings.TrimPrefix(a.FullName(), "*.")
	p.Want(cloudflare.IsName(bare),
		`name %q: want lower-case letters, digits, hyphens and underscores in labels of at most 63, "*" in front only, or "@"`, a.Name)
}

// checkProxied wants what Cloudflare can stand in front of, with a certificate.
func (a *Args) checkProxied(p *components.Problems) {
	p.Want(a.Type == "A" || a.Type == "AAAA" || a.Type == "CNAME", "proxied: a record of type %q cannot be", a.Type)
	p.Want(a.TTL <= automatic, "ttl %d: a proxied record's is automatic, leave it 0", a.TTL)
	p.Want(!strings.Contains(a.Name, "_"), "proxied: name %q has an underscore, which no certificate takes", a.Name)
	// https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/
	p.Want(a.apex() || a.AdvancedCertificate || !strings.Contains(a.Name, "."),
		"proxied: Universal SSL covers names one level below the zone, not %q: visitors would get no certificate; "+
			"order an advanced one and say so in advancedCertificate", a.Name)
}
