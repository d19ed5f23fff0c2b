package cloudsql

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

const (
	encryptedOnly = "ENCRYPTED_ONLY"
	instanceCA    = "GOOGLE_MANAGED_INTERNAL_CA"
	maxDiskGB     = 65536 // https://cloud.google.com/sql/docs/quotas#storage_limits
	maxNameLength = 98    // of PROJECT:INSTANCE, https://cloud.google.com/sql/docs/postgres/instance-settings
	postgresName  = 63    // PostgreSQL's limit on names
)

var (
	versions = []string{"POSTGRES_14", "POSTGRES_15", "POSTGRES_16", "POSTGRES_17", "POSTGRES_18"}

	projectShape  = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`)
	projectNumber = regexp.MustCompile(`^[0-9]{6,19}$`)
	regionShape   = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	nameShape     = regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)
	databaseShape = regexp.MustCompile(`^[a-z_][a-z0-9_-]*$`)
	flagShape     = regexp.MustCompile(`^[a-z][a-z0-9_.]*$`)
	labelKey      = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	labelValue    = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)
	emailShape    = regexp.MustCompile(`^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]+$`)
	clockShape    = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
	secondShape   = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`)
)

// problems collects what is wrong.
type problems []error

func (p *problems) unless(ok bool, format string, args ...any) {
	if !ok {
		*p = append(*p, fmt.Errorf(format, args...))
	}
}

func (p *problems) add(field string, err error) {
	if err != nil {
		*p = append(*p, fmt.Errorf("%s %w", field, err))
	}
}

func (p *problems) oneOf(field, value string, allowed ...string) {
	p.unless(slices.Contains(allowed, value), "%s %q: want one of %s", field, value, strings.Join(allowed, ", "))
}

// number checks a number whose zero means the default.
func (p *problems) number(field string, n, lo, hi int) {
	p.unless(n == 0 || n >= lo && n <= hi, "%s %d: want %d to %d, or 0 for the default", field, n, lo, hi)
}

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	p := &problems{}
	p.unless(projectShape.MatchString(a.Project), "project %q: want a project's id", a.Project)
	p.unless(regionShape.MatchString(a.Region), `region %q: want a region, such as "asia-northeast1"`, a.Region)
	p.unless(nameShape.MatchString(a.Name), "name %q: want lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.unless(a.Generation >= 1, "generation %d: want at least 1", a.Generation)
	p.fits("name", a.Project, a.physical())
	p.oneOf("version", a.Version, versions...)
	p.oneOf("edition", a.edition(), enterprise, enterprisePlus)
	p.add("tier", checkTier(a.Tier, a.edition(), a.Zonal))
	p.unless(!a.DisableDataCache || a.plus(), "disableDataCache: only edition ENTERPRISE_PLUS has a data cache")
	p.zone("zone", a.Zone, a.Region)
	p.zone("secondaryZone", a.SecondaryZone, a.Region)
	p.unless(a.SecondaryZone == "" || a.Zone != "" && a.Zone != a.SecondaryZone && !a.Zonal,
		"secondaryZone %q: needs another zone in zone, and an instance that is not zonal", a.SecondaryZone)
	for _, flag := range slices.Sorted(maps.Keys(a.Flags)) {
		p.unless(flagShape.MatchString(flag), "flags[%s]: want a flag's name in lower case", flag)
		p.unless(flag != iamFlag, "flags[%s]: is always on; every login needs it", flag)
	}
	for _, key := range slices.Sorted(maps.Keys(a.Labels)) {
		p.unless(labelKey.MatchString(key) && labelValue.MatchString(a.Labels[key]),
			"labels[%s] %q: want at most 63 lower-case letters, digits, underscores, hyphens", key, a.Labels[key])
	}
	a.validateNetwork(p)
	a.validateStorage(p)
	a.validateMaintenance(p)
	a.validateLogins(p)
	a.validateReplicas(p)
	return errors.Join(*p...)
}

func (p *problems) fits(field, project, instance string) {
	full := project + ":" + instance
	p.unless(len(full) <= maxNameLength, "%s: %q has %d characters, want at most %d", field, full, len(full), maxNameLength)
}

func (p *problems) zone(field, zone, region string) {
	letter, inRegion := strings.CutPrefix(zone, region+"-")
	p.unless(zone == "" || inRegion && len(letter) == 1, "%s %q: want a zone of %s, such as %q", field, zone, region, region+"-a")
}

func (a *Args) validateNetwork(p *problems) {
	n := a.Network
	p.unless((a.PrivateNetwork != nil) != (len(n.PSCProjects) > 0),
		"privateNetwork, network.pscProjects: want exactly one of private services access and Private Service Connect")
	for i, project := range n.PSCProjects {
		p.unless(projectShape.MatchString(project) || projectNumber.MatchString(project),
			"network.pscProjects[%d] %q: want a project's id or number", i, project)
	}
	p.unless(n.AllocatedRange == "" || a.PrivateNetwork != nil && nameShape.MatchString(n.AllocatedRange),
		"network.allocatedRange %q: want the name of a range, and a privateNetwork", n.AllocatedRange)
	p.unless(!n.AllowGoogleServices || a.PrivateNetwork != nil, "network.allowGoogleServices: needs a privateNetwork")
	if n.SSLMode != "" {
		p.oneOf("network.sslMode", n.SSLMode, encryptedOnly, "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")
	}
	if n.ServerCAMode != "" {
		p.oneOf("network.serverCaMode", n.ServerCAMode, instanceCA, "GOOGLE_MANAGED_CAS_CA")
	}
	if len(n.AuthorizedNetworks) == 0 {
		return
	}
	p.unless(n.AllowDirectConnections, "network.authorizedNetworks: would admit nobody without allowDirectConnections")
	p.unless(len(n.PSCProjects) == 0, "network.authorizedNetworks: an instance with pscProjects has no public address")
	for _, name := range slices.Sorted(maps.Keys(n.AuthorizedNetworks)) {
		value := n.AuthorizedNetworks[name]
		prefix, err := netip.ParsePrefix(value)
		p.unless(err == nil && prefix.Addr().Is4() && prefix == prefix.Masked() && !prefix.Addr().IsPrivate(),
			"network.authorizedNetworks[%s] %q: want a public IPv4 range without host bits", name, value)
		p.unless(err != nil || prefix.Bits() >= 16, "network.authorizedNetworks[%s] %q: wider than /16 is open to the world", name, value)
	}
}

func (a *Args) validateStorage(p *problems) {
	p.number("disk.sizeGb", a.Disk.SizeGB, 10, maxDiskGB)
	p.number("disk.limitGb", a.Disk.LimitGB, a.diskSize()+1, maxDiskGB)
	if b := a.Backup; b.Disabled {
		p.unless(a.Zonal, "backup.disabled: HA needs backups and point-in-time recovery; it needs zonal")
		p.unless(len(a.Replicas) == 0, "backup.disabled: replicas need backups")
		p.unless(b == Backup{Disabled: true}, "backup.disabled: start, retained, logDays, location would do nothing")
		return
	}
	p.unless(a.Backup.Start == "" || clockShape.MatchString(a.Backup.Start), "backup.start %q: want HH:MM in UTC", a.Backup.Start)
	p.number("backup.retained", a.Backup.Retained, 1, 365)
	most := 7
	if a.plus() {
		most = 35
	}
	p.number("backup.logDays", a.Backup.LogDays, 1, most)
	p.unless(a.logDays() <= a.retained(), "backup.logDays %d: want at most the %d of retained", a.logDays(), a.retained())
	p.unless(a.Backup.Location == "" || nameShape.MatchString(a.Backup.Location),
		"backup.location %q: want a region or a multi-region in lower case", a.Backup.Location)
}

func (a *Args) validateMaintenance(p *problems) {
	m := a.Maintenance
	p.number("maintenance.day", m.Day, 1, 7)
	p.unless(m.Hour >= 0 && m.Hour <= 23, "maintenance.hour %d: want 0 to 23", m.Hour)
	if m.Track != "" {
		p.oneOf("maintenance.track", m.Track, "canary", "stable", "week5")
	}
	p.denied(m)
	i := a.Insights
	p.number("insights.plansPerMinute", i.PlansPerMinute, 1, 20)
	p.number("insights.queryLength", i.QueryLength, 256, 4500)
	p.unless(!i.Disabled || i == Insights{Disabled: true}, "insights.disabled: the other fields of insights would do nothing")
	p.number("passwords.minLength", a.Passwords.MinLength, 12, 128)
	p.number("passwords.reuse", a.Passwords.Reuse, 1, 100)
	p.number("passwords.changeHours", a.Passwords.ChangeHours, 1, 24*365)
}

// denied checks the period without maintenance
// (https://cloud.google.com/sql/docs/postgres/maintenance#denymaintenance).
func (p *problems) denied(m Maintenance) {
	if m.DenyStart == "" {
		p.unless(m.DenyEnd == "" && m.DenyTime == "", "maintenance.denyEnd, denyTime: need denyStart")
		return
	}
	const yearly, once = "1-02", "2006-1-02"
	layout := once
	if strings.Count(m.DenyStart, "-") == 1 {
		layout = yearly
	}
	start, err := time.Parse(layout, m.DenyStart)
	p.unless(err == nil && start.Format(layout) == m.DenyStart,
		`maintenance.denyStart %q: want a date such as "2030-12-15" or "1-05", no leading zero in the month`, m.DenyStart)
	end, endErr := time.Parse(layout, m.DenyEnd)
	p.unless(endErr == nil && end.Format(layout) == m.DenyEnd, "maintenance.denyEnd %q: want a date like denyStart %q", m.DenyEnd, m.DenyStart)
	if layout == yearly && end.Before(start) {
		end = end.AddDate(1, 0, 0) // over the new year
	}
	days := int(end.Sub(start).Hours() / 24)
	p.unless(err != nil || endErr != nil || days >= 1 && days <= 90,
		"maintenance.denyStart %q, denyEnd %q: %d days, want 1 to 90", m.DenyStart, m.DenyEnd, days)
	p.unless(m.DenyTime == "" || secondShape.MatchString(m.DenyTime), "maintenance.denyTime %q: want HH:MM:SS in UTC", m.DenyTime)
}

func (a *Args) validateLogins(p *problems) {
	for i, name := range a.Databases {
		p.unless(databaseShape.MatchString(name) && len(name) <= postgresName,
			"databases[%d] %q: want at most %d lower-case letters, digits, underscores, hyphens", i, name, postgresName)
		p.unless(!slices.Contains([]string{"postgres", "template0", "template1", "cloudsqladmin"}, name),
			"databases[%d] %q: every instance has it from the start", i, name)
		p.unless(slices.Index(a.Databases, name) == i, "databases[%d] %q: is there twice", i, name)
	}
	for _, workload := range slices.Sorted(maps.Keys(a.Workloads)) {
		email := a.Workloads[workload]
		p.unless(nameShape.MatchString(workload), "workloads[%s]: want lower-case letters, digits, inner hyphens", workload)
		p.unless(email != nil, "workloads[%s]: want a service account's email", workload)
		if known, ok := email.(pulumi.String); ok {
			p.unless(strings.HasSuffix(string(known), accountSuffix),
				"workloads[%s] %q: want an email that ends in %q", workload, known, accountSuffix)
		}
	}
	p.emails("groups", a.Groups)
	p.emails("people", a.People)
}

func (p *problems) emails(field string, logins map[string]string) {
	for _, which := range slices.Sorted(maps.Keys(logins)) {
		p.unless(nameShape.MatchString(which), "%s[%s]: want lower-case letters, digits, inner hyphens", field, which)
		p.unless(emailShape.MatchString(logins[which]), "%s[%s] %q: want an email address in lower case", field, which, logins[which])
	}
}

func (a *Args) validateReplicas(p *problems) {
	for _, which := range slices.Sorted(maps.Keys(a.Replicas)) {
		r, field := a.Replicas[which], "replicas["+which+"]"
		p.unless(nameShape.MatchString(which), "%s: want lower-case letters, digits, inner hyphens", field)
		p.fits(field, a.Project, a.physical(which))
		p.unless(r.Region == "" || regionShape.MatchString(r.Region), "%s.region %q: want a region", field, r.Region)
		region := a.Region
		if r.Region != "" {
			region = r.Region
		}
		p.zone(field+".zone", r.Zone, region)
		if r.Tier != "" {
			p.add(field+".tier", checkTier(r.Tier, a.edition(), a.Zonal))
		}
		wants := a.EncryptionKey != nil && region != a.Region
		p.unless((a.ReplicaKeys[which] != nil) == wants,
			"replicaKeys[%s]: wanted for a replica in another region than its encrypted instance, and for no other", which)
	}
	for _, which := range slices.Sorted(maps.Keys(a.ReplicaKeys)) {
		_, known := a.Replicas[which]
		p.unless(known, "replicaKeys[%s]: there is no such replica", which)
	}
}
