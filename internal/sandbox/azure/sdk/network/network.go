// Package network gives the sandbox the structure of the SDK package of the same name.
package network

import (
	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:network:VirtualNetwork", network.VirtualNetworkArgs{}, network.VirtualNetwork{})
	sandbox.Describe("azure-native:network:Subnet", network.SubnetArgs{}, network.Subnet{})
	sandbox.Describe("azure-native:network:NetworkSecurityGroup", network.NetworkSecurityGroupArgs{}, network.NetworkSecurityGroup{})
	sandbox.Describe("azure-native:network:NatGateway", network.NatGatewayArgs{}, network.NatGateway{})
	sandbox.Describe("azure-native:network:PublicIPAddress", network.PublicIPAddressArgs{}, network.PublicIPAddress{})
	sandbox.Describe("azure-native:network:PrivateZone", network.PrivateZoneArgs{}, network.PrivateZone{})
	sandbox.Describe("azure-native:network:VirtualNetworkLink", network.VirtualNetworkLinkArgs{}, network.VirtualNetworkLink{})
	sandbox.Describe("azure-native:network:PrivateEndpoint", network.PrivateEndpointArgs{}, network.PrivateEndpoint{})
	sandbox.Describe("azure-native:network:PrivateDnsZoneGroup", network.PrivateDnsZoneGroupArgs{}, network.PrivateDnsZoneGroup{})
}
