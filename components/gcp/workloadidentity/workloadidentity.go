// Package workloadidentity makes the Google service account that one Kubernetes
// service account acts as, without keys.
//
// Children of a component NAME:
//
//	NAME-account          gcp:serviceaccount/account:Account      always
//	NAME-user             gcp:serviceaccount/iAMMember:IAMMember  always; the Kubernetes service account
//	NAME-signer           gcp:serviceaccount/iAMMember:IAMMember  if SignURLs
//	NAME-database-client  gcp:projects/iAMMember:IAMMember        if DatabaseInstance
//	NAME-database-user    gcp:projects/iAMMember:IAMMember        if DatabaseInstance
//	NAME-role-ROLE        gcp:projects/iAMMember:IAMMember        per entry of Roles, ROLE without "roles/"
//
// The Kubernetes service account names its Google one in an annotation,
// iam.gke.io/gcp-service-account, with the Email output.
//
// Presigned URLs of Cloud Storage are signed by an account. Without a key that
// takes iam.serviceAccounts.signBlob on the account itself, which it does not
// have of its own. SignURLs grants roles/iam.serviceAccountTokenCreator there,
// and on no other account. A custom role of signBlob alone would be no weaker:
// who signs blobs can sign what Google takes for a token request. For the same
// reason a stolen token can be renewed, so grant it only to what signs. A URL
// can do what the account may: see package bucket.
//
// Roles can also go straight to the Kubernetes service account, as
//
//	principal://iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/subject/ns/NAMESPACE/sa/NAME
//
// with no account in between. That is enough to read a secret, but it cannot
// sign URLs and is no user of Cloud SQL, which this service needs.
package workloadidentity

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:WorkloadIdentity"

// WorkloadIdentity is the component; its tagged fields are its outputs.
type WorkloadIdentity struct {
	pulumi.ResourceState

	AccountID pulumi.StringOutput `pulumi:"accountId"` // AccountID is the part of Email before the @.
	Email     pulumi.StringOutput `pulumi:"email"`     // Email is what the Kubernetes service account is annotated with.
	Member    pulumi.StringOutput `pulumi:"member"`    // Member is "serviceAccount:EMAIL", for grants.
	// DatabaseUser is the account as a user of Cloud SQL for PostgreSQL: Email
	// without ".gserviceaccount.com".
	DatabaseUser   pulumi.StringOutput `pulumi:"databaseUser"`
	Namespace      pulumi.StringOutput `pulumi:"namespace"`      // Namespace of the Kubernetes service account.
	ServiceAccount pulumi.StringOutput `pulumi:"serviceAccount"` // ServiceAccount is the Kubernetes service account's name.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*WorkloadIdentity, error) {
	c := &WorkloadIdentity{}
	build := func(child components.Child) error {
		account, err := serviceaccount.NewAccount(ctx, child.Name("account"), &serviceaccount.AccountArgs{
			Project:     pulumi.String(args.Project),
			AccountId:   pulumi.String(AccountID(args.Name)),
			DisplayName: pulumi.String(args.Name),
			Description: pulumi.Sprintf("Kubernetes service account %s/%s", args.Namespace, args.ServiceAccount),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("account: %w", err)
		}
		if err := args.useOf(ctx, child, account); err != nil {
			return err
		}
		if err := args.projectRoles(ctx, child, account); err != nil {
			return err
		}
		c.AccountID, c.Email, c.Member = account.AccountId, account.Email, account.Member
		c.DatabaseUser = account.Email.ApplyT(func(email string) string {
			return strings.TrimSuffix(email, ".gserviceaccount.com")
		}).(pulumi.StringOutput)
		c.Namespace = pulumi.String(args.Namespace).ToStringOutput()
		c.ServiceAccount = pulumi.String(args.ServiceAccount).ToStringOutput()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// useOf grants the use of the account: to the Kubernetes service account, and
// to itself for signing.
func (a *Args) useOf(ctx *pulumi.Context, child components.Child, account *serviceaccount.Account) error {
	_, err := serviceaccount.NewIAMMember(ctx, child.Name("user"), &serviceaccount.IAMMemberArgs{
		ServiceAccountId: account.Name,
		Role:             pulumi.String("roles/iam.workloadIdentityUser"),
		Member:           pulumi.Sprintf("serviceAccount:%s[%s/%s]", a.WorkloadPool, a.Namespace, a.ServiceAccount),
	}, child.Opts())
	if err != nil {
		return fmt.Errorf("user: %w", err)
	}
	if !a.SignURLs {
		return nil
	}
	_, err = serviceaccount.NewIAMMember(ctx, child.Name("signer"), &serviceaccount.IAMMemberArgs{
		ServiceAccountId: account.Name,
		Role:             pulumi.String("roles/iam.serviceAccountTokenCreator"),
		Member:           account.Member,
	}, child.Opts())
	if err != nil {
		return fmt.Errorf("signer: %w", err)
	}
	return nil
}

// projectRoles grants the roles on the project, those of the database only for
// its instance.
func (a *Args) projectRoles(ctx *pulumi.Context, child components.Child, account *serviceaccount.Account) error {
	grant := func(name, role string, condition projects.IAMMemberConditionPtrInput) error {
		_, err := projects.NewIAMMember(ctx, name, &projects.IAMMemberArgs{
			Project:   pulumi.String(a.Project),
			Role:      pulumi.String(role),
			Member:    account.Member,
			Condition: condition,
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("role %s: %w", role, err)
		}
		return nil
	}
	if a.DatabaseInstance != nil {
		// https://cloud.google.com/sql/docs/postgres/iam-conditions: the name has no host
		condition := projects.IAMMemberConditionArgs{
			Title: pulumi.Sprintf("instance %s", a.DatabaseInstance),
			Expression: pulumi.Sprintf(`resource.name == "projects/%s/instances/%s" && resource.service == "sqladmin.googleapis.com"`,
				a.Project, a.DatabaseInstance),
		}
		if err := grant(child.Name("database", "client"), databaseClientRole, condition); err != nil {
			return err
		}
		if err := grant(child.Name("database", "user"), databaseUserRole, condition); err != nil {
			return err
		}
	}
	for _, role := range a.Roles {
		which := strings.ReplaceAll(strings.TrimPrefix(role, "roles/"), "/", ".")
		if err := grant(child.Name("role", which), role, nil); err != nil {
			return err
		}
	}
	return nil
}
