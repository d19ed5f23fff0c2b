package containerapp_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure/containerapp"
	"ai-worker/components/componentstest"
)

// everything is an app and a job; see both.
func everything() *containerapp.Args {
	a := hosted(true)
	a.Place.Workspace = pulumi.String("unused")
	a.Place.Tags = map[string]string{"environment": "dev"}
	a.Image = pulumi.String("mcr.microsoft.com/app1:1") // of no registry that needs a login
	a.Arguments = []string{"api"}
	a.Env = map[string]pulumi.StringInput{"PGDATABASE": pulumi.String("app")}
	a.Secrets = map[string]pulumi.StringInput{"API_KEY": pulumi.String(vault + "key")}
	a.Ingress.AllowedCIDRs = []string{"173.245.48.0/20"}
	a.Ingress.Hosts["api"] = containerapp.Host{Name: "api.example.com", Bound: true, Certificate: pulumi.String(environment + "/certificates/own")}
	a.Ingress.Hosts["www"] = containerapp.Host{Name: "www.example.com"}
	a.Scale = containerapp.Scale{Min: 2, Max: 10, HTTPConcurrency: 50, CPUPercent: 60}
	a.GraceSeconds = 100
	a.Job = &containerapp.Job{TimeoutSeconds: 100, Retries: 1}
	return a
}

func TestEveryInputMatters(t *testing.T) {
	both := func(args *containerapp.Args) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			app := *args
			app.Job = nil
			if !app.Ingress.AllowInternet {
				delete(app.Ingress.Hosts, "www")
			}
			if host := app.Ingress.Hosts["api"]; !host.Bound {
				host.Certificate = nil
				app.Ingress.Hosts["api"] = host
			}
			if _, err := containerapp.New(ctx, "app", &app); err != nil {
				return err
			}
			job := asJob(*args)
			job.Job = args.Job
			_, err := containerapp.New(ctx, "job", job)
			return err
		}
	}
	componentstest.NoDeadInput(t, everything, both, componentstest.Vary{
		Values: map[string]any{
			"Place.Location":                 "koreacentral",
			"Environment":                    pulumi.String(strings.Replace(environment, "main", "other", 1)),
			"Identity.ID":                    pulumi.String(strings.Replace(identity, "/api", "/other", 1)),
			"Identity.ClientID":              pulumi.String(componentstest.Subscription),
			"Registry":                       pulumi.String("other.azurecr.io"),
			"Image":                          pulumi.String("mcr.microsoft.com/app1:2"),
			"CPU":                            0.5,
			"Secrets[API_KEY]":               pulumi.String(vault + "other"),
			"Ingress.AllowedCIDRs[0]":        "103.21.244.0/22",
			"Ingress.Hosts[api].Name":        "app.example.com",
			"Ingress.Probes.Startup":         "/other",
			"Ingress.Hosts[api].Certificate": pulumi.String(environment + "/certificates/other"),
		},
		Exempt: map[string]string{
			"Place.Subscription": "the provider is of one subscription",
			"Place.Group":        "GroupName names it",
			"Place.Workspace":    "an app has no diagnostics of its own: its logs are the environment's",
		},
	})
}

func TestRefusals(t *testing.T) {
	type args = containerapp.Args
	ingress := func(change func(*containerapp.Ingress)) func(*args) {
		return func(a *args) { *a = *hosted(false); change(a.Ingress) }
	}
	host := func(h containerapp.Host) func(*args) {
		return ingress(func(i *containerapp.Ingress) { i.Hosts["api"] = h })
	}
	scale := func(s containerapp.Scale) func(*args) { return func(a *args) { *a = *reached(); a.Scale = s } }
	image := func(image string) func(*args) { return func(a *args) { a.Image = pulumi.String(image) } }
	env := func(name string) func(*args) {
		return func(a *args) { a.Env = map[string]pulumi.StringInput{name: pulumi.String("x")} }
	}
	secret := func(uri string) func(*args) {
		return func(a *args) { a.Secrets = map[string]pulumi.StringInput{"KEY": pulumi.String(uri)} }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[args]{
		"name":           {func(a *args) { a.Name = "Api" }, `name "Api": want 2 to 32`},
		"long name":      {func(a *args) { a.Name = strings.Repeat("a", 33) }, "want 2 to 32"},
		"double hyphen":  {func(a *args) { a.Name = "a--b" }, "single inner hyphens"},
		"environment":    {func(a *args) { a.Environment = nil }, "environment is required"},
		"identity":       {func(a *args) { a.Identity = containerapp.Identity{} }, "identity.id is required\nidentity.clientId is required"},
		"registry":       {func(a *args) { a.Registry = nil }, "registry is required"},
		"no image":       {func(a *args) { a.Image = nil }, "image is required"},
		"latest":         {image("aiworkerdev.azurecr.io/app1:latest"), "want a tag that says what runs, not latest"},
		"no tag":         {image("aiworkerdev.azurecr.io/app1"), `image "aiworkerdev.azurecr.io/app1": want "REGISTRY/NAME:TAG"`},
		"no registry":    {image("app1:1"), `want "REGISTRY/NAME:TAG"`},
		"no CPU":         {func(a *args) { a.CPU = 0 }, "cpu 0: want 0.25 to 4, in steps of 0.25"},
		"odd CPU":        {func(a *args) { a.CPU = 0.3 }, "cpu 0.3: want 0.25 to 4"},
		"much CPU":       {func(a *args) { a.CPU = 4.25 }, "cpu 4.25: want 0.25 to 4"},
		"env":            {env("pg-host"), `env["pg-host"]: want upper-case`},
		"identity's env": {env("AZURE_CLIENT_ID"), `env["AZURE_CLIENT_ID"]: is the identity's always`},
		"nil env":        {func(a *args) { a.Env = map[string]pulumi.StringInput{"A": nil} }, `env["A"]: want a value`},
		"env and secret": {func(a *args) { env("KEY")(a); secret(vault + "key")(a) }, `secrets["KEY"]: env has it too`},
		"secret version": {secret(vault + "key/0123456789abcdef0123456789abcdef"), "without a version"},
		"secret's value": {secret("hunter2"), `secrets["KEY"] "hunter2": want the URI`},
		"grace":          {func(a *args) { a.GraceSeconds = 601 }, "graceSeconds 601: want 1 to 600"},

		"no replicas":            {scale(containerapp.Scale{}), "scale.min 0, max 0: want 0 <= min <= max"},
		"many replicas":          {scale(containerapp.Scale{Min: 1, Max: 1001, CPUPercent: 60}), "max 1001: want"},
		"range":                  {scale(containerapp.Scale{Min: 3, Max: 2}), "scale.min 3, max 2: want"},
		"no rule":                {scale(containerapp.Scale{Min: 1, Max: 2}), "scale.max 2: want httpConcurrency or cpuPercent"},
		"CPU of nothing":         {scale(containerapp.Scale{Max: 2, CPUPercent: 60}), "scale.cpuPercent 60: nothing is measured at 0 replicas"},
		"CPU":                    {scale(containerapp.Scale{Min: 1, Max: 2, CPUPercent: 101}), "scale.cpuPercent 101: want 1 to 100"},
		"concurrency":            {scale(containerapp.Scale{Max: 2, HTTPConcurrency: -1}), "scale.httpConcurrency -1"},
		"requests of nobody":     {func(a *args) { a.Scale.HTTPConcurrency = 10 }, "without ingress there are no requests"},
		"nothing would start it": {func(a *args) { a.Scale.Min = 0 }, "scale.min 0: without ingress"},

		"port":       {ingress(func(i *containerapp.Ingress) { i.Port = 0 }), "ingress.port 0: want 1 to 65535"},
		"probe":      {ingress(func(i *containerapp.Ingress) { i.Probes.Readiness = "" }), `ingress.probes.readiness "": want a path`},
		"host bits":  {ingress(func(i *containerapp.Ingress) { i.AllowedCIDRs = []string{"173.245.48.1/20"} }), "allowedCidrs[0] \"173.245.48.1/20\": want an IPv4 range without host bits"},
		"IPv6":       {ingress(func(i *containerapp.Ingress) { i.AllowedCIDRs = []string{"2400:cb00::/32"} }), "Azure takes no IPv6"},
		"everybody":  {ingress(func(i *containerapp.Ingress) { i.AllowedCIDRs = []string{"0.0.0.0/0"} }), "is everybody"},
		"twice":      {ingress(func(i *containerapp.Ingress) { i.AllowedCIDRs = []string{"10.0.0.0/8", "10.0.0.0/8"} }), "allowedCidrs[1] \"10.0.0.0/8\": given twice"},
		"host":       {host(containerapp.Host{Name: "*.example.com"}), `ingress.hosts["api"].name "*.example.com": want a host`},
		"long host":  {host(containerapp.Host{Name: strings.Repeat("a", 60) + ".example.com"}), "want a host of at most 64 characters"},
		"host's key": {ingress(func(i *containerapp.Ingress) { i.Hosts["API"] = i.Hosts["api"] }), `ingress.hosts["API"]: want a key`},
		"host twice": {ingress(func(i *containerapp.Ingress) { i.Hosts["www"] = i.Hosts["api"] }), `ingress.hosts["www"].name "api.example.com": hosts["api"] has it too`},
		"unbound":    {host(containerapp.Host{Name: "api.example.com", Certificate: pulumi.String("c")}), `ingress.hosts["api"].certificate: serves a host that is bound`},
		"nobody validates": {ingress(func(i *containerapp.Ingress) { i.AllowInternet = false }),
			"Azure makes a certificate only for what the internet reaches: want allowInternet or a certificate"},

		"job's time":    {func(a *args) { *a = *job(); a.Job.TimeoutSeconds = -1 }, "job.timeoutSeconds -1: want at least 1"},
		"job's retries": {func(a *args) { *a = *job(); a.Job.Retries = 11 }, "job.retries 11: want 0 to 10"},
		"job's ingress": {func(a *args) { *a = *reached(); a.Job = &containerapp.Job{} }, "job: ingress, scale and graceSeconds are an app's"},
	})
}

func TestImages(t *testing.T) {
	digest := "@sha256:" + strings.Repeat("a", 64)
	for _, image := range []string{"r.azurecr.io/team/app1:1", "r.azurecr.io/app1" + digest, "r.azurecr.io/app1:1" + digest} {
		a := valid()
		a.Image = pulumi.String(image)
		require.NoError(t, a.Validate(), image)
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &containerapp.Args{Ingress: &containerapp.Ingress{}},
		"subscription", "name", "environment", "identity", "registry", "image", "cpu", "scale", "ingress.port", "ingress.probes")
}
