package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/cloudflare/record"
	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/stacks"
)

const (
	onAzure    = "api-azure"
	azureHost  = "api-azure.dev.ai-worker.example"
	appType    = "azure-native:app/v20240301:ContainerApp"
	certType   = "azure-native:app/v20240301:ManagedCertificate"
	recordType = "cloudflare:index/record:Record"
)

func devOf(t *testing.T, provider string) *config.Settings {
	t.Helper()
	s, err := config.LoadFile("../Pulumi.dev.yaml", "dev-"+provider)
	require.NoError(t, err)
	return s
}

// TestHostsOnAzure: a host moves one stage at a time, and is named only when the zone
// has what proves it.
func TestHostsOnAzure(t *testing.T) {
	s := devOf(t, "azure")
	proofs := map[string]any{record.Key(onAzure, "CNAME", ""): "r1", record.Key("asuid."+onAzure, "TXT", ""): "r2"}
	run := func(stage, last string, records map[string]any) (componentstest.Registrations, error) {
		s.Azure.Hosts = map[string]config.AzureHost{onAzure: {Workload: "api", Stage: stage}}
		own := azureOutputs(s)
		own["hostStages"] = map[string]any{azureHost: last}
		zone := map[string]any{
			"contractVersion": 1, "zoneId": s.DNS.ZoneID, "stages": map[string]any{}, "owners": map[string]any{}, "records": records,
			"ds": "", "audiences": map[string]any{}, "tokenIds": map[string]any{}, "tokenSecrets": map[string]any{},
		}
		return componentstest.Run(t, stacks.Program("azure", s), componentstest.WithStack("dev-azure"),
			componentstest.WithStackOutputs("dev-azure", own), componentstest.WithStackOutputs("dev-cloudflare", zone))
	}
	for _, tc := range []struct {
		to, last string
		records  map[string]any
		want     string
	}{
		{"named", "", proofs, `"named": a new host begins at "dns-only"`},
		{"bound", "dns-only", proofs, `"bound": the host is at "dns-only", and moves one stage at a time: named, then bound`},
		{"named", "dns-only", nil, "stack dev-cloudflare has no record " + record.Key(onAzure, "CNAME", "") + ": bring it up first"},
	} {
		all, err := run(tc.to, tc.last, tc.records)
		require.ErrorContains(t, err, tc.want)
		require.Empty(t, all.OfType(appType), "made something before refusing")
	}
	for _, tc := range []struct {
		to, last, binding string
		certificates      int
	}{{"dns-only", "", "", 0}, {"named", "dns-only", "Disabled", 1}, {"bound", "named", "SniEnabled", 1}, {"dns-only", "bound", "", 0}} {
		all, err := run(tc.to, tc.last, proofs)
		require.NoError(t, err, tc.to)
		require.Len(t, all.OfType(certType), tc.certificates)
		domains, _ := all.One(t, appType, "run-api-app").Get("configuration.ingress.customDomains").([]any)
		if tc.binding == "" {
			require.Empty(t, domains)
			continue
		}
		domain := domains[0].(map[string]any)
		require.Equal(t, azureHost+" "+tc.binding, domain["name"].(string)+" "+domain["bindingType"].(string))
	}
}

// TestRecordsOfHostsOnAzure: the zone leads a host to its app, never by the proxy,
// and proves it to Azure; an app that is not there yet is asked for.
func TestRecordsOfHostsOnAzure(t *testing.T) {
	s := devOf(t, "cloudflare")
	all, err := componentstest.Run(t, stacks.Program("cloudflare", s), componentstest.WithStack("dev-cloudflare"), upstream(s))
	require.NoError(t, err)
	found := map[any]componentstest.Registration{}
	for _, r := range all.OfType(recordType) {
		found[r.Get("name")] = r
	}
	outputs := azureOutputs(s)
	cname, proof := found[onAzure], found["asuid."+onAzure]
	require.Equal(t, []any{"CNAME", outputs["hostTargets"].(map[string]any)[azureHost], false},
		[]any{cname.Get("type"), cname.Get("content"), cname.Get("proxied")})
	require.Equal(t, []any{"TXT", `"` + outputs["verificationId"].(string) + `"`}, []any{proof.Get("type"), proof.Get("content")})

	outputs["hostTargets"] = map[string]any{}
	_, err = componentstest.Run(t, stacks.Program("cloudflare", s), componentstest.WithStack("dev-cloudflare"), upstream(s),
		componentstest.WithStackOutputs("dev-azure", outputs))
	require.ErrorContains(t, err, "host "+azureHost+": stack dev-azure has no app for it: bring that stack up first")
	s.Azure.Image = ""
	all, err = componentstest.Run(t, stacks.Program("cloudflare", s), componentstest.WithStack("dev-cloudflare"), upstream(s))
	require.NoError(t, err)
	for _, r := range all.OfType(recordType) {
		require.NotContains(t, r.Get("name"), onAzure, "there is no app to lead to")
	}
}

// TestWithoutImage: the registry comes before what is pushed to it.
func TestWithoutImage(t *testing.T) {
	s := devOf(t, "azure")
	s.Azure.Image = ""
	all, err := componentstest.Run(t, stacks.Program("azure", s), componentstest.WithStack("dev-azure"))
	require.NoError(t, err)
	require.Empty(t, all.OfType(appType))
	require.Len(t, all.OfType("azure-native:containerregistry:Registry"), 1)
	require.Len(t, all.OfType("azure-native:app/v20240301:ManagedEnvironment"), 1)
}

// TestOldTokens: repositories whose tokens have no numbers are trusted by name only
// where that is asked for.
func TestOldTokens(t *testing.T) {
	s := devOf(t, "azure")
	subjects := func() []any {
		all, err := componentstest.Run(t, stacks.Program("azure", s), componentstest.WithStack("dev-azure"))
		require.NoError(t, err)
		var subjects []any
		for _, r := range all.OfType("azure-native:managedidentity:FederatedIdentityCredential") {
			subjects = append(subjects, r.Get("subject"))
		}
		return subjects
	}
	require.Contains(t, subjects(), "repo:example-org@100000001/ai-worker@200000001:environment:dev")
	s.Azure.Deploy.AllowReusedNames = true
	require.Contains(t, subjects(), "repo:example-org/ai-worker:environment:dev")
}
