package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

const authorizationID = "projects/test-project/locations/global/dnsAuthorizations/example"

func TestDnsAuthorization(t *testing.T) {
	valid := props{"name": "example", "domain": "example.com"}
	id, state, err := registered(t, authorizationType, valid)
	require.NoError(t, err)
	require.Equal(t, authorizationID, id)
	require.Equal(t, "FIXED_RECORD", state["type"])
	record := state["dnsResourceRecords"].([]any)[0].(props)
	require.Equal(t, "_acme-challenge.example.com.", record["name"])
	require.Equal(t, "CNAME", record["type"])
	require.Regexp(t, `^[0-9-]+\.[0-9]+\.authorize\.certificatemanager\.goog\.$`, record["data"])

	_, state, err = registered(t, authorizationType, valid, props{"type": "PER_PROJECT_RECORD"})
	require.NoError(t, err)
	record = state["dnsResourceRecords"].([]any)[0].(props)
	require.Regexp(t, `^_acme-challenge_[0-9]+\.example\.com\.$`, record["name"], "another record in each project")

	judged(t, authorizationType, valid, map[string]verdict{
		"wildcard": {props{"domain": "*.example.com"}, "without a wildcard"},
		"capitals": {props{"domain": "Example.com"}, "in lower case"},
		"a dot":    {props{"domain": "example.com."}, "a domain in lower case"},
		"name":     {props{"name": "1st"}, "a letter first"},
		"type":     {props{"type": "CNAME"}, "none of FIXED_RECORD"},
		"label":    {props{"labels": props{"team": "A"}}, "lower-case"},
	})
}

func TestCertificate(t *testing.T) {
	valid := props{"name": "api", "managed": props{
		"domains": []any{"example.com", "*.example.com"}, "dnsAuthorizations": []any{authorizationID},
	}}
	id, state, err := registered(t, certificateType, valid)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/global/certificates/api", id)
	require.Equal(t, "DEFAULT", state["scope"])
	require.Equal(t, "PROVISIONING", state["managed"].(props)["state"])

	many := make([]any, 101)
	for i := range many {
		many[i] = "example.com"
	}
	pem := props{"pemCertificate": "C", "pemPrivateKey": "K"}
	judged(t, certificateType, valid, map[string]verdict{
		"no proof":      {props{"managed.dnsAuthorizations": nil}, `the wildcard "*.example.com" needs a DNS authorization`},
		"load balanced": {props{"managed.domains": []any{"example.com"}, "managed.dnsAuthorizations": nil}, ""},
		"bare name":     {props{"managed.dnsAuthorizations[0]": "example"}, "an id,"},
		"inner star":    {props{"managed.domains[1]": "a.*.example.com"}, "a host in lower case"},
		"twice":         {props{"managed.domains[1]": "example.com"}, `"example.com" is there twice`},
		"many":          {props{"managed.domains": many}, "101 elements, want 1 to 100"},
		"no domains":    {props{"managed.domains": nil}, "managed.domains: missing"},
		"two proofs":    {props{"managed.issuanceConfig": "i"}, "exclude each other"},
		"both":          {props{"selfManaged": pem}, "exactly one of managed, selfManaged"},
		"neither":       {props{"managed": nil}, "exactly one of managed, selfManaged"},
		"own":           {props{"managed": nil, "selfManaged": pem}, ""},
		"half its own":  {props{"managed": nil, "selfManaged": props{"pemCertificate": "C"}}, "exactly one of selfManaged.pemPrivateKey"},
		"scope":         {props{"scope": "REGIONAL"}, "none of DEFAULT"},
	})
}

// A certificate is issued once the records of all its domains are there.
func TestCertificateSettles(t *testing.T) {
	record := func(domain string) string {
		return "CNAME _acme-challenge." + domain + " " + authorizationTarget("test-project", domain)
	}
	managed := props{"domains": []any{"example.com", "*.example.com", "example.net"}, "dnsAuthorizations": []any{authorizationID}}
	for name, tc := range map[string]struct {
		managed props
		records []string
		want    string
	}{
		"nothing":          {managed, nil, "PROVISIONING"},
		"one of two":       {managed, []string{record("example.com")}, "PROVISIONING"},
		"another target":   {managed, []string{record("example.com"), "CNAME _acme-challenge.example.net other"}, "PROVISIONING"},
		"all":              {managed, []string{record("example.com"), record("example.net")}, "ACTIVE"},
		"no authorization": {props{"domains": []any{"example.com"}}, []string{record("example.com")}, "PROVISIONING"},
	} {
		t.Run(name, func(t *testing.T) {
			there := map[sandbox.Named]bool{}
			for _, name := range tc.records {
				there[sandbox.Named{Type: recordType, Name: name}] = true
			}
			o := &sandbox.Object{Props: given(t, props{"project": "test-project", "managed": tc.managed})}
			fillCertificate(o)
			settleCertificate(o, func(n sandbox.Named) bool { return there[n] })
			require.Equal(t, tc.want, o.Str("managed.state"))
		})
	}
}

func TestCertificateMap(t *testing.T) {
	id, _, err := registered(t, certificateMapType, props{"name": "main"})
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/global/certificateMaps/main", id)
	judged(t, certificateMapType, props{"name": "main"}, map[string]verdict{"name": {props{"name": "a.b"}, "a letter first"}})

	certificate := "projects/test-project/locations/global/certificates/api"
	valid := props{"name": "api", "map": "main", "hostname": "api.example.com", "certificates": []any{certificate}}
	id, state, err := registered(t, mapEntryType, valid)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/global/certificateMaps/main/certificateMapEntries/api", id)
	require.Equal(t, "ACTIVE", state["state"])
	judged(t, mapEntryType, valid, map[string]verdict{
		"primary":         {props{"hostname": nil, "matcher": "PRIMARY"}, ""},
		"both":            {props{"matcher": "PRIMARY"}, "exactly one of hostname, matcher"},
		"neither":         {props{"hostname": nil}, "exactly one of hostname, matcher"},
		"matcher":         {props{"hostname": nil, "matcher": "DEFAULT"}, "none of PRIMARY"},
		"wildcard":        {props{"hostname": "*.example.com"}, ""},
		"hostname":        {props{"hostname": "*"}, "a host in lower case"},
		"bare name":       {props{"certificates[0]": "api"}, "an id,"},
		"no certificate":  {props{"certificates": nil}, "certificates: missing"},
		"five":            {props{"certificates": []any{certificate, certificate, certificate, certificate, certificate}}, "want 1 to 4"},
		"a map by its id": {props{"map": "projects/p/locations/global/certificateMaps/main"}, "a letter first"},
	})
}
