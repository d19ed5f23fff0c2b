package azure

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
	_ "ai-worker/internal/sandbox/azure/sdk/all"
)

type props = map[string]any

const (
	subscriptionID = "11111111-2222-4333-8444-555555555555"
	groupID        = "/subscriptions/" + subscriptionID + "/resourceGroups/main"
)

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
	config := resource.NewPropertyMapFromMap(props{"subscriptionId": subscriptionID})
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

// object is one as it stands in the cloud.
func object(t *testing.T, layers ...props) *sandbox.Object {
	t.Helper()
	return &sandbox.Object{Props: given(t, layers...)}
}

// update is the error of an update in place to new inputs.
func (c cloud) update(typ, id string, inputs ...props) error {
	c.t.Helper()
	news := c.message(inputs...)
	_, err := c.Update(c.t.Context(), &pulumirpc.UpdateRequest{Urn: urnOf(typ), Id: id, News: news})
	return err
}

// tryDelete is the error of a deletion.
func (c cloud) tryDelete(typ, id string) error {
	c.t.Helper()
	_, err := c.Delete(c.t.Context(), &pulumirpc.DeleteRequest{Urn: urnOf(typ), Id: id})
	return err
}

// there says whether a refresh finds an object.
func (c cloud) there(typ, id string) bool {
	c.t.Helper()
	read, err := c.Read(c.t.Context(), &pulumirpc.ReadRequest{Urn: urnOf(typ), Id: id})
	require.NoError(c.t, err)
	return read.GetId() != ""
}
