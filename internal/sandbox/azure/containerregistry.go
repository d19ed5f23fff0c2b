package azure

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const registryType = "azure-native:containerregistry:Registry"

func containerregistryKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		arm("Microsoft.ContainerRegistry/registries/{registryName}", sandbox.Kind{
			Type: registryType,
			// The name is a host, and hosts know no case. After deletion the host stays
			// with its Microsoft Entra tenant for a time: another tenant cannot have it,
			// the old one can at once (docs of Azure Container Registry, name reservation).
			Global:   "{loginServer}",
			Names:    []string{"{registryName}", "{loginServer}"},
			Fill:     fillRegistry,
			Required: []string{"location"},
			Replace:  []string{"location"},
			Rules:    registryRules,
			Checks:   []sandbox.Check{checkPremium, checkExport, checkRegistryKey},
			Revise:   reviseRegistry,
		}),
	}
}

var (
	policyStatus  = sandbox.OneOf("enabled", "disabled")
	registryOnOff = sandbox.OneOf("Enabled", "Disabled")
)

var registryRules = map[string]sandbox.Rule{
	// https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability
	"registryName":             sandbox.Match(`^[A-Za-z0-9]{5,50}$`, "5 to 50 letters and digits"),
	"location":                 region,
	"sku.name":                 sandbox.OneOf("Basic", "Standard", "Premium"),
	"zoneRedundancy":           registryOnOff,
	"publicNetworkAccess":      registryOnOff,
	"networkRuleBypassOptions": sandbox.OneOf("AzureServices", "None"),
	"identity.type":            sandbox.OneOf("None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"),
	"encryption.status":        policyStatus,

	"policies.exportPolicy.status":     policyStatus,
	"policies.quarantinePolicy.status": policyStatus,
	"policies.retentionPolicy.status":  policyStatus,
	// https://learn.microsoft.com/azure/container-registry/container-registry-retention-policy
	"policies.retentionPolicy.days": sandbox.Between(0, 365),
	"policies.trustPolicy.status":   policyStatus,
	"policies.trustPolicy.type":     sandbox.OneOf("Notary"),

	"networkRuleSet.defaultAction":    sandbox.OneOf("Allow", "Deny"),
	"networkRuleSet.ipRules":          sandbox.Items(0, 200), // service tiers: IP rules of Premium
	"networkRuleSet.ipRules[].action": sandbox.OneOf("Allow"),
	"tags":                            tags,
}

// premiumValues are the values that only the Premium tier takes
// (https://learn.microsoft.com/azure/container-registry/container-registry-skus).
var premiumValues = map[string]string{
	"zoneRedundancy":                   "Enabled",
	"publicNetworkAccess":              "Disabled",
	"dataEndpointEnabled":              "true",
	"networkRuleSet.defaultAction":     "Deny",
	"encryption.status":                "enabled",
	"policies.exportPolicy.status":     "disabled",
	"policies.quarantinePolicy.status": "enabled",
	"policies.retentionPolicy.status":  "enabled",
	"policies.trustPolicy.status":      "enabled",
}

func checkPremium(o *sandbox.Object) error {
	sku := o.Str("sku.name")
	if sku == "" || sku == "Premium" {
		return nil
	}
	var wrong []string
	for path, value := range premiumValues {
		if text, known := o.Render("{" + path + "}"); known && text == value {
			wrong = append(wrong, path+" "+value)
		}
	}
	o.Each("networkRuleSet.ipRules[]", func(at string, _ resource.PropertyValue) { wrong = append(wrong, at) })
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("FeatureNotSupportedForRegistrySku: %s: only with the sku Premium, and it is %s", strings.Join(wrong, ", "), sku)
}

// checkExport: https://learn.microsoft.com/azure/container-registry/data-loss-prevention
func checkExport(o *sandbox.Object) error {
	open := !o.Has("publicNetworkAccess") || o.Str("publicNetworkAccess") == "Enabled"
	if o.Str("policies.exportPolicy.status") == "disabled" && open {
		return sandbox.Problem{
			Path:   "policies.exportPolicy.status",
			Reason: "BadRequest: export cannot be disabled while public network access is enabled",
		}
	}
	return nil
}

// checkRegistryKey: a key of one's own is read by an identity of one's own.
func checkRegistryKey(o *sandbox.Object) error {
	if o.Str("encryption.status") != "enabled" {
		return nil
	}
	for _, need := range []string{"encryption.keyVaultProperties.keyIdentifier", "encryption.keyVaultProperties.identity", "identity.userAssignedIdentities"} {
		if !o.Has(need) {
			return fmt.Errorf("%s: missing for encryption with a key of one's own", need)
		}
	}
	return nil
}

// reviseRegistry refuses what is decided when the registry is made
// (container-registry/zone-redundancy and container-registry/tutorial-enable-customer-managed-keys).
func reviseRegistry(have, want *sandbox.Object) error {
	for path, original := range map[string]string{"zoneRedundancy": "Disabled", "encryption.status": "disabled"} {
		was, is := have.Str(path), want.Str(path)
		if is == "" {
			is = original
		}
		if was != is {
			return fmt.Errorf("BadRequest: %s cannot change from %s to %s: it is decided when the registry is made", path, was, is)
		}
	}
	return nil
}

// fillRegistry writes what the registry answers for what was left out.
func fillRegistry(o *sandbox.Object) {
	name, sku := strings.ToLower(o.Str("registryName")), o.Str("sku.name")
	o.Set("loginServer", name+".azurecr.io")
	o.Set("creationDate", "2024-01-01T00:00:00Z")
	o.Set("provisioningState", "Succeeded")
	o.Set("sku.tier", sku)
	o.Default("adminUserEnabled", false)
	o.Default("dataEndpointEnabled", false)
	hosts := []any{}
	if o.Bool("dataEndpointEnabled") {
		hosts = append(hosts, name+"."+o.Str("location")+".data.azurecr.io")
	}
	o.Set("dataEndpointHostNames", hosts)
	o.Default("encryption.status", "disabled")
	o.Default("networkRuleBypassOptions", "AzureServices")
	o.Default("publicNetworkAccess", "Enabled")
	o.Default("zoneRedundancy", "Disabled")
	if sku == "Premium" {
		o.Default("networkRuleSet.defaultAction", "Allow")
		o.Default("networkRuleSet.ipRules", []any{})
	}
	o.Default("policies.exportPolicy.status", "enabled")
	o.Default("policies.quarantinePolicy.status", "disabled")
	o.Default("policies.retentionPolicy.status", "disabled")
	o.Default("policies.retentionPolicy.days", 7)
	o.Set("policies.retentionPolicy.lastUpdatedTime", "2024-01-01T00:00:00Z")
	o.Default("policies.trustPolicy.status", "disabled")
	o.Default("policies.trustPolicy.type", "Notary")
}
