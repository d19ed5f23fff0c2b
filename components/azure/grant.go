package azure

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/pulumi/pulumi-azure-native-sdk/authorization/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// Role is a built-in role, by its id.
// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
type Role string

// The roles that the components grant.
const (
	AcrPull             Role = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
	AcrPush             Role = "8311e382-0749-4cb8-b61a-304f252e45ec"
	BlobDataReader      Role = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
	BlobDataContributor Role = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
	BlobDelegator       Role = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a" // BlobDelegator may get the key that user delegation SAS are signed with.
	KeyVaultSecretsUser Role = "4633458b-17de-408a-b874-0445c86b69e6"
	Reader              Role = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
	Contributor         Role = "b24988ac-6180-42a0-ab88-20f7382dd24c"
	AccessAdministrator Role = "f58310d9-a9f6-439a-9e8d-f62e7b41a168" // AccessAdministrator is "Role Based Access Control Administrator".
	LocksContributor    Role = "28bf596f-4eb7-45ce-b5bc-6cf482fec137"
)

// WorkloadRoles are those that components grant to workloads, and to the identity
// that pushes images. None of them lets its holder grant anything.
var WorkloadRoles = []Role{AcrPull, AcrPush, BlobDataReader, BlobDataContributor, BlobDelegator, KeyVaultSecretsUser}

// ID is the role's id in a subscription.
func (r Role) ID(subscription string) string {
	return "/subscriptions/" + subscription + "/providers/Microsoft.Authorization/roleDefinitions/" + string(r)
}

// Grant gives a managed identity a role.
type Grant struct {
	Role      Role
	Scope     pulumi.StringInput // Scope is the id of what the role is granted on.
	Principal pulumi.StringInput // Principal is the identity's object id.
	Condition string             // Condition narrows the grant, in the language of version 2.0.
}

// assignments is the namespace of the names of role assignments.
var assignments = uuid.NewSHA1(uuid.NameSpaceURL, []byte("ai-worker/role-assignments"))

// AssignmentName is the name of the role assignment that is made under a logical
// name in a place: Azure wants a UUID, which is unique in the tenant.
func (p Place) AssignmentName(logical string) string {
	return uuid.NewSHA1(assignments, []byte(strings.Join([]string{p.Subscription, p.Group, logical}, "/"))).String()
}

// GrantRole makes a role assignment under the child's logical name. Role, scope
// and principal of an assignment cannot change: another of them takes a new
// assignment, made after the old one is deleted, since both have one name. Of the
// role the provider does not know that.
func (p Place) GrantRole(ctx *pulumi.Context, child components.Child, g Grant, kind string, which ...string) (*authorization.RoleAssignment, error) {
	logical := child.Name(kind, which...)
	args := &authorization.RoleAssignmentArgs{
		RoleAssignmentName: pulumi.String(p.AssignmentName(logical)),
		RoleDefinitionId:   pulumi.String(g.Role.ID(p.Subscription)),
		Scope:              g.Scope,
		PrincipalId:        g.Principal,
		PrincipalType:      pulumi.String("ServicePrincipal"), // else Azure looks a new identity up before it is known everywhere
	}
	if g.Condition != "" {
		args.Condition, args.ConditionVersion = pulumi.String(g.Condition), pulumi.String("2.0")
	}
	made, err := authorization.NewRoleAssignment(ctx, logical, args, child.Opts(
		pulumi.ReplaceOnChanges([]string{"roleDefinitionId"}), pulumi.DeleteBeforeReplace(true)))
	if err != nil {
		return nil, fmt.Errorf("grant %s: %w", logical, err)
	}
	return made, nil
}
