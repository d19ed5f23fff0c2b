package kubeapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// podTemplates says where a kind describes its pods.
var podTemplates = map[kindID][]string{
	{"v1", "Pod"}:              {},
	{"apps/v1", "Deployment"}:  {"spec", "template"},
	{"apps/v1", "StatefulSet"}: {"spec", "template"},
	{"batch/v1", "Job"}:        {"spec", "template"},
	{"batch/v1", "CronJob"}:    {"spec", "jobTemplate", "spec", "template"},
}

var podSecurity = sync.OnceValue(func() policy.Evaluator {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		panic(err) // the checks are those of the library
	}
	return evaluator
})

// PodSecurity returns what the pods of an object (Pod, Deployment, StatefulSet,
// Job, CronJob) break of a pod security level ("baseline", "restricted"), as
// the admission controller of a namespace would say. Other objects break nothing.
func PodSecurity(level string, o Object) []Problem {
	path, ok := podTemplates[idOf(o)]
	if !ok {
		return nil
	}
	at := strings.Join(append(path, "spec"), ".")
	lv, err := api.ParseLevel(level)
	if err != nil {
		return []Problem{{at, err.Error()}}
	}
	pod, err := podTemplate(o, path)
	if err != nil {
		return []Problem{{at, err.Error()}}
	}
	var problems []Problem
	for _, result := range podSecurity().EvaluatePod(api.LevelVersion{Level: lv, Version: api.LatestVersion()}, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			problems = append(problems, Problem{at, fmt.Sprintf("violates PodSecurity %q: %s (%s)", level, result.ForbiddenReason, result.ForbiddenDetail)})
		}
	}
	return problems
}

func podTemplate(o Object, path []string) (pod corev1.PodTemplateSpec, err error) {
	template, _, err := unstructured.NestedFieldNoCopy(o, path...)
	if err != nil {
		return pod, err
	}
	data, err := json.Marshal(template)
	if err != nil {
		return pod, err
	}
	return pod, json.Unmarshal(data, &pod)
}
