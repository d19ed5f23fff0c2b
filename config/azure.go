package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Azure is an environment on Azure. Where a field has the name of a component's
// argument, its meaning, default and limits stand there; the comment here says what
// is particular to the setting.
type Azure struct {
	Subscription string            `json:"subscription"` // Subscription owns everything, a UUID. Required.
	Tenant       string            `json:"tenant"`       // Tenant is that of Microsoft Entra, a UUID. Required.
	Location     string            `json:"location"`     // Location is where everything lives, such as "japaneast". Required.
	Tags         map[string]string `json:"tags"`         // Tags are put on everything that takes tags, beside the environment's name.
	// Image is what every workload runs, as it is called in the environment's registry:
	// "app1:0a1b2c3". Without it there are no workloads yet: the first image can only be
	// pushed when the registry is there.
	Image string `json:"image"`

	Group     AzureGroup               `json:"group"`
	Network   AzureNetwork             `json:"network"`
	Workspace AzureWorkspace           `json:"workspace"`
	Registry  AzureRegistry            `json:"registry"`
	Database  AzureDatabase            `json:"database"`
	Vault     AzureVault               `json:"vault"`
	Apps      AzureApps                `json:"apps"`
	Buckets   map[string]AzureBucket   `json:"buckets"` // Buckets by the name that workloads use.
	Secrets   []string                 `json:"secrets"` // Secrets by the name that workloads use.
	Workloads map[string]AzureWorkload `json:"workloads"`
	// Hosts are names of the zone that workloads answer to, without the domain.
	Hosts  map[string]AzureHost `json:"hosts"`
	Deploy AzureDeploy          `json:"deploy"`
}

// AzureGroup is the resource group; see components/azure/resourcegroup.
type AzureGroup struct {
	AllowDeletion bool `json:"allowDeletion"`
}

// AzureHost is a name of the zone that a workload answers to.
type AzureHost struct {
	Workload string `json:"workload"` // Workload is the one with a port. Required.
	Stage    string `json:"stage"`    // Stage is one of [AzureStages]; empty means the first.
}

// AzureStages are the way of a host to a certificate of its own, in order: the
// records that prove it, the name at the app with the certificate on its way, and
// the certificate in use. A host moves one at a time, since each waits for what the
// one before it made; docs/azure.md tells how.
var AzureStages = []string{"dns-only", "named", "bound"}

// At is the host's stage as a number, -1 if it is none.
func (h AzureHost) At() int {
	if h.Stage == "" {
		return 0
	}
	return slices.Index(AzureStages, h.Stage)
}

// Verification is where Azure looks for the proof that a host is ours:
// https://learn.microsoft.com/azure/container-apps/custom-domains-managed-certificates
func Verification(name string) string {
	if name == "@" {
		return "asuid"
	}
	return "asuid." + name
}

// AzureWorkload is one program of AI Worker: an app or a job with an identity of its
// own, which may use what is named here and nothing else; see
// components/azure/containerapp.
type AzureWorkload struct {
	Arguments    []string      `json:"arguments"`
	CPU          float64       `json:"cpu"` // Required.
	Job          *AzureJob     `json:"job"`
	Ingress      *AzureIngress `json:"ingress"`
	Scale        AzureScale    `json:"scale"`
	GraceSeconds int           `json:"graceSeconds"`
	Database     bool          `json:"database"` // Database lets it log in to the database, as a user of its own.
	// DatabaseAdministrator has it make the logins of the others, as a migration does:
	// Azure has no API for logins that are no administrators.
	DatabaseAdministrator bool              `json:"databaseAdministrator"`
	SignURLs              bool              `json:"signUrls"` // SignURLs lets it sign presigned URLs.
	Buckets               map[string]string `json:"buckets"`  // Buckets are what it may do with which bucket: read or readWrite.
	Secrets               []string          `json:"secrets"`  // Secrets it may read.
}

// AzureJob is a workload that runs when somebody starts it.
type AzureJob struct {
	TimeoutSeconds int `json:"timeoutSeconds"`
	Retries        int `json:"retries"`
}

// AzureIngress is how a workload is reached.
type AzureIngress struct {
	Port          int         `json:"port"`
	AllowInternet bool        `json:"allowInternet"`
	AllowedCIDRs  []string    `json:"allowedCidrs"`
	HTTP2         bool        `json:"http2"`
	Probes        AzureProbes `json:"probes"`
}

// AzureProbes are paths that Azure asks.
type AzureProbes struct {
	Startup   string `json:"startup"`
	Readiness string `json:"readiness"`
	Liveness  string `json:"liveness"`
}

// AzureScale says how many replicas there are.
type AzureScale struct {
	Min             int `json:"min"`
	Max             int `json:"max"`
	HTTPConcurrency int `json:"httpConcurrency"`
	CPUPercent      int `json:"cpuPercent"`
}

var (
	uuidShape  = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	imageShape = regexp.MustCompile(`^[a-z0-9]+([._/-][a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$`)
)

// validate checks what no component can tell: what the settings say of each other.
func (a *Azure) validate(p *problems, at string, s *Settings) {
	p.unless(uuidShape.MatchString(a.Subscription), at+".subscription", "%q is no UUID in lower case; `az account show` tells it", a.Subscription)
	p.unless(uuidShape.MatchString(a.Tenant), at+".tenant", "%q is no UUID in lower case; `az account show` tells it", a.Tenant)
	p.unless(a.Image == "" || imageShape.MatchString(a.Image) && !strings.HasSuffix(a.Image, ":latest"), at+".image",
		`%q: want an image of the registry with a tag that stays, such as "app1:0a1b2c3", or a digest`, a.Image)
	for _, key := range []string{"environment", "managed-by"} {
		_, taken := a.Tags[key]
		p.unless(!taken, at+".tags."+key, "the stack gives this tag itself")
	}
	p.unless(len(a.Workloads) > 0, at+".workloads", "there are none, so nothing could run")
	for _, name := range slices.Sorted(maps.Keys(a.Workloads)) {
		a.workload(p, at+".workloads."+name, a.Workloads[name])
	}
	for _, name := range slices.Sorted(maps.Keys(a.Hosts)) {
		h, at := a.Hosts[name], at+".hosts."+name
		w, exists := a.Workloads[h.Workload]
		p.unless(hostShape.MatchString(name), at, `%q is no host one level below the domain, such as "api-azure"`, name)
		p.unless(name != "@", at, "the domain itself can have no CNAME, which the certificate is renewed by")
		p.unless(h.At() >= 0, at+".stage", "%q is no stage: want one of %s", h.Stage, strings.Join(AzureStages, ", "))
		p.unless(exists, at+".workload", "%q is none of the workloads", h.Workload)
		p.unless(!exists || w.Ingress != nil && w.Ingress.AllowInternet, at+".workload", "%q has no ingress that the internet may reach", h.Workload)
		_, twice := s.DNS.Hosts[name]
		p.unless(!twice, at, "is one of dns.hosts: the gateway answers to it")
	}
}

func (a *Azure) workload(p *problems, at string, w AzureWorkload) {
	for _, b := range slices.Sorted(maps.Keys(w.Buckets)) {
		_, exists := a.Buckets[b]
		p.unless(exists, at+".buckets", "%q is none of the buckets", b)
	}
	for i, secret := range w.Secrets {
		p.unless(slices.Contains(a.Secrets, secret), fmt.Sprintf("%s.secrets[%d]", at, i), "%q is none of the secrets", secret)
	}
	p.unless(!w.DatabaseAdministrator || w.Database, at+".databaseAdministrator", "database is not set")
	p.unless(!w.SignURLs || len(w.Buckets) > 0, at+".signUrls", "it has no bucket to sign URLs of")
}
