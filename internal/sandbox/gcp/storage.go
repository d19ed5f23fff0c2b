package gcp

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/storage"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const bucketType = "gcp:storage/bucket:Bucket"

func storageKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type: bucketType, Args: storage.BucketArgs{}, State: storage.Bucket{},
			ID:      "{name}",
			Names:   []string{"{url}"},
			Outputs: map[string]string{"selfLink": "https://www.googleapis.com/storage/v1/b/{name}", "url": "gs://{name}"},
			Fill: func(o *sandbox.Object) {
				o.Set("projectNumber", number(o.Str("project")))
				o.Default("rpo", "DEFAULT")
				o.Default("softDeletePolicy", map[string]any{"retentionDurationSeconds": 604800})
			},
			Defaults: map[string]any{"forceDestroy": false, "storageClass": "STANDARD"},
			Computed: []string{"softDeletePolicy"},
			Replace:  []string{"name", "location", "project", "enableObjectRetention", "customPlacementConfig"},
			Rules: map[string]sandbox.Rule{
				// https://cloud.google.com/storage/docs/buckets#naming
				"name":                   sandbox.Match(`^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$`, "3 to 63 lower-case letters, digits, dots, hyphens, underscores"),
				"location":               sandbox.Match(`^[A-Za-z]+(-[A-Za-z]+[0-9]+|[0-9]?)$`, `a location, such as "ASIA-NORTHEAST1" or "EU"`),
				"storageClass":           storageClass,
				"publicAccessPrevention": sandbox.OneOf("inherited", "enforced"),
				"rpo":                    sandbox.OneOf("DEFAULT", "ASYNC_TURBO"),
				"cors[].maxAgeSeconds":   sandbox.Between(0, 86400*365),
				// https://cloud.google.com/storage/docs/soft-delete: off, or 7 to 90 days
				"softDeletePolicy.retentionDurationSeconds": func(v resource.PropertyValue) error {
					if n := v.NumberValue(); n != 0 && (n < 7*86400 || n > 90*86400) {
						return fmt.Errorf("%v seconds: want 0, or 7 to 90 days", n)
					}
					return nil
				},
				"lifecycleRules[].action.type":         sandbox.OneOf("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
				"lifecycleRules[].action.storageClass": storageClass,
				"lifecycleRules[].condition.withState": sandbox.OneOf("LIVE", "ARCHIVED", "ANY"),
				"lifecycleRules[].condition":           someCondition,
			},
		},
		{
			Type: "gcp:storage/bucketIAMMember:BucketIAMMember", Args: storage.BucketIAMMemberArgs{}, State: storage.BucketIAMMember{},
			ID:       "b/{bucket}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("bucket"))) },
			Additive: true,
			Rules:    map[string]sandbox.Rule{"role": roleRule, "member": memberRule},
			Replace:  []string{"bucket", "role", "member", "condition"},
			Refs:     map[string]sandbox.Ref{"bucket": sandbox.Names(bucketType)},
		},
	}
}

var storageClass = sandbox.OneOf("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE")

// someCondition refuses a lifecycle condition that says nothing: the provider
// sends age 0 for it, and every object is deleted
// (hashicorp/terraform-provider-google#17990).
func someCondition(v resource.PropertyValue) error {
	if len(v.ObjectValue()) == 0 {
		return fmt.Errorf("an empty condition applies to every object")
	}
	return nil
}
