package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStorageKinds(t *testing.T) {
	const member = "gcp:storage/bucketIAMMember:BucketIAMMember"
	bucket := props{"name": "files", "project": "p1", "location": "ASIA-NORTHEAST1"}
	rule := func(action, condition props) props {
		return props{"lifecycleRules": []any{props{"action": action, "condition": condition}}}
	}
	class := props{"enabled": true}
	toNearline := props{"type": "SetStorageClass", "storageClass": "NEARLINE"}
	remove := props{"type": "Delete"}
	abort := props{"type": "AbortIncompleteMultipartUpload"}
	regions := props{"dataLocations": []any{"ASIA-NORTHEAST1", "ASIA-NORTHEAST2"}}
	judged(t, bucketType, bucket, map[string]verdict{
		"smallest":            {nil, ""},
		"name in capitals":    {props{"name": "Files"}, "name"},
		"name of Google":      {props{"name": "my-g00gle"}, "reserved"},
		"no location":         {props{"location": nil}, "location: missing"},
		"zone":                {props{"location": "asia-northeast1-a"}, "a location"},
		"class":               {props{"storageClass": "standard"}, "none of STANDARD"},
		"public access":       {props{"publicAccessPrevention": "enforce"}, "none of inherited"},
		"soft delete off":     {props{"softDeletePolicy": props{"retentionDurationSeconds": 0}}, ""},
		"soft delete a day":   {props{"softDeletePolicy": props{"retentionDurationSeconds": 86400}}, "7 to 90 days"},
		"rpo, region":         {props{"rpo": "DEFAULT"}, "one region has none"},
		"rpo, dual":           {props{"rpo": "ASYNC_TURBO", "location": "ASIA1"}, ""},
		"rpo, own dual":       {props{"rpo": "ASYNC_TURBO", "location": "ASIA", "customPlacementConfig": regions}, ""},
		"rpo, multi":          {props{"rpo": "ASYNC_TURBO", "location": "ASIA"}, "dual-regions only"},
		"own dual, region":    {props{"customPlacementConfig": regions}, "US, EU or ASIA"},
		"own dual of one":     {props{"location": "ASIA", "customPlacementConfig": props{"dataLocations": []any{"ASIA-NORTHEAST1"}}}, "1 elements"},
		"retention of 0":      {props{"retentionPolicy": props{"retentionPeriod": 0}}, "retentionPeriod"},
		"retention, versions": {props{"retentionPolicy": props{"retentionPeriod": 1}, "versioning": class}, "cannot have both"},
		"autoclass":           {props{"autoclass": class}, ""},
		"autoclass, coldline": {props{"autoclass": props{"enabled": true, "terminalStorageClass": "COLDLINE"}}, "none of NEARLINE"},
		"autoclass, class":    {props{"autoclass": class, "storageClass": "NEARLINE"}, "begins with STANDARD"},
		"autoclass, rule": {props{"autoclass": class, "lifecycleRules": []any{
			props{"action": toNearline, "condition": props{"age": 1}},
		}}, "exclude each other"},
		"key":                  {props{"encryption": props{"defaultKmsKeyName": "key"}}, "the id of a key"},
		"label":                {props{"labels": props{"App": "x"}}, "invalid label key"},
		"cors without method":  {props{"cors": []any{props{"methods": []any{}}}}, "cors[0].methods"},
		"age":                  {rule(remove, props{"age": 30}), ""},
		"no age, other":        {rule(remove, props{"noAge": true, "numNewerVersions": 3}), ""},
		"condition of nothing": {rule(remove, props{}), "age 0"},
		"age 0 by omission":    {rule(remove, props{"numNewerVersions": 3}), "age 0"},
		"age and noAge":        {rule(remove, props{"age": 30, "noAge": true}), "drops the age"},
		"noAge alone":          {rule(remove, props{"noAge": true}), "needs another condition"},
		"noAge, others of 0":   {rule(remove, props{"noAge": true, "daysSinceNoncurrentTime": 0}), "needs another condition"},
		"noAge, any state":     {rule(remove, props{"noAge": true, "withState": "ANY"}), "needs another condition"},
		"no class to set":      {rule(props{"type": "SetStorageClass"}, props{"age": 1}), "storageClass is missing"},
		"class to delete":      {rule(props{"type": "Delete", "storageClass": "NEARLINE"}, props{"age": 1}), "belongs to SetStorageClass"},
		"abort":                {rule(abort, props{"age": 7}), ""},
		"abort of versions":    {rule(abort, props{"age": 7, "numNewerVersions": 1}), "not for an abort"},
		"unknown action":       {rule(props{"type": "delete"}, props{"age": 7}), "none of Delete"},
		"no day":               {rule(remove, props{"age": 7, "createdBefore": "2025-13-01"}), "YYYY-MM-DD"},
	})
	reader := props{"bucket": "files", "role": "roles/storage.objectViewer", "member": "group:a@example.com"}
	judged(t, member, reader, map[string]verdict{
		"reader":                {nil, ""},
		"reader without role":   {props{"role": "objectViewer"}, "a role"},
		"reader without prefix": {props{"member": "a@example.com"}, "prefix"},
	})
}

func TestBucketOutputs(t *testing.T) {
	id, got, err := registered(t, bucketType, props{
		"name": "files", "project": "p1", "location": "ASIA", "labels": props{"app": "x"},
		"lifecycleRules": []any{props{"action": props{"type": "Delete"}, "condition": props{"age": 1}}},
	})
	require.NoError(t, err)
	require.Equal(t, "files", id)
	require.Equal(t, "gs://files", got["url"])
	require.IsType(t, 0.0, got["projectNumber"])
	require.Equal(t, "DEFAULT", got["rpo"])
	require.Equal(t, "inherited", got["publicAccessPrevention"])
	require.Equal(t, 604800.0, got["softDeletePolicy"].(props)["retentionDurationSeconds"])
	require.Equal(t, props{"app": "x"}, got["effectiveLabels"])
	require.Equal(t, "ANY", got["lifecycleRules"].([]any)[0].(props)["condition"].(props)["withState"])
}
