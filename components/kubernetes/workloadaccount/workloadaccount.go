// Package workloadaccount makes the Kubernetes service account that a workload
// runs as, bound to the Google service account that the workload then is to
// Google Cloud, without a key. The other half of the binding, the right to act as
// the Google account, is made by package workloadidentity of components/gcp.
//
// Children of a component NAME:
//
//	NAME-account  kubernetes:core/v1:ServiceAccount  always
package workloadaccount

import (
	"fmt"
	"regexp"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:kubernetes:WorkloadAccount"

// Annotation names the Google service account on the Kubernetes one:
// https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#kubernetes-sa-to-iam
const Annotation = "iam.gke.io/gcp-service-account"

// Args configures a WorkloadAccount. The zero value of an option is the strong choice.
type Args struct {
	// Name is the account's, by which pods refer to it. It cannot change. Required.
	Name string
	// Namespace that the account is in. It cannot change. Required.
	Namespace pulumi.StringInput
	// GoogleAccount is the address of the Google service account, as
	// "api@my-project.iam.gserviceaccount.com". Required.
	GoogleAccount pulumi.StringInput
	Labels        map[string]string // Labels of the account.
	// AllowToken mounts a token of the Kubernetes API into every pod of the account.
	// Workload identity needs none.
	AllowToken bool
}

// A project of a domain, "example.com:web", stands in addresses as "web.example.com":
// https://cloud.google.com/iam/docs/service-account-types#user-managed
var addressShape = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9.-]*[a-z0-9]\.iam\.gserviceaccount\.com$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	kubernetes.CheckName(&p, "name", a.Name)
	p.Want(a.Name != "default", "name %q: is the account of pods that name none", a.Name)
	kubernetes.CheckNameInput(&p, "namespace", a.Namespace)
	p.Want(a.GoogleAccount != nil, "googleAccount is required")
	if known, ok := a.GoogleAccount.(pulumi.String); ok {
		p.Want(addressShape.MatchString(string(known)),
			`googleAccount %q: want the address of a service account, such as "api@my-project.iam.gserviceaccount.com"`, string(known))
	}
	kubernetes.CheckLabels(&p, "labels", a.Labels)
	return p.Err()
}

// WorkloadAccount is the component; its tagged fields are its outputs.
type WorkloadAccount struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"` // Name of the account, known once it exists.
}

// New registers the component and its child, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*WorkloadAccount, error) {
	c := &WorkloadAccount{}
	build := func(child components.Child) error {
		account, err := corev1.NewServiceAccount(ctx, child.Name("account"), &corev1.ServiceAccountArgs{
			Metadata: kubernetes.Metadata(pulumi.String(args.Name), args.Namespace, args.Labels,
				pulumi.StringMap{Annotation: args.GoogleAccount}),
			AutomountServiceAccountToken: pulumi.Bool(args.AllowToken),
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("account: %w", err)
		}
		c.Name = account.Metadata.Name().Elem()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}
