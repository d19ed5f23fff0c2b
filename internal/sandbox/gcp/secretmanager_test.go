package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecret(t *testing.T) {
	valid := map[string]any{"secretId": "api-token", "replication.auto": map[string]any{}}
	id, state, err := registered(t, secretType, valid)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/secrets/api-token", id)
	require.Equal(t, "projects/"+number("test-project")+"/secrets/api-token", state["name"], "named by the project's number")

	_, _, err = registered(t, secretType, valid, map[string]any{
		"topics[0].name": "projects/p/topics/rotate", "versionDestroyTtl": "604800s", "expireTime": "2030-01-31T00:00:00Z",
		"rotation": map[string]any{"nextRotationTime": "2030-01-01T00:00:00Z", "rotationPeriod": "2592000s"},
	})
	require.NoError(t, err)

	replica := map[string]any{"location": "asia-northeast1"}
	refused(t, secretType, valid, map[string]refusal{
		"id":             {map[string]any{"secretId": "api token"}, `"api token"`},
		"no replication": {map[string]any{"replication": nil}, "replication: missing"},
		"neither":        {map[string]any{"replication.auto": nil}, "exactly one of"},
		"both":           {map[string]any{"replication.userManaged": map[string]any{"replicas": []any{replica}}}, "exactly one of"},
		"no replica":     {map[string]any{"replication": map[string]any{"userManaged": map[string]any{"replicas": []any{}}}}, "0 elements"},
		"key":            {map[string]any{"replication.auto": map[string]any{"customerManagedEncryption": map[string]any{"kmsKeyName": "k"}}}, `"k": want`},
		"expiry":         {map[string]any{"ttl": "3600s", "expireTime": "2030-01-31T00:00:00Z"}, "exclude each other"},
		"time":           {map[string]any{"expireTime": "2030-01-31"}, "a time in UTC"},
		"no topics":      {map[string]any{"rotation.nextRotationTime": "2030-01-01T00:00:00Z"}, "needs topics"},
		"no next": {map[string]any{"topics[0].name": "projects/p/topics/t", "rotation.rotationPeriod": "7200s"},
			"needs nextRotationTime"},
		"period":  {map[string]any{"topics[0].name": "projects/p/topics/t", "rotation.rotationPeriod": "60s"}, "not between 3600s"},
		"topic":   {map[string]any{"topics[0].name": "rotate"}, `"projects/P/topics/T"`},
		"destroy": {map[string]any{"versionDestroyTtl": "3600s"}, "not between 86400s"},
	})
}

func TestSecretIamMember(t *testing.T) {
	const typ = "gcp:secretmanager/secretIamMember:SecretIamMember"
	valid := map[string]any{"secretId": "s", "role": "roles/secretmanager.secretAccessor", "member": "serviceAccount:a@p.iam.gserviceaccount.com"}
	id, _, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Contains(t, id, "projects/test-project/secrets/s/roles/secretmanager.secretAccessor/")
	refused(t, typ, valid, map[string]refusal{
		"member": {map[string]any{"member": "a@p.iam.gserviceaccount.com"}, "a principal with its prefix"},
		"role":   {map[string]any{"role": "secretmanager.secretAccessor"}, "a role"},
	})
}
