package cloudsql

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/sql"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// iamFlag turns IAM logins on. For MySQL it has another name.
const iamFlag = "cloudsql.iam_authentication"

// physical is the name of the instance or, with a name, of a replica in the cloud.
func (a *Args) physical(replica ...string) string {
	name := fmt.Sprintf("%s-g%d", a.Name, a.Generation)
	for _, which := range replica {
		name += "-" + which
	}
	return name
}

func (a *Args) instance() *sql.DatabaseInstanceArgs {
	settings := a.settings(a.Tier, a.location(a.Zone, a.SecondaryZone))
	settings.AvailabilityType = pulumi.String(choose(a.Zonal, "ZONAL", "REGIONAL"))
	settings.DiskSize = pulumi.Int(a.diskSize())
	settings.BackupConfiguration = a.backup()
	settings.MaintenanceWindow = &sql.DatabaseInstanceSettingsMaintenanceWindowArgs{
		Day:         pulumi.Int(cmp.Or(a.Maintenance.Day, 7)),
		Hour:        pulumi.Int(a.Maintenance.Hour),
		UpdateTrack: pulumi.String(cmp.Or(a.Maintenance.Track, "stable")),
	}
	if m := a.Maintenance; m.DenyStart != "" {
		settings.DenyMaintenancePeriod = &sql.DatabaseInstanceSettingsDenyMaintenancePeriodArgs{
			StartDate: pulumi.String(m.DenyStart),
			EndDate:   pulumi.String(m.DenyEnd),
			Time:      pulumi.String(cmp.Or(m.DenyTime, "00:00:00")),
		}
	}
	settings.PasswordValidationPolicy = a.passwords()
	return &sql.DatabaseInstanceArgs{
		Project:            pulumi.String(a.Project),
		Region:             pulumi.String(a.Region),
		Name:               pulumi.String(a.physical()),
		DatabaseVersion:    pulumi.String(a.Version),
		EncryptionKeyName:  optional(a.EncryptionKey),
		DeletionProtection: pulumi.Bool(!a.AllowDeletion),
		Settings:           settings,
	}
}

// replica takes from the instance what PostgreSQL wants equal on both sides. Its
// disk is as large as the instance's, and it has no backups.
func (a *Args) replica(which string, primary *sql.DatabaseInstance) *sql.DatabaseInstanceArgs {
	r := a.Replicas[which]
	settings := a.settings(cmp.Or(r.Tier, a.Tier), a.location(r.Zone, ""))
	settings.AvailabilityType = pulumi.String("ZONAL")
	return &sql.DatabaseInstanceArgs{
		Project:            pulumi.String(a.Project),
		Region:             pulumi.String(cmp.Or(r.Region, a.Region)),
		Name:               pulumi.String(a.physical(which)),
		DatabaseVersion:    pulumi.String(a.Version),
		MasterInstanceName: primary.Name,
		InstanceType:       pulumi.String("READ_REPLICA_INSTANCE"),
		EncryptionKeyName:  optional(a.ReplicaKeys[which]),
		DeletionProtection: pulumi.Bool(!a.AllowDeletion),
		Settings:           settings,
	}
}

// settings are what the instance and its replicas have in common.
func (a *Args) settings(tier string, location *sql.DatabaseInstanceSettingsLocationPreferenceArgs) *sql.DatabaseInstanceSettingsArgs {
	settings := &sql.DatabaseInstanceSettingsArgs{
		Edition:                   pulumi.String(a.edition()),
		Tier:                      pulumi.String(tier),
		ActivationPolicy:          pulumi.String(choose(a.Stopped, "NEVER", "ALWAYS")),
		ConnectorEnforcement:      pulumi.String(choose(a.Network.AllowDirectConnections, "NOT_REQUIRED", "REQUIRED")),
		DatabaseFlags:             a.flags(),
		DeletionProtectionEnabled: pulumi.Bool(!a.AllowDeletion),
		DiskType:                  pulumi.String("PD_SSD"),
		DiskAutoresize:            pulumi.Bool(true),
		DiskAutoresizeLimit:       pulumi.Int(a.diskLimit()),
		InsightsConfig:            a.insights(),
		IpConfiguration:           a.addresses(),
		UserLabels:                pulumi.ToStringMap(a.Labels),
	}
	if location != nil {
		settings.LocationPreference = location
	}
	if a.plus() {
		settings.DataCacheConfig = &sql.DatabaseInstanceSettingsDataCacheConfigArgs{DataCacheEnabled: pulumi.Bool(!a.DisableDataCache)}
	}
	return settings
}

func (a *Args) edition() string { return cmp.Or(a.Edition, enterprise) }
func (a *Args) plus() bool      { return a.edition() == enterprisePlus }
func (a *Args) diskSize() int   { return cmp.Or(a.Disk.SizeGB, 20) }
func (a *Args) diskLimit() int  { return cmp.Or(a.Disk.LimitGB, min(5*a.diskSize(), maxDiskGB)) }

func (a *Args) location(zone, secondary string) *sql.DatabaseInstanceSettingsLocationPreferenceArgs {
	if zone == "" {
		return nil
	}
	return &sql.DatabaseInstanceSettingsLocationPreferenceArgs{Zone: pulumi.String(zone), SecondaryZone: text(secondary)}
}

func (a *Args) flags() sql.DatabaseInstanceSettingsDatabaseFlagArray {
	flags := sql.DatabaseInstanceSettingsDatabaseFlagArray{
		&sql.DatabaseInstanceSettingsDatabaseFlagArgs{Name: pulumi.String(iamFlag), Value: pulumi.String("on")},
	}
	for _, name := range slices.Sorted(maps.Keys(a.Flags)) {
		flags = append(flags, &sql.DatabaseInstanceSettingsDatabaseFlagArgs{
			Name: pulumi.String(name), Value: pulumi.String(a.Flags[name]),
		})
	}
	return flags
}

func (a *Args) addresses() *sql.DatabaseInstanceSettingsIpConfigurationArgs {
	n := a.Network
	ip := &sql.DatabaseInstanceSettingsIpConfigurationArgs{
		Ipv4Enabled:                             pulumi.Bool(len(n.AuthorizedNetworks) > 0),
		PrivateNetwork:                          optional(a.PrivateNetwork),
		AllocatedIpRange:                        text(n.AllocatedRange),
		EnablePrivatePathForGoogleCloudServices: pulumi.Bool(n.AllowGoogleServices),
		SslMode:                                 pulumi.String(cmp.Or(n.SSLMode, encryptedOnly)),
		ServerCaMode:                            pulumi.String(cmp.Or(n.ServerCAMode, instanceCA)),
	}
	var ranges sql.DatabaseInstanceSettingsIpConfigurationAuthorizedNetworkArray
	for _, name := range slices.Sorted(maps.Keys(n.AuthorizedNetworks)) {
		ranges = append(ranges, &sql.DatabaseInstanceSettingsIpConfigurationAuthorizedNetworkArgs{
			Name: pulumi.String(name), Value: pulumi.String(n.AuthorizedNetworks[name]),
		})
	}
	if len(ranges) > 0 {
		ip.AuthorizedNetworks = ranges
	}
	if len(n.PSCProjects) > 0 {
		ip.PscConfigs = sql.DatabaseInstanceSettingsIpConfigurationPscConfigArray{
			&sql.DatabaseInstanceSettingsIpConfigurationPscConfigArgs{
				PscEnabled: pulumi.Bool(true), AllowedConsumerProjects: pulumi.ToStringArray(n.PSCProjects),
			},
		}
	}
	return ip
}

func (a *Args) backup() *sql.DatabaseInstanceSettingsBackupConfigurationArgs {
	on := pulumi.Bool(!a.Backup.Disabled)
	backup := &sql.DatabaseInstanceSettingsBackupConfigurationArgs{Enabled: on, PointInTimeRecoveryEnabled: on}
	if a.Backup.Disabled {
		return backup
	}
	backup.StartTime, backup.Location = text(a.Backup.Start), text(a.Backup.Location)
	backup.TransactionLogRetentionDays = pulumi.Int(a.logDays())
	backup.BackupRetentionSettings = &sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs{
		RetainedBackups: pulumi.Int(a.retained()), RetentionUnit: pulumi.String("COUNT"),
	}
	return backup
}

func (a *Args) retained() int { return cmp.Or(a.Backup.Retained, 14) }
func (a *Args) logDays() int  { return cmp.Or(a.Backup.LogDays, 7) }

func (a *Args) insights() *sql.DatabaseInstanceSettingsInsightsConfigArgs {
	if a.Insights.Disabled {
		return &sql.DatabaseInstanceSettingsInsightsConfigArgs{QueryInsightsEnabled: pulumi.Bool(false)}
	}
	return &sql.DatabaseInstanceSettingsInsightsConfigArgs{
		QueryInsightsEnabled:  pulumi.Bool(true),
		QueryPlansPerMinute:   pulumi.Int(cmp.Or(a.Insights.PlansPerMinute, 5)),
		QueryStringLength:     pulumi.Int(cmp.Or(a.Insights.QueryLength, 1024)),
		RecordApplicationTags: pulumi.Bool(!a.Insights.OmitTags),
		RecordClientAddress:   pulumi.Bool(!a.Insights.OmitClientAddress),
	}
}

func (a *Args) passwords() *sql.DatabaseInstanceSettingsPasswordValidationPolicyArgs {
	policy := &sql.DatabaseInstanceSettingsPasswordValidationPolicyArgs{
		EnablePasswordPolicy:      pulumi.Bool(true),
		Complexity:                pulumi.String("COMPLEXITY_DEFAULT"),
		DisallowUsernameSubstring: pulumi.Bool(true),
		MinLength:                 pulumi.Int(cmp.Or(a.Passwords.MinLength, 16)),
		ReuseInterval:             pulumi.Int(cmp.Or(a.Passwords.Reuse, 5)),
	}
	if hours := a.Passwords.ChangeHours; hours > 0 {
		policy.PasswordChangeInterval = pulumi.String(fmt.Sprintf("%ds", hours*3600))
	}
	return policy
}

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// text leaves an empty string out: sent, it would be a value.
func text(s string) pulumi.StringPtrInput {
	if s == "" {
		return nil
	}
	return pulumi.String(s)
}

// optional leaves nil out: an interface that holds a nil pointer is not nil.
func optional(in pulumi.StringInput) pulumi.StringPtrInput {
	if in == nil {
		return nil
	}
	return in.ToStringOutput().ToStringPtrOutput()
}
