package network

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// zones makes the private zones and links them to the VNet.
func (c *Network) zones(ctx *pulumi.Context, child components.Child, args *Args) error {
	for _, zone := range []struct {
		kind, name string
		id         *pulumi.StringOutput
	}{
		// https://learn.microsoft.com/azure/private-link/private-endpoint-dns
		{"blob", "privatelink.blob.core.windows.net", &c.BlobZone},
		{"registry", "privatelink.azurecr.io", &c.RegistryZone},
		{"vault", "privatelink.vaultcore.azure.net", &c.VaultZone},
		// Any name that ends so will do, but for a server's own
		// (https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private#use-a-private-dns-zone).
		{"database", args.Name + ".private.postgres.database.azure.com", &c.DatabaseZone},
	} {
		made, err := network.NewPrivateZone(ctx, child.Name("zone", zone.kind), &network.PrivateZoneArgs{
			ResourceGroupName: args.Place.GroupName,
			Location:          pulumi.String("global"),
			PrivateZoneName:   pulumi.String(zone.name),
			Tags:              args.Place.InputTags(),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("zone %s: %w", zone.name, err)
		}
		link, err := network.NewVirtualNetworkLink(ctx, child.Name("link", zone.kind), &network.VirtualNetworkLinkArgs{
			ResourceGroupName:      args.Place.GroupName,
			Location:               pulumi.String("global"),
			PrivateZoneName:        made.Name,
			VirtualNetworkLinkName: pulumi.String(args.Name),
			VirtualNetwork:         network.SubResourceArgs{Id: c.ID.ToStringPtrOutput()},
			RegistrationEnabled:    pulumi.Bool(false), // of virtual machines' names
			Tags:                   args.Place.InputTags(),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("link of %s: %w", zone.name, err)
		}
		*zone.id = after(made.ID(), link.ID())
	}
	return nil
}

// after is an id, once another thing is there too.
func after(id pulumi.IDOutput, other pulumi.Output) pulumi.StringOutput {
	return pulumi.All(id, other).ApplyT(func(both []any) string { return string(both[0].(pulumi.ID)) }).(pulumi.StringOutput)
}
