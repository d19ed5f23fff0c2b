package postgres

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure"
)

// Args configures a Postgres. The zero value of every option is the strong
// choice; what is weaker is named by its weakness.
type Args struct {
	Place azure.Place // Place is where the server is, with a workspace. Required.
	// Name is the base of the server's name "<Name>-g<Generation>", which is taken in
	// all of Azure. Required.
	Name string
	// Generation is raised to make the server anew beside the old one: what Azure fixes
	// at creation changes no other way. At least 1. Logical names do not depend on it.
	Generation int

	Version string // Version of PostgreSQL, "13" to "17". It is only ever raised. Required.
	// SKU is the size, such as "Standard_D2ds_v5". B is Burstable, which has no standby;
	// D is GeneralPurpose, E is MemoryOptimized. Required.
	SKU string
	// Zonal gives up the standby in a second zone.
	Zonal bool
	// DiskGB is the size at creation: 32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192,
	// 16384 or 32767; 0 means 64. The disk grows by itself and never shrinks, and later
	// changes of this number are ignored. Refresh the stack when it has grown: an update
	// sends the last size it knows, and Azure refuses a smaller one.
	DiskGB int
	// AllowDeletion lifts the protection, so that one destroy deletes everything. It
	// must be applied by an update before the destroy.
	AllowDeletion bool

	Subnet pulumi.StringInput // Subnet is the id of the subnet that is delegated to flexible servers. Required.
	// Zone is the id of the private DNS zone, linked to the network, that the server's
	// name is in. Required.
	Zone pulumi.StringInput

	Backup      Backup
	Maintenance Maintenance

	// Flags are server parameters, such as "max_connections": "200". They go over those
	// that are set anyway: see strong. One that Azure calls static waits for a restart,
	// which this does not do.
	Flags map[string]string
	// Databases are the names of the databases. They have character set UTF8 and
	// collation en_US.utf8.
	Databases []string
	// Tenant is the Microsoft Entra tenant, a UUID, whose principals log in. Required.
	Tenant string
	// Administrators are the identities that administer the server, by a short name. At
	// least one: nobody else could make the first login.
	Administrators map[string]Administrator
}

// Administrator is a managed identity.
type Administrator struct {
	Principal pulumi.StringInput // Principal is its object id. Required.
	Name      pulumi.StringInput // Name of the identity, which is its login. Required.
}

// Backup says what is kept. Any point in time of these days can be restored.
type Backup struct {
	Days int // Days that backups are kept, 7 to 35; 0 means 14.
	// DisableGeo keeps no copy in the paired region. It is fixed at creation, and regions
	// without a pair need it.
	DisableGeo bool
}

// Maintenance says when Azure may restart the server, in UTC.
type Maintenance struct {
	Day    int // Day of the week, 0 (Sunday) to 6.
	Hour   int // Hour, 0 to 23.
	Minute int // Minute, 0 to 59.
}

// strong are the parameters that are set always. Azure itself fixes log_connections
// and log_disconnections at "on" and refuses to be told so:
// https://learn.microsoft.com/azure/postgresql/flexible-server/server-parameters-table-reporting-and-logging---what-to-log
// pgaudit is left to Flags: it needs a restart, and somebody who reads it.
func strong() map[string]string {
	return map[string]string{
		transport:                    "on",
		minTLS:                       "TLSv1.2",
		"connection_throttle.enable": "on", // slows an address down that fails to log in too often
		"log_checkpoints":            "on",
		"log_lock_waits":             "on",
	}
}

const (
	transport = "require_secure_transport"
	minTLS    = "ssl_min_protocol_version"
)

// ServerName is the name of the server that these arguments describe.
func (a *Args) ServerName() string { return fmt.Sprintf("%s-g%d", a.Name, a.Generation) }

func (a *Args) flags() map[string]string {
	flags := strong()
	maps.Copy(flags, a.Flags)
	return flags
}

func (a *Args) diskGB() int     { return cmp.Or(a.DiskGB, 64) }
func (a *Args) backupDays() int { return cmp.Or(a.Backup.Days, 14) }
