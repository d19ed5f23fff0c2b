// Package githubfederation lets jobs of GitHub Actions act on a resource group
// without keys, as one of three identities: plan reads for pull requests, apply
// changes the group from an approved environment, push pushes images.
//
// Children of a component NAME; WHO is plan, apply or push:
//
//	NAME-identity-WHO    azure-native:managedidentity:UserAssignedIdentity        always; protected unless AllowDeletion
//	NAME-federation-WHO  azure-native:managedidentity:FederatedIdentityCredential always
//	NAME-role-plan-reader         azure-native:authorization:RoleAssignment       always
//	NAME-role-apply-contributor   azure-native:authorization:RoleAssignment       always
//	NAME-role-apply-access        azure-native:authorization:RoleAssignment       always
//	NAME-role-apply-locks         azure-native:authorization:RoleAssignment       always
//
// Azure exchanges a token whose issuer, audience and subject it finds in a
// credential, letter by letter and with no pattern: so each identity belongs to the
// jobs of one environment of one repository, and the environment's rules on GitHub
// say who may start them. Plan has an environment too, since a subject without one
// names a branch. It should have no reviewers, and no secrets.
//
// Apply can grant what workloads have, to identities only, and nothing that it has
// itself. So its own roles are for a person who owns the group to grant, by the
// first up, and to change. What it deploys may be able to read every secret of the
// group: whoever is trusted with apply is trusted with those. Push has no role here;
// the registry grants it the pushing.
package githubfederation

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
	"ai-worker/components/azure/sdk/managedidentity"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:GithubFederation"

// GithubFederation is the component; its tagged fields are its outputs.
type GithubFederation struct {
	pulumi.ResourceState

	TenantID pulumi.StringOutput `pulumi:"tenantId"` // TenantID is tenant-id of azure/login.
	// The client ids, for azure/login's client-id.
	PlanClientID  pulumi.StringOutput `pulumi:"planClientId"`
	ApplyClientID pulumi.StringOutput `pulumi:"applyClientId"`
	PushClientID  pulumi.StringOutput `pulumi:"pushClientId"`
	// The principals, for grants on state and registry.
	PlanPrincipalID  pulumi.StringOutput `pulumi:"planPrincipalId"`
	ApplyPrincipalID pulumi.StringOutput `pulumi:"applyPrincipalId"`
	PushPrincipalID  pulumi.StringOutput `pulumi:"pushPrincipalId"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*GithubFederation, error) {
	c := &GithubFederation{}
	build := func(child components.Child) error {
		made := map[string]*managedidentity.UserAssignedIdentity{}
		for _, w := range args.whos() {
			var err error
			if made[w.name], err = args.register(ctx, child, w); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
		c.TenantID = made[apply].TenantId
		c.PlanClientID, c.PlanPrincipalID = made[plan].ClientId, made[plan].PrincipalId
		c.ApplyClientID, c.ApplyPrincipalID = made[apply].ClientId, made[apply].PrincipalId
		c.PushClientID, c.PushPrincipalID = made[push].ClientId, made[push].PrincipalId
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// register makes one identity, what trusts its jobs, and its grants.
func (a *Args) register(ctx *pulumi.Context, child components.Child, w who) (*managedidentity.UserAssignedIdentity, error) {
	made, err := managedidentity.NewUserAssignedIdentity(ctx, child.Name("identity", w.name), &managedidentity.UserAssignedIdentityArgs{
		ResourceGroupName: a.Place.GroupName,
		Location:          pulumi.String(a.Place.Location),
		ResourceName:      pulumi.String(a.Name + "-" + w.name),
		Tags:              a.Place.InputTags(),
	}, child.Opts(azure.Protect(a.AllowDeletion)...))
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	_, err = managedidentity.NewFederatedIdentityCredential(ctx, child.Name("federation", w.name), &managedidentity.FederatedIdentityCredentialArgs{
		ResourceGroupName:                       a.Place.GroupName,
		ResourceName:                            made.Name,
		FederatedIdentityCredentialResourceName: pulumi.String("github"),
		Issuer:                                  pulumi.String(issuer),
		Subject:                                 pulumi.String(w.subject()),
		Audiences:                               pulumi.StringArray{pulumi.String(audience)},
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("credential: %w", err)
	}
	group := pulumi.Sprintf("/subscriptions/%s/resourceGroups/%s", a.Place.Subscription, a.Place.GroupName)
	for _, g := range w.grants {
		_, err := a.Place.GrantRole(ctx, child, azure.Grant{
			Role: g.role, Scope: group, Principal: made.PrincipalId, Condition: g.condition,
		}, "role", w.name, g.name)
		if err != nil {
			return nil, err
		}
	}
	return made, nil
}
