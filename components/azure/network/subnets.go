package network

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// The names of the subnets in the VNet, which are also theirs in messages.
const (
	apps      = "apps"
	database  = "database"
	endpoints = "endpoints"
)

// subnet is one of the three.
type subnet struct {
	name       string
	given      func(Subnets) string // given is the range that Args has for it.
	smallest   int                  // smallest is the fixed bits of the smallest range that Azure takes.
	delegation string               // delegation is the service that alone may use it.
	// storage: a server adds this way to its storage to the subnet, which a later
	// update would take away if it were not written here.
	storage  bool
	policies string // policies says whether the security group is in force for private endpoints.
}

// subnets are in the order in which they are made; one left to its default is the
// quarter of the VNet's range with its index.
var subnets = []subnet{
	{ // https://learn.microsoft.com/azure/container-apps/custom-virtual-networks#subnet
		name: apps, given: func(s Subnets) string { return s.Apps }, smallest: 27,
		delegation: "Microsoft.App/environments", policies: "Disabled",
	},
	{ // https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private#virtual-network-concepts
		name: database, given: func(s Subnets) string { return s.Database }, smallest: 28,
		delegation: "Microsoft.DBforPostgreSQL/flexibleServers", storage: true, policies: "Disabled",
	},
	{ // https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq,
		// https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
		name: endpoints, given: func(s Subnets) string { return s.Endpoints }, smallest: 29, policies: "Enabled",
	},
}

// makeSubnets makes one after the other: Azure refuses to write two of a VNet at
// the same time (AnotherOperationInProgress).
func (c *Network) makeSubnets(
	ctx *pulumi.Context, child components.Child, args *Args, vnet *network.VirtualNetwork, gateway network.SubResourcePtrInput,
) error {
	ranges := args.ranges(&components.Problems{}) // Validate has reported them
	made := map[string]*network.Subnet{}
	var previous []pulumi.Resource
	for _, s := range subnets {
		group, err := args.securityGroup(ctx, child, s.name, ranges)
		if err != nil {
			return err
		}
		inputs := s.args()
		inputs.ResourceGroupName, inputs.VirtualNetworkName = args.Place.GroupName, vnet.Name
		inputs.AddressPrefix = pulumi.String(ranges[s.name].String())
		inputs.NetworkSecurityGroup = network.NetworkSecurityGroupTypeArgs{Id: group.ID().ToStringOutput().ToStringPtrOutput()}
		if s.name == apps && gateway != nil {
			inputs.NatGateway = gateway
		}
		if made[s.name], err = network.NewSubnet(ctx, child.Name("subnet", s.name), inputs, child.Opts(pulumi.DependsOn(previous))); err != nil {
			return fmt.Errorf("subnet %s: %w", s.name, err)
		}
		previous = []pulumi.Resource{made[s.name]}
	}
	c.AppsSubnet = made[apps].ID().ToStringOutput()
	c.DatabaseSubnet = after(made[database].ID(), c.DatabaseZone)
	c.EndpointsSubnet = made[endpoints].ID().ToStringOutput()
	return nil
}

// args are those that are the same in every network.
func (s subnet) args() *network.SubnetArgs {
	args := &network.SubnetArgs{
		SubnetName:                        pulumi.String(s.name),
		PrivateEndpointNetworkPolicies:    pulumi.String(s.policies),
		PrivateLinkServiceNetworkPolicies: pulumi.String("Enabled"),
	}
	if s.delegation != "" {
		args.Delegations = network.DelegationArray{
			network.DelegationArgs{Name: pulumi.String(s.name), ServiceName: pulumi.String(s.delegation)},
		}
	}
	if s.storage {
		args.ServiceEndpoints = network.ServiceEndpointPropertiesFormatArray{
			network.ServiceEndpointPropertiesFormatArgs{Service: pulumi.String("Microsoft.Storage")},
		}
	}
	return args
}
