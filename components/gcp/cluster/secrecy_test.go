package cluster_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// secretive answers as the provider does: the client's key is secret, and so is
// then the whole object that it stands in.
type secretive struct{ echoed resource.PropertyValue }

func (s *secretive) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	state := args.Inputs.Copy()
	switch args.TypeToken {
	case clusterType:
		state["endpoint"] = resource.NewProperty("172.16.0.2")
		state["masterAuth"] = resource.MakeSecret(resource.NewProperty(resource.PropertyMap{
			"clientKey": resource.NewProperty("key"), "clusterCaCertificate": resource.NewProperty("Q0E="),
			"clientCertificateConfig": resource.NewProperty(resource.PropertyMap{"issueClientCertificate": resource.NewProperty(false)}),
		}))
	case echoType:
		s.echoed = state["project"]
	}
	return args.Name, state, nil
}

func (*secretive) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) { return nil, nil }

func TestCACertificateIsNoSecret(t *testing.T) {
	mocks := &secretive{}
	require.NoError(t, pulumi.RunErr(outputs(valid()), pulumi.WithMocks("ai-worker", "dev-gcp", mocks)))
	require.False(t, mocks.echoed.ContainsSecrets())
	require.Contains(t, mocks.echoed.StringValue(), "Q0E=")
}
