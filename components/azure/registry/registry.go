// Package registry makes a container registry with grants on it.
//
// Children of a component NAME:
//
//	NAME-registry          azure-native:containerregistry:Registry        always; protected unless AllowDeletion
//	NAME-endpoint          azure-native:network:PrivateEndpoint           always
//	NAME-endpoint-dns      azure-native:network:PrivateDnsZoneGroup       always
//	NAME-reader-WORKLOAD   azure-native:authorization:RoleAssignment      per entry of Readers
//	NAME-writer-WORKLOAD   azure-native:authorization:RoleAssignment      per entry of Writers
//	NAME-diagnostics       azure-native:insights:DiagnosticSetting        always
//
// Everybody logs in with Microsoft Entra: there is no admin user, and no password.
// Images are encrypted with Microsoft's own keys.
//
// The pinned API (2022-12-01) does not know anonymous pull, which is off in a new
// registry, nor soft delete, which excludes retention anyway: neither is set here,
// and neither would be seen as drift.
package registry

import (
	"fmt"
	"regexp"

	"github.com/pulumi/pulumi-azure-native-sdk/containerregistry/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
	"ai-worker/components/azure/privateendpoint"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:Registry"

// Args configures a Registry. The zero value of an option is the strong choice.
type Args struct {
	Place azure.Place // Place of the registry. Required, with its workspace.
	// Name is the registry's, unique in all of Azure: 5 to 50 lower-case letters and
	// digits. Required.
	Name string
	// Endpoint is where the network reaches the registry. Required.
	Endpoint privateendpoint.Entry
	// AllowPublicAccess lets clients outside of the network log in and push, as
	// runners that GitHub hosts must. Exports to other registries are then possible.
	AllowPublicAccess bool
	// DisableZoneRedundancy keeps the images in one zone. It cannot change.
	DisableZoneRedundancy bool
	// UntaggedDays, 1 to 365, after which an image without a tag is deleted for good;
	// 0 means 30. What is deployed by its digest must keep a tag.
	UntaggedDays int

	// Readers are the principals that pull, by workload.
	Readers map[string]pulumi.StringInput
	// Writers are the principals that push and pull, by workload.
	Writers map[string]pulumi.StringInput
	// AllowDeletion lifts the protection of the registry and its images.
	AllowDeletion bool
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry;
// upper case would be taken too, and answered in lower case as a login server
var nameShape = regexp.MustCompile(`^[a-z0-9]{5,50}$`)

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.CheckObserved(&p)
	p.Want(nameShape.MatchString(a.Name), "name %q: want 5 to 50 lower-case letters and digits", a.Name)
	a.Endpoint.Check(&p, "endpoint")
	p.Want(a.UntaggedDays >= 0 && a.UntaggedDays <= 365, "untaggedDays %d: want 1 to 365, or 0 for 30", a.UntaggedDays)
	azure.CheckPrincipals(&p, "readers", a.Readers)
	azure.CheckPrincipals(&p, "writers", a.Writers)
	return p.Err()
}

// Registry is the component; its tagged fields are its outputs.
type Registry struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"` // Name of the registry.
	// LoginServer is the first part of an image's name, "NAME.azurecr.io". What is made
	// with it waits for the grants: an app cannot pull before.
	LoginServer pulumi.StringOutput `pulumi:"loginServer"`
	ID          pulumi.StringOutput `pulumi:"registryId"` // ID of the registry in Azure Resource Manager.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Registry, error) {
	c := &Registry{}
	build := func(child components.Child) error {
		registry, err := containerregistry.NewRegistry(ctx, child.Name("registry"), args.registry(),
			child.Opts(azure.Protect(args.AllowDeletion)...))
		if err != nil {
			return fmt.Errorf("registry: %w", err)
		}
		c.Name, c.ID = registry.Name, registry.ID().ToStringOutput()
		record, err := privateendpoint.Attach(ctx, child, args.Place, args.Endpoint, args.Name+"-registry", "registry", c.ID)
		if err != nil {
			return err
		}
		pull, err := args.grant(ctx, child, c.ID, "reader", azure.AcrPull, args.Readers)
		if err != nil {
			return err
		}
		push, err := args.grant(ctx, child, c.ID, "writer", azure.AcrPush, args.Writers)
		if err != nil {
			return err
		}
		c.LoginServer = pulumi.OutputWithDependencies(ctx.Context(), registry.LoginServer, append(append(pull, push...), record)...).(pulumi.StringOutput)
		return args.Place.Diagnose(ctx, child, c.ID, "diagnostics")
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
