package registry

import (
	"cmp"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-azure-native-sdk/containerregistry/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// registry spells out also what is the cloud's default, so that a change made
// elsewhere shows.
func (a *Args) registry() *containerregistry.RegistryArgs {
	return &containerregistry.RegistryArgs{
		ResourceGroupName:   a.Place.GroupName,
		Location:            pulumi.String(a.Place.Location),
		RegistryName:        pulumi.String(a.Name),
		Sku:                 containerregistry.SkuArgs{Name: pulumi.String("Premium")}, // the only one with private endpoints and retention
		AdminUserEnabled:    pulumi.Bool(false),
		PublicNetworkAccess: either(a.AllowPublicAccess, "Enabled", "Disabled"),
		NetworkRuleSet: containerregistry.NetworkRuleSetArgs{
			DefaultAction: either(a.AllowPublicAccess, "Allow", "Deny"),
			IpRules:       containerregistry.IPRuleArray{},
		},
		NetworkRuleBypassOptions: pulumi.String("None"),
		// layers then come from a host of this registry alone, and not from *.blob.core.windows.net,
		// which no firewall can tell from anybody's storage:
		// https://learn.microsoft.com/azure/container-registry/container-registry-dedicated-data-endpoints
		DataEndpointEnabled: pulumi.Bool(true),
		ZoneRedundancy:      either(a.DisableZoneRedundancy, "Disabled", "Enabled"),
		Policies: containerregistry.PoliciesArgs{
			// Azure takes this only without public access:
			// https://learn.microsoft.com/azure/container-registry/data-loss-prevention
			ExportPolicy:     containerregistry.ExportPolicyArgs{Status: either(a.AllowPublicAccess, "enabled", "disabled")},
			QuarantinePolicy: containerregistry.QuarantinePolicyArgs{Status: pulumi.String("disabled")}, // else a scanner must release each image
			RetentionPolicy: containerregistry.RetentionPolicyArgs{
				Status: pulumi.String("enabled"), Days: pulumi.Int(cmp.Or(a.UntaggedDays, 30)),
			},
			TrustPolicy: containerregistry.TrustPolicyArgs{Status: pulumi.String("disabled"), Type: pulumi.String("Notary")},
		},
		Tags: a.Place.InputTags(),
	}
}

func (a *Args) grant(
	ctx *pulumi.Context, child components.Child, registry pulumi.StringInput, kind string, role azure.Role, to map[string]pulumi.StringInput,
) ([]pulumi.Resource, error) {
	var grants []pulumi.Resource
	for _, workload := range slices.Sorted(maps.Keys(to)) {
		grant := azure.Grant{Role: role, Scope: registry, Principal: to[workload]}
		made, err := a.Place.GrantRole(ctx, child, grant, kind, workload)
		if err != nil {
			return nil, err
		}
		grants = append(grants, made)
	}
	return grants, nil
}

func either(condition bool, then, otherwise string) pulumi.String {
	if condition {
		return pulumi.String(then)
	}
	return pulumi.String(otherwise)
}
