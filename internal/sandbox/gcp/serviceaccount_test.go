package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestServiceAccountKinds(t *testing.T) {
	const member = "gcp:serviceaccount/iAMMember:IAMMember"
	account := props{"accountId": "gpu-nodes"}
	grant := props{
		"serviceAccountId": "projects/p1/serviceAccounts/gpu-nodes@p1.iam.gserviceaccount.com",
		"role":             "roles/iam.workloadIdentityUser", "member": "user:a@example.com",
	}
	judged(t, accountType, account, map[string]verdict{
		"account":             {nil, ""},
		"account of 5":        {props{"accountId": "nodes"}, "accountId"},
		"account of 31":       {props{"accountId": "abcdefghijklmnopqrstuvwxyz-abcd"}, "accountId"},
		"account in capitals": {props{"accountId": "GPU-nodes"}, "lower-case"},
		"account ending in -": {props{"accountId": "gpu-nodes-"}, "accountId"},
		"long description":    {props{"description": string(make([]byte, 257))}, "at most 256"},
	})
	judged(t, member, grant, map[string]verdict{
		"grant":                {nil, ""},
		"grant, any project":   {props{"serviceAccountId": "projects/-/serviceAccounts/gpu-nodes@p1.iam.gserviceaccount.com"}, ""},
		"grant by e-mail":      {props{"serviceAccountId": "gpu-nodes@p1.iam.gserviceaccount.com"}, "full name"},
		"grant without prefix": {props{"member": "a@example.com"}, "prefix"},
	})
}

func TestServiceAccountOutputs(t *testing.T) {
	id, state, err := registered(t, accountType, props{"accountId": "gpu-nodes", "project": "p1"})
	require.NoError(t, err)
	const email = "gpu-nodes@p1.iam.gserviceaccount.com"
	require.Equal(t, "projects/p1/serviceAccounts/"+email, id)
	require.Equal(t, id, state["name"])
	require.Equal(t, email, state["email"])
	require.Equal(t, "serviceAccount:"+email, state["member"])
	require.Regexp(t, `^[0-9]{21}$`, state["uniqueId"])
}
