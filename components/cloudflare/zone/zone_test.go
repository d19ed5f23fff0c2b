package zone_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/cloudflare/zone"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/cloudflare"
)

const (
	settingsType = "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride"
	dnssecType   = "cloudflare:index/zoneDnssec:ZoneDnssec"
	recordType   = "cloudflare:index/record:Record"
	zoneID       = "0da42c8d2132a9ddaf714f9e7c920711"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *zone.Args {
	return &zone.Args{ZoneID: pulumi.String(zoneID), Zone: "example.com", Owner: "ai-worker dev: zone"}
}

func full() *zone.Args {
	args := valid()
	args.SSL, args.MinTLS = "full", "1.3"
	args.HSTS = &zone.HSTS{MaxAgeDays: 90, IncludeSubdomains: true}
	args.CAA = zone.CAA{Extra: []string{"amazon.com"}, Iodef: "mailto:security@example.com"}
	return args
}

var (
	program = componentstest.Program(zone.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		recordType + " main-caa-issue-letsencrypt.org",
		recordType + " main-caa-issue-pki.goog",
		recordType + " main-caa-issue-sectigo.com",
		recordType + " main-caa-issue-ssl.com",
		recordType + " main-caa-issuewild-letsencrypt.org",
		recordType + " main-caa-issuewild-pki.goog",
		recordType + " main-caa-issuewild-sectigo.com",
		recordType + " main-caa-issuewild-ssl.com",
		dnssecType + " main-dnssec",
		settingsType + " main-settings",
	}, componentstest.Tree(t, run(t, valid()), zone.TypeToken))

	args := full()
	args.DisableDNSSEC = true
	tree := componentstest.Tree(t, run(t, args), zone.TypeToken)
	require.Subset(t, tree, []string{
		recordType + " main-caa-iodef", recordType + " main-caa-issue-amazon.com", recordType + " main-caa-issuewild-amazon.com",
	})
	require.NotContains(t, tree, dnssecType+" main-dnssec")

	args = valid()
	args.CAA.Disabled = true
	require.Equal(t, []string{dnssecType + " main-dnssec", settingsType + " main-settings"}, componentstest.Tree(t, run(t, args), zone.TypeToken))
}

// Every setting is spelt out: one left out later would keep its value.
func TestSettings(t *testing.T) {
	require.Equal(t, map[string]any{
		"ssl": "strict", "sslAutomaticMode": "custom", "minTlsVersion": "1.2", "tls13": "on", "zeroRtt": "off",
		"alwaysUseHttps": "on", "automaticHttpsRewrites": "on", "opportunisticEncryption": "on", "browserCheck": "on",
		"securityHeader": map[string]any{"enabled": false, "maxAge": 0.0, "includeSubdomains": false, "preload": false, "nosniff": true},
	}, run(t, valid()).One(t, settingsType).Get("settings"))

	args := full()
	args.HSTS.MaxAgeDays, args.HSTS.Preload = 365, true
	run(t, args).One(t, settingsType).Expect(t, map[string]any{
		"settings.ssl": "full", "settings.minTlsVersion": "1.3",
		"settings.securityHeader": map[string]any{"enabled": true, "maxAge": 31536000.0, "includeSubdomains": true, "preload": true, "nosniff": true},
	})
}

func TestAuthorities(t *testing.T) {
	all := run(t, full())
	all.One(t, recordType, "main-caa-issuewild-pki.goog").Expect(t, map[string]any{
		"zoneId": zoneID, "name": "example.com", "type": "CAA", "comment": "ai-worker dev: zone",
		"data": map[string]any{"flags": "0", "tag": "issuewild", "value": "pki.goog"},
	})
	require.Equal(t, map[string]any{"flags": "0", "tag": "iodef", "value": "mailto:security@example.com"},
		all.One(t, recordType, "main-caa-iodef").Get("data"))
}

// Destroyed by accident, settings would go back to weaker ones and DNSSEC would
// take the zone off the net.
func TestProtection(t *testing.T) {
	for _, allow := range []bool{false, true} {
		args := valid()
		args.AllowDeletion = allow
		all := run(t, args)
		require.Equal(t, !allow, all.One(t, settingsType).Protect)
		require.Equal(t, !allow, all.One(t, dnssecType).Protect)
		require.False(t, all.One(t, recordType, "main-caa-issue-pki.goog").Protect)
	}
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, zone.New, valid())
	require.Equal(t, "strict", outputs["ssl"])
	require.NotEmpty(t, outputs["ds"])
	require.NotEmpty(t, outputs["dnssecStatus"])

	args := valid()
	args.DisableDNSSEC = true
	require.Equal(t, map[string]any{"ssl": "strict", "ds": "", "dnssecStatus": "disabled"}, componentstest.Outputs(t, zone.New, args))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"ZoneID": pulumi.String("372e67954025e0ba6aaa6d586b9e0b59"), "Zone": "example.net", "SSL": "strict", "MinTLS": "1.2",
			"CAA.Extra[0]": "actalis.it", "CAA.Iodef": "https://example.com/caa",
		},
		Exempt: map[string]string{"HSTS.Preload": "needs 365 days; TestSettings", "CAA.Disabled": "excludes the others; TestChildren"},
	})
}

func TestRefusals(t *testing.T) {
	hsts := func(h zone.HSTS) func(*zone.Args) { return func(a *zone.Args) { a.HSTS = &h } }
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[zone.Args]{
		"no zone id":       {func(a *zone.Args) { a.ZoneID = nil }, "zoneId is required"},
		"zone":             {func(a *zone.Args) { a.Zone = "example.com." }, `zone "example.com."`},
		"ssl, off":         {func(a *zone.Args) { a.SSL = "off" }, `ssl "off": Cloudflare would reach the origins without TLS`},
		"ssl, flexible":    {func(a *zone.Args) { a.SSL = "flexible" }, "without TLS"},
		"ssl, other":       {func(a *zone.Args) { a.SSL = "Strict" }, `ssl "Strict": want one of strict, full`},
		"tls":              {func(a *zone.Args) { a.MinTLS = "1.1" }, `minTls "1.1"`},
		"hsts, no age":     {hsts(zone.HSTS{}), "hsts.maxAgeDays 0"},
		"hsts, age":        {hsts(zone.HSTS{MaxAgeDays: 366}), "hsts.maxAgeDays 366"},
		"preload, age":     {hsts(zone.HSTS{MaxAgeDays: 364, IncludeSubdomains: true, Preload: true}), "hsts.preload: needs"},
		"preload, subs":    {hsts(zone.HSTS{MaxAgeDays: 365, Preload: true}), "hsts.preload: needs"},
		"no owner":         {func(a *zone.Args) { a.Owner = "" }, "owner is required"},
		"owner":            {func(a *zone.Args) { a.Owner = strings.Repeat("a", 101) }, "at most 100"},
		"authority":        {func(a *zone.Args) { a.CAA.Extra = []string{"https://amazon.com"} }, `caa.extra[0] "https://amazon.com"`},
		"authority, twice": {func(a *zone.Args) { a.CAA.Extra = []string{"pki.goog"} }, `"pki.goog": given twice`},
		"iodef":            {func(a *zone.Args) { a.CAA.Iodef = "security@example.com" }, "caa.iodef"},
		"disabled, extra":  {func(a *zone.Args) { a.CAA = zone.CAA{Disabled: true, Extra: []string{"amazon.com"}} }, "excluded by disabled"},
		"disabled, iodef":  {func(a *zone.Args) { a.CAA = zone.CAA{Disabled: true, Iodef: "mailto:a@b.c"} }, "excluded by disabled"},
	})
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &zone.Args{SSL: "off", MinTLS: "1", HSTS: &zone.HSTS{}, CAA: zone.CAA{Iodef: "x"}},
		"zoneId", "zone ", "ssl", "minTls", "hsts", "owner", "caa.iodef")
}
