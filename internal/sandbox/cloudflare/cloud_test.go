package cloudflare

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"

	"ai-worker/internal/sandbox"
)

// cloud is the provider as the engine meets it, with one free zone.
type cloud struct {
	t *testing.T
	pulumirpc.ResourceProviderClient
}

func newCloud(t *testing.T) cloud {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sandbox.yaml")
	require.NoError(t, os.WriteFile(path, []byte(`
- type: cloudflare:index/zone:Zone
  inputs: {accountId: `+accountID+`, zone: example.com}
- type: cloudflare:index/record:Record
  inputs: {zoneId: `+zoneID+`, name: www, type: CNAME, content: hand.example.net}
`), 0o600))
	store := sandbox.NewStore()
	require.NoError(t, store.Give(path, Package()))
	require.NoError(t, store.Give(path, Package()), "what is there already stays")
	server, err := sandbox.Serve(t.Context(), store, Package())
	require.NoError(t, err)
	t.Cleanup(server.Close)
	connection, err := grpc.NewClient(strings.Replace(server.DebugProviders(), "cloudflare", "127.0.0.1", 1),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	return cloud{t, pulumirpc.NewResourceProviderClient(connection)}
}

func (c cloud) message(m props) *structpb.Struct {
	c.t.Helper()
	s, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(m), plugin.MarshalOptions{KeepUnknowns: true})
	require.NoError(c.t, err)
	return s
}

// create is the id and the state of a new object.
func (c cloud) create(typ string, inputs props) (string, props, error) {
	c.t.Helper()
	urn := "urn:pulumi:s::p::" + typ + "::n"
	checked, err := c.Check(c.t.Context(), &pulumirpc.CheckRequest{Urn: urn, News: c.message(inputs)})
	require.NoError(c.t, err)
	require.Empty(c.t, checked.GetFailures())
	made, err := c.Create(c.t.Context(), &pulumirpc.CreateRequest{Urn: urn, Properties: checked.GetInputs()})
	return made.GetId(), made.GetProperties().AsMap(), err
}

// diff is what a change of inputs would do to an object, by property.
func (c cloud) diff(typ string, inputs, change props) map[string]string {
	c.t.Helper()
	urn := "urn:pulumi:s::p::" + typ + "::n"
	news := maps.Clone(inputs)
	for key, value := range change {
		if news[key] = value; value == nil {
			delete(news, key)
		}
	}
	olds, err := c.Check(c.t.Context(), &pulumirpc.CheckRequest{Urn: urn, News: c.message(inputs)})
	require.NoError(c.t, err)
	checked, err := c.Check(c.t.Context(), &pulumirpc.CheckRequest{Urn: urn, News: c.message(news)})
	require.NoError(c.t, err)
	id, state, err := c.create(typ, inputs)
	require.NoError(c.t, err)
	got, err := c.Diff(c.t.Context(), &pulumirpc.DiffRequest{Urn: urn, Id: id, Olds: c.message(state), OldInputs: olds.GetInputs(), News: checked.GetInputs()})
	require.NoError(c.t, err)
	changes := map[string]string{}
	for path, change := range got.GetDetailedDiff() {
		changes[path] = change.GetKind().String()
		if got.GetDeleteBeforeReplace() {
			changes[path] += ", delete first"
		}
	}
	return changes
}

// TestDiff: what replaces, and what the provider does not take for a change.
func TestDiff(t *testing.T) {
	record := props{"zoneId": zoneID, "name": "api", "type": "CNAME", "content": "a.example.net", "ttl": 300, "proxied": false}
	dropped := props{"zoneId": zoneID, "settings": props{"ssl": "strict", "minTlsVersion": "1.2"}}
	for name, tc := range map[string]struct {
		typ            string
		inputs, change props
		want           map[string]string
	}{
		"name":          {recordType, record, props{"name": "api.example.com"}, map[string]string{"name": "UPDATE_REPLACE, delete first"}},
		"case":          {recordType, record, props{"name": "API"}, map[string]string{}},
		"last dot":      {recordType, record, props{"content": "a.example.net."}, map[string]string{}},
		"content":       {recordType, record, props{"content": "b.example.net"}, map[string]string{"content": "UPDATE"}},
		"no ttl":        {recordType, record, props{"ttl": nil}, map[string]string{}},
		"comment":       {recordType, record, props{"comment": "c"}, map[string]string{"comment": "ADD"}},
		"setting":       {settingsType, dropped, props{"settings": props{"ssl": "full", "minTlsVersion": "1.2"}}, map[string]string{"settings.ssl": "UPDATE"}},
		"less settings": {settingsType, dropped, props{"settings": props{"ssl": "strict"}}, map[string]string{}},
		"no settings":   {settingsType, dropped, props{"settings": nil}, map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, newCloud(t).diff(tc.typ, tc.inputs, tc.change))
		})
	}
}

func TestRecordsOfAZone(t *testing.T) {
	c := newCloud(t)
	record := func(name, typ, content string, more ...props) (string, props, error) {
		inputs := props{"zoneId": zoneID, "name": name, "type": typ, "content": content}
		for _, m := range more {
			for key, value := range m {
				inputs[key] = value
			}
		}
		return c.create(recordType, inputs)
	}
	_, got, err := record("@", "A", "203.0.113.7")
	require.NoError(t, err)
	require.Equal(t, "example.com", got["hostname"])
	for _, name := range []string{"@", "example.com"} { // both are the zone's
		_, _, err = record(name, "A", "203.0.113.7")
		require.ErrorContains(t, err, "An identical record already exists. (81058)")
	}
	_, _, err = record("example.com", "A", "203.0.113.8")
	require.NoError(t, err)
	_, _, err = record("www", "A", "203.0.113.7")
	require.ErrorContains(t, err, "A CNAME record with that host already exists. (81054)")
	_, _, err = record("api", "A", "203.0.113.7", props{"ttl": 30})
	require.ErrorContains(t, err, "(9021)", "the zone is a free one")
	_, _, err = record("api", "A", "203.0.113.7", props{"zoneId": accountID})
	require.ErrorContains(t, err, "there is no such "+zoneType)
	_, _, err = c.create(settingsType, props{"zoneId": zoneID, "settings": props{"polish": "off"}})
	require.ErrorContains(t, err, "read only")
	_, dnssec, err := c.create(dnssecType, props{"zoneId": zoneID})
	require.NoError(t, err)
	require.Regexp(t, `^example\.com\. 3600 IN DS [0-9]+ 13 2 [0-9A-F]{64}$`, dnssec["ds"])
}

// TestPoliciesOfAnApplication: what is in use stays, and an application's own goes with it.
func TestPoliciesOfAnApplication(t *testing.T) {
	c := newCloud(t)
	inputs := func(more props) props {
		all := props{"accountId": accountID}
		for key, value := range more {
			all[key] = value
		}
		return all
	}
	policy := props{"name": "staff", "decision": "allow", "includes": []any{props{"emailDomains": []any{"example.com"}}}}
	reusable, _, err := c.create(policyType, inputs(policy))
	require.NoError(t, err)
	application, _, err := c.create(applicationType, inputs(props{"name": "a", "domain": "a.example.com", "policies": []any{reusable}}))
	require.NoError(t, err)
	_, err = c.Delete(t.Context(), &pulumirpc.DeleteRequest{Id: reusable, Urn: "urn:pulumi:s::p::" + policyType + "::n"})
	require.ErrorContains(t, err, "is in use by "+applicationType)
	policy["applicationId"], policy["precedence"] = application, 1
	bound, _, err := c.create(policyType, inputs(policy))
	require.NoError(t, err)
	_, _, err = c.create(applicationType, inputs(props{"name": "b", "domain": "b.example.com", "policies": []any{bound}}))
	require.ErrorContains(t, err, "policies[0]: the policy is a part of application "+application)
	_, _, err = c.create(applicationType, inputs(props{"name": "b", "domain": "a.example.com"}))
	require.ErrorContains(t, err, "application_already_exists (11010)")
	policy["name"] = "others"
	_, _, err = c.create(policyType, inputs(policy))
	require.ErrorContains(t, err, "precedences must be unique (12130)")
}

// TestImport: by zone and record, and what it leaves out.
func TestImport(t *testing.T) {
	c := newCloud(t)
	id := hex32("record", zoneID, "www", "CNAME", "hand.example.net")
	read := func(by string) *pulumirpc.ReadResponse {
		got, err := c.Read(t.Context(), &pulumirpc.ReadRequest{Urn: "urn:pulumi:s::p::" + recordType + "::n", Id: by})
		require.NoError(t, err)
		return got
	}
	require.Empty(t, read(id).GetId(), "the id alone does not do")
	got := read(zoneID + "/" + id)
	require.Equal(t, id, got.GetId())
	require.Equal(t, "www", got.GetInputs().AsMap()["name"])
	require.NotContains(t, got.GetInputs().AsMap(), "content")
}

func TestProviderConfig(t *testing.T) {
	c := newCloud(t)
	checked, err := c.CheckConfig(t.Context(), &pulumirpc.CheckRequest{Urn: "urn:pulumi:s::p::pulumi:providers:cloudflare::cf", News: c.message(props{
		"apiToken": "dummy", "retries": 3, "version": "5.49.1"})})
	require.NoError(t, err)
	require.Len(t, checked.GetFailures(), 1)
	require.Contains(t, checked.GetFailures()[0].GetReason(), "API tokens must be 40 characters long")
}

func TestGetZone(t *testing.T) {
	c := newCloud(t)
	invoke := func(token string, args props) (props, error) {
		got, err := c.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: token, Args: c.message(args)})
		return got.GetReturn().AsMap(), err
	}
	for _, args := range []props{{"name": "example.com"}, {"zoneId": zoneID}} {
		zone, err := invoke(getZoneToken, args)
		require.NoError(t, err)
		require.Equal(t, []any{zoneID, zoneID, "example.com", "Free Website"}, []any{zone["id"], zone["zoneId"], zone["name"], zone["plan"]})
	}
	_, err := invoke(getZoneToken, props{"name": "example.com", "zoneId": zoneID})
	require.ErrorContains(t, err, "exactly one of zoneId, name")
	_, err = invoke(getZoneToken, props{"name": "example.org"})
	require.ErrorContains(t, err, "there is no")
	ranges, err := invoke(getRangeToken, props{})
	require.NoError(t, err)
	require.Len(t, ranges["cidrBlocks"], 22)
}
