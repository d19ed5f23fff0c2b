package gcp

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	_ "ai-worker/internal/sandbox/gcp/sdk/all"
)

type props = map[string]any

// given are inputs by dotted path, one layer over the other; nil takes a value away.
func given(t *testing.T, layers ...props) resource.PropertyMap {
	t.Helper()
	inputs := resource.NewProperty(resource.PropertyMap{})
	for _, layer := range layers {
		for path, value := range layer {
			p, err := resource.ParsePropertyPath(path)
			require.NoError(t, err)
			if value == nil {
				p.Delete(inputs)
				continue
			}
			next, ok := p.Add(inputs, resource.NewPropertyValue(value))
			require.True(t, ok, path)
			inputs = next
		}
	}
	return inputs.ObjectValue()
}

// registered is what the simulated cloud makes of inputs; see [given].
func registered(t *testing.T, typ string, inputs ...props) (string, props, error) {
	t.Helper()
	config := resource.NewPropertyMapFromMap(props{"project": "test-project", "region": "asia-northeast1"})
	id, state, err := Package().Register(typ, "n", given(t, inputs...), config)
	return id, state.Mappable(), err
}

// verdict is what must be said of a change of valid inputs.
type verdict struct {
	change props
	want   string // want is the refusal; empty: accepted
}

func judged(t *testing.T, typ string, valid props, cases map[string]verdict) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := registered(t, typ, valid, tc.change)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}
