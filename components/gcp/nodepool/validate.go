package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

var (
	// machineShape is FAMILY-CLASS-CPUS with variants, FAMILY-medium, or
	// FAMILY-custom-CPUS-MEMORY. https://cloud.google.com/compute/docs/machine-resource
	machineShape = regexp.MustCompile(`^[a-z]+[0-9]+[a-z]*-(micro|small|medium|[a-z]+-[0-9]+[a-z]?(-[a-z]+)?|custom(-[a-z]+)?-[0-9]+-[0-9]+(-ext)?)$`)
	// gpuMachine are the families that take GPUs (N1) or come with them.
	gpuMachine          = regexp.MustCompile(`^(n1|a[0-9]+x?|g[2-9])-`)
	withGPUs            = regexp.MustCompile(`^(a[0-9]+x?|g[2-9])-`)
	confidentialMachine = regexp.MustCompile(`^(n2d|c2d|c3d)-`)
	reservationShape    = regexp.MustCompile(`^(projects/[^/]+/reservations/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	gpuShape            = regexp.MustCompile(`^nvidia(-[a-z0-9]+)+$`)
	unsplitGPU          = regexp.MustCompile(`-(l4|t4|p4|p100|v100)(-vws)?$`) // GPUs without MIG
	partitionShape      = regexp.MustCompile(`^[1-7]g\.[0-9]+gb$`)
	kubeKeyShape        = regexp.MustCompile(`^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`)
	kubeValueShape      = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$`)
	sysctlShape         = regexp.MustCompile(`^(fs|kernel|net|vm)(\.[a-z0-9_]+)+$`)
)

// Validate implements [components.Args]. It also refuses what the provider
// passes on and GKE answers with an error long into an update.
func (a *Args) Validate() error {
	var p components.Problems
	a.checkPlace(&p)
	a.checkMachine(&p)
	a.checkGPU(&p)
	a.Scaling.check(&p)
	a.Upgrade.check(&p)
	a.checkCapacity(&p)
	a.checkKubernetes(&p)
	return p.Err()
}

func (a *Args) checkPlace(p *components.Problems) {
	p.Want(components.IsName(a.Name), "name %q: want lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want(a.Project != "", "project is required")
	p.Want(gcp.IsLocation(a.Location), "location %q: want the cluster's region or zone", a.Location)
	p.Want(a.Cluster != nil, "cluster is required: the cluster's name")
	p.Want(gcp.IsAccountID(a.accountID()),
		"accountId %q: want 6 to 30 lower-case letters, digits and inner hyphens, a letter first", a.accountID())
	gcp.CheckKeys(p, "registries", a.Registries)
	for _, key := range slices.Sorted(maps.Keys(a.Registries)) {
		registry := a.Registries[key]
		p.Want(registry.Project != "" && registry.Location != "" && registry.Name != nil,
			"registries[%q]: project, location and name are required", key)
	}
	for i, zone := range a.Zones {
		p.Want(gcp.IsZone(zone) && strings.HasPrefix(zone, gcp.Region(a.Location)+"-"),
			"zones[%d] %q: want a zone of the region %s", i, zone, gcp.Region(a.Location))
	}
	p.Distinct("zones", a.Zones)
}

func (a *Args) checkMachine(p *components.Problems) {
	p.Want(machineShape.MatchString(a.MachineType), "machineType %q: want one such as \"n2d-standard-4\"", a.MachineType)
	p.OneOf("imageType", a.ImageType, "", "COS_CONTAINERD", "UBUNTU_CONTAINERD")
	p.Want(a.imageType() == "COS_CONTAINERD" || a.DisableImageStreaming && a.DisableGVNIC,
		"imageType %q: needs disableImageStreaming and disableGvnic", a.ImageType)
	p.OneOf("diskType", a.DiskType, "", "pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced")
	between(p, "diskSizeGb", a.DiskSizeGB, 10, 65536, true)
	between(p, "localSsds", a.LocalSSDs, 1, 32, true)
	p.Want(!a.Confidential || confidentialMachine.MatchString(a.MachineType),
		"confidential: needs an N2D, C2D or C3D machineType, not %q", a.MachineType)
	between(p, "maxPodsPerNode", a.MaxPodsPerNode, 8, 256, true)
	between(p, "timeoutMinutes", a.TimeoutMinutes, 1, 24*60, true)
}

func (a *Args) checkGPU(p *components.Problems) {
	g := a.GPU
	if g == nil {
		p.Want(!withGPUs.MatchString(a.MachineType), "gpu: machineType %q comes with GPUs, say which", a.MachineType)
		return
	}
	p.Want(gpuMachine.MatchString(a.MachineType), "gpu: machineType %q takes none; N1, A2, A3 and G2 do", a.MachineType)
	p.Want(gpuShape.MatchString(g.Type), "gpu.type %q: want one such as \"nvidia-l4\"", g.Type)
	between(p, "gpu.count", g.Count, 1, 16, false)
	p.OneOf("gpu.driverVersion", g.DriverVersion, "", "DEFAULT", "LATEST", "INSTALLATION_DISABLED")
	p.Want(g.PartitionSize == "" || partitionShape.MatchString(g.PartitionSize),
		"gpu.partitionSize %q: want one such as \"1g.5gb\"", g.PartitionSize)
	p.Want(g.PartitionSize == "" || !unsplitGPU.MatchString(g.Type), "gpu.partitionSize %q: %s cannot be split", g.PartitionSize, g.Type)
	p.OneOf("gpu.sharing", g.Sharing, "", "TIME_SHARING", "MPS")
	if g.Sharing == "" {
		p.Want(g.MaxClients == 0, "gpu.maxClients %d: needs gpu.sharing", g.MaxClients)
	} else {
		between(p, "gpu.maxClients", g.MaxClients, 2, 48, false)
	}
}

// maxNodesPerZone is GKE's limit of a pool. https://cloud.google.com/kubernetes-engine/quotas
const maxNodesPerZone = 1000

func (s Scaling) check(p *components.Problems) {
	modes := 0
	for _, limit := range []int{s.MaxPerZone, s.MaxTotal, s.FixedPerZone} {
		if limit != 0 {
			modes++
		}
	}
	p.Want(modes == 1, "scaling: want exactly one of maxPerZone %d, maxTotal %d, fixedPerZone %d", s.MaxPerZone, s.MaxTotal, s.FixedPerZone)
	p.Want(0 <= s.MinPerZone && s.MinPerZone <= s.MaxPerZone && s.MaxPerZone <= maxNodesPerZone,
		"scaling: minPerZone %d, maxPerZone %d: not a range within 0 to %d", s.MinPerZone, s.MaxPerZone, maxNodesPerZone)
	p.Want(0 <= s.MinTotal && s.MinTotal <= s.MaxTotal, "scaling: minTotal %d, maxTotal %d: not a range from 0", s.MinTotal, s.MaxTotal)
	p.Want(0 <= s.FixedPerZone && s.FixedPerZone <= maxNodesPerZone, "scaling.fixedPerZone %d: want 1 to %d", s.FixedPerZone, maxNodesPerZone)
	p.OneOf("scaling.locationPolicy", s.LocationPolicy, "", "BALANCED", "ANY")
	p.Want(s.FixedPerZone == 0 || s.LocationPolicy == "" && s.InitialPerZone == 0,
		"scaling: locationPolicy and initialPerZone are for an autoscaled pool, not with fixedPerZone")
	p.Want(0 <= s.InitialPerZone && (s.FixedPerZone != 0 || s.InitialPerZone <= max(s.MaxPerZone, s.MaxTotal)),
		"scaling.initialPerZone %d: want at most the maximum", s.InitialPerZone)
}

// maxSoak is 7 days, GKE's limit of an upgrade's waits, in seconds.
const maxSoak = 7 * 24 * 3600

func (u Upgrade) check(p *components.Problems) {
	p.Want(u.MaxSurge >= 0 && u.MaxUnavailable >= 0 && u.MaxSurge+u.MaxUnavailable <= 20,
		"upgrade: maxSurge %d, maxUnavailable %d: want 0 or more, together at most 20", u.MaxSurge, u.MaxUnavailable)
	b := u.BlueGreen
	if b == nil {
		return
	}
	p.Want(u.MaxSurge == 0 && u.MaxUnavailable == 0, "upgrade: maxSurge and maxUnavailable do not go with blueGreen")
	p.Want(b.BatchNodes >= 0, "upgrade.blueGreen.batchNodes %d: want 1 or more", b.BatchNodes)
	between(p, "upgrade.blueGreen.batchPercent", b.BatchPercent, 1, 100, true)
	p.Want(b.BatchNodes == 0 || b.BatchPercent == 0, "upgrade.blueGreen: batchNodes and batchPercent exclude each other")
	between(p, "upgrade.blueGreen.batchSoakSeconds", b.BatchSoakSeconds, 0, maxSoak, true)
	between(p, "upgrade.blueGreen.poolSoakSeconds", b.PoolSoakSeconds, 0, maxSoak, true)
}

// checkCapacity looks at where machines are taken from.
func (a *Args) checkCapacity(p *components.Problems) {
	p.Want(a.Reservation == "" || reservationShape.MatchString(a.Reservation),
		"reservation %q: want a name or \"projects/P/reservations/NAME\"", a.Reservation)
	p.Want(a.Reservation == "" || !a.Spot, "reservation %q: spot machines are never reserved", a.Reservation)
	if a.CompactPlacement {
		// https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement
		p.Want(len(a.Zones) == 1 || len(a.Zones) == 0 && gcp.IsZone(a.Location),
			"compactPlacement: needs exactly one zone in zones, got %d", len(a.Zones))
		p.Want(!strings.HasPrefix(a.MachineType, "e2-"), "compactPlacement: not with machineType %q", a.MachineType)
	}
}

func (a *Args) checkKubernetes(p *components.Problems) {
	for _, key := range slices.Sorted(maps.Keys(a.NodeLabels)) {
		p.Want(kubeKeyShape.MatchString(key) && kubeValueShape.MatchString(a.NodeLabels[key]),
			"nodeLabels[%q] %q: want a Kubernetes label", key, a.NodeLabels[key])
	}
	gcp.CheckLabels(p, "resourceLabels", a.ResourceLabels)
	for i, tag := range a.NetworkTags {
		p.Want(gcp.IsResourceName(tag), "networkTags[%d] %q: want 1 to 63 lower-case letters, digits and inner hyphens", i, tag)
	}
	p.Want(a.PodRange == "" || gcp.IsResourceName(a.PodRange), "podRange %q: want the name of a secondary range", a.PodRange)
	for _, key := range slices.Sorted(maps.Keys(a.Sysctls)) {
		p.Want(sysctlShape.MatchString(key) && a.Sysctls[key] != "",
			"sysctls[%q] %q: want a parameter such as \"net.core.somaxconn\" and its value", key, a.Sysctls[key])
	}
	seen := map[[2]string]bool{}
	for i, taint := range a.taints() { // those that come with the machines stand last
		id := [2]string{taint.Key, taint.Effect}
		p.Want(!seen[id], "taints: %q with %s is given twice; that of spot machines and GPUs comes by itself", taint.Key, taint.Effect)
		seen[id] = true
		p.Want(kubeKeyShape.MatchString(taint.Key), "taints[%d].key %q: want a Kubernetes label key", i, taint.Key)
		p.Want(kubeValueShape.MatchString(taint.Value), "taints[%d].value %q: want a Kubernetes label value", i, taint.Value)
		p.OneOf(fmt.Sprintf("taints[%d].effect", i), taint.Effect, "NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE")
	}
}

func between(p *components.Problems, field string, value, lo, hi int, zero bool) {
	p.Want(lo <= value && value <= hi || zero && value == 0, "%s %d: want %d to %d", field, value, lo, hi)
}
