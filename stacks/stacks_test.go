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
	"ai-worker/config"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/all"
	_ "ai-worker/internal/sandbox/cloudflare"
	_ "ai-worker/internal/sandbox/gcp/sdk/all"
	_ "ai-worker/internal/sandbox/kubernetes"
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
	environment, _, _ := strings.Cut(stack, "-")
	s, err := config.LoadFile("../Pulumi."+environment+".yaml", stack)
	require.NoError(t, err)
	return componentstest.Run(t, stacks.Run, componentstest.WithStack(stack), componentstest.WithConfig(values),
		componentstest.WithGiven(t, "../sandbox.yaml"), upstream(s))
}

func TestInventory(t *testing.T) {
	for _, environment := range stacks.Environments() {
		for _, provider := range stacks.Present("../Pulumi." + environment + ".yaml") {
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
	for _, provider := range stacks.Providers() {
		all, err := run(t, stacks.Name("prod", provider), settings(t, "../Pulumi.prod.yaml"))
		require.NoError(t, err)
		for _, r := range all {
			if r.Custom && !strings.HasPrefix(r.Type, "pulumi:") {
				of, _, _ := strings.Cut(r.Type, ":")
				require.Contains(t, r.Provider, "pulumi:providers:"+of+"::"+provider, "%s %s", r.Type, r.Name)
				require.Contains(t, r.Parent, "ai-worker:"+provider+":", "%s %s stands outside of a component", r.Type, r.Name)
			}
		}
	}
}

func TestProductionIsProtected(t *testing.T) {
	stateful := map[string]map[string]int{"gcp": {
		"gcp:sql/databaseInstance:DatabaseInstance": 2, "gcp:sql/database:Database": 1, "gcp:sql/user:User": 3,
		"gcp:storage/bucket:Bucket": 2, "gcp:secretmanager/secret:Secret": 3, "gcp:container/cluster:Cluster": 1,
		"gcp:artifactregistry/repository:Repository": 2, "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": 1,
	}, "azure": {
		"azure-native:resources:ResourceGroup": 1, "azure-native:dbforpostgresql/v20240801:Server": 1,
		"azure-native:dbforpostgresql/v20240801:Database": 1, "azure-native:storage:StorageAccount": 2,
		"azure-native:storage:BlobContainer": 2, "azure-native:keyvault:Vault": 1, "azure-native:keyvault:Secret": 2,
		"azure-native:containerregistry:Registry": 1, "azure-native:operationalinsights:Workspace": 1,
		"azure-native:app/v20240301:ManagedEnvironment": 1,
	}, "kubernetes": {
		"kubernetes:core/v1:Namespace": 3, "kubernetes:argoproj.io/v1alpha1:ApplicationSet": 1,
	}, "cloudflare": {
		"cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride": 1, "cloudflare:index/zoneDnssec:ZoneDnssec": 1,
	}}
	for provider, types := range stateful {
		all, err := run(t, stacks.Name("prod", provider), settings(t, "../Pulumi.prod.yaml"))
		require.NoError(t, err)
		for typ, count := range types {
			found := all.OfType(typ)
			require.Equal(t, count, len(found), typ)
			for _, r := range found {
				require.True(t, r.Protect, "%s %s", typ, r.Name)
			}
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
