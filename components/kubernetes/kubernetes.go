// Package kubernetes is what several components of Kubernetes need: the metadata
// of an object, the checks of names, labels, quantities and addresses, and the
// way from a typed struct to a custom resource. What one component alone needs
// stays there. The rules are those of the API server's own library.
package kubernetes

import (
	"maps"
	"net/netip"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"ai-worker/components"
)

// Metadata is that of an object. A nil namespace is for what has none; labels and
// annotations may be nil.
func Metadata(name, namespace pulumi.StringInput, labels map[string]string, annotations pulumi.StringMap) metav1.ObjectMetaArgs {
	meta := metav1.ObjectMetaArgs{Name: name.ToStringOutput().ToStringPtrOutput()}
	if namespace != nil {
		meta.Namespace = namespace.ToStringOutput().ToStringPtrOutput()
	}
	if len(labels) > 0 {
		meta.Labels = pulumi.ToStringMap(labels)
	}
	if len(annotations) > 0 {
		meta.Annotations = annotations
	}
	return meta
}

// CheckName wants a DNS label. Some kinds would take dots and 253 characters too;
// a label fits every kind, and as the value of a label and a part of a host name.
func CheckName(p *components.Problems, field, value string) {
	p.Want(len(validation.IsDNS1123Label(value)) == 0,
		"%s %q: want 1 to %d lower-case letters, digits and inner hyphens", field, value, validation.DNS1123LabelMaxLength)
}

// CheckNameInput wants a name that [CheckName] does, as far as it is known: what
// is an output is checked by the API server.
func CheckNameInput(p *components.Problems, field string, value pulumi.StringInput) {
	p.Want(value != nil, "%s is required", field)
	if known, ok := value.(pulumi.String); ok {
		CheckName(p, field, string(known))
	}
}

// CheckKeys wants keys that can become part of names.
func CheckKeys[V any](p *components.Problems, field string, m map[string]V) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		p.Want(components.IsName(key) && len(key) <= 40, // leaves room for what stands before it
			"%s[%q]: want a key of at most 40 lower-case letters, digits and inner hyphens, a letter first", field, key)
	}
}

// CheckLabels wants labels that the API server takes.
func CheckLabels(p *components.Problems, field string, labels map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		p.Want(len(validation.IsQualifiedName(key)) == 0,
			"%s[%q]: want a key of at most 63 letters, digits, and inner hyphens, underscores and dots, after a domain and a slash or alone", field, key)
		p.Want(len(validation.IsValidLabelValue(labels[key])) == 0,
			"%s[%q] %q: want at most 63 letters, digits, and inner hyphens, underscores and dots", field, key, labels[key])
	}
}

// CheckQuantity wants an amount of something, and more than none.
func CheckQuantity(p *components.Problems, field, value string) {
	q, err := resource.ParseQuantity(value)
	p.Want(err == nil && q.Sign() > 0, `%s %q: want a quantity above 0, such as "500m" of CPU or "1Gi" of memory`, field, value)
}

// CheckCIDR wants a range of addresses, with no bit set behind its length.
func CheckCIDR(p *components.Problems, field, value string) {
	prefix, err := netip.ParsePrefix(value)
	p.Want(err == nil && prefix == prefix.Masked(), `%s %q: want a range such as "10.8.0.0/16", no bit set behind its length`, field, value)
}

// CheckPort wants the number of a port.
func CheckPort(p *components.Problems, field string, value int) {
	p.Want(len(validation.IsValidPortNum(value)) == 0, "%s %d: want 1 to 65535", field, value)
}
