// Package helm is a release of a Helm chart: [New] in a namespace that is there
// already, [Install] in one of its own.
//
// The type of the release is written out here. The SDK's own (helm/v3) links every
// type of Kubernetes, which takes six minutes to compile, and has twenty options
// more. A test holds this one to the SDK's source, property by property.
//
// The provider downloads the chart whenever it checks a release, in a preview too:
// without the chart's repository in reach there is no preview.
package helm

import (
	"cmp"
	"fmt"
	"net/url"

	"github.com/blang/semver"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// Chart is one version of a chart.
type Chart struct {
	Name       string // Name in the repository.
	Repository string // Repository is its https URL.
	Version    string // Version is exact, as "1.2.3".
}

// At is the chart at another version; empty leaves it as it is.
func (c Chart) At(version string) Chart {
	c.Version = cmp.Or(version, c.Version)
	return c
}

// Check wants a chart that is the same tomorrow: a range, or a version with a "v",
// which Helm takes for one, could be another at each preview.
func (c Chart) Check(p *components.Problems, field string) {
	_, err := semver.Parse(c.Version)
	p.Want(err == nil, `%s %q: want an exact version such as "1.2.3"; a range could be another one tomorrow`, field, c.Version)
}

// Args configures a release.
type Args struct {
	Chart Chart // Chart to install. Required.
	// Name of the release, at most 53 characters. It cannot change. Required.
	Name      string
	Namespace pulumi.StringInput // Namespace that exists already. It cannot change. Required.
	Values    pulumi.Map         // Values for the chart.
	SkipCRDs  bool               // SkipCRDs leaves out the chart's folder crds, which Helm never upgrades.
}

const (
	// maxName is what Helm takes: https://helm.sh/docs/chart_template_guide/getting_started
	maxName = 53
	// timeout of an operation in seconds: an image on a new node takes minutes.
	timeout = 600
	// history is enough to go back, and bounds the Secrets, one a revision.
	history = 5
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Chart.Name != "", "chart.name is required")
	repository, err := url.Parse(a.Chart.Repository)
	p.Want(err == nil && repository.Scheme == "https" && repository.Host != "", "chart.repository %q: want an https URL", a.Chart.Repository)
	a.Chart.Check(&p, "chart.version")
	kubernetes.CheckName(&p, "name", a.Name)
	p.Want(len(a.Name) <= maxName, "name %q: want at most %d characters", a.Name, maxName)
	p.Want(a.Namespace != nil, "namespace is required")
	return p.Err()
}

// New registers a release that is whole or not there: it waits until everything
// runs, Jobs too, and takes back what failed.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Release, error) {
	if err := args.Validate(); err != nil {
		return nil, fmt.Errorf("release %q: %w", name, err)
	}
	return newRelease(ctx, name, &ReleaseArgs{
		Atomic:          pulumi.Bool(true),
		Chart:           pulumi.String(args.Chart.Name),
		CleanupOnFail:   pulumi.Bool(true),
		CreateNamespace: pulumi.Bool(false),
		MaxHistory:      pulumi.Int(history),
		Name:            pulumi.String(args.Name),
		Namespace:       args.Namespace.ToStringOutput().ToStringPtrOutput(),
		RepositoryOpts:  RepositoryOptsArgs{Repo: pulumi.String(args.Chart.Repository)},
		SkipAwait:       pulumi.Bool(false),
		SkipCrds:        pulumi.Bool(args.SkipCRDs),
		Timeout:         pulumi.Int(timeout),
		Values:          args.Values,
		Version:         pulumi.String(args.Chart.Version),
		WaitForJobs:     pulumi.Bool(true),
	}, opts...)
}

// Install registers, as children "namespace" and "release" of a component, a
// release and before it the namespace that it has to itself, for pods of the
// restricted standard alone:
// https://kubernetes.io/docs/concepts/security/pod-security-standards/
func Install(
	ctx *pulumi.Context, child components.Child, namespace string, args Args, opts ...pulumi.ResourceOption,
) (*Release, error) {
	labels := map[string]string{}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = "restricted"
	}
	own, err := corev1.NewNamespace(ctx, child.Name("namespace"), &corev1.NamespaceArgs{
		Metadata: kubernetes.Metadata(pulumi.String(namespace), nil, labels, nil),
	}, child.Opts(opts...))
	if err != nil {
		return nil, fmt.Errorf("namespace: %w", err)
	}
	args.Namespace = own.Metadata.Name().Elem()
	return New(ctx, child.Name("release"), &args, child.Opts(opts...))
}
