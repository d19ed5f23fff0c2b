package cloudsql_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/cloudsql"
	_ "ai-worker/internal/sandbox/gcp/sdk/sql"
)

const (
	instanceType = "gcp:sql/databaseInstance:DatabaseInstance"
	databaseType = "gcp:sql/database:Database"
	userType     = "gcp:sql/user:User"
	network      = "projects/test-project/global/networks/main"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *cloudsql.Args {
	return &cloudsql.Args{
		Project: "test-project", Region: "asia-northeast1", Name: "main", Generation: 1,
		Version: "POSTGRES_17", Tier: "db-custom-2-7680", PrivateNetwork: pulumi.String(network),
	}
}

var (
	program = componentstest.Program(cloudsql.New, "main")
	run     = componentstest.Runner(program)
)

// instance is the registration of the primary of args.
func instance(t *testing.T, args *cloudsql.Args) componentstest.Registration {
	t.Helper()
	return run(t, args).One(t, instanceType, "main-instance")
}

func TestChildren(t *testing.T) {
	require.Equal(t, []string{instanceType + " main-instance"}, componentstest.Tree(t, run(t, valid()), cloudsql.TypeToken))
	all := run(t, private(*full()))
	require.Equal(t, []string{
		databaseType + " main-database-app",
		instanceType + " main-instance",
		instanceType + " main-replica-far",
		userType + " main-group-dba",
		userType + " main-person-ann",
		userType + " main-user-api",
	}, componentstest.Tree(t, all, cloudsql.TypeToken))
	require.Equal(t, "main-g1", all.One(t, instanceType, "main-instance").Get("name"))
	require.Equal(t, "main-g1-far", all.One(t, instanceType, "main-replica-far").Get("name"))
}

func TestGenerationRenamesWithoutTouchingLogicalNames(t *testing.T) {
	args := private(*full())
	before := componentstest.Inventory(run(t, args))
	args.Generation = 2
	all := run(t, args)
	require.Equal(t, before, componentstest.Inventory(all))
	require.Equal(t, "main-g2", all.One(t, instanceType, "main-instance").Get("name"))
	require.Equal(t, "main-g2", all.One(t, userType, "main-user-api").Get("instance"))
}

func TestTheDefaultIsStrong(t *testing.T) {
	r := instance(t, valid())
	r.Expect(t, map[string]any{
		"project":                                                              "test-project",
		"deletionProtection":                                                   true,
		"settings.availabilityType":                                            "REGIONAL",
		"settings.edition":                                                     "ENTERPRISE",
		"settings.activationPolicy":                                            "ALWAYS",
		"settings.connectorEnforcement":                                        "REQUIRED",
		"settings.deletionProtectionEnabled":                                   true,
		"settings.ipConfiguration.ipv4Enabled":                                 false,
		"settings.ipConfiguration.privateNetwork":                              network,
		"settings.ipConfiguration.sslMode":                                     "ENCRYPTED_ONLY",
		"settings.ipConfiguration.serverCaMode":                                "GOOGLE_MANAGED_INTERNAL_CA",
		"settings.ipConfiguration.authorizedNetworks":                          nil,
		"settings.backupConfiguration.enabled":                                 true,
		"settings.backupConfiguration.pointInTimeRecoveryEnabled":              true,
		"settings.backupConfiguration.transactionLogRetentionDays":             7.0,
		"settings.backupConfiguration.backupRetentionSettings.retainedBackups": 14.0,
		"settings.databaseFlags":                                               []any{map[string]any{"name": "cloudsql.iam_authentication", "value": "on"}},
		"settings.diskType":                                                    "PD_SSD",
		"settings.diskSize":                                                    20.0,
		"settings.diskAutoresize":                                              true,
		"settings.diskAutoresizeLimit":                                         100.0,
		"settings.insightsConfig.queryInsightsEnabled":                         true,
		"settings.maintenanceWindow.updateTrack":                               "stable",
		"settings.passwordValidationPolicy.enablePasswordPolicy":               true,
		"settings.passwordValidationPolicy.minLength":                          16.0,
	})
	require.Equal(t, []string{"settings.diskSize"}, r.IgnoreChanges, "the disk grows by itself")
}

func TestEveryChildIsProtectedAtEveryLevel(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		args := private(*full())
		args.AllowDeletion = allowed
		all := run(t, args)
		primary := all.One(t, instanceType, "main-instance")
		for _, r := range all {
			if !r.Custom {
				continue
			}
			require.Equal(t, !allowed, r.Protect, r.Name)
			switch r.Type {
			case instanceType:
				r.Expect(t, map[string]any{"deletionProtection": !allowed, "settings.deletionProtectionEnabled": !allowed})
			default: // PostgreSQL would refuse to drop a role that owns something
				require.Equal(t, primary.URN, r.DeletedWith, r.Name)
			}
		}
		require.Equal(t, "ABANDON", all.One(t, databaseType).Get("deletionPolicy"))
	}
}

func TestAReplacementNeverDeletesFirst(t *testing.T) {
	for _, r := range run(t, private(*full())) {
		require.Equal(t, r.Custom, r.RPC.GetDeleteBeforeReplaceDefined(), r.Name)
		require.False(t, r.RPC.GetDeleteBeforeReplace(), r.Name)
	}
}

func TestProtectionDoesNotYieldToTheParents(t *testing.T) {
	args := valid()
	args.AllowDeletion = true
	below := componentstest.Program(cloudsql.New, "main", pulumi.Protect(true))
	all := componentstest.Runner(below)(t, args)
	require.False(t, all.One(t, instanceType).Protect, "allowDeletion lifts all levels together")
}

func TestLogins(t *testing.T) {
	all := run(t, private(*full()))
	for name, want := range map[string][2]string{
		"main-user-api":   {"CLOUD_IAM_SERVICE_ACCOUNT", "api@test-project.iam"},
		"main-group-dba":  {"CLOUD_IAM_GROUP", "dba@example.com"},
		"main-person-ann": {"CLOUD_IAM_USER", "ann@example.com"},
	} {
		all.One(t, userType, name).Expect(t, map[string]any{"type": want[0], "name": want[1], "password": nil, "instance": "main-g1"})
	}
}

func TestAnEmailThatIsKnownLateIsStillChecked(t *testing.T) {
	args := valid()
	args.Workloads = map[string]pulumi.StringInput{"api": pulumi.String("api@example.com").ToStringOutput()}
	_, err := componentstest.Run(t, program(args))
	require.ErrorContains(t, err, `"api@example.com" is no service account's email`)
}

func TestReplica(t *testing.T) {
	all := run(t, private(*full()))
	all.One(t, instanceType, "main-replica-far").Expect(t, map[string]any{
		"masterInstanceName":                          "main-g1",
		"instanceType":                                "READ_REPLICA_INSTANCE",
		"region":                                      "asia-northeast2",
		"encryptionKeyName":                           "projects/p/locations/asia-northeast2/keyRings/r/cryptoKeys/k",
		"settings.tier":                               "db-perf-optimized-N-4",
		"settings.availabilityType":                   "ZONAL",
		"settings.backupConfiguration":                nil,
		"settings.databaseFlags[0].name":              "cloudsql.iam_authentication",
		"settings.databaseFlags[1].name":              "max_connections",
		"settings.ipConfiguration.sslMode":            "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
		"settings.locationPreference.zone":            "asia-northeast2-a",
		"settings.ipConfiguration.privateNetwork":     network,
		"settings.passwordValidationPolicy.minLength": nil,
	})
	args := private(*full())
	args.Replicas = map[string]cloudsql.Replica{"near": {}}
	args.ReplicaKeys = nil
	run(t, args).One(t, instanceType, "main-replica-near").Expect(t, map[string]any{
		"region": "asia-northeast1", "settings.tier": "db-perf-optimized-N-2",
	})
}

func TestPrivateServiceConnect(t *testing.T) {
	instance(t, endpoint(*full())).Expect(t, map[string]any{
		"settings.ipConfiguration.ipv4Enabled":                           false,
		"settings.ipConfiguration.privateNetwork":                        nil,
		"settings.ipConfiguration.pscConfigs[0].pscEnabled":              true,
		"settings.ipConfiguration.pscConfigs[0].allowedConsumerProjects": []any{"other-project"},
	})
}

func TestAPublicAddressComesOnlyWithRangesAndTLS(t *testing.T) {
	args := valid()
	args.Network = cloudsql.Network{AllowDirectConnections: true, AuthorizedNetworks: map[string]string{"office": "203.0.113.0/24"}}
	instance(t, args).Expect(t, map[string]any{
		"settings.ipConfiguration.ipv4Enabled":        true,
		"settings.ipConfiguration.sslMode":            "ENCRYPTED_ONLY",
		"settings.ipConfiguration.authorizedNetworks": []any{map[string]any{"name": "office", "value": "203.0.113.0/24"}},
		"settings.connectorEnforcement":               "NOT_REQUIRED",
	})
}

func TestWeaknessesAreSpeltOut(t *testing.T) {
	args := valid()
	args.Zonal, args.Tier, args.Stopped = true, "db-f1-micro", true
	args.Backup.Disabled, args.Insights.Disabled = true, true
	instance(t, args).Expect(t, map[string]any{
		"settings.availabilityType":                               "ZONAL",
		"settings.activationPolicy":                               "NEVER",
		"settings.backupConfiguration.enabled":                    false,
		"settings.backupConfiguration.pointInTimeRecoveryEnabled": false,
		"settings.insightsConfig.queryInsightsEnabled":            false,
	})
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, cloudsql.New, private(*full()))
	require.Equal(t, "test-project:asia-northeast1:main-g1", outputs["connectionName"])
	require.Regexp(t, `^10\.`, outputs["privateAddress"])
	require.Contains(t, outputs["serverCaCert"], "BEGIN CERTIFICATE")
	require.Equal(t, []string{"app"}, outputs["databases"])
	require.Equal(t, map[string]string{"api": "api@test-project.iam"}, outputs["users"])
	require.Equal(t, map[string]string{"far": "test-project:asia-northeast2:main-g1-far"}, outputs["replicas"])
	require.Equal(t, "test-project", outputs["projectId"])
}

func TestEdition(t *testing.T) {
	args := valid()
	args.Edition, args.Tier = "ENTERPRISE_PLUS", "db-perf-optimized-N-2"
	instance(t, args).Expect(t, map[string]any{
		"settings.edition": "ENTERPRISE_PLUS", "settings.dataCacheConfig.dataCacheEnabled": true,
	})
}
