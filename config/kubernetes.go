package config

import (
	"maps"
	"slices"
)

// Kubernetes is what of an environment is in the cluster and no manifest: what
// carries facts of the cloud or rights into it. Where a field has the name of a
// component's argument, its meaning, default and limits stand there.
//
// Its namespace is gcp.namespace, and its workloads are gcp.workloads: each gets
// its service account, and its secrets if it has any.
type Kubernetes struct {
	Labels    map[string]string `json:"labels"` // Labels are put on every object, beside the environment's name.
	Namespace Namespace         `json:"namespace"`
	// ExternalSecrets are how the workloads' secrets come into the cluster.
	ExternalSecrets ExternalSecrets `json:"externalSecrets"`
	// SecretsOperator brings the External Secrets Operator into a cluster that has none.
	SecretsOperator *SecretsOperator `json:"secretsOperator"`
	// GitOps is how the manifests get there.
	GitOps GitOps `json:"gitops"`
	// ArgoCD brings Argo CD into a cluster that has none.
	ArgoCD *ArgoCD `json:"argocd"`
	// ExternalDNS writes the records of routes, below the names that dns.owners gives
	// it; without it nobody does.
	ExternalDNS *ExternalDNS `json:"externalDns"`
}

// GitOps lets Argo CD deploy the manifests; see components/kubernetes/gitops. The
// repository and the branch are the environment's.
type GitOps struct {
	ArgoNamespace string            `json:"argoNamespace"` // ArgoNamespace is Argo CD's; empty means "argocd".
	Apps          []string          `json:"apps"`
	Kinds         []Kind            `json:"kinds"`
	SyncWindows   []SyncWindow      `json:"syncWindows"`
	Annotations   map[string]string `json:"annotations"`
	Automated     bool              `json:"automated"`
	AllowCascade  bool              `json:"allowCascade"`
	AllowDeletion bool              `json:"allowDeletion"`
}

// Kind is a kind of object that manifests may hold.
type Kind struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
}

// SyncWindow is when syncs may run, or may not.
type SyncWindow struct {
	Kind        string `json:"kind"`
	Schedule    string `json:"schedule"`
	Duration    string `json:"duration"`
	TimeZone    string `json:"timeZone"`
	AllowManual bool   `json:"allowManual"`
}

// ArgoCD is Argo CD itself.
type ArgoCD struct {
	Namespace     string `json:"namespace"`
	ChartVersion  string `json:"chartVersion"`
	Single        bool   `json:"single"`
	AllowDeletion bool   `json:"allowDeletion"`
}

// ExternalDNS writes the records of routes; see components/kubernetes/externaldns.
type ExternalDNS struct {
	Workload string `json:"workload"` // Workload is the one that it runs as. Required.
	// Token is the secret of that workload with the token for the zone. Required.
	Token               string `json:"token"`
	Interval            string `json:"interval"`
	Proxied             bool   `json:"proxied"`
	AllowRecordDeletion bool   `json:"allowRecordDeletion"`
	ChartVersion        string `json:"chartVersion"`
}

// ExternalSecrets are how the workloads' secrets come into the cluster; see
// components/kubernetes/externalsecrets.
type ExternalSecrets struct {
	RefreshInterval string         `json:"refreshInterval"`
	Versions        map[string]int `json:"versions"` // Versions pins secrets, by the name that workloads use.
}

// SecretsOperator is the External Secrets Operator.
type SecretsOperator struct {
	Namespace     string `json:"namespace"`
	ChartVersion  string `json:"chartVersion"`
	Single        bool   `json:"single"`
	AllowDeletion bool   `json:"allowDeletion"`
}

// Namespace bounds what runs in the environment; see
// components/kubernetes/namespace.
type Namespace struct {
	PodSecurityVersion string             `json:"podSecurityVersion"`
	Quota              Quota              `json:"quota"`
	Limits             Limits             `json:"limits"`
	GatewayPorts       []int              `json:"gatewayPorts"`
	Egress             map[string]Traffic `json:"egress"`
	Ingress            map[string]Traffic `json:"ingress"`
	AllowDeletion      bool               `json:"allowDeletion"`
}

// Quota is what all pods together may take.
type Quota struct {
	CPU           string `json:"cpu"`
	Memory        string `json:"memory"`
	MemoryLimit   string `json:"memoryLimit"`
	Pods          int    `json:"pods"`
	LoadBalancers int    `json:"loadBalancers"`
	NodePorts     int    `json:"nodePorts"`
}

// Limits are what a container gets that does not say what it needs.
type Limits struct {
	CPU         string `json:"cpu"`
	Memory      string `json:"memory"`
	MemoryLimit string `json:"memoryLimit"`
	MaxMemory   string `json:"maxMemory"`
}

// Traffic lets pods and others talk.
type Traffic struct {
	CIDRs       []string          `json:"cidrs"`
	Except      []string          `json:"except"`
	Namespaces  []string          `json:"namespaces"`
	Ports       []Port            `json:"ports"`
	PodSelector map[string]string `json:"podSelector"`
}

// Port is a port or a range of them.
type Port struct {
	Number   int    `json:"number"`
	End      int    `json:"end"`
	Protocol string `json:"protocol"`
}

// validate checks what the settings say of each other.
func (k *Kubernetes) validate(p *problems, at string, s *Settings) {
	for _, key := range ownLabels {
		_, taken := k.Labels[key]
		p.unless(!taken, at+".labels."+key, "the stack gives this label itself")
	}
	if s.GCP == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(k.ExternalSecrets.Versions)) {
		used := slices.ContainsFunc(slices.Collect(maps.Values(s.GCP.Workloads)), func(w Workload) bool { return slices.Contains(w.Secrets, name) })
		p.unless(used, at+".externalSecrets.versions."+name, "no workload uses a secret of this name")
	}
	if e := k.ExternalDNS; e != nil {
		at := at + ".externalDns"
		w, known := s.GCP.Workloads[e.Workload]
		p.unless(known, at+".workload", "%q is none of the workloads", e.Workload)
		p.unless(!known || slices.Contains(w.Secrets, e.Token), at+".token", "%q is none of the secrets of workload %s", e.Token, e.Workload)
		p.unless(s.DNS.ZoneID != "", Project+":dns.zoneId", "is missing, and external-dns needs it")
		p.unless(len(s.Names(OwnerExternalDNS)) > 0, at, "there is no name in dns.owners that external-dns owns")
	}
}

// ownLabels are those that stacks give.
var ownLabels = []string{"environment", "managed-by"}
