// Package identity makes the identity that one workload acts as. It has no key and
// no password: Azure hands its tokens to what runs as it. What it may do is granted
// by the component whose resource that is about.
//
// Children of a component NAME:
//
//	NAME-identity  azure-native:managedidentity:UserAssignedIdentity  always
package identity

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
	"ai-worker/components/azure/sdk/managedidentity"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:Identity"

// Args configures an Identity.
type Args struct {
	Place azure.Place // Place is where it is.
	// Name of the identity, 3 to 128 letters, digits, hyphens and underscores, the
	// first a letter or a digit. It cannot change. Required.
	Name string
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity
var nameShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.Check(&p)
	p.Want(nameShape.MatchString(a.Name),
		"name %q: want 3 to 128 letters, digits, hyphens and underscores, the first a letter or a digit", a.Name)
	return p.Err()
}

// Identity is the component; its tagged fields are its outputs.
type Identity struct {
	pulumi.ResourceState

	ID          pulumi.StringOutput `pulumi:"id"`          // ID is what a resource that runs as it takes.
	ClientID    pulumi.StringOutput `pulumi:"clientId"`    // ClientID is what the application asks for tokens of.
	PrincipalID pulumi.StringOutput `pulumi:"principalId"` // PrincipalID is what roles are granted to.
	Name        pulumi.StringOutput `pulumi:"name"`        // Name is its role's in a database.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Identity, error) {
	c := &Identity{}
	build := func(child components.Child) error {
		made, err := managedidentity.NewUserAssignedIdentity(ctx, child.Name("identity"), &managedidentity.UserAssignedIdentityArgs{
			ResourceGroupName: args.Place.GroupName,
			Location:          pulumi.String(args.Place.Location),
			ResourceName:      pulumi.String(args.Name),
			Tags:              args.Place.InputTags(),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("identity: %w", err)
		}
		c.ID, c.ClientID, c.PrincipalID, c.Name = made.ID().ToStringOutput(), made.ClientId, made.PrincipalId, made.Name
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
