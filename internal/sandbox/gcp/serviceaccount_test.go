package gcp

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

func TestServiceAccountKinds(t *testing.T) {
	const member = "gcp:serviceaccount/iAMMember:IAMMember"
	grant := func(id, member string) map[string]any {
		return map[string]any{"serviceAccountId": id, "role": "roles/iam.workloadIdentityUser", "member": member}
	}
	config := resource.NewPropertyMapFromMap(map[string]any{"project": "p1"})
	for name, tc := range map[string]struct {
		typ    string
		inputs map[string]any
		want   string // want is the refusal, or empty
	}{
		"account":              {accountType, map[string]any{"accountId": "gpu-nodes"}, ""},
		"account of 5":         {accountType, map[string]any{"accountId": "nodes"}, "accountId"},
		"account of 31":        {accountType, map[string]any{"accountId": "abcdefghijklmnopqrstuvwxyz-abcd"}, "accountId"},
		"account in capitals":  {accountType, map[string]any{"accountId": "GPU-nodes"}, "lower-case"},
		"account ending in -":  {accountType, map[string]any{"accountId": "gpu-nodes-"}, "accountId"},
		"long description":     {accountType, map[string]any{"accountId": "gpu-nodes", "description": string(make([]byte, 257))}, "at most 256"},
		"grant":                {member, grant("projects/p1/serviceAccounts/gpu-nodes@p1.iam.gserviceaccount.com", "user:a@example.com"), ""},
		"grant, any project":   {member, grant("projects/-/serviceAccounts/gpu-nodes@p1.iam.gserviceaccount.com", "user:a@example.com"), ""},
		"grant by e-mail":      {member, grant("gpu-nodes@p1.iam.gserviceaccount.com", "user:a@example.com"), "full name"},
		"grant without prefix": {member, grant("projects/-/serviceAccounts/gpu-nodes@p1.iam.gserviceaccount.com", "a@example.com"), "prefix"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Package().Register(tc.typ, "n", resource.NewPropertyMapFromMap(tc.inputs), config)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestServiceAccountOutputs(t *testing.T) {
	id, state, err := Package().Register(accountType, "n", resource.NewPropertyMapFromMap(map[string]any{
		"accountId": "gpu-nodes", "project": "p1",
	}), nil)
	require.NoError(t, err)
	const email = "gpu-nodes@p1.iam.gserviceaccount.com"
	require.Equal(t, "projects/p1/serviceAccounts/"+email, id)
	require.Equal(t, id, state["name"].StringValue())
	require.Equal(t, email, state["email"].StringValue())
	require.Equal(t, "serviceAccount:"+email, state["member"].StringValue())
	require.Regexp(t, `^[0-9]{21}$`, state["uniqueId"].StringValue())
}
