package gitops

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// APIVersion is of all of Argo CD's kinds.
const APIVersion = "argoproj.io/v1alpha1"

// server is the cluster that Argo CD runs in.
const server = "https://kubernetes.default.svc"

// finalizer makes an Application take its workloads with it:
// https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/
const finalizer = "resources-finalizer.argocd.argoproj.io"

// The fields that are used of
// https://argo-cd.readthedocs.io/en/stable/operator-manual/project-specification/.

// projectSpec has no clusterResourceWhitelist: without one, no object that has no
// namespace is permitted.
type projectSpec struct {
	SourceRepos                []string      `json:"sourceRepos"`
	Destinations               []destination `json:"destinations"`
	NamespaceResourceWhitelist []Kind        `json:"namespaceResourceWhitelist"`
	OrphanedResources          orphaned      `json:"orphanedResources"`
	SyncWindows                []window      `json:"syncWindows,omitempty"`
}

type destination struct {
	Server    string             `json:"server"`
	Namespace pulumi.StringInput `json:"namespace"`
}

type orphaned struct {
	Warn   bool       `json:"warn"`
	Ignore []Resource `json:"ignore,omitempty"`
}

// window is for a namespace, which is all that a project has.
type window struct {
	Kind       string               `json:"kind"`
	Schedule   string               `json:"schedule"`
	Duration   string               `json:"duration"`
	TimeZone   string               `json:"timeZone,omitempty"`
	ManualSync bool                 `json:"manualSync"`
	Namespaces []pulumi.StringInput `json:"namespaces"`
}

// The fields that are used of
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/applicationset-specification/.

type setSpec struct {
	GoTemplate        bool          `json:"goTemplate"`
	GoTemplateOptions []string      `json:"goTemplateOptions"`
	Generators        []generator   `json:"generators"`
	SyncPolicy        setSyncPolicy `json:"syncPolicy"`
	Template          template      `json:"template"`
}

type generator struct {
	List list `json:"list"`
}

type list struct {
	Elements []element `json:"elements"`
}

type element struct {
	App string `json:"app"`
}

type setSyncPolicy struct {
	ApplicationsSync            string `json:"applicationsSync"`
	PreserveResourcesOnDeletion bool   `json:"preserveResourcesOnDeletion"`
}

type template struct {
	Metadata templateMetadata `json:"metadata"`
	Spec     application      `json:"spec"`
}

type templateMetadata struct {
	Name        string            `json:"name"`
	Annotations map[string]string `json:"annotations"`
	Finalizers  []string          `json:"finalizers,omitempty"`
}

type application struct {
	Project     pulumi.StringInput `json:"project"`
	Source      source             `json:"source"`
	Destination destination        `json:"destination"`
	SyncPolicy  syncPolicy         `json:"syncPolicy"`
}

type source struct {
	RepoURL        string `json:"repoURL"`
	TargetRevision string `json:"targetRevision"`
	Path           string `json:"path"`
}

type syncPolicy struct {
	Automated   *automated `json:"automated,omitempty"`
	SyncOptions []string   `json:"syncOptions"`
	Retry       retry      `json:"retry"`
}

type automated struct {
	Prune    bool `json:"prune"`
	SelfHeal bool `json:"selfHeal"`
}

type retry struct {
	Limit   int     `json:"limit"`
	Backoff backoff `json:"backoff"`
}

type backoff struct {
	Duration    string `json:"duration"`
	Factor      int    `json:"factor"`
	MaxDuration string `json:"maxDuration"`
}
