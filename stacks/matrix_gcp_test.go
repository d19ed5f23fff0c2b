package stacks_test

import "strings"

const (
	sqlInstance = "sql/databaseInstance:DatabaseInstance"
	projectIAM  = "projects/iAMMember:IAMMember"
	gcpPool     = "container/nodePool:NodePool"
	gcpCluster  = "container/cluster:Cluster"

	alwaysGoogle = "Google encrypts it always; there is no switch"
)

var (
	noGoogleKey  = none("serviceaccount/key:Key", "storage/hmacKey:HmacKey")
	notEverybody = func(got any) bool { return got != "allUsers" && got != "allAuthenticatedUsers" }
	primary      = with("masterInstanceName", nil)
)

// onlyCI wants no role of a service on the whole project, but for CI.
func onlyCI(service string) proof {
	return where(projectIAM, "role", func(got any) bool { return !strings.HasPrefix(got.(string), "roles/"+service+".") },
		"roles/"+service+".admin", not(below("gcp:GithubFederation")))
}

// gcpCells are the promises on Google Cloud, by part and in the order of [columns].
var gcpCells = map[string][6]cell{
	"network": {
		{"subnets are chosen, Google's APIs are reached without the internet", also(
			each("compute/network:Network", "autoCreateSubnetworks", false),
			each("compute/subnetwork:Subnetwork", "privateIpGoogleAccess", true))},
		{words: "TLS is said at each part"},
		{"the addresses that others wrote down are protected", protects("ddress", with("addressType", "EXTERNAL"))},
		{"half of the flows are logged, and errors of the NAT", also(
			where("compute/subnetwork:Subnetwork", "logConfig.flowSampling", atLeast(0.5), nil),
			each("compute/routerNat:RouterNat", "logConfig.enable", true))},
		{"no firewall rule admits anything; pods are denied both ways by default", also(
			none("compute/firewall:Firewall"),
			where("v1:NetworkPolicy", "spec.policyTypes", holding("Ingress", "Egress"), nil, named("namespace-policy-default-deny")))},
		{words: "nobody logs in to it"},
	},
	"database": {
		{"a private address and no other", also(
			each(sqlInstance, "settings.ipConfiguration.ipv4Enabled", false),
			where(sqlInstance, "settings.ipConfiguration.privateNetwork", filled, nil),
			each(sqlInstance, "settings.ipConfiguration.authorizedNetworks", nil))},
		{"TLS or nothing, through Google's connector", also(
			each(sqlInstance, "settings.ipConfiguration.sslMode", "ENCRYPTED_ONLY"),
			each(sqlInstance, "settings.connectorEnforcement", "REQUIRED"))},
		{"protected twice, a standby, any point of a week restorable", also(
			protects(sqlInstance), protects("sql/database:Database"), protects("sql/user:User"),
			each(sqlInstance, "deletionProtection", true), each(sqlInstance, "settings.deletionProtectionEnabled", true),
			each(sqlInstance, "settings.availabilityType", "REGIONAL", primary),
			each(sqlInstance, "settings.backupConfiguration.pointInTimeRecoveryEnabled", true, primary),
			where(sqlInstance, "settings.backupConfiguration.transactionLogRetentionDays", atLeast(7), nil, primary))},
		{"query insights, and logs in Cloud Logging", each(sqlInstance, "settings.insightsConfig.queryInsightsEnabled", true)},
		{"roles on this instance only", where(projectIAM, "condition.expression", holding("resource.name =="), nil,
			below("gcp:WorkloadIdentity"), func(r reg) bool { return strings.HasPrefix(at(r, "role"), "roles/cloudsql.") })},
		{"IAM accounts only, no password", also(
			each("sql/user:User", "type", "CLOUD_IAM_SERVICE_ACCOUNT"), each("sql/user:User", "password", nil),
			where(sqlInstance, "settings.databaseFlags", holding("cloudsql.iam_authentication"), nil), each(sqlInstance, "rootPassword", nil))},
	},
	"object storage": {
		{"nothing can be made public; roles decide, on Google's public API", also(
			each("storage/bucket:Bucket", "publicAccessPrevention", "enforced"),
			each("storage/bucket:Bucket", "uniformBucketLevelAccess", true),
			where("BucketIAMMember", "member", notEverybody, "allUsers"))},
		{words: alwaysGoogle},
		{"protected, versions, a week of soft deletion", also(
			protects("storage/bucket:Bucket"), each("storage/bucket:Bucket", "forceDestroy", false),
			each("storage/bucket:Bucket", "versioning.enabled", true),
			where("storage/bucket:Bucket", "softDeletePolicy.retentionDurationSeconds", atLeast(7*86400), nil))},
		{"who reads and writes objects", audited("storage.googleapis.com")},
		{"roles on one bucket, none on the project", also(
			where("BucketIAMMember", "role", among("roles/storage.objectUser", "roles/storage.objectViewer", "roles/storage.objectCreator"),
				"roles/storage.admin"),
			onlyCI("storage"))},
		{"no HMAC key, no account key", noGoogleKey},
	},
	"registry": {
		{"named accounts only, on Google's public API", where("RepositoryIamMember", "member", notEverybody, "allUsers")},
		{words: alwaysGoogle},
		{"protected, tags cannot move", also(
			protects("artifactregistry/repository:Repository"),
			each("artifactregistry/repository:Repository", "dockerConfig.immutableTags", true, with("mode", "STANDARD_REPOSITORY")))},
		{"images are scanned; who pulls and pushes", also(
			each("projects/service:Service", "service", "containerscanning.googleapis.com", named("project-api-containerscanning")),
			audited("artifactregistry.googleapis.com"))},
		{"nodes read, CI push writes", also(
			each("RepositoryIamMember", "role", "roles/artifactregistry.reader", below("gcp:NodePool")),
			each("RepositoryIamMember", "role", "roles/artifactregistry.writer", below("gcp:Registry")),
			where("RepositoryIamMember", "member", holding("serviceAccount:github-push@"), "allUsers", below("gcp:Registry")),
			onlyCI("artifactregistry"))},
		{"no account key", noGoogleKey},
	},
	"secrets": {
		{"named accounts only, on Google's public API", where("SecretIamMember", "member", notEverybody, "allUsers")},
		{words: alwaysGoogle},
		{"protected, a destroyed version can come back for a week", also(
			protects("secretmanager/secret:Secret"), each("secretmanager/secret:Secret", "versionDestroyTtl", "604800s"))},
		{"who reads a value", audited("secretmanager.googleapis.com")},
		{"one role, on one secret", also(each("SecretIamMember", "role", "roles/secretmanager.secretAccessor"), onlyCI("secretmanager"))},
		{"people put values in; none in code or state", none("secretmanager/secretVersion:SecretVersion")},
	},
	"identities and CI": {
		{"jobs of our repositories alone, by number, on GitHub's runners", where("WorkloadIdentityPoolProvider", "attributeCondition",
			holding("repository_owner_id ==", "repository_id in", `runner_environment == "github-hosted"`), nil)},
		{words: "nothing is stored"},
		{"pool and provider are protected", also(protects(":WorkloadIdentityPool"), protects(":WorkloadIdentityPoolProvider"))},
		{"each exchange of a token, each use of an account", also(audited("sts.googleapis.com"), audited("iam.googleapis.com"))},
		{"plan only views; apply only from the approved environment", also(
			where(projectIAM, "role", func(got any) bool { return !among("roles/owner", "roles/editor", "roles/viewer")(got) }, "roles/owner"),
			where(projectIAM, "role", func(got any) bool { return among(planNeeds...)(customRole.ReplaceAllString(got.(string), "")) }, "roles/storage.admin",
				func(r reg) bool { return strings.HasPrefix(r.Name, "github-role-plan-") }),
			where("serviceaccount/iAMMember:IAMMember", "member", holding(":environment:"), "x",
				func(r reg) bool { return strings.HasPrefix(r.Name, "github-user-apply-") }))},
		{"GitHub's tokens are exchanged; no account key", also(noGoogleKey, each("WorkloadIdentityPoolProvider", "oidc.issuerUri", githubIssuer))},
	},
	"workloads": {
		{"nodes without public addresses, a control plane without one", also(
			each(gcpPool, "networkConfig.enablePrivateNodes", true),
			each(gcpCluster, "privateClusterConfig.enablePrivateNodes", true),
			each(gcpCluster, "privateClusterConfig.enablePrivateEndpoint", true),
			where(gcpCluster, "masterAuthorizedNetworksConfig", filled, nil))},
		{words: "Google encrypts disks, etcd and what goes between its machines; there is no switch"},
		{"cluster and namespace are protected", also(
			protects(gcpCluster), each(gcpCluster, "deletionProtection", true), protects("core/v1:Namespace"))},
		{"logs of pods and system, metrics", also(
			where(gcpCluster, "loggingConfig.enableComponents", holding("WORKLOADS"), nil),
			each(gcpCluster, "monitoringConfig.managedPrometheus.enabled", true))},
		{"restricted pods, an account for each, nodes' own account out of reach", also(
			each("core/v1:Namespace", `metadata.labels["pod-security.kubernetes.io/enforce"]`, "restricted", named("namespace-namespace")),
			each(gcpPool, "nodeConfig.workloadMetadataConfig.mode", "GKE_METADATA"),
			each(gcpCluster, "enableLegacyAbac", false))},
		{"no client certificate, no token in a pod", also(
			each(gcpCluster, "masterAuth.clientCertificateConfig.issueClientCertificate", false),
			each("core/v1:ServiceAccount", "automountServiceAccountToken", false), noGoogleKey)},
	},
	"logs": {
		{words: "roles decide; Cloud Logging has no network of its own"},
		{words: alwaysGoogle},
		{"kept longer than Google's 30 days", where("logging/projectBucketConfig:ProjectBucketConfig", "retentionDays", atLeast(90), nil)},
		{words: "is what observes"},
		{"nodes may write them, and not read", each(projectIAM, "role", nodeRole, below("gcp:NodePool"))},
		{"no account key", noGoogleKey},
	},
}
