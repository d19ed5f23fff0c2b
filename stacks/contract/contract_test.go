package contract_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/stacks/contract"
)

// small is a contract with a field of every type.
type small struct {
	One  pulumi.StringOutput      `pulumi:"one"`
	Many pulumi.StringMapOutput   `pulumi:"many"`
	List pulumi.StringArrayOutput `pulumi:"list"`
}

var exported = map[string]any{
	"contractVersion": contract.Version, "one": "1", "many": map[string]any{"a": "b"}, "list": []any{"x"},
}

func without(key string) map[string]any {
	outputs := map[string]any{}
	for k, v := range exported {
		if k != key {
			outputs[k] = v
		}
	}
	return outputs
}

func with(key string, value any) map[string]any {
	outputs := without(key)
	outputs[key] = value
	return outputs
}

// importing registers a component of what it imported, so that the recorder sees the values.
func importing(ctx *pulumi.Context) error {
	c, _, err := contract.Import[small](ctx, "dev-gcp")
	if err != nil {
		return err
	}
	var r struct{ pulumi.ResourceState }
	return ctx.RegisterComponentResourceV2("test:index:Seen", "seen",
		pulumi.Map{"one": c.One, "many": c.Many, "list": c.List}, &r)
}

func TestImport(t *testing.T) {
	all, err := componentstest.Run(t, importing, componentstest.WithStackOutputs("dev-gcp", exported))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"one": "1", "many": map[string]any{"a": "b"}, "list": []any{"x"}},
		all.One(t, "test:index:Seen").Inputs.Mappable())
}

func TestImportRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		outputs map[string]any
		want    string
	}{
		"missing":   {without("many"), `stack dev-gcp: output "many" (a map of strings) is missing`},
		"mistyped":  {with("one", []any{"1"}), `stack dev-gcp: output "one" is a []interface {}, want a string`},
		"items":     {with("list", []any{"x", 1.0}), `output "list"`},
		"older":     {with("contractVersion", 0), "contract version 0 is not this program's 1: bring that stack up again first"},
		"newer":     {with("contractVersion", contract.Version+1), "contract version 2 is newer than this program's 1: update this checkout"},
		"no number": {with("contractVersion", "1"), "contract version 1 is not this program's 1"},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := componentstest.Run(t, importing, componentstest.WithStackOutputs("dev-gcp", tc.outputs))
			require.ErrorContains(t, err, tc.want)
			require.Empty(t, all)
		})
	}
}

func TestImportReportsAllAtOnce(t *testing.T) {
	outputs := map[string]any{"contractVersion": contract.Version, "one": 1.0}
	_, err := componentstest.Run(t, importing, componentstest.WithStackOutputs("dev-gcp", outputs))
	for _, key := range []string{`"one"`, `"many"`, `"list"`} {
		require.ErrorContains(t, err, key)
	}
}

func TestImportOfWhatWasNeverBroughtUp(t *testing.T) {
	_, err := componentstest.Run(t, importing)
	require.ErrorContains(t, err, "stack dev-gcp was never brought up, and this stack needs it: bring it up first")

	all, err := componentstest.Run(t, importing, componentstest.InPreview())
	require.NoError(t, err)
	inputs := all.One(t, "test:index:Seen").Inputs
	for _, key := range []resource.PropertyKey{"one", "many", "list"} {
		require.True(t, inputs[key].IsComputed(), "%s: %v", key, inputs)
	}
}

// TestPeek: an older stack lacks a key and can still be brought up.
func TestPeek(t *testing.T) {
	peek := func(outputs map[string]any) (facts contract.Facts, err error) {
		_, err = componentstest.Run(t, func(ctx *pulumi.Context) error {
			var err error
			facts, err = contract.Peek[small](ctx, "dev-gcp")
			return err
		}, componentstest.WithStackOutputs("dev-gcp", outputs))
		return facts, err
	}
	facts, err := peek(without("many"))
	require.NoError(t, err)
	require.Equal(t, []any{false, true, "1"}, []any{facts.Has("many", "a"), facts.Lists("list", "x"), facts["one"]})
	facts, err = peek(nil)
	require.NoError(t, err)
	require.Nil(t, facts, "never brought up")
	_, err = peek(with("contractVersion", contract.Version+1))
	require.ErrorContains(t, err, "update this checkout")
}

func TestExportFailsOnAnUnsetField(t *testing.T) {
	_, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		return contract.Export(ctx, &small{One: pulumi.String("1").ToStringOutput()})
	})
	require.ErrorContains(t, err, `output "many" is left unset`)
	require.ErrorContains(t, err, `output "list" is left unset`)
}
