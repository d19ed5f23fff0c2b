// Package managedidentity has the types of azure-native:managedidentity, API
// version 2023-01-31, that identities of workloads and of GitHub Actions need.
package managedidentity

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/sdk"
)

// The provider's types.
const (
	UserAssignedIdentityType        = "azure-native:managedidentity:UserAssignedIdentity"
	FederatedIdentityCredentialType = "azure-native:managedidentity:FederatedIdentityCredential"
)

// UserAssignedIdentity is an identity that other resources may run as.
type UserAssignedIdentity struct {
	pulumi.CustomResourceState

	ClientId    pulumi.StringOutput        `pulumi:"clientId"` // ClientId is what an application logs in as.
	Location    pulumi.StringOutput        `pulumi:"location"`
	Name        pulumi.StringOutput        `pulumi:"name"`
	PrincipalId pulumi.StringOutput        `pulumi:"principalId"` // PrincipalId is what roles are granted to.
	SystemData  sdk.Output[sdk.SystemData] `pulumi:"systemData"`
	Tags        pulumi.StringMapOutput     `pulumi:"tags"`
	TenantId    pulumi.StringOutput        `pulumi:"tenantId"`
	Type        pulumi.StringOutput        `pulumi:"type"`
}

// UserAssignedIdentityArgs describes an identity.
type UserAssignedIdentityArgs struct {
	Location          pulumi.StringPtrInput
	ResourceGroupName pulumi.StringInput    // ResourceGroupName is required.
	ResourceName      pulumi.StringPtrInput // ResourceName of the identity, 3 to 128 characters; left out, the provider invents one.
	Tags              pulumi.StringMapInput
}

type userAssignedIdentityArgs struct {
	Location          *string           `pulumi:"location"`
	ResourceGroupName string            `pulumi:"resourceGroupName"`
	ResourceName      *string           `pulumi:"resourceName"`
	Tags              map[string]string `pulumi:"tags"`
}

// ElementType implements pulumi.Input.
func (UserAssignedIdentityArgs) ElementType() reflect.Type {
	return reflect.TypeFor[userAssignedIdentityArgs]()
}

// NewUserAssignedIdentity registers an identity.
func NewUserAssignedIdentity(
	ctx *pulumi.Context, name string, args *UserAssignedIdentityArgs, opts ...pulumi.ResourceOption,
) (*UserAssignedIdentity, error) {
	made := &UserAssignedIdentity{}
	return made, sdk.Register(ctx, UserAssignedIdentityType, name, args, made, opts...)
}

// FederatedIdentityCredential lets who shows a token of another issuer act as an identity.
type FederatedIdentityCredential struct {
	pulumi.CustomResourceState

	Audiences  pulumi.StringArrayOutput   `pulumi:"audiences"`
	Issuer     pulumi.StringOutput        `pulumi:"issuer"`
	Name       pulumi.StringOutput        `pulumi:"name"`
	Subject    pulumi.StringOutput        `pulumi:"subject"`
	SystemData sdk.Output[sdk.SystemData] `pulumi:"systemData"`
	Type       pulumi.StringOutput        `pulumi:"type"`
}

// FederatedIdentityCredentialArgs describes a credential.
type FederatedIdentityCredentialArgs struct {
	Audiences                               pulumi.StringArrayInput // Audiences of the token: exactly one.
	FederatedIdentityCredentialResourceName pulumi.StringPtrInput
	Issuer                                  pulumi.StringInput // Issuer is the URL of whoever made the token. Required.
	ResourceGroupName                       pulumi.StringInput // ResourceGroupName is required.
	ResourceName                            pulumi.StringInput // ResourceName of the identity. Required.
	Subject                                 pulumi.StringInput // Subject of the token, letter by letter. Required.
}

type federatedIdentityCredentialArgs struct {
	Audiences                               []string `pulumi:"audiences"`
	FederatedIdentityCredentialResourceName *string  `pulumi:"federatedIdentityCredentialResourceName"`
	Issuer                                  string   `pulumi:"issuer"`
	ResourceGroupName                       string   `pulumi:"resourceGroupName"`
	ResourceName                            string   `pulumi:"resourceName"`
	Subject                                 string   `pulumi:"subject"`
}

// ElementType implements pulumi.Input.
func (FederatedIdentityCredentialArgs) ElementType() reflect.Type {
	return reflect.TypeFor[federatedIdentityCredentialArgs]()
}

// NewFederatedIdentityCredential registers a credential.
func NewFederatedIdentityCredential(
	ctx *pulumi.Context, name string, args *FederatedIdentityCredentialArgs, opts ...pulumi.ResourceOption,
) (*FederatedIdentityCredential, error) {
	made := &FederatedIdentityCredential{}
	return made, sdk.Register(ctx, FederatedIdentityCredentialType, name, args, made, opts...)
}
