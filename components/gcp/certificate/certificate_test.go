package certificate_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/certificate"
	_ "ai-worker/internal/sandbox/gcp/sdk/certificatemanager"
)

const (
	mapType           = "gcp:certificatemanager/certificateMap:CertificateMap"
	authorizationType = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization"
	certificateType   = "gcp:certificatemanager/certificate:Certificate"
	entryType         = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *certificate.Args {
	return &certificate.Args{Project: componentstest.Project, Name: "ai-worker-dev", Hosts: []string{"api.example.com"}}
}

// full sets every field.
func full() *certificate.Args {
	args := valid()
	args.Labels, args.AllowDeletion = map[string]string{"app": "ai-worker"}, true
	return args
}

var (
	program = componentstest.Program(certificate.New, "tls")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	args := valid()
	args.Hosts = []string{"example.com", "*.example.com", "api.example.com"}
	all := run(t, args)
	require.Equal(t, []string{
		certificateType + " tls-certificate-*.example.com",
		certificateType + " tls-certificate-api.example.com",
		certificateType + " tls-certificate-example.com",
		mapType + " tls-map",
		entryType + " tls-entry-*.example.com",
		entryType + " tls-entry-api.example.com",
		entryType + " tls-entry-example.com",
		authorizationType + " tls-authorization-api.example.com",
		authorizationType + " tls-authorization-example.com",
	}, componentstest.Tree(t, all, certificate.TypeToken))

	shared := all.One(t, authorizationType, "tls-authorization-example.com")
	shared.Expect(t, map[string]any{"domain": "example.com", "type": "FIXED_RECORD", "location": "global"})
	wildcard := all.One(t, certificateType, "tls-certificate-*.example.com")
	wildcard.Expect(t, map[string]any{
		"managed.domains": []any{"*.example.com"}, "managed.dnsAuthorizations": []any{shared.ID}, "scope": "DEFAULT", "location": "global",
	})
	all.One(t, entryType, "tls-entry-*.example.com").Expect(t, map[string]any{
		"map": "ai-worker-dev", "hostname": "*.example.com", "certificates": []any{wildcard.ID}, "matcher": nil,
	})
}

// What serves is protected; the cloud keeps what that needs.
func TestProtection(t *testing.T) {
	for _, r := range run(t, valid()) {
		require.Equal(t, r.Type == mapType || r.Type == entryType, r.Protect, r.Type)
	}
	for _, r := range run(t, full()) {
		require.False(t, r.Protect, r.Type)
	}
}

// A name says all that a replacement is for, and the new one comes first.
func TestNames(t *testing.T) {
	names := func(change func(*certificate.Args)) string {
		args := valid()
		change(args)
		r := run(t, args).One(t, certificateType)
		require.True(t, r.RPC.GetDeleteBeforeReplaceDefined() && !r.RPC.GetDeleteBeforeReplace())
		name := r.Get("name").(string)
		require.Regexp(t, `^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`, name)
		return name
	}
	seen := map[string]string{}
	for of, change := range map[string]func(*certificate.Args){
		"plain":        func(*certificate.Args) {},
		"host":         func(a *certificate.Args) { a.Hosts[0] = "app.example.com" },
		"wildcard":     func(a *certificate.Args) { a.Hosts[0] = "*.api.example.com" },
		"spelt so":     func(a *certificate.Args) { a.Hosts[0] = "wildcard.api.example.com" },
		"no dot":       func(a *certificate.Args) { a.Hosts[0] = "api-example.com" },
		"project":      func(a *certificate.Args) { a.Project = "other-project" },
		"name":         func(a *certificate.Args) { a.Name = "ai-worker-stage" },
		"long":         func(a *certificate.Args) { a.Hosts[0] = strings.Repeat("a", 50) + ".example.com" },
		"long, other":  func(a *certificate.Args) { a.Hosts[0] = strings.Repeat("a", 50) + ".example.net" },
		"longest name": func(a *certificate.Args) { a.Name = strings.Repeat("n", 63) },
	} {
		name := names(change)
		require.Empty(t, seen[name], "%s has the name of %s", of, seen[name])
		seen[name] = of
	}
	labelled := names(func(a *certificate.Args) { a.Labels = map[string]string{"team": "a"} })
	require.Equal(t, "plain", seen[labelled], "labels change in place")
}

// A host more or less leaves the certificates of the others alone.
func TestHostsAreIndependent(t *testing.T) {
	before := run(t, valid())
	args := valid()
	args.Hosts = []string{"app.example.com", "api.example.com"}
	after := run(t, args)
	for _, typ := range []string{authorizationType, certificateType, entryType} {
		was := before.One(t, typ)
		require.Equal(t, was.Inputs, after.One(t, typ, was.Name).Inputs, typ)
	}
}

func TestOutputs(t *testing.T) {
	args := valid()
	args.Hosts = []string{"example.com", "*.example.com"}
	outputs := componentstest.Outputs(t, certificate.New, args)
	require.Equal(t, "ai-worker-dev", outputs["map"])
	require.Equal(t, "//certificatemanager.googleapis.com/projects/test-project/locations/global/certificateMaps/ai-worker-dev", outputs["mapId"])
	same := "_acme-challenge.example.com"
	require.Equal(t, map[string]string{"example.com": same, "*.example.com": same}, outputs["recordNames"])
	records := outputs["records"].(map[string]string)
	require.Regexp(t, `^[0-9-]+\.[0-9]+\.authorize\.certificatemanager\.goog$`, records["example.com"])
	require.Equal(t, records["example.com"], records["*.example.com"])
	require.Equal(t, map[string]string{"example.com": "PROVISIONING", "*.example.com": "PROVISIONING"}, outputs["states"])
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{})
}

func TestRefusals(t *testing.T) {
	hosts := func(hosts ...string) func(*certificate.Args) { return func(a *certificate.Args) { a.Hosts = hosts } }
	label := strings.Repeat("a", 63)
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[certificate.Args]{
		"project":       {func(a *certificate.Args) { a.Project = "" }, `project ""`},
		"name":          {func(a *certificate.Args) { a.Name = "AI" }, `name "AI"`},
		"no host":       {hosts(), "hosts: want at least one"},
		"capitals":      {hosts("API.example.com"), `hosts[0] "API.example.com"`},
		"trailing dot":  {hosts("example.com."), `hosts[0] "example.com."`},
		"one label":     {hosts("localhost"), `hosts[0] "localhost"`},
		"inner star":    {hosts("api.*.example.com"), `hosts[0] "api.*.example.com"`},
		"half a star":   {hosts("api-*.example.com"), `hosts[0] "api-*.example.com"`},
		"star of all":   {hosts("*.com"), `hosts[0] "*.com"`},
		"an underscore": {hosts("a_b.example.com"), `hosts[0] "a_b.example.com"`},
		"a URL":         {hosts("https://example.com"), `hosts[0] "https://example.com"`},
		"twice":         {hosts("a.example.com", "a.example.com"), `hosts[1] "a.example.com": given twice`},
		"long label":    {hosts(label + "a.example.com"), "hosts[0]"},
		"long":          {hosts(strings.Join([]string{label, label, label, label[:46]}, ".")), "want at most 237 characters, not 238"},
		"label":         {func(a *certificate.Args) { a.Labels = map[string]string{"App": "x"} }, `labels["App"] "x"`},
	})
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &certificate.Args{Hosts: []string{"A", "A"}}, "project", "name", "hosts[0]", "hosts[1]", "given twice")
}
