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
	type props = map[string]any
	pool := func(id string, more props) props {
		inputs := props{"workloadIdentityPoolId": id, "project": "p1"}
		maps.Copy(inputs, more)
		return inputs
	}
	provider := func(more props) props {
		inputs := props{
			"workloadIdentityPoolId": "github", "workloadIdentityPoolProviderId": "actions", "project": "p1",
			"attributeMapping":   props{"google.subject": "assertion.sub"},
			"attributeCondition": `assertion.repository_owner_id == "1"`,
			"oidc":               props{"issuerUri": githubIssuer},
		}
		maps.Copy(inputs, more)
		return inputs
	}
	mapping := func(more props) props {
		m := props{"google.subject": "assertion.sub"}
		maps.Copy(m, more)
		return provider(props{"attributeMapping": m})
	}
	for name, tc := range map[string]struct {
		typ    string
		inputs props
		want   string // want is the refusal, or empty
	}{
		"pool":                  {identityPoolType, pool("github", nil), ""},
		"pool of 3":             {identityPoolType, pool("git", nil), "4 to 32"},
		"pool of 33":            {identityPoolType, pool(strings.Repeat("g", 33), nil), "4 to 32"},
		"pool in capitals":      {identityPoolType, pool("GitHub", nil), "lower-case"},
		"pool of Google":        {identityPoolType, pool("gcp-github", nil), "Google's"},
		"display name":          {identityPoolType, pool("github", props{"displayName": strings.Repeat("n", 33)}), "at most 32"},
		"provider":              {identityProviderType, provider(nil), ""},
		"no issuer":             {identityProviderType, provider(props{"oidc": nil}), "exactly one of"},
		"two issuers":           {identityProviderType, provider(props{"aws": props{"accountId": "1"}}), "exactly one of"},
		"issuer without TLS":    {identityProviderType, provider(props{"oidc": props{"issuerUri": "http://example.com"}}), "https"},
		"no mapping":            {identityProviderType, provider(props{"attributeMapping": nil}), "needs one"},
		"no subject":            {identityProviderType, provider(props{"attributeMapping": props{"attribute.sub": "assertion.sub"}}), "google.subject is not mapped"},
		"mapped to elsewhere":   {identityProviderType, mapping(props{"repository": "assertion.repository"}), "want google.subject"},
		"mapped to capitals":    {identityProviderType, mapping(props{"attribute.Ref": "assertion.ref"}), "want google.subject"},
		"attribute":             {identityProviderType, mapping(props{"attribute.job_workflow_ref": "assertion.job_workflow_ref"}), ""},
		"no condition":          {identityProviderType, provider(props{"attributeCondition": nil}), "must reference"},
		"condition of no claim": {identityProviderType, provider(props{"attributeCondition": "true"}), "must reference"},
		"own issuer, no more":   {identityProviderType, provider(props{"oidc": props{"issuerUri": "https://idp.example.com"}, "attributeCondition": nil}), ""},
		"condition of 4097":     {identityProviderType, provider(props{"attributeCondition": "assertion.a == " + strings.Repeat("x", 4097)}), "at most 4096"},
		"provider id":           {identityProviderType, provider(props{"workloadIdentityPoolProviderId": "gcp-actions"}), "Google's"},
		"eleven audiences":      {identityProviderType, provider(props{"oidc": props{"issuerUri": githubIssuer, "allowedAudiences": make([]any, 11)}}), "11 elements"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Package().Register(tc.typ, "n", resource.NewPropertyMapFromMap(tc.inputs), nil)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// Resource names have the project's number, ids have its id.
func TestIAMOutputs(t *testing.T) {
	inputs := resource.NewPropertyMapFromMap(map[string]any{
		"project": "p1", "workloadIdentityPoolId": "github", "workloadIdentityPoolProviderId": "actions",
		"attributeMapping":   map[string]any{"google.subject": "assertion.sub"},
		"attributeCondition": "assertion.sub != ''", "oidc": map[string]any{"issuerUri": githubIssuer},
	})
	id, state, err := Package().Register(identityProviderType, "n", inputs, nil)
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github/providers/actions", id)
	require.Equal(t, "projects/"+number("p1")+"/locations/global/workloadIdentityPools/github/providers/actions", state["name"].StringValue())
	require.Equal(t, "ACTIVE", state["state"].StringValue())

	id, state, err = Package().Register(identityPoolType, "n",
		resource.NewPropertyMapFromMap(map[string]any{"workloadIdentityPoolId": "github"}),
		resource.NewPropertyMapFromMap(map[string]any{"project": "p1"}))
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github", id)
	require.Equal(t, "projects/"+number("p1")+"/locations/global/workloadIdentityPools/github", state["name"].StringValue())
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
	lookup := func(token string, args map[string]any) (map[string]any, error) {
		result, err := Package().Invoke(store, token, resource.NewPropertyMapFromMap(args), nil)
		return result.Mappable(), err
	}
	const (
		getPool     = "gcp:iam/getWorkloadIdentityPool:getWorkloadIdentityPool"
		getProvider = "gcp:iam/getWorkloadIdentityPoolProvider:getWorkloadIdentityPoolProvider"
	)
	args := map[string]any{"project": "p1", "workloadIdentityPoolId": "github"}
	pool, err := lookup(getPool, args)
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github", pool["id"])
	require.Equal(t, []any{"ours", "ACTIVE"}, []any{pool["description"], pool["state"]})

	args["workloadIdentityPoolProviderId"] = "actions"
	provider, err := lookup(getProvider, args)
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/global/workloadIdentityPools/github/providers/actions", provider["id"])
	require.Equal(t, githubIssuer, provider["oidcs"].([]any)[0].(map[string]any)["issuerUri"])

	args["workloadIdentityPoolProviderId"] = "others"
	_, err = lookup(getProvider, args)
	require.ErrorContains(t, err, "error 404")
}
