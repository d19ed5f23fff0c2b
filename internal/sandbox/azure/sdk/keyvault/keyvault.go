// Package keyvault gives the sandbox the structure of the SDK package of the same name.
package keyvault

import (
	"github.com/pulumi/pulumi-azure-native-sdk/keyvault/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:keyvault:Vault", keyvault.VaultArgs{}, keyvault.Vault{})
	sandbox.Describe("azure-native:keyvault:Secret", keyvault.SecretArgs{}, keyvault.Secret{})
}
