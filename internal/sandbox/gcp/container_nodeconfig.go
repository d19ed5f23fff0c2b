package gcp

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// What stands here holds for `nodeConfig` wherever it appears: in a node pool,
// and in a cluster for its default pool.

const kubernetesValue = `^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$`

// nodeConfigRules are the rules of single values.
// https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/NodeConfig
func nodeConfigRules() map[string]sandbox.Rule {
	return map[string]sandbox.Rule{
		"nodeConfig.machineType": sandbox.Match(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`, `a machine type, such as "g2-standard-8"`),
		"nodeConfig.diskSizeGb":  sandbox.Between(10, 65536),
		"nodeConfig.diskType":    sandbox.OneOf("pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced"),
		"nodeConfig.imageType": sandbox.OneOf(
			"COS_CONTAINERD", "UBUNTU_CONTAINERD", "WINDOWS_LTSC_CONTAINERD", "WINDOWS_SAC_CONTAINERD"),
		"nodeConfig.loggingVariant": sandbox.OneOf("DEFAULT", "MAX_THROUGHPUT"),
		"nodeConfig.oauthScopes[]": sandbox.Match(`^https://www\.googleapis\.com/auth/[a-z._-]+$`,
			`a scope, such as "https://www.googleapis.com/auth/cloud-platform"`),
		"nodeConfig.tags[]":           computeName,
		"nodeConfig.taints[].effect":  sandbox.OneOf("NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"),
		"nodeConfig.taints[].key":     sandbox.Match(`^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`, "a Kubernetes label key"),
		"nodeConfig.taints[].value":   sandbox.Match(kubernetesValue, "a Kubernetes label value"),
		"nodeConfig.labels{}":         sandbox.Match(kubernetesValue, "a Kubernetes label value"),
		"nodeConfig.resourceLabels{}": labelValue,
		"nodeConfig.serviceAccount": sandbox.Match(`^(default|[^@\s]+@[^@\s]+\.gserviceaccount\.com)$`,
			"the e-mail address of a service account"),
		"nodeConfig.bootDiskKmsKey":                       cryptoKeyRule,
		"nodeConfig.secondaryBootDisks":                   sandbox.Items(0, 127),
		"nodeConfig.secondaryBootDisks[].mode":            sandbox.OneOf("CONTAINER_IMAGE_CACHE"),
		"nodeConfig.sandboxConfig.sandboxType":            sandbox.OneOf("gvisor"),
		"nodeConfig.kubeletConfig.cpuManagerPolicy":       sandbox.OneOf("static", "none", ""),
		"nodeConfig.kubeletConfig.podPidsLimit":           sandbox.Between(1024, 4194304),
		"nodeConfig.linuxNodeConfig.cgroupMode":           sandbox.OneOf("CGROUP_MODE_UNSPECIFIED", "CGROUP_MODE_V1", "CGROUP_MODE_V2"),
		"nodeConfig.workloadMetadataConfig.mode":          sandbox.OneOf("GCE_METADATA", "GKE_METADATA"),
		"nodeConfig.guestAccelerators[].count":            sandbox.Between(1, 16),
		"nodeConfig.guestAccelerators[].type":             sandbox.Match(`^nvidia-[a-z0-9-]+$`, `a GPU type, such as "nvidia-l4"`),
		"nodeConfig.guestAccelerators[].gpuPartitionSize": sandbox.Match(`^[1-7]g\.[0-9]+gb$`, `a partition, such as "1g.5gb"`),
		"nodeConfig.guestAccelerators[].gpuDriverInstallationConfig.gpuDriverVersion": sandbox.OneOf(
			"INSTALLATION_DISABLED", "DEFAULT", "LATEST"),
		"nodeConfig.guestAccelerators[].gpuSharingConfig.gpuSharingStrategy":     sandbox.OneOf("TIME_SHARING", "MPS"),
		"nodeConfig.guestAccelerators[].gpuSharingConfig.maxSharedClientsPerGpu": sandbox.Between(2, 48),
		"nodeConfig.reservationAffinity.consumeReservationType": sandbox.OneOf(
			"NO_RESERVATION", "ANY_RESERVATION", "SPECIFIC_RESERVATION"),
	}
}

// nodeConfigDefaults are the schema's.
func nodeConfigDefaults() map[string]any {
	return map[string]any{
		"nodeConfig.preemptible": false,
		"nodeConfig.spot":        false,
		"nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring": true,
		"nodeConfig.shieldedInstanceConfig.enableSecureBoot":          false,
	}
}

// nodeConfigComputed are the inputs that GKE fills. That it also answers
// `kubeletConfig` and labels of its own is not among them: see [fillNodeConfig].
func nodeConfigComputed() []string {
	return within("nodeConfig", "confidentialNodes", "diskSizeGb", "diskType", "effectiveTaints", "guestAccelerators",
		"guestAccelerators[].gpuDriverInstallationConfig", "imageType",
		"labels", "linuxNodeConfig.cgroupMode", "localSsdCount", "loggingVariant", "machineType", "metadata", "minCpuPlatform",
		"oauthScopes", "serviceAccount", "shieldedInstanceConfig", "workloadMetadataConfig")
}

// nodeConfigReplace are the inputs that no update changes. Machine type, disk,
// image, taints and labels are updated by replacing the nodes, not the pool.
func nodeConfigReplace() []string {
	return within("nodeConfig", "advancedMachineFeatures", "bootDiskKmsKey", "confidentialNodes", "enableConfidentialStorage",
		"ephemeralStorageConfig", "ephemeralStorageLocalSsdConfig", "gcfsConfig", "guestAccelerators", "gvnic",
		"hostMaintenancePolicy", "localNvmeSsdBlockConfig", "localSsdCount", "metadata", "minCpuPlatform", "nodeGroup", "oauthScopes",
		"preemptible", "reservationAffinity", "sandboxConfig", "secondaryBootDisks", "serviceAccount", "shieldedInstanceConfig",
		"soleTenantConfig", "spot")
}

func within(parent string, fields ...string) []string {
	paths := make([]string, len(fields))
	for i, field := range fields {
		paths[i] = parent + "." + field
	}
	return paths
}

// nodeConfigChecks are the rules over several values.
func nodeConfigChecks() []sandbox.Check {
	return []sandbox.Check{
		sandbox.Refuse(func(o *sandbox.Object) bool { return o.Bool("nodeConfig.spot") && o.Bool("nodeConfig.preemptible") },
			"nodeConfig.spot and nodeConfig.preemptible exclude each other"),
		sandbox.Refuse(func(o *sandbox.Object) bool {
			image := o.Str("nodeConfig.imageType")
			return image != "" && image != "COS_CONTAINERD" &&
				(o.Bool("nodeConfig.gcfsConfig.enabled") || o.Bool("nodeConfig.gvnic.enabled") || o.Has("nodeConfig.sandboxConfig"))
		}, "nodeConfig.gcfsConfig, gvnic and sandboxConfig need imageType COS_CONTAINERD"),
		sandbox.Refuse(func(o *sandbox.Object) bool {
			return o.Bool("nodeConfig.fastSocket.enabled") && o.Known("nodeConfig.gvnic") && !o.Bool("nodeConfig.gvnic.enabled")
		}, "nodeConfig.fastSocket needs gvnic"),
		checkAccelerators,
	}
}

// accelerators are the GPU types that a machine family takes. The families
// after the first come with their GPUs.
// https://cloud.google.com/compute/docs/gpus
var accelerators = []struct{ machine, gpu *regexp.Regexp }{
	{regexp.MustCompile(`^n1-(standard|highmem|highcpu|custom)-`), regexp.MustCompile(`^nvidia-tesla-(t4|p4|p100|v100)(-vws)?$`)},
	{regexp.MustCompile(`^g2-`), regexp.MustCompile(`^nvidia-l4(-vws)?$`)},
	{regexp.MustCompile(`^a2-(highgpu|megagpu)-`), regexp.MustCompile(`^nvidia-tesla-a100$`)},
	{regexp.MustCompile(`^a2-ultragpu-`), regexp.MustCompile(`^nvidia-a100-80gb$`)},
	{regexp.MustCompile(`^a3-highgpu-`), regexp.MustCompile(`^nvidia-h100-80gb$`)},
	{regexp.MustCompile(`^a3-megagpu-`), regexp.MustCompile(`^nvidia-h100-mega-80gb$`)},
}

// l4Count is how many GPUs a G2 machine has; any other count is refused.
func l4Count(machine string) float64 {
	switch machine[strings.LastIndex(machine, "-")+1:] {
	case "24":
		return 2
	case "48":
		return 4
	case "96":
		return 8
	default:
		return 1
	}
}

func checkAccelerators(o *sandbox.Object) error {
	machine := o.Str("nodeConfig.machineType")
	if machine == "" {
		return nil
	}
	var errs []error
	o.Each("nodeConfig.guestAccelerators[]", func(at string, v resource.PropertyValue) {
		gpu := v.ObjectValue()["type"]
		if !gpu.IsString() {
			return
		}
		if !takes(machine, gpu.StringValue()) {
			errs = append(errs, fmt.Errorf("%s: no %q on machine type %q", at, gpu.StringValue(), machine))
		}
		if n := v.ObjectValue()["count"]; strings.HasPrefix(machine, "g2-") && n.IsNumber() && n.NumberValue() != l4Count(machine) {
			errs = append(errs, fmt.Errorf("%s: %v GPUs on %q, which has %v", at, n.NumberValue(), machine, l4Count(machine)))
		}
	})
	return errors.Join(errs...)
}

func takes(machine, gpu string) bool {
	for _, a := range accelerators {
		if a.machine.MatchString(machine) && a.gpu.MatchString(gpu) {
			return true
		}
	}
	return false
}

// fillNodeConfig answers as GKE does. It adds, unasked, a kubelet configuration
// and labels to every pool; this generation of the provider does not count them
// as computed and reports a change in every later preview, so a component has
// to ignore both paths
// (terraform-google-modules/terraform-google-kubernetes-engine#2014).
func fillNodeConfig(o *sandbox.Object, labels map[string]string) {
	for path, value := range map[string]any{
		"machineType": "e2-medium", "diskSizeGb": 100, "diskType": "pd-balanced", "imageType": "COS_CONTAINERD",
		"loggingVariant": "DEFAULT", "localSsdCount": 0, "minCpuPlatform": "",
		"metadata":    map[string]any{"disable-legacy-endpoints": "true"},
		"oauthScopes": []any{"https://www.googleapis.com/auth/devstorage.read_only"},
		"shieldedInstanceConfig": map[string]any{
			"enableIntegrityMonitoring": true, "enableSecureBoot": false,
		},
		// a value that cannot be taken for one left out
		"kubeletConfig": map[string]any{"cpuManagerPolicy": "none", "cpuCfsQuota": true},
	} {
		o.Default("nodeConfig."+path, value)
	}
	merged := map[string]any{}
	o.Each("nodeConfig.resourceLabels", func(_ string, v resource.PropertyValue) {
		for key, value := range v.ObjectValue() {
			merged[string(key)] = value.V
		}
	})
	for key, value := range labels {
		merged[key] = value
	}
	o.Set("nodeConfig.resourceLabels", merged)
}
