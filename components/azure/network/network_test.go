package network_test

import (
	"fmt"
	"slices"
	"testing"

	sdk "github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/network"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/network"
)

const (
	vnetType    = "azure-native:network:VirtualNetwork"
	groupType   = "azure-native:network:NetworkSecurityGroup"
	subnetType  = "azure-native:network:Subnet"
	zoneType    = "azure-native:network:PrivateZone"
	linkType    = "azure-native:network:VirtualNetworkLink"
	addressType = "azure-native:network:PublicIPAddress"
	gatewayType = "azure-native:network:NatGateway"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *network.Args {
	return &network.Args{
		Place: azure.Place{
			Subscription: "00000000-0000-4000-8000-000000000001", Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"),
			Location: "japaneast",
		},
		Name: "ai-worker-dev", Range: "10.40.0.0/16",
	}
}

// full sets every field.
func full() *network.Args {
	args := valid()
	args.Place.Tags = map[string]string{"environment": "dev"}
	args.Subnets = network.Subnets{Apps: "10.40.0.0/23", Database: "10.40.2.0/26", Endpoints: "10.40.3.0/26"}
	args.NAT = &network.NAT{Addresses: 2}
	args.OutboundPorts = []int{587, 465}
	return args
}

var (
	program = componentstest.Program(network.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	var always []string
	for _, kind := range []string{"blob", "database", "registry", "vault"} {
		always = append(always, zoneType+" main-zone-"+kind, linkType+" main-link-"+kind)
	}
	for _, subnet := range []string{"apps", "database", "endpoints"} {
		always = append(always, groupType+" main-nsg-"+subnet, subnetType+" main-subnet-"+subnet)
	}
	always = append(always, vnetType+" main-vnet")
	slices.Sort(always)
	require.Equal(t, always, componentstest.Tree(t, run(t, valid()), network.TypeToken))

	withNAT := append([]string{addressType + " main-nat-ip-1", addressType + " main-nat-ip-2", gatewayType + " main-nat"}, always...)
	slices.Sort(withNAT)
	require.Equal(t, withNAT, componentstest.Tree(t, run(t, full()), network.TypeToken))
}

// Subnets are never among the inputs of the VNet, nor ignored there: the provider
// keeps those that are resources of their own only if it is told nothing of them.
func TestSubnetsOnTheirOwn(t *testing.T) {
	vnet := run(t, full()).One(t, vnetType)
	vnet.Expect(t, map[string]any{
		"virtualNetworkName": "ai-worker-dev", "location": "japaneast", "addressSpace.addressPrefixes": []any{"10.40.0.0/16"},
		"tags": map[string]any{"environment": "dev"}, "subnets": nil,
	})
	require.Empty(t, vnet.IgnoreChanges)
}

func TestSubnets(t *testing.T) {
	all := run(t, full())
	previous := ""
	for _, want := range []struct{ name, of, delegation, service, policies string }{
		{"apps", "10.40.0.0/23", "Microsoft.App/environments", "", "Disabled"},
		{"database", "10.40.2.0/26", "Microsoft.DBforPostgreSQL/flexibleServers", "Microsoft.Storage", "Disabled"},
		{"endpoints", "10.40.3.0/26", "", "", "Enabled"},
	} {
		made := all.One(t, subnetType, "main-subnet-"+want.name)
		expected := map[string]any{
			"subnetName": want.name, "virtualNetworkName": "ai-worker-dev", "addressPrefix": want.of,
			"networkSecurityGroup.id":        all.One(t, groupType, "main-nsg-"+want.name).ID,
			"privateEndpointNetworkPolicies": want.policies, "privateLinkServiceNetworkPolicies": "Enabled",
			"delegations": nil, "serviceEndpoints": nil, "natGateway": nil,
		}
		if want.delegation != "" {
			expected["delegations"] = []any{map[string]any{"name": want.name, "serviceName": want.delegation}}
		}
		if want.service != "" {
			expected["serviceEndpoints"] = []any{map[string]any{"service": want.service}}
		}
		if want.name == "apps" {
			expected["natGateway"] = map[string]any{"id": all.One(t, gatewayType).ID}
		}
		made.Expect(t, expected)
		if previous != "" { // Azure refuses to write two at the same time
			require.Contains(t, made.RPC.GetDependencies(), previous)
		}
		previous = made.URN
	}
}

// said is a rule in one line: what it does, with what, from where to where.
func said(rule map[string]any) string {
	ports := rule["destinationPortRange"]
	if ports == nil {
		ports = rule["destinationPortRanges"]
	}
	return fmt.Sprintf("%v %v %v %v > %v %v", rule["direction"], rule["access"], rule["protocol"],
		rule["sourceAddressPrefix"], rule["destinationAddressPrefix"], ports)
}

func TestRules(t *testing.T) {
	all := run(t, full())
	const app, db, endpoint = "10.40.0.0/23", "10.40.2.0/26", "10.40.3.0/26"
	for subnet, want := range map[string][]string{
		"apps": {
			"Inbound Allow Tcp VirtualNetwork > " + app + " [443 31443]",
			"Inbound Allow Tcp AzureLoadBalancer > " + app + " 30000-32767",
			"Inbound Allow * " + app + " > " + app + " *",
			"Inbound Deny * * > * *",
			"Outbound Allow * " + app + " > " + app + " *",
			"Outbound Allow Tcp " + app + " > " + db + " 5432",
			"Outbound Allow Tcp " + app + " > " + endpoint + " 443",
			"Outbound Allow * " + app + " > 168.63.129.16 53",
			"Outbound Allow Tcp " + app + " > Internet [443 587 465]",
			"Outbound Deny * * > * *",
		},
		"database": {
			"Inbound Allow Tcp " + app + " > " + db + " 5432",
			"Inbound Allow Tcp " + db + " > " + db + " 5432",
			"Inbound Deny * * > * *",
			"Outbound Allow Tcp " + db + " > " + db + " 5432",
			"Outbound Allow Tcp " + db + " > Storage 443",
			"Outbound Allow Tcp " + db + " > AzureActiveDirectory 443",
			"Outbound Deny * * > * *",
		},
		"endpoints": {
			"Inbound Allow Tcp " + app + " > " + endpoint + " 443",
			"Inbound Deny * * > * *",
			"Outbound Deny * * > * *",
		},
	} {
		made := all.One(t, groupType, "main-nsg-"+subnet)
		made.Expect(t, map[string]any{"networkSecurityGroupName": "ai-worker-dev-" + subnet, "location": "japaneast"})
		var got []string
		last, names := map[any]float64{}, map[any]bool{}
		for _, r := range made.Get("securityRules").([]any) {
			rule := r.(map[string]any)
			got = append(got, said(rule))
			priority := rule["priority"].(float64)
			require.Greater(t, priority, last[rule["direction"]], "in the order in which they are written")
			require.False(t, names[rule["name"]], "%s: given twice", rule["name"])
			last[rule["direction"]], names[rule["name"]] = priority, true
		}
		require.Equal(t, want, got, subnet)
	}
}

func TestZones(t *testing.T) {
	all := run(t, valid())
	for kind, name := range map[string]string{
		"blob": "privatelink.blob.core.windows.net", "registry": "privatelink.azurecr.io",
		"vault": "privatelink.vaultcore.azure.net", "database": "ai-worker-dev.private.postgres.database.azure.com",
	} {
		all.One(t, zoneType, "main-zone-"+kind).Expect(t, map[string]any{"privateZoneName": name, "location": "global"})
		all.One(t, linkType, "main-link-"+kind).Expect(t, map[string]any{
			"privateZoneName": name, "location": "global", "virtualNetworkLinkName": "ai-worker-dev", "registrationEnabled": false,
			"virtualNetwork.id": all.One(t, vnetType).ID,
		})
	}
}

func TestNAT(t *testing.T) {
	for name, disable := range map[string]bool{"zones": false, "a region without": true} {
		t.Run(name, func(t *testing.T) {
			args := full()
			args.NAT.DisableZoneRedundancy = disable
			all := run(t, args)
			zones := any([]any{"1", "2", "3"})
			if disable {
				zones = nil
			}
			all.One(t, addressType, "main-nat-ip-2").Expect(t, map[string]any{
				"publicIpAddressName": "ai-worker-dev-nat-2", "sku.name": "Standard", "sku.tier": "Regional",
				"publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4", "zones": zones,
			})
			all.One(t, gatewayType).Expect(t, map[string]any{
				"natGatewayName": "ai-worker-dev-nat", "sku.name": "Standard", "zones": nil,
				"publicIpAddresses[0].id": all.One(t, addressType, "main-nat-ip-1").ID,
				"publicIpAddresses[1].id": all.One(t, addressType, "main-nat-ip-2").ID,
			})
		})
	}
}

func TestOutputs(t *testing.T) {
	all, outputs := run(t, full()), componentstest.Outputs(t, network.New, full())
	id := func(typ, name string) string { return all.One(t, typ, "main-"+name).ID }
	addresses, _ := outputs["natAddresses"].([]string)
	delete(outputs, "natAddresses")
	require.Equal(t, map[string]any{
		"id": id(vnetType, "vnet"), "appsSubnet": id(subnetType, "subnet-apps"),
		"databaseSubnet": id(subnetType, "subnet-database"), "endpointsSubnet": id(subnetType, "subnet-endpoints"),
		"blobZone": id(zoneType, "zone-blob"), "registryZone": id(zoneType, "zone-registry"),
		"vaultZone": id(zoneType, "zone-vault"), "databaseZone": id(zoneType, "zone-database"),
	}, outputs)
	require.Len(t, addresses, 2)
	require.NotEqual(t, addresses[0], addresses[1])
	require.Empty(t, componentstest.Outputs(t, network.New, valid())["natAddresses"])
}

// What takes a zone or the database's subnet is made after the zone's link.
func TestAfterLinks(t *testing.T) {
	all, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		n, err := network.New(ctx, "main", valid())
		if err != nil {
			return err
		}
		for user, output := range map[string]pulumi.StringOutput{
			"blob": n.BlobZone, "registry": n.RegistryZone, "vault": n.VaultZone, "database": n.DatabaseZone, "subnet": n.DatabaseSubnet,
		} {
			_, err := sdk.NewNetworkSecurityGroup(ctx, user, &sdk.NetworkSecurityGroupArgs{
				ResourceGroupName: pulumi.String("ai-worker-dev"), Location: pulumi.String("japaneast"),
				NetworkSecurityGroupName: pulumi.String(user), Tags: pulumi.StringMap{"takes": output},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	for user, link := range map[string]string{
		"blob": "blob", "registry": "registry", "vault": "vault", "database": "database", "subnet": "database",
	} {
		needed := all.One(t, linkType, "main-link-"+link)
		require.Contains(t, all.One(t, groupType, user).RPC.GetPropertyDependencies()["tags"].GetUrns(), needed.URN, user)
	}
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Place.Location": "japanwest", "Range": "10.40.0.0/17",
			"Subnets.Apps": "10.40.0.0/24", "Subnets.Database": "10.40.2.0/27", "Subnets.Endpoints": "10.40.3.0/27",
		},
		Exempt: map[string]string{
			"Place.Subscription": "only checked: the provider has its own",
			"Place.Group":        "only checked: GroupName is the group's",
			"Place.Workspace":    "none of it has logs of its own that say anything",
		},
	})
}
