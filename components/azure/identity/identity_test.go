package identity_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/identity"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/managedidentity"
)

const identityType = "azure-native:managedidentity:UserAssignedIdentity"

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *identity.Args {
	return &identity.Args{
		Place: azure.Place{
			Subscription: "00000000-0000-4000-8000-000000000001", Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"),
			Location: "japaneast",
		},
		Name: "ai-worker-dev-api",
	}
}

// full sets every field.
func full() *identity.Args {
	args := valid()
	args.Place.Tags = map[string]string{"environment": "dev"}
	return args
}

var (
	program = componentstest.Program(identity.New, "api")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, full())
	require.Equal(t, []string{identityType + " api-identity"}, componentstest.Tree(t, all, identity.TypeToken))
	all.One(t, identityType).Expect(t, map[string]any{
		"resourceName": "ai-worker-dev-api", "resourceGroupName": "ai-worker-dev", "location": "japaneast",
		"tags": map[string]any{"environment": "dev"},
	})
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, identity.New, valid())
	made := run(t, valid()).One(t, identityType)
	require.Equal(t, map[string]any{
		"id": made.ID, "name": "ai-worker-dev-api",
		"clientId": made.State["clientId"].StringValue(), "principalId": made.State["principalId"].StringValue(),
	}, outputs)
	require.NotEqual(t, outputs["clientId"], outputs["principalId"])
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{"Place.Location": "japanwest"},
		Exempt: map[string]string{
			"Place.Subscription": "only checked: the provider has its own",
			"Place.Group":        "only checked: GroupName is the group's",
			"Place.Workspace":    "an identity tells nothing: its logins are in Microsoft Entra's logs",
		},
	})
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[identity.Args]{
		"place":          {func(a *identity.Args) { a.Place = azure.Place{} }, "groupName is required"},
		"name, 2":        {func(a *identity.Args) { a.Name = "ab" }, `name "ab"`},
		"name, 129":      {func(a *identity.Args) { a.Name = strings.Repeat("a", 129) }, "want 3 to 128"},
		"name, hyphen":   {func(a *identity.Args) { a.Name = "-abc" }, `name "-abc"`},
		"name, a period": {func(a *identity.Args) { a.Name = "a.bc" }, `name "a.bc"`},
	})
}
