package cloudflare

import "slices"

// https://www.cloudflare.com/ips/: the ranges from which Cloudflare reaches an
// origin, sorted as getIpRanges gives them.
var (
	ipv4Ranges = []string{
		"103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "104.16.0.0/13", "104.24.0.0/14",
		"108.162.192.0/18", "131.0.72.0/22", "141.101.64.0/18", "162.158.0.0/15", "172.64.0.0/13",
		"173.245.48.0/20", "188.114.96.0/20", "190.93.240.0/20", "197.234.240.0/22", "198.41.128.0/17",
	}
	ipv6Ranges = []string{
		"2400:cb00::/32", "2405:8100::/32", "2405:b500::/32", "2606:4700::/32", "2803:f800::/32", "2a06:98c0::/29", "2c0f:f248::/32",
	}
)

// answerRanges is what getIpRanges says. The ranges of the network in China,
// which an Enterprise zone may be part of, are none here.
func answerRanges() map[string]any {
	all := slices.Sorted(slices.Values(slices.Concat(ipv4Ranges, ipv6Ranges)))
	return map[string]any{
		"id": hex32(all...), "cidrBlocks": all, "ipv4CidrBlocks": ipv4Ranges, "ipv6CidrBlocks": ipv6Ranges,
		"chinaIpv4CidrBlocks": []string{}, "chinaIpv6CidrBlocks": []string{},
	}
}
