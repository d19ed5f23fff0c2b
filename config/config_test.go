package config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	settings "ai-worker/config"
)

// good is a file of one environment, on somebody else's cluster.
const good = `config:
  gcp:project: another package's
  ai-worker:environment: ENV
  ai-worker:domain: dev.example.com
  ai-worker:repository:
    owner: example-org
    ownerId: "100"
    name: ai-worker
    id: "200"
    branch: BRANCH
  ai-worker:gcp:
    project: ai-worker-dev
    region: asia-northeast1
    namespace: dev
    network: {existing: {project: platform, name: shared}}
    cluster: {project: platform, name: shared}
    nodePools:
      workers: {machineType: n2d-standard-4, scaling: {maxPerZone: 2}}
    database: {generation: 1, version: POSTGRES_16, tier: db-custom-1-3840}
    buckets:
      uploads: {lifecycleRules: [{action: Delete, ageDays: 7, createdBefore: "2025-12-31"}]}
    registry: {name: ai-worker}
    secrets:
      api-key: {}
      dns-token: {}
    workloads:
      api: {database: true, buckets: {uploads: read}, secrets: [api-key]}
      external-dns: {secrets: [dns-token]}
  ai-worker:dns:
    zoneId: 0123456789abcdef0123456789abcdef
    hosts: {api: {stage: proxied}}
    owners: {preview: external-dns, mail: nobody}
  ai-worker:kubernetes:
    namespace: {quota: {cpu: "4", memory: 8Gi, pods: 20}}
    gitops: {apps: [app1]}
    externalDns: {workload: external-dns, token: dns-token}
  ai-worker:cloudflare:
    accountId: 0123456789abcdef0123456789abcdef
    zone: {minTls: "1.3"}
    records: [{name: app, type: CNAME, content: app.example.net, proxied: true}]
    access: {hosts: [app, api], emailDomains: [example.com]}
  ai-worker:azure:
    subscription: 0d1e2f30-4152-4637-8495-a6b7c8d9e0f1
    tenant: 7a8b9c0d-1e2f-4a3b-8c4d-5e6f7a8b9c0d
    location: japaneast
    image: app1:3f9c2ab
    network: {range: 10.60.0.0/20}
    registry: {untaggedDays: 30, name: aiworker}
    database: {generation: 1, version: "16", sku: Standard_D2ds_v5, databases: [app]}
    buckets:
      files: {softDeleteDays: 7}
    secrets: [session-key]
    workloads:
      web: {cpu: 0.5, ingress: {port: 3000, allowInternet: true}, scale: {max: 2}, signUrls: true, buckets: {files: read}, secrets: [session-key]}
      migrate: {cpu: 0.25, job: {retries: 1}, database: true, databaseAdministrator: true}
    hosts: {web-azure: {workload: web, stage: named}}
`

var branches = map[string]string{"dev": "development", "stage": "staging", "prod": "main"}

// file is good in an environment, with texts exchanged: old, new, old, new.
func file(t *testing.T, environment string, exchange ...string) string {
	t.Helper()
	text := strings.NewReplacer("ENV", environment, "BRANCH", branches[environment]).Replace(good)
	for i := 0; i < len(exchange); i += 2 {
		require.Contains(t, text, exchange[i])
		text = strings.Replace(text, exchange[i], exchange[i+1], 1)
	}
	return text
}

// load reads the settings both ways, and demands that they agree to the letter:
// from the file, and in a program that the engine hands them to.
func load(t *testing.T, stack, text string) (*settings.Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Pulumi.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	s, err := settings.LoadFile(path, stack)
	inProgram, errInProgram := run(t, stack, engine(t, path))
	require.Equal(t, s, inProgram)
	require.Equal(t, fmt.Sprint(err), fmt.Sprint(errInProgram))
	return s, err
}

// engine is what the engine's own reader makes of a settings file.
func engine(t *testing.T, path string) map[string]string {
	t.Helper()
	stack, err := workspace.LoadProjectStack(nil, &workspace.Project{Name: settings.Project}, path)
	require.NoError(t, err)
	decrypted, err := stack.Config.Decrypt(config.NopDecrypter)
	require.NoError(t, err)
	values := map[string]string{}
	for key, value := range decrypted {
		values[key.String()] = value
	}
	return values
}

// run reads the settings in a program that the plain CLI runs.
func run(t *testing.T, stack string, values map[string]string) (*settings.Settings, error) {
	t.Helper()
	text, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(text))
	return loadIn(t, stack, values)
}

// loadIn is [settings.Load] in a program. Its monitor panics on any resource.
func loadIn(t *testing.T, stack string, values map[string]string) (s *settings.Settings, err error) {
	t.Helper()
	program := func(ctx *pulumi.Context) error {
		s, err = settings.Load(ctx)
		return nil
	}
	monitor := struct{ pulumi.MockResourceMonitor }{}
	require.NoError(t, pulumi.RunErr(program, pulumi.WithMocks(settings.Project, stack, monitor),
		func(info *pulumi.RunInfo) { info.Config = values }))
	return s, err
}

// TestRealFiles: every stack's settings load, by the link that the plain CLI reads.
func TestRealFiles(t *testing.T) {
	for _, environment := range settings.Environments {
		for _, provider := range settings.Providers {
			stack := environment + "-" + provider
			path := filepath.Join("..", "Pulumi."+stack+".yaml")
			s, err := settings.LoadFile(path, stack)
			if stack == "stage-azure" {
				require.EqualError(t, err, "settings of stack stage-azure (Pulumi.stage.yaml):\nai-worker:azure: is missing: "+
					`environment stage has no Azure; a stack "stage-azure" begins with these settings`)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, environment, s.Environment)
			inProgram, err := run(t, stack, engine(t, path))
			require.NoError(t, err)
			require.Equal(t, s, inProgram)
		}
	}
}

func TestStack(t *testing.T) {
	environment, provider, err := settings.Stack("stage-gcp")
	require.NoError(t, err)
	require.Equal(t, "stage gcp", environment+" "+provider)
	for _, name := range []string{"dev", "gcp", "dev-", "-gcp", "qa-gcp", "dev-aws", "gcp-dev", "dev-gcp-2", "Dev-gcp"} {
		_, err := load(t, name, file(t, "dev"))
		require.EqualError(t, err, fmt.Sprintf("stack %q: want <environment>-<provider>, "+
			"with an environment of dev, stage, prod and a provider of gcp, azure, kubernetes, cloudflare", name))
	}
}

func TestUnreadableFiles(t *testing.T) {
	_, err := settings.LoadFile(filepath.Join(t.TempDir(), "Pulumi.dev.yaml"), "dev-gcp")
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "settings of stack dev-gcp: open")
	require.ErrorContains(t, err, "Pulumi.dev.yaml")
	for text, want := range map[string]string{
		"config:\n    a: 1\n  b: 2\n":  "line 2: did not find expected key",
		"config:\n\tai-worker:domain:": "line 2: found character that cannot start any token",
		"config: dev\n":                "line 1: cannot unmarshal !!str",
		file(t, "dev", "  ai-worker:domain", "  ai-worker:gcp: {}\n  ai-worker:domain"): `line 12: mapping key "ai-worker:gcp" already defined at line 4`,
	} {
		path := filepath.Join(t.TempDir(), "Pulumi.dev.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := settings.LoadFile(path, "dev-gcp")
		require.ErrorContains(t, err, "settings of stack dev-gcp: "+path+": yaml: ")
		require.ErrorContains(t, err, want)
	}
	t.Setenv(pulumi.EnvConfig, "{")
	_, err = loadIn(t, "dev-gcp", nil)
	require.EqualError(t, err, "PULUMI_CONFIG: unexpected end of JSON input")
}

// A key without the project's name is the project's own, as to the engine.
func TestShortKeys(t *testing.T) {
	s, err := load(t, "dev-gcp", file(t, "dev", "ai-worker:domain", "domain", "ai-worker:gcp", "gcp"))
	require.NoError(t, err)
	require.Equal(t, "dev.example.com asia-northeast1", s.Domain+" "+s.GCP.Region)
}

func TestDecommission(t *testing.T) {
	const create = "    network: {vpc: {}}\n    cluster: {create: {}}\n"
	text := file(t, "prod", "  ai-worker:domain", "  ai-worker:decommission: prod\n  ai-worker:domain",
		"    network: {existing: {project: platform, name: shared}}\n    cluster: {project: platform, name: shared}\n", create)
	s, err := load(t, "prod-gcp", text)
	require.NoError(t, err)
	for path, lifted := range map[string]bool{
		"database": s.GCP.Database.AllowDeletion, "registry": s.GCP.Registry.AllowDeletion, "deploy": s.GCP.Deploy.AllowDeletion,
		"cluster": s.GCP.Cluster.Create.AllowDeletion, "buckets": s.GCP.Buckets["uploads"].AllowDeletion,
		"secrets": s.GCP.Secrets["api-key"].AllowDeletion,
	} {
		require.True(t, lifted, path)
	}
	a := s.Azure
	for path, lifted := range map[string]bool{
		"group": a.Group.AllowDeletion, "workspace": a.Workspace.AllowDeletion, "registry": a.Registry.AllowDeletion,
		"database": a.Database.AllowDeletion, "vault": a.Vault.AllowDeletion, "apps": a.Apps.AllowDeletion,
		"deploy": a.Deploy.AllowDeletion, "buckets": a.Buckets["files"].AllowDeletion,
	} {
		require.True(t, lifted, "azure "+path)
	}
	_, err = load(t, "prod-gcp", strings.Replace(text, "database: {", "database: {allowDeletion: true, zonal: true, ", 1))
	require.Equal(t, []string{
		"ai-worker:gcp.database.allowDeletion: want false in prod: a destroy, or a rename in a pull request, must not be able to delete production's data",
		"ai-worker:gcp.database.zonal: want false in prod: one zone's outage must not be the service's",
	}, lines(err), "it waives no rule")
}

// lines are the problems that an error lists.
func lines(err error) []string {
	_, list, _ := strings.Cut(fmt.Sprint(err), "\n")
	return strings.Split(list, "\n")
}

// TestPresent: Azure is there where settings name it. What cannot be read has
// everything, so that whoever reads it for good says what is wrong.
func TestPresent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Pulumi.dev.yaml")
	require.Equal(t, settings.Providers, settings.Present(path))
	for text, want := range map[string][]string{
		"config: [":      {"gcp", "azure", "kubernetes", "cloudflare"},
		file(t, "dev"):   {"gcp", "azure", "kubernetes", "cloudflare"},
		"config: {a: 1}": {"gcp", "kubernetes", "cloudflare"},
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.Equal(t, want, settings.Present(path))
	}
}
