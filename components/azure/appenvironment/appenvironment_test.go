package appenvironment_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/appenvironment"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/app"
	_ "ai-worker/internal/sandbox/azure/sdk/insights"
)

const (
	environmentType = "azure-native:app/v20240301:ManagedEnvironment"

	group   = "/subscriptions/" + componentstest.Subscription + "/resourceGroups/ai-worker-dev"
	subnets = group + "/providers/Microsoft.Network/virtualNetworks/main/subnets/"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *appenvironment.Args {
	return &appenvironment.Args{
		Place: azure.Place{
			Subscription: componentstest.Subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
			Workspace: pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/main"),
		},
		Name: "main", Subnet: pulumi.String(subnets + "apps"),
	}
}

// full sets every field.
func full() *appenvironment.Args {
	a := valid()
	a.Place.Tags = map[string]string{"environment": "dev"}
	return a
}

var (
	program = componentstest.Program(appenvironment.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		environmentType + " main-environment",
		"azure-native:insights:DiagnosticSetting main-diagnostics",
	}, componentstest.Tree(t, run(t, full()), appenvironment.TypeToken))
}

func TestTheDefaultIsStrong(t *testing.T) {
	r := run(t, full()).One(t, environmentType)
	require.True(t, r.Protect)
	r.Expect(t, map[string]any{
		"environmentName":             "main",
		"infrastructureResourceGroup": "ai-worker-dev-main-managed",
		"vnetConfiguration":           map[string]any{"infrastructureSubnetId": subnets + "apps", "internal": true},
		"zoneRedundant":               true,
		"appLogsConfiguration":        map[string]any{"destination": "azure-monitor"}, // no shared key
		"workloadProfiles":            []any{map[string]any{"name": "Consumption", "workloadProfileType": "Consumption"}},
		"peerAuthentication":          map[string]any{"mtls": map[string]any{"enabled": true}},
		"peerTrafficConfiguration":    map[string]any{"encryption": map[string]any{"enabled": true}},
		"tags":                        map[string]any{"environment": "dev"},
	})
}

func TestWeaker(t *testing.T) {
	a := valid()
	a.AllowInternet, a.DisableZoneRedundancy, a.AllowDeletion = true, true, true
	r := run(t, a).One(t, environmentType)
	require.False(t, r.Protect)
	r.Expect(t, map[string]any{"vnetConfiguration.internal": false, "zoneRedundant": false})
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, appenvironment.New, valid())
	require.Equal(t, "main", outputs["environment"])
	require.Equal(t, group+"/providers/Microsoft.App/managedEnvironments/main", outputs["environmentId"])
	for _, output := range []string{"defaultDomain", "staticIp", "verificationId"} {
		require.NotEmpty(t, outputs[output], output)
	}
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Place.Location":  "koreacentral",
			"Place.Workspace": pulumi.String(group + "/providers/Microsoft.OperationalInsights/workspaces/other"),
			"Subnet":          pulumi.String(subnets + "other"),
		},
		Exempt: map[string]string{"Place.Subscription": "the provider is of one subscription"},
	})
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[appenvironment.Args]{
		"workspace":  {func(a *appenvironment.Args) { a.Place.Workspace = nil }, "workspace is required"},
		"name":       {func(a *appenvironment.Args) { a.Name = "main--apps" }, `name "main--apps": want 2 to 60`},
		"long name":  {func(a *appenvironment.Args) { a.Name = strings.Repeat("n", 61) }, "want 2 to 60"},
		"long group": {func(a *appenvironment.Args) { a.Place.Group = strings.Repeat("g", 80) }, "has 93 characters, want at most 90"},
		"subnet":     {func(a *appenvironment.Args) { a.Subnet = nil }, "subnet is required"},
	})
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &appenvironment.Args{}, "subscription", "location", "workspace", "name", "subnet")
}
