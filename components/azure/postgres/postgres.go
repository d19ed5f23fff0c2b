// Package postgres is a flexible server of Azure Database for PostgreSQL with its
// parameters, databases and administrators. It has an address in the network and no
// other, so that it has no firewall rule either, and admits identities of Microsoft
// Entra alone; nobody has a password.
//
// Its children, by logical name:
//
//	<name>-server             azure-native:dbforpostgresql/v20240801:Server          always
//	<name>-flag-<flag>        azure-native:dbforpostgresql/v20240801:Configuration   one a parameter, given or set always
//	<name>-database-<name>    azure-native:dbforpostgresql/v20240801:Database        one a database
//	<name>-admin-<key>        azure-native:dbforpostgresql/v20240801:Administrator   one an administrator
//	<name>-diagnostics        azure-native:insights:DiagnosticSetting                always
//
// Server, databases and administrators are protected: a destroy comes to the
// children before the server refuses. To delete, set AllowDeletion, update, destroy.
//
// Azure's API knows administrators and no other login. The migration, which runs as
// an administrator, makes those of the workloads in the database "postgres", each for
// the object id of its identity:
//
//	SELECT * FROM pgaadauth_create_principal_with_oid('api', '<object id>', 'service', false, false);
//
// and grants them what they need; a new login has no more rights than PostgreSQL's
// PUBLIC. See https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-manage-azure-ad-users
package postgres

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure/sdk/dbforpostgresql"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:Postgres"

// Postgres is the component; its tagged fields are its outputs.
type Postgres struct {
	pulumi.ResourceState

	// ID is the server's id.
	ID pulumi.StringOutput `pulumi:"serverId"`
	// Name is the server's name.
	Name pulumi.StringOutput `pulumi:"serverName"`
	// FQDN is the host to connect to, on port 5432, with TLS verified in full.
	FQDN pulumi.StringOutput `pulumi:"fqdn"`
	// Databases are the names of the databases.
	Databases pulumi.StringArrayOutput `pulumi:"databases"`
	// Administrators are the names that the administrators log in with, by their keys.
	Administrators pulumi.StringMapOutput `pulumi:"administrators"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Postgres, error) {
	c := &Postgres{}
	build := func(child components.Child) error {
		grows := pulumi.IgnoreChanges([]string{"storage.storageSizeGB"}) // by itself
		server, err := dbforpostgresql.NewServer(ctx, child.Name("server"), args.server(), child.Opts(args.kept(grows)...))
		if err != nil {
			return fmt.Errorf("server: %w", err)
		}
		c.ID, c.Name, c.FQDN = server.ID().ToStringOutput(), server.Name, server.FullyQualifiedDomainName
		parts := &parts{ctx: ctx, args: args, child: child, server: server, last: server}
		if err := parts.flags(); err != nil {
			return err
		}
		if c.Databases, err = parts.databases(); err != nil {
			return err
		}
		if c.Administrators, err = parts.administrators(); err != nil {
			return err
		}
		return args.Place.Diagnose(ctx, child, c.ID, "diagnostics")
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// kept are the options of what holds state, then extra. In a replacement the new one
// comes first, which Azure refuses unless Generation has given it another name; the
// provider would delete the data first.
func (a *Args) kept(extra ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Protect(!a.AllowDeletion), pulumi.DeleteBeforeReplace(false)}, extra...)
}

func (a *Args) server() *dbforpostgresql.ServerArgs {
	return &dbforpostgresql.ServerArgs{
		ResourceGroupName: a.Place.GroupName,
		Location:          pulumi.String(a.Place.Location),
		ServerName:        pulumi.String(a.ServerName()),
		CreateMode:        pulumi.String("Default"),
		Version:           pulumi.String(a.Version),
		Sku:               dbforpostgresql.SkuArgs{Name: pulumi.String(a.SKU), Tier: pulumi.String(a.tier())},
		Storage: dbforpostgresql.StorageArgs{
			StorageSizeGB: pulumi.Int(a.diskGB()),
			AutoGrow:      pulumi.String("Enabled"),
		},
		HighAvailability: dbforpostgresql.HighAvailabilityArgs{Mode: choose(a.Zonal, "Disabled", "ZoneRedundant")},
		Backup: dbforpostgresql.BackupTypeArgs{
			BackupRetentionDays: pulumi.Int(a.backupDays()),
			GeoRedundantBackup:  choose(a.Backup.DisableGeo, "Disabled", "Enabled"),
		},
		MaintenanceWindow: dbforpostgresql.MaintenanceWindowArgs{
			CustomWindow: pulumi.String("Enabled"),
			DayOfWeek:    pulumi.Int(a.Maintenance.Day),
			StartHour:    pulumi.Int(a.Maintenance.Hour),
			StartMinute:  pulumi.Int(a.Maintenance.Minute),
		},
		Network: dbforpostgresql.NetworkArgs{
			DelegatedSubnetResourceId:   a.Subnet.ToStringOutput().ToStringPtrOutput(),
			PrivateDnsZoneArmResourceId: a.Zone.ToStringOutput().ToStringPtrOutput(),
			PublicNetworkAccess:         pulumi.String("Disabled"),
		},
		AuthConfig: dbforpostgresql.AuthConfigArgs{
			ActiveDirectoryAuth: pulumi.String("Enabled"),
			PasswordAuth:        pulumi.String("Disabled"),
			TenantId:            pulumi.String(a.Tenant),
		},
		Tags: a.Place.InputTags(),
	}
}

func choose(condition bool, yes, no string) pulumi.String {
	if condition {
		return pulumi.String(yes)
	}
	return pulumi.String(no)
}
