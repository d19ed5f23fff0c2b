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

var validCluster = props{
	"name": "main", "project": "test-project", "location": "asia-northeast1", "network": networkID, "initialNodeCount": 1,
	"removeDefaultNodePool": true,
	"datapathProvider":      "ADVANCED_DATAPATH", "ipAllocationPolicy.clusterSecondaryRangeName": "pods",
	"ipAllocationPolicy.servicesSecondaryRangeName": "services", "gatewayApiConfig.channel": "CHANNEL_STANDARD",
	"privateClusterConfig.enablePrivateNodes": true, "privateClusterConfig.enablePrivateEndpoint": true,
	"privateClusterConfig.masterIpv4CidrBlock":                   "172.16.0.0/28",
	"masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled": false,
	"workloadIdentityConfig.workloadPool":                        "test-project.svc.id.goog",
	"maintenancePolicy.recurringWindow": props{
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

	_, open, err := registered(t, clusterType, validCluster, props{"privateClusterConfig.enablePrivateEndpoint": false})
	require.NoError(t, err)
	require.Regexp(t, `^203\.0\.113\.\d+$`, open["endpoint"])

	encoded := state["masterAuth"].(props)["clusterCaCertificate"].(string)
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
	judged(t, clusterType, validCluster, map[string]verdict{
		"name":         {props{"name": strings.Repeat("c", 41)}, "1 to 40 lower-case"},
		"no pool":      {props{"initialNodeCount": nil}, "initialNodeCount: want at least 1"},
		"node version": {props{"nodeVersion": "1.30"}, "removeDefaultNodePool removes"},
		"master /27":   {props{"privateClusterConfig.masterIpv4CidrBlock": "172.16.0.0/27"}, "prefix length of [28]"},
		"no master":    {props{"privateClusterConfig.masterIpv4CidrBlock": nil}, "needs masterIpv4CidrBlock"},
		"public nodes": {props{"privateClusterConfig.enablePrivateNodes": false}, "needs enablePrivateNodes"},
		"no networks":  {props{"masterAuthorizedNetworksConfig": nil}, "needs masterAuthorizedNetworksConfig"},
		"authorized": {props{"masterAuthorizedNetworksConfig.cidrBlocks": []any{
			props{"cidrBlock": "192.0.2.1/24"},
		}}, "host bits"},
		"channel":         {props{"releaseChannel.channel": "regular"}, "none of UNSPECIFIED, RAPID"},
		"datapath":        {props{"datapathProvider": "V2"}, "none of"},
		"gateway":         {props{"gatewayApiConfig.channel": "STANDARD"}, "none of CHANNEL_DISABLED"},
		"no balancer":     {props{"addonsConfig.httpLoadBalancing.disabled": true}, "gatewayApiConfig needs"},
		"policy engine":   {props{"networkPolicy.enabled": true}, "Dataplane V2 enforces"},
		"FQDN":            {props{"enableFqdnNetworkPolicy": true, "datapathProvider": "LEGACY_DATAPATH"}, "ADVANCED_DATAPATH"},
		"no key":          {props{"databaseEncryption.state": "ENCRYPTED"}, "go together"},
		"key":             {props{"databaseEncryption.state": "ENCRYPTED", "databaseEncryption.keyName": "k"}, "cryptoKeys"},
		"logs":            {props{"loggingConfig.enableComponents": []any{"WORKLOADS"}}, "SYSTEM_COMPONENTS must be"},
		"log":             {props{"loggingConfig.enableComponents": []any{"SYSTEM"}}, "none of SYSTEM_COMPONENTS"},
		"posture":         {props{"securityPostureConfig.mode": "STANDARD"}, "none of DISABLED"},
		"other pool":      {props{"workloadIdentityConfig.workloadPool": "other.svc.id.goog"}, "own project"},
		"no topic":        {props{"notificationConfig.pubsub.enabled": true}, "needs a topic"},
		"two windows":     {props{"maintenancePolicy.dailyMaintenanceWindow.startTime": "03:00"}, "want exactly one of"},
		"zone":            {props{"maintenancePolicy.recurringWindow.startTime": "2024-01-06T16:00:00+09:00"}, "a time in UTC"},
		"window":          {props{"maintenancePolicy.recurringWindow.endTime": "2024-01-06T16:00:00Z"}, "is not before endTime"},
		"recurrence":      {props{"maintenancePolicy.recurringWindow.recurrence": "weekly"}, "an RRULE"},
		"no location":     {props{"location": nil}, "location: missing required property"},
		"own zone":        {props{"location": "asia-northeast1-a", "nodeLocations": []any{"asia-northeast1-a"}}, "not to be repeated"},
		"both allocation": {props{"clusterIpv4Cidr": "10.0.0.0/14"}, "clusterIpv4Cidr, ipAllocationPolicy exclude"},
		"autopilot":       {props{"enableAutopilot": true}, "excluded by enableAutopilot"},
		"binary": {props{"binaryAuthorization.enabled": true, "binaryAuthorization.evaluationMode": "DISABLED"},
			"exclude each other"},
		"exclusions": {props{"maintenancePolicy.maintenanceExclusions": []any{
			props{"exclusionName": "a", "startTime": "2025-01-01T00:00:00Z", "endTime": "2025-01-02T00:00:00Z"},
			props{"exclusionName": "a", "startTime": "2025-01-03T00:00:00Z", "endTime": "2025-01-02T00:00:00Z"},
		}}, "is there twice"},
	})
}

var validPool = props{
	"name": "gpu", "cluster": "main", "location": "asia-northeast1", "autoscaling.minNodeCount": 0, "autoscaling.maxNodeCount": 3,
	"nodeConfig.machineType": "g2-standard-8", "nodeConfig.diskSizeGb": 100, "nodeConfig.resourceLabels.team": "ml",
	"nodeConfig.guestAccelerators": []any{props{"type": "nvidia-l4", "count": 1}},
	"upgradeSettings.maxSurge":     1, "upgradeSettings.maxUnavailable": 0,
}

func TestNodePool(t *testing.T) {
	id, state, err := registered(t, nodePoolType, validPool)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/asia-northeast1/clusters/main/nodePools/gpu", id)
	require.Len(t, state["instanceGroupUrls"], 3, "a regional pool has a group a zone")
	config := state["nodeConfig"].(props)
	require.NotEmpty(t, config["kubeletConfig"], "GKE adds it unasked")
	labels := config["resourceLabels"].(props)
	require.Equal(t, "ml", labels["team"])
	require.Equal(t, "on-demand", labels["goog-gke-node-pool-provisioning-model"])
	require.Equal(t, "SURGE", state["upgradeSettings"].(props)["strategy"])

	kind, err := Package().Kind(nodePoolType)
	require.NoError(t, err)
	require.NotContains(t, strings.Join(kind.Computed, " "), "kubeletConfig", "what GKE adds unasked is a change")
	require.NotContains(t, kind.Computed, "nodeConfig.resourceLabels")
}

func TestNodePoolRefusals(t *testing.T) {
	blueGreen := "upgradeSettings.blueGreenSettings.standardRolloutPolicy."
	judged(t, nodePoolType, validPool, map[string]verdict{
		"name":           {props{"name": strings.Repeat("p", 41)}, "1 to 40 lower-case"},
		"upper case":     {props{"name": "GPU"}, "1 to 40 lower-case"},
		"node count":     {props{"nodeCount": 2}, "autoscaling and nodeCount"},
		"two counts":     {props{"autoscaling": nil, "nodeCount": 2, "initialNodeCount": 1}, "initialNodeCount and nodeCount"},
		"min above max":  {props{"autoscaling.minNodeCount": 4}, "minNodeCount 4 is above maxNodeCount 3"},
		"zone and total": {props{"autoscaling.totalMaxNodeCount": 4}, "limits per zone and total"},
		"no max":         {props{"autoscaling.maxNodeCount": nil}, "want maxNodeCount or totalMaxNodeCount"},
		"policy":         {props{"autoscaling.locationPolicy": "any"}, "none of BALANCED, ANY"},
		"spot":           {props{"nodeConfig.spot": true, "nodeConfig.preemptible": true}, "exclude each other"},
		"disk":           {props{"nodeConfig.diskSizeGb": 9}, "between 10 and 65536"},
		"disk type":      {props{"nodeConfig.diskType": "ssd"}, "none of pd-standard"},
		"image":          {props{"nodeConfig.imageType": "COS"}, "none of COS_CONTAINERD"},
		"machine":        {props{"nodeConfig.machineType": "large"}, "a machine type"},
		"taint": {props{"nodeConfig.taints": []any{props{"key": "a", "value": "b", "effect": "NoSchedule"}}},
			"none of NO_SCHEDULE"},
		"metadata":   {props{"nodeConfig.workloadMetadataConfig.mode": "GKE"}, "none of GCE_METADATA"},
		"account":    {props{"nodeConfig.serviceAccount": "nodes"}, "e-mail address"},
		"scope":      {props{"nodeConfig.oauthScopes": []any{"cloud-platform"}}, "a scope, such as"},
		"GPU family": {props{"nodeConfig.machineType": "e2-standard-4"}, `no "nvidia-l4" on machine type "e2-standard-4"`},
		"GPU count":  {props{"nodeConfig.machineType": "g2-standard-24"}, `1 GPUs on "g2-standard-24", which has 2`},
		"GPU driver": {props{"nodeConfig.guestAccelerators[0].gpuDriverInstallationConfig.gpuDriverVersion": "NEW"}, "none of"},
		"GPU clients": {props{"nodeConfig.guestAccelerators[0].gpuSharingConfig": props{
			"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 1,
		}}, "between 2 and 48"},
		"streaming":   {props{"nodeConfig.imageType": "UBUNTU_CONTAINERD", "nodeConfig.gcfsConfig.enabled": true}, "COS_CONTAINERD"},
		"strategy":    {props{"upgradeSettings.strategy": "BLUEGREEN"}, "none of SURGE"},
		"no surge":    {props{"upgradeSettings.maxSurge": 0}, "are both 0"},
		"much surge":  {props{"upgradeSettings.maxSurge": 20, "upgradeSettings.maxUnavailable": 1}, "together are above 20"},
		"surge as BG": {props{"upgradeSettings.strategy": "BLUE_GREEN"}, "belong to the strategy SURGE"},
		"BG as surge": {props{blueGreen + "batchNodeCount": 1}, "belong to the strategy BLUE_GREEN"},
		"unknown":     {props{"nodeConfig.gpu": true}, "nodeConfig.gpu: unknown property"},
		"cluster":     {props{"cluster": nil}, "cluster: missing required property"},
		"pods a node": {props{"maxPodsPerNode": 300}, "between 8 and 256"},
		"soak": {props{
			"upgradeSettings": props{"strategy": "BLUE_GREEN", "blueGreenSettings": props{
				"nodePoolSoakDuration": "1h", "standardRolloutPolicy": props{"batchNodeCount": 1},
			}},
		}, "no duration"},
	})
}

func TestLookups(t *testing.T) {
	config := resource.NewPropertyMapFromMap(props{"project": "test-project"})
	args := resource.NewPropertyMapFromMap(props{"name": "main", "project": "shared"})
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
