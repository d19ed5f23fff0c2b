package kubernetes_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes"
	_ "ai-worker/internal/sandbox/kubernetes"
)

type base struct {
	Shared string `json:"shared"`
}

type peer struct {
	Name  string `json:"name"`
	Ports []int  `json:"ports,omitempty"`
}

type label string

type timestamp struct{}

func (timestamp) MarshalJSON() ([]byte, error) { return nil, nil }

var output = pulumi.String("later").ToStringOutput()

// A conversion gives what encoding/json would, but for inputs and for what is nil.
func TestMap(t *testing.T) {
	name := "x"
	for label, tc := range map[string]struct {
		spec any
		want pulumi.Map // nothing: the same as JSON
	}{
		"nothing": {struct{}{}, nil},
		"scalars": {struct {
			S string  `json:"s"`
			I int32   `json:"i"`
			U uint16  `json:"u"`
			F float32 `json:"f"`
			B bool    `json:"b"`
		}{"a", -1, 2, 1.5, true}, nil},
		"a zero without omitempty": {struct {
			S string   `json:"s"`
			I int      `json:"i"`
			B bool     `json:"b"`
			L []string `json:"l"`
		}{L: []string{}}, nil},
		"a zero with omitempty": {struct {
			S string         `json:"s,omitempty"`
			I int            `json:"i,omitempty"`
			B bool           `json:"b,omitempty"`
			L []string       `json:"l,omitempty"`
			M map[string]int `json:"m,omitempty"`
			N *int           `json:"n,omitempty"`
			O peer           `json:"o,omitempty"` // never empty to JSON, either
			P pulumi.String  `json:"p,omitempty"`
			Q *string        `json:"q,omitempty"`
		}{L: []string{}, M: map[string]int{}, Q: new(string)}, nil},
		"a pointer to a struct": {&struct {
			P *peer   `json:"p"`
			S *string `json:"s"`
		}{&peer{Name: "a"}, &name}, nil},
		"nested": {struct {
			L []peer            `json:"l"`
			M map[string]peer   `json:"m"`
			A [1]string         `json:"a"`
			X map[string]any    `json:"x"`
			T map[string]string `json:"t"`
		}{[]peer{{"a", []int{1}}, {"b", nil}}, map[string]peer{"k": {Name: "c"}}, [1]string{"d"}, map[string]any{"n": 1, "l": []any{"e"}}, map[string]string{"f": ""}}, nil},
		"embedded": {struct {
			base
			*peer
			Own string `json:"own"`
		}{base{"a"}, &peer{Name: "b"}, "c"}, nil},
		"embedded, by a name": {struct {
			base `json:"base"`
		}{base{"a"}}, nil},
		"left out by its tag": {struct {
			F func() `json:"-"`
		}{}, nil},
		"a nil embedded pointer": {struct{ *peer }{}, nil},
		"an unexported field":    {struct{ f int }{1}, nil},
		"a named type of a string": {struct {
			K label `json:"k"`
		}{"v"}, nil},

		"what is nil, also without omitempty": {struct {
			P *peer               `json:"p"`
			L []string            `json:"l"`
			M map[string]int      `json:"m"`
			A any                 `json:"a"`
			I pulumi.StringInput  `json:"i"`
			O pulumi.StringOutput `json:"o"`
			S pulumi.StringMap    `json:"s"`
			E map[string]any      `json:"e"`
			H any                 `json:"h"` // an interface that holds nil is nil too
			U pulumi.StringInput  `json:"u"`
		}{E: map[string]any{"n": nil}, H: (*peer)(nil), U: pulumi.StringOutput{}}, pulumi.Map{"e": pulumi.Map{}}},
		"inputs": {struct {
			I pulumi.StringInput            `json:"i,omitempty"`
			E pulumi.StringInput            `json:"e,omitempty"` // given on purpose
			O pulumi.StringOutput           `json:"o"`
			S pulumi.StringMap              `json:"s"`
			L []pulumi.StringInput          `json:"l"`
			M map[string]pulumi.StringInput `json:"m"`
			A any                           `json:"a"`
		}{
			pulumi.String("a"), pulumi.String(""), output, pulumi.StringMap{"k": output}, []pulumi.StringInput{output},
			map[string]pulumi.StringInput{"k": output, "n": nil}, output,
		}, pulumi.Map{
			"i": pulumi.String("a"), "e": pulumi.String(""), "o": output, "s": pulumi.StringMap{"k": output}, "l": pulumi.Array{output},
			"m": pulumi.Map{"k": output}, "a": output,
		}},
	} {
		t.Run(label, func(t *testing.T) {
			got, err := kubernetes.Map(tc.spec)
			require.NoError(t, err)
			if tc.want != nil {
				require.Equal(t, tc.want, got)
				return
			}
			want, err := json.Marshal(tc.spec)
			require.NoError(t, err)
			gotJSON, err := json.Marshal(got)
			require.NoError(t, err)
			require.JSONEq(t, string(want), string(gotJSON))
		})
	}
}

func TestMapRefuses(t *testing.T) {
	for label, tc := range map[string]struct {
		spec any
		want string
	}{
		"no struct":      {map[string]int{}, "map[string]int is no struct"},
		"a nil pointer":  {(*peer)(nil), "*kubernetes_test.peer is no struct"},
		"nothing at all": {nil, "<nil> is no struct"},
		"no tag":         {struct{ Name string }{}, ".Name: tag ``: want `json:\"name\"`"},
		"another tag": {struct {
			Name string `pulumi:"name"`
		}{}, ".Name: tag `pulumi:\"name\"`"},
		"an unknown option": {struct {
			Name string `json:"name,omitzero"`
		}{}, ".Name: tag `json:\"name,omitzero\"`"},
		"no name": {struct {
			Name string `json:",omitempty"`
		}{}, ".Name: tag `json:\",omitempty\"`"},
		"one name twice": {struct {
			base
			Own string `json:"shared"`
		}{}, "shared: struct {"},
		"embedded, no struct": {struct{ label }{}, "label: want a tag, for it is embedded and no struct"},
		"a function": {struct {
			L []any `json:"l"`
		}{[]any{1, func() {}}}, "l[1]: func() has no JSON form"},
		"bytes": {struct {
			CA []byte `json:"ca"`
		}{[]byte("x")}, "ca: []uint8: want a string"},
		"numbered keys": {struct {
			M map[int]string `json:"m"`
		}{map[int]string{1: "a"}}, "m: map[int]string: want keys that are strings"},
		"a form of its own": {struct {
			At timestamp `json:"at"`
		}{}, "at: kubernetes_test.timestamp has a JSON form of its own"},
		"nil in a list": {struct {
			L []*peer `json:"l"`
		}{[]*peer{{}, nil}}, "l[1] is nil"},
		"deep": {struct {
			M map[string]any `json:"m"`
		}{map[string]any{"k": []struct{ X int }{{1}}}}, ".X: tag ``"},
	} {
		t.Run(label, func(t *testing.T) {
			_, err := kubernetes.Map(tc.spec)
			require.ErrorContains(t, err, tc.want)
		})
	}
	_, err := kubernetes.Map(struct {
		A, B string
	}{})
	require.ErrorContains(t, err, ".A: tag")
	require.ErrorContains(t, err, ".B: tag", "every problem at once")
}

const storeType = "kubernetes:external-secrets.io/v1:SecretStore"

// store is the spec of a SecretStore, as far as the tests need one.
type store struct {
	Provider struct {
		GCPSM struct {
			ProjectID pulumi.StringInput `json:"projectID"`
			Location  string             `json:"location,omitempty"`
		} `json:"gcpsm"`
	} `json:"provider"`
}

func of(project pulumi.StringInput) *store {
	s := &store{}
	s.Provider.GCPSM.ProjectID = project
	return s
}

func object(spec any) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := kubernetes.Object(ctx, "main", "external-secrets.io/v1", "SecretStore", kubernetes.Metadata(
			pulumi.String("api"), pulumi.String("ai-worker-dev"), map[string]string{"team": "web"}, pulumi.StringMap{"note": pulumi.String("x")},
		), spec, pulumi.Protect(true))
		return err
	}
}

func TestObject(t *testing.T) {
	all, err := componentstest.Run(t, object(of(pulumi.String("my-project"))))
	require.NoError(t, err)
	r := all.One(t, storeType, "main")
	require.True(t, r.Protect)
	require.Equal(t, map[string]any{
		"apiVersion": "external-secrets.io/v1", "kind": "SecretStore",
		"metadata": map[string]any{
			"name": "api", "namespace": "ai-worker-dev",
			"labels": map[string]any{"team": "web"}, "annotations": map[string]any{"note": "x"},
		},
		"spec": map[string]any{"provider": map[string]any{"gcpsm": map[string]any{"projectID": "my-project"}}},
	}, r.Inputs.Mappable())
}

// What is unknown or secret in a spec stays so.
func TestObjectOfOutputs(t *testing.T) {
	all, err := componentstest.Run(t, object(of(pulumi.ToSecret(output).(pulumi.StringOutput))))
	require.NoError(t, err)
	r := all.One(t, storeType)
	require.Equal(t, []string{"spec"}, r.Secrets)
	require.Equal(t, "later", r.Get("spec.provider.gcpsm.projectID"))

	unknown := pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput)
	all, err = componentstest.Run(t, object(of(unknown)), componentstest.InPreview())
	require.NoError(t, err)
	require.True(t, all.One(t, storeType).Inputs["spec"].ContainsUnknowns())
}

func TestObjectRefusesABadSpec(t *testing.T) {
	all, err := componentstest.Run(t, object(struct{ Name string }{}))
	require.ErrorContains(t, err, `spec of SecretStore "main": struct { Name string }.Name: tag`)
	require.Empty(t, all)
}
