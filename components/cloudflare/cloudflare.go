// Package cloudflare is what several components of Cloudflare need: the shapes
// of its ids and of DNS names. It makes no resource. What one component alone
// needs stays there.
package cloudflare

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

var (
	idShape   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	uuidShape = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

	// RFC 1035 and RFC 1123: labels of at most 63; the last begins with a letter,
	// which tells a name from an IPv4 address
	hostShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	// RFC 2181: DNS itself takes more; underscores mark names that are no hosts
	nameShape = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

const maxName = 253 // octets of a name: RFC 1035, without the root

// IsID says whether s may be the id of an account, a zone or a record.
func IsID(s string) bool { return idShape.MatchString(s) }

// IsUUID says whether s may be the id of a thing of Zero Trust.
func IsUUID(s string) bool { return uuidShape.MatchString(s) }

// IsHost says whether s is the full name of a host: lower-case letters, digits
// and inner hyphens, at least two labels, no trailing dot.
func IsHost(s string) bool { return len(s) <= maxName && hostShape.MatchString(s) }

// IsName says whether s is a full name in DNS: as that of a host, but labels may
// have underscores.
func IsName(s string) bool { return len(s) <= maxName && nameShape.MatchString(s) }

// Known is the value of an input that is no output, and whether it is none.
func Known(in pulumi.StringInput) (string, bool) {
	s, known := in.(pulumi.String)
	return string(s), known
}

// CheckZoneID wants an id as far as it is known. The provider takes anything and
// fails only at an update: "Could not route to /zones/...".
func CheckZoneID(p *components.Problems, field string, id pulumi.StringInput) {
	p.Want(id != nil, "%s is required", field)
	if known, ok := Known(id); ok {
		p.Want(IsID(known), "%s %q: want the zone's id, 32 hexadecimal digits", field, known)
	}
}

// CheckAccountID wants the id of an account.
func CheckAccountID(p *components.Problems, field, id string) {
	p.Want(IsID(id), "%s %q: want the account's id, 32 hexadecimal digits", field, id)
}

// CheckUUIDs wants ids of things of Zero Trust, none twice.
func CheckUUIDs(p *components.Problems, field string, ids []string) {
	for i, id := range ids {
		p.Want(IsUUID(id), `%s[%d] %q: want an id such as "f174e90a-fafe-4643-bbbc-4a0ed4fc8415"`, field, i, id)
	}
	p.Distinct(field, ids)
}

// CheckHost wants the full name of a host.
func CheckHost(p *components.Problems, field, host string) {
	p.Want(IsHost(host), `%s %q: want a full host name such as "api.example.com": lower-case, no scheme, no trailing dot`, field, host)
}

// CheckHosts wants full names of hosts, none twice; wildcards allows "*." in front.
func CheckHosts(p *components.Problems, field string, hosts []string, wildcards bool) {
	for i, host := range hosts {
		name := host
		if wildcards {
			name = strings.TrimPrefix(host, "*.")
		}
		p.Want(IsHost(name), `%s[%d] %q: want a full host name such as "api.example.com": lower-case, no scheme, no path`, field, i, host)
	}
	p.Distinct(field, hosts)
}

// CheckKeys wants keys that can become part of logical names.
func CheckKeys[V any](p *components.Problems, field string, m map[string]V) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		p.Want(components.IsName(key), "%s[%q]: want a key of lower-case letters, digits and inner hyphens, a letter first", field, key)
	}
}
