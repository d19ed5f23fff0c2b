package blobstorage_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/blobstorage"
	"ai-worker/components/azure/privateendpoint"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/authorization"
	_ "ai-worker/internal/sandbox/azure/sdk/insights"
	_ "ai-worker/internal/sandbox/azure/sdk/network"
	_ "ai-worker/internal/sandbox/azure/sdk/storage"
)

const (
	accountType    = "azure-native:storage:StorageAccount"
	serviceType    = "azure-native:storage:BlobServiceProperties"
	containerType  = "azure-native:storage:BlobContainer"
	policyType     = "azure-native:storage:ManagementPolicy"
	endpointType   = "azure-native:network:PrivateEndpoint"
	dnsType        = "azure-native:network:PrivateDnsZoneGroup"
	assignmentType = "azure-native:authorization:RoleAssignment"
	diagnosticType = "azure-native:insights:DiagnosticSetting"

	group     = "/subscriptions/" + componentstest.Subscription + "/resourceGroups/ai-worker-dev"
	account   = group + "/providers/Microsoft.Storage/storageAccounts/aiworkerdevfiles"
	principal = "0c0c0c0c-0000-4000-8000-000000000001"
	other     = "0c0c0c0c-0000-4000-8000-000000000002"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *blobstorage.Args {
	return &blobstorage.Args{
		Place: azure.Place{
			Subscription: componentstest.Subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
			Workspace: pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/ai-worker-dev"),
		},
		Account: "aiworkerdevfiles", Container: "files",
		Endpoint: privateendpoint.Entry{
			Subnet: pulumi.String(group + "/providers/Microsoft.Network/virtualNetworks/ai-worker-dev/subnets/endpoints"),
			Zone:   pulumi.String(group + "/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"),
		},
	}
}

// full sets every field, but the flag that what is set beside it excludes.
func full() *blobstorage.Args {
	args := valid()
	args.Place.Tags = map[string]string{"app": "ai-worker"}
	args.AllowInternet, args.Replication, args.DisableInfrastructureEncryption = true, "LRS", true
	args.DisableVersioning, args.NoncurrentDays, args.SoftDeleteDays = true, 14, 30
	args.LifecycleRules = []blobstorage.LifecycleRule{{Action: "Delete", AgeDays: 7, Prefixes: []string{"tmp/"}}}
	args.CORS = []blobstorage.CORS{{
		Origins: []string{"https://app.example.com"}, Methods: []string{"PUT"},
		RequestHeaders: []string{"Content-Type"}, ResponseHeaders: []string{"ETag"}, MaxAgeSeconds: 60,
	}}
	args.Grants = map[string]blobstorage.Grant{"api": {Principal: pulumi.String(principal), Access: blobstorage.ReadWrite, SignURLs: true}}
	args.AllowDeletion = true
	return args
}

var (
	program = componentstest.Program(blobstorage.New, "files")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	args := full()
	args.Grants["report"] = blobstorage.Grant{Principal: pulumi.String(other), Access: blobstorage.Read}
	all := run(t, args)
	require.Equal(t, []string{
		assignmentType + " files-access-api",
		assignmentType + " files-access-report",
		assignmentType + " files-sign-api",
		diagnosticType + " files-diagnostics",
		dnsType + " files-endpoint-dns",
		endpointType + " files-endpoint",
		containerType + " files-container",
		serviceType + " files-service",
		policyType + " files-lifecycle",
		accountType + " files-account",
	}, componentstest.Tree(t, all, blobstorage.TypeToken))
	all.One(t, endpointType).Expect(t, map[string]any{
		"privateEndpointName": "aiworkerdevfiles-blob", "privateLinkServiceConnections[0].privateLinkServiceId": account,
		"privateLinkServiceConnections[0].groupIds[0]": "blob",
	})
	all.One(t, diagnosticType).Expect(t, map[string]any{"resourceUri": account + "/blobServices/default"})
}

// Access is to the container alone; only the key that presigns is of the account.
func TestGrants(t *testing.T) {
	args := full()
	args.Grants["report"] = blobstorage.Grant{Principal: pulumi.String(other), Access: blobstorage.Read}
	all := run(t, args)
	container := account + "/blobServices/default/containers/files"
	for name, want := range map[string][3]string{
		"files-access-api":    {string(azure.BlobDataContributor), container, principal},
		"files-access-report": {string(azure.BlobDataReader), container, other},
		"files-sign-api":      {string(azure.BlobDelegator), account, principal},
	} {
		all.One(t, assignmentType, name).Expect(t, map[string]any{
			"roleDefinitionId": azure.Role(want[0]).ID(componentstest.Subscription), "scope": want[1], "principalId": want[2],
		})
	}
}

func TestStrongDefaults(t *testing.T) {
	all := run(t, valid())
	a := all.One(t, accountType)
	require.True(t, a.Protect, "an account is protected unless deletion is allowed")
	a.Expect(t, map[string]any{
		"kind": "StorageV2", "sku.name": "Standard_ZRS", "allowSharedKeyAccess": false, "minimumTlsVersion": "TLS1_2",
		"enableHttpsTrafficOnly": true, "allowBlobPublicAccess": false, "allowCrossTenantReplication": false,
		"defaultToOAuthAuthentication": true, "allowedCopyScope": "AAD", "encryption.requireInfrastructureEncryption": true,
		"isHnsEnabled": false, "isSftpEnabled": false, "isLocalUserEnabled": false, "enableNfsV3": false,
		"publicNetworkAccess": "Disabled", "networkRuleSet.defaultAction": "Deny", "networkRuleSet.bypass": "None",
	})
	all.One(t, serviceType).Expect(t, map[string]any{
		"isVersioningEnabled": true, "deleteRetentionPolicy.enabled": true, "deleteRetentionPolicy.days": 7.0,
		"deleteRetentionPolicy.allowPermanentDelete": false, "restorePolicy.enabled": false,
		"containerDeleteRetentionPolicy.enabled": true, "containerDeleteRetentionPolicy.days": 7.0, "cors.corsRules": []any{},
	})
	c := all.One(t, containerType)
	require.True(t, c.Protect)
	c.Expect(t, map[string]any{"publicAccess": "None"})
}

// What is weaker must be spelt out, and then reaches the account; shared keys and
// public objects never come with it.
func TestWeaker(t *testing.T) {
	args := full()
	args.SoftDeleteDays, args.DisableSoftDelete = 0, true
	all := run(t, args)
	a := all.One(t, accountType)
	require.False(t, a.Protect)
	require.False(t, all.One(t, containerType).Protect)
	a.Expect(t, map[string]any{
		"sku.name": "Standard_LRS", "publicNetworkAccess": "Enabled", "networkRuleSet.defaultAction": "Allow", "networkRuleSet.bypass": "None",
		"encryption.requireInfrastructureEncryption": false, "allowSharedKeyAccess": false, "allowBlobPublicAccess": false,
	})
	all.One(t, serviceType).Expect(t, map[string]any{
		"isVersioningEnabled": false, "deleteRetentionPolicy.enabled": false, "deleteRetentionPolicy.days": nil,
		"containerDeleteRetentionPolicy.enabled": false,
	})
}

func TestLifecycle(t *testing.T) {
	args := valid()
	args.LifecycleRules = []blobstorage.LifecycleRule{
		{Action: "Cool", AgeDays: 30}, {Action: "Cold", AgeDays: 90, Prefixes: []string{"exports/", "logs/"}}, {Action: "Delete", AgeDays: 365},
	}
	rule := func(name, match string, actions map[string]any) map[string]any {
		return map[string]any{"name": name, "enabled": true, "type": "Lifecycle", "definition": map[string]any{
			"filters": map[string]any{"blobTypes": []any{"blockBlob"}, "prefixMatch": []any{match}}, "actions": actions,
		}}
	}
	written := func(action string, days float64) map[string]any {
		return map[string]any{"baseBlob": map[string]any{action: map[string]any{"daysAfterModificationGreaterThan": days}}}
	}
	cold := rule("rule1", "", written("tierToCold", 90))
	cold["definition"].(map[string]any)["filters"].(map[string]any)["prefixMatch"] = []any{"files/exports/", "files/logs/"}
	require.Equal(t, []any{
		rule("noncurrent", "files/", map[string]any{"version": map[string]any{"delete": map[string]any{"daysAfterCreationGreaterThan": 30.0}}}),
		rule("rule0", "files/", written("tierToCool", 30)),
		cold,
		rule("rule2", "files/", written("delete", 365)),
	}, run(t, args).One(t, policyType).Get("policy.rules"))
}

// URLs that browsers use take CORS, but a download by a link alone takes none.
func TestInternet(t *testing.T) {
	args := valid()
	args.AllowInternet = true
	require.Equal(t, "Enabled", run(t, args).One(t, accountType).Get("publicNetworkAccess"))
	args.CORS = []blobstorage.CORS{{Origins: []string{"http://localhost:3000"}, Methods: []string{"PUT", "GET"}}}
	require.Equal(t, []any{map[string]any{
		"allowedOrigins": []any{"http://localhost:3000"}, "allowedMethods": []any{"PUT", "GET"},
		"allowedHeaders": []any{}, "exposedHeaders": []any{}, "maxAgeInSeconds": 3600.0,
	}}, run(t, args).One(t, serviceType).Get("cors.corsRules"))
}

// An account takes one change at a time.
func TestOneAfterTheOther(t *testing.T) {
	all := run(t, valid())
	order := []componentstest.Registration{
		all.One(t, accountType), all.One(t, serviceType), all.One(t, containerType), all.One(t, policyType), all.One(t, endpointType),
	}
	for i, r := range order[1:] {
		require.Contains(t, r.RPC.GetDependencies(), order[i].URN, r.Name)
	}
	require.Equal(t, order[0].URN, order[1].DeletedWith)
	require.Equal(t, order[0].URN, order[3].DeletedWith)
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{
		"account": "aiworkerdevfiles", "container": "files", "accountId": account,
		"url": "https://aiworkerdevfiles.blob.core.windows.net/files",
	}, componentstest.Outputs(t, blobstorage.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Place.Workspace": pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/other"),
			"Place.Location":  "japanwest", "Replication": "GZRS",
			"LifecycleRules[0].Action": "Cold", "CORS[0].Methods[0]": "POST",
			"Grants[api].Access": blobstorage.Read, "Grants[api].Principal": pulumi.String(other),
		},
		Exempt: map[string]string{
			"Place.Subscription": "is that of the provider; TestGrants",
			"AllowInternet":      "required by CORS; TestInternet",
			"DisableSoftDelete":  "excluded by softDeleteDays; TestWeaker",
		},
	})
}
