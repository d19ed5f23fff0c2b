package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestArtifactRegistryKinds(t *testing.T) {
	const member = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
	repository := props{"repositoryId": "app", "project": "p1", "location": "asia-northeast1", "format": "DOCKER"}
	policies := func(list ...any) props { return props{"cleanupPolicies": list} }
	old := func(id string) props {
		return props{"id": id, "action": "DELETE", "condition": props{"olderThan": "2592000s"}}
	}
	remote := func(config props) props {
		return props{"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": config}
	}
	recent := props{"keepCount": 10}
	eleven := make([]any, 11)
	for i := range eleven {
		eleven[i] = old(string(rune('a' + i)))
	}
	judged(t, repositoryType, repository, map[string]verdict{
		"standard":                 {nil, ""},
		"multi-region":             {props{"location": "asia"}, ""},
		"no location":              {props{"location": nil}, "location: missing"},
		"id in capitals":           {props{"repositoryId": "App"}, "repositoryId"},
		"format in lower case":     {props{"format": "docker"}, "none of DOCKER"},
		"a zone":                   {props{"location": "asia-northeast1-a"}, "a region"},
		"key elsewhere":            {props{"kmsKeyName": "projects/p/locations/us/keyRings/r/cryptoKeys/k"}, "not in asia-northeast1"},
		"policies":                 {policies(old("old"), props{"id": "recent", "action": "KEEP", "mostRecentVersions": recent}), ""},
		"eleven policies":          {policies(eleven...), "11 elements"},
		"policy twice":             {policies(old("old"), old("old")), "given twice"},
		"policy without action":    {policies(props{"id": "x", "condition": props{"tagState": "ANY"}}), "action: missing"},
		"policy without criterion": {policies(props{"id": "x", "action": "DELETE"}), "exactly one of"},
		"delete most recent":       {policies(props{"id": "x", "action": "DELETE", "mostRecentVersions": recent}), "only with the action KEEP"},
		"days":                     {policies(props{"id": "x", "action": "DELETE", "condition": props{"olderThan": "30d"}}), "seconds"},
		"tag state":                {policies(props{"id": "x", "action": "DELETE", "condition": props{"tagState": "untagged"}}), "none of TAGGED"},
		"remote":                   {remote(props{"dockerRepository": props{"publicRepository": "DOCKER_HUB"}}), ""},
		"remote of two upstreams": {remote(props{"dockerRepository": props{
			"publicRepository": "DOCKER_HUB", "customRepository": props{"uri": "https://ghcr.io"},
		}}), "exclude each other"},
		"remote without config":   {props{"mode": "REMOTE_REPOSITORY"}, "goes with the mode REMOTE"},
		"config without remote":   {props{"remoteRepositoryConfig": props{}}, "the mode is STANDARD"},
		"remote, immutable tags":  {props{"mode": "VIRTUAL_REPOSITORY", "virtualRepositoryConfig": props{}, "dockerConfig": props{"immutableTags": true}}, "only in a standard"},
		"upstream without scheme": {remote(props{"dockerRepository": props{"customRepository": props{"uri": "ghcr.io"}}}), "https://ghcr.io"},
	})
	reader := props{"repository": "app", "location": "asia", "role": "roles/artifactregistry.reader", "member": "group:a@example.com"}
	judged(t, member, reader, map[string]verdict{
		"reader":                {nil, ""},
		"reader of full name":   {props{"repository": "projects/p/locations/asia/repositories/app"}, ""},
		"reader without prefix": {props{"member": "a@example.com"}, "prefix"},
	})
}

func TestRepositoryOutputs(t *testing.T) {
	id, state, err := registered(t, repositoryType, props{"repositoryId": "app", "location": "asia-northeast1", "format": "DOCKER"})
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/asia-northeast1/repositories/app", id)
	require.Equal(t, "app", state["name"])
}
