package gitops

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
	"ai-worker/components/kubernetes/helm"
)

// ArgoCDTypeToken is the Pulumi type of Argo CD's component.
const ArgoCDTypeToken = "ai-worker:kubernetes:ArgoCD"

// Chart is Argo CD's chart; version 10.1.1 brings Argo CD v3.4.4:
// https://github.com/argoproj/argo-helm/tree/main/charts/argo-cd
var Chart = helm.Chart{Name: "argo-cd", Repository: "https://argoproj.github.io/argo-helm", Version: "10.1.1"}

// ArgoCDArgs configures an ArgoCD.
type ArgoCDArgs struct {
	Namespace    string // Namespace to make for it; empty means "argocd".
	ChartVersion string // ChartVersion other than that of [Chart], exact.
	// Single runs one pod of each part, for a cluster with fewer than the three nodes
	// that Redis needs. While one moves, nothing is deployed.
	Single bool
	// AllowDeletion lifts the protection: Argo CD can be destroyed, with every
	// AppProject, ApplicationSet and Application in its namespace.
	AllowDeletion bool
}

// Validate implements components.Args: every problem at once, or nil.
func (a *ArgoCDArgs) Validate() error {
	var p components.Problems
	kubernetes.CheckName(&p, "namespace", a.namespace())
	Chart.At(a.ChartVersion).Check(&p, "chartVersion")
	return p.Err()
}

func (a *ArgoCDArgs) namespace() string { return cmp.Or(a.Namespace, "argocd") }

// ArgoCD is Argo CD, one for all namespaces of a cluster; its tagged fields are its
// outputs. Its children:
//
//	NAME-namespace   kubernetes:core/v1:Namespace    always; protected unless AllowDeletion
//	NAME-release     kubernetes:helm.sh/v3:Release   always; protected unless AllowDeletion
//
// Nobody can log in: there is no admin and no identity provider, and nothing leads
// there from outside. Who may use the cluster uses it with "argocd --core".
type ArgoCD struct {
	pulumi.ResourceState

	Namespace    pulumi.StringOutput `pulumi:"namespace"`
	ChartVersion pulumi.StringOutput `pulumi:"chartVersion"`
	// Release is what to depend on; see services.Services of why not the component.
	Release pulumi.Resource
}

// NewArgoCD registers the component and its children, or nothing if it refuses args.
func NewArgoCD(ctx *pulumi.Context, name string, args *ArgoCDArgs, opts ...pulumi.ResourceOption) (*ArgoCD, error) {
	c := &ArgoCD{}
	build := func(child components.Child) error {
		values, err := args.values()
		if err != nil {
			return err
		}
		release, err := helm.Install(ctx, child, args.namespace(), helm.Args{
			Chart:  Chart.At(args.ChartVersion),
			Name:   "argocd",
			Values: values,
		}, pulumi.Protect(!args.AllowDeletion))
		if err != nil {
			return err
		}
		c.Release = release
		c.Namespace, c.ChartVersion = release.Namespace.Elem(), release.Version.Elem()
		return nil
	}
	if err := components.Build(ctx, ArgoCDTypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
