package postgres

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure/sdk/dbforpostgresql"
)

// parts registers the parts of a server, each after the one before: a server takes
// one change at a time and answers others with ServerIsBusy. They go with the server.
type parts struct {
	ctx    *pulumi.Context
	args   *Args
	child  components.Child
	server *dbforpostgresql.Server
	last   pulumi.Resource
}

// next are the options of the part that is made next.
func (s *parts) next(extra ...pulumi.ResourceOption) pulumi.ResourceOption {
	return s.child.Opts(append(extra, pulumi.DeletedWith(s.server), pulumi.DependsOn([]pulumi.Resource{s.last}))...)
}

// flags are not protected: to take one away puts Azure's own value back.
func (s *parts) flags() error {
	flags := s.args.flags()
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		flag, err := dbforpostgresql.NewConfiguration(s.ctx, s.child.Name("flag", name), &dbforpostgresql.ConfigurationArgs{
			ResourceGroupName: s.args.Place.GroupName,
			ServerName:        s.server.Name,
			ConfigurationName: pulumi.String(name),
			Source:            pulumi.String("user-override"),
			Value:             pulumi.String(flags[name]),
		}, s.next())
		if err != nil {
			return fmt.Errorf("flag %q: %w", name, err)
		}
		s.last = flag
	}
	return nil
}

// databases taken off the list are abandoned rather than dropped; SQL does that.
func (s *parts) databases() (pulumi.StringArrayOutput, error) {
	names := pulumi.StringArray{}
	for _, name := range s.args.Databases {
		database, err := dbforpostgresql.NewDatabase(s.ctx, s.child.Name("database", name), &dbforpostgresql.DatabaseArgs{
			ResourceGroupName: s.args.Place.GroupName,
			ServerName:        s.server.Name,
			DatabaseName:      pulumi.String(name),
			Charset:           pulumi.String("UTF8"),
			Collation:         pulumi.String("en_US.utf8"),
		}, s.next(s.args.kept(pulumi.RetainOnDelete(true))...))
		if err != nil {
			return pulumi.StringArrayOutput{}, fmt.Errorf("database %q: %w", name, err)
		}
		names, s.last = append(names, database.Name), database
	}
	return names.ToStringArrayOutput(), nil
}

func (s *parts) administrators() (pulumi.StringMapOutput, error) {
	names := pulumi.StringMap{}
	for _, key := range slices.Sorted(maps.Keys(s.args.Administrators)) {
		who := s.args.Administrators[key]
		administrator, err := dbforpostgresql.NewAdministrator(s.ctx, s.child.Name("admin", key), &dbforpostgresql.AdministratorArgs{
			ResourceGroupName: s.args.Place.GroupName,
			ServerName:        s.server.Name,
			ObjectId:          who.Principal.ToStringOutput().ToStringPtrOutput(),
			PrincipalName:     who.Name.ToStringOutput().ToStringPtrOutput(),
			PrincipalType:     pulumi.String("ServicePrincipal"),
			TenantId:          pulumi.String(s.args.Tenant),
		}, s.next(pulumi.Protect(!s.args.AllowDeletion))) // the old one goes first: its login has the same name
		if err != nil {
			return pulumi.StringMapOutput{}, fmt.Errorf("administrator %q: %w", key, err)
		}
		names[key], s.last = administrator.PrincipalName.Elem(), administrator
	}
	return names.ToStringMapOutput(), nil
}
