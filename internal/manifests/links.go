package manifests

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// namespace is all objects of one environment: an app may refer to another's.
type namespace struct {
	objects  []*object
	problems []error
}

// checkTogether says what is wrong with the objects of an environment besides
// each other: two of one name, and references that lead nowhere.
func checkTogether(objects []*object) []error {
	n := &namespace{objects: objects}
	for i, o := range objects {
		if j := slices.IndexFunc(objects, func(other *object) bool { return o.id() == other.id() }); j < i {
			n.add(o, "is in %s already", objects[j].overlay)
		}
		switch o.kind {
		case "Deployment":
			n.deployment(o)
		case "HorizontalPodAutoscaler":
			n.autoscaler(o)
		case "PodDisruptionBudget":
			n.selects(o, "spec.selector", decode[policyv1.PodDisruptionBudget](o.raw).Spec.Selector)
		case "NetworkPolicy":
			n.networkPolicy(o)
		case "Service":
			n.service(o)
		case "HTTPRoute":
			n.route(o)
		}
		n.policy(o)
	}
	return n.problems
}

func (n *namespace) add(o *object, format string, args ...any) {
	n.problems = append(n.problems, o.problem(format, args...))
}

// find returns the object of a name; if there is none, the field of o is dangling.
func (n *namespace) find(o *object, field, kind, name string) *object {
	for _, other := range n.objects {
		if other.kind == kind && other.meta.Name == name {
			return other
		}
	}
	n.add(o, "%s: there is no %s %q", field, kind, name)
	return nil
}

// selects returns what a selector selects, which must be something.
func (n *namespace) selects(o *object, field string, selector *metav1.LabelSelector) []*object {
	found := selected(n.objects, selector)
	if len(found) == 0 {
		n.add(o, "%s: selects no pod", field)
	}
	return found
}

// deployment wants one that may have several pods not to lose them together.
func (n *namespace) deployment(o *object) {
	given, most := decode[appsv1.Deployment](o.raw).Spec.Replicas, int32(1)
	if given != nil {
		most = *given
	}
	for _, h := range n.objects {
		if spec := decode[autoscalingv2.HorizontalPodAutoscaler](h.raw).Spec; h.kind == "HorizontalPodAutoscaler" &&
			spec.ScaleTargetRef.Kind == o.kind && spec.ScaleTargetRef.Name == o.meta.Name {
			if most = spec.MaxReplicas; given != nil {
				n.add(o, "spec.replicas: is the business of %s: each sync would undo what that did", h)
			}
		}
	}
	if most <= 1 || o.pod == nil {
		return
	}
	if !slices.ContainsFunc(o.pod.Spec.TopologySpreadConstraints, func(c corev1.TopologySpreadConstraint) bool {
		return c.TopologyKey == corev1.LabelTopologyZone
	}) {
		n.add(o, "%s.topologySpreadConstraints: none is of %s: all its pods may run in one zone", o.podAt, corev1.LabelTopologyZone)
	}
	if !slices.ContainsFunc(n.objects, func(b *object) bool {
		return b.kind == "PodDisruptionBudget" &&
			len(selected([]*object{o}, decode[policyv1.PodDisruptionBudget](b.raw).Spec.Selector)) > 0
	}) {
		n.add(o, "there is no PodDisruptionBudget for it: an upgrade of the nodes may take all its pods at once")
	}
}

func (n *namespace) autoscaler(o *object) {
	spec := decode[autoscalingv2.HorizontalPodAutoscaler](o.raw).Spec
	target := n.find(o, "spec.scaleTargetRef", spec.ScaleTargetRef.Kind, spec.ScaleTargetRef.Name)
	if target == nil {
		return
	}
	_, all := target.containers()
	for i, m := range spec.Metrics {
		if c := m.ContainerResource; c != nil && !slices.ContainsFunc(all, func(has *corev1.Container) bool { return has.Name == c.Container }) {
			n.add(o, "spec.metrics[%d].containerResource.container: %s has no container %q", i, target, c.Container)
		}
	}
}

func (n *namespace) service(o *object) {
	spec := decode[corev1.Service](o.raw).Spec
	if len(spec.Selector) == 0 {
		return // its endpoints are somebody else's to say
	}
	pods := n.selects(o, "spec.selector", &metav1.LabelSelector{MatchLabels: spec.Selector})
	for _, port := range spec.Ports {
		target := port.TargetPort
		if target == (intstr.IntOrString{}) {
			target = intstr.FromInt32(port.Port)
		}
		n.port(o, pods, target)
	}
}

func (n *namespace) networkPolicy(o *object) {
	spec := decode[networkingv1.NetworkPolicy](o.raw).Spec
	pods := n.selects(o, "spec.podSelector", &spec.PodSelector)
	for _, rule := range spec.Ingress {
		for _, port := range rule.Ports {
			if port.Port != nil {
				n.port(o, pods, *port.Port)
			}
		}
	}
}

// port wants the pods to listen on a port, given by its number or its name.
func (n *namespace) port(o *object, pods []*object, port intstr.IntOrString) {
	for _, p := range pods {
		_, all := p.containers()
		if !slices.ContainsFunc(all, func(c *corev1.Container) bool {
			return slices.ContainsFunc(c.Ports, func(has corev1.ContainerPort) bool {
				return port == intstr.FromInt32(has.ContainerPort) || port == intstr.FromString(has.Name)
			})
		}) {
			n.add(o, "port %s: no container of %s has it", port.String(), p)
		}
	}
}
