// Package bucket makes a private Cloud Storage bucket with grants on it.
//
// Children of a component NAME:
//
//	NAME-bucket         gcp:storage/bucket:Bucket                    always; protected unless AllowDeletion
//	NAME-access-GRANT   gcp:storage/bucketIAMMember:BucketIAMMember  per entry of Grants
//
// Nothing makes the bucket public: access is uniform (no ACLs of objects) and
// public access prevention is enforced, whatever the organization says.
//
// A browser reaches it through presigned URLs. A workload without keys signs
// them with iam.serviceAccounts.signBlob on its own service account, so the
// permission belongs to the account: SignURLs of package workloadidentity. A
// URL can do no more than the account may: Read to download, Write to upload
// under a new name, ReadWrite to replace. CORS lets pages of other origins use it.
//
// The pinned SDK (gcp v7.38.0) has no IP filter and no hierarchical namespace.
package bucket

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/storage"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Bucket"

// Bucket is the component; its tagged fields are its outputs.
type Bucket struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"` // Name of the bucket.
	URL  pulumi.StringOutput `pulumi:"url"`  // URL is "gs://NAME".
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Bucket, error) {
	c := &Bucket{}
	build := func(child components.Child) error {
		var protect []pulumi.ResourceOption
		if !args.AllowDeletion {
			protect = append(protect, pulumi.Protect(true))
		}
		bucket, err := storage.NewBucket(ctx, child.Name("bucket"), args.bucket(), child.Opts(protect...))
		if err != nil {
			return fmt.Errorf("bucket: %w", err)
		}
		for _, key := range slices.Sorted(maps.Keys(args.Grants)) {
			grant := args.Grants[key]
			_, err := storage.NewBucketIAMMember(ctx, child.Name("access", key), &storage.BucketIAMMemberArgs{
				Bucket: bucket.Name,
				Role:   pulumi.String(roles[grant.Access]),
				Member: grant.Member,
			}, child.Opts())
			if err != nil {
				return fmt.Errorf("access of %s: %w", key, err)
			}
		}
		c.Name, c.URL = bucket.Name, bucket.Url
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// bucket spells out also what is the cloud's default: left out, a computed
// property such as versioning or rpo keeps its old value and reports no change.
func (a *Args) bucket() *storage.BucketArgs {
	args := &storage.BucketArgs{
		Project:                  pulumi.String(a.Project),
		Name:                     pulumi.String(a.Name),
		Location:                 pulumi.String(strings.ToUpper(a.Location)), // as the API answers
		StorageClass:             pulumi.String(cmp.Or(a.StorageClass, "STANDARD")),
		UniformBucketLevelAccess: pulumi.Bool(true),
		PublicAccessPrevention:   pulumi.String("enforced"),
		ForceDestroy:             pulumi.Bool(a.AllowDeletion),
		Versioning:               storage.BucketVersioningArgs{Enabled: pulumi.Bool(!a.DisableVersioning)},
		SoftDeletePolicy:         storage.BucketSoftDeletePolicyArgs{RetentionDurationSeconds: pulumi.Int(a.softDeleteSeconds())},
		LifecycleRules:           a.lifecycle(),
		DefaultEventBasedHold:    flag(a.EventBasedHold),
		EnableObjectRetention:    flag(a.ObjectRetention),
		Labels:                   gcp.TextMap(a.Labels),
	}
	if len(a.CORS) > 0 {
		args.Cors = a.cors()
	}
	region, dual := a.placement()
	switch {
	case dual && a.TurboReplication:
		args.Rpo = pulumi.String("ASYNC_TURBO")
	case !region:
		args.Rpo = pulumi.String("DEFAULT")
	}
	if len(a.DataLocations) > 0 {
		var regions pulumi.StringArray
		for _, l := range a.DataLocations {
			regions = append(regions, pulumi.String(strings.ToUpper(l)))
		}
		args.CustomPlacementConfig = storage.BucketCustomPlacementConfigArgs{DataLocations: regions}
	}
	if a.Autoclass {
		coldest := "NEARLINE"
		if a.AutoclassArchive {
			coldest = "ARCHIVE"
		}
		args.Autoclass = storage.BucketAutoclassArgs{Enabled: pulumi.Bool(true), TerminalStorageClass: pulumi.String(coldest)}
	}
	if a.KMSKey != nil {
		args.Encryption = storage.BucketEncryptionArgs{DefaultKmsKeyName: a.KMSKey}
	}
	if a.Retention != nil {
		args.RetentionPolicy = storage.BucketRetentionPolicyArgs{
			RetentionPeriod: pulumi.Int(a.Retention.Days * day),
			IsLocked:        pulumi.Bool(a.Retention.LockForever),
		}
	}
	if a.LogBucket != nil {
		args.Logging = storage.BucketLoggingArgs{LogBucket: a.LogBucket, LogObjectPrefix: pulumi.String(cmp.Or(a.LogPrefix, a.Name))}
	}
	return args
}

func (a *Args) softDeleteSeconds() int {
	if a.DisableSoftDelete {
		return 0
	}
	return cmp.Or(a.SoftDeleteDays, 7) * day
}

// The inputs below are left out at their zero value.

func number(n int) pulumi.IntPtrInput {
	if n == 0 {
		return nil
	}
	return pulumi.Int(n)
}

func flag(b bool) pulumi.BoolPtrInput {
	if !b {
		return nil
	}
	return pulumi.Bool(true)
}
