package nodepool

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func gpuPool() *Args {
	return &Args{
		Name: "gpu", Project: "p", Location: "asia-northeast1", MachineType: "g2-standard-8",
		GPU: &GPU{Type: "nvidia-l4", Count: 1}, Scaling: Scaling{MaxPerZone: 3},
	}
}

func nameOf(a *Args) string { return poolName(a.identity("main", "")) }

// A name that differs from this replaces every pool there is.
func TestPoolNameIsStable(t *testing.T) {
	require.Equal(t, "gpu-4c72f12b", nameOf(gpuPool()))
}

func TestPoolName(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Args)
		same   bool
	}{
		"GPU type":           {func(a *Args) { a.GPU.Type = "nvidia-tesla-t4" }, false},
		"no GPU":             {func(a *Args) { a.GPU = nil }, false},
		"driver":             {func(a *Args) { a.GPU.DriverVersion = "LATEST" }, false},
		"spot":               {func(a *Args) { a.Spot = true }, false},
		"account":            {func(a *Args) { a.AccountID = "others" }, false},
		"no image streaming": {func(a *Args) { a.DisableImageStreaming = true }, false},
		"another base":       {func(a *Args) { a.Name = "gpus" }, false},
		"default, spelt out": {func(a *Args) { a.GPU.DriverVersion, a.AccountID = "DEFAULT", "gpu-nodes" }, true},
		"machine type":       {func(a *Args) { a.MachineType = "g2-standard-12" }, true},
		"labels":             {func(a *Args) { a.NodeLabels = map[string]string{"team": "x"} }, true},
		"taints":             {func(a *Args) { a.Taints = []Taint{{"a", "b", "NO_EXECUTE"}} }, true},
		"range":              {func(a *Args) { a.Scaling.MaxPerZone = 9 }, true},
		"initial count":      {func(a *Args) { a.Scaling.InitialPerZone = 2 }, true},
		"upgrade":            {func(a *Args) { a.Upgrade.BlueGreen = &BlueGreen{} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			changed := gpuPool()
			tc.change(changed)
			if tc.same {
				require.Equal(t, nameOf(gpuPool()), nameOf(changed))
				return
			}
			require.NotEqual(t, nameOf(gpuPool()), nameOf(changed))
		})
	}
	require.NotEqual(t, poolName(gpuPool().identity("main", "")), poolName(gpuPool().identity("other", "")))
	require.NotEqual(t, poolName(gpuPool().identity("main", "")), poolName(gpuPool().identity("main", "key")))
}

func TestPoolNameFitsGKE(t *testing.T) {
	long := strings.Repeat("abcd", 20)
	for _, base := range []string{"a", "gpu", long[:31], long, long[:30] + "-x"} {
		name := poolName(identity{Name: base})
		require.Regexp(t, regexp.MustCompile(`^[a-z]([a-z0-9-]{0,38}[a-z0-9])$`), name)
		require.NotContains(t, name, "--")
	}
	// What the cut takes away still counts.
	require.NotEqual(t, poolName(identity{Name: long[:40]}), poolName(identity{Name: long[:44]}))
}

// A field that encoded its zero value would rename every pool by being added.
func TestIdentityOmitsWhatIsUnused(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[identity]()) {
		require.Equal(t, ",omitempty", field.Tag.Get("json"), field.Name)
		require.NotEqual(t, reflect.Struct, field.Type.Kind(), "%s: omitempty keeps a struct", field.Name)
	}
}
