package externalsecrets_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/externalsecrets"
	"ai-worker/components/kubernetes/helm"
)

const namespaceType = "kubernetes:core/v1:Namespace"

var (
	operator    = componentstest.Program(externalsecrets.NewOperator, "eso")
	runOperator = componentstest.Runner(operator)
)

func TestOperatorChildren(t *testing.T) {
	all := runOperator(t, &externalsecrets.OperatorArgs{})
	require.Equal(t, []string{namespaceType + " eso-namespace", helm.ReleaseType + " eso-release"},
		componentstest.Tree(t, all, externalsecrets.OperatorTypeToken))
	all.One(t, namespaceType).Expect(t, map[string]any{
		"metadata.name": "external-secrets", `metadata.labels["pod-security.kubernetes.io/enforce"]`: "restricted",
	})
	all.One(t, helm.ReleaseType).Expect(t, map[string]any{
		"chart": "external-secrets", "version": "2.9.0", "repositoryOpts.repo": "https://charts.external-secrets.io",
		"name": "external-secrets", "namespace": "external-secrets",
	})
	for _, r := range []componentstest.Registration{all.One(t, namespaceType), all.One(t, helm.ReleaseType)} {
		require.True(t, r.Protect, r.Name)
	}
}

func TestOperatorIsNarrow(t *testing.T) {
	runOperator(t, &externalsecrets.OperatorArgs{}).One(t, helm.ReleaseType).Expect(t, map[string]any{
		`values.crds.annotations["helm.sh/resource-policy"]`: "keep", // or every Secret goes with the operator
		"values.rbac.serviceAccountTokenCreate":              false,
		"values.processClusterStore":                         false, "values.processClusterExternalSecret": false,
		"values.processClusterGenerator": false, "values.processClusterPushSecret": false, "values.processPushSecret": false,
	})
}

func TestOperatorReplicas(t *testing.T) {
	for name, single := range map[string]bool{"highly available": false, "single": true} {
		t.Run(name, func(t *testing.T) {
			replicas := 2.0
			if single {
				replicas = 1.0
			}
			want := map[string]any{"values.leaderElect": !single}
			for _, part := range []string{"", "webhook.", "certController."} {
				want["values."+part+"replicaCount"] = replicas
				want["values."+part+"podDisruptionBudget.enabled"] = !single
			}
			runOperator(t, &externalsecrets.OperatorArgs{Single: single}).One(t, helm.ReleaseType).Expect(t, want)
		})
	}
}

func TestOperatorOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"namespace": "external-secrets", "serviceAccount": "external-secrets", "chartVersion": "2.9.0"},
		componentstest.Outputs(t, externalsecrets.NewOperator, &externalsecrets.OperatorArgs{}))
}

func TestOperatorRefusals(t *testing.T) {
	valid := func() *externalsecrets.OperatorArgs { return &externalsecrets.OperatorArgs{} }
	componentstest.Refusals(t, valid, operator, map[string]componentstest.Refusal[externalsecrets.OperatorArgs]{
		"namespace": {func(a *externalsecrets.OperatorArgs) { a.Namespace = "ESO" }, `namespace "ESO"`},
		"range":     {func(a *externalsecrets.OperatorArgs) { a.ChartVersion = ">=2" }, `chartVersion ">=2": want an exact version`},
	})
}

func TestEveryOperatorInputMatters(t *testing.T) {
	full := func() *externalsecrets.OperatorArgs {
		return &externalsecrets.OperatorArgs{Namespace: "eso", ChartVersion: "2.8.0", Single: true, AllowDeletion: true}
	}
	componentstest.NoDeadInput(t, full, operator, componentstest.Vary{Values: map[string]any{"ChartVersion": "2.7.0"}})
}
