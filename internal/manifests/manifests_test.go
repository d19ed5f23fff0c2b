package manifests_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/kubeapi"
	"ai-worker/internal/manifests"
)

const repository = "../.."

func TestRepository(t *testing.T) {
	overlays, err := manifests.Check(repository, map[string]string{
		"dev": "ai-worker-dev", "stage": "ai-worker-stage", "prod": "ai-worker-prod",
	})
	require.NoError(t, err)
	var dirs []string
	for _, o := range overlays {
		dirs = append(dirs, o.Dir)
		require.NotEmpty(t, o.Objects, o.Dir)
	}
	require.Equal(t, []string{
		"manifests/app1/overlays/dev", "manifests/app1/overlays/prod", "manifests/app1/overlays/stage",
	}, dirs)
}

// An app is one more folder: here the worker under other names.
func TestSecondApp(t *testing.T) {
	root := dev(t)
	put(t, root, "app2/overlays/dev/kustomization.yaml", `
namespace: ai-worker-dev
resources: [../../base]
images: [{name: app2, digest: "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]
`)
	put(t, root, "app2/base/kustomization.yaml", `
resources: [report.yaml]
components: [../../components/pod, ../../components/cloud-sql-proxy]
labels: [{pairs: {app.kubernetes.io/name: app2}, includeSelectors: true}]
`)
	worker := text(t, root, "app1/base/worker.yaml")
	put(t, root, "app2/base/report.yaml", strings.NewReplacer("worker", "report", "app1", "app2").Replace(worker))
	overlays, err := manifests.Check(root, devOnly)
	require.NoError(t, err)
	require.Len(t, overlays, 2)

	put(t, root, "app2/base/report.yaml", strings.ReplaceAll(worker, "app1", "app2"))
	_, err = manifests.Check(root, devOnly)
	require.ErrorContains(t, err, "manifests/app2/overlays/dev: Deployment worker: is in manifests/app1/overlays/dev already")
}

func TestEveryAppHasEveryEnvironment(t *testing.T) {
	root := dev(t)
	put(t, root, "app2/overlays/test/kustomization.yaml", "")
	put(t, root, "app3/base/kustomization.yaml", "")
	put(t, root, "app4/overlays/dev/kustomize.yaml", "")
	_, err := manifests.Check(root, map[string]string{"dev": "ai-worker-dev", "prod": "ai-worker-prod"})
	require.ErrorContains(t, err, `manifests/app1: there is no overlay "prod"`)
	require.ErrorContains(t, err, `manifests/app2: there is no overlay "dev"`)
	require.ErrorContains(t, err, `manifests/app3: there is no overlay "dev"`)
	require.ErrorContains(t, err, "manifests/app4/overlays/dev/kustomization.yaml: is missing")
	require.ErrorContains(t, err, `manifests/app2/overlays/test: there is no environment "test": want one of [dev prod]`)
}

// Each case breaks the repository's own overlay dev in one place.
func TestRefusals(t *testing.T) {
	const (
		overlay     = "app1/overlays/dev/kustomization.yaml"
		environment = "app1/overlays/dev/environment.yaml"
		base        = "app1/base/kustomization.yaml"
		api         = "app1/base/api.yaml"
		worker      = "app1/base/worker.yaml"
		gateway     = "app1/base/gateway.yaml"
		network     = "app1/base/network.yaml"
		pod         = "components/pod/pod.yaml"
		proxy       = "components/cloud-sql-proxy/sidecar.yaml"
		at          = "manifests/app1/overlays/dev: "
	)
	for name, tc := range map[string]struct{ file, old, new, want string }{
		// what the API server refuses
		"unknown field":                  {api, "maxUnavailable: 0", "maxUnavailabel: 0", at + "Deployment api: spec.strategy.rollingUpdate.maxUnavailabel: "},
		"wrong type":                     {api, "maxSurge: 1", "maxSurge: [1]", at + "Deployment api: spec.strategy.rollingUpdate.maxSurge: "},
		"invalid value":                  {api, "averageUtilization: 60", "averageUtilization: 0", at + "HorizontalPodAutoscaler api: spec.metrics[0].containerResource.target.averageUtilization: "},
		"unknown kind":                   {gateway, "kind: HealthCheckPolicy", "kind: HealthcheckPolicy", at + "HealthcheckPolicy api: kind: "},
		"unknown field of a custom kind": {gateway, "sectionName: https", "section: https", at + "HTTPRoute api: spec.parentRefs[0].section: "},
		"twice the same key":             {worker, "spec: # replicas", "spec: {}\nspec: # replicas", at + "kustomize: "},

		// pods
		"privileged":             {pod, "allowPrivilegeEscalation: false", "privileged: true", at + "Deployment api: "},
		"root":                   {pod, "runAsUser: 65532", "runAsUser: 0", at + "Deployment api: "},
		"sidecar with rights":    {proxy, "capabilities: {drop: [ALL]}", "capabilities: {add: [NET_ADMIN]}", at + "Job migrate: "},
		"no tag":                 {overlay, ", newTag: 3f9c2ab", "", at + `Deployment api: spec.template.spec.containers[0].image: "asia-northeast1-docker.pkg.dev/ai-worker-dev/ai-worker/app1": want a tag that stays, or a digest`},
		"latest":                 {overlay, "3f9c2ab", "latest", at + `Deployment worker: spec.template.spec.containers[0].image: "asia-northeast1-docker.pkg.dev/ai-worker-dev/ai-worker/app1:latest": want a tag`},
		"no request":             {proxy, "cpu: 50m, ", "", at + "Deployment api: spec.template.spec.initContainers[0].resources.requests.cpu: is missing"},
		"no limit":               {proxy, "limits: {memory: 64Mi}", "", at + "Deployment api: spec.template.spec.initContainers[0].resources.limits.memory: want as much as is requested"},
		"another limit":          {proxy, "limits: {memory: 64Mi}", "limits: {memory: 65Mi}", at + "Deployment api: spec.template.spec.initContainers[0].resources.limits.memory: want as much as is requested"},
		"variable from nowhere":  {proxy, "--port=5432", "--port=$(PORT)", at + `Deployment worker: spec.template.spec.initContainers[0].env: "PORT" in "--port=$(PORT)": has no entry here`},
		"grace below the drain":  {api, "terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 50", at + "Deployment api: spec.template.spec.terminationGracePeriodSeconds: 50: want more than 50"},
		"no container called so": {api, "- name: app\n", "- name: api\n", at + "Deployment api: spec.template.spec.containers["},

		// several pods
		"no budget":                 {api, "AlwaysAllow\n  selector:\n    matchLabels: {app.kubernetes.io/component: api}", "AlwaysAllow\n  selector:\n    matchLabels: {app.kubernetes.io/component: worker}", at + "Deployment api: there is no PodDisruptionBudget for it"},
		"no spread":                 {environment, "    spec:\n", "    spec:\n      topologySpreadConstraints: null\n", at + "Deployment api: spec.template.spec.topologySpreadConstraints: none is of topology.kubernetes.io/zone"},
		"replicas of an autoscaler": {api, "# replicas are the autoscaler's", "replicas: 2", at + "Deployment api: spec.replicas: is the business of HorizontalPodAutoscaler api"},

		// where
		"another namespace": {overlay, "namespace: ai-worker-dev", "namespace: ai-worker-prod", `manifests/app1/overlays/dev/kustomization.yaml: namespace "ai-worker-prod": want "ai-worker-dev"`},
		"no namespace":      {overlay, "namespace: ai-worker-dev", "", `manifests/app1/overlays/dev/kustomization.yaml: namespace "": want "ai-worker-dev"`},
		"cluster-scoped":    {network, "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy", "apiVersion: v1\nkind: Namespace", at + "Namespace ai-worker-dev: belongs to no namespace"},
		"the stack's":       {network, "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy", "apiVersion: v1\nkind: ServiceAccount", at + "ServiceAccount api-from-load-balancer: is for the stack kubernetes to make"},

		// references
		"autoscaler of nothing":   {api, "kind: Deployment, name: api", "kind: Deployment, name: apis", at + `HorizontalPodAutoscaler api: spec.scaleTargetRef: there is no Deployment "apis"`},
		"autoscaler's container":  {api, "container: app", "container: api", at + `HorizontalPodAutoscaler api: spec.metrics[0].containerResource.container: Deployment api has no container "api"`},
		"service without pods":    {api, "selector: {app.kubernetes.io/component: api}", "selector: {app.kubernetes.io/component: apis}", at + "Service api: spec.selector: selects no pod"},
		"service without port":    {api, "targetPort: http", "targetPort: https", at + "Service api: port https: no container of Deployment api has it"},
		"policy without pods":     {network, "matchLabels: {app.kubernetes.io/component: migrate}", "matchLabels: {app.kubernetes.io/component: migration}", at + "NetworkPolicy migrate-to-internet: spec.podSelector: selects no pod"},
		"policy without port":     {network, "port: http", "port: 8080", at + "NetworkPolicy api-from-load-balancer: port 8080: no container of Deployment api has it"},
		"route to nothing":        {gateway, "backendRefs: [{name: api, port: 80}]", "backendRefs: [{name: apis, port: 80}]", at + `HTTPRoute api: spec.rules.backendRefs: there is no Service "apis"`},
		"route to another port":   {gateway, "backendRefs: [{name: api, port: 80}]", "backendRefs: [{name: api, port: 81}]", at + "HTTPRoute api: spec.rules.backendRefs: Service api has no port 81"},
		"route without gateway":   {gateway, "{name: public, sectionName: http}", "{name: private, sectionName: http}", at + `HTTPRoute redirect: spec.parentRefs: there is no Gateway "private"`},
		"route without listener":  {gateway, "{name: public, sectionName: http}", "{name: public, sectionName: plain}", at + `HTTPRoute redirect: spec.parentRefs: Gateway public has no listener "plain"`},
		"health check of nothing": {gateway, "kind: Service, name: api}", "kind: Service, name: apis}", at + `HealthCheckPolicy api: spec.targetRef: there is no Service "apis"`},

		// kustomizations
		"no YAML":               {overlay, "replicas:", "replicas: [", "manifests/app1/overlays/dev/kustomization.yaml: error converting YAML to JSON"},
		"no YAML in a resource": {worker, "spec: # replicas", "spec: [ # replicas", at + "kustomize: "},
		"key twice":             {overlay, "replicas:", "namespace: other\nreplicas:", `manifests/app1/overlays/dev/kustomization.yaml: error converting YAML to JSON: yaml: unmarshal errors:`},
		"field misspelt":        {overlay, "newTag", "newTga", `manifests/app1/overlays/dev/kustomization.yaml: error unmarshaling JSON: while decoding JSON: json: unknown field "newTga"`},
		"field not allowed":     {overlay, "replicas:", "helmCharts: []\nreplicas:", `manifests/app1/overlays/dev/kustomization.yaml: field "helmCharts": want one of apiVersion, kind, namespace`},
		"missing base":          {overlay, "../../base", "../../bass", `manifests/app1/overlays/dev/kustomization.yaml: resources[0] "../../bass": there is no manifests/app1/bass`},
		"cycle":                 {base, "  - network.yaml\n", "  - network.yaml\n  - ../overlays/dev\n", `manifests/app1/base/kustomization.yaml: resources[5] "../overlays/dev" builds on this itself`},
		"unused file":           {base, "  - network.yaml\n", "", "manifests/app1/base/network.yaml: no overlay uses it"},
		"patch of nothing":      {environment, "name: worker", "name: workers", at + "kustomize: no resource matches strategic merge patch"},
		"target hits nothing":   {"components/pod/kustomization.yaml", "kind: Deployment|Job", "kind: DaemonSet", "manifests/components/pod/kustomization.yaml: patches[0].target: selects no object of manifests/app1/overlays/dev"},
		"image of nothing":      {overlay, "images:", "images:\n  - {name: app2, newTag: 3f9c2ab}", `manifests/app1/overlays/dev/kustomization.yaml: images[0].name "app2": no container of manifests/app1/overlays/dev has this image`},
		"replicas of nothing":   {overlay, "name: worker", "name: workers", at + "kustomize: "},
	} {
		t.Run(name, func(t *testing.T) {
			root := dev(t)
			before := text(t, root, tc.file)
			require.Contains(t, before, tc.old, "the case breaks nothing")
			put(t, root, tc.file, strings.Replace(before, tc.old, tc.new, 1))
			_, err := manifests.Check(root, devOnly)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// The one problem says that Kustomize did not get to see the overlay.
func TestNothingIsFetched(t *testing.T) {
	const file = "app1/overlays/dev/kustomization.yaml"
	for _, address := range []string{
		"https://example.com/base.yaml", "https://example.com/a/b//c?ref=v1", "git@example.com:a/b", "ssh://git@example.com/a/b",
		"git::https://example.com/a/b", "file:///tmp/base", "github.com/a/b", "GitHub.com/a/b", "gh:a/b", "example.com/a/b?ref=v1",
	} {
		for field, old := range map[string]string{"resources[0]": "../../base", "patches[0]": "environment.yaml"} {
			root := dev(t)
			put(t, root, file, strings.Replace(text(t, root, file), old, strconv.Quote(address), 1))
			_, err := manifests.Check(root, devOnly)
			require.EqualError(t, err, fmt.Sprintf("manifests/%s: %s %q is remote: want what is in this repository", file, field, address))
		}
	}
	// also where it is not the overlay's own
	root, base := dev(t), "app1/base/kustomization.yaml"
	put(t, root, base, strings.Replace(text(t, root, base), "../../components/internet", "github.com/a/b", 1))
	_, err := manifests.Check(root, devOnly)
	require.EqualError(t, err, `manifests/app1/base/kustomization.yaml: components[2] "github.com/a/b" is remote: want what is in this repository`)
}

// All that is wrong with any overlay is told at once.
func TestEveryProblemAtOnce(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(root, "manifests"), os.DirFS(filepath.Join(repository, "manifests"))))
	for file, change := range map[string][2]string{
		"app1/overlays/dev/kustomization.yaml":   {"3f9c2ab", "latest"},
		"app1/overlays/stage/kustomization.yaml": {"resources: [../../base]", "resources: [../../nowhere]"},
		"app1/base/api.yaml":                     {"targetPort: http", "targetPort: https"},
	} {
		put(t, root, file, strings.Replace(text(t, root, file), change[0], change[1], 1))
	}
	_, err := manifests.Check(root, map[string]string{"dev": "ai-worker-dev", "stage": "ai-worker-stage", "prod": "ai-worker-prod"})
	for _, want := range []string{
		"overlays/dev: Deployment api: spec.template.spec.containers[0].image", "overlays/dev: Service api: port https",
		"overlays/stage/kustomization.yaml: resources[0]", "overlays/prod: Service api: port https",
	} {
		require.ErrorContains(t, err, want)
	}
}

func TestReferences(t *testing.T) {
	overlays, err := manifests.Check(dev(t), devOnly)
	require.NoError(t, err)
	all := manifests.References(overlays[0].Objects)
	for _, want := range []manifests.Reference{
		{Kind: "ServiceAccount", Name: "migrate", By: "Job migrate"},
		{Kind: "ConfigMap", Name: "cloud", By: "Deployment api"},
		{Kind: "ConfigMap", Name: "cloud", Key: "DATABASE_INSTANCE", By: "Job migrate"},
		{Kind: "ConfigMap", Name: "cloud", Key: "DATABASE_USER_WORKER", By: "Deployment worker"},
		{Kind: "Secret", Name: "worker", By: "Deployment worker"},
		{Kind: "Registry", Name: "asia-northeast1-docker.pkg.dev/ai-worker-dev/ai-worker", By: "Deployment worker"},
		{Kind: "Registry", Name: "gcr.io/cloud-sql-connectors", By: "Job migrate"},
		{Kind: "NodeLabel", Name: "ai-worker.example/environment", Key: "dev", By: "Deployment worker"},
		{Kind: "Toleration", Name: "cloud.google.com/gke-spot", Key: "true:NoSchedule", By: "Deployment worker"},
		{Kind: "Address", Name: "ai-worker-dev-ingress", By: "Gateway public"},
		{Kind: "CertificateMap", Name: "ai-worker-dev", By: "Gateway public"},
		{Kind: "Hostname", Name: "api.dev.ai-worker.example", By: "HTTPRoute api"},
	} {
		require.Contains(t, all, want)
	}
	slices.SortFunc(all, func(a, b manifests.Reference) int {
		return strings.Compare(a.By+a.Kind+a.Name+a.Key, b.By+b.Kind+b.Name+b.Key)
	})
	require.Len(t, slices.Compact(all), len(all), "listed twice")
}

// Volumes, Secrets by key, kinds of workloads and listeners that app1 does not have.
func TestMoreReferences(t *testing.T) {
	listeners := []any{map[string]any{"hostname": "*.example.com"}}
	require.Equal(t, []manifests.Reference{{Kind: "Hostname", Name: "*.example.com", By: "Gateway x"}}, manifests.References([]kubeapi.Object{
		{"kind": "Gateway", "metadata": map[string]any{"name": "x"}, "spec": map[string]any{"listeners": listeners}},
	}))
	pod := map[string]any{
		"imagePullSecrets": []any{map[string]any{"name": "pull"}},
		"containers": []any{map[string]any{"image": "nginx@sha256:1", "env": []any{
			map[string]any{"valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "s", "key": "K"}}},
		}}},
		"volumes": []any{
			map[string]any{"configMap": map[string]any{"name": "c", "items": []any{map[string]any{"key": "K"}}}},
			map[string]any{"secret": map[string]any{"secretName": "v"}},
			map[string]any{"projected": map[string]any{"sources": []any{
				map[string]any{"configMap": map[string]any{"name": "p"}}, map[string]any{"secret": map[string]any{"name": "q"}},
			}}},
		},
	}
	template := map[string]any{"template": map[string]any{"spec": pod}}
	for kind, spec := range map[string]any{"Pod": pod, "StatefulSet": template, "CronJob": map[string]any{"jobTemplate": map[string]any{"spec": template}}} {
		by := kind + " x"
		require.ElementsMatch(t, []manifests.Reference{
			{Kind: "ServiceAccount", Name: "default", By: by},
			{Kind: "Secret", Name: "pull", By: by},
			{Kind: "Secret", Name: "s", Key: "K", By: by},
			{Kind: "ConfigMap", Name: "c", Key: "K", By: by},
			{Kind: "Secret", Name: "v", By: by},
			{Kind: "ConfigMap", Name: "p", By: by},
			{Kind: "Secret", Name: "q", By: by},
		}, manifests.References([]kubeapi.Object{{"kind": kind, "metadata": map[string]any{"name": "x"}, "spec": spec}}))
	}
}

var devOnly = map[string]string{"dev": "ai-worker-dev"}

// dev is a copy of the manifests that has the overlay dev only.
func dev(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(root, "manifests"), os.DirFS(filepath.Join(repository, "manifests"))))
	for _, other := range []string{"stage", "prod"} {
		require.NoError(t, os.RemoveAll(filepath.Join(root, "manifests/app1/overlays", other)))
	}
	return root
}

func text(t *testing.T, root, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "manifests", file))
	require.NoError(t, err)
	return string(text)
}

func put(t *testing.T, root, file, text string) {
	t.Helper()
	file = filepath.Join(root, "manifests", file)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
}
