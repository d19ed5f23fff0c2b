package gcp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ai-worker/internal/sandbox"
)

const sqlInstanceType = "gcp:sql/databaseInstance:DatabaseInstance"

// Of the engines of Cloud SQL only PostgreSQL is simulated.
func sqlKinds() []*sandbox.Kind {
	return []*sandbox.Kind{sqlInstanceKind(), sqlDatabaseKind(), sqlUserKind()}
}

func sqlInstanceKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type: sqlInstanceType,
		// The provider's id is the bare name, which says nothing of the project;
		// this is the longest of the forms that an import takes.
		ID:    "projects/{project}/instances/{name}",
		Names: []string{"{name}"},
		Outputs: map[string]string{
			"connectionName": "{project}:{region}:{name}",
			"selfLink":       "https://sqladmin.googleapis.com/sql/v1beta4/projects/{project}/instances/{name}",
		},
		Fill:    fillSQLInstance,
		Guard:   guardSQLInstance,
		Retires: "about a week", // https://cloud.google.com/sql/docs/postgres/delete-instance
		Defaults: map[string]any{
			"deletionProtection":        true,
			"settings.activationPolicy": "ALWAYS",
			"settings.availabilityType": "ZONAL",
			"settings.backupConfiguration.backupRetentionSettings.retentionUnit": "COUNT",
			"settings.dataCacheConfig.dataCacheEnabled":                          false,
			"settings.diskAutoresize":                                            true,
			"settings.diskAutoresizeLimit":                                       0,
			"settings.diskType":                                                  "PD_SSD",
			"settings.edition":                                                   "ENTERPRISE",
			"settings.insightsConfig.queryStringLength":                          1024,
			"settings.ipConfiguration.ipv4Enabled":                               true,
			"settings.pricingPlan":                                               "PER_USE",
		},
		Computed: []string{
			"settings.backupConfiguration.backupRetentionSettings", "settings.backupConfiguration.startTime",
			"settings.backupConfiguration.transactionLogRetentionDays", "settings.connectorEnforcement", "settings.diskSize",
			"settings.insightsConfig.queryPlansPerMinute", "settings.ipConfiguration.serverCaMode",
			"settings.ipConfiguration.sslMode", "settings.locationPreference", "settings.userLabels", "settings.version",
			"settings.backupConfiguration", "settings.insightsConfig", "settings.ipConfiguration",
		},
		ReplaceWhen: func(have, want *sandbox.Object) []string {
			var paths []string
			if have.Str("settings.ipConfiguration.privateNetwork") != "" && !want.Has("settings.ipConfiguration.privateNetwork") {
				paths = append(paths, "settings.ipConfiguration.privateNetwork")
			}
			if want.Known("settings.diskSize") && want.Num("settings.diskSize") < have.Num("settings.diskSize") {
				paths = append(paths, "settings.diskSize")
			}
			return paths
		},
		Replace: []string{
			"name", "project", "region", "encryptionKeyName", "masterInstanceName", "replicaConfiguration", "settings.collation",
			"settings.diskType", "settings.timeZone",
		},
		Refs: map[string]sandbox.Ref{
			"encryptionKeyName":                       sandbox.Names(cryptoKeyType),
			"masterInstanceName":                      sandbox.Holds(sqlInstanceType),
			"settings.ipConfiguration.privateNetwork": sandbox.Holds("gcp:compute/network:Network"),
		},
		Rules:  sqlInstanceRules(),
		Checks: sqlInstanceChecks,
	}
}

func guardSQLInstance(o *sandbox.Object) error {
	switch {
	case o.Bool("deletionProtection"):
		return errors.New("failed to delete instance because deletion_protection is set to true; set it to false to proceed")
	case o.Bool("settings.deletionProtectionEnabled"):
		return errors.New("the instance is protected; disable the deletion protection (settings.deletionProtectionEnabled) and try again")
	}
	return nil
}

func fillSQLInstance(o *sandbox.Object) {
	project, name := o.Str("project"), o.Str("name")
	o.Set("serviceAccountEmailAddress", "p"+number(project)+"-"+number(name)[:6]+"@gcp-sa-cloud-sql.iam.gserviceaccount.com")
	o.Default("maintenanceVersion", o.Str("databaseVersion")+".R20240514.00_04")
	o.Set("serverCaCerts", []any{map[string]any{
		"cert":       "-----BEGIN CERTIFICATE-----\n" + number(project+name) + "\n-----END CERTIFICATE-----",
		"commonName": "C=US,O=Google\\, Inc,CN=Google Cloud SQL Server CA", "createTime": "2024-01-01T00:00:00Z",
		"expirationTime": "2033-12-29T00:00:00Z", "sha1Fingerprint": number(project + name),
	}})
	if o.Has("masterInstanceName") && o.Str("masterInstanceName") != "" {
		o.Default("instanceType", "READ_REPLICA_INSTANCE")
	}
	o.Default("instanceType", "CLOUD_SQL_INSTANCE")
	fillSQLAddresses(o, number(project+"/"+name))
	o.Default("settings.version", 1)
	o.Default("settings.diskSize", 10)
	o.Default("settings.connectorEnforcement", "NOT_REQUIRED")
	o.Default("settings.locationPreference.zone", o.Str("region")+"-a")
	within := func(parent string, computed map[string]any) {
		for path, value := range computed {
			if o.Has("settings." + parent) {
				o.Default("settings."+parent+"."+path, value)
			}
		}
	}
	within("ipConfiguration", map[string]any{"serverCaMode": "GOOGLE_MANAGED_INTERNAL_CA"})
	within("insightsConfig", map[string]any{"queryPlansPerMinute": 5})
	within("backupConfiguration", map[string]any{
		"startTime": "17:00", "transactionLogRetentionDays": 7,
		"backupRetentionSettings": map[string]any{"retainedBackups": 7, "retentionUnit": "COUNT"},
	})
}

// fillSQLAddresses gives the instance an address for every way to it.
func fillSQLAddresses(o *sandbox.Object, seed string) {
	const ip = "settings.ipConfiguration"
	n, _ := strconv.Atoi(seed) // twelve digits
	private, public, addresses := "", "", []any{}
	if !o.Has(ip) || o.Bool(ip+".ipv4Enabled") {
		public = fmt.Sprintf("203.0.113.%d", n&255)
		addresses = append(addresses, map[string]any{"ipAddress": public, "type": "PRIMARY", "timeToRetire": ""})
	}
	if o.Has(ip + ".privateNetwork") {
		private = fmt.Sprintf("10.64.%d.%d", n>>8&255, n&255)
		addresses = append(addresses, map[string]any{"ipAddress": private, "type": "PRIVATE", "timeToRetire": ""})
	}
	o.Set("ipAddresses", addresses)
	o.Set("privateIpAddress", private)
	o.Set("publicIpAddress", public)
	o.Set("firstIpAddress", private)
	if public != "" {
		o.Set("firstIpAddress", public)
	}
	attachment, dns := "", ""
	if o.Has(ip + ".pscConfigs") {
		attachment = fmt.Sprintf("projects/p%s-tp/regions/%s/serviceAttachments/a-%s-psc-service-attachment", seed, o.Str("region"), seed)
		dns = fmt.Sprintf("%s.%s.sql.goog.", seed, o.Str("region"))
	}
	o.Set("pscServiceAttachmentLink", attachment)
	o.Set("dnsName", dns)
}

func sqlDatabaseKind() *sandbox.Kind {
	const id = "projects/{project}/instances/{instance}/databases/{name}"
	return &sandbox.Kind{
		Type:    "gcp:sql/database:Database",
		ID:      id,
		Outputs: map[string]string{"selfLink": "https://sqladmin.googleapis.com/sql/v1beta4/" + id},
		Fill: func(o *sandbox.Object) {
			o.Default("charset", "UTF8")
			o.Default("collation", "en_US.UTF8")
		},
		Defaults: map[string]any{"deletionPolicy": "DELETE"},
		Replace:  []string{"name", "instance", "project"},
		Refs:     map[string]sandbox.Ref{"instance": sandbox.Within(sqlInstanceType)},
		Forgets:  func(o *sandbox.Object) bool { return o.Str("deletionPolicy") == "ABANDON" },
		Rules: map[string]sandbox.Rule{
			"name":           sandbox.Match(`^[A-Za-z_][A-Za-z0-9_$-]{0,62}$`, "at most 63 letters, digits, underscores, hyphens, no digit first"),
			"deletionPolicy": sandbox.OneOf("ABANDON", "DELETE"),
			// hashicorp/terraform-provider-google#20598: others need SQL and template0
			"charset":   sandbox.OneOf("UTF8"),
			"collation": sandbox.OneOf("en_US.UTF8"),
		},
		Checks: []sandbox.Check{sandbox.Refuse(func(o *sandbox.Object) bool {
			name := o.Str("name")
			return name == "postgres" || name == "cloudsqladmin" || strings.HasPrefix(name, "template")
		}, "name: every instance has this database from the start")},
	}
}

func sqlUserKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:    "gcp:sql/user:User",
		ID:      "{project}/{instance}/{name}",
		Replace: []string{"name", "instance", "project", "host", "type"},
		Refs:    map[string]sandbox.Ref{"instance": sandbox.Within(sqlInstanceType)},
		Forgets: func(o *sandbox.Object) bool { return o.Str("deletionPolicy") == "ABANDON" },
		Rules: map[string]sandbox.Rule{
			"type":           sandbox.OneOf("BUILT_IN", "CLOUD_IAM_USER", "CLOUD_IAM_SERVICE_ACCOUNT", "CLOUD_IAM_GROUP"),
			"deletionPolicy": sandbox.OneOf("ABANDON"),
		},
		Checks: []sandbox.Check{checkSQLUser},
	}
}
