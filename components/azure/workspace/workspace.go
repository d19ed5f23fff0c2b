// Package workspace makes the Log Analytics workspace that everything of an
// environment is recorded in.
//
// Children of a component NAME:
//
//	NAME-workspace  azure-native:operationalinsights:Workspace  always; protected unless AllowDeletion
//
// It has no shared keys: who looks something up logs in with Microsoft Entra. It
// takes nothing from public networks. Diagnostic settings, by which everything
// gets in, do not go over them:
// https://learn.microsoft.com/azure/azure-monitor/logs/private-link-configure
//
// A deleted workspace can be restored for 14 days. One that is made under its name
// in that time is the old one, with its data:
// https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace
package workspace

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi-azure-native-sdk/operationalinsights/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:Workspace"

// Args configures a Workspace.
type Args struct {
	Place azure.Place // Place is where it is; its Workspace is not used.
	Name  string      // Name of the workspace, 4 to 63 letters, digits and inner hyphens. It cannot change. Required.
	// RetentionDays that logs are kept, 30 to 730; 0 means 90. Less deletes data.
	RetentionDays int
	// DailyQuotaGB is after how many GB a day Azure stops recording until the next; 0
	// means no limit. It is a brake on cost that also stops what an incident would
	// need, so an alert is the better one.
	DailyQuotaGB float64
	// AllowPublicQuery lets people look things up over the internet, with Microsoft
	// Entra. Else it takes a private link scope, which this program does not make.
	AllowPublicQuery bool
	AllowDeletion    bool // AllowDeletion lifts the protection.
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftoperationalinsights
var nameShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.Check(&p)
	p.Want(nameShape.MatchString(a.Name), "name %q: want 4 to 63 letters, digits and inner hyphens", a.Name)
	// https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
	p.Want(a.RetentionDays == 0 || a.RetentionDays >= 30 && a.RetentionDays <= 730,
		"retentionDays %d: want 30 to 730, or 0 for 90", a.RetentionDays)
	p.Want(a.DailyQuotaGB >= 0, "dailyQuotaGB %v: want GB a day, or 0 for no limit", a.DailyQuotaGB)
	return p.Err()
}

// Workspace is the component; its tagged fields are its outputs.
type Workspace struct {
	pulumi.ResourceState

	ID   pulumi.StringOutput `pulumi:"id"` // ID is what Workspace of an azure.Place takes.
	Name pulumi.StringOutput `pulumi:"name"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Workspace, error) {
	c := &Workspace{}
	build := func(child components.Child) error {
		made, err := operationalinsights.NewWorkspace(ctx, child.Name("workspace"), args.workspace(),
			child.Opts(azure.Protect(args.AllowDeletion)...))
		if err != nil {
			return fmt.Errorf("workspace: %w", err)
		}
		c.ID, c.Name = made.ID().ToStringOutput(), made.Name
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) workspace() *operationalinsights.WorkspaceArgs {
	query := "Disabled"
	if a.AllowPublicQuery {
		query = "Enabled"
	}
	return &operationalinsights.WorkspaceArgs{
		ResourceGroupName: a.Place.GroupName,
		Location:          pulumi.String(a.Place.Location),
		WorkspaceName:     pulumi.String(a.Name),
		Sku:               operationalinsights.WorkspaceSkuArgs{Name: pulumi.String("PerGB2018")},
		RetentionInDays:   pulumi.Int(cmp.Or(a.RetentionDays, 90)),
		WorkspaceCapping:  operationalinsights.WorkspaceCappingArgs{DailyQuotaGb: pulumi.Float64(cmp.Or(a.DailyQuotaGB, -1))}, // -1 is Azure's no limit
		Features: operationalinsights.WorkspaceFeaturesArgs{
			DisableLocalAuth: pulumi.Bool(true),
			// who may read a resource may read its logs
			EnableLogAccessUsingOnlyResourcePermissions: pulumi.Bool(true),
		},
		PublicNetworkAccessForIngestion: pulumi.String("Disabled"),
		PublicNetworkAccessForQuery:     pulumi.String(query),
		Tags:                            a.Place.InputTags(),
	}
}
