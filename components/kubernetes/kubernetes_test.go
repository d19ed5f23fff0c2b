package kubernetes_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

func TestChecks(t *testing.T) {
	type check = func(*components.Problems, string)
	labels := func(key, value string) check {
		return func(p *components.Problems, f string) { kubernetes.CheckLabels(p, f, map[string]string{key: value}) }
	}
	text := func(run func(*components.Problems, string, string), value string) check {
		return func(p *components.Problems, f string) { run(p, f, value) }
	}
	input := func(value pulumi.StringInput) check {
		return func(p *components.Problems, f string) { kubernetes.CheckNameInput(p, f, value) }
	}
	port := func(value int) check {
		return func(p *components.Problems, f string) { kubernetes.CheckPort(p, f, value) }
	}
	keys := func(key string) check {
		return func(p *components.Problems, f string) { kubernetes.CheckKeys(p, f, map[string]int{key: 1}) }
	}
	for name, tc := range map[string]struct {
		check check
		want  string // nothing: accepted
	}{
		"name":               {text(kubernetes.CheckName, "ai-worker-dev"), ""},
		"name, digit first":  {text(kubernetes.CheckName, "0a"), ""},
		"name, longest":      {text(kubernetes.CheckName, strings.Repeat("a", 63)), ""},
		"name, too long":     {text(kubernetes.CheckName, strings.Repeat("a", 64)), "want 1 to 63"},
		"name, empty":        {text(kubernetes.CheckName, ""), `field "": want 1 to 63`},
		"name, capital":      {text(kubernetes.CheckName, "Api"), `field "Api"`},
		"name, dot":          {text(kubernetes.CheckName, "a.b"), `field "a.b"`},
		"input":              {input(pulumi.String("api")), ""},
		"input, known":       {input(pulumi.String("Api")), `field "Api"`},
		"input, nil":         {input(nil), "field is required"},
		"input, an output":   {input(pulumi.String("Api").ToStringOutput()), ""},
		"label":              {labels("team", "web_1.x"), ""},
		"label, domain":      {labels("app.kubernetes.io/part-of", ""), ""},
		"label, key":         {labels("a b", "x"), `field["a b"]: want a key`},
		"label, domain only": {labels("example.com/", "x"), `field["example.com/"]: want a key`},
		"label, value":       {labels("team", "a b"), `field["team"] "a b": want at most 63`},
		"label, long value":  {labels("team", strings.Repeat("a", 64)), "want at most 63"},
		"quantity":           {text(kubernetes.CheckQuantity, "500m"), ""},
		"quantity, binary":   {text(kubernetes.CheckQuantity, "1.5Gi"), ""},
		"quantity, unit":     {text(kubernetes.CheckQuantity, "1GB"), `field "1GB"`},
		"quantity, none":     {text(kubernetes.CheckQuantity, "0"), `field "0"`},
		"quantity, negative": {text(kubernetes.CheckQuantity, "-1"), `field "-1"`},
		"quantity, empty":    {text(kubernetes.CheckQuantity, ""), `field ""`},
		"range":              {text(kubernetes.CheckCIDR, "10.8.0.0/16"), ""},
		"range, v6":          {text(kubernetes.CheckCIDR, "fd00::/8"), ""},
		"range, address":     {text(kubernetes.CheckCIDR, "10.8.0.1"), `field "10.8.0.1"`},
		"range, host bits":   {text(kubernetes.CheckCIDR, "10.8.0.1/16"), "no bit set behind its length"},
		"port":               {port(65535), ""},
		"port 0":             {port(0), "field 0: want 1 to 65535"},
		"port too high":      {port(65536), "field 65536"},
		"key":                {keys("google-apis"), ""},
		"key, capital":       {keys("Google"), `field["Google"]: want a key`},
		"key, too long":      {keys(strings.Repeat("a", 41)), "at most 40"},
	} {
		t.Run(name, func(t *testing.T) {
			var p components.Problems
			tc.check(&p, "field")
			if tc.want == "" {
				require.NoError(t, p.Err())
				return
			}
			require.ErrorContains(t, p.Err(), tc.want)
		})
	}
}

// What is empty in metadata is left out, and so is the namespace of what has none.
func TestMetadata(t *testing.T) {
	meta := kubernetes.Metadata(pulumi.String("a"), nil, map[string]string{}, nil)
	require.Nil(t, meta.Namespace)
	require.Nil(t, meta.Labels)
	require.Nil(t, meta.Annotations)
}
