// Package storage gives the sandbox the structure of the SDK package of the same name.
package storage

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/storage"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:storage/bucket:Bucket", storage.BucketArgs{}, storage.Bucket{})
	sandbox.Describe("gcp:storage/bucketIAMMember:BucketIAMMember", storage.BucketIAMMemberArgs{}, storage.BucketIAMMember{})
}
