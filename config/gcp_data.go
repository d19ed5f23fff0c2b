package config

// Database is the PostgreSQL server; see components/gcp/cloudsql. Its users are
// the workloads that have database set.
type Database struct {
	Generation       int                `json:"generation"` // Required.
	Version          string             `json:"version"`    // Required.
	Edition          string             `json:"edition"`
	Tier             string             `json:"tier"` // Required.
	DisableDataCache bool               `json:"disableDataCache"`
	Zonal            bool               `json:"zonal"`
	Zone             string             `json:"zone"`
	SecondaryZone    string             `json:"secondaryZone"`
	Stopped          bool               `json:"stopped"`
	Flags            map[string]string  `json:"flags"`
	EncryptionKey    string             `json:"encryptionKey"`
	AllowDeletion    bool               `json:"allowDeletion"`
	Network          DatabaseNetwork    `json:"network"`
	Disk             Disk               `json:"disk"`
	Backup           Backup             `json:"backup"`
	Maintenance      Maintenance        `json:"maintenance"`
	Insights         Insights           `json:"insights"`
	Passwords        Passwords          `json:"passwords"`
	Databases        []string           `json:"databases"`
	Groups           map[string]string  `json:"groups"`
	People           map[string]string  `json:"people"`
	Replicas         map[string]Replica `json:"replicas"`
	ReplicaKeys      map[string]string  `json:"replicaKeys"`
}

// DatabaseNetwork says how clients reach the server.
type DatabaseNetwork struct {
	AllocatedRange         string            `json:"allocatedRange"`
	PSCProjects            []string          `json:"pscProjects"`
	AuthorizedNetworks     map[string]string `json:"authorizedNetworks"`
	SSLMode                string            `json:"sslMode"`
	ServerCAMode           string            `json:"serverCaMode"`
	AllowDirectConnections bool              `json:"allowDirectConnections"`
	AllowGoogleServices    bool              `json:"allowGoogleServices"`
}

// Disk sizes the server's disk.
type Disk struct {
	SizeGB  int `json:"sizeGb"`
	LimitGB int `json:"limitGb"`
}

// Backup says what is kept, and for how long.
type Backup struct {
	Disabled bool   `json:"disabled"`
	Start    string `json:"start"`
	Retained int    `json:"retained"`
	LogDays  int    `json:"logDays"`
	Location string `json:"location"`
}

// Maintenance says when the server may be restarted.
type Maintenance struct {
	Day       int    `json:"day"`
	Hour      int    `json:"hour"`
	Track     string `json:"track"`
	DenyStart string `json:"denyStart"`
	DenyEnd   string `json:"denyEnd"`
	DenyTime  string `json:"denyTime"`
}

// Insights configures Query Insights.
type Insights struct {
	Disabled          bool `json:"disabled"`
	PlansPerMinute    int  `json:"plansPerMinute"`
	QueryLength       int  `json:"queryLength"`
	OmitTags          bool `json:"omitTags"`
	OmitClientAddress bool `json:"omitClientAddress"`
}

// Passwords is the policy for built-in users.
type Passwords struct {
	MinLength   int `json:"minLength"`
	Reuse       int `json:"reuse"`
	ChangeHours int `json:"changeHours"`
}

// Replica is a read replica.
type Replica struct {
	Region string `json:"region"`
	Zone   string `json:"zone"`
	Tier   string `json:"tier"`
}

// Bucket is a bucket; see components/gcp/bucket. Who may use it stands with the
// workloads.
type Bucket struct {
	// Name overrides "<project>-<bucket>"; bucket names are unique in the world.
	Name               string          `json:"name"`
	Location           string          `json:"location"` // Location overrides the environment's region.
	DataLocations      []string        `json:"dataLocations"`
	TurboReplication   bool            `json:"turboReplication"`
	StorageClass       string          `json:"storageClass"`
	Autoclass          bool            `json:"autoclass"`
	AutoclassArchive   bool            `json:"autoclassArchive"`
	KMSKey             string          `json:"kmsKey"`
	DisableVersioning  bool            `json:"disableVersioning"`
	NoncurrentDays     int             `json:"noncurrentDays"`
	NoncurrentVersions int             `json:"noncurrentVersions"`
	SoftDeleteDays     int             `json:"softDeleteDays"`
	DisableSoftDelete  bool            `json:"disableSoftDelete"`
	AbortUploadsDays   int             `json:"abortUploadsDays"`
	LifecycleRules     []LifecycleRule `json:"lifecycleRules"`
	Retention          *Retention      `json:"retention"`
	EventBasedHold     bool            `json:"eventBasedHold"`
	ObjectRetention    bool            `json:"objectRetention"`
	CORS               []CORS          `json:"cors"`
	LogBucket          string          `json:"logBucket"`
	LogPrefix          string          `json:"logPrefix"`
	AllowDeletion      bool            `json:"allowDeletion"`
}

// Retention is the least age at which an object may be deleted.
type Retention struct {
	Days        int  `json:"days"`
	LockForever bool `json:"lockForever"`
}

// LifecycleRule changes or deletes objects by themselves.
type LifecycleRule struct {
	Action                  string   `json:"action"`
	StorageClass            string   `json:"storageClass"`
	AgeDays                 int      `json:"ageDays"`
	AnyAge                  bool     `json:"anyAge"`
	CreatedBefore           string   `json:"createdBefore"`
	CustomTimeBefore        string   `json:"customTimeBefore"`
	DaysSinceCustomTime     int      `json:"daysSinceCustomTime"`
	NoncurrentTimeBefore    string   `json:"noncurrentTimeBefore"`
	DaysSinceNoncurrentTime int      `json:"daysSinceNoncurrentTime"`
	NumNewerVersions        int      `json:"numNewerVersions"`
	WithState               string   `json:"withState"`
	Prefixes                []string `json:"prefixes"`
	Suffixes                []string `json:"suffixes"`
	StorageClasses          []string `json:"storageClasses"`
}

// CORS lets pages of other origins use presigned URLs in a browser.
type CORS struct {
	Origins         []string `json:"origins"`
	Methods         []string `json:"methods"`
	ResponseHeaders []string `json:"responseHeaders"`
	MaxAgeSeconds   int      `json:"maxAgeSeconds"`
}

// Registry is where images are; see components/gcp/registry. Who pushes to it is
// the deploy identity, and who pulls are the node pools.
type Registry struct {
	Name             string            `json:"name"`     // Name is the repository's id. Required.
	Location         string            `json:"location"` // Location overrides the environment's region.
	Description      string            `json:"description"`
	KMSKey           string            `json:"kmsKey"`
	AllowMutableTags bool              `json:"allowMutableTags"`
	Cleanup          map[string]Policy `json:"cleanup"`
	ApplyCleanup     bool              `json:"applyCleanup"`
	Readers          map[string]string `json:"readers"` // Readers beside the node pools, such as another environment's.
	Cache            *Cache            `json:"cache"`
	// AllowDeletion lifts Pulumi's protection of the repositories and their images.
	AllowDeletion bool `json:"allowDeletion"`
}

// Policy is one cleanup policy.
type Policy struct {
	Action          string   `json:"action"`
	KeepCount       int      `json:"keepCount"`
	OlderThanDays   int      `json:"olderThanDays"`
	NewerThanDays   int      `json:"newerThanDays"`
	TagState        string   `json:"tagState"`
	TagPrefixes     []string `json:"tagPrefixes"`
	VersionPrefixes []string `json:"versionPrefixes"`
	PackagePrefixes []string `json:"packagePrefixes"`
}

// Cache is a pull-through cache of another registry.
type Cache struct {
	Name                  string `json:"name"`
	Upstream              string `json:"upstream"`
	Username              string `json:"username"`
	PasswordSecretVersion string `json:"passwordSecretVersion"`
	DeleteOlderThanDays   int    `json:"deleteOlderThanDays"`
}

// Secret is a container for a value that people put in; see
// components/gcp/secret. Who reads it stands with the workloads.
type Secret struct {
	Locations        []string          `json:"locations"`
	Keys             map[string]string `json:"keys"`
	Annotations      map[string]string `json:"annotations"`
	ExpireTime       string            `json:"expireTime"`
	DestroyDelayDays int               `json:"destroyDelayDays"`
	Topics           []string          `json:"topics"`
	Rotation         *Rotation         `json:"rotation"`
	Adders           map[string]string `json:"adders"` // Adders put values in, by a name: "group:...".
	AllowDeletion    bool              `json:"allowDeletion"`
}

// Rotation reminds of making a new value.
type Rotation struct {
	First      string `json:"first"`
	PeriodDays int    `json:"periodDays"`
}
