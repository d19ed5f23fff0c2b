// Package container gives the sandbox the structure of the SDK package of the same name.
package container

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:container/cluster:Cluster", container.ClusterArgs{}, container.Cluster{})
	sandbox.Describe("gcp:container/getCluster:getCluster", container.LookupClusterArgs{}, container.LookupClusterResult{})
	sandbox.Describe("gcp:container/nodePool:NodePool", container.NodePoolArgs{}, container.NodePool{})
}
