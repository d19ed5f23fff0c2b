package azure

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	networkType       = "azure-native:network:VirtualNetwork"
	subnetType        = "azure-native:network:Subnet"
	securityGroupType = "azure-native:network:NetworkSecurityGroup"
	natType           = "azure-native:network:NatGateway"
	publicAddressType = "azure-native:network:PublicIPAddress"
)

func networkKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		networkKind(), subnetKind(), securityGroupKind(), natKind(), publicAddressKind(), endpointKind(), zoneGroupKind(),
	}
}

// networkKind. An update that gives no subnets keeps those that are there: the
// provider reads them and sends them again, and ARM itself does so from API version
// 2023-11-01 on. A network that gives subnets has no others; see besideSubnet.
func networkKind() *sandbox.Kind {
	return arm("Microsoft.Network/virtualNetworks/{virtualNetworkName}", sandbox.Kind{
		Type:     networkType,
		Names:    []string{"{virtualNetworkName}"},
		Fill:     fillNetwork,
		Required: []string{"location", "addressSpace", "addressSpace.addressPrefixes", "subnets[].name"},
		Replace:  []string{"location"},
		Rules: map[string]sandbox.Rule{
			"virtualNetworkName": armName(2, 64), "location": region, "tags": tags,
			"addressSpace.addressPrefixes":   sandbox.Items(1, 1000),
			"addressSpace.addressPrefixes[]": addressRange,
			"subnets[].name":                 armName(1, 80),
			"subnets[].addressPrefix":        addressRange,
			"subnets[].addressPrefixes[]":    addressRange,
			"encryption.enforcement":         sandbox.OneOf("AllowUnencrypted", "DropUnencrypted"),
			"flowTimeoutInMinutes":           sandbox.Between(4, 30),
			"dhcpOptions.dnsServers[]":       address,
		},
		Checks: []sandbox.Check{
			checkSpaces, checkInlineSubnets,
			sandbox.Refuse(func(o *sandbox.Object) bool { return o.Bool("enableDdosProtection") && !o.Has("ddosProtectionPlan") },
				"enableDdosProtection needs a ddosProtectionPlan"),
		},
	})
}

func subnetKind() *sandbox.Kind {
	return arm("Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}", sandbox.Kind{
		Type:     subnetType,
		Fill:     fillNetwork,
		Required: []string{"delegations[].name", "delegations[].serviceName"},
		Rules: map[string]sandbox.Rule{
			"subnetName": armName(1, 80), "addressPrefix": addressRange,
			"addressPrefixes": sandbox.Items(1, 1000), "addressPrefixes[]": addressRange,
			// https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview: to one service
			"delegations":                       sandbox.Items(0, 1),
			"delegations[].serviceName":         sandbox.OneOf(delegates...),
			"privateEndpointNetworkPolicies":    onOff,
			"privateLinkServiceNetworkPolicies": onOff,
			"serviceEndpoints[].service":        sandbox.Match(`^Microsoft\.[A-Za-z.]+$`, `a service, such as "Microsoft.Storage"`),
		},
		Checks: []sandbox.Check{sandbox.ExactlyOne("addressPrefix", "addressPrefixes")},
		Beside: besideSubnet,
		Refs: map[string]sandbox.Ref{
			"virtualNetworkName":      sandbox.Within(networkType),
			"networkSecurityGroup.id": sandbox.Holds(securityGroupType),
			"natGateway.id":           sandbox.Holds(natType),
		},
	})
}

// delegates are services that a subnet may be handed over to.
var delegates = []string{
	"Microsoft.ApiManagement/service", "Microsoft.App/environments", "Microsoft.Batch/batchAccounts",
	"Microsoft.ContainerInstance/containerGroups", "Microsoft.DBforMySQL/flexibleServers",
	"Microsoft.DBforPostgreSQL/flexibleServers", "Microsoft.Databricks/workspaces", "Microsoft.Logic/integrationServiceEnvironments",
	"Microsoft.MachineLearningServices/workspaces", "Microsoft.Netapp/volumes", "Microsoft.Network/dnsResolvers",
	"Microsoft.ServiceNetworking/trafficControllers", "Microsoft.Sql/managedInstances", "Microsoft.Web/hostingEnvironments",
	"Microsoft.Web/serverFarms",
}

func securityGroupKind() *sandbox.Kind {
	return arm("Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}", sandbox.Kind{
		Type:     securityGroupType,
		Fill:     fillNetwork,
		Required: []string{"location", "securityRules[].name", "securityRules[].priority"},
		Rules:    securityGroupRules,
		Checks:   []sandbox.Check{checkSecurityRules},
		Revise:   fixed("location"),
	})
}

func natKind() *sandbox.Kind {
	return arm("Microsoft.Network/natGateways/{natGatewayName}", sandbox.Kind{
		Type:     natType,
		Fill:     fillNetwork,
		Required: []string{"location", "sku", "sku.name"},
		Rules: map[string]sandbox.Rule{
			"natGatewayName": armName(1, 80), "location": region, "tags": tags,
			"sku.name":             sandbox.OneOf("Standard"),
			"idleTimeoutInMinutes": sandbox.Between(4, 120),
			"publicIpAddresses":    sandbox.Items(0, 16),
			"zones":                sandbox.Items(0, 1), "zones[]": zone,
		},
		Beside: besideNat,
		Revise: fixed("location", "zones"),
		Refs:   map[string]sandbox.Ref{"publicIpAddresses[].id": sandbox.Holds(publicAddressType)},
	})
}

func publicAddressKind() *sandbox.Kind {
	return arm("Microsoft.Network/publicIPAddresses/{publicIpAddressName}", sandbox.Kind{
		Type:     publicAddressType,
		Fill:     fillPublicAddress,
		Required: []string{"location", "sku", "sku.name", "publicIPAllocationMethod"},
		Replace:  []string{"location", "sku", "publicIPAddressVersion", "publicIPPrefix"},
		Rules: map[string]sandbox.Rule{
			"publicIpAddressName": armName(1, 80), "location": region, "tags": tags,
			"sku.name": publicSku, "sku.tier": sandbox.OneOf("Regional", "Global"),
			"publicIPAllocationMethod":    sandbox.OneOf("Static", "Dynamic"),
			"publicIPAddressVersion":      sandbox.OneOf("IPv4", "IPv6"),
			"idleTimeoutInMinutes":        sandbox.Between(4, 30),
			"deleteOption":                sandbox.OneOf("Delete", "Detach"),
			"ddosSettings.protectionMode": sandbox.OneOf("VirtualNetworkInherited", "Enabled", "Disabled"),
			"dnsSettings.domainNameLabel": sandbox.Match(`^[a-z][a-z0-9-]{1,61}[a-z0-9]$`, "3 to 63 lower-case letters, digits and inner hyphens, a letter first"),
			"zones":                       sandbox.Items(0, 3), "zones[]": zone,
		},
		Checks: []sandbox.Check{sandbox.Refuse(
			func(o *sandbox.Object) bool { return o.Str("publicIPAllocationMethod") == "Dynamic" },
			"publicIPAllocationMethod: an address of sku Standard is Static")},
		Revise: fixed("zones"),
	})
}

// publicSku: https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-basic-upgrade-guidance
func publicSku(v resource.PropertyValue) error {
	switch v.StringValue() {
	case "Standard":
		return nil
	case "Basic":
		return fmt.Errorf("addresses of sku Basic were retired in 2025: want Standard")
	}
	return fmt.Errorf("%q: want Standard", v.StringValue())
}

// fillNetwork writes what every object of Microsoft.Network has.
func fillNetwork(o *sandbox.Object) {
	o.Set("provisioningState", "Succeeded")
	o.Set("etag", fmt.Sprintf(`W/"%s"`, drawn(idOf(o)+"/etag")))
	switch o.Kind.Type {
	case subnetType:
		o.Default("privateEndpointNetworkPolicies", disabled)
		o.Default("privateLinkServiceNetworkPolicies", enabled)
		return
	case natType:
		o.Default("idleTimeoutInMinutes", 4)
	}
	o.Set("resourceGuid", drawn(idOf(o)+"/guid"))
}

func fillPublicAddress(o *sandbox.Object) {
	fillNetwork(o)
	o.Default("sku.tier", "Regional")
	o.Default("publicIPAddressVersion", "IPv4")
	o.Default("idleTimeoutInMinutes", 4)
	o.Default("ddosSettings.protectionMode", "VirtualNetworkInherited")
	if label := o.Str("dnsSettings.domainNameLabel"); label != "" {
		o.Default("dnsSettings.fqdn", label+"."+o.Str("location")+".cloudapp.azure.com")
	}
	o.Default("ipAddress", ipv4(20<<24|spread(idOf(o))>>8).String()) // 20.0.0.0/8 is Azure's for the most part
}

// spread is a number that follows from a name.
func spread(name string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	return h.Sum32()
}

// ipv4 is an address by its number.
func ipv4(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}
