package azure

import (
	"fmt"
	"maps"

	"ai-worker/components/azure/sdk/dbforpostgresql"
	"ai-worker/internal/sandbox"
)

const (
	serverPath = "Microsoft.DBforPostgreSQL/flexibleServers/{serverName}"
	enabled    = "Enabled"
	disabled   = "Disabled"
)

// Of dbforpostgresql only flexible servers are simulated, new ones: neither restored
// nor replicas. One server does one operation at a time in Azure and refuses a second
// one (ServerIsBusy); here each is over at once.
func dbforpostgresqlKinds() []*sandbox.Kind {
	return []*sandbox.Kind{serverKind(), databaseKind(), administratorKind(), configurationKind()}
}

func serverKind() *sandbox.Kind {
	return arm(serverPath, sandbox.Kind{
		Type:   dbforpostgresql.ServerType,
		Names:  []string{"{serverName}"},
		Global: "{serverName}", // of the host name
		Outputs: map[string]string{
			"fullyQualifiedDomainName": "{serverName}.postgres.database.azure.com",
			"minorVersion":             "{version}",
		},
		Fill:     fillServer,
		Required: []string{"location", "sku", "version"},
		// the provider's schema has only these as create-only; the rest the API refuses
		// (specification/postgresql 2024-08-01, FlexibleServers.json: x-ms-mutability)
		Replace: []string{"availabilityZone", "location"},
		Refs: map[string]sandbox.Ref{
			"network.delegatedSubnetResourceId":   sandbox.Holds(subnetType),
			"network.privateDnsZoneArmResourceId": sandbox.Names(privateZoneType),
		},
		Rules:  serverRules,
		Checks: serverChecks,
		Beside: besideServer,
		Among:  amongLinks,
		Revise: reviseServer,
	})
}

// fillServer writes what the API returns of properties left out.
func fillServer(o *sandbox.Object) {
	o.Set("state", "Ready")
	o.Set("replicaCapacity", 5)
	o.Default("replicationRole", "Primary")
	o.Default("availabilityZone", "1")
	o.Default("authConfig.activeDirectoryAuth", disabled)
	o.Default("backup.backupRetentionDays", 7)
	o.Default("backup.geoRedundantBackup", disabled)
	o.Set("backup.earliestRestoreDate", "2024-01-01T00:00:00+00:00")
	o.Default("highAvailability.mode", disabled)
	state := "NotEnabled"
	if o.Str("highAvailability.mode") != disabled {
		state = "Healthy"
	}
	o.Set("highAvailability.state", state)
	for field, value := range map[string]any{"customWindow": disabled, "dayOfWeek": 0, "startHour": 0, "startMinute": 0} {
		o.Default("maintenanceWindow."+field, value)
	}
	access := enabled
	if o.Has("network.delegatedSubnetResourceId") {
		access = disabled
	}
	o.Default("network.publicNetworkAccess", access)
	o.Default("storage.storageSizeGB", 32)
	o.Default("storage.autoGrow", disabled)
	o.Default("storage.type", "Premium_LRS")
	if o.Str("storage.type") != premiumV2 {
		at := storageAt(o.Num("storage.storageSizeGB"))
		o.Default("storage.tier", at.tier)
		o.Default("storage.iops", iopsOf(o.Str("storage.tier")))
	}
	fillSystemData(o)
}

// fillSystemData is who made an object, and when.
func fillSystemData(o *sandbox.Object) {
	o.Set("systemData", map[string]any{
		"createdAt": "2024-01-01T00:00:00Z", "createdByType": "Application",
		"lastModifiedAt": "2024-01-01T00:00:00Z", "lastModifiedByType": "Application",
	})
}

// serverPart completes a kind below a server.
func serverPart(path string, k sandbox.Kind) *sandbox.Kind {
	refs := map[string]sandbox.Ref{"serverName": sandbox.Within(dbforpostgresql.ServerType)}
	maps.Copy(refs, k.Refs)
	k.Refs = refs
	beside := k.Beside
	k.Beside = func(o *sandbox.Object, others []*sandbox.Object) error {
		if err := inGroupOf(o, "serverName"); err != nil || beside == nil {
			return err
		}
		return beside(o, others)
	}
	return arm(serverPath+"/"+path, k)
}

func databaseKind() *sandbox.Kind {
	return serverPart("databases/{databaseName}", sandbox.Kind{
		Type:   dbforpostgresql.DatabaseType,
		Fill:   fillDatabase,
		Rules:  databaseRules,
		Revise: fixed("charset", "collation"),
	})
}

func fillDatabase(o *sandbox.Object) {
	o.Default("charset", "UTF8")
	o.Default("collation", "en_US.utf8")
	fillSystemData(o)
}

// administratorKind has the object id for a name.
func administratorKind() *sandbox.Kind {
	return serverPart("administrators/{objectId}", sandbox.Kind{
		Type:     dbforpostgresql.AdministratorType,
		Fill:     fillSystemData,
		Required: []string{"principalName", "principalType"},
		Rules:    administratorRules,
		Beside:   besideAdministrator,
		Among:    amongPrincipals,
	})
}

// configurationKind is a server parameter. Every server has all of them: to create
// one takes over what is there, and to delete one resets it.
func configurationKind() *sandbox.Kind {
	return serverPart("configurations/{configurationName}", sandbox.Kind{
		Type:     dbforpostgresql.ConfigurationType,
		Additive: true,
		Fill:     fillConfiguration,
		Required: []string{"value"},
		Rules:    map[string]sandbox.Rule{"source": sandbox.OneOf("user-override")},
		Checks:   []sandbox.Check{checkConfiguration},
		Beside:   besideConfiguration,
	})
}

func fillConfiguration(o *sandbox.Object) {
	p := serverParameters[o.Str("configurationName")]
	o.Default("source", "user-override")
	o.Set("defaultValue", p.standard)
	o.Set("dataType", p.kind)
	o.Set("allowedValues", p.allows)
	o.Set("isDynamicConfig", !p.restarts)
	o.Set("isReadOnly", false)
	o.Set("isConfigPendingRestart", p.restarts && o.Str("value") != p.standard)
	o.Set("documentationLink", fmt.Sprintf("https://www.postgresql.org/docs/current/runtime-config.html#%s", o.Str("configurationName")))
	fillSystemData(o)
}
