// Package privateendpoint gives a service an address in the environment's network.
package privateendpoint

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// Entry is where a private endpoint is made.
type Entry struct {
	Subnet pulumi.StringInput // Subnet is the id of the subnet of private endpoints. Required.
	Zone   pulumi.StringInput // Zone is the id of the private DNS zone of the service. Required.
}

// Check reports what is missing.
func (e Entry) Check(p *components.Problems, field string) {
	p.Want(e.Subnet != nil, "%s.subnet is required", field)
	p.Want(e.Zone != nil, "%s.zone is required", field)
}

// Attach makes the endpoint of a target, as NAME-endpoint, and the record of its
// address in the private zone, as NAME-endpoint-dns. name is that of the endpoint,
// and group the target's sub-resource, such as "blob":
// https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource
// What comes back is the record: who uses the target by its name waits for it.
func Attach(
	ctx *pulumi.Context, child components.Child, place azure.Place, in Entry, name, group string, target pulumi.StringInput,
) (pulumi.Resource, error) {
	endpoint, err := network.NewPrivateEndpoint(ctx, child.Name("endpoint"), &network.PrivateEndpointArgs{
		ResourceGroupName:   place.GroupName,
		Location:            pulumi.String(place.Location),
		PrivateEndpointName: pulumi.String(name),
		Subnet:              network.SubnetTypeArgs{Id: in.Subnet.ToStringOutput().ToStringPtrOutput()},
		PrivateLinkServiceConnections: network.PrivateLinkServiceConnectionArray{
			network.PrivateLinkServiceConnectionArgs{
				Name:                 pulumi.String(name),
				PrivateLinkServiceId: target.ToStringOutput().ToStringPtrOutput(),
				GroupIds:             pulumi.StringArray{pulumi.String(group)},
			},
		},
		Tags: place.InputTags(),
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("private endpoint: %w", err)
	}
	record, err := network.NewPrivateDnsZoneGroup(ctx, child.Name("endpoint", "dns"), &network.PrivateDnsZoneGroupArgs{
		ResourceGroupName:       place.GroupName,
		PrivateEndpointName:     endpoint.Name,
		PrivateDnsZoneGroupName: pulumi.String("default"),
		PrivateDnsZoneConfigs: network.PrivateDnsZoneConfigArray{
			network.PrivateDnsZoneConfigArgs{Name: pulumi.String(group), PrivateDnsZoneId: in.Zone.ToStringOutput().ToStringPtrOutput()},
		},
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("address of the private endpoint: %w", err)
	}
	return record, nil
}
