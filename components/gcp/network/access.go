package network

import (
	"cmp"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/servicenetworking"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// nat makes the way out, of the subnetwork alone, and returns its addresses.
func nat(
	ctx *pulumi.Context, child components.Child, args *Args, vpc *compute.Network, subnet *compute.Subnetwork,
) (pulumi.StringArrayOutput, error) {
	project, region := pulumi.String(args.Project), pulumi.String(args.VPC.Region)
	var numbers pulumi.StringArray
	reserve := func(names []string) (links pulumi.StringArray, err error) {
		for _, name := range names {
			address, err := compute.NewAddress(ctx, child.Name("nat-ip", name), &compute.AddressArgs{
				Project: project, Region: region, Name: pulumi.String(args.Name + "-nat-" + name),
				AddressType: pulumi.String("EXTERNAL"), Labels: pulumi.ToStringMap(args.Labels),
			}, child.Opts())
			if err != nil {
				return nil, fmt.Errorf("nat address %s: %w", name, err)
			}
			links, numbers = append(links, address.SelfLink), append(numbers, address.Address)
		}
		return links, nil
	}
	var none pulumi.StringArrayOutput
	active, err := reserve(args.VPC.NAT.Addresses)
	if err != nil {
		return none, err
	}
	draining, err := reserve(args.VPC.NAT.Draining)
	if err != nil {
		return none, err
	}
	router, err := compute.NewRouter(ctx, child.Name("router"), &compute.RouterArgs{
		Project: project, Region: region, Name: pulumi.String(args.Name + "-router"), Network: vpc.ID(),
	}, child.Opts())
	if err != nil {
		return none, fmt.Errorf("router: %w", err)
	}
	least, most := args.VPC.NAT.ports()
	gateway := &compute.RouterNatArgs{
		Project: project, Region: region, Name: pulumi.String(args.Name + "-nat"), Router: router.Name,
		NatIpAllocateOption:           pulumi.String("MANUAL_ONLY"),
		NatIps:                        active,
		SourceSubnetworkIpRangesToNat: pulumi.String("LIST_OF_SUBNETWORKS"),
		Subnetworks: compute.RouterNatSubnetworkArray{compute.RouterNatSubnetworkArgs{
			Name: subnet.SelfLink, SourceIpRangesToNats: pulumi.ToStringArray([]string{"ALL_IP_RANGES"}),
		}},
		// A node has the ports of all its pods: a fixed number is too many or too few.
		EnableDynamicPortAllocation: pulumi.Bool(true),
		MinPortsPerVm:               pulumi.Int(least),
		MaxPortsPerVm:               pulumi.Int(most),
		LogConfig: compute.RouterNatLogConfigArgs{
			Enable: pulumi.Bool(true), Filter: pulumi.String(cmp.Or(args.VPC.NAT.LogFilter, "ERRORS_ONLY")),
		},
	}
	if len(draining) > 0 {
		gateway.DrainNatIps = draining
	}
	if _, err := compute.NewRouterNat(ctx, child.Name("nat"), gateway, child.Opts()); err != nil {
		return none, fmt.Errorf("nat: %w", err)
	}
	return numbers.ToStringArrayOutput(), nil
}

// private connects the VPC to Google's managed services and returns the VPC's id
// as it is from then on.
func private(
	ctx *pulumi.Context, child components.Child, args *Args, vpc *compute.Network,
) (pulumi.StringOutput, error) {
	services := netip.MustParsePrefix(args.VPC.Ranges.PrivateServices) // Validate has parsed it
	reserved, err := compute.NewGlobalAddress(ctx, child.Name("private-range"), &compute.GlobalAddressArgs{
		Project:      pulumi.String(args.Project),
		Name:         pulumi.String(args.Name + "-private-services"),
		Network:      vpc.ID(),
		AddressType:  pulumi.String("INTERNAL"),
		Purpose:      pulumi.String("VPC_PEERING"),
		Address:      pulumi.String(services.Addr().String()),
		PrefixLength: pulumi.Int(services.Bits()),
		Labels:       pulumi.ToStringMap(args.Labels),
	}, child.Opts())
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("private range: %w", err)
	}
	connection := &servicenetworking.ConnectionArgs{
		Network:               vpc.ID(),
		Service:               pulumi.String("servicenetworking.googleapis.com"),
		ReservedPeeringRanges: pulumi.StringArray{reserved.Name},
	}
	if args.VPC.AbandonPrivateConnection {
		connection.DeletionPolicy = pulumi.String("ABANDON")
	}
	connected, err := servicenetworking.NewConnection(ctx, child.Name("private-connection"), connection, child.Opts())
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("private connection: %w", err)
	}
	// connected.Network would do but for its form, which the provider rewrites.
	return pulumi.All(vpc.ID(), connected.ID()).ApplyT(func(ids []any) string {
		return string(ids[0].(pulumi.ID))
	}).(pulumi.StringOutput), nil
}

func firewall(ctx *pulumi.Context, child components.Child, args *Args, vpc *compute.Network) error {
	for _, rule := range args.VPC.FirewallRules {
		allow := &compute.FirewallArgs{
			Project:      pulumi.String(args.Project),
			Name:         pulumi.String(args.Name + "-" + rule.Name),
			Network:      vpc.ID(),
			Description:  pulumi.String(rule.Description),
			Direction:    pulumi.String("INGRESS"),
			SourceRanges: pulumi.ToStringArray(rule.SourceRanges),
			Priority:     pulumi.Int(cmp.Or(rule.Priority, 1000)),
			Allows: compute.FirewallAllowArray{compute.FirewallAllowArgs{
				Protocol: pulumi.String(cmp.Or(rule.Protocol, "tcp")), Ports: pulumi.ToStringArray(rule.Ports),
			}},
			LogConfig: compute.FirewallLogConfigArgs{Metadata: pulumi.String("INCLUDE_ALL_METADATA")},
		}
		if len(rule.TargetTags) > 0 {
			allow.TargetTags = pulumi.ToStringArray(rule.TargetTags)
		}
		if _, err := compute.NewFirewall(ctx, child.Name("firewall", rule.Name), allow, child.Opts()); err != nil {
			return fmt.Errorf("firewall rule %s: %w", rule.Name, err)
		}
	}
	return nil
}
