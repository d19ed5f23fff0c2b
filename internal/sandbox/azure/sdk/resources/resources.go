// Package resources gives the sandbox the structure of the SDK package of the same name.
package resources

import (
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:resources:ResourceGroup", resources.ResourceGroupArgs{}, resources.ResourceGroup{})
}
