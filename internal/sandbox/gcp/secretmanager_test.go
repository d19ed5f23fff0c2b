package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecret(t *testing.T) {
	valid := props{"secretId": "api-token", "replication.auto": props{}}
	id, state, err := registered(t, secretType, valid)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/secrets/api-token", id)
	require.Equal(t, "projects/"+number("test-project")+"/secrets/api-token", state["name"], "named by the project's number")

	_, _, err = registered(t, secretType, valid, props{
		"topics[0].name": "projects/p/topics/rotate", "versionDestroyTtl": "604800s", "expireTime": "2030-01-31T00:00:00Z",
		"rotation": props{"nextRotationTime": "2030-01-01T00:00:00Z", "rotationPeriod": "2592000s"},
	})
	require.NoError(t, err)

	replica := props{"location": "asia-northeast1"}
	judged(t, secretType, valid, map[string]verdict{
		"id":             {props{"secretId": "api token"}, `"api token"`},
		"no replication": {props{"replication": nil}, "replication: missing"},
		"neither":        {props{"replication.auto": nil}, "exactly one of"},
		"both":           {props{"replication.userManaged": props{"replicas": []any{replica}}}, "exactly one of"},
		"no replica":     {props{"replication": props{"userManaged": props{"replicas": []any{}}}}, "0 elements"},
		"key":            {props{"replication.auto": props{"customerManagedEncryption": props{"kmsKeyName": "k"}}}, `"k": want`},
		"expiry":         {props{"ttl": "3600s", "expireTime": "2030-01-31T00:00:00Z"}, "exclude each other"},
		"time":           {props{"expireTime": "2030-01-31"}, "a time in UTC"},
		"no topics":      {props{"rotation.nextRotationTime": "2030-01-01T00:00:00Z"}, "needs topics"},
		"no next": {props{"topics[0].name": "projects/p/topics/t", "rotation.rotationPeriod": "7200s"},
			"needs nextRotationTime"},
		"period":  {props{"topics[0].name": "projects/p/topics/t", "rotation.rotationPeriod": "60s"}, "not between 3600s"},
		"topic":   {props{"topics[0].name": "rotate"}, `"projects/P/topics/T"`},
		"destroy": {props{"versionDestroyTtl": "3600s"}, "not between 86400s"},
	})
}

func TestSecretIamMember(t *testing.T) {
	const typ = "gcp:secretmanager/secretIamMember:SecretIamMember"
	valid := props{"secretId": "s", "role": "roles/secretmanager.secretAccessor", "member": "serviceAccount:a@p.iam.gserviceaccount.com"}
	id, _, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Contains(t, id, "projects/test-project/secrets/s/roles/secretmanager.secretAccessor/")
	judged(t, typ, valid, map[string]verdict{
		"member": {props{"member": "a@p.iam.gserviceaccount.com"}, "a principal with its prefix"},
		"role":   {props{"role": "secretmanager.secretAccessor"}, "a role"},
	})
}
