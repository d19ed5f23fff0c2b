package gcp

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

func TestStorageKinds(t *testing.T) {
	type props = map[string]any
	const member = "gcp:storage/bucketIAMMember:BucketIAMMember"
	bucket := func(more props) props {
		inputs := props{"name": "files", "project": "p1", "location": "ASIA-NORTHEAST1"}
		maps.Copy(inputs, more)
		return inputs
	}
	rule := func(action, condition props) props {
		return bucket(props{"lifecycleRules": []any{props{"action": action, "condition": condition}}})
	}
	class := props{"enabled": true}
	toNearline := props{"type": "SetStorageClass", "storageClass": "NEARLINE"}
	remove := props{"type": "Delete"}
	abort := props{"type": "AbortIncompleteMultipartUpload"}
	regions := props{"dataLocations": []any{"ASIA-NORTHEAST1", "ASIA-NORTHEAST2"}}
	for name, tc := range map[string]struct {
		typ    string
		inputs props
		want   string // want is the refusal, or empty
	}{
		"smallest":            {bucketType, bucket(nil), ""},
		"name in capitals":    {bucketType, bucket(props{"name": "Files"}), "name"},
		"name of Google":      {bucketType, bucket(props{"name": "my-g00gle"}), "reserved"},
		"no location":         {bucketType, bucket(props{"location": nil}), "location: missing"},
		"zone":                {bucketType, bucket(props{"location": "asia-northeast1-a"}), "a location"},
		"class":               {bucketType, bucket(props{"storageClass": "standard"}), "none of STANDARD"},
		"public access":       {bucketType, bucket(props{"publicAccessPrevention": "enforce"}), "none of inherited"},
		"soft delete off":     {bucketType, bucket(props{"softDeletePolicy": props{"retentionDurationSeconds": 0}}), ""},
		"soft delete a day":   {bucketType, bucket(props{"softDeletePolicy": props{"retentionDurationSeconds": 86400}}), "7 to 90 days"},
		"rpo, region":         {bucketType, bucket(props{"rpo": "DEFAULT"}), "one region has none"},
		"rpo, dual":           {bucketType, bucket(props{"rpo": "ASYNC_TURBO", "location": "ASIA1"}), ""},
		"rpo, own dual":       {bucketType, bucket(props{"rpo": "ASYNC_TURBO", "location": "ASIA", "customPlacementConfig": regions}), ""},
		"rpo, multi":          {bucketType, bucket(props{"rpo": "ASYNC_TURBO", "location": "ASIA"}), "dual-regions only"},
		"own dual, region":    {bucketType, bucket(props{"customPlacementConfig": regions}), "US, EU or ASIA"},
		"own dual of one":     {bucketType, bucket(props{"location": "ASIA", "customPlacementConfig": props{"dataLocations": []any{"ASIA-NORTHEAST1"}}}), "1 elements"},
		"retention of 0":      {bucketType, bucket(props{"retentionPolicy": props{"retentionPeriod": 0}}), "retentionPeriod"},
		"retention, versions": {bucketType, bucket(props{"retentionPolicy": props{"retentionPeriod": 1}, "versioning": class}), "cannot have both"},
		"autoclass":           {bucketType, bucket(props{"autoclass": class}), ""},
		"autoclass, coldline": {bucketType, bucket(props{"autoclass": props{"enabled": true, "terminalStorageClass": "COLDLINE"}}), "none of NEARLINE"},
		"autoclass, class":    {bucketType, bucket(props{"autoclass": class, "storageClass": "NEARLINE"}), "begins with STANDARD"},
		"autoclass, rule": {bucketType, bucket(props{"autoclass": class, "lifecycleRules": []any{
			props{"action": toNearline, "condition": props{"age": 1}},
		}}), "exclude each other"},
		"key":                   {bucketType, bucket(props{"encryption": props{"defaultKmsKeyName": "key"}}), "the id of a key"},
		"label":                 {bucketType, bucket(props{"labels": props{"App": "x"}}), "invalid label key"},
		"cors without method":   {bucketType, bucket(props{"cors": []any{props{"methods": []any{}}}}), "cors[0].methods"},
		"age":                   {bucketType, rule(remove, props{"age": 30}), ""},
		"no age, other":         {bucketType, rule(remove, props{"noAge": true, "numNewerVersions": 3}), ""},
		"condition of nothing":  {bucketType, rule(remove, props{}), "age 0"},
		"age 0 by omission":     {bucketType, rule(remove, props{"numNewerVersions": 3}), "age 0"},
		"age and noAge":         {bucketType, rule(remove, props{"age": 30, "noAge": true}), "drops the age"},
		"noAge alone":           {bucketType, rule(remove, props{"noAge": true}), "needs another condition"},
		"noAge, others of 0":    {bucketType, rule(remove, props{"noAge": true, "daysSinceNoncurrentTime": 0}), "needs another condition"},
		"noAge, any state":      {bucketType, rule(remove, props{"noAge": true, "withState": "ANY"}), "needs another condition"},
		"no class to set":       {bucketType, rule(props{"type": "SetStorageClass"}, props{"age": 1}), "storageClass is missing"},
		"class to delete":       {bucketType, rule(props{"type": "Delete", "storageClass": "NEARLINE"}, props{"age": 1}), "belongs to SetStorageClass"},
		"abort":                 {bucketType, rule(abort, props{"age": 7}), ""},
		"abort of versions":     {bucketType, rule(abort, props{"age": 7, "numNewerVersions": 1}), "not for an abort"},
		"unknown action":        {bucketType, rule(props{"type": "delete"}, props{"age": 7}), "none of Delete"},
		"no day":                {bucketType, rule(remove, props{"age": 7, "createdBefore": "2025-13-01"}), "YYYY-MM-DD"},
		"reader":                {member, props{"bucket": "files", "role": "roles/storage.objectViewer", "member": "group:a@example.com"}, ""},
		"reader without role":   {member, props{"bucket": "files", "role": "objectViewer", "member": "group:a@example.com"}, "a role"},
		"reader without prefix": {member, props{"bucket": "files", "role": "roles/storage.objectViewer", "member": "a@example.com"}, "prefix"},
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

func TestBucketOutputs(t *testing.T) {
	id, state, err := Package().Register(bucketType, "n", resource.NewPropertyMapFromMap(map[string]any{
		"name": "files", "project": "p1", "location": "ASIA", "labels": map[string]any{"app": "x"},
		"lifecycleRules": []any{map[string]any{"action": map[string]any{"type": "Delete"}, "condition": map[string]any{"age": 1}}},
	}), nil)
	require.NoError(t, err)
	require.Equal(t, "files", id)
	got := state.Mappable()
	require.Equal(t, "gs://files", got["url"])
	require.IsType(t, 0.0, got["projectNumber"])
	require.Equal(t, "DEFAULT", got["rpo"])
	require.Equal(t, "inherited", got["publicAccessPrevention"])
	require.Equal(t, 604800.0, got["softDeletePolicy"].(map[string]any)["retentionDurationSeconds"])
	require.Equal(t, map[string]any{"app": "x"}, got["effectiveLabels"])
	require.Equal(t, "ANY", got["lifecycleRules"].([]any)[0].(map[string]any)["condition"].(map[string]any)["withState"])
}
