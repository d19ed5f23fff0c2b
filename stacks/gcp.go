package stacks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

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

// cloud is the gcp stack while it is built: the settings, and the options that
// every component gets.
type cloud struct {
	ctx         *pulumi.Context
	environment string
	repository  config.Repository
	*config.GCP

	labels map[string]string
	in     pulumi.ResourceOption // in is the provider of everything but the APIs.
}

// gcp is the program of the stacks <environment>-gcp.
func gcp(ctx *pulumi.Context, s *config.Settings) error {
	c := &cloud{ctx: ctx, environment: s.Environment, repository: s.Repository, GCP: s.GCP}
	c.labels = map[string]string{"environment": s.Environment, "managed-by": "pulumi"}
	maps.Copy(c.labels, s.GCP.Labels)
	if err := c.providers(); err != nil {
		return err
	}
	vpc, err := c.network()
	if err != nil {
		return err
	}
	gke, err := c.cluster(vpc)
	if err != nil {
		return err
	}
	deploy, err := c.deploy()
	if err != nil {
		return err
	}
	images, err := c.registry(deploy)
	if err != nil {
		return err
	}
	if err := c.nodePools(gke, images); err != nil {
		return err
	}
	databaseArgs := c.databaseArgs(vpc)
	identities, err := c.identities(gke, databaseArgs.InstanceName())
	if err != nil {
		return err
	}
	database, err := c.database(databaseArgs, identities)
	if err != nil {
		return err
	}
	buckets, err := c.buckets(identities)
	if err != nil {
		return err
	}
	secrets, err := c.secrets(identities)
	if err != nil {
		return err
	}
	project, region := pulumi.String(c.Project).ToStringOutput(), pulumi.String(c.Region).ToStringOutput()
	return contract.Export(ctx, &contract.GCP{
		Platform: contract.Platform{
			Cloud: pulumi.String("gcp").ToStringOutput(), Location: region,
			Registry: images.URL, Buckets: buckets.ToStringMapOutput(),
			DatabaseServer: database.ConnectionName, DatabaseAddress: database.PrivateAddress,
			Databases: database.Databases, DatabaseUsers: database.Users,
			Secrets: secrets.ToStringMapOutput(), SecretStore: project,
			Workloads: emails(identities).ToStringMapOutput(),
			Deploy: pulumi.StringMap{
				"plan": deploy.PlanEmail, "apply": deploy.ApplyEmail, "push": deploy.PushEmail,
			}.ToStringMapOutput(),
		},
		Project: project, DeployProvider: deploy.Provider,
		ClusterName: gke.Name, ClusterLocation: gke.Location, ClusterProject: gke.Project, ClusterID: gke.ID,
		ClusterEndpoint: gke.Endpoint, ClusterCA: gke.CACertificate,
		IngressAddress: vpc.IngressAddress, IngressAddressName: vpc.IngressAddressName, NATAddresses: vpc.NATAddresses,
	})
}

// providers makes the two providers and enables the APIs in between: the second
// waits for the APIs, and so does everything that uses it.
func (c *cloud) providers() error {
	args := &provider.ProviderArgs{Project: pulumi.String(c.Project), Region: pulumi.String(c.Region)}
	first, err := provider.NewProvider(c.ctx, "gcp-apis", args)
	if err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	enabled, err := services.New(c.ctx, "project", &services.Args{Project: c.Project, APIs: apis}, pulumi.Provider(first))
	if err != nil {
		return err
	}
	second, err := provider.NewProvider(c.ctx, "gcp", args, pulumi.DependsOn([]pulumi.Resource{enabled}))
	if err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	c.in = pulumi.Provider(second)
	return nil
}

func (c *cloud) network() (*network.Network, error) {
	args := &network.Args{Project: c.Project, Name: "ai-worker-" + c.environment, Labels: c.labels}
	take(args, c.Network)
	if args.VPC != nil {
		args.VPC.Region = c.Region
	}
	return network.New(c.ctx, "network", args, c.in)
}

func (c *cloud) cluster(vpc *network.Network) (*cluster.Cluster, error) {
	args := &cluster.Args{Project: c.Project, Location: c.Region, Name: "ai-worker-" + c.environment}
	take(args, c.Cluster)
	if args.Create != nil {
		args.Create.Network, args.Create.Subnetwork = vpc.Network, vpc.Subnetwork
		args.Create.PodRangeName, args.Create.ServiceRangeName = vpc.PodRangeName, vpc.ServiceRangeName
		args.Create.Labels = c.labels
	}
	return cluster.New(c.ctx, "cluster", args, c.in)
}

func (c *cloud) registry(deploy *githubfederation.GithubFederation) (*registry.Registry, error) {
	args := &registry.Args{
		Project: c.Project, Location: c.Region, Labels: c.labels,
		Writers: map[string]pulumi.StringInput{"push": deploy.PushMember},
	}
	take(args, c.Registry)
	return registry.New(c.ctx, "registry", args, c.in)
}

func (c *cloud) nodePools(gke *cluster.Cluster, images *registry.Registry) error {
	for _, name := range sorted(c.NodePools) {
		args := &nodepool.Args{
			Name: c.environment + "-" + name, Project: cmp.Or(c.Cluster.Project, c.Project),
			Location: cmp.Or(c.Cluster.Location, c.Region), Cluster: gke.Name, ResourceLabels: c.labels,
			Registries: map[string]nodepool.Registry{"images": {
				Project: c.Project, Location: cmp.Or(c.Registry.Location, c.Region), Name: images.Name,
			}},
		}
		take(args, c.NodePools[name])
		if _, err := nodepool.New(c.ctx, name, args, c.in); err != nil {
			return err
		}
	}
	return nil
}

// identities makes the account of each workload.
func (c *cloud) identities(gke *cluster.Cluster, instance string) (map[string]*workloadidentity.WorkloadIdentity, error) {
	identities := map[string]*workloadidentity.WorkloadIdentity{}
	for _, name := range sorted(c.Workloads) {
		w := c.Workloads[name]
		args := &workloadidentity.Args{
			Project: c.Project, Name: name, WorkloadPool: gke.WorkloadPool, Namespace: c.Namespace, ServiceAccount: name,
			SignURLs: w.SignURLs, Roles: w.Roles,
		}
		if w.ServiceAccount != "" {
			args.ServiceAccount = w.ServiceAccount
		}
		if w.Database {
			args.DatabaseInstance = pulumi.String(instance)
		}
		identity, err := workloadidentity.New(c.ctx, name, args, c.in)
		if err != nil {
			return nil, err
		}
		identities[name] = identity
	}
	return identities, nil
}

// databaseArgs are those of the database but for its users: what their
// identities may reach is the instance that these args name.
func (c *cloud) databaseArgs(vpc *network.Network) *cloudsql.Args {
	args := &cloudsql.Args{
		Project: c.Project, Region: c.Region, Name: "ai-worker-" + c.environment, Labels: c.labels,
		Workloads: map[string]pulumi.StringInput{},
	}
	take(args, c.Database)
	if len(args.Network.PSCProjects) == 0 {
		args.PrivateNetwork = vpc.PrivateNetwork
	}
	return args
}

func (c *cloud) database(args *cloudsql.Args, identities map[string]*workloadidentity.WorkloadIdentity) (*cloudsql.CloudSQL, error) {
	for name, w := range c.Workloads {
		if w.Database {
			args.Workloads[name] = identities[name].Email
		}
	}
	return cloudsql.New(c.ctx, "database", args, c.in)
}

func (c *cloud) buckets(identities map[string]*workloadidentity.WorkloadIdentity) (pulumi.StringMap, error) {
	urls := pulumi.StringMap{}
	for _, name := range sorted(c.Buckets) {
		args := &bucket.Args{
			Project: c.Project, Name: c.Project + "-" + name, Location: c.Region, Labels: c.labels, Grants: map[string]bucket.Grant{},
		}
		for workload, w := range c.Workloads {
			if access, granted := w.Buckets[name]; granted {
				args.Grants[workload] = bucket.Grant{Member: identities[workload].Member, Access: bucket.Access(access)}
			}
		}
		take(args, c.Buckets[name])
		b, err := bucket.New(c.ctx, name, args, c.in)
		if err != nil {
			return nil, err
		}
		urls[name] = b.URL
	}
	return urls, nil
}

func (c *cloud) secrets(identities map[string]*workloadidentity.WorkloadIdentity) (pulumi.StringMap, error) {
	names := pulumi.StringMap{}
	for _, name := range sorted(c.Secrets) {
		args := &secret.Args{Project: c.Project, ID: name, Labels: c.labels, Accessors: map[string]pulumi.StringInput{}}
		for workload, w := range c.Workloads {
			if slices.Contains(w.Secrets, name) {
				args.Accessors[workload] = identities[workload].Member
			}
		}
		take(args, c.Secrets[name])
		s, err := secret.New(c.ctx, name, args, c.in)
		if err != nil {
			return nil, err
		}
		names[name] = s.Name
	}
	return names, nil
}

func emails(identities map[string]*workloadidentity.WorkloadIdentity) pulumi.StringMap {
	emails := pulumi.StringMap{}
	for name, identity := range identities {
		emails[name] = identity.Email
	}
	return emails
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
