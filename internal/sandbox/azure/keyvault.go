package azure

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	vaultType       = "azure-native:keyvault:Vault"
	vaultSecretType = "azure-native:keyvault:Secret"
)

func keyvaultKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		arm("Microsoft.KeyVault/vaults/{vaultName}", sandbox.Kind{
			Type:   vaultType,
			Global: "{vaultName}",
			Names:  []string{"{vaultName}", "{properties.vaultUri}"},
			Retires: "its softDeleteRetentionInDays, 7 to 90 (ConflictError: a vault with the same name already exists in deleted state: " +
				"recover it or purge it)",
			Fill:     fillVault,
			Required: []string{"location"},
			// once given they stay, also when a program gives them no more
			Rules:  vaultRules,
			Checks: []sandbox.Check{checkAccessPolicies},
			Revise: reviseVault,
			Refs: map[string]sandbox.Ref{
				"properties.networkAcls.virtualNetworkRules[].id": sandbox.Names("azure-native:network:Subnet"),
			},
		}),
		// The provider creates and changes a secret by ARM and deletes it at the vault
		// itself, for which it must reach the vault and hold a role there. The deleted
		// secret stays recoverable, so that its name stays taken.
		arm("Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}", sandbox.Kind{
			Type: vaultSecretType,
			Retires: "the softDeleteRetentionInDays of its vault (ObjectIsDeletedButRecoverable: the secret is in a deleted but recoverable " +
				"state: recover it or purge it)",
			Names:  []string{"{properties.secretUri}", "{properties.secretUriWithVersion}"},
			Fill:   fillSecret,
			Rules:  vaultSecretRules,
			Beside: func(o *sandbox.Object, _ []*sandbox.Object) error { return inGroupOf(o, "vaultName") },
			Refs:   map[string]sandbox.Ref{"vaultName": sandbox.Within(vaultType)},
		}),
	}
}

var (
	vaultUUID = sandbox.Match(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`, "a UUID")
	vaultTrue = func(v resource.PropertyValue) error {
		if !v.BoolValue() {
			return fmt.Errorf("BadRequest: cannot be set to false: it is irreversible")
		}
		return nil
	}
)

const accessPolicies = "properties.accessPolicies"

var vaultRules = map[string]sandbox.Rule{
	// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
	"vaultName": sandbox.All(sandbox.Match(`^.{3,24}$`, "VaultNameNotValid: 3 to 24 characters"),
		sandbox.Match(`^[A-Za-z](-?[A-Za-z0-9])*$`, "VaultNameNotValid: letters, digits and single hyphens between them, a letter first")),
	"location": region,

	"properties.tenantId":                  vaultUUID,
	"properties.sku.family":                sandbox.OneOf("A"),
	"properties.sku.name":                  sandbox.OneOf("standard", "premium"),
	"properties.softDeleteRetentionInDays": sandbox.Between(7, 90),
	"properties.enablePurgeProtection":     vaultTrue,
	"properties.enableSoftDelete":          vaultTrue,
	"properties.publicNetworkAccess":       sandbox.Match(`(?i)^(enabled|disabled)$`, "enabled or disabled"),
	"properties.createMode":                vaultCreateMode,

	accessPolicies:                              sandbox.Items(0, 1024),
	accessPolicies + "[].tenantId":              vaultUUID,
	accessPolicies + "[].objectId":              vaultUUID,
	accessPolicies + "[].permissions.secrets[]": vaultPermission("get list set delete backup restore recover purge"),
	accessPolicies + "[].permissions.keys[]": vaultPermission(`encrypt decrypt wrapkey unwrapkey sign verify get list create update import
		delete backup restore recover purge release rotate getrotationpolicy setrotationpolicy`),
	accessPolicies + "[].permissions.certificates[]": vaultPermission(`get list delete create import update managecontacts getissuers listissuers
		setissuers deleteissuers manageissuers recover purge backup restore`),
	accessPolicies + "[].permissions.storage[]": vaultPermission(`get list delete set update regeneratekey recover purge backup restore setsas
		listsas getsas deletesas`),

	// https://learn.microsoft.com/azure/key-vault/general/network-security: 1000 ranges, 200 subnets
	"properties.networkAcls.bypass":              sandbox.OneOf("AzureServices", "None"),
	"properties.networkAcls.defaultAction":       sandbox.OneOf("Allow", "Deny"),
	"properties.networkAcls.ipRules":             sandbox.Items(0, 1000),
	"properties.networkAcls.virtualNetworkRules": sandbox.Items(0, 200),
	"tags": tags,
}

// vaultPermission wants one of the SDK's permissions, in any case, or all of them.
func vaultPermission(known string) sandbox.Rule {
	names := strings.Fields(known)
	return func(v resource.PropertyValue) error {
		return sandbox.OneOf(append([]string{"all"}, names...)...)(resource.NewProperty(strings.ToLower(v.StringValue())))
	}
}

// vaultCreateMode: nothing is kept of a deleted vault here that could be recovered.
func vaultCreateMode(v resource.PropertyValue) error {
	if v.StringValue() == "recover" {
		return fmt.Errorf("%q is not simulated: nothing of a deleted vault is kept", "recover")
	}
	return sandbox.OneOf("default")(v)
}

// checkAccessPolicies: SDK, accessPolicies. Beside enableRbacAuthorization they are
// ignored, not refused.
func checkAccessPolicies(o *sandbox.Object) error {
	tenant := o.Str("properties.tenantId")
	seen := map[string]bool{}
	var wrong error
	o.Each(accessPolicies+"[]", func(at string, v resource.PropertyValue) {
		policy := &sandbox.Object{Props: v.ObjectValue()}
		if got := policy.Str("tenantId"); got != "" && tenant != "" && got != tenant {
			wrong = fmt.Errorf("%s.tenantId %q: BadRequest: want the tenant of the vault, %q", at, got, tenant)
		}
		who := policy.Str("objectId") + "/" + policy.Str("applicationId")
		if policy.Str("objectId") != "" && seen[who] {
			wrong = fmt.Errorf("%s.objectId: BadRequest: %q has a policy already", at, policy.Str("objectId"))
		}
		seen[who] = true
	})
	return wrong
}

// reviseVault refuses what cannot be changed, though the provider tries.
func reviseVault(have, want *sandbox.Object) error {
	const days = "properties.softDeleteRetentionInDays"
	if have.Str("location") != want.Str("location") {
		return fmt.Errorf("InvalidResourceLocation: the vault exists in location %q: it cannot be created in %q", have.Str("location"), want.Str("location"))
	}
	if want.Has(days) && have.Num(days) != want.Num(days) {
		return fmt.Errorf("BadRequest: %s has been set to %v already, and it can't be modified", days, have.Num(days))
	}
	return nil
}

func fillVault(o *sandbox.Object) {
	o.Set("properties.vaultUri", "https://"+strings.ToLower(o.Str("vaultName"))+".vault.azure.net/")
	o.Set("properties.provisioningState", "Succeeded")
	o.Default("properties.accessPolicies", []any{})
	o.Default("properties.enabledForDeployment", false)
	o.Default("properties.enableRbacAuthorization", false)
	o.Default("properties.enableSoftDelete", true)
	o.Default("properties.publicNetworkAccess", "Enabled")
	o.Default("properties.softDeleteRetentionInDays", 90)
}

var vaultSecretRules = map[string]sandbox.Rule{
	// https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates and secrets/about-secrets
	"secretName":                      sandbox.Match(`^[A-Za-z0-9-]{1,127}$`, "1 to 127 letters, digits and hyphens"),
	"properties.value":                secretSize,
	"properties.attributes.expires":   sandbox.Between(0, 1<<40),
	"properties.attributes.notBefore": sandbox.Between(0, 1<<40),
	"tags":                            sandbox.All(tags, sandbox.Items(0, 15)),
}

func secretSize(v resource.PropertyValue) error {
	if n := len(v.StringValue()); n > 25*1024 {
		return fmt.Errorf("BadParameter: %d bytes, want at most 25 KB", n)
	}
	return nil
}

// fillSecret writes the outputs of a secret. Whatever is written is a new version; a
// version follows from what it holds.
func fillSecret(o *sandbox.Object) {
	if vault := o.Ref("vaultName"); vault != nil {
		o.Set("location", vault.Str("location"))
	}
	o.Default("properties.attributes.enabled", true)
	o.Set("properties.attributes.created", 1704067200)
	o.Set("properties.attributes.updated", 1704067200)
	uri := "https://" + strings.ToLower(o.Str("vaultName")) + ".vault.azure.net/secrets/" + o.Str("secretName")
	held := fmt.Sprint(o.Get("properties.value").Mappable(), o.Get("properties.contentType").Mappable(),
		o.Get("properties.attributes").Mappable(), o.Get("tags").Mappable())
	o.Set("properties.secretUri", uri)
	o.Set("properties.secretUriWithVersion", uri+"/"+strings.ReplaceAll(drawn(uri+held), "-", ""))
}
