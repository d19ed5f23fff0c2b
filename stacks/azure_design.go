package stacks

import (
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure"
	"ai-worker/components/azure/appenvironment"
	"ai-worker/components/azure/blobstorage"
	"ai-worker/components/azure/containerapp"
	"ai-worker/components/azure/githubfederation"
	"ai-worker/components/azure/identity"
	"ai-worker/components/azure/keyvault"
	"ai-worker/components/azure/network"
	"ai-worker/components/azure/postgres"
	"ai-worker/components/azure/privateendpoint"
	"ai-worker/components/azure/registry"
	"ai-worker/components/azure/resourcegroup"
	"ai-worker/components/azure/workspace"
	"ai-worker/config"
)

// azureDesign is what the settings make of every component of the azure stack,
// before one is registered, with [upstream] where a component takes what is not made
// yet.
type azureDesign struct {
	settings *config.Settings
	place    azure.Place

	group      *resourcegroup.Args
	workspace  *workspace.Args
	network    *network.Args
	deploy     *githubfederation.Args
	registry   *registry.Args
	database   *postgres.Args
	vault      *keyvault.Args
	apps       *appenvironment.Args
	identities map[string]*identity.Args
	buckets    map[string]*blobstorage.Args
	workloads  map[string]*containerapp.Args // workloads are none before there is an image
}

// newAzure reads the settings of an environment.
func newAzure(s *config.Settings) *azureDesign {
	a, own := s.Azure, "ai-worker-"+s.Environment // own is the name of what an environment has one of
	d := &azureDesign{
		settings: s, identities: map[string]*identity.Args{}, buckets: map[string]*blobstorage.Args{}, workloads: map[string]*containerapp.Args{},
	}
	d.place = azure.Place{
		Subscription: a.Subscription, Group: own, GroupName: upstream, Location: a.Location, Workspace: upstream,
		Tags: map[string]string{"environment": s.Environment, "managed-by": "pulumi"},
	}
	maps.Copy(d.place.Tags, a.Tags)
	entry := privateendpoint.Entry{Subnet: upstream, Zone: upstream}

	d.group = &resourcegroup.Args{Subscription: a.Subscription, Name: own, Location: a.Location, Tags: d.place.Tags}
	take(d.group, a.Group)
	d.workspace = &workspace.Args{Place: d.place, Name: own}
	take(d.workspace, a.Workspace)
	d.network = &network.Args{Place: d.place, Name: own}
	take(d.network, a.Network)
	d.deploy = &githubfederation.Args{
		Place: d.place, Name: own, Environment: s.Environment,
		Repository: githubfederation.Repository{
			Owner: s.Repository.Owner, Name: s.Repository.Name, OwnerID: s.Repository.OwnerID, ID: s.Repository.ID,
		},
		PlanEnvironment: a.Deploy.PlanEnvironment, PushEnvironment: a.Deploy.PushEnvironment, AllowDeletion: a.Deploy.AllowDeletion,
	}
	if a.Deploy.AllowReusedNames {
		d.deploy.Repository.OwnerID, d.deploy.Repository.ID, d.deploy.Repository.AllowReusedNames = "", "", true
	}
	if r := a.Deploy.PushRepository; r != nil {
		d.deploy.PushRepository = &githubfederation.Repository{}
		take(d.deploy.PushRepository, r)
	}
	d.registry = &registry.Args{
		Place: d.place, Endpoint: entry, Readers: map[string]pulumi.StringInput{}, Writers: map[string]pulumi.StringInput{"push": upstream},
	}
	take(d.registry, a.Registry)
	d.database = &postgres.Args{
		Place: d.place, Name: own, Subnet: upstream, Zone: upstream, Tenant: a.Tenant, Administrators: map[string]postgres.Administrator{},
	}
	take(d.database, a.Database)
	d.vault = &keyvault.Args{Place: d.place, TenantID: a.Tenant, Name: own, Endpoint: entry, Secrets: map[string]keyvault.Secret{}}
	take(d.vault, a.Vault)
	for _, name := range a.Secrets {
		d.vault.Secrets[name] = keyvault.Secret{Accessors: map[string]pulumi.StringInput{}}
	}
	d.apps = &appenvironment.Args{Place: d.place, Name: own, Subnet: upstream}
	take(d.apps, a.Apps)
	for name, settings := range a.Buckets {
		args := &blobstorage.Args{
			Place: d.place, Account: strings.ReplaceAll("aiworker"+s.Environment+name, "-", ""), Container: name,
			Endpoint: entry, Grants: map[string]blobstorage.Grant{},
		}
		take(args, settings)
		d.buckets[name] = args
	}
	for name := range a.Workloads {
		d.workload(name, own)
	}
	return d
}

// workload gives a workload its identity, and that the use of what it names.
func (d *azureDesign) workload(name, own string) {
	a := d.settings.Azure
	w := a.Workloads[name]
	d.identities[name] = &identity.Args{Place: d.place, Name: own + "-" + name}
	d.registry.Readers[name] = upstream
	if w.DatabaseAdministrator {
		d.database.Administrators[name] = postgres.Administrator{Principal: upstream, Name: upstream}
	}
	for b, access := range w.Buckets {
		if to := d.buckets[b]; to != nil {
			to.Grants[name] = blobstorage.Grant{Principal: upstream, Access: blobstorage.Access(access), SignURLs: w.SignURLs}
		}
	}
	for _, secret := range w.Secrets {
		if of, exists := d.vault.Secrets[secret]; exists {
			of.Accessors[name] = upstream
		}
	}
	if a.Image == "" {
		return
	}
	args := &containerapp.Args{
		Place: d.place, Name: name, Environment: upstream, Identity: containerapp.Identity{ID: upstream, ClientID: upstream},
		Registry: upstream, Image: upstream, Env: map[string]pulumi.StringInput{}, Secrets: map[string]pulumi.StringInput{},
		Arguments: w.Arguments, CPU: w.CPU, GraceSeconds: w.GraceSeconds, AllowDeletion: d.apps.AllowDeletion,
	}
	take(&args.Scale, w.Scale)
	if w.Job != nil {
		args.Job = &containerapp.Job{}
		take(args.Job, w.Job)
	}
	if w.Ingress != nil {
		args.Ingress = &containerapp.Ingress{Hosts: map[string]containerapp.Host{}}
		take(args.Ingress, w.Ingress)
		d.apps.AllowInternet = d.apps.AllowInternet || w.Ingress.AllowInternet
		for host, h := range a.Hosts {
			if h.Workload == name && h.At() >= azureStage("named") {
				args.Ingress.Hosts[host] = containerapp.Host{Name: d.settings.FullName(host), Bound: h.At() >= azureStage("bound")}
			}
		}
	}
	d.environment(args, name)
	d.workloads[name] = args
}

// azureStage is where a stage stands among those of hosts on Azure.
func azureStage(stage string) int { return config.AzureHost{Stage: stage}.At() }

// check reports everything that the components have against the settings.
func (d *azureDesign) check() error {
	var v validation
	v.add("azure.group", d.group)
	v.add("azure.workspace", d.workspace)
	v.add("azure.network", d.network)
	v.add("azure.registry", d.registry)
	v.add("azure.database", d.database)
	v.add("azure.vault", d.vault)
	v.add("azure.apps", d.apps)
	addEach(&v, "azure.buckets", d.buckets)
	addEach(&v, "azure.workloads", d.identities)
	addEach(&v, "azure.workloads", d.workloads)
	v.add("azure.deploy", d.deploy)
	return v.err()
}
