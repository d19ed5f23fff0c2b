package containerapp

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure"
)

// Args configures a ContainerApp. The zero value of every option is the strong
// choice; what is weaker is named by its weakness.
type Args struct {
	Place azure.Place // Place is where the app is. Required.
	Name  string      // Name of the app or job, 2 to 32 lower-case letters, digits and hyphens. Required.
	// Environment is the id of the environment that it runs in. Required.
	Environment pulumi.StringInput
	Identity    Identity // Identity is what it runs as. Required.

	// Registry is the login server that the image is pulled from, with the identity, such
	// as "aiworker.azurecr.io". Required.
	Registry pulumi.StringInput
	// Image is the whole reference, "REGISTRY/app1:TAG" or with a digest; the tag "latest"
	// is refused, since nobody could say what runs. Required.
	Image     pulumi.StringInput
	Arguments []string // Arguments of the image's entry point, such as "api".
	// CPU is how many cores a replica has: 0.25 to 4, in steps of 0.25. Its memory is 2 GiB
	// a core: Azure has no other pairs. Required.
	CPU float64

	// Env are environment variables with plain values. AZURE_CLIENT_ID is there always,
	// so that Azure's SDKs pick the identity.
	Env map[string]pulumi.StringInput
	// Secrets are environment variables with the URIs of Key Vault secrets, without a
	// version: a new value comes into force within half an hour, by a restart.
	Secrets map[string]pulumi.StringInput

	// AllowDeletion lets one destroy delete the app with a host that is bound. It must be
	// applied by an update before the destroy, and is for what goes with its environment:
	// a managed certificate stays in the environment when its app goes alone.
	AllowDeletion bool

	// Job makes it a job, which runs when it is told to and ends. The fields below are
	// an app's and must then be zero.
	Job *Job
	// Ingress admits requests; nil admits none.
	Ingress *Ingress
	Scale   Scale
	// GraceSeconds is what a replica has between SIGTERM and SIGKILL, at most 600;
	// 0 means 60, for every request that a client still waits for.
	GraceSeconds int
}

// Identity is a user-assigned managed identity. Give an id that waits for the roles:
// an app whose identity cannot pull its image yet, or read its secrets, is not made.
type Identity struct {
	ID       pulumi.StringInput // ID is the identity's resource id. Required.
	ClientID pulumi.StringInput // ClientID is how the app names it when it asks for a token. Required.
}

// Job says how one execution runs. Start it with `az containerapp job start`.
type Job struct {
	TimeoutSeconds int // TimeoutSeconds is what one try may take; 0 means 900.
	Retries        int // Retries of a try that failed, 0 to 10.
}

// Ingress says who reaches the app. Plain HTTP is answered by a redirect to HTTPS.
type Ingress struct {
	Port int // Port that the container listens on, 1 to 65535. Required.
	// AllowInternet admits more than the environment's other apps: the internet, or the
	// network if the environment is internal.
	AllowInternet bool
	// AllowedCIDRs are the IPv4 ranges that are admitted, by the address that the
	// request comes from; none admits every address.
	AllowedCIDRs []string
	// HTTP2 speaks HTTP/2 alone to the container, as gRPC needs; else HTTP/1.1 or HTTP/2.
	HTTP2  bool
	Probes Probes
	Hosts  map[string]Host // Hosts are names of one's own that the app is reached by, by a short name.
}

// Probes are paths on the port that answer 2xx or 3xx when all is well. All are
// required: the profile Consumption has no probes of its own.
type Probes struct {
	Startup   string // Startup is asked until it answers; the others begin after it.
	Readiness string // Readiness says whether the replica gets requests.
	// Liveness says whether the replica is worth keeping. It should know nothing of the
	// database: a restart does not mend that.
	Liveness string
}

// Host is a name of one's own. See the package comment for its stages.
type Host struct {
	// Name is the full host, of at most 64 characters, such as "api.example.com". The TXT
	// record "asuid.<name>" must hold the environment's verification id. Required.
	Name string
	// Bound has the host served with its certificate; before, it is only named.
	Bound bool
	// Certificate is the id of a certificate of the environment's that serves the host;
	// then it can be bound at once. With nil, Azure makes one and renews it, as long as the
	// host is a CNAME of the app's FQDN, not proxied, and DigiCert's addresses get in.
	// https://learn.microsoft.com/azure/container-apps/custom-domains-managed-certificates#free-certificate-requirements
	Certificate pulumi.StringInput
}

// Scale says how many replicas run.
// https://learn.microsoft.com/azure/container-apps/scale-app
type Scale struct {
	Min int // Min is at least 0; with 0, the first request after a pause waits for a start.
	Max int // Max is 1 to 1000, and at least Min.
	// HTTPConcurrency adds a replica for every so many requests at one time; 0 does not.
	HTTPConcurrency int
	// CPUPercent adds replicas while those there are use more of their CPU, 1 to 100;
	// 0 does not. It needs a Min, since a replica that is not there uses none.
	CPUPercent int
}

func (a *Args) grace() int  { return cmp.Or(a.GraceSeconds, 60) }
func (j *Job) timeout() int { return cmp.Or(j.TimeoutSeconds, 900) }
