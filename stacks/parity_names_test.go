package stacks_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/config"
	"ai-worker/internal/manifests"
	"ai-worker/stacks"
	"ai-worker/stacks/contract"
)

// oneCloudNames are the environment variables that a workload finds on one cloud only,
// as patterns, each with its reason.
var oneCloudNames = map[string]string{
	"gcp alone: *: PROJECT":                "only Google Cloud has projects; no code that runs on both needs it",
	"gcp alone: *: DATABASE_INSTANCE":      "is for Cloud SQL's auth proxy, the pod's sidecar; the application has PGHOST",
	"azure alone: *: AZURE_CLIENT_ID":      "tells Azure's SDKs which identity is meant; Google's ask the metadata server",
	"azure alone: *: PGSSLMODE":            "the application makes the TLS connection itself; in the cluster the auth proxy does, and the way to it is local",
	"azure alone: migrate: DATABASE_ROLES": "the logins that the migration makes; on Google Cloud the stack makes them",
	"azure alone: migrate: BUCKET_*":       "the manifest's migration takes no more than its database",
	"azure alone: migrate: DATABASE_[AU]*": "the manifest's migration takes no more than its database",
	"azure alone: migrate: REGI*":          "the manifest's migration takes no more than its database",
}

// clusterNames are "workload: variable" of what the containers of our own find in the
// cluster: by the manifests, and what they take from the stack kubernetes.
func clusterNames(t *testing.T, p platforms) map[string]bool {
	t.Helper()
	namespaces := map[string]string{}
	for _, environment := range stacks.Environments() {
		s, err := config.LoadFile("../Pulumi."+environment+".yaml", stacks.Name(environment, "gcp"))
		require.NoError(t, err)
		namespaces[environment] = s.GCP.Namespace
	}
	overlays, err := manifests.Check("..", namespaces)
	require.NoError(t, err)
	names := map[string]bool{}
	for _, overlay := range overlays {
		for _, object := range overlay.Objects {
			if overlay.Environment != p.settings.Environment || object["kind"] != "Deployment" && object["kind"] != "Job" {
				continue
			}
			pod := dig(object, "spec", "template", "spec")
			workload := dig(pod, "serviceAccountName").(string)
			for _, container := range dig(pod, "containers").([]any) {
				for _, name := range variables(p, container) {
					names[workload+": "+name] = true
				}
			}
		}
	}
	return names
}

// variables are the names that a container finds.
func variables(p platforms, container any) []string {
	var names []string
	for _, variable := range list(dig(container, "env")) {
		names = append(names, dig(variable, "name").(string))
	}
	for _, from := range list(dig(container, "envFrom")) {
		for _, r := range p.gcp.OfType("kubernetes:core/v1:ConfigMap") {
			if at(r, "metadata.name") == dig(from, "configMapRef", "name") {
				names = slices.AppendSeq(names, maps.Keys(r.Get("data").(map[string]any)))
			}
		}
		for _, r := range p.gcp.OfType("kubernetes:external-secrets.io/v1:ExternalSecret") {
			if at(r, "spec.target.name") == dig(from, "secretRef", "name") {
				for _, item := range list(r.Get("spec.data")) {
					names = append(names, dig(item, "secretKey").(string))
				}
			}
		}
	}
	return names
}

// appNames are "workload: variable" of what the apps and jobs find on Azure.
func appNames(p platforms) map[string]bool {
	names := map[string]bool{}
	for _, r := range append(p.azure.OfType(containerAppType), p.azure.OfType(containerJobType)...) {
		for name := range azureEnv(r) {
			names[at(r, "containerAppName")+at(r, "jobName")+": "+name] = true
		}
	}
	return names
}

// TestParityOfEnvironments: the same image runs on both clouds, and finds the same names.
func TestParityOfEnvironments(t *testing.T) {
	for _, environment := range both() {
		p := platformsOf(t, environment)
		cluster, apps := clusterNames(t, p), appNames(p)
		require.Empty(t, compare(cluster, apps, oneCloudNames), "%s: see oneCloudNames for what is meant to differ", environment)

		for _, name := range []string{"api: BUCKET_UPLOADS", "worker: OPENAI_API_KEY", "migrate: PGUSER"} {
			less := maps.Clone(apps)
			delete(less, name)
			require.Equal(t, []string{"gcp alone: " + name}, compare(cluster, less, oneCloudNames))
			less = maps.Clone(cluster)
			delete(less, name)
			require.Equal(t, []string{"azure alone: " + name}, compare(less, apps, oneCloudNames))
		}
	}
	inDocument(t, "names", reasons("variables of one cloud only", oneCloudNames))
}

// TestParityOfSecrets: a variable that is a secret comes from that secret, and no value
// of one stands in an app.
func TestParityOfSecrets(t *testing.T) {
	p := platformsOf(t, "prod")
	uris := p.azureOutputs["secrets"].(map[string]string)
	found := 0
	for _, r := range append(p.azure.OfType(containerAppType), p.azure.OfType(containerJobType)...) {
		for name, value := range azureEnv(r) {
			secret := strings.ReplaceAll(strings.ToLower(name), "_", "-")
			if uri, is := uris[secret]; is {
				require.Equal(t, uri, value, "%s of %s", name, r.Name)
				found++
			}
		}
	}
	require.Equal(t, 3, found)
}

// oneCloudKeys are the keys of maps of [contract.Platform] that one cloud alone has.
var oneCloudKeys = map[string]string{
	"gcp alone: secrets: cloudflare-dns-token": "is external-dns'",
	"gcp alone: workloads: external-dns":       inClusterOnly,
}

// TestParityOfContracts: both clouds fill every key of [contract.Platform], with the
// same kind of value and the same keys in it.
func TestParityOfContracts(t *testing.T) {
	for _, environment := range both() {
		p := platformsOf(t, environment)
		for _, key := range contract.Keys[contract.Platform]() {
			gcp, azure := p.gcpOutputs[key], p.azureOutputs[key]
			require.IsType(t, gcp, azure, "%s: %s", environment, key)
			for cloud, value := range map[string]any{"gcp": gcp, "azure": azure} {
				require.NotEmpty(t, value, "%s: %s of %s", environment, key, cloud)
				for _, text := range flat(value) {
					require.NotEmpty(t, text, "%s: %s of %s", environment, key, cloud)
				}
			}
		}
		gcp, azure := contractKeys(p.gcpOutputs), contractKeys(p.azureOutputs)
		require.Empty(t, compare(gcp, azure, oneCloudKeys), environment)
		require.Equal(t, p.gcpOutputs["databases"], p.azureOutputs["databases"], environment)
		delete(azure, "buckets: uploads")
		require.Equal(t, []string{"gcp alone: buckets: uploads"}, compare(gcp, azure, oneCloudKeys), "a key less is seen")
	}
}

// contractKeys are "output: key" of the maps among the outputs of [contract.Platform].
func contractKeys(outputs map[string]any) map[string]bool {
	keys := map[string]bool{}
	for _, output := range contract.Keys[contract.Platform]() {
		if items, is := outputs[output].(map[string]string); is {
			for key := range items {
				keys[output+": "+key] = true
			}
		}
	}
	return keys
}

// flat are the texts of a value.
func flat(value any) []string {
	switch v := value.(type) {
	case map[string]string:
		return slices.Collect(maps.Values(v))
	case []string:
		return v
	case string:
		return []string{v}
	}
	panic(fmt.Sprintf("no contract carries a %s", reflect.TypeOf(value)))
}

// dig is the value below keys, nil if there is none.
func dig(value any, keys ...string) any {
	for _, key := range keys {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	return value
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}
