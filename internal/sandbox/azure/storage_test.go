package azure

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

var account = props{
	"resourceGroupName": "main", "accountName": "filesdev", "location": "japaneast", "kind": "StorageV2", "sku.name": "Standard_ZRS",
}

const accountID = groupID + "/providers/Microsoft.Storage/storageAccounts/filesdev"

func TestStorageAccount(t *testing.T) {
	id, state, err := registered(t, storageAccountType, account)
	require.NoError(t, err)
	require.Equal(t, accountID, id)
	require.Equal(t, "https://filesdev.blob.core.windows.net/", state["primaryEndpoints"].(props)["blob"])
	require.Equal(t, "Hot", state["accessTier"])
	require.Equal(t, "Standard", state["sku"].(props)["tier"])
	require.Equal(t, "Microsoft.Storage/storageAccounts", state["type"])
	require.Empty(t, state["secondaryEndpoints"])
	_, state, err = registered(t, storageAccountType, account, props{"sku.name": "Standard_RAGRS"})
	require.NoError(t, err)
	require.Equal(t, "https://filesdev-secondary.blob.core.windows.net/", state["secondaryEndpoints"].(props)["blob"])

	rule := func(of string) props {
		return props{"networkRuleSet": props{"defaultAction": "Deny", "ipRules": []any{props{"iPAddressOrRange": of}}}}
	}
	long := map[string]any{strings.Repeat("k", 129): "v"}
	judged(t, storageAccountType, account, map[string]verdict{
		"capitals":         {props{"accountName": "Files"}, "AccountNameInvalid"},
		"hyphen":           {props{"accountName": "files-dev"}, "AccountNameInvalid"},
		"long":             {props{"accountName": strings.Repeat("a", 25)}, "AccountNameInvalid"},
		"no name":          {props{"accountName": nil}, "accountName: missing"},
		"no location":      {props{"location": nil}, "location: missing"},
		"kind":             {props{"kind": "storageV2"}, "none of Storage"},
		"sku":              {props{"sku.name": "Premium_GRS"}, "none of Standard_LRS"},
		"sku of kind":      {props{"kind": "BlobStorage", "accessTier": "Hot"}, "InvalidAccountType"},
		"no tier":          {props{"kind": "BlobStorage", "sku.name": "Standard_LRS"}, "accessTier: required"},
		"tier of none":     {props{"kind": "Storage", "accessTier": "Hot"}, "has none"},
		"tier of premium":  {props{"accessTier": "Premium"}, "Premium is the tier of"},
		"premium":          {props{"kind": "BlockBlobStorage", "sku.name": "Premium_ZRS", "accessTier": "Premium"}, ""},
		"tls":              {props{"minimumTlsVersion": "TLS1_3"}, "none of TLS1_0"},
		"access":           {props{"publicNetworkAccess": "disabled"}, "none of Enabled"},
		"bypass":           {props{"networkRuleSet": props{"defaultAction": "Deny", "bypass": "AzureServices, Metrics"}}, ""},
		"bypass unknown":   {props{"networkRuleSet": props{"defaultAction": "Deny", "bypass": "Azure"}}, `"Azure" is none of`},
		"address":          {rule("203.0.113.7"), ""},
		"range":            {rule("203.0.113.0/24"), ""},
		"small range":      {rule("203.0.113.7/32"), "/31 and /32"},
		"private":          {rule("10.0.0.0/16"), "is private"},
		"no address":       {rule("2001:db8::1"), "no IPv4"},
		"key without":      {props{"encryption": props{"keySource": "Microsoft.Keyvault"}}, "keyVaultProperties: missing"},
		"identity without": {props{"identity.type": "UserAssigned"}, "go together"},
		"sas":              {props{"sasPolicy": props{"expirationAction": "Log", "sasExpirationPeriod": "1 day"}}, "DD.HH:MM:SS"},
		"sftp":             {props{"isSftpEnabled": true}, "needs isHnsEnabled"},
		"sftp with":        {props{"isSftpEnabled": true, "isHnsEnabled": true}, ""},
		"nfs":              {props{"enableNfsV3": true, "isHnsEnabled": false}, "needs isHnsEnabled"},
		"immutable":        {props{"immutableStorageWithVersioning.enabled": true, "isHnsEnabled": true}, "not with a hierarchical"},
		"tag":              {props{"tags": long}, "InvalidTagName"},
	})
}

func TestStorageAccountValues(t *testing.T) {
	address := props{"iPAddressOrRange": "203.0.113.7"}
	wrong(t, storageAccountType, account, props{
		"location": "tokyo", "accessTier": "Cold", "allowedCopyScope": "Tenant", "dnsEndpointType": "Zone", "largeFileSharesState": "On",
		"encryption.keySource": "Microsoft.KeyVault", "identity.type": "User", "identity.userAssignedIdentities": []any{"a", "b"},
		"keyPolicy.keyExpirationPeriodInDays": 0, "sasPolicy.expirationAction": "Block", "routingPreference.routingChoice": "Internet",
		"networkRuleSet.defaultAction": "deny", "networkRuleSet.ipRules": times(401, address), "networkRuleSet.ipRules[0].action": "Deny",
		"networkRuleSet.virtualNetworkRules": times(401, props{"virtualNetworkResourceId": "id"}),
		"networkRuleSet.resourceAccessRules": times(201, props{}),
	})
	_, state, err := registered(t, storageAccountType, account, props{"kind": "FileStorage", "sku.name": "Premium_LRS"})
	require.NoError(t, err)
	require.Len(t, state["primaryEndpoints"], 1, "of files only")
	_, state, err = registered(t, storageAccountType, account, props{"kind": "BlobStorage", "sku.name": "Standard_LRS", "accessTier": "Cool"})
	require.NoError(t, err)
	require.NotContains(t, state["primaryEndpoints"], "file")
}

func TestStorageAccountRevised(t *testing.T) {
	have := object(t, account)
	for path, want := range map[string]struct {
		value any
		says  string
	}{
		"accessTier": {"Cool", ""},
		"sku.name":   {"Standard_LRS", ""},
		"kind":       {"Storage", "kind cannot change"},
		"encryption.requireInfrastructureEncryption": {true, "AccountPropertyCannotBeUpdated"},
		"immutableStorageWithVersioning.enabled":     {true, "AccountPropertyCannotBeUpdated"},
	} {
		err := reviseStorageAccount(have, object(t, account, props{path: want.value}))
		if want.says == "" {
			require.NoError(t, err, path)
		} else {
			require.ErrorContains(t, err, want.says, path)
		}
	}
	require.ErrorContains(t, reviseStorageAccount(have, object(t, account, props{"sku.name": "Premium_LRS"})), "sku cannot change")
	require.NoError(t, reviseStorageAccount(object(t, account, props{"kind": "BlobStorage"}), have), "an upgrade")
}

var blobService = props{"resourceGroupName": "main", "accountName": "filesdev", "blobServicesName": "default"}

func TestBlobService(t *testing.T) {
	id, state, err := registered(t, blobServiceType, blobService)
	require.NoError(t, err)
	require.Equal(t, accountID+"/blobServices/default", id)
	require.Equal(t, "Microsoft.Storage/storageAccounts/blobServices", state["type"])
	require.Equal(t, "default", state["name"])
	kept := props{"enabled": true, "days": 8}
	restore := props{
		"isVersioningEnabled": true, "changeFeed": props{"enabled": true}, "deleteRetentionPolicy": kept,
		"restorePolicy": props{"enabled": true, "days": 7},
	}
	without := func(path string, value any) props {
		change := props{}
		for p, v := range restore {
			change[p] = v
		}
		change[path] = value
		return change
	}
	cors := func(path string, value any) props {
		rule := props{
			"allowedOrigins": []any{"https://app.example.com"}, "allowedMethods": []any{"PUT"}, "allowedHeaders": []any{"x-ms-*"},
			"exposedHeaders": []any{}, "maxAgeInSeconds": 3600,
		}
		if path != "" {
			rule[path] = value
		}
		return props{"cors": props{"corsRules": []any{rule}}}
	}
	var many []any
	for i := range 65 {
		many = append(many, fmt.Sprintf("h%d", i))
	}
	judged(t, blobServiceType, blobService, map[string]verdict{
		"name":             {props{"blobServicesName": "files"}, "none of default"},
		"days":             {props{"deleteRetentionPolicy": props{"enabled": true, "days": 366}}, "between 1 and 365"},
		"no days":          {props{"containerDeleteRetentionPolicy": props{"enabled": true}}, "containerDeleteRetentionPolicy.days: required"},
		"off":              {props{"deleteRetentionPolicy": props{"enabled": false}}, ""},
		"feed":             {props{"changeFeed": props{"enabled": true, "retentionInDays": 0}}, "between 1 and 146000"},
		"feed off":         {props{"changeFeed": props{"enabled": false, "retentionInDays": 7}}, "is off"},
		"restore":          {restore, ""},
		"restore unwell":   {without("isVersioningEnabled", false), "needs isVersioningEnabled"},
		"restore unfed":    {without("changeFeed", props{"enabled": false}), "needs changeFeed.enabled"},
		"restore too long": {without("restorePolicy", props{"enabled": true, "days": 8}), "want less than"},
		"restore endless":  {without("restorePolicy", props{"enabled": true}), "restorePolicy.days: required"},
		"restore purged":   {without("deleteRetentionPolicy", props{"enabled": true, "days": 8, "allowPermanentDelete": true}), "not with a restore"},
		"cors":             {cors("", nil), ""},
		"cors no origin":   {cors("allowedOrigins", []any{}), "0 elements"},
		"cors no headers":  {cors("allowedHeaders", nil), "allowedHeaders: missing"},
		"cors method":      {cors("allowedMethods", []any{"put"}), "none of DELETE"},
		"cors headers":     {cors("allowedHeaders", many), "at most 64"},
		"cors prefixes":    {cors("exposedHeaders", []any{"a*", "b*", "c*"}), "at most 64 and 2"},
		"cors long":        {cors("allowedOrigins", []any{strings.Repeat("o", 257)}), "1 to 256"},
		"cors age":         {cors("maxAgeInSeconds", -1), "between 0"},
		"cors exposed":     {cors("exposedHeaders", []any{strings.Repeat("o", 256) + "*"}), "1 to 256"},
		"access":           {props{"lastAccessTimeTrackingPolicy": props{"enable": true, "name": "Access"}}, "AccessTimeTracking"},
	})
}

func TestBlobServiceValues(t *testing.T) {
	rule := props{
		"allowedOrigins": []any{"*"}, "allowedMethods": []any{"GET"}, "allowedHeaders": []any{}, "exposedHeaders": []any{}, "maxAgeInSeconds": 0,
	}
	wrong(t, blobServiceType, blobService, props{
		"containerDeleteRetentionPolicy.days": 0, "restorePolicy.days": 0, "defaultServiceVersion": "latest",
		"lastAccessTimeTrackingPolicy.trackingGranularityInDays": 2, "lastAccessTimeTrackingPolicy.blobType[0]": "appendBlob",
		"cors.corsRules": times(6, rule), "cors.corsRules[0].allowedMethods": []any{}, "cors.corsRules[0].allowedHeaders[0]": "",
	})
}

func TestCORSSize(t *testing.T) {
	rule := props{"allowedOrigins": []any{}, "allowedMethods": []any{"PUT"}, "allowedHeaders": []any{}, "exposedHeaders": []any{}}
	for range 9 {
		rule["allowedOrigins"] = append(rule["allowedOrigins"].([]any), strings.Repeat("o", 250))
	}
	require.ErrorContains(t, checkCORSSize(object(t, props{"cors": props{"corsRules": []any{rule}}})), "want at most 2048")
}

func TestBlobContainer(t *testing.T) {
	container := props{"resourceGroupName": "main", "accountName": "filesdev", "containerName": "uploads"}
	id, state, err := registered(t, blobContainerType, container)
	require.NoError(t, err)
	require.Equal(t, accountID+"/blobServices/default/containers/uploads", id)
	require.Equal(t, "Microsoft.Storage/storageAccounts/blobServices/containers", state["type"])
	require.Equal(t, "None", state["publicAccess"])
	judged(t, blobContainerType, container, map[string]verdict{
		"short":    {props{"containerName": "up"}, "3 to 63"},
		"hyphens":  {props{"containerName": "up--loads"}, "single hyphens"},
		"capitals": {props{"containerName": "Uploads"}, "lower-case"},
		"site":     {props{"containerName": "$web"}, ""},
		"access":   {props{"publicAccess": "none"}, "none of Container"},
		"metadata": {props{"metadata": props{"1a": "x"}}, "InvalidMetadata"},
		"scope":    {props{"defaultEncryptionScope": "s"}, "go together"},
	})
}

func TestManagementPolicy(t *testing.T) {
	days := func(key string, n any) props { return props{key: n} }
	after := days("daysAfterModificationGreaterThan", 30)
	rule := func(actions props, filters any) props {
		return props{"name": "old", "type": "Lifecycle", "enabled": true, "definition": props{"actions": actions, "filters": filters}}
	}
	blocks := props{"blobTypes": []any{"blockBlob"}}
	policy := func(rules ...any) props { return props{"policy": props{"rules": rules}} }
	base := func(action string, when props) props {
		return policy(rule(props{"baseBlob": props{action: when}}, blocks))
	}
	valid := props{"resourceGroupName": "main", "accountName": "filesdev", "managementPolicyName": "default"}
	good := rule(props{"baseBlob": props{"delete": after}}, blocks)
	valid["policy"] = props{"rules": []any{good}}
	id, state, err := registered(t, managementPolicyType, valid)
	require.NoError(t, err)
	require.Equal(t, accountID+"/managementPolicies/default", id)
	require.Equal(t, "DefaultManagementPolicy", state["name"])
	var prefixes []any
	for i := range 11 {
		prefixes = append(prefixes, fmt.Sprintf("c%d/", i))
	}
	change := func(prefix any) props { return props{"blobTypes": []any{"blockBlob"}, "prefixMatch": prefix} }
	judged(t, managementPolicyType, valid, map[string]verdict{
		"name":       {props{"managementPolicyName": "files"}, "none of default"},
		"no rules":   {policy(), "0 elements"},
		"twice":      {policy(good, good), "is the name of another rule"},
		"type":       {props{"policy.rules[0].type": "lifecycle"}, "none of Lifecycle"},
		"rule name":  {props{"policy.rules[0].name": "a b"}, "1 to 256"},
		"no filters": {policy(rule(props{"baseBlob": props{"delete": after}}, nil)), "filters: missing"},
		"no types":   {policy(rule(props{"baseBlob": props{"delete": after}}, props{})), "blobTypes: missing"},
		"types":      {policy(rule(props{"baseBlob": props{"delete": after}}, props{"blobTypes": []any{"pageBlob"}})), "none of blockBlob"},
		"prefixes":   {policy(rule(props{"baseBlob": props{"delete": after}}, change(prefixes))), "11 elements"},
		"prefix":     {policy(rule(props{"baseBlob": props{"delete": after}}, change([]any{"/c"}))), "no slash first"},
		"no action":  {policy(rule(props{"baseBlob": props{}}, blocks)), "want at least one"},
		"appends": {policy(rule(props{"baseBlob": props{"tierToCool": after}}, props{"blobTypes": []any{"appendBlob"}})),
			"not for append blobs"},
		"versions":    {policy(rule(props{"version": props{"delete": days("daysAfterCreationGreaterThan", 30)}}, blocks)), ""},
		"no age":      {base("delete", props{}), "0 ages"},
		"two ages":    {base("delete", props{"daysAfterModificationGreaterThan": 1, "daysAfterCreationGreaterThan": 1}), "2 ages"},
		"part of day": {base("delete", days("daysAfterModificationGreaterThan", 1.5)), "whole days"},
		"negative":    {base("delete", days("daysAfterModificationGreaterThan", -1)), "whole days"},
		"tier change": {base("delete", props{"daysAfterModificationGreaterThan": 1, "daysAfterLastTierChangeGreaterThan": 7}), "only for tierToArchive"},
		"archive":     {base("tierToArchive", props{"daysAfterModificationGreaterThan": 1, "daysAfterLastTierChangeGreaterThan": 7}), ""},
		"to hot": {policy(rule(props{"baseBlob": props{"tierToCool": after, "enableAutoTierToHotFromCool": true}}, blocks)),
			"needs tierToCool.daysAfterLastAccess"},
	})
}

func TestManagementPolicyValues(t *testing.T) {
	const filters = "policy.rules[0].definition.filters."
	wrong(t, managementPolicyType, props{"resourceGroupName": "main", "accountName": "filesdev", "managementPolicyName": "default"}, props{
		filters + "blobTypes": []any{}, filters + "blobIndexMatch": times(11, props{"name": "n", "op": "==", "value": "v"}),
		filters + "blobIndexMatch[0].name": "", filters + "blobIndexMatch[0].op": "=", filters + "blobIndexMatch[0].value": strings.Repeat("v", 257),
	})
}

// TestStorageInTheCloud is about what an account says of its parts.
func TestStorageInTheCloud(t *testing.T) {
	cloud := newCloud(t)
	cloud.refuses(blobContainerType, "error 404", props{"resourceGroupName": "main", "accountName": "filesdev", "containerName": "early"})
	cloud.makes(storageAccountType, account)
	cloud.refuses(storageAccountType, "there is one of it in all of the cloud", account, props{"resourceGroupName": "other"})
	container := props{"resourceGroupName": "main", "accountName": "filesdev", "containerName": "uploads"}
	cloud.refuses(blobContainerType, "PublicAccessNotPermitted", container, props{"publicAccess": "Blob"})
	cloud.refuses(blobContainerType, "ParentResourceNotFound", container, props{"resourceGroupName": "other"})
	cloud.makes(blobContainerType, container)
	require.Equal(t, resource.NewProperty("Standard_ZRS"), cloud.makes(blobServiceType, blobService)["sku"].ObjectValue()["name"])
	cloud.makes(blobServiceType, blobService) // adopted
	cloud.deletes(blobServiceType, accountID+"/blobServices/default")
	require.True(t, cloud.there(blobServiceType, accountID+"/blobServices/default"), "it goes with its account only")
	hot := props{"resourceGroupName": "main", "accountName": "filesdev", "managementPolicyName": "default", "policy": props{"rules": []any{props{
		"name": "old", "type": "Lifecycle", "definition": props{
			"actions": props{"baseBlob": props{"tierToHot": props{"daysAfterModificationGreaterThan": 1}}}, "filters": props{"blobTypes": []any{"blockBlob"}},
		},
	}}}}
	cloud.refuses(managementPolicyType, "premium block blob", hot)
	cloud.makes(storageAccountType, account, props{"accountName": "fast", "kind": "BlockBlobStorage", "sku.name": "Premium_LRS"})
	cloud.makes(managementPolicyType, hot, props{"accountName": "fast"})

	for path, want := range map[string]struct{ value, kind string }{
		"minimumTlsVersion": {"TLS1_2", "ADD"}, "location": {"japanwest", "UPDATE_REPLACE"},
	} {
		changes, err := cloud.changes(storageAccountType, props{path: want.value}, account, props{"accountName": strings.ToLower(path)})
		require.NoError(t, err)
		require.Equal(t, map[string]string{path: want.kind}, changes)
	}
	changes, err := cloud.changes(storageAccountType, props{"isHnsEnabled": true}, account, props{"accountName": "flat"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"isHnsEnabled": "ADD_REPLACE"}, changes)

	cloud.makes(storageAccountType, account, props{"accountName": "tree", "isHnsEnabled": true})
	cloud.refuses(blobServiceType, "FeatureNotSupportedForAccount", blobService, props{"accountName": "tree", "isVersioningEnabled": true})
}
