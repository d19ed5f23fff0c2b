package manifests

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What the links need of Gateway API's kinds and of GKE's policies.

type gateway struct {
	Spec struct {
		Addresses []struct{ Type, Value string }
		Listeners []listener
	}
}

type listener struct{ Name, Hostname string }

type route struct {
	Spec struct {
		Hostnames  []string
		ParentRefs []ref
		Rules      []struct{ BackendRefs []ref }
	}
}

type policy struct {
	Spec struct {
		TargetRef *ref
		Default   struct {
			ConnectionDraining struct{ DrainingTimeoutSec int64 }
			SecurityPolicy     string
		}
	}
}

// ref is a reference in these APIs. The kind may have a default.
type ref struct {
	Kind, Name, SectionName string
	Port                    int32
}

func (n *namespace) route(o *object) {
	spec := decode[route](o.raw).Spec
	for _, parent := range spec.ParentRefs {
		to := n.find(o, "spec.parentRefs", cmp.Or(parent.Kind, "Gateway"), parent.Name)
		if to == nil || parent.SectionName == "" {
			continue
		}
		if !slices.ContainsFunc(decode[gateway](to.raw).Spec.Listeners, func(l listener) bool { return l.Name == parent.SectionName }) {
			n.add(o, "spec.parentRefs: %s has no listener %q", to, parent.SectionName)
		}
	}
	for _, rule := range spec.Rules {
		for _, backend := range rule.BackendRefs {
			to := n.find(o, "spec.rules.backendRefs", cmp.Or(backend.Kind, "Service"), backend.Name)
			if to == nil || to.kind != "Service" {
				continue
			}
			if !slices.ContainsFunc(decode[corev1.Service](to.raw).Spec.Ports, func(p corev1.ServicePort) bool { return p.Port == backend.Port }) {
				n.add(o, "spec.rules.backendRefs: %s has no port %d", to, backend.Port)
			}
		}
	}
}

// policy follows the target of what has one.
func (n *namespace) policy(o *object) {
	spec := decode[policy](o.raw).Spec
	if spec.TargetRef == nil {
		return
	}
	to := n.find(o, "spec.targetRef", spec.TargetRef.Kind, spec.TargetRef.Name)
	if drain := spec.Default.ConnectionDraining.DrainingTimeoutSec; to != nil && to.kind == "Service" && drain > 0 {
		n.drains(o, to, drain)
	}
}

// drains wants the pods behind a service to live as long as requests may come:
// until the preStop hook has slept, and then for those under way.
func (n *namespace) drains(o, service *object, seconds int64) {
	selector := decode[corev1.Service](service.raw).Spec.Selector
	for _, p := range selected(n.objects, &metav1.LabelSelector{MatchLabels: selector}) {
		need := seconds
		_, all := p.containers()
		for _, c := range all {
			if c.Lifecycle != nil && c.Lifecycle.PreStop != nil && c.Lifecycle.PreStop.Sleep != nil {
				need = max(need, seconds+c.Lifecycle.PreStop.Sleep.Seconds)
			}
		}
		grace := int64(corev1.DefaultTerminationGracePeriodSeconds)
		if given := p.pod.Spec.TerminationGracePeriodSeconds; given != nil {
			grace = *given
		}
		if grace <= need {
			n.add(p, "%s.terminationGracePeriodSeconds: %d: want more than %d, for %s lets requests end for %d s after preStop", p.podAt, grace, need, o, seconds)
		}
	}
}
