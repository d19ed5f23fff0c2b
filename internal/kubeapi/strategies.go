package kubeapi

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/batch"
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/core/helper/qos"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/utils/ptr"
)

// plain is what a server asks of a strategy that makes no difference here.
type plain struct{}

func (plain) ObjectKinds(runtime.Object) ([]schema.GroupVersionKind, bool, error) {
	return []schema.GroupVersionKind{{}}, false, nil
}
func (plain) Recognizes(schema.GroupVersionKind) bool                                   { return true }
func (plain) GenerateName(base string) string                                           { return base }
func (plain) Canonicalize(runtime.Object)                                               {}
func (plain) AllowCreateOnUpdate() bool                                                 { return false }
func (plain) AllowUnconditionalUpdate() bool                                            { return true }
func (plain) WarningsOnCreate(context.Context, runtime.Object) []string                 { return nil }
func (plain) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string { return nil }

// registry is the strategy of objects of type T, written after
// k8s.io/kubernetes pkg/registry/<group>/<kind>/strategy.go. Old is nil on create.
type registry[T any] struct {
	plain
	clusterScoped bool
	prepare       func(o, old *T) // prepare may be nil.
	validate      func(o, old *T) field.ErrorList
}

func (r registry[T]) NamespaceScoped() bool { return !r.clusterScoped }

func (r registry[T]) PrepareForCreate(_ context.Context, o runtime.Object) {
	if r.prepare != nil {
		r.prepare(any(o).(*T), nil)
	}
}

func (r registry[T]) PrepareForUpdate(_ context.Context, o, old runtime.Object) {
	if r.prepare != nil {
		r.prepare(any(o).(*T), any(old).(*T))
	}
}

func (r registry[T]) Validate(_ context.Context, o runtime.Object) field.ErrorList {
	return r.validate(any(o).(*T), nil)
}

func (r registry[T]) ValidateUpdate(_ context.Context, o, old runtime.Object) field.ErrorList {
	return r.validate(any(o).(*T), any(old).(*T))
}

var namespaces = registry[core.Namespace]{
	clusterScoped: true,
	prepare: func(o, old *core.Namespace) {
		if old != nil {
			o.Spec.Finalizers, o.Status = old.Spec.Finalizers, old.Status
			return
		}
		o.Status = core.NamespaceStatus{Phase: core.NamespaceActive}
		if !slices.Contains(o.Spec.Finalizers, core.FinalizerKubernetes) {
			o.Spec.Finalizers = append(o.Spec.Finalizers, core.FinalizerKubernetes)
		}
	},
	validate: func(o, old *core.Namespace) field.ErrorList {
		errs := validation.ValidateNamespace(o)
		if old != nil {
			errs = append(errs, validation.ValidateNamespaceUpdate(o, old)...)
		}
		return errs
	},
}

var configMaps = registry[core.ConfigMap]{
	validate: func(o, old *core.ConfigMap) field.ErrorList {
		if old != nil {
			return validation.ValidateConfigMapUpdate(o, old)
		}
		return validation.ValidateConfigMap(o)
	},
}

var secrets = registry[core.Secret]{
	prepare: func(o, old *core.Secret) {
		if old != nil && o.Type == "" {
			o.Type = old.Type
		}
	},
	validate: func(o, old *core.Secret) field.ErrorList {
		if old != nil {
			return validation.ValidateSecretUpdate(o, old)
		}
		return validation.ValidateSecret(o)
	},
}

var serviceAccounts = registry[core.ServiceAccount]{
	prepare: func(o, _ *core.ServiceAccount) {
		for i, secret := range o.Secrets {
			o.Secrets[i] = core.ObjectReference{Name: secret.Name}
		}
	},
	validate: func(o, old *core.ServiceAccount) field.ErrorList {
		if old != nil {
			return validation.ValidateServiceAccountUpdate(o, old)
		}
		return validation.ValidateServiceAccount(o)
	},
}

var services = registry[core.Service]{
	prepare: func(o, old *core.Service) {
		if old == nil {
			o.Status = core.ServiceStatus{}
			return
		}
		o.Status = old.Status
		// what the server allocated stays
		if o.Spec.ClusterIP == "" && o.Spec.Type != core.ServiceTypeExternalName {
			o.Spec.ClusterIP, o.Spec.ClusterIPs = old.Spec.ClusterIP, old.Spec.ClusterIPs
		}
	},
	validate: func(o, old *core.Service) field.ErrorList {
		if old != nil {
			return validation.ValidateServiceUpdate(o, old)
		}
		return validation.ValidateServiceCreate(o)
	},
}

var persistentVolumeClaims = registry[core.PersistentVolumeClaim]{
	prepare: func(o, old *core.PersistentVolumeClaim) {
		var before *core.PersistentVolumeClaimSpec
		o.Status = core.PersistentVolumeClaimStatus{}
		if old != nil {
			o.Status, before = old.Status, &old.Spec
			persistentvolumeclaim.NormalizeDataSources(before)
		}
		persistentvolumeclaim.EnforceDataSourceBackwardsCompatibility(&o.Spec, before)
		persistentvolumeclaim.NormalizeDataSources(&o.Spec)
	},
	validate: func(o, old *core.PersistentVolumeClaim) field.ErrorList {
		options := validation.ValidationOptionsForPersistentVolumeClaim(o, old)
		if old != nil {
			return validation.ValidatePersistentVolumeClaimUpdate(o, old, options)
		}
		return validation.ValidatePersistentVolumeClaim(o, options)
	},
}

var pods = registry[core.Pod]{
	prepare: func(o, old *core.Pod) {
		pod.DropDisabledPodFields(o, old)
		if old != nil {
			o.Status = old.Status
			return
		}
		o.Generation = 1
		o.Status = core.PodStatus{Phase: core.PodPending, QOSClass: qos.GetPodQOS(o)}
	},
	validate: func(o, old *core.Pod) field.ErrorList {
		if old != nil {
			options := pod.GetValidationOptionsFromPodSpecAndMeta(&o.Spec, &old.Spec, &o.ObjectMeta, &old.ObjectMeta)
			options.ResourceIsPod = true
			return validation.ValidatePodUpdate(o, old, options)
		}
		options := pod.GetValidationOptionsFromPodSpecAndMeta(&o.Spec, nil, &o.ObjectMeta, nil)
		options.ResourceIsPod = true
		return validation.ValidatePodCreate(o, options)
	},
}

var jobs = registry[batch.Job]{
	prepare: func(o, old *batch.Job) {
		if old == nil {
			o.Status, o.Generation = batch.JobStatus{}, 1
			selectPods(o)
			pod.DropDisabledTemplateFields(&o.Spec.Template, nil)
			return
		}
		o.Status, o.UID = old.Status, old.UID
		if o.Spec.Selector == nil {
			selectPods(o)
		}
		pod.DropDisabledTemplateFields(&o.Spec.Template, &old.Spec.Template)
		if !equality.Semantic.DeepEqual(o.Spec, old.Spec) {
			o.Generation = old.Generation + 1
		}
	},
	validate: func(o, old *batch.Job) field.ErrorList {
		errs := batchvalidation.ValidateJob(o, jobOptions(o, old))
		if old != nil {
			errs = append(errs, batchvalidation.ValidateJobUpdate(o, old, jobOptions(o, old))...)
		}
		return errs
	},
}

// selectPods makes a Job select its pods by its uid, unless it selects itself.
func selectPods(o *batch.Job) {
	if *o.Spec.ManualSelector {
		return
	}
	generated := map[string]string{
		batch.LegacyJobNameLabel: o.Name, batch.JobNameLabel: o.Name,
		batch.LegacyControllerUidLabel: string(o.UID), batch.ControllerUidLabel: string(o.UID),
	}
	if o.Spec.Template.Labels == nil {
		o.Spec.Template.Labels = map[string]string{}
	}
	for label, value := range generated {
		if _, given := o.Spec.Template.Labels[label]; !given { // a wrong one is refused later
			o.Spec.Template.Labels[label] = value
		}
	}
	if o.Spec.Selector == nil {
		o.Spec.Selector = &metav1.LabelSelector{}
	}
	metav1.AddLabelToSelector(o.Spec.Selector, batch.ControllerUidLabel, string(o.UID))
}

func jobOptions(o, old *batch.Job) batchvalidation.JobValidationOptions {
	if old == nil {
		return batchvalidation.JobValidationOptions{
			PodValidationOptions:  pod.GetValidationOptionsFromPodTemplate(&o.Spec.Template, nil),
			RequirePrefixedLabels: true,
		}
	}
	_, named := old.Spec.Template.Labels[batch.JobNameLabel]
	_, controlled := old.Spec.Template.Labels[batch.ControllerUidLabel]
	return batchvalidation.JobValidationOptions{
		PodValidationOptions:  pod.GetValidationOptionsFromPodTemplate(&o.Spec.Template, &old.Spec.Template),
		RequirePrefixedLabels: named && controlled,
		// a job that was suspended before it started may still choose its nodes
		AllowMutableSchedulingDirectives: ptr.Deref(old.Spec.Suspend, false) && old.Status.StartTime == nil,
	}
}
