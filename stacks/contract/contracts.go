package contract

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Platform is what every cloud that can run the service gives.
type Platform struct {
	// Cloud is the provider's name: gcp or azure.
	Cloud pulumi.StringOutput `pulumi:"cloud"`
	// Location is the region that the environment lives in.
	Location pulumi.StringOutput `pulumi:"location"`
	// Registry is the address to push images to and pull them from.
	Registry pulumi.StringOutput `pulumi:"registry"`
	// Buckets are the URLs of the object stores, by their name in settings.
	Buckets pulumi.StringMapOutput `pulumi:"buckets"`
	// DatabaseServer is what a client or an auth proxy connects to.
	DatabaseServer pulumi.StringOutput `pulumi:"databaseServer"`
	// DatabaseAddress is the server's private address.
	DatabaseAddress pulumi.StringOutput `pulumi:"databaseAddress"`
	// Databases are the names of the databases on the server.
	Databases pulumi.StringArrayOutput `pulumi:"databases"`
	// DatabaseUsers are the login names of the workloads that use the database.
	DatabaseUsers pulumi.StringMapOutput `pulumi:"databaseUsers"`
	// Secrets are the full names of the secrets, by their name in settings.
	Secrets pulumi.StringMapOutput `pulumi:"secrets"`
	// SecretStore is where the secrets are: a project or a vault.
	SecretStore pulumi.StringOutput `pulumi:"secretStore"`
	// Workloads are the identities that the workloads run as.
	Workloads pulumi.StringMapOutput `pulumi:"workloads"`
	// Deploy are the identities of continuous integration: plan, apply and push.
	Deploy pulumi.StringMapOutput `pulumi:"deploy"`
}

// GCP is what the gcp stack hands on.
type GCP struct {
	Platform

	// Project owns everything of the environment but a shared cluster.
	Project pulumi.StringOutput `pulumi:"project"`
	// DeployProvider is the full name of the workload identity provider that
	// GitHub Actions log in with.
	DeployProvider pulumi.StringOutput `pulumi:"deployProvider"`
	// Namespace is where the workloads run in the cluster, the only place where
	// their identities are given to anything.
	Namespace pulumi.StringOutput `pulumi:"namespace"`
	// ServiceAccounts are the Kubernetes service accounts that may act as the
	// workloads' identities.
	ServiceAccounts pulumi.StringMapOutput `pulumi:"serviceAccounts"`
	// ClusterName, ClusterLocation and ClusterProject say which cluster the
	// environment runs on.
	ClusterName     pulumi.StringOutput `pulumi:"clusterName"`
	ClusterLocation pulumi.StringOutput `pulumi:"clusterLocation"`
	ClusterProject  pulumi.StringOutput `pulumi:"clusterProject"`
	// ClusterID is stable for the cluster's life, whatever its endpoint.
	ClusterID pulumi.StringOutput `pulumi:"clusterId"`
	// ClusterEndpoint is the address of the control plane.
	ClusterEndpoint pulumi.StringOutput `pulumi:"clusterEndpoint"`
	// ClusterCA is the certificate of the control plane's authority, base64.
	ClusterCA pulumi.StringOutput `pulumi:"clusterCa"`
	// IngressAddress and IngressAddressName are the reserved address of the gateway.
	IngressAddress     pulumi.StringOutput `pulumi:"ingressAddress"`
	IngressAddressName pulumi.StringOutput `pulumi:"ingressAddressName"`
	// CertificateMap is what a gateway serves the hosts' certificates from, empty
	// where there is no host.
	CertificateMap pulumi.StringOutput `pulumi:"certificateMap"`
	// CertificateRecordNames and CertificateRecords are, by host, the CNAME that
	// proves to Google that the host is ours: its full name and what it points to.
	CertificateRecordNames pulumi.StringMapOutput `pulumi:"certificateRecordNames"`
	CertificateRecords     pulumi.StringMapOutput `pulumi:"certificateRecords"`
	// CertificateStates are, by host, what Google last said of the certificate:
	// PROVISIONING, ACTIVE or FAILED.
	CertificateStates pulumi.StringMapOutput `pulumi:"certificateStates"`
	// EdgePolicies are, by host, the names of the policies that say who may reach it.
	EdgePolicies pulumi.StringMapOutput `pulumi:"edgePolicies"`
	// EdgeLocked are the hosts that admit Cloudflare alone.
	EdgeLocked pulumi.StringArrayOutput `pulumi:"edgeLocked"`
	// NATAddresses are the addresses that the environment calls others from;
	// none where the network is somebody else's.
	NATAddresses pulumi.StringArrayOutput `pulumi:"natAddresses"`
}

// Azure is what the azure stack hands on.
type Azure struct {
	Platform

	// Subscription and ResourceGroup are where everything is, and Tenant is where its
	// identities are.
	Subscription  pulumi.StringOutput `pulumi:"subscription"`
	ResourceGroup pulumi.StringOutput `pulumi:"resourceGroup"`
	Tenant        pulumi.StringOutput `pulumi:"tenant"`
	// Apps are the resource names of the workloads that run all the time, and Jobs of
	// those that somebody starts; none before there is an image.
	Apps pulumi.StringMapOutput `pulumi:"apps"`
	Jobs pulumi.StringMapOutput `pulumi:"jobs"`
	// VerificationID is what proves to Azure that a host is ours, as a TXT record.
	VerificationID pulumi.StringOutput `pulumi:"verificationId"`
	// HostTargets are, by host, what its CNAME points to.
	HostTargets pulumi.StringMapOutput `pulumi:"hostTargets"`
	// HostStages are, by host, how far it is on the way to its certificate.
	HostStages pulumi.StringMapOutput `pulumi:"hostStages"`
	// NATAddresses are the addresses that the environment calls others from; none
	// without a NAT gateway.
	NATAddresses pulumi.StringArrayOutput `pulumi:"natAddresses"`
}

// Kubernetes is what the kubernetes stack hands on.
type Kubernetes struct {
	// Namespace is where the environment's objects are.
	Namespace pulumi.StringOutput `pulumi:"namespace"`
	// GatewayAddressName and GatewayAddress are the reserved address that the
	// gateway in the namespace has to take.
	GatewayAddressName pulumi.StringOutput `pulumi:"gatewayAddressName"`
	GatewayAddress     pulumi.StringOutput `pulumi:"gatewayAddress"`
	// DNSNames are the names below which external-dns writes records; none where it
	// does not run.
	DNSNames pulumi.StringArrayOutput `pulumi:"dnsNames"`
	// DNSOwner is how external-dns marks its records, empty where it does not run.
	DNSOwner pulumi.StringOutput `pulumi:"dnsOwner"`
}

// Cloudflare is what the cloudflare stack hands on.
type Cloudflare struct {
	// ZoneID is the zone of the environment.
	ZoneID pulumi.StringOutput `pulumi:"zoneId"`
	// Stages are the stages that the hosts are at.
	Stages pulumi.StringMapOutput `pulumi:"stages"`
	// Owners are the owners of the zone's names.
	Owners pulumi.StringMapOutput `pulumi:"owners"`
	// Records are the ids of the zone's records that the stack keeps, by their names
	// in the program: those need no adoption any more.
	Records pulumi.StringMapOutput `pulumi:"records"`
	// DS is the record for the registrar, empty without DNSSEC.
	DS pulumi.StringOutput `pulumi:"ds"`
	// Audiences are, by guarded host, what an origin demands as the audience of
	// Access' token.
	Audiences pulumi.StringMapOutput `pulumi:"audiences"`
	// TokenIDs and TokenSecrets are what machines show Access, by the token's name.
	TokenIDs     pulumi.StringMapOutput `pulumi:"tokenIds"`
	TokenSecrets pulumi.StringMapOutput `pulumi:"tokenSecrets"`
}
