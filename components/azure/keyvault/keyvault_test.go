package keyvault_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-azure-native-sdk/network/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/keyvault"
	"ai-worker/components/azure/privateendpoint"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/authorization"
	_ "ai-worker/internal/sandbox/azure/sdk/insights"
	_ "ai-worker/internal/sandbox/azure/sdk/keyvault"
	_ "ai-worker/internal/sandbox/azure/sdk/network"
)

const (
	vaultType      = "azure-native:keyvault:Vault"
	secretType     = "azure-native:keyvault:Secret"
	endpointType   = "azure-native:network:PrivateEndpoint"
	dnsType        = "azure-native:network:PrivateDnsZoneGroup"
	assignmentType = "azure-native:authorization:RoleAssignment"
	diagnosticType = "azure-native:insights:DiagnosticSetting"

	group     = "/subscriptions/" + componentstest.Subscription + "/resourceGroups/ai-worker-dev"
	vault     = group + "/providers/Microsoft.KeyVault/vaults/ai-worker-dev"
	tenant    = "7e7e7e7e-0000-4000-8000-000000000001"
	principal = "0c0c0c0c-0000-4000-8000-000000000001"
	other     = "0c0c0c0c-0000-4000-8000-000000000002"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *keyvault.Args {
	return &keyvault.Args{
		Place: azure.Place{
			Subscription: componentstest.Subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
			Workspace: pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/ai-worker-dev"),
		},
		TenantID: tenant, Name: "ai-worker-dev",
		Endpoint: privateendpoint.Entry{
			Subnet: pulumi.String(group + "/providers/Microsoft.Network/virtualNetworks/ai-worker-dev/subnets/endpoints"),
			Zone:   pulumi.String(group + "/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net"),
		},
	}
}

func secrets() map[string]keyvault.Secret {
	return map[string]keyvault.Secret{"api-token": {Accessors: map[string]pulumi.StringInput{"api": pulumi.String(principal)}}}
}

func full() *keyvault.Args {
	args := valid()
	args.Place.Tags = map[string]string{"app": "ai-worker"}
	args.Generation, args.SoftDeleteDays, args.HSM, args.AllowDeletion = 1, 7, true, true
	args.Secrets = secrets()
	return args
}

var (
	program = componentstest.Program(keyvault.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	args := valid()
	args.Secrets = secrets()
	args.Secrets["unused"] = keyvault.Secret{}
	all := run(t, args)
	require.Equal(t, []string{
		assignmentType + " main-accessor-api-token-api",
		diagnosticType + " main-diagnostics",
		secretType + " main-secret-api-token",
		secretType + " main-secret-unused",
		vaultType + " main-vault",
		dnsType + " main-endpoint-dns",
		endpointType + " main-endpoint",
	}, componentstest.Tree(t, all, keyvault.TypeToken))
	all.One(t, endpointType).Expect(t, map[string]any{
		"privateEndpointName": "ai-worker-dev-vault", "privateLinkServiceConnections[0].privateLinkServiceId": vault,
		"privateLinkServiceConnections[0].groupIds[0]": "vault",
	})
	all.One(t, diagnosticType).Expect(t, map[string]any{"resourceUri": vault})
	all.One(t, assignmentType).Expect(t, map[string]any{
		"scope": vault + "/secrets/api-token", "principalId": principal,
		"roleDefinitionId": azure.KeyVaultSecretsUser.ID(componentstest.Subscription),
	})
}

func TestStrongDefaults(t *testing.T) {
	v := run(t, valid()).One(t, vaultType)
	require.True(t, v.Protect, "a vault is protected unless deletion is allowed")
	v.Expect(t, map[string]any{"vaultName": "ai-worker-dev", "properties": map[string]any{
		"tenantId": tenant, "sku": map[string]any{"family": "A", "name": "standard"},
		"enableRbacAuthorization": true, "enablePurgeProtection": true, "enableSoftDelete": true, "softDeleteRetentionInDays": 90.0,
		"enabledForDeployment": false, "enabledForDiskEncryption": false, "enabledForTemplateDeployment": false,
		"publicNetworkAccess": "Disabled", "networkAcls": map[string]any{"defaultAction": "Deny", "bypass": "None"},
	}})
}

// The purge protection stays even where deletion is allowed: the days do.
func TestWeaker(t *testing.T) {
	all := run(t, full())
	v := all.One(t, vaultType)
	require.False(t, v.Protect)
	require.False(t, all.One(t, secretType).Protect)
	v.Expect(t, map[string]any{
		"vaultName": "ai-worker-dev-1", "properties.softDeleteRetentionInDays": 7.0, "properties.sku.name": "premium",
		"properties.enablePurgeProtection": true, "properties.publicNetworkAccess": "Disabled",
	})
}

// A value that an operator set is never written over.
func TestSecretsAreContainers(t *testing.T) {
	args := valid()
	args.Secrets = secrets()
	all := run(t, args)
	s := all.One(t, secretType)
	require.Equal(t, []string{"properties", "tags"}, s.IgnoreChanges, "and no more: what names a secret must replace it")
	require.Equal(t, "unset", s.Get("properties.value"))
	require.True(t, s.Protect)
	require.Equal(t, all.One(t, vaultType).URN, s.DeletedWith)
}

func TestOutputs(t *testing.T) {
	args := valid()
	args.Secrets = secrets()
	require.Equal(t, map[string]any{
		"name": "ai-worker-dev", "uri": "https://ai-worker-dev.vault.azure.net/", "vaultId": vault,
		"secretUris": map[string]string{"api-token": "https://ai-worker-dev.vault.azure.net/secrets/api-token"},
	}, componentstest.Outputs(t, keyvault.New, args))
}

// What refers to a secret is made after the grant that it needs.
func TestSecretURIsWait(t *testing.T) {
	all, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		made, err := keyvault.New(ctx, "main", full())
		if err != nil {
			return err
		}
		_, err = network.NewNetworkSecurityGroup(ctx, "user", &network.NetworkSecurityGroupArgs{
			ResourceGroupName: pulumi.String("ai-worker-dev"), NetworkSecurityGroupName: pulumi.String("user"), Location: pulumi.String("japaneast"),
			Tags: pulumi.StringMap{"secret": made.SecretURIs.MapIndex(pulumi.String("api-token"))},
		})
		return err
	})
	require.NoError(t, err)
	user := all.One(t, "azure-native:network:NetworkSecurityGroup")
	require.Equal(t, "https://ai-worker-dev-1.vault.azure.net/secrets/api-token", user.Get("tags.secret"))
	for _, needed := range []componentstest.Registration{all.One(t, secretType), all.One(t, assignmentType)} {
		require.Contains(t, user.RPC.GetDependencies(), needed.URN)
	}
}

func TestRefusals(t *testing.T) {
	secret := func(name, workload string, who pulumi.StringInput) func(*keyvault.Args) {
		return func(a *keyvault.Args) {
			a.Secrets = map[string]keyvault.Secret{name: {Accessors: map[string]pulumi.StringInput{workload: who}}}
		}
	}
	someone := pulumi.String(principal)
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[keyvault.Args]{
		"place":             {func(a *keyvault.Args) { a.Place.GroupName = nil }, "groupName is required"},
		"tenant":            {func(a *keyvault.Args) { a.TenantID = "" }, `tenantId ""`},
		"name, digit first": {func(a *keyvault.Args) { a.Name = "1vault" }, `name "1vault"`},
		"name, hyphens":     {func(a *keyvault.Args) { a.Name = "ai--worker" }, `name "ai--worker"`},
		"name, last hyphen": {func(a *keyvault.Args) { a.Name = "ai-worker-" }, `name "ai-worker-"`},
		"name, short":       {func(a *keyvault.Args) { a.Name = "ab" }, `name "ab": want 3 to 24`},
		"name, too long":    {func(a *keyvault.Args) { a.Name, a.Generation = strings.Repeat("a", 22), 10 }, "want 3 to 24 characters, the generation included"},
		"generation":        {func(a *keyvault.Args) { a.Generation = -1 }, "generation -1"},
		"soft delete of 6":  {func(a *keyvault.Args) { a.SoftDeleteDays = 6 }, "softDeleteDays 6"},
		"soft delete of 91": {func(a *keyvault.Args) { a.SoftDeleteDays = 91 }, "softDeleteDays 91"},
		"no zone":           {func(a *keyvault.Args) { a.Endpoint.Zone = nil }, "endpoint.zone is required"},
		"16 tags": {func(a *keyvault.Args) {
			a.Secrets, a.Place.Tags = secrets(), map[string]string{}
			for _, key := range "abcdefghijklmnop" {
				a.Place.Tags[string(key)] = "x"
			}
		}, "tags: 16 of them, want at most 15 on secrets"},
		"secret's name":    {secret("api_token", "api", someone), `secrets["api_token"]`},
		"secret, long":     {secret("a"+strings.Repeat("b", 127), "api", someone), "128 characters, want at most 127"},
		"accessor, nobody": {secret("token", "api", nil), `secrets["token"].accessors["api"]`},
		"accessor's key":   {secret("token", "API", someone), `secrets["token"].accessors["API"]`},
		"accessor, no id":  {secret("token", "api", pulumi.String("api")), `secrets["token"].accessors["api"] "api"`},
		"same logical name": {func(a *keyvault.Args) {
			a.Secrets = map[string]keyvault.Secret{
				"a-b": {Accessors: map[string]pulumi.StringInput{"c": someone}}, "a": {Accessors: map[string]pulumi.StringInput{"b-c": someone}},
			}
		}, `secrets["a-b"].accessors["c"]: the logical name "a-b-c" is that of secrets["a"].accessors["b-c"]`},
	})
}

func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &keyvault.Args{Generation: -1, SoftDeleteDays: 1}, "subscription", "workspace", "tenantId", "name", "generation", "softDeleteDays", "endpoint.subnet")
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"Place.Workspace": pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/other"),
		"Place.Location":  "japanwest", "TenantID": other,
		"Secrets[api-token].Accessors[api]": pulumi.String(other),
	}, Exempt: map[string]string{"Place.Subscription": "is that of the provider; TestChildren"}})
}
