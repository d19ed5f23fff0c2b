// Package containerregistry gives the sandbox the structure of the SDK package of the same name.
package containerregistry

import (
	"github.com/pulumi/pulumi-azure-native-sdk/containerregistry/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:containerregistry:Registry", containerregistry.RegistryArgs{}, containerregistry.Registry{})
}
