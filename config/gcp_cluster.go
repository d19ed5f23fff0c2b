package config

// Cluster is the environment's GKE cluster; see components/gcp/cluster. Without
// Create it is one that somebody else owns and several environments share.
type Cluster struct {
	Project  string  `json:"project"`  // Project is empty for the environment's.
	Location string  `json:"location"` // Location is empty for the environment's region.
	Name     string  `json:"name"`     // Name is empty for "ai-worker-<environment>".
	Create   *Create `json:"create"`
}

// Create describes a cluster to make in the environment's network.
type Create struct {
	MasterRange                string              `json:"masterRange"`
	NodeLocations              []string            `json:"nodeLocations"`
	PodsPerNode                int                 `json:"podsPerNode"`
	AllowPublicEndpoint        bool                `json:"allowPublicEndpoint"`
	AuthorizedNetworks         []AuthorizedNetwork `json:"authorizedNetworks"`
	GlobalAccess               bool                `json:"globalAccess"`
	SecurityGroup              string              `json:"securityGroup"`
	ReleaseChannel             string              `json:"releaseChannel"`
	MinVersion                 string              `json:"minVersion"`
	Maintenance                ClusterMaintenance  `json:"maintenance"`
	Notifications              *Notifications      `json:"notifications"`
	SecretsKey                 string              `json:"secretsKey"`
	DisableBinaryAuthorization bool                `json:"disableBinaryAuthorization"`
	SecurityPosture            string              `json:"securityPosture"`
	VulnerabilityMode          string              `json:"vulnerabilityMode"`
	FQDNPolicies               bool                `json:"fqdnPolicies"`
	DisableIntranodeVisibility bool                `json:"disableIntranodeVisibility"`
	LogComponents              []string            `json:"logComponents"`
	DropWorkloadLogs           bool                `json:"dropWorkloadLogs"`
	MetricComponents           []string            `json:"metricComponents"`
	DisableManagedPrometheus   bool                `json:"disableManagedPrometheus"`
	DisableCostAllocation      bool                `json:"disableCostAllocation"`
	Addons                     Addons              `json:"addons"`
	NodeServiceAccount         string              `json:"nodeServiceAccount"`
	AllowDeletion              bool                `json:"allowDeletion"`
}

// AuthorizedNetwork may reach the control plane.
type AuthorizedNetwork struct {
	Name string `json:"name"`
	CIDR string `json:"cidr"`
}

// ClusterMaintenance is when GKE may upgrade.
type ClusterMaintenance struct {
	Start      string      `json:"start"`
	End        string      `json:"end"`
	Recurrence string      `json:"recurrence"`
	Exclusions []Exclusion `json:"exclusions"`
}

// Exclusion is a time without upgrades.
type Exclusion struct {
	Name  string `json:"name"`
	Start string `json:"start"`
	End   string `json:"end"`
	Scope string `json:"scope"`
}

// Notifications of upgrades go to Pub/Sub.
type Notifications struct {
	Topic  string   `json:"topic"`
	Events []string `json:"events"`
}

// Addons are what GKE runs in the cluster.
type Addons struct {
	DisableDNSCache               bool `json:"disableDnsCache"`
	DisableGatewayAPI             bool `json:"disableGatewayApi"`
	DisableVerticalPodAutoscaling bool `json:"disableVerticalPodAutoscaling"`
	Filestore                     bool `json:"filestore"`
	GCSFuse                       bool `json:"gcsFuse"`
	BackupAgent                   bool `json:"backupAgent"`
}
