package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// GCP is an environment on Google Cloud. Where a field has the name of a
// component's argument, its meaning, default and limits stand there; the comment
// here says what is particular to the setting.
type GCP struct {
	Project string `json:"project"` // Project owns everything but a shared cluster. Required.
	Region  string `json:"region"`  // Region is where everything lives that has a region. Required.
	// Namespace is the environment's Kubernetes namespace, the only one that its
	// workloads run in. Required.
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"` // Labels are put on everything that takes labels, beside the environment's name.

	Network   Network             `json:"network"`
	Cluster   Cluster             `json:"cluster"`
	NodePools map[string]NodePool `json:"nodePools"` // NodePools of the environment's own, by name.
	Database  Database            `json:"database"`
	Buckets   map[string]Bucket   `json:"buckets"` // Buckets by the name that workloads use.
	Registry  Registry            `json:"registry"`
	Secrets   map[string]Secret   `json:"secrets"` // Secrets by the name that workloads use.
	// Workloads are the programs of AI Worker, each with an identity of its own.
	Workloads map[string]Workload `json:"workloads"`
	Deploy    Deploy              `json:"deploy"`
	// AllowHostDeletion lets a host of dns.hosts go, with its certificate.
	AllowHostDeletion bool `json:"allowHostDeletion"`
}

// Workload is one program of AI Worker: it runs as one Kubernetes service
// account, which acts as one Google account that may use what is named here and
// nothing else.
type Workload struct {
	// ServiceAccount is the Kubernetes service account; empty means the workload's name.
	ServiceAccount string `json:"serviceAccount"`
	Database       bool   `json:"database"` // Database lets it log in to the database, as a user of its own.
	SignURLs       bool   `json:"signUrls"` // SignURLs lets it sign presigned URLs.
	// Buckets are what it may do with which bucket: read, write or readWrite.
	Buckets map[string]string `json:"buckets"`
	Secrets []string          `json:"secrets"` // Secrets it may read.
	Roles   []string          `json:"roles"`   // Roles are further ones on the project.
}

// validate checks what no component can tell: what the settings say of each other.
func (g *GCP) validate(p *problems, at string) {
	p.unless(projectShape.MatchString(g.Project), at+".project",
		"%q is no project id: 6 to 30 lower-case letters, digits and inner hyphens", g.Project)
	p.unless(regionShape.MatchString(g.Region), at+".region", `%q is no region, such as "asia-northeast1"`, g.Region)
	p.unless(namespaceShape.MatchString(g.Namespace), at+".namespace",
		"%q is no namespace: 1 to 63 lower-case letters, digits and inner hyphens", g.Namespace)
	p.unless((g.Network.VPC != nil) == (g.Cluster.Create != nil), at+".network",
		"a created cluster takes a vpc, and somebody else's cluster takes the existing network that it is in")
	p.unless(g.Cluster.Create != nil || g.Cluster.Project != "" && g.Cluster.Name != "", at+".cluster",
		"project and name are required of somebody else's cluster; or give create")
	for _, key := range []string{"environment", "managed-by"} {
		_, taken := g.Labels[key]
		p.unless(!taken, at+".labels."+key, "the stack gives this label itself")
	}
	p.unless(len(g.Workloads) > 0, at+".workloads", "there are none, so nothing could run")
	for _, name := range slices.Sorted(maps.Keys(g.Workloads)) {
		w, at := g.Workloads[name], at+".workloads."+name
		for _, b := range slices.Sorted(maps.Keys(w.Buckets)) {
			_, exists := g.Buckets[b]
			p.unless(exists, at+".buckets", "%q is none of the buckets", b)
		}
		for i, s := range w.Secrets {
			_, exists := g.Secrets[s]
			p.unless(exists, fmt.Sprintf("%s.secrets[%d]", at, i), "%q is none of the secrets", s)
		}
		p.unless(!w.SignURLs || len(w.Buckets) > 0, at+".signUrls", "it has no bucket to sign URLs of")
	}
}

var (
	projectShape   = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`)
	regionShape    = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	namespaceShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)
