package config

// NodePool is a node pool; see components/gcp/nodepool.
type NodePool struct {
	AccountID                  string            `json:"accountId"`
	MachineType                string            `json:"machineType"` // Required.
	ImageType                  string            `json:"imageType"`
	DiskType                   string            `json:"diskType"`
	DiskSizeGB                 int               `json:"diskSizeGb"`
	BootDiskKMSKey             string            `json:"bootDiskKmsKey"`
	LocalSSDs                  int               `json:"localSsds"`
	GPU                        *GPU              `json:"gpu"`
	Scaling                    Scaling           `json:"scaling"`
	Upgrade                    Upgrade           `json:"upgrade"`
	Zones                      []string          `json:"zones"`
	Spot                       bool              `json:"spot"`
	CompactPlacement           bool              `json:"compactPlacement"`
	Reservation                string            `json:"reservation"`
	NodeLabels                 map[string]string `json:"nodeLabels"`
	Taints                     []Taint           `json:"taints"`
	NetworkTags                []string          `json:"networkTags"`
	Sysctls                    map[string]string `json:"sysctls"`
	MaxPodsPerNode             int               `json:"maxPodsPerNode"`
	PodRange                   string            `json:"podRange"`
	Confidential               bool              `json:"confidential"`
	AllowUnsignedKernelModules bool              `json:"allowUnsignedKernelModules"`
	DisableIntegrityMonitoring bool              `json:"disableIntegrityMonitoring"`
	ExposeNodeIdentity         bool              `json:"exposeNodeIdentity"`
	AllowPublicNodes           bool              `json:"allowPublicNodes"`
	DisableImageStreaming      bool              `json:"disableImageStreaming"`
	DisableGVNIC               bool              `json:"disableGvnic"`
	DisableAutoRepair          bool              `json:"disableAutoRepair"`
	DisableAutoUpgrade         bool              `json:"disableAutoUpgrade"`
	TimeoutMinutes             int               `json:"timeoutMinutes"`
}

// GPU is what each node of a pool has of GPUs.
type GPU struct {
	Type          string `json:"type"`
	Count         int    `json:"count"`
	DriverVersion string `json:"driverVersion"`
	PartitionSize string `json:"partitionSize"`
	Sharing       string `json:"sharing"`
	MaxClients    int    `json:"maxClients"`
}

// Scaling is how many nodes a pool has.
type Scaling struct {
	MinPerZone     int    `json:"minPerZone"`
	MaxPerZone     int    `json:"maxPerZone"`
	MinTotal       int    `json:"minTotal"`
	MaxTotal       int    `json:"maxTotal"`
	FixedPerZone   int    `json:"fixedPerZone"`
	LocationPolicy string `json:"locationPolicy"`
	InitialPerZone int    `json:"initialPerZone"`
}

// Upgrade is how nodes are exchanged.
type Upgrade struct {
	MaxSurge       int        `json:"maxSurge"`
	MaxUnavailable int        `json:"maxUnavailable"`
	BlueGreen      *BlueGreen `json:"blueGreen"`
}

// BlueGreen keeps the old nodes until the new ones have proven themselves.
type BlueGreen struct {
	BatchNodes       int `json:"batchNodes"`
	BatchPercent     int `json:"batchPercent"`
	BatchSoakSeconds int `json:"batchSoakSeconds"`
	PoolSoakSeconds  int `json:"poolSoakSeconds"`
}

// Taint keeps pods away that do not tolerate it.
type Taint struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Effect string `json:"effect"`
}
