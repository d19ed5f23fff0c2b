package azure

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// The values are the enums of the pinned SDK; other sources stand beside the rule.
var storageAccountRules = map[string]sandbox.Rule{
	"accountName": sandbox.Match(`^[a-z0-9]{3,24}$`,
		"AccountNameInvalid: between 3 and 24 characters, numbers and lower-case letters only"),
	"location": region,
	"kind":     sandbox.OneOf("Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"),
	"sku.name": sandbox.OneOf("Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Premium_LRS", "Premium_ZRS",
		"Standard_GZRS", "Standard_RAGZRS"),
	"accessTier":                          sandbox.OneOf("Hot", "Cool", "Premium"),
	"minimumTlsVersion":                   sandbox.OneOf("TLS1_0", "TLS1_1", "TLS1_2"),
	"publicNetworkAccess":                 sandbox.OneOf("Enabled", "Disabled"),
	"allowedCopyScope":                    sandbox.OneOf("PrivateLink", "AAD"),
	"dnsEndpointType":                     sandbox.OneOf("Standard", "AzureDnsZone"),
	"largeFileSharesState":                sandbox.OneOf("Disabled", "Enabled"),
	"encryption.keySource":                sandbox.OneOf("Microsoft.Storage", "Microsoft.Keyvault"),
	"identity.type":                       sandbox.OneOf("None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"),
	"identity.userAssignedIdentities":     sandbox.Items(1, 1),
	"keyPolicy.keyExpirationPeriodInDays": sandbox.Between(1, 1<<31-1),
	"sasPolicy.expirationAction":          sandbox.OneOf("Log"),
	"sasPolicy.sasExpirationPeriod":       sandbox.Match(`^[0-9]+\.[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$`, "a period as DD.HH:MM:SS"),
	"routingPreference.routingChoice":     sandbox.OneOf("MicrosoftRouting", "InternetRouting"),
	"networkRuleSet.bypass":               networkBypass,
	"networkRuleSet.defaultAction":        sandbox.OneOf("Allow", "Deny"),
	// https://learn.microsoft.com/azure/storage/common/storage-network-security: 400 of each
	"networkRuleSet.ipRules":                    sandbox.Items(0, 400),
	"networkRuleSet.ipRules[].action":           sandbox.OneOf("Allow"),
	"networkRuleSet.ipRules[].iPAddressOrRange": publicRange,
	"networkRuleSet.virtualNetworkRules":        sandbox.Items(0, 400),
	"networkRuleSet.resourceAccessRules":        sandbox.Items(0, 200),
	"tags":                                      storageTags,
}

// networkBypass wants a list of what passes the firewall, parted by commas.
func networkBypass(v resource.PropertyValue) error {
	for _, who := range strings.Split(v.StringValue(), ",") {
		if !slices.Contains([]string{"None", "Logging", "Metrics", "AzureServices"}, strings.TrimSpace(who)) {
			return fmt.Errorf("%q is none of None, Logging, Metrics, AzureServices", who)
		}
	}
	return nil
}

// publicRange wants a public IPv4 address or a range that is not too small for one
// (https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations).
func publicRange(v resource.PropertyValue) error {
	text := v.StringValue()
	prefix, err := netip.ParsePrefix(text)
	addr := prefix.Addr()
	if err != nil {
		addr, err = netip.ParseAddr(text)
	}
	switch {
	case err != nil || !addr.Is4():
		return fmt.Errorf("%q is no IPv4 address or range", text)
	case prefix.IsValid() && prefix.Bits() > 30:
		return fmt.Errorf("%q: ranges of /31 and /32 are not supported: want the address alone", text)
	case addr.IsPrivate():
		return fmt.Errorf("%q is private, and rules are about addresses of the internet", text)
	}
	return nil
}

// storageTags: SDK, tags: keys of 128 characters, not 512.
func storageTags(v resource.PropertyValue) error {
	for key := range v.ObjectValue() {
		if len(key) > 128 {
			return fmt.Errorf("InvalidTagName: %q has more than 128 characters", key)
		}
	}
	return tags(v)
}

// storageSKUs are the redundancies of each kind
// (https://learn.microsoft.com/azure/storage/common/storage-account-overview#types-of-storage-accounts).
var storageSKUs = map[string][]string{
	"Storage":          {"Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Premium_LRS"},
	"BlobStorage":      {"Standard_LRS", "Standard_GRS", "Standard_RAGRS"},
	"FileStorage":      {"Premium_LRS", "Premium_ZRS"},
	"BlockBlobStorage": {"Premium_LRS", "Premium_ZRS"},
	"StorageV2": {"Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Standard_ZRS", "Standard_GZRS", "Standard_RAGZRS",
		"Premium_LRS"},
}

var storageAccountChecks = []sandbox.Check{
	checkStorageSKU, checkAccessTier,
	sandbox.Refuse(func(o *sandbox.Object) bool {
		return o.Str("encryption.keySource") == "Microsoft.Keyvault" && !o.Has("encryption.keyVaultProperties")
	}, "encryption.keyVaultProperties: missing for a key in a vault"),
	sandbox.Refuse(func(o *sandbox.Object) bool {
		return known(o, "identity.type") && strings.Contains(o.Str("identity.type"), "UserAssigned") != o.Has("identity.userAssignedIdentities")
	}, "identity: the type UserAssigned and userAssignedIdentities go together"),
	needsNamespace("isSftpEnabled"), needsNamespace("enableNfsV3"),
	sandbox.Refuse(func(o *sandbox.Object) bool {
		return o.Bool("immutableStorageWithVersioning.enabled") && o.Bool("isHnsEnabled")
	}, "immutableStorageWithVersioning: not with a hierarchical namespace"),
}

func needsNamespace(feature string) sandbox.Check {
	return sandbox.Refuse(func(o *sandbox.Object) bool {
		return o.Bool(feature) && !o.Bool("isHnsEnabled") && known(o, "isHnsEnabled")
	}, feature+": needs isHnsEnabled")
}

func checkStorageSKU(o *sandbox.Object) error {
	kind, sku := o.Str("kind"), o.Str("sku.name")
	if kind == "" || sku == "" || slices.Contains(storageSKUs[kind], sku) {
		return nil
	}
	return fmt.Errorf("InvalidAccountType: kind %s has no sku %s: want one of %s", kind, sku, strings.Join(storageSKUs[kind], ", "))
}

// checkAccessTier: SDK, accessTier; the kind Storage has none.
func checkAccessTier(o *sandbox.Object) error {
	kind, tier := o.Str("kind"), o.Str("accessTier")
	switch {
	case kind == "BlobStorage" && !o.Has("accessTier"):
		return errors.New("accessTier: required for the kind BlobStorage")
	case kind == "" || tier == "":
	case kind == "Storage" || kind == "FileStorage":
		return fmt.Errorf("accessTier: the kind %s has none", kind)
	case (kind == "BlockBlobStorage") != (tier == "Premium"):
		return fmt.Errorf("accessTier %s: Premium is the tier of BlockBlobStorage, and of nothing else; kind is %s", tier, kind)
	}
	return nil
}

// reviseStorageAccount refuses what is fixed when the account is made, though the
// provider tries to change it in place.
func reviseStorageAccount(have, want *sandbox.Object) error {
	for _, path := range []string{
		"encryption.requireInfrastructureEncryption", "enableNfsV3", "immutableStorageWithVersioning.enabled",
	} {
		if have.Bool(path) != want.Bool(path) { // left out is false
			return fmt.Errorf("AccountPropertyCannotBeUpdated: %s cannot be changed", path)
		}
	}
	was, is := have.Str("kind"), want.Str("kind")
	if was != is && (is != "StorageV2" || was != "Storage" && was != "BlobStorage") {
		return fmt.Errorf("AccountPropertyCannotBeUpdated: kind cannot change from %s to %s", was, is)
	}
	before, _, _ := strings.Cut(have.Str("sku.name"), "_")
	after, _, _ := strings.Cut(want.Str("sku.name"), "_")
	if before != after {
		return fmt.Errorf("AccountPropertyCannotBeUpdated: sku cannot change from %s to %s", have.Str("sku.name"), want.Str("sku.name"))
	}
	return nil
}
