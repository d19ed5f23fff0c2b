package settings_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/settings"
	_ "ai-worker/internal/sandbox/kubernetes"
)

const configType = "kubernetes:core/v1:ConfigMap"

type values = map[string]pulumi.StringInput

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *settings.Args {
	return &settings.Args{
		Name: "cloud", Namespace: pulumi.String("ai-worker-dev"), Values: values{"REGION": pulumi.String("asia-northeast1")},
	}
}

func full() *settings.Args {
	args := valid()
	args.Named = map[string]values{"BUCKET": {"my-uploads": pulumi.String("ai-worker-dev-uploads")}}
	args.Labels = map[string]string{"team": "web"}
	return args
}

var (
	program = componentstest.Program(settings.New, "cloud")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{configType + " cloud-config"}, componentstest.Tree(t, run(t, full()), settings.TypeToken))
}

func TestConfigMap(t *testing.T) {
	run(t, full()).One(t, configType).Expect(t, map[string]any{
		"metadata.name": "cloud", "metadata.namespace": "ai-worker-dev", "metadata.labels": map[string]any{"team": "web"},
		"data":      map[string]any{"REGION": "asia-northeast1", "BUCKET_MY_UPLOADS": "ai-worker-dev-uploads"},
		"immutable": nil,
	})
}

func TestKey(t *testing.T) {
	for want, tc := range map[string][2]string{
		"BUCKET_UPLOADS": {"BUCKET", "uploads"}, "DATABASE_USER_API_V2": {"DATABASE_USER", "api-v2"}, "OPENAI_API_KEY": {"", "openai-api-key"},
	} {
		require.Equal(t, want, settings.Key(tc[0], tc[1]))
	}
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"name": "cloud"}, componentstest.Outputs(t, settings.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{})
}

func TestRefusals(t *testing.T) {
	add := func(key string, value pulumi.StringInput) func(*settings.Args) {
		return func(a *settings.Args) { a.Values[key] = value }
	}
	named := func(groups map[string]values) func(*settings.Args) {
		return func(a *settings.Args) { a.Named = groups }
	}
	v := pulumi.String("v")
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[settings.Args]{
		"name":           {func(a *settings.Args) { a.Name = "Cloud" }, `name "Cloud"`},
		"no namespace":   {func(a *settings.Args) { a.Namespace = nil }, "namespace is required"},
		"label":          {func(a *settings.Args) { a.Labels = map[string]string{"team": "a b"} }, `labels["team"] "a b"`},
		"nothing":        {func(a *settings.Args) { a.Values = nil }, "values: want at least one"},
		"lower case":     {add("region", v), `values["region"]: the key "region": want upper-case`},
		"hyphen":         {add("MY-REGION", v), `values["MY-REGION"]`},
		"digit first":    {add("1A", v), `values["1A"]`},
		"nil":            {add("PROJECT", nil), `values["PROJECT"]: want a value`},
		"named, nil":     {named(map[string]values{"BUCKET": {"uploads": nil}}), `named["BUCKET"]["uploads"]: want a value`},
		"named, dot":     {named(map[string]values{"BUCKET": {"a.b": v}}), `named["BUCKET"]["a.b"]: the key "BUCKET_A.B"`},
		"named, prefix":  {named(map[string]values{"bucket": {"a": v}}), `the key "bucket_A"`},
		"two names":      {named(map[string]values{"BUCKET": {"a-b": v, "a_b": v}}), `named["BUCKET"]["a_b"]: the key BUCKET_A_B is that of named["BUCKET"]["a-b"] too`},
		"two groups":     {named(map[string]values{"DATABASE": {"user-api": v}, "DATABASE_USER": {"api": v}}), `named["DATABASE_USER"]["api"]: the key DATABASE_USER_API is that of named["DATABASE"]["user-api"] too`},
		"name and value": {named(map[string]values{"": {"region": v}}), `named[""]["region"]: the key REGION is that of values["REGION"] too`},
	})
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &settings.Args{Values: values{"a": nil}}, "name", "namespace", `the key "a"`, `values["a"]: want a value`)
}
