package cloudsql

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

const (
	encryptedOnly = "ENCRYPTED_ONLY"
	instanceCA    = "GOOGLE_MANAGED_INTERNAL_CA"
	maxDiskGB     = 65536 // https://cloud.google.com/sql/docs/quotas#storage_limits
	maxNameLength = 98    // of PROJECT:INSTANCE, https://cloud.google.com/sql/docs/postgres/instance-settings
	postgresName  = 63    // PostgreSQL's limit on names
)

var (
	versions = []string{"POSTGRES_14", "POSTGRES_15", "POSTGRES_16", "POSTGRES_17", "POSTGRES_18"}

	projectNumber = regexp.MustCompile(`^[0-9]{6,19}$`)
	databaseShape = regexp.MustCompile(`^[a-z_][a-z0-9_-]*$`)
	flagShape     = regexp.MustCompile(`^[a-z][a-z0-9_.]*$`)
	emailShape    = regexp.MustCompile(`^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]+$`)
	clockShape    = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	secondShape   = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`)
)

// number checks a number whose zero means the default.
func number(p *components.Problems, field string, n, lo, hi int) {
	p.Want(n == 0 || n >= lo && n <= hi, "%s %d: want %d to %d, or 0 for the default", field, n, lo, hi)
}

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(gcp.IsProjectID(a.Project), "project %q: want a project's id", a.Project)
	p.Want(gcp.IsRegion(a.Region), `region %q: want a region, such as "asia-northeast1"`, a.Region)
	p.Want(components.IsName(a.Name), "name %q: want lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want(a.Generation >= 1, "generation %d: want at least 1", a.Generation)
	fits(&p, "name", a.Project, a.physical())
	p.OneOf("version", a.Version, versions...)
	p.OneOf("edition", a.edition(), enterprise, enterprisePlus)
	err := checkTier(a.Tier, a.edition(), a.Zonal)
	p.Want(err == nil, "tier %w", err)
	p.Want(!a.DisableDataCache || a.plus(), "disableDataCache: only edition ENTERPRISE_PLUS has a data cache")
	zone(&p, "zone", a.Zone, a.Region)
	zone(&p, "secondaryZone", a.SecondaryZone, a.Region)
	p.Want(a.SecondaryZone == "" || a.Zone != "" && a.Zone != a.SecondaryZone && !a.Zonal,
		"secondaryZone %q: needs another zone in zone, and an instance that is not zonal", a.SecondaryZone)
	for _, flag := range slices.Sorted(maps.Keys(a.Flags)) {
		p.Want(flagShape.MatchString(flag), "flags[%q]: want a flag's name in lower case", flag)
		p.Want(flag != iamFlag, "flags[%q]: is always on; every login needs it", flag)
	}
	gcp.CheckLabels(&p, "labels", a.Labels)
	a.validateNetwork(&p)
	a.validateStorage(&p)
	a.validateMaintenance(&p)
	a.validateLogins(&p)
	a.validateReplicas(&p)
	return p.Err()
}

func fits(p *components.Problems, field, project, instance string) {
	full := project + ":" + instance
	p.Want(len(full) <= maxNameLength, "%s: %q has %d characters, want at most %d", field, full, len(full), maxNameLength)
}

func zone(p *components.Problems, field, zone, region string) {
	letter, inRegion := strings.CutPrefix(zone, region+"-")
	p.Want(zone == "" || inRegion && len(letter) == 1, "%s %q: want a zone of %s, such as %q", field, zone, region, region+"-a")
}

func (a *Args) validateNetwork(p *components.Problems) {
	n := a.Network
	p.Want((a.PrivateNetwork != nil) != (len(n.PSCProjects) > 0),
		"privateNetwork, network.pscProjects: want exactly one of private services access and Private Service Connect")
	for i, project := range n.PSCProjects {
		p.Want(gcp.IsProjectID(project) || projectNumber.MatchString(project),
			"network.pscProjects[%d] %q: want a project's id or number", i, project)
	}
	p.Want(n.AllocatedRange == "" || a.PrivateNetwork != nil && components.IsName(n.AllocatedRange),
		"network.allocatedRange %q: want the name of a range, and a privateNetwork", n.AllocatedRange)
	p.Want(!n.AllowGoogleServices || a.PrivateNetwork != nil, "network.allowGoogleServices: needs a privateNetwork")
	p.OneOf("network.sslMode", n.SSLMode, "", encryptedOnly, "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")
	p.OneOf("network.serverCaMode", n.ServerCAMode, "", instanceCA, "GOOGLE_MANAGED_CAS_CA")
	if len(n.AuthorizedNetworks) == 0 {
		return
	}
	p.Want(n.AllowDirectConnections, "network.authorizedNetworks: would admit nobody without allowDirectConnections")
	p.Want(len(n.PSCProjects) == 0, "network.authorizedNetworks: an instance with pscProjects has no public address")
	for _, name := range slices.Sorted(maps.Keys(n.AuthorizedNetworks)) {
		value := n.AuthorizedNetworks[name]
		prefix, err := netip.ParsePrefix(value)
		p.Want(err == nil && prefix.Addr().Is4() && prefix == prefix.Masked() && !prefix.Addr().IsPrivate(),
			"network.authorizedNetworks[%q] %q: want a public IPv4 range without host bits", name, value)
		p.Want(err != nil || prefix.Bits() >= 16, "network.authorizedNetworks[%q] %q: wider than /16 is open to the world", name, value)
	}
}

func (a *Args) validateStorage(p *components.Problems) {
	number(p, "disk.sizeGb", a.Disk.SizeGB, 10, maxDiskGB)
	number(p, "disk.limitGb", a.Disk.LimitGB, a.diskSize()+1, maxDiskGB)
	if b := a.Backup; b.Disabled {
		p.Want(a.Zonal, "backup.disabled: HA needs backups and point-in-time recovery; it needs zonal")
		p.Want(len(a.Replicas) == 0, "backup.disabled: replicas need backups")
		p.Want(b == Backup{Disabled: true}, "backup.disabled: start, retained, logDays, location would do nothing")
		return
	}
	p.Want(a.Backup.Start == "" || clockShape.MatchString(a.Backup.Start), "backup.start %q: want HH:MM in UTC", a.Backup.Start)
	number(p, "backup.retained", a.Backup.Retained, 1, 365)
	most := 7
	if a.plus() {
		most = 35
	}
	number(p, "backup.logDays", a.Backup.LogDays, 1, most)
	p.Want(a.logDays() <= a.retained(), "backup.logDays %d: want at most the %d of retained", a.logDays(), a.retained())
	p.Want(a.Backup.Location == "" || components.IsName(a.Backup.Location),
		"backup.location %q: want a region or a multi-region in lower case", a.Backup.Location)
}

func (a *Args) validateMaintenance(p *components.Problems) {
	m := a.Maintenance
	number(p, "maintenance.day", m.Day, 1, 7)
	p.Want(m.Hour >= 0 && m.Hour <= 23, "maintenance.hour %d: want 0 to 23", m.Hour)
	p.OneOf("maintenance.track", m.Track, "", "canary", "stable", "week5")
	denied(p, m)
	i := a.Insights
	number(p, "insights.plansPerMinute", i.PlansPerMinute, 1, 20)
	number(p, "insights.queryLength", i.QueryLength, 256, 4500)
	p.Want(!i.Disabled || i == Insights{Disabled: true}, "insights.disabled: the other fields of insights would do nothing")
	number(p, "passwords.minLength", a.Passwords.MinLength, 12, 128)
	number(p, "passwords.reuse", a.Passwords.Reuse, 1, 100)
	number(p, "passwords.changeHours", a.Passwords.ChangeHours, 1, 24*365)
}

// denied checks the period without maintenance
// (https://cloud.google.com/sql/docs/postgres/maintenance#denymaintenance).
func denied(p *components.Problems, m Maintenance) {
	if m.DenyStart == "" {
		p.Want(m.DenyEnd == "" && m.DenyTime == "", "maintenance.denyEnd, denyTime: need denyStart")
		return
	}
	const yearly, once = "1-02", "2006-1-02"
	layout := once
	if strings.Count(m.DenyStart, "-") == 1 {
		layout = yearly
	}
	start, err := time.Parse(layout, m.DenyStart)
	p.Want(err == nil && start.Format(layout) == m.DenyStart,
		`maintenance.denyStart %q: want a date such as "2030-12-15" or "1-05", no leading zero in the month`, m.DenyStart)
	end, endErr := time.Parse(layout, m.DenyEnd)
	p.Want(endErr == nil && end.Format(layout) == m.DenyEnd, "maintenance.denyEnd %q: want a date like denyStart %q", m.DenyEnd, m.DenyStart)
	if layout == yearly && end.Before(start) {
		end = end.AddDate(1, 0, 0) // over the new year
	}
	days := int(end.Sub(start).Hours() / 24)
	p.Want(err != nil || endErr != nil || days >= 1 && days <= 90,
		"maintenance.denyStart %q, denyEnd %q: %d days, want 1 to 90", m.DenyStart, m.DenyEnd, days)
	p.Want(m.DenyTime == "" || secondShape.MatchString(m.DenyTime), "maintenance.denyTime %q: want HH:MM:SS in UTC", m.DenyTime)
}

func (a *Args) validateLogins(p *components.Problems) {
	for i, name := range a.Databases {
		p.Want(databaseShape.MatchString(name) && len(name) <= postgresName,
			"databases[%d] %q: want at most %d lower-case letters, digits, underscores, hyphens", i, name, postgresName)
		p.Want(!slices.Contains([]string{"postgres", "template0", "template1", "cloudsqladmin"}, name),
			"databases[%d] %q: every instance has it from the start", i, name)
	}
	p.Distinct("databases", a.Databases)
	gcp.CheckKeys(p, "workloads", a.Workloads)
	for _, workload := range slices.Sorted(maps.Keys(a.Workloads)) {
		email := a.Workloads[workload]
		p.Want(email != nil, "workloads[%q]: want a service account's email", workload)
		if known, ok := email.(pulumi.String); ok {
			p.Want(strings.HasSuffix(string(known), accountSuffix),
				"workloads[%q] %q: want an email that ends in %q", workload, known, accountSuffix)
		}
	}
	emails(p, "groups", a.Groups)
	emails(p, "people", a.People)
}

func emails(p *components.Problems, field string, logins map[string]string) {
	gcp.CheckKeys(p, field, logins)
	for _, which := range slices.Sorted(maps.Keys(logins)) {
		p.Want(emailShape.MatchString(logins[which]), "%s[%q] %q: want an email address in lower case", field, which, logins[which])
	}
}

func (a *Args) validateReplicas(p *components.Problems) {
	gcp.CheckKeys(p, "replicas", a.Replicas)
	for _, which := range slices.Sorted(maps.Keys(a.Replicas)) {
		r, field := a.Replicas[which], fmt.Sprintf("replicas[%q]", which)
		fits(p, field, a.Project, a.physical(which))
		p.Want(r.Region == "" || gcp.IsRegion(r.Region), "%s.region %q: want a region", field, r.Region)
		region := cmp.Or(r.Region, a.Region)
		zone(p, field+".zone", r.Zone, region)
		if r.Tier != "" {
			err := checkTier(r.Tier, a.edition(), a.Zonal)
			p.Want(err == nil, "%s.tier %w", field, err)
		}
		wants := a.EncryptionKey != nil && region != a.Region
		p.Want((a.ReplicaKeys[which] != nil) == wants,
			"replicaKeys[%q]: wanted for a replica in another region than its encrypted instance, and for no other", which)
	}
	for _, which := range slices.Sorted(maps.Keys(a.ReplicaKeys)) {
		_, known := a.Replicas[which]
		p.Want(known, "replicaKeys[%q]: there is no such replica", which)
	}
}
