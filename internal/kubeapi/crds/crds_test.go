package crds_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"ai-worker/internal/kubeapi/crds"
)

func TestReadmeNamesTheSourceOfEveryDefinition(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var named []string
	for _, source := range crds.Sources(string(readme)) {
		named = append(named, source.CRD)
		crd := crds.Read(source.CRD)
		require.NotNil(t, crd, source.CRD)
		require.Equal(t, source.CRD, crd.Name)
		require.Equal(t, source.CRD, crd.Spec.Names.Plural+"."+crd.Spec.Group)
		from := source.Module
		if from == "" {
			from = source.File
		}
		require.Equal(t, from, crd.Annotations["source"], "%s: run go generate ./internal/kubeapi/crds", source.CRD)
		require.NotEmpty(t, source.License)
		require.Len(t, crd.Spec.Versions, 1)
		require.True(t, crd.Spec.Versions[0].Served)
	}
	require.ElementsMatch(t, crds.Names(), named)
	require.Nil(t, crds.Read("widgets.example.dev"))
}

func TestExpandUndoesShare(t *testing.T) {
	part := `{"type":"object","required":["port"],"properties":{"port":{"type":"integer","minimum":1,"maximum":65535}}}`
	whole := `{"type":"object","properties":{
		"a":` + part + `,
		"b":{"type":"array","items":` + part + `},
		"c":{"type":"object","additionalProperties":{"type":"object","properties":{"port":` + part + `}}},
		"d":{"type":"object","properties":{"deep":{"type":"array","items":` + part + `}},"anyOf":[{"required":["deep"]},{"not":{"required":["deep"]}}]},
		"e":{"type":"integer","minimum":1,"maximum":65535}}}`
	var s, want apiextensions.JSONSchemaProps
	require.NoError(t, json.Unmarshal([]byte(whole), &s))
	require.NoError(t, json.Unmarshal([]byte(whole), &want))

	crds.Share(&s)
	shared, err := json.Marshal(s)
	require.NoError(t, err)
	require.Contains(t, string(shared), `"a":{"$ref":"#/definitions/a"}`)
	require.Less(t, len(shared), len(whole))

	crds.Expand(&s)
	require.Equal(t, want, s)
}
