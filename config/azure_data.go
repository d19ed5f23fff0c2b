package config

// AzureNetwork is the environment's network; see components/azure/network.
type AzureNetwork struct {
	Range         string       `json:"range"` // Range is required.
	Subnets       AzureSubnets `json:"subnets"`
	NAT           *AzureNAT    `json:"nat"`
	OutboundPorts []int        `json:"outboundPorts"`
}

// AzureSubnets are ranges within the network's.
type AzureSubnets struct {
	Apps      string `json:"apps"`
	Database  string `json:"database"`
	Endpoints string `json:"endpoints"`
}

// AzureNAT gives the environment addresses of its own to call others from.
type AzureNAT struct {
	Addresses             int  `json:"addresses"`
	DisableZoneRedundancy bool `json:"disableZoneRedundancy"`
}

// AzureWorkspace is where everything that happens is recorded; see
// components/azure/workspace.
type AzureWorkspace struct {
	RetentionDays    int     `json:"retentionDays"`
	DailyQuotaGB     float64 `json:"dailyQuotaGb"`
	AllowPublicQuery bool    `json:"allowPublicQuery"`
	AllowDeletion    bool    `json:"allowDeletion"`
}

// AzureRegistry is where images are; see components/azure/registry. Who pushes to it
// is the deploy identity, and who pull are the workloads.
type AzureRegistry struct {
	Name                  string `json:"name"` // Name is unique in the world. Required.
	AllowPublicAccess     bool   `json:"allowPublicAccess"`
	UntaggedDays          int    `json:"untaggedDays"`
	DisableZoneRedundancy bool   `json:"disableZoneRedundancy"`
	AllowDeletion         bool   `json:"allowDeletion"`
}

// AzureDatabase is the PostgreSQL server; see components/azure/postgres.
type AzureDatabase struct {
	Name          string            `json:"name"`       // Name overrides "ai-worker-<environment>"; it is unique in the world.
	Generation    int               `json:"generation"` // Required.
	Version       string            `json:"version"`    // Required.
	SKU           string            `json:"sku"`        // Required.
	Zonal         bool              `json:"zonal"`
	DiskGB        int               `json:"diskGb"`
	Backup        AzureBackup       `json:"backup"`
	Maintenance   AzureMaintenance  `json:"maintenance"`
	Flags         map[string]string `json:"flags"`
	Databases     []string          `json:"databases"`
	AllowDeletion bool              `json:"allowDeletion"`
}

// AzureBackup says what is kept, and for how long.
type AzureBackup struct {
	Days       int  `json:"days"`
	DisableGeo bool `json:"disableGeo"`
}

// AzureMaintenance says when the server may be restarted, in UTC.
type AzureMaintenance struct {
	Day    int `json:"day"`
	Hour   int `json:"hour"`
	Minute int `json:"minute"`
}

// AzureVault is where secrets are; see components/azure/keyvault.
type AzureVault struct {
	Name           string `json:"name"` // Name overrides "ai-worker-<environment>"; it is unique in the world.
	Generation     int    `json:"generation"`
	SoftDeleteDays int    `json:"softDeleteDays"`
	HSM            bool   `json:"hsm"`
	AllowDeletion  bool   `json:"allowDeletion"`
}

// AzureApps is what the workloads run in; see components/azure/appenvironment. That
// it has a public address follows from the workloads.
type AzureApps struct {
	DisableZoneRedundancy bool `json:"disableZoneRedundancy"`
	AllowDeletion         bool `json:"allowDeletion"`
}

// AzureBucket is a bucket: a storage account with one container; see
// components/azure/blobstorage. Who may use it stands with the workloads.
type AzureBucket struct {
	// Account overrides "aiworker<environment><bucket>"; it is unique in the world.
	Account                         string               `json:"account"`
	AllowInternet                   bool                 `json:"allowInternet"`
	Replication                     string               `json:"replication"`
	DisableInfrastructureEncryption bool                 `json:"disableInfrastructureEncryption"`
	DisableVersioning               bool                 `json:"disableVersioning"`
	NoncurrentDays                  int                  `json:"noncurrentDays"`
	SoftDeleteDays                  int                  `json:"softDeleteDays"`
	DisableSoftDelete               bool                 `json:"disableSoftDelete"`
	LifecycleRules                  []AzureLifecycleRule `json:"lifecycleRules"`
	CORS                            []AzureCORS          `json:"cors"`
	AllowDeletion                   bool                 `json:"allowDeletion"`
}

// AzureLifecycleRule changes or deletes objects by themselves.
type AzureLifecycleRule struct {
	Action   string   `json:"action"`
	AgeDays  int      `json:"ageDays"`
	Prefixes []string `json:"prefixes"`
}

// AzureCORS lets pages of other origins use presigned URLs in a browser.
type AzureCORS struct {
	Origins         []string `json:"origins"`
	Methods         []string `json:"methods"`
	RequestHeaders  []string `json:"requestHeaders"`
	ResponseHeaders []string `json:"responseHeaders"`
	MaxAgeSeconds   int      `json:"maxAgeSeconds"`
}

// AzureDeploy is how GitHub Actions act on the environment, without keys; see
// components/azure/githubfederation. The repository is the environment's, and the
// environment on GitHub has its name.
type AzureDeploy struct {
	PlanEnvironment string `json:"planEnvironment"` // PlanEnvironment is empty for "<environment>-plan".
	PushEnvironment string `json:"pushEnvironment"` // PushEnvironment is empty for "<environment>-push".
	// PushRepository is the application's repository; left out, it is the environment's.
	PushRepository   *AzureRepository `json:"pushRepository"`
	AllowReusedNames bool             `json:"allowReusedNames"`
	AllowDeletion    bool             `json:"allowDeletion"`
}

// AzureRepository is another repository on GitHub.
type AzureRepository struct {
	Owner            string `json:"owner"`
	Name             string `json:"name"`
	OwnerID          string `json:"ownerId"`
	ID               string `json:"id"`
	AllowReusedNames bool   `json:"allowReusedNames"`
}
