package stacks_test

import (
	"regexp"
	"strings"

	"ai-worker/components/azure"
)

const (
	storageAccount      = "storage:StorageAccount"
	blobService         = "storage:BlobServiceProperties"
	flexibleServer      = "v20240801:Server"
	serverParameter     = "v20240801:Configuration"
	acr                 = "containerregistry:Registry"
	keyVault            = "keyvault:Vault"
	appsEnvironment     = "v20240301:ManagedEnvironment"
	logWorkspace        = "operationalinsights:Workspace"
	roleAssignment      = "authorization:RoleAssignment"
	federatedCredential = "managedidentity:FederatedIdentityCredential"
	alwaysAzure         = "Azure encrypts it always; there is no switch"
	roleProperty        = "roleDefinitionId"
)

// roleOf is the name of a role by its id.
func roleOf(id any) string {
	text, _ := id.(string)
	return azureRoles[text[strings.LastIndex(text, "/")+1:]]
}

// granting keeps the assignments of a role.
func granting(role azure.Role) keep {
	return func(r reg) bool { return roleOf(r.Get(roleProperty)) == azureRoles[string(role)] }
}

// onlyRoles wants no role but some below components of a type.
func onlyRoles(token string, roles ...azure.Role) proof {
	names := []string{}
	for _, role := range roles {
		names = append(names, azureRoles[string(role)])
	}
	return where(roleAssignment, roleProperty, func(got any) bool { return among(names...)(roleOf(got)) }, "/Owner", below(token))
}

// endsWithDeny wants a rule that denies everything, both ways.
func endsWithDeny(got any) bool {
	ways := map[any]bool{}
	for _, rule := range list(got) {
		if dig(rule, "access") == "Deny" && dig(rule, "priority") == 4096.0 && dig(rule, "sourceAddressPrefix") == "*" && dig(rule, "protocol") == "*" {
			ways[dig(rule, "direction")] = true
		}
	}
	return len(ways) == 2
}

// nobodyFromOutside wants no rule that admits the internet.
func nobodyFromOutside(got any) bool {
	for _, rule := range list(got) {
		if dig(rule, "direction") == "Inbound" && dig(rule, "access") == "Allow" && among("*", "Internet", "0.0.0.0/0")(dig(rule, "sourceAddressPrefix")) {
			return false
		}
	}
	return len(list(got)) > 0
}

// fromVault wants every secret to be a reference, and no value.
func fromVault(got any) bool {
	for _, secret := range list(got) {
		if !filled(dig(secret, "keyVaultUrl")) || dig(secret, "value") != nil {
			return false
		}
	}
	return true
}

var (
	openToAll    = []any{map[string]any{"direction": "Inbound", "access": "Allow", "sourceAddressPrefix": "*"}}
	plainSecret  = []any{map[string]any{"name": "s", "value": "v"}}
	jobsSubject  = regexp.MustCompile(`^repo:[^/@]+@\d+/[^/@]+@\d+:environment:[^:]+$`)
	hasIngress   = func(r reg) bool { return r.Get("configuration.ingress") != nil }
	ownIdentity  = func(got any) bool { return len(list(got)) == 1 }
	subjectHolds = func(got any) bool { text, _ := got.(string); return jobsSubject.MatchString(text) }
)

// azureCells are the promises on Azure, by part and in the order of [columns].
var azureCells = map[string][6]cell{
	"network": {
		{"no rule admits the internet, and every subnet has rules", also(
			where("network:Subnet", "networkSecurityGroup.id", filled, nil),
			where("network:NetworkSecurityGroup", "securityRules", nobodyFromOutside, openToAll))},
		{words: "TLS is said at each part"},
		{"a lock refuses to delete anything of the group", also(
			each("authorization:ManagementLockByScope", "level", "CanNotDelete"), protects("resources:ResourceGroup"))},
		{"flow logs", where("network:FlowLog", "enabled", filled, nil)},
		{"what no rule names is denied, both ways", where("network:NetworkSecurityGroup", "securityRules", endsWithDeny, openToAll)},
		{words: "nobody logs in to it"},
	},
	"database": {
		{"an address of the network and no other", also(
			each(flexibleServer, "network.publicNetworkAccess", "Disabled"), where(flexibleServer, "network.delegatedSubnetResourceId", filled, nil),
			none("v20240801:FirewallRule", "dbforpostgresql:FirewallRule"))},
		{"TLS 1.2 or nothing, verified by the client", also(
			each(serverParameter, "value", "on", with("configurationName", "require_secure_transport")),
			each(serverParameter, "value", "TLSv1.2", with("configurationName", "ssl_min_protocol_version")))},
		{"protected, a standby, any point of a fortnight restorable, a copy in another region", also(
			protects(flexibleServer), protects("v20240801:Database"), protects("v20240801:Administrator"),
			each(flexibleServer, "highAvailability.mode", "ZoneRedundant"), each(flexibleServer, "backup.geoRedundantBackup", "Enabled"),
			where(flexibleServer, "backup.backupRetentionDays", atLeast(14), nil))},
		{"all logs and metrics", logged(flexibleServer)},
		{"the migration administers, and makes the logins of the others", also(
			count("v20240801:Administrator", 1), each("v20240801:Administrator", "principalType", "ServicePrincipal"))},
		{"Microsoft Entra only, no password", also(
			each(flexibleServer, "authConfig.passwordAuth", "Disabled"), each(flexibleServer, "authConfig.activeDirectoryAuth", "Enabled"),
			each(flexibleServer, "administratorLogin", nil), each(flexibleServer, "administratorLoginPassword", nil))},
	},
	"object storage": {
		{"a private endpoint, and nothing can be made public", also(
			each(storageAccount, "publicNetworkAccess", "Disabled"), each(storageAccount, "networkRuleSet.defaultAction", "Deny"),
			each(storageAccount, "allowBlobPublicAccess", false), each("storage:BlobContainer", "publicAccess", "None"))},
		{"TLS 1.2 or nothing, two layers at rest", also(
			each(storageAccount, "minimumTlsVersion", "TLS1_2"), each(storageAccount, "enableHttpsTrafficOnly", true),
			each(storageAccount, "encryption.requireInfrastructureEncryption", true))},
		{"protected, three zones, versions, a week of soft deletion", also(
			protects(storageAccount), protects("storage:BlobContainer"),
			where(storageAccount, "sku.name", among("Standard_ZRS", "Standard_GZRS", "Standard_RAGZRS"), "Standard_LRS"),
			each(blobService, "isVersioningEnabled", true), each(blobService, "deleteRetentionPolicy.enabled", true),
			each(blobService, "containerDeleteRetentionPolicy.enabled", true))},
		{"who reads and writes objects", logged(blobService)},
		{"roles on one container, and the key to sign with", also(
			onlyRoles("azure:BlobStorage", azure.BlobDataReader, azure.BlobDataContributor, azure.BlobDelegator),
			where(roleAssignment, "scope", holding("/blobServices/default/containers/"), nil, below("azure:BlobStorage"), not(granting(azure.BlobDelegator))))},
		{"account keys are of no use, no local users", also(
			each(storageAccount, "allowSharedKeyAccess", false), each(storageAccount, "isLocalUserEnabled", false), each(storageAccount, "isSftpEnabled", false))},
	},
	"registry": {
		{"a private endpoint, no anonymous pull", also(
			each(acr, "publicNetworkAccess", "Disabled"), each(acr, "networkRuleSet.defaultAction", "Deny"),
			where(acr, "anonymousPullEnabled", func(got any) bool { return got != true }, true))},
		{words: alwaysAzure},
		{"protected, in three zones", also(protects(acr), each(acr, "zoneRedundancy", "Enabled"))},
		{"who pulls and pushes", logged(acr)},
		{"workloads pull, CI push pushes", onlyRoles("azure:Registry", azure.AcrPull, azure.AcrPush)},
		{"no admin user, no token", also(each(acr, "adminUserEnabled", false), none("containerregistry:Token", "containerregistry:ScopeMap"))},
	},
	"secrets": {
		{"a private endpoint and no other way", also(
			each(keyVault, "properties.publicNetworkAccess", "Disabled"), each(keyVault, "properties.networkAcls.defaultAction", "Deny"),
			each(keyVault, "properties.networkAcls.bypass", "None"))},
		{words: alwaysAzure},
		{"protected, nothing is purged before 90 days", also(
			protects(keyVault), protects("keyvault:Secret"), each(keyVault, "properties.enablePurgeProtection", true),
			where(keyVault, "properties.softDeleteRetentionInDays", atLeast(90), nil))},
		{"who reads a value", logged(keyVault)},
		{"one role, on one secret", also(
			onlyRoles("azure:KeyVault", azure.KeyVaultSecretsUser),
			where(roleAssignment, "scope", holding("/secrets/"), nil, below("azure:KeyVault")),
			each(keyVault, "properties.enableRbacAuthorization", true), each(keyVault, "properties.accessPolicies", nil))},
		{"people put values in; none in code or state", each("keyvault:Secret", "properties.value", "unset")},
	},
	"identities and CI": {
		{"jobs of one environment of our repository, by number", where(federatedCredential, "subject", subjectHolds, "repo:o/n:ref:refs/heads/main")},
		{words: "nothing is stored"},
		{"CI's identities are protected", protects("managedidentity:UserAssignedIdentity", below("azure:GithubFederation"))},
		{words: "by the tenant's sign-in logs, which are not this stack's"},
		{"plan only reads; apply grants six roles of workloads, and no other", also(
			where(roleAssignment, "condition", holding("RoleDefinitionId", "ServicePrincipal"), nil, granting(azure.AccessAdministrator)),
			where(roleAssignment, roleProperty, func(got any) bool { return roleOf(got) != "" }, "/Owner"),
			where(roleAssignment, roleProperty, func(got any) bool { return roleOf(got) == "Reader" }, "/Owner", named("github-role-plan-reader")))},
		{"GitHub's tokens are exchanged; managed identities have no secret", also(
			each(federatedCredential, "issuer", githubIssuer),
			none("azuread:index/applicationPassword:ApplicationPassword", "azuread:index/servicePrincipalPassword:ServicePrincipalPassword"))},
	},
	"workloads": {
		{"in the network; what is reached from outside says so", also(
			where(appsEnvironment, "vnetConfiguration.infrastructureSubnetId", filled, nil), each(appsEnvironment, "vnetConfiguration.internal", true),
			each(containerAppType, "configuration.ingress.external", false, hasIngress))},
		{"between apps too, and no plain HTTP", also(
			each(appsEnvironment, "peerTrafficConfiguration.encryption.enabled", true), each(appsEnvironment, "peerAuthentication.mtls.enabled", true),
			each(containerAppType, "configuration.ingress.allowInsecure", false, hasIngress))},
		{"the environment is protected, in three zones", also(protects(appsEnvironment), each(appsEnvironment, "zoneRedundant", true))},
		{"all logs and metrics", also(logged(appsEnvironment), each(appsEnvironment, "appLogsConfiguration.destination", "azure-monitor"))},
		{"one identity each, its own", also(
			where(containerAppType, "identity.userAssignedIdentities", ownIdentity, nil), where(containerJobType, "identity.userAssignedIdentities", ownIdentity, nil),
			each(containerAppType, "identity.type", "UserAssigned"), each(containerJobType, "identity.type", "UserAssigned"))},
		{"secrets by reference, images by identity", also(
			where(containerAppType, "configuration.secrets", fromVault, plainSecret), where(containerJobType, "configuration.secrets", fromVault, plainSecret),
			each(containerAppType, "configuration.registries[0].passwordSecretRef", nil), each(containerJobType, "configuration.registries[0].passwordSecretRef", nil))},
	},
	"logs": {
		{"nothing in from public networks, and nothing out", also(
			each(logWorkspace, "publicNetworkAccessForIngestion", "Disabled"), each(logWorkspace, "publicNetworkAccessForQuery", "Disabled"))},
		{words: alwaysAzure},
		{"protected, kept 90 days", also(protects(logWorkspace), where(logWorkspace, "retentionInDays", atLeast(90), nil))},
		{words: "is what observes"},
		{"who may read a resource reads its logs, and no others", each(logWorkspace, "features.enableLogAccessUsingOnlyResourcePermissions", true)},
		{"no workspace key", each(logWorkspace, "features.disableLocalAuth", true)},
	},
}
