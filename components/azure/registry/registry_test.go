package registry_test

import (
	"testing"

	"github.com/pulumi/pulumi-azure-native-sdk/containerregistry/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/privateendpoint"
	"ai-worker/components/azure/registry"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/authorization"
	_ "ai-worker/internal/sandbox/azure/sdk/containerregistry"
	_ "ai-worker/internal/sandbox/azure/sdk/insights"
	_ "ai-worker/internal/sandbox/azure/sdk/network"
)

const (
	registryType   = "azure-native:containerregistry:Registry"
	endpointType   = "azure-native:network:PrivateEndpoint"
	dnsType        = "azure-native:network:PrivateDnsZoneGroup"
	assignmentType = "azure-native:authorization:RoleAssignment"
	diagnosticType = "azure-native:insights:DiagnosticSetting"

	group     = "/subscriptions/" + componentstest.Subscription + "/resourceGroups/ai-worker-dev"
	principal = "0c0c0c0c-0000-4000-8000-000000000001"
	other     = "0c0c0c0c-0000-4000-8000-000000000002"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *registry.Args {
	return &registry.Args{
		Place: azure.Place{
			Subscription: componentstest.Subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
			Workspace: pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/ai-worker-dev"),
		},
		Name: "aiworkerdev",
		Endpoint: privateendpoint.Entry{
			Subnet: pulumi.String(group + "/providers/Microsoft.Network/virtualNetworks/ai-worker-dev/subnets/endpoints"),
			Zone:   pulumi.String(group + "/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"),
		},
	}
}

func full() *registry.Args {
	args := valid()
	args.Place.Tags = map[string]string{"app": "ai-worker"}
	args.AllowPublicAccess, args.DisableZoneRedundancy, args.UntaggedDays, args.AllowDeletion = true, true, 7, true
	args.Readers = map[string]pulumi.StringInput{"api": pulumi.String(principal)}
	args.Writers = map[string]pulumi.StringInput{"push": pulumi.String(principal)}
	return args
}

var (
	program = componentstest.Program(registry.New, "images")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, full())
	require.Equal(t, []string{
		assignmentType + " images-reader-api",
		assignmentType + " images-writer-push",
		registryType + " images-registry",
		diagnosticType + " images-diagnostics",
		dnsType + " images-endpoint-dns",
		endpointType + " images-endpoint",
	}, componentstest.Tree(t, all, registry.TypeToken))
	id := group + "/providers/Microsoft.ContainerRegistry/registries/aiworkerdev"
	for name, role := range map[string]azure.Role{"images-reader-api": azure.AcrPull, "images-writer-push": azure.AcrPush} {
		all.One(t, assignmentType, name).Expect(t, map[string]any{
			"scope": id, "principalId": principal, "roleDefinitionId": role.ID(componentstest.Subscription),
		})
	}
	all.One(t, endpointType).Expect(t, map[string]any{
		"privateEndpointName": "aiworkerdev-registry", "privateLinkServiceConnections[0].privateLinkServiceId": id,
		"privateLinkServiceConnections[0].groupIds[0]": "registry",
	})
	all.One(t, diagnosticType).Expect(t, map[string]any{"resourceUri": id})
}

func TestStrongDefaults(t *testing.T) {
	r := run(t, valid()).One(t, registryType)
	require.True(t, r.Protect, "a registry is protected unless deletion is allowed")
	r.Expect(t, map[string]any{
		"sku.name": "Premium", "adminUserEnabled": false, "publicNetworkAccess": "Disabled",
		"networkRuleSet.defaultAction": "Deny", "networkRuleBypassOptions": "None", "dataEndpointEnabled": true, "zoneRedundancy": "Enabled",
		"policies.exportPolicy.status": "disabled", "policies.quarantinePolicy.status": "disabled",
		"policies.retentionPolicy.status": "enabled", "policies.retentionPolicy.days": 30.0,
	})
}

// What is weaker must be spelt out, and then reaches the registry; an admin user
// and what bypasses the network's rules never come with it.
func TestWeaker(t *testing.T) {
	r := run(t, full()).One(t, registryType)
	require.False(t, r.Protect)
	r.Expect(t, map[string]any{
		"publicNetworkAccess": "Enabled", "networkRuleSet.defaultAction": "Allow", "zoneRedundancy": "Disabled",
		"policies.exportPolicy.status": "enabled", "policies.retentionPolicy.days": 7.0,
		"adminUserEnabled": false, "networkRuleBypassOptions": "None",
	})
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{
		"name": "aiworkerdev", "loginServer": "aiworkerdev.azurecr.io",
		"registryId": group + "/providers/Microsoft.ContainerRegistry/registries/aiworkerdev",
	}, componentstest.Outputs(t, registry.New, valid()))
}

// What pulls is made after the grant that it needs.
func TestLoginServerWaits(t *testing.T) {
	all, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		images, err := registry.New(ctx, "images", full())
		if err != nil {
			return err
		}
		_, err = containerregistry.NewRegistry(ctx, "user", &containerregistry.RegistryArgs{
			ResourceGroupName: pulumi.String("ai-worker-dev"), RegistryName: pulumi.String("anotherone"), Location: pulumi.String("japaneast"),
			Sku: containerregistry.SkuArgs{Name: pulumi.String("Premium")}, Tags: pulumi.StringMap{"images": images.LoginServer},
		})
		return err
	})
	require.NoError(t, err)
	user := all.One(t, registryType, "user")
	require.Equal(t, "aiworkerdev.azurecr.io", user.Get("tags.images"))
	require.Contains(t, user.RPC.GetDependencies(), all.One(t, assignmentType, "images-reader-api").URN)
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[registry.Args]{
		"place":        {func(a *registry.Args) { a.Place.Location = "Japan East" }, `location "Japan East"`},
		"unobserved":   {func(a *registry.Args) { a.Place.Workspace = nil }, "workspace is required"},
		"upper case":   {func(a *registry.Args) { a.Name = "AIWorker" }, `name "AIWorker"`},
		"hyphen":       {func(a *registry.Args) { a.Name = "ai-worker" }, `name "ai-worker"`},
		"short":        {func(a *registry.Args) { a.Name = "acme" }, `name "acme": want 5 to 50`},
		"no subnet":    {func(a *registry.Args) { a.Endpoint.Subnet = nil }, "endpoint.subnet is required"},
		"untagged":     {func(a *registry.Args) { a.UntaggedDays = 366 }, "untaggedDays 366"},
		"negative":     {func(a *registry.Args) { a.UntaggedDays = -1 }, "untaggedDays -1"},
		"reader":       {func(a *registry.Args) { a.Readers = map[string]pulumi.StringInput{"api": nil} }, `readers["api"]`},
		"writer's key": {func(a *registry.Args) { a.Writers = map[string]pulumi.StringInput{"CI": nil} }, `writers["CI"]`},
	})
}

func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &registry.Args{UntaggedDays: -1}, "subscription", "group", "location", "workspace", "name", "endpoint.subnet", "endpoint.zone", "untaggedDays")
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"Place.Workspace": pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/other"),
		"Place.Location":  "japanwest", "UntaggedDays": 8,
		"Readers[api]": pulumi.String(other), "Writers[push]": pulumi.String(other),
	}, Exempt: map[string]string{"Place.Subscription": "is that of the provider; TestChildren"}})
}
