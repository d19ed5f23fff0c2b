package githubfederation

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The descriptions tell what this component made from another's of the same id,
// which must not be taken over. Changed, they no longer find what an older
// version left behind.
const (
	poolDescription     = "Jobs of GitHub Actions, for service accounts without keys"
	providerDescription = "Tokens of the repositories in the condition"
)

// leftBehind are the ids of the pool and the provider that are to be imported,
// each empty if it is to be created. They are looked for in every run, since a
// program cannot see what the state has. An error means no more than that nothing
// was found: a lookup may be forbidden, or the API not enabled yet. If they are
// there nevertheless, creating them says so.
func (a *Args) leftBehind(ctx *pulumi.Context, in pulumi.InvokeOption) (poolID, providerID string) {
	pool, err := iam.LookupWorkloadIdentityPool(ctx, &iam.LookupWorkloadIdentityPoolArgs{
		Project: &a.Project, WorkloadIdentityPoolId: a.PoolID,
	}, in)
	if err != nil || pool.Description != poolDescription {
		return "", ""
	}
	poolID = fmt.Sprintf("projects/%s/locations/global/workloadIdentityPools/%s", a.Project, a.PoolID)
	provider, err := iam.LookupWorkloadIdentityPoolProvider(ctx, &iam.LookupWorkloadIdentityPoolProviderArgs{
		Project: &a.Project, WorkloadIdentityPoolId: a.PoolID, WorkloadIdentityPoolProviderId: a.ProviderID,
	}, in)
	if err != nil || provider.Description != providerDescription {
		return poolID, ""
	}
	return poolID, poolID + "/providers/" + a.ProviderID
}
