package dbforpostgresql

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/sdk"
)

// Database is a database on a server.
type Database struct {
	pulumi.CustomResourceState

	Charset    pulumi.StringPtrOutput     `pulumi:"charset"`
	Collation  pulumi.StringPtrOutput     `pulumi:"collation"`
	Name       pulumi.StringOutput        `pulumi:"name"`
	SystemData sdk.Output[sdk.SystemData] `pulumi:"systemData"`
	Type       pulumi.StringOutput        `pulumi:"type"`
}

// DatabaseArgs describes a database.
type DatabaseArgs struct {
	Charset           pulumi.StringPtrInput
	Collation         pulumi.StringPtrInput
	DatabaseName      pulumi.StringPtrInput
	ResourceGroupName pulumi.StringInput // ResourceGroupName is required.
	ServerName        pulumi.StringInput // ServerName is required.
}

type databaseArgs struct {
	Charset           *string `pulumi:"charset"`
	Collation         *string `pulumi:"collation"`
	DatabaseName      *string `pulumi:"databaseName"`
	ResourceGroupName string  `pulumi:"resourceGroupName"`
	ServerName        string  `pulumi:"serverName"`
}

// ElementType implements pulumi.Input.
func (DatabaseArgs) ElementType() reflect.Type { return reflect.TypeFor[databaseArgs]() }

// NewDatabase registers a database.
func NewDatabase(ctx *pulumi.Context, name string, args *DatabaseArgs, opts ...pulumi.ResourceOption) (*Database, error) {
	made := &Database{}
	return made, sdk.Register(ctx, DatabaseType, name, args, made, opts...)
}

// Administrator is a Microsoft Entra administrator of a server.
type Administrator struct {
	pulumi.CustomResourceState

	Name          pulumi.StringOutput        `pulumi:"name"`
	ObjectId      pulumi.StringPtrOutput     `pulumi:"objectId"`
	PrincipalName pulumi.StringPtrOutput     `pulumi:"principalName"` // PrincipalName is the name to log in with.
	PrincipalType pulumi.StringPtrOutput     `pulumi:"principalType"`
	SystemData    sdk.Output[sdk.SystemData] `pulumi:"systemData"`
	TenantId      pulumi.StringPtrOutput     `pulumi:"tenantId"`
	Type          pulumi.StringOutput        `pulumi:"type"`
}

// AdministratorArgs describes an administrator.
type AdministratorArgs struct {
	ObjectId          pulumi.StringPtrInput // ObjectId is the principal's id in Entra.
	PrincipalName     pulumi.StringPtrInput
	PrincipalType     pulumi.StringPtrInput // PrincipalType is Group, ServicePrincipal, Unknown or User.
	ResourceGroupName pulumi.StringInput    // ResourceGroupName is required.
	ServerName        pulumi.StringInput    // ServerName is required.
	TenantId          pulumi.StringPtrInput
}

type administratorArgs struct {
	ObjectId          *string `pulumi:"objectId"`
	PrincipalName     *string `pulumi:"principalName"`
	PrincipalType     *string `pulumi:"principalType"`
	ResourceGroupName string  `pulumi:"resourceGroupName"`
	ServerName        string  `pulumi:"serverName"`
	TenantId          *string `pulumi:"tenantId"`
}

// ElementType implements pulumi.Input.
func (AdministratorArgs) ElementType() reflect.Type { return reflect.TypeFor[administratorArgs]() }

// NewAdministrator registers an administrator.
func NewAdministrator(ctx *pulumi.Context, name string, args *AdministratorArgs, opts ...pulumi.ResourceOption) (*Administrator, error) {
	made := &Administrator{}
	return made, sdk.Register(ctx, AdministratorType, name, args, made, opts...)
}

// Configuration is a server parameter.
type Configuration struct {
	pulumi.CustomResourceState

	AllowedValues          pulumi.StringOutput        `pulumi:"allowedValues"`
	DataType               pulumi.StringOutput        `pulumi:"dataType"`
	DefaultValue           pulumi.StringOutput        `pulumi:"defaultValue"`
	Description            pulumi.StringOutput        `pulumi:"description"`
	DocumentationLink      pulumi.StringOutput        `pulumi:"documentationLink"`
	IsConfigPendingRestart pulumi.BoolOutput          `pulumi:"isConfigPendingRestart"`
	IsDynamicConfig        pulumi.BoolOutput          `pulumi:"isDynamicConfig"`
	IsReadOnly             pulumi.BoolOutput          `pulumi:"isReadOnly"`
	Name                   pulumi.StringOutput        `pulumi:"name"`
	Source                 pulumi.StringPtrOutput     `pulumi:"source"`
	SystemData             sdk.Output[sdk.SystemData] `pulumi:"systemData"`
	Type                   pulumi.StringOutput        `pulumi:"type"`
	Unit                   pulumi.StringOutput        `pulumi:"unit"`
	Value                  pulumi.StringPtrOutput     `pulumi:"value"`
}

// ConfigurationArgs describes a server parameter.
type ConfigurationArgs struct {
	ConfigurationName pulumi.StringPtrInput
	ResourceGroupName pulumi.StringInput    // ResourceGroupName is required.
	ServerName        pulumi.StringInput    // ServerName is required.
	Source            pulumi.StringPtrInput // Source is "user-override" for a value of one's own.
	Value             pulumi.StringPtrInput
}

type configurationArgs struct {
	ConfigurationName *string `pulumi:"configurationName"`
	ResourceGroupName string  `pulumi:"resourceGroupName"`
	ServerName        string  `pulumi:"serverName"`
	Source            *string `pulumi:"source"`
	Value             *string `pulumi:"value"`
}

// ElementType implements pulumi.Input.
func (ConfigurationArgs) ElementType() reflect.Type { return reflect.TypeFor[configurationArgs]() }

// NewConfiguration registers a server parameter.
func NewConfiguration(ctx *pulumi.Context, name string, args *ConfigurationArgs, opts ...pulumi.ResourceOption) (*Configuration, error) {
	made := &Configuration{}
	return made, sdk.Register(ctx, ConfigurationType, name, args, made, opts...)
}
