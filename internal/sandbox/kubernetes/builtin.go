package kubernetes

import (
	"fmt"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/kubeapi"
	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("kubernetes:core/v1:ConfigMap", corev1.ConfigMapArgs{}, corev1.ConfigMap{})
	sandbox.Describe("kubernetes:core/v1:LimitRange", corev1.LimitRangeArgs{}, corev1.LimitRange{})
	sandbox.Describe(namespaceType, corev1.NamespaceArgs{}, corev1.Namespace{})
	sandbox.Describe("kubernetes:core/v1:ResourceQuota", corev1.ResourceQuotaArgs{}, corev1.ResourceQuota{})
	sandbox.Describe("kubernetes:core/v1:ServiceAccount", corev1.ServiceAccountArgs{}, corev1.ServiceAccount{})
	sandbox.Describe("kubernetes:networking.k8s.io/v1:NetworkPolicy", networkingv1.NetworkPolicyArgs{}, networkingv1.NetworkPolicy{})
	sandbox.Describe("kubernetes:rbac.authorization.k8s.io/v1:Role", rbacv1.RoleArgs{}, rbacv1.Role{})
	sandbox.Describe("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", rbacv1.RoleBindingArgs{}, rbacv1.RoleBinding{})
}

const namespaceType = "kubernetes:core/v1:Namespace"

// builtinKinds are the types of the API server itself. What replaces one beside
// its name is the provider's list (provider v4.23.0, forceNewProperties).
func builtinKinds() []*sandbox.Kind {
	namespace := object("core/v1", "Namespace", "v1")
	// https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
	namespace.Empties = func(part *sandbox.Object) error {
		if finalizers := part.Get("metadata.finalizers"); finalizers.IsArray() && len(finalizers.ArrayValue()) > 0 {
			return fmt.Errorf("the namespace would stay Terminating: this object waits for its finalizers %v", finalizers.Mappable())
		}
		return nil
	}
	configMap := object("core/v1", "ConfigMap", "v1")
	configMap.ReplaceWhen = replaceConfigMap
	quota := object("core/v1", "ResourceQuota", "v1")
	quota.Replace = append(quota.Replace, "spec.scopes")
	binding := object("rbac.authorization.k8s.io/v1", "RoleBinding", "rbac.authorization.k8s.io/v1")
	binding.Replace = append(binding.Replace, "roleRef")
	return []*sandbox.Kind{
		namespace,
		binding,
		object("rbac.authorization.k8s.io/v1", "Role", "rbac.authorization.k8s.io/v1"),
		configMap,
		quota,
		object("core/v1", "LimitRange", "v1"),
		object("core/v1", "ServiceAccount", "v1"),
		object("networking.k8s.io/v1", "NetworkPolicy", "networking.k8s.io/v1"),
	}
}

// object is the kind of a type that the API server knows, built-in or custom;
// group is its group and version as Pulumi's type has it.
func object(group, kind, apiVersion string) *sandbox.Kind {
	namespaced, known := kubeapi.Namespaced(apiVersion, kind)
	if !known {
		panic(fmt.Sprintf("internal/kubeapi does not know %s %s", apiVersion, kind)) // its author's mistake
	}
	k := &sandbox.Kind{
		Type:     fmt.Sprintf("kubernetes:%s:%s", group, kind),
		ID:       "{metadata.name}",
		Names:    []string{"{metadata.name}"},
		Required: []string{"metadata", "metadata.name"}, // the provider would invent a name, and manifests could not know it
		Replace:  []string{"metadata.name", "metadata.namespace"},
		Identity: []string{"metadata.name", "metadata.namespace"},
		Owned:    true, DeleteFirst: true,
		Adjust: adjust,
		Checks: []sandbox.Check{admit},
		Revise: revise,
		Fill:   fill,
	}
	if namespaced {
		k.ID = "{metadata.namespace}/{metadata.name}"
		k.Required = append(k.Required, "metadata.namespace") // left out it would be "default", which belongs to nobody
		k.Refs = map[string]sandbox.Ref{"metadata.namespace": sandbox.Within(namespaceType)}
	}
	return k
}

// flag is a boolean of the provider's configuration, which arrives as it is or as text.
func flag(config resource.PropertyMap, key resource.PropertyKey, otherwise bool) bool {
	switch v := config[key]; {
	case v.IsBool():
		return v.BoolValue()
	case v.IsString():
		return v.StringValue() == "true"
	}
	return otherwise
}

// adjust adds the label by which the provider marks what it manages, which it
// does only where it does not apply on the server's side.
func adjust(o *sandbox.Object) {
	const label = "app.kubernetes.io/managed-by"
	metadata := o.Get("metadata")
	if flag(o.Config, "enableServerSideApply", true) || !metadata.IsObject() {
		return
	}
	labels := metadata.ObjectValue()["labels"]
	if !labels.IsObject() {
		labels = resource.NewProperty(resource.PropertyMap{})
	}
	if _, given := labels.ObjectValue()[label]; !given {
		labels.ObjectValue()[label] = resource.NewProperty("pulumi")
	}
	metadata.ObjectValue()["labels"] = labels
}

// plain is an object as the API server gets it, false while something in it is unknown.
func plain(o *sandbox.Object) (kubeapi.Object, bool) {
	if o.Props.ContainsUnknowns() {
		return nil, false
	}
	m := o.Props.Mappable()
	maps.DeleteFunc(m, func(key string, _ any) bool { return key == "status" || key[0] == '_' }) // the server's, and the engine's
	if metadata, ok := m["metadata"].(map[string]any); ok {
		maps.DeleteFunc(metadata, func(key string, _ any) bool { return slices.Contains(serverFields, key) })
	}
	return m, true
}

// serverFields are the metadata that only the server writes.
var serverFields = []string{"creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"}

// admit has the API server's own code look at the object.
func admit(o *sandbox.Object) error {
	m, known := plain(o)
	if !known {
		return nil
	}
	_, problems := kubeapi.Admit(m)
	return joined(problems)
}

func revise(have, want *sandbox.Object) error {
	before, _ := plain(have)
	after, known := plain(want)
	if !known {
		return nil
	}
	_, problems := kubeapi.AdmitUpdate(after, before)
	return joined(problems)
}

func joined(problems []kubeapi.Problem) error {
	var all sandbox.Problems
	for _, p := range problems {
		all = append(all, sandbox.Problem{Path: p.Field, Reason: p.Detail})
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// fill gives the object the server's defaults, where the program gave nothing.
func fill(o *sandbox.Object) {
	m, _ := plain(o)
	defaulted, problems := kubeapi.Admit(m)
	if len(problems) > 0 {
		return // admit has told
	}
	under(o.Props, resource.NewPropertyMapFromMap(defaulted))
	o.Set("metadata.creationTimestamp", "2024-03-01T00:00:00Z")
	o.Set("metadata.resourceVersion", "1")
}

// under writes what is in defaults and not in given into given.
func under(given, defaults resource.PropertyMap) {
	for key, value := range defaults {
		have, is := given[key]
		switch {
		case !is || have.IsNull():
			if !value.IsNull() {
				given[key] = value
			}
		case have.IsObject() && value.IsObject():
			under(have.ObjectValue(), value.ObjectValue())
		case have.IsArray() && value.IsArray() && len(have.ArrayValue()) == len(value.ArrayValue()):
			for i, item := range have.ArrayValue() {
				if item.IsObject() && value.ArrayValue()[i].IsObject() {
					under(item.ObjectValue(), value.ArrayValue()[i].ObjectValue())
				}
			}
		}
	}
}

// replaceConfigMap: the provider makes a ConfigMap anew when its data change,
// unless it was told that ConfigMaps may be changed.
func replaceConfigMap(_, want *sandbox.Object) []string {
	if flag(want.Config, "enableConfigMapMutable", false) && !want.Bool("immutable") {
		return nil
	}
	return []string{"data", "binaryData"}
}
