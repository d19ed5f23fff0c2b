package nodepool_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/nodepool"
	"ai-worker/internal/sandbox/gcp"
)

// full sets every field that goes together.
func full() *nodepool.Args {
	return &nodepool.Args{
		Name: "web", Project: "test-project", Location: "asia-northeast1", Cluster: pulumi.String("main"), AccountID: "web-machines",
		Registries:  map[string]nodepool.Registry{"app": {Project: "images", Location: "asia", Name: pulumi.String("app")}},
		MachineType: "a2-highgpu-1g", ImageType: "COS_CONTAINERD", DiskType: "pd-ssd", DiskSizeGB: 200,
		BootDiskKMSKey: pulumi.String("projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/k"), LocalSSDs: 1,
		GPU: &nodepool.GPU{
			Type: "nvidia-tesla-a100", Count: 1, DriverVersion: "LATEST", PartitionSize: "1g.5gb", Sharing: "MPS", MaxClients: 2,
		},
		Scaling: nodepool.Scaling{MinPerZone: 1, MaxPerZone: 3, LocationPolicy: "ANY", InitialPerZone: 2},
		Upgrade: nodepool.Upgrade{BlueGreen: &nodepool.BlueGreen{BatchNodes: 2, BatchSoakSeconds: 60, PoolSoakSeconds: 600}},
		Zones:   []string{"asia-northeast1-a"}, Reservation: "gpus",
		NodeLabels: map[string]string{"team": "web"}, Taints: []nodepool.Taint{{Key: "team", Value: "web", Effect: "NO_EXECUTE"}},
		NetworkTags: []string{"web"}, ResourceLabels: map[string]string{"team": "web"},
		Sysctls: map[string]string{"net.core.somaxconn": "1024"}, MaxPodsPerNode: 32, PodRange: "pods",
		DisableImageStreaming: true, DisableGVNIC: true, TimeoutMinutes: 90,
	}
}

// apart are the changes that do not go with [full], on pools where they do.
var apart = map[string][2]*nodepool.Args{
	"GPU.Type":                       {n1("nvidia-tesla-t4"), n1("nvidia-tesla-p4")},
	"Confidential":                   {valid(), with(func(a *nodepool.Args) { a.Confidential = true })},
	"Spot":                           {valid(), with(func(a *nodepool.Args) { a.Spot = true })},
	"Scaling.MinTotal":               {total(1, 3), total(2, 3)},
	"Scaling.MaxTotal":               {total(1, 3), total(1, 4)},
	"Scaling.FixedPerZone":           {fixed(1), fixed(2)},
	"Upgrade.MaxSurge":               {valid(), with(func(a *nodepool.Args) { a.Upgrade.MaxSurge = 2 })},
	"Upgrade.MaxUnavailable":         {valid(), with(func(a *nodepool.Args) { a.Upgrade.MaxUnavailable = 2 })},
	"Upgrade.BlueGreen.BatchPercent": {percent(10), percent(20)},
}

func with(change func(*nodepool.Args)) *nodepool.Args {
	args := valid()
	change(args)
	return args
}

func total(lo, hi int) *nodepool.Args {
	return with(func(a *nodepool.Args) { a.Scaling = nodepool.Scaling{MinTotal: lo, MaxTotal: hi} })
}

func n1(accelerator string) *nodepool.Args {
	return with(func(a *nodepool.Args) {
		a.MachineType, a.GPU = "n1-standard-4", &nodepool.GPU{Type: accelerator, Count: 1}
	})
}

func fixed(n int) *nodepool.Args {
	return with(func(a *nodepool.Args) { a.Scaling = nodepool.Scaling{FixedPerZone: n} })
}

func percent(n int) *nodepool.Args {
	return with(func(a *nodepool.Args) { a.Upgrade.BlueGreen = &nodepool.BlueGreen{BatchPercent: n} })
}

// TestEveryInputMatters changes each input alone. It also proves that the pool's
// name follows: another name wherever the provider would replace the pool, as
// the sandbox's kind knows it, and the same name wherever it would not.
func TestEveryInputMatters(t *testing.T) {
	vary := componentstest.Vary{Exempt: map[string]string{}, Values: map[string]any{
		"Location": "asia-northeast1-a", "MachineType": "a2-highgpu-2g", "ImageType": "UBUNTU_CONTAINERD", "DiskType": "pd-balanced",
		"BootDiskKMSKey":    pulumi.String("projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/other"),
		"GPU.DriverVersion": "DEFAULT", "GPU.PartitionSize": "2g.10gb", "GPU.Sharing": "TIME_SHARING",
		"Scaling.LocationPolicy": "BALANCED", "Zones[0]": "asia-northeast1-b", "Taints[0].Effect": "NO_SCHEDULE",
	}}
	for path := range apart {
		vary.Exempt[path] = "another input excludes it: see apart"
	}
	var variants []*nodepool.Args
	componentstest.NoDeadInput(t, full, func(args *nodepool.Args) pulumi.RunFunc {
		variants = append(variants, args)
		return program(args)
	}, vary)

	base := pool(t, full())
	for _, args := range variants {
		requireNameFollows(t, base, pool(t, args), args.Name != full().Name)
	}
	for path, args := range apart {
		before, after := pool(t, args[0]), pool(t, args[1])
		require.NotEmpty(t, changedPaths(before, after), path)
		requireNameFollows(t, before, after, false)
	}
}

func requireNameFollows(t *testing.T, before, after componentstest.Registration, renamed bool) {
	t.Helper()
	kind, err := gcp.Package().Kind(poolType)
	require.NoError(t, err)
	changed := changedPaths(before, after)
	replaced := slices.ContainsFunc(changed, func(path string) bool {
		return !slices.Contains(before.IgnoreChanges, path) && slices.ContainsFunc(kind.Replace, func(at string) bool {
			return path == at || strings.HasPrefix(path, at+".") || strings.HasPrefix(path, at+"[")
		})
	})
	require.Equal(t, replaced || renamed, before.Get("name") != after.Get("name"), "changed: %v", changed)
}

var index = regexp.MustCompile(`\[[0-9]+\]`)

// changedPaths are the inputs that differ, the name aside.
func changedPaths(before, after componentstest.Registration) []string {
	old, now := map[string]string{}, map[string]string{}
	flatten("", before.Inputs, old)
	flatten("", after.Inputs, now)
	changed := map[string]bool{}
	for _, path := range slices.Concat(slices.Collect(maps.Keys(old)), slices.Collect(maps.Keys(now))) {
		if old[path] != now[path] && path != "name" {
			changed[index.ReplaceAllString(path, "[]")] = true
		}
	}
	return slices.Sorted(maps.Keys(changed))
}

func flatten(at string, object resource.PropertyMap, into map[string]string) {
	for key, v := range object {
		path := strings.TrimPrefix(at+"."+string(key), ".")
		switch {
		case v.IsObject():
			flatten(path, v.ObjectValue(), into)
		case v.IsArray():
			items := resource.PropertyMap{}
			for i, item := range v.ArrayValue() {
				items[resource.PropertyKey(fmt.Sprintf("[%d]", i))] = item
			}
			flatten(path, items, into)
		default:
			into[path] = fmt.Sprint(v.V)
		}
	}
}
