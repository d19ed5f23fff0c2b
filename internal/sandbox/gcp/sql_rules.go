package gcp

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func sqlInstanceRules() map[string]sandbox.Rule {
	rules := map[string]sandbox.Rule{
		// https://cloud.google.com/sql/docs/postgres/instance-settings
		"name":                          sandbox.Match(`^[a-z]([a-z0-9-]{0,95}[a-z0-9])?$`, "lower-case letters, digits, hyphens, a letter first"),
		"region":                        sandbox.Match(`^[a-z]+-[a-z]+[0-9]+$`, `a region, such as "asia-northeast1"`),
		"databaseVersion":               sandbox.Match(`^POSTGRES_(9_6|1[0-8])$`, `a version of PostgreSQL, such as "POSTGRES_17"`),
		"instanceType":                  sandbox.OneOf("CLOUD_SQL_INSTANCE", "READ_REPLICA_INSTANCE"),
		"encryptionKeyName":             cryptoKeyRule,
		"settings.tier":                 sqlTier,
		"settings.edition":              sandbox.OneOf("ENTERPRISE", "ENTERPRISE_PLUS"),
		"settings.availabilityType":     sandbox.OneOf("REGIONAL", "ZONAL"),
		"settings.activationPolicy":     sandbox.OneOf("ALWAYS", "NEVER", "ON_DEMAND"),
		"settings.pricingPlan":          sandbox.OneOf("PER_USE"),
		"settings.connectorEnforcement": sandbox.OneOf("NOT_REQUIRED", "REQUIRED"),
		"settings.userLabels{}":         labelValue,
		"settings.databaseFlags[].name": sandbox.Match(`^[a-z][a-z0-9_.]*$`, "a flag in lower case"),
		"settings.diskType":             sandbox.OneOf("PD_SSD", "PD_HDD"),
		"settings.diskSize":             sandbox.Between(10, 65536),
		"settings.diskAutoresizeLimit":  sandbox.Between(0, 65536),
	}
	under := func(parent string, more map[string]sandbox.Rule) {
		for path, rule := range more {
			rules["settings."+parent+"."+path] = rule
		}
	}
	under("ipConfiguration", map[string]sandbox.Rule{
		"sslMode":                    sandbox.OneOf("ALLOW_UNENCRYPTED_AND_ENCRYPTED", "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
		"serverCaMode":               sandbox.OneOf("GOOGLE_MANAGED_INTERNAL_CA", "GOOGLE_MANAGED_CAS_CA"),
		"privateNetwork":             sandbox.Match(`^(https://.+/)?projects/[^/]+/global/networks/[a-z0-9-]+$`, `"projects/P/global/networks/N"`),
		"authorizedNetworks[].value": sandbox.All(sandbox.CIDR(), publicRange),
		"pscConfigs":                 sandbox.Items(0, 1),
	})
	under("backupConfiguration", map[string]sandbox.Rule{
		"startTime":                               sandbox.Match(`^([01][0-9]|2[0-3]):[0-5][0-9]$`, `HH:MM in UTC, such as "17:30"`),
		"transactionLogRetentionDays":             sandbox.Between(1, 35),
		"backupRetentionSettings.retainedBackups": sandbox.Between(1, 365),
		"backupRetentionSettings.retentionUnit":   sandbox.OneOf("COUNT"),
	})
	under("maintenanceWindow", map[string]sandbox.Rule{
		"day": sandbox.Between(1, 7), "hour": sandbox.Between(0, 23), "updateTrack": sandbox.OneOf("canary", "stable", "week5"),
	})
	under("denyMaintenancePeriod", map[string]sandbox.Rule{
		"startDate": sqlDate, "endDate": sqlDate,
		"time": sandbox.Match(`^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`, `HH:mm:SS, such as "00:00:00"`),
	})
	under("insightsConfig", map[string]sandbox.Rule{
		"queryPlansPerMinute": sandbox.Between(0, 20), "queryStringLength": sandbox.Between(256, 4500),
	})
	under("passwordValidationPolicy", map[string]sandbox.Rule{
		"complexity":             sandbox.OneOf("COMPLEXITY_DEFAULT", "COMPLEXITY_UNSPECIFIED"),
		"passwordChangeInterval": seconds(0, 365*86400),
		"minLength":              sandbox.Between(0, math.MaxInt32),
		"reuseInterval":          sandbox.Between(0, math.MaxInt32),
	})
	return rules
}

// SDK, DatabaseInstanceSettingsDenyMaintenancePeriod: the month has no leading zero.
var sqlDate = sandbox.Match(`^([0-9]{4}-)?([1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`,
	`a date without leading zero in the month, such as "2030-1-05" or "1-05"`)

// publicRange refuses what the API calls "non-routable or private authorized networks".
func publicRange(v resource.PropertyValue) error {
	if p, err := netip.ParsePrefix(v.StringValue()); err != nil || p.Addr().IsPrivate() {
		return fmt.Errorf("%q is no public range", v.StringValue())
	}
	return nil
}

var (
	sharedTier = regexp.MustCompile(`^db-(f1-micro|g1-small)$`)
	plusTier   = regexp.MustCompile(`^db-perf-optimized-N-(2|4|8|16|32|48|64|80|96|128)$`)
	customTier = regexp.MustCompile(`^db-custom-([0-9]+)-([0-9]+)$`)
)

// sqlTier wants a machine type that PostgreSQL can have
// (https://cloud.google.com/sql/docs/postgres/create-instance#machine-types).
func sqlTier(v resource.PropertyValue) error {
	tier := v.StringValue()
	if sharedTier.MatchString(tier) || plusTier.MatchString(tier) {
		return nil
	}
	found := customTier.FindStringSubmatch(tier)
	if found == nil {
		return fmt.Errorf("%q: only custom, shared-core or performance-optimized machine types are allowed for PostgreSQL", tier)
	}
	cpus, _ := strconv.Atoi(found[1]) // digits that do not fit give a number out of range
	memory, _ := strconv.Atoi(found[2])
	switch {
	case cpus != 1 && (cpus < 2 || cpus > 96 || cpus%2 != 0):
		return fmt.Errorf("%q: %d vCPUs: want 1, or an even number from 2 to 96", tier, cpus)
	case memory%256 != 0 || memory < 3840 || 10*memory < 9*1024*cpus || 10*memory > 65*1024*cpus:
		return fmt.Errorf("%q: %d MB: want a multiple of 256, at least 3840, and 0.9 to 6.5 GB a vCPU", tier, memory)
	}
	return nil
}

var sqlInstanceChecks = []sandbox.Check{
	sandbox.Refuse(func(o *sandbox.Object) bool { return !o.Has("settings") && !o.Has("clone") }, "settings: missing required property"),
	sandbox.When(has("settings"), checkSQLAddress),
	sandbox.When(has("settings"), checkSQLBackups),
	sandbox.When(has("settings"), checkSQLEdition),
	sandbox.Refuse(func(o *sandbox.Object) bool {
		limit := o.Num("settings.diskAutoresizeLimit")
		return limit != 0 && limit < o.Num("settings.diskSize")
	}, "settings.diskAutoresizeLimit: is below diskSize"),
	sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("settings.timeZone") || o.Has("settings.collation") },
		"settings: timeZone and collation are for SQL Server only"),
	checkSQLFlags,
}

func has(path string) func(o *sandbox.Object) bool {
	return func(o *sandbox.Object) bool { return o.Has(path) }
}

func checkSQLAddress(o *sandbox.Object) error {
	const ip = "settings.ipConfiguration"
	psc := o.Has(ip + ".pscConfigs")
	o.Each(ip+".pscConfigs[].pscEnabled", func(_ string, v resource.PropertyValue) { psc = v.BoolValue() })
	switch {
	case o.Has(ip) && o.Known(ip+".ipv4Enabled") && !o.Bool(ip+".ipv4Enabled") && !o.Has(ip+".privateNetwork") && !psc:
		return errors.New(ip + ": at least one of public IP, private network or Private Service Connect must be enabled")
	case psc && o.Bool(ip+".ipv4Enabled"):
		return errors.New(ip + ": PSC connectivity cannot be enabled together with public IP")
	case o.Bool(ip+".enablePrivatePathForGoogleCloudServices") && !o.Has(ip+".privateNetwork"):
		return errors.New(ip + ".enablePrivatePathForGoogleCloudServices: needs a private network")
	case o.Has(ip+".allocatedIpRange") && !o.Has(ip+".privateNetwork"):
		return errors.New(ip + ".allocatedIpRange: needs a private network")
	}
	return nil
}

func checkSQLBackups(o *sandbox.Object) error {
	const backup = "settings.backupConfiguration"
	enabled, pitr := o.Bool(backup+".enabled"), o.Bool(backup+".pointInTimeRecoveryEnabled")
	switch {
	case o.Bool(backup + ".binaryLogEnabled"):
		return errors.New(backup + ".binaryLogEnabled: can only be used with MySQL")
	case o.Has("masterInstanceName"):
		if enabled || pitr {
			return errors.New(backup + ": a read replica of PostgreSQL has no backups of its own")
		}
	case pitr && !enabled:
		return errors.New(backup + ".pointInTimeRecoveryEnabled: needs backups")
	// SDK, DatabaseInstanceSettings.AvailabilityType
	case o.Str("settings.availabilityType") == "REGIONAL" && (!enabled || !pitr):
		return errors.New("settings.availabilityType: REGIONAL needs backups and point-in-time recovery")
	}
	return nil
}

func checkSQLEdition(o *sandbox.Object) error {
	if !o.Known("settings.edition") || !o.Known("settings.tier") {
		return nil
	}
	plus, tier := o.Str("settings.edition") == "ENTERPRISE_PLUS", o.Str("settings.tier")
	switch {
	case plus != plusTier.MatchString(tier):
		return fmt.Errorf("settings.tier: %q is not a machine type of edition %s", tier, o.Str("settings.edition"))
	case !plus && o.Bool("settings.dataCacheConfig.dataCacheEnabled"):
		return errors.New("settings.dataCacheConfig: needs edition ENTERPRISE_PLUS")
	case !plus && o.Num("settings.backupConfiguration.transactionLogRetentionDays") > 7:
		return errors.New("settings.backupConfiguration.transactionLogRetentionDays: more than 7 needs edition ENTERPRISE_PLUS")
	}
	return nil
}

func checkSQLFlags(o *sandbox.Object) error {
	seen := map[string]bool{}
	var twice error
	o.Each("settings.databaseFlags[].name", func(at string, v resource.PropertyValue) {
		if seen[v.StringValue()] {
			twice = fmt.Errorf("%s: flag %q is given twice", at, v.StringValue())
		}
		seen[v.StringValue()] = true
	})
	return twice
}

func checkSQLUser(o *sandbox.Object) error {
	if o.Has("type") && !o.Known("type") {
		return nil
	}
	typ, name := o.Str("type"), o.Str("name")
	iam := strings.HasPrefix(typ, "CLOUD_IAM_")
	switch {
	case o.Has("host"):
		return errors.New("host: is only supported for MySQL instances")
	case iam && (o.Has("password") || o.Has("passwordPolicy")):
		return fmt.Errorf("password: a user of type %s has none", typ)
	case !iam && !o.Has("password"):
		return errors.New("password: missing, and a built-in user needs one")
	case !iam || !o.Known("name"):
		return nil
	// https://cloud.google.com/sql/docs/postgres/add-manage-iam-users
	case name != strings.ToLower(name):
		return fmt.Errorf("name: %q must be all lower case", name)
	case typ == "CLOUD_IAM_SERVICE_ACCOUNT" && (strings.HasSuffix(name, ".gserviceaccount.com") || !strings.Contains(name, "@")):
		return fmt.Errorf(`name: %q: want the account's email without ".gserviceaccount.com"`, name)
	case !strings.Contains(name, "@"):
		return fmt.Errorf("name: %q is no email address", name)
	}
	return nil
}
