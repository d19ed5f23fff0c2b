// Package storage gives the sandbox the structure of the SDK package of the same name.
package storage

import (
	"github.com/pulumi/pulumi-azure-native-sdk/storage/v2"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("azure-native:storage:StorageAccount", storage.StorageAccountArgs{}, storage.StorageAccount{})
	sandbox.Describe("azure-native:storage:BlobServiceProperties", storage.BlobServicePropertiesArgs{}, storage.BlobServiceProperties{})
	sandbox.Describe("azure-native:storage:BlobContainer", storage.BlobContainerArgs{}, storage.BlobContainer{})
	sandbox.Describe("azure-native:storage:ManagementPolicy", storage.ManagementPolicyArgs{}, storage.ManagementPolicy{})
}
