package record_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/cloudflare/record"
	"ai-worker/components/componentstest"
)

func TestRefusals(t *testing.T) {
	become := func(typ, content string) func(*record.Args) { return func(a *record.Args) { *a = *of(typ, content) } }
	named := func(name string) func(*record.Args) { return func(a *record.Args) { a.Name = name } }
	proxied := func(change func(*record.Args)) func(*record.Args) {
		return func(a *record.Args) {
			a.Proxied = true
			change(a)
		}
	}
	caa := func(c record.CAA) func(*record.Args) {
		return func(a *record.Args) { *a = *authority(); a.CAA = &c }
	}
	srv := func(change func(*record.Args)) func(*record.Args) {
		return func(a *record.Args) { *a = *service(); change(a) }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[record.Args]{
		"no zone id":        {func(a *record.Args) { a.ZoneID = nil }, "zoneId is required"},
		"zone id":           {func(a *record.Args) { a.ZoneID = pulumi.String("example.com") }, `zoneId "example.com"`},
		"zone":              {func(a *record.Args) { a.Zone = "Example.com" }, `zone "Example.com"`},
		"no name":           {named(""), `name ""`},
		"name, full":        {named("api.example.com"), "leave the zone \"example.com\" out"},
		"name, capitals":    {named("API"), `name "API"`},
		"name, dot":         {named("api."), `name "api."`},
		"name, inner *":     {named("a.*"), `name "a.*"`},
		"name, part *":      {named("a*"), `name "a*"`},
		"name, long label":  {named(strings.Repeat("a", 64)), "at most 63"},
		"name, long":        {named(strings.Repeat("a.", 125) + "a"), "at most 63"},
		"type":              {func(a *record.Args) { a.Type = "a" }, `type "a": want one of A, AAAA`},
		"no type":           {func(a *record.Args) { a.Type = "" }, `type ""`},
		"no content":        {become("A", ""), "content is required by a record of type A"},
		"A, IPv6":           {become("A", "2001:db8::1"), "want an IPv4 address"},
		"A, mapped":         {become("A", "::ffff:203.0.113.8"), "want an IPv4 address"},
		"A, space":          {become("A", "203.0.113.8 "), "want an IPv4 address"},
		"AAAA, IPv4":        {become("AAAA", "203.0.113.8"), "want an IPv6 address"},
		"AAAA, mapped":      {become("AAAA", "::ffff:203.0.113.8"), "want an IPv6 address"},
		"AAAA, link":        {become("AAAA", "fe80::1%eth0"), "want an IPv6 address"},
		"CNAME, scheme":     {become("CNAME", "https://app.example.net"), "want a full host name"},
		"CNAME, address":    {become("CNAME", "203.0.113.8"), "want a full host name"},
		"CNAME, @":          {become("CNAME", "@"), "want a full host name"},
		"CNAME, case":       {become("CNAME", "App.example.net"), "want a full host name"},
		"CNAME, space":      {become("CNAME", "app.example.net "), "want a full host name"},
		"CNAME, itself":     {become("CNAME", "api.example.com."), "would name itself"},
		"MX, address":       {become("MX", "203.0.113.8"), "not an address"},
		"MX, priority":      {func(a *record.Args) { *a = *of("MX", "mx.example.net"); a.Priority = 65536 }, "priority 65536"},
		"MX, null priority": {func(a *record.Args) { *a = *of("MX", "."); a.Priority = 10 }, `an MX of "." has 0`},
		"priority of an A":  {func(a *record.Args) { a.Priority = 10 }, "priority 10: is of an MX only"},
		"TXT, empty":        {func(a *record.Args) { *a = *of("TXT", ""); a.Content = pulumi.String("") }, `content "": want text`},
		"TXT, spaces":       {become("TXT", " x"), "without spaces around it"},
		"TXT, quotes":       {become("TXT", `"x"`), "want the plain text"},
		"TXT, accents":      {become("TXT", "é"), "printable ASCII"},
		"TXT, tab":          {become("TXT", "a\tb"), "printable ASCII"},
		"TXT, delete":       {become("TXT", "a\x7fb"), "printable ASCII"},
		"TXT, long":         {become("TXT", strings.Repeat("a", 4081)), "4081 characters"},
		"CAA, content":      {func(a *record.Args) { *a = *authority(); a.Content = pulumi.String("x") }, "has caa instead"},
		"CAA, none":         {become("CAA", ""), "caa: want it"},
		"caa of an A":       {func(a *record.Args) { a.CAA = &record.CAA{} }, "caa: want it with a record of type CAA"},
		"CAA, flags":        {caa(record.CAA{Flags: 1, Tag: "issue", Value: "pki.goog"}), "caa.flags 1"},
		"CAA, tag":          {caa(record.CAA{Tag: "Issue", Value: "pki.goog"}), `caa.tag "Issue"`},
		"CAA, no value":     {caa(record.CAA{Tag: "issue"}), `caa.value ""`},
		"CAA, url":          {caa(record.CAA{Tag: "issue", Value: "https://pki.goog"}), "want the domain of an authority"},
		"CAA, iodef":        {caa(record.CAA{Tag: "iodef", Value: "security@example.com"}), "want where reports go"},
		"SRV, none":         {become("SRV", ""), "srv: want it"},
		"srv of an A":       {func(a *record.Args) { a.SRV = &record.SRV{} }, "srv: want it with a record of type SRV"},
		"SRV, name":         {srv(named("sip")), `as "_sip._tcp"`},
		"SRV, target":       {srv(func(a *record.Args) { a.SRV.Target = "203.0.113.8" }), "srv.target"},
		"SRV, priority":     {srv(func(a *record.Args) { a.SRV.Priority = -1 }), "srv.priority -1"},
		"SRV, weight":       {srv(func(a *record.Args) { a.SRV.Weight = 70000 }), "srv.weight 70000"},
		"SRV, port":         {srv(func(a *record.Args) { a.SRV.Port = 65536 }), "srv.port 65536"},
		"ttl, short":        {func(a *record.Args) { a.TTL = 59 }, "ttl 59"},
		"ttl, long":         {func(a *record.Args) { a.TTL = 86401 }, "ttl 86401"},
		"ttl, negative":     {func(a *record.Args) { a.TTL = -1 }, "ttl -1"},
		"proxied, ttl":      {proxied(func(a *record.Args) { a.TTL = 300 }), "ttl 300: a proxied record's is automatic"},
		"proxied, TXT":      {proxied(func(a *record.Args) { a.Type, a.Content = "TXT", pulumi.String("x") }), `of type "TXT" cannot be`},
		"proxied, private":  {proxied(func(a *record.Args) { a.Content = pulumi.String("10.0.0.1") }), "public addresses only"},
		"proxied, _":        {proxied(named("_api")), "has an underscore"},
		"proxied, deep":     {proxied(named("api.dev")), "Universal SSL covers names one level below"},
		"no owner":          {func(a *record.Args) { a.Owner = "" }, "owner is required"},
		"owner, long":       {func(a *record.Args) { a.Owner = strings.Repeat("é", 101) }, "at most 100 characters"},
		"owner, lines":      {func(a *record.Args) { a.Owner = "a\nb" }, "want one line"},
		"import id":         {func(a *record.Args) { a.ImportID = zoneID + "/" + recordID }, "want the record's id"},
	})
}

func TestAccepted(t *testing.T) {
	for _, args := range []*record.Args{of("A", "10.0.0.1"), of("TXT", strings.Repeat("a", 4079)), of("TXT", "a")} {
		require.NoError(t, args.Validate())
	}
	for _, c := range []record.CAA{
		{Tag: "issue", Value: ";"}, {Flags: 128, Tag: "issuewild", Value: "letsencrypt.org; validationmethods=dns-01"},
		{Tag: "iodef", Value: "mailto:security@example.com"}, {Tag: "iodef", Value: "https://example.com/caa"},
	} {
		args := authority()
		args.CAA = &c
		require.NoError(t, args.Validate())
	}
	none := service()
	none.SRV = &record.SRV{Target: "."}
	require.NoError(t, none.Validate())
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &record.Args{Type: "A", Proxied: true, TTL: 5, ImportID: "x", Owner: "a\nb"},
		"zoneId", "zone", "name", "content", "ttl 5: want", "ttl 5: a proxied", "owner", "importId")
}
