package manifests

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"ai-worker/internal/kubeapi"
)

// made are the kinds that carry facts of the cloud or rights into the cluster:
// the stack kubernetes makes those.
var made = []string{"ConfigMap", "ExternalSecret", "Role", "RoleBinding", "Secret", "SecretStore", "ServiceAccount"}

// check says what is wrong with an object alone: what the API server would
// refuse, and the rules of this house.
func check(o *object) (problems []error) {
	add := func(format string, args ...any) { problems = append(problems, o.problem(format, args...)) }
	admitted, refused := kubeapi.Admit(o.raw)
	for _, p := range refused {
		add("%w", p)
	}
	apiVersion, _ := o.raw["apiVersion"].(string)
	switch namespaced, known := kubeapi.Namespaced(apiVersion, o.kind); {
	case known && !namespaced:
		add("belongs to no namespace: Argo CD may deploy into that of the environment only")
	case slices.Contains(made, o.kind):
		add("is for the stack kubernetes to make; manifests refer to it by name")
	}
	if admitted == nil {
		return problems // of a wrong type is what the rules would read
	}
	for _, p := range kubeapi.PodSecurity("restricted", admitted) {
		add("%w", p)
	}
	fields, all := o.containers()
	for i, c := range all {
		for _, problem := range checkContainer(c) {
			add("%s.%s", fields[i], problem)
		}
	}
	return problems
}

// variable is a reference to a variable; $$(NAME) is none.
var variable = regexp.MustCompile(`(?:^|[^$])\$\(([A-Za-z0-9_.-]+)\)`)

func checkContainer(c *corev1.Container) (problems []string) {
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if i := splitImage(c.Image); i.tag == "" && i.digest == "" || i.tag == "latest" {
		add("image: %q: want a tag that stays, or a digest: another image tomorrow is another program", c.Image)
	}
	requests, limits := c.Resources.Requests, c.Resources.Limits
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if _, ok := requests[name]; !ok {
			add("resources.requests.%s: is missing: the scheduler would count it as none", name)
		}
	}
	if memory, ok := limits[corev1.ResourceMemory]; !ok || memory.Cmp(requests[corev1.ResourceMemory]) != 0 {
		add("resources.limits.memory: want as much as is requested: a pod that uses more is the first to go when its node runs short")
	}
	texts := slices.Concat(c.Command, c.Args)
	for _, v := range c.Env {
		texts = append(texts, v.Value)
	}
	for _, text := range texts {
		for _, match := range variable.FindAllStringSubmatch(text, -1) {
			if !slices.ContainsFunc(c.Env, func(v corev1.EnvVar) bool { return v.Name == match[1] }) {
				add("env: %q in %q: has no entry here, and Kubernetes would leave the reference as it is", match[1], text)
			}
		}
	}
	return problems
}

// image is the name of an image in its parts.
type image struct{ registry, name, tag, digest string }

// splitImage reads "registry/path/name:tag@digest".
func splitImage(text string) (i image) {
	text, i.digest, _ = strings.Cut(text, "@")
	i.registry, i.name = path.Split(text)
	i.registry = strings.TrimSuffix(i.registry, "/")
	i.name, i.tag, _ = strings.Cut(i.name, ":")
	return i
}
