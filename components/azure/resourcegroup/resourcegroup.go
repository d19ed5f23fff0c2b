// Package resourcegroup makes the group that everything of an environment is in.
//
// Children of a component NAME:
//
//	NAME-group  azure-native:resources:ResourceGroup              always; protected unless AllowDeletion
//	NAME-lock   azure-native:authorization:ManagementLockByScope  unless AllowDeletion
//
// To delete a group is to delete all that is in it, whoever made that. So a lock
// refuses each deletion in the group, also those that Pulumi wants: where an
// update has to delete or replace something, a role assignment too, the lock is
// lifted for it by AllowDeletion. The lock is not protected itself, since the
// engine would then refuse to lift it.
package resourcegroup

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/authorization/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:ResourceGroup"

// lockNotes are shown to whom the lock refuses something; at most 512 characters.
const lockNotes = "Nothing in this group is deleted by accident. Who means to: " +
	"set decommission in the environment's settings and bring its azure stack up, which takes this lock away."

// Args configures a ResourceGroup.
type Args struct {
	Subscription string            // Subscription is a UUID, that of the provider. Required.
	Name         string            // Name of the group, at most 90 characters. Required.
	Location     string            // Location of the group's own data, such as "japaneast". It cannot change. Required.
	Tags         map[string]string // Tags of the group, at most 50; what is in it does not inherit them.
	// AllowDeletion lifts the lock and the protection of the group.
	AllowDeletion bool
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.place().Check(&p)
	return p.Err()
}

// place is the one that the group is going to be.
func (a *Args) place() azure.Place {
	return azure.Place{
		Subscription: a.Subscription, Group: a.Name, GroupName: pulumi.String(a.Name), Location: a.Location, Tags: a.Tags,
	}
}

// ResourceGroup is the component; its tagged fields are its outputs.
type ResourceGroup struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"`
	ID   pulumi.StringOutput `pulumi:"id"` // ID is /subscriptions/SUBSCRIPTION/resourceGroups/NAME.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*ResourceGroup, error) {
	c := &ResourceGroup{}
	build := func(child components.Child) error {
		group, err := resources.NewResourceGroup(ctx, child.Name("group"), &resources.ResourceGroupArgs{
			ResourceGroupName: pulumi.String(args.Name),
			Location:          pulumi.String(args.Location),
			Tags:              args.place().InputTags(),
		}, child.Opts(azure.Protect(args.AllowDeletion)...))
		if err != nil {
			return fmt.Errorf("group: %w", err)
		}
		// spelt out, so that nothing works if the provider is set to another subscription
		c.Name, c.ID = group.Name, pulumi.Sprintf("/subscriptions/%s/resourceGroups/%s", args.Subscription, group.Name)
		if args.AllowDeletion {
			return nil
		}
		_, err = authorization.NewManagementLockByScope(ctx, child.Name("lock"), &authorization.ManagementLockByScopeArgs{
			Scope:    c.ID,
			LockName: pulumi.String("keep"),
			Level:    pulumi.String("CanNotDelete"),
			Notes:    pulumi.String(lockNotes),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
