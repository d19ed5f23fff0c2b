package review

import (
	"regexp"
	"slices"
	"strings"
)

// unjudged is what the loss of a type is called that is in none of the lists: what
// nobody looked at is not waved through.
const unjudged = "nobody knows what: its type is in no list of internal/review/types.go yet"

// losses says of each type that holds state, or that others know by its identity,
// what its deletion or replacement loses; read it after "loses". Types of
// azure-native and kubernetes stand without their API version.
var losses = map[string]string{
	"gcp:artifactregistry/repository:Repository":                        "all its images; pods that start anew find none",
	"gcp:certificatemanager/certificate:Certificate":                    "the certificate; a new one takes minutes to hours to be issued",
	"gcp:certificatemanager/certificateMap:CertificateMap":              "the certificates of every host of the gateway that names it",
	"gcp:certificatemanager/dnsAuthorization:DnsAuthorization":          "the proof that the domain is ours: certificates of it are no longer renewed, and a new proof is another DNS record",
	"gcp:compute/address:Address":                                       "the IP address: allow-lists and DNS go on naming a number that is somebody else's",
	"gcp:compute/globalAddress:GlobalAddress":                           "the IP address or range: allow-lists, DNS and peerings go on naming it",
	"gcp:compute/network:Network":                                       "the network with every connection inside it; all that is attached to it must be made anew",
	"gcp:compute/securityPolicy:SecurityPolicy":                         "the filter in front of the load balancer: backends that name it are open, or no longer updated",
	"gcp:compute/subnetwork:Subnetwork":                                 "the addresses of all that is in it; clusters in it must be made anew",
	"gcp:container/cluster:Cluster":                                     "all that runs in it and its objects, volumes and identity; whoever connects has the wrong address and certificate",
	"gcp:container/nodePool:NodePool":                                   "all its nodes: their pods are stopped whatever PodDisruptionBudgets say, local disks are gone",
	"gcp:iam/workloadIdentityPool:WorkloadIdentityPool":                 "the login of everything outside that acts through it, GitHub Actions included; its id stays taken for 30 days",
	"gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": "the login of everything that comes through it, GitHub Actions included; its id stays taken for 30 days",
	"gcp:kms/cryptoKey:CryptoKey":                                       "all that is encrypted with it, for good",
	"gcp:kms/cryptoKeyVersion:CryptoKeyVersion":                         "all that is encrypted with it, for good",
	"gcp:kms/keyRing:KeyRing":                                           "the way to its keys, and to all that is encrypted with them; its name stays taken for ever",
	"gcp:projects/iAMCustomRole:IAMCustomRole":                          "the rights of all who have the role; its id stays taken for weeks",
	"gcp:secretmanager/secret:Secret":                                   "all versions of its value, for good",
	"gcp:secretmanager/secretVersion:SecretVersion":                     "this version of the value, for good",
	"gcp:serviceaccount/account:Account":                                "its identity: grants and keys do not pass to a new account of the same name",
	"gcp:servicenetworking/connection:Connection":                       "the private path to Cloud SQL of every instance in the network",
	"gcp:sql/database:Database":                                         "all data in it",
	"gcp:sql/databaseInstance:DatabaseInstance":                         "all its databases, users and backups; its name stays taken for about a week",
	"gcp:sql/user:User":                                                 "the login: whoever connects by it is refused, and what it owns in the databases is in the way",
	"gcp:storage/bucket:Bucket":                                         "all its objects, with their earlier versions",

	"kubernetes:apiextensions.k8s.io:CustomResourceDefinition": "every object of its kind in the whole cluster",
	"kubernetes:argoproj.io:AppProject":                        "the boundary of its applications: none of them is synchronized without it",
	"kubernetes:argoproj.io:ApplicationSet":                    "its applications, and with them what they deployed unless they are told to leave it",
	"kubernetes:core:Namespace":                                "everything in it",
	"kubernetes:core:PersistentVolume":                         "the data on it, unless its reclaim policy retains that",
	"kubernetes:core:PersistentVolumeClaim":                    "the data on its volume, unless the reclaim policy retains that",
	"kubernetes:core:Secret":                                   "its values, unless they are kept elsewhere",
	"kubernetes:helm.sh:Release":                               "what the chart installed: of an operator also its kinds, and every object of them",

	"cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication":   "its audience tag: who checks its tokens refuses them, and without it the host is open or unreachable",
	"cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken": "its id and secret: machines that log in by it are refused",
	"cloudflare:index/zone:Zone":                                 "every record and setting of the domain; a new zone may have other name servers",
	"cloudflare:index/zoneDnssec:ZoneDnssec":                     "the zone's signing key: as long as the registrar has its DS record, the domain does not resolve",
	"cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride": "the settings of the whole zone, TLS included: they go back to what they were before",

	"azure-native:app:ManagedCertificate":                      "the certificate; hosts that use it have none until a new one is issued",
	"azure-native:app:ManagedEnvironment":                      "all apps and jobs in it, their addresses and their default domain",
	"azure-native:containerregistry:Registry":                  "all its images; apps that start anew find none",
	"azure-native:dbforpostgresql:Administrator":               "the login of the administrator, and with it the way to make other users",
	"azure-native:dbforpostgresql:Database":                    "all data in it",
	"azure-native:dbforpostgresql:Server":                      "all its databases, users and backups",
	"azure-native:keyvault:Key":                                "the key, and when it is purged all that is encrypted with it",
	"azure-native:keyvault:Secret":                             "its value; its name stays taken as long as it can be recovered",
	"azure-native:keyvault:Vault":                              "all its secrets and keys; its name stays taken as long as it can be recovered",
	"azure-native:managedidentity:FederatedIdentityCredential": "the login of everything that comes through it, GitHub Actions or pods",
	"azure-native:managedidentity:UserAssignedIdentity":        "its identity: grants and database users do not pass to a new one of the same name",
	"azure-native:network:PrivateZone":                         "the private names of databases, storage and vaults: nothing in the network finds them",
	"azure-native:network:PublicIPAddress":                     "the IP address: allow-lists go on naming a number that is somebody else's",
	"azure-native:network:Subnet":                              "the addresses of all that is in it, which must be made anew",
	"azure-native:network:VirtualNetwork":                      "the network with every connection inside it; all that is attached to it must be made anew",
	"azure-native:operationalinsights:Workspace":               "all its logs",
	"azure-native:resources:ResourceGroup":                     "everything in it, whoever made it",
	"azure-native:storage:BlobContainer":                       "all its blobs, with their earlier versions",
	"azure-native:storage:StorageAccount":                      "all its containers and blobs, with their earlier versions",
}

// harmless types hold no state and are known by a name that the code gives them
// again: a deletion is the code's wish, and a replacement interrupts at most.
var harmless = []string{
	"gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
	"gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
	"gcp:compute/router:Router",
	"gcp:compute/routerNat:RouterNat", // its addresses are resources of their own
	"gcp:projects/iAMMember:IAMMember",
	"gcp:projects/service:Service", // never switched off: disableOnDestroy is false
	"gcp:secretmanager/secretIamMember:SecretIamMember",
	"gcp:serviceaccount/iAMMember:IAMMember",
	"gcp:storage/bucketIAMMember:BucketIAMMember",

	"kubernetes:core:ConfigMap",
	"kubernetes:core:LimitRange",
	"kubernetes:core:ResourceQuota",
	"kubernetes:core:ServiceAccount",                // bound to its cloud identity by name
	"kubernetes:external-secrets.io:ExternalSecret", // the values are the cloud's
	"kubernetes:external-secrets.io:SecretStore",
	"kubernetes:networking.k8s.io:NetworkPolicy",
	"kubernetes:rbac.authorization.k8s.io:Role",
	"kubernetes:rbac.authorization.k8s.io:RoleBinding",

	"cloudflare:index/record:Record",
	"cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",

	"azure-native:app:ContainerApp", // its address is made of its name
	"azure-native:app:Job",
	"azure-native:authorization:ManagementLockByScope", // guards state, holds none
	"azure-native:authorization:RoleAssignment",
	"azure-native:dbforpostgresql:Configuration",
	"azure-native:insights:DiagnosticSetting",
	"azure-native:network:NatGateway", // its address is a resource of its own
	"azure-native:network:NetworkSecurityGroup",
	"azure-native:network:PrivateDnsZoneGroup",
	"azure-native:network:PrivateEndpoint", // known by its name in the private zone
	"azure-native:network:VirtualNetworkLink",
	"azure-native:storage:BlobServiceProperties",
	"azure-native:storage:ManagementPolicy",
}

// Components are no objects of a cloud; their children are judged.
var components = []string{"ai-worker:", "pulumi:pulumi:"}

const providers = "pulumi:providers:"

// apiVersion is the part of a token like "azure-native:app/v20240301:Job" or
// "kubernetes:core/v1:Secret" that another version of the same type differs in.
var apiVersion = regexp.MustCompile(`^((?:azure-native|kubernetes):[^/:]+)/v[0-9][0-9a-z]*:`)

// loses says what the deletion or the replacement of a resource of a type loses,
// or "" for nothing.
func loses(token string, replaced bool) string {
	if strings.HasPrefix(token, providers) {
		if replaced { // one that is deleted has nothing left that was made through it
			return "all that was made through it, since a replaced provider replaces its resources"
		}
		return ""
	}
	for _, prefix := range components {
		if strings.HasPrefix(token, prefix) {
			return ""
		}
	}
	token = apiVersion.ReplaceAllString(token, "$1:")
	if lost, ok := losses[token]; ok {
		return lost
	}
	if slices.Contains(harmless, token) {
		return ""
	}
	return unjudged
}
