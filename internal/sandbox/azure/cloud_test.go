package azure

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"

	"ai-worker/internal/sandbox"
)

// cloud is the provider as the engine meets it, with the resource groups main and other.
type cloud struct {
	t *testing.T
	pulumirpc.ResourceProviderClient
}

func newCloud(t *testing.T) cloud {
	t.Helper()
	server, err := sandbox.Serve(t.Context(), sandbox.NewStore(), Package())
	require.NoError(t, err)
	t.Cleanup(server.Close)
	connection, err := grpc.NewClient(strings.Replace(server.DebugProviders(), "azure-native", "127.0.0.1", 1),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	c := cloud{t, pulumirpc.NewResourceProviderClient(connection)}
	_, err = c.Configure(t.Context(), &pulumirpc.ConfigureRequest{Args: c.message(props{"subscriptionId": subscriptionID})})
	require.NoError(t, err)
	for _, name := range []string{"main", "other"} {
		c.makes(groupType, props{"resourceGroupName": name, "location": "japaneast"})
	}
	return c
}

func (c cloud) message(layers ...props) *structpb.Struct {
	c.t.Helper()
	s, err := plugin.MarshalProperties(given(c.t, layers...), plugin.MarshalOptions{KeepUnknowns: true})
	require.NoError(c.t, err)
	return s
}

func urnOf(typ string) string { return "urn:pulumi:s::p::" + typ + "::n" }

func (c cloud) create(typ string, layers ...props) (*pulumirpc.CreateResponse, *structpb.Struct, error) {
	c.t.Helper()
	checked, err := c.Check(c.t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(typ), News: c.message(layers...)})
	require.NoError(c.t, err)
	require.Empty(c.t, checked.GetFailures())
	made, err := c.Create(c.t.Context(), &pulumirpc.CreateRequest{Urn: urnOf(typ), Properties: checked.GetInputs()})
	return made, checked.GetInputs(), err
}

// makes is the state of a new object, which the same inputs and a refresh leave as it is.
func (c cloud) makes(typ string, layers ...props) resource.PropertyMap {
	c.t.Helper()
	made, inputs, err := c.create(typ, layers...)
	require.NoError(c.t, err)
	read, err := c.Read(c.t.Context(), &pulumirpc.ReadRequest{Urn: urnOf(typ), Id: made.GetId(), Properties: made.GetProperties(), Inputs: inputs})
	require.NoError(c.t, err)
	require.Equal(c.t, inputs.AsMap(), read.GetInputs().AsMap(), "a refresh changes inputs")
	require.Empty(c.t, c.diff(typ, made, inputs, inputs), "the same inputs are a change")
	state, err := plugin.UnmarshalProperties(made.GetProperties(), plugin.MarshalOptions{})
	require.NoError(c.t, err)
	return state
}

func (c cloud) refuses(typ, want string, layers ...props) {
	c.t.Helper()
	_, _, err := c.create(typ, layers...)
	require.ErrorContains(c.t, err, want)
}

func (c cloud) diff(typ string, made *pulumirpc.CreateResponse, olds, news *structpb.Struct) map[string]string {
	c.t.Helper()
	got, err := c.Diff(c.t.Context(), &pulumirpc.DiffRequest{
		Urn: urnOf(typ), Id: made.GetId(), Olds: made.GetProperties(), OldInputs: olds, News: news,
	})
	require.NoError(c.t, err)
	changes := map[string]string{}
	for path, change := range got.GetDetailedDiff() {
		changes[path] = change.GetKind().String()
	}
	return changes
}

// changes is what the provider sees in a change of a new object's inputs, and the
// error of the update that it plans where it does not replace.
func (c cloud) changes(typ string, change props, layers ...props) (map[string]string, error) {
	c.t.Helper()
	made, olds, err := c.create(typ, layers...)
	require.NoError(c.t, err)
	news := c.message(append(layers, change)...)
	changes := c.diff(typ, made, olds, news)
	_, err = c.Update(c.t.Context(), &pulumirpc.UpdateRequest{
		Urn: urnOf(typ), Id: made.GetId(), Olds: made.GetProperties(), OldInputs: olds, News: news,
	})
	return changes, err
}

func (c cloud) deletes(typ, id string) {
	c.t.Helper()
	_, err := c.Delete(c.t.Context(), &pulumirpc.DeleteRequest{Urn: urnOf(typ), Id: id})
	require.NoError(c.t, err)
}

// wrong says of each value, alone beside valid inputs, that its path is refused.
func wrong(t *testing.T, typ string, valid, values props) {
	t.Helper()
	for path, value := range values {
		_, _, err := registered(t, typ, valid, props{path: value})
		require.ErrorContains(t, err, path+": ", path)
	}
}

// times is a list of n equal elements.
func times(n int, of any) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = of
	}
	return list
}
