package stacks

import (
	"fmt"

	provider "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/appenvironment"
	"ai-worker/components/azure/blobstorage"
	"ai-worker/components/azure/containerapp"
	"ai-worker/components/azure/githubfederation"
	"ai-worker/components/azure/identity"
	"ai-worker/components/azure/keyvault"
	"ai-worker/components/azure/network"
	"ai-worker/components/azure/postgres"
	"ai-worker/components/azure/registry"
	"ai-worker/components/azure/resourcegroup"
	"ai-worker/components/azure/workspace"
	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// azureProgram is the stack <environment>-azure.
var azureProgram = program{
	check: func(s *config.Settings) error { return newAzure(s).check() },
	run:   azureStack,
}

func azureStack(ctx *pulumi.Context, s *config.Settings) error {
	d := newAzure(s)
	if err := d.hostsMayMove(ctx); err != nil {
		return fmt.Errorf("settings of stack %s:\n%w", ctx.Stack(), err)
	}
	p, err := provider.NewProvider(ctx, "azure", &provider.ProviderArgs{
		SubscriptionId: pulumi.String(s.Azure.Subscription), TenantId: pulumi.String(s.Azure.Tenant),
		DisablePulumiPartnerId: pulumi.Bool(true), // nothing of who made it in the requests
	})
	if err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	in := pulumi.Provider(p)
	vnet, err := d.makeGround(ctx, in)
	if err != nil {
		return err
	}
	deploy, err := githubfederation.New(ctx, "github", d.deploy, in)
	if err != nil {
		return err
	}
	identities, err := d.makeIdentities(ctx, in)
	if err != nil {
		return err
	}
	d.registry.Writers["push"] = deploy.PushPrincipalID
	images, err := registry.New(ctx, "registry", d.registry, in)
	if err != nil {
		return err
	}
	database, err := postgres.New(ctx, "database", d.database, in)
	if err != nil {
		return err
	}
	vault, err := keyvault.New(ctx, "vault", d.vault, in)
	if err != nil {
		return err
	}
	buckets, err := d.makeBuckets(ctx, in)
	if err != nil {
		return err
	}
	clients, users := pulumi.StringMap{}, pulumi.StringMap{}
	for name, made := range identities {
		clients[name] = made.ClientID
	}
	for _, name := range d.logins() {
		users[name] = identities[name].Name
	}
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	out := &contract.Azure{
		Platform: contract.Platform{
			Cloud: text("azure"), Location: text(s.Azure.Location), Registry: images.LoginServer, Buckets: buckets.ToStringMapOutput(),
			DatabaseServer: database.FQDN, DatabaseAddress: database.FQDN, // the name leads to a private address, which may change
			Databases: database.Databases, DatabaseUsers: users.ToStringMapOutput(),
			Secrets: vault.SecretURIs, SecretStore: vault.URI, Workloads: clients.ToStringMapOutput(),
			Deploy: pulumi.StringMap{
				"plan": deploy.PlanClientID, "apply": deploy.ApplyClientID, "push": deploy.PushClientID,
			}.ToStringMapOutput(),
		},
		Subscription: text(s.Azure.Subscription), ResourceGroup: d.place.GroupName.ToStringOutput(), Tenant: deploy.TenantID,
		NATAddresses: vnet.NATAddresses,
	}
	if err := d.makeWorkloads(ctx, out, identities, database, in); err != nil {
		return err
	}
	return contract.Export(ctx, out)
}

// makeGround makes what everything else stands on, and tells the other components.
func (d *azureDesign) makeGround(ctx *pulumi.Context, in pulumi.ResourceOption) (*network.Network, error) {
	group, err := resourcegroup.New(ctx, "group", d.group, in)
	if err != nil {
		return nil, err
	}
	d.place.GroupName = group.Name
	d.workspace.Place = d.place
	logs, err := workspace.New(ctx, "logs", d.workspace, in)
	if err != nil {
		return nil, err
	}
	d.place.Workspace = logs.ID
	d.network.Place = d.place
	vnet, err := network.New(ctx, "network", d.network, in)
	if err != nil {
		return nil, err
	}
	d.deploy.Place, d.registry.Place, d.database.Place, d.vault.Place, d.apps.Place = d.place, d.place, d.place, d.place, d.place
	d.registry.Endpoint.Subnet, d.registry.Endpoint.Zone = vnet.EndpointsSubnet, vnet.RegistryZone
	d.vault.Endpoint.Subnet, d.vault.Endpoint.Zone = vnet.EndpointsSubnet, vnet.VaultZone
	d.database.Subnet, d.database.Zone = vnet.DatabaseSubnet, vnet.DatabaseZone
	d.apps.Subnet = vnet.AppsSubnet
	for _, b := range d.buckets {
		b.Place, b.Endpoint.Subnet, b.Endpoint.Zone = d.place, vnet.EndpointsSubnet, vnet.BlobZone
	}
	return vnet, nil
}

// makeIdentities makes the identity of each workload, and hands it to what the
// workload uses.
func (d *azureDesign) makeIdentities(ctx *pulumi.Context, in pulumi.ResourceOption) (map[string]*identity.Identity, error) {
	all := map[string]*identity.Identity{}
	for _, name := range sorted(d.identities) {
		d.identities[name].Place = d.place
		made, err := identity.New(ctx, name, d.identities[name], in)
		if err != nil {
			return nil, err
		}
		all[name] = made
		d.registry.Readers[name] = made.PrincipalID
		if _, administers := d.database.Administrators[name]; administers {
			d.database.Administrators[name] = postgres.Administrator{Principal: made.PrincipalID, Name: made.Name}
		}
		for _, b := range d.buckets {
			if grant, granted := b.Grants[name]; granted {
				grant.Principal = made.PrincipalID
				b.Grants[name] = grant
			}
		}
		for _, secret := range d.vault.Secrets {
			if _, granted := secret.Accessors[name]; granted {
				secret.Accessors[name] = made.PrincipalID
			}
		}
	}
	return all, nil
}

func (d *azureDesign) makeBuckets(ctx *pulumi.Context, in pulumi.ResourceOption) (pulumi.StringMap, error) {
	urls := pulumi.StringMap{}
	for _, name := range sorted(d.buckets) {
		b, err := blobstorage.New(ctx, name, d.buckets[name], in)
		if err != nil {
			return nil, err
		}
		urls[name] = b.URL
	}
	return urls, nil
}

// makeWorkloads makes what the workloads run in and the workloads, and adds them to
// the contract.
func (d *azureDesign) makeWorkloads(
	ctx *pulumi.Context, out *contract.Azure, identities map[string]*identity.Identity, database *postgres.Postgres, in pulumi.ResourceOption,
) error {
	apps, err := appenvironment.New(ctx, "apps", d.apps, in)
	if err != nil {
		return err
	}
	a := d.settings.Azure
	running, jobs, targets, stages := pulumi.StringMap{}, pulumi.StringMap{}, pulumi.StringMap{}, pulumi.StringMap{}
	for _, name := range sorted(d.workloads) {
		args := d.workloads[name]
		args.Place, args.Environment, args.Registry = d.place, apps.ID, out.Registry
		args.Image = pulumi.Sprintf("%s/%s", out.Registry, a.Image)
		args.Identity = containerapp.Identity{ID: identities[name].ID, ClientID: identities[name].ClientID}
		d.fill(args, name, &out.Platform, identities, database)
		made, err := containerapp.New(ctx, "run-"+name, args, in)
		if err != nil {
			return err
		}
		if args.Job != nil {
			jobs[name] = made.Name
			continue
		}
		running[name] = made.Name
		for host, h := range a.Hosts {
			if h.Workload == name {
				targets[d.settings.FullName(host)] = made.FQDN
				stages[d.settings.FullName(host)] = pulumi.String(config.AzureStages[h.At()])
			}
		}
	}
	out.Apps, out.Jobs = running.ToStringMapOutput(), jobs.ToStringMapOutput()
	out.HostTargets, out.HostStages, out.VerificationID = targets.ToStringMapOutput(), stages.ToStringMapOutput(), apps.VerificationID
	return nil
}
