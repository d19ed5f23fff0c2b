package nodepool

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/gcp"
)

const (
	// SpotTaintKey is the key of the taint on spot nodes, with the value "true"
	// and the effect NoSchedule: what may be interrupted tolerates it. GKE puts the
	// same label on the nodes by itself, but not the taint.
	SpotTaintKey = "cloud.google.com/gke-spot"
	// GPUTaintKey is the key of the taint on nodes with GPUs, with the value
	// "present" and the effect NoSchedule. Pods that request a GPU tolerate it
	// without saying so (admission plugin ExtendedResourceToleration). GKE adds the
	// same taint only if the cluster has a pool without GPUs when the pool is
	// created; it is given here so that the order of pools does not matter.
	GPUTaintKey = "nvidia.com/gpu"
)

var (
	// oauthScopes leave it to IAM what the nodes may do. Scopes are the older
	// limit, they only take away, and a missing one fails like a missing role.
	oauthScopes = []string{"https://www.googleapis.com/auth/cloud-platform"}
	// metadata turns off the metadata server's versions that ask for no header.
	metadata = map[string]string{"disable-legacy-endpoints": "true"}
)

// physicalName is the pool's name, known when cluster and key are.
func (a *Args) physicalName() pulumi.StringOutput {
	var key pulumi.StringInput = pulumi.String("")
	if a.BootDiskKMSKey != nil {
		key = a.BootDiskKMSKey
	}
	return pulumi.All(a.Cluster, key).ApplyT(func(known []any) string {
		return poolName(a.identity(known[0].(string), known[1].(string)))
	}).(pulumi.StringOutput)
}

func (a *Args) pool(sa *serviceaccount.Account) *container.NodePoolArgs {
	pool := &container.NodePoolArgs{
		Name:            a.physicalName(),
		Project:         pulumi.String(a.Project),
		Location:        pulumi.String(a.Location),
		Cluster:         a.Cluster,
		NodeConfig:      a.nodeConfig(sa),
		UpgradeSettings: a.Upgrade.settings(),
		Management: &container.NodePoolManagementArgs{
			AutoRepair:  pulumi.Bool(!a.DisableAutoRepair),
			AutoUpgrade: pulumi.Bool(!a.DisableAutoUpgrade),
		},
		NetworkConfig: &container.NodePoolNetworkConfigArgs{
			EnablePrivateNodes: pulumi.Bool(!a.AllowPublicNodes),
			PodRange:           gcp.Text(a.PodRange),
		},
		NodeLocations: gcp.Texts(a.Zones),
	}
	if a.MaxPodsPerNode != 0 {
		pool.MaxPodsPerNode = pulumi.Int(a.MaxPodsPerNode)
	}
	if a.CompactPlacement {
		pool.PlacementPolicy = &container.NodePoolPlacementPolicyArgs{Type: pulumi.String("COMPACT")}
	}
	a.scale(pool)
	return pool
}

// scale sets either the autoscaler's range or a number of nodes: both together
// fight.
func (a *Args) scale(pool *container.NodePoolArgs) {
	s := a.Scaling
	if s.FixedPerZone != 0 {
		pool.NodeCount = pulumi.Int(s.FixedPerZone)
		return
	}
	policy := "BALANCED"
	if a.Spot || a.GPU != nil {
		policy = "ANY" // scarce machines: take them where they are
	}
	autoscaling := &container.NodePoolAutoscalingArgs{LocationPolicy: pulumi.String(cmp.Or(s.LocationPolicy, policy))}
	if s.MaxTotal != 0 {
		autoscaling.TotalMinNodeCount, autoscaling.TotalMaxNodeCount = pulumi.Int(s.MinTotal), pulumi.Int(s.MaxTotal)
	} else {
		autoscaling.MinNodeCount, autoscaling.MaxNodeCount = pulumi.Int(s.MinPerZone), pulumi.Int(s.MaxPerZone)
	}
	pool.Autoscaling = autoscaling
	// A minimum of the whole pool cannot be split over zones; the autoscaler adds
	// what one node a zone lacks.
	pool.InitialNodeCount = pulumi.Int(cmp.Or(s.InitialPerZone, s.MinPerZone, min(s.MinTotal, 1)))
}

func (a *Args) nodeConfig(sa *serviceaccount.Account) *container.NodePoolNodeConfigArgs {
	mode := "GKE_METADATA"
	if a.ExposeNodeIdentity {
		mode = "GCE_METADATA"
	}
	node := &container.NodePoolNodeConfigArgs{
		MachineType:            pulumi.String(a.MachineType),
		ImageType:              pulumi.String(a.imageType()),
		DiskType:               pulumi.String(cmp.Or(a.DiskType, "pd-balanced")),
		DiskSizeGb:             pulumi.Int(cmp.Or(a.DiskSizeGB, 100)),
		ServiceAccount:         sa.Email,
		OauthScopes:            gcp.Texts(oauthScopes),
		Metadata:               gcp.TextMap(metadata),
		WorkloadMetadataConfig: &container.NodePoolNodeConfigWorkloadMetadataConfigArgs{Mode: pulumi.String(mode)},
		ShieldedInstanceConfig: &container.NodePoolNodeConfigShieldedInstanceConfigArgs{
			EnableSecureBoot:          pulumi.Bool(!a.AllowUnsignedKernelModules),
			EnableIntegrityMonitoring: pulumi.Bool(!a.DisableIntegrityMonitoring),
		},
		Spot:           pulumi.Bool(a.Spot),
		Labels:         gcp.TextMap(a.NodeLabels),
		ResourceLabels: gcp.TextMap(a.ResourceLabels),
		Tags:           gcp.Texts(a.NetworkTags),
		Taints:         a.taintArgs(),
	}
	if a.GPU != nil {
		node.GuestAccelerators = container.NodePoolNodeConfigGuestAcceleratorArray{a.GPU.accelerator()}
	}
	if a.BootDiskKMSKey != nil {
		node.BootDiskKmsKey = a.BootDiskKMSKey.ToStringOutput().ToStringPtrOutput()
	}
	a.addFeatures(node)
	return node
}

// addFeatures adds the blocks that GKE does not answer when a feature is off: a
// block that says "off" would be a change in every preview, and replace the pool.
func (a *Args) addFeatures(node *container.NodePoolNodeConfigArgs) {
	if !a.DisableGVNIC {
		node.Gvnic = &container.NodePoolNodeConfigGvnicArgs{Enabled: pulumi.Bool(true)}
	}
	if !a.DisableImageStreaming {
		node.GcfsConfig = &container.NodePoolNodeConfigGcfsConfigArgs{Enabled: pulumi.Bool(true)}
	}
	if a.Confidential {
		node.ConfidentialNodes = &container.NodePoolNodeConfigConfidentialNodesArgs{Enabled: pulumi.Bool(true)}
	}
	if a.LocalSSDs != 0 {
		node.EphemeralStorageLocalSsdConfig = &container.NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgs{
			LocalSsdCount: pulumi.Int(a.LocalSSDs),
		}
	}
	if a.Reservation != "" {
		node.ReservationAffinity = &container.NodePoolNodeConfigReservationAffinityArgs{
			ConsumeReservationType: pulumi.String("SPECIFIC_RESERVATION"),
			Key:                    pulumi.String("compute.googleapis.com/reservation-name"),
			Values:                 pulumi.StringArray{pulumi.String(a.Reservation)},
		}
	}
	if len(a.Sysctls) > 0 {
		node.LinuxNodeConfig = &container.NodePoolNodeConfigLinuxNodeConfigArgs{Sysctls: gcp.TextMap(a.Sysctls)}
	}
}

func (a *Args) imageType() string { return cmp.Or(a.ImageType, "COS_CONTAINERD") }

// taints are the given ones and those that the machines call for.
func (a *Args) taints() []Taint {
	taints := slices.Clone(a.Taints)
	if a.Spot {
		taints = append(taints, Taint{SpotTaintKey, "true", "NO_SCHEDULE"})
	}
	if a.GPU != nil {
		taints = append(taints, Taint{GPUTaintKey, "present", "NO_SCHEDULE"})
	}
	return taints
}

func (a *Args) taintArgs() container.NodePoolNodeConfigTaintArray {
	var list container.NodePoolNodeConfigTaintArray
	for _, taint := range a.taints() {
		list = append(list, container.NodePoolNodeConfigTaintArgs{
			Key: pulumi.String(taint.Key), Value: pulumi.String(taint.Value), Effect: pulumi.String(taint.Effect),
		})
	}
	return list
}

func (g *GPU) driver() string { return cmp.Or(g.DriverVersion, "DEFAULT") }

func (g *GPU) accelerator() *container.NodePoolNodeConfigGuestAcceleratorArgs {
	accelerator := &container.NodePoolNodeConfigGuestAcceleratorArgs{
		Type:             pulumi.String(g.Type),
		Count:            pulumi.Int(g.Count),
		GpuPartitionSize: gcp.Text(g.PartitionSize),
		GpuDriverInstallationConfig: &container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs{
			GpuDriverVersion: pulumi.String(g.driver()),
		},
	}
	if g.Sharing != "" {
		accelerator.GpuSharingConfig = &container.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs{
			GpuSharingStrategy: pulumi.String(g.Sharing), MaxSharedClientsPerGpu: pulumi.Int(g.MaxClients),
		}
	}
	return accelerator
}

func (u Upgrade) settings() *container.NodePoolUpgradeSettingsArgs {
	if u.BlueGreen == nil {
		if u.MaxSurge == 0 && u.MaxUnavailable == 0 {
			u.MaxSurge = 1
		}
		return &container.NodePoolUpgradeSettingsArgs{
			Strategy:       pulumi.String("SURGE"),
			MaxSurge:       pulumi.Int(u.MaxSurge),
			MaxUnavailable: pulumi.Int(u.MaxUnavailable),
		}
	}
	b := u.BlueGreen
	rollout := &container.NodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgs{
		BatchSoakDuration: seconds(b.BatchSoakSeconds),
	}
	if b.BatchPercent != 0 {
		rollout.BatchPercentage = pulumi.Float64(float64(b.BatchPercent) / 100)
	} else {
		rollout.BatchNodeCount = pulumi.Int(max(b.BatchNodes, 1))
	}
	return &container.NodePoolUpgradeSettingsArgs{
		Strategy: pulumi.String("BLUE_GREEN"),
		BlueGreenSettings: &container.NodePoolUpgradeSettingsBlueGreenSettingsArgs{
			NodePoolSoakDuration:  seconds(cmp.Or(b.PoolSoakSeconds, 3600)),
			StandardRolloutPolicy: rollout,
		},
	}
}

// seconds is a duration as the API writes one.
func seconds(n int) pulumi.String { return pulumi.String(fmt.Sprintf("%ds", n)) }
