package stacks

import (
	"fmt"

	provider "github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/gcp/bucket"
	"ai-worker/components/gcp/cloudsql"
	"ai-worker/components/gcp/cluster"
	"ai-worker/components/gcp/githubfederation"
	"ai-worker/components/gcp/network"
	"ai-worker/components/gcp/nodepool"
	"ai-worker/components/gcp/registry"
	"ai-worker/components/gcp/secret"
	"ai-worker/components/gcp/services"
	"ai-worker/components/gcp/workloadidentity"
	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// apis are what the stack and those who use it call.
var apis = []string{
	"artifactregistry.googleapis.com",
	"certificatemanager.googleapis.com",
	"binaryauthorization.googleapis.com",
	"cloudresourcemanager.googleapis.com",
	"compute.googleapis.com",
	"container.googleapis.com",
	"containerfilesystem.googleapis.com", // image streaming
	"containerscanning.googleapis.com",   // the pinned provider cannot ask for scanning on the repository itself
	"iam.googleapis.com",
	"iamcredentials.googleapis.com", // signing presigned URLs, and identities without keys
	"secretmanager.googleapis.com",
	"servicenetworking.googleapis.com",
	"sqladmin.googleapis.com",
	"sts.googleapis.com",
}

// gcpProgram is the stack <environment>-gcp.
var gcpProgram = program{
	check: func(s *config.Settings) error { return newDesign(s).check() },
	run:   gcp,
}

func gcp(ctx *pulumi.Context, s *config.Settings) error {
	d := newDesign(s)
	in, err := providers(ctx, s.GCP)
	if err != nil {
		return err
	}
	vpc, err := network.New(ctx, "network", d.network, in)
	if err != nil {
		return err
	}
	gke, err := d.makeCluster(ctx, vpc, in)
	if err != nil {
		return err
	}
	deploy, err := githubfederation.New(ctx, "github", d.deploy, in)
	if err != nil {
		return err
	}
	d.registry.Writers["push"] = deploy.PushMember
	images, err := registry.New(ctx, "registry", d.registry, in)
	if err != nil {
		return err
	}
	if err := d.makePools(ctx, gke, images, in); err != nil {
		return err
	}
	identities, err := d.makeIdentities(ctx, gke, in)
	if err != nil {
		return err
	}
	if d.database.PrivateNetwork != nil {
		d.database.PrivateNetwork = vpc.PrivateNetwork
	}
	database, err := cloudsql.New(ctx, "database", d.database, in)
	if err != nil {
		return err
	}
	buckets, err := d.makeBuckets(ctx, in)
	if err != nil {
		return err
	}
	secrets, err := d.makeSecrets(ctx, in)
	if err != nil {
		return err
	}
	project, region := pulumi.String(s.GCP.Project).ToStringOutput(), pulumi.String(s.GCP.Region).ToStringOutput()
	out := &contract.GCP{
		Platform: contract.Platform{
			Cloud: pulumi.String("gcp").ToStringOutput(), Location: region,
			Registry: images.URL, Buckets: buckets.ToStringMapOutput(),
			DatabaseServer: database.ConnectionName, DatabaseAddress: database.PrivateAddress,
			Databases: database.Databases, DatabaseUsers: database.Users,
			Secrets: secrets.ToStringMapOutput(), SecretStore: project,
			Workloads: identities.ToStringMapOutput(),
			Deploy: pulumi.StringMap{
				"plan": deploy.PlanEmail, "apply": deploy.ApplyEmail, "push": deploy.PushEmail,
			}.ToStringMapOutput(),
		},
		Project: project, DeployProvider: deploy.Provider,
		Namespace: pulumi.String(s.GCP.Namespace).ToStringOutput(), ServiceAccounts: d.serviceAccounts().ToStringMapOutput(),
		ClusterName: gke.Name, ClusterLocation: gke.Location, ClusterProject: gke.Project, ClusterID: gke.ID,
		ClusterEndpoint: gke.Endpoint, ClusterCA: gke.CACertificate,
		IngressAddress: vpc.IngressAddress, IngressAddressName: vpc.IngressAddressName, NATAddresses: vpc.NATAddresses,
	}
	if err := d.edge.make(ctx, s, out, in); err != nil {
		return err
	}
	return contract.Export(ctx, out)
}

// providers makes the two providers and enables the APIs in between: the second
// waits for the APIs, and so does everything that uses it.
func providers(ctx *pulumi.Context, g *config.GCP) (pulumi.ResourceOption, error) {
	args := &provider.ProviderArgs{Project: pulumi.String(g.Project), Region: pulumi.String(g.Region)}
	first, err := provider.NewProvider(ctx, "gcp-apis", args)
	if err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	enabled, err := services.New(ctx, "project", &services.Args{Project: g.Project, APIs: apis}, pulumi.Provider(first))
	if err != nil {
		return nil, err
	}
	second, err := provider.NewProvider(ctx, "gcp", args, pulumi.DependsOn(enabled.Enabled))
	if err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	return pulumi.Provider(second), nil
}

func (d *design) makeCluster(ctx *pulumi.Context, vpc *network.Network, in pulumi.ResourceOption) (*cluster.Cluster, error) {
	if c := d.cluster.Create; c != nil {
		c.Network, c.Subnetwork = vpc.Network, vpc.Subnetwork
		c.PodRangeName, c.ServiceRangeName = vpc.PodRangeName, vpc.ServiceRangeName
	}
	return cluster.New(ctx, "cluster", d.cluster, in)
}

func (d *design) makePools(ctx *pulumi.Context, gke *cluster.Cluster, images *registry.Registry, in pulumi.ResourceOption) error {
	for _, name := range sorted(d.pools) {
		args := d.pools[name]
		args.Cluster = gke.Name
		from := args.Registries["images"]
		from.Name = images.Name
		args.Registries["images"] = from
		if _, err := nodepool.New(ctx, name, args, in); err != nil {
			return err
		}
	}
	return nil
}

// makeIdentities makes the account of each workload, hands it to what the
// workload uses, and returns the accounts' addresses.
func (d *design) makeIdentities(ctx *pulumi.Context, gke *cluster.Cluster, in pulumi.ResourceOption) (pulumi.StringMap, error) {
	emails := pulumi.StringMap{}
	for _, name := range sorted(d.identities) {
		args := d.identities[name]
		args.WorkloadPool = gke.WorkloadPool
		identity, err := workloadidentity.New(ctx, name, args, in)
		if err != nil {
			return nil, err
		}
		emails[name] = identity.Email
		if args.DatabaseInstance != nil {
			d.database.Workloads[name] = identity.Email
		}
		for _, b := range d.buckets {
			if grant, granted := b.Grants[name]; granted {
				b.Grants[name] = bucket.Grant{Member: identity.Member, Access: grant.Access}
			}
		}
		for _, s := range d.secrets {
			if _, granted := s.Accessors[name]; granted {
				s.Accessors[name] = identity.Member
			}
		}
	}
	return emails, nil
}

func (d *design) makeBuckets(ctx *pulumi.Context, in pulumi.ResourceOption) (pulumi.StringMap, error) {
	urls := pulumi.StringMap{}
	for _, name := range sorted(d.buckets) {
		b, err := bucket.New(ctx, name, d.buckets[name], in)
		if err != nil {
			return nil, err
		}
		urls[name] = b.URL
	}
	return urls, nil
}

func (d *design) makeSecrets(ctx *pulumi.Context, in pulumi.ResourceOption) (pulumi.StringMap, error) {
	names := pulumi.StringMap{}
	for _, name := range sorted(d.secrets) {
		s, err := secret.New(ctx, name, d.secrets[name], in)
		if err != nil {
			return nil, err
		}
		names[name] = s.Name
	}
	return names, nil
}
