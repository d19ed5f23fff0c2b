package network

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"ai-worker/components"
)

var (
	// dockerBridge is where Cloud SQL runs its containers: what lies in it cannot
	// be reached from there.
	// https://cloud.google.com/sql/docs/postgres/private-ip#requirements_for_private_ip
	dockerBridge = netip.MustParsePrefix("172.17.0.0/16")

	private4 = []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("100.64.0.0/10"), // RFC 6598
	}
)

// prefix reads a range that has no host bits.
func prefix(text string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return p, fmt.Errorf(`%q is no range in CIDR form, such as "10.0.0.0/20"`, text)
	case p != p.Masked():
		return p, fmt.Errorf("%q has host bits set: want %s", text, p.Masked())
	}
	return p, nil
}

func isPrivate(r netip.Prefix) bool {
	return slices.ContainsFunc(private4, func(p netip.Prefix) bool { return p.Contains(r.Addr()) && r.Bits() >= p.Bits() })
}

// validateRanges checks each range of ours alone, against those before it and
// against what is taken.
func (v *VPC) validateRanges(p *components.Problems) {
	taken := map[string]netip.Prefix{}
	for _, name := range slices.Sorted(maps.Keys(v.Taken)) {
		r, err := prefix(v.Taken[name])
		if p.Want(err == nil, "vpc.taken[%q]: %v", name, err); err == nil {
			taken[fmt.Sprintf("vpc.taken[%q]", name)] = r
		}
	}
	for _, ours := range []struct {
		name, text string
		longest    int // longest prefix that is of use
	}{
		{"vpc.ranges.nodes", v.Ranges.Nodes, 29},
		{"vpc.ranges.pods", v.Ranges.Pods, 24},
		{"vpc.ranges.services", v.Ranges.Services, 27},
		// https://cloud.google.com/sql/docs/postgres/configure-private-services-access
		{"vpc.ranges.privateServices", v.Ranges.PrivateServices, 24},
	} {
		r, err := prefix(ours.text)
		if p.Want(err == nil, "%s: %v", ours.name, err); err != nil {
			continue
		}
		p.Want(isPrivate(r), "%s %s: want a private range (RFC 1918) or a shared one (RFC 6598)", ours.name, r)
		p.Want(r.Bits() <= ours.longest, "%s %s: want /%d or larger", ours.name, r, ours.longest)
		p.Want(!r.Overlaps(dockerBridge), "%s %s overlaps %s, which Cloud SQL cannot reach", ours.name, r, dockerBridge)
		for _, other := range slices.Sorted(maps.Keys(taken)) {
			p.Want(!r.Overlaps(taken[other]), "%s %s overlaps %s %s", ours.name, r, other, taken[other])
		}
		taken[ours.name] = r
	}
}
