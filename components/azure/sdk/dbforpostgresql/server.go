// Package dbforpostgresql has the types of azure-native:dbforpostgresql, API
// version 2024-08-01, that a flexible server needs.
package dbforpostgresql

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/sdk"
)

// The provider's types.
const (
	ServerType        = "azure-native:dbforpostgresql/v20240801:Server"
	DatabaseType      = "azure-native:dbforpostgresql/v20240801:Database"
	AdministratorType = "azure-native:dbforpostgresql/v20240801:Administrator"
	ConfigurationType = "azure-native:dbforpostgresql/v20240801:Configuration"
)

// Server is a flexible server.
type Server struct {
	pulumi.CustomResourceState

	AuthConfig               sdk.Output[*AuthConfig]        `pulumi:"authConfig"`
	AvailabilityZone         pulumi.StringPtrOutput         `pulumi:"availabilityZone"`
	Backup                   sdk.Output[*BackupResponse]    `pulumi:"backup"`
	FullyQualifiedDomainName pulumi.StringOutput            `pulumi:"fullyQualifiedDomainName"`
	HighAvailability         sdk.Output[*HAResponse]        `pulumi:"highAvailability"`
	Location                 pulumi.StringOutput            `pulumi:"location"`
	MaintenanceWindow        sdk.Output[*MaintenanceWindow] `pulumi:"maintenanceWindow"`
	MinorVersion             pulumi.StringOutput            `pulumi:"minorVersion"`
	Name                     pulumi.StringOutput            `pulumi:"name"`
	Network                  sdk.Output[*Network]           `pulumi:"network"`
	ReplicaCapacity          pulumi.IntOutput               `pulumi:"replicaCapacity"`
	ReplicationRole          pulumi.StringPtrOutput         `pulumi:"replicationRole"`
	Sku                      sdk.Output[*Sku]               `pulumi:"sku"`
	SourceServerResourceId   pulumi.StringPtrOutput         `pulumi:"sourceServerResourceId"`
	State                    pulumi.StringOutput            `pulumi:"state"`
	Storage                  sdk.Output[*Storage]           `pulumi:"storage"`
	SystemData               sdk.Output[sdk.SystemData]     `pulumi:"systemData"`
	Tags                     pulumi.StringMapOutput         `pulumi:"tags"`
	Type                     pulumi.StringOutput            `pulumi:"type"`
	Version                  pulumi.StringPtrOutput         `pulumi:"version"`
}

// ServerArgs describes a server that has no password and no keys of its own and is
// neither restored nor a replica: those arguments of the SDK are left out.
type ServerArgs struct {
	AuthConfig        AuthConfigPtrInput
	AvailabilityZone  pulumi.StringPtrInput
	Backup            BackupTypePtrInput
	CreateMode        pulumi.StringPtrInput // CreateMode is Default or Create for a new server.
	HighAvailability  HighAvailabilityPtrInput
	Location          pulumi.StringPtrInput
	MaintenanceWindow MaintenanceWindowPtrInput
	Network           NetworkPtrInput
	ResourceGroupName pulumi.StringInput // ResourceGroupName is required.
	ServerName        pulumi.StringPtrInput
	Sku               SkuPtrInput
	Storage           StoragePtrInput
	Tags              pulumi.StringMapInput
	Version           pulumi.StringPtrInput // Version of PostgreSQL, such as "16".
}

type serverArgs struct {
	AuthConfig        *AuthConfig        `pulumi:"authConfig"`
	AvailabilityZone  *string            `pulumi:"availabilityZone"`
	Backup            *Backup            `pulumi:"backup"`
	CreateMode        *string            `pulumi:"createMode"`
	HighAvailability  *HighAvailability  `pulumi:"highAvailability"`
	Location          *string            `pulumi:"location"`
	MaintenanceWindow *MaintenanceWindow `pulumi:"maintenanceWindow"`
	Network           *Network           `pulumi:"network"`
	ResourceGroupName string             `pulumi:"resourceGroupName"`
	ServerName        *string            `pulumi:"serverName"`
	Sku               *Sku               `pulumi:"sku"`
	Storage           *Storage           `pulumi:"storage"`
	Tags              map[string]string  `pulumi:"tags"`
	Version           *string            `pulumi:"version"`
}

// ElementType implements pulumi.Input.
func (ServerArgs) ElementType() reflect.Type { return reflect.TypeFor[serverArgs]() }

// NewServer registers a server.
func NewServer(ctx *pulumi.Context, name string, args *ServerArgs, opts ...pulumi.ResourceOption) (*Server, error) {
	if args.AvailabilityZone == nil {
		args.AvailabilityZone = pulumi.String("") // as the SDK has it: to add it later would replace the server
	}
	made := &Server{}
	return made, sdk.Register(ctx, ServerType, name, args, made, opts...)
}
