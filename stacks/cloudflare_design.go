package stacks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/cloudflare/access"
	"ai-worker/components/cloudflare/originlock"
	"ai-worker/components/cloudflare/record"
	"ai-worker/components/cloudflare/zone"
	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// names are what the settings make of every component of the cloudflare stack,
// before one is registered, with [upstream] where a component takes what is not
// known yet.
type names struct {
	zone    *zone.Args
	records map[string]*record.Args // by logical name
	access  *access.Args            // access is nil where nothing is guarded
	lock    *originlock.Args        // lock is nil before a host is authenticated

	twice          []error // twice are records that another has the place of
	stages, owners map[string]string
	hosts          map[string]string // hosts are the full names by the logical name of their record
	proofs         map[string]string // and those of the certificates' records
	apps           map[string]string // apps are those of hosts on Azure
	verifications  []string          // verifications are the records that prove those to Azure
}

// newNames reads the settings of an environment.
func newNames(s *config.Settings) *names {
	c, zoneID := s.Cloudflare, pulumi.String(s.DNS.ZoneID)
	owner := "ai-worker " + s.Environment
	n := &names{
		zone:    &zone.Args{ZoneID: zoneID, Zone: s.Domain, Owner: owner + ": zone"},
		records: map[string]*record.Args{}, stages: map[string]string{}, owners: map[string]string{},
		hosts: map[string]string{}, proofs: map[string]string{}, apps: map[string]string{},
	}
	take(n.zone, c.Zone)
	if !reached(s, "strict") {
		n.zone.SSL = "full" // until the first host's certificate is known to be good
	}
	for name, of := range s.Ownership() {
		n.owners[s.FullName(name)] = of
	}
	one := func(name, typ string, args record.Args) string {
		args.ZoneID, args.Zone, args.Name, args.Type = zoneID, s.Domain, name, typ
		key := record.Key(name, typ, "")
		n.records[key] = &args
		return key
	}
	for name, h := range s.DNS.Hosts {
		host, at := s.FullName(name), h.At()
		n.stages[host] = config.Stages[at]
		key := one(name, "A", record.Args{Content: upstream, Owner: owner + ": gateway", Proxied: at >= config.StageAt("proxied"), ImportID: h.ImportID})
		n.hosts[key] = host
		if at >= config.StageAt("certificate-ready") {
			key := one(config.Challenge(name), "CNAME", record.Args{Content: upstream, Owner: owner + ": certificate"})
			n.proofs[key] = host
		}
	}
	if s.Azure != nil && s.Azure.Image != "" { // else there is no app yet
		for name := range s.Azure.Hosts {
			// DNS only: the certificate's authority looks for the CNAME, at each renewal too
			n.apps[one(name, "CNAME", record.Args{Content: upstream, Owner: owner + ": Azure"})] = s.FullName(name)
			n.verifications = append(n.verifications,
				one(config.Verification(name), "TXT", record.Args{Content: upstream, Owner: owner + ": Azure"}))
		}
	}
	n.settings(s, owner)
	n.guards(s)
	return n
}

// hostRecords are the logical names of the records of a host on Azure: the CNAME of
// its app, and what proves it.
func hostRecords(name string) []string {
	return []string{record.Key(name, "CNAME", ""), record.Key(config.Verification(name), "TXT", "")}
}

// settings are the records that the settings list.
func (n *names) settings(s *config.Settings, owner string) {
	for _, r := range s.Cloudflare.All() {
		args := &record.Args{ZoneID: pulumi.String(s.DNS.ZoneID), Zone: s.Domain}
		take(args, r)
		if args.Owner == "" && args.ImportID == "" {
			args.Owner = owner + ": record"
		}
		key := keyOf(r)
		if n.records[key] != nil {
			n.twice = append(n.twice, fmt.Errorf("record %s %s: is there twice; a second one would take the place of the first", r.Name, r.Type))
		}
		n.records[key] = args
	}
}

// keyOf is the logical name of a record. There may be several of one name and
// type, but of a CNAME; what tells them apart is their content.
func keyOf(r config.Record) string {
	content := r.Content
	switch {
	case r.Type == "CNAME":
		content = ""
	case r.CAA != nil:
		content = r.CAA.Tag + " " + r.CAA.Value
	case r.SRV != nil:
		content = r.SRV.Target
	}
	return record.Key(r.Name, r.Type, content)
}

// guards are Access and the certificate that origins are shown.
func (n *names) guards(s *config.Settings) {
	c := s.Cloudflare
	if c.Access != nil {
		n.access = &access.Args{AccountID: c.AccountID, Name: "ai-worker " + s.Environment}
		take(n.access, c.Access)
		for i, name := range n.access.Hosts {
			n.access.Hosts[i] = s.FullName(name)
		}
	}
	if o := c.OriginCertificate; o != nil && reached(s, "authenticated") {
		n.lock = &originlock.Args{ZoneID: pulumi.String(s.DNS.ZoneID), AllowSharedCertificate: o.AllowShared}
		if o.AllowShared {
			return
		}
		n.lock.Certificate = &originlock.Certificate{
			Certificate: pulumi.String(o.Certificate), PrivateKey: pulumi.ToSecret(pulumi.String(o.PrivateKey)).(pulumi.StringOutput),
		}
		for name, host := range s.DNS.Hosts {
			if host.At() >= config.StageAt("authenticated") {
				n.lock.Hosts = append(n.lock.Hosts, s.FullName(name))
			}
		}
		slices.Sort(n.lock.Hosts)
	}
}

// check reports everything that the components have against the settings.
func (n *names) check() error {
	v := validation(n.twice)
	v.add("cloudflare.zone", n.zone)
	for _, key := range sorted(n.records) {
		r := n.records[key]
		v.add("record "+cmp.Or(r.Name, "?")+" "+r.Type, r)
	}
	if n.access != nil {
		v.add("cloudflare.access", n.access)
	}
	if n.lock != nil {
		v.add("cloudflare.originCertificate", n.lock)
	}
	return v.err()
}

// apart refuses records below the names that external-dns writes now, whatever the
// settings give it next.
func (n *names) apart(dynamic []string) error {
	var v validation
	for _, key := range sorted(n.records) {
		host := n.records[key].FullName()
		for _, name := range dynamic {
			if strings.HasSuffix("."+host, "."+name) {
				v = append(v, fmt.Errorf("%s: external-dns still writes %s and all below it: bring the stack kubernetes up first", host, name))
			}
		}
	}
	return v.err()
}

// served are the hosts that the azure stack has no app for.
func (n *names) served(azure contract.Facts, stack string) []error {
	var v []error
	for _, key := range sorted(n.apps) {
		if host := n.apps[key]; azure != nil && azure.Text("hostTargets", host) == "" {
			v = append(v, fmt.Errorf("host %s: stack %s has no app for it: bring that stack up first", host, stack))
		}
	}
	return v
}

// fill replaces what was [upstream] by what the stacks of the clouds give; azure is
// nil where there is none.
func (n *names) fill(gcp *contract.GCP, azure *contract.Azure, facts contract.Facts) {
	for key, host := range n.apps {
		n.records[key].Content = facts.At(azure.HostTargets, "hostTargets", host)
	}
	for _, key := range n.verifications {
		n.records[key].Content = azure.VerificationID
	}
	for key := range maps.Keys(n.hosts) {
		n.records[key].Content = gcp.IngressAddress
	}
	for key, host := range n.proofs {
		n.records[key].Content = gcp.CertificateRecords.MapIndex(pulumi.String(host))
	}
}
