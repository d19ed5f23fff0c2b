package delivery_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"ai-worker/config"
)

const github = "../../.github"

// workflow is what of a workflow, or of a composite action, is held to something.
type workflow struct {
	On          yaml.Node         `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Concurrency map[string]any    `yaml:"concurrency"`
	Jobs        map[string]job    `yaml:"jobs"`
	Runs        job               `yaml:"runs"` // Runs is a composite action's.
}

type job struct {
	Permissions map[string]string `yaml:"permissions"`
	Timeout     int               `yaml:"timeout-minutes"`
	Environment string            `yaml:"environment"`
	Steps       []step            `yaml:"steps"`
}

type step struct {
	Uses string         `yaml:"uses"`
	With map[string]any `yaml:"with"`
	Run  string         `yaml:"run"`
}

func read(t *testing.T, pattern string) (files map[string]workflow, text map[string]string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(github, pattern))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	files, text = map[string]workflow{}, map[string]string{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		var w workflow
		require.NoError(t, yaml.Unmarshal(content, &w), path)
		files[path], text[path] = w, string(content)
	}
	return files, text
}

// steps are those of all workflows and actions, by file.
func steps(t *testing.T) map[string][]step {
	t.Helper()
	all := map[string][]step{}
	for _, pattern := range []string{"workflows/*.yml", "actions/*/action.yml"} {
		files, _ := read(t, pattern)
		for path, w := range files {
			all[path] = w.Runs.Steps
			for _, j := range w.Jobs {
				all[path] = append(all[path], j.Steps...)
			}
			require.NotEmpty(t, all[path], path)
		}
	}
	return all
}

// Nothing is granted to a workflow as a whole, and each job says what it needs.
func TestJobsAreBounded(t *testing.T) {
	files, _ := read(t, "workflows/*.yml")
	for path, w := range files {
		require.NotNil(t, w.Permissions, path)
		require.Empty(t, w.Permissions, path)
		require.Contains(t, w.Concurrency, "group", path)
		for name, j := range w.Jobs {
			require.NotNil(t, j.Permissions, "%s: %s says no permissions", path, name)
			require.Positive(t, j.Timeout, "%s: %s has no timeout-minutes", path, name)
			// The repository's own token writes no code and merges nothing.
			require.NotEqual(t, "write", j.Permissions["contents"], "%s: %s", path, name)
			if j.Permissions["id-token"] != "" {
				require.NotEmpty(t, j.Environment, "%s: %s has an identity and no environment, by which the clouds know it", path, name)
			}
		}
	}
}

// A job that runs a pull request's code has the identity that reads, and none for a fork.
func TestPullRequestsOnlyRead(t *testing.T) {
	files, text := read(t, "workflows/*.yml")
	seen := 0
	for path, w := range files {
		require.NotRegexp(t, `(?m)^ +(pull_request_target|workflow_run|issue_comment):`, text[path], "%s: anybody sets it off, and it has our token", path)
		if !regexp.MustCompile(`(?m)^  pull_request:`).MatchString(text[path]) {
			continue
		}
		for name, j := range w.Jobs {
			if j.Permissions["id-token"] != "" {
				seen++
				require.True(t, strings.HasSuffix(j.Environment, "-plan"), "%s: %s runs in %s", path, name, j.Environment)
			}
		}
	}
	require.Positive(t, seen)
}

var (
	pinned  = regexp.MustCompile(`uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n`)
	foreign = regexp.MustCompile(`uses: [^.\s][^\n]*\n`)
)

// An action is pinned by the hash of a commit, with the version that it is, and by one hash everywhere.
func TestActionsArePinned(t *testing.T) {
	versions := map[string]string{}
	for _, pattern := range []string{"workflows/*.yml", "actions/*/action.yml"} {
		_, text := read(t, pattern)
		for path, content := range text {
			for _, line := range foreign.FindAllString(content, -1) {
				require.Regexp(t, "^"+pinned.String()+"$", line, path)
				name, at, _ := strings.Cut(line, "@")
				require.Contains(t, []string{"", at}, versions[name], "%s: %s is of another version elsewhere", path, name)
				versions[name] = at
			}
		}
	}
	require.NotEmpty(t, versions)
}

// The token of a checkout stays out of reach of what runs after it, but where it pushes.
func TestCheckoutsKeepNoToken(t *testing.T) {
	for path, all := range steps(t) {
		pushes := slices.ContainsFunc(all, func(s step) bool { return strings.Contains(s.Run, "git push") })
		for _, s := range all {
			if strings.HasPrefix(s.Uses, "actions/checkout@") && (!pushes || s.With["token"] == nil) {
				require.Equal(t, false, s.With["persist-credentials"], path)
			}
		}
	}
}

// commands may begin a line of a script: the project's own, what hands a value to a
// later step, and the few that cannot be avoided.
var commands = regexp.MustCompile(`^(make |infra |\.ci/run$|echo |\{$|\} >> "\$GITHUB_(ENV|OUTPUT)"$|tag=|git |commit --message |git push |gh workflow run |az acr login )`)

// What can go wrong is in Go and tested there; and an expression in a script would be
// replaced before the shell reads it, quotes or not.
func TestScriptsAreCalls(t *testing.T) {
	for path, all := range steps(t) {
		for _, s := range all {
			require.NotContains(t, s.Run, "${{", "%s: pass it by env", path)
			for line := range strings.Lines(s.Run) {
				require.Regexp(t, commands, strings.TrimSpace(line), path)
			}
		}
	}
}

// Branch and environment go together as the settings say, wherever a workflow names them.
func TestBranchesDeployTheirEnvironments(t *testing.T) {
	want := map[string]string{}
	for _, env := range config.Environments {
		s, err := config.LoadFile("../../Pulumi."+env+".yaml", env+"-gcp")
		require.NoError(t, err)
		want[s.Repository.Branch] = env
	}
	object := regexp.MustCompile(`fromJSON\('(\{"development":"?\[?"?dev[^']*)'\)`)
	_, text := read(t, "workflows/*.yml")
	seen := 0
	for path, content := range text {
		for _, m := range object.FindAllStringSubmatch(content, -1) {
			got := map[string]string{}
			require.NoError(t, yaml.Unmarshal([]byte(strings.NewReplacer("[", "", "]", "").Replace(m[1])), &got), path)
			require.Equal(t, want, got, path)
			seen++
		}
	}
	require.GreaterOrEqual(t, seen, 6)
}
