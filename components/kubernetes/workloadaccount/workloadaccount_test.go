package workloadaccount_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/workloadaccount"
	_ "ai-worker/internal/sandbox/kubernetes"
)

const accountType = "kubernetes:core/v1:ServiceAccount"

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *workloadaccount.Args {
	return &workloadaccount.Args{
		Name: "api", Namespace: pulumi.String("ai-worker-dev"), GoogleAccount: pulumi.String("api-dev@my-project.iam.gserviceaccount.com"),
	}
}

func full() *workloadaccount.Args {
	args := valid()
	args.Labels, args.AllowToken = map[string]string{"team": "web"}, true
	return args
}

var (
	program = componentstest.Program(workloadaccount.New, "api")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{accountType + " api-account"}, componentstest.Tree(t, run(t, full()), workloadaccount.TypeToken))
}

func TestAccount(t *testing.T) {
	run(t, valid()).One(t, accountType).Expect(t, map[string]any{
		"metadata.name": "api", "metadata.namespace": "ai-worker-dev", "metadata.labels": nil,
		"metadata.annotations": map[string]any{"iam.gke.io/gcp-service-account": "api-dev@my-project.iam.gserviceaccount.com"},
		// spelt out: left out, the API server would mount a token
		"automountServiceAccountToken": false,
	})
	run(t, full()).One(t, accountType).Expect(t, map[string]any{"automountServiceAccountToken": true, "metadata.labels.team": "web"})
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"name": "api"}, componentstest.Outputs(t, workloadaccount.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"GoogleAccount": pulumi.String("worker@my-project.iam.gserviceaccount.com"),
	}})
}

func TestRefusals(t *testing.T) {
	google := func(address pulumi.StringInput) func(*workloadaccount.Args) {
		return func(a *workloadaccount.Args) { a.GoogleAccount = address }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[workloadaccount.Args]{
		"name":              {func(a *workloadaccount.Args) { a.Name = "API" }, `name "API"`},
		"default":           {func(a *workloadaccount.Args) { a.Name = "default" }, `name "default": is the account of pods`},
		"no namespace":      {func(a *workloadaccount.Args) { a.Namespace = nil }, "namespace is required"},
		"namespace":         {func(a *workloadaccount.Args) { a.Namespace = pulumi.String("a.b") }, `namespace "a.b"`},
		"no Google account": {google(nil), "googleAccount is required"},
		"Google account":    {google(pulumi.String("serviceAccount:api-dev@my-project.iam.gserviceaccount.com")), `googleAccount "serviceAccount:`},
		"a user":            {google(pulumi.String("api-dev@example.com")), "want the address of a service account"},
		"label":             {func(a *workloadaccount.Args) { a.Labels = map[string]string{"team": "a b"} }, `labels["team"] "a b"`},
	})
	args := valid()
	args.GoogleAccount = pulumi.String("api-dev@web.example.com.iam.gserviceaccount.com")
	require.NoError(t, args.Validate(), "a project of a domain")
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &workloadaccount.Args{}, "name", "namespace", "googleAccount")
}
