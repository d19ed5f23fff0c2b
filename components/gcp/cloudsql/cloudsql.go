// Package cloudsql is a Cloud SQL instance of PostgreSQL with its databases,
// its logins and its read replicas. Clients reach it by a private address and
// log in with their IAM identity; nobody has a password.
//
// Its children, by logical name:
//
//	<name>-instance            gcp:sql/databaseInstance:DatabaseInstance   always
//	<name>-replica-<replica>   gcp:sql/databaseInstance:DatabaseInstance   one a replica
//	<name>-database-<name>     gcp:sql/database:Database                   one a database
//	<name>-user-<workload>     gcp:sql/user:User                           one a workload
//	<name>-group-<group>       gcp:sql/user:User                           one a group
//	<name>-person-<person>     gcp:sql/user:User                           one a person
//
// Deletion is refused at three levels: by Pulumi, by the provider and by the
// API. Databases and users are protected by Pulumi too, since a destroy comes to
// them before the instance refuses (terraform-google-sql-db#434). To delete, set
// AllowDeletion, update, destroy.
//
// A login has no more rights than PostgreSQL's PUBLIC until a migration grants
// some. To log in, its identity also needs roles/cloudsql.instanceUser, and
// roles/cloudsql.client for a connector: IAM of the project, not of this.
package cloudsql

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/sql"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:CloudSQL"

// CloudSQL is the component; its tagged fields are its outputs.
type CloudSQL struct {
	pulumi.ResourceState

	// Project is the project's id.
	Project pulumi.StringOutput `pulumi:"projectId"`
	// Instance is the physical name.
	Instance pulumi.StringOutput `pulumi:"instance"`
	// ConnectionName is what a connector dials: PROJECT:REGION:INSTANCE.
	ConnectionName pulumi.StringOutput `pulumi:"connectionName"`
	// PrivateAddress is empty with Private Service Connect.
	PrivateAddress pulumi.StringOutput `pulumi:"privateAddress"`
	// PublicAddress is empty without authorized networks.
	PublicAddress pulumi.StringOutput `pulumi:"publicAddress"`
	// PSCAttachment and DNSName are what an endpoint of Private Service Connect
	// and its DNS record need; empty without.
	PSCAttachment pulumi.StringOutput `pulumi:"pscAttachment"`
	DNSName       pulumi.StringOutput `pulumi:"dnsName"`
	// ServerCACert is the PEM certificate that direct clients verify.
	ServerCACert pulumi.StringOutput `pulumi:"serverCaCert"`
	// Databases are the names of the databases.
	Databases pulumi.StringArrayOutput `pulumi:"databases"`
	// Users are the names to log in with, by workload.
	Users pulumi.StringMapOutput `pulumi:"users"`
	// Replicas are the connection names of the replicas.
	Replicas pulumi.StringMapOutput `pulumi:"replicas"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*CloudSQL, error) {
	c := &CloudSQL{}
	build := func(child components.Child) error {
		grows := pulumi.IgnoreChanges([]string{"settings.diskSize"}) // by itself
		instance, err := sql.NewDatabaseInstance(ctx, child.Name("instance"), args.instance(), child.Opts(args.options(grows)...))
		if err != nil {
			return fmt.Errorf("instance: %w", err)
		}
		c.Project, c.Instance, c.ConnectionName = instance.Project, instance.Name, instance.ConnectionName
		c.PrivateAddress, c.PublicAddress = instance.PrivateIpAddress, instance.PublicIpAddress
		c.PSCAttachment, c.DNSName = instance.PscServiceAttachmentLink, instance.DnsName
		c.ServerCACert = firstCert(instance)
		if c.Databases, err = args.databases(ctx, child, instance); err != nil {
			return err
		}
		if c.Users, err = args.users(ctx, child, instance); err != nil {
			return err
		}
		c.Replicas, err = args.replicas(ctx, child, instance)
		return err
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// options are those of every child, then extra. In a replacement the new one
// comes first: the provider would delete the old one first, and then find that
// its name is taken for a week.
func (a *Args) options(extra ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Protect(!a.AllowDeletion), pulumi.DeleteBeforeReplace(false)}, extra...)
}

func firstCert(instance *sql.DatabaseInstance) pulumi.StringOutput {
	return instance.ServerCaCerts.ApplyT(func(certs []sql.DatabaseInstanceServerCaCert) string {
		if len(certs) == 0 || certs[0].Cert == nil {
			return ""
		}
		return *certs[0].Cert
	}).(pulumi.StringOutput)
}

// databases registers the databases. They go with their instance: PostgreSQL
// does not drop a database that others are connected to, or a role that owns
// something. One taken off the list is abandoned rather than dropped; SQL does that.
func (a *Args) databases(ctx *pulumi.Context, child components.Child, instance *sql.DatabaseInstance) (pulumi.StringArrayOutput, error) {
	names := pulumi.StringArray{}
	for _, name := range a.Databases {
		database, err := sql.NewDatabase(ctx, child.Name("database", name), &sql.DatabaseArgs{
			Project:        pulumi.String(a.Project),
			Instance:       instance.Name,
			Name:           pulumi.String(name),
			Charset:        pulumi.String("UTF8"),
			Collation:      pulumi.String("en_US.UTF8"),
			DeletionPolicy: pulumi.String("ABANDON"),
		}, child.Opts(a.options(pulumi.DeletedWith(instance))...))
		if err != nil {
			return pulumi.StringArrayOutput{}, fmt.Errorf("database %q: %w", name, err)
		}
		names = append(names, database.Name)
	}
	return names.ToStringArrayOutput(), nil
}

// users registers the logins and returns those of the workloads.
func (a *Args) users(ctx *pulumi.Context, child components.Child, instance *sql.DatabaseInstance) (pulumi.StringMapOutput, error) {
	names := pulumi.StringMap{}
	add := func(kind, which, typ string, name pulumi.StringInput) (pulumi.StringOutput, error) {
		user, err := sql.NewUser(ctx, child.Name(kind, which), &sql.UserArgs{
			Project:  pulumi.String(a.Project),
			Instance: instance.Name,
			Name:     name.ToStringOutput().ToStringPtrOutput(),
			Type:     pulumi.String(typ),
		}, child.Opts(a.options(pulumi.DeletedWith(instance))...))
		if err != nil {
			return pulumi.StringOutput{}, fmt.Errorf("%s %q: %w", kind, which, err)
		}
		return user.Name, nil
	}
	for _, workload := range slices.Sorted(maps.Keys(a.Workloads)) {
		name, err := add("user", workload, "CLOUD_IAM_SERVICE_ACCOUNT", login(a.Workloads[workload]))
		if err != nil {
			return pulumi.StringMapOutput{}, err
		}
		names[workload] = name
	}
	for _, group := range slices.Sorted(maps.Keys(a.Groups)) {
		if _, err := add("group", group, "CLOUD_IAM_GROUP", pulumi.String(a.Groups[group])); err != nil {
			return pulumi.StringMapOutput{}, err
		}
	}
	for _, person := range slices.Sorted(maps.Keys(a.People)) {
		if _, err := add("person", person, "CLOUD_IAM_USER", pulumi.String(a.People[person])); err != nil {
			return pulumi.StringMapOutput{}, err
		}
	}
	return names.ToStringMapOutput(), nil
}

const accountSuffix = ".gserviceaccount.com"

// login is the name of a service account's user: PostgreSQL's limit on the
// length of names takes the suffix off
// (https://cloud.google.com/sql/docs/postgres/add-manage-iam-users).
func login(email pulumi.StringInput) pulumi.StringOutput {
	return email.ToStringOutput().ApplyT(func(email string) (string, error) {
		name, ok := strings.CutSuffix(email, accountSuffix)
		if !ok {
			return "", fmt.Errorf("%q is no service account's email: want one that ends in %q", email, accountSuffix)
		}
		return name, nil
	}).(pulumi.StringOutput)
}

func (a *Args) replicas(ctx *pulumi.Context, child components.Child, instance *sql.DatabaseInstance) (pulumi.StringMapOutput, error) {
	names := pulumi.StringMap{}
	for _, which := range slices.Sorted(maps.Keys(a.Replicas)) {
		replica, err := sql.NewDatabaseInstance(ctx, child.Name("replica", which), a.replica(which, instance), child.Opts(a.options()...))
		if err != nil {
			return pulumi.StringMapOutput{}, fmt.Errorf("replica %q: %w", which, err)
		}
		names[which] = replica.ConnectionName
	}
	return names.ToStringMapOutput(), nil
}
