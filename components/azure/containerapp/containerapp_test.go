package containerapp_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/containerapp"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/app"
)

const (
	appType         = "azure-native:app/v20240301:ContainerApp"
	jobType         = "azure-native:app/v20240301:Job"
	certificateType = "azure-native:app/v20240301:ManagedCertificate"

	clientID    = "00000000-0000-4000-8000-000000000002"
	group       = "/subscriptions/" + componentstest.Subscription + "/resourceGroups/ai-worker-dev"
	environment = group + "/providers/Microsoft.App/managedEnvironments/main"
	identity    = group + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/api"
	vault       = "https://ai-worker-dev.vault.azure.net/secrets/"
)

// valid is the smallest accepted app; a test changes only what it is about.
func valid() *containerapp.Args {
	return &containerapp.Args{
		Place: azure.Place{
			Subscription: componentstest.Subscription, Group: "ai-worker-dev", GroupName: pulumi.String("ai-worker-dev"), Location: "japaneast",
		},
		Name:        "api",
		Environment: pulumi.String(environment),
		Identity:    containerapp.Identity{ID: pulumi.String(identity), ClientID: pulumi.String(clientID)},
		Registry:    pulumi.String("aiworkerdev.azurecr.io"),
		Image:       pulumi.String("aiworkerdev.azurecr.io/app1:1.2.3"),
		CPU:         0.25,
		Scale:       containerapp.Scale{Min: 1, Max: 1},
	}
}

// reached is an app with ingress.
func reached() *containerapp.Args {
	a := valid()
	a.Ingress = &containerapp.Ingress{
		Port: 3000, Probes: containerapp.Probes{Startup: "/healthz", Readiness: "/readyz", Liveness: "/healthz"},
	}
	return a
}

// hosted is an app with a host at a stage.
func hosted(bound bool) *containerapp.Args {
	a := reached()
	a.Ingress.AllowInternet = true
	a.Ingress.Hosts = map[string]containerapp.Host{"api": {Name: "api.example.com", Bound: bound}}
	return a
}

// job is the smallest accepted job.
func job() *containerapp.Args {
	a := valid()
	a.Name, a.Scale, a.Job = "migrate", containerapp.Scale{}, &containerapp.Job{}
	return a
}

var (
	program = componentstest.Program(containerapp.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	for name, tc := range map[string]struct {
		args *containerapp.Args
		want []string
	}{
		"app":  {valid(), []string{appType + " main-app"}},
		"job":  {job(), []string{jobType + " main-job"}},
		"host": {hosted(false), []string{appType + " main-app", certificateType + " main-certificate-api"}},
	} {
		require.Equal(t, tc.want, componentstest.Tree(t, run(t, tc.args), containerapp.TypeToken), name)
	}
}

func TestTheDefaultIsStrong(t *testing.T) {
	a := reached()
	a.Arguments = []string{"api"}
	run(t, a).One(t, appType).Expect(t, map[string]any{
		"containerAppName":                             "api",
		"environmentId":                                environment,
		"workloadProfileName":                          "Consumption",
		"identity":                                     map[string]any{"type": "UserAssigned", "userAssignedIdentities": []any{identity}},
		"configuration.activeRevisionsMode":            "Single",
		"configuration.registries":                     []any{map[string]any{"server": "aiworkerdev.azurecr.io", "identity": identity}},
		"configuration.ingress.external":               false,
		"configuration.ingress.allowInsecure":          false,
		"configuration.ingress.targetPort":             3000.0,
		"configuration.ingress.transport":              "auto",
		"configuration.ingress.stickySessions":         map[string]any{"affinity": "none"},
		"configuration.ingress.traffic":                []any{map[string]any{"latestRevision": true, "weight": 100.0}},
		"template.terminationGracePeriodSeconds":       60.0,
		"template.containers[0].image":                 "aiworkerdev.azurecr.io/app1:1.2.3",
		"template.containers[0].args":                  []any{"api"},
		"template.containers[0].resources":             map[string]any{"cpu": 0.25, "memory": "0.5Gi"},
		"template.containers[0].env":                   []any{map[string]any{"name": "AZURE_CLIENT_ID", "value": clientID}},
		"template.scale.minReplicas":                   1.0,
		"template.scale.maxReplicas":                   1.0,
		"template.containers[0].probes[1].type":        "Readiness",
		"template.containers[0].probes[1].httpGet":     map[string]any{"path": "/readyz", "port": 3000.0, "scheme": "HTTP"},
		"template.containers[0].probes[0].type":        "Startup",
		"template.containers[0].probes[2].type":        "Liveness",
		"configuration.ingress.customDomains[0]":       nil,
		"configuration.ingress.additionalPortMappings": nil,
	})
}

func TestEnvironment(t *testing.T) {
	a := valid()
	a.Env = map[string]pulumi.StringInput{"PGDATABASE": pulumi.String("app"), "A_BUCKET": pulumi.String("x")}
	a.Secrets = map[string]pulumi.StringInput{"OPENAI_API_KEY": pulumi.String(vault + "openai")}
	for _, args := range []*containerapp.Args{a, asJob(*a)} {
		all := run(t, args)
		r := append(all.OfType(appType), all.OfType(jobType)...)[0]
		r.Expect(t, map[string]any{
			"template.containers[0].env": []any{
				map[string]any{"name": "AZURE_CLIENT_ID", "value": clientID},
				map[string]any{"name": "A_BUCKET", "value": "x"},
				map[string]any{"name": "PGDATABASE", "value": "app"},
				map[string]any{"name": "OPENAI_API_KEY", "secretRef": "openai-api-key"},
			},
			"configuration.secrets": []any{map[string]any{"name": "openai-api-key", "keyVaultUrl": vault + "openai", "identity": identity}},
		})
	}
}

func asJob(a containerapp.Args) *containerapp.Args {
	a.Job, a.Ingress, a.Scale, a.GraceSeconds = &containerapp.Job{}, nil, containerapp.Scale{}, 0
	return &a
}

func TestWhoIsAdmitted(t *testing.T) {
	a := reached()
	a.Ingress.AllowInternet, a.Ingress.HTTP2, a.Ingress.AllowedCIDRs = true, true, []string{"173.245.48.0/20", "103.21.244.0/22"}
	run(t, a).One(t, appType).Expect(t, map[string]any{
		"configuration.ingress.external":  true,
		"configuration.ingress.transport": "http2",
		"configuration.ingress.ipSecurityRestrictions": []any{
			map[string]any{"name": "allow-173-245-48-0-20", "action": "Allow", "ipAddressRange": "173.245.48.0/20"},
			map[string]any{"name": "allow-103-21-244-0-22", "action": "Allow", "ipAddressRange": "103.21.244.0/22"},
		},
	})
}

// From one stage to the next only the app's binding changes, and the app never waits
// for the certificate that waits for it.
func TestStagesOfAHost(t *testing.T) {
	named, bound := run(t, hosted(false)), run(t, hosted(true))
	domain := func(all componentstest.Registrations) any {
		return all.One(t, appType).Get("configuration.ingress.customDomains")
	}
	require.Equal(t, []any{map[string]any{"name": "api.example.com", "bindingType": "Disabled"}}, domain(named))
	require.Equal(t, []any{map[string]any{
		"name": "api.example.com", "bindingType": "SniEnabled", "certificateId": environment + "/managedCertificates/api-example-com",
	}}, domain(bound))
	require.Equal(t, named.One(t, certificateType).Inputs, bound.One(t, certificateType).Inputs)
	for _, all := range []componentstest.Registrations{named, bound} {
		app, certificate := all.One(t, appType), all.One(t, certificateType)
		certificate.Expect(t, map[string]any{
			"environmentName":        "main",
			"managedCertificateName": "api-example-com",
			"properties":             map[string]any{"subjectName": "api.example.com", "domainControlValidation": "CNAME"},
		})
		require.Contains(t, certificate.RPC.GetDependencies(), app.URN)
		require.NotContains(t, app.RPC.GetDependencies(), certificate.URN)
		require.Empty(t, certificate.DeletedWith, "a destroy would leave it behind")
	}
	require.Equal(t, bound.One(t, certificateType).ID, bound.One(t, appType).Get("configuration.ingress.customDomains[0].certificateId"),
		"the composed id is the certificate's")
}

// A certificate in use cannot be deleted, and is what a destroy begins with.
func TestAllowDeletion(t *testing.T) {
	a := hosted(true)
	a.AllowDeletion = true
	all := run(t, a)
	require.Equal(t, all.One(t, appType).URN, all.One(t, certificateType).DeletedWith)
}

func TestACertificateOfOnesOwn(t *testing.T) {
	const own = environment + "/certificates/origin"
	a := reached() // also where the internet reaches nothing
	a.Ingress.Hosts = map[string]containerapp.Host{"api": {Name: "api.example.com", Bound: true, Certificate: pulumi.String(own)}}
	all := run(t, a)
	require.Empty(t, all.OfType(certificateType))
	require.Equal(t, own, all.One(t, appType).Get("configuration.ingress.customDomains[0].certificateId"))
}

func TestScale(t *testing.T) {
	a := reached()
	a.Scale = containerapp.Scale{Min: 2, Max: 10, HTTPConcurrency: 50, CPUPercent: 60}
	run(t, a).One(t, appType).Expect(t, map[string]any{"template.scale": map[string]any{
		"minReplicas": 2.0, "maxReplicas": 10.0,
		"rules": []any{
			map[string]any{"name": "http", "http": map[string]any{"metadata": map[string]any{"concurrentRequests": "50"}}},
			map[string]any{"name": "cpu", "custom": map[string]any{"type": "cpu", "metadata": map[string]any{"type": "Utilization", "value": "60"}}},
		},
	}})
}

func TestJob(t *testing.T) {
	a := job()
	a.Job.Retries = 2
	run(t, a).One(t, jobType).Expect(t, map[string]any{
		"jobName":                           "migrate",
		"configuration.triggerType":         "Manual",
		"configuration.replicaTimeout":      900.0,
		"configuration.replicaRetryLimit":   2.0,
		"configuration.manualTriggerConfig": map[string]any{"parallelism": 1.0, "replicaCompletionCount": 1.0},
		"template.containers[0].probes":     nil,
	})
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, containerapp.New, hosted(false))
	require.Equal(t, "api", outputs["app"])
	require.Equal(t, group+"/providers/Microsoft.App/containerApps/api", outputs["appId"])
	require.NotEmpty(t, outputs["fqdn"])
	require.Equal(t, map[string]string{"api": environment + "/managedCertificates/api-example-com"}, outputs["certificates"])

	outputs = componentstest.Outputs(t, containerapp.New, job())
	require.Equal(t, group+"/providers/Microsoft.App/jobs/migrate", outputs["appId"])
	require.Empty(t, outputs["fqdn"])
	require.Empty(t, outputs["certificates"])
	require.Empty(t, componentstest.Outputs(t, containerapp.New, valid())["fqdn"], "without ingress")
}
