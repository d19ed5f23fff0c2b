package azure

import (
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/insights/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// Diagnose has everything that a resource tells recorded in the place's workspace:
// all of its logs and all of its metrics. kind names the child.
func (p Place) Diagnose(ctx *pulumi.Context, child components.Child, target pulumi.StringInput, kind string) error {
	_, err := insights.NewDiagnosticSetting(ctx, child.Name(kind), &insights.DiagnosticSettingArgs{
		Name:        pulumi.String("workspace"),
		ResourceUri: target,
		WorkspaceId: p.Workspace,
		Logs: insights.LogSettingsArray{
			insights.LogSettingsArgs{CategoryGroup: pulumi.String("allLogs"), Enabled: pulumi.Bool(true)},
		},
		Metrics: insights.MetricSettingsArray{
			insights.MetricSettingsArgs{Category: pulumi.String("AllMetrics"), Enabled: pulumi.Bool(true)},
		},
	}, child.Opts())
	if err != nil {
		return fmt.Errorf("diagnostics: %w", err)
	}
	return nil
}
