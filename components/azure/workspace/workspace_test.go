package workspace_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/workspace"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/operationalinsights"
)

const workspaceType = "azure-native:operationalinsights:Workspace"

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *workspace.Args {
	return &workspace.Args{
		Place: azure.Place{
			Subscription: "00000000-0000-4000-8000-000000000001", Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"),
			Location: "japaneast",
		},
		Name: "ai-worker-dev",
	}
}

// full sets every field.
func full() *workspace.Args {
	args := valid()
	args.Place.Tags = map[string]string{"environment": "dev"}
	args.RetentionDays, args.DailyQuotaGB = 365, 1.5
	return args
}

var (
	program = componentstest.Program(workspace.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{workspaceType + " main-workspace"}, componentstest.Tree(t, all, workspace.TypeToken))
	w := all.One(t, workspaceType)
	require.True(t, w.Protect)
	w.Expect(t, map[string]any{
		"workspaceName": "ai-worker-dev", "resourceGroupName": "ai-worker-dev", "location": "japaneast", "sku.name": "PerGB2018",
		"retentionInDays": 90.0, "workspaceCapping.dailyQuotaGb": -1.0,
		"features.disableLocalAuth": true, "features.enableLogAccessUsingOnlyResourcePermissions": true,
		"publicNetworkAccessForIngestion": "Disabled", "publicNetworkAccessForQuery": "Disabled",
	})
}

func TestSettings(t *testing.T) {
	args := full()
	args.AllowPublicQuery, args.AllowDeletion = true, true
	w := run(t, args).One(t, workspaceType)
	require.False(t, w.Protect)
	w.Expect(t, map[string]any{
		"retentionInDays": 365.0, "workspaceCapping.dailyQuotaGb": 1.5, "tags": map[string]any{"environment": "dev"},
		"publicNetworkAccessForIngestion": "Disabled", "publicNetworkAccessForQuery": "Enabled",
	})
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, workspace.New, valid())
	require.Equal(t, "ai-worker-dev", outputs["name"])
	require.Contains(t, outputs["id"], "/providers/Microsoft.OperationalInsights/workspaces/ai-worker-dev")
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{"Place.Location": "japanwest"},
		Exempt: map[string]string{
			"Place.Subscription": "only checked: the provider has its own",
			"Place.Group":        "only checked: GroupName is the group's",
			"Place.Workspace":    "it is this one",
		},
	})
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[workspace.Args]{
		"place":             {func(a *workspace.Args) { a.Place = azure.Place{} }, "groupName is required"},
		"name, 3":           {func(a *workspace.Args) { a.Name = "abc" }, `name "abc"`},
		"name, 64":          {func(a *workspace.Args) { a.Name = strings.Repeat("a", 64) }, "want 4 to 63"},
		"name, hyphen last": {func(a *workspace.Args) { a.Name = "abcd-" }, `name "abcd-"`},
		"name, underscore":  {func(a *workspace.Args) { a.Name = "ab_cd" }, `name "ab_cd"`},
		"retention, 29":     {func(a *workspace.Args) { a.RetentionDays = 29 }, "retentionDays 29"},
		"retention, 731":    {func(a *workspace.Args) { a.RetentionDays = 731 }, "retentionDays 731"},
		"quota, negative":   {func(a *workspace.Args) { a.DailyQuotaGB = -1 }, "dailyQuotaGB -1"},
	})
}
