package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/internal/manifests"
	"ai-worker/stacks"
)

// promised are the names that the stacks of an environment make and manifests may
// take: "kind name" and "kind name key".
type promised map[string]bool

func (p promised) add(parts ...any) { p[strings.TrimSpace(fmt.Sprintln(parts...))] = true }

// promises collects them from what the stacks register.
func promises(t *testing.T, s *config.Settings, gcp, kubernetes componentstest.Registrations) promised {
	t.Helper()
	p := promised{}
	for _, r := range kubernetes.OfType("kubernetes:core/v1:ServiceAccount") {
		p.add("ServiceAccount", r.Get("metadata.name"))
	}
	for _, r := range kubernetes.OfType("kubernetes:core/v1:ConfigMap") {
		p.add("ConfigMap", r.Get("metadata.name"))
		for key := range r.Get("data").(map[string]any) {
			p.add("ConfigMap", r.Get("metadata.name"), key)
		}
	}
	for _, r := range kubernetes.OfType("kubernetes:external-secrets.io/v1:ExternalSecret") {
		p.add("Secret", r.Get("spec.target.name"))
		for _, item := range r.Get("spec.data").([]any) {
			p.add("Secret", r.Get("spec.target.name"), item.(map[string]any)["secretKey"])
		}
	}
	for _, r := range gcp.OfType("gcp:compute/globalAddress:GlobalAddress") {
		p.add("Address", r.Get("name"))
	}
	for _, r := range gcp.OfType("gcp:compute/securityPolicy:SecurityPolicy") {
		p.add("EdgePolicy", r.Get("name"))
	}
	for _, r := range gcp.OfType("gcp:certificatemanager/certificateMap:CertificateMap") {
		p.add("CertificateMap", r.Get("name"))
	}
	for _, r := range gcp.OfType("gcp:container/nodePool:NodePool") {
		labels, _ := r.Get("nodeConfig.labels").(map[string]any)
		for key, value := range labels {
			p.add("NodeLabel", key, value)
		}
		taints, _ := r.Get("nodeConfig.taints").([]any)
		for _, taint := range taints {
			m := taint.(map[string]any)
			effect := map[any]string{"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}[m["effect"]]
			p.add("Toleration", m["key"], fmt.Sprint(m["value"])+":"+effect)
		}
	}
	p.add("Registry", gcpOutputs(s)["registry"])
	p.add("Registry", "gcr.io/cloud-sql-connectors") // Google's, of the auth proxy
	for name := range s.DNS.Hosts {
		p.add("Hostname", s.FullName(name))
	}
	return p
}

// TestManifestsTakeWhatStacksMake builds both, and finds each name that manifests
// take from elsewhere among what the stacks make.
func TestManifestsTakeWhatStacksMake(t *testing.T) {
	namespaces, all := map[string]string{}, map[string]*config.Settings{}
	for _, environment := range stacks.Environments() {
		s, err := config.LoadFile("../Pulumi."+environment+".yaml", stacks.Name(environment, "gcp"))
		require.NoError(t, err)
		namespaces[environment], all[environment] = s.GCP.Namespace, s
	}
	overlays, err := manifests.Check("..", namespaces)
	require.NoError(t, err)
	for _, environment := range stacks.Environments() {
		values := settings(t, "../Pulumi."+environment+".yaml")
		gcp, err := run(t, stacks.Name(environment, "gcp"), values)
		require.NoError(t, err)
		kubernetes, err := run(t, stacks.Name(environment, "kubernetes"), values)
		require.NoError(t, err)
		p := promises(t, all[environment], gcp, kubernetes)
		project := kubernetes.One(t, "kubernetes:argoproj.io/v1alpha1:AppProject", "gitops-project")
		var apps []string
		for _, overlay := range overlays {
			if overlay.Environment != environment {
				continue
			}
			apps = append(apps, overlay.App)
			for _, r := range manifests.References(overlay.Objects) {
				key := strings.TrimSpace(r.Kind + " " + r.Name + " " + r.Key)
				require.True(t, p[key], "%s: %s takes %s, which no stack of %s makes: correct the manifest, or give it in Pulumi.%s.yaml",
					overlay.Dir, r.By, key, environment, environment)
			}
			for _, object := range overlay.Objects {
				require.True(t, permitted(project, object), "%s: the project of Argo CD does not permit %v %v: add it to the kinds of components/kubernetes/gitops",
					overlay.Dir, object["apiVersion"], object["kind"])
			}
		}
		require.ElementsMatch(t, apps, all[environment].Kubernetes.GitOps.Apps, "the folders of manifests and gitops.apps of %s", environment)
	}
}

// permitted says whether a project lets Argo CD make an object.
func permitted(project componentstest.Registration, object map[string]any) bool {
	group, _, grouped := strings.Cut(fmt.Sprint(object["apiVersion"]), "/")
	if !grouped {
		group = ""
	}
	kinds, _ := project.Get("spec.namespaceResourceWhitelist").([]any)
	return slices.ContainsFunc(kinds, func(kind any) bool {
		m := kind.(map[string]any)
		return m["group"] == group && m["kind"] == object["kind"]
	})
}
