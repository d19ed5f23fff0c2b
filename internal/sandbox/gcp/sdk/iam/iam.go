// Package iam gives the sandbox the structure of the SDK package of the same name.
package iam

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/iam"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:iam/getWorkloadIdentityPool:getWorkloadIdentityPool", iam.LookupWorkloadIdentityPoolArgs{}, iam.LookupWorkloadIdentityPoolResult{})
	sandbox.Describe("gcp:iam/getWorkloadIdentityPoolProvider:getWorkloadIdentityPoolProvider", iam.LookupWorkloadIdentityPoolProviderArgs{}, iam.LookupWorkloadIdentityPoolProviderResult{})
	sandbox.Describe("gcp:iam/workloadIdentityPool:WorkloadIdentityPool", iam.WorkloadIdentityPoolArgs{}, iam.WorkloadIdentityPool{})
	sandbox.Describe("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", iam.WorkloadIdentityPoolProviderArgs{}, iam.WorkloadIdentityPoolProvider{})
}
