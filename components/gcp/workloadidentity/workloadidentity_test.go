package workloadidentity_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/workloadidentity"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
	_ "ai-worker/internal/sandbox/gcp/sdk/serviceaccount"
)

const (
	accountType       = "gcp:serviceaccount/account:Account"
	accountMemberType = "gcp:serviceaccount/iAMMember:IAMMember"
	projectMemberType = "gcp:projects/iAMMember:IAMMember"

	email  = "ai-worker-dev-api@" + componentstest.Project + ".iam.gserviceaccount.com"
	member = "serviceAccount:" + email
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *workloadidentity.Args {
	return &workloadidentity.Args{
		Project: componentstest.Project, Name: "ai-worker-dev-api", WorkloadPool: pulumi.String("test-project.svc.id.goog"),
		Namespace: "ai-worker-dev", ServiceAccount: "api",
	}
}

func full() *workloadidentity.Args {
	args := valid()
	args.SignURLs, args.DatabaseInstance, args.Roles = true, pulumi.String("main"), []string{"roles/cloudtrace.agent"}
	return args
}

var (
	program = componentstest.Program(workloadidentity.New, "api")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		accountType + " api-account",
		accountMemberType + " api-user",
	}, componentstest.Tree(t, run(t, valid()), workloadidentity.TypeToken))

	args := full()
	args.Roles = append(args.Roles, "projects/p1/roles/reader")
	require.Equal(t, []string{
		projectMemberType + " api-database-client",
		projectMemberType + " api-database-user",
		projectMemberType + " api-role-cloudtrace.agent",
		projectMemberType + " api-role-projects.p1.roles.reader",
		accountType + " api-account",
		accountMemberType + " api-signer",
		accountMemberType + " api-user",
	}, componentstest.Tree(t, run(t, args), workloadidentity.TypeToken))
}

// Exactly one Kubernetes service account may act as the workload.
func TestUser(t *testing.T) {
	user := run(t, valid()).One(t, accountMemberType)
	require.Equal(t, "roles/iam.workloadIdentityUser", user.Get("role"))
	require.Equal(t, "serviceAccount:test-project.svc.id.goog[ai-worker-dev/api]", user.Get("member"))
	require.Equal(t, "projects/test-project/serviceAccounts/"+email, user.Get("serviceAccountId"))
}

// The account signs as itself, and as nothing else.
func TestSigner(t *testing.T) {
	signer := run(t, full()).One(t, accountMemberType, "api-signer")
	require.Equal(t, "roles/iam.serviceAccountTokenCreator", signer.Get("role"))
	require.Equal(t, member, signer.Get("member"))
	require.Equal(t, "projects/test-project/serviceAccounts/"+email, signer.Get("serviceAccountId"))
}

func TestDatabase(t *testing.T) {
	all := run(t, full())
	for name, role := range map[string]string{
		"api-database-client": "roles/cloudsql.client", "api-database-user": "roles/cloudsql.instanceUser",
	} {
		grant := all.One(t, projectMemberType, name)
		require.Equal(t, role, grant.Get("role"))
		require.Equal(t, member, grant.Get("member"))
		require.Equal(t, `resource.name == "projects/test-project/instances/main" && resource.service == "sqladmin.googleapis.com"`,
			grant.Get("condition.expression"), "every instance of the project is reached")
	}
	require.Nil(t, all.One(t, projectMemberType, "api-role-cloudtrace.agent").Get("condition"))
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{
		"accountId": "ai-worker-dev-api", "email": email, "member": member,
		"databaseUser": "ai-worker-dev-api@test-project.iam", "namespace": "ai-worker-dev", "serviceAccount": "api",
	}, componentstest.Outputs(t, workloadidentity.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"WorkloadPool": pulumi.String("other-project.svc.id.goog"), "Project": "other-project",
	}})
}

func TestRefusals(t *testing.T) {
	roles := func(roles ...string) func(*workloadidentity.Args) {
		return func(a *workloadidentity.Args) { a.Roles = roles }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[workloadidentity.Args]{
		"no project":      {func(a *workloadidentity.Args) { a.Project = "" }, "project is required"},
		"no name":         {func(a *workloadidentity.Args) { a.Name = "" }, `name ""`},
		"name":            {func(a *workloadidentity.Args) { a.Name = "API" }, `name "API"`},
		"no pool":         {func(a *workloadidentity.Args) { a.WorkloadPool = nil }, "workloadPool is required"},
		"pool":            {func(a *workloadidentity.Args) { a.WorkloadPool = pulumi.String("test-project") }, `workloadPool "test-project"`},
		"no namespace":    {func(a *workloadidentity.Args) { a.Namespace = "" }, `namespace ""`},
		"every namespace": {func(a *workloadidentity.Args) { a.Namespace = "*" }, `namespace "*"`},
		"no account":      {func(a *workloadidentity.Args) { a.ServiceAccount = "" }, `serviceAccount ""`},
		"account":         {func(a *workloadidentity.Args) { a.ServiceAccount = "Api" }, `serviceAccount "Api"`},
		"owner":           {roles("roles/owner"), `roles[0] "roles/owner": a basic role`},
		"editor":          {roles("roles/cloudtrace.agent", "roles/editor"), `roles[1] "roles/editor": a basic role`},
		"viewer":          {roles("roles/viewer"), "a basic role"},
		"role":            {roles("cloudtrace.agent"), `roles[0] "cloudtrace.agent": want a role`},
		"role twice":      {roles("roles/cloudtrace.agent", "roles/cloudtrace.agent"), "roles[1] \"roles/cloudtrace.agent\": given twice"},
		"every database":  {roles("roles/cloudsql.client"), "databaseInstance grants it on one"},
		"long user": {func(a *workloadidentity.Args) {
			a.Name, a.Project, a.DatabaseInstance = strings.Repeat("a", 30), strings.Repeat("p", 30), pulumi.String("main")
		}, "has 65 bytes, and PostgreSQL takes 63"},
	})
}

func TestAccountID(t *testing.T) {
	for name, want := range map[string]string{
		"ai-worker-dev-api":               "ai-worker-dev-api",
		"abcdef":                          "abcdef",
		"a23456789-123456789-123456789x":  "a23456789-123456789-123456789x",
		"api":                             "api-14c2529",
		"a23456789-123456789-123456789xy": "a23456789-123456789-12-367b90f",
		"a23456789-12345678901-23456789y": "a23456789-12345678901-770b1be",
	} {
		require.Equal(t, want, workloadidentity.AccountID(name))
	}
}

var accountIDShape = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`) // the API's own

func FuzzAccountID(f *testing.F) {
	for _, seed := range []string{"a", "api", "ai-worker-prod-api", strings.Repeat("a-", 40) + "b", "abcdefghijklmnopqrstuv-------z"} {
		f.Add(seed)
	}
	valid := regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)
	f.Fuzz(func(t *testing.T, name string) {
		if !valid.MatchString(name) {
			return // Validate refuses it
		}
		id := workloadidentity.AccountID(name)
		require.Regexp(t, accountIDShape, id)
		require.Equal(t, id, workloadidentity.AccountID(name), "not stable")
		require.Equal(t, id, workloadidentity.AccountID(id), "an id is changed again")
		require.NotEqual(t, id, workloadidentity.AccountID(name+"x"), "two names share an id")
	})
}
