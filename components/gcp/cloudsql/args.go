package cloudsql

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Args configures a CloudSQL. The zero value of every option is the strong
// choice; what is weaker is named by its weakness.
type Args struct {
	// Project owns the instance. Required.
	Project string
	// Region of the instance, e.g. "asia-northeast1". Required.
	Region string
	// Name is the base of the physical name "<Name>-g<Generation>". Required.
	Name string
	// Generation is raised to make the instance anew: Cloud SQL keeps the name of
	// a deleted instance taken for about a week. At least 1. Logical names do not
	// depend on it.
	Generation int

	// Version of PostgreSQL, "POSTGRES_14" to "POSTGRES_18". Required.
	Version string
	// Edition is "ENTERPRISE", the default, or "ENTERPRISE_PLUS".
	Edition string
	// Tier is the machine type: "db-custom-<vCPUs>-<MB>" or, without HA,
	// "db-f1-micro" and "db-g1-small"; "db-perf-optimized-N-<vCPUs>" with
	// ENTERPRISE_PLUS. Required.
	Tier string
	// DisableDataCache turns off the local SSD cache that ENTERPRISE_PLUS has.
	DisableDataCache bool
	// Zonal gives up the standby in a second zone.
	Zonal bool
	// Zone and SecondaryZone are where the instance and its standby preferably
	// run, e.g. "asia-northeast1-b". Empty lets Cloud SQL choose.
	Zone, SecondaryZone string
	// Stopped shuts the instance down; its disk and backups stay, and cost.
	Stopped bool
	// Flags are database flags, e.g. "max_connections": "200". A flag that IAM
	// logins need is set always and cannot be given here.
	Flags map[string]string
	// Labels of the instance and its replicas.
	Labels map[string]string
	// EncryptionKey is the id of a key of Cloud KMS in Region that encrypts disk and
	// backups; nil leaves that to Google's own keys. It cannot be changed later.
	EncryptionKey pulumi.StringInput
	// AllowDeletion lifts all protection, so that one destroy deletes everything.
	// It must be applied by an update before the destroy.
	AllowDeletion bool

	// PrivateNetwork is the self link or id of the VPC that the instance is
	// reached from, by private services access. Required unless Network has
	// PSCProjects. Give an output that waits for the services connection.
	PrivateNetwork pulumi.StringInput
	Network        Network
	Disk           Disk
	Backup         Backup
	Maintenance    Maintenance
	Insights       Insights
	Passwords      Passwords

	// Databases are the names of the databases. They have character set UTF8 and
	// collation en_US.UTF8, the only ones that the API creates.
	Databases []string
	// Workloads are the emails of the service accounts that log in, by workload.
	Workloads map[string]pulumi.StringInput
	// Groups are the emails of groups whose members log in, by a short name.
	Groups map[string]string
	// People are the emails of persons who log in, by a short name.
	People map[string]string

	// Replicas are the read replicas, by a short name. They need backups.
	Replicas map[string]Replica
	// ReplicaKeys are the keys of replicas in other regions, by the same names.
	// Required there, and only there, if the instance has an EncryptionKey.
	ReplicaKeys map[string]pulumi.StringInput
}

// Network says how clients reach the instance.
type Network struct {
	// AllocatedRange is the name of the address range, of those allocated to the
	// services connection, that the private address comes from.
	AllocatedRange string
	// PSCProjects are the projects (id or number) whose networks may connect an
	// endpoint of Private Service Connect; it replaces private services access.
	PSCProjects []string
	// AuthorizedNetworks gives the instance a public address too, which admits
	// these IPv4 ranges, by name. Needs AllowDirectConnections. TLS stays enforced.
	AuthorizedNetworks map[string]string
	// SSLMode is "ENCRYPTED_ONLY", the default, or
	// "TRUSTED_CLIENT_CERTIFICATE_REQUIRED".
	SSLMode string
	// ServerCAMode is "GOOGLE_MANAGED_INTERNAL_CA", the default: a CA of the
	// instance's own; or "GOOGLE_MANAGED_CAS_CA": a shared one of the region.
	ServerCAMode string
	// AllowDirectConnections admits clients other than the Cloud SQL Auth Proxy
	// and the language connectors.
	AllowDirectConnections bool
	// AllowGoogleServices lets services such as BigQuery read over a private path.
	AllowGoogleServices bool
}

// Disk sizes the SSD.
type Disk struct {
	// SizeGB is the size at creation, 10 to 65536; 0 means 20. It only grows, by
	// itself, and later changes of this number are ignored.
	SizeGB int
	// LimitGB is where growth ends; 0 means five times the size. Growth without
	// limit is not on offer: a runaway table should raise an alert, not a bill.
	LimitGB int
}

// Backup says what is kept, and for how long.
type Backup struct {
	// Disabled turns backups and point-in-time recovery off. Needs Zonal.
	Disabled bool
	// Start of the daily backup, HH:MM in UTC; empty lets Cloud SQL choose.
	Start string
	// Retained is the number of daily backups kept, 1 to 365; 0 means 14.
	Retained int
	// LogDays is for how many days any point in time can be recovered, 1 to 7, to
	// 35 with ENTERPRISE_PLUS, and at most Retained; 0 means 7.
	LogDays int
	// Location of the backups, a region or a multi-region such as "asia"; empty
	// means the multi-region nearest to the instance.
	Location string
}

// Maintenance says when Google may restart the instance.
type Maintenance struct {
	// Day of the week, 1 (Monday) to 7; 0 means 7.
	Day int
	// Hour of the day in UTC, 0 to 23.
	Hour int
	// Track is "stable", the default, two weeks after notice; "canary", after one,
	// fit for an environment that tries things first; or "week5", after five.
	Track string
	// DenyStart and DenyEnd are a period without maintenance, at most 90 days:
	// "2030-12-15", or "12-15" for every year; no leading zero in the month.
	DenyStart, DenyEnd string
	// DenyTime is when on these days it starts and ends, HH:MM:SS in UTC; empty
	// means "00:00:00".
	DenyTime string
}

// Insights configures Query Insights.
type Insights struct {
	Disabled bool
	// PlansPerMinute is how many query plans are sampled, 1 to 20; 0 means 5.
	PlansPerMinute int
	// QueryLength is how many bytes of a query are kept, 256 to 4500; 0 means
	// 1024. A change restarts the instance.
	QueryLength int
	// OmitTags and OmitClientAddress leave out the application's tags and where
	// the query came from.
	OmitTags, OmitClientAddress bool
}

// Passwords is the policy for built-in users. This component makes none, but an
// administrator may. Passwords must mix classes of characters and must not hold
// the user's name.
type Passwords struct {
	// MinLength is at least 12; 0 means 16.
	MinLength int
	// Reuse is how many former passwords may not come back, 1 to 100; 0 means 5.
	Reuse int
	// ChangeHours is how long a password must be kept before it can be changed
	// again; 0 is not at all.
	ChangeHours int
}

// Replica is a read replica. It has no standby.
type Replica struct {
	// Region is empty for the instance's own.
	Region string
	// Zone is empty to let Cloud SQL choose.
	Zone string
	// Tier is empty for the instance's own.
	Tier string
}
