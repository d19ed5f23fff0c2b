package externaldns_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/externaldns"
	"ai-worker/components/kubernetes/helm"
	_ "ai-worker/internal/sandbox/kubernetes"
)

const zoneID = "023e105f4ecef8ad9ca31a8372d0c353"

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *externaldns.Args {
	return &externaldns.Args{
		Namespace: pulumi.String("ai-worker-dev"), ServiceAccount: pulumi.String("external-dns"),
		TokenSecret: externaldns.SecretKey{Name: pulumi.String("external-dns"), Key: "CLOUDFLARE_API_TOKEN"},
		Zone:        "ai-worker.example", ZoneID: pulumi.String(zoneID),
		Domains: []string{"dev.ai-worker.example"}, Owner: "main-dev",
	}
}

func full() *externaldns.Args {
	args := valid()
	args.Static = []string{"_acme-challenge.dev.ai-worker.example"}
	args.Interval, args.Proxied, args.AllowRecordDeletion, args.ChartVersion = "10m", true, true, "1.21.1"
	return args
}

var (
	program = componentstest.Program(externaldns.New, "dns")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{helm.ReleaseType + " dns-release"}, componentstest.Tree(t, all, externaldns.TypeToken))
	all.One(t, helm.ReleaseType).Expect(t, map[string]any{
		"chart": "external-dns", "version": "1.22.0", "repositoryOpts.repo": "https://kubernetes-sigs.github.io/external-dns/",
		"name": "external-dns", "namespace": "ai-worker-dev", "skipCrds": true,
	})
}

func TestStrongDefaults(t *testing.T) {
	run(t, valid()).One(t, helm.ReleaseType).Expect(t, map[string]any{
		"values.policy": "upsert-only", "values.registry": "txt", "values.txtOwnerId": "main-dev",
		"values.txtPrefix": "_edns-%{record_type}.", "values.annotationPrefix": "external-dns.kubernetes.io/",
		"values.domainFilters": []any{"dev.ai-worker.example"}, "values.excludeDomains": []any{},
		"values.sources": []any{"gateway-httproute"}, "values.managedRecordTypes": []any{"A", "AAAA"},
		"values.replicaCount": 1.0, "values.deploymentStrategy.type": "Recreate",
		"values.serviceAccount": map[string]any{"create": false, "name": "external-dns"},
		"values.env": []any{map[string]any{"name": "CF_API_TOKEN", "valueFrom": map[string]any{
			"secretKeyRef": map[string]any{"name": "external-dns", "key": "CLOUDFLARE_API_TOKEN"},
		}}},
		"values.extraArgs": map[string]any{
			"zone-id-filter": zoneID, "gateway-namespace": "ai-worker-dev", "cloudflare-proxied": false,
			"cloudflare-dns-records-per-page": "5000", "txt-wildcard-replacement": "_wildcard",
		},
	})
}

// It looks at one namespace, and what it needs beyond has a name of its own.
func TestNamespaced(t *testing.T) {
	run(t, valid()).One(t, helm.ReleaseType).Expect(t, map[string]any{
		"values.namespaced": true, "values.fullnameOverride": "external-dns-main-dev",
		"values.gatewayNamespace": nil, // the chart would leave out a right that external-dns needs
	})
}

// What is weaker must be spelt out, and then reaches the chart.
func TestWeaker(t *testing.T) {
	args := valid()
	args.AllowRecordDeletion, args.Proxied = true, true
	run(t, args).One(t, helm.ReleaseType).Expect(t, map[string]any{
		"values.policy": "sync", "values.extraArgs.cloudflare-proxied": true,
	})
}

// The values fit the chart's own schema, and every key of them is known to it, since
// the schema lets unknown ones pass.
func TestValuesFitTheChart(t *testing.T) {
	schema, err := jsonschema.Compile("testdata/values.schema.json")
	require.NoError(t, err)
	for name, args := range map[string]*externaldns.Args{"smallest": valid(), "everything": full()} {
		t.Run(name, func(t *testing.T) {
			values := run(t, args).One(t, helm.ReleaseType).Get("values")
			require.NoError(t, schema.Validate(values))
			known(t, schema, values, "values")
		})
	}
}

func known(t *testing.T, schema *jsonschema.Schema, value any, at string) {
	t.Helper()
	object, ok := value.(map[string]any)
	if !ok || len(schema.Properties) == 0 {
		return
	}
	for key, field := range object {
		require.Contains(t, schema.Properties, key, at)
		known(t, schema.Properties[key], field, at+"."+key)
	}
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"owner": "main-dev", "chartVersion": "1.22.0"},
		componentstest.Outputs(t, externaldns.New, valid()))
}

func TestRefusals(t *testing.T) {
	type args = externaldns.Args
	owner := func(s string) func(*args) { return func(a *args) { a.Owner = s } }
	interval := func(s string) func(*args) { return func(a *args) { a.Interval = s } }
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[args]{
		"no namespace":  {func(a *args) { a.Namespace = nil }, "namespace is required"},
		"account":       {func(a *args) { a.ServiceAccount = pulumi.String("External") }, `serviceAccount "External"`},
		"no token":      {func(a *args) { a.TokenSecret.Name = nil }, "tokenSecret.name is required"},
		"no token key":  {func(a *args) { a.TokenSecret.Key = "" }, `tokenSecret.key ""`},
		"no zone id":    {func(a *args) { a.ZoneID = nil }, "zoneID is required"},
		"zone id":       {func(a *args) { a.ZoneID = pulumi.String("ai-worker.example") }, `zoneID "ai-worker.example"`},
		"no owner":      {owner(""), `owner ""`},
		"owner default": {owner("default"), `owner "default"`},
		"long owner":    {owner("a23456789b123456789c123456789d123456789e123456789f1"), "at most 50"},
		"no interval":   {interval("5"), `interval "5"`},
		"too often":     {interval("1s"), `interval "1s"`},
		"range":         {func(a *args) { a.ChartVersion = "~1.22" }, `chartVersion "~1.22"`},
	})
	componentstest.ReportsAll(t, &args{}, "namespace", "serviceAccount", "tokenSecret", "zone", "zoneID", "domains", "owner")
}

func TestEveryInputMatters(t *testing.T) {
	// the zone appears in no record; that it bounds the domains is tested with them
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Namespace":        pulumi.String("other"),
			"ServiceAccount":   pulumi.String("other"),
			"TokenSecret.Name": pulumi.String("other"),
			"ZoneID":           pulumi.String("123e105f4ecef8ad9ca31a8372d0c353"),
			"Domains[0]":       "sandbox.ai-worker.example",
			"Static[0]":        "_other.dev.ai-worker.example",
			"Interval":         "15m",
			"ChartVersion":     "1.20.0",
		},
		Exempt: map[string]string{"Zone": "only bounds Domains; see TestNames"},
	})
}
