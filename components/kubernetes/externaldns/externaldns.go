// Package externaldns keeps the records of HTTPRoutes in a zone of Cloudflare, by
// external-dns, for one environment in a namespace.
//
// Children of an ExternalDNS NAME:
//
//	NAME-release   kubernetes:helm.sh/v3:Release   always
//
// A zone has two writers: a stack that owns the static names, and external-dns,
// which owns Domains. A name that both would own is refused. Cloudflare has no token
// for less than a zone, so that external-dns itself, and not Cloudflare, keeps to
// this: it writes in Domains only, never an existing record that is not marked as
// its own, and deletes none unless AllowRecordDeletion.
package externaldns

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes/helm"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:kubernetes:ExternalDNS"

// Chart is external-dns' chart; version 1.22.0 brings external-dns v0.22.0:
// https://github.com/kubernetes-sigs/external-dns/tree/v0.23.0/charts/external-dns
var Chart = helm.Chart{Name: "external-dns", Repository: "https://kubernetes-sigs.github.io/external-dns/", Version: "1.22.0"}

// ExternalDNS is the component; its tagged fields are its outputs.
type ExternalDNS struct {
	pulumi.ResourceState

	Owner        pulumi.StringOutput `pulumi:"owner"` // Owner is in the records that say whose a record is.
	ChartVersion pulumi.StringOutput `pulumi:"chartVersion"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*ExternalDNS, error) {
	c := &ExternalDNS{}
	build := func(child components.Child) error {
		release, err := helm.New(ctx, child.Name("release"), &helm.Args{
			Chart:     Chart.At(args.ChartVersion),
			Name:      releaseName,
			Namespace: args.Namespace,
			Values:    args.values(),
			SkipCRDs:  true, // they are for sources that are not used
		}, child.Opts())
		if err != nil {
			return err
		}
		c.Owner, c.ChartVersion = pulumi.String(args.Owner).ToStringOutput(), release.Version.Elem()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
