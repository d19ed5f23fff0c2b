package cluster

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var (
	nameShape     = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$`)
	locationShape = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+(-[a-z])?$`)
	zoneShape     = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+-[a-z]$`)
	groupShape    = regexp.MustCompile(`^gke-security-groups@[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	versionShape  = regexp.MustCompile(`^1\.[0-9]+(\.[0-9]+(-gke\.[0-9]+)?)?$`)
	topicShape    = regexp.MustCompile(`^projects/[^/]+/topics/[^/]+$`)
	keyShape      = regexp.MustCompile(`^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$`)
	labelKey      = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	labelValue    = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)
	weekly        = regexp.MustCompile(`^FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)$`)

	channels        = []string{"RAPID", "REGULAR", "STABLE"}
	postures        = []string{"BASIC", "ENTERPRISE", "DISABLED"}
	vulnerabilities = []string{"VULNERABILITY_BASIC", "VULNERABILITY_ENTERPRISE", "VULNERABILITY_DISABLED"}
	events          = []string{"UPGRADE_AVAILABLE_EVENT", "UPGRADE_EVENT", "SECURITY_BULLETIN_EVENT"}
	logComponents   = []string{"APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"}
	// https://cloud.google.com/kubernetes-engine/docs/how-to/configure-metrics
	metricComponents = []string{"APISERVER", "SCHEDULER", "CONTROLLER_MANAGER", "STORAGE", "HPA", "POD", "DAEMONSET", "DEPLOYMENT",
		"STATEFULSET", "KUBELET", "CADVISOR", "DCGM"}
	// longest are the days that an exclusion may last.
	// https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions#exclusions
	longest = map[string]int{"NO_UPGRADES": 30, "NO_MINOR_UPGRADES": 180, "NO_MINOR_OR_NODE_UPGRADES": 180}
)

// problems collects what is wrong.
type problems []error

func (p *problems) add(wrong bool, format string, args ...any) {
	if wrong {
		*p = append(*p, fmt.Errorf(format, args...))
	}
}

// one wants a value that is empty or one of those allowed.
func (p *problems) one(at, value string, allowed []string) {
	p.add(value != "" && !slices.Contains(allowed, value), "%s %q: want one of %s", at, value, strings.Join(allowed, ", "))
}

// each wants values of those allowed, none twice.
func (p *problems) each(at string, values, allowed []string) {
	for i, value := range values {
		p.add(!slices.Contains(allowed, value), "%s[%d] %q: want one of %s", at, i, value, strings.Join(allowed, ", "))
		p.add(slices.Contains(values[:i], value), "%s[%d] %q: given twice", at, i, value)
	}
}

// shaped wants a value that settings give, where it is known now, to have a shape.
func (p *problems) shaped(at string, value pulumi.StringInput, shape *regexp.Regexp, want string) {
	text, known := value.(pulumi.String)
	p.add(known && !shape.MatchString(string(text)), "%s %q: want %s", at, string(text), want)
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p problems
	p.add(a.Project == "", "project is required")
	p.add(!nameShape.MatchString(a.Name), "name %q: want at most 40 lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.add(!locationShape.MatchString(a.Location), `location %q: want a region or a zone, such as "asia-northeast1"`, a.Location)
	if a.Create != nil {
		a.Create.validate(&p, a.Location)
	}
	return errors.Join(p...)
}

func (c *Create) validate(p *problems, location string) {
	for _, required := range []struct {
		name  string
		value pulumi.StringInput
	}{
		{"network", c.Network}, {"subnetwork", c.Subnetwork}, {"podRangeName", c.PodRangeName}, {"serviceRangeName", c.ServiceRangeName},
	} {
		p.add(required.value == nil, "create.%s is required", required.name)
	}
	c.validateEndpoint(p)
	for i, zone := range c.NodeLocations {
		p.add(!zoneShape.MatchString(zone), `create.nodeLocations[%d] %q: want a zone, such as "asia-northeast1-a"`, i, zone)
		p.add(zone == location, "create.nodeLocations[%d] %q: the cluster's own zone is among them anyway", i, zone)
		p.add(!strings.HasPrefix(zone, region(location)), "create.nodeLocations[%d] %q: not in the region of %s", i, zone, location)
		p.add(slices.Contains(c.NodeLocations[:i], zone), "create.nodeLocations[%d] %q: given twice", i, zone)
	}
	p.add(c.PodsPerNode != 0 && (c.PodsPerNode < 8 || c.PodsPerNode > 256),
		"create.podsPerNode %d: want 8 to 256, or 0 for 110", c.PodsPerNode)
	p.add(c.SecurityGroup != "" && !groupShape.MatchString(c.SecurityGroup),
		`create.securityGroup %q: want "gke-security-groups@DOMAIN", the one name that GKE knows`, c.SecurityGroup)
	p.one("create.releaseChannel", c.ReleaseChannel, channels)
	p.add(c.MinVersion != "" && !versionShape.MatchString(c.MinVersion), `create.minVersion %q: want one such as "1.30"`, c.MinVersion)
	c.Maintenance.validate(p)
	if n := c.Notifications; n != nil {
		p.add(n.Topic == nil, "create.notifications.topic is required")
		p.shaped("create.notifications.topic", n.Topic, topicShape, `"projects/PROJECT/topics/TOPIC"`)
		p.each("create.notifications.events", n.Events, events)
	}
	p.shaped("create.secretsKey", c.SecretsKey, keyShape, `"projects/P/locations/L/keyRings/R/cryptoKeys/K"`)
	p.one("create.securityPosture", c.SecurityPosture, postures)
	p.one("create.vulnerabilityMode", c.VulnerabilityMode, vulnerabilities)
	p.each("create.logComponents", c.LogComponents, logComponents)
	p.each("create.metricComponents", c.MetricComponents, metricComponents)
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		p.add(!labelKey.MatchString(key) || !labelValue.MatchString(c.Labels[key]),
			"create.labels[%s] %q: want at most 63 lower-case letters, digits, underscores and hyphens, the key with a letter first",
			key, c.Labels[key])
	}
}

func region(location string) string {
	if zoneShape.MatchString(location) {
		return location[:strings.LastIndex(location, "-")]
	}
	return location
}

func (c *Create) validateEndpoint(p *problems) {
	master, err := netip.ParsePrefix(c.MasterRange)
	p.add(err != nil || master != master.Masked() || master.Bits() != 28 || !master.Addr().Is4() || !master.Addr().IsPrivate(),
		`create.masterRange %q: want a private range of /28 without host bits, such as "172.16.0.0/28"`, c.MasterRange)
	p.add(c.AllowPublicEndpoint && len(c.AuthorizedNetworks) == 0, "create.authorizedNetworks: a public endpoint needs at least one")
	// https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks#limitations
	p.add(len(c.AuthorizedNetworks) > 100, "create.authorizedNetworks: %d of them, want at most 100", len(c.AuthorizedNetworks))
	for i, network := range c.AuthorizedNetworks {
		r, err := netip.ParsePrefix(network.CIDR)
		p.add(network.Name == "", "create.authorizedNetworks[%d].name is required", i)
		p.add(err != nil || r != r.Masked() || !r.Addr().Is4(),
			`create.authorizedNetworks[%d].cidr %q: want an IPv4 range without host bits, such as "203.0.113.0/24"`, i, network.CIDR)
		p.add(err == nil && r.Bits() == 0, "create.authorizedNetworks[%d].cidr %q: admits everybody", i, network.CIDR)
		p.add(slices.ContainsFunc(c.AuthorizedNetworks[:i], func(other AuthorizedNetwork) bool { return other.CIDR == network.CIDR }),
			"create.authorizedNetworks[%d].cidr %q: given twice", i, network.CIDR)
	}
}

// span reads two times in UTC.
func (p *problems) span(at, start, end string) (time.Duration, bool) {
	const zulu = "2006-01-02T15:04:05Z"
	from, errFrom := time.Parse(zulu, start)
	to, errTo := time.Parse(zulu, end)
	p.add(errFrom != nil, `%s.start %q: want a time in UTC, such as "2024-01-06T16:00:00Z"`, at, start)
	p.add(errTo != nil, `%s.end %q: want a time in UTC, such as "2024-01-06T22:00:00Z"`, at, end)
	if errFrom != nil || errTo != nil {
		return 0, false
	}
	p.add(!from.Before(to), "%s: start %s is not before end %s", at, start, end)
	return to.Sub(from), from.Before(to)
}

// validate wants what GKE does: 48 hours in any 32 days, in pieces of 4 or more.
// https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions
func (m Maintenance) validate(p *problems) {
	days := 0 // with a window, in any 32
	switch parts := weekly.FindStringSubmatch(m.Recurrence); {
	case m.Recurrence == "FREQ=DAILY":
		days = 32
	case parts != nil:
		days = 4 * len(strings.Split(parts[1], ","))
	default:
		p.add(true, `create.maintenance.recurrence %q: want "FREQ=DAILY", or "FREQ=WEEKLY;BYDAY=SA,SU" with the days`, m.Recurrence)
	}
	if length, ok := p.span("create.maintenance", m.Start, m.End); ok {
		p.add(length < 4*time.Hour || length > 24*time.Hour, "create.maintenance: a window of %v, want 4h to 24h", length)
		total := time.Duration(days) * length
		p.add(days > 0 && total < 48*time.Hour, "create.maintenance: windows of %v in 32 days, want at least 48h", total)
	}
	p.add(len(m.Exclusions) > 20, "create.maintenance.exclusions: %d of them, want at most 20", len(m.Exclusions))
	names := map[string]bool{}
	for i, e := range m.Exclusions {
		at := fmt.Sprintf("create.maintenance.exclusions[%d]", i)
		p.add(e.Name == "", "%s.name is required", at)
		p.add(names[e.Name], "%s.name %q: given twice", at, e.Name)
		names[e.Name] = true
		most, known := longest[or(e.Scope, "NO_UPGRADES")]
		p.add(!known, "%s.scope %q: want one of NO_UPGRADES, NO_MINOR_UPGRADES, NO_MINOR_OR_NODE_UPGRADES", at, e.Scope)
		if length, ok := p.span(at, e.Start, e.End); ok && known {
			p.add(length > time.Duration(most)*24*time.Hour, "%s: %v long, want at most %d days for this scope", at, length, most)
		}
	}
}
