package helm

import (
	"reflect"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/utilities"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ReleaseType is the provider's type of a release.
const ReleaseType = "kubernetes:helm.sh/v3:Release"

// Release is a release in a cluster: what was asked for, and what came of it.
type Release struct {
	pulumi.CustomResourceState

	Atomic          pulumi.BoolPtrOutput        `pulumi:"atomic"`
	Chart           pulumi.StringOutput         `pulumi:"chart"`
	CleanupOnFail   pulumi.BoolPtrOutput        `pulumi:"cleanupOnFail"`
	CreateNamespace pulumi.BoolPtrOutput        `pulumi:"createNamespace"`
	MaxHistory      pulumi.IntPtrOutput         `pulumi:"maxHistory"`
	Name            pulumi.StringPtrOutput      `pulumi:"name"`
	Namespace       pulumi.StringPtrOutput      `pulumi:"namespace"`
	RepositoryOpts  RepositoryOptsPtrOutput     `pulumi:"repositoryOpts"`
	ResourceNames   pulumi.StringArrayMapOutput `pulumi:"resourceNames"` // ResourceNames are what it made, by kind and version.
	SkipAwait       pulumi.BoolPtrOutput        `pulumi:"skipAwait"`
	SkipCrds        pulumi.BoolPtrOutput        `pulumi:"skipCrds"`
	Status          ReleaseStatusOutput         `pulumi:"status"`
	Timeout         pulumi.IntPtrOutput         `pulumi:"timeout"`
	Values          pulumi.MapOutput            `pulumi:"values"`
	Version         pulumi.StringPtrOutput      `pulumi:"version"`
	WaitForJobs     pulumi.BoolPtrOutput        `pulumi:"waitForJobs"`
}

// ReleaseArgs are the options of a release that [New] sets. The others keep the
// provider's defaults, which are all off.
type ReleaseArgs struct {
	Atomic          pulumi.BoolPtrInput   // Atomic removes or rolls back what failed.
	Chart           pulumi.StringInput    // Chart is its name in the repository. Required.
	CleanupOnFail   pulumi.BoolPtrInput   // CleanupOnFail removes what a failed upgrade had added.
	Compat          pulumi.StringPtrInput // Compat is always "true", as from the SDK.
	CreateNamespace pulumi.BoolPtrInput   // CreateNamespace makes the namespace, which nothing then owns.
	MaxHistory      pulumi.IntPtrInput    // MaxHistory is the number of revisions kept, each a Secret.
	Name            pulumi.StringPtrInput // Name of the release; left out, it is random and another in each preview.
	Namespace       pulumi.StringPtrInput
	RepositoryOpts  RepositoryOptsPtrInput
	SkipAwait       pulumi.BoolPtrInput // SkipAwait does not wait until everything is ready.
	SkipCrds        pulumi.BoolPtrInput // SkipCrds leaves out the chart's folder crds.
	Timeout         pulumi.IntPtrInput  // Timeout of a Kubernetes operation, in seconds.
	Values          pulumi.MapInput
	Version         pulumi.StringPtrInput // Version of the chart.
	WaitForJobs     pulumi.BoolPtrInput
}

type releaseArgs struct {
	Atomic          *bool           `pulumi:"atomic"`
	Chart           string          `pulumi:"chart"`
	CleanupOnFail   *bool           `pulumi:"cleanupOnFail"`
	Compat          *string         `pulumi:"compat"`
	CreateNamespace *bool           `pulumi:"createNamespace"`
	MaxHistory      *int            `pulumi:"maxHistory"`
	Name            *string         `pulumi:"name"`
	Namespace       *string         `pulumi:"namespace"`
	RepositoryOpts  *RepositoryOpts `pulumi:"repositoryOpts"`
	SkipAwait       *bool           `pulumi:"skipAwait"`
	SkipCrds        *bool           `pulumi:"skipCrds"`
	Timeout         *int            `pulumi:"timeout"`
	Values          map[string]any  `pulumi:"values"`
	Version         *string         `pulumi:"version"`
	WaitForJobs     *bool           `pulumi:"waitForJobs"`
}

// ElementType implements pulumi.Input.
func (ReleaseArgs) ElementType() reflect.Type { return reflect.TypeFor[releaseArgs]() }

// RepositoryOpts is where a chart comes from.
type RepositoryOpts struct {
	Repo *string `pulumi:"repo"` // Repo is the URL of a chart repository.
}

// RepositoryOptsPtrInput is a [RepositoryOptsArgs].
type RepositoryOptsPtrInput interface{ pulumi.Input }

// RepositoryOptsArgs is where a chart comes from.
type RepositoryOptsArgs struct {
	Repo pulumi.StringPtrInput `pulumi:"repo"` // Repo is the URL of a chart repository.
}

// ElementType implements pulumi.Input.
func (RepositoryOptsArgs) ElementType() reflect.Type { return reflect.TypeFor[RepositoryOpts]() }

// RepositoryOptsPtrOutput is where a chart came from.
type RepositoryOptsPtrOutput struct{ *pulumi.OutputState }

// ElementType implements pulumi.Output.
func (RepositoryOptsPtrOutput) ElementType() reflect.Type { return reflect.TypeFor[*RepositoryOpts]() }

// ReleaseStatus is what Helm says of a release.
type ReleaseStatus struct {
	AppVersion *string `pulumi:"appVersion"` // AppVersion is that of the application in the chart.
	Chart      *string `pulumi:"chart"`
	Name       *string `pulumi:"name"`
	Namespace  *string `pulumi:"namespace"`
	Revision   *int    `pulumi:"revision"`
	Status     string  `pulumi:"status"` // Status is "deployed" when all went well.
	Version    *string `pulumi:"version"`
}

// ReleaseStatusOutput is what Helm says of a release.
type ReleaseStatusOutput struct{ *pulumi.OutputState }

// ElementType implements pulumi.Output.
func (ReleaseStatusOutput) ElementType() reflect.Type { return reflect.TypeFor[ReleaseStatus]() }

func init() {
	pulumi.RegisterOutputType(RepositoryOptsPtrOutput{})
	pulumi.RegisterOutputType(ReleaseStatusOutput{})
}

// newRelease registers a release as the SDK does.
func newRelease(ctx *pulumi.Context, name string, args *ReleaseArgs, opts ...pulumi.ResourceOption) (*Release, error) {
	args.Compat = pulumi.String("true")
	release := &Release{}
	if err := ctx.RegisterResource(ReleaseType, name, args, release, utilities.PkgResourceDefaultOpts(opts)...); err != nil {
		return nil, err
	}
	return release, nil
}
