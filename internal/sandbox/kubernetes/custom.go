package kubernetes

import (
	"fmt"
	"reflect"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/internal/kubeapi"
	"ai-worker/internal/sandbox"
)

// custom is the structure that every custom resource has for the provider; what
// stands below spec is told by the resource's definition.
type custom struct {
	APIVersion string            `pulumi:"apiVersion"`
	Kind       string            `pulumi:"kind"`
	Metadata   metav1.ObjectMeta `pulumi:"metadata"`
	Spec       any               `pulumi:"spec"`
}

type customInput struct{ pulumi.Map }

func (customInput) ElementType() reflect.Type { return reflect.TypeFor[custom]() }

type customState struct {
	APIVersion pulumi.StringOutput     `pulumi:"apiVersion"`
	Kind       pulumi.StringOutput     `pulumi:"kind"`
	Metadata   metav1.ObjectMetaOutput `pulumi:"metadata"`
	Spec       pulumi.AnyOutput        `pulumi:"spec"`
}

// definitions are the types of the custom resources, and the chart that brings
// them into a cluster.
var definitions = []struct{ apiVersion, kind, chart string }{
	{"external-secrets.io/v1", "SecretStore", "external-secrets"},
	{"external-secrets.io/v1", "ExternalSecret", "external-secrets"},
	{"argoproj.io/v1alpha1", "AppProject", "argo-cd"},
	{"argoproj.io/v1alpha1", "ApplicationSet", "argo-cd"},
}

const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"

func init() {
	for _, d := range definitions {
		sandbox.Describe(fmt.Sprintf("kubernetes:%s:%s", d.apiVersion, d.kind), customInput{}, customState{})
	}
	sandbox.Describe(definitionType, customInput{}, customState{})
}

func customKinds() []*sandbox.Kind {
	kinds := []*sandbox.Kind{{
		// what somebody else has installed in a cluster; only its name matters here
		Type:     definitionType,
		ID:       "{metadata.name}",
		Names:    []string{"{metadata.name}"},
		Required: []string{"metadata.name"},
		Rules:    map[string]sandbox.Rule{"metadata.name": sandbox.OneOf(kubeapi.CRDs()...)},
		Replace:  []string{"metadata.name"},
		Owned:    true,
	}}
	for _, d := range definitions {
		k := object(d.apiVersion, d.kind, d.apiVersion)
		k.Needs = []sandbox.Need{{
			Any: []sandbox.Named{{Type: definitionType, Name: kubeapi.CRD(d.apiVersion, d.kind)}, {Type: releaseType, Name: d.chart}},
			Missing: fmt.Sprintf("the Kubernetes API server reported that the apiVersion for this resource does not exist. "+
				"Verify that any required CRDs have been created: no matches for kind %q in version %q", d.kind, d.apiVersion),
		}}
		kinds = append(kinds, k)
	}
	return kinds
}
