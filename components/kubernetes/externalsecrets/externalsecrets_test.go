package externalsecrets_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/externalsecrets"
	_ "ai-worker/internal/sandbox/kubernetes"
)

const (
	storeType   = "kubernetes:external-secrets.io/v1:SecretStore"
	secretType  = "kubernetes:external-secrets.io/v1:ExternalSecret"
	roleType    = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *externalsecrets.Args {
	return &externalsecrets.Args{
		Name: "api", Namespace: pulumi.String("ai-worker-dev"), ServiceAccount: pulumi.String("api"),
		Project: pulumi.String("secrets-project"), ClusterProject: pulumi.String("cluster-project"),
		ClusterLocation: pulumi.String("asia-northeast1"), ClusterName: pulumi.String("main"),
		Secrets: map[string]pulumi.StringInput{"openai-api-key": pulumi.String("ai-worker-dev-openai-api-key")},
	}
}

func full() *externalsecrets.Args {
	args := valid()
	args.TokenCreator = &externalsecrets.Account{Namespace: pulumi.String("external-secrets"), Name: pulumi.String("operator")}
	args.Versions = map[string]int{"openai-api-key": 7}
	args.RefreshInterval = "30m"
	return args
}

var (
	program = componentstest.Program(externalsecrets.New, "api")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{secretType + " api-secret", storeType + " api-store"},
		componentstest.Tree(t, run(t, valid()), externalsecrets.TypeToken))
	require.Equal(t, []string{
		secretType + " api-secret", storeType + " api-store", roleType + " api-act-as", bindingType + " api-act-as",
	}, componentstest.Tree(t, run(t, full()), externalsecrets.TypeToken))
}

// The store reads as the workload, so that nothing else needs to read its secrets.
func TestStore(t *testing.T) {
	store := run(t, valid()).One(t, storeType)
	require.Equal(t, map[string]any{"name": "api", "namespace": "ai-worker-dev"}, store.Get("metadata"))
	require.Equal(t, map[string]any{"gcpsm": map[string]any{
		"projectID": "secrets-project",
		"auth": map[string]any{"workloadIdentity": map[string]any{
			"serviceAccountRef": map[string]any{"name": "api"},
			"clusterProjectID":  "cluster-project", "clusterLocation": "asia-northeast1", "clusterName": "main",
		}},
	}}, store.Get("spec.provider"))
}

func TestSecret(t *testing.T) {
	args := valid()
	args.Secrets = map[string]pulumi.StringInput{
		"openai-api-key": pulumi.String("short-id"),
		"session":        pulumi.String("projects/123/secrets/long").ToStringOutput(),
	}
	args.Versions = map[string]int{"session": 7}
	secret := run(t, args).One(t, secretType)
	require.Equal(t, map[string]any{"name": "api", "namespace": "ai-worker-dev"}, secret.Get("metadata"))
	require.Equal(t, map[string]any{
		"refreshPolicy": "Periodic", "refreshInterval": "1h0m0s",
		"secretStoreRef": map[string]any{"kind": "SecretStore", "name": "api"},
		"target":         map[string]any{"name": "api", "creationPolicy": "Owner", "deletionPolicy": "Retain"},
		"data": []any{
			map[string]any{"secretKey": "OPENAI_API_KEY", "remoteRef": map[string]any{"key": "short-id"}},
			map[string]any{"secretKey": "SESSION", "remoteRef": map[string]any{"key": "long", "version": "7"}},
		},
	}, secret.Get("spec"))
}

// The operator may act as this account, and the right to is no wider.
func TestTokenCreator(t *testing.T) {
	all := run(t, full())
	require.Equal(t, []any{map[string]any{
		"apiGroups": []any{""}, "resources": []any{"serviceaccounts/token"}, "resourceNames": []any{"api"}, "verbs": []any{"create"},
	}}, all.One(t, roleType).Get("rules"))
	all.One(t, bindingType).Expect(t, map[string]any{
		"metadata.name": "operator-act-as-api", "metadata.namespace": "ai-worker-dev",
		"roleRef.kind": "Role", "roleRef.name": "operator-act-as-api",
		"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": "operator", "namespace": "external-secrets"}},
	})
	require.Contains(t, all.One(t, storeType).RPC.GetDependencies(), all.One(t, bindingType).URN, "a store that may not read is not ready")
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"secretName": "api"}, componentstest.Outputs(t, externalsecrets.New, valid()))
}

func TestRefusals(t *testing.T) {
	secret := func(name, id string) func(*externalsecrets.Args) {
		return func(a *externalsecrets.Args) { a.Secrets = map[string]pulumi.StringInput{name: pulumi.String(id)} }
	}
	interval := func(s string) func(*externalsecrets.Args) {
		return func(a *externalsecrets.Args) { a.RefreshInterval = s }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[externalsecrets.Args]{
		"name":            {func(a *externalsecrets.Args) { a.Name = "API" }, `name "API"`},
		"namespace":       {func(a *externalsecrets.Args) { a.Namespace = pulumi.String("a.b") }, `namespace "a.b"`},
		"no account":      {func(a *externalsecrets.Args) { a.ServiceAccount = nil }, "serviceAccount is required"},
		"creator":         {func(a *externalsecrets.Args) { a.TokenCreator = &externalsecrets.Account{} }, "tokenCreator.name is required"},
		"nothing":         {func(a *externalsecrets.Args) { a.Secrets = nil }, "secrets: want at least one"},
		"key":             {secret("OPENAI_API_KEY", "x"), `secrets["OPENAI_API_KEY"]`},
		"id":              {secret("key", "my secret"), `secrets["key"]: "my secret"`},
		"with version":    {secret("key", "projects/p/secrets/s/versions/1"), "without a version"},
		"no id":           {func(a *externalsecrets.Args) { a.Secrets["key"] = nil }, `secrets["key"]: want the id`},
		"unknown version": {func(a *externalsecrets.Args) { a.Versions = map[string]int{"key": 1} }, `versions["key"]: is none of the secrets openai-api-key`},
		"version":         {func(a *externalsecrets.Args) { a.Versions = map[string]int{"openai-api-key": 0} }, `versions["openai-api-key"] 0`},
		"never":           {interval("0s"), `refreshInterval "0s"`},
		"too often":       {interval("59s"), `refreshInterval "59s"`},
		"no interval":     {interval("1 hour"), `refreshInterval "1 hour"`},
	})
	componentstest.ReportsAll(t, &externalsecrets.Args{}, "name", "namespace", "serviceAccount", "project", "clusterProject",
		"clusterLocation", "clusterName", "secrets")
}

// What is known only during the update is checked then.
func TestALateIDIsChecked(t *testing.T) {
	args := valid()
	args.Secrets["key"] = pulumi.String("projects/p/secrets/s/versions/1").ToStringOutput()
	_, err := componentstest.Run(t, program(args))
	require.ErrorContains(t, err, "without a version")
}

func TestEveryInputMatters(t *testing.T) {
	values := map[string]any{
		"Versions[openai-api-key]": 8,
		"RefreshInterval":          "45m",
	}
	for _, path := range []string{
		"Namespace", "ServiceAccount", "TokenCreator.Namespace", "TokenCreator.Name", "Project", "ClusterProject", "ClusterLocation",
		"ClusterName", "Secrets[openai-api-key]",
	} {
		values[path] = pulumi.String("other")
	}
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: values})
}
