package certificate

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures a Certificate.
type Args struct {
	Project string // Project owns all of it. Required.
	// Name is the certificate map's, and the beginning of all other names: at most
	// 63 lower-case letters, digits and inner hyphens, a letter first. It cannot
	// change. Required.
	Name string
	// Hosts are the fully qualified names to serve, in lower case, each at most 237
	// characters; "*.example.com" stands for one label in front of the rest. At
	// least one is required.
	Hosts  []string
	Labels map[string]string // Labels of everything.
	// AllowDeletion lifts the protection: a host can be taken away, and the map
	// destroyed.
	AllowDeletion bool
}

// challenge is the label in front of a domain that its authorization is looked
// for under (RFC 8555, section 8.4).
const challenge = "_acme-challenge."

// maxHost leaves room for challenge in the 253 characters of a name in DNS.
const maxHost = 253 - len(challenge)

var hostShape = regexp.MustCompile(`^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(gcp.IsProjectID(a.Project), "project %q: want the id of a project", a.Project)
	p.Want(gcp.IsResourceName(a.Name), "name %q: want at most 63 lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want(len(a.Hosts) > 0, `hosts: want at least one, such as "api.example.com"`)
	for i, host := range a.Hosts {
		p.Want(hostShape.MatchString(host), `hosts[%d] %q: want a full name in lower case, such as "api.example.com" or "*.example.com"`, i, host)
		p.Want(len(host) <= maxHost, "hosts[%d] %q: want at most %d characters, not %d", i, host, maxHost, len(host))
	}
	p.Distinct("hosts", a.Hosts)
	gcp.CheckLabels(&p, "labels", a.Labels)
	return p.Err()
}

// domainOf is the domain whose authorization covers host: a wildcard is proven by
// what it is below.
func domainOf(host string) string { return strings.TrimPrefix(host, "*.") }

// domains are those to authorize, each once.
func (a *Args) domains() []string {
	var domains []string
	for _, host := range a.Hosts {
		domains = append(domains, domainOf(host))
	}
	slices.Sort(domains)
	return slices.Compact(domains)
}

const (
	maxName    = 63
	hashDigits = 8
)

// physicalName is what the certificate, the entry or the authorization of a host
// is called in the cloud, "NAME-HOST-HASH". The hash covers all that replaces one
// of them, so that the new one never has the name of the old: it can be created
// first. Dots and the wildcard, which names cannot hold, lose nothing by it.
func (a *Args) physicalName(host string) string {
	sum := sha256.Sum256([]byte(a.Project + "/" + a.Name + "/" + host))
	base := a.Name + "-" + strings.NewReplacer("*", "wildcard", ".", "-").Replace(host)
	base = base[:min(len(base), maxName-hashDigits-1)]
	return strings.TrimRight(base, "-") + "-" + hex.EncodeToString(sum[:])[:hashDigits]
}
