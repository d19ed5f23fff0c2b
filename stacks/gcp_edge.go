package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	published "ai-worker/components/cloudflare"
	"ai-worker/components/gcp/certificate"
	"ai-worker/components/gcp/edgepolicy"
	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// edge is what stands at the load balancer in front of the hosts. GKE makes that in
// the cluster's project, and takes certificates and policies of no other.
type edge struct {
	certificate *certificate.Args // certificate is nil without a host
	policies    map[string]*edgepolicy.Args
	locked      []string // locked are the full names of hosts that admit Cloudflare alone
}

func (d *design) edgeOf(s *config.Settings) {
	project, own := d.cluster.Project, "ai-worker-"+s.Environment
	d.edge.policies = map[string]*edgepolicy.Args{}
	if len(s.DNS.Hosts) == 0 {
		return
	}
	d.edge.certificate = &certificate.Args{Project: project, Name: own, Labels: d.labels, AllowDeletion: s.GCP.AllowHostDeletion}
	for _, name := range sorted(s.DNS.Hosts) {
		locked := s.DNS.Hosts[name].At() >= config.StageAt("origin-locked")
		host := s.FullName(name)
		if locked {
			d.edge.locked = append(d.edge.locked, host)
		}
		d.edge.certificate.Hosts = append(d.edge.certificate.Hosts, host)
		d.edge.policies[name] = &edgepolicy.Args{
			Project: project, Name: own + "-" + logical(name), Edge: "Cloudflare", Sources: published.Ranges, Open: !locked,
		}
	}
}

// logical is a host's name as part of others.
func logical(name string) string {
	if name == "@" {
		return "apex"
	}
	return name
}

func (e *edge) check(v *validation) {
	if e.certificate != nil {
		v.add("dns.hosts", e.certificate)
	}
	addEach(v, "dns.hosts", e.policies)
}

// make makes it and adds it to the contract.
func (e *edge) make(ctx *pulumi.Context, s *config.Settings, out *contract.GCP, in pulumi.ResourceOption) error {
	if err := e.lockable(ctx, s); err != nil {
		return err
	}
	none := pulumi.StringMap{}.ToStringMapOutput()
	out.CertificateMap = pulumi.String("").ToStringOutput()
	out.CertificateRecordNames, out.CertificateRecords, out.CertificateStates = none, none, none
	if e.certificate != nil {
		c, err := certificate.New(ctx, "certificate", e.certificate, in)
		if err != nil {
			return err
		}
		out.CertificateMap = c.Map
		out.CertificateRecordNames, out.CertificateRecords, out.CertificateStates = c.RecordNames, c.Records, c.States
	}
	names := pulumi.StringMap{}
	for _, name := range sorted(e.policies) {
		policy, err := edgepolicy.New(ctx, "edge-"+logical(name), e.policies[name], in)
		if err != nil {
			return err
		}
		names[s.FullName(name)] = policy.Name
	}
	out.EdgePolicies, out.EdgeLocked = names.ToStringMapOutput(), pulumi.ToStringArray(e.locked).ToStringArrayOutput()
	return nil
}

// lockable refuses to lock a host that visitors still reach past Cloudflare: as the
// stack cloudflare was last brought up.
func (e *edge) lockable(ctx *pulumi.Context, s *config.Settings) error {
	if len(e.locked) == 0 {
		return nil
	}
	stack := Name(s.Environment, "cloudflare")
	facts, err := contract.Peek[contract.Cloudflare](ctx, stack)
	if err != nil {
		return err
	}
	var v validation
	for _, host := range e.locked {
		if at := facts.Text("stages", host); at == "" || config.StageAt(at) < config.StageAt("proxied") {
			v = append(v, fmt.Errorf("host %s: the origin is to be locked, and stack %s last left the host at %q: visitors would be shut out; "+
				"bring that stack up at proxied first", host, stack, at))
		}
	}
	return v.err()
}
