package stacks_test

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/stacks"
)

// idle are the settings that no change alone can prove, each with the reason.
var idle = map[string]string{
	"Repository.Owner":        "identities go by number; the name is for people and messages",
	"Repository.Name":         "identities go by number; the name is for people and messages",
	"DNS.ZoneID":              "the stacks kubernetes and cloudflare have it",
	"DNS.Owners":              "the stack kubernetes has it",
	"DNS.Hosts[api].ImportID": "the stack cloudflare has it",
	"DNS.Hosts[api].Stage":    "TestOriginLock; it asks what the stack cloudflare did",
	"Azure":                   "the stack azure has it",
	"Kubernetes":              "the stack kubernetes has it",
	"Cloudflare":              "the stack cloudflare has it",
	"Decommission":            "acts while settings are loaded: TestDecommission of config",

	"GCP.Network.VPC.Taken": "is only checked, against the ranges that are made",
	// a file with them would be refused if they were not handed on
	"GCP.Database.Edition":                        "a tier belongs to one edition",
	"GCP.Buckets[files].LifecycleRules[0].Action": "only one of the two actions takes a storage class",
	"GCP.Buckets[files].LifecycleRules[0].AnyAge": "a rule has either this or an age",
	"GCP.Registry.Cleanup[releases].Action":       "a policy that deletes needs another one that keeps",
}

// idleInKubernetes are those that change nothing in the stack kubernetes.
var idleInKubernetes = map[string]string{
	"GCP":                "the stack gcp has it; what it hands on is unknown here",
	"Azure":              "the stack azure has it",
	"Repository.OwnerID": "a repository is read by its name",
	"Repository.ID":      "a repository is read by its name",
	"Decommission":       "acts while settings are loaded: TestDecommission of config",

	"Cloudflare":                      "the stack cloudflare has it",
	"DNS.Hosts[api].Stage":            "the stacks gcp and cloudflare have it",
	"DNS.Hosts[api].ImportID":         "the stack cloudflare has it",
	"Kubernetes.GitOps.ArgoNamespace": "is that of Argo CD where the stack installs it: TestArgoNamespace",
	"Kubernetes.GitOps.Automated":     "TestGitOps of the component; with AllowCascade",
}

// idleInCloudflare are those that change nothing in the stack cloudflare.
var idleInCloudflare = map[string]string{
	"GCP": "the stack gcp has it", "Azure": "the stack azure has it; its hosts: TestHostsOnAzure", "Kubernetes": "the stack kubernetes has it", "Repository": "the other stacks have it",
	"Decommission": "acts while settings are loaded: TestDecommission of config",
	"DNS.Owners":   "is handed on, and checked while settings are loaded",

	"Environment":                              "names the stacks that are read: TestInventory has each",
	"Domain":                                   "a host of another domain is new, and begins at dns-only: TestCutover",
	"Cloudflare.Zone.HSTS.Preload":             "needs the rest at its maximum: TestSettings of the component",
	"Cloudflare.Zone.CAA.Disabled":             "excludes the rest of zone.caa: TestAuthorities of the component",
	"Cloudflare.OriginCertificate.Certificate": "excludes allowShared: TestOriginLock",
	"Cloudflare.OriginCertificate.PrivateKey":  "excludes allowShared: TestOriginLock",
	"Cloudflare.OriginCertificate.AllowShared": "acts at the stage authenticated: TestOriginLock",
	"Cloudflare.Records[0].Priority":           "a CNAME has none", "Cloudflare.Records[0].CAA": "a CNAME has none",
	"Cloudflare.Records[0].SRV":                 "a CNAME has none",
	"Cloudflare.Records[0].AdvancedCertificate": "permits what is refused without it",
	"Cloudflare.Access.Groups.Entra":            "excludes google",
}

// idleInAzure are those that change nothing in the stack azure.
var idleInAzure = map[string]string{
	"GCP": "the stack gcp has it", "Kubernetes": "the stack kubernetes has it", "Cloudflare": "the stack cloudflare has it",
	"DNS": "the other stacks have it", "Domain": "names hosts on their way to a certificate: TestHostsOnAzure",
	"Decommission":      "acts while settings are loaded: TestDecommission of config",
	"Repository.Branch": "a job is told by its environment on GitHub, which says itself what branches it takes",

	"Azure.Workloads[api].Job":                     "the migration has it, and an app has none",
	"Azure.Workloads[api].DatabaseAdministrator":   "the migration has it",
	"Azure.Hosts[api-azure]":                       "TestHostsOnAzure",
	"Azure.Deploy.AllowReusedNames":                "excludes the numbers: TestOldTokens",
	"Azure.Deploy.PushRepository.AllowReusedNames": "excludes the numbers: TestSubjects of the component",
	"Azure.Buckets[files].AllowInternet":           "cors needs it: TestRefusals of the component", "Azure.Secrets[0]": "the workload would have none",
	"Azure.Buckets[files].DisableVersioning": "excludes noncurrentDays; scratch has it",
	"Azure.Buckets[files].DisableSoftDelete": "excludes softDeleteDays; scratch has it",
}

// apart are the files with settings that exclude one of created.yaml, and which.
var apart = map[string][]string{
	"existing": {
		"GCP.Region", // which zones depend on in created.yaml
		"GCP.Network.Existing",
		"GCP.NodePools[pool].Scaling.MinTotal", "GCP.NodePools[pool].Scaling.MaxTotal",
		"GCP.NodePools[pool].Upgrade.MaxSurge", "GCP.NodePools[pool].Upgrade.MaxUnavailable",
		"GCP.NodePools[pool].Spot", "GCP.NodePools[pool].Confidential",
		"GCP.Database.Zonal", "GCP.Database.Insights.Disabled", "GCP.Database.Replicas[far].Region",
		"GCP.Buckets[files].Autoclass", "GCP.Buckets[files].AutoclassArchive",
		"GCP.Buckets[files].DisableVersioning", "GCP.Buckets[files].DisableSoftDelete",
		"GCP.Registry.Location", "GCP.Registry.Cleanup[releases].KeepCount",
		"GCP.Secrets[token].Locations",
	},
	"endpoint": {
		"GCP.Network.VPC.FlowLogs.Disable",
		"GCP.NodePools[pool].GPU.Type", "GCP.NodePools[pool].Scaling.FixedPerZone", "GCP.NodePools[pool].Upgrade.BlueGreen.BatchPercent",
		"GCP.Database.Network.PSCProjects", "GCP.Database.Network.AllowDirectConnections", "GCP.Database.Backup.Disabled",
		"GCP.Registry.Cleanup[releases].TagState",
	},
}

// values are other valid values, where adding to a text gives none.
var values = map[string]map[string]any{
	"created": {
		"Repository.OwnerID": "1002", "Repository.ID": "2003",
		"GCP.Network.VPC.Ranges.Nodes": "10.11.0.0/20", "GCP.Network.VPC.Ranges.Pods": "10.21.0.0/16",
		"GCP.Network.VPC.Ranges.Services": "10.31.0.0/20", "GCP.Network.VPC.Ranges.PrivateServices": "10.41.0.0/16",
		"GCP.Network.VPC.FlowLogs.Sampling": 0.2, "GCP.Network.VPC.FlowLogs.Interval": "INTERVAL_5_MIN",
		"GCP.Network.VPC.FlowLogs.Metadata": "INCLUDE_ALL_METADATA", "GCP.Network.VPC.NAT.MinPorts": 256,
		"GCP.Network.VPC.NAT.MaxPorts": 4096, "GCP.Network.VPC.NAT.LogFilter": "ERRORS_ONLY",
		"GCP.Network.VPC.FirewallRules[0].SourceRanges[0]": "172.16.1.0/28", "GCP.Network.VPC.FirewallRules[0].Protocol": "sctp",
		"GCP.Network.VPC.FirewallRules[0].Ports[0]": "8443",

		"GCP.Cluster.Location": "asia-northeast1-b", "GCP.Cluster.Create.MasterRange": "172.16.0.16/28",
		"GCP.Cluster.Create.NodeLocations[0]": "asia-northeast1-c", "GCP.Cluster.Create.AuthorizedNetworks[0].CIDR": "198.51.100.0/24",
		"GCP.Cluster.Create.ReleaseChannel": "RAPID", "GCP.Cluster.Create.MinVersion": "1.30",
		"GCP.Cluster.Create.Maintenance.Start": "2026-01-03T15:00:00Z", "GCP.Cluster.Create.Maintenance.End": "2026-01-03T23:00:00Z",
		"GCP.Cluster.Create.Maintenance.Recurrence":          "FREQ=DAILY",
		"GCP.Cluster.Create.Maintenance.Exclusions[0].Start": "2026-12-29T00:00:00Z",
		"GCP.Cluster.Create.Maintenance.Exclusions[0].End":   "2027-01-07T00:00:00Z",
		"GCP.Cluster.Create.Maintenance.Exclusions[0].Scope": "NO_UPGRADES",
		"GCP.Cluster.Create.Notifications.Events[0]":         "SECURITY_BULLETIN_EVENT",
		"GCP.Cluster.Create.SecurityPosture":                 "BASIC", "GCP.Cluster.Create.VulnerabilityMode": "VULNERABILITY_ENTERPRISE",
		"GCP.Cluster.Create.NodeServiceAccount": "other@ai-worker-dev.iam.gserviceaccount.com",
		"GCP.Cluster.Create.LogComponents[0]":   "SCHEDULER", "GCP.Cluster.Create.MetricComponents[0]": "HPA",

		"GCP.NodePools[pool].MachineType": "a2-highgpu-2g", "GCP.NodePools[pool].ImageType": "UBUNTU_CONTAINERD",
		"GCP.NodePools[pool].DiskType": "pd-balanced", "GCP.NodePools[pool].GPU.DriverVersion": "DEFAULT",
		"GCP.NodePools[pool].GPU.PartitionSize": "2g.10gb", "GCP.NodePools[pool].GPU.Sharing": "TIME_SHARING",
		"GCP.NodePools[pool].Scaling.LocationPolicy": "BALANCED", "GCP.NodePools[pool].Zones[0]": "asia-northeast1-b",
		"GCP.NodePools[pool].Taints[0].Effect": "NO_SCHEDULE",

		"GCP.Database.Version": "POSTGRES_17", "GCP.Database.Tier": "db-perf-optimized-N-8",
		"GCP.Database.Zone": "asia-northeast1-c", "GCP.Database.SecondaryZone": "asia-northeast1-c",
		"GCP.Database.Network.AuthorizedNetworks[office]": "198.51.100.0/24",
		"GCP.Database.Network.SSLMode":                    "ENCRYPTED_ONLY", "GCP.Database.Network.ServerCAMode": "GOOGLE_MANAGED_INTERNAL_CA",
		"GCP.Database.Backup.Start": "18:00", "GCP.Database.Maintenance.Track": "canary",
		"GCP.Database.Maintenance.DenyStart": "12-16", "GCP.Database.Maintenance.DenyEnd": "1-11",
		"GCP.Database.Maintenance.DenyTime": "16:00:00", "GCP.Database.Replicas[far].Zone": "asia-northeast2-b",
		"GCP.Database.Replicas[far].Tier": "db-perf-optimized-N-8",

		"GCP.Buckets[files].Location": "EU", "GCP.Buckets[files].DataLocations[0]": "ASIA-SOUTHEAST1",
		"GCP.Buckets[files].StorageClass": "COLDLINE", "GCP.Buckets[files].LifecycleRules[0].StorageClass": "COLDLINE",
		"GCP.Buckets[files].LifecycleRules[0].CreatedBefore":        "2024-01-01",
		"GCP.Buckets[files].LifecycleRules[0].CustomTimeBefore":     "2024-01-01",
		"GCP.Buckets[files].LifecycleRules[0].NoncurrentTimeBefore": "2024-01-01",
		"GCP.Buckets[files].LifecycleRules[0].WithState":            "LIVE",
		"GCP.Buckets[files].LifecycleRules[0].StorageClasses[0]":    "COLDLINE", "GCP.Buckets[files].CORS[0].Methods[0]": "POST",

		"GCP.Registry.Cache.PasswordSecretVersion": "projects/p/secrets/ghcr/versions/2",
		"GCP.Secrets[token].ExpireTime":            "2031-01-31T00:00:00Z", "GCP.Secrets[token].Rotation.First": "2029-02-28T00:00:00Z",
		"GCP.Workloads[api].Buckets[files]": "read", "GCP.Workloads[api].Roles[0]": "roles/cloudprofiler.agent",
		"GCP.Deploy.Plan.Roles[0]": "roles/dns.reader", "GCP.Deploy.Plan.Permissions[0]": "dns.managedZones.list",
		"GCP.Deploy.Push.RepositoryID": "2004", "GCP.Deploy.Events[0]": "schedule",
	},
	"azure": {
		"Repository.OwnerID": "1002", "Repository.ID": "2003",
		"Azure.Subscription": "1f0e9d8c-7b6a-4594-8372-6150f4e3d2c1", "Azure.Tenant": "8a8b9c0d-1e2f-4a3b-8c4d-5e6f7a8b9c0d",
		"Azure.Location": "westeurope", "Azure.Network.Range": "10.60.0.0/17", "Azure.Network.Subnets.Apps": "10.60.4.0/23",
		"Azure.Network.Subnets.Database": "10.60.2.32/27", "Azure.Network.Subnets.Endpoints": "10.60.3.32/27",
		"Azure.Database.Flags[max_connections]": "300", "Azure.Workloads[api].Secrets[0]": "other-key", "Azure.Database.Version": "17", "Azure.Database.SKU": "Standard_D4ds_v5", "Azure.Database.DiskGB": 128,
		"Azure.Buckets[files].Replication": "GRS", "Azure.Buckets[files].LifecycleRules[0].Action": "Cold",
		"Azure.Buckets[files].CORS[0].Methods[0]": "PUT", "Azure.Workloads[api].CPU": 0.75,
		"Azure.Workloads[api].Ingress.AllowedCIDRs[0]": "198.51.100.0/24", "Azure.Workloads[api].Buckets[files]": "readWrite",
		"Azure.Deploy.PushRepository.OwnerID": "301", "Azure.Deploy.PushRepository.ID": "401",
	},
	"kubernetes": {
		"DNS.ZoneID": "f123456789abcdef0123456789abcdef", "DNS.Owners[feature]": "cloudflare",
		"Kubernetes.Namespace.PodSecurityVersion": "v1.34", "Kubernetes.Namespace.Quota.CPU": "9",
		"Kubernetes.Namespace.Quota.Memory": "17Gi", "Kubernetes.Namespace.Quota.MemoryLimit": "25Gi",
		"Kubernetes.Namespace.Limits.CPU": "300m", "Kubernetes.Namespace.Limits.Memory": "300Mi",
		"Kubernetes.Namespace.Limits.MemoryLimit": "600Mi", "Kubernetes.Namespace.Limits.MaxMemory": "9Gi",
		"Kubernetes.Namespace.Egress[model].CIDRs[0]": "198.51.0.0/16", "Kubernetes.Namespace.Egress[model].Except[0]": "198.51.100.64/26",
		"Kubernetes.Namespace.Egress[model].Ports[0].Protocol":    "SCTP",
		"Kubernetes.Namespace.Ingress[metrics].CIDRs[0]":          "198.51.0.0/16",
		"Kubernetes.Namespace.Ingress[metrics].Except[0]":         "198.51.100.64/26",
		"Kubernetes.Namespace.Ingress[metrics].Ports[0].Protocol": "SCTP",
		"Kubernetes.ExternalSecrets.RefreshInterval":              "20m",
		"Kubernetes.SecretsOperator.ChartVersion":                 "2.7.0", "Kubernetes.ArgoCD.ChartVersion": "10.0.0",
		"Kubernetes.GitOps.Kinds[0].Kind": "StatefulSet", "Kubernetes.GitOps.SyncWindows[0].Kind": "deny",
		"Kubernetes.GitOps.SyncWindows[0].Schedule": "0 21 * * 5", "Kubernetes.GitOps.SyncWindows[0].Duration": "7h",
		"Kubernetes.GitOps.SyncWindows[0].TimeZone": "Europe/Berlin",
		"Kubernetes.ExternalDNS.Workload":           "batch", "Kubernetes.ExternalDNS.Token": "other", "Kubernetes.ExternalDNS.Interval": "11m",
		"Kubernetes.ExternalDNS.ChartVersion": "1.20.0",
	},
	"cloudflare": {
		"DNS.ZoneID": "f123456789abcdef0123456789abcdef", "DNS.Hosts[api].Stage": "proxied",
		"DNS.Hosts[api].ImportID":                   "f0112233445566778899aabbccddeeff",
		"Cloudflare.Access.Groups.IdentityProvider": "f174e90a-fafe-4643-bbbc-4a0ed4fc8415",
		"Cloudflare.Access.IdentityProviders[0]":    "b174e90a-fafe-4643-bbbc-4a0ed4fc8415", "Cloudflare.Records[0].TTL": 300,
		"Cloudflare.AccountID": "f123456789abcdef0123456789abcdef", "Cloudflare.Zone.MinTLS": "1.2",
		"Cloudflare.Zone.HSTS.MaxAgeDays": 300, "Cloudflare.Zone.CAA.Extra[0]": "digicert.com", "Cloudflare.Zone.CAA.Iodef": "https://caa.example.com",
		"Cloudflare.Records[0].Type": "TXT", "Cloudflare.Records[0].Content": "other.example.net",
		"Cloudflare.Records[0].ImportID": "f0112233445566778899aabbccddeeff", "Cloudflare.Access.Hosts[0]": "api",
		"Cloudflare.Access.EmailDomains[0]": "example.net", "Cloudflare.Access.Groups.Google[0]": "ops@example.com",
		"Cloudflare.Access.SessionDuration": "5h", "Cloudflare.Access.ServiceTokens[smoke].Duration": "43800h",
	},
	"existing": {
		"GCP.Region": "us-central1", "GCP.Database.Replicas[far].Region": "asia-northeast3",
		"GCP.Registry.Location": "asia", "GCP.Secrets[token].Locations[0]": "asia-northeast2",
	},
	"endpoint": {
		"GCP.NodePools[pool].GPU.Type": "nvidia-tesla-p4", "GCP.Registry.Cleanup[releases].TagState": "TAGGED",
	},
}

// shared is somebody else's cluster, of which an invented one would lack the pool.
var shared = componentstest.WithLookup("gcp:container/getCluster:getCluster", map[string]any{
	"id": "projects/platform-nonprod/locations/asia-northeast1-b/clusters/shared", "name": "shared", "location": "asia-northeast1-b",
	"project": "platform-nonprod", "endpoint": "203.0.113.7", "network": "projects/platform-nonprod/global/networks/shared",
	"masterAuths":             []any{map[string]any{"clusterCaCertificate": "Q0E="}},
	"workloadIdentityConfigs": []any{map[string]any{"workloadPool": "platform-nonprod.svc.id.goog"}},
})

func full(t *testing.T, name string) *config.Settings {
	t.Helper()
	s, err := config.LoadFile("testdata/"+name+".yaml", "dev-gcp")
	require.NoError(t, err)
	return s
}

// TestEverySettingMatters changes every setting alone, and demands that some
// resource changes: what created.yaml cannot prove one of the others does, or
// else idle says why nothing can.
func TestEverySettingMatters(t *testing.T) {
	prove := func(name string, exempt map[string]string) {
		t.Run(name, func(t *testing.T) {
			program := func(s *config.Settings) pulumi.RunFunc { return stacks.Program("gcp", s) }
			componentstest.NoDeadInput(t, func() *config.Settings { return full(t, name) }, program,
				componentstest.Vary{Values: values[name], Exempt: exempt}, shared)
		})
	}
	t.Run("azure", func(t *testing.T) {
		program := func(s *config.Settings) pulumi.RunFunc { return stacks.Program("azure", s) }
		componentstest.NoDeadInput(t, func() *config.Settings { return full(t, "created") }, program,
			componentstest.Vary{Values: values["azure"], Exempt: idleInAzure}, componentstest.WithStack("dev-azure"))
	})
	t.Run("kubernetes", func(t *testing.T) {
		program := func(s *config.Settings) pulumi.RunFunc { return stacks.Program("kubernetes", s) }
		componentstest.NoDeadInput(t, func() *config.Settings { return full(t, "created") }, program,
			componentstest.Vary{Values: values["kubernetes"], Exempt: idleInKubernetes}, componentstest.InPreview())
	})
	t.Run("cloudflare", func(t *testing.T) {
		program := func(s *config.Settings) pulumi.RunFunc { return stacks.Program("cloudflare", s) }
		base := full(t, "created")
		last := componentstest.WithStackOutputs("dev-cloudflare", map[string]any{
			"contractVersion": 1, "zoneId": "z", "stages": map[string]any{"api.dev.ai-worker.example": "strict"},
			"owners": map[string]any{}, "records": map[string]any{}, "ds": "", "audiences": map[string]any{}, "tokenIds": map[string]any{}, "tokenSecrets": map[string]any{},
		})
		componentstest.NoDeadInput(t, func() *config.Settings { return full(t, "created") }, program,
			componentstest.Vary{Values: values["cloudflare"], Exempt: idleInCloudflare}, componentstest.WithStack("dev-cloudflare"), upstream(base), last)
	})
	inCreated := maps.Clone(idle)
	for name, proves := range apart {
		s, found, exempt := full(t, name), map[string]bool{}, map[string]string{}
		others(reflect.ValueOf(s).Elem(), "", proves, found, exempt)
		for _, path := range proves {
			require.True(t, found[path], "%s.yaml has no %s", name, path)
			require.Empty(t, inCreated[path], "%s is told twice", path)
			inCreated[path] = name + ".yaml has it"
		}
		prove(name, exempt)
	}
	prove("created", inCreated)
}

// others exempts all of v that is neither among the paths to prove nor above one.
func others(v reflect.Value, path string, proves []string, found map[string]bool, exempt map[string]string) {
	above := path == ""
	for _, p := range proves {
		if p == path {
			found[path] = true
			return
		}
		rest, below := strings.CutPrefix(p, path)
		above = above || below && (rest[0] == '.' || rest[0] == '[')
	}
	if !above {
		exempt[path] = "created.yaml has it"
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		others(v.Elem(), path, proves, found, exempt)
	case reflect.Struct:
		for i := range v.NumField() {
			others(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), proves, found, exempt)
		}
	case reflect.Slice:
		others(v.Index(0), path+"[0]", proves, found, exempt)
	case reflect.Map:
		for _, key := range v.MapKeys() {
			others(v.MapIndex(key), path+"["+key.String()+"]", proves, found, exempt)
		}
	}
}

// TestNothingIsFixed: of an environment's name and place nothing remains once
// they have changed.
func TestNothingIsFixed(t *testing.T) {
	const old = "ai-worker-dev|asia-northeast1|refs/heads/development"
	s := full(t, "endpoint")
	before, err := componentstest.Run(t, stacks.Program("gcp", s))
	require.NoError(t, err)
	require.Regexp(t, old, fmt.Sprint(before))
	s.Environment, s.Repository.Branch = "rehearsal", "trunk"
	s.GCP.Project, s.GCP.Region, s.GCP.Namespace = "elsewhere", "us-central1", "web"
	after, err := componentstest.Run(t, stacks.Program("gcp", s), componentstest.WithStack("rehearsal-gcp"))
	require.NoError(t, err)
	for _, r := range after {
		require.NotRegexp(t, old, fmt.Sprint(r.Inputs), "%s %s", r.Type, r.Name)
	}
}

// TestPoolsStandWithTheirCluster, and pull from the environment's registry.
func TestPoolsStandWithTheirCluster(t *testing.T) {
	all, err := componentstest.Run(t, stacks.Program("gcp", full(t, "existing")), shared)
	require.NoError(t, err)
	pool := all.One(t, "gcp:container/nodePool:NodePool")
	require.Equal(t, []any{"platform-nonprod", "asia-northeast1-b", "shared"},
		[]any{pool.Get("project"), pool.Get("location"), pool.Get("cluster")})
	reader := all.One(t, "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "pool-registry-images")
	require.Equal(t, []any{"ai-worker-dev", "asia-northeast1"}, []any{reader.Get("project"), reader.Get("location")})
}
