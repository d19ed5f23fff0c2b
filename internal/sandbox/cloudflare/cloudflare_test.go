package cloudflare

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

type props = map[string]any

const (
	zoneID    = "a65d7d0c6f97330768e12fb74f755061" // of example.com
	accountID = "9f8e7d6c5b4a392817065f4e3d2c1b0a"
)

// registered is what the simulated cloud makes of inputs, one layer over the
// other; nil takes a value away.
func registered(t *testing.T, typ string, layers ...props) (string, props, error) {
	t.Helper()
	inputs := props{}
	for _, layer := range layers {
		for key, value := range layer {
			inputs[key] = value
		}
	}
	id, state, err := Package().Register(typ, "n", resource.NewPropertyMapFromMap(inputs), nil)
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
func object(layers ...props) *sandbox.Object {
	state := resource.PropertyMap{}
	for _, layer := range layers {
		for key, value := range layer {
			state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
		}
	}
	return &sandbox.Object{Props: state}
}

func TestConfig(t *testing.T) {
	token, key := "0123456789012345678901234567890123456_-A", "0123456789abcdef0123456789abcdef01234"
	for _, name := range []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_USER_SERVICE_KEY"} {
		t.Setenv(name, "")
	}
	for name, tc := range map[string]struct {
		config props
		want   string
	}{
		"token":              {props{"apiToken": token}, ""},
		"longer token":       {props{"apiToken": token + "0"}, ""},
		"short token":        {props{"apiToken": token[1:]}, "API tokens must be 40 characters long"},
		"token with a dot":   {props{"apiToken": "." + token[1:]}, "API tokens must be 40 characters long"},
		"unknown token":      {props{"apiToken": resource.MakeComputed(resource.NewProperty(""))}, ""},
		"secret token":       {props{"apiToken": resource.MakeSecret(resource.NewProperty("x"))}, "API tokens must be 40 characters long"},
		"nothing":            {props{}, `must provide one of "apiKey", "apiToken" or "apiUserServiceKey"`},
		"key":                {props{"apiKey": key, "email": "a@example.com"}, ""},
		"key in capitals":    {props{"apiKey": "A" + key[1:], "email": "a@example.com"}, "API key must be 37 characters long"},
		"key without e-mail": {props{"apiKey": key}, `Attribute "email" must be specified when "api_key" is specified`},
		"e-mail and token":   {props{"apiToken": token, "email": "a@example.com"}, "conflicts with api_token"},
		"e-mail alone":       {props{"email": "a@example.com"}, "all of `api_key,email` must be specified"},
		"token and key":      {props{"apiToken": token, "apiKey": key}, `Attribute "email" must be specified`},
		"user service key":   {props{"apiUserServiceKey": "v1.0-x"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			config := object(tc.config).Props
			problems := sandbox.Problems(append(checkConfig(config), checkCredentials(config)...))
			if tc.want == "" {
				require.Empty(t, problems)
				return
			}
			require.ErrorContains(t, problems, tc.want)
			require.NotContains(t, problems.Error(), token[1:], "it prints a secret")
		})
	}
	t.Setenv("CLOUDFLARE_API_TOKEN", "x")
	require.Empty(t, checkCredentials(nil), "the environment has some")
}
