package kubernetes

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

func properties(m map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(m) }

// configMap is a small valid object; change edits it.
func configMap(change ...func(m map[string]any)) resource.PropertyMap {
	m := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "cloud", "namespace": "web"}, "data": map[string]any{"REGION": "asia-northeast1"},
	}
	for _, c := range change {
		c(m)
	}
	return properties(m)
}

func register(t *testing.T, typ string, inputs resource.PropertyMap) (string, resource.PropertyMap, error) {
	t.Helper()
	return Package().Register(typ, "n", inputs, properties(map[string]any{"enableServerSideApply": "false"}))
}

const configMapType = "kubernetes:core/v1:ConfigMap"

func TestObject(t *testing.T) {
	id, state, err := register(t, configMapType, configMap())
	require.NoError(t, err)
	require.Equal(t, "web/cloud", id)
	o := &sandbox.Object{Props: state}
	require.NotEmpty(t, o.Str("metadata.uid"))
	labels := o.Get("metadata.labels")
	require.Equal(t, map[string]any{"app.kubernetes.io/managed-by": "pulumi"}, labels.Mappable(),
		"the provider marks what it does not apply on the server's side")

	id, _, err = register(t, namespaceType, properties(map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "web"}}))
	require.NoError(t, err)
	require.Equal(t, "web", id)
}

// TestDefaults: what the server adds stands in the state, what the program gave stays as it was given.
func TestDefaults(t *testing.T) {
	_, state, err := register(t, "kubernetes:networking.k8s.io/v1:NetworkPolicy", properties(map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "dns", "namespace": "web"},
		"spec": map[string]any{"podSelector": map[string]any{}, "policyTypes": []any{"Egress"},
			"egress": []any{map[string]any{"ports": []any{map[string]any{"port": 53}}}}},
	}))
	require.NoError(t, err)
	text := state["spec"].Mappable()
	require.Equal(t, "TCP", text.(map[string]any)["egress"].([]any)[0].(map[string]any)["ports"].([]any)[0].(map[string]any)["protocol"])
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(m map[string]any)
		want   string
	}{
		"no name":      {func(m map[string]any) { m["metadata"] = map[string]any{"namespace": "web"} }, "metadata.name: missing required property"},
		"no namespace": {func(m map[string]any) { m["metadata"] = map[string]any{"name": "cloud"} }, "metadata.namespace: missing required property"},
		"bad name":     {func(m map[string]any) { m["metadata"].(map[string]any)["name"] = "Cloud" }, "RFC 1123"},
		"bad key":      {func(m map[string]any) { m["data"] = map[string]any{"a b": "c"} }, "a valid config key must consist of"},
		"wrong type":   {func(m map[string]any) { m["data"] = "text" }, "want a map, got string"},
		"unknown":      {func(m map[string]any) { m["dta"] = map[string]any{} }, "unknown property"},
		"wrong kind":   {func(m map[string]any) { m["kind"] = "ConfigMep" }, "ConfigMep"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := register(t, configMapType, configMap(tc.change))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

const config = `
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters: [{name: k, cluster: {server: "https://203.0.113.7", certificate-authority-data: Q0E=}}]
users: [{name: u, user: {exec: {command: gke-gcloud-auth-plugin}}}]
`

// TestPlace: the kubeconfig must lead to a cluster that is there.
func TestPlace(t *testing.T) {
	there := func(typ, name string) (string, bool) {
		require.Equal(t, clusterType, typ)
		return "the-cluster", name == "https://203.0.113.7" || name == "https://203.0.113.7 Q0E="
	}
	place, err := cluster(properties(map[string]any{"kubeconfig": config}), there)
	require.NoError(t, err)
	require.Equal(t, sandbox.Place{Type: clusterType, ID: "the-cluster"}, place)
	for name, tc := range map[string]struct{ old, new, want string }{
		"another server": {"203.0.113.7", "203.0.113.8", "no simulated cluster has this endpoint"},
		"another CA":     {"Q0E=", "RlFLRQ==", "x509: certificate signed by unknown authority"},
		"no user":        {"user: u}", "user: v}", "to provide credentials"},
		"no context":     {"current-context: c", "current-context: d", `context "d" does not exist`},
		"no cluster":     {"cluster: k,", "cluster: l,", `cluster "l" of context "c" does not exist`},
		"no YAML":        {"current-context: c", "current-context: [", "failed to parse kubeconfig"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := cluster(properties(map[string]any{"kubeconfig": strings.Replace(config, tc.old, tc.new, 1)}), there)
			require.ErrorContains(t, err, "configured Kubernetes cluster is unreachable: ")
			require.ErrorContains(t, err, tc.want)
		})
	}
	_, err = cluster(nil, there)
	require.ErrorContains(t, err, "no kubeconfig")
}

// TestMoves: with an identifier a new kubeconfig changes nothing but the provider.
func TestMoves(t *testing.T) {
	other := strings.Replace(config, "203.0.113.7", "203.0.113.8", 1)
	with := func(kubeconfig, id string) resource.PropertyMap {
		m := map[string]any{"kubeconfig": kubeconfig}
		if id != "" {
			m["clusterIdentifier"] = id
		}
		return properties(m)
	}
	require.Empty(t, moves(with(config, "a"), with(other, "a")))
	require.Equal(t, []resource.PropertyKey{"clusterIdentifier"}, moves(with(config, "a"), with(config, "b")))
	require.Equal(t, []resource.PropertyKey{"kubeconfig"}, moves(with(config, ""), with(other, "")))
	require.Empty(t, moves(with(config, ""), with(strings.Replace(config, "gke-gcloud-auth-plugin", "other", 1), "")))
}
