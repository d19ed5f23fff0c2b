package kubernetes

import (
	"fmt"
	"strings"

	"ai-worker/components/kubernetes/helm"
	"ai-worker/internal/sandbox"
)

const releaseType = helm.ReleaseType

func init() { sandbox.Describe(releaseType, helm.ReleaseArgs{}, helm.Release{}) }

// charts are those that the sandbox knows, by the repository they come from: the
// provider downloads a chart when it checks a release, and there is no such thing
// here. What is in a chart, its values included, is not simulated.
var charts = map[string]string{
	"argo-cd":          "https://argoproj.github.io/argo-helm",
	"external-dns":     "https://kubernetes-sigs.github.io/external-dns",
	"external-secrets": "https://charts.external-secrets.io",
}

func helmKinds() []*sandbox.Kind {
	return []*sandbox.Kind{{
		Type:     releaseType,
		ID:       "{namespace}/{name}",
		Names:    []string{"{chart}"}, // a chart brings the definitions of its custom resources
		Required: []string{"name", "namespace", "repositoryOpts", "repositoryOpts.repo", "version"},
		Rules: map[string]sandbox.Rule{
			"name":    sandbox.Match(`^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$`, "at most 53 lower-case letters, digits and inner hyphens"),
			"version": sandbox.Match(`^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$`, "the exact version, which the provider puts there in any case"),
			"timeout": sandbox.Between(1, 86400),
		},
		Checks:  []sandbox.Check{knownChart},
		Replace: []string{"name", "namespace"},
		Owned:   true,
		Refs:    map[string]sandbox.Ref{"namespace": sandbox.Within(namespaceType)},
		Fill: func(o *sandbox.Object) {
			for _, of := range []string{"name", "namespace", "chart", "version"} {
				o.Set("status."+of, o.Str(of))
			}
			o.Set("status.status", "deployed")
			o.Set("status.revision", 1)
		},
	}}
}

// knownChart refuses a chart that is not in its repository.
func knownChart(o *sandbox.Object) error {
	if !o.Known("chart") || !o.Known("repositoryOpts.repo") {
		return nil
	}
	chart, repository := o.Str("chart"), strings.TrimSuffix(o.Str("repositoryOpts.repo"), "/")
	switch home, known := charts[chart]; {
	case !known:
		return sandbox.Problem{Path: "chart", Reason: fmt.Sprintf("the sandbox does not know %q: add it to charts in internal/sandbox/kubernetes", chart)}
	case home != repository:
		return sandbox.Problem{Path: "chart", Reason: fmt.Sprintf(
			"%q is not in %s but in %s; check the chart name and repository configuration", chart, repository, home)}
	}
	return nil
}
