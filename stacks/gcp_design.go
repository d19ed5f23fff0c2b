package stacks

import (
	"cmp"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/gcp/bucket"
	"ai-worker/components/gcp/cloudsql"
	"ai-worker/components/gcp/cluster"
	"ai-worker/components/gcp/githubfederation"
	"ai-worker/components/gcp/network"
	"ai-worker/components/gcp/nodepool"
	"ai-worker/components/gcp/registry"
	"ai-worker/components/gcp/secret"
	"ai-worker/components/gcp/workloadidentity"
	"ai-worker/config"
)

// design is what the settings make of every component of the gcp stack, before
// one is registered. Where a component takes another's output it holds
// [upstream], which the program replaces.
type design struct {
	labels map[string]string

	network    *network.Args
	cluster    *cluster.Args
	deploy     *githubfederation.Args
	registry   *registry.Args
	pools      map[string]*nodepool.Args
	identities map[string]*workloadidentity.Args
	database   *cloudsql.Args
	buckets    map[string]*bucket.Args
	secrets    map[string]*secret.Args
	edge       edge
}

// upstream stands for the output of a component that is not made yet.
var upstream = pulumi.StringOutput{}

// newDesign reads the settings of an environment.
func newDesign(s *config.Settings) *design {
	g := s.GCP
	d := &design{
		labels: map[string]string{"environment": s.Environment, "managed-by": "pulumi"},
		pools:  map[string]*nodepool.Args{}, identities: map[string]*workloadidentity.Args{},
		buckets: map[string]*bucket.Args{}, secrets: map[string]*secret.Args{},
	}
	maps.Copy(d.labels, g.Labels)
	own := "ai-worker-" + s.Environment // own is the name of what an environment has one of

	d.network = &network.Args{Project: g.Project, Name: own, Labels: d.labels}
	take(d.network, g.Network)
	if d.network.VPC != nil {
		d.network.VPC.Region = g.Region
	}
	d.cluster = &cluster.Args{Project: g.Project, Location: g.Region, Name: own}
	take(d.cluster, g.Cluster)
	d.network.IngressProject = d.cluster.Project
	if c := d.cluster.Create; c != nil {
		c.Network, c.Subnetwork, c.PodRangeName, c.ServiceRangeName = upstream, upstream, upstream, upstream
		c.Labels = d.labels
	}
	d.deploy = deployArgs(s)
	d.registry = &registry.Args{
		Project: g.Project, Location: g.Region, Labels: d.labels, Writers: map[string]pulumi.StringInput{"push": upstream},
	}
	take(d.registry, g.Registry)
	d.database = &cloudsql.Args{
		Project: g.Project, Region: g.Region, Name: own, Labels: d.labels, Workloads: map[string]pulumi.StringInput{},
	}
	take(d.database, g.Database)
	if len(d.database.Network.PSCProjects) == 0 {
		d.database.PrivateNetwork = upstream
	}
	for name, settings := range g.NodePools {
		args := &nodepool.Args{
			Name: s.Environment + "-" + name, Project: d.cluster.Project, Location: d.cluster.Location, Cluster: upstream,
			ResourceLabels: d.labels,
			Registries:     map[string]nodepool.Registry{"images": {Project: g.Project, Location: d.registry.Location, Name: upstream}},
		}
		take(args, settings)
		d.pools[name] = args
	}
	for name, settings := range g.Buckets {
		args := &bucket.Args{
			Project: g.Project, Name: g.Project + "-" + name, Location: g.Region, Labels: d.labels, Grants: map[string]bucket.Grant{},
		}
		take(args, settings)
		d.buckets[name] = args
	}
	for name, settings := range g.Secrets {
		args := &secret.Args{Project: g.Project, ID: name, Labels: d.labels, Accessors: map[string]pulumi.StringInput{}}
		take(args, settings)
		d.secrets[name] = args
	}
	d.workloads(g)
	d.edgeOf(s)
	return d
}

// workloads gives each workload its identity, and that the use of what it names.
func (d *design) workloads(g *config.GCP) {
	for name, w := range g.Workloads {
		args := &workloadidentity.Args{
			Project: g.Project, Name: name, WorkloadPool: upstream, Namespace: g.Namespace,
			ServiceAccount: serviceAccount(name, w), SignURLs: w.SignURLs, Roles: w.Roles,
		}
		if w.Database {
			args.DatabaseInstance = pulumi.String(d.database.InstanceName())
			d.database.Workloads[name] = upstream
		}
		d.identities[name] = args
		for b, access := range w.Buckets {
			if to := d.buckets[b]; to != nil {
				to.Grants[name] = bucket.Grant{Member: upstream, Access: bucket.Access(access)}
			}
		}
		for _, of := range w.Secrets {
			if to := d.secrets[of]; to != nil {
				to.Accessors[name] = upstream
			}
		}
	}
}

// serviceAccount is the Kubernetes service account of a workload.
func serviceAccount(name string, w config.Workload) string { return cmp.Or(w.ServiceAccount, name) }

// serviceAccounts are the Kubernetes service accounts of the workloads.
func (d *design) serviceAccounts() pulumi.StringMap {
	accounts := pulumi.StringMap{}
	for name, args := range d.identities {
		accounts[name] = pulumi.String(args.ServiceAccount)
	}
	return accounts
}

// check reports everything that the components have against the settings.
func (d *design) check() error {
	var v validation
	v.add("gcp.network", d.network)
	v.add("gcp.cluster", d.cluster)
	addEach(&v, "gcp.nodePools", d.pools)
	v.add("gcp.database", d.database)
	addEach(&v, "gcp.buckets", d.buckets)
	v.add("gcp.registry", d.registry)
	addEach(&v, "gcp.secrets", d.secrets)
	addEach(&v, "gcp.workloads", d.identities)
	v.add("gcp.deploy", d.deploy)
	d.edge.check(&v)
	return v.err()
}
