package stacks_test

// relaxation is what does not hold of one cell, in one or more environments.
type relaxation struct {
	on            string   // on is environments and a cloud: "dev stage gcp"
	part, promise string   // part and promise are the cell
	items         []string // items are what is broken
	// setting is where each environment's file says why, without "ai-worker:": the
	// comment of the line is the reason.
	setting string
	reason  string // reason is given where no setting decides
}

const (
	unaudited     = "Google records each change by itself, but who read or wrote data only where the project asks for it; nothing here asks yet"
	tornDown      = "azure.group.allowDeletion"
	remade        = "buckets.scratch.disableVersioning"
	sharedCluster = "gcp.network"
)

// relaxations are all that is weaker than the matrix says, prod included.
var relaxations = []relaxation{
	// what every environment lacks
	{on: "dev stage prod gcp", part: "network", promise: "protected", items: []string{"network-ingress: protect"},
		reason: "nothing protects an address yet, though DNS and partners know it"},
	{on: "prod gcp", part: "network", promise: "protected", items: []string{"network-nat-ip-a: protect", "network-nat-ip-b: protect"},
		reason: "nothing protects an address yet, though DNS and partners know it"},
	{on: "dev prod azure", part: "network", promise: "observed", items: []string{"no FlowLog"},
		reason: "Azure takes no new flow logs of security groups, and the SDK's API has no others"},
	{on: "dev stage prod gcp", part: "object storage", promise: "observed", items: []string{"no IAMAuditConfig of storage.googleapis.com"}, reason: unaudited},
	{on: "dev stage prod gcp", part: "registry", promise: "observed", items: []string{"no IAMAuditConfig of artifactregistry.googleapis.com"}, reason: unaudited},
	{on: "dev stage prod gcp", part: "secrets", promise: "observed", items: []string{"no IAMAuditConfig of secretmanager.googleapis.com"}, reason: unaudited},
	{on: "dev stage prod gcp", part: "identities and CI", promise: "observed",
		items: []string{"no IAMAuditConfig of iam.googleapis.com", "no IAMAuditConfig of sts.googleapis.com"}, reason: unaudited},
	{on: "dev stage prod gcp", part: "logs", promise: "protected", items: []string{"no ProjectBucketConfig"},
		reason: "logs are kept as long as Google keeps them, 30 days; nothing here says longer yet"},

	// what is open on purpose
	{on: "dev prod azure", part: "object storage", promise: "private", setting: "azure.buckets.uploads.allowInternet",
		items: []string{"uploads-account: networkRuleSet.defaultAction", "uploads-account: publicNetworkAccess"}},
	{on: "dev prod azure", part: "registry", promise: "private", setting: "azure.registry.allowPublicAccess",
		items: []string{"registry-registry: networkRuleSet.defaultAction", "registry-registry: publicNetworkAccess"}},
	{on: "dev prod azure", part: "workloads", promise: "private", reason: "the API is there for the internet; nothing else has an ingress",
		items: []string{"apps-environment: vnetConfiguration.internal", "run-api-app: configuration.ingress.external"}},
	{on: "dev prod azure", part: "logs", promise: "private", setting: "azure.workspace.allowPublicQuery",
		items: []string{"logs-workspace: publicNetworkAccessForQuery"}},
	{on: "prod gcp", part: "workloads", promise: "private", setting: "gcp.cluster.create.allowPublicEndpoint",
		items: []string{"cluster-cluster: privateClusterConfig.enablePrivateEndpoint"}},

	// what holds nothing that is worth more
	{on: "dev stage prod gcp", part: "object storage", promise: "protected", setting: "gcp." + remade,
		items: []string{"scratch-bucket: softDeletePolicy.retentionDurationSeconds", "scratch-bucket: versioning.enabled"}},
	{on: "dev stage gcp", part: "object storage", promise: "protected", setting: "gcp." + remade,
		items: []string{"scratch-bucket: forceDestroy", "scratch-bucket: protect"}},
	{on: "dev prod azure", part: "object storage", promise: "protected", setting: "azure." + remade, items: []string{
		"scratch-service: containerDeleteRetentionPolicy.enabled", "scratch-service: deleteRetentionPolicy.enabled",
		"scratch-service: isVersioningEnabled"}},
	{on: "dev azure", part: "object storage", promise: "protected", setting: "azure." + remade,
		items: []string{"scratch-account: protect", "scratch-account: sku.name", "scratch-container: protect"}},

	// the cluster that dev and stage share
	{on: "dev stage gcp", part: "network", promise: "private", items: []string{"no Network", "no Subnetwork"}, setting: sharedCluster},
	{on: "dev stage gcp", part: "network", promise: "observed", items: []string{"no RouterNat", "no Subnetwork"}, setting: sharedCluster},
	{on: "dev stage gcp", part: "workloads", promise: "private", items: []string{"no Cluster"}, setting: sharedCluster},
	{on: "dev stage gcp", part: "workloads", promise: "protected", items: []string{"no Cluster"}, setting: sharedCluster},
	{on: "dev stage gcp", part: "workloads", promise: "observed", items: []string{"no Cluster"}, setting: sharedCluster},
	{on: "dev stage gcp", part: "workloads", promise: "least privilege", items: []string{"no Cluster"}, setting: sharedCluster},
	{on: "dev stage gcp", part: "workloads", promise: "no long-lived key", items: []string{"no Cluster"}, setting: sharedCluster},

	// dev and stage on Google Cloud
	{on: "dev gcp", part: "database", promise: "protected", setting: "gcp.database.allowDeletion", items: []string{
		"database-database-app: protect", "database-instance: deletionProtection", "database-instance: protect",
		"database-instance: settings.deletionProtectionEnabled", "database-user-api: protect", "database-user-migrate: protect",
		"database-user-worker: protect"}},
	{on: "dev stage gcp", part: "database", promise: "protected", setting: "gcp.database.zonal",
		items: []string{"database-instance: settings.availabilityType"}},
	{on: "dev gcp", part: "database", promise: "protected", setting: "gcp.buckets.uploads.allowDeletion",
		items: []string{"database-instance: settings.backupConfiguration.transactionLogRetentionDays"}},
	{on: "dev gcp", part: "object storage", promise: "protected", setting: "gcp.buckets.uploads.allowDeletion",
		items: []string{"uploads-bucket: forceDestroy", "uploads-bucket: protect"}},
	{on: "dev gcp", part: "registry", promise: "protected", setting: "gcp.database.allowDeletion",
		items: []string{"registry-cache: protect", "registry-repository: protect"}},
	{on: "dev gcp", part: "secrets", promise: "protected", setting: "gcp.secrets.openai-api-key",
		items: []string{"cloudflare-dns-token-secret: protect", "openai-api-key-secret: protect"}},
	{on: "dev gcp", part: "secrets", promise: "protected", setting: "gcp.secrets.session-key",
		items: []string{"session-key-secret: protect"}},
	{on: "dev gcp", part: "identities and CI", promise: "protected", setting: "gcp.deploy",
		items: []string{"github-pool: protect", "github-provider: protect"}},
	{on: "dev gcp", part: "workloads", promise: "protected", setting: "kubernetes.namespace.allowDeletion",
		items: []string{"namespace-namespace: protect"}},

	// dev on Azure
	{on: "dev azure", part: "network", promise: "protected", setting: tornDown, items: []string{"group-group: protect", "no ManagementLockByScope"}},
	{on: "dev azure", part: "database", promise: "protected", setting: tornDown,
		items: []string{"database-admin-migrate: protect", "database-database-app: protect", "database-server: protect"}},
	{on: "dev azure", part: "database", promise: "protected", setting: "azure.database.zonal",
		items: []string{"database-server: highAvailability.mode"}},
	{on: "dev azure", part: "database", promise: "protected", setting: "azure.database.backup",
		items: []string{"database-server: backup.backupRetentionDays", "database-server: backup.geoRedundantBackup"}},
	{on: "dev azure", part: "object storage", promise: "protected", setting: "azure.buckets.uploads.allowDeletion",
		items: []string{"uploads-account: protect", "uploads-container: protect"}},
	{on: "dev azure", part: "registry", promise: "protected", setting: tornDown, items: []string{"registry-registry: protect"}},
	{on: "dev azure", part: "registry", promise: "protected", setting: "azure.registry.disableZoneRedundancy",
		items: []string{"registry-registry: zoneRedundancy"}},
	{on: "dev azure", part: "secrets", promise: "protected", setting: tornDown,
		items: []string{"vault-secret-openai-api-key: protect", "vault-secret-session-key: protect", "vault-vault: protect"}},
	{on: "dev azure", part: "secrets", promise: "protected", setting: "azure.vault.softDeleteDays",
		items: []string{"vault-vault: properties.softDeleteRetentionInDays"}},
	{on: "dev azure", part: "identities and CI", promise: "protected", setting: tornDown,
		items: []string{"github-identity-apply: protect", "github-identity-plan: protect", "github-identity-push: protect"}},
	{on: "dev azure", part: "workloads", promise: "protected", setting: tornDown, items: []string{"apps-environment: protect"}},
	{on: "dev azure", part: "workloads", promise: "protected", setting: "azure.apps.disableZoneRedundancy",
		items: []string{"apps-environment: zoneRedundant"}},
	{on: "dev azure", part: "logs", promise: "protected", setting: tornDown,
		items: []string{"logs-workspace: protect", "logs-workspace: retentionInDays"}},
}
