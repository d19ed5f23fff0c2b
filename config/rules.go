package config

import (
	"maps"
	"slices"
)

// rule is what an environment must keep, beyond settings that are valid. A rule
// is broken at the paths that find returns, below the part of settings it is of.
type rule struct {
	environments []string
	want, reason string
	find         func(s *Settings) []string
}

// gcp looks for broken rules in the settings of Google Cloud.
func gcp(find func(g *GCP) []string) func(s *Settings) []string {
	return func(s *Settings) []string { return below("gcp.", s.GCP, find) }
}

// azure looks for broken rules in the settings of Azure.
func azure(find func(a *Azure) []string) func(s *Settings) []string {
	return func(s *Settings) []string { return below("azure.", s.Azure, find) }
}

// kubernetes looks for broken rules in the settings of the cluster.
func kubernetes(find func(k *Kubernetes) []string) func(s *Settings) []string {
	return func(s *Settings) []string { return below("kubernetes.", s.Kubernetes, find) }
}

// below finds paths in a part of the settings that may be missing.
func below[T any](prefix string, part *T, find func(*T) []string) []string {
	if part == nil {
		return nil
	}
	paths := find(part)
	for i := range paths {
		paths[i] = prefix + paths[i]
	}
	return paths
}

// rules are all rules of all environments. A relaxation is a change here, where
// review sees it, and not a flag.
var rules = []rule{
	{
		[]string{"prod"}, "false", "a destroy, or a rename in a pull request, must not be able to delete production's data",
		gcp(func(g *GCP) []string {
			paths := broken("database.allowDeletion", g.Database.AllowDeletion)
			paths = append(paths, broken("allowHostDeletion", g.AllowHostDeletion)...)
			paths = append(paths, broken("registry.allowDeletion", g.Registry.AllowDeletion)...)
			paths = append(paths, broken("deploy.allowDeletion", g.Deploy.AllowDeletion)...)
			paths = append(paths, broken("cluster.create.allowDeletion", g.Cluster.Create != nil && g.Cluster.Create.AllowDeletion)...)
			paths = append(paths, where("buckets", g.Buckets, "allowDeletion", func(b Bucket) bool { return b.AllowDeletion })...)
			return append(paths, where("secrets", g.Secrets, "allowDeletion", func(s Secret) bool { return s.AllowDeletion })...)
		}),
	},
	{
		[]string{"prod"}, "false", "a destroy, or a rename in a pull request, must not be able to delete production's data",
		azure(func(a *Azure) []string {
			return slices.Concat(
				broken("group.allowDeletion", a.Group.AllowDeletion),
				broken("workspace.allowDeletion", a.Workspace.AllowDeletion),
				broken("registry.allowDeletion", a.Registry.AllowDeletion),
				broken("database.allowDeletion", a.Database.AllowDeletion),
				broken("vault.allowDeletion", a.Vault.AllowDeletion),
				broken("apps.allowDeletion", a.Apps.AllowDeletion),
				broken("deploy.allowDeletion", a.Deploy.AllowDeletion),
				where("buckets", a.Buckets, "allowDeletion", func(b AzureBucket) bool { return b.AllowDeletion }))
		}),
	},
	{
		[]string{"prod"}, "false", "what is deleted here takes down everything that runs in the environment",
		kubernetes(func(k *Kubernetes) []string {
			return slices.Concat(
				broken("namespace.allowDeletion", k.Namespace.AllowDeletion),
				broken("secretsOperator.allowDeletion", k.SecretsOperator != nil && k.SecretsOperator.AllowDeletion),
				broken("gitops.allowDeletion", k.GitOps.AllowDeletion),
				broken("argocd.allowDeletion", k.ArgoCD != nil && k.ArgoCD.AllowDeletion))
		}),
	},
	{
		[]string{"prod"}, "false", "a zone that loses its keys while the registrar has them is resolved by nobody",
		func(s *Settings) []string {
			return below("cloudflare.", s.Cloudflare, func(c *Cloudflare) []string { return broken("zone.allowDeletion", c.Zone.AllowDeletion) })
		},
	},
	{
		[]string{"prod"}, "false", "a name that is lost from a list must not take down what it named",
		kubernetes(func(k *Kubernetes) []string {
			return append(broken("gitops.allowCascade", k.GitOps.AllowCascade),
				broken("externalDns.allowRecordDeletion", k.ExternalDNS != nil && k.ExternalDNS.AllowRecordDeletion)...)
		}),
	},
	{
		[]string{"stage", "prod"}, "false", "a commit must not be deployed before somebody says so",
		kubernetes(func(k *Kubernetes) []string { return broken("gitops.automated", k.GitOps.Automated) }),
	},
	{
		[]string{"stage", "prod"}, "false", "what is rehearsed on stage must be what happens on prod, backups included",
		gcp(func(g *GCP) []string { return broken("database.backup.disabled", g.Database.Backup.Disabled) }),
	},
	{
		[]string{"prod"}, "false", "one zone's outage must not be the service's",
		gcp(func(g *GCP) []string { return broken("database.zonal", g.Database.Zonal) }),
	},
	{
		[]string{"prod"}, "false", "one zone's outage must not be the service's",
		azure(func(a *Azure) []string {
			return slices.Concat(
				broken("database.zonal", a.Database.Zonal),
				broken("apps.disableZoneRedundancy", a.Apps.DisableZoneRedundancy),
				broken("registry.disableZoneRedundancy", a.Registry.DisableZoneRedundancy))
		}),
	},
	{
		[]string{"prod"}, "false", "a region's outage must not be the end of the data",
		azure(func(a *Azure) []string { return broken("database.backup.disableGeo", a.Database.Backup.DisableGeo) }),
	},
	{
		[]string{"stage", "prod"}, "false", "a tag that can be moved lets what was tested on stage differ from what runs on prod",
		gcp(func(g *GCP) []string { return broken("registry.allowMutableTags", g.Registry.AllowMutableTags) }),
	},
	{
		[]string{"prod"}, "false", "a pool of nothing but spot machines may be reclaimed as a whole; keep one that is not",
		gcp(func(g *GCP) []string {
			spot := where("nodePools", g.NodePools, "spot", func(p NodePool) bool { return p.Spot })
			if len(spot) < len(g.NodePools) {
				return nil
			}
			return spot
		}),
	},
	{
		[]string{"stage", "prod"}, "false", "a runner that outlives its jobs lets one pull request act as the next",
		gcp(func(g *GCP) []string { return broken("deploy.allowSelfHosted", g.Deploy.AllowSelfHosted) }),
	},
}

// allowDeletion lifts all protection, for an environment that is taken down.
func (s *Settings) allowDeletion() {
	if s.GCP != nil {
		s.GCP.allowDeletion()
	}
	if s.Azure != nil {
		s.Azure.allowDeletion()
	}
	if s.Kubernetes != nil {
		s.Kubernetes.allowDeletion()
	}
	if s.Cloudflare != nil {
		s.Cloudflare.Zone.AllowDeletion = true
	}
}

func (a *Azure) allowDeletion() {
	for _, part := range []*bool{
		&a.Group.AllowDeletion, &a.Workspace.AllowDeletion, &a.Registry.AllowDeletion, &a.Database.AllowDeletion,
		&a.Vault.AllowDeletion, &a.Apps.AllowDeletion, &a.Deploy.AllowDeletion,
	} {
		*part = true
	}
	for name, b := range a.Buckets {
		b.AllowDeletion = true
		a.Buckets[name] = b
	}
}

func (k *Kubernetes) allowDeletion() {
	k.Namespace.AllowDeletion = true
	if k.SecretsOperator != nil {
		k.SecretsOperator.AllowDeletion = true
	}
	k.GitOps.AllowDeletion = true
	if k.ArgoCD != nil {
		k.ArgoCD.AllowDeletion = true
	}
}

func (g *GCP) allowDeletion() {
	g.AllowHostDeletion = true
	g.Database.AllowDeletion, g.Registry.AllowDeletion, g.Deploy.AllowDeletion = true, true, true
	if g.Cluster.Create != nil {
		g.Cluster.Create.AllowDeletion = true
	}
	for name, b := range g.Buckets {
		b.AllowDeletion = true
		g.Buckets[name] = b
	}
	for name, s := range g.Secrets {
		s.AllowDeletion = true
		g.Secrets[name] = s
	}
}

// branches are what the environments are deployed from (Git Flow): a job of
// another branch gets no identity.
var branches = map[string]string{"dev": "development", "stage": "staging", "prod": "main"}

// broken checks the rules of the environment.
func (s *Settings) broken(p *problems) {
	want, known := branches[s.Environment]
	p.unless(!known || s.Repository.Branch == want, Project+":repository.branch",
		"%q, want %q in %s: another branch would deploy here", s.Repository.Branch, want, s.Environment)
	for _, r := range rules {
		if slices.Contains(r.environments, s.Environment) {
			for _, path := range r.find(s) {
				p.add(Project+":"+path, "want %s in %s: %s", r.want, s.Environment, r.reason)
			}
		}
	}
}

func broken(path string, is bool) []string {
	if is {
		return []string{path}
	}
	return nil
}

// where lists the field of every element that is so, in order.
func where[V any](at string, m map[string]V, field string, is func(V) bool) []string {
	var paths []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if is(m[name]) {
			paths = append(paths, at+"."+name+"."+field)
		}
	}
	return paths
}
