package network

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"ai-worker/components"
)

// private are the ranges that Azure takes as a VNet's own
// (https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq). Others
// are refused by it, such as 169.254.0.0/16, or would hide hosts of the internet.
var private = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")

// reserved are those of the private ranges that Container Apps use inside of an environment
// (https://learn.microsoft.com/azure/container-apps/custom-virtual-networks#subnet-address-range-restrictions):
// what has an address in one of them, the apps would not reach.
var reserved = prefixes("172.30.0.0/16", "172.31.0.0/16",
	"100.100.0.0/17", "100.100.128.0/19", "100.100.160.0/19", "100.100.192.0/19")

// smallestVNet is the fixed bits of a range that the smallest subnets just fit in.
const smallestVNet = 26

// ranges are the subnets' by name, those that could be made out; it reports what is
// wrong with them and with the VNet's.
func (a *Args) ranges(p *components.Problems) map[string]netip.Prefix {
	vnet, err := parse(a.Range)
	p.Want(err == nil, "range %v", err)
	p.Want(err != nil || vnet.Bits() <= smallestVNet && inside(vnet, private),
		"range %q: want /%d or larger, inside of one of %v", a.Range, smallestVNet, private)
	usable := err == nil && vnet.Bits() <= smallestVNet

	found := map[string]netip.Prefix{}
	for i, s := range subnets {
		given := s.given(a.Subnets)
		if given == "" && !usable {
			continue
		}
		var r netip.Prefix
		if given == "" {
			r = quarter(vnet, i)
		} else if r, err = parse(given); err != nil {
			p.Want(false, "subnets.%s %v", s.name, err)
			continue
		}
		at := fmt.Sprintf("subnets.%s %q", s.name, r)
		p.Want(r.Bits() <= s.smallest, "%s: want /%d or larger", at, s.smallest)
		p.Want(!usable || inside(r, []netip.Prefix{vnet}), "%s: want a part of range %q", at, vnet)
		for _, taken := range reserved {
			p.Want(!r.Overlaps(taken), "%s: overlaps %s, which Container Apps reserve", at, taken)
		}
		for _, before := range subnets[:i] {
			p.Want(!r.Overlaps(found[before.name]), "%s: overlaps subnets.%s %q", at, before.name, found[before.name])
		}
		found[s.name] = r
	}
	return found
}

// parse reads an IPv4 range in CIDR form.
func parse(text string) (netip.Prefix, error) {
	r, err := netip.ParsePrefix(text)
	if err != nil || !r.Addr().Is4() {
		return r, fmt.Errorf(`%q: want an IPv4 range in CIDR form, such as "10.0.0.0/16"`, text)
	}
	if r != r.Masked() {
		return r, fmt.Errorf("%q: has bits of a host, want %q", text, r.Masked())
	}
	return r, nil
}

// quarter is the nth quarter of a range, from 0.
func quarter(of netip.Prefix, nth int) netip.Prefix {
	bits := of.Bits() + 2
	address := of.Addr().As4()
	first := binary.BigEndian.Uint32(address[:])
	for range nth {
		first += 1 << (32 - bits)
	}
	binary.BigEndian.PutUint32(address[:], first)
	return netip.PrefixFrom(netip.AddrFrom4(address), bits)
}

func inside(r netip.Prefix, outer []netip.Prefix) bool {
	return slices.ContainsFunc(outer, func(o netip.Prefix) bool { return o.Bits() <= r.Bits() && o.Contains(r.Addr()) })
}

func prefixes(texts ...string) []netip.Prefix {
	var list []netip.Prefix
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}
