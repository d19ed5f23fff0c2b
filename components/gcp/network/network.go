// Package network gives a cluster its network: a VPC with one subnetwork, a way
// out with known addresses, and private access to Google's managed services; or
// the VPC of somebody else. Either way it reserves the ingress address.
//
//	child                      type                                         when
//	<name>-vpc                 gcp:compute/network:Network                  VPC
//	<name>-subnet              gcp:compute/subnetwork:Subnetwork            VPC
//	<name>-router              gcp:compute/router:Router                    VPC
//	<name>-nat-ip-<address>    gcp:compute/address:Address                  VPC, for each of NAT.Addresses and NAT.Draining
//	<name>-nat                 gcp:compute/routerNat:RouterNat              VPC
//	<name>-private-range       gcp:compute/globalAddress:GlobalAddress      VPC
//	<name>-private-connection  gcp:servicenetworking/connection:Connection  VPC
//	<name>-firewall-<rule>     gcp:compute/firewall:Firewall                VPC, for each of FirewallRules
//	<name>-ingress             gcp:compute/globalAddress:GlobalAddress      always
package network

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Network"

// The names of the subnetwork's secondary ranges.
const (
	podRangeName     = "pods"
	serviceRangeName = "services"
)

// Network is the component; its tagged fields are its outputs. Those about the
// subnetwork and the NAT are empty where the VPC is an existing one.
type Network struct {
	pulumi.ResourceState

	Network          pulumi.StringOutput `pulumi:"network"` // Network is the VPC's id.
	SelfLink         pulumi.StringOutput `pulumi:"selfLink"`
	Name             pulumi.StringOutput `pulumi:"name"`
	Subnetwork       pulumi.StringOutput `pulumi:"subnetwork"` // Subnetwork is its id.
	PodRangeName     pulumi.StringOutput `pulumi:"podRangeName"`
	ServiceRangeName pulumi.StringOutput `pulumi:"serviceRangeName"`
	// NATAddresses are the nodes' addresses as the internet sees them, in the order
	// of NAT.Addresses, then NAT.Draining.
	NATAddresses       pulumi.StringArrayOutput `pulumi:"natAddresses"`
	IngressAddress     pulumi.StringOutput      `pulumi:"ingressAddress"`
	IngressAddressName pulumi.StringOutput      `pulumi:"ingressAddressName"`
	// PrivateNetwork is the VPC's id once it has private service access: a database
	// that takes this output is created after the connection and deleted before it.
	PrivateNetwork pulumi.StringOutput `pulumi:"privateNetwork"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Network, error) {
	n := &Network{}
	build := func(child components.Child) error {
		ingress, err := compute.NewGlobalAddress(ctx, child.Name("ingress"), &compute.GlobalAddressArgs{
			Project:     pulumi.String(cmp.Or(args.IngressProject, args.Project)),
			Name:        pulumi.String(args.Name + "-ingress"),
			AddressType: pulumi.String("EXTERNAL"),
			IpVersion:   pulumi.String("IPV4"),
			Labels:      pulumi.ToStringMap(args.Labels),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("ingress address: %w", err)
		}
		n.IngressAddress, n.IngressAddressName = ingress.Address, ingress.Name
		if args.Existing != nil {
			n.use(ctx, args.Existing)
			return nil
		}
		return n.create(ctx, child, args)
	}
	if err := components.Build(ctx, TypeToken, name, args, n, build, opts...); err != nil {
		return nil, err
	}
	return n, nil
}

// use looks up a VPC. Its private service access is its owner's to have made.
func (n *Network) use(ctx *pulumi.Context, existing *Existing) {
	vpc := compute.LookupNetworkOutput(ctx, compute.LookupNetworkOutputArgs{
		Project: pulumi.String(existing.Project), Name: pulumi.String(existing.Name),
	}, pulumi.Parent(n))
	n.Network, n.SelfLink, n.Name, n.PrivateNetwork = vpc.Id(), vpc.SelfLink(), vpc.Name(), vpc.Id()
	none := pulumi.String("").ToStringOutput()
	n.Subnetwork, n.PodRangeName, n.ServiceRangeName = none, none, none
	n.NATAddresses = pulumi.StringArray{}.ToStringArrayOutput()
}

func (n *Network) create(ctx *pulumi.Context, child components.Child, args *Args) error {
	routing := "REGIONAL"
	if args.VPC.GlobalRouting {
		routing = "GLOBAL"
	}
	vpc, err := compute.NewNetwork(ctx, child.Name("vpc"), &compute.NetworkArgs{
		Project:               pulumi.String(args.Project),
		Name:                  pulumi.String(args.Name),
		AutoCreateSubnetworks: pulumi.Bool(false),
		RoutingMode:           pulumi.String(routing),
		Mtu:                   pulumi.Int(cmp.Or(args.VPC.MTU, 1460)),
	}, child.Opts())
	if err != nil {
		return fmt.Errorf("vpc: %w", err)
	}
	subnet, err := compute.NewSubnetwork(ctx, child.Name("subnet"), args.subnetwork(vpc), child.Opts())
	if err != nil {
		return fmt.Errorf("subnet: %w", err)
	}
	n.Network, n.SelfLink, n.Name = vpc.ID().ToStringOutput(), vpc.SelfLink, vpc.Name
	n.Subnetwork = subnet.ID().ToStringOutput()
	n.PodRangeName, n.ServiceRangeName = pulumi.String(podRangeName).ToStringOutput(), pulumi.String(serviceRangeName).ToStringOutput()
	if n.NATAddresses, err = nat(ctx, child, args, vpc, subnet); err != nil {
		return err
	}
	if n.PrivateNetwork, err = private(ctx, child, args, vpc); err != nil {
		return err
	}
	return firewall(ctx, child, args, vpc)
}

func (a *Args) subnetwork(vpc *compute.Network) *compute.SubnetworkArgs {
	ranges, logs := a.VPC.Ranges, a.VPC.FlowLogs
	subnet := &compute.SubnetworkArgs{
		Project:               pulumi.String(a.Project),
		Name:                  pulumi.String(a.Name + "-nodes"),
		Region:                pulumi.String(a.VPC.Region),
		Network:               vpc.ID(),
		IpCidrRange:           pulumi.String(ranges.Nodes),
		PrivateIpGoogleAccess: pulumi.Bool(true), // nodes without public address reach Google's APIs, not through the NAT
		SecondaryIpRanges: compute.SubnetworkSecondaryIpRangeArray{
			compute.SubnetworkSecondaryIpRangeArgs{RangeName: pulumi.String(podRangeName), IpCidrRange: pulumi.String(ranges.Pods)},
			compute.SubnetworkSecondaryIpRangeArgs{RangeName: pulumi.String(serviceRangeName), IpCidrRange: pulumi.String(ranges.Services)},
		},
	}
	if !logs.Disable {
		subnet.LogConfig = compute.SubnetworkLogConfigArgs{
			FlowSampling:        pulumi.Float64(cmp.Or(logs.Sampling, 0.5)),
			AggregationInterval: pulumi.String(cmp.Or(logs.Interval, "INTERVAL_5_SEC")),
			Metadata:            pulumi.String(cmp.Or(logs.Metadata, "INCLUDE_ALL_METADATA")),
			FilterExpr:          pulumi.String(cmp.Or(logs.Filter, "true")),
		}
	}
	return subnet
}
