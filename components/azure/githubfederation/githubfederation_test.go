package githubfederation_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/githubfederation"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/authorization"
	_ "ai-worker/internal/sandbox/azure/sdk/managedidentity"
)

const (
	identityType   = "azure-native:managedidentity:UserAssignedIdentity"
	credentialType = "azure-native:managedidentity:FederatedIdentityCredential"
	roleType       = "azure-native:authorization:RoleAssignment"

	subscription = "00000000-0000-4000-8000-000000000001"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *githubfederation.Args {
	return &githubfederation.Args{
		Place: azure.Place{
			Subscription: subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
		},
		Name:        "ai-worker-dev",
		Repository:  githubfederation.Repository{Owner: "Example", OwnerID: "1001", Name: "infra", ID: "2001"},
		Environment: "dev",
	}
}

// full sets every field.
func full() *githubfederation.Args {
	args := valid()
	args.Place.Tags = map[string]string{"environment": "dev"}
	args.PushRepository = &githubfederation.Repository{Owner: "Example", OwnerID: "1001", Name: "app", ID: "2002"}
	args.PlanEnvironment, args.PushEnvironment = "look", "images"
	return args
}

var (
	program = componentstest.Program(githubfederation.New, "github")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, full())
	require.Equal(t, []string{
		roleType + " github-role-apply-access",
		roleType + " github-role-apply-contributor",
		roleType + " github-role-apply-locks",
		roleType + " github-role-plan-reader",
		credentialType + " github-federation-apply",
		credentialType + " github-federation-plan",
		credentialType + " github-federation-push",
		identityType + " github-identity-apply",
		identityType + " github-identity-plan",
		identityType + " github-identity-push",
	}, componentstest.Tree(t, all, githubfederation.TypeToken))
	for _, made := range all.OfType(identityType) {
		require.True(t, made.Protect, made.Name)
		require.Equal(t, map[string]any{"environment": "dev"}, made.Get("tags"))
	}
	all.One(t, identityType, "github-identity-plan").Expect(t, map[string]any{
		"resourceName": "ai-worker-dev-plan", "resourceGroupName": "ai-worker-dev", "location": "japaneast",
	})
}

func TestAllowDeletion(t *testing.T) {
	args := valid()
	args.AllowDeletion = true
	for _, made := range run(t, args) {
		require.False(t, made.Protect, made.Name)
	}
}

// Each identity trusts one subject, GitHub's and Azure's letters being the same.
func TestSubjects(t *testing.T) {
	old := githubfederation.Repository{Owner: "Example", Name: "app", AllowReusedNames: true}
	for name, tc := range map[string]struct {
		change            func(*githubfederation.Args)
		plan, apply, push string
	}{
		"defaults": {
			func(*githubfederation.Args) {},
			"repo:Example@1001/infra@2001:environment:dev-plan",
			"repo:Example@1001/infra@2001:environment:dev",
			"repo:Example@1001/infra@2001:environment:dev-push",
		},
		"everything": {
			func(a *githubfederation.Args) { *a = *full() },
			"repo:Example@1001/infra@2001:environment:look",
			"repo:Example@1001/infra@2001:environment:dev",
			"repo:Example@1001/app@2002:environment:images",
		},
		"old repositories": {
			func(a *githubfederation.Args) { a.Repository, a.PushRepository = old, &old },
			"repo:Example/app:environment:dev-plan",
			"repo:Example/app:environment:dev",
			"repo:Example/app:environment:dev-push",
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			tc.change(args)
			all := run(t, args)
			for who, subject := range map[string]string{"plan": tc.plan, "apply": tc.apply, "push": tc.push} {
				all.One(t, credentialType, "github-federation-"+who).Expect(t, map[string]any{
					"resourceName": "ai-worker-dev-" + who, "resourceGroupName": "ai-worker-dev",
					"federatedIdentityCredentialResourceName": "github", "subject": subject,
					"issuer": "https://token.actions.githubusercontent.com", "audiences": []any{"api://AzureADTokenExchange"},
				})
			}
		})
	}
}

func TestRoles(t *testing.T) {
	all := run(t, valid())
	for name, role := range map[string]azure.Role{
		"plan-reader": azure.Reader, "apply-contributor": azure.Contributor,
		"apply-access": azure.AccessAdministrator, "apply-locks": azure.LocksContributor,
	} {
		who, _, _ := strings.Cut(name, "-")
		made := all.One(t, roleType, "github-role-"+name)
		made.Expect(t, map[string]any{
			"roleDefinitionId": role.ID(subscription),
			"scope":            "/subscriptions/" + subscription + "/resourceGroups/ai-worker-dev",
			"principalId":      all.One(t, identityType, "github-identity-"+who).State["principalId"].StringValue(),
			"principalType":    "ServicePrincipal",
		})
		if role != azure.AccessAdministrator {
			require.Nil(t, made.Get("condition"), name)
		}
	}
}

// Apply grants and takes back what workloads have, to identities, and cannot make
// itself more than it is.
func TestCondition(t *testing.T) {
	made := run(t, valid()).One(t, roleType, "github-role-apply-access")
	require.Equal(t, "2.0", made.Get("conditionVersion"))
	condition := made.Get("condition").(string)
	for _, want := range []string{
		"(!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'}) OR " +
			"(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {",
		" AND (!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}) OR " +
			"(@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {",
		"@Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}",
		"@Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}",
	} {
		require.Contains(t, condition, want)
	}
	require.Equal(t, strings.Count(condition, "("), strings.Count(condition, ")"))
	require.Less(t, len(condition), 8<<10, "Azure takes 8 KB")

	granted := map[azure.Role]int{}
	for _, id := range regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).FindAllString(condition, -1) {
		granted[azure.Role(id)]++
	}
	workload := []azure.Role{
		azure.AcrPull, azure.AcrPush, azure.BlobDataReader, azure.BlobDataContributor, azure.BlobDelegator, azure.KeyVaultSecretsUser,
	}
	require.Len(t, granted, len(workload))
	for role, times := range granted {
		require.True(t, slices.Contains(workload, role), role)
		require.Equal(t, 2, times, "%s: once to make, once to take back", role)
	}
}

func TestOutputs(t *testing.T) {
	all := run(t, valid())
	want := map[string]any{}
	for _, who := range []string{"plan", "apply", "push"} {
		state := all.One(t, identityType, "github-identity-"+who).State
		want[who+"ClientId"], want[who+"PrincipalId"] = state["clientId"].StringValue(), state["principalId"].StringValue()
		want["tenantId"] = state["tenantId"].StringValue()
	}
	require.Equal(t, want, componentstest.Outputs(t, githubfederation.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Place.Subscription": "00000000-0000-4000-8000-000000000002", "Place.Location": "japanwest",
			"Repository.OwnerID": "1", "Repository.ID": "2", "PushRepository.OwnerID": "1", "PushRepository.ID": "2",
		},
		Exempt: map[string]string{
			"Place.Workspace":                 "identities tell nothing: their logins are in Microsoft Entra's logs",
			"Repository.AllowReusedNames":     "excludes the ids; TestSubjects has it",
			"PushRepository.AllowReusedNames": "excludes the ids; TestSubjects has it",
		},
	})
}

func TestRefusals(t *testing.T) {
	type args = githubfederation.Args
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[args]{
		"place":              {func(a *args) { a.Place = azure.Place{} }, "groupName is required"},
		"name, empty":        {func(a *args) { a.Name = "" }, `name ""`},
		"name, 123":          {func(a *args) { a.Name = strings.Repeat("a", 123) }, "want 1 to 122"},
		"owner, empty":       {func(a *args) { a.Repository.Owner = "" }, `repository.owner ""`},
		"owner/name":         {func(a *args) { a.Repository.Name = "Example/infra" }, `repository.name "Example/infra"`},
		"owner id":           {func(a *args) { a.Repository.OwnerID = "Example" }, `repository.ownerID "Example"`},
		"no id":              {func(a *args) { a.Repository.ID = "" }, `repository.id ""`},
		"id, reused names":   {func(a *args) { a.Repository.AllowReusedNames = true }, "repository.id \"2001\": tokens have none"},
		"push repository":    {func(a *args) { a.PushRepository = &githubfederation.Repository{} }, `pushRepository.owner ""`},
		"environment, empty": {func(a *args) { a.Environment = "" }, `environment of apply ""`},
		"environment, any":   {func(a *args) { a.PlanEnvironment = "*" }, `environment of plan "*"`},
		"environment, colon": {func(a *args) { a.PushEnvironment = "dev:push" }, `environment of push "dev:push"`},
		"plan is apply":      {func(a *args) { a.PlanEnvironment = "Dev" }, `"dev": that is the one of plan`},
		"push is plan":       {func(a *args) { a.PushEnvironment = "dev-plan" }, `"dev-plan": that is the one of plan`},
	})
}

// Of another repository, an environment may have the same name.
func TestSameEnvironmentElsewhere(t *testing.T) {
	args := full()
	args.PushEnvironment = args.Environment
	require.NoError(t, args.Validate())
}
