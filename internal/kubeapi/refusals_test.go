package kubeapi

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// refusal is what the server says about one valid object of a kind, changed.
type refusal struct {
	kind    string
	changes []any
	want    []string // want are the beginnings of all problems.
}

func (r refusal) check(t *testing.T, problems []Problem) {
	t.Helper()
	t.Run(fmt.Sprint(r.kind, r.changes), func(t *testing.T) {
		require.Len(t, problems, len(r.want), "%v", problems)
		for i, want := range r.want {
			require.True(t, strings.HasPrefix(problems[i].Error(), want), "%v\nwant\n%v", problems[i], want)
		}
	})
}

func changed(changes ...any) []any     { return changes }
func want(problems ...string) []string { return problems }

func TestRefusals(t *testing.T) {
	const container = "spec/template/spec/containers/0/"
	long := strings.Repeat("a", 64)
	for _, r := range []refusal{
		{"Namespace", changed("metadata/name", long), want(
			"metadata.labels: Invalid value: \""+long+"\": must be no more than 63 bytes", // the server puts the name in a label
			"metadata.name: Invalid value: \""+long+"\": must be no more than 63 characters")},
		{"Namespace", changed("metadata/labels/team", "a b"), want(`metadata.labels: Invalid value: "a b": a valid label must be an empty string`)},
		{"ConfigMap", changed("data/A B", "c"), want(`data[A B]: Invalid value: "A B": a valid config key must consist of`)},
		{"ConfigMap", changed("data/PORT", 80.0, "data/TLS", true), want(
			"data.PORT: json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
			"data.TLS: json: cannot unmarshal bool into Go struct field ConfigMap.data of type string")},
		{"ConfigMap", changed("metadata/namespace", nil), want("metadata.namespace: Required value")},
		{"ConfigMap", changed("metadata/name", nil), want("metadata.name: Required value")},
		{"Secret", changed("type", "kubernetes.io/tls"), want("data[tls.crt]: Required value", "data[tls.key]: Required value")},
		{"ServiceAccount", changed("automountServiceAccountToken", "no"), want("automountServiceAccountToken: json: cannot unmarshal string")},
		{"Service", changed("spec/ports/0/port", 70000.0), want("spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535")},
		{"Service", changed("spec/type", "Public"), want(`spec.type: Unsupported value: "Public": supported values:`)},
		{"ResourceQuota", changed("spec/hard/pods", "ten"), want("spec.hard.pods: quantities must match the regular expression")},
		{"ResourceQuota", changed("spec/hard/requests.cpu", "-1"), want(`spec.hard[requests.cpu]: Invalid value: "-1": must be greater than or equal to 0`)},
		{"LimitRange", changed("spec/limits/0/default/cpu", "3"), want(`spec.limits[0].default[cpu]: Invalid value: "2": default value 3 is greater than max value 2`)},
		{"PersistentVolumeClaim", changed("spec/accessModes", nil), want("spec.accessModes: Required value: at least 1 access mode is required")},
		{"Pod", changed("spec/containers/0/image", ""), want("spec.containers[0].image: Required value")},
		{"Deployment", changed("spec/bogus", 1.0, container+"imagePullPolice", "Always"), want("spec.bogus: unknown field", "spec.template.spec.containers[0].imagePullPolice: unknown field")},
		{"Deployment", changed("spec/replicas", "3"), want("spec.replicas: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")},
		{"Deployment", changed("spec/replicas", math.NaN()), want("json: unsupported value: NaN")},
		{"Deployment", changed("spec/replicas", -1.0), want("spec.replicas: Invalid value: -1: must be greater than or equal to 0")},
		{"Deployment", changed("spec/selector/matchLabels/app", "web"), want("spec.template.metadata.labels: Invalid value: {\"app\":\"api\"}: `selector` does not match template `labels`")},
		{"Deployment", changed(container+"resources/requests/cpu", "much"), want("spec.template.spec.containers[0].resources.requests.cpu: quantities must match")},
		{"Deployment", changed(container+"resources/limits/cpu", "100m"), want("spec.template.spec.containers[0].resources.requests: Invalid value: \"500m\": must be less than or equal to cpu limit of 100m")},
		{"Deployment", changed(container+"volumeMounts", []any{Object{"name": "tmp", "mountPath": "/tmp"}}), want("spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"tmp\"")},
		{"Deployment", changed("spec/template/spec/containers", Object{"name": "api"}), want("spec.template.spec.containers: json: cannot unmarshal object")},
		{"StatefulSet", changed("spec/podManagementPolicy", "Random"), want(`spec.podManagementPolicy: Invalid value: "Random": must be 'OrderedReady' or 'Parallel'`)},
		{"Job", changed("spec/template/spec/restartPolicy", "Always"), want(`spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"`)},
		{"CronJob", changed("spec/schedule", "daily"), want(`spec.schedule: Invalid value: "daily": expected exactly 5 fields`)},
		{"HorizontalPodAutoscaler", changed("spec/minReplicas", 6.0), want("spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`")},
		{"NetworkPolicy", changed("spec/egress/0/to/0/ipBlock/cidr", "10.0.0.0/40"), want(`spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.0/40": must be a valid CIDR`)},
		{"NetworkPolicy", changed("spec/egress/0/ports/0/port", 0.0), want("spec.egress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535")},
		{"Ingress", changed("spec/defaultBackend", nil), want("spec: Invalid value: null: either `defaultBackend` or `rules` must be specified")},
		{"PodDisruptionBudget", changed("spec/maxUnavailable", 1.0), want(`spec: Invalid value: {"MinAvailable":1,"Selector":{"matchLabels":{"app":"api"}},"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set`)},
		{"Role", changed("rules/0/verbs", []any{}), want("rules[0].verbs: Required value: verbs must contain at least one value")},
		{"RoleBinding", changed("subjects/0/kind", "Robot"), want(`subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"`)},
		{"RoleBinding", changed("roleRef/name", nil), want("roleRef.name: Required value")},
		{"PriorityClass", changed("value", 2e9), want("value: Forbidden: maximum allowed value of a user defined priority is 1000000000")},

		{"SecretStore", changed("spec/provider/fake", Object{"data": []any{}}), want("spec.provider: Too many: 2: must have at most 1 item")},
		{"ExternalSecret", changed("spec/secretStoreRef", nil, "spec/data/0/secretKey", nil), want("spec.data[0].secretKey: Required value")},
		{"ExternalSecret", changed("spec/refreshIntervall", "1h"), want("spec.refreshIntervall: unknown field")},
		{"ExternalSecret", changed("spec/secretStoreRef/kind", "Store"), want(`spec.secretStoreRef.kind: Unsupported value: "Store": supported values: "SecretStore", "ClusterSecretStore"`)},
		{"ExternalSecret", changed("metadata/labels/team", 1.0), want("metadata.labels.team: json: cannot unmarshal number")},
		{"AppProject", changed("spec/destinations", "all"), want(`spec.destinations: Invalid value: "string": spec.destinations in body must be of type array: "string"`)},
		{"ApplicationSet", changed("spec/template/spec/destination/cluster", "a"), want("spec.template.spec.destination.cluster: unknown field")},
		{"ApplicationSet", changed("spec/generators", nil), want("spec.generators: Required value")},
		{"HTTPRoute", changed("spec/rules/0/matches/0/path/type", "Prefix"), want(`spec.rules[0].matches[0].path.type: Unsupported value: "Prefix": supported values: "Exact", "PathPrefix", "RegularExpression"`)},
		{"HTTPRoute", changed("spec/rules/0/matches/0/path/value", "v1"), want("spec.rules[0].matches[0].path: Invalid value: value must be an absolute path and start with '/'")},
		{"Gateway", changed("spec/listeners/0/protocol", "HTTP", "spec/listeners/0/tls/mode", "Passthrough"), want("spec.listeners: Invalid value: tls must not be specified for protocols")},
		{"Gateway", changed("spec/listeners/0/port", 0.0), want("spec.listeners[0].port: Invalid value: 0: spec.listeners[0].port in body should be greater than or equal to 1")},
		{"Gateway", changed("spec/listeners", []any{Object{"name": "a", "port": 80.0, "protocol": "HTTP"}, Object{"name": "a", "port": 81.0, "protocol": "HTTP"}}), want(
			"spec.listeners: Invalid value: Listener name must be unique within the Gateway", `spec.listeners[1]: Duplicate value: {"name":"a"}`)},
		{"GatewayClass", changed("spec/controllerName", "gke"), want(`spec.controllerName: Invalid value: "gke"`)},
		{"HealthCheckPolicy", changed("spec/default/timeoutSec", 11.0), want("spec.default: Invalid value: timeoutSec")},
		{"HealthCheckPolicy", changed("spec/default/config/type", "HTTPS"), want("spec.default.config: Invalid value: the health check must be the one of type")},
		{"GCPBackendPolicy", changed("spec/default/logging/enabled", nil), want("spec.default.logging: Invalid value: sampleRate needs enabled")},
		{"GCPBackendPolicy", changed("spec/targetRef/group", nil), want("spec.targetRef.group: Required value")},
		{"GCPBackendPolicy", changed("spec/targetRef/group", nil, "spec/default/logging/enabled", nil), want("spec.targetRef.group: Required value")}, // rules wait for the form
		{"GCPGatewayPolicy", changed("spec/targetRef/kind", "Service"), want("spec.targetRef.kind: Unsupported value")},
	} {
		_, problems := Admit(one(t, r.kind, r.changes...))
		r.check(t, problems)
	}
}

func TestImmutable(t *testing.T) {
	for _, r := range []refusal{
		{"ConfigMap", changed("data/PROJECT", "q"), want("data: Forbidden: field is immutable when `immutable` is set")},
		{"Secret", changed("type", "example.dev/token"), want(`type: Invalid value: "example.dev/token": field is immutable`)},
		{"Deployment", changed("spec/selector/matchLabels/app", "web", "spec/template/metadata/labels/app", "web"), want("spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"web\"}}: field is immutable")},
		{"Deployment", changed("metadata/name", "web"), want(`metadata.name: Invalid value: "web": field is immutable`)},
		{"StatefulSet", changed("spec/serviceName", "other"), want("spec: Forbidden: updates to statefulset spec for fields other than")},
		{"Job", changed("spec/template/spec/containers/0/image", "example.dev/api:2"), want("spec.template: Invalid value:")},
		{"RoleBinding", changed("roleRef/name", "writer"), want("roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"writer\"}: cannot change roleRef")},
		{"PersistentVolumeClaim", changed("spec/accessModes/0", "ReadWriteMany"), want("spec: Forbidden: spec is immutable after creation")},
		{"GatewayClass", changed("spec/controllerName", "example.dev/gateway"), want(`spec.controllerName: Invalid value: "example.dev/gateway": Value is immutable`)},
	} {
		old, problems := Admit(one(t, r.kind))
		require.Empty(t, problems)
		_, problems = AdmitUpdate(one(t, r.kind, r.changes...), old)
		r.check(t, problems)
	}
}

func TestChanges(t *testing.T) {
	service, _ := Admit(one(t, "Service", "spec/clusterIP", "10.0.0.1", "spec/clusterIPs", []any{"10.0.0.1"}))
	got, problems := AdmitUpdate(one(t, "Service", "spec/ports/0/port", 81.0), service)
	require.Empty(t, problems)
	require.Equal(t, "10.0.0.1", got["spec"].(Object)["clusterIP"], "what the server allocated stays")

	for _, kind := range []string{"Deployment", "ExternalSecret"} {
		old, _ := Admit(one(t, kind))
		path := map[string]string{"Deployment": "spec/replicas", "ExternalSecret": "spec/data/0/remoteRef/version"}[kind]
		value := map[string]any{"Deployment": 3.0, "ExternalSecret": "3"}[kind]
		got, problems := AdmitUpdate(one(t, kind, path, value), old)
		require.Empty(t, problems)
		require.EqualValues(t, 2, got["metadata"].(Object)["generation"], kind)
	}

	_, problems = AdmitUpdate(one(t, "Secret"), service)
	require.Equal(t, []Problem{{"kind", `"v1 Secret" cannot replace "v1 Service"`}}, problems)
}

func TestGiven(t *testing.T) {
	given := one(t, "Job", "metadata/uid", "u1", "metadata/creationTimestamp", "2026-01-02T03:04:05Z")
	got, problems := Admit(given)
	require.Empty(t, problems)
	m := got["metadata"].(Object)
	require.Equal(t, "u1", m["uid"])
	require.Equal(t, "2026-01-02T03:04:05Z", m["creationTimestamp"])
	require.Equal(t, "u1", got["spec"].(Object)["selector"].(Object)["matchLabels"].(Object)["batch.kubernetes.io/controller-uid"])
	require.NotContains(t, given["spec"], "selector", "the given object was changed")

	got, problems = Admit(one(t, "Job", "metadata/name", nil, "metadata/generateName", "migrate-"))
	require.Empty(t, problems)
	require.Regexp(t, "^migrate-[0-9a-f]{5}$", got["metadata"].(Object)["name"])
}

func TestUnknownKinds(t *testing.T) {
	for _, o := range []Object{{"apiVersion": "v1", "kind": "PodList"}, {"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget"}, {"apiVersion": "external-secrets.io/v1beta1", "kind": "ExternalSecret"}} {
		_, problems := Admit(o)
		require.Len(t, problems, 1)
		require.Contains(t, problems[0].Error(), fmt.Sprintf("kind: no matches for kind %q in version %q; add", o["kind"], o["apiVersion"]))
		_, known := Namespaced(idOf(o).apiVersion, idOf(o).kind)
		require.False(t, known)
	}
	for kind, want := range map[string]bool{"Namespace": false, "PriorityClass": false, "GatewayClass": false, "Deployment": true, "SecretStore": true} {
		id := idOf(one(t, kind))
		got, known := Namespaced(id.apiVersion, id.kind)
		require.True(t, known, kind)
		require.Equal(t, want, got, kind)
	}
	require.Equal(t, "externalsecrets.external-secrets.io", CRD("external-secrets.io/v1", "ExternalSecret"))
	require.Empty(t, CRD("v1", "Pod"))
	schema, ok := Schema("external-secrets.io/v1", "ExternalSecret")
	require.True(t, ok)
	require.Contains(t, schema.Properties["spec"].Properties, "secretStoreRef")
}

func TestPodSecurity(t *testing.T) {
	const pod, container = "spec/template/spec/", "spec/template/spec/containers/0/"
	for _, r := range []struct {
		level string
		refusal
	}{
		{"restricted", refusal{"Deployment", changed(), nil}},
		{"restricted", refusal{"ConfigMap", changed(), nil}},
		{"restricted", refusal{"Deployment", changed(container+"securityContext/privileged", true), want(`spec.template.spec: violates PodSecurity "restricted": privileged (container "api" must not set securityContext.privileged=true)`)}},
		{"restricted", refusal{"Deployment", changed(pod+"securityContext/runAsNonRoot", nil), want(`spec.template.spec: violates PodSecurity "restricted": runAsNonRoot != true (pod or container "api" must set securityContext.runAsNonRoot=true)`)}},
		{"restricted", refusal{"Deployment", changed(container+"securityContext/capabilities", nil), want(`spec.template.spec: violates PodSecurity "restricted": unrestricted capabilities (container "api" must set securityContext.capabilities.drop=["ALL"])`)}},
		{"restricted", refusal{"Deployment", changed(pod+"securityContext/seccompProfile", nil), want(`spec.template.spec: violates PodSecurity "restricted": seccompProfile (pod or container "api" must set securityContext.seccompProfile.type to`)}},
		{"restricted", refusal{"Deployment", changed(container+"securityContext/allowPrivilegeEscalation", true), want(`spec.template.spec: violates PodSecurity "restricted": allowPrivilegeEscalation != false`)}},
		{"restricted", refusal{"CronJob", changed(), want(
			`spec.jobTemplate.spec.template.spec: violates PodSecurity "restricted": allowPrivilegeEscalation`, `spec.jobTemplate.spec.template.spec: violates PodSecurity "restricted": unrestricted cap`,
			`spec.jobTemplate.spec.template.spec: violates PodSecurity "restricted": runAsNonRoot`, `spec.jobTemplate.spec.template.spec: violates PodSecurity "restricted": seccomp`)}},
		{"baseline", refusal{"CronJob", changed(), nil}},
		{"baseline", refusal{"Pod", changed("spec/hostNetwork", true), want(`spec: violates PodSecurity "baseline": host namespaces (hostNetwork=true)`)}},
		{"privileged", refusal{"Pod", changed("spec/hostNetwork", true), nil}},
		{"strict", refusal{"Pod", changed(), want("spec: must be one of privileged, baseline, restricted")}},
	} {
		r.check(t, PodSecurity(r.level, one(t, r.kind, r.changes...)))
	}
}
