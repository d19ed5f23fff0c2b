package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Who may write a name of the zone.
const (
	// OwnerCloudflare is the stack cloudflare: the name has the records that
	// settings say.
	OwnerCloudflare = "cloudflare"
	// OwnerExternalDNS is external-dns in the cluster: it owns the name and all
	// below it.
	OwnerExternalDNS = "external-dns"
	// OwnerNobody is somebody outside of this program, who must be left alone.
	OwnerNobody = "nobody"
)

var owners = []string{OwnerCloudflare, OwnerExternalDNS, OwnerNobody}

// DNS is the zone of the environment and the map of who owns which name in it:
// two that write one name would undo each other's records.
type DNS struct {
	// ZoneID is the zone's number at Cloudflare, 32 hexadecimal digits.
	ZoneID string `json:"zoneId"`
	// Owners are the owners of names, without the domain ("api", "*.preview"), "@"
	// being the domain itself: cloudflare, external-dns or nobody.
	Owners map[string]string `json:"owners"`
}

var (
	zoneShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
	// a label of a name in a zone may begin with an underscore
	nameShape = regexp.MustCompile(`^(@|(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*|\*)$`)
)

// Names are the full names of an owner, sorted.
func (s *Settings) Names(owner string) []string {
	var names []string
	for name, of := range s.DNS.Owners {
		if of == owner {
			names = append(names, full(name, s.Domain))
		}
	}
	slices.Sort(names)
	return names
}

func full(name, domain string) string {
	if name == "@" {
		return domain
	}
	return name + "." + domain
}

func (d *DNS) validate(p *problems, at, domain string) {
	p.unless(d.ZoneID == "" || zoneShape.MatchString(d.ZoneID), at+".zoneId", "%q is no zone id: want 32 hexadecimal digits", d.ZoneID)
	names := slices.Sorted(maps.Keys(d.Owners))
	for _, name := range names {
		owner, at := d.Owners[name], at+".owners."+name
		p.unless(nameShape.MatchString(name), at, `%q is no name in the zone, such as "api"; leave the domain out, "@" is the domain itself`, name)
		p.unless(!strings.HasSuffix("."+name, "."+domain), at, "leave the domain %q out", domain)
		p.unless(slices.Contains(owners, owner), at, "%q is no owner: want one of %s", owner, strings.Join(owners, ", "))
		if owner != OwnerExternalDNS {
			continue
		}
		p.unless(name != "@", at, "external-dns would own the whole zone; give it a name in the zone")
		for _, other := range names {
			p.unless(!strings.HasSuffix(other, "."+name), at,
				"external-dns owns all names below this one, and %q is %s's: two would write one name", other, d.Owners[other])
		}
	}
}
