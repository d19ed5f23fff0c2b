package gcp

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

func TestArtifactRegistryKinds(t *testing.T) {
	type props = map[string]any
	const member = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
	repository := func(more props) props {
		inputs := props{"repositoryId": "app", "project": "p1", "location": "asia-northeast1", "format": "DOCKER"}
		maps.Copy(inputs, more)
		return inputs
	}
	policies := func(list ...any) props { return repository(props{"cleanupPolicies": list}) }
	old := func(id string) props {
		return props{"id": id, "action": "DELETE", "condition": props{"olderThan": "2592000s"}}
	}
	remote := func(config props) props {
		return repository(props{"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": config})
	}
	recent := props{"keepCount": 10}
	eleven := make([]any, 11)
	for i := range eleven {
		eleven[i] = old(string(rune('a' + i)))
	}
	for name, tc := range map[string]struct {
		typ    string
		inputs props
		want   string // want is the refusal, or empty
	}{
		"standard":                 {repositoryType, repository(nil), ""},
		"multi-region":             {repositoryType, repository(props{"location": "asia"}), ""},
		"no location":              {repositoryType, repository(props{"location": nil}), "location: missing"},
		"id in capitals":           {repositoryType, repository(props{"repositoryId": "App"}), "repositoryId"},
		"format in lower case":     {repositoryType, repository(props{"format": "docker"}), "none of DOCKER"},
		"a zone":                   {repositoryType, repository(props{"location": "asia-northeast1-a"}), "a region"},
		"key elsewhere":            {repositoryType, repository(props{"kmsKeyName": "projects/p/locations/us/keyRings/r/cryptoKeys/k"}), "not in asia-northeast1"},
		"policies":                 {repositoryType, policies(old("old"), props{"id": "recent", "action": "KEEP", "mostRecentVersions": recent}), ""},
		"eleven policies":          {repositoryType, policies(eleven...), "11 elements"},
		"policy twice":             {repositoryType, policies(old("old"), old("old")), "given twice"},
		"policy without action":    {repositoryType, policies(props{"id": "x", "condition": props{"tagState": "ANY"}}), "action: missing"},
		"policy without criterion": {repositoryType, policies(props{"id": "x", "action": "DELETE"}), "exactly one of"},
		"delete most recent":       {repositoryType, policies(props{"id": "x", "action": "DELETE", "mostRecentVersions": recent}), "only with the action KEEP"},
		"days":                     {repositoryType, policies(props{"id": "x", "action": "DELETE", "condition": props{"olderThan": "30d"}}), "seconds"},
		"tag state":                {repositoryType, policies(props{"id": "x", "action": "DELETE", "condition": props{"tagState": "untagged"}}), "none of TAGGED"},
		"remote":                   {repositoryType, remote(props{"dockerRepository": props{"publicRepository": "DOCKER_HUB"}}), ""},
		"remote of two upstreams": {repositoryType, remote(props{"dockerRepository": props{
			"publicRepository": "DOCKER_HUB", "customRepository": props{"uri": "https://ghcr.io"},
		}}), "exclude each other"},
		"remote without config":   {repositoryType, repository(props{"mode": "REMOTE_REPOSITORY"}), "goes with the mode REMOTE"},
		"config without remote":   {repositoryType, repository(props{"remoteRepositoryConfig": props{}}), "the mode is STANDARD"},
		"remote, immutable tags":  {repositoryType, repository(props{"mode": "VIRTUAL_REPOSITORY", "virtualRepositoryConfig": props{}, "dockerConfig": props{"immutableTags": true}}), "only in a standard"},
		"upstream without scheme": {repositoryType, remote(props{"dockerRepository": props{"customRepository": props{"uri": "ghcr.io"}}}), "https://ghcr.io"},
		"reader":                  {member, props{"repository": "app", "location": "asia", "role": "roles/artifactregistry.reader", "member": "group:a@example.com"}, ""},
		"reader of full name":     {member, props{"repository": "projects/p/locations/asia/repositories/app", "location": "asia", "role": "roles/artifactregistry.reader", "member": "group:a@example.com"}, ""},
		"reader without prefix":   {member, props{"repository": "app", "location": "asia", "role": "roles/artifactregistry.reader", "member": "a@example.com"}, "prefix"},
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

func TestRepositoryOutputs(t *testing.T) {
	id, state, err := Package().Register(repositoryType, "n", resource.NewPropertyMapFromMap(map[string]any{
		"repositoryId": "app", "location": "asia-northeast1", "format": "DOCKER",
	}), resource.NewPropertyMapFromMap(map[string]any{"project": "p1"}))
	require.NoError(t, err)
	require.Equal(t, "projects/p1/locations/asia-northeast1/repositories/app", id)
	require.Equal(t, "app", state["name"].StringValue())
}
