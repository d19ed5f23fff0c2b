package nodepool_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/nodepool"
)

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[nodepool.Args]{
		"name":                  {func(a *nodepool.Args) { a.Name = "GPU" }, `name "GPU"`},
		"project":               {func(a *nodepool.Args) { a.Project = "" }, "project is required"},
		"location":              {func(a *nodepool.Args) { a.Location = "asia" }, `location "asia"`},
		"cluster":               {func(a *nodepool.Args) { a.Cluster = nil }, "cluster is required"},
		"derived account":       {func(a *nodepool.Args) { a.Name = "a-name-that-leaves-no-room" }, `accountId "a-name-that-leaves-no-room-nodes"`},
		"registry":              {func(a *nodepool.Args) { a.Registries = map[string]nodepool.Registry{"app": {}} }, `["app"]: project`},
		"registry key":          {func(a *nodepool.Args) { a.Registries = map[string]nodepool.Registry{"App": {}} }, `registries["App"]: want a key`},
		"zone of elsewhere":     {func(a *nodepool.Args) { a.Zones = []string{"us-central1-a"} }, `zones[0] "us-central1-a"`},
		"zone twice":            {func(a *nodepool.Args) { a.Zones = []string{"asia-northeast1-a", "asia-northeast1-a"} }, "given twice"},
		"machine type":          {func(a *nodepool.Args) { a.MachineType = "n2d-standard4" }, `machineType "n2d-standard4"`},
		"no machine type":       {func(a *nodepool.Args) { a.MachineType = "" }, `machineType ""`},
		"image":                 {func(a *nodepool.Args) { a.ImageType = "COS" }, `imageType "COS": want one of COS_CONTAINERD`},
		"streaming on Ubuntu":   {func(a *nodepool.Args) { a.ImageType, a.DisableGVNIC = "UBUNTU_CONTAINERD", true }, "needs disableImageStreaming"},
		"disk type":             {func(a *nodepool.Args) { a.DiskType = "ssd" }, `diskType "ssd"`},
		"disk size":             {func(a *nodepool.Args) { a.DiskSizeGB = 9 }, "diskSizeGb 9: want 10 to 65536"},
		"local SSDs":            {func(a *nodepool.Args) { a.LocalSSDs = -1 }, "localSsds -1"},
		"confidential E2":       {func(a *nodepool.Args) { a.MachineType, a.Confidential = "e2-standard-4", true }, "confidential: needs"},
		"pods":                  {func(a *nodepool.Args) { a.MaxPodsPerNode = 7 }, "maxPodsPerNode 7: want 8 to 256"},
		"timeout":               {func(a *nodepool.Args) { a.TimeoutMinutes = -1 }, "timeoutMinutes -1"},
		"GPU machine alone":     {func(a *nodepool.Args) { a.MachineType = "g2-standard-4" }, "comes with GPUs"},
		"GPU on N2D":            {func(a *nodepool.Args) { a.GPU = &nodepool.GPU{Type: "nvidia-l4", Count: 1} }, "takes none"},
		"GPU type":              {func(a *nodepool.Args) { *a = *gpu(); a.GPU.Type = "l4" }, `gpu.type "l4"`},
		"GPU count":             {func(a *nodepool.Args) { *a = *gpu(); a.GPU.Count = 0 }, "gpu.count 0: want 1 to 16"},
		"GPU driver":            {func(a *nodepool.Args) { *a = *gpu(); a.GPU.DriverVersion = "latest" }, `gpu.driverVersion "latest"`},
		"GPU partition":         {func(a *nodepool.Args) { *a = *gpu(); a.GPU.PartitionSize = "5gb" }, `gpu.partitionSize "5gb"`},
		"GPU that never splits": {func(a *nodepool.Args) { *a = *gpu(); a.GPU.PartitionSize = "1g.5gb" }, `gpu.partitionSize "1g.5gb": nvidia-l4`},
		"GPU sharing":           {func(a *nodepool.Args) { *a = *gpu(); a.GPU.Sharing = "SHARED" }, `gpu.sharing "SHARED"`},
		"GPU clients":           {func(a *nodepool.Args) { *a = *gpu(); a.GPU.Sharing = "MPS" }, "gpu.maxClients 0: want 2 to 48"},
		"clients, unshared":     {func(a *nodepool.Args) { *a = *gpu(); a.GPU.MaxClients = 2 }, "needs gpu.sharing"},
		"no size":               {func(a *nodepool.Args) { a.Scaling = nodepool.Scaling{} }, "want exactly one of maxPerZone 0"},
		"two sizes":             {func(a *nodepool.Args) { a.Scaling.MaxTotal = 3 }, "want exactly one of maxPerZone 3, maxTotal 3"},
		"minimum above":         {func(a *nodepool.Args) { a.Scaling.MinPerZone = 4 }, "minPerZone 4, maxPerZone 3"},
		"total minimum above":   {func(a *nodepool.Args) { a.Scaling = nodepool.Scaling{MinTotal: 4, MaxTotal: 3} }, "minTotal 4, maxTotal 3"},
		"too many nodes":        {func(a *nodepool.Args) { a.Scaling.MaxPerZone = 1001 }, "within 0 to 1000"},
		"too many, fixed":       {func(a *nodepool.Args) { a.Scaling = nodepool.Scaling{FixedPerZone: 1001} }, "fixedPerZone 1001"},
		"location policy":       {func(a *nodepool.Args) { a.Scaling.LocationPolicy = "any" }, `scaling.locationPolicy "any"`},
		"fixed with policy":     {func(a *nodepool.Args) { a.Scaling = nodepool.Scaling{FixedPerZone: 1, LocationPolicy: "ANY"} }, "not with fixedPerZone"},
		"initial above":         {func(a *nodepool.Args) { a.Scaling.InitialPerZone = 4 }, "initialPerZone 4"},
		"surge":                 {func(a *nodepool.Args) { a.Upgrade = nodepool.Upgrade{MaxSurge: 20, MaxUnavailable: 1} }, "together at most 20"},
		"surge, blue-green":     {func(a *nodepool.Args) { a.Upgrade = nodepool.Upgrade{MaxSurge: 1, BlueGreen: &nodepool.BlueGreen{}} }, "do not go with blueGreen"},
		"batches":               {func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{BatchNodes: 1, BatchPercent: 10} }, "exclude each other"},
		"negative batch":        {func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{BatchNodes: -1} }, "batchNodes -1"},
		"percent":               {func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{BatchPercent: 101} }, "batchPercent 101"},
		"batch soak":            {func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{BatchSoakSeconds: 604801} }, "batchSoakSeconds 604801"},
		"pool soak":             {func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{PoolSoakSeconds: 604801} }, "poolSoakSeconds 604801"},
		"reservation":           {func(a *nodepool.Args) { a.Reservation = "Reserved GPUs" }, `reservation "Reserved GPUs"`},
		"reserved spot":         {func(a *nodepool.Args) { a.Reservation, a.Spot = "gpus", true }, "never reserved"},
		"compact, 3 zones":      {func(a *nodepool.Args) { a.CompactPlacement = true }, "needs exactly one zone"},
		"compact E2": {func(a *nodepool.Args) {
			a.CompactPlacement, a.MachineType, a.Location = true, "e2-standard-4", "asia-northeast1-a"
		}, "compactPlacement: not with"},
		"node label":     {func(a *nodepool.Args) { a.NodeLabels = map[string]string{"team": "a b"} }, `nodeLabels["team"] "a b"`},
		"resource label": {func(a *nodepool.Args) { a.ResourceLabels = map[string]string{"Team": "a"} }, `resourceLabels["Team"]`},
		"tag":            {func(a *nodepool.Args) { a.NetworkTags = []string{"web", "Web"} }, `networkTags[1] "Web"`},
		"pod range":      {func(a *nodepool.Args) { a.PodRange = "10.0.0.0/14" }, `podRange "10.0.0.0/14"`},
		"sysctl":         {func(a *nodepool.Args) { a.Sysctls = map[string]string{"somaxconn": "1024"} }, `sysctls["somaxconn"]`},
		"taint effect":   {func(a *nodepool.Args) { a.Taints = []nodepool.Taint{{"a", "b", "NoSchedule"}} }, `taints[0].effect "NoSchedule"`},
		"taint key":      {func(a *nodepool.Args) { a.Taints = []nodepool.Taint{{"a b", "", "NO_SCHEDULE"}} }, `taints[0].key "a b"`},
		"taint value":    {func(a *nodepool.Args) { a.Taints = []nodepool.Taint{{"a", "b c", "NO_SCHEDULE"}} }, `taints[0].value "b c"`},
		"spot taint": {func(a *nodepool.Args) {
			a.Spot, a.Taints = true, []nodepool.Taint{{nodepool.SpotTaintKey, "true", "NO_SCHEDULE"}}
		}, "comes by itself"},
	})
}

func TestEveryProblemAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &nodepool.Args{}, "name", "project", "location", "cluster", "accountId", "machineType", "scaling")
}

func TestMachineTypes(t *testing.T) {
	for _, machine := range []string{
		"e2-medium", "n1-standard-1", "n2-custom-8-16384-ext", "e2-custom-medium-2-4096", "c3-standard-4-lssd", "m1-ultramem-40", "t2a-standard-8",
	} {
		args := valid()
		args.MachineType = machine
		require.NoError(t, args.Validate(), machine)
	}
	for machine, accelerator := range map[string]string{
		"a2-highgpu-1g": "nvidia-tesla-a100", "a3-megagpu-8g": "nvidia-h100-mega-80gb", "n1-highmem-4": "nvidia-tesla-t4",
	} {
		args := gpu()
		args.MachineType, args.GPU.Type = machine, accelerator
		require.NoError(t, args.Validate(), machine)
	}
}
