package azure

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const tenantID = "99999999-8888-4777-8666-555555555555"

var vault = props{
	"resourceGroupName": "main", "vaultName": "Vault-dev", "location": "japaneast",
	"properties": props{"tenantId": tenantID, "sku": props{"family": "A", "name": "standard"}},
}

func TestVault(t *testing.T) {
	id, state, err := registered(t, vaultType, vault)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.KeyVault/vaults/Vault-dev", id)
	got := state["properties"].(props)
	require.Equal(t, "https://vault-dev.vault.azure.net/", got["vaultUri"])
	require.Equal(t, 90.0, got["softDeleteRetentionInDays"])
	require.NotContains(t, got, "enablePurgeProtection")

	of := func(path string, value any) props { return props{"properties." + path: value} }
	access := func(changes ...props) props {
		var all []any
		for _, change := range changes {
			policy := props{"tenantId": tenantID, "objectId": subscriptionID, "permissions": props{"secrets": []any{"Get"}}}
			for key, value := range change {
				policy[key] = value
			}
			all = append(all, policy)
		}
		return of("accessPolicies", all)
	}
	judged(t, vaultType, vault, map[string]verdict{
		"digit first":  {props{"vaultName": "1vault"}, "VaultNameNotValid"},
		"hyphens":      {props{"vaultName": "vault--dev"}, "VaultNameNotValid"},
		"hyphen last":  {props{"vaultName": "vault-"}, "VaultNameNotValid"},
		"short":        {props{"vaultName": "va"}, "3 to 24"},
		"long":         {props{"vaultName": strings.Repeat("v", 25)}, "3 to 24"},
		"no location":  {props{"location": nil}, "location: missing"},
		"tenant":       {of("tenantId", "tenant"), "a UUID"},
		"family":       {of("sku.family", "B"), "none of A"},
		"sku":          {of("sku.name", "Standard"), "none of standard"},
		"days":         {of("softDeleteRetentionInDays", 6), "between 7 and 90"},
		"purge":        {of("enablePurgeProtection", false), "it is irreversible"},
		"purge on":     {of("enablePurgeProtection", true), ""},
		"soft delete":  {of("enableSoftDelete", false), "it is irreversible"},
		"access":       {of("publicNetworkAccess", "Disabled"), ""},
		"no access":    {of("publicNetworkAccess", "no"), "enabled or disabled"},
		"bypass":       {of("networkAcls", props{"bypass": "Azure"}), "none of AzureServices"},
		"default":      {of("networkAcls", props{"defaultAction": "deny"}), "none of Allow"},
		"create":       {of("createMode", "default"), ""},
		"recover":      {of("createMode", "recover"), "not simulated"},
		"policy":       {access(nil), ""},
		"both":         {props{"properties.enableRbacAuthorization": true, "properties.accessPolicies": access(nil)["properties.accessPolicies"]}, ""},
		"other tenant": {access(props{"tenantId": subscriptionID}), "want the tenant of the vault"},
		"twice":        {access(nil, nil), "has a policy already"},
		"who":          {access(props{"objectId": "me"}), "a UUID"},
		"permission":   {access(props{"permissions": props{"secrets": []any{"read"}}}), `"read" is none of all, get`},
	})
}

func TestVaultValues(t *testing.T) {
	const policy = "properties.accessPolicies[0]."
	wrong(t, vaultType, vault, props{
		"location": "tokyo", "tags": props{"a/b": ""}, "properties.accessPolicies": times(1025, props{}), policy + "tenantId": "t",
		policy + "permissions.keys[0]": "read", policy + "permissions.certificates[0]": "read", policy + "permissions.storage[0]": "read",
		"properties.networkAcls.ipRules":             times(1001, props{"value": "203.0.113.7"}),
		"properties.networkAcls.virtualNetworkRules": times(201, props{"id": "id"}),
	})
	wrong(t, vaultSecretType, vaultSecret, props{
		"properties.attributes.expires": -1, "properties.attributes.notBefore": -1, "tags": props{"k": strings.Repeat("v", 257)},
	})
}

var vaultSecret = props{
	"resourceGroupName": "main", "vaultName": "Vault-dev", "secretName": "api-token", "properties": props{"value": "unset"},
}

func TestVaultSecret(t *testing.T) {
	id, state, err := registered(t, vaultSecretType, vaultSecret)
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.KeyVault/vaults/Vault-dev/secrets/api-token", id)
	require.Equal(t, "Microsoft.KeyVault/vaults/secrets", state["type"])
	got := state["properties"].(props)
	const uri = "https://vault-dev.vault.azure.net/secrets/api-token"
	require.Equal(t, uri, got["secretUri"])
	require.Regexp(t, "^"+uri+"/[0-9a-f]{32}$", got["secretUriWithVersion"])
	_, state, err = registered(t, vaultSecretType, vaultSecret, props{"properties.value": "new"})
	require.NoError(t, err)
	_, again, err := registered(t, vaultSecretType, vaultSecret, props{"properties.value": "new"})
	require.NoError(t, err)
	require.Equal(t, state, again, "the same in every run")
	require.NotEqual(t, got["secretUriWithVersion"], state["properties"].(props)["secretUriWithVersion"], "another version")
	many := props{}
	for i := range 16 {
		many[strings.Repeat("k", i+1)] = ""
	}
	judged(t, vaultSecretType, vaultSecret, map[string]verdict{
		"name":  {props{"secretName": "api_token"}, "1 to 127"},
		"long":  {props{"properties.value": strings.Repeat("v", 25601)}, "at most 25 KB"},
		"tags":  {props{"tags": many}, "16 elements"},
		"vault": {props{"vaultName": nil}, "vaultName: missing"},
	})
}

func TestVaultInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.refuses(vaultSecretType, "there is no such "+vaultType, vaultSecret)
	c.makes(vaultType, vault, props{"properties.enablePurgeProtection": true})
	c.refuses(vaultSecretType, "ParentResourceNotFound", vaultSecret, props{"resourceGroupName": "other"})
	require.Equal(t, "japaneast", c.makes(vaultSecretType, vaultSecret)["location"].StringValue())

	c.deletes(vaultSecretType, groupID+"/providers/Microsoft.KeyVault/vaults/Vault-dev/secrets/api-token")
	c.refuses(vaultSecretType, "ObjectIsDeletedButRecoverable", vaultSecret)
	c.deletes(vaultType, groupID+"/providers/Microsoft.KeyVault/vaults/Vault-dev")
	c.refuses(vaultType, "recover it or purge it", vault)
	c.refuses(vaultType, "recover it or purge it", vault, props{"resourceGroupName": "other"})
}

func TestVaultRevised(t *testing.T) {
	named := func(name string) props { return props{"vaultName": name} }
	c := newCloud(t)
	_, err := c.changes(vaultType, props{"properties.softDeleteRetentionInDays": 7}, vault, named("days"))
	require.ErrorContains(t, err, "can't be modified")
	changes, err := c.changes(vaultType, props{"location": "japanwest"}, vault, named("moved"))
	require.Equal(t, map[string]string{"location": "UPDATE"}, changes, "the provider does not replace")
	require.ErrorContains(t, err, "InvalidResourceLocation")
	_, err = c.changes(vaultType, props{"properties.enableRbacAuthorization": true}, vault, named("rbac"))
	require.NoError(t, err)
}
