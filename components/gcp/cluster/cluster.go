// Package cluster gives node pools and workloads their Kubernetes cluster: a
// private one that it creates, or one that somebody else owns.
//
//	child           type                           when
//	<name>-cluster  gcp:container/cluster:Cluster  Create
//
// Not in this generation of the SDK, so left to GKE: the DNS endpoint of the
// control plane, and the kubelet's read-only port.
package cluster

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Cluster"

// Cluster is the component; its tagged fields are its outputs.
type Cluster struct {
	pulumi.ResourceState

	Name     pulumi.StringOutput `pulumi:"name"`
	Location pulumi.StringOutput `pulumi:"location"`
	Project  pulumi.StringOutput `pulumi:"project"`
	ID       pulumi.StringOutput `pulumi:"id"` // ID is "projects/P/locations/L/clusters/C".
	// Endpoint is the control plane's address, private unless it is opened.
	Endpoint pulumi.StringOutput `pulumi:"endpoint"`
	// CACertificate is PEM in base64. It is public, and no secret here, although the
	// provider keeps it beside one.
	CACertificate pulumi.StringOutput `pulumi:"caCertificate"`
	// WorkloadPool is "PROJECT.svc.id.goog", known once the cluster is there: until a
	// project's first one is, IAM refuses the pool's principals.
	WorkloadPool pulumi.StringOutput `pulumi:"workloadPool"`
	Network      pulumi.StringOutput `pulumi:"network"` // Network is the VPC's id or link.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Cluster, error) {
	c := &Cluster{}
	build := func(child components.Child) error {
		if args.Create == nil {
			c.use(ctx, args)
			return nil
		}
		made, err := container.NewCluster(ctx, child.Name("cluster"), args.cluster(), child.Opts(
			pulumi.Protect(!args.Create.AllowDeletion),
			// The answer describes a default pool that is gone, or the first pool that
			// came later; following it would replace the cluster.
			pulumi.IgnoreChanges([]string{"initialNodeCount", "nodeConfig", "nodePools"}),
			// Creating takes 10 minutes and removing the default pool as long; an
			// upgrade of a regional control plane takes it one zone after the other.
			pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "60m", Update: "90m", Delete: "60m"}),
		))
		if err != nil {
			return fmt.Errorf("cluster: %w", err)
		}
		c.Name, c.Location, c.Project, c.Endpoint = made.Name, made.Location, made.Project, made.Endpoint
		c.ID, c.Network = made.ID().ToStringOutput(), made.Network.Elem()
		c.CACertificate = public(made.MasterAuth.ClusterCaCertificate().Elem())
		c.WorkloadPool = made.WorkloadIdentityConfig.WorkloadPool().Elem()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// public strips the secrecy that a value has from its neighbours.
func public(value pulumi.StringOutput) pulumi.StringOutput {
	return pulumi.Unsecret(value).(pulumi.StringOutput)
}

// use looks up a cluster. What is asked for is plain, so a preview sees it too.
func (c *Cluster) use(ctx *pulumi.Context, args *Args) {
	found := container.LookupClusterOutput(ctx, container.LookupClusterOutputArgs{
		Project: pulumi.String(args.Project), Location: pulumi.String(args.Location), Name: pulumi.String(args.Name),
	}, pulumi.Parent(c))
	c.Name, c.Location, c.Project = found.Name(), found.Location().Elem(), found.Project().Elem()
	c.ID, c.Endpoint, c.Network = found.Id(), found.Endpoint(), found.Network()
	c.CACertificate = public(found.MasterAuths().Index(pulumi.Int(0)).ClusterCaCertificate())
	c.WorkloadPool = found.WorkloadIdentityConfigs().ApplyT(func(configs []container.GetClusterWorkloadIdentityConfig) (string, error) {
		if len(configs) == 0 || configs[0].WorkloadPool == "" {
			return "", errors.New("cluster " + args.Name + " has no workload identity pool; its owner must enable it")
		}
		return configs[0].WorkloadPool, nil
	}).(pulumi.StringOutput)
}
