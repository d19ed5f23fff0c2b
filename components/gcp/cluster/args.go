package cluster

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args configures a Cluster.
type Args struct {
	Project string // Project that owns the cluster. Required.
	// Name of the cluster: at most 40 lower-case letters, digits and inner hyphens, a
	// letter first. Required.
	Name string
	// Location is a region, for a control plane in three zones, or a zone. It cannot
	// change. Required.
	Location string
	// Create describes the cluster to make. Nil looks up one that somebody else owns,
	// as where environments share one by namespace.
	Create *Create
}

// Create describes a private, VPC-native Standard cluster without node pools. The
// zero value of an option is the strong choice.
type Create struct {
	Network          pulumi.StringInput // Network is the VPC's id. It cannot change. Required.
	Subnetwork       pulumi.StringInput // Subnetwork is its id. It cannot change. Required.
	PodRangeName     pulumi.StringInput // PodRangeName is the secondary range of pods. It cannot change. Required.
	ServiceRangeName pulumi.StringInput // ServiceRangeName is the secondary range of services. It cannot change. Required.
	// MasterRange is the control plane's own /28, apart from every range of the VPC. It
	// cannot change. Required.
	MasterRange string
	// NodeLocations are the zones of the nodes; none means those of the region. Of a
	// zonal cluster they are the zones beside its own.
	NodeLocations []string
	// PodsPerNode, 8 to 256, is the default of node pools; 0 means 110, which takes a
	// /24 of the pod range a node. It cannot change.
	PodsPerNode int

	// AllowPublicEndpoint opens the control plane's public address to
	// AuthorizedNetworks; else it has a private one alone.
	AllowPublicEndpoint bool
	// AuthorizedNetworks may reach the control plane, beside the subnetwork itself. At
	// least one with AllowPublicEndpoint, at most 100; never everybody.
	AuthorizedNetworks []AuthorizedNetwork
	// GlobalAccess lets the private endpoint be reached from other regions of the VPC.
	GlobalAccess bool
	// SecurityGroup, "gke-security-groups@DOMAIN", lets RBAC name Google Groups.
	SecurityGroup string

	// ReleaseChannel is REGULAR, which empty means, RAPID or STABLE.
	ReleaseChannel string
	// MinVersion of the control plane, such as "1.30"; empty leaves it to the channel.
	MinVersion string
	// Maintenance says when GKE may upgrade. Required: nobody else knows when the
	// service can bear it.
	Maintenance Maintenance
	// Notifications of upgrades and of security bulletins, if given.
	Notifications *Notifications

	// SecretsKey is the id of the KMS key that encrypts Kubernetes secrets in etcd; nil
	// means Google's own encryption alone. GKE's service agent must be able to use it.
	SecretsKey pulumi.StringInput
	// DisableBinaryAuthorization admits images without asking the project's policy,
	// which admits all until it is told otherwise. The API must be enabled.
	DisableBinaryAuthorization bool
	// SecurityPosture is BASIC, which empty means, ENTERPRISE or DISABLED.
	SecurityPosture string
	// VulnerabilityMode scans what runs: VULNERABILITY_BASIC, VULNERABILITY_ENTERPRISE
	// or VULNERABILITY_DISABLED; empty leaves it to GKE, as images are scanned where
	// they are stored.
	VulnerabilityMode string
	// FQDNPolicies lets network policies name hosts, with GKE Enterprise.
	FQDNPolicies bool
	// DisableIntranodeVisibility keeps traffic between pods of one node out of flow logs.
	DisableIntranodeVisibility bool

	// LogComponents beside SYSTEM_COMPONENTS and WORKLOADS: APISERVER,
	// CONTROLLER_MANAGER, SCHEDULER.
	LogComponents []string
	// DropWorkloadLogs keeps the logs of containers out of Cloud Logging.
	DropWorkloadLogs bool
	// MetricComponents beside SYSTEM_COMPONENTS, such as APISERVER, POD, DEPLOYMENT, HPA,
	// CADVISOR, KUBELET or DCGM.
	MetricComponents []string
	// DisableManagedPrometheus leaves the collection of the service's metrics out.
	DisableManagedPrometheus bool
	// DisableCostAllocation leaves namespaces and labels out of billing reports.
	DisableCostAllocation bool

	Addons Addons
	// NodeServiceAccount is the e-mail address that the default pool runs as in the
	// minutes before it is removed; nil means the project's default account, with
	// scopes for logs and metrics alone.
	NodeServiceAccount pulumi.StringInput
	// AllowDeletion lets the provider delete, and so replace, the cluster.
	AllowDeletion bool
	Labels        map[string]string // Labels of the cluster, in billing reports too.
}

// AuthorizedNetwork may reach the control plane.
type AuthorizedNetwork struct {
	Name string // Name says whose it is. Required.
	CIDR string // CIDR is an IPv4 range. Required.
}

// Maintenance is when GKE may upgrade. Times are in UTC, such as
// "2024-01-06T16:00:00Z": GKE answers in UTC, and any other zone differs for ever.
type Maintenance struct {
	// Start and End of the first window, 4 to 24 hours apart. Required.
	Start, End string
	// Recurrence of the window, as an RRULE: "FREQ=DAILY", or "FREQ=WEEKLY;BYDAY=SA,SU"
	// with the days. GKE wants 48 hours in any 32 days. Required.
	Recurrence string
	Exclusions []Exclusion // Exclusions are at most 20 times without upgrades.
}

// Exclusion is a time without upgrades.
type Exclusion struct {
	Name       string // Name of the exclusion. Required.
	Start, End string // Start and End in UTC. Required.
	// Scope is NO_UPGRADES, which empty means, for at most 30 days; NO_MINOR_UPGRADES or
	// NO_MINOR_OR_NODE_UPGRADES, for at most 180.
	Scope string
}

// Notifications go to Pub/Sub.
type Notifications struct {
	// Topic is the topic's id, "projects/PROJECT/topics/TOPIC", of the cluster's own
	// project. Required.
	Topic pulumi.StringInput
	// Events are UPGRADE_AVAILABLE_EVENT, UPGRADE_EVENT and SECURITY_BULLETIN_EVENT; none
	// means all.
	Events []string
}

// Addons are what GKE runs in the cluster. HTTP load balancing, horizontal pod
// autoscaling and persistent disks are always there.
type Addons struct {
	DisableDNSCache   bool // DisableDNSCache; changing it recreates every node.
	DisableGatewayAPI bool // DisableGatewayAPI leaves the Gateway API to somebody else.
	// DisableVerticalPodAutoscaling takes the recommendations away too.
	DisableVerticalPodAutoscaling bool
	Filestore                     bool // Filestore mounts Filestore shares.
	GCSFuse                       bool // GCSFuse mounts buckets, such as those of model weights.
	BackupAgent                   bool // BackupAgent lets Backup for GKE in.
}
