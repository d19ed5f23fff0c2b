package azure

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var registry = props{"resourceGroupName": "main", "registryName": "AiWorkerDev", "location": "japaneast", "sku.name": "Premium"}

func TestRegistry(t *testing.T) {
	id, state, err := registered(t, registryType, registry, props{"dataEndpointEnabled": true})
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.ContainerRegistry/registries/AiWorkerDev", id)
	require.Equal(t, "aiworkerdev.azurecr.io", state["loginServer"])
	require.Equal(t, []any{"aiworkerdev.japaneast.data.azurecr.io"}, state["dataEndpointHostNames"])
	require.Equal(t, "Premium", state["sku"].(props)["tier"])
	require.Equal(t, "Disabled", state["zoneRedundancy"])

	basic := func(path string, value any) props { return props{"sku.name": "Standard", path: value} }
	judged(t, registryType, registry, map[string]verdict{
		"hyphen":         {props{"registryName": "ai-worker"}, "5 to 50 letters and digits"},
		"short":          {props{"registryName": "aiwo"}, "5 to 50"},
		"no location":    {props{"location": nil}, "location: missing"},
		"sku":            {props{"sku.name": "premium"}, "none of Basic"},
		"days":           {props{"policies": props{"retentionPolicy": props{"status": "enabled", "days": 366}}}, "between 0 and 365"},
		"status":         {props{"policies": props{"retentionPolicy": props{"status": "Enabled"}}}, "none of enabled"},
		"export":         {props{"policies": props{"exportPolicy": props{"status": "disabled"}}}, "export cannot be disabled"},
		"no export":      {props{"policies": props{"exportPolicy": props{"status": "disabled"}}, "publicNetworkAccess": "Disabled"}, ""},
		"access":         {props{"publicNetworkAccess": "disabled"}, "none of Enabled"},
		"key":            {props{"encryption": props{"status": "enabled"}}, "keyIdentifier: missing"},
		"basic":          {basic("publicNetworkAccess", "Enabled"), ""},
		"basic private":  {basic("publicNetworkAccess", "Disabled"), "publicNetworkAccess Disabled: only with the sku Premium"},
		"basic zones":    {basic("zoneRedundancy", "Enabled"), "zoneRedundancy Enabled"},
		"basic endpoint": {basic("dataEndpointEnabled", true), "dataEndpointEnabled true"},
		"basic days":     {basic("policies", props{"retentionPolicy": props{"status": "enabled"}}), "policies.retentionPolicy.status enabled"},
		"basic rules":    {basic("networkRuleSet", props{"defaultAction": "Allow", "ipRules": []any{props{"iPAddressOrRange": "203.0.113.7"}}}), "networkRuleSet.ipRules[0]"},
		"basic default":  {basic("policies", props{"retentionPolicy": props{"status": "disabled", "days": 7}}), ""},
	})
}

func TestRegistryValues(t *testing.T) {
	address := props{"iPAddressOrRange": "203.0.113.7"}
	wrong(t, registryType, registry, props{
		"location": "tokyo", "encryption.status": "Enabled", "identity.type": "User", "networkRuleBypassOptions": "Azure",
		"networkRuleSet.defaultAction": "deny", "networkRuleSet.ipRules": times(201, address), "networkRuleSet.ipRules[0].action": "Deny",
		"policies.exportPolicy.status": "Disabled", "policies.quarantinePolicy.status": "on", "policies.trustPolicy.status": "on",
		"policies.trustPolicy.type": "Cosign", "tags": props{"a/b": ""}, "zoneRedundancy": "true",
	})
	const user = groupID + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
	_, _, err := registered(t, registryType, registry, props{
		"identity":   props{"type": "UserAssigned", "userAssignedIdentities": props{user: props{}}},
		"encryption": props{"status": "enabled", "keyVaultProperties": props{"identity": tenantID, "keyIdentifier": "https://v.vault.azure.net/keys/k"}},
	})
	require.NoError(t, err)
}

func TestRegistryInTheCloud(t *testing.T) {
	c := newCloud(t)
	state := c.makes(registryType, registry, props{"policies": props{"retentionPolicy": props{"status": "enabled", "days": 7}}})
	require.Equal(t, "aiworkerdev.azurecr.io", state["loginServer"].StringValue())
	c.refuses(registryType, "there is one of it in all of the cloud", registry, props{"resourceGroupName": "other", "registryName": "aiworkerdev"})
	_, err := c.changes(registryType, props{"zoneRedundancy": "Enabled"}, registry, props{"registryName": "zones"})
	require.ErrorContains(t, err, "zoneRedundancy cannot change")
	_, err = c.changes(registryType, props{"zoneRedundancy": "Disabled"}, registry, props{"registryName": "spelt"})
	require.NoError(t, err)
	_, err = c.changes(registryType, props{"encryption.status": "disabled"}, registry, props{"registryName": "plain"})
	require.NoError(t, err)
	_, err = c.changes(registryType, props{"zoneRedundancy": nil}, registry, props{"registryName": "single", "zoneRedundancy": "Disabled"})
	require.NoError(t, err, "what is left out is what it was made with")
	c.deletes(registryType, groupID+"/providers/Microsoft.ContainerRegistry/registries/AiWorkerDev")
	c.makes(registryType, registry) // the tenant has its name back at once
}
