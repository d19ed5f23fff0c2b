package containerapp

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

const (
	maxCPU      = 4    // https://learn.microsoft.com/azure/container-apps/quotas
	maxReplicas = 1000 // https://learn.microsoft.com/azure/container-apps/scale-app#scale-definition
	maxGrace    = 600  // https://learn.microsoft.com/azure/container-apps/azure-resource-manager-api-spec
	maxRetries  = 10
	maxHost     = 64 // of the common name of a certificate
	clientID    = "AZURE_CLIENT_ID"
)

var (
	// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp
	nameShape = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}[a-z0-9]$`)
	envShape  = regexp.MustCompile(`^[A-Z]([A-Z0-9_]*[A-Z0-9])?$`) // the name of a secret follows from it
	hostShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	// https://learn.microsoft.com/azure/container-apps/manage-secrets#reference-secret-from-key-vault
	secretShape = regexp.MustCompile(`^https://[a-z0-9-]+\.vault\.azure\.net/secrets/[A-Za-z0-9-]+$`)
	imageShape  = regexp.MustCompile(`^[^/:@]+/[^:@]+(:([A-Za-z0-9_][A-Za-z0-9_.-]*)|(:[A-Za-z0-9_.-]+)?@sha256:[0-9a-f]{64})$`)
)

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.Check(&p)
	p.Want(nameShape.MatchString(a.Name) && !strings.Contains(a.Name, "--"),
		"name %q: want 2 to 32 lower-case letters, digits and single inner hyphens, a letter first", a.Name)
	p.Want(a.Environment != nil, "environment is required")
	p.Want(a.Identity.ID != nil, "identity.id is required")
	p.Want(a.Identity.ClientID != nil, "identity.clientId is required")
	p.Want(a.Registry != nil, "registry is required")
	a.validateImage(&p)
	p.Want(a.CPU > 0 && a.CPU <= maxCPU && a.CPU*4 == float64(int(a.CPU*4)), "cpu %g: want 0.25 to %d, in steps of 0.25", a.CPU, maxCPU)
	a.validateEnv(&p)
	if a.Job != nil {
		a.validateJob(&p)
		return p.Err()
	}
	p.Want(a.GraceSeconds >= 0 && a.GraceSeconds <= maxGrace, "graceSeconds %d: want 1 to %d, or 0 for 60", a.GraceSeconds, maxGrace)
	a.validateScale(&p)
	if a.Ingress != nil {
		a.Ingress.validate(&p)
	}
	return p.Err()
}

// validateImage checks an image as far as it is known.
func (a *Args) validateImage(p *components.Problems) {
	p.Want(a.Image != nil, "image is required")
	known, ok := a.Image.(pulumi.String)
	if !ok {
		return
	}
	image := string(known)
	p.Want(imageShape.MatchString(image), `image %q: want "REGISTRY/NAME:TAG" or "REGISTRY/NAME@sha256:DIGEST"`, image)
	p.Want(!strings.HasSuffix(image, ":latest"), "image %q: want a tag that says what runs, not latest", image)
}

func (a *Args) validateEnv(p *components.Problems) {
	check := func(field string, values map[string]pulumi.StringInput) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			p.Want(envShape.MatchString(name), "%s[%q]: want upper-case letters, digits and inner underscores, a letter first", field, name)
			p.Want(name != clientID, "%s[%q]: is the identity's always", field, name)
			p.Want(values[name] != nil, "%s[%q]: want a value", field, name)
		}
	}
	check("env", a.Env)
	check("secrets", a.Secrets)
	for _, name := range slices.Sorted(maps.Keys(a.Secrets)) {
		_, twice := a.Env[name]
		p.Want(!twice, "secrets[%q]: env has it too", name)
		known, ok := a.Secrets[name].(pulumi.String)
		p.Want(!ok || secretShape.MatchString(string(known)),
			`secrets[%q] %q: want the URI of a Key Vault secret without a version, "https://VAULT.vault.azure.net/secrets/NAME"`, name, string(known))
	}
}

func (a *Args) validateJob(p *components.Problems) {
	p.Want(a.Job.timeout() > 0, "job.timeoutSeconds %d: want at least 1, or 0 for 900", a.Job.TimeoutSeconds)
	p.Want(a.Job.Retries >= 0 && a.Job.Retries <= maxRetries, "job.retries %d: want 0 to %d", a.Job.Retries, maxRetries)
	p.Want(a.Ingress == nil && a.Scale == Scale{} && a.GraceSeconds == 0, "job: ingress, scale and graceSeconds are an app's: want none")
}

func (a *Args) validateScale(p *components.Problems) {
	s := a.Scale
	p.Want(s.Min >= 0 && s.Max >= max(1, s.Min) && s.Max <= maxReplicas, "scale.min %d, max %d: want 0 <= min <= max, and max 1 to %d", s.Min, s.Max, maxReplicas)
	p.Want(s.HTTPConcurrency >= 0, "scale.httpConcurrency %d: want at least 1, or 0 for none", s.HTTPConcurrency)
	p.Want(s.HTTPConcurrency == 0 || a.Ingress != nil, "scale.httpConcurrency %d: without ingress there are no requests", s.HTTPConcurrency)
	p.Want(s.CPUPercent >= 0 && s.CPUPercent <= 100, "scale.cpuPercent %d: want 1 to 100, or 0 for none", s.CPUPercent)
	p.Want(s.CPUPercent == 0 || s.Min > 0, "scale.cpuPercent %d: nothing is measured at 0 replicas: want a min of at least 1", s.CPUPercent)
	p.Want(a.Ingress != nil || s.Min > 0, "scale.min 0: without ingress nothing would start a replica: want at least 1")
	p.Want(s.Min >= s.Max || s.HTTPConcurrency > 0 || s.CPUPercent > 0,
		"scale.max %d: want httpConcurrency or cpuPercent, else Azure would take 10 requests for too many", s.Max)
}

func (i *Ingress) validate(p *components.Problems) {
	p.Want(i.Port >= 1 && i.Port <= 65535, "ingress.port %d: want 1 to 65535", i.Port)
	for _, probe := range []struct{ field, path string }{
		{"startup", i.Probes.Startup}, {"readiness", i.Probes.Readiness}, {"liveness", i.Probes.Liveness},
	} {
		p.Want(strings.HasPrefix(probe.path, "/"), `ingress.probes.%s %q: want a path such as "/healthz"`, probe.field, probe.path)
	}
	for n, cidr := range i.AllowedCIDRs {
		prefix, err := netip.ParsePrefix(cidr)
		// https://learn.microsoft.com/azure/container-apps/ip-restrictions
		p.Want(err == nil && prefix.Addr().Is4() && prefix == prefix.Masked(),
			"ingress.allowedCidrs[%d] %q: want an IPv4 range without host bits; Azure takes no IPv6", n, cidr)
		p.Want(err != nil || prefix.Bits() > 0, "ingress.allowedCidrs[%d] %q: is everybody: want no ranges instead", n, cidr)
	}
	p.Distinct("ingress.allowedCidrs", i.AllowedCIDRs)
	i.validateHosts(p)
}

func (i *Ingress) validateHosts(p *components.Problems) {
	azure.CheckKeys(p, "ingress.hosts", i.Hosts)
	keys := map[string]string{} // by the names of certificates
	for _, key := range slices.Sorted(maps.Keys(i.Hosts)) {
		host, field := i.Hosts[key], fmt.Sprintf("ingress.hosts[%q]", key)
		p.Want(hostShape.MatchString(host.Name) && len(host.Name) <= maxHost,
			"%s.name %q: want a host of at most %d characters in lower case", field, host.Name, maxHost)
		taken := keys[host.certificateName()]
		p.Want(taken == "", "%s.name %q: hosts[%q] has it too, or one that differs in dots alone", field, host.Name, taken)
		keys[host.certificateName()] = key
		p.Want(host.Certificate == nil || host.Bound, "%s.certificate: serves a host that is bound: want bound", field)
		p.Want(host.Certificate != nil || i.AllowInternet,
			"%s: Azure makes a certificate only for what the internet reaches: want allowInternet or a certificate", field)
	}
}
