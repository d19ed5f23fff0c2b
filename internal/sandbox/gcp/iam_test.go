package gcp

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

func TestIAMKinds(t *testing.T) {
	pool := props{"workloadIdentityPoolId": "github", "project": "p1"}
	provider := props{
		"workloadIdentityPoolId": "github", "workloadIdentityPoolProviderId": "actions", "project": "p1",
		"attributeMapping":   props{"google.subject": "assertion.sub"},
		"attributeCondition": `assertion.repository_owner_id == "1"`,
		"oidc":               props{"issuerUri": githubIssuer},
	}
	mapping := func(more props) props {
		m := props{"google.subject": "assertion.sub"}
		maps.Copy(m, more)
		return props{"attributeMapping": m}
	}
	judged(t, identityPoolType, pool, map[string]verdict{
		"pool":             {nil, ""},
		"pool of 3":        {props{"workloadIdentityPoolId": "git"}, "4 to 32"},
		"pool of 33":       {props{"workloadIdentityPoolId": strings.Repeat("g", 33)}, "4 to 32"},
		"pool in capitals": {props{"workloadIdentityPoolId": "GitHub"}, "lower-case"},
		"pool of Google":   {props{"workloadIdentityPoolId": "gcp-github"}, "Google's"},
		"display name":     {props{"displayName": strings.Repeat("n", 33)}, "at most 32"},
	})
	judged(t, identityProviderType, provider, map[string]verdict{
		"provider":              {nil, ""},
		"no issuer":             {props{"oidc": nil}, "exactly one of"},
		"two issuers":           {props{"aws": props{"accountId": "1"}}, "exactly one of"},
		"issuer without TLS":    {props{"oidc": props{"issuerUri": "http://example.com"}}, "https"},
		"no mapping":            {props{"attributeMapping": nil}, "needs one"},
		"no subject":            {props{"attributeMapping": props{"attribute.sub": "assertion.sub"}}, "google.subject is not mapped"},
		"mapped to elsewhere":   {mapping(props{"repository": "assertion.repository"}), "want google.subject"},
		"mapped to capitals":    {mapping(props{"attribute.Ref": "assertion.ref"}), "want google.subject"},
		"attribute":             {mapping(props{"attribute.job_workflow_ref": "assertion.job_workflow_ref"}), ""},
		"no condition":          {props{"attributeCondition": nil}, "must reference"},
		"condition of no claim": {props{"attributeCondition": "true"}, "must reference"},
		"own issuer, no more":   {props{"oidc": props{"issuerUri": "https://idp.example.com"}, "attributeCondition": nil}, ""},
		"condition of 4097":     {props{"attributeCondition": "assertion.a == " + strings.Repeat("x", 4097)}, "at most 4096"},
		"provider id":           {props{"workloadIdentityPoolProviderId": "gcp-actions"}, "Google's"},
		"eleven audiences":      {props{"oidc": props{"issuerUri": githubIssuer, "allowedAudiences": make([]any, 11)}}, "11 elements"},
	})
}

// Resource names have the project's number, ids have its id.
func TestIAMOutputs(t *testing.T) {
	id, state, err := registered(t, identityProviderType, props{
		"project": "p1", "workloadIdentityPoolId": "github", "workloadIdentityPoolProviderId": "actions",
		"attributeMapping":   props{"google.subject": "assertion.sub"},
		"attributeCondition": "assertion.sub != ''", "oidc": props{"issuerUri": githubIssuer},
	})
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github/providers/actions", id)
	require.Equal(t, "projects/"+number("p1")+"/locations/global/workloadIdentityPools/github/providers/actions", state["name"])
	require.Equal(t, "ACTIVE", state["state"])

	id, state, err = registered(t, identityPoolType, props{"project": "p1", "workloadIdentityPoolId": "github"})
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github", id)
	require.Equal(t, "projects/"+number("p1")+"/locations/global/workloadIdentityPools/github", state["name"])
}

func TestIAMLookups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "given.yaml")
	require.NoError(t, os.WriteFile(path, []byte(`
- type: `+identityPoolType+`
  inputs: {project: p1, workloadIdentityPoolId: github, description: ours}
- type: `+identityProviderType+`
  inputs:
    project: p1
    workloadIdentityPoolId: github
    workloadIdentityPoolProviderId: actions
    attributeMapping: {google.subject: assertion.sub}
    attributeCondition: assertion.sub != ""
    oidc: {issuerUri: https://token.actions.githubusercontent.com}
`), 0o600))
	store := sandbox.NewStore()
	require.NoError(t, store.Give(path, Package()))
	lookup := func(token string, args props) (props, error) {
		result, err := Package().Invoke(store, token, resource.NewPropertyMapFromMap(args), nil)
		return result.Mappable(), err
	}
	const (
		getPool     = "gcp:iam/getWorkloadIdentityPool:getWorkloadIdentityPool"
		getProvider = "gcp:iam/getWorkloadIdentityPoolProvider:getWorkloadIdentityPoolProvider"
	)
	args := props{"project": "p1", "workloadIdentityPoolId": "github"}
	pool, err := lookup(getPool, args)
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github", pool["id"])
	require.Equal(t, []any{"ours", "ACTIVE"}, []any{pool["description"], pool["state"]})

	args["workloadIdentityPoolProviderId"] = "actions"
	provider, err := lookup(getProvider, args)
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github/providers/actions", provider["id"])
	require.Equal(t, githubIssuer, provider["oidcs"].([]any)[0].(props)["issuerUri"])

	args["workloadIdentityPoolProviderId"] = "others"
	_, err = lookup(getProvider, args)
	require.ErrorContains(t, err, "error 404")
}
