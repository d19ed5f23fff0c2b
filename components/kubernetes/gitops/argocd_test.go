package gitops_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/gitops"
	"ai-worker/components/kubernetes/helm"
	"ai-worker/internal/kubeapi"
)

const namespaceType = "kubernetes:core/v1:Namespace"

var (
	argoCD    = componentstest.Program(gitops.NewArgoCD, "argocd")
	runArgoCD = componentstest.Runner(argoCD)
)

func TestArgoCDChildren(t *testing.T) {
	all := runArgoCD(t, &gitops.ArgoCDArgs{})
	require.Equal(t, []string{namespaceType + " argocd-namespace", helm.ReleaseType + " argocd-release"},
		componentstest.Tree(t, all, gitops.ArgoCDTypeToken))
	all.One(t, namespaceType).Expect(t, map[string]any{
		"metadata.name": "argocd", `metadata.labels["pod-security.kubernetes.io/enforce"]`: "restricted",
	})
	all.One(t, helm.ReleaseType).Expect(t, map[string]any{
		"chart": "argo-cd", "version": "10.1.1", "repositoryOpts.repo": "https://argoproj.github.io/argo-helm",
		"name": "argocd", "namespace": "argocd",
	})
	for _, r := range []componentstest.Registration{all.One(t, namespaceType), all.One(t, helm.ReleaseType)} {
		require.True(t, r.Protect, r.Name)
	}
}

// The project that Argo CD makes by itself permits everything; what replaces it is
// what its API server takes, and permits nothing.
func TestDefaultProjectIsLocked(t *testing.T) {
	objects := runArgoCD(t, &gitops.ArgoCDArgs{}).One(t, helm.ReleaseType).Get("values.extraObjects").([]any)
	require.Len(t, objects, 1)
	project := objects[0].(map[string]any)
	metadata := project["metadata"].(map[string]any)
	require.Equal(t, map[string]any{"name": "default", "annotations": map[string]any{
		"helm.sh/hook": "post-install,post-upgrade", "helm.sh/hook-delete-policy": "before-hook-creation",
	}}, metadata)
	require.Equal(t, map[string]any{
		"namespaceResourceBlacklist": []any{map[string]any{"group": "*", "kind": "*"}},
	}, project["spec"])
	metadata["namespace"] = "argocd"
	_, problems := kubeapi.Admit(project)
	require.Empty(t, problems)
}

func TestArgoCDIsShut(t *testing.T) {
	runArgoCD(t, &gitops.ArgoCDArgs{}).One(t, helm.ReleaseType).Expect(t, map[string]any{
		`values.configs.cm["admin.enabled"]`:                                     false,
		`values.configs.cm["users.anonymous.enabled"]`:                           false,
		`values.configs.params["server.insecure"]`:                               false,
		`values.configs.params["reposerver.enable.git.submodule"]`:               false,
		`values.configs.params["applicationsetcontroller.enable.scm.providers"]`: false,
		"values.dex.enabled":                                                     false, "values.notifications.enabled": false,
		"values.global.networkPolicy": map[string]any{"create": true, "defaultDenyIngress": true},
	})
}

func TestArgoCDReplicas(t *testing.T) {
	runArgoCD(t, &gitops.ArgoCDArgs{}).One(t, helm.ReleaseType).Expect(t, map[string]any{
		"values.server.replicas": 2.0, "values.repoServer.replicas": 2.0, "values.applicationSet.replicas": 2.0,
		"values.server.pdb.enabled": true, "values.redis-ha.enabled": true, "values.redis-ha.haproxy.networkPolicy.enabled": true,
	})
	runArgoCD(t, &gitops.ArgoCDArgs{Single: true}).One(t, helm.ReleaseType).Expect(t, map[string]any{
		"values.server.replicas": 1.0, "values.repoServer.replicas": 1.0, "values.applicationSet.replicas": 1.0,
		"values.server.pdb": nil, "values.redis-ha": nil,
	})
}

func TestArgoCDOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"namespace": "argocd", "chartVersion": "10.1.1"},
		componentstest.Outputs(t, gitops.NewArgoCD, &gitops.ArgoCDArgs{}))
}

func TestArgoCDRefusals(t *testing.T) {
	valid := func() *gitops.ArgoCDArgs { return &gitops.ArgoCDArgs{} }
	componentstest.Refusals(t, valid, argoCD, map[string]componentstest.Refusal[gitops.ArgoCDArgs]{
		"namespace": {func(a *gitops.ArgoCDArgs) { a.Namespace = "Argo" }, `namespace "Argo"`},
		"range":     {func(a *gitops.ArgoCDArgs) { a.ChartVersion = "10.x" }, `chartVersion "10.x": want an exact version`},
	})
}

func TestEveryArgoCDInputMatters(t *testing.T) {
	full := func() *gitops.ArgoCDArgs {
		return &gitops.ArgoCDArgs{Namespace: "argo", ChartVersion: "10.1.0", Single: true, AllowDeletion: true}
	}
	componentstest.NoDeadInput(t, full, argoCD, componentstest.Vary{Values: map[string]any{"ChartVersion": "10.0.0"}})
}
