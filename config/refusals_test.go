package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	pool       = "workers: {machineType: n2d-standard-4, scaling: {maxPerZone: 2}}"
	repository = "    owner: example-org\n    ownerId: \"100\"\n    name: ai-worker\n    id: \"200\"\n    branch: development\n"
)

// TestRefusals demands every line of a message, so that no problem hides another
// and none is told twice.
func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		exchange []string
		want     []string
	}{
		"environment missing": {
			[]string{"  ai-worker:environment: dev\n", ""},
			[]string{`ai-worker:environment: is missing; want "dev"`},
		},
		"another environment": {
			[]string{"environment: dev", "environment: stage", "branch: development", "branch: staging"},
			[]string{`ai-worker:environment: "stage" is not the environment of stack "dev-gcp": the file describes another one`},
		},
		"unknown environment": {
			[]string{"environment: dev", "environment: qa"},
			[]string{`ai-worker:environment: "qa" is not the environment of stack "dev-gcp": the file describes another one`},
		},
		"domain": {
			[]string{"domain: dev.example.com", "domain: https://dev.example.com"},
			[]string{`ai-worker:domain: "https://dev.example.com" is no domain name, such as "dev.example.com"`},
		},
		"repository by names alone": {
			[]string{"    ownerId: \"100\"\n", "", "id: \"200\"", "id: example-org/ai-worker"},
			[]string{
				"ai-worker:repository.ownerId: \"\" is no number; `gh api users/example-org --jq .id` tells it",
				"ai-worker:repository.id: \"example-org/ai-worker\" is no number; `gh api repos/example-org/ai-worker --jq .id` tells it",
			},
		},
		"repository by numbers alone": {
			[]string{"    owner: example-org\n", "", "    name: ai-worker\n", ""},
			[]string{"ai-worker:repository.owner: is missing", "ai-worker:repository.name: is missing"},
		},
		"another branch": {
			[]string{"branch: development", "branch: main"},
			[]string{`ai-worker:repository.branch: "main", want "development" in dev: another branch would deploy here`},
		},
		"no branch": {
			[]string{"    branch: development\n", ""},
			[]string{`ai-worker:repository.branch: "", want "development" in dev: another branch would deploy here`},
		},
		"Azure": {
			[]string{
				"subscription: 0d1e2f30", "subscription: 0D1E2F30", "tenant: 7a8b9c0d-1e2f-4a3b-8c4d-5e6f7a8b9c0d", "tenant: example",
				"app1:3f9c2ab", "app1:latest", "    network: {range", "    tags: {environment: x}\n    network: {range",
				"web-azure: {workload: web, stage: named}", "\"@\": {workload: job, stage: x}, api: {workload: migrate}",
			},
			[]string{
				"ai-worker:azure.subscription: \"0D1E2F30-4152-4637-8495-a6b7c8d9e0f1\" is no UUID in lower case; `az account show` tells it",
				"ai-worker:azure.tenant: \"example\" is no UUID in lower case; `az account show` tells it",
				`ai-worker:azure.image: "app1:latest": want an image of the registry with a tag that stays, such as "app1:0a1b2c3", or a digest`,
				"ai-worker:azure.tags.environment: the stack gives this tag itself",
				"ai-worker:azure.hosts.@: the domain itself can have no CNAME, which the certificate is renewed by",
				`ai-worker:azure.hosts.@.stage: "x" is no stage: want one of dns-only, named, bound`,
				`ai-worker:azure.hosts.@.workload: "job" is none of the workloads`,
				`ai-worker:azure.hosts.api.workload: "migrate" has no ingress that the internet may reach`,
				"ai-worker:azure.hosts.api: is one of dns.hosts: the gateway answers to it",
			},
		},
		"workloads on Azure": {
			[]string{
				"buckets: {files: read}, secrets: [session-key]", "buckets: {other: read}, secrets: [other]",
				"database: true, databaseAdministrator", "signUrls: true, databaseAdministrator",
			},
			[]string{
				"ai-worker:azure.workloads.migrate.databaseAdministrator: database is not set",
				"ai-worker:azure.workloads.migrate.signUrls: it has no bucket to sign URLs of",
				`ai-worker:azure.workloads.web.buckets: "other" is none of the buckets`,
				`ai-worker:azure.workloads.web.secrets[0]: "other" is none of the secrets`,
			},
		},
		"a record of a host on Azure": {
			[]string{"{name: app, type: CNAME, content: app.example.net, proxied: true}", "{name: app, type: CNAME, content: app.example.net, proxied: true}, {name: web-azure, type: TXT, content: x}",
				"mail: nobody", "mail: nobody, asuid.web-azure: nobody"},
			[]string{
				"ai-worker:dns.owners.asuid.web-azure: is certificate-authority's by the hosts or records: two would write one name",
				`ai-worker:cloudflare.records[1].name: "web-azure" is one of azure.hosts, which makes its CNAME, and nothing stands beside a CNAME`,
			},
		},
		"no workloads on Azure": {
			[]string{"      web: {cpu: 0.5, ingress: {port: 3000, allowInternet: true}, scale: {max: 2}, signUrls: true, buckets: {files: read}, secrets: [session-key]}\n      migrate: {cpu: 0.25, job: {retries: 1}, database: true, databaseAdministrator: true}\n    hosts: {web-azure: {workload: web, stage: named}}\n", "      {}\n"},
			[]string{"ai-worker:azure.workloads: there are none, so nothing could run"},
		},
		"no settings of the provider": {
			[]string{"ai-worker:gcp", "gcp:another"},
			[]string{`ai-worker:gcp: is missing, and stack "dev-gcp" needs it`},
		},
		"zone": {
			[]string{"zoneId: 0123456789abcdef0123456789abcdef", "zoneId: dev.example.com"},
			[]string{`ai-worker:dns.zoneId: "dev.example.com" is no zone id: want 32 hexadecimal digits`},
		},
		"no zone": {
			[]string{"    zoneId: 0123456789abcdef0123456789abcdef\n", ""},
			[]string{"ai-worker:dns.zoneId: is missing, and external-dns needs it", "ai-worker:dns.zoneId: is missing, and the records need it"},
		},
		"hosts": {
			[]string{"{api: {stage: proxied}}", "{a.b: {}, api: {stage: proxi}}", "hosts: [app, api]", "hosts: [app]"},
			[]string{
				`ai-worker:dns.hosts.a.b: "a.b" is no host one level below the domain, such as "api"; "@" is the domain itself`,
				`ai-worker:dns.hosts.api.stage: "proxi" is no stage: want one of dns-only, certificate-ready, strict, proxied, origin-locked, authenticated`,
			},
		},
		"two owners of one name": {
			[]string{"mail: nobody", "api: nobody, app: external-dns, _acme-challenge.api: nobody"},
			[]string{
				"ai-worker:dns.owners._acme-challenge.api: is certificate-authority's by the hosts or records: two would write one name",
				"ai-worker:dns.owners.api: is cloudflare's by the hosts or records: two would write one name",
				"ai-worker:dns.owners.app: is cloudflare's by the hosts or records: two would write one name",
			},
		},
		"one name in another": {
			[]string{"mail: nobody", "a.preview: external-dns"},
			[]string{`ai-worker:dns.owners.preview: external-dns owns all names below this one, and "a.preview" is external-dns's: two would write one name`},
		},
		"a record in another's name": {
			[]string{"name: app,", "name: app.preview,", "hosts: [app, api]", "hosts: [api]"},
			[]string{`ai-worker:dns.owners.preview: external-dns owns all names below this one, and "app.preview" is cloudflare's: two would write one name`},
		},
		"owners": {
			[]string{"preview: external-dns", `"@": external-dns`, "mail: nobody", "mail.dev.example.com: nobody, a..b: nobody, www: cloudflair",
				"    externalDns: {workload: external-dns, token: dns-token}\n", ""},
			[]string{
				"ai-worker:dns.owners.@: external-dns would own the whole zone; give it a name in the zone",
				`ai-worker:dns.owners.a..b: "a..b" is no name in the zone, such as "mail"; leave the domain out, "@" is the domain itself`,
				`ai-worker:dns.owners.mail.dev.example.com: leave the domain "dev.example.com" out`,
				`ai-worker:dns.owners.www: "cloudflair" is no owner: want one of external-dns, nobody; what the stack owns follows from its hosts and records`,
			},
		},
		"a record of a host": {
			[]string{"name: app,", "name: api,", "hosts: [app, api]", "hosts: [api]"},
			[]string{`ai-worker:cloudflare.records[0].name: "api" is one of dns.hosts, which makes its address record`},
		},
		"two lists of CAA": {
			[]string{"records: [", `records: [{name: "@", type: CAA, caa: {tag: issue, value: pki.goog}}, `},
			[]string{"ai-worker:cloudflare.records[0].name: the stack makes the zone's own CAA records: set zone.caa.extra, or zone.caa.disabled to list them all here"},
		},
		"access to what is not proxied": {
			[]string{"stage: proxied", "stage: strict", ", proxied: true", "", "    accountId: 0123456789abcdef0123456789abcdef\n", ""},
			[]string{
				"ai-worker:cloudflare.accountId: is missing, and access needs it",
				`ai-worker:cloudflare.access.hosts[0]: "app" has no proxied record: Access would see none of its traffic`,
				`ai-worker:cloudflare.access.hosts[1]: "api" has no proxied record: Access would see none of its traffic`,
			},
		},
		"external-dns without a name": {
			[]string{"preview: external-dns", "preview: nobody"},
			[]string{"ai-worker:kubernetes.externalDns: there is no name in dns.owners that external-dns owns"},
		},
		"external-dns without a workload": {
			[]string{"workload: external-dns", "workload: dns"},
			[]string{`ai-worker:kubernetes.externalDns.workload: "dns" is none of the workloads`},
		},
		"external-dns without a token": {
			[]string{"token: dns-token", "token: key"},
			[]string{`ai-worker:kubernetes.externalDns.token: "key" is none of the secrets of workload external-dns`},
		},
		"pinned versions and labels": {
			[]string{"    gitops", "    externalSecrets: {versions: {other: 3}}\n    labels: {environment: x}\n    gitops"},
			[]string{
				"ai-worker:kubernetes.labels.environment: the stack gives this label itself",
				"ai-worker:kubernetes.externalSecrets.versions.other: no workload uses a secret of this name",
			},
		},
		"decommission of another environment": {
			[]string{"  ai-worker:domain", "  ai-worker:decommission: stage\n  ai-worker:domain"},
			[]string{`ai-worker:decommission: "stage" is not the environment "dev" that would be taken down`},
		},
		"place": {
			[]string{"project: ai-worker-dev", "project: Dev", "asia-northeast1", "asia-northeast1-a", "namespace: dev", "namespace: dev_1"},
			[]string{
				`ai-worker:gcp.project: "Dev" is no project id: 6 to 30 lower-case letters, digits and inner hyphens`,
				`ai-worker:gcp.region: "asia-northeast1-a" is no region, such as "asia-northeast1"`,
				`ai-worker:gcp.namespace: "dev_1" is no namespace: 1 to 63 lower-case letters, digits and inner hyphens`,
			},
		},
		"a vpc around somebody else's cluster": {
			[]string{"existing: {project: platform, name: shared}", "vpc: {}"},
			[]string{"ai-worker:gcp.network: a created cluster takes a vpc, and somebody else's cluster takes the existing network that it is in"},
		},
		"a cluster in somebody else's network": {
			[]string{"cluster: {project: platform, name: shared}", "cluster: {create: {}}"},
			[]string{"ai-worker:gcp.network: a created cluster takes a vpc, and somebody else's cluster takes the existing network that it is in"},
		},
		"whose cluster": {
			[]string{"cluster: {project: platform, name: shared}", "cluster: {name: shared}"},
			[]string{"ai-worker:gcp.cluster: project and name are required of somebody else's cluster; or give create"},
		},
		"no workload": {
			[]string{
				"      api: {database: true, buckets: {uploads: read}, secrets: [api-key]}\n", "      {}\n",
				"      external-dns: {secrets: [dns-token]}\n", "", "    externalDns: {workload: external-dns, token: dns-token}\n", "",
			},
			[]string{"ai-worker:gcp.workloads: there are none, so nothing could run"},
		},
		"labels of the stack's own": {
			[]string{"    network:", "    labels: {managed-by: hand}\n    network:"},
			[]string{"ai-worker:gcp.labels.managed-by: the stack gives this label itself"},
		},
		"what a workload names": {
			[]string{"buckets: {uploads: read}, secrets: [api-key]", "buckets: {a: read, uploads: read, b: read}, secrets: [api-key, c]",
				"      api:", "      a.b: {signUrls: true, secrets: [d]}\n      api:"},
			[]string{
				`ai-worker:gcp.workloads.a.b.secrets[0]: "d" is none of the secrets`,
				"ai-worker:gcp.workloads.a.b.signUrls: it has no bucket to sign URLs of",
				`ai-worker:gcp.workloads.api.buckets: "a" is none of the buckets`,
				`ai-worker:gcp.workloads.api.buckets: "b" is none of the buckets`,
				`ai-worker:gcp.workloads.api.secrets[1]: "c" is none of the secrets`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, "dev-gcp", file(t, "dev", tc.exchange...))
			require.ErrorContains(t, err, "settings of stack dev-gcp (Pulumi.dev.yaml):\n")
			require.Equal(t, tc.want, lines(err))
		})
	}
}

// TestStructure: what is misspelt or of another type, at every depth. What follows
// from it is not told, and what does not follow is.
func TestStructure(t *testing.T) {
	for name, tc := range map[string]struct {
		exchange []string
		want     []string
	}{
		"key at the top": {
			[]string{"ai-worker:domain", "ai-worker:domian"},
			[]string{`unknown field "domian" in ai-worker (did you mean "domain"?)`},
		},
		"object at the top": {
			[]string{"ai-worker:gcp", "ai-worker:gpc"},
			[]string{`unknown field "gpc" in ai-worker (did you mean "gcp"?)`},
		},
		"key beside the one meant": {
			[]string{"  ai-worker:domain", "  ai-worker:Domain: other\n  ai-worker:domain"},
			[]string{`unknown field "Domain" in ai-worker (did you mean "domain"?)`},
		},
		"nothing like it": {
			[]string{"    owner: example-org\n", "    owner: example-org\n    visibility: public\n"},
			[]string{`unknown field "visibility" in ai-worker:repository (known: branch, id, name, owner, ownerId)`},
		},
		"nothing like it, and short": {
			[]string{"    owner: example-org\n", "    owner: example-org\n    os: linux\n"},
			[]string{`unknown field "os" in ai-worker:repository (known: branch, id, name, owner, ownerId)`},
		},
		"keys below": {
			[]string{"region: asia-northeast1", "regoin: tokyo", "tier: db-custom-1-3840", "teir: db-f1-micro", "maxPerZone", "max_per_zone"},
			[]string{
				`unknown field "regoin" in ai-worker:gcp (did you mean "region"?)`,
				`unknown field "teir" in ai-worker:gcp.database (did you mean "tier"?)`,
				`unknown field "max_per_zone" in ai-worker:gcp.nodePools.workers.scaling (did you mean "maxPerZone"?)`,
				`ai-worker:gcp.region: "tokyo" is no region, such as "asia-northeast1"`,
			},
		},
		"key in a list": {
			[]string{"action: Delete", "acton: Delete"},
			[]string{`unknown field "acton" in ai-worker:gcp.buckets.uploads.lifecycleRules[0] (did you mean "action"?)`},
		},
		"case": {
			[]string{"machineType", "machinetype"},
			[]string{`unknown field "machinetype" in ai-worker:gcp.nodePools.workers (did you mean "machineType"?)`},
		},
		"number for string": {
			[]string{`ownerId: "100"`, "ownerId: 100"},
			[]string{"ai-worker:repository.ownerId: 100 is not a string (quote it)"},
		},
		"version as a number": {
			[]string{"name: shared}}\n", "name: shared}}\n    labels: {version: 1.30}\n"},
			[]string{"ai-worker:gcp.labels.version: 1.3 is not a string (quote it)"},
		},
		"true for string": {
			[]string{pool, "workers: {taints: [{key: a, value: true}]}"},
			[]string{"ai-worker:gcp.nodePools.workers.taints[0].value: true is not a string (quote it)"},
		},
		"string for number": {
			[]string{"ageDays: 7", "ageDays: 7d"},
			[]string{`ai-worker:gcp.buckets.uploads.lifecycleRules[0].ageDays: "7d" is not an integer`},
		},
		"fraction for integer": {
			[]string{"generation: 1", "generation: 1.5", "ageDays: 7", "ageDays: 1e30"},
			[]string{
				"ai-worker:gcp.buckets.uploads.lifecycleRules[0].ageDays: 1e+30 is not an integer",
				"ai-worker:gcp.database.generation: 1.5 is not an integer",
			},
		},
		"string for float": {
			[]string{"network: {existing", "network: {vpc: {flowLogs: {sampling: half}}, existing", "name: shared}\n", "name: shared, create: {}}\n"},
			[]string{`ai-worker:gcp.network.vpc.flowLogs.sampling: "half" is not a number`},
		},
		"yes for true": { // which YAML 1.1 read as a boolean
			[]string{"database: true", "database: yes"},
			[]string{`ai-worker:gcp.workloads.api.database: "yes" is not true or false`},
		},
		"date without quotes": {
			[]string{`"2025-12-31"`, "2025-12-31"},
			[]string{"ai-worker:gcp.buckets.uploads.lifecycleRules[0].createdBefore: is a date or time without quotes, " +
				"which YAML reads as 2025-12-31 00:00:00 +0000 UTC; quote it"},
		},
		"time without quotes": {
			[]string{"api-key: {}", "api-key: {expireTime: 2030-01-31T09:00:00+09:00}"},
			[]string{"ai-worker:gcp.secrets.api-key.expireTime: is a date or time without quotes, " +
				"which YAML reads as 2030-01-31 09:00:00 +0900 +0900; quote it"},
		},
		"list for map": {
			[]string{"      api-key: {}\n", "      - api-key\n", "      dns-token: {}\n", "", "secrets: [api-key]", "secrets: []", "{secrets: [dns-token]}", "{}",
				"    externalDns: {workload: external-dns, token: dns-token}\n", ""},
			[]string{`ai-worker:gcp.secrets: ["api-key"] is not an object`},
		},
		"map for list": {
			[]string{"secrets: [api-key]", "secrets: {api-key: read}"},
			[]string{`ai-worker:gcp.workloads.api.secrets: {"api-key":"read"} is not a list`},
		},
		"string for list": {
			[]string{"secrets: [api-key]", "secrets: api-key"},
			[]string{`ai-worker:gcp.workloads.api.secrets: "api-key" is not a list`},
		},
		"string for object": {
			[]string{"{existing: {project: platform, name: shared}}", "shared"},
			[]string{`ai-worker:gcp.network: "shared" is not an object`},
		},
		"list for object, which another setting goes with": {
			[]string{"{existing: {project: platform, name: shared}}\n    cluster: {project: platform, name: shared}", "{vpc: []}\n    cluster: {create: []}"},
			[]string{"ai-worker:gcp.cluster.create: [] is not an object", "ai-worker:gcp.network.vpc: [] is not an object"},
		},
		"a long value": {
			[]string{"database: {", "database: {disk: [11111111, 22222222, 33333333, 44444444, 55555555, 66666666, 77777777], "},
			[]string{"ai-worker:gcp.database.disk: this value is not an object"},
		},
		"string for object at the top": {
			[]string{repository, "    example-org/ai-worker\n"},
			[]string{`ai-worker:repository: "example-org/ai-worker" is not an object`},
		},
		"JSON and more at the top": {
			[]string{repository, "    '{} and more'\n"},
			[]string{`ai-worker:repository: "{} and more" is not an object`},
		},
		"nothing for an object at the top": {
			[]string{repository, ""},
			[]string{"ai-worker:repository: is empty; give it a value ({} means all defaults) or remove the key"},
		},
		"nothing": {
			[]string{"      api-key: {}", "      api-key:", "machineType: n2d-standard-4", "machineType: ", "ageDays: 7", "ageDays: ~"},
			[]string{
				"ai-worker:gcp.buckets.uploads.lifecycleRules[0].ageDays: is empty; give it a value or remove the key",
				"ai-worker:gcp.nodePools.workers.machineType: is empty; give it a value or remove the key",
				"ai-worker:gcp.secrets.api-key: is empty; give it a value ({} means all defaults) or remove the key",
			},
		},
		"nothing in a list": {
			[]string{"secrets: [api-key]", "secrets: [api-key, ~]"},
			[]string{"ai-worker:gcp.workloads.api.secrets[1]: is empty; give it a value or remove the key"},
		},
		"nothing at the top": {
			[]string{"domain: dev.example.com", "domain:"},
			[]string{`ai-worker:domain: "" is no domain name, such as "dev.example.com"`},
		},
		"a key that is no string": {
			[]string{"api-key: {}", "1: {}", "secrets: [api-key]", `secrets: ["1", api-key]`},
			[]string{`ai-worker:gcp.workloads.api.secrets[1]: "api-key" is none of the secrets`},
		},
		"several at once": {
			[]string{
				"domain: dev.example.com", "domain: dev", "ownerId: \"100\"", "ownerId: 100", "branch: development", "branch: main",
				"generation: 1", "generation: one", "registry: {name: ai-worker}", "registry: {nam: ai-worker, cleanup: []}",
				"uploads: read}", "downloads: read}",
			},
			[]string{
				"ai-worker:repository.ownerId: 100 is not a string (quote it)",
				`ai-worker:gcp.database.generation: "one" is not an integer`,
				`unknown field "nam" in ai-worker:gcp.registry (did you mean "name"?)`,
				"ai-worker:gcp.registry.cleanup: [] is not an object",
				`ai-worker:domain: "dev" is no domain name, such as "dev.example.com"`,
				`ai-worker:gcp.workloads.api.buckets: "downloads" is none of the buckets`,
				`ai-worker:repository.branch: "main", want "development" in dev: another branch would deploy here`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, "dev-gcp", file(t, "dev", tc.exchange...))
			require.ErrorContains(t, err, "settings of stack dev-gcp (Pulumi.dev.yaml):\n")
			require.Equal(t, tc.want, lines(err))
		})
	}
}
