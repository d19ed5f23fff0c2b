package azure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	storageAccountType   = "azure-native:storage:StorageAccount"
	blobServiceType      = "azure-native:storage:BlobServiceProperties"
	blobContainerType    = "azure-native:storage:BlobContainer"
	managementPolicyType = "azure-native:storage:ManagementPolicy"

	storageAccountPath = "Microsoft.Storage/storageAccounts/{accountName}"
	storageAccountID   = "/subscriptions/{provider.subscriptionId}/resourceGroups/{resourceGroupName}/providers/" + storageAccountPath
)

func storageKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		arm(storageAccountPath, sandbox.Kind{
			Type:   storageAccountType,
			Global: "{accountName}",
			// the services of an account are always there, so that what refers to one refers to the account
			Names: []string{
				"{accountName}", storageAccountID + "/blobServices/default", storageAccountID + "/fileServices/default",
				storageAccountID + "/queueServices/default", storageAccountID + "/tableServices/default",
			},
			Fill:     fillStorageAccount,
			Required: []string{"location"},
			Replace:  []string{"location", "isHnsEnabled"},
			Rules:    storageAccountRules,
			Checks:   storageAccountChecks,
			Revise:   reviseStorageAccount,
			Refs: map[string]sandbox.Ref{
				"networkRuleSet.virtualNetworkRules[].virtualNetworkResourceId": sandbox.Names("azure-native:network:Subnet"),
				"identity.userAssignedIdentities[]":                             sandbox.Names("azure-native:managedidentity:UserAssignedIdentity"),
			},
		}),
		arm(storageAccountPath+"/blobServices/{blobServicesName}", sandbox.Kind{
			Type: blobServiceType,
			Fill: fillBlobService,
			// The blob service comes and goes with its account. The provider adopts it
			// when it creates, and its delete writes {}, which changes nothing.
			Additive: true,
			Forgets:  func(*sandbox.Object) bool { return true },
			Required: []string{
				"cors.corsRules[].allowedHeaders", "cors.corsRules[].allowedMethods", "cors.corsRules[].allowedOrigins",
				"cors.corsRules[].exposedHeaders",
			},
			Rules:  blobServiceRules,
			Checks: blobServiceChecks,
			Beside: besideBlobService,
			Refs:   map[string]sandbox.Ref{"accountName": sandbox.Within(storageAccountType)},
		}),
		arm(storageAccountPath+"/blobServices/default/containers/{containerName}", sandbox.Kind{
			Type:    blobContainerType,
			Outputs: map[string]string{"type": "Microsoft.Storage/storageAccounts/blobServices/containers"},
			Fill:    fillBlobContainer,
			Rules:   blobContainerRules,
			Checks: []sandbox.Check{
				sandbox.Refuse(func(o *sandbox.Object) bool {
					return o.Has("denyEncryptionScopeOverride") != o.Has("defaultEncryptionScope")
				},
					"defaultEncryptionScope and denyEncryptionScopeOverride go together"),
			},
			Beside: besideBlobContainer,
			Refs:   map[string]sandbox.Ref{"accountName": sandbox.Within(storageAccountType)},
		}),
		arm(storageAccountPath+"/managementPolicies/{managementPolicyName}", sandbox.Kind{
			Type:     managementPolicyType,
			Outputs:  map[string]string{"name": "DefaultManagementPolicy"}, // REST examples of ManagementPolicies
			Fill:     func(o *sandbox.Object) { o.Set("lastModifiedTime", "2024-01-01T00:00:00Z") },
			Required: []string{"policy.rules", "policy.rules[].definition.filters", "policy.rules[].definition.filters.blobTypes"},
			Rules:    managementPolicyRules,
			Checks:   []sandbox.Check{checkPolicyNames, checkPolicyActions, checkPolicyDays},
			Beside:   besideManagementPolicy,
			Refs:     map[string]sandbox.Ref{"accountName": sandbox.Within(storageAccountType)},
		}),
	}
}

// inGroupOf wants a part in the resource group of what it is a part of: names of
// parents alone do not say where they are.
func inGroupOf(o *sandbox.Object, path string) error {
	parent := o.Ref(path)
	if parent == nil || same(parent.Str("resourceGroupName"), o.Str("resourceGroupName")) {
		return nil
	}
	return fmt.Errorf("ParentResourceNotFound: %s %q is not in the resource group %q but in %q",
		path, o.Str(path), o.Str("resourceGroupName"), parent.Str("resourceGroupName"))
}

// fillStorageAccount writes what Azure Storage answers for what was left out.
func fillStorageAccount(o *sandbox.Object) {
	sku := o.Str("sku.name")
	tier, _, _ := strings.Cut(sku, "_")
	o.Set("sku.tier", tier)
	o.Set("provisioningState", "Succeeded")
	o.Set("creationTime", "2024-01-01T00:00:00Z")
	o.Set("keyCreationTime", map[string]any{"key1": "2024-01-01T00:00:00Z", "key2": "2024-01-01T00:00:00Z"})
	o.Set("primaryLocation", o.Str("location"))
	o.Set("statusOfPrimary", "available")
	o.Set("primaryEndpoints", storageEndpoints(o, ""))
	if strings.Contains(sku, "GRS") || strings.Contains(sku, "GZRS") {
		o.Set("statusOfSecondary", "available")
		if strings.Contains(sku, "_RA") {
			o.Set("secondaryEndpoints", storageEndpoints(o, "-secondary"))
		}
	}
	switch o.Str("kind") {
	case "StorageV2":
		if tier == "Standard" {
			o.Default("accessTier", "Hot")
		}
	case "BlockBlobStorage":
		o.Default("accessTier", "Premium")
	}
	// new accounts since 2023-08, whatever the version of the API
	o.Default("allowBlobPublicAccess", false)
	o.Default("allowCrossTenantReplication", false)
	o.Default("enableHttpsTrafficOnly", true)
	o.Default("minimumTlsVersion", "TLS1_0")
	o.Default("encryption.keySource", "Microsoft.Storage")
	for _, service := range []string{"blob", "file"} {
		o.Default("encryption.services."+service, map[string]any{"enabled": true, "keyType": "Account"})
	}
	o.Default("networkRuleSet.bypass", "AzureServices")
	o.Default("networkRuleSet.defaultAction", "Allow")
	o.Default("networkRuleSet.ipRules", []any{})
	o.Default("networkRuleSet.virtualNetworkRules", []any{})
}

// storageEndpoints are the hosts of an account; its kind says which services it has.
func storageEndpoints(o *sandbox.Object, suffix string) map[string]any {
	services := []string{"blob", "dfs", "file", "queue", "table", "web"}
	switch o.Str("kind") {
	case "BlockBlobStorage":
		services = []string{"blob", "dfs", "web"}
	case "BlobStorage":
		services = []string{"blob", "dfs", "table"}
	case "FileStorage":
		services = []string{"file"}
	}
	endpoints := map[string]any{}
	for _, service := range services {
		host := service
		if service == "web" {
			host = "z11.web" // of static sites; each region has its own
		}
		endpoints[service] = "https://" + o.Str("accountName") + suffix + "." + host + ".core.windows.net/"
	}
	return endpoints
}

func fillBlobService(o *sandbox.Object) {
	if account := o.Ref("accountName"); account != nil {
		o.Set("sku", account.Get("sku").Mappable())
	}
	o.Default("cors.corsRules", []any{})
	o.Default("deleteRetentionPolicy.enabled", false)
	o.Default("deleteRetentionPolicy.allowPermanentDelete", false)
	if o.Bool("restorePolicy.enabled") {
		o.Set("restorePolicy.lastEnabledTime", "2024-01-01T00:00:00Z")
		o.Set("restorePolicy.minRestoreTime", "2024-01-01T00:00:00Z")
	}
}

// besideBlobService looks at the account. Versions of blobs and what builds on them
// do not go with a hierarchical namespace
// (https://learn.microsoft.com/azure/storage/blobs/storage-feature-support-in-storage-accounts).
func besideBlobService(o *sandbox.Object, _ []*sandbox.Object) error {
	if account := o.Ref("accountName"); account != nil && account.Bool("isHnsEnabled") {
		for _, feature := range []string{"isVersioningEnabled", "restorePolicy.enabled"} {
			if o.Bool(feature) {
				return fmt.Errorf("FeatureNotSupportedForAccount: %s is not supported for the account %q, which has a hierarchical namespace",
					feature, o.Str("accountName"))
			}
		}
	}
	return inGroupOf(o, "accountName")
}

func fillBlobContainer(o *sandbox.Object) {
	o.Default("publicAccess", "None")
	if !o.Has("defaultEncryptionScope") {
		o.Set("defaultEncryptionScope", "$account-encryption-key")
		o.Set("denyEncryptionScopeOverride", false)
	}
	o.Set("etag", fmt.Sprintf("%q", "0x"+strings.ToUpper(drawn(o.Str("containerName"))[:8])))
	o.Set("lastModifiedTime", "2024-01-01T00:00:00Z")
	o.Set("leaseState", "Available")
	o.Set("leaseStatus", "Unlocked")
}

// besideBlobContainer looks at the account: what is public needs its consent.
func besideBlobContainer(o *sandbox.Object, _ []*sandbox.Object) error {
	account, public := o.Ref("accountName"), o.Str("publicAccess")
	if account != nil && slices.Contains([]string{"Container", "Blob"}, public) && !account.Bool("allowBlobPublicAccess") {
		return fmt.Errorf("PublicAccessNotPermitted: publicAccess %q: public access is not permitted on the storage account %q", public, o.Str("accountName"))
	}
	return inGroupOf(o, "accountName")
}

// besideManagementPolicy looks at the account: only premium block blobs can become hot.
func besideManagementPolicy(o *sandbox.Object, _ []*sandbox.Object) error {
	if account := o.Ref("accountName"); account != nil && account.Str("kind") != "BlockBlobStorage" {
		for _, of := range policyTargets {
			var at string
			o.Each("policy.rules[].definition.actions."+of+".tierToHot", func(where string, _ resource.PropertyValue) { at = where })
			if at != "" {
				return fmt.Errorf("InvalidRequestPropertyValue: %s: only for premium block blob accounts", at)
			}
		}
	}
	return inGroupOf(o, "accountName")
}
