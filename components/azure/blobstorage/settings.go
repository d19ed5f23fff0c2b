package blobstorage

import (
	"cmp"

	"github.com/pulumi/pulumi-azure-native-sdk/storage/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// account spells out also what is the cloud's default, so that a change made
// elsewhere shows. Some of the defaults are weak, such as shared keys.
func (a *Args) account() *storage.StorageAccountArgs {
	network, others := "Disabled", storage.DefaultActionDeny
	if a.AllowInternet {
		network, others = "Enabled", storage.DefaultActionAllow
	}
	encrypted := storage.EncryptionServiceArgs{Enabled: pulumi.Bool(true), KeyType: pulumi.String("Account")}
	return &storage.StorageAccountArgs{
		ResourceGroupName: a.Place.GroupName,
		Location:          pulumi.String(a.Place.Location),
		AccountName:       pulumi.String(a.Account),
		Kind:              pulumi.String("StorageV2"),
		Sku:               storage.SkuArgs{Name: pulumi.String("Standard_" + cmp.Or(a.Replication, "ZRS"))},
		AccessTier:        storage.AccessTierHot,
		DnsEndpointType:   pulumi.String("Standard"),

		AllowBlobPublicAccess:        pulumi.Bool(false),
		AllowCrossTenantReplication:  pulumi.Bool(false),
		AllowSharedKeyAccess:         pulumi.Bool(false),
		AllowedCopyScope:             pulumi.String("AAD"), // of the same tenant
		DefaultToOAuthAuthentication: pulumi.Bool(true),
		EnableHttpsTrafficOnly:       pulumi.Bool(true),
		MinimumTlsVersion:            pulumi.String("TLS1_2"),
		Encryption: storage.EncryptionArgs{
			KeySource:                       pulumi.String("Microsoft.Storage"),
			RequireInfrastructureEncryption: pulumi.Bool(!a.DisableInfrastructureEncryption),
			Services:                        storage.EncryptionServicesArgs{Blob: encrypted, File: encrypted},
		},

		// other ways in: hierarchical namespace, NFS, SFTP and its users
		IsHnsEnabled:       pulumi.Bool(false),
		EnableNfsV3:        pulumi.Bool(false),
		IsSftpEnabled:      pulumi.Bool(false),
		IsLocalUserEnabled: pulumi.Bool(false),

		PublicNetworkAccess: pulumi.String(network),
		NetworkRuleSet:      storage.NetworkRuleSetArgs{DefaultAction: others, Bypass: pulumi.String("None")},
		Tags:                a.Place.InputTags(),
	}
}

func (a *Args) service(account *storage.StorageAccount) *storage.BlobServicePropertiesArgs {
	kept := storage.DeleteRetentionPolicyArgs{Enabled: pulumi.Bool(false)}
	if !a.DisableSoftDelete {
		kept = storage.DeleteRetentionPolicyArgs{Enabled: pulumi.Bool(true), Days: pulumi.Int(cmp.Or(a.SoftDeleteDays, 7))}
	}
	blobs := kept
	blobs.AllowPermanentDelete = pulumi.Bool(false) // of what is soft-deleted; it is of no container
	return &storage.BlobServicePropertiesArgs{
		ResourceGroupName:              a.Place.GroupName,
		AccountName:                    account.Name,
		BlobServicesName:               pulumi.String("default"),
		IsVersioningEnabled:            pulumi.Bool(!a.DisableVersioning),
		DeleteRetentionPolicy:          blobs,
		ContainerDeleteRetentionPolicy: kept,
		Cors:                           a.cors(),
		ChangeFeed:                     storage.ChangeFeedArgs{Enabled: pulumi.Bool(false)}, // nothing here reads it
		RestorePolicy:                  storage.RestorePolicyPropertiesArgs{Enabled: pulumi.Bool(false)},
		LastAccessTimeTrackingPolicy:   storage.LastAccessTimeTrackingPolicyArgs{Enable: pulumi.Bool(false)},
	}
}
