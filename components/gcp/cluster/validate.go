package cluster

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

var (
	nameShape    = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$`)
	groupShape   = regexp.MustCompile(`^gke-security-groups@[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	versionShape = regexp.MustCompile(`^1\.[0-9]+(\.[0-9]+(-gke\.[0-9]+)?)?$`)
	topicShape   = regexp.MustCompile(`^projects/[^/]+/topics/[^/]+$`)
	keyShape     = regexp.MustCompile(`^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$`)
	weekly       = regexp.MustCompile(`^FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)$`)

	channels        = []string{"", "RAPID", "REGULAR", "STABLE"}
	postures        = []string{"", "BASIC", "ENTERPRISE", "DISABLED"}
	vulnerabilities = []string{"", "VULNERABILITY_BASIC", "VULNERABILITY_ENTERPRISE", "VULNERABILITY_DISABLED"}
	events          = []string{"UPGRADE_AVAILABLE_EVENT", "UPGRADE_EVENT", "SECURITY_BULLETIN_EVENT"}
	logComponents   = []string{"APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"}
	// https://cloud.google.com/kubernetes-engine/docs/how-to/configure-metrics
	metricComponents = []string{"APISERVER", "SCHEDULER", "CONTROLLER_MANAGER", "STORAGE", "HPA", "POD", "DAEMONSET", "DEPLOYMENT",
		"STATEFULSET", "KUBELET", "CADVISOR", "DCGM"}
	// longest are the days that an exclusion may last.
	// https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions#exclusions
	longest = map[string]int{"NO_UPGRADES": 30, "NO_MINOR_UPGRADES": 180, "NO_MINOR_OR_NODE_UPGRADES": 180}
)

// each wants values of those allowed, none twice.
func each(p *components.Problems, at string, values, allowed []string) {
	for i, value := range values {
		p.OneOf(fmt.Sprintf("%s[%d]", at, i), value, allowed...)
	}
	p.Distinct(at, values)
}

// shaped wants a value that settings give, where it is known now, to have a shape.
func shaped(p *components.Problems, at string, value pulumi.StringInput, shape *regexp.Regexp, want string) {
	text, known := value.(pulumi.String)
	p.Want(!known || shape.MatchString(string(text)), "%s %q: want %s", at, string(text), want)
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Project != "", "project is required")
	p.Want(nameShape.MatchString(a.Name), "name %q: want at most 40 lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want(gcp.IsLocation(a.Location), `location %q: want a region or a zone, such as "asia-northeast1"`, a.Location)
	if a.Create != nil {
		a.Create.validate(&p, a.Location)
	}
	return p.Err()
}

func (c *Create) validate(p *components.Problems, location string) {
	for _, required := range []struct {
		name  string
		value pulumi.StringInput
	}{
		{"network", c.Network}, {"subnetwork", c.Subnetwork}, {"podRangeName", c.PodRangeName}, {"serviceRangeName", c.ServiceRangeName},
	} {
		p.Want(required.value != nil, "create.%s is required", required.name)
	}
	c.validateEndpoint(p)
	for i, zone := range c.NodeLocations {
		p.Want(gcp.IsZone(zone), `create.nodeLocations[%d] %q: want a zone, such as "asia-northeast1-a"`, i, zone)
		p.Want(zone != location, "create.nodeLocations[%d] %q: the cluster's own zone is among them anyway", i, zone)
		p.Want(strings.HasPrefix(zone, gcp.Region(location)), "create.nodeLocations[%d] %q: not in the region of %s", i, zone, location)
	}
	p.Distinct("create.nodeLocations", c.NodeLocations)
	p.Want(c.PodsPerNode == 0 || c.PodsPerNode >= 8 && c.PodsPerNode <= 256,
		"create.podsPerNode %d: want 8 to 256, or 0 for 110", c.PodsPerNode)
	p.Want(c.SecurityGroup == "" || groupShape.MatchString(c.SecurityGroup),
		`create.securityGroup %q: want "gke-security-groups@DOMAIN", the one name that GKE knows`, c.SecurityGroup)
	p.OneOf("create.releaseChannel", c.ReleaseChannel, channels...)
	p.Want(c.MinVersion == "" || versionShape.MatchString(c.MinVersion), `create.minVersion %q: want one such as "1.30"`, c.MinVersion)
	c.Maintenance.validate(p)
	if n := c.Notifications; n != nil {
		p.Want(n.Topic != nil, "create.notifications.topic is required")
		shaped(p, "create.notifications.topic", n.Topic, topicShape, `"projects/PROJECT/topics/TOPIC"`)
		each(p, "create.notifications.events", n.Events, events)
	}
	shaped(p, "create.secretsKey", c.SecretsKey, keyShape, `"projects/P/locations/L/keyRings/R/cryptoKeys/K"`)
	p.OneOf("create.securityPosture", c.SecurityPosture, postures...)
	p.OneOf("create.vulnerabilityMode", c.VulnerabilityMode, vulnerabilities...)
	each(p, "create.logComponents", c.LogComponents, logComponents)
	each(p, "create.metricComponents", c.MetricComponents, metricComponents)
	gcp.CheckLabels(p, "create.labels", c.Labels)
}

func (c *Create) validateEndpoint(p *components.Problems) {
	master, err := netip.ParsePrefix(c.MasterRange)
	p.Want(err == nil && master == master.Masked() && master.Bits() == 28 && master.Addr().Is4() && master.Addr().IsPrivate(),
		`create.masterRange %q: want a private range of /28 without host bits, such as "172.16.0.0/28"`, c.MasterRange)
	p.Want(!c.AllowPublicEndpoint || len(c.AuthorizedNetworks) != 0, "create.authorizedNetworks: a public endpoint needs at least one")
	// https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks#limitations
	p.Want(len(c.AuthorizedNetworks) <= 100, "create.authorizedNetworks: %d of them, want at most 100", len(c.AuthorizedNetworks))
	for i, network := range c.AuthorizedNetworks {
		r, err := netip.ParsePrefix(network.CIDR)
		p.Want(network.Name != "", "create.authorizedNetworks[%d].name is required", i)
		p.Want(err == nil && r == r.Masked() && r.Addr().Is4(),
			`create.authorizedNetworks[%d].cidr %q: want an IPv4 range without host bits, such as "203.0.113.0/24"`, i, network.CIDR)
		p.Want(err != nil || r.Bits() != 0, "create.authorizedNetworks[%d].cidr %q: admits everybody", i, network.CIDR)
		p.Want(!slices.ContainsFunc(c.AuthorizedNetworks[:i], func(other AuthorizedNetwork) bool { return other.CIDR == network.CIDR }),
			"create.authorizedNetworks[%d].cidr %q: given twice", i, network.CIDR)
	}
}

// span reads two times in UTC.
func span(p *components.Problems, at, start, end string) (time.Duration, bool) {
	const zulu = "2006-01-02T15:04:05Z"
	from, errFrom := time.Parse(zulu, start)
	to, errTo := time.Parse(zulu, end)
	p.Want(errFrom == nil, `%s.start %q: want a time in UTC, such as "2024-01-06T16:00:00Z"`, at, start)
	p.Want(errTo == nil, `%s.end %q: want a time in UTC, such as "2024-01-06T22:00:00Z"`, at, end)
	if errFrom != nil || errTo != nil {
		return 0, false
	}
	p.Want(from.Before(to), "%s: start %s is not before end %s", at, start, end)
	return to.Sub(from), from.Before(to)
}

// validate wants what GKE does: 48 hours in any 32 days, in pieces of 4 or more.
// https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions
func (m Maintenance) validate(p *components.Problems) {
	days := 0 // with a window, in any 32
	switch parts := weekly.FindStringSubmatch(m.Recurrence); {
	case m.Recurrence == "FREQ=DAILY":
		days = 32
	case parts != nil:
		days = 4 * len(strings.Split(parts[1], ","))
	default:
		p.Want(false, `create.maintenance.recurrence %q: want "FREQ=DAILY", or "FREQ=WEEKLY;BYDAY=SA,SU" with the days`, m.Recurrence)
	}
	if length, ok := span(p, "create.maintenance", m.Start, m.End); ok {
		p.Want(length >= 4*time.Hour && length <= 24*time.Hour, "create.maintenance: a window of %v, want 4h to 24h", length)
		total := time.Duration(days) * length
		p.Want(days == 0 || total >= 48*time.Hour, "create.maintenance: windows of %v in 32 days, want at least 48h", total)
	}
	p.Want(len(m.Exclusions) <= 20, "create.maintenance.exclusions: %d of them, want at most 20", len(m.Exclusions))
	names := map[string]bool{}
	for i, e := range m.Exclusions {
		at := fmt.Sprintf("create.maintenance.exclusions[%d]", i)
		p.Want(e.Name != "", "%s.name is required", at)
		p.Want(!names[e.Name], "%s.name %q: given twice", at, e.Name)
		names[e.Name] = true
		most, known := longest[cmp.Or(e.Scope, "NO_UPGRADES")]
		p.Want(known, "%s.scope %q: want one of NO_UPGRADES, NO_MINOR_UPGRADES, NO_MINOR_OR_NODE_UPGRADES", at, e.Scope)
		if length, ok := span(p, at, e.Start, e.End); ok && known {
			p.Want(length <= time.Duration(most)*24*time.Hour, "%s: %v long, want at most %d days for this scope", at, length, most)
		}
	}
}
