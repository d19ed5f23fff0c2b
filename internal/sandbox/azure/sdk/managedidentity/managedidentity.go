// Package managedidentity gives the sandbox the structure of the types of azure-native:managedidentity.
package managedidentity

import (
	"ai-worker/components/azure/sdk/managedidentity"
	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe(managedidentity.UserAssignedIdentityType, managedidentity.UserAssignedIdentityArgs{}, managedidentity.UserAssignedIdentity{})
	sandbox.Describe(managedidentity.FederatedIdentityCredentialType, managedidentity.FederatedIdentityCredentialArgs{}, managedidentity.FederatedIdentityCredential{})
}
