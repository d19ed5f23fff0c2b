package record_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/cloudflare/record"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/cloudflare"
)

const (
	recordType = "cloudflare:index/record:Record"
	zoneID     = "0da42c8d2132a9ddaf714f9e7c920711"
	recordID   = "372e67954025e0ba6aaa6d586b9e0b59"
)

// of is the smallest accepted Args of a type.
func of(typ, content string) *record.Args {
	args := &record.Args{ZoneID: pulumi.String(zoneID), Zone: "example.com", Name: "api", Type: typ, Owner: "ai-worker dev: api"}
	if content != "" {
		args.Content = pulumi.String(content)
	}
	return args
}

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *record.Args { return of("A", "203.0.113.8") }

func service() *record.Args {
	args := of("SRV", "")
	args.Name, args.SRV = "_sip._tcp", &record.SRV{Priority: 10, Weight: 5, Port: 5060, Target: "sip.example.net"}
	return args
}

func authority() *record.Args {
	args := of("CAA", "")
	args.CAA = &record.CAA{Tag: "issue", Value: "pki.goog"}
	return args
}

var (
	program = componentstest.Program(record.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{recordType + " main-record"}, componentstest.Tree(t, all, record.TypeToken))
	r := all.One(t, recordType)
	require.Equal(t, map[string]any{
		"zoneId": zoneID, "name": "api", "type": "A", "content": "203.0.113.8", "ttl": 1.0, "proxied": false, "comment": "ai-worker dev: api",
	}, r.Inputs.Mappable(), "ttl and proxied are explicit; nothing overwrites")
	require.False(t, r.Protect)
}

// The name must be as the provider has it after an import: another spelling replaces.
func TestNameOnTheWire(t *testing.T) {
	for name, want := range map[string]string{
		"api": "api", "@": "example.com", "example.com": "example.com", "*": "*", "*.preview": "*.preview", "a.b": "a.b",
		"_dmarc": "_dmarc", "s1._domainkey": "s1._domainkey", "1": "1",
	} {
		args := valid()
		args.Name = name
		require.Equal(t, want, run(t, args).One(t, recordType).Get("name"), name)
	}
}

func TestTypes(t *testing.T) {
	mx := of("MX", "smtp.google.com")
	mx.Priority = 1
	long := strings.Repeat("a", 300)
	for name, tc := range map[string]struct {
		args *record.Args
		want map[string]any
	}{
		"AAAA":         {of("AAAA", "2001:db8::1"), map[string]any{"content": "2001:db8::1"}},
		"CNAME":        {of("CNAME", "frontend-api.clerk.services"), map[string]any{"content": "frontend-api.clerk.services"}},
		"CNAME, dot":   {of("CNAME", "a1.authorize.certificatemanager.goog."), map[string]any{"content": "a1.authorize.certificatemanager.goog."}},
		"CNAME, _":     {of("CNAME", "_x.acm-validations.aws"), map[string]any{"content": "_x.acm-validations.aws"}},
		"MX":           {mx, map[string]any{"content": "smtp.google.com", "priority": 1.0, "data": nil}},
		"MX, null":     {of("MX", "."), map[string]any{"content": ".", "priority": 0.0}},
		"TXT":          {of("TXT", "v=spf1 -all"), map[string]any{"content": `"v=spf1 -all"`}},
		"TXT, escapes": {of("TXT", `a"b\c`), map[string]any{"content": `"a\"b\\c"`}},
		"TXT, long":    {of("TXT", long), map[string]any{"content": `"` + long[:255] + `" "` + long[255:] + `"`}},
		"CAA": {authority(), map[string]any{
			"content": nil, "data": map[string]any{"flags": "0", "tag": "issue", "value": "pki.goog"},
		}},
		"SRV": {service(), map[string]any{
			"content": nil, "priority": nil,
			"data": map[string]any{"priority": 10.0, "weight": 5.0, "port": 5060.0, "target": "sip.example.net"},
		}},
	} {
		t.Run(name, func(t *testing.T) { run(t, tc.args).One(t, recordType).Expect(t, tc.want) })
	}
}

// What is an output is quoted too, and otherwise left to the API.
func TestContentOfAnother(t *testing.T) {
	args := of("TXT", "")
	args.Content = pulumi.String("a b").ToStringOutput()
	require.Equal(t, `"a b"`, run(t, args).One(t, recordType).Get("content"))
	args = of("A", "")
	args.Content = pulumi.String("203.0.113.9").ToStringOutput()
	require.Equal(t, "203.0.113.9", run(t, args).One(t, recordType).Get("content"))
}

func TestProxied(t *testing.T) {
	for name, change := range map[string]func(*record.Args){
		"one level": func(*record.Args) {},
		"the zone":  func(a *record.Args) { a.Name = "@" },
		"its name":  func(a *record.Args) { a.Name = "example.com" },
		"wildcard":  func(a *record.Args) { a.Name = "*" },
		"ttl of 1":  func(a *record.Args) { a.TTL = 1 },
		"deeper":    func(a *record.Args) { a.Name, a.AdvancedCertificate = "api.dev", true },
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			args.Proxied = true
			change(args)
			run(t, args).One(t, recordType).Expect(t, map[string]any{"proxied": true, "ttl": 1.0})
		})
	}
}

func TestAdoption(t *testing.T) {
	for name, id := range map[string]pulumi.StringInput{"known": pulumi.String(zoneID), "output": pulumi.String(zoneID).ToStringOutput()} {
		args := valid()
		args.ZoneID, args.ImportID, args.Owner = id, recordID, ""
		r := run(t, args).One(t, recordType)
		require.Equal(t, zoneID+"/"+recordID, r.RPC.GetImportId(), name)
		require.Nil(t, r.Get("comment"), "an adopted record keeps none")
		require.Nil(t, r.Get("allowOverwrite"))
	}
	require.Empty(t, run(t, valid()).One(t, recordType).RPC.GetImportId())
}

func TestEveryInputMatters(t *testing.T) {
	const (
		notHere = "is of another type; below"
		exempt  = "only lifts a refusal; TestProxied"
	)
	host := func() *record.Args {
		args := valid()
		args.TTL, args.ImportID = 300, recordID
		return args
	}
	componentstest.NoDeadInput(t, host, program, componentstest.Vary{
		Values: map[string]any{
			"ZoneID": pulumi.String(recordID), "Type": "CNAME", "Content": pulumi.String("203.0.113.9"), "ImportID": zoneID,
		},
		Exempt: map[string]string{
			"Priority": notHere, "CAA": notHere, "SRV": notHere, "AdvancedCertificate": exempt, "Proxied": "excludes a ttl; TestProxied",
			"Zone": "is the name of the apex only; below", "Type": "goes with its content; TestTypes",
		},
	})
	const common = "is of every type; above"
	others := map[string]string{
		"ZoneID": common, "Name": common, "Type": common, "TTL": common, "Proxied": common, "AdvancedCertificate": exempt, "Owner": common, "ImportID": common, "Adopted": common,
	}
	with := func(more ...string) map[string]string {
		all := map[string]string{}
		for k, v := range others {
			all[k] = v
		}
		for _, k := range more {
			all[k] = notHere
		}
		return all
	}
	mail := func() *record.Args {
		args := of("MX", "mx.example.net")
		args.Name = "@"
		return args
	}
	componentstest.NoDeadInput(t, mail, program, componentstest.Vary{
		Values: map[string]any{"Content": pulumi.String("mx2.example.net")}, Exempt: with("CAA", "SRV"),
	})
	componentstest.NoDeadInput(t, authority, program, componentstest.Vary{
		Values: map[string]any{"CAA.Flags": 128, "CAA.Tag": "issuewild", "CAA.Value": "ssl.com"}, Exempt: with("Zone", "Content", "Priority", "SRV"),
	})
	componentstest.NoDeadInput(t, service, program, componentstest.Vary{Exempt: with("Zone", "Content", "Priority", "CAA")})
}
