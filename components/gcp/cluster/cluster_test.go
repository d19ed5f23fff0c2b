package cluster_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/cluster"
	_ "ai-worker/internal/sandbox/gcp/sdk/container"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
)

const (
	clusterType = "gcp:container/cluster:Cluster"
	echoType    = "gcp:projects/service:Service"
	lookup      = "gcp:container/getCluster:getCluster"
)

// valid is the smallest accepted Args that creates a cluster.
func valid() *cluster.Args {
	return &cluster.Args{Project: "p", Name: "main", Location: "asia-northeast1", Create: &cluster.Create{
		Network: pulumi.String("projects/p/global/networks/n"), Subnetwork: pulumi.String("s"),
		PodRangeName: pulumi.String("pods"), ServiceRangeName: pulumi.String("services"), MasterRange: "172.16.0.0/28",
		Maintenance: cluster.Maintenance{
			Start: "2024-01-06T16:00:00Z", End: "2024-01-06T22:00:00Z", Recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
		},
	}}
}

func shared() *cluster.Args {
	return &cluster.Args{Project: "platform", Name: "shared", Location: "asia-northeast1"}
}

func full() *cluster.Args {
	args := valid()
	c := args.Create
	c.NodeLocations, c.PodsPerNode = []string{"asia-northeast1-a"}, 64
	c.AllowPublicEndpoint, c.GlobalAccess = true, true
	c.AuthorizedNetworks = []cluster.AuthorizedNetwork{{Name: "office", CIDR: "203.0.113.0/24"}}
	c.SecurityGroup, c.ReleaseChannel, c.MinVersion = "gke-security-groups@example.com", "STABLE", "1.29"
	c.Maintenance.Exclusions = []cluster.Exclusion{
		{Name: "new-year", Start: "2024-12-28T00:00:00Z", End: "2025-01-06T00:00:00Z", Scope: "NO_MINOR_UPGRADES"},
	}
	c.Notifications = &cluster.Notifications{Topic: pulumi.String("projects/p/topics/gke"), Events: []string{"UPGRADE_EVENT"}}
	c.SecretsKey = pulumi.String("projects/p/locations/asia-northeast1/keyRings/main/cryptoKeys/gke")
	c.DisableBinaryAuthorization, c.FQDNPolicies, c.DisableIntranodeVisibility = true, true, true
	c.SecurityPosture, c.VulnerabilityMode = "ENTERPRISE", "VULNERABILITY_BASIC"
	c.LogComponents, c.MetricComponents = []string{"APISERVER"}, []string{"POD"}
	c.DropWorkloadLogs, c.DisableManagedPrometheus, c.DisableCostAllocation, c.AllowDeletion = true, true, true, true
	c.Addons = cluster.Addons{
		DisableDNSCache: true, DisableGatewayAPI: true, DisableVerticalPodAutoscaling: true, Filestore: true, GCSFuse: true,
		BackupAgent: true,
	}
	c.NodeServiceAccount = pulumi.String("nodes@p.iam.gserviceaccount.com")
	c.Labels = map[string]string{"app": "ai-worker"}
	return args
}

var (
	program = componentstest.Program(cluster.New, "main")
	run     = componentstest.Runner(program)
)

// found is what the cloud says of the shared cluster.
func found(workloadPools ...any) componentstest.Option {
	return componentstest.WithLookup(lookup, map[string]any{
		"id": "projects/platform/locations/asia-northeast1/clusters/shared", "name": "shared", "location": "asia-northeast1",
		"project": "platform", "endpoint": "203.0.113.7", "network": "projects/platform/global/networks/shared",
		"masterAuths":             []any{map[string]any{"clusterCaCertificate": "Q0E="}},
		"workloadIdentityConfigs": workloadPools,
	})
}

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{clusterType + " main-cluster"}, componentstest.Tree(t, all, cluster.TypeToken))

	all = run(t, shared(), found(map[string]any{"workloadPool": "platform.svc.id.goog"}))
	require.Empty(t, componentstest.Tree(t, all, cluster.TypeToken), "somebody else owns the cluster")
}

func TestStrongDefaults(t *testing.T) {
	all := run(t, valid())
	made := all.One(t, clusterType)
	made.Expect(t, map[string]any{
		"deletionProtection": true, "removeDefaultNodePool": true, "initialNodeCount": 1.0,
		"privateClusterConfig.enablePrivateNodes": true, "privateClusterConfig.enablePrivateEndpoint": true,
		"privateClusterConfig.masterGlobalAccessConfig.enabled":      false,
		"masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled": false,
		"workloadIdentityConfig.workloadPool":                        "p.svc.id.goog", "datapathProvider": "ADVANCED_DATAPATH",
		"releaseChannel.channel": "REGULAR", "gatewayApiConfig.channel": "CHANNEL_STANDARD",
		"monitoringConfig.managedPrometheus.enabled": true, "costManagementConfig.enabled": true,
		"securityPostureConfig.mode": "BASIC", "enableShieldedNodes": true, "enableIntranodeVisibility": true,
		"binaryAuthorization.evaluationMode":                        "PROJECT_SINGLETON_POLICY_ENFORCE",
		"enableLegacyAbac":                                          false,
		"masterAuth.clientCertificateConfig.issueClientCertificate": false,
		"verticalPodAutoscaling.enabled":                            true,
		"addonsConfig.dnsCacheConfig.enabled":                       true,
		"addonsConfig.gcsFuseCsiDriverConfig.enabled":               false,
		"maintenancePolicy.recurringWindow.recurrence":              "FREQ=WEEKLY;BYDAY=SA,SU",
		"nodeConfig.workloadMetadataConfig.mode":                    "GKE_METADATA",
		"nodeConfig.shieldedInstanceConfig.enableSecureBoot":        true,
		"ipAllocationPolicy.clusterSecondaryRangeName":              "pods",
		"loggingConfig.enableComponents":                            []any{"SYSTEM_COMPONENTS", "WORKLOADS"},
		"nodeConfig.oauthScopes": []any{
			"https://www.googleapis.com/auth/logging.write", "https://www.googleapis.com/auth/monitoring",
		},
		"nodeLocations": nil, "nodeConfig.serviceAccount": nil,
	})
	require.Equal(t, []string{"initialNodeCount", "nodeConfig", "nodePools"}, made.IgnoreChanges)
	timeouts := made.RPC.GetCustomTimeouts()
	require.Equal(t, []string{"60m", "90m", "60m"}, []string{timeouts.GetCreate(), timeouts.GetUpdate(), timeouts.GetDelete()})
}

// outputs hands every output on to a resource.
func outputs(args *cluster.Args) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		c, err := cluster.New(ctx, "main", args)
		if err != nil {
			return err
		}
		return ctx.RegisterResource(echoType, "echo", pulumi.Map{
			"project": pulumi.Sprintf("%s|%s|%s|%s|%s|%s|%s|%.6s",
				c.Name, c.Location, c.Project, c.ID, c.Endpoint, c.WorkloadPool, c.Network, c.CACertificate),
			"service": pulumi.String("dns.googleapis.com"),
		}, &echo{})
	}
}

type echo struct{ pulumi.CustomResourceState }

func TestOutputs(t *testing.T) {
	all, err := componentstest.Run(t, outputs(valid()))
	require.NoError(t, err)
	require.Equal(t, "main|asia-northeast1|p|projects/p/locations/asia-northeast1/clusters/main|172.16.0.2|p.svc.id.goog|"+
		"projects/p/global/networks/n|LS0tLS", all.One(t, echoType).Get("project"))

	all, err = componentstest.Run(t, outputs(shared()), found(map[string]any{"workloadPool": "platform.svc.id.goog"}))
	require.NoError(t, err)
	require.Equal(t, "shared|asia-northeast1|platform|projects/platform/locations/asia-northeast1/clusters/shared|203.0.113.7|"+
		"platform.svc.id.goog|projects/platform/global/networks/shared|Q0E=", all.One(t, echoType).Get("project"))
}

// Until a project's first cluster is there, IAM refuses the pool's principals.
func TestWorkloadPoolWaits(t *testing.T) {
	all, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		c, err := cluster.New(ctx, "main", valid())
		if err != nil {
			return err
		}
		return ctx.RegisterResource(echoType, "echo", pulumi.Map{
			"project": c.WorkloadPool, "service": pulumi.String("dns.googleapis.com"),
		}, &echo{})
	})
	require.NoError(t, err)
	dependencies := all.One(t, echoType).RPC.GetPropertyDependencies()["project"].GetUrns()
	require.Contains(t, strings.Join(dependencies, " "), "::main-cluster")
}

func TestSharedClusterNeedsWorkloadIdentity(t *testing.T) {
	_, err := componentstest.Run(t, program(shared()), found())
	require.ErrorContains(t, err, "shared has no workload identity pool")
}

func TestRefusals(t *testing.T) {
	type change = func(*cluster.Create)
	exclusion := func(e cluster.Exclusion) change {
		return func(c *cluster.Create) { c.Maintenance.Exclusions = []cluster.Exclusion{e} }
	}
	networks := func(n ...cluster.AuthorizedNetwork) change {
		return func(c *cluster.Create) { c.AuthorizedNetworks = n }
	}
	create := func() *cluster.Create { return valid().Create }
	creating := func(c *cluster.Create) pulumi.RunFunc {
		args := valid()
		args.Create = c
		return program(args)
	}
	componentstest.Refusals(t, create, creating, map[string]componentstest.Refusal[cluster.Create]{
		"no network":    {func(c *cluster.Create) { c.Network = nil }, "create.network is required"},
		"no subnetwork": {func(c *cluster.Create) { c.Subnetwork = nil }, "create.subnetwork is required"},
		"no pods":       {func(c *cluster.Create) { c.PodRangeName = nil }, "create.podRangeName is required"},
		"master /27": {func(c *cluster.Create) { c.MasterRange = "172.16.0.0/27" },
			`masterRange "172.16.0.0/27": want a private range of /28`},
		"master bits":   {func(c *cluster.Create) { c.MasterRange = "172.16.0.1/28" }, "without host bits"},
		"master public": {func(c *cluster.Create) { c.MasterRange = "203.0.113.0/28" }, "a private range"},
		"open":          {func(c *cluster.Create) { c.AllowPublicEndpoint = true }, "a public endpoint needs at least one"},
		"everybody":     {networks(cluster.AuthorizedNetwork{Name: "all", CIDR: "0.0.0.0/0"}), "admits everybody"},
		"nobody's":      {networks(cluster.AuthorizedNetwork{CIDR: "192.0.2.0/24"}), "authorizedNetworks[0].name is required"},
		"network bits":  {networks(cluster.AuthorizedNetwork{Name: "a", CIDR: "192.0.2.1/24"}), "without host bits"},
		"network twice": {networks(cluster.AuthorizedNetwork{CIDR: "192.0.2.0/24"}, cluster.AuthorizedNetwork{CIDR: "192.0.2.0/24"}),
			"given twice"},
		"networks":     {networks(make([]cluster.AuthorizedNetwork, 101)...), "101 of them, want at most 100"},
		"no zone":      {func(c *cluster.Create) { c.NodeLocations = []string{"asia-northeast1"} }, "want a zone"},
		"other region": {func(c *cluster.Create) { c.NodeLocations = []string{"us-central1-a"} }, "not in the region of asia-northeast1"},
		"pods a node":  {func(c *cluster.Create) { c.PodsPerNode = 7 }, "want 8 to 256"},
		"group":        {func(c *cluster.Create) { c.SecurityGroup = "admins@example.com" }, "gke-security-groups@DOMAIN"},
		"channel":      {func(c *cluster.Create) { c.ReleaseChannel = "regular" }, "want one of RAPID, REGULAR, STABLE"},
		"no channel":   {func(c *cluster.Create) { c.ReleaseChannel = "UNSPECIFIED" }, "want one of RAPID, REGULAR, STABLE"},
		"version":      {func(c *cluster.Create) { c.MinVersion = "latest" }, `minVersion "latest"`},
		"topic": {func(c *cluster.Create) { c.Notifications = &cluster.Notifications{Topic: pulumi.String("gke")} },
			"projects/PROJECT/topics"},
		"no topic":      {func(c *cluster.Create) { c.Notifications = &cluster.Notifications{} }, "notifications.topic is required"},
		"event":         {func(c *cluster.Create) { c.Notifications = &cluster.Notifications{Events: []string{"ALL"}} }, `events[0] "ALL"`},
		"key":           {func(c *cluster.Create) { c.SecretsKey = pulumi.String("gke") }, `secretsKey "gke"`},
		"posture":       {func(c *cluster.Create) { c.SecurityPosture = "STANDARD" }, "want one of BASIC"},
		"vulnerability": {func(c *cluster.Create) { c.VulnerabilityMode = "BASIC" }, "want one of VULNERABILITY_BASIC"},
		"logs":          {func(c *cluster.Create) { c.LogComponents = []string{"WORKLOADS"} }, "want one of APISERVER"},
		"metrics":       {func(c *cluster.Create) { c.MetricComponents = []string{"POD", "POD"} }, `metricComponents[1] "POD": given twice`},
		"label":         {func(c *cluster.Create) { c.Labels = map[string]string{"App": "x"} }, `labels["App"] "x"`},
		"no window":     {func(c *cluster.Create) { c.Maintenance = cluster.Maintenance{} }, "maintenance.recurrence"},
		"no start":      {func(c *cluster.Create) { c.Maintenance.Start = "" }, "maintenance.start"},
		"zone of time":  {func(c *cluster.Create) { c.Maintenance.End = "2024-01-07T07:00:00+09:00" }, "want a time in UTC"},
		"short window":  {func(c *cluster.Create) { c.Maintenance.End = "2024-01-06T19:00:00Z" }, "a window of 3h0m0s"},
		"reversed":      {func(c *cluster.Create) { c.Maintenance.End = "2024-01-06T10:00:00Z" }, "is not before end"},
		"little":        {func(c *cluster.Create) { c.Maintenance.Recurrence = "FREQ=WEEKLY;BYDAY=SU" }, "windows of 24h0m0s in 32 days"},
		"monthly":       {func(c *cluster.Create) { c.Maintenance.Recurrence = "FREQ=MONTHLY" }, "FREQ=DAILY"},
		"exclusion": {exclusion(cluster.Exclusion{Start: "2024-12-28T00:00:00Z", End: "2025-01-06T00:00:00Z"}),
			"exclusions[0].name is required"},
		"long exclusion": {exclusion(cluster.Exclusion{Name: "x", Start: "2024-12-01T00:00:00Z", End: "2025-01-06T00:00:00Z"}),
			"at most 30 days"},
		"scope":      {exclusion(cluster.Exclusion{Name: "x", Scope: "ALL"}), "want one of NO_UPGRADES"},
		"exclusions": {func(c *cluster.Create) { c.Maintenance.Exclusions = make([]cluster.Exclusion, 21) }, "21 of them, want at most 20"},
	})
	all, err := componentstest.Run(t, program(&cluster.Args{Name: "Main", Location: "tokyo"}))
	require.Empty(t, all)
	for _, want := range []string{"project is required", `name "Main"`, `location "tokyo"`} {
		require.ErrorContains(t, err, want, "every problem at once")
	}
}

func TestOwnZone(t *testing.T) {
	args := valid()
	args.Location, args.Create.NodeLocations = "asia-northeast1-a", []string{"asia-northeast1-a"}
	_, err := componentstest.Run(t, program(args))
	require.ErrorContains(t, err, "the cluster's own zone is among them anyway")
	args.Create.NodeLocations[0] = "asia-northeast1-b"
	_, err = componentstest.Run(t, program(args))
	require.NoError(t, err)
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"Location": "asia-northeast1-b", "Create.MasterRange": "172.16.0.16/28", "Create.NodeLocations[0]": "asia-northeast1-c",
		"Create.AuthorizedNetworks[0].CIDR": "198.51.100.0/24", "Create.SecurityGroup": "gke-security-groups@example.org",
		"Create.ReleaseChannel": "RAPID", "Create.MinVersion": "1.30", "Create.Maintenance.Start": "2024-01-06T15:00:00Z",
		"Create.Maintenance.End": "2024-01-06T23:00:00Z", "Create.Maintenance.Recurrence": "FREQ=DAILY",
		"Create.Maintenance.Exclusions[0].Start": "2024-12-29T00:00:00Z", "Create.Maintenance.Exclusions[0].End": "2025-01-07T00:00:00Z",
		"Create.Maintenance.Exclusions[0].Scope": "NO_UPGRADES", "Create.Notifications.Topic": pulumi.String("projects/p/topics/x"),
		"Create.Notifications.Events[0]": "SECURITY_BULLETIN_EVENT", "Create.SecurityPosture": "BASIC",
		"Create.SecretsKey":         pulumi.String("projects/p/locations/asia-northeast1/keyRings/main/cryptoKeys/x"),
		"Create.VulnerabilityMode":  "VULNERABILITY_ENTERPRISE",
		"Create.NodeServiceAccount": pulumi.String("x@p.iam.gserviceaccount.com"),
		"Create.LogComponents[0]":   "SCHEDULER", "Create.MetricComponents[0]": "HPA",
	}})
}
