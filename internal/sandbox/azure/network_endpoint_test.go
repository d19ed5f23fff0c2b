package azure

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

const endpointTarget = groupID + "/providers/Microsoft.KeyVault/vaults/kv-dev"

var endpoint = props{
	"resourceGroupName": "main", "privateEndpointName": "pe-vault", "location": "japaneast",
	"subnet": props{"id": networkBase + "virtualNetworks/vnet-dev/subnets/endpoints"},
	"privateLinkServiceConnections": []any{props{
		"name": "vault", "privateLinkServiceId": endpointTarget, "groupIds": []any{"vault"},
	}},
}

// connects is an endpoint's connection to something.
func connects(id, group string) props {
	return props{"privateLinkServiceConnections": []any{props{"name": "c", "privateLinkServiceId": groupID + "/providers/" + id, "groupIds": []any{group}}}}
}

func TestPrivateEndpoint(t *testing.T) {
	id, state, err := registered(t, endpointType, endpoint)
	require.NoError(t, err)
	require.Equal(t, networkBase+"privateEndpoints/pe-vault", id)
	require.Regexp(t, networkBase+`networkInterfaces/pe-vault\.nic\.[0-9a-f-]{36}`, state["networkInterfaces"].([]any)[0].(props)["id"])
	require.Equal(t, "kv-dev.vault.azure.net", state["customDnsConfigs"].([]any)[0].(props)["fqdn"])
	judged(t, endpointType, endpoint, map[string]verdict{
		"blob":           {connects("Microsoft.Storage/storageAccounts/x", "blob"), ""},
		"registry":       {connects("Microsoft.ContainerRegistry/registries/x", "registry"), ""},
		"database":       {connects("Microsoft.DBforPostgreSQL/flexibleServers/x", "postgresqlServer"), ""},
		"case":           {connects("microsoft.keyvault/vaults/x", "vault"), ""},
		"group":          {connects("Microsoft.KeyVault/vaults/x", "secrets"), "is no group of"},
		"other group":    {connects("Microsoft.Storage/storageAccounts/x", "vault"), "is no group of"},
		"no connection":  {props{"privateLinkServiceConnections": nil}, "needs one"},
		"no connections": {props{"privateLinkServiceConnections": []any{}}, "0 elements"},
		"two groups": {props{"privateLinkServiceConnections": []any{props{"name": "c", "privateLinkServiceId": endpointTarget, "groupIds": []any{"vault", "x"}}}},
			"2 elements"},
		"no subnet": {props{"subnet": props{}}, "subnet.id: missing"},
		"name":      {props{"privateEndpointName": "p"}, "want 2 to 64"},
		"address":   {props{"ipConfigurations": []any{props{"name": "a", "privateIPAddress": "x"}}}, "no IP address"},
	})
}

func TestUsableAddresses(t *testing.T) {
	small := netip.MustParsePrefix("10.0.0.248/29")
	for n, want := range []string{"10.0.0.252", "10.0.0.253", "10.0.0.254", "10.0.0.252"} {
		require.Equal(t, want, usable(small, uint32(n)).String())
	}
}

func TestEndpointsInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.makes(networkType, network)
	c.makes(subnetType, subnet, props{"subnetName": "endpoints", "addressPrefix": "10.10.4.0/29"})
	c.makes(subnetType, subnet, props{"delegations": []any{props{"name": "d", "serviceName": "Microsoft.App/environments"}}})
	c.refuses(endpointType, "error 404", endpoint)
	c.makes(storageAccountType, account)
	blob := merged(endpoint, connects("Microsoft.Storage/storageAccounts/filesdev", "blob"), props{"privateEndpointName": "pe-blob"})
	at := func(ip string) props {
		return props{"ipConfigurations": []any{props{"name": "blob", "privateIPAddress": ip}}}
	}
	for name, tc := range map[string]verdict{
		"delegated": {props{"subnet": props{"id": networkBase + "virtualNetworks/vnet-dev/subnets/apps"}}, "has a delegation"},
		"subnet":    {props{"subnet": props{"id": networkBase + "virtualNetworks/vnet-dev/subnets/none"}}, "error 404"},
		"outside":   {at("10.10.5.4"), "PrivateIPAddressNotInSubnet"},
		"gateway":   {at("10.10.4.1"), "PrivateIPAddressInReservedRange"},
		"broadcast": {at("10.10.4.7"), "PrivateIPAddressInReservedRange"},
	} {
		t.Run(name, func(*testing.T) { c.refuses(endpointType, tc.want, blob, tc.change) })
	}
	state := c.makes(endpointType, blob, at("10.10.4.6")).Mappable()
	require.Equal(t, []any{props{"fqdn": "filesdev.blob.core.windows.net", "ipAddresses": []any{"10.10.4.6"}}}, state["customDnsConfigs"])
	c.refuses(endpointType, "PrivateIPAddressIsAllocated", blob, at("10.10.4.6"), props{"privateEndpointName": "pe-blob-2"})
	state = c.makes(endpointType, blob, props{"privateEndpointName": "pe-free"}).Mappable()
	require.Regexp(t, `^10\.10\.4\.[456]$`, state["customDnsConfigs"].([]any)[0].(props)["ipAddresses"].([]any)[0])

	require.ErrorContains(t, c.tryDelete(subnetType, networkBase+"virtualNetworks/vnet-dev/subnets/endpoints"), "is in use by")
	_, err := c.changes(endpointType, props{"subnet": props{"id": networkBase + "virtualNetworks/vnet-dev/subnets/apps"}},
		blob, props{"privateEndpointName": "pe-moves"})
	require.ErrorContains(t, err, "PropertyChangeNotAllowed: changing property \"subnet.id\"")
	_, err = c.changes(endpointType, connects("Microsoft.Storage/storageAccounts/filesdev", "file"), blob, props{"privateEndpointName": "pe-leads"})
	require.ErrorContains(t, err, "what an endpoint leads to")
	changes, err := c.changes(endpointType, props{"tags": props{"a": "b"}}, blob, props{"privateEndpointName": "pe-tags"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"tags": "ADD"}, changes)
}

var (
	privateZone = props{"resourceGroupName": "main", "privateZoneName": "privatelink.blob.core.windows.net", "location": "global"}
	zoneLink    = props{
		"resourceGroupName": "main", "privateZoneName": "privatelink.blob.core.windows.net", "location": "global",
		"virtualNetworkLinkName": "vnet-dev", "registrationEnabled": false,
		"virtualNetwork": props{"id": networkBase + "virtualNetworks/vnet-dev"},
	}
	zoneGroup = props{
		"resourceGroupName": "main", "privateEndpointName": "pe-blob", "privateDnsZoneGroupName": "default",
		"privateDnsZoneConfigs": []any{props{"name": "blob", "privateDnsZoneId": networkBase + "privateDnsZones/privatelink.blob.core.windows.net"}},
	}
)

func TestPrivateZone(t *testing.T) {
	id, state, err := registered(t, privateZoneType, privateZone)
	require.NoError(t, err)
	require.Equal(t, networkBase+"privateDnsZones/privatelink.blob.core.windows.net", id)
	require.EqualValues(t, 1, state["numberOfRecordSets"])
	judged(t, privateZoneType, privateZone, map[string]verdict{
		"capital":     {props{"location": "Global"}, ""},
		"region":      {props{"location": "japaneast"}, `want "global"`},
		"no location": {props{"location": nil}, "location: missing"},
		"one label":   {props{"privateZoneName": "internal"}, "2 to 34 labels"},
		"last dot":    {props{"privateZoneName": "internal.test."}, "2 to 34 labels"},
		"upper case":  {props{"privateZoneName": "Internal.test"}, "lower-case"},
	})
	judged(t, zoneLinkType, zoneLink, map[string]verdict{
		"valid":      {nil, ""},
		"region":     {props{"location": "japaneast"}, `want "global"`},
		"no network": {props{"virtualNetwork": nil}, "virtualNetwork: missing"},
		"no id":      {props{"virtualNetwork": props{}}, "virtualNetwork.id: missing"},
		"no zone":    {props{"privateZoneName": nil}, "privateZoneName: missing"},
	})
	six := []any{}
	for range 6 {
		six = append(six, props{"name": "a", "privateDnsZoneId": "b"})
	}
	judged(t, zoneGroupType, zoneGroup, map[string]verdict{
		"none":    {props{"privateDnsZoneConfigs": []any{}}, "0 elements"},
		"six":     {props{"privateDnsZoneConfigs": six}, "6 elements"},
		"no zone": {props{"privateDnsZoneConfigs": []any{props{"name": "a"}}}, "privateDnsZoneId: missing"},
	})
}

func TestZonesInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.makes(networkType, network)
	c.refuses(zoneLinkType, "error 404", zoneLink)
	c.makes(privateZoneType, privateZone)
	link, _, err := c.create(zoneLinkType, zoneLink)
	require.NoError(t, err)
	c.refuses(zoneLinkType, "overlapping namespaces", zoneLink, props{"virtualNetworkLinkName": "again"})
	c.refuses(zoneLinkType, "already exists", zoneLink)
	c.makes(privateZoneType, privateZone, props{"privateZoneName": "internal.test"})
	c.makes(privateZoneType, privateZone, props{"privateZoneName": "more.test"})
	c.makes(zoneLinkType, zoneLink, props{"privateZoneName": "internal.test", "registrationEnabled": true})
	c.refuses(zoneLinkType, "one zone with registration", zoneLink, props{"privateZoneName": "more.test", "registrationEnabled": true})

	c.makes(subnetType, subnet)
	c.makes(storageAccountType, account)
	c.makes(endpointType, endpoint, connects("Microsoft.Storage/storageAccounts/filesdev", "blob"),
		props{"privateEndpointName": "pe-blob", "subnet": props{"id": networkBase + "virtualNetworks/vnet-dev/subnets/apps"}})
	c.refuses(zoneGroupType, "holds no address of", zoneGroup,
		props{"privateDnsZoneConfigs": []any{props{"name": "blob", "privateDnsZoneId": networkBase + "privateDnsZones/internal.test"}}})
	c.makes(zoneGroupType, zoneGroup)
	c.refuses(zoneGroupType, "one is the most", zoneGroup, props{"privateDnsZoneGroupName": "second"})
	c.refuses(zoneGroupType, "error 404", zoneGroup, props{"privateEndpointName": "pe-none"})

	zone := networkBase + "privateDnsZones/privatelink.blob.core.windows.net"
	require.ErrorContains(t, c.tryDelete(privateZoneType, zone), "is in use by", "it is linked")
	c.deletes(endpointType, networkBase+"privateEndpoints/pe-blob")
	require.False(t, c.there(zoneGroupType, networkBase+"privateEndpoints/pe-blob/privateDnsZoneGroups/default"))
	c.deletes(networkType, networkBase+"virtualNetworks/vnet-dev")
	require.False(t, c.there(zoneLinkType, link.GetId()), "links go with their network")
	c.deletes(privateZoneType, zone)
}
