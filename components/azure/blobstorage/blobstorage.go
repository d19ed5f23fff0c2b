// Package blobstorage makes a private container of objects with grants on it, in a
// storage account of its own: CORS, versioning and soft deletion are of an account.
//
// Children of a component NAME:
//
//	NAME-account        azure-native:storage:StorageAccount           always; protected unless AllowDeletion
//	NAME-service        azure-native:storage:BlobServiceProperties    always
//	NAME-container      azure-native:storage:BlobContainer            always; protected unless AllowDeletion
//	NAME-lifecycle      azure-native:storage:ManagementPolicy         always
//	NAME-endpoint       azure-native:network:PrivateEndpoint          always
//	NAME-endpoint-dns   azure-native:network:PrivateDnsZoneGroup      always
//	NAME-access-GRANT   azure-native:authorization:RoleAssignment     per entry of Grants
//	NAME-sign-GRANT     azure-native:authorization:RoleAssignment     per entry of Grants with SignURLs
//	NAME-diagnostics    azure-native:insights:DiagnosticSetting       always
//
// Nothing makes an object public, and the account's keys are of no use: everybody
// comes with Microsoft Entra, or with a URL that an identity presigned (a user
// delegation SAS, which takes no key of the account).
//
// Restoring the container to a point in time is off: Azure does not support it for
// an account with a private endpoint (MicrosoftDocs/azure-docs#104296,
// Azure/azure-cli#25176). Versions and soft deletion restore single objects.
package blobstorage

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-azure-native-sdk/storage/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
	"ai-worker/components/azure/privateendpoint"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:BlobStorage"

// BlobStorage is the component; its tagged fields are its outputs.
type BlobStorage struct {
	pulumi.ResourceState

	Account   pulumi.StringOutput `pulumi:"account"`   // Account is the storage account's name.
	Container pulumi.StringOutput `pulumi:"container"` // Container is the name in the account.
	URL       pulumi.StringOutput `pulumi:"url"`       // URL is "https://ACCOUNT.blob.core.windows.net/CONTAINER".
	AccountID pulumi.StringOutput `pulumi:"accountId"` // AccountID is the account's in Azure Resource Manager.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*BlobStorage, error) {
	c := &BlobStorage{}
	build := func(child components.Child) error {
		account, err := storage.NewStorageAccount(ctx, child.Name("account"), args.account(), child.Opts(azure.Protect(args.AllowDeletion)...))
		if err != nil {
			return fmt.Errorf("account: %w", err)
		}
		container, ready, err := args.inside(ctx, child, account)
		if err != nil {
			return err
		}
		c.Account, c.Container, c.AccountID = account.Name, container.Name, account.ID().ToStringOutput()
		c.URL = pulumi.Sprintf("%s%s", account.PrimaryEndpoints.Blob(), container.Name)
		// an endpoint fails that is made while something else changes the account
		// (Azure/bicep-registry-modules#6001)
		target := pulumi.OutputWithDependencies(ctx.Context(), c.AccountID, ready).(pulumi.StringOutput)
		if _, err := privateendpoint.Attach(ctx, child, args.Place, args.Endpoint, args.Account+"-blob", "blob", target); err != nil {
			return err
		}
		return args.grant(ctx, child, account, container)
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// inside makes what is in the account, one after the other, and returns the
// container and the last of all. What is no more than settings goes with the account.
func (a *Args) inside(ctx *pulumi.Context, child components.Child, account *storage.StorageAccount) (*storage.BlobContainer, pulumi.Resource, error) {
	gone := pulumi.DeletedWith(account)
	service, err := storage.NewBlobServiceProperties(ctx, child.Name("service"), a.service(account), child.Opts(gone))
	if err != nil {
		return nil, nil, fmt.Errorf("blob service: %w", err)
	}
	if err := a.Place.Diagnose(ctx, child, service.ID().ToStringOutput(), "diagnostics"); err != nil {
		return nil, nil, err
	}
	container, err := storage.NewBlobContainer(ctx, child.Name("container"), &storage.BlobContainerArgs{
		ResourceGroupName: a.Place.GroupName,
		AccountName:       account.Name,
		ContainerName:     pulumi.String(a.Container),
		PublicAccess:      storage.PublicAccessNone,
	}, child.Opts(append(azure.Protect(a.AllowDeletion), pulumi.DependsOn([]pulumi.Resource{service}))...))
	if err != nil {
		return nil, nil, fmt.Errorf("container: %w", err)
	}
	policy, err := storage.NewManagementPolicy(ctx, child.Name("lifecycle"), &storage.ManagementPolicyArgs{
		ResourceGroupName:    a.Place.GroupName,
		AccountName:          account.Name,
		ManagementPolicyName: pulumi.String("default"),
		Policy:               storage.ManagementPolicySchemaArgs{Rules: a.lifecycle()},
	}, child.Opts(gone, pulumi.DependsOn([]pulumi.Resource{container})))
	if err != nil {
		return nil, nil, fmt.Errorf("lifecycle: %w", err)
	}
	return container, policy, nil
}

// grant gives access to the objects of the container. The key that presigns is the
// account's to give: https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
func (a *Args) grant(ctx *pulumi.Context, child components.Child, account *storage.StorageAccount, container *storage.BlobContainer) error {
	for _, key := range slices.Sorted(maps.Keys(a.Grants)) {
		g := a.Grants[key]
		access := azure.Grant{Role: roles[g.Access], Scope: container.ID().ToStringOutput(), Principal: g.Principal}
		if _, err := a.Place.GrantRole(ctx, child, access, "access", key); err != nil {
			return err
		}
		if !g.SignURLs {
			continue
		}
		sign := azure.Grant{Role: azure.BlobDelegator, Scope: account.ID().ToStringOutput(), Principal: g.Principal}
		if _, err := a.Place.GrantRole(ctx, child, sign, "sign", key); err != nil {
			return err
		}
	}
	return nil
}
