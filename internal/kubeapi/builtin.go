package kubeapi

import (
	"encoding/json"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	appsv1 "k8s.io/kubernetes/pkg/apis/apps/v1"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	autoscalingv1 "k8s.io/kubernetes/pkg/apis/autoscaling/v1"
	autoscalingv2 "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	"k8s.io/kubernetes/pkg/apis/batch"
	batchv1 "k8s.io/kubernetes/pkg/apis/batch/v1"
	"k8s.io/kubernetes/pkg/apis/core"
	corev1 "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/apis/networking"
	networkingv1 "k8s.io/kubernetes/pkg/apis/networking/v1"
	"k8s.io/kubernetes/pkg/apis/policy"
	policyv1 "k8s.io/kubernetes/pkg/apis/policy/v1"
	"k8s.io/kubernetes/pkg/apis/rbac"
	rbacv1 "k8s.io/kubernetes/pkg/apis/rbac/v1"
	"k8s.io/kubernetes/pkg/apis/scheduling"
	schedulingv1 "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	"k8s.io/kubernetes/pkg/capabilities"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
)

// builtins are the built-in kinds. Each has the server's own strategy where
// that links nothing but strategies; where it also links the server's storage,
// the same calls are written down in strategies.go.
var builtins = map[kindID]strategy{
	{"v1", "ConfigMap"}:             configMaps,
	{"v1", "LimitRange"}:            limitrange.Strategy,
	{"v1", "Namespace"}:             namespaces,
	{"v1", "PersistentVolumeClaim"}: persistentVolumeClaims,
	{"v1", "Pod"}:                   pods,
	{"v1", "ResourceQuota"}:         resourcequota.Strategy,
	{"v1", "Secret"}:                secrets,
	{"v1", "Service"}:               services,
	{"v1", "ServiceAccount"}:        serviceAccounts,

	{"apps/v1", "Deployment"}:                       deployment.Strategy,
	{"apps/v1", "StatefulSet"}:                      statefulset.Strategy,
	{"autoscaling/v1", "HorizontalPodAutoscaler"}:   horizontalpodautoscaler.Strategy,
	{"autoscaling/v2", "HorizontalPodAutoscaler"}:   horizontalpodautoscaler.Strategy,
	{"batch/v1", "CronJob"}:                         cronjob.Strategy,
	{"batch/v1", "Job"}:                             jobs,
	{"networking.k8s.io/v1", "Ingress"}:             ingress.Strategy,
	{"networking.k8s.io/v1", "NetworkPolicy"}:       networkpolicy.Strategy,
	{"policy/v1", "PodDisruptionBudget"}:            poddisruptionbudget.Strategy,
	{"rbac.authorization.k8s.io/v1", "Role"}:        role.Strategy,
	{"rbac.authorization.k8s.io/v1", "RoleBinding"}: rolebinding.Strategy,
	{"scheduling.k8s.io/v1", "PriorityClass"}:       priorityclass.Strategy,
}

// codecs decodes strictly. The scheme behind it is the one that the strategies
// are bound to; it is filled at first use, which takes some milliseconds.
var codecs = sync.OnceValue(func() serializer.CodecFactory {
	for _, add := range []func(*runtime.Scheme) error{
		core.AddToScheme, corev1.AddToScheme, apps.AddToScheme, appsv1.AddToScheme,
		autoscaling.AddToScheme, autoscalingv1.AddToScheme, autoscalingv2.AddToScheme,
		batch.AddToScheme, batchv1.AddToScheme, networking.AddToScheme, networkingv1.AddToScheme,
		policy.AddToScheme, policyv1.AddToScheme, rbac.AddToScheme, rbacv1.AddToScheme,
		scheduling.AddToScheme, schedulingv1.AddToScheme,
	} {
		if err := add(legacyscheme.Scheme); err != nil {
			panic(err)
		}
	}
	capabilities.Setup(true, 0) // a server lets privileged pods be, as GKE's does; pod security is what refuses them
	return serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
})

// builtin is a kind of the table.
type builtin struct {
	strategy
	id kindID
}

func (k builtin) decode(o Object) (runtime.Object, []Problem) {
	obj, err := decodeStrictly(o)
	if obj == nil {
		return nil, unreadable(o, func(o Object) error {
			if obj, err := decodeStrictly(o); obj == nil {
				return err
			}
			return nil
		})
	}
	strict, _ := runtime.AsStrictDecodingError(err)
	if strict == nil {
		return obj, nil
	}
	var problems []Problem
	for _, err := range strict.Errors() {
		problem := Problem{"", err.Error()}
		if path, ok := strings.CutPrefix(err.Error(), `unknown field "`); ok {
			problem = Problem{strings.TrimSuffix(path, `"`), "unknown field"}
		}
		problems = append(problems, problem)
	}
	return obj, problems
}

// decodeStrictly gives an object even where it has to leave out unknown fields.
func decodeStrictly(o Object) (runtime.Object, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	obj, _, err := codecs().UniversalDecoder().Decode(data, nil, nil)
	return obj, err
}

func (k builtin) encode(obj runtime.Object) (Object, error) {
	versioned, err := legacyscheme.Scheme.ConvertToVersion(obj, k.id.groupVersion())
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(versioned) // as when it is read from the store: a status may have defaults too
	o, err := roundTrip(versioned)
	if status, ok := o["status"].(Object); ok && len(status) == 0 {
		delete(o, "status")
	}
	return o, err
}
