// Package appenvironment is a Container Apps environment: what the apps of an
// environment run in, with its place in the network, its logs and its TLS.
//
// Its children, by logical name:
//
//	<name>-environment   azure-native:app/v20240301:ManagedEnvironment   always
//	<name>-diagnostics   azure-native:insights:DiagnosticSetting         always
//
// The apps' logs go through Azure Monitor to the workspace, which takes no key, as
// the older way by a "log-analytics" destination does. Traffic between apps is
// encrypted, and each side proves who it is.
package appenvironment

import (
	"fmt"

	app "github.com/pulumi/pulumi-azure-native-sdk/app/v2/v20240301"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:AppEnvironment"

// Profile is the one workload profile: replicas pay for what they use.
const Profile = "Consumption"

// AppEnvironment is the component; its tagged fields are its outputs.
type AppEnvironment struct {
	pulumi.ResourceState

	// ID is the environment's id.
	ID pulumi.StringOutput `pulumi:"environmentId"`
	// Name is the environment's name.
	Name pulumi.StringOutput `pulumi:"environment"`
	// DefaultDomain is the domain that the apps' own hosts are under.
	DefaultDomain pulumi.StringOutput `pulumi:"defaultDomain"`
	// StaticIP is the address that the environment is reached by: a public one with
	// AllowInternet, else one of the subnet's.
	StaticIP pulumi.StringOutput `pulumi:"staticIp"`
	// VerificationID is what the TXT record "asuid.<host>" must hold before an app may
	// have the host. It is the same in the whole subscription.
	VerificationID pulumi.StringOutput `pulumi:"verificationId"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*AppEnvironment, error) {
	c := &AppEnvironment{}
	build := func(child components.Child) error {
		environment, err := app.NewManagedEnvironment(ctx, child.Name("environment"), args.environment(),
			child.Opts(azure.Protect(args.AllowDeletion)...))
		if err != nil {
			return fmt.Errorf("environment: %w", err)
		}
		c.ID, c.Name = environment.ID().ToStringOutput(), environment.Name
		c.DefaultDomain, c.StaticIP = environment.DefaultDomain, environment.StaticIp
		c.VerificationID = environment.CustomDomainConfiguration.CustomDomainVerificationId().Elem()
		return args.Place.Diagnose(ctx, child, c.ID, "diagnostics")
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) environment() *app.ManagedEnvironmentArgs {
	return &app.ManagedEnvironmentArgs{
		ResourceGroupName:           a.Place.GroupName,
		Location:                    pulumi.String(a.Place.Location),
		EnvironmentName:             pulumi.String(a.Name),
		InfrastructureResourceGroup: pulumi.String(a.infrastructureGroup()),
		ZoneRedundant:               pulumi.Bool(!a.DisableZoneRedundancy),
		VnetConfiguration: app.VnetConfigurationArgs{
			InfrastructureSubnetId: a.Subnet.ToStringOutput().ToStringPtrOutput(),
			Internal:               pulumi.Bool(!a.AllowInternet),
		},
		WorkloadProfiles: app.WorkloadProfileArray{
			app.WorkloadProfileArgs{Name: pulumi.String(Profile), WorkloadProfileType: pulumi.String(Profile)},
		},
		AppLogsConfiguration: app.AppLogsConfigurationArgs{Destination: pulumi.String("azure-monitor")},
		PeerAuthentication: app.ManagedEnvironmentPeerAuthenticationArgs{
			Mtls: app.MtlsArgs{Enabled: pulumi.Bool(true)},
		},
		PeerTrafficConfiguration: app.ManagedEnvironmentPeerTrafficConfigurationArgs{
			Encryption: app.ManagedEnvironmentEncryptionArgs{Enabled: pulumi.Bool(true)},
		},
		Tags: a.Place.InputTags(),
	}
}
