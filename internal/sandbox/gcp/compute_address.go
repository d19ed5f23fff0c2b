package gcp

import (
	"errors"
	"fmt"
	"net/netip"

	"ai-worker/internal/sandbox"
)

func addressKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:    addressType,
		ID:      "projects/{project}/regions/{region}/addresses/{name}",
		Names:   []string{"{selfLink}", "{name}"},
		Outputs: map[string]string{"selfLink": computeURL + "projects/{project}/regions/{region}/addresses/{name}"},
		Fill: func(o *sandbox.Object) {
			fillAddress(o)
			o.Default("networkTier", "PREMIUM")
		},
		Defaults: map[string]any{"addressType": "EXTERNAL"},
		Computed: []string{"ipVersion"}, // IPV4
		Replace: []string{
			"address", "addressType", "description", "ipVersion", "ipv6EndpointType", "name", "network", "networkTier", "prefixLength",
			"project", "purpose", "region", "subnetwork",
		},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "region": computeRegion, "labels{}": labelValue,
			"addressType": sandbox.OneOf("INTERNAL", "EXTERNAL"),
			"ipVersion":   sandbox.OneOf("IPV4", "IPV6"),
			"networkTier": sandbox.OneOf("PREMIUM", "STANDARD"),
		},
		Checks: []sandbox.Check{sandbox.Refuse(func(o *sandbox.Object) bool {
			return o.Str("addressType") == "EXTERNAL" && (o.Has("network") || o.Has("subnetwork"))
		}, "network and subnetwork belong to addressType INTERNAL")},
		Refs: map[string]sandbox.Ref{"network": sandbox.Holds(networkType), "subnetwork": sandbox.Holds(subnetworkType)},
	}
}

func globalAddressKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:     globalAddressType,
		ID:       "projects/{project}/global/addresses/{name}",
		Names:    []string{"{selfLink}", "{name}"},
		Outputs:  map[string]string{"selfLink": computeURL + "projects/{project}/global/addresses/{name}"},
		Fill:     fillAddress,
		Defaults: map[string]any{"addressType": "EXTERNAL"},
		Computed: []string{"ipVersion"}, // IPV4
		Replace: []string{
			"address", "addressType", "description", "ipVersion", "name", "network", "prefixLength", "project", "purpose",
		},
		Rules: map[string]sandbox.Rule{
			"name": computeName, "labels{}": labelValue,
			"addressType":  sandbox.OneOf("INTERNAL", "EXTERNAL"),
			"ipVersion":    sandbox.OneOf("IPV4", "IPV6"),
			"purpose":      sandbox.OneOf("VPC_PEERING", "PRIVATE_SERVICE_CONNECT"),
			"prefixLength": sandbox.Between(8, 30),
		},
		Checks: []sandbox.Check{checkGlobalAddress},
		Refs:   map[string]sandbox.Ref{"network": sandbox.Holds(networkType)},
	}
}

// checkGlobalAddress is https://cloud.google.com/vpc/docs/configure-private-services-access#allocating-range.
func checkGlobalAddress(o *sandbox.Object) error {
	internal := o.Str("addressType") == "INTERNAL"
	switch {
	case !internal && (o.Has("network") || o.Has("purpose") || o.Has("prefixLength")):
		return errors.New("network, purpose and prefixLength belong to addressType INTERNAL")
	case internal && (!o.Has("network") || !o.Has("purpose")):
		return errors.New("addressType INTERNAL needs network and purpose")
	case o.Str("purpose") == "VPC_PEERING" && !o.Has("prefixLength"):
		return errors.New("purpose VPC_PEERING needs prefixLength")
	}
	if p, given := givenRange(o); given && p != p.Masked() {
		return fmt.Errorf("address %s is not the start of a range of prefix length %d: that is %s", p.Addr(), p.Bits(), p.Masked().Addr())
	}
	return nil
}

// givenRange is the range of an address, false while it is not known. An address
// that cannot be read is the API's to refuse.
func givenRange(o *sandbox.Object) (netip.Prefix, bool) {
	if !o.Known("address") || !o.Known("prefixLength") {
		return netip.Prefix{}, false
	}
	p, err := netip.ParsePrefix(fmt.Sprintf("%s/%v", o.Str("address"), o.Num("prefixLength")))
	return p, err == nil
}

// documentation are the ranges that no network uses (RFC 5737).
var documentation = []string{"192.0.2.", "198.51.100.", "203.0.113."}

// fillAddress gives an address that is the same in every run.
func fillAddress(o *sandbox.Object) {
	n := spread(o.Str("selfLink"), len(documentation)*254)
	address := fmt.Sprint(documentation[n/254], n%254+1)
	switch {
	case o.Str("ipVersion") == "IPV6":
		address = fmt.Sprintf("2001:db8::%x", n+1) // RFC 3849
	case o.Str("addressType") == "INTERNAL":
		address = fmt.Sprintf("10.%d.0.0", 128+n%128)
	}
	o.Default("address", address)
	o.Set("creationTimestamp", computeTime)
	o.Set("labelFingerprint", number(fmt.Sprint(o.Get("labels"))))
	fillLabels(o)
}
