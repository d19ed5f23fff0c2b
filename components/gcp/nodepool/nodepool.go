// Package nodepool is a GKE node pool with a service account of its own that
// may do what a node must and nothing else.
//
// Children of a NodePool called NAME:
//
//	NAME-sa            gcp:serviceaccount/account:Account                                always
//	NAME-role          gcp:projects/iAMMember:IAMMember                                  always
//	NAME-registry-KEY  gcp:artifactregistry/repositoryIamMember:RepositoryIamMember      one for each of Args.Registries
//	NAME-pool          gcp:container/nodePool:NodePool                                   always
//
// A change that GKE cannot make in place replaces the pool, and the new pool
// stands before the old one goes: see [poolName]. The project needs quota for
// both. Deleting the old one evicts its pods without regard to
// PodDisruptionBudgets.
//
// Whoever deploys needs roles/iam.serviceAccountUser on the nodes' account.
//
// Version 7 of the provider cannot express, of what one would want here, respect
// for PodDisruptionBudgets on deletion and the kubelet's read-only port 10255;
// both are settings of newer generations.
package nodepool

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/artifactregistry"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:NodePool"

// nodeRole is what GKE keeps for node service accounts. The usual list of
// logging.logWriter, monitoring.metricWriter, monitoring.viewer and
// stackdriver.resourceMetadata.writer grants more, since monitoring.viewer reads
// every dashboard and alert of the project, and lacks the autoscaling metrics.
// https://cloud.google.com/kubernetes-engine/security/configure-node-service-accounts
const nodeRole = "roles/container.defaultNodeServiceAccount"

// NodePool is the component; its tagged fields are its outputs.
type NodePool struct {
	pulumi.ResourceState

	// Pool is the pool's name in GKE, which the nodes also carry as the label
	// cloud.google.com/gke-nodepool. It changes with a replacement.
	Pool pulumi.StringOutput `pulumi:"pool"`
	// ServiceAccountEmail is the account that the nodes run as.
	ServiceAccountEmail pulumi.StringOutput `pulumi:"serviceAccountEmail"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*NodePool, error) {
	c := &NodePool{}
	build := func(child components.Child) error {
		sa, err := serviceaccount.NewAccount(ctx, child.Name("sa"), &serviceaccount.AccountArgs{
			Project:     pulumi.String(args.Project),
			AccountId:   pulumi.String(args.accountID()),
			DisplayName: pulumi.Sprintf("Nodes of %s in %s", args.Name, args.Cluster),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("service account: %w", err)
		}
		grants, err := args.grants(ctx, child, sa)
		if err != nil {
			return err
		}
		pool, err := container.NewNodePool(ctx, child.Name("pool"), args.pool(sa), child.Opts(
			// Nodes come up with their rights, and keep them until they are gone.
			pulumi.DependsOn(grants),
			// The provider asks for deletion first wherever a program chose the name,
			// even if the name changes (pulumi-terraform-bridge, nameRequiresDeleteBeforeReplace).
			pulumi.DeleteBeforeReplace(false),
			pulumi.IgnoreChanges([]string{
				"initialNodeCount", // changing it replaces the pool, and the autoscaler moves it
				// GKE answers both with values of its own, which this generation of the
				// provider reports as a change in every preview.
				"nodeConfig.kubeletConfig", "nodeConfig.resourceLabels",
			}),
			args.timeouts(),
		))
		if err != nil {
			return fmt.Errorf("pool: %w", err)
		}
		c.Pool, c.ServiceAccountEmail = pool.Name, sa.Email
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// grants lets the nodes' account write logs and metrics of the project, and
// read each registry: on the repository, never on the project.
func (a *Args) grants(ctx *pulumi.Context, child components.Child, sa *serviceaccount.Account) ([]pulumi.Resource, error) {
	role, err := projects.NewIAMMember(ctx, child.Name("role"), &projects.IAMMemberArgs{
		Project: pulumi.String(a.Project),
		Role:    pulumi.String(nodeRole),
		Member:  sa.Member,
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("role: %w", err)
	}
	grants := []pulumi.Resource{role}
	for _, key := range slices.Sorted(maps.Keys(a.Registries)) {
		registry := a.Registries[key]
		reader, err := artifactregistry.NewRepositoryIamMember(ctx, child.Name("registry", key), &artifactregistry.RepositoryIamMemberArgs{
			Project:    pulumi.String(registry.Project),
			Location:   pulumi.String(registry.Location),
			Repository: registry.Name,
			Role:       pulumi.String("roles/artifactregistry.reader"),
			Member:     sa.Member,
		}, child.Opts())
		if err != nil {
			return nil, fmt.Errorf("registry %q: %w", key, err)
		}
		grants = append(grants, reader)
	}
	return grants, nil
}

func (a *Args) accountID() string { return cmp.Or(a.AccountID, a.Name+"-nodes") }

func (a *Args) timeouts() pulumi.ResourceOption {
	limit := fmt.Sprintf("%dm", cmp.Or(a.TimeoutMinutes, 45))
	return pulumi.Timeouts(&pulumi.CustomTimeouts{Create: limit, Update: limit, Delete: limit})
}
