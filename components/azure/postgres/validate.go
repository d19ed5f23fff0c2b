package postgres

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ai-worker/components"
	"ai-worker/components/azure"
)

const (
	burstable     = "Burstable"
	minServerName = 3
	maxServerName = 63 // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftdbforpostgresql
	postgresName  = 63 // PostgreSQL's limit on names
	minBackupDays = 7  // https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-backup-restore#backup-retention
	maxBackupDays = 35
)

var (
	versions = []string{"13", "14", "15", "16", "17"} // https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-supported-versions
	// of a Premium SSD: https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-storage
	disks = []int{32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767}
	// https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute
	tiers = []struct {
		name string
		sku  *regexp.Regexp
	}{
		{burstable, regexp.MustCompile(`^Standard_B(1ms|2s|(2|4|8|12|16|20)ms)$`)},
		{"GeneralPurpose", regexp.MustCompile(`^Standard_D((2|4|8|16|32|48|64)(s_v3|ds_v4)|(2|4|8|16|32|48|64|96)a?ds_v5)$`)},
		{"MemoryOptimized", regexp.MustCompile(`^Standard_E((2|4|8|16|20|32|48|64)(s_v3|ds_v4)|(2|4|8|16|20|32|48|64|96)a?ds_v5)$`)},
	}

	system        = []string{"postgres", "template0", "template1", "azure_maintenance", "azure_sys"}
	databaseShape = regexp.MustCompile(`^[a-z_][a-z0-9_-]*$`)
	flagShape     = regexp.MustCompile(`^[a-z][a-z0-9_.]*$`)
)

// tier is that of the SKU, or empty.
func (a *Args) tier() string {
	for _, tier := range tiers {
		if tier.sku.MatchString(a.SKU) {
			return tier.name
		}
	}
	return ""
}

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.CheckObserved(&p)
	p.Want(components.IsName(a.Name), "name %q: want lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want(a.Generation >= 1, "generation %d: want at least 1", a.Generation)
	n := len(a.ServerName())
	p.Want(n >= minServerName && n <= maxServerName, "name: %q has %d characters, want %d to %d", a.ServerName(), n, minServerName, maxServerName)
	p.OneOf("version", a.Version, versions...)
	p.Want(a.tier() != "", `sku %q: want one such as "Standard_B2ms", "Standard_D2ds_v5" or "Standard_E2ds_v5"`, a.SKU)
	p.Want(a.Zonal || a.tier() != burstable, "sku %q: Burstable has no standby: want zonal, or a size of the D or E series", a.SKU)
	p.Want(slices.Contains(disks, a.diskGB()), "diskGb %d: want one of %s", a.DiskGB, strings.Trim(fmt.Sprint(disks), "[]"))
	p.Want(a.Subnet != nil, "subnet is required")
	p.Want(a.Zone != nil, "zone is required")
	p.Want(a.backupDays() >= minBackupDays && a.backupDays() <= maxBackupDays,
		"backup.days %d: want %d to %d, or 0 for 14", a.Backup.Days, minBackupDays, maxBackupDays)
	between(&p, "maintenance.day", a.Maintenance.Day, 6)
	between(&p, "maintenance.hour", a.Maintenance.Hour, 23)
	between(&p, "maintenance.minute", a.Maintenance.Minute, 59)
	a.validateFlags(&p)
	a.validateDatabases(&p)
	a.validateAdministrators(&p)
	return p.Err()
}

func between(p *components.Problems, field string, n, most int) {
	p.Want(n >= 0 && n <= most, "%s %d: want 0 to %d", field, n, most)
}

func (a *Args) validateFlags(p *components.Problems) {
	for _, flag := range slices.Sorted(maps.Keys(a.Flags)) {
		value := a.Flags[flag]
		p.Want(flagShape.MatchString(flag), "flags[%q]: want a parameter's name in lower case", flag)
		switch flag {
		case transport:
			p.Want(false, "flags[%q]: is always on", flag)
		case minTLS:
			p.OneOf(fmt.Sprintf("flags[%q]", flag), value, "TLSv1.2", "TLSv1.3")
		case "log_connections", "log_disconnections":
			p.Want(false, "flags[%q]: Azure has it on and refuses to be told", flag)
		}
	}
}

func (a *Args) validateDatabases(p *components.Problems) {
	for i, name := range a.Databases {
		p.Want(databaseShape.MatchString(name) && len(name) <= postgresName,
			"databases[%d] %q: want at most %d lower-case letters, digits, underscores, hyphens", i, name, postgresName)
		p.Want(!slices.Contains(system, name), "databases[%d] %q: every server has it from the start", i, name)
	}
	p.Distinct("databases", a.Databases)
}

func (a *Args) validateAdministrators(p *components.Problems) {
	p.Want(azure.IsUUID(a.Tenant), "tenant %q: want a UUID in lower case", a.Tenant)
	p.Want(len(a.Administrators) > 0, "administrators: want at least one: without a password, nobody else makes the first login")
	azure.CheckKeys(p, "administrators", a.Administrators)
	for _, key := range slices.Sorted(maps.Keys(a.Administrators)) {
		field := fmt.Sprintf("administrators[%q]", key)
		azure.CheckPrincipal(p, field+".principal", a.Administrators[key].Principal)
		p.Want(a.Administrators[key].Name != nil, "%s.name: want the name of the identity", field)
	}
}
