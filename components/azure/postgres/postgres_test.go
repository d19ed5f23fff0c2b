package postgres_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/postgres"
	"ai-worker/components/azure/sdk/dbforpostgresql"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/dbforpostgresql"
	_ "ai-worker/internal/sandbox/azure/sdk/insights"
)

const (
	serverType   = dbforpostgresql.ServerType
	databaseType = dbforpostgresql.DatabaseType
	adminType    = dbforpostgresql.AdministratorType
	flagType     = dbforpostgresql.ConfigurationType

	tenant    = "00000000-0000-4000-8000-000000000002"
	principal = "00000000-0000-4000-8000-000000000003"
	group     = "/subscriptions/" + componentstest.Subscription + "/resourceGroups/ai-worker-dev"
	network   = group + "/providers/Microsoft.Network"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *postgres.Args {
	return &postgres.Args{
		Place: azure.Place{
			Subscription: componentstest.Subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
			Workspace: pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/main"),
		},
		Name: "main", Generation: 1, Version: "17", SKU: "Standard_D2ds_v5",
		Subnet: pulumi.String(network + "/virtualNetworks/main/subnets/postgres"),
		Zone:   pulumi.String(network + "/privateDnsZones/main.private.postgres.database.azure.com"),
		Tenant: tenant,
		Administrators: map[string]postgres.Administrator{
			"migrate": {Principal: pulumi.String(principal), Name: pulumi.String("ai-worker-dev-migrate")},
		},
	}
}

// full sets every field.
func full() *postgres.Args {
	a := valid()
	a.Place.Tags = map[string]string{"environment": "dev"}
	a.DiskGB = 128
	a.Backup = postgres.Backup{Days: 20}
	a.Maintenance = postgres.Maintenance{Day: 2, Hour: 18, Minute: 30}
	a.Flags = map[string]string{"max_connections": "200"}
	a.Databases = []string{"app", "jobs"}
	return a
}

var (
	program = componentstest.Program(postgres.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		adminType + " main-admin-migrate",
		flagType + " main-flag-connection_throttle.enable",
		flagType + " main-flag-log_checkpoints",
		flagType + " main-flag-log_lock_waits",
		flagType + " main-flag-max_connections",
		flagType + " main-flag-require_secure_transport",
		flagType + " main-flag-ssl_min_protocol_version",
		databaseType + " main-database-app",
		databaseType + " main-database-jobs",
		serverType + " main-server",
		"azure-native:insights:DiagnosticSetting main-diagnostics",
	}, componentstest.Tree(t, run(t, full()), postgres.TypeToken))
}

func TestTheDefaultIsStrong(t *testing.T) {
	all := run(t, valid())
	r := all.One(t, serverType)
	r.Expect(t, map[string]any{
		"serverName":                          "main-g1",
		"sku":                                 map[string]any{"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"},
		"authConfig":                          map[string]any{"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled", "tenantId": tenant},
		"network.publicNetworkAccess":         "Disabled",
		"network.delegatedSubnetResourceId":   network + "/virtualNetworks/main/subnets/postgres",
		"network.privateDnsZoneArmResourceId": network + "/privateDnsZones/main.private.postgres.database.azure.com",
		"highAvailability.mode":               "ZoneRedundant",
		"backup":                              map[string]any{"backupRetentionDays": 14.0, "geoRedundantBackup": "Enabled"},
		"storage":                             map[string]any{"storageSizeGB": 64.0, "autoGrow": "Enabled"},
		"maintenanceWindow":                   map[string]any{"customWindow": "Enabled", "dayOfWeek": 0.0, "startHour": 0.0, "startMinute": 0.0},
	})
	require.Equal(t, []string{"storage.storageSizeGB"}, r.IgnoreChanges, "the disk grows by itself")
	for flag, value := range map[string]string{"require_secure_transport": "on", "ssl_min_protocol_version": "TLSv1.2", "connection_throttle.enable": "on"} {
		all.One(t, flagType, "main-flag-"+flag).Expect(t, map[string]any{"value": value, "source": "user-override"})
	}
}

func TestWeaker(t *testing.T) {
	a := valid()
	a.Zonal, a.SKU, a.Backup.DisableGeo = true, "Standard_B2ms", true
	run(t, a).One(t, serverType).Expect(t, map[string]any{
		"highAvailability.mode": "Disabled", "sku.tier": "Burstable", "backup.geoRedundantBackup": "Disabled",
	})
}

func TestFlagsReplaceStrongOnes(t *testing.T) {
	a := valid()
	a.Flags = map[string]string{"ssl_min_protocol_version": "TLSv1.3", "log_lock_waits": "off"}
	all := run(t, a)
	require.Equal(t, "TLSv1.3", all.One(t, flagType, "main-flag-ssl_min_protocol_version").Get("value"))
	require.Equal(t, "off", all.One(t, flagType, "main-flag-log_lock_waits").Get("value"))
}

func TestWhatHoldsStateIsKept(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		a := full()
		a.AllowDeletion = allowed
		all := run(t, a)
		server := all.One(t, serverType)
		for _, r := range all {
			switch r.Type {
			case serverType:
				require.Equal(t, !allowed, r.Protect, r.Name)
			case databaseType, adminType:
				require.Equal(t, !allowed, r.Protect, r.Name)
				require.Equal(t, server.URN, r.DeletedWith, r.Name)
			case flagType: // one that is taken away must go
				require.False(t, r.Protect, r.Name)
				require.Equal(t, server.URN, r.DeletedWith, r.Name)
			}
			if r.Type == serverType || r.Type == databaseType { // else a replacement would begin with the data
				require.True(t, r.RPC.GetDeleteBeforeReplaceDefined() && !r.RPC.GetDeleteBeforeReplace(), r.Name)
			}
			require.Equal(t, r.Type == databaseType, r.RetainOnDelete, r.Name)
		}
	}
}

// A server answers a second change at a time with ServerIsBusy.
func TestPartsAreMadeOneAfterAnother(t *testing.T) {
	all := run(t, full())
	after := map[string]string{}
	for _, r := range all {
		if r.Type == flagType || r.Type == databaseType || r.Type == adminType {
			var before []string
			for _, dependency := range r.RPC.GetDependencies() {
				if dependency != all.One(t, serverType).URN {
					before = append(before, dependency)
				}
			}
			require.LessOrEqual(t, len(before), 1, r.Name)
			for _, urn := range before {
				require.Empty(t, after[urn], "%s and %s would be made at once", r.Name, after[urn])
				after[urn] = r.Name
			}
		}
	}
	require.Len(t, after, 8, "all but the first of 9 wait for another")
}

func TestGenerationRenamesWithoutTouchingLogicalNames(t *testing.T) {
	a := full()
	before := componentstest.Inventory(run(t, a))
	a.Generation = 2
	all := run(t, a)
	require.Equal(t, before, componentstest.Inventory(all))
	require.Equal(t, a.ServerName(), all.One(t, serverType).Get("serverName"))
	require.Equal(t, "main-g2", all.One(t, databaseType, "main-database-app").Get("serverName"))
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{
		"serverId":       group + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/main-g1",
		"serverName":     "main-g1",
		"fqdn":           "main-g1.postgres.database.azure.com",
		"databases":      []string{"app", "jobs"},
		"administrators": map[string]string{"migrate": "ai-worker-dev-migrate"},
	}, componentstest.Outputs(t, postgres.New, full()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Place.Location":                    "koreacentral",
			"Place.Workspace":                   pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/other"),
			"Version":                           "16",
			"SKU":                               "Standard_E4ds_v5",
			"DiskGB":                            256,
			"Subnet":                            pulumi.String(network + "/virtualNetworks/main/subnets/other"),
			"Zone":                              pulumi.String(network + "/privateDnsZones/other.private.postgres.database.azure.com"),
			"Flags[max_connections]":            "300",
			"Tenant":                            "00000000-0000-4000-8000-000000000009",
			"Administrators[migrate].Principal": pulumi.String("00000000-0000-4000-8000-000000000009"),
		},
		Exempt: map[string]string{
			"Place.Subscription": "the provider is of one subscription",
			"Place.Group":        "GroupName names it",
		},
	})
}
