// Package operationalinsights gives the sandbox the structure of the SDK package of the same name.
package operationalinsights

import (
	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:operationalinsights:Workspace", operationalinsights.WorkspaceArgs{}, operationalinsights.Workspace{})
}
