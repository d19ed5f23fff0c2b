package azure

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	privateZoneType = "azure-native:network:PrivateZone"
	zoneLinkType    = "azure-native:network:VirtualNetworkLink"
	zoneGroupType   = "azure-native:network:PrivateDnsZoneGroup"
)

func privatednsKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		arm("Microsoft.Network/privateDnsZones/{privateZoneName}", sandbox.Kind{
			Type:     privateZoneType,
			Names:    []string{"{privateZoneName}"},
			Fill:     fillPrivateZone,
			Required: []string{"location"},
			Replace:  []string{"location"},
			Rules: map[string]sandbox.Rule{
				"privateZoneName": domain, "location": worldwide, "tags": tags,
			},
		}),
		arm("Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}", sandbox.Kind{
			Type:     zoneLinkType,
			Fill:     fillZoneLink,
			Required: []string{"location", "virtualNetwork", "virtualNetwork.id"},
			Replace:  []string{"location"},
			Rules:    map[string]sandbox.Rule{"virtualNetworkLinkName": armName(1, 80), "location": worldwide, "tags": tags},
			Beside:   besideZoneLink,
			Revise:   fixed("virtualNetwork.id"),
			Refs: map[string]sandbox.Ref{
				"privateZoneName": sandbox.Holds(privateZoneType), // CannotDeleteResource: before nested resources are deleted
				// https://learn.microsoft.com/azure/dns/dns-faq-private: links go with their network
				"virtualNetwork.id": sandbox.Within(networkType),
			},
		}),
	}
}

// zoneGroupKind is of Microsoft.Network proper: it keeps the records of an endpoint
// in private zones.
func zoneGroupKind() *sandbox.Kind {
	k := arm("Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}", sandbox.Kind{
		Type: zoneGroupType,
		Fill: func(o *sandbox.Object) {
			o.Set("provisioningState", "Succeeded")
			o.Set("etag", fmt.Sprintf(`W/"%s"`, drawn(idOf(o)+"/etag")))
		},
		Required: []string{"privateDnsZoneConfigs", "privateDnsZoneConfigs[].name", "privateDnsZoneConfigs[].privateDnsZoneId"},
		Rules: map[string]sandbox.Rule{
			"privateDnsZoneGroupName": armName(1, 80),
			// https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration#private-dns-zone-group
			"privateDnsZoneConfigs":        sandbox.Items(1, 5),
			"privateDnsZoneConfigs[].name": armName(1, 80),
		},
		Beside: besideZoneGroup,
		Refs: map[string]sandbox.Ref{
			"privateEndpointName":                      sandbox.Within(endpointType),
			"privateDnsZoneConfigs[].privateDnsZoneId": sandbox.Names(privateZoneType),
		},
	})
	delete(k.Outputs, "type") // of all types it alone tells none
	return k
}

var label = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$`)

// domain: https://learn.microsoft.com/azure/dns/private-dns-privatednszone#restrictions
func domain(v resource.PropertyValue) error {
	labels := strings.Split(v.StringValue(), ".")
	if len(labels) < 2 || len(labels) > 34 || slices.ContainsFunc(labels, func(l string) bool { return !label.MatchString(l) }) {
		return fmt.Errorf("%q: want 2 to 34 labels of lower-case letters, digits, underscores and inner hyphens", v.StringValue())
	}
	return nil
}

// worldwide is where private zones are, and what is theirs.
func worldwide(v resource.PropertyValue) error {
	if !same(v.StringValue(), "global") {
		return fmt.Errorf(`LocationNotAvailableForResourceType: %q: want "global", and not the region of the group`, v.StringValue())
	}
	return nil
}

func fillPrivateZone(o *sandbox.Object) {
	o.Set("provisioningState", "Succeeded")
	o.Set("etag", drawn(idOf(o)+"/etag"))
	o.Set("internalId", base64.StdEncoding.EncodeToString([]byte(drawn(idOf(o)))))
	o.Set("numberOfRecordSets", 1) // the SOA record
	// https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#private-dns-limits
	o.Set("maxNumberOfRecordSets", 25000)
	o.Set("maxNumberOfVirtualNetworkLinks", 1000)
	o.Set("maxNumberOfVirtualNetworkLinksWithRegistration", 100)
}

func fillZoneLink(o *sandbox.Object) {
	o.Set("provisioningState", "Succeeded")
	o.Set("virtualNetworkLinkState", "Completed")
	o.Set("etag", fmt.Sprintf(`"%s"`, drawn(idOf(o)+"/etag")))
	o.Default("registrationEnabled", false)
}

// besideZoneLink: a network sees one zone of a name, and registers its machines in one zone.
func besideZoneLink(o *sandbox.Object, others []*sandbox.Object) error {
	if err := inGroupOf(o, "privateZoneName"); err != nil {
		return err
	}
	for _, other := range others {
		if !same(other.Str("virtualNetwork.id"), o.Str("virtualNetwork.id")) || itself(o, other) {
			continue
		}
		switch {
		case same(other.Str("privateZoneName"), o.Str("privateZoneName")):
			return fmt.Errorf("BadRequest: a virtual network cannot be linked to multiple zones with overlapping namespaces: "+
				"it is linked to %s in %s already, by %q", other.Str("privateZoneName"), other.Str("resourceGroupName"), other.Str("name"))
		case other.Bool("registrationEnabled") && o.Bool("registrationEnabled"):
			return fmt.Errorf("BadRequest: a virtual network can be linked to one zone with registration: it is so to %s", other.Str("privateZoneName"))
		}
	}
	return nil
}

// besideZoneGroup. That the zone is another than the one of the service, Azure takes:
// then nobody finds the address, since the service's public name leads to that zone.
func besideZoneGroup(o *sandbox.Object, others []*sandbox.Object) error {
	endpoint := o.Ref("privateEndpointName")
	if endpoint == nil {
		return nil // the cloud says that it is not there
	}
	if err := inGroupOf(o, "privateEndpointName"); err != nil {
		return err
	}
	for _, other := range others {
		if same(other.Str("privateEndpointName"), o.Str("privateEndpointName")) &&
			same(other.Str("resourceGroupName"), o.Str("resourceGroupName")) && !itself(o, other) {
			return fmt.Errorf("private endpoint %q has zone group %q already, and one is the most", o.Str("privateEndpointName"), other.Str("privateDnsZoneGroupName"))
		}
	}
	to := connected(endpoint)
	var wrong error
	o.Each("privateDnsZoneConfigs[].privateDnsZoneId", func(at string, _ resource.PropertyValue) {
		if zone := o.Ref(at); zone != nil && zone.Str("privateZoneName") != to.service().zone {
			wrong = fmt.Errorf("%s: zone %q holds no address of %q, which is looked up in %q", at, zone.Str("privateZoneName"), to.group, to.service().zone)
		}
	})
	return wrong
}
