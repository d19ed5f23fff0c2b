package cloudflare

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

func TestRecordKind(t *testing.T) {
	valid := props{"zoneId": zoneID, "name": "api", "type": "A", "content": "203.0.113.7"}
	of := func(typ, content string) props { return props{"type": typ, "content": content} }
	data := func(typ string, data props) props {
		return props{"type": typ, "name": "_sip._tcp", "content": nil, "data": data}
	}
	mx := func(content string) props { return props{"type": "MX", "content": content, "priority": 10} }
	caa := func(flags, tag, value string) props {
		return data("CAA", props{"flags": flags, "tag": tag, "value": value})
	}
	srv := func(target string) props {
		return data("SRV", props{"priority": 10, "weight": 0, "port": 5060, "target": target})
	}
	proxied := func(more props) props {
		change := props{"proxied": true}
		for key, value := range more {
			change[key] = value
		}
		return change
	}
	unknown := resource.MakeComputed(resource.NewProperty(""))
	judged(t, recordType, valid, map[string]verdict{
		"A":                    {nil, ""},
		"A unknown":            {props{"content": unknown}, ""},
		"A of a name":          {of("A", "example.com"), "valid IPv4 address. (9005)"},
		"A of IPv6":            {of("A", "2001:db8::1"), "valid IPv4 address. (9005)"},
		"AAAA":                 {of("AAAA", "2001:db8::1"), ""},
		"AAAA of IPv4":         {of("AAAA", "203.0.113.7"), "valid IPv6 address. (9006)"},
		"AAAA of mapped IPv4":  {of("AAAA", "::ffff:203.0.113.7"), "valid IPv6 address. (9006)"},
		"CNAME":                {of("CNAME", "lb.example.net."), ""},
		"CNAME of an address":  {of("CNAME", "203.0.113.7"), "no host name"},
		"CNAME in capitals":    {of("CNAME", "LB.example.net"), "want lower case"},
		"CNAME at the apex":    {props{"type": "CNAME", "name": "@", "content": "lb.example.net"}, ""},
		"TXT":                  {of("TXT", "v=spf1 -all"), ""},
		"TXT in quotes":        {of("TXT", `"v=DKIM1" "p=abc"`), ""},
		"TXT in half quotes":   {of("TXT", `"v=DKIM1`), "in quotes"},
		"TXT of a long string": {of("TXT", `"`+strings.Repeat("a", 256)+`"`), "at most 255"},
		"TXT empty":            {of("TXT", ""), "says something"},
		"TXT not in ASCII":     {of("TXT", "é"), "printable ASCII"},
		"TXT too long":         {of("TXT", strings.Repeat("a", 2049)), "at most 2048"},
		"MX":                   {mx("mail.example.net"), ""},
		"MX of none":           {mx("."), ""},
		"MX of an address":     {mx("203.0.113.7"), "no host name"},
		"MX without priority":  {of("MX", "mail.example.net"), "priority is a required field"},
		"priority of A":        {props{"priority": 1}, "never sends"},
		"priority of SRV":      {props{"priority": 1, "type": "SRV"}, "never sends"},
		"SOA":                  {of("SOA", "x"), "none of A, AAAA, CAA"},
		"lower case":           {of("a", "203.0.113.7"), "none of A, AAAA, CAA"},
		"value":                {props{"content": nil, "value": "203.0.113.7"}, "deprecated in favour of content"},
		"nothing":              {props{"content": nil}, "exactly one of content, data"},
		"data of A":            {props{"content": nil, "data": props{"value": "x"}}, "has a content and no data"},
		"both":                 {props{"data": props{"value": "x"}}, "exactly one of content, data"},
		"CAA":                  {caa("0", "issue", "letsencrypt.org"), ""},
		"CAA with parameters":  {caa("128", "issuewild", "pki.goog; cansignhttpexchanges=yes"), ""},
		"CAA for nobody":       {caa("0", "issue", ";"), ""},
		"CAA report":           {caa("0", "iodef", "mailto:a@example.com"), ""},
		"CAA report to nobody": {caa("0", "iodef", "a@example.com"), "mailto:"},
		"CAA in content":       {of("CAA", `0 issue "pki.goog"`), "only in data"},
		"CAA without value":    {data("CAA", props{"flags": "0", "tag": "issue", "content": "pki.goog"}), "data.value: missing"},
		"CAA of empty value":   {caa("0", "issue", ""), "domain of an authority"},
		"CAA of another tag":   {caa("0", "issuer", "pki.goog"), "none of issue"},
		"CAA of other flags":   {caa("1", "issue", "pki.goog"), "128"},
		"CAA of a target":      {data("CAA", props{"flags": "0", "tag": "issue", "value": "pki.goog", "target": "x"}), "flags, tag, value only"},
		"SRV":                  {srv("sip.example.net"), ""},
		"SRV of no service":    {props{"type": "SRV", "content": nil, "data": srv(".")["data"]}, "_service._protocol"},
		"SRV of an address":    {srv("203.0.113.7"), "no host name"},
		"SRV without weight":   {data("SRV", props{"priority": 10, "port": 5060, "target": "."}), "data.weight: missing"},
		"apex":                 {props{"name": "@"}, ""},
		"wildcard":             {props{"name": "*.preview"}, ""},
		"wildcard within":      {props{"name": "a.*.b"}, `"*" is no label`},
		"name in capitals":     {props{"name": "API"}, ""},
		"no name":              {props{"name": ""}, "use @ for the zone apex"},
		"long label":           {props{"name": strings.Repeat("a", 64)}, "is no label"},
		"long name":            {props{"name": strings.Repeat("a.", 130) + "b"}, "at most 253"},
		"two dots":             {props{"name": "a..b"}, "is no label"},
		"ttl automatic":        {props{"ttl": 1}, ""},
		"ttl of a day":         {props{"ttl": 86400}, ""},
		"ttl of two days":      {props{"ttl": 172800}, "(9021)"},
		"ttl of nothing":       {props{"ttl": 0}, "(9021)"},
		"ttl of 29":            {props{"ttl": 29}, "(9021)"},
		"proxied":              {proxied(nil), ""},
		"proxied, ttl 1":       {proxied(props{"ttl": 1}), ""},
		"proxied, ttl 300":     {proxied(props{"ttl": 300}), "ttl must be set to 1"},
		"proxied, private":     {proxied(props{"content": "10.0.0.1"}), "(9003)"},
		"proxied, loopback":    {proxied(props{"type": "AAAA", "content": "::1"}), "(9003)"},
		"proxied, carrier's":   {proxied(props{"content": "100.64.0.1"}), "(9003)"},
		"private":              {props{"content": "10.0.0.1"}, ""},
		"proxied TXT":          {proxied(of("TXT", "x")), `type "TXT" cannot be proxied`},
		"overwrite":            {props{"allowOverwrite": true}, "import that record"},
		"no overwrite":         {props{"allowOverwrite": false}, ""},
		"comment":              {props{"comment": strings.Repeat("é", 500)}, ""},
		"comment too long":     {props{"comment": strings.Repeat("é", 501)}, "(9101)"},
		"comment of lines":     {props{"comment": "a\nb"}, "(9102)"},
		"tags":                 {props{"tags": []any{"team:platform"}}, ""},
		"tag without value":    {props{"tags": []any{"team"}}, "name:value"},
		"zone's name":          {props{"zoneId": "example.com"}, "(7003)"},
		"unknown zone":         {props{"zoneId": unknown}, ""},
	})
}

func TestRecordOutputs(t *testing.T) {
	id, got, err := registered(t, recordType, props{"zoneId": zoneID, "name": "API", "type": "CNAME", "content": "lb.example.net.", "proxied": true})
	require.NoError(t, err)
	require.Regexp(t, "^[0-9a-f]{32}$", id)
	require.Equal(t, "api.zone.invalid", got["hostname"])
	require.Equal(t, "lb.example.net", got["content"])
	require.Equal(t, 1.0, got["ttl"])
	require.Equal(t, true, got["proxiable"])
	for want, inputs := range map[string]props{
		`0 issue "pki.goog"`:   {"type": "CAA", "data": props{"flags": "0", "tag": "issue", "value": "pki.goog"}},
		"10 5 5060 sip.x.net":  {"type": "SRV", "data": props{"priority": 10, "weight": 5, "port": 5060, "target": "sip.x.net"}},
		"2001:db8::1":          {"type": "AAAA", "content": "2001:0DB8:0::1"},
		"v=spf1 -all. in text": {"type": "TXT", "content": "v=spf1 -all. in text"},
	} {
		_, got, err := registered(t, recordType, props{"zoneId": zoneID, "name": "_sip._tcp"}, inputs)
		require.NoError(t, err)
		require.Equal(t, want, got["content"])
	}
}

// TestProxiedLater: a ttl that was given once comes along.
func TestProxiedLater(t *testing.T) {
	k, err := Package().Kind(recordType)
	require.NoError(t, err)
	require.ErrorContains(t, k.Revise(nil, object(props{"name": "api", "proxied": true, "ttl": 300})), "set 1")
	require.NoError(t, k.Revise(nil, object(props{"name": "api", "proxied": true, "ttl": 1})))
	require.NoError(t, k.Revise(nil, object(props{"name": "api", "ttl": 300})))
}

func TestBesideRecord(t *testing.T) {
	record := func(typ, content string, more ...props) *sandbox.Object {
		base := props{"zoneId": zoneID, "hostname": "api.example.com", "type": typ, "content": content, "id": "f00"}
		return object(append([]props{base}, more...)...)
	}
	for name, tc := range map[string]struct {
		o, other *sandbox.Object
		want     string
	}{
		"identical":       {record("A", "203.0.113.7"), record("A", "203.0.113.7", props{"proxied": true}), "An identical record already exists. (81058)"},
		"same text":       {record("TXT", `"a" "b"`), record("TXT", "ab"), "(81058)"},
		"another address": {record("A", "203.0.113.7"), record("A", "203.0.113.8"), ""},
		"both addresses":  {record("A", "203.0.113.7"), record("AAAA", "2001:db8::1"), ""},
		"priority":        {record("MX", "m.x.net", props{"priority": 10}), record("MX", "m.x.net", props{"priority": 20}), ""},
		"CNAME over A":    {record("CNAME", "x.net"), record("A", "203.0.113.7"), "with that host already exists. (81053)"},
		"CNAME over one":  {record("CNAME", "x.net"), record("CNAME", "y.net"), "(81053)"},
		"A over CNAME":    {record("A", "203.0.113.7"), record("CNAME", "x.net"), "A CNAME record with that host already exists. (81054)"},
		"CNAME with MX":   {record("CNAME", "x.net"), record("MX", "m.x.net"), ""},
		"NS over A":       {record("NS", "n.x.net"), record("A", "203.0.113.7"), "NS records with that host already exist. (81056)"},
		"A under NS":      {record("A", "203.0.113.7"), record("NS", "n.x.net"), "(81056)"},
		"DS with NS":      {record("DS", "1 13 2 A"), record("NS", "n.x.net"), ""},
		"another name":    {record("A", "203.0.113.7"), record("CNAME", "x.net", props{"hostname": "www.example.com"}), ""},
		"another zone":    {record("A", "203.0.113.7"), record("A", "203.0.113.7", props{"zoneId": accountID}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := besideRecord(tc.o, []*sandbox.Object{tc.other})
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.ErrorContains(t, err, zoneID+"/f00", "it says what to import")
		})
	}
}

func TestUnderPlan(t *testing.T) {
	free, enterprise := object(props{"plan": "free"}), object(props{"plan": "partners_enterprise"})
	long, tagged, short := object(props{"ttl": 1, "comment": strings.Repeat("c", 101)}), object(props{"ttl": 1, "tags": []any{"a:b"}}), object(props{"ttl": 30})
	require.ErrorContains(t, underPlan(object(props{"ttl": 1}), free, 200), "Record quota exceeded. (81045)")
	require.NoError(t, underPlan(object(props{"ttl": 1}), free, 199))
	require.ErrorContains(t, underPlan(long, free, 0), "(9101)")
	require.ErrorContains(t, underPlan(tagged, free, 0), "exceeding the quota of 0. (9300)")
	require.ErrorContains(t, underPlan(short, free, 0), "(9021)")
	for _, o := range []*sandbox.Object{long, tagged, short} {
		require.NoError(t, underPlan(o, enterprise, 3499))
	}
}
