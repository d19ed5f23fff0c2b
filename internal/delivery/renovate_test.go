package delivery_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// rule is a package rule of Renovate, as far as it is about modules of Go.
type rule struct {
	Description  string   `json:"description"`
	Managers     []string `json:"matchManagers"`
	Names        []string `json:"matchPackageNames"`
	Files        []string `json:"matchFileNames"`
	UpdateTypes  []string `json:"matchUpdateTypes"`
	CurrentValue string   `json:"matchCurrentValue"`
	Group        string   `json:"groupName"`
	Enabled      *bool    `json:"enabled"`
}

// matches says whether the rule is about an update of a module in a file. Patterns are
// names and those that end in /**.
func (r rule) matches(file, name, version, update string) bool {
	match := func(patterns []string, value string) bool {
		return patterns == nil || slices.ContainsFunc(patterns, func(p string) bool {
			folder, all := strings.CutSuffix(p, "/**")
			return p == value || all && strings.HasPrefix(value, folder+"/")
		})
	}
	return match(r.Managers, "gomod") && match(r.Names, name) && match(r.Files, file) && match(r.UpdateTypes, update) &&
		(r.CurrentValue == "" || r.CurrentValue == version)
}

// outcome is what the rules together make of an update; a later one wins.
func outcome(rules []rule, file, name, version, update string) (group string, enabled bool) {
	enabled = true
	for _, r := range rules {
		if !r.matches(file, name, version, update) {
			continue
		}
		if r.Group != "" {
			group = r.Group
		}
		if r.Enabled != nil {
			enabled = *r.Enabled
		}
	}
	return group, enabled
}

// groups are the modules that move together: those whose path begins so.
var groups = []struct {
	prefix, group string
	majors        bool // majors says that the next major version is offered
}{
	{"github.com/pulumi/pulumi-gcp/", "Pulumi gcp", false},
	{"github.com/pulumi/pulumi-cloudflare/", "Pulumi cloudflare", false},
	{"github.com/pulumi/pulumi-azure-native-sdk/", "Pulumi azure-native", false},
	{"github.com/pulumi/pulumi-kubernetes/", "Pulumi kubernetes", true},
	{"github.com/pulumi/pulumi/sdk/", "Pulumi engine", true},
	{"github.com/pulumi/pulumi/pkg/", "Pulumi engine", true},
	{"k8s.io/", "Kubernetes API server", true},
	{"github.com/golangci/golangci-lint/", "Linters", true},
	{"github.com/rhysd/actionlint", "Linters", true},
}

func TestModulesMoveTogether(t *testing.T) {
	text, err := os.ReadFile("../../renovate.json")
	require.NoError(t, err)
	var config struct {
		Rules []rule `json:"packageRules"`
	}
	require.NoError(t, json.Unmarshal(text, &config))
	for _, r := range config.Rules {
		require.True(t, r.Enabled == nil || *r.Enabled || r.Description != "", "%v is held without a reason", r.Names)
	}

	seen := map[string]int{}
	for _, file := range []string{"go.mod", "tools/go.mod", "tools/lint/go.mod", "tools/actionlint/go.mod"} {
		text, err := os.ReadFile(filepath.Join("../..", file))
		require.NoError(t, err)
		mod, err := modfile.Parse(file, text, nil)
		require.NoError(t, err)
		versions := map[string]string{}
		for _, r := range mod.Require {
			versions[r.Mod.Path] = r.Mod.Version
		}
		for _, r := range mod.Replace {
			versions[r.New.Path] = r.New.Version // the version that counts, and that Renovate moves
		}
		for name, version := range versions {
			for _, g := range groups {
				if !strings.HasPrefix(name, g.prefix) {
					continue
				}
				seen[g.prefix]++
				group, enabled := outcome(config.Rules, file, name, version, "minor")
				require.Equal(t, g.group, group, "%s in %s", name, file)
				require.True(t, enabled, "%s in %s is held", name, file)
				_, enabled = outcome(config.Rules, file, name, version, "major")
				require.Equal(t, g.majors, enabled, "majors of %s in %s", name, file)
			}
		}
	}
	for _, g := range groups {
		require.Positive(t, seen[g.prefix], "nothing in %s", g.prefix)
	}
	_, enabled := outcome(config.Rules, "go.mod", "k8s.io/kubelet", "v0.0.0", "minor")
	require.False(t, enabled, "a version that a replace line overrules")
	_, enabled = outcome(config.Rules, "tools/languagehost/go.mod", "github.com/pulumi/pulumi/sdk/v3", "v3.65.0", "minor")
	require.False(t, enabled, "the last SDK with the language host")
}
