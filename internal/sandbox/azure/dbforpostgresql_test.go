package azure

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure/sdk/dbforpostgresql"
)

const (
	networkID = groupID + "/providers/Microsoft.Network/virtualNetworks/main"
	zonesID   = groupID + "/providers/Microsoft.Network/privateDnsZones/"
)

func validServer() props {
	return props{
		"resourceGroupName": "main", "serverName": "main-dev", "location": "japaneast", "version": "16",
		"sku":        props{"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"},
		"authConfig": props{"activeDirectoryAuth": enabled, "passwordAuth": disabled, "tenantId": tenantID},
		"storage":    props{"storageSizeGB": 128, "autoGrow": enabled},
		"backup":     props{"backupRetentionDays": 7},
	}
}

// within are the changes that put a server in a network.
var within = props{
	"network.delegatedSubnetResourceId":   networkID + "/subnets/postgres",
	"network.privateDnsZoneArmResourceId": zonesID + "dev.postgres.database.azure.com",
}

func TestServer(t *testing.T) {
	id, state, err := registered(t, dbforpostgresql.ServerType, validServer(), within)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.DBforPostgreSQL/flexibleServers/main-dev", id)
	require.Equal(t, "main-dev.postgres.database.azure.com", state["fullyQualifiedDomainName"])
	require.Equal(t, "Microsoft.DBforPostgreSQL/flexibleServers", state["type"])
	require.Equal(t, disabled, state["network"].(props)["publicNetworkAccess"])
	require.Equal(t, disabled, state["backup"].(props)["geoRedundantBackup"])
	require.Equal(t, "P10", state["storage"].(props)["tier"])
	require.Equal(t, disabled, state["highAvailability"].(props)["mode"])

	_, state, err = registered(t, dbforpostgresql.ServerType, validServer())
	require.NoError(t, err)
	require.Equal(t, enabled, state["network"].(props)["publicNetworkAccess"], "nothing says otherwise")
}

func TestServerRules(t *testing.T) {
	small := props{"name": "Standard_B1ms", "tier": "Burstable"}
	v2 := props{"storageSizeGB": 100, "type": premiumV2, "iops": 3000, "throughput": 125}
	with := func(base props, key string, value any) props {
		changed := maps.Clone(base)
		changed[key] = value
		return changed
	}
	judged(t, dbforpostgresql.ServerType, validServer(), map[string]verdict{
		"small":        {props{"sku": small}, ""},
		"memory":       {props{"sku": props{"name": "Standard_E4ds_v5", "tier": "MemoryOptimized"}}, ""},
		"name":         {props{"serverName": "-main"}, "3 to 63"},
		"region":       {props{"location": "tokyo"}, "LocationNotAvailable"},
		"tier":         {props{"sku.tier": "Burstable"}, "no size of the tier Burstable"},
		"size":         {props{"sku.name": "Standard_D3ds_v5"}, "InvalidSku"},
		"no size":      {props{"sku": nil}, "sku: missing"},
		"version":      {props{"version": "10"}, "none of 11"},
		"no version":   {props{"version": nil}, "version: missing"},
		"restore":      {props{"createMode": "PointInTimeRestore"}, "none of Default"},
		"disk":         {props{"storage.storageSizeGB": 100}, "none of 32, 64"},
		"disk tier":    {props{"storage.tier": "P30"}, ""},
		"slow disk":    {props{"storage.tier": "P4"}, "P4 is below P10"},
		"no tier":      {props{"storage.tier": "P5"}, "no performance tier"},
		"throughput":   {props{"storage.throughput": 125}, "only of storage of type PremiumV2_LRS"},
		"v2":           {props{"storage": v2}, ""},
		"v2 grows":     {props{"storage": with(v2, "autoGrow", enabled)}, "storage.autoGrow"},
		"v2 of iops":   {props{"storage": with(v2, "iops", nil)}, "needs both"},
		"backup":       {props{"backup.backupRetentionDays": 36}, "not between 7 and 35"},
		"geo":          {props{"backup.geoRedundantBackup": "On"}, "none of Enabled"},
		"day":          {props{"maintenanceWindow": props{"dayOfWeek": 7}}, "not between 0 and 6"},
		"standby":      {props{"highAvailability": props{"mode": "ZoneRedundant", "standbyAvailabilityZone": "2"}, "availabilityZone": "1"}, ""},
		"no standby":   {props{"highAvailability": props{"mode": disabled, "standbyAvailabilityZone": "2"}}, "there is no standby"},
		"same zone":    {props{"highAvailability": props{"mode": "ZoneRedundant", "standbyAvailabilityZone": "1"}, "availabilityZone": "1"}, "the server's own zone"},
		"other zone":   {props{"highAvailability": props{"mode": "SameZone", "standbyAvailabilityZone": "2"}, "availabilityZone": "1"}, "is not the server's zone"},
		"small HA":     {props{"sku": small, "highAvailability": props{"mode": "SameZone"}}, "not supported in the tier Burstable"},
		"mode":         {props{"highAvailability": props{"mode": "Zonal"}}, "none of Disabled"},
		"passwords":    {props{"authConfig.passwordAuth": enabled}, "administratorLogin"},
		"default auth": {props{"authConfig": nil}, "administratorLogin"},
		"no auth":      {props{"authConfig.activeDirectoryAuth": disabled}, "cannot both be Disabled"},
		"no tenant":    {props{"authConfig.tenantId": nil}, "authConfig.tenantId: "},
		"tenant":       {props{"authConfig.tenantId": "example.com"}, "a UUID"},
		"any zone":     {props{"availabilityZone": ""}, ""},
		"zone":         {props{"availabilityZone": "4"}, "none of , 1, 2, 3"},
		"no zone":      {props{"network.delegatedSubnetResourceId": networkID + "/subnets/postgres"}, "'PrivateDnsZoneArmResourceId' must be specified"},
		"zone alone":   {props{"network.privateDnsZoneArmResourceId": zonesID + "dev.postgres.database.azure.com"}, "only a server in a delegated subnet"},
		"subnet":       {props{"network.delegatedSubnetResourceId": "postgres"}, "the id of a subnet"},
	})
	judged(t, dbforpostgresql.ServerType, merged(validServer(), within), map[string]verdict{
		"public":   {props{"network.publicNetworkAccess": enabled}, "has no public access"},
		"suffix":   {props{"network.privateDnsZoneArmResourceId": zonesID + "example.com"}, "PrivateDnsZoneNameNotValid"},
		"own name": {props{"network.privateDnsZoneArmResourceId": zonesID + "main-dev.postgres.database.azure.com"}, "the server's name and the suffix"},
	})
}

// merged are inputs by path, one layer over the other.
func merged(layers ...props) props {
	all := props{}
	for _, layer := range layers {
		maps.Copy(all, layer)
	}
	return all
}

func TestServerRevisions(t *testing.T) {
	kind, err := Package().Kind(dbforpostgresql.ServerType)
	require.NoError(t, err)
	have := object(t, validServer(), props{"backup.geoRedundantBackup": disabled, "storage.type": "Premium_LRS"})
	for name, tc := range map[string]verdict{
		"grown":     {props{"storage.storageSizeGB": 256}, ""},
		"shrunk":    {props{"storage.storageSizeGB": 64}, "cannot shrink"},
		"newer":     {props{"version": "17"}, ""},
		"older":     {props{"version": "15"}, "no downgrade"},
		"size":      {props{"sku.name": "Standard_D4ds_v5"}, ""},
		"private":   {within, "network.delegatedSubnetResourceId"},
		"geo":       {props{"backup.geoRedundantBackup": enabled}, "backup.geoRedundantBackup"},
		"disk type": {props{"storage.type": premiumV2}, "storage.type"},
	} {
		t.Run(name, func(t *testing.T) {
			err := kind.Revise(have, object(t, have.Props.Mappable(), tc.change))
			if tc.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.want)
			}
		})
	}
	require.ElementsMatch(t, []string{"availabilityZone", "location", "resourceGroupName", "serverName"}, kind.Replace)
}

// Unknown parts of a server are no reason to refuse it.
func TestServerBeforeItIsKnown(t *testing.T) {
	inputs := given(t, validServer())
	for _, key := range []string{"authConfig", "network", "storage", "sku", "version"} {
		inputs[resource.PropertyKey(key)] = resource.MakeComputed(resource.NewProperty(""))
	}
	kind, err := Package().Kind(dbforpostgresql.ServerType)
	require.NoError(t, err)
	require.Empty(t, kind.Check(inputs))
}

func TestServerParts(t *testing.T) {
	at := props{"resourceGroupName": "main", "serverName": "main-dev"}
	database := merged(at, props{"databaseName": "app"})
	id, state, err := registered(t, dbforpostgresql.DatabaseType, database)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.DBforPostgreSQL/flexibleServers/main-dev/databases/app", id)
	require.Equal(t, []any{"UTF8", "en_US.utf8"}, []any{state["charset"], state["collation"]})
	judged(t, dbforpostgresql.DatabaseType, database, map[string]verdict{
		"name": {props{"databaseName": "1st"}, "no digit first"}, "system": {props{"databaseName": "postgres"}, "already existing"},
		"charset": {props{"charset": "UTF 8"}, "a character set"}, "collation": {props{"collation": "en US"}, "a collation"},
	})

	administrator := merged(at, props{"objectId": tenantID, "principalName": "admins", "principalType": "Group", "tenantId": tenantID})
	id, _, err = registered(t, dbforpostgresql.AdministratorType, administrator)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.DBforPostgreSQL/flexibleServers/main-dev/administrators/"+tenantID, id)
	judged(t, dbforpostgresql.AdministratorType, administrator, map[string]verdict{
		"object": {props{"objectId": "admins"}, "a UUID"}, "type": {props{"principalType": "Robot"}, "none of Group"},
		"no name": {props{"principalName": nil}, "principalName: missing"}, "no type": {props{"principalType": nil}, "principalType: missing"},
	})

	extensions := merged(at, props{"configurationName": "azure.extensions", "value": "VECTOR,pg_trgm", "source": "user-override"})
	_, state, err = registered(t, dbforpostgresql.ConfigurationType, extensions)
	require.NoError(t, err)
	require.Equal(t, "Set", state["dataType"])
	_, state, err = registered(t, dbforpostgresql.ConfigurationType, extensions, props{"configurationName": "max_connections", "value": "100"})
	require.NoError(t, err)
	require.Equal(t, []any{false, true}, []any{state["isDynamicConfig"], state["isConfigPendingRestart"]})
	judged(t, dbforpostgresql.ConfigurationType, extensions, map[string]verdict{
		"extension": {props{"value": "VECTOR,mysql"}, "not allowed for azure.extensions"},
		"none":      {props{"value": ""}, ""},
		"number":    {props{"configurationName": "max_connections", "value": "5001"}, "want 25-5000"},
		"negative":  {props{"configurationName": "log_min_duration_statement", "value": "-1"}, ""},
		"too low":   {props{"configurationName": "log_min_duration_statement", "value": "-2"}, "InvalidParameterValue"},
		"switch":    {props{"configurationName": "log_checkpoints", "value": "true"}, "want on,off"},
		"time zone": {props{"configurationName": "timezone", "value": "Asia/Tokyo"}, ""},
		"no zone":   {props{"configurationName": "timezone", "value": "9"}, "InvalidParameterValue"},
		"parameter": {props{"configurationName": "max_conections"}, "knows no server parameter"},
		"source":    {props{"source": "system-default"}, "none of user-override"},
		"no value":  {props{"value": nil}, "value: missing"},
	})
	for name, p := range serverParameters {
		require.True(t, p.takes(p.standard), name)
	}
}

// TestServerInTheCloud is about what a server says of its network and of its parts.
func TestServerInTheCloud(t *testing.T) {
	cloud := newCloud(t)
	cloud.makes(networkType, props{"resourceGroupName": "main", "virtualNetworkName": "main", "location": "japaneast", "addressSpace": props{"addressPrefixes": []any{"10.0.0.0/16"}}})
	subnet := props{"resourceGroupName": "main", "virtualNetworkName": "main", "subnetName": "postgres", "addressPrefix": "10.0.1.0/24"}
	cloud.makes(subnetType, subnet, props{"subnetName": "plain", "addressPrefix": "10.0.2.0/24"})
	cloud.makes(subnetType, subnet, props{"delegations": []any{props{"name": "postgres", "serviceName": postgresDelegation}}})
	cloud.makes(privateZoneType, props{"resourceGroupName": "main", "privateZoneName": "dev.postgres.database.azure.com", "location": "global"})

	cloud.refuses(dbforpostgresql.ServerType, "VnetNotLinkedToPrivateDnsZone", validServer(), within)
	cloud.makes(zoneLinkType, props{"resourceGroupName": "main", "privateZoneName": "dev.postgres.database.azure.com", "virtualNetworkLinkName": "main",
		"location": "global", "registrationEnabled": false, "virtualNetwork": props{"id": networkID}})
	cloud.refuses(dbforpostgresql.ServerType, "InvalidSubnetDelegation", validServer(), within, props{"network.delegatedSubnetResourceId": networkID + "/subnets/plain"})
	cloud.refuses(dbforpostgresql.ServerType, "error 404", validServer(), within, props{"network.delegatedSubnetResourceId": networkID + "/subnets/none"})
	cloud.makes(dbforpostgresql.ServerType, validServer(), within)
	cloud.refuses(dbforpostgresql.ServerType, "there is one of it in all of the cloud", validServer(), props{"resourceGroupName": "other"})

	at := props{"resourceGroupName": "main", "serverName": "main-dev"}
	administrator := merged(at, props{"objectId": tenantID, "principalName": "admins", "principalType": "Group", "tenantId": tenantID})
	cloud.refuses(dbforpostgresql.AdministratorType, "not the tenant of the server", administrator, props{"tenantId": subscriptionID})
	cloud.makes(dbforpostgresql.AdministratorType, administrator)
	cloud.refuses(dbforpostgresql.AdministratorType, "no service principal", administrator, props{"objectId": subscriptionID, "principalType": "ServicePrincipal"})
	identity := cloud.makes(identityType, props{"resourceGroupName": "main", "resourceName": "migrate", "location": "japaneast"})
	cloud.makes(dbforpostgresql.AdministratorType, administrator, props{"objectId": identity["principalId"].StringValue(), "principalType": "ServicePrincipal"})
	cloud.refuses(dbforpostgresql.DatabaseType, "error 404", at, props{"databaseName": "app", "serverName": "none"})
	cloud.refuses(dbforpostgresql.DatabaseType, "ParentResourceNotFound", at, props{"databaseName": "app", "resourceGroupName": "other"})
	parameter := merged(at, props{"configurationName": "pgbouncer.enabled", "value": "true"})
	cloud.makes(dbforpostgresql.ConfigurationType, parameter)
	cloud.makes(dbforpostgresql.ConfigurationType, parameter) // every server has it

	cloud.makes(dbforpostgresql.ServerType, validServer(), props{"serverName": "small", "sku": props{"name": "Standard_B1ms", "tier": "Burstable"}})
	cloud.refuses(dbforpostgresql.ConfigurationType, "not supported in the tier Burstable", parameter, props{"serverName": "small"})
}
