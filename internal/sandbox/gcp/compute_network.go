package gcp

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func networkKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:    networkType,
		ID:      "projects/{project}/global/networks/{name}",
		Names:   []string{"{selfLink}", "{name}"},
		Outputs: map[string]string{"selfLink": computeURL + "projects/{project}/global/networks/{name}"},
		Fill: func(o *sandbox.Object) {
			o.Set("numericId", number(o.Str("selfLink")))
			o.Default("mtu", 1460)
			o.Default("routingMode", "REGIONAL")
		},
		Defaults: map[string]any{
			"autoCreateSubnetworks": true, "deleteDefaultRoutesOnCreate": false,
			"networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
		},
		Replace: []string{
			"autoCreateSubnetworks", "description", "enableUlaInternalIpv6", "internalIpv6Range", "mtu", "name", "project",
		},
		Rules: map[string]sandbox.Rule{
			"name":                                  computeName,
			"routingMode":                           sandbox.OneOf("REGIONAL", "GLOBAL"),
			"mtu":                                   sandbox.Between(1300, 8896), // https://cloud.google.com/vpc/docs/mtu
			"networkFirewallPolicyEnforcementOrder": sandbox.OneOf("BEFORE_CLASSIC_FIREWALL", "AFTER_CLASSIC_FIREWALL"),
		},
	}
}

// subnetworkKind. A range that grows is updated in place and one that shrinks or
// moves is a new subnetwork; the sandbox cannot tell them apart and updates.
func subnetworkKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:    subnetworkType,
		ID:      "projects/{project}/regions/{region}/subnetworks/{name}",
		Names:   []string{"{selfLink}", "{name}"},
		Outputs: map[string]string{"selfLink": computeURL + "projects/{project}/regions/{region}/subnetworks/{name}"},
		Fill: func(o *sandbox.Object) {
			if p, err := netip.ParsePrefix(o.Str("ipCidrRange")); err == nil {
				o.Set("gatewayAddress", p.Addr().Next().String())
			}
			o.Set("creationTimestamp", computeTime)
			o.Set("fingerprint", number(o.Str("selfLink")))
			o.Default("purpose", "PRIVATE")
			o.Default("stackType", "IPV4_ONLY")
			o.Default("privateIpv6GoogleAccess", "DISABLE_GOOGLE_ACCESS")
		},
		Defaults: map[string]any{
			"logConfig.aggregationInterval": "INTERVAL_5_SEC", "logConfig.filterExpr": "true", "logConfig.flowSampling": 0.5,
			"logConfig.metadata": "INCLUDE_ALL_METADATA",
		},
		Computed: []string{"secondaryIpRanges"},
		// a range grows in place and shrinks by making the subnetwork anew
		ReplaceWhen: func(have, want *sandbox.Object) []string {
			old, errOld := netip.ParsePrefix(have.Str("ipCidrRange"))
			next, errNext := netip.ParsePrefix(want.Str("ipCidrRange"))
			if errOld == nil && errNext == nil && (next.Bits() > old.Bits() || !next.Contains(old.Addr())) {
				return []string{"ipCidrRange"}
			}
			return nil
		},
		Replace: []string{"description", "externalIpv6Prefix", "name", "network", "project", "purpose", "region"},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "region": computeRegion, "ipCidrRange": subnetRange,
			"secondaryIpRanges":               sandbox.Items(0, 170), // https://cloud.google.com/vpc/docs/quota#per_network
			"secondaryIpRanges[].rangeName":   computeName,
			"secondaryIpRanges[].ipCidrRange": subnetRange,
			"purpose": sandbox.OneOf("PRIVATE", "PRIVATE_RFC_1918", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY",
				"PRIVATE_SERVICE_CONNECT", "PRIVATE_NAT"),
			"role":                   sandbox.OneOf("ACTIVE", "BACKUP"),
			"stackType":              sandbox.OneOf("IPV4_ONLY", "IPV4_IPV6"),
			"logConfig.flowSampling": sandbox.Between(0, 1),
			"logConfig.aggregationInterval": sandbox.OneOf("INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN", "INTERVAL_5_MIN",
				"INTERVAL_10_MIN", "INTERVAL_15_MIN"),
			"logConfig.metadata": sandbox.OneOf("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA", "CUSTOM_METADATA"),
		},
		Checks: []sandbox.Check{
			checkSubnetworkRanges,
			sandbox.Refuse(func(o *sandbox.Object) bool {
				return o.Has("logConfig.metadataFields") && o.Known("logConfig.metadata") && o.Str("logConfig.metadata") != "CUSTOM_METADATA"
			}, "logConfig.metadataFields belong to metadata CUSTOM_METADATA"),
		},
		Refs: map[string]sandbox.Ref{"network": sandbox.Holds(networkType)},
	}
}

// subnetRange is a range of a subnetwork: /4 to /29.
// https://cloud.google.com/vpc/docs/subnets#ipv4-ranges
func subnetRange(v resource.PropertyValue) error {
	if err := sandbox.CIDR()(v); err != nil {
		return err
	}
	if p := netip.MustParsePrefix(v.StringValue()); !p.Addr().Is4() || p.Bits() < 4 || p.Bits() > 29 {
		return fmt.Errorf("%s: want an IPv4 range of prefix length 4 to 29", p)
	}
	return nil
}

// checkSubnetworkRanges wants ranges that are apart and named differently.
func checkSubnetworkRanges(o *sandbox.Object) error {
	var errs []error
	ranges := map[string]netip.Prefix{}
	add := func(at string, v resource.PropertyValue) {
		p, err := netip.ParsePrefix(v.StringValue())
		if err != nil {
			return // the rule of the path says so
		}
		for other, q := range ranges {
			if p.Overlaps(q) {
				errs = append(errs, fmt.Errorf("%s %s overlaps %s %s", at, p, other, q))
			}
		}
		ranges[at] = p
	}
	o.Each("ipCidrRange", add)
	o.Each("secondaryIpRanges[].ipCidrRange", add)
	names := map[string]bool{}
	o.Each("secondaryIpRanges[].rangeName", func(at string, v resource.PropertyValue) {
		if names[v.StringValue()] {
			errs = append(errs, fmt.Errorf("%s %q is there twice", at, v.StringValue()))
		}
		names[v.StringValue()] = true
	})
	return errors.Join(errs...)
}

func routerKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:     routerType,
		ID:       "projects/{project}/regions/{region}/routers/{name}",
		Names:    []string{"{selfLink}", "{name}"},
		Outputs:  map[string]string{"selfLink": computeURL + "projects/{project}/regions/{region}/routers/{name}"},
		Fill:     func(o *sandbox.Object) { o.Set("creationTimestamp", computeTime) },
		Defaults: map[string]any{"bgp.advertiseMode": "DEFAULT", "bgp.keepaliveInterval": 20},
		Computed: []string{"bgp.identifierRange"},
		Replace:  []string{"encryptedInterconnectRouter", "name", "network", "project", "region"},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "region": computeRegion,
			"bgp.asn":               privateASN,
			"bgp.advertiseMode":     sandbox.OneOf("DEFAULT", "CUSTOM"),
			"bgp.keepaliveInterval": sandbox.Between(20, 60),
		},
		Checks: []sandbox.Check{sandbox.Refuse(func(o *sandbox.Object) bool {
			return o.Str("bgp.advertiseMode") == "DEFAULT" && (o.Has("bgp.advertisedGroups") || o.Has("bgp.advertisedIpRanges"))
		}, "bgp: what is advertised is given in advertiseMode CUSTOM only")},
		Refs: map[string]sandbox.Ref{"network": sandbox.Holds(networkType)},
	}
}

// privateASN wants an AS number for private use (RFC 6996).
func privateASN(v resource.PropertyValue) error {
	if n := v.NumberValue(); (n < 64512 || n > 65534) && (n < 4200000000 || n > 4294967294) {
		return fmt.Errorf("%v is no private AS number, such as 64512", n)
	}
	return nil
}

func routerNatKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type: "gcp:compute/routerNat:RouterNat",
		ID:   "projects/{project}/regions/{region}/routers/{router}/{name}",
		Fill: func(o *sandbox.Object) {
			o.Default("autoNetworkTier", "PREMIUM")
			o.Default("endpointTypes", []any{"ENDPOINT_TYPE_VM"})
			least := 64
			if o.Bool("enableDynamicPortAllocation") {
				least = 32
			}
			o.Default("minPortsPerVm", least)
		},
		Defaults: map[string]any{
			"icmpIdleTimeoutSec": 30, "tcpEstablishedIdleTimeoutSec": 1200, "tcpTimeWaitTimeoutSec": 120,
			"tcpTransitoryIdleTimeoutSec": 30, "udpIdleTimeoutSec": 30, "type": "PUBLIC",
		},
		Computed: []string{"endpointTypes", "rules[].action"},
		Replace:  []string{"endpointTypes", "name", "project", "region", "router", "type"},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "region": computeRegion,
			"natIpAllocateOption": sandbox.OneOf("MANUAL_ONLY", "AUTO_ONLY"),
			"sourceSubnetworkIpRangesToNat": sandbox.OneOf("ALL_SUBNETWORKS_ALL_IP_RANGES", "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES",
				"LIST_OF_SUBNETWORKS"),
			"subnetworks[].sourceIpRangesToNats[]": sandbox.OneOf("ALL_IP_RANGES", "LIST_OF_SECONDARY_IP_RANGES", "PRIMARY_IP_RANGE"),
			"logConfig.filter":                     sandbox.OneOf("ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL"),
			"type":                                 sandbox.OneOf("PUBLIC", "PRIVATE"),
			"autoNetworkTier":                      sandbox.OneOf("PREMIUM", "STANDARD"),
			"minPortsPerVm":                        sandbox.Between(2, 65536),
			"maxPortsPerVm":                        sandbox.All(sandbox.Between(64, 65536), powerOfTwo),
		},
		Required: []string{"subnetworks[].sourceIpRangesToNats"},
		Checks:   []sandbox.Check{checkNatAddresses, checkNatPorts},
		Births: []sandbox.Check{sandbox.Refuse(func(o *sandbox.Object) bool {
			drained := o.Get("drainNatIps")
			return drained.IsArray() && len(drained.ArrayValue()) > 0
		}, "a new RouterNat cannot have drainNatIps")},
		Refs: map[string]sandbox.Ref{
			"router":             sandbox.Holds(routerType),
			"natIps[]":           sandbox.Holds(addressType),
			"subnetworks[].name": sandbox.Holds(subnetworkType),
		},
	}
}

func checkNatAddresses(o *sandbox.Object) error {
	var errs []error
	if o.Str("natIpAllocateOption") == "MANUAL_ONLY" && !o.Has("natIps") {
		errs = append(errs, errors.New("natIpAllocateOption MANUAL_ONLY needs natIps"))
	}
	if o.Str("natIpAllocateOption") == "AUTO_ONLY" && o.Has("natIps") {
		errs = append(errs, errors.New("natIps belong to natIpAllocateOption MANUAL_ONLY"))
	}
	if list := o.Str("sourceSubnetworkIpRangesToNat") == "LIST_OF_SUBNETWORKS"; list != o.Has("subnetworks") {
		errs = append(errs, errors.New("subnetworks and sourceSubnetworkIpRangesToNat LIST_OF_SUBNETWORKS go together"))
	}
	return errors.Join(errs...)
}

// checkNatPorts is https://cloud.google.com/nat/docs/ports-and-addresses.
func checkNatPorts(o *sandbox.Object) error {
	least, most := o.Num("minPortsPerVm"), o.Num("maxPortsPerVm")
	switch dynamic := o.Bool("enableDynamicPortAllocation"); {
	case dynamic && o.Bool("enableEndpointIndependentMapping"):
		return errors.New("enableDynamicPortAllocation and enableEndpointIndependentMapping exclude each other")
	case !dynamic && o.Has("maxPortsPerVm"):
		return errors.New("maxPortsPerVm needs enableDynamicPortAllocation")
	case dynamic && o.Known("minPortsPerVm") && (least < 32 || powerOfTwo(o.Get("minPortsPerVm")) != nil):
		return fmt.Errorf("minPortsPerVm %v: with enableDynamicPortAllocation want a power of two from 32", least)
	case dynamic && o.Known("minPortsPerVm") && o.Known("maxPortsPerVm") && most <= least:
		return fmt.Errorf("maxPortsPerVm %v is not above minPortsPerVm %v", most, least)
	}
	return nil
}
