package dbforpostgresql

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/sdk"
)

// AuthConfig says who may log in how: Enabled or Disabled.
type AuthConfig struct {
	ActiveDirectoryAuth *string `pulumi:"activeDirectoryAuth"`
	PasswordAuth        *string `pulumi:"passwordAuth"`
	TenantId            *string `pulumi:"tenantId"`
}

// AuthConfigPtrInput is an [AuthConfigArgs].
type AuthConfigPtrInput interface{ pulumi.Input }

// AuthConfigArgs says who may log in how: Enabled or Disabled.
type AuthConfigArgs struct {
	ActiveDirectoryAuth pulumi.StringPtrInput `pulumi:"activeDirectoryAuth"`
	PasswordAuth        pulumi.StringPtrInput `pulumi:"passwordAuth"`
	TenantId            pulumi.StringPtrInput `pulumi:"tenantId"`
}

// ElementType implements pulumi.Input.
func (AuthConfigArgs) ElementType() reflect.Type { return reflect.TypeFor[AuthConfig]() }

// Backup is how long backups are kept, and whether in the paired region too.
type Backup struct {
	BackupRetentionDays *int    `pulumi:"backupRetentionDays"`
	GeoRedundantBackup  *string `pulumi:"geoRedundantBackup"`
}

// BackupResponse is a Backup with what there is to restore.
type BackupResponse struct {
	BackupRetentionDays *int    `pulumi:"backupRetentionDays"`
	EarliestRestoreDate string  `pulumi:"earliestRestoreDate"`
	GeoRedundantBackup  *string `pulumi:"geoRedundantBackup"`
}

// BackupTypePtrInput is a [BackupTypeArgs].
type BackupTypePtrInput interface{ pulumi.Input }

// BackupTypeArgs is how long backups are kept, 7 to 35 days, and whether in the
// paired region too.
type BackupTypeArgs struct {
	BackupRetentionDays pulumi.IntPtrInput    `pulumi:"backupRetentionDays"`
	GeoRedundantBackup  pulumi.StringPtrInput `pulumi:"geoRedundantBackup"`
}

// ElementType implements pulumi.Input.
func (BackupTypeArgs) ElementType() reflect.Type { return reflect.TypeFor[Backup]() }

// HighAvailability is where the standby is.
type HighAvailability struct {
	Mode                    *string `pulumi:"mode"`
	StandbyAvailabilityZone *string `pulumi:"standbyAvailabilityZone"`
}

// HAResponse is a HighAvailability with its state.
type HAResponse struct {
	Mode                    *string `pulumi:"mode"`
	StandbyAvailabilityZone *string `pulumi:"standbyAvailabilityZone"`
	State                   string  `pulumi:"state"`
}

// HighAvailabilityPtrInput is a [HighAvailabilityArgs].
type HighAvailabilityPtrInput interface{ pulumi.Input }

// HighAvailabilityArgs is where the standby is: Mode is Disabled, SameZone or ZoneRedundant.
type HighAvailabilityArgs struct {
	Mode                    pulumi.StringPtrInput `pulumi:"mode"`
	StandbyAvailabilityZone pulumi.StringPtrInput `pulumi:"standbyAvailabilityZone"`
}

// ElementType implements pulumi.Input.
func (HighAvailabilityArgs) ElementType() reflect.Type { return reflect.TypeFor[HighAvailability]() }

// MaintenanceWindow is when Azure may restart the server, in UTC.
type MaintenanceWindow struct {
	CustomWindow *string `pulumi:"customWindow"`
	DayOfWeek    *int    `pulumi:"dayOfWeek"`
	StartHour    *int    `pulumi:"startHour"`
	StartMinute  *int    `pulumi:"startMinute"`
}

// MaintenanceWindowPtrInput is a [MaintenanceWindowArgs].
type MaintenanceWindowPtrInput interface{ pulumi.Input }

// MaintenanceWindowArgs is when Azure may restart the server, in UTC, with
// CustomWindow Enabled; DayOfWeek is 0 for Sunday to 6.
type MaintenanceWindowArgs struct {
	CustomWindow pulumi.StringPtrInput `pulumi:"customWindow"`
	DayOfWeek    pulumi.IntPtrInput    `pulumi:"dayOfWeek"`
	StartHour    pulumi.IntPtrInput    `pulumi:"startHour"`
	StartMinute  pulumi.IntPtrInput    `pulumi:"startMinute"`
}

// ElementType implements pulumi.Input.
func (MaintenanceWindowArgs) ElementType() reflect.Type { return reflect.TypeFor[MaintenanceWindow]() }

// Network is the subnet and the private zone of the server.
type Network struct {
	DelegatedSubnetResourceId   *string `pulumi:"delegatedSubnetResourceId"`
	PrivateDnsZoneArmResourceId *string `pulumi:"privateDnsZoneArmResourceId"`
	PublicNetworkAccess         *string `pulumi:"publicNetworkAccess"`
}

// NetworkPtrInput is a [NetworkArgs].
type NetworkPtrInput interface{ pulumi.Input }

// NetworkArgs is the subnet and the private zone of the server.
type NetworkArgs struct {
	DelegatedSubnetResourceId   pulumi.StringPtrInput `pulumi:"delegatedSubnetResourceId"`
	PrivateDnsZoneArmResourceId pulumi.StringPtrInput `pulumi:"privateDnsZoneArmResourceId"`
	PublicNetworkAccess         pulumi.StringPtrInput `pulumi:"publicNetworkAccess"`
}

// ElementType implements pulumi.Input.
func (NetworkArgs) ElementType() reflect.Type { return reflect.TypeFor[Network]() }

// Sku is the size of the server.
type Sku struct {
	Name string `pulumi:"name"`
	Tier string `pulumi:"tier"`
}

// SkuPtrInput is a [SkuArgs].
type SkuPtrInput interface{ pulumi.Input }

// SkuArgs is the size of the server: Tier is Burstable, GeneralPurpose or MemoryOptimized.
type SkuArgs struct {
	Name pulumi.StringInput `pulumi:"name"`
	Tier pulumi.StringInput `pulumi:"tier"`
}

// ElementType implements pulumi.Input.
func (SkuArgs) ElementType() reflect.Type { return reflect.TypeFor[Sku]() }

// Storage is the disk of the server.
type Storage struct {
	AutoGrow      *string `pulumi:"autoGrow"`
	Iops          *int    `pulumi:"iops"`
	StorageSizeGB *int    `pulumi:"storageSizeGB"`
	Throughput    *int    `pulumi:"throughput"`
	Tier          *string `pulumi:"tier"`
	Type          *string `pulumi:"type"`
}

// StoragePtrInput is a [StorageArgs].
type StoragePtrInput interface{ pulumi.Input }

// StorageArgs is the disk of the server, whose size can only grow.
type StorageArgs struct {
	AutoGrow      pulumi.StringPtrInput `pulumi:"autoGrow"`
	Iops          pulumi.IntPtrInput    `pulumi:"iops"`
	StorageSizeGB pulumi.IntPtrInput    `pulumi:"storageSizeGB"`
	Throughput    pulumi.IntPtrInput    `pulumi:"throughput"`
	Tier          pulumi.StringPtrInput `pulumi:"tier"`
	Type          pulumi.StringPtrInput `pulumi:"type"`
}

// ElementType implements pulumi.Input.
func (StorageArgs) ElementType() reflect.Type { return reflect.TypeFor[Storage]() }

func init() {
	pulumi.RegisterOutputType(sdk.Output[*AuthConfig]{})
	pulumi.RegisterOutputType(sdk.Output[*BackupResponse]{})
	pulumi.RegisterOutputType(sdk.Output[*HAResponse]{})
	pulumi.RegisterOutputType(sdk.Output[*MaintenanceWindow]{})
	pulumi.RegisterOutputType(sdk.Output[*Network]{})
	pulumi.RegisterOutputType(sdk.Output[*Sku]{})
	pulumi.RegisterOutputType(sdk.Output[*Storage]{})
}
