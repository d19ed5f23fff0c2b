package config_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	settings "ai-worker/config"
)

const (
	data      = "a destroy, or a rename in a pull request, must not be able to delete production's data"
	rehearsed = "what is rehearsed on stage must be what happens on prod, backups included"
	zones     = "one zone's outage must not be the service's"
	tags      = "a tag that can be moved lets what was tested on stage differ from what runs on prod"
	spot      = "a pool of nothing but spot machines may be reclaimed as a whole; keep one that is not"
	running   = "what is deleted here takes down everything that runs in the environment"
	lists     = "a name that is lost from a list must not take down what it named"
	unsigned  = "a zone that loses its keys while the registrar has them is resolved by nobody"
	deployed  = "a commit must not be deployed before somebody says so"
	region    = "a region's outage must not be the end of the data"
	runners   = "a runner that outlives its jobs lets one pull request act as the next"
)

func TestRules(t *testing.T) {
	prod, both := []string{"prod"}, []string{"stage", "prod"}
	const registry, existing = "registry: {", "{existing: {project: platform, name: shared}}\n    cluster: {project: platform, name: shared}"
	tested := map[string]bool{}
	for _, tc := range []struct {
		path, reason string
		environments []string
		exchange     []string
	}{
		{"gcp.database.allowDeletion", data, prod, []string{"database: {", "database: {allowDeletion: true, "}},
		{"gcp.registry.allowDeletion", data, prod, []string{registry, registry + "allowDeletion: true, "}},
		{"gcp.deploy.allowDeletion", data, prod, []string{"    registry", "    deploy: {allowDeletion: true}\n    registry"}},
		{"gcp.cluster.create.allowDeletion", data, prod, []string{existing, "{vpc: {}}\n    cluster: {create: {allowDeletion: true}}"}},
		{"gcp.buckets.uploads.allowDeletion", data, prod, []string{"uploads: {", "spare: {}\n      uploads: {allowDeletion: true, "}},
		{"gcp.secrets.api-key.allowDeletion", data, prod, []string{"api-key: {", "spare: {}\n      api-key: {allowDeletion: true"}},
		{"gcp.database.backup.disabled", rehearsed, both, []string{"database: {", "database: {backup: {disabled: true}, "}},
		{"gcp.database.zonal", zones, prod, []string{"database: {", "database: {zonal: true, "}},
		{"gcp.registry.allowMutableTags", tags, both, []string{registry, registry + "allowMutableTags: true, "}},
		{"gcp.nodePools.workers.spot", spot, prod, []string{"workers: {", "workers: {spot: true, "}},
		{"gcp.deploy.allowSelfHosted", runners, both, []string{"    registry", "    deploy: {allowSelfHosted: true}\n    registry"}},
		{"kubernetes.namespace.allowDeletion", running, prod, []string{"namespace: {quota", "namespace: {allowDeletion: true, quota"}},
		{"kubernetes.secretsOperator.allowDeletion", running, prod, []string{"    gitops", "    secretsOperator: {allowDeletion: true}\n    gitops"}},
		{"kubernetes.gitops.allowDeletion", running, prod, []string{"gitops: {", "gitops: {allowDeletion: true, "}},
		{"kubernetes.argocd.allowDeletion", running, prod, []string{"    gitops", "    argocd: {allowDeletion: true}\n    gitops"}},
		{"kubernetes.gitops.allowCascade", lists, prod, []string{"gitops: {", "gitops: {allowCascade: true, "}},
		{"kubernetes.externalDns.allowRecordDeletion", lists, prod, []string{"externalDns: {", "externalDns: {allowRecordDeletion: true, "}},
		{"gcp.allowHostDeletion", data, prod, []string{"    registry", "    allowHostDeletion: true\n    registry"}},
		{"cloudflare.zone.allowDeletion", unsigned, prod, []string{"zone: {minTls", "zone: {allowDeletion: true, minTls"}},
		{"azure.group.allowDeletion", data, prod, []string{"    image: app1", "    group: {allowDeletion: true}\n    image: app1"}},
		{"azure.workspace.allowDeletion", data, prod, []string{"    image: app1", "    workspace: {allowDeletion: true}\n    image: app1"}},
		{"azure.registry.allowDeletion", data, prod, []string{"untaggedDays: 30", "allowDeletion: true"}},
		{"azure.database.allowDeletion", data, prod, []string{"sku:", "allowDeletion: true, sku:"}},
		{"azure.vault.allowDeletion", data, prod, []string{"    image: app1", "    vault: {allowDeletion: true}\n    image: app1"}},
		{"azure.apps.allowDeletion", data, prod, []string{"    image: app1", "    apps: {allowDeletion: true}\n    image: app1"}},
		{"azure.deploy.allowDeletion", data, prod, []string{"    image: app1", "    deploy: {allowDeletion: true}\n    image: app1"}},
		{"azure.buckets.files.allowDeletion", data, prod, []string{"files: {", "spare: {}\n      files: {allowDeletion: true, "}},
		{"azure.database.zonal", zones, prod, []string{"sku:", "zonal: true, sku:"}},
		{"azure.apps.disableZoneRedundancy", zones, prod, []string{"    image: app1", "    apps: {disableZoneRedundancy: true}\n    image: app1"}},
		{"azure.registry.disableZoneRedundancy", zones, prod, []string{"untaggedDays: 30", "disableZoneRedundancy: true"}},
		{"azure.database.backup.disableGeo", region, prod, []string{"sku:", "backup: {disableGeo: true}, sku:"}},
		{"kubernetes.gitops.automated", deployed, both, []string{"gitops: {", "gitops: {automated: true, "}},
	} {
		tested[tc.reason] = true
		for _, environment := range settings.Environments {
			t.Run(tc.path+" "+environment, func(t *testing.T) {
				_, err := load(t, environment+"-gcp", file(t, environment, tc.exchange...))
				if !slices.Contains(tc.environments, environment) {
					require.NoError(t, err)
					return
				}
				require.Equal(t, []string{"ai-worker:" + tc.path + ": want false in " + environment + ": " + tc.reason}, lines(err))
			})
		}
	}
	for _, reason := range settings.Reasons() {
		require.True(t, tested[reason], "this rule is not tested: %s", reason)
	}
}

func TestSpotBesideOthers(t *testing.T) {
	_, err := load(t, "prod-gcp", file(t, "prod", "workers: {", "cheap: {spot: true}\n      workers: {"))
	require.NoError(t, err)
	_, err = load(t, "prod-gcp", file(t, "prod", "workers: {", "cheap: {spot: true}\n      workers: {spot: true, "))
	require.Equal(t, []string{
		"ai-worker:gcp.nodePools.cheap.spot: want false in prod: " + spot,
		"ai-worker:gcp.nodePools.workers.spot: want false in prod: " + spot,
	}, lines(err))
}

func TestBranches(t *testing.T) {
	for _, environment := range settings.Environments {
		_, err := load(t, environment+"-gcp", file(t, environment))
		require.NoError(t, err)
		_, err = load(t, environment+"-gcp", file(t, environment, "branch: ", "branch: feature/"))
		require.Equal(t, []string{`ai-worker:repository.branch: "feature/` + branches[environment] + `", want "` + branches[environment] +
			`" in ` + environment + ": another branch would deploy here"}, lines(err))
	}
}
