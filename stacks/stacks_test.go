package stacks_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/gcp/sdk/all"
	"ai-worker/stacks"
)

var update = flag.Bool("update", false, "write the golden inventories anew")

// settings reads a settings file as the engine hands it to a program.
func settings(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	values := map[string]string{}
	for key, value := range file.Config {
		if s, isString := value.(string); isString {
			values[key] = s
			continue
		}
		text, err := json.Marshal(value)
		require.NoError(t, err)
		values[key] = string(text)
	}
	return values
}

func run(t *testing.T, stack string, values map[string]string) (componentstest.Registrations, error) {
	t.Helper()
	return componentstest.Run(t, stacks.Run, componentstest.WithStack(stack), componentstest.WithConfig(values),
		componentstest.WithGiven(t, "../sandbox.yaml"))
}

func TestInventory(t *testing.T) {
	for _, environment := range stacks.Environments() {
		for _, provider := range stacks.Providers() {
			stack := stacks.Name(environment, provider)
			t.Run(stack, func(t *testing.T) {
				all, err := run(t, stack, settings(t, "../Pulumi."+environment+".yaml"))
				require.NoError(t, err)
				var lines []string
				for _, r := range all {
					_, parent, _ := strings.Cut(r.Parent, "::ai-worker::")
					lines = append(lines, strings.TrimSpace(r.Type+" "+r.Name+" < "+parent))
				}
				got := strings.Join(lines, "\n") + "\n"
				golden := filepath.Join("testdata", stack+".golden")
				if *update {
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				gone, come := difference(string(want), got)
				require.Empty(t, append(gone, come...), "the stack's resources changed: go test ./stacks -update, and read the diff")
			})
		}
	}
}

// TestEveryResourceNamesItsProvider: the engine would refuse it, since default
// providers are off; here it is found without the engine.
func TestEveryResourceNamesItsProvider(t *testing.T) {
	all, err := run(t, "prod-gcp", settings(t, "../Pulumi.prod.yaml"))
	require.NoError(t, err)
	for _, r := range all {
		if r.Custom && !strings.HasPrefix(r.Type, "pulumi:") {
			require.Contains(t, r.Provider, "pulumi:providers:gcp::gcp", "%s %s", r.Type, r.Name)
			require.Contains(t, r.Parent, "ai-worker:gcp:", "%s %s stands outside of a component", r.Type, r.Name)
		}
	}
}

func TestProductionIsProtected(t *testing.T) {
	all, err := run(t, "prod-gcp", settings(t, "../Pulumi.prod.yaml"))
	require.NoError(t, err)
	stateful := map[string]int{
		"gcp:sql/databaseInstance:DatabaseInstance": 2, "gcp:sql/database:Database": 1, "gcp:sql/user:User": 3,
		"gcp:storage/bucket:Bucket": 2, "gcp:secretmanager/secret:Secret": 2, "gcp:container/cluster:Cluster": 1,
		"gcp:artifactregistry/repository:Repository": 2, "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": 1,
	}
	for typ, count := range stateful {
		found := all.OfType(typ)
		require.Len(t, found, count, typ)
		for _, r := range found {
			require.True(t, r.Protect, "%s %s", typ, r.Name)
		}
	}
}

// difference are the lines that only one of two texts has, with a sign.
func difference(before, after string) (gone, come []string) {
	has := func(text, line string) bool { return strings.Contains("\n"+text, "\n"+line+"\n") }
	for line := range strings.Lines(before) {
		if line = strings.TrimSpace(line); !has(after, line) {
			gone = append(gone, "- "+line)
		}
	}
	for line := range strings.Lines(after) {
		if line = strings.TrimSpace(line); !has(before, line) {
			come = append(come, "+ "+line)
		}
	}
	return gone, come
}
