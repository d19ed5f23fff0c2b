package gitops_test

import (
	"encoding/json"
	"strings"
	"testing"
	"text/template"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/gitops"
	"ai-worker/internal/kubeapi"
	_ "ai-worker/internal/sandbox/kubernetes"
)

const (
	projectType = "kubernetes:argoproj.io/v1alpha1:AppProject"
	setType     = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
	repository  = "https://github.com/example/ai-worker"
	server      = "https://kubernetes.default.svc"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *gitops.Args {
	return &gitops.Args{
		Name: "ai-worker-prod", ArgoNamespace: pulumi.String("argocd"), Namespace: pulumi.String("ai-worker-prod"),
		Repository: repository, Branch: "main", Apps: []string{"app1"}, Environment: "prod",
	}
}

func full() *gitops.Args {
	args := valid()
	args.Project = "ai-worker"
	args.Kinds = []gitops.Kind{{Group: "apps", Kind: "Deployment"}}
	args.Others = []gitops.Resource{{Kind: args.Kinds[0], Name: "external-dns"}}
	args.SyncWindows = []gitops.SyncWindow{{Kind: "deny", Schedule: "0 22 * * 5", Duration: "8h", TimeZone: "Asia/Tokyo", AllowManual: true}}
	args.Annotations = map[string]string{"notifications.argoproj.io/subscribe.on-sync-failed.slack": "deploys"}
	args.Automated, args.AllowCascade, args.AllowDeletion = true, true, true
	return args
}

var (
	program = componentstest.Program(gitops.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{projectType + " main-project", setType + " main-apps"},
		componentstest.Tree(t, all, gitops.TypeToken))
	for _, r := range []componentstest.Registration{all.One(t, projectType), all.One(t, setType)} {
		require.True(t, r.Protect && r.RetainOnDelete, r.Name)
		r.Expect(t, map[string]any{"metadata.name": "ai-worker-prod", "metadata.namespace": "argocd"})
	}
	args := valid()
	args.AllowDeletion = true
	for _, r := range run(t, args) {
		require.False(t, r.Protect || r.RetainOnDelete, r.Name)
	}
}

func TestProject(t *testing.T) {
	spec := run(t, valid()).One(t, projectType).Get("spec").(map[string]any)
	text, err := json.Marshal(spec)
	require.NoError(t, err)
	require.NotContains(t, string(text), "*")
	require.Len(t, spec["namespaceResourceWhitelist"], len(gitops.DefaultKinds))
	require.Contains(t, spec["namespaceResourceWhitelist"], map[string]any{"group": "apps", "kind": "Deployment"})
	delete(spec, "namespaceResourceWhitelist")
	require.Equal(t, map[string]any{ // and no clusterResourceWhitelist
		"sourceRepos":       []any{repository},
		"destinations":      []any{map[string]any{"server": server, "namespace": "ai-worker-prod"}},
		"orphanedResources": map[string]any{"warn": true},
	}, spec)
}

// What gives rights in the cluster is not for manifests.
func TestDefaultKindsGiveNoRights(t *testing.T) {
	for _, kind := range gitops.DefaultKinds {
		require.NotContains(t, []string{"rbac.authorization.k8s.io", "external-secrets.io", "argoproj.io"}, kind.Group)
		require.NotContains(t, []string{"Secret", "ServiceAccount", "ConfigMap", "ResourceQuota", "LimitRange"}, kind.Kind)
	}
}

func TestProjectWithEverything(t *testing.T) {
	run(t, full()).One(t, projectType).Expect(t, map[string]any{
		"metadata.name":                   "ai-worker",
		"spec.namespaceResourceWhitelist": []any{map[string]any{"group": "apps", "kind": "Deployment"}},
		"spec.orphanedResources.ignore":   []any{map[string]any{"group": "apps", "kind": "Deployment", "name": "external-dns"}},
		"spec.syncWindows": []any{map[string]any{
			"kind": "deny", "schedule": "0 22 * * 5", "duration": "8h", "timeZone": "Asia/Tokyo", "manualSync": true,
			"namespaces": []any{"ai-worker-prod"},
		}},
	})
}

// Nothing is deleted or deployed that nobody asked for.
func TestApplicationSet(t *testing.T) {
	args := valid()
	args.Apps = []string{"app1", "app2"}
	require.Equal(t, map[string]any{
		"goTemplate": true, "goTemplateOptions": []any{"missingkey=error"},
		"generators": []any{map[string]any{"list": map[string]any{"elements": []any{
			map[string]any{"app": "app1"}, map[string]any{"app": "app2"},
		}}}},
		"syncPolicy": map[string]any{"applicationsSync": "create-update", "preserveResourcesOnDeletion": true},
		"template": map[string]any{
			"metadata": map[string]any{ // and no finalizers
				"name":        "ai-worker-prod-{{.app}}",
				"annotations": map[string]any{"argocd.argoproj.io/compare-options": "ServerSideDiff=true"},
			},
			"spec": map[string]any{
				"project":     "ai-worker-prod",
				"source":      map[string]any{"repoURL": repository, "targetRevision": "main", "path": "manifests/{{.app}}/overlays/prod"},
				"destination": map[string]any{"server": server, "namespace": "ai-worker-prod"},
				"syncPolicy": map[string]any{ // and not automated
					"syncOptions": []any{"CreateNamespace=false", "FailOnSharedResource=true", "PruneLast=true", "ServerSideApply=true"},
					"retry":       map[string]any{"limit": 5.0, "backoff": map[string]any{"duration": "10s", "factor": 2.0, "maxDuration": "3m"}},
				},
			},
		},
	}, run(t, args).One(t, setType).Get("spec"))
}

// What is weaker must be spelt out, each on its own.
func TestWeaker(t *testing.T) {
	args := valid()
	args.Automated = true
	run(t, args).One(t, setType).Expect(t, map[string]any{
		"spec.template.spec.syncPolicy.automated": map[string]any{"prune": true, "selfHeal": true},
		"spec.template.metadata.finalizers":       nil,
		"spec.syncPolicy.applicationsSync":        "create-update",
	})
	args = valid()
	args.AllowCascade = true
	set := run(t, args).One(t, setType)
	set.Expect(t, map[string]any{
		"spec.template.spec.syncPolicy.automated": nil,
		"spec.template.metadata.finalizers":       []any{"resources-finalizer.argocd.argoproj.io"},
		"spec.syncPolicy":                         map[string]any{"applicationsSync": "sync", "preserveResourcesOnDeletion": false},
	})
	require.True(t, set.Protect && set.RetainOnDelete)
}

// The Applications that come of the template are what Argo CD's API server takes.
func TestApplications(t *testing.T) {
	for name, args := range map[string]*gitops.Args{"smallest": valid(), "everything": full()} {
		t.Run(name, func(t *testing.T) {
			spec := run(t, args).One(t, setType).Get("spec").(map[string]any)
			text, err := json.Marshal(spec["template"])
			require.NoError(t, err)
			rendered := &strings.Builder{}
			for _, element := range spec["generators"].([]any)[0].(map[string]any)["list"].(map[string]any)["elements"].([]any) {
				tmpl := template.Must(template.New("").Option(spec["goTemplateOptions"].([]any)[0].(string)).Parse(string(text)))
				require.NoError(t, tmpl.Execute(rendered, element))
			}
			var application map[string]any
			require.NoError(t, json.Unmarshal([]byte(rendered.String()), &application))
			application["apiVersion"], application["kind"] = gitops.APIVersion, "Application"
			application["metadata"].(map[string]any)["namespace"] = "argocd"
			_, problems := kubeapi.Admit(application)
			require.Empty(t, problems)
			require.Equal(t, "ai-worker-prod-app1", application["metadata"].(map[string]any)["name"])
		})
	}
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"project": "ai-worker", "applicationSet": "ai-worker-prod"},
		componentstest.Outputs(t, gitops.New, full()))
}

func TestRefusals(t *testing.T) {
	type args = gitops.Args
	repo := func(url string) func(*args) { return func(a *args) { a.Repository = url } }
	branch := func(name string) func(*args) { return func(a *args) { a.Branch = name } }
	kind := func(group, kind string) func(*args) {
		return func(a *args) { a.Kinds = []gitops.Kind{{Group: group, Kind: kind}} }
	}
	window := func(change func(*gitops.SyncWindow)) func(*args) {
		return func(a *args) { *a = *full(); change(&a.SyncWindows[0]) }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[args]{
		"name":                 {func(a *args) { a.Name = "{{.env}}" }, `name "{{.env}}"`},
		"templated project":    {func(a *args) { a.Project = "{{.project}}" }, `project "{{.project}}"`},
		"default project":      {func(a *args) { a.Project = "default" }, `project "default"`},
		"any namespace":        {func(a *args) { a.Namespace = pulumi.String("*") }, `namespace "*"`},
		"Argo CD's namespace":  {func(a *args) { a.Namespace = a.ArgoNamespace }, "namespace: is Argo CD's own"},
		"no Argo CD":           {func(a *args) { a.ArgoNamespace = nil }, "argoNamespace is required"},
		"any repository":       {repo("*"), `repository "*"`},
		"repositories":         {repo("https://github.com/example/*"), "want one https URL"},
		"no repository":        {repo("https://github.com"), "want one https URL"},
		"ssh":                  {repo("ssh://git@github.com/example/x"), "want one https URL"},
		"password":             {repo("https://me:secret@github.com/example/x"), "without a user"},
		"not any repository":   {repo("!https://github.com/example/x"), "want one https URL"},
		"whatever branch":      {branch("HEAD"), `branch "HEAD"`},
		"any branch":           {branch("release-*"), `branch "release-*"`},
		"templated branch":     {branch("{{.branch}}"), `branch "{{.branch}}"`},
		"no apps":              {func(a *args) { a.Apps = nil }, "apps: want at least one"},
		"app":                  {func(a *args) { a.Apps = []string{"../secret"} }, `apps[0] "../secret"`},
		"app twice":            {func(a *args) { a.Apps = []string{"app1", "app1"} }, `apps[1] "app1": given twice`},
		"environment":          {func(a *args) { a.Environment = "{{.env}}" }, `environment "{{.env}}"`},
		"no kinds":             {func(a *args) { a.Kinds = []gitops.Kind{} }, "none is every kind"},
		"any kind":             {kind("apps", "*"), `kinds[0].kind "*"`},
		"any group":            {kind("*", "Deployment"), `kinds[0].group "*"`},
		"other, any":           {func(a *args) { a.Others = []gitops.Resource{{Kind: gitops.DefaultKinds[0], Name: "*"}} }, `others[0].name "*"`},
		"window, kind":         {window(func(w *gitops.SyncWindow) { w.Kind = "block" }), `syncWindows[0].kind "block"`},
		"window, schedule":     {window(func(w *gitops.SyncWindow) { w.Schedule = "@daily" }), `syncWindows[0].schedule "@daily"`},
		"window, two zones":    {window(func(w *gitops.SyncWindow) { w.Schedule = "TZ=Asia/Tokyo 0 1 * * *" }), "syncWindows[0].schedule"},
		"window, duration":     {window(func(w *gitops.SyncWindow) { w.Duration = "8" }), `syncWindows[0].duration "8"`},
		"window, zone":         {window(func(w *gitops.SyncWindow) { w.TimeZone = "Tokyo" }), `syncWindows[0].timeZone "Tokyo"`},
		"annotation":           {func(a *args) { a.Annotations = map[string]string{"a b": ""} }, `annotations["a b"]`},
		"templated annotation": {func(a *args) { a.Annotations = map[string]string{"a": "{{.x}}"} }, `annotations["a"] "{{.x}}"`},
	})
	componentstest.ReportsAll(t, &args{}, "name", "argoNamespace", "namespace", "repository", "branch", "apps", "environment")
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"ArgoNamespace":           pulumi.String("argo"),
		"Namespace":               pulumi.String("other"),
		"SyncWindows[0].Kind":     "allow",
		"SyncWindows[0].Schedule": "0 23 * * 5",
		"SyncWindows[0].Duration": "9h",
		"SyncWindows[0].TimeZone": "Europe/Berlin",
	}})
}
