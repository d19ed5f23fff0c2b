// Package keyvault makes a vault with secrets that workloads may read.
//
// Children of a component NAME:
//
//	NAME-vault                      azure-native:keyvault:Vault                  always; protected unless AllowDeletion
//	NAME-endpoint                   azure-native:network:PrivateEndpoint         always
//	NAME-endpoint-dns               azure-native:network:PrivateDnsZoneGroup     always
//	NAME-secret-SECRET              azure-native:keyvault:Secret                 per entry of Secrets; protected unless AllowDeletion
//	NAME-accessor-SECRET-WORKLOAD   azure-native:authorization:RoleAssignment    per entry of its Accessors
//	NAME-diagnostics                azure-native:insights:DiagnosticSetting      always
//
// Roles decide who may do what, and only the private endpoint leads to the secrets.
// No service of Microsoft bypasses that: Container Apps, which fetches secrets for
// an app, is not among the trusted ones (microsoft/azure-container-apps#1287,
// https://learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints#trusted-services)
// and comes from the environment's network, by the endpoint.
//
// Pulumi makes a secret by Azure Resource Manager, which needs no way into the
// network, but deletes one at the vault itself: to take a secret away, run where the
// endpoint is reached, as Key Vault Secrets Officer. With the vault, they just go.
package keyvault

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-azure-native-sdk/keyvault/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
	"ai-worker/components/azure/privateendpoint"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:KeyVault"

// KeyVault is the component; its tagged fields are its outputs.
type KeyVault struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"`    // Name of the vault, with its generation.
	URI  pulumi.StringOutput `pulumi:"uri"`     // URI is "https://NAME.vault.azure.net/".
	ID   pulumi.StringOutput `pulumi:"vaultId"` // ID of the vault in Azure Resource Manager.
	// SecretURIs are "https://NAME.vault.azure.net/secrets/SECRET", by secret: always
	// the newest version. What is made with them waits for the grants: an app that
	// refers to a secret before cannot start.
	SecretURIs pulumi.StringMapOutput `pulumi:"secretUris"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*KeyVault, error) {
	c := &KeyVault{}
	build := func(child components.Child) error {
		vault, err := keyvault.NewVault(ctx, child.Name("vault"), args.vault(), child.Opts(azure.Protect(args.AllowDeletion)...))
		if err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		c.Name, c.URI, c.ID = vault.Name, vault.Properties.VaultUri(), vault.ID().ToStringOutput()
		record, err := privateendpoint.Attach(ctx, child, args.Place, args.Endpoint, args.vaultName()+"-vault", "vault", c.ID)
		if err != nil {
			return err
		}
		uris, needed := pulumi.StringMap{}, []pulumi.Resource{record}
		for _, key := range slices.Sorted(maps.Keys(args.Secrets)) {
			secret, grants, err := args.secret(ctx, child, vault, key)
			if err != nil {
				return err
			}
			uris[key], needed = secret.Properties.SecretUri(), append(needed, grants...)
		}
		c.SecretURIs = pulumi.OutputWithDependencies(ctx.Context(), uris.ToStringMapOutput(), needed...).(pulumi.StringMapOutput)
		return args.Place.Diagnose(ctx, child, c.ID, "diagnostics")
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// vault spells out also what is the cloud's default, so that a change made
// elsewhere shows.
func (a *Args) vault() *keyvault.VaultArgs {
	sku := keyvault.SkuNameStandard
	if a.HSM {
		sku = keyvault.SkuNamePremium
	}
	return &keyvault.VaultArgs{
		ResourceGroupName: a.Place.GroupName,
		Location:          pulumi.String(a.Place.Location),
		VaultName:         pulumi.String(a.vaultName()),
		Properties: keyvault.VaultPropertiesArgs{
			TenantId:                     pulumi.String(a.TenantID),
			Sku:                          keyvault.SkuArgs{Family: pulumi.String("A"), Name: sku},
			EnableRbacAuthorization:      pulumi.Bool(true),
			EnableSoftDelete:             pulumi.Bool(true),
			SoftDeleteRetentionInDays:    pulumi.Int(cmp.Or(a.SoftDeleteDays, 90)),
			EnablePurgeProtection:        pulumi.Bool(true), // irreversible: nobody, Microsoft included, deletes sooner
			EnabledForDeployment:         pulumi.Bool(false),
			EnabledForDiskEncryption:     pulumi.Bool(false),
			EnabledForTemplateDeployment: pulumi.Bool(false),
			PublicNetworkAccess:          pulumi.String("Disabled"),
			NetworkAcls: keyvault.NetworkRuleSetArgs{
				DefaultAction: pulumi.String("Deny"),
				Bypass:        pulumi.String("None"),
			},
		},
		Tags: a.Place.InputTags(),
	}
}

// secret makes a secret, and those who may read it. An update would be a PUT, which
// makes a new version, of the placeholder: so nothing is ever updated. What names
// the secret replaces it.
func (a *Args) secret(
	ctx *pulumi.Context, child components.Child, vault *keyvault.Vault, name string,
) (*keyvault.Secret, []pulumi.Resource, error) {
	secret, err := keyvault.NewSecret(ctx, child.Name("secret", name), &keyvault.SecretArgs{
		ResourceGroupName: a.Place.GroupName,
		VaultName:         vault.Name,
		SecretName:        pulumi.String(name),
		Properties: keyvault.SecretPropertiesArgs{
			Value:       pulumi.String("unset"),
			ContentType: pulumi.String("a placeholder, until an operator sets a value"),
		},
		Tags: a.Place.InputTags(),
	}, child.Opts(append(azure.Protect(a.AllowDeletion),
		pulumi.IgnoreChanges([]string{"properties", "tags"}),
		pulumi.DeletedWith(vault),
	)...))
	if err != nil {
		return nil, nil, fmt.Errorf("secret %s: %w", name, err)
	}
	var grants []pulumi.Resource
	accessors := a.Secrets[name].Accessors
	for _, workload := range slices.Sorted(maps.Keys(accessors)) {
		grant := azure.Grant{Role: azure.KeyVaultSecretsUser, Scope: secret.ID().ToStringOutput(), Principal: accessors[workload]}
		made, err := a.Place.GrantRole(ctx, child, grant, "accessor", name, workload)
		if err != nil {
			return nil, nil, err
		}
		grants = append(grants, made)
	}
	return secret, grants, nil
}
