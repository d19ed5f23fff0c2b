package azure

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	postgresSuffix     = ".postgres.database.azure.com"
	postgresDelegation = "Microsoft.DBforPostgreSQL/flexibleServers"
	premiumV2          = "PremiumV2_LRS"
)

var (
	onOff = sandbox.OneOf(enabled, disabled)
	zone  = sandbox.OneOf("", "1", "2", "3") // empty: Azure chooses
	uuid  = sandbox.Match(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`, "a UUID")
)

var serverRules = map[string]sandbox.Rule{
	"serverName": sandbox.Match(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`, "3 to 63 lower-case letters, digits and inner hyphens"),
	"location":   region, "tags": tags,
	"sku.tier": sandbox.OneOf("Burstable", "GeneralPurpose", "MemoryOptimized"),
	// https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-supported-versions
	"version":                     sandbox.OneOf("11", "12", "13", "14", "15", "16", "17"),
	"createMode":                  sandbox.OneOf("Default", "Create"), // the others restore or replicate
	"availabilityZone":            zone,
	"authConfig.passwordAuth":     onOff,
	"authConfig.tenantId":         uuid,
	"backup.backupRetentionDays":  sandbox.Between(7, 35),
	"backup.geoRedundantBackup":   onOff,
	"highAvailability.mode":       sandbox.OneOf(disabled, "SameZone", "ZoneRedundant"),
	"network.publicNetworkAccess": onOff,
	"storage.autoGrow":            onOff,
	"storage.type":                sandbox.OneOf("Premium_LRS", premiumV2),
	"storage.storageSizeGB":       sandbox.Between(32, 65536),

	"authConfig.activeDirectoryAuth":           onOff,
	"highAvailability.standbyAvailabilityZone": zone,
	"maintenanceWindow.customWindow":           onOff,
	"maintenanceWindow.dayOfWeek":              sandbox.Between(0, 6),
	"maintenanceWindow.startHour":              sandbox.Between(0, 23),
	"maintenanceWindow.startMinute":            sandbox.Between(0, 59),
	"network.delegatedSubnetResourceId": sandbox.Match(
		`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/virtualNetworks/[^/]+/subnets/[^/]+$`, "the id of a subnet"),
	"network.privateDnsZoneArmResourceId": sandbox.Match(
		`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Network/privateDnsZones/[^/]+$`, "the id of a private DNS zone"),
}

var serverChecks = []sandbox.Check{checkServerSku, checkServerStorage, checkServerStandby, checkServerAuth, checkServerNetwork}

// skus are the sizes of each tier (https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute).
var skus = map[string]*regexp.Regexp{
	"Burstable":       regexp.MustCompile(`^Standard_B(1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms)$`),
	"GeneralPurpose":  regexp.MustCompile(`^Standard_D((2|4|8|16|32|48|64)(s_v3|ds_v4)|(2|4|8|16|32|48|64|96)a?ds_v5)$`),
	"MemoryOptimized": regexp.MustCompile(`^Standard_E((2|4|8|16|20|32|48|64)(s_v3|ds_v4)|(2|4|8|16|20|32|48|64|96)a?ds_v5)$`),
}

func checkServerSku(o *sandbox.Object) error {
	tier, name := o.Str("sku.tier"), o.Str("sku.name")
	if of := skus[tier]; of != nil && name != "" && !of.MatchString(name) {
		return fmt.Errorf("InvalidSku: sku.name: %q is no size of the tier %s", name, tier)
	}
	return nil
}

// A disk is the performance tier of a disk of a size
// (https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd).
type disk struct {
	gb   float64
	tier string
	iops int
}

var disks = []disk{
	{32, "P4", 120}, {64, "P6", 240}, {128, "P10", 500}, {256, "P15", 1100}, {512, "P20", 2300}, {1024, "P30", 5000}, {2048, "P40", 7500},
	{4095, "P50", 7500}, {4096, "P50", 7500}, {8192, "P60", 16000}, {16384, "P70", 18000}, {32767, "P80", 20000},
}

// storageAt is the disk of a size, the zero one where no disk has it.
func storageAt(gb float64) disk {
	for _, d := range disks {
		if d.gb == gb {
			return d
		}
	}
	return disk{}
}

func iopsOf(tier string) int {
	for _, d := range disks {
		if d.tier == tier {
			return d.iops
		}
	}
	return 0
}

func checkServerStorage(o *sandbox.Object) error {
	gb, tier := o.Num("storage.storageSizeGB"), o.Str("storage.tier")
	v2 := o.Str("storage.type") == premiumV2
	sized := storageAt(gb)
	switch {
	case v2 && o.Str("storage.autoGrow") == enabled:
		return fmt.Errorf("storage.autoGrow: is not supported with storage of type %s", premiumV2)
	case v2 && (!o.Has("storage.iops") || !o.Has("storage.throughput")):
		return fmt.Errorf("storage.iops and storage.throughput: storage of type %s needs both", premiumV2)
	case v2:
		return nil
	case o.Has("storage.throughput"):
		return fmt.Errorf("storage.throughput: is only of storage of type %s", premiumV2)
	case o.Known("storage.storageSizeGB") && sized.tier == "":
		return fmt.Errorf("storage.storageSizeGB: %v is none of 32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767", gb)
	case tier != "" && iopsOf(tier) == 0:
		return fmt.Errorf("storage.tier: %q is no performance tier", tier)
	case tier != "" && o.Known("storage.storageSizeGB") && iopsOf(tier) < sized.iops:
		return fmt.Errorf("storage.tier: %s is below %s, which a disk of %v GiB has at least", tier, sized.tier, gb)
	}
	return nil
}

func checkServerStandby(o *sandbox.Object) error {
	const mode, standby = "highAvailability.mode", "highAvailability.standbyAvailabilityZone"
	on := o.Known(mode) && o.Str(mode) != disabled
	here, there := o.Str("availabilityZone"), o.Str(standby)
	switch {
	// https://learn.microsoft.com/azure/reliability/reliability-postgresql-flexible-server
	case on && o.Str("sku.tier") == "Burstable":
		return errors.New(mode + ": high availability is not supported in the tier Burstable")
	case there != "" && o.Has(mode) && o.Known(mode) && !on:
		return fmt.Errorf("%s: there is no standby with the mode %s", standby, disabled)
	case o.Str(mode) == "ZoneRedundant" && there != "" && there == here:
		return fmt.Errorf("%s: %s is the server's own zone, and the mode is ZoneRedundant", standby, there)
	case o.Str(mode) == "SameZone" && there != "" && here != "" && there != here:
		return fmt.Errorf("%s: %s is not the server's zone %s, and the mode is SameZone", standby, there, here)
	}
	return nil
}

// checkServerAuth: the structures have no administrator's password, so that the API
// refuses a server with passwords; they are on where nothing says otherwise.
func checkServerAuth(o *sandbox.Object) error {
	const password, entra = "authConfig.passwordAuth", "authConfig.activeDirectoryAuth"
	isOff := func(path string) bool { return o.Has(path) && (!o.Known(path) || o.Str(path) == disabled) }
	switch {
	case open(o, "authConfig"):
		return nil
	case !isOff(password):
		return errors.New("MissingRequiredParameter: authConfig.passwordAuth: password authentication is Enabled, and then " +
			"administratorLogin and administratorLoginPassword must be specified")
	case o.Str(password) == disabled && (!o.Has(entra) || o.Str(entra) == disabled && o.Known(entra)):
		return errors.New("InvalidParameterValue: authConfig: password and Microsoft Entra authentication cannot both be Disabled")
	case o.Str(entra) == enabled && !o.Has("authConfig.tenantId"):
		return errors.New("MissingRequiredParameter: authConfig.tenantId: Microsoft Entra authentication needs the tenant")
	}
	return nil
}

func checkServerNetwork(o *sandbox.Object) error {
	const subnet, dns, access = "network.delegatedSubnetResourceId", "network.privateDnsZoneArmResourceId", "network.publicNetworkAccess"
	zone := o.Str(dns)[strings.LastIndex(o.Str(dns), "/")+1:]
	switch {
	case o.Has(dns) && !o.Has(subnet):
		return errors.New("InvalidParameterValue: " + dns + ": only a server in a delegated subnet has a private DNS zone")
	case o.Has(subnet) && !o.Has(dns):
		return errors.New("MissingRequiredParameter: Parameter 'PrivateDnsZoneArmResourceId' must be specified. This parameter cannot be NULL or empty")
	case o.Has(subnet) && o.Str(access) == enabled:
		return errors.New("InvalidParameterValue: " + access + ": a server in a delegated subnet has no public access")
	// https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private
	case zone != "" && !strings.HasSuffix(zone, postgresSuffix):
		return fmt.Errorf("PrivateDnsZoneNameNotValid: the private DNS zone %s does not end with %s", zone, postgresSuffix[1:])
	case zone != "" && zone == o.Str("serverName")+postgresSuffix:
		return fmt.Errorf("PrivateDnsZoneNameNotValid: the private DNS zone %s is the server's name and the suffix", zone)
	}
	return nil
}

// besideServer wants a subnet that is delegated to servers like it.
func besideServer(o *sandbox.Object, _ []*sandbox.Object) error {
	subnet := o.Ref("network.delegatedSubnetResourceId")
	if subnet == nil || delegatedTo(subnet, postgresDelegation) {
		return nil
	}
	return fmt.Errorf("InvalidSubnetDelegation: network.delegatedSubnetResourceId: %s is not delegated to %s", o.Str("network.delegatedSubnetResourceId"), postgresDelegation)
}

// delegatedTo says whether a subnet is delegated to a service.
func delegatedTo(subnet *sandbox.Object, service string) bool {
	found := false
	subnet.Each("delegations[].serviceName", func(_ string, v resource.PropertyValue) {
		found = found || same(v.StringValue(), service)
	})
	return found
}

// reviseServer refuses what only a new server can have.
func reviseServer(have, want *sandbox.Object) error {
	const size = "storage.storageSizeGB"
	was, _ := strconv.Atoi(have.Str("version")) // a rule has it numeric
	next, _ := strconv.Atoi(want.Str("version"))
	switch {
	case want.Num(size) < have.Num(size):
		return fmt.Errorf("%s: storage cannot shrink, from %v to %v GiB", size, have.Num(size), want.Num(size))
	case next < was:
		return fmt.Errorf("version: %d cannot become %d: there is no downgrade", was, next)
	}
	// the way to the server, private or public, is one for good
	return fixed("network.delegatedSubnetResourceId", "backup.geoRedundantBackup", "storage.type")(have, want)
}

var databaseRules = map[string]sandbox.Rule{
	"databaseName": sandbox.All(
		sandbox.Match(`^[A-Za-z_][A-Za-z0-9_-]{0,62}$`, "at most 63 letters, digits, underscores and hyphens, no digit first"),
		func(v resource.PropertyValue) error {
			if name := v.StringValue(); name == "postgres" || name == "azure_maintenance" || name == "azure_sys" {
				return fmt.Errorf("%q: cannot create already existing resource: every server has it from the start", name)
			}
			return nil
		}),
	"charset":   sandbox.Match(`^[A-Za-z0-9_]+$`, `a character set of PostgreSQL, such as "UTF8"`),
	"collation": sandbox.Match(`^[A-Za-z0-9_.@-]+$`, `a collation of PostgreSQL, such as "en_US.utf8"`),
}

var administratorRules = map[string]sandbox.Rule{
	"objectId":      uuid,
	"tenantId":      uuid,
	"principalType": sandbox.OneOf("Group", "ServicePrincipal", "Unknown", "User"),
	// PostgreSQL cuts names of roles to 63 bytes
	"principalName": sandbox.Match(`^.{1,63}$`, "a name of 1 to 63 characters"),
}

// besideAdministrator: every server that these structures can describe has Entra
// authentication; an administrator is of its tenant. Of principals only identities
// are simulated, so that any user and any group may be there.
func besideAdministrator(o *sandbox.Object, _ []*sandbox.Object) error {
	server := o.Ref("serverName")
	if server == nil || !o.Has("tenantId") || same(o.Str("tenantId"), server.Str("authConfig.tenantId")) {
		return nil
	}
	return fmt.Errorf("tenantId: %s is not the tenant of the server %s, %s", o.Str("tenantId"), o.Str("serverName"), server.Str("authConfig.tenantId"))
}

// amongLinks wants the zone of a server linked to the network of its subnet.
func amongLinks(o *sandbox.Object, all func(typ string) []*sandbox.Object) error {
	subnet, zone := o.Str("network.delegatedSubnetResourceId"), o.Str("network.privateDnsZoneArmResourceId")
	_, linked := first(all(zoneLinkType), func(l *sandbox.Object) bool {
		network := strings.ToLower(l.Str("virtualNetwork.id"))
		return strings.HasPrefix(strings.ToLower(subnet), network+"/subnets/") &&
			endsIn(zone, groupOf(l)+"/providers/Microsoft.Network/privateDnsZones/"+l.Str("privateZoneName"))
	})
	if subnet != "" && !linked {
		return fmt.Errorf("VnetNotLinkedToPrivateDnsZone: the virtual network of %s is not linked to the private DNS zone %s", subnet, zone)
	}
	return nil
}

// amongPrincipals wants a service principal to be there.
func amongPrincipals(o *sandbox.Object, all func(typ string) []*sandbox.Object) error {
	for _, typ := range []string{identityType, containerAppType, jobType} {
		if _, found := first(all(typ), func(p *sandbox.Object) bool {
			return same(p.Str("principalId"), o.Str("objectId")) || same(p.Str("identity.principalId"), o.Str("objectId"))
		}); found {
			return nil
		}
	}
	if o.Str("principalType") != "ServicePrincipal" {
		return nil
	}
	return fmt.Errorf("objectId: there is no service principal %s in the directory", o.Str("objectId"))
}
