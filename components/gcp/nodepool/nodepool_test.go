package nodepool_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/nodepool"
	_ "ai-worker/internal/sandbox/gcp/sdk/artifactregistry"
	_ "ai-worker/internal/sandbox/gcp/sdk/container"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
	_ "ai-worker/internal/sandbox/gcp/sdk/serviceaccount"
)

const (
	poolType   = "gcp:container/nodePool:NodePool"
	roleType   = "gcp:projects/iAMMember:IAMMember"
	readerType = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
)

// valid is the smallest accepted Args.
func valid() *nodepool.Args {
	return &nodepool.Args{
		Name: "web", Project: "test-project", Location: "asia-northeast1", Cluster: pulumi.String("main"),
		MachineType: "n2d-standard-4", Scaling: nodepool.Scaling{MaxPerZone: 3},
	}
}

// gpu is a pool of G2 machines.
func gpu() *nodepool.Args {
	args := valid()
	args.MachineType, args.GPU = "g2-standard-8", &nodepool.GPU{Type: "nvidia-l4", Count: 1}
	return args
}

var (
	program = componentstest.Program(nodepool.New, "web")
	run     = componentstest.Runner(program)
)

// pool runs args, with changes, and returns the recorded pool.
func pool(t *testing.T, args *nodepool.Args, changes ...func(*nodepool.Args)) componentstest.Registration {
	t.Helper()
	for _, change := range changes {
		change(args)
	}
	all := run(t, args)
	return all.One(t, poolType)
}

func TestChildren(t *testing.T) {
	args := valid()
	args.Registries = map[string]nodepool.Registry{
		"app":   {Project: "test-project", Location: "asia-northeast1", Name: pulumi.String("app")},
		"cache": {Project: "test-project", Location: "asia-northeast1", Name: pulumi.String("hub")},
	}
	all := run(t, args)
	require.Equal(t, []string{
		readerType + " web-registry-app",
		readerType + " web-registry-cache",
		poolType + " web-pool",
		roleType + " web-role",
		"gcp:serviceaccount/account:Account web-sa",
	}, componentstest.Tree(t, all, nodepool.TypeToken))
}

func TestNodesHaveAnAccountOfTheirOwn(t *testing.T) {
	args := valid()
	args.Registries = map[string]nodepool.Registry{"app": {Project: "images", Location: "asia", Name: pulumi.String("app")}}
	all := run(t, args)
	const email = "web-nodes@test-project.iam.gserviceaccount.com"
	require.Equal(t, email, all.One(t, poolType).Get("nodeConfig.serviceAccount"))

	role := all.One(t, roleType) // the only one on the project
	require.Equal(t, "roles/container.defaultNodeServiceAccount", role.Get("role"))
	require.Equal(t, "serviceAccount:"+email, role.Get("member"))
	reader := all.One(t, readerType)
	require.Equal(t, "roles/artifactregistry.reader", reader.Get("role"))
	require.Equal(t, []any{"images", "asia", "app"}, []any{reader.Get("project"), reader.Get("location"), reader.Get("repository")})
	require.Subset(t, all.One(t, poolType).RPC.GetDependencies(), []string{role.URN, reader.URN}, "nodes must not start without their rights")
}

func TestSafeDefaults(t *testing.T) {
	pool(t, valid()).Expect(t, map[string]any{
		"nodeConfig.oauthScopes":                                      []any{"https://www.googleapis.com/auth/cloud-platform"},
		"nodeConfig.workloadMetadataConfig.mode":                      "GKE_METADATA",
		"nodeConfig.metadata":                                         map[string]any{"disable-legacy-endpoints": "true"},
		"nodeConfig.shieldedInstanceConfig.enableSecureBoot":          true,
		"nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring": true,
		"nodeConfig.gvnic.enabled":                                    true,
		"nodeConfig.gcfsConfig.enabled":                               true,
		"nodeConfig.imageType":                                        "COS_CONTAINERD",
		"nodeConfig.diskType":                                         "pd-balanced",
		"nodeConfig.diskSizeGb":                                       100.0,
		"nodeConfig.spot":                                             false,
		"nodeConfig.taints":                                           nil,
		"nodeConfig.guestAccelerators":                                nil,
		"networkConfig.enablePrivateNodes":                            true,
		"management.autoRepair":                                       true,
		"management.autoUpgrade":                                      true,
		"upgradeSettings.strategy":                                    "SURGE",
		"upgradeSettings.maxSurge":                                    1.0,
		"upgradeSettings.maxUnavailable":                              0.0,
		"autoscaling.locationPolicy":                                  "BALANCED",
		"autoscaling.minNodeCount":                                    0.0,
		"autoscaling.maxNodeCount":                                    3.0,
		"initialNodeCount":                                            0.0,
		"nodeCount":                                                   nil,
	})
}

func TestPoolOptions(t *testing.T) {
	recorded := pool(t, valid())
	require.Equal(t, []string{"initialNodeCount", "nodeConfig.kubeletConfig", "nodeConfig.resourceLabels"}, recorded.IgnoreChanges)
	require.True(t, recorded.RPC.GetDeleteBeforeReplaceDefined(), "left to the provider, the old pool goes first")
	require.False(t, recorded.RPC.GetDeleteBeforeReplace(), "the new pool must stand before the old one goes")
	require.Equal(t, "45m", recorded.RPC.GetCustomTimeouts().GetUpdate())
}

func TestScaling(t *testing.T) {
	size := func(s nodepool.Scaling) []any {
		recorded := pool(t, valid(), func(a *nodepool.Args) { a.Scaling = s })
		var got []any
		for _, path := range []string{"autoscaling.minNodeCount", "autoscaling.maxNodeCount", "autoscaling.totalMinNodeCount",
			"autoscaling.totalMaxNodeCount", "initialNodeCount", "nodeCount"} {
			got = append(got, recorded.Get(path))
		}
		return got
	}
	require.Equal(t, []any{2.0, 4.0, nil, nil, 2.0, nil}, size(nodepool.Scaling{MinPerZone: 2, MaxPerZone: 4}))
	require.Equal(t, []any{2.0, 4.0, nil, nil, 3.0, nil}, size(nodepool.Scaling{MinPerZone: 2, MaxPerZone: 4, InitialPerZone: 3}))
	require.Equal(t, []any{nil, nil, 2.0, 4.0, 1.0, nil}, size(nodepool.Scaling{MinTotal: 2, MaxTotal: 4}))
	require.Equal(t, []any{nil, nil, nil, nil, nil, 2.0}, size(nodepool.Scaling{FixedPerZone: 2}))
}

func TestScarceMachines(t *testing.T) {
	spotTaint := map[string]any{"key": nodepool.SpotTaintKey, "value": "true", "effect": "NO_SCHEDULE"}
	gpuTaint := map[string]any{"key": nodepool.GPUTaintKey, "value": "present", "effect": "NO_SCHEDULE"}
	spot := func(a *nodepool.Args) { a.Spot = true }

	recorded := pool(t, valid(), spot)
	require.Equal(t, []any{spotTaint}, recorded.Get("nodeConfig.taints"))
	require.Equal(t, "ANY", recorded.Get("autoscaling.locationPolicy"))

	recorded = pool(t, gpu(), spot, func(a *nodepool.Args) {
		a.Taints = []nodepool.Taint{{Key: "team", Value: "ml", Effect: "NO_EXECUTE"}}
		a.GPU.Sharing, a.GPU.MaxClients = "TIME_SHARING", 4
	})
	own := map[string]any{"key": "team", "value": "ml", "effect": "NO_EXECUTE"}
	require.Equal(t, []any{own, spotTaint, gpuTaint}, recorded.Get("nodeConfig.taints"))
	require.Equal(t, map[string]any{
		"type": "nvidia-l4", "count": 1.0,
		"gpuDriverInstallationConfig": map[string]any{"gpuDriverVersion": "DEFAULT"},
		"gpuSharingConfig":            map[string]any{"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 4.0},
	}, recorded.Get("nodeConfig.guestAccelerators[0]"))
	require.Equal(t, "ANY", pool(t, gpu()).Get("autoscaling.locationPolicy"))
}

func TestBlueGreen(t *testing.T) {
	settings := pool(t, valid(), func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{} }).Get("upgradeSettings")
	require.Equal(t, map[string]any{
		"strategy": "BLUE_GREEN",
		"blueGreenSettings": map[string]any{
			"nodePoolSoakDuration":  "3600s",
			"standardRolloutPolicy": map[string]any{"batchNodeCount": 1.0, "batchSoakDuration": "0s"},
		},
	}, settings)
}
