package manifests

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"ai-worker/internal/kubeapi"
)

// object is one of an overlay, with what the rules ask of it.
type object struct {
	overlay string         // overlay is its folder
	raw     kubeapi.Object // raw is as built
	kind    string
	meta    metav1.ObjectMeta
	pod     *corev1.PodTemplateSpec // pod is what a workload runs
	podAt   string                  // podAt is the field that has the pod's spec
}

func (o *object) String() string { return o.kind + " " + o.meta.Name }

// id tells objects of a namespace apart.
func (o *object) id() string {
	apiVersion, _ := o.raw["apiVersion"].(string)
	group, _, _ := strings.Cut(apiVersion, "/")
	return group + " " + o.String()
}

// problem is one with its place.
func (o *object) problem(format string, args ...any) error {
	return fmt.Errorf("%s: %s: %w", o.overlay, o, fmt.Errorf(format, args...))
}

// newObject reads an object that the server would accept, or most of one that
// it would not.
func newObject(overlay string, raw kubeapi.Object) *object {
	head := decode[struct {
		Kind     string
		Metadata metav1.ObjectMeta
	}](raw)
	o := &object{overlay: overlay, raw: raw, kind: head.Kind, meta: head.Metadata, podAt: "spec.template.spec"}
	type template struct{ Template *corev1.PodTemplateSpec }
	switch o.kind {
	case "Pod":
		o.pod, o.podAt = decode[*corev1.PodTemplateSpec](raw), "spec"
	case "CronJob":
		o.podAt = "spec.jobTemplate.spec.template.spec"
		o.pod = decode[struct {
			Spec struct{ JobTemplate struct{ Spec template } }
		}](raw).Spec.JobTemplate.Spec.Template
	default:
		o.pod = decode[struct{ Spec template }](raw).Spec.Template
	}
	return o
}

// decode reads what T knows of an object. A field of a wrong type is left out:
// it is the server's to complain of.
func decode[T any](o kubeapi.Object) (into T) {
	text, err := json.Marshal(o)
	if err == nil {
		_ = json.Unmarshal(text, &into)
	}
	return into
}

// containers are all of an object's pod, with the field of each.
func (o *object) containers() (fields []string, all []*corev1.Container) {
	if o.pod == nil {
		return nil, nil
	}
	for i := range o.pod.Spec.InitContainers {
		fields, all = append(fields, fmt.Sprintf("%s.initContainers[%d]", o.podAt, i)), append(all, &o.pod.Spec.InitContainers[i])
	}
	for i := range o.pod.Spec.Containers {
		fields, all = append(fields, fmt.Sprintf("%s.containers[%d]", o.podAt, i)), append(all, &o.pod.Spec.Containers[i])
	}
	return fields, all
}

// selected are the objects whose pods the selector selects.
func selected(from []*object, selector *metav1.LabelSelector) []*object {
	match, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return nil // the server says why
	}
	return slices.DeleteFunc(slices.Clone(from), func(o *object) bool {
		return o.pod == nil || !match.Matches(labels.Set(o.pod.Labels))
	})
}
