package githubfederation_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/githubfederation"
	_ "ai-worker/internal/sandbox/gcp/sdk/iam"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
	_ "ai-worker/internal/sandbox/gcp/sdk/serviceaccount"
)

const (
	poolType          = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"
	providerType      = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"
	accountType       = "gcp:serviceaccount/account:Account"
	accountMemberType = "gcp:serviceaccount/iAMMember:IAMMember"
	projectMemberType = "gcp:projects/iAMMember:IAMMember"
	customRoleType    = "gcp:projects/iAMCustomRole:IAMCustomRole"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *githubfederation.Args {
	return &githubfederation.Args{
		Project: componentstest.Project, PoolID: "github-dev", ProviderID: "github-actions", OwnerID: "1001",
		Plan: githubfederation.Plan{AccountID: "github-plan", RepositoryID: "2002"},
		Apply: githubfederation.Apply{
			AccountID: "github-apply", RepositoryID: "2002", Refs: []string{"refs/heads/main"}, Environment: "prod",
			Roles: []string{"roles/compute.networkAdmin"},
		},
		Push: githubfederation.Push{AccountID: "github-push", RepositoryID: "3003", Refs: []string{"refs/heads/development"}},
	}
}

func full() *githubfederation.Args {
	args := valid()
	args.Plan.Environment = "dev-plan"
	args.Plan.Refs, args.Plan.Roles, args.Plan.Permissions = []string{"refs/heads/main"}, []string{"roles/compute.viewer"}, []string{"storage.buckets.get"}
	args.Push.Environment, args.Events = "dev", []string{"push"}
	return args
}

var (
	program = componentstest.Program(githubfederation.New, "github")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		poolType + " github-pool",
		providerType + " github-provider",
		customRoleType + " github-customrole-plan",
		projectMemberType + " github-role-apply-compute.networkAdmin",
		projectMemberType + " github-role-plan-compute.viewer",
		projectMemberType + " github-role-plan-custom",
		accountType + " github-account-apply",
		accountType + " github-account-plan",
		accountType + " github-account-push",
		accountMemberType + " github-user-apply-heads/main",
		accountMemberType + " github-user-plan-heads/main",
		accountMemberType + " github-user-plan-pull_request",
		accountMemberType + " github-user-push-heads/development",
	}, componentstest.Tree(t, run(t, full()), githubfederation.TypeToken))
	require.Len(t, run(t, valid()), 10, "one component and what is always there")
}

// Pool and provider outlive the stack, since their ids stay taken for 30 days.
func TestLasting(t *testing.T) {
	args := valid()
	for _, allowed := range []bool{false, true} {
		args.AllowDeletion = allowed
		all := run(t, args)
		for _, typ := range []string{poolType, providerType} {
			require.Equal(t, !allowed, all.One(t, typ).Protect, typ)
			require.True(t, all.One(t, typ).RetainOnDelete, typ)
		}
	}
}

// What a destroy left behind is imported, whatever its settings were; what is
// another's, or in another project, is not.
func TestLeftBehind(t *testing.T) {
	const pool = "projects/test-project/locations/global/workloadIdentityPools/github-dev"
	const provider = pool + "/providers/github-actions"
	made := run(t, valid())
	type given = map[string]any
	object := func(typ string, change given) given {
		inputs := made.One(t, typ).Inputs.Mappable()
		maps.Copy(inputs, change)
		return given{"type": typ, "inputs": inputs}
	}
	for name, tc := range map[string]struct {
		given          []given
		pool, provider string
	}{
		"nothing":            {nil, "", ""},
		"both":               {[]given{object(poolType, nil), object(providerType, nil)}, pool, provider},
		"pool":               {[]given{object(poolType, nil)}, pool, ""},
		"other settings":     {[]given{object(poolType, given{"disabled": true}), object(providerType, given{"attributeCondition": "assertion.sub == 'x'"})}, pool, provider},
		"another's pool":     {[]given{object(poolType, given{"description": "CI"}), object(providerType, nil)}, "", ""},
		"another's provider": {[]given{object(poolType, nil), object(providerType, given{"description": "CI"})}, pool, ""},
		"another project":    {[]given{object(poolType, given{"project": "other-project"})}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(tc.given)
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "given.yaml")
			require.NoError(t, os.WriteFile(path, text, 0o600))
			all := run(t, valid(), componentstest.WithGiven(t, path))
			require.Equal(t, tc.pool, all.One(t, poolType).RPC.GetImportId())
			require.Equal(t, tc.provider, all.One(t, providerType).RPC.GetImportId())
		})
	}
}

func TestProvider(t *testing.T) {
	provider := run(t, valid()).One(t, providerType)
	require.Equal(t, map[string]any{"issuerUri": "https://token.actions.githubusercontent.com"}, provider.Get("oidc"))
	mapping := provider.Get("attributeMapping").(map[string]any)
	require.Equal(t, `"repo:" + assertion.repository_id + ":" + (assertion.event_name == "pull_request" ? "pull_request" : assertion.ref) + `+
		`(has(assertion.environment) ? ":environment:" + assertion.environment : "")`, mapping["google.subject"])
	require.Equal(t, `has(assertion.environment) ? assertion.environment : ""`, mapping["attribute.environment"])
	for _, claim := range []string{
		"sub", "repository", "repository_id", "repository_owner_id", "ref", "event_name", "job_workflow_ref", "actor",
	} {
		require.Equal(t, "assertion."+claim, mapping["attribute."+claim])
	}
}

func TestCondition(t *testing.T) {
	const ids = `assertion.repository_owner_id == "1001" && assertion.repository_id in ["2002", "3003"] && `
	for name, tc := range map[string]struct {
		change func(*githubfederation.Args)
		want   string
	}{
		"default": {
			func(*githubfederation.Args) {},
			ids + `assertion.event_name in ["pull_request", "push", "workflow_dispatch", "schedule"] && assertion.runner_environment == "github-hosted"`,
		},
		"weaker": {
			func(a *githubfederation.Args) { a.AllowSelfHosted, a.Events = true, []string{"push"} },
			ids + `assertion.event_name in ["push"]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			tc.change(args)
			require.Equal(t, tc.want, run(t, args).One(t, providerType).Get("attributeCondition"))
		})
	}
}

// Each identity belongs to exact subjects of numeric ids, and to no set.
func TestUsers(t *testing.T) {
	all := run(t, full())
	for name, want := range map[string]struct{ account, subject string }{
		"github-user-plan-pull_request":      {"github-plan", "repo:2002:pull_request:environment:dev-plan"},
		"github-user-plan-heads/main":        {"github-plan", "repo:2002:refs/heads/main:environment:dev-plan"},
		"github-user-apply-heads/main":       {"github-apply", "repo:2002:refs/heads/main:environment:prod"},
		"github-user-push-heads/development": {"github-push", "repo:3003:refs/heads/development:environment:dev"},
	} {
		user := all.One(t, accountMemberType, name)
		require.Equal(t, "roles/iam.workloadIdentityUser", user.Get("role"))
		require.Equal(t, "projects/test-project/serviceAccounts/"+want.account+"@test-project.iam.gserviceaccount.com", user.Get("serviceAccountId"))
		require.Regexp(t, `^principal://iam\.googleapis\.com/projects/[0-9]+/locations/global/workloadIdentityPools/github-dev/subject/`, user.Get("member"))
		require.True(t, strings.HasSuffix(user.Get("member").(string), "/subject/"+want.subject), "%s: %s", name, user.Get("member"))
	}
	require.Len(t, all.OfType(accountMemberType), 4)
}

func TestRoles(t *testing.T) {
	all := run(t, full())
	custom := all.One(t, customRoleType)
	require.Equal(t, "github_plan", custom.Get("roleId"))
	for name, want := range map[string][2]any{
		"github-role-plan-compute.viewer":        {"roles/compute.viewer", "github-plan"},
		"github-role-plan-custom":                {"projects/test-project/roles/github_plan", "github-plan"},
		"github-role-apply-compute.networkAdmin": {"roles/compute.networkAdmin", "github-apply"},
	} {
		grant := all.One(t, projectMemberType, name)
		require.Equal(t, want[0], grant.Get("role"))
		require.Equal(t, "serviceAccount:"+want[1].(string)+"@test-project.iam.gserviceaccount.com", grant.Get("member"))
	}
	for _, r := range all.OfType(projectMemberType) {
		require.NotContains(t, r.Get("member"), "github-push", "push has no role on the project")
	}
}

func TestOutputs(t *testing.T) {
	got := componentstest.Outputs(t, githubfederation.New, valid())
	require.Regexp(t, `^projects/[0-9]+/locations/global/workloadIdentityPools/github-dev$`, got["pool"])
	require.Equal(t, got["pool"].(string)+"/providers/github-actions", got["provider"])
	require.Equal(t, "github-plan@test-project.iam.gserviceaccount.com", got["planEmail"])
	require.Equal(t, "serviceAccount:github-apply@test-project.iam.gserviceaccount.com", got["applyMember"])
	require.Equal(t, "serviceAccount:github-push@test-project.iam.gserviceaccount.com", got["pushMember"])
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"OwnerID": "1002", "Plan.RepositoryID": "2003", "Apply.RepositoryID": "2003", "Push.RepositoryID": "3004",
			"Plan.Roles[0]": "roles/container.viewer", "Plan.Permissions[0]": "storage.buckets.list", "Events[0]": "schedule",
		},
	})
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[githubfederation.Args]{
		"no project":         {func(a *githubfederation.Args) { a.Project = "" }, "project is required"},
		"pool of 3":          {func(a *githubfederation.Args) { a.PoolID = "git" }, `poolID "git"`},
		"pool of 33":         {func(a *githubfederation.Args) { a.PoolID = strings.Repeat("g", 33) }, "4 to 32"},
		"pool in capitals":   {func(a *githubfederation.Args) { a.PoolID = "GitHub" }, `poolID "GitHub"`},
		"pool of Google":     {func(a *githubfederation.Args) { a.PoolID = "gcp-github" }, `poolID "gcp-github"`},
		"provider":           {func(a *githubfederation.Args) { a.ProviderID = "" }, `providerID ""`},
		"owner by name":      {func(a *githubfederation.Args) { a.OwnerID = "octo-org" }, `ownerID "octo-org": want the number`},
		"repository by name": {func(a *githubfederation.Args) { a.Plan.RepositoryID = "octo-org/infra" }, `plan.repositoryID "octo-org/infra"`},
		"any repository":     {func(a *githubfederation.Args) { a.Push.RepositoryID = "*" }, `push.repositoryID "*"`},
		"account":            {func(a *githubfederation.Args) { a.Push.AccountID = "push" }, `push.accountID "push": want 6 to 30`},
		"same account":       {func(a *githubfederation.Args) { a.Apply.AccountID = "github-plan" }, `apply.accountID "github-plan": that is the account of plan`},
		"any ref":            {func(a *githubfederation.Args) { a.Push.Refs = []string{"refs/heads/*"} }, `push.refs[0] "refs/heads/*"`},
		"branch by name":     {func(a *githubfederation.Args) { a.Apply.Refs = []string{"main"} }, `apply.refs[0] "main": want one ref in full`},
		"pull request's ref": {func(a *githubfederation.Args) { a.Apply.Refs = []string{"refs/pull/1/merge"} }, "apply.refs[0]"},
		"ref twice":          {func(a *githubfederation.Args) { a.Plan.Refs = []string{"refs/heads/a", "refs/heads/a"} }, "plan.refs[1] \"refs/heads/a\": given twice"},
		"long subject":       {func(a *githubfederation.Args) { a.Push.Refs = []string{"refs/heads/" + strings.Repeat("a", 110)} }, "Google takes 127"},
		"no apply refs":      {func(a *githubfederation.Args) { a.Apply.Refs = nil }, "apply.refs: want at least one"},
		"no push refs":       {func(a *githubfederation.Args) { a.Push.Refs = nil }, "push.refs: want at least one"},
		"no environment":     {func(a *githubfederation.Args) { a.Apply.Environment = "" }, "apply.environment is required"},
		"environment":        {func(a *githubfederation.Args) { a.Apply.Environment = "prod:x" }, `apply.environment "prod:x"`},
		"no apply roles":     {func(a *githubfederation.Args) { a.Apply.Roles = nil }, "apply.roles: want at least one"},
		"apply as owner":     {func(a *githubfederation.Args) { a.Apply.Roles = []string{"roles/owner"} }, `apply.roles[0] "roles/owner": a basic role`},
		"plan as viewer":     {func(a *githubfederation.Args) { a.Plan.Roles = []string{"roles/viewer"} }, `plan.roles[0] "roles/viewer": a basic role`},
		"plan writes":        {func(a *githubfederation.Args) { a.Plan.Roles = []string{"roles/storage.objectUser"} }, "may only read"},
		"role":               {func(a *githubfederation.Args) { a.Plan.Roles = []string{"compute.viewer"} }, `plan.roles[0] "compute.viewer": want a role`},
		"role twice":         {func(a *githubfederation.Args) { a.Apply.Roles = []string{"roles/a.b", "roles/a.b"} }, "apply.roles[1] \"roles/a.b\": given twice"},
		"permission writes":  {func(a *githubfederation.Args) { a.Plan.Permissions = []string{"storage.buckets.update"} }, "plan.permissions[0]"},
		"permission, token":  {func(a *githubfederation.Args) { a.Plan.Permissions = []string{"iam.serviceAccounts.getAccessToken"} }, "plan.permissions[0]"},
		"permission twice":   {func(a *githubfederation.Args) { a.Plan.Permissions = []string{"a.b.get", "a.b.get"} }, "plan.permissions[1] \"a.b.get\": given twice"},
		"event of strangers": {func(a *githubfederation.Args) { a.Events = []string{"push", "pull_request_target"} }, `events[1] "pull_request_target"`},
		"event twice":        {func(a *githubfederation.Args) { a.Events = []string{"push", "push"} }, "events[1] \"push\": given twice"},
	})
}
