package azure

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// unusable are ranges that no virtual network may have.
// https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
var unusable = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("168.63.129.16/32"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("224.0.0.0/4"), netip.MustParsePrefix("255.255.255.255/32"),
}

// addressRange is a range of IPv4 of a network or a subnet: of it Azure reserves five
// addresses, so that a /29 is the smallest. IPv6 is not simulated.
func addressRange(v resource.PropertyValue) error {
	if err := sandbox.CIDR()(v); err != nil {
		return fmt.Errorf("InvalidCIDRNotation: %w", err)
	}
	p := netip.MustParsePrefix(v.StringValue())
	if !p.Addr().Is4() || p.Bits() < 2 || p.Bits() > 29 {
		return fmt.Errorf("%s: want an IPv4 range of prefix length 2 to 29", p)
	}
	for _, q := range unusable {
		if p.Overlaps(q) {
			return fmt.Errorf("%s overlaps %s, which no virtual network may have", p, q)
		}
	}
	return nil
}

func address(v resource.PropertyValue) error {
	if _, err := netip.ParseAddr(v.StringValue()); err != nil {
		return fmt.Errorf("%q is no IP address", v.StringValue())
	}
	return nil
}

// ranges are the known ranges at some paths.
func ranges(o *sandbox.Object, paths ...string) []netip.Prefix {
	var found []netip.Prefix
	for _, path := range paths {
		o.Each(path, func(_ string, v resource.PropertyValue) {
			if p, err := netip.ParsePrefix(v.StringValue()); err == nil {
				found = append(found, p)
			}
		})
	}
	return found
}

// inside says whether a range lies in one of others.
func inside(p netip.Prefix, spaces []netip.Prefix) bool {
	for _, space := range spaces {
		if space.Bits() <= p.Bits() && space.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

// overlapping returns one of others that p shares addresses with.
func overlapping(p netip.Prefix, others []netip.Prefix) (netip.Prefix, bool) {
	for _, other := range others {
		if p.Overlaps(other) {
			return other, true
		}
	}
	return netip.Prefix{}, false
}

func checkSpaces(o *sandbox.Object) error {
	spaces := ranges(o, "addressSpace.addressPrefixes[]")
	for i, p := range spaces {
		if q, twice := overlapping(p, spaces[:i]); twice {
			return fmt.Errorf("addressSpace.addressPrefixes: %s overlaps %s", p, q)
		}
	}
	return nil
}

func subnetRanges(o *sandbox.Object) []netip.Prefix {
	return ranges(o, "addressPrefix", "addressPrefixes[]")
}

// checkInlineSubnets is for the subnets that a network gives itself.
func checkInlineSubnets(o *sandbox.Object) error {
	var errs []error
	var taken []netip.Prefix
	spaces, told := ranges(o, "addressSpace.addressPrefixes[]"), !o.Get("addressSpace").ContainsUnknowns()
	o.Each("subnets[]", func(at string, v resource.PropertyValue) {
		subnet := &sandbox.Object{Props: v.ObjectValue()}
		for _, p := range subnetRanges(subnet) {
			if told && !inside(p, spaces) {
				errs = append(errs, outside(at, p, spaces))
			}
			if q, twice := overlapping(p, taken); twice {
				errs = append(errs, fmt.Errorf("NetcfgSubnetRangesOverlap: %s: %s overlaps %s", at, p, q))
			}
			taken = append(taken, p)
		}
		if !subnet.Has("addressPrefix") && !subnet.Has("addressPrefixes") {
			errs = append(errs, fmt.Errorf("%s: want exactly one of addressPrefix, addressPrefixes, got 0", at))
		}
	})
	return errors.Join(errs...)
}

func outside(subnet string, p netip.Prefix, spaces []netip.Prefix) error {
	return fmt.Errorf("NetcfgSubnetRangeOutsideVnet: subnet %s: %s is outside of the address space of the virtual network, %v", subnet, p, spaces)
}

// besideSubnet wants a subnet that its network has room for. A network that gives
// subnets itself, be it none, has all others deleted by its next update
// (pulumi/pulumi-azure-native#611): the sandbox refuses them before that.
func besideSubnet(o *sandbox.Object, others []*sandbox.Object) error {
	network, name := o.Ref("virtualNetworkName"), o.Str("subnetName")
	if network == nil {
		return nil // the cloud says that it is not there
	}
	if err := inGroupOf(o, "virtualNetworkName"); err != nil {
		return err
	}
	if network.Has("subnets") {
		return fmt.Errorf("virtual network %q gives its subnets itself, and its next update would delete subnet %q: give them in one way",
			o.Str("virtualNetworkName"), name)
	}
	var taken []netip.Prefix
	for _, other := range others {
		if same(other.Str("virtualNetworkName"), o.Str("virtualNetworkName")) && same(other.Str("resourceGroupName"), o.Str("resourceGroupName")) &&
			!same(other.Str("subnetName"), name) {
			taken = append(taken, subnetRanges(other)...)
		}
	}
	spaces := ranges(network, "addressSpace.addressPrefixes[]")
	for _, p := range subnetRanges(o) {
		if !inside(p, spaces) {
			return outside(name, p, spaces)
		}
		if q, twice := overlapping(p, taken); twice {
			return fmt.Errorf("NetcfgSubnetRangesOverlap: subnet %s: %s overlaps %s of another subnet of virtual network %q",
				name, p, q, o.Str("virtualNetworkName"))
		}
	}
	return nearby(o, network, "networkSecurityGroup.id", "natGateway.id")
}

// nearby wants what an object names to be in the region of where.
func nearby(o, where *sandbox.Object, paths ...string) error {
	for _, path := range paths {
		if other := o.Ref(path); other != nil && other.Str("location") != where.Str("location") {
			return fmt.Errorf("InvalidResourceReference: %s is in %s, and %q in %s", path, other.Str("location"), where.Str("name"), where.Str("location"))
		}
	}
	return nil
}

// besideNat wants public addresses that no other gateway has, in the region of the gateway.
func besideNat(o *sandbox.Object, others []*sandbox.Object) error {
	var wrong []error
	o.Each("publicIpAddresses[].id", func(at string, v resource.PropertyValue) {
		wrong = append(wrong, nearby(o, o, at))
		for _, other := range others {
			other.Each("publicIpAddresses[].id", func(_ string, theirs resource.PropertyValue) {
				if same(v.StringValue(), theirs.StringValue()) && !itself(o, other) {
					wrong = append(wrong, fmt.Errorf("PublicIPAddressInUse: %s is that of NAT gateway %q already", at, other.Str("name")))
				}
			})
		}
	})
	return errors.Join(wrong...)
}
