// Package authorization gives the sandbox the structure of the SDK package of the same name.
package authorization

import (
	"github.com/pulumi/pulumi-azure-native-sdk/authorization/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:authorization:RoleAssignment", authorization.RoleAssignmentArgs{}, authorization.RoleAssignment{})
	sandbox.Describe("azure-native:authorization:RoleDefinition", authorization.RoleDefinitionArgs{}, authorization.RoleDefinition{})
	sandbox.Describe("azure-native:authorization:ManagementLockByScope", authorization.ManagementLockByScopeArgs{}, authorization.ManagementLockByScope{})
}
