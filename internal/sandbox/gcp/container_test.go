package gcp

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

var validCluster = map[string]any{
	"name": "main", "project": "test-project", "location": "asia-northeast1", "network": networkID, "initialNodeCount": 1,
	"removeDefaultNodePool": true,
	"datapathProvider":      "ADVANCED_DATAPATH", "ipAllocationPolicy.clusterSecondaryRangeName": "pods",
	"ipAllocationPolicy.servicesSecondaryRangeName": "services", "gatewayApiConfig.channel": "CHANNEL_STANDARD",
	"privateClusterConfig.enablePrivateNodes": true, "privateClusterConfig.enablePrivateEndpoint": true,
	"privateClusterConfig.masterIpv4CidrBlock":                   "172.16.0.0/28",
	"masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled": false,
	"workloadIdentityConfig.workloadPool":                        "test-project.svc.id.goog",
	"maintenancePolicy.recurringWindow": map[string]any{
		"startTime": "2024-01-06T16:00:00Z", "endTime": "2024-01-06T22:00:00Z", "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
	},
}

func TestCluster(t *testing.T) {
	id, state, err := registered(t, clusterType, validCluster)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/asia-northeast1/clusters/main", id)
	require.Equal(t, "172.16.0.2", state["endpoint"], "the private endpoint")
	require.Equal(t, true, state["deletionProtection"], "the provider protects by default")
	require.NotEmpty(t, state["masterVersion"])

	_, open, err := registered(t, clusterType, validCluster, map[string]any{"privateClusterConfig.enablePrivateEndpoint": false})
	require.NoError(t, err)
	require.Regexp(t, `^203\.0\.113\.\d+$`, open["endpoint"])

	encoded := state["masterAuth"].(map[string]any)["clusterCaCertificate"].(string)
	text, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	require.NotNil(t, block)
	_, err = x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)

	kind, err := Package().Kind(clusterType)
	require.NoError(t, err)
	require.Contains(t, kind.Computed, "privateClusterConfig.privateEndpoint")
	require.NotContains(t, strings.Join(kind.Computed, " "), "kubeletConfig", "what GKE adds unasked is a change")
}

func TestClusterRefusals(t *testing.T) {
	refused(t, clusterType, validCluster, map[string]refusal{
		"name":         {map[string]any{"name": strings.Repeat("c", 41)}, "1 to 40 lower-case"},
		"no pool":      {map[string]any{"initialNodeCount": nil}, "initialNodeCount: want at least 1"},
		"node version": {map[string]any{"nodeVersion": "1.30"}, "removeDefaultNodePool removes"},
		"master /27":   {map[string]any{"privateClusterConfig.masterIpv4CidrBlock": "172.16.0.0/27"}, "prefix length of [28]"},
		"no master":    {map[string]any{"privateClusterConfig.masterIpv4CidrBlock": nil}, "needs masterIpv4CidrBlock"},
		"public nodes": {map[string]any{"privateClusterConfig.enablePrivateNodes": false}, "needs enablePrivateNodes"},
		"no networks":  {map[string]any{"masterAuthorizedNetworksConfig": nil}, "needs masterAuthorizedNetworksConfig"},
		"authorized": {map[string]any{"masterAuthorizedNetworksConfig.cidrBlocks": []any{
			map[string]any{"cidrBlock": "192.0.2.1/24"},
		}}, "host bits"},
		"channel":         {map[string]any{"releaseChannel.channel": "regular"}, "none of UNSPECIFIED, RAPID"},
		"datapath":        {map[string]any{"datapathProvider": "V2"}, "none of"},
		"gateway":         {map[string]any{"gatewayApiConfig.channel": "STANDARD"}, "none of CHANNEL_DISABLED"},
		"no balancer":     {map[string]any{"addonsConfig.httpLoadBalancing.disabled": true}, "gatewayApiConfig needs"},
		"policy engine":   {map[string]any{"networkPolicy.enabled": true}, "Dataplane V2 enforces"},
		"FQDN":            {map[string]any{"enableFqdnNetworkPolicy": true, "datapathProvider": "LEGACY_DATAPATH"}, "ADVANCED_DATAPATH"},
		"no key":          {map[string]any{"databaseEncryption.state": "ENCRYPTED"}, "go together"},
		"key":             {map[string]any{"databaseEncryption.state": "ENCRYPTED", "databaseEncryption.keyName": "k"}, "cryptoKeys"},
		"logs":            {map[string]any{"loggingConfig.enableComponents": []any{"WORKLOADS"}}, "SYSTEM_COMPONENTS must be"},
		"log":             {map[string]any{"loggingConfig.enableComponents": []any{"SYSTEM"}}, "none of SYSTEM_COMPONENTS"},
		"posture":         {map[string]any{"securityPostureConfig.mode": "STANDARD"}, "none of DISABLED"},
		"other pool":      {map[string]any{"workloadIdentityConfig.workloadPool": "other.svc.id.goog"}, "own project"},
		"no topic":        {map[string]any{"notificationConfig.pubsub.enabled": true}, "needs a topic"},
		"two windows":     {map[string]any{"maintenancePolicy.dailyMaintenanceWindow.startTime": "03:00"}, "want exactly one of"},
		"zone":            {map[string]any{"maintenancePolicy.recurringWindow.startTime": "2024-01-06T16:00:00+09:00"}, "a time in UTC"},
		"window":          {map[string]any{"maintenancePolicy.recurringWindow.endTime": "2024-01-06T16:00:00Z"}, "is not before endTime"},
		"recurrence":      {map[string]any{"maintenancePolicy.recurringWindow.recurrence": "weekly"}, "an RRULE"},
		"no location":     {map[string]any{"location": nil}, "location: missing required property"},
		"own zone":        {map[string]any{"location": "asia-northeast1-a", "nodeLocations": []any{"asia-northeast1-a"}}, "not to be repeated"},
		"both allocation": {map[string]any{"clusterIpv4Cidr": "10.0.0.0/14"}, "clusterIpv4Cidr, ipAllocationPolicy exclude"},
		"autopilot":       {map[string]any{"enableAutopilot": true}, "excluded by enableAutopilot"},
		"binary": {map[string]any{"binaryAuthorization.enabled": true, "binaryAuthorization.evaluationMode": "DISABLED"},
			"exclude each other"},
		"exclusions": {map[string]any{"maintenancePolicy.maintenanceExclusions": []any{
			map[string]any{"exclusionName": "a", "startTime": "2025-01-01T00:00:00Z", "endTime": "2025-01-02T00:00:00Z"},
			map[string]any{"exclusionName": "a", "startTime": "2025-01-03T00:00:00Z", "endTime": "2025-01-02T00:00:00Z"},
		}}, "is there twice"},
	})
}

var validPool = map[string]any{
	"name": "gpu", "cluster": "main", "location": "asia-northeast1", "autoscaling.minNodeCount": 0, "autoscaling.maxNodeCount": 3,
	"nodeConfig.machineType": "g2-standard-8", "nodeConfig.diskSizeGb": 100, "nodeConfig.resourceLabels.team": "ml",
	"nodeConfig.guestAccelerators": []any{map[string]any{"type": "nvidia-l4", "count": 1}},
	"upgradeSettings.maxSurge":     1, "upgradeSettings.maxUnavailable": 0,
}

func TestNodePool(t *testing.T) {
	id, state, err := registered(t, nodePoolType, validPool)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/asia-northeast1/clusters/main/nodePools/gpu", id)
	require.Len(t, state["instanceGroupUrls"], 3, "a regional pool has a group a zone")
	config := state["nodeConfig"].(map[string]any)
	require.NotEmpty(t, config["kubeletConfig"], "GKE adds it unasked")
	labels := config["resourceLabels"].(map[string]any)
	require.Equal(t, "ml", labels["team"])
	require.Equal(t, "on-demand", labels["goog-gke-node-pool-provisioning-model"])
	require.Equal(t, "SURGE", state["upgradeSettings"].(map[string]any)["strategy"])

	kind, err := Package().Kind(nodePoolType)
	require.NoError(t, err)
	require.NotContains(t, strings.Join(kind.Computed, " "), "kubeletConfig", "what GKE adds unasked is a change")
	require.NotContains(t, kind.Computed, "nodeConfig.resourceLabels")
}

func TestNodePoolRefusals(t *testing.T) {
	blueGreen := "upgradeSettings.blueGreenSettings.standardRolloutPolicy."
	refused(t, nodePoolType, validPool, map[string]refusal{
		"name":           {map[string]any{"name": strings.Repeat("p", 41)}, "1 to 40 lower-case"},
		"upper case":     {map[string]any{"name": "GPU"}, "1 to 40 lower-case"},
		"node count":     {map[string]any{"nodeCount": 2}, "autoscaling and nodeCount"},
		"two counts":     {map[string]any{"autoscaling": nil, "nodeCount": 2, "initialNodeCount": 1}, "initialNodeCount and nodeCount"},
		"min above max":  {map[string]any{"autoscaling.minNodeCount": 4}, "minNodeCount 4 is above maxNodeCount 3"},
		"zone and total": {map[string]any{"autoscaling.totalMaxNodeCount": 4}, "limits per zone and total"},
		"no max":         {map[string]any{"autoscaling.maxNodeCount": nil}, "want maxNodeCount or totalMaxNodeCount"},
		"policy":         {map[string]any{"autoscaling.locationPolicy": "any"}, "none of BALANCED, ANY"},
		"spot":           {map[string]any{"nodeConfig.spot": true, "nodeConfig.preemptible": true}, "exclude each other"},
		"disk":           {map[string]any{"nodeConfig.diskSizeGb": 9}, "between 10 and 65536"},
		"disk type":      {map[string]any{"nodeConfig.diskType": "ssd"}, "none of pd-standard"},
		"image":          {map[string]any{"nodeConfig.imageType": "COS"}, "none of COS_CONTAINERD"},
		"machine":        {map[string]any{"nodeConfig.machineType": "large"}, "a machine type"},
		"taint": {map[string]any{"nodeConfig.taints": []any{map[string]any{"key": "a", "value": "b", "effect": "NoSchedule"}}},
			"none of NO_SCHEDULE"},
		"metadata":   {map[string]any{"nodeConfig.workloadMetadataConfig.mode": "GKE"}, "none of GCE_METADATA"},
		"account":    {map[string]any{"nodeConfig.serviceAccount": "nodes"}, "e-mail address"},
		"scope":      {map[string]any{"nodeConfig.oauthScopes": []any{"cloud-platform"}}, "a scope, such as"},
		"GPU family": {map[string]any{"nodeConfig.machineType": "e2-standard-4"}, `no "nvidia-l4" on machine type "e2-standard-4"`},
		"GPU count":  {map[string]any{"nodeConfig.machineType": "g2-standard-24"}, `1 GPUs on "g2-standard-24", which has 2`},
		"GPU driver": {map[string]any{"nodeConfig.guestAccelerators[0].gpuDriverInstallationConfig.gpuDriverVersion": "NEW"}, "none of"},
		"GPU clients": {map[string]any{"nodeConfig.guestAccelerators[0].gpuSharingConfig": map[string]any{
			"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 1,
		}}, "between 2 and 48"},
		"streaming":   {map[string]any{"nodeConfig.imageType": "UBUNTU_CONTAINERD", "nodeConfig.gcfsConfig.enabled": true}, "COS_CONTAINERD"},
		"strategy":    {map[string]any{"upgradeSettings.strategy": "BLUEGREEN"}, "none of SURGE"},
		"no surge":    {map[string]any{"upgradeSettings.maxSurge": 0}, "are both 0"},
		"much surge":  {map[string]any{"upgradeSettings.maxSurge": 20, "upgradeSettings.maxUnavailable": 1}, "together are above 20"},
		"surge as BG": {map[string]any{"upgradeSettings.strategy": "BLUE_GREEN"}, "belong to the strategy SURGE"},
		"BG as surge": {map[string]any{blueGreen + "batchNodeCount": 1}, "belong to the strategy BLUE_GREEN"},
		"unknown":     {map[string]any{"nodeConfig.gpu": true}, "nodeConfig.gpu: unknown property"},
		"cluster":     {map[string]any{"cluster": nil}, "cluster: missing required property"},
		"pods a node": {map[string]any{"maxPodsPerNode": 300}, "between 8 and 256"},
		"soak": {map[string]any{
			"upgradeSettings": map[string]any{"strategy": "BLUE_GREEN", "blueGreenSettings": map[string]any{
				"nodePoolSoakDuration": "1h", "standardRolloutPolicy": map[string]any{"batchNodeCount": 1},
			}},
		}, "no duration"},
	})
}

func TestLookups(t *testing.T) {
	config := resource.NewPropertyMapFromMap(map[string]any{"project": "test-project"})
	args := resource.NewPropertyMapFromMap(map[string]any{"name": "main", "project": "shared"})
	network, err := Package().Invent("gcp:compute/getNetwork:getNetwork", args, config)
	require.NoError(t, err)
	require.Equal(t, "projects/shared/global/networks/main", network["id"].StringValue())

	args["location"] = resource.NewProperty("asia-northeast1")
	cluster, err := Package().Invent("gcp:container/getCluster:getCluster", args, config)
	require.NoError(t, err)
	require.Equal(t, "projects/shared/locations/asia-northeast1/clusters/main", cluster["id"].StringValue())
	auth := cluster["masterAuths"].ArrayValue()[0].ObjectValue()
	require.Equal(t, clusterCA, auth["clusterCaCertificate"].StringValue())
}
