package nodepool

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Args configures a NodePool. The comment of a field that replaces the pool
// when it changes says so; see [poolName].
type Args struct {
	// Name is the base of the pool's name in GKE: lower-case letters, digits and
	// inner hyphens, a letter first. A hash follows it, and it is cut to 31
	// characters for that. Replaces.
	Name string
	// Project owns the cluster, and so the pool. Replaces.
	Project string
	// Location is the cluster's region or zone. Replaces.
	Location string
	// Cluster is the cluster's name. Replaces.
	Cluster pulumi.StringInput

	// AccountID is the id of the service account that the nodes run as, 6 to 30
	// characters. Empty: Name with "-nodes". Replaces.
	AccountID string
	// Registries are the repositories that the nodes pull from, by a name that
	// becomes part of the grant's logical name.
	Registries map[string]Registry

	// MachineType is the machine type of a node, such as "n2d-standard-4".
	// Required: no type suits every workload. Nodes are exchanged in place.
	MachineType string
	// ImageType is "COS_CONTAINERD" (the default) or "UBUNTU_CONTAINERD", which
	// has neither image streaming nor, here, gVNIC.
	ImageType string
	// DiskType is "pd-balanced" (the default), "pd-ssd", "pd-standard" or
	// "hyperdisk-balanced".
	DiskType string
	// DiskSizeGB is the size of the boot disk, 10 to 65536 GB. 0: 100.
	DiskSizeGB int
	// BootDiskKMSKey encrypts the boot disk: a key's full name. The project's
	// Compute Engine service agent needs to use it. Replaces.
	BootDiskKMSKey pulumi.StringInput
	// LocalSSDs is how many local SSDs of 375 GB hold container layers, logs and
	// emptyDir volumes instead of the boot disk. Replaces.
	LocalSSDs int
	// GPU is what each node has of them; nil: none. Replaces.
	GPU *GPU

	// Scaling is how many nodes there are.
	Scaling Scaling
	// Upgrade is how nodes are exchanged for newer ones.
	Upgrade Upgrade
	// Zones are where nodes are; empty: the cluster's zones. Emptying it later
	// leaves the pool where it is (SDK, NodePoolArgs.NodeLocations).
	Zones []string
	// Spot takes machines that may be reclaimed at any time, and taints them; see
	// [SpotTaintKey]. Replaces.
	Spot bool
	// CompactPlacement puts nodes close to each other, for the network's sake.
	// Replaces.
	CompactPlacement bool
	// Reservation is the reservation to take machines from, by its name or
	// "projects/P/reservations/NAME"; empty: any that fits. Replaces.
	Reservation string

	// NodeLabels are the Kubernetes labels of the nodes.
	NodeLabels map[string]string
	// Taints keep pods away that do not tolerate them.
	Taints []Taint
	// NetworkTags are what firewall rules may select the nodes by.
	NetworkTags []string
	// ResourceLabels are labels of the machines, for billing. They are written
	// once: GKE adds its own, which the provider takes for a change, so later
	// changes are ignored.
	ResourceLabels map[string]string
	// Sysctls are kernel parameters of the nodes, such as "net.core.somaxconn".
	Sysctls map[string]string
	// MaxPodsPerNode is 8 to 256; 0: the cluster's default. Replaces.
	MaxPodsPerNode int
	// PodRange is the secondary range of the subnetwork that pods get addresses
	// from; empty: the cluster's. Replaces.
	PodRange string

	// Confidential encrypts the memory of nodes in use (AMD SEV); it needs an
	// N2D, C2D or C3D machine type. Replaces.
	Confidential bool
	// AllowUnsignedKernelModules turns Secure Boot off, for a driver that the
	// pool's users load themselves. The GPU drivers that GKE installs on
	// Container-Optimized OS are signed and do not need it. Replaces.
	AllowUnsignedKernelModules bool
	// DisableIntegrityMonitoring stops comparing the boot sequence with the one
	// measured first. Replaces.
	DisableIntegrityMonitoring bool
	// ExposeNodeIdentity lets pods act as the nodes' service account: the metadata
	// server of Compute Engine instead of GKE's.
	ExposeNodeIdentity bool
	// AllowPublicNodes gives nodes external addresses.
	AllowPublicNodes bool
	// DisableImageStreaming makes pods wait until their image is pulled whole.
	// Streaming needs the API containerfilesystem.googleapis.com. Replaces.
	DisableImageStreaming bool
	// DisableGVNIC uses virtio instead of Google's virtual NIC. Replaces.
	DisableGVNIC bool
	// DisableAutoRepair leaves broken nodes broken.
	DisableAutoRepair bool
	// DisableAutoUpgrade leaves nodes on old versions. A cluster in a release
	// channel refuses it.
	DisableAutoUpgrade bool

	// TimeoutMinutes bounds each of creating, updating and deleting; an update
	// that surges through a large pool takes longest. 0: 45.
	TimeoutMinutes int
}

// Registry is one Artifact Registry repository.
type Registry struct {
	Project  string             // Project owns the repository.
	Location string             // Location is its region or multi-region.
	Name     pulumi.StringInput // Name is its id.
}

// GPU is what each node has of GPUs. GKE's driver and device plugin serve them.
type GPU struct {
	// Type is the accelerator's name, such as "nvidia-l4".
	Type string
	// Count is how many GPUs a node has; G2, A2 and A3 machines have a fixed number.
	Count int
	// DriverVersion is "DEFAULT" (the default) for the version of the node's GKE
	// version, "LATEST", or "INSTALLATION_DISABLED" where a DaemonSet installs it.
	DriverVersion string
	// PartitionSize splits each GPU in hardware (MIG), such as "1g.5gb".
	PartitionSize string
	// Sharing is "TIME_SHARING" or "MPS"; empty: one container a GPU (or partition).
	Sharing string
	// MaxClients is how many containers share one, 2 to 48.
	MaxClients int
}

// Scaling is how many nodes a pool has: one of a range a zone, a range for the
// whole pool, or a fixed number a zone. A regional pool of "1 to 3" is 3 to 9
// nodes where this is a zone, and 1 to 3 where it is the total.
type Scaling struct {
	// MinPerZone may be 0.
	MinPerZone int
	// MaxPerZone is at least 1; it selects autoscaling by zone.
	MaxPerZone int
	// MinTotal may be 0.
	MinTotal int
	// MaxTotal is at least 1; it selects autoscaling over the whole pool.
	MaxTotal int
	// FixedPerZone is at least 1; it selects no autoscaling.
	FixedPerZone int
	// LocationPolicy is "BALANCED" or "ANY", which takes what is reserved or least
	// likely reclaimed. Empty: "ANY" for spot machines and GPUs, else "BALANCED".
	LocationPolicy string
	// InitialPerZone is how many nodes an autoscaled pool starts with; 0: the
	// minimum. It counts at the pool's first creation only: later changes are
	// ignored, since the provider would replace the pool for one.
	InitialPerZone int
}

// Upgrade is how nodes are exchanged: by surge, or blue-green if that is set.
type Upgrade struct {
	// MaxSurge is how many nodes more than wanted there may be. With both zero it
	// is 1, so that no capacity is lost.
	MaxSurge int
	// MaxUnavailable is how many fewer. Both together are at most 20.
	MaxUnavailable int
	// BlueGreen keeps the old nodes until the new ones have proven themselves, at
	// the price of twice the nodes: for GPUs and for what may not be interrupted.
	BlueGreen *BlueGreen
}

// BlueGreen is how a blue-green upgrade goes on. Soaking is at most 7 days.
type BlueGreen struct {
	BatchNodes       int // BatchNodes is how many old nodes are drained at a time. 0: 1, unless BatchPercent is given.
	BatchPercent     int // BatchPercent is the same in percent of the pool, 1 to 100.
	BatchSoakSeconds int // BatchSoakSeconds is the wait after each batch.
	PoolSoakSeconds  int // PoolSoakSeconds is the wait before the old nodes go. 0: 3600.
}

// Taint is a Kubernetes taint with GKE's name of the effect.
type Taint struct {
	Key    string // Key is a label key, such as "example.com/team".
	Value  string // Value is a label value; it may be empty.
	Effect string // Effect is "NO_SCHEDULE", "PREFER_NO_SCHEDULE" or "NO_EXECUTE".
}
