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
	// OwnerAuthority is the stack cloudflare too, for a certificate authority or a
	// cloud, which looks there whether the domain is ours.
	OwnerAuthority = "certificate-authority"
	// OwnerExternalDNS is external-dns in the cluster: it owns the name and all
	// below it.
	OwnerExternalDNS = "external-dns"
	// OwnerNobody is somebody outside of this program, who must be left alone.
	OwnerNobody = "nobody"
)

// others are the owners that settings name; what the stack owns follows from its
// hosts and records.
var others = []string{OwnerExternalDNS, OwnerNobody}

// Stages are the way of a host from a record that leads to the load balancer to a
// proxy that it accepts nobody else from, in order. A host moves one at a time, in
// either direction; docs/cutover.md tells what each needs.
var Stages = []string{"dns-only", "certificate-ready", "strict", "proxied", "origin-locked", "authenticated"}

// StageAt is where a stage stands among [Stages], -1 if it is none. Empty is the first.
func StageAt(stage string) int {
	if stage == "" {
		return 0
	}
	return slices.Index(Stages, stage)
}

// DNS is the zone of the environment, the hosts that it serves, and who else owns
// which name in it: two that write one name would undo each other's records.
type DNS struct {
	// ZoneID is the zone's number at Cloudflare, 32 hexadecimal digits.
	ZoneID string `json:"zoneId"`
	// Hosts are the names that the environment's gateway answers to, without the
	// domain ("api"), "@" being the domain itself.
	Hosts map[string]Host `json:"hosts"`
	// Owners are the owners of names that are not the stack's: external-dns, or
	// nobody of us.
	Owners map[string]string `json:"owners"`
}

// Host is one name that the gateway answers to.
type Host struct {
	Stage string `json:"stage"` // Stage is one of [Stages]; empty means dns-only.
	// ImportID is Cloudflare's id of an A record of the name that is to be adopted.
	ImportID string `json:"importId"`
}

// At is the host's stage as a number.
func (h Host) At() int { return StageAt(h.Stage) }

var (
	zoneShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
	// a label of a name in a zone may begin with an underscore
	nameShape = regexp.MustCompile(`^(@|(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*|\*)$`)
	hostShape = regexp.MustCompile(`^(@|[a-z]([a-z0-9-]*[a-z0-9])?)$`) // part of logical names
)

// Ownership is the map of who owns which name of the zone, without the domain.
func (s *Settings) Ownership() map[string]string {
	owners := maps.Clone(s.DNS.Owners)
	if owners == nil {
		owners = map[string]string{}
	}
	for name := range s.DNS.Hosts {
		owners[name] = OwnerCloudflare
		owners[Challenge(name)] = OwnerAuthority
	}
	if s.Azure != nil {
		for name := range s.Azure.Hosts {
			owners[name] = OwnerCloudflare
			owners[Verification(name)] = OwnerAuthority
		}
	}
	if s.Cloudflare != nil {
		for _, r := range s.Cloudflare.All() {
			owners[r.Name] = OwnerCloudflare
		}
	}
	return owners
}

// Challenge is where an authority looks for the proof of a name: RFC 8555, 8.4.
func Challenge(name string) string {
	if name == "@" {
		return "_acme-challenge"
	}
	return "_acme-challenge." + name
}

// Names are the full names of owners, sorted.
func (s *Settings) Names(owners ...string) []string {
	var names []string
	for name, of := range s.Ownership() {
		if slices.Contains(owners, of) {
			names = append(names, s.FullName(name))
		}
	}
	slices.Sort(names)
	return names
}

// FullName is a name of the zone with the domain.
func (s *Settings) FullName(name string) string {
	if name == "@" {
		return s.Domain
	}
	return name + "." + s.Domain
}

func (d *DNS) validate(p *problems, at string, s *Settings) {
	p.unless(d.ZoneID == "" || zoneShape.MatchString(d.ZoneID), at+".zoneId", "%q is no zone id: want 32 hexadecimal digits", d.ZoneID)
	for _, name := range slices.Sorted(maps.Keys(d.Hosts)) {
		at := at + ".hosts." + name
		p.unless(hostShape.MatchString(name), at, `%q is no host one level below the domain, such as "api"; "@" is the domain itself`, name)
		p.unless(StageAt(d.Hosts[name].Stage) >= 0, at+".stage", "%q is no stage: want one of %s", d.Hosts[name].Stage, strings.Join(Stages, ", "))
	}
	ours := Settings{DNS: DNS{Hosts: d.Hosts}, Azure: s.Azure, Cloudflare: s.Cloudflare}
	owned := ours.Ownership()
	for _, name := range slices.Sorted(maps.Keys(d.Owners)) {
		owner, at := d.Owners[name], at+".owners."+name
		p.unless(nameShape.MatchString(name), at, `%q is no name in the zone, such as "mail"; leave the domain out, "@" is the domain itself`, name)
		p.unless(!strings.HasSuffix("."+name, "."+s.Domain), at, "leave the domain %q out", s.Domain)
		p.unless(slices.Contains(others, owner), at, "%q is no owner: want one of %s; what the stack owns follows from its hosts and records",
			owner, strings.Join(others, ", "))
		p.unless(owned[name] == "", at, "is %s's by the hosts or records: two would write one name", owned[name])
		if owner == OwnerExternalDNS {
			d.subtree(p, at, name, owned)
		}
	}
}

// subtree refuses whoever else owns a name below one of external-dns.
func (d *DNS) subtree(p *problems, at, name string, owned map[string]string) {
	p.unless(name != "@", at, "external-dns would own the whole zone; give it a name in the zone")
	below := maps.Clone(owned)
	maps.Copy(below, d.Owners)
	for _, other := range slices.Sorted(maps.Keys(below)) {
		p.unless(!strings.HasSuffix(other, "."+name), at,
			"external-dns owns all names below this one, and %q is %s's: two would write one name", other, below[other])
	}
}
