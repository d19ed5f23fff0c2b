package stacks

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
)

// TestPrograms: each provider has a program, which reads contracts of earlier ones only.
func TestPrograms(t *testing.T) {
	require.ElementsMatch(t, config.Providers, slices.Collect(maps.Keys(programs)))
	for i, provider := range config.Providers {
		require.NotNil(t, programs[provider].run, provider)
		require.Subset(t, config.Providers[:i], programs[provider].after, provider)
	}
}

func TestNames(t *testing.T) {
	require.Equal(t, "dev-gcp", Name("dev", "gcp"))
	for _, environment := range Environments() {
		for _, provider := range Providers() {
			e, p, err := config.Stack(Name(environment, provider))
			require.NoError(t, err)
			require.Equal(t, []string{environment, provider}, []string{e, p})
		}
	}
	Environments()[0], Providers()[0] = "changed", "changed"
	require.NotContains(t, append(Environments(), Providers()...), "changed")
}

func TestLevels(t *testing.T) {
	levels, err := Levels(Providers())
	require.NoError(t, err)
	require.Equal(t, [][]string{{"gcp", "azure"}, {"kubernetes"}, {"cloudflare"}}, levels)
	_, err = Levels([]string{"gcp", "aws"})
	require.EqualError(t, err, `provider "aws" is unknown; there are gcp, azure, kubernetes, cloudflare`)

	providers, known := config.Providers, programs
	defer func() { config.Providers, programs = providers, known }()
	config.Providers = []string{"a", "b", "c", "d", "e"}
	programs = map[string]program{"a": {}, "b": {}, "c": {after: []string{"a", "b"}}, "d": {after: []string{"c", "a"}}, "e": {after: []string{"b"}}}
	for _, tc := range []struct {
		providers []string
		want      [][]string
	}{
		{nil, nil},
		{[]string{"e", "d", "c", "b", "a"}, [][]string{{"a", "b"}, {"c", "e"}, {"d"}}},
		{[]string{"d", "a"}, [][]string{{"a"}, {"d"}}},
		{[]string{"d", "b", "e"}, [][]string{{"b", "d"}, {"e"}}}, // c is not run, so d waits for nobody
		{[]string{"c"}, [][]string{{"c"}}},
	} {
		levels, err := Levels(tc.providers)
		require.NoError(t, err)
		require.Equal(t, tc.want, levels)
	}
}

// TestRefusalRegistersNothing: a stack whose name or settings are wrong.
func TestRefusalRegistersNothing(t *testing.T) {
	for stack, want := range map[string]string{
		"dev":     `stack "dev": want <environment>-<provider>`,
		"dev-aws": `stack "dev-aws": want <environment>-<provider>`,
		"dev-gcp": "settings of stack dev-gcp (Pulumi.dev.yaml):\n" + `ai-worker:environment: is missing; want "dev"`,
	} {
		all, err := componentstest.Run(t, Run, componentstest.WithStack(stack))
		require.ErrorContains(t, err, want)
		require.Empty(t, all)
	}
}
