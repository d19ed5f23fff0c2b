package azure

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// securityGroupRules: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
var securityGroupRules = map[string]sandbox.Rule{
	"networkSecurityGroupName": armName(1, 80), "location": region, "tags": tags,
	"securityRules":                                sandbox.Items(0, 1000),
	"securityRules[].name":                         armName(1, 80),
	"securityRules[].priority":                     sandbox.Between(100, 4096),
	"securityRules[].direction":                    sandbox.OneOf("Inbound", "Outbound"),
	"securityRules[].access":                       sandbox.OneOf("Allow", "Deny"),
	"securityRules[].protocol":                     sandbox.OneOf("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"),
	"securityRules[].description":                  upTo(140),
	"securityRules[].sourcePortRange":              ports,
	"securityRules[].sourcePortRanges[]":           portRange,
	"securityRules[].destinationPortRange":         ports,
	"securityRules[].destinationPortRanges[]":      portRange,
	"securityRules[].sourceAddressPrefix":          peer,
	"securityRules[].sourceAddressPrefixes[]":      peerRange,
	"securityRules[].destinationAddressPrefix":     peer,
	"securityRules[].destinationAddressPrefixes[]": peerRange,
}

// ports is "*" or a [portRange]. Of several in a list, each is a range.
func ports(v resource.PropertyValue) error {
	if v.StringValue() == "*" {
		return nil
	}
	return portRange(v)
}

func portRange(v resource.PropertyValue) error {
	low, high, ranged := strings.Cut(v.StringValue(), "-")
	if !ranged {
		high = low
	}
	from, errFrom := strconv.ParseUint(low, 10, 16)
	to, errTo := strconv.ParseUint(high, 10, 16)
	if errFrom != nil || errTo != nil || from > to {
		return fmt.Errorf(`SecurityRuleInvalidPortRange: %q: want a port of 0 to 65535 or a range of them, such as "8000-8080"`, v.StringValue())
	}
	return nil
}

var serviceTag = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$`)

// peer is "*", a service tag, or a [peerRange]. Of several in a list, each is a range.
func peer(v resource.PropertyValue) error {
	if v.StringValue() == "*" || serviceTag.MatchString(v.StringValue()) {
		return nil
	}
	return peerRange(v)
}

func peerRange(v resource.PropertyValue) error {
	if _, err := netip.ParseAddr(v.StringValue()); err == nil {
		return nil
	}
	if p, err := netip.ParsePrefix(v.StringValue()); err != nil || p != p.Masked() {
		return fmt.Errorf("SecurityRuleInvalidAddressPrefix: %q: want an address or a range without host bits", v.StringValue())
	}
	return nil
}

// checkSecurityRules wants rules of different names and, in each direction, of
// different priorities, that say in one way each from where and to where.
func checkSecurityRules(o *sandbox.Object) error {
	var errs []error
	names, priorities := map[string]string{}, map[string]string{}
	o.Each("securityRules[]", func(at string, v resource.PropertyValue) {
		rule := &sandbox.Object{Props: v.ObjectValue()}
		for _, way := range [][]string{
			{"sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"},
			{"destinationAddressPrefix", "destinationAddressPrefixes", "destinationApplicationSecurityGroups"},
			{"sourcePortRange", "sourcePortRanges"},
			{"destinationPortRange", "destinationPortRanges"},
		} {
			if err := sandbox.ExactlyOne(way...)(rule); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", at, err))
			}
		}
		if name := strings.ToLower(rule.Str("name")); name != "" {
			if names[name] != "" {
				errs = append(errs, fmt.Errorf("%s: has the name of %s, %q", at, names[name], rule.Str("name")))
			}
			names[name] = at
		}
		if !rule.Known("priority") || !rule.Known("direction") {
			return
		}
		priority := fmt.Sprint(rule.Str("direction"), " ", rule.Num("priority"))
		if priorities[priority] != "" {
			errs = append(errs, fmt.Errorf("SecurityRuleConflict: %s: has direction and priority of %s, %s", at, priorities[priority], priority))
		}
		priorities[priority] = at
	})
	return errors.Join(errs...)
}
