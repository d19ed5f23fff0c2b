package externaldns

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"ai-worker/components"
)

// checkNames wants every name of the zone to have one owner.
func (a *Args) checkNames(p *components.Problems) {
	p.Want(isHost(a.Zone), `zone %q: want a name such as "ai-worker.example", without a dot at the end`, a.Zone)
	p.Want(len(a.Domains) > 0, "domains: want at least one; with none it would write in the whole zone")
	for i, domain := range a.Domains {
		at := fmt.Sprintf("domains[%d] %q", i, domain)
		p.Want(isHost(domain), "%s: want a full name, without a dot at the end", at)
		p.Want(domain != a.Zone, "%s: is the whole zone; want names below it", at)
		p.Want(within(domain, a.Zone), "%s: is not in the zone %q", at, a.Zone)
		for j, other := range a.Domains {
			p.Want(i == j || !within(domain, other) || domain == other && i < j, "%s: is in domains[%d] %q already", at, j, other)
		}
	}
	for i, name := range a.Static {
		at := fmt.Sprintf("static[%d] %q", i, name)
		p.Want(isRecord(name), "%s: want the full name of a record, without a dot at the end", at)
		for j, domain := range a.Domains {
			p.Want(!within(name, domain) || isService(name), "%s: would have two owners; it is in domains[%d] %q", at, j, domain)
		}
	}
}

// excluded are the static names inside of the domains.
func (a *Args) excluded() []string {
	var names []string
	for _, name := range a.Static {
		for _, domain := range a.Domains {
			if within(name, domain) {
				names = append(names, name)
			}
		}
	}
	return names
}

// within says whether name is domain or below it.
func within(name, domain string) bool {
	return name == domain || strings.HasSuffix(name, "."+domain)
}

// isService says whether a label of name begins with "_", as of names for services
// and for proofs (RFC 8552). Hosts, as of an HTTPRoute, have none.
func isService(name string) bool {
	return strings.HasPrefix(name, "_") || strings.Contains(name, "._")
}

// isHost says whether name may be that of a host, with more than one label.
func isHost(name string) bool {
	return len(validation.IsDNS1123Subdomain(name)) == 0 && strings.Contains(name, ".")
}

// isRecord says whether name may be that of a record: as a host, but with
// underscores, and perhaps a wildcard first.
func isRecord(name string) bool {
	return isHost(strings.ReplaceAll(strings.TrimPrefix(name, "*."), "_", "x"))
}
