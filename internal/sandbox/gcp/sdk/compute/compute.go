// Package compute gives the sandbox the structure of the SDK package of the same name.
package compute

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:compute/address:Address", compute.AddressArgs{}, compute.Address{})
	sandbox.Describe("gcp:compute/firewall:Firewall", compute.FirewallArgs{}, compute.Firewall{})
	sandbox.Describe("gcp:compute/getNetwork:getNetwork", compute.LookupNetworkArgs{}, compute.LookupNetworkResult{})
	sandbox.Describe("gcp:compute/globalAddress:GlobalAddress", compute.GlobalAddressArgs{}, compute.GlobalAddress{})
	sandbox.Describe("gcp:compute/network:Network", compute.NetworkArgs{}, compute.Network{})
	sandbox.Describe("gcp:compute/router:Router", compute.RouterArgs{}, compute.Router{})
	sandbox.Describe("gcp:compute/routerNat:RouterNat", compute.RouterNatArgs{}, compute.RouterNat{})
	sandbox.Describe("gcp:compute/securityPolicy:SecurityPolicy", compute.SecurityPolicyArgs{}, compute.SecurityPolicy{})
	sandbox.Describe("gcp:compute/subnetwork:Subnetwork", compute.SubnetworkArgs{}, compute.Subnetwork{})
}
