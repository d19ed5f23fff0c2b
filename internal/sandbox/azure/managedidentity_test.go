package azure

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const identityID = groupID + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-api"

var (
	identity   = props{"resourceGroupName": "main", "resourceName": "id-api", "location": "japaneast"}
	federation = props{
		"resourceGroupName": "main", "resourceName": "id-api", "federatedIdentityCredentialResourceName": "github-dev",
		"issuer": githubIssuer, "subject": "repo:example/ai-worker:environment:dev", "audiences": []any{"api://AzureADTokenExchange"},
	}
)

func TestIdentity(t *testing.T) {
	id, state, err := registered(t, identityType, identity)
	require.NoError(t, err)
	require.Equal(t, identityID, id)
	for _, drawn := range []string{"principalId", "clientId", "tenantId"} {
		require.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, state[drawn])
	}
	require.NotEqual(t, state["principalId"], state["clientId"])
	_, other, err := registered(t, identityType, identity, props{"resourceName": "id-web"})
	require.NoError(t, err)
	require.NotEqual(t, state["principalId"], other["principalId"])
	require.Equal(t, state["tenantId"], other["tenantId"])
	judged(t, identityType, identity, map[string]verdict{
		"name":        {props{"resourceName": "id.api"}, "letters, digits, hyphens"},
		"short name":  {props{"resourceName": "id"}, "3 to 128"},
		"no name":     {props{"resourceName": nil}, "resourceName: missing"},
		"no location": {props{"location": nil}, "location: missing"},
		"location":    {props{"location": "tokyo"}, "LocationNotAvailable"},
	})
}

func TestFederation(t *testing.T) {
	id, state, err := registered(t, federationType, federation)
	require.NoError(t, err)
	require.Equal(t, identityID+"/federatedIdentityCredentials/github-dev", id)
	require.Equal(t, "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", state["type"])
	judged(t, federationType, federation, map[string]verdict{
		"other issuer":  {props{"issuer": "https://oidc.example.com/tenant/"}, ""},
		"slash":         {props{"issuer": githubIssuer + "/"}, "no slash after it"},
		"http":          {props{"issuer": strings.Replace(githubIssuer, "https", "http", 1)}, "want an https URL"},
		"no audience":   {props{"audiences": []any{}}, "0 elements"},
		"two audiences": {props{"audiences": []any{"a", "b"}}, "2 elements"},
		"wildcard":      {props{"subject": "repo:example/*:environment:dev"}, "wildcard"},
		"no subject":    {props{"subject": ""}, "1 to 600"},
		"space":         {props{"subject": "repo:example/ai-worker:environment:dev "}, "space around it"},
		"name":          {props{"federatedIdentityCredentialResourceName": "a"}, "3 to 120"},
	})
}

func TestFederationInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.refuses(federationType, "error 404", federation)
	c.makes(identityType, identity)
	c.makes(federationType, federation)
	c.refuses(federationType, "already exists", federation)
	named := func(n int) props {
		return props{"federatedIdentityCredentialResourceName": fmt.Sprintf("github-%d", n)}
	}
	c.refuses(federationType, "combination already exists", federation, named(2))
	for n := 2; n <= 20; n++ {
		c.makes(federationType, federation, named(n), props{"subject": fmt.Sprintf("repo:example/r%d:environment:dev", n)})
	}
	c.refuses(federationType, "20 are the most", federation, named(21), props{"subject": "repo:example/r21:environment:dev"})
	c.makes(identityType, identity, props{"resourceName": "id-web"})
	c.makes(federationType, federation, props{"resourceName": "id-web"})
	c.deletes(identityType, identityID)
	require.False(t, c.there(federationType, identityID+"/federatedIdentityCredentials/github-dev"))
}
