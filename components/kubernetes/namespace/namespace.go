// Package namespace makes the namespace of one environment in a cluster that it
// may share: what runs in it is held to the restricted pod security standard,
// takes no more than its quota, and reaches nothing but what is named.
//
// Children of a component NAME:
//
//	NAME-namespace              kubernetes:core/v1:Namespace                    always; protected unless AllowDeletion
//	NAME-quota                  kubernetes:core/v1:ResourceQuota                always
//	NAME-limits                 kubernetes:core/v1:LimitRange                   always
//	NAME-policy-default-deny    kubernetes:networking.k8s.io/v1:NetworkPolicy   always
//	NAME-policy-dns             kubernetes:networking.k8s.io/v1:NetworkPolicy   always
//	NAME-policy-metadata-server kubernetes:networking.k8s.io/v1:NetworkPolicy   always
//	NAME-policy-database        kubernetes:networking.k8s.io/v1:NetworkPolicy   with Databases
//	NAME-policy-gateway         kubernetes:networking.k8s.io/v1:NetworkPolicy   with GatewayPorts
//	NAME-policy-egress-KEY      kubernetes:networking.k8s.io/v1:NetworkPolicy   per entry of Egress
//	NAME-policy-ingress-KEY     kubernetes:networking.k8s.io/v1:NetworkPolicy   per entry of Ingress
//
// In the cluster the quota is called compute, the limit range containers, and a
// policy what follows NAME-policy-. All of them are made after the namespace and go
// with it, so that a destroy that its protection refuses shuts and opens nothing.
//
// A namespace of the name that is there already stops a provider without
// server-side apply before anything else is made; one with it takes it over.
package namespace

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:kubernetes:Namespace"

// Namespace is the component; its tagged fields are its outputs.
type Namespace struct {
	pulumi.ResourceState

	// Name of the namespace, known once it exists: what is made in a namespace of
	// this name waits for it.
	Name pulumi.StringOutput `pulumi:"name"`
	// Object is what else lives in the namespace names in pulumi.DeletedWith.
	Object *corev1.Namespace
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Namespace, error) {
	c := &Namespace{}
	build := func(child components.Child) error {
		var protect []pulumi.ResourceOption
		if !args.AllowDeletion {
			protect = append(protect, pulumi.Protect(true))
		}
		namespace, err := corev1.NewNamespace(ctx, child.Name("namespace"), &corev1.NamespaceArgs{
			Metadata: kubernetes.Metadata(args.Name, nil, args.namespaceLabels(), nil),
		}, child.Opts(protect...))
		if err != nil {
			return fmt.Errorf("namespace: %w", err)
		}
		c.Object, c.Name = namespace, namespace.Metadata.Name().Elem()
		return args.fill(ctx, child, c)
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// fill makes what is in the namespace.
func (a *Args) fill(ctx *pulumi.Context, child components.Child, c *Namespace) error {
	opts := child.Opts(pulumi.DeletedWith(c.Object))
	_, err := corev1.NewResourceQuota(ctx, child.Name("quota"), &corev1.ResourceQuotaArgs{
		Metadata: kubernetes.Metadata(pulumi.String("compute"), c.Name, a.Labels, nil),
		Spec:     corev1.ResourceQuotaSpecArgs{Hard: a.hard()},
	}, opts)
	if err != nil {
		return fmt.Errorf("quota: %w", err)
	}
	_, err = corev1.NewLimitRange(ctx, child.Name("limits"), &corev1.LimitRangeArgs{
		Metadata: kubernetes.Metadata(pulumi.String("containers"), c.Name, a.Labels, nil),
		Spec:     corev1.LimitRangeSpecArgs{Limits: corev1.LimitRangeItemArray{a.container()}},
	}, opts)
	if err != nil {
		return fmt.Errorf("limits: %w", err)
	}
	for _, policy := range a.policies() {
		_, err := networkingv1.NewNetworkPolicy(ctx, child.Name("policy", policy.name), &networkingv1.NetworkPolicyArgs{
			Metadata: kubernetes.Metadata(pulumi.String(policy.name), c.Name, a.Labels, nil),
			Spec:     policy.spec,
		}, opts)
		if err != nil {
			return fmt.Errorf("policy %s: %w", policy.name, err)
		}
	}
	return nil
}

// namespaceLabels hold pods to the restricted standard. Audit and warn say the
// same as enforce, since they are also told of a Deployment, whose pods are
// refused only later: https://kubernetes.io/docs/concepts/security/pod-security-admission/
func (a *Args) namespaceLabels() map[string]string {
	labels := maps.Clone(a.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels[podSecurity+"/"+mode] = "restricted"
		labels[podSecurity+"/"+mode+"-version"] = cmp.Or(a.PodSecurityVersion, "latest")
	}
	return labels
}

func (a *Args) hard() pulumi.StringMap {
	q := a.quota()
	return pulumi.StringMap{
		"requests.cpu":           pulumi.String(q.CPU),
		"requests.memory":        pulumi.String(q.Memory),
		"limits.memory":          pulumi.String(q.MemoryLimit),
		"pods":                   pulumi.String(strconv.Itoa(q.Pods)),
		"services.loadbalancers": pulumi.String(strconv.Itoa(q.LoadBalancers)),
		"services.nodeports":     pulumi.String(strconv.Itoa(q.NodePorts)),
	}
}

// container gives every container what the quota demands that it has.
func (a *Args) container() corev1.LimitRangeItemArgs {
	l := a.limits()
	return corev1.LimitRangeItemArgs{
		Type:           pulumi.String("Container"),
		DefaultRequest: pulumi.StringMap{"cpu": pulumi.String(l.CPU), "memory": pulumi.String(l.Memory)},
		Default:        pulumi.StringMap{"memory": pulumi.String(l.MemoryLimit)},
		Max:            pulumi.StringMap{"memory": pulumi.String(l.MaxMemory)},
	}
}
