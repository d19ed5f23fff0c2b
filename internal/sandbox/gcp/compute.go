package gcp

import (
	"fmt"
	"hash/fnv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	networkType       = "gcp:compute/network:Network"
	subnetworkType    = "gcp:compute/subnetwork:Subnetwork"
	routerType        = "gcp:compute/router:Router"
	addressType       = "gcp:compute/address:Address"
	globalAddressType = "gcp:compute/globalAddress:GlobalAddress"

	computeURL  = "https://www.googleapis.com/compute/v1/"
	computeTime = "2024-01-01T00:00:00.000-07:00"
)

var (
	// computeName is the name of anything in Compute Engine (RFC 1035).
	computeName = sandbox.Match(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`,
		"1 to 63 lower-case letters, digits and inner hyphens, a letter first")
	computeRegion   = sandbox.Match(`^[a-z]+-[a-z]+[0-9]+$`, `a region, such as "asia-northeast1"`)
	computeZone     = sandbox.Match(`^[a-z]+-[a-z]+[0-9]+-[a-z]$`, `a zone, such as "asia-northeast1-a"`)
	computeLocation = sandbox.Match(`^[a-z]+-[a-z]+[0-9]+(-[a-z])?$`, `a region or a zone, such as "asia-northeast1"`)
)

func computeKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		networkKind(), subnetworkKind(), routerKind(), routerNatKind(), addressKind(), globalAddressKind(), firewallKind(),
		securityPolicyKind(),
	}
}

func computeLookups() []*sandbox.Lookup {
	return []*sandbox.Lookup{{
		Token: "gcp:compute/getNetwork:getNetwork",
		Type:  networkType, Key: "projects/{project}/global/networks/{name}",
	}}
}

// spread turns a name into one of n numbers, the same every time.
func spread(name string, n int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	return int(h.Sum32()) % n
}

// powerOfTwo wants one.
func powerOfTwo(v resource.PropertyValue) error {
	if n := int(v.NumberValue()); n < 1 || n&(n-1) != 0 {
		return fmt.Errorf("%d is no power of two", n)
	}
	return nil
}
