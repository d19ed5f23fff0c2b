package azure

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	lockType       = "azure-native:authorization:ManagementLockByScope"
	assignmentType = "azure-native:authorization:RoleAssignment"
	roleType       = "azure-native:authorization:RoleDefinition"

	// authorizationTime is when every assignment and definition was made.
	authorizationTime = "2024-01-01T00:00:00.0000000Z"
)

func authorizationKinds() []*sandbox.Kind {
	types := scopes()
	return []*sandbox.Kind{lockKind(types), assignmentKind(types), definitionKind()}
}

// lockKind keeps what is at its scope and below from being deleted. That a lock of
// level ReadOnly keeps it from being changed too, the sandbox does not simulate.
func lockKind(scopes []string) *sandbox.Kind {
	return &sandbox.Kind{
		Type:        lockType,
		ID:          "{scope}/providers/Microsoft.Authorization/locks/{lockName}",
		Outputs:     map[string]string{"name": "{lockName}", "type": "Microsoft.Authorization/locks"},
		Fill:        fillSystemData,
		Required:    []string{"lockName"},
		Replace:     []string{"lockName", "scope"},
		DeleteFirst: true,
		Rules: map[string]sandbox.Rule{
			"lockName": sandbox.Match(`^[^<>%&\\?/]{0,89}[^<>%&\\?/. ]$`, `1 to 90 characters without <>%&\?/, no period or space last`),
			"level":    sandbox.OneOf("CanNotDelete", "ReadOnly"),
			"notes":    upTo(512),
			"scope":    scope,
		},
		Refs:  map[string]sandbox.Ref{"scope": sandbox.Within(scopes...)},
		Locks: "{scope}",
	}
}

func assignmentKind(scopes []string) *sandbox.Kind {
	return &sandbox.Kind{
		Type:        assignmentType,
		ID:          "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
		Outputs:     map[string]string{"name": "{roleAssignmentName}", "type": "Microsoft.Authorization/roleAssignments"},
		Fill:        fillAuthorization,
		Required:    []string{"roleAssignmentName"},
		Replace:     []string{"roleAssignmentName", "scope", "principalId"},
		DeleteFirst: true,
		Rules: map[string]sandbox.Rule{
			"roleAssignmentName": uuid,
			"principalId":        uuid,
			"principalType":      sandbox.OneOf("ServicePrincipal", "User", "Group", "ForeignGroup", "Device"),
			"roleDefinitionId":   builtinRole,
			"scope":              scope,
			"conditionVersion":   sandbox.OneOf("2.0"),
			"condition":          condition,
			"description":        upTo(1024),
		},
		Checks: []sandbox.Check{
			sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("condition") && !o.Has("conditionVersion") },
				"conditionVersion: a condition needs version 2.0"),
			checkRoleSubscription,
		},
		Beside: besideAssignment,
		Revise: func(have, want *sandbox.Object) error {
			if !same(have.Str("roleDefinitionId"), want.Str("roleDefinitionId")) {
				return errors.New("RoleAssignmentUpdateNotPermitted: role, principal and scope are not allowed to be updated, " +
					"and the provider does not replace for a new roleDefinitionId")
			}
			return nil
		},
		Refs: map[string]sandbox.Ref{
			"scope":       sandbox.Within(scopes...),
			"principalId": sandbox.Names(scopes...),
		},
	}
}

func definitionKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:        roleType,
		ID:          "/subscriptions/{provider.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
		Outputs:     map[string]string{"name": "{roleDefinitionId}", "type": "Microsoft.Authorization/roleDefinitions"},
		Fill:        fillAuthorization,
		Required:    []string{"roleDefinitionId", "roleName", "permissions", "assignableScopes"},
		Replace:     []string{"roleDefinitionId", "scope"},
		DeleteFirst: true,
		Rules: map[string]sandbox.Rule{
			"roleDefinitionId":            uuid,
			"roleName":                    sandbox.Match(`^.{1,512}$`, "1 to 512 characters"),
			"roleType":                    sandbox.OneOf("CustomRole"),
			"scope":                       scope,
			"assignableScopes":            sandbox.Items(1, 2000),
			"assignableScopes[]":          scope,
			"permissions":                 sandbox.Items(1, 100),
			"permissions[].actions[]":     action,
			"permissions[].notActions[]":  action,
			"permissions[].dataActions[]": action, "permissions[].notDataActions[]": action,
		},
		Beside: func(o *sandbox.Object, others []*sandbox.Object) error {
			for _, other := range others {
				if other.Str("roleName") == o.Str("roleName") && !itself(o, other) {
					return fmt.Errorf("RoleDefinitionWithSameNameExists: a custom role named %q exists already: %s", o.Str("roleName"), other.Str("name"))
				}
			}
			return nil
		},
		Refs: map[string]sandbox.Ref{"scope": sandbox.Within(groupType)},
	}
}

func fillAuthorization(o *sandbox.Object) {
	o.Set("createdOn", authorizationTime)
	o.Set("updatedOn", authorizationTime)
	if o.Kind.Type == roleType {
		o.Default("roleType", "CustomRole")
		return
	}
	o.Default("principalType", "ServicePrincipal")
}

// scopes are the types that a lock or a role can be on, and those that can have an
// identity: all but those of this file.
func scopes() []string {
	var types []string
	for _, k := range slices.Concat(
		resourcesKinds(), managedidentityKinds(), networkKinds(), privatednsKinds(), storageKinds(), containerregistryKinds(),
		keyvaultKinds(), monitorKinds(), dbforpostgresqlKinds(), appKinds(),
	) {
		types = append(types, k.Type)
	}
	return types
}

var scope = sandbox.Match(`^/subscriptions/[^/]+(/resourceGroups/[^/]+(/providers/[^/]+(/[^/]+/[^/]+)+)?)?$`,
	"the id of a subscription, of a resource group or of a resource")

var action = sandbox.Match(`^(\*|[A-Za-z0-9.*]+(/[A-Za-z0-9.*-]+)+)$`, `an operation, such as "Microsoft.Storage/storageAccounts/read"`)

var roleID = regexp.MustCompile(`(?i)^/subscriptions/([^/]+)/providers/Microsoft\.Authorization/roleDefinitions/([^/]+)$`)

// builtinRole wants the id of a role that every subscription has. A role of one's own
// cannot be assigned here.
func builtinRole(v resource.PropertyValue) error {
	found := roleID.FindStringSubmatch(v.StringValue())
	if found == nil {
		return fmt.Errorf("InvalidRoleDefinitionId: %q: want /subscriptions/ID/providers/Microsoft.Authorization/roleDefinitions/GUID", v.StringValue())
	}
	if builtinRoles[strings.ToLower(found[2])] == "" {
		return fmt.Errorf("RoleDefinitionDoesNotExist: the specified role definition with ID %q does not exist", found[2])
	}
	return nil
}

func checkRoleSubscription(o *sandbox.Object) error {
	found, own := roleID.FindStringSubmatch(o.Str("roleDefinitionId")), strings.Split(o.Str("scope"), "/")
	if found != nil && len(own) > 2 && !same(found[1], own[2]) {
		return fmt.Errorf("roleDefinitionId: is of subscription %s, and the scope is in %s", found[1], own[2])
	}
	return nil
}

// condition is not read here, only its brackets and that it names an action or an
// attribute: https://learn.microsoft.com/azure/role-based-access-control/conditions-format
func condition(v resource.PropertyValue) error {
	text := v.StringValue()
	if strings.Count(text, "(") != strings.Count(text, ")") || !strings.Contains(text, "ActionMatches{") && !strings.Contains(text, "@") {
		return fmt.Errorf("%q is no condition on actions or attributes", text)
	}
	return nil
}

// besideAssignment: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
func besideAssignment(o *sandbox.Object, others []*sandbox.Object) error {
	switch principal := o.Ref("principalId"); {
	case principal == nil:
		return fmt.Errorf("PrincipalNotFound: principal %s does not exist in the directory", o.Str("principalId"))
	case o.Str("principalType") != "ServicePrincipal":
		return fmt.Errorf("UnmatchedPrincipalType: the principal %s has type ServicePrincipal, not %s", o.Str("principalId"), o.Str("principalType"))
	}
	for _, other := range others {
		equal := same(other.Str("scope"), o.Str("scope")) && same(other.Str("principalId"), o.Str("principalId")) &&
			same(other.Str("roleDefinitionId"), o.Str("roleDefinitionId"))
		switch named := same(other.Str("roleAssignmentName"), o.Str("roleAssignmentName")); {
		case equal && !named:
			return fmt.Errorf("RoleAssignmentExists: the role assignment already exists, with the name %s", other.Str("name"))
		case named && !equal: // a name is unique in the tenant
			return fmt.Errorf("RoleAssignmentUpdateNotPermitted: tenant ID, application ID, principal ID, and scope are not allowed to be updated: "+
				"%s is the assignment of %s on %s", other.Str("name"), other.Str("principalId"), other.Str("scope"))
		}
	}
	return nil
}
