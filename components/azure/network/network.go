// Package network makes a VNet with one subnet for the apps, one for the database
// and one for private endpoints, and the private DNS zones by which they are found.
//
// Children of a component NAME; SUBNET is apps, database or endpoints, and ZONE is
// blob, registry, vault or database:
//
//	NAME-vnet           azure-native:network:VirtualNetwork        always
//	NAME-nsg-SUBNET     azure-native:network:NetworkSecurityGroup  always
//	NAME-subnet-SUBNET  azure-native:network:Subnet                always
//	NAME-zone-ZONE      azure-native:network:PrivateZone           always
//	NAME-link-ZONE      azure-native:network:VirtualNetworkLink    always
//	NAME-nat-ip-NUMBER  azure-native:network:PublicIPAddress       NAT, from 1 to NAT.Addresses
//	NAME-nat            azure-native:network:NatGateway            NAT
//
// A subnet takes and sends what its security group names, and nothing else: the
// apps reach the database, the endpoints and the internet, the database reaches
// what Azure's service needs, and endpoints answer the apps.
//
// There are no flow logs: Azure takes no new ones of security groups since July
// 2025, and the SDK's API (2023-02-01) has those of security groups only.
package network

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:Network"

// Network is the component; its tagged fields are its outputs.
type Network struct {
	pulumi.ResourceState

	ID         pulumi.StringOutput `pulumi:"id"`         // ID is the VNet's.
	AppsSubnet pulumi.StringOutput `pulumi:"appsSubnet"` // AppsSubnet is the id of the Container Apps environment's.
	// DatabaseSubnet is the id of the database's, once the VNet finds hosts of
	// DatabaseZone: a server that takes it is made after the link and deleted before it.
	DatabaseSubnet  pulumi.StringOutput `pulumi:"databaseSubnet"`
	EndpointsSubnet pulumi.StringOutput `pulumi:"endpointsSubnet"` // EndpointsSubnet is the id of the private endpoints'.

	// The ids of the zones of each service, once the VNet finds their hosts.
	BlobZone     pulumi.StringOutput `pulumi:"blobZone"`
	RegistryZone pulumi.StringOutput `pulumi:"registryZone"`
	VaultZone    pulumi.StringOutput `pulumi:"vaultZone"`
	DatabaseZone pulumi.StringOutput `pulumi:"databaseZone"`

	// NATAddresses are the apps' as the internet sees them; none without NAT.
	NATAddresses pulumi.StringArrayOutput `pulumi:"natAddresses"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Network, error) {
	c := &Network{}
	build := func(child components.Child) error {
		// Subnets are resources of their own, and never among these inputs. The provider
		// then writes back those that are there, and keeps them out of what it reads
		// (https://github.com/pulumi/pulumi-azure-native/blob/master/CONTRIBUTING.md, "Sub-resources").
		// To ignore changes of subnets would undo that: an import would keep a list for
		// good, and every update of the VNet would take away the subnets not on it.
		vnet, err := network.NewVirtualNetwork(ctx, child.Name("vnet"), &network.VirtualNetworkArgs{
			ResourceGroupName:  args.Place.GroupName,
			Location:           pulumi.String(args.Place.Location),
			VirtualNetworkName: pulumi.String(args.Name),
			AddressSpace:       network.AddressSpaceArgs{AddressPrefixes: pulumi.StringArray{pulumi.String(args.Range)}},
			Tags:               args.Place.InputTags(),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("VNet: %w", err)
		}
		c.ID = vnet.ID().ToStringOutput()
		gateway, err := c.nat(ctx, child, args)
		if err != nil {
			return err
		}
		if err := c.zones(ctx, child, args); err != nil {
			return err
		}
		return c.makeSubnets(ctx, child, args, vnet, gateway)
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
