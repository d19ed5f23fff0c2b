package network

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// nat makes the way out, if there is to be one, and returns its id or nil.
func (c *Network) nat(ctx *pulumi.Context, child components.Child, args *Args) (network.SubResourcePtrInput, error) {
	var ids network.SubResourceArray
	numbers := pulumi.StringArray{}
	if args.NAT == nil {
		c.NATAddresses = numbers.ToStringArrayOutput()
		return nil, nil
	}
	for i := 1; i <= args.NAT.Addresses; i++ {
		which := strconv.Itoa(i)
		address, err := network.NewPublicIPAddress(ctx, child.Name("nat-ip", which), args.address(which), child.Opts())
		if err != nil {
			return nil, fmt.Errorf("NAT address %d: %w", i, err)
		}
		ids = append(ids, network.SubResourceArgs{Id: address.ID().ToStringOutput().ToStringPtrOutput()})
		numbers = append(numbers, address.IpAddress.Elem())
	}
	c.NATAddresses = numbers.ToStringArrayOutput()
	gateway, err := network.NewNatGateway(ctx, child.Name("nat"), &network.NatGatewayArgs{
		ResourceGroupName:    args.Place.GroupName,
		Location:             pulumi.String(args.Place.Location),
		NatGatewayName:       pulumi.String(args.Name + "-nat"),
		Sku:                  network.NatGatewaySkuArgs{Name: pulumi.String("Standard")}, // it has no zones, Azure picks one
		IdleTimeoutInMinutes: pulumi.Int(4),
		PublicIpAddresses:    ids,
		Tags:                 args.Place.InputTags(),
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("NAT: %w", err)
	}
	return network.SubResourceArgs{Id: gateway.ID().ToStringOutput().ToStringPtrOutput()}, nil
}

// address is one of the NAT's. With all zones named it outlives the loss of one.
func (a *Args) address(which string) *network.PublicIPAddressArgs {
	args := &network.PublicIPAddressArgs{
		ResourceGroupName:        a.Place.GroupName,
		Location:                 pulumi.String(a.Place.Location),
		PublicIpAddressName:      pulumi.String(a.Name + "-nat-" + which),
		Sku:                      network.PublicIPAddressSkuArgs{Name: pulumi.String("Standard"), Tier: pulumi.String("Regional")},
		PublicIPAllocationMethod: pulumi.String("Static"),
		PublicIPAddressVersion:   pulumi.String("IPv4"),
		IdleTimeoutInMinutes:     pulumi.Int(4),
		Tags:                     a.Place.InputTags(),
	}
	if !a.NAT.DisableZoneRedundancy {
		args.Zones = pulumi.ToStringArray([]string{"1", "2", "3"})
	}
	return args
}
