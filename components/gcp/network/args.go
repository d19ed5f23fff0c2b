package network

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures a Network. Exactly one of VPC and Existing is given. The zero
// value of an option is the strong choice.
type Args struct {
	Project string // Project owns what is created. Required.
	// Name is the VPC's, and the beginning of the name of all that belongs to it: at
	// most 40 lower-case letters, digits and inner hyphens, a letter first. Required.
	Name string
	// VPC describes the network to create.
	VPC *VPC
	// Existing is the network of somebody else to use.
	Existing *Existing
	// IngressProject is that of the cluster, where GKE makes the load balancer of a
	// gateway and looks for its address. Empty means Project. It cannot change.
	IngressProject string
	// Labels of the reserved addresses; networks themselves carry none.
	Labels map[string]string
}

// Existing names a VPC that has another owner, as where environments share a
// cluster. Its subnetworks, NAT and private service access are that owner's.
type Existing struct {
	Project string // Project that owns the VPC. Required.
	Name    string // Name of the VPC. Required.
}

// VPC describes a network with one subnetwork for a cluster.
type VPC struct {
	Region string // Region of the subnetwork and of its way out. It cannot change. Required.
	Ranges Ranges
	// Taken are further ranges that ours must be apart from, by what uses them: a
	// cluster's control plane, a peered network. They are only checked.
	Taken map[string]string
	// GlobalRouting lets routers announce the routes of every region, not of their own.
	GlobalRouting bool
	// MTU in bytes, 1300 to 8896; 0 means 1460. It cannot change.
	MTU int

	FlowLogs FlowLogs
	NAT      NAT
	// AbandonPrivateConnection leaves the private connection in place on destroy. A
	// producer such as Cloud SQL may hold on to it for days after its last instance,
	// and a destroy fails that long.
	AbandonPrivateConnection bool
	// FirewallRules admit traffic into the VPC. GKE makes those of its clusters, so
	// none is needed but for a webhook on another port than 443 and 10250.
	FirewallRules []FirewallRule
}

// Ranges are IPv4 ranges in CIDR form, private (RFC 1918) or shared (RFC 6598),
// apart from each other and from 172.17.0.0/16. Each is required.
type Ranges struct {
	Nodes    string // Nodes is the subnetwork's primary range. It can grow in place.
	Pods     string // Pods has a /24 of it a node, unless the cluster sets fewer pods a node.
	Services string // Services are the cluster's.
	// PrivateServices is for Google's producers, such as Cloud SQL: /24 or larger.
	PrivateServices string
}

// FlowLogs sample the subnetwork's connections.
type FlowLogs struct {
	Disable  bool
	Sampling float64 // Sampling is the share of flows above 0, up to 1; 0 means 0.5.
	// Interval over which a flow is aggregated: INTERVAL_5_SEC, which empty means,
	// INTERVAL_30_SEC or INTERVAL_{1,5,10,15}_MIN.
	Interval string
	// Metadata is INCLUDE_ALL_METADATA, which empty means, or EXCLUDE_ALL_METADATA.
	Metadata string
	Filter   string // Filter is a CEL expression; empty means every flow.
}

// NAT is the nodes' only way out to the internet.
type NAT struct {
	// Addresses to reserve, each by the end of its name, such as "a". Others allow
	// them by number, so none is handed out automatically. Required: at least one.
	Addresses []string
	// Draining are addresses that stay reserved and take no new connections: the step
	// before one is taken away. They must have been among Addresses before.
	Draining []string
	// MinPorts and MaxPorts a node may have, powers of two; 0 means 64 and 4096. An
	// address has 64,512 ports.
	MinPorts, MaxPorts int
	// LogFilter is ERRORS_ONLY, which empty means, TRANSLATIONS_ONLY or ALL.
	LogFilter string
}

// FirewallRule admits traffic.
type FirewallRule struct {
	Name         string   // Name ends the rule's name. Required.
	Description  string   // Description says why. Required.
	SourceRanges []string // SourceRanges in CIDR form, never everything. Required.
	TargetTags   []string // TargetTags are network tags of the nodes; none means all nodes.
	Protocol     string   // Protocol such as "udp"; empty means tcp.
	Ports        []string // Ports such as "9443" or "8000-8010". Required.
	Priority     int      // Priority 1 to 65535, lower first; 0 means 1000.
}

var (
	nameShape   = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$`)
	suffixShape = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?$`)
	portShape   = regexp.MustCompile(`^[0-9]{1,5}(-[0-9]{1,5})?$`)

	intervals = []string{"", "INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN", "INTERVAL_10_MIN", "INTERVAL_15_MIN"}
	metadata  = []string{"", "INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"}
	filters   = []string{"", "ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL"}
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Project != "", "project is required")
	p.Want(nameShape.MatchString(a.Name), "name %q: want at most 40 lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want((a.VPC == nil) != (a.Existing == nil), "want exactly one of vpc, to create a network, and existing, to use one")
	p.Want(a.IngressProject == "" || gcp.IsProjectID(a.IngressProject), "ingressProject %q: want the id of a project", a.IngressProject)
	if a.Existing != nil {
		p.Want(a.Existing.Project != "", "existing.project is required")
		p.Want(gcp.IsResourceName(a.Existing.Name), "existing.name %q: want the name of a VPC", a.Existing.Name)
	}
	if a.VPC != nil {
		a.VPC.validate(&p)
	}
	gcp.CheckLabels(&p, "labels", a.Labels)
	return p.Err()
}

func (v *VPC) validate(p *components.Problems) {
	p.Want(gcp.IsRegion(v.Region), `vpc.region %q: want a region, such as "asia-northeast1"`, v.Region)
	p.Want(v.MTU == 0 || v.MTU >= 1300 && v.MTU <= 8896, "vpc.mtu %d: want 1300 to 8896, or 0 for 1460", v.MTU)
	v.validateRanges(p)
	logs := v.FlowLogs
	p.Want(logs.Sampling >= 0 && logs.Sampling <= 1, "vpc.flowLogs.sampling %v: want a share up to 1, or 0 for 0.5", logs.Sampling)
	p.OneOf("vpc.flowLogs.interval", logs.Interval, intervals...)
	p.OneOf("vpc.flowLogs.metadata", logs.Metadata, metadata...)
	p.Want(!logs.Disable || logs == FlowLogs{Disable: true}, "vpc.flowLogs.disable: the other settings of flow logs say what it takes away")
	v.NAT.validate(p)
	names := map[string]bool{}
	for i, rule := range v.FirewallRules {
		rule.validate(p, fmt.Sprintf("vpc.firewallRules[%d]", i))
		p.Want(!names[rule.Name], "vpc.firewallRules[%d].name %q: given twice", i, rule.Name)
		names[rule.Name] = true
	}
}

func (n NAT) validate(p *components.Problems) {
	// https://cloud.google.com/nat/quota
	p.Want(len(n.Addresses) != 0 && len(n.Addresses) <= 300, "vpc.nat.addresses: %d of them, want 1 to 300", len(n.Addresses))
	names := slices.Concat(n.Addresses, n.Draining)
	for i, name := range names {
		p.Want(suffixShape.MatchString(name), "vpc.nat: address %q: want at most 20 lower-case letters, digits and inner hyphens", name)
		p.Want(!slices.Contains(names[:i], name), "vpc.nat: address %q: given twice", name)
	}
	// https://cloud.google.com/nat/docs/ports-and-addresses: dynamic allocation
	least, most := n.ports()
	p.Want(least >= 32 && least&(least-1) == 0, "vpc.nat.minPorts %d: want a power of two from 32, or 0 for 64", n.MinPorts)
	p.Want(most > least && most <= 65536 && most&(most-1) == 0,
		"vpc.nat.maxPorts %d: want a power of two above minPorts %d and up to 65536, or 0 for 4096", n.MaxPorts, least)
	p.OneOf("vpc.nat.logFilter", n.LogFilter, filters...)
}

func (n NAT) ports() (least, most int) {
	return cmp.Or(n.MinPorts, 64), cmp.Or(n.MaxPorts, 4096)
}

func (r FirewallRule) validate(p *components.Problems, at string) {
	p.Want(suffixShape.MatchString(r.Name), "%s.name %q: want at most 20 lower-case letters, digits and inner hyphens", at, r.Name)
	p.Want(r.Description != "", "%s.description is required", at)
	p.Want(len(r.SourceRanges) != 0, "%s.sourceRanges are required", at)
	for i, text := range r.SourceRanges {
		source, err := prefix(text)
		p.Want(err == nil, "%s.sourceRanges[%d]: %v", at, i, err)
		p.Want(err != nil || source.Bits() != 0, "%s.sourceRanges[%d] %q: admits everybody", at, i, text)
	}
	p.Want(len(r.Ports) != 0, "%s.ports are required", at)
	for i, port := range r.Ports {
		p.Want(portShape.MatchString(port), `%s.ports[%d] %q: want a port or a range, such as "8000-8010"`, at, i, port)
	}
	p.Want(r.Priority >= 0 && r.Priority <= 65535, "%s.priority %d: want 1 to 65535, or 0 for 1000", at, r.Priority)
}
