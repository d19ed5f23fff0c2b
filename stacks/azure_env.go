package stacks

import (
	"encoding/json"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/containerapp"
	"ai-worker/components/azure/identity"
	"ai-worker/components/azure/postgres"
	"ai-worker/components/kubernetes/externalsecrets"
	"ai-worker/components/kubernetes/settings"
	"ai-worker/stacks/contract"
)

// environment names what a workload finds in its environment: the same variables as
// in the cluster, but for those that are about Google Cloud itself. Their values are
// [upstream] until fill has them.
func (d *azureDesign) environment(args *containerapp.Args, workload string) {
	a := d.settings.Azure
	w := a.Workloads[workload]
	args.Env["REGISTRY"], args.Env["REGION"] = upstream, pulumi.String(a.Location)
	for name := range a.Buckets {
		args.Env[settings.Key("BUCKET", name)] = upstream
	}
	for _, name := range a.Database.Databases {
		args.Env[settings.Key("DATABASE", name)] = pulumi.String(name)
	}
	for _, name := range d.logins() {
		args.Env[settings.Key("DATABASE_USER", name)] = upstream
	}
	if w.Database {
		args.Env["PGHOST"], args.Env["PGUSER"] = upstream, upstream
		args.Env["PGSSLMODE"] = pulumi.String("verify-full") // libpq's default takes any server for the right one
		if databases := a.Database.Databases; len(databases) > 0 {
			args.Env["PGDATABASE"] = pulumi.String(databases[0])
		}
	}
	if w.DatabaseAdministrator {
		args.Env["DATABASE_ROLES"] = upstream
	}
	for _, secret := range w.Secrets {
		args.Secrets[externalsecrets.Key(secret)] = upstream
	}
}

// logins are the workloads that log in to the database.
func (d *azureDesign) logins() []string {
	var names []string
	for _, name := range sorted(d.settings.Azure.Workloads) {
		if d.settings.Azure.Workloads[name].Database {
			names = append(names, name)
		}
	}
	return names
}

// fill gives a workload's environment its values.
func (d *azureDesign) fill(
	args *containerapp.Args, workload string, p *contract.Platform, made map[string]*identity.Identity, database *postgres.Postgres,
) {
	a := d.settings.Azure
	args.Env["REGISTRY"] = p.Registry
	for name := range a.Buckets {
		args.Env[settings.Key("BUCKET", name)] = p.Buckets.MapIndex(pulumi.String(name))
	}
	for _, name := range d.logins() {
		args.Env[settings.Key("DATABASE_USER", name)] = made[name].Name
	}
	if _, logsIn := args.Env["PGUSER"]; logsIn {
		args.Env["PGHOST"], args.Env["PGUSER"] = database.FQDN, made[workload].Name
	}
	if _, administers := args.Env["DATABASE_ROLES"]; administers {
		args.Env["DATABASE_ROLES"] = d.roles(made)
	}
	for _, secret := range a.Workloads[workload].Secrets {
		args.Secrets[externalsecrets.Key(secret)] = p.Secrets.MapIndex(pulumi.String(secret))
	}
}

// role is a login that an administrator has to make: docs/azure.md has the statement.
type role struct {
	Name     string `json:"name"`
	ObjectID string `json:"objectId"`
}

// roles are the logins of the workloads that are no administrators, as JSON.
func (d *azureDesign) roles(made map[string]*identity.Identity) pulumi.StringOutput {
	var parts []any
	for _, name := range d.logins() {
		if !d.settings.Azure.Workloads[name].DatabaseAdministrator {
			parts = append(parts, made[name].Name, made[name].PrincipalID)
		}
	}
	return pulumi.All(parts...).ApplyT(func(values []any) (string, error) {
		roles := []role{}
		for pair := range slices.Chunk(values, 2) {
			roles = append(roles, role{Name: pair[0].(string), ObjectID: pair[1].(string)})
		}
		text, err := json.Marshal(roles)
		return string(text), err
	}).(pulumi.StringOutput)
}
