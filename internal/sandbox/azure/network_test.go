package azure

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	network = props{
		"resourceGroupName": "main", "virtualNetworkName": "vnet-dev", "location": "japaneast",
		"addressSpace": props{"addressPrefixes": []any{"10.10.0.0/16"}}, "enableDdosProtection": false,
	}
	subnet = props{
		"resourceGroupName": "main", "virtualNetworkName": "vnet-dev", "subnetName": "apps", "addressPrefix": "10.10.0.0/23",
	}
	publicAddress = props{
		"resourceGroupName": "main", "publicIpAddressName": "pip-dev", "location": "japaneast",
		"sku": props{"name": "Standard"}, "publicIPAllocationMethod": "Static",
	}
	nat = props{
		"resourceGroupName": "main", "natGatewayName": "nat-dev", "location": "japaneast", "sku": props{"name": "Standard"},
	}
)

const networkBase = groupID + "/providers/Microsoft.Network/"

func TestVirtualNetwork(t *testing.T) {
	id, state, err := registered(t, networkType, network)
	require.NoError(t, err)
	require.Equal(t, networkBase+"virtualNetworks/vnet-dev", id)
	require.Equal(t, []any{"vnet-dev", "Microsoft.Network/virtualNetworks", "Succeeded"}, []any{state["name"], state["type"], state["provisioningState"]})
	inline := func(subnets ...any) props { return props{"subnets": subnets} }
	judged(t, networkType, network, map[string]verdict{
		"inline subnets": {inline(props{"name": "a", "addressPrefix": "10.10.0.0/24"}, props{"name": "b", "addressPrefixes": []any{"10.10.1.0/24"}}), ""},
		"two spaces":     {props{"addressSpace.addressPrefixes": []any{"10.10.0.0/16", "10.11.0.0/16"}}, ""},
		"name":           {props{"virtualNetworkName": "v"}, "want 2 to 64"},
		"hyphen last":    {props{"virtualNetworkName": "vnet-"}, "no period or hyphen last"},
		"no location":    {props{"location": nil}, "location: missing"},
		"no space":       {props{"addressSpace": nil}, "addressSpace: missing"},
		"spaces":         {props{"addressSpace.addressPrefixes": []any{"10.10.0.0/16", "10.10.128.0/17"}}, "overlaps 10.10.0.0/16"},
		"host bits":      {props{"addressSpace.addressPrefixes": []any{"10.10.0.1/16"}}, "want 10.10.0.0/16"},
		"small":          {props{"addressSpace.addressPrefixes": []any{"10.10.0.0/30"}}, "prefix length 2 to 29"},
		"multicast":      {props{"addressSpace.addressPrefixes": []any{"224.0.0.0/24"}}, "no virtual network may have"},
		"ipv6":           {props{"addressSpace.addressPrefixes": []any{"fd00::/48"}}, "want an IPv4 range"},
		"outside":        {inline(props{"name": "a", "addressPrefix": "10.11.0.0/24"}), "NetcfgSubnetRangeOutsideVnet"},
		"overlap":        {inline(props{"name": "a", "addressPrefix": "10.10.0.0/23"}, props{"name": "b", "addressPrefix": "10.10.1.0/24"}), "NetcfgSubnetRangesOverlap"},
		"no range":       {inline(props{"name": "a"}), "exactly one of addressPrefix"},
		"no name":        {inline(props{"addressPrefix": "10.10.0.0/24"}), "subnets[0].name: missing"},
		"ddos":           {props{"enableDdosProtection": true}, "needs a ddosProtectionPlan"},
		"dns":            {props{"dhcpOptions.dnsServers": []any{"dns.example.com"}}, "no IP address"},
		"flow timeout":   {props{"flowTimeoutInMinutes": 3}, "between 4 and 30"},
		"encryption":     {props{"encryption": props{"enabled": true, "enforcement": "Drop"}}, "none of AllowUnencrypted"},
	})
}

func TestSubnet(t *testing.T) {
	id, state, err := registered(t, subnetType, subnet)
	require.NoError(t, err)
	require.Equal(t, networkBase+"virtualNetworks/vnet-dev/subnets/apps", id)
	require.Equal(t, []any{"apps", "Disabled", "Enabled"}, []any{state["name"], state["privateEndpointNetworkPolicies"], state["privateLinkServiceNetworkPolicies"]})
	delegated := func(services ...any) props {
		list := []any{}
		for _, service := range services {
			list = append(list, props{"name": "d", "serviceName": service})
		}
		return props{"delegations": list}
	}
	judged(t, subnetType, subnet, map[string]verdict{
		"smallest":    {props{"addressPrefix": "10.10.0.0/29"}, ""},
		"list":        {props{"addressPrefix": nil, "addressPrefixes": []any{"10.10.0.0/24"}}, ""},
		"delegation":  {delegated("Microsoft.App/environments"), ""},
		"too small":   {props{"addressPrefix": "10.10.0.0/30"}, "2 to 29"},
		"host bits":   {props{"addressPrefix": "10.10.1.0/23"}, "want 10.10.0.0/23"},
		"no range":    {props{"addressPrefix": nil}, "exactly one of addressPrefix"},
		"two ways":    {props{"addressPrefixes": []any{"10.10.0.0/24"}}, "exactly one of addressPrefix"},
		"service":     {delegated("Microsoft.App/managedEnvironments"), "none of"},
		"two":         {delegated("Microsoft.App/environments", "Microsoft.Web/serverFarms"), "2 elements"},
		"no service":  {delegated(nil), "serviceName: missing"},
		"policies":    {props{"privateEndpointNetworkPolicies": "On"}, `"On" is none of`},
		"endpoint":    {props{"serviceEndpoints": []any{props{"service": "Storage"}}}, "want a service"},
		"no network":  {props{"virtualNetworkName": nil}, "virtualNetworkName: missing"},
		"name":        {props{"subnetName": "-apps"}, "a letter or digit first"},
		"unknown key": {props{"addressPrefx": "10.10.0.0/24"}, "unknown property"},
	})
}

func TestPublicAddressAndNat(t *testing.T) {
	_, state, err := registered(t, publicAddressType, publicAddress)
	require.NoError(t, err)
	require.Regexp(t, `^20\.\d+\.\d+\.\d+$`, state["ipAddress"])
	judged(t, publicAddressType, publicAddress, map[string]verdict{
		"dynamic":    {props{"publicIPAllocationMethod": "Dynamic"}, "is Static"},
		"no method":  {props{"publicIPAllocationMethod": nil}, "publicIPAllocationMethod: missing"},
		"basic":      {props{"sku.name": "Basic"}, "retired"},
		"no sku":     {props{"sku": nil}, "sku: missing"},
		"zone":       {props{"zones": []any{"a"}}, `"a" is none of`},
		"zones":      {props{"zones": []any{"1", "2", "3"}}, ""},
		"timeout":    {props{"idleTimeoutInMinutes": 31}, "between 4 and 30"},
		"label":      {props{"dnsSettings.domainNameLabel": "App"}, "lower-case"},
		"ip version": {props{"publicIPAddressVersion": "4"}, "none of IPv4"},
	})
	judged(t, natType, nat, map[string]verdict{
		"valid":     {props{"publicIpAddresses": []any{props{"id": networkBase + "publicIPAddresses/pip-dev"}}}, ""},
		"sku":       {props{"sku.name": "Basic"}, "none of Standard"},
		"timeout":   {props{"idleTimeoutInMinutes": 121}, "between 4 and 120"},
		"two zones": {props{"zones": []any{"1", "2"}}, "2 elements"},
		"name":      {props{"natGatewayName": "nat_"}, ""},
	})
}

// TestNetworkInTheCloud is about what objects say of each other.
func TestNetworkInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.refuses(subnetType, "error 404", subnet)
	c.makes(networkType, network)
	c.makes(publicAddressType, publicAddress)
	gateway := props{"publicIpAddresses": []any{props{"id": networkBase + "publicIPAddresses/pip-dev"}}}
	c.makes(natType, nat, gateway)
	c.refuses(natType, "PublicIPAddressInUse", nat, gateway, props{"natGatewayName": "nat-2"})
	c.refuses(natType, "InvalidResourceReference", nat, gateway, props{"natGatewayName": "nat-2", "location": "japanwest"})
	c.refuses(subnetType, "ParentResourceNotFound", subnet, props{"resourceGroupName": "other"})
	c.makes(securityGroupType, securityGroup)
	c.makes(securityGroupType, securityGroup, props{"networkSecurityGroupName": "nsg-west", "location": "japanwest"})
	c.makes(subnetType, subnet, props{
		"networkSecurityGroup": props{"id": networkBase + "networkSecurityGroups/nsg-dev"},
		"natGateway":           props{"id": networkBase + "natGateways/nat-dev"},
	})
	for name, tc := range map[string]verdict{
		"outside":   {props{"addressPrefix": "10.11.0.0/24"}, "NetcfgSubnetRangeOutsideVnet"},
		"wider":     {props{"addressPrefix": "10.10.0.0/15"}, "NetcfgSubnetRangeOutsideVnet"},
		"overlap":   {props{"addressPrefix": "10.10.1.0/24"}, "NetcfgSubnetRangesOverlap"},
		"elsewhere": {props{"addressPrefix": "10.10.4.0/24", "networkSecurityGroup.id": networkBase + "networkSecurityGroups/nsg-west"}, "InvalidResourceReference"},
		"no nat":    {props{"addressPrefix": "10.10.4.0/24", "natGateway.id": networkBase + "natGateways/nat-9"}, "error 404"},
	} {
		t.Run(name, func(*testing.T) { c.refuses(subnetType, tc.want, subnet, props{"subnetName": "more"}, tc.change) })
	}
	for typ, id := range map[string]string{
		natType: "natGateways/nat-dev", publicAddressType: "publicIPAddresses/pip-dev", securityGroupType: "networkSecurityGroups/nsg-dev",
	} {
		require.ErrorContains(t, c.tryDelete(typ, networkBase+id), "is in use by", id)
	}
	c.deletes(subnetType, networkBase+"virtualNetworks/vnet-dev/subnets/apps")
	c.deletes(natType, networkBase+"natGateways/nat-dev")
	c.deletes(publicAddressType, networkBase+"publicIPAddresses/pip-dev")
}

// TestSubnetsOutliveAnUpdateOfTheirNetwork: see networkKind.
func TestSubnetsOutliveAnUpdateOfTheirNetwork(t *testing.T) {
	c := newCloud(t)
	changes, err := c.changes(networkType, props{"tags": props{"a": "b"}}, network)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"tags": "ADD"}, changes)
	made, inputs, err := c.create(subnetType, subnet)
	require.NoError(t, err)
	require.NoError(t, c.update(networkType, networkBase+"virtualNetworks/vnet-dev", network, props{"tags": props{"a": "c"}}))
	require.Empty(t, c.diff(subnetType, made, inputs, inputs))
	require.True(t, c.there(subnetType, made.GetId()))

	c.makes(networkType, network, props{"virtualNetworkName": "own", "subnets": []any{props{"name": "a", "addressPrefix": "10.10.9.0/24"}}})
	c.refuses(subnetType, "gives its subnets itself", subnet, props{"virtualNetworkName": "own"})
}
