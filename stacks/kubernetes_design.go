package stacks

import (
	"cmp"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/kubernetes/externaldns"
	"ai-worker/components/kubernetes/externalsecrets"
	"ai-worker/components/kubernetes/gitops"
	"ai-worker/components/kubernetes/namespace"
	"ai-worker/components/kubernetes/settings"
	"ai-worker/components/kubernetes/workloadaccount"
	"ai-worker/config"
)

// objects are what the settings make of every component of the kubernetes stack,
// before one is registered, with [upstream] where a component takes what is not
// known yet.
type objects struct {
	labels    map[string]string
	namespace *namespace.Args
	accounts  map[string]*workloadaccount.Args
	settings  *settings.Args
	operator  *externalsecrets.OperatorArgs // operator is nil where the cluster has one
	secrets   map[string]*externalsecrets.Args
	argo      *gitops.ArgoCDArgs // argo is nil where the cluster has it
	gitops    *gitops.Args
	dns       *externaldns.Args // dns is nil where nobody writes records of routes

	dnsWorkload string // dnsWorkload has the secret with external-dns' token
}

// settingsName is the ConfigMap that manifests take the facts of the cloud from.
const settingsName = "cloud"

// newObjects reads the settings of an environment.
func newObjects(s *config.Settings) *objects {
	o := &objects{
		labels: map[string]string{"environment": s.Environment}, accounts: map[string]*workloadaccount.Args{},
		secrets: map[string]*externalsecrets.Args{},
	}
	maps.Copy(o.labels, s.Kubernetes.Labels)
	o.namespace = &namespace.Args{Name: upstream, Labels: o.labels}
	if len(s.GCP.Database.Network.PSCProjects) == 0 { // else it has no address here
		o.namespace.Databases = []pulumi.StringInput{upstream}
	}
	take(o.namespace, s.Kubernetes.Namespace)
	for name, w := range s.GCP.Workloads {
		o.accounts[name] = &workloadaccount.Args{
			Name: serviceAccount(name, w), Namespace: upstream, GoogleAccount: upstream, Labels: o.labels,
		}
	}
	o.settings = &settings.Args{Name: settingsName, Namespace: upstream, Labels: o.labels}
	o.facts(s.GCP)
	o.secretsOf(s)
	o.dnsOf(s)
	o.gitopsOf(s)
	return o
}

// dnsOf is external-dns, with the names that it owns and those that it must leave
// alone, and the way out to Cloudflare and to the API server, whose address may be
// a private one.
func (o *objects) dnsOf(s *config.Settings) {
	e := s.Kubernetes.ExternalDNS
	if e == nil {
		return
	}
	own := "ai-worker-" + s.Environment
	o.dnsWorkload = e.Workload
	o.dns = &externaldns.Args{
		Namespace: upstream, ServiceAccount: pulumi.String(serviceAccount(e.Workload, s.GCP.Workloads[e.Workload])),
		TokenSecret: externaldns.SecretKey{Name: upstream, Key: externalsecrets.Key(e.Token)},
		Zone:        s.Domain, ZoneID: pulumi.String(s.DNS.ZoneID),
		Domains: s.Names(config.OwnerExternalDNS), Static: s.Names(config.OwnerCloudflare, config.OwnerAuthority, config.OwnerNobody),
		Owner:    cmp.Or(s.GCP.Cluster.Name, own) + "-" + s.Environment,
		Interval: e.Interval, Proxied: e.Proxied, AllowRecordDeletion: e.AllowRecordDeletion, ChartVersion: e.ChartVersion,
	}
	if o.namespace.Egress == nil {
		o.namespace.Egress = map[string]namespace.Rule{}
	}
	o.namespace.Egress["external-dns"] = namespace.Rule{
		CIDRs: []string{"0.0.0.0/0", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"},
		Ports: []namespace.Port{{Number: 443}}, PodSelector: externaldns.PodLabels(),
	}
}

// gitopsOf is how the manifests of this repository get into the namespace.
func (o *objects) gitopsOf(s *config.Settings) {
	own := "ai-worker-" + s.Environment
	o.gitops = &gitops.Args{
		Name: own, ArgoNamespace: pulumi.String("argocd"), Namespace: upstream, Environment: s.Environment,
		Repository: "https://github.com/" + s.Repository.Owner + "/" + s.Repository.Name, Branch: s.Repository.Branch,
	}
	take(o.gitops, s.Kubernetes.GitOps)
	if install := s.Kubernetes.ArgoCD; install != nil {
		o.argo = &gitops.ArgoCDArgs{}
		take(o.argo, install)
	}
}

// ours are the objects that the stack itself puts into the namespace, of the kinds
// that manifests may hold: they are no orphans.
func (o *objects) ours() []gitops.Resource {
	var ours []gitops.Resource
	for _, name := range o.namespace.Policies() {
		ours = append(ours, gitops.Resource{Kind: gitops.Kind{Group: "networking.k8s.io", Kind: "NetworkPolicy"}, Name: name})
	}
	if o.dns != nil {
		ours = append(ours, gitops.Resource{Kind: gitops.Kind{Group: "apps", Kind: "Deployment"}, Name: externaldns.Deployment(o.dns.Owner)})
	}
	return slices.DeleteFunc(ours, func(r gitops.Resource) bool {
		return o.gitops.Kinds != nil && !slices.Contains(o.gitops.Kinds, r.Kind)
	})
}

// secretsOf are the secrets of each workload that has some.
func (o *objects) secretsOf(s *config.Settings) {
	e := s.Kubernetes.ExternalSecrets
	if install := s.Kubernetes.SecretsOperator; install != nil {
		o.operator = &externalsecrets.OperatorArgs{}
		take(o.operator, install)
	}
	for name, w := range s.GCP.Workloads {
		if len(w.Secrets) == 0 {
			continue
		}
		args := &externalsecrets.Args{
			Name: name, Namespace: upstream, ServiceAccount: upstream, Project: upstream,
			ClusterProject: upstream, ClusterLocation: upstream, ClusterName: upstream,
			Secrets: map[string]pulumi.StringInput{}, Versions: map[string]int{}, RefreshInterval: e.RefreshInterval,
		}
		for _, secret := range w.Secrets {
			args.Secrets[secret] = upstream
			if version, pinned := e.Versions[secret]; pinned {
				args.Versions[secret] = version
			}
		}
		o.secrets[name] = args
	}
}

// facts are the keys of the ConfigMap; their values come from the contract.
func (o *objects) facts(g *config.GCP) {
	o.settings.Values = map[string]pulumi.StringInput{
		"PROJECT": upstream, "REGION": upstream, "REGISTRY": upstream, "DATABASE_INSTANCE": upstream,
	}
	o.settings.Named = map[string]map[string]pulumi.StringInput{"BUCKET": {}, "DATABASE": {}, "DATABASE_USER": {}}
	for name := range g.Buckets {
		o.settings.Named["BUCKET"][name] = upstream
	}
	for _, name := range g.Database.Databases {
		o.settings.Named["DATABASE"][name] = pulumi.String(name)
	}
	for name, w := range g.Workloads {
		if w.Database {
			o.settings.Named["DATABASE_USER"][name] = upstream
		}
	}
}

// check reports everything that the components have against the settings.
func (o *objects) check() error {
	var v validation
	v.add("kubernetes.namespace", o.namespace)
	addEach(&v, "gcp.workloads", o.accounts)
	v.add("kubernetes", o.settings)
	if o.operator != nil {
		v.add("kubernetes.secretsOperator", o.operator)
	}
	for _, name := range sorted(o.secrets) {
		v.add("kubernetes.externalSecrets of workload "+name, o.secrets[name])
	}
	if o.argo != nil {
		v.add("kubernetes.argocd", o.argo)
	}
	v.add("kubernetes.gitops", o.gitops)
	if o.dns != nil {
		v.add("kubernetes.externalDns", o.dns)
	}
	return v.err()
}
