// Package insights gives the sandbox the structure of the SDK package of the same name.
package insights

import (
	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:insights:DiagnosticSetting", insights.DiagnosticSettingArgs{}, insights.DiagnosticSetting{})
}
