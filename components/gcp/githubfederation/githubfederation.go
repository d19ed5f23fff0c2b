// Package githubfederation lets jobs of GitHub Actions act on a project without
// keys, as one of three identities: plan reads for pull requests, apply changes
// the project from an approved environment, push pushes images.
//
// Children of a component NAME; WHO is plan, apply or push:
//
//	NAME-pool              gcp:iam/workloadIdentityPool:WorkloadIdentityPool                  always; protected, retained
//	NAME-provider          gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider  always; protected, retained
//	NAME-account-WHO       gcp:serviceaccount/account:Account                                 always
//	NAME-user-plan-pull_request  gcp:serviceaccount/iAMMember:IAMMember                       always
//	NAME-user-WHO-REF      gcp:serviceaccount/iAMMember:IAMMember                             per ref, REF without "refs/"
//	NAME-role-WHO-ROLE     gcp:projects/iAMMember:IAMMember                                   per role, ROLE without "roles/"
//	NAME-customrole-plan   gcp:projects/iAMCustomRole:IAMCustomRole                           if Plan.Permissions
//	NAME-role-plan-custom  gcp:projects/iAMMember:IAMMember                                   if Plan.Permissions
//
// A token is exchanged only if it is of the owner, of one of the repositories,
// for an event of the list and from a runner that GitHub hosts. Each identity
// then belongs to exact subjects, one principal each:
//
//	repo:REPOSITORY_ID:pull_request:environment:ENVIRONMENT   plan
//	repo:REPOSITORY_ID:REF:environment:ENVIRONMENT            plan (drift detection), apply, push
//
// the environment being left out for plan and push that have none. So apply takes
// the environment and the ref, even where the environment's branch policy on GitHub
// was forgotten; and a job of a pull request that names another environment than
// plan's is nobody.
//
// The ids of a deleted pool and provider stay taken for 30 days: creating them
// again fails with error 409. So a destroy leaves both in the cloud, where they
// grant nothing: the accounts that trusted them are gone. The next up finds them
// by their ids and descriptions, imports them, and updates whatever the settings
// have changed since. What of these ids is another's is left alone, and fails
// with the same 409. So does what somebody deleted, which no lookup finds;
// restore it, and the next up takes it over:
//
//	gcloud iam workload-identity-pools undelete POOL --location=global --project=PROJECT
//	gcloud iam workload-identity-pools providers undelete PROVIDER --workload-identity-pool=POOL --location=global --project=PROJECT
//
// A new grant takes up to five minutes to be effective, so a first job may have
// to be run again.
package githubfederation

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/iam"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:GithubFederation"

// GithubFederation is the component; its tagged fields are its outputs.
type GithubFederation struct {
	pulumi.ResourceState

	// Provider is what google-github-actions/auth takes as workload_identity_provider:
	// projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.
	Provider pulumi.StringOutput `pulumi:"provider"`
	Pool     pulumi.StringOutput `pulumi:"pool"` // Pool is projects/NUMBER/locations/global/workloadIdentityPools/POOL.

	// The e-mail addresses, for google-github-actions/auth's service_account.
	PlanEmail  pulumi.StringOutput `pulumi:"planEmail"`
	ApplyEmail pulumi.StringOutput `pulumi:"applyEmail"`
	PushEmail  pulumi.StringOutput `pulumi:"pushEmail"`
	// The members, "serviceAccount:EMAIL", for grants on state, keys and registry.
	PlanMember  pulumi.StringOutput `pulumi:"planMember"`
	ApplyMember pulumi.StringOutput `pulumi:"applyMember"`
	PushMember  pulumi.StringOutput `pulumi:"pushMember"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*GithubFederation, error) {
	c := &GithubFederation{}
	build := func(child components.Child) error {
		pool, provider, err := args.federation(ctx, child, pulumi.Parent(c))
		if err != nil {
			return err
		}
		accounts := map[string]*serviceaccount.Account{}
		for _, id := range args.identities() {
			if accounts[id.name], err = id.register(ctx, child, args.Project, pool.Name); err != nil {
				return fmt.Errorf("%s: %w", id.name, err)
			}
		}
		if err := args.planPermissions(ctx, child, accounts["plan"]); err != nil {
			return err
		}
		c.Pool, c.Provider = pool.Name, provider.Name
		c.PlanEmail, c.PlanMember = accounts["plan"].Email, accounts["plan"].Member
		c.ApplyEmail, c.ApplyMember = accounts["apply"].Email, accounts["apply"].Member
		c.PushEmail, c.PushMember = accounts["push"].Email, accounts["push"].Member
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// federation makes the pool and the provider, or takes over those that a destroy
// left behind.
func (a *Args) federation(
	ctx *pulumi.Context, child components.Child, in pulumi.InvokeOption,
) (*iam.WorkloadIdentityPool, *iam.WorkloadIdentityPoolProvider, error) {
	poolID, providerID := a.leftBehind(ctx, in)
	pool, err := iam.NewWorkloadIdentityPool(ctx, child.Name("pool"), &iam.WorkloadIdentityPoolArgs{
		Project:                pulumi.String(a.Project),
		WorkloadIdentityPoolId: pulumi.String(a.PoolID),
		DisplayName:            pulumi.String("GitHub Actions"),
		Description:            pulumi.String(poolDescription),
		Disabled:               pulumi.Bool(a.Disabled),
	}, child.Opts(a.lasting(poolID)...))
	if err != nil {
		return nil, nil, fmt.Errorf("pool: %w", err)
	}
	provider, err := iam.NewWorkloadIdentityPoolProvider(ctx, child.Name("provider"), &iam.WorkloadIdentityPoolProviderArgs{
		Project:                        pulumi.String(a.Project),
		WorkloadIdentityPoolId:         pool.WorkloadIdentityPoolId,
		WorkloadIdentityPoolProviderId: pulumi.String(a.ProviderID),
		DisplayName:                    pulumi.String("GitHub Actions"),
		Description:                    pulumi.String(providerDescription),
		AttributeMapping:               mapping(),
		AttributeCondition:             pulumi.String(a.condition()),
		// no audiences of one's own: only the provider's resource name is accepted
		Oidc: iam.WorkloadIdentityPoolProviderOidcArgs{IssuerUri: pulumi.String(issuer)},
	}, child.Opts(a.lasting(providerID)...))
	if err != nil {
		return nil, nil, fmt.Errorf("provider: %w", err)
	}
	return pool, provider, nil
}

// lasting are the options of what outlives the stack. With an id it is imported,
// which is nothing once the state has it under that id.
func (a *Args) lasting(id string) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.RetainOnDelete(true)}
	if !a.AllowDeletion {
		opts = append(opts, pulumi.Protect(true))
	}
	if id != "" {
		opts = append(opts, pulumi.Import(pulumi.ID(id)))
	}
	return opts
}

// register makes an identity: its account, who may act as it, and its roles.
func (id identity) register(
	ctx *pulumi.Context, child components.Child, project string, pool pulumi.StringOutput,
) (*serviceaccount.Account, error) {
	account, err := serviceaccount.NewAccount(ctx, child.Name("account", id.name), &serviceaccount.AccountArgs{
		Project:     pulumi.String(project),
		AccountId:   pulumi.String(id.accountID),
		DisplayName: pulumi.String("GitHub Actions: " + id.name),
		Description: pulumi.String("Jobs of the GitHub repository with the id " + id.repositoryID),
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	refs := id.refs
	if id.pullRequests {
		refs = append([]string{pullRequest}, refs...)
	}
	for _, ref := range refs {
		name := child.Name("user", id.name, strings.TrimPrefix(ref, "refs/"))
		_, err := serviceaccount.NewIAMMember(ctx, name, &serviceaccount.IAMMemberArgs{
			ServiceAccountId: account.Name,
			Role:             pulumi.String("roles/iam.workloadIdentityUser"),
			Member: pulumi.Sprintf("principal://iam.googleapis.com/%s/subject/%s", pool,
				subject(id.repositoryID, ref, id.environment)),
		}, child.Opts())
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", ref, err)
		}
	}
	for _, role := range id.roles {
		which := strings.ReplaceAll(strings.TrimPrefix(role, "roles/"), "/", ".")
		if err := grant(ctx, child, child.Name("role", id.name, which), project, pulumi.String(role), account); err != nil {
			return nil, err
		}
	}
	return account, nil
}

// planPermissions makes a custom role of what plan reads beyond its roles.
func (a *Args) planPermissions(ctx *pulumi.Context, child components.Child, account *serviceaccount.Account) error {
	if len(a.Plan.Permissions) == 0 {
		return nil
	}
	role, err := projects.NewIAMCustomRole(ctx, child.Name("customrole", "plan"), &projects.IAMCustomRoleArgs{
		Project:     pulumi.String(a.Project),
		RoleId:      pulumi.String(strings.ReplaceAll(a.Plan.AccountID, "-", "_")), // a role's id has no hyphens
		Title:       pulumi.String(a.Plan.AccountID),
		Description: pulumi.String("What a preview in a pull request reads beyond predefined roles"),
		Permissions: pulumi.ToStringArray(a.Plan.Permissions),
	}, child.Opts())
	if err != nil {
		return fmt.Errorf("plan: custom role: %w", err)
	}
	return grant(ctx, child, child.Name("role", "plan", "custom"), a.Project, role.Name, account)
}

func grant(
	ctx *pulumi.Context, child components.Child, name, project string, role pulumi.StringInput, account *serviceaccount.Account,
) error {
	_, err := projects.NewIAMMember(ctx, name, &projects.IAMMemberArgs{
		Project: pulumi.String(project),
		Role:    role,
		Member:  account.Member,
	}, child.Opts())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
