package zonefile_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"ai-worker/internal/zonefile"
)

const zone = "dev.ai-worker.example"

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// TestExport reads a whole export and holds what was taken, and what was not
// with the reason, to the golden files.
func TestExport(t *testing.T) {
	file, err := os.ReadFile("testdata/export.txt")
	require.NoError(t, err)
	records, skipped, err := zonefile.Read(bytes.NewReader(file), zone)
	require.NoError(t, err)

	settings, err := zonefile.Settings(records)
	require.NoError(t, err)
	golden(t, "testdata/settings.golden", settings)
	require.Equal(t, len(records), strings.Count(string(settings), "\n"), "a record takes more than one line")

	var left strings.Builder
	types, whole := map[string]int{}, 0
	for _, s := range skipped {
		fmt.Fprintf(&left, "%d: %s\n\t%s (partly: %t)\n", s.Line, s.Text, s.Reason, s.Partly)
		if !s.Partly {
			whole++
		}
	}
	golden(t, "testdata/skipped.golden", []byte(left.String()))

	for _, r := range records {
		types[r.Type]++
	}
	require.Equal(t, map[string]int{"A": 15, "AAAA": 5, "CAA": 6, "CNAME": 12, "MX": 4, "SRV": 4, "TXT": 15}, types)
	require.Equal(t, 69, len(records)+whole, "a record is neither taken nor skipped")
	var again []zonefile.Record
	require.NoError(t, yaml.Unmarshal(settings, &again))
	require.ElementsMatch(t, records, again)
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// read reads a file that is in order.
func read(t *testing.T, text string) ([]zonefile.Record, []zonefile.Skipped) {
	t.Helper()
	records, skipped, err := zonefile.Read(strings.NewReader(text), zone)
	require.NoError(t, err)
	return records, skipped
}

func TestTaken(t *testing.T) {
	a := zonefile.Record{Name: "www", Type: "A", Content: "192.0.2.1"}
	with := func(change func(*zonefile.Record)) zonefile.Record {
		r := a
		change(&r)
		return r
	}
	txt := func(content string) zonefile.Record {
		return zonefile.Record{Name: "www", Type: "TXT", Content: content}
	}
	for name, tc := range map[string]struct {
		text string
		want zonefile.Record
	}{
		"full name":          {"www.dev.ai-worker.example. 1 IN A 192.0.2.1", a},
		"relative name":      {"www 1 IN A 192.0.2.1", a},
		"no TTL, no class":   {"www A 192.0.2.1", a},
		"class before TTL":   {"www IN 300 A 192.0.2.1", with(func(r *zonefile.Record) { r.TTL = 300 })},
		"TTL with a unit":    {"www 1h IN A 192.0.2.1", with(func(r *zonefile.Record) { r.TTL = 3600 })},
		"upper case":         {"WWW.Dev.AI-Worker.EXAMPLE. 1 IN a 192.0.2.1", a},
		"DOS line, BOM":      {"\ufeff; x\r\nwww 1 IN A 192.0.2.1\r\n", a},
		"without a last \\n": {"www 1 IN A 192.0.2.1;c", with(func(r *zonefile.Record) { r.Comment = "c" })},
		"generic data":       {`www 1 IN A \# 4 C0000201`, a},
		"in parentheses":     {"www 1 IN A ( ; first\n 192.0.2.1 ) ; second", with(func(r *zonefile.Record) { r.Comment = "first; second" })},
		"$TTL":               {"$TTL 5m\nwww A 192.0.2.1", with(func(r *zonefile.Record) { r.TTL = 300 })},
		"$ORIGIN":            {"$ORIGIN b.dev.ai-worker.example.\nwww A 192.0.2.1", with(func(r *zonefile.Record) { r.Name = "www.b" })},
		"$ORIGIN, relative":  {"$ORIGIN b\n$origin c ; d\n@ A 192.0.2.1", with(func(r *zonefile.Record) { r.Name = "c.b" })},
		"$GENERATE":          {"$TTL 600\n$GENERATE 1-1 www TXT \"a  $\" ; c", zonefile.Record{Name: "www", Type: "TXT", Content: "a  1", TTL: 600, Comment: "c"}},
		"zone itself":        {"@ A 192.0.2.1", with(func(r *zonefile.Record) { r.Name = "@" })},
		"wildcard":           {"*.www A 192.0.2.1", with(func(r *zonefile.Record) { r.Name = "*.www" })},
		"wildcard of zone":   {"* A 192.0.2.1", with(func(r *zonefile.Record) { r.Name = "*" })},
		"zone twice, meant":  {"dev.ai-worker.example.dev.ai-worker.example. A 192.0.2.1", with(func(r *zonefile.Record) { r.Name = zone })},
		"proxied":            {"www 300 A 192.0.2.1 ; cf_tags=cf-proxied:true", with(func(r *zonefile.Record) { r.Proxied = true })},
		"comment":            {"www A 192.0.2.1 ; \"a\"; (b) \\ ü cf_tags=cf-proxied:false", with(func(r *zonefile.Record) { r.Comment = `"a"; (b) \ ü` })},
		"comment, the key":   {"www A 192.0.2.1 ; the cf_tags= of old cf_tags=", with(func(r *zonefile.Record) { r.Comment = "the cf_tags= of old" })},
		"comment, no key":    {"www A 192.0.2.1 ; xcf_tags=cf-proxied:true", with(func(r *zonefile.Record) { r.Comment = "xcf_tags=cf-proxied:true" })},
		"apex CNAME":         {"@ CNAME Pages.Example.", zonefile.Record{Name: "@", Type: "CNAME", Content: "pages.example"}},
		"relative target":    {"www CNAME @", zonefile.Record{Name: "www", Type: "CNAME", Content: zone}},
		"AAAA":               {"www AAAA 2001:DB8:0:0::0:1", zonefile.Record{Name: "www", Type: "AAAA", Content: "2001:db8::1"}},
		"AAAA of an IPv4":    {"www AAAA ::ffff:c000:201", zonefile.Record{Name: "www", Type: "AAAA", Content: "::ffff:192.0.2.1"}},
		"MX":                 {"www MX 5 a.example.", zonefile.Record{Name: "www", Type: "MX", Content: "a.example", Priority: 5}},
		"MX of no host":      {"www MX 0 .", zonefile.Record{Name: "www", Type: "MX", Content: "."}},
		"SRV":                {"_a._tcp SRV 1 2 3 a.example.", zonefile.Record{Name: "_a._tcp", Type: "SRV", SRV: &zonefile.SRV{Priority: 1, Weight: 2, Port: 3, Target: "a.example"}}},
		"CAA":                {`www CAA 128 Issue "a.example\; b=\"c\""`, zonefile.Record{Name: "www", Type: "CAA", CAA: &zonefile.CAA{Flags: 128, Tag: "issue", Value: `a.example; b="c"`}}},
		"TXT, strings":       {`www TXT "a b" c "d"`, txt("a bcd")},
		"TXT, escapes":       {`www TXT a\;b\032c\046`, txt("a;b c.")},
		"TXT, octets":        {`www TXT "\195\169"`, txt(`"\195\169"`)},
		"TXT, UTF-8":         {`www TXT "é"`, txt(`"\195\169"`)},
		"TXT, quotes":        {`www TXT "\"a\" \\"`, txt(`"\"a\" \\"`)},
		"TXT, blank at end":  {`www TXT "a "`, txt(`"a "`)},
		"TXT, empty":         {`www TXT ""`, txt(`""`)},
		"TXT, comment sign":  {`www TXT "a;b(c" ; cf_tags=`, txt("a;b(c")},
		"TXT, long":          {`www TXT "` + strings.Repeat("a", 255) + `" "` + strings.Repeat("b", 50) + `"`, txt(strings.Repeat("a", 255) + strings.Repeat("b", 50))},
		"TXT, long, quoted":  {`www TXT "` + strings.Repeat("a", 255) + `" "\""`, txt(`"` + strings.Repeat("a", 255) + `" "\""`)},
	} {
		t.Run(name, func(t *testing.T) {
			records, skipped := read(t, tc.text)
			require.Empty(t, skipped)
			require.Equal(t, []zonefile.Record{tc.want}, records)
		})
	}
}

// TestInherited: a line that begins with a blank has the name of the record
// before it, taken or not, and a record without a TTL has that one's.
func TestInherited(t *testing.T) {
	records, skipped := read(t, "a 300 A 192.0.2.1\n  A 192.0.2.2\nb 400 PTR c.example.\n\tTXT x\n$ORIGIN sub\n 500 TXT y\n$TTL 60\n TXT z\n"+
		zone+" 3600 SOA a b (\n1 2 3 4 5 )\n MX 1 a.example.\n")
	require.Equal(t, []zonefile.Record{
		{Name: "a", Type: "A", Content: "192.0.2.1", TTL: 300},
		{Name: "a", Type: "A", Content: "192.0.2.2", TTL: 300},
		{Name: "b", Type: "TXT", Content: "x", TTL: 400},
		{Name: "b", Type: "TXT", Content: "y", TTL: 500},
		{Name: "b", Type: "TXT", Content: "z", TTL: 60},
		{Name: "@", Type: "MX", Content: "a.example", Priority: 1, TTL: 60},
	}, records)
	require.Len(t, skipped, 2)
	require.Equal(t, []int{3, 9}, []int{skipped[0].Line, skipped[1].Line})

	// an entry of two lines counts as two
	_, skipped = read(t, "a TXT ( x\n y )\nb PTR c.\n")
	require.Equal(t, 3, skipped[0].Line)
}

func TestSkipped(t *testing.T) {
	for name, tc := range map[string]struct{ text, reason string }{
		"SOA":                  {"@ 1 IN SOA a.example. b.example. 1 2 3 4 5", "the zone's own SOA, which Cloudflare writes"},
		"SOA, no dot":          {zone + " SOA a b 1 2 3 4 5", "the zone's own SOA, which Cloudflare writes"},
		"NS of the zone":       {"@ NS a.example.", "the zone's own name servers, which Cloudflare sets"},
		"NS":                   {"lab NS a.example.", "type NS: settings take no delegation of a name to other servers"},
		"SPF":                  {`@ SPF "v=spf1 -all"`, "type SPF is obsolete (RFC 7208): write it as TXT"},
		"ALIAS":                {"@ ALIAS a.example.", "type ALIAS is no type of DNS: write it as CNAME, which Cloudflare flattens at the zone itself"},
		"data not looked at":   {"@ SVCB 2 https://a.example/b.", "type SVCB: settings take A, AAAA, CAA, CNAME, MX, SRV, TXT"},
		"number of a type":     {`www TYPE65400 \# 1 00`, "type TYPE65400: settings take A, AAAA, CAA, CNAME, MX, SRV, TXT"},
		"generated":            {"$GENERATE 1-9 $ PTR h$.example.", "type PTR: settings take A, AAAA, CAA, CNAME, MX, SRV, TXT"},
		"class":                {"www CH TXT x", "class CH: Cloudflare serves the class IN"},
		"TTL too short":        {"www 29 A 192.0.2.2", "TTL 29: Cloudflare takes 30 to 86400 seconds, or 1 for automatic"},
		"TTL too long":         {"www 2d A 192.0.2.2", "TTL 172800: Cloudflare takes 30 to 86400 seconds, or 1 for automatic"},
		"other zone":           {"www.example.com. A 192.0.2.2", `not in the zone "dev.ai-worker.example"`},
		"parent zone":          {"ai-worker.example. A 192.0.2.2", `not in the zone "dev.ai-worker.example"`},
		"like the zone":        {"xdev.ai-worker.example. A 192.0.2.2", `not in the zone "dev.ai-worker.example"`},
		"dot missing":          {"www.dev.ai-worker.example A 192.0.2.2", "its name ends with the zone a second time: the dot at its end is missing"},
		"dot missing, $ORIGIN": {"$ORIGIN sub\nwww.dev.ai-worker.example A 192.0.2.2", "its name ends with the zone a second time: the dot at its end is missing"},
		"dot missing behind":   {"www CNAME api.dev.ai-worker.example", `target "api.dev.ai-worker.example.dev.ai-worker.example" ends with the zone a second time: the dot at its end is missing`},
		"no ASCII":             {"café A 192.0.2.2", `name "café": want letters, digits, hyphens and underscores, others in punycode`},
		"escaped":              {`a\.b A 192.0.2.2`, `name "a\\.b": want letters, digits, hyphens and underscores, others in punycode`},
		"inner wildcard":       {"a.*.b A 192.0.2.2", `name "a.*.b": want letters, digits, hyphens and underscores, others in punycode`},
		"long name":            {strings.Repeat("abcdefg.", 29) + "x A 192.0.2.2", "its name has 255 characters, a name has at most 253"},
		"target":               {`www CNAME a\032b.example.`, `target "a\\032b.example" is no name of a host`},
		"CAA tag":              {`www CAA 0 i-x "a"`, `tag "i-x", value "a": want letters and digits, and printable ASCII`},
		"CAA value":            {`www CAA 0 issue "\007"`, `tag "issue", value "\\007": want letters and digits, and printable ASCII`},
		"no address":           {`www A \# 0`, "no address"},
		"duplicate":            {"Keep 600 A 192.0.2.1", "the same record as in line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			records, skipped := read(t, "keep A 192.0.2.1\n"+tc.text)
			require.Len(t, records, 1, "taken after all")
			require.Len(t, skipped, 1)
			require.Equal(t, tc.reason, skipped[0].Reason)
			require.Equal(t, 2+strings.Count(tc.text, "\n"), skipped[0].Line)
			require.False(t, skipped[0].Partly)
			require.NotEmpty(t, skipped[0].Text)
		})
	}
}

// TestEveryOtherType: a record of each type that is not taken is skipped by name.
func TestEveryOtherType(t *testing.T) {
	for _, name := range strings.Fields("PTR LOC SSHFP TLSA HTTPS SVCB URI DNSKEY DS CERT NAPTR SMIMEA OPENPGPKEY DNAME RRSIG HINFO") {
		records, skipped := read(t, "www 1 IN "+name+" any data")
		require.Empty(t, records)
		require.Len(t, skipped, 1)
		require.Contains(t, skipped[0].Reason, "type "+name+": ")
	}
}

// TestPartly: the record is taken, and what of it is not is said.
func TestPartly(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"proxied TXT": {"www TXT x ; cf_tags=cf-proxied:true", []string{"cf-proxied: only A, AAAA, CNAME can be proxied"}},
		"flattened":   {"www CNAME a.example. ; cf_tags=cf-flatten-cname", []string{"cf-flatten-cname: the provider cannot flatten one record"}},
		"tags": {`www A 192.0.2.1 ; c cf_tags=a, b:"c,\"d" ,cf-proxied:true`, []string{
			`its tag "a": settings have no tags, and an update of the record removes it`,
			`its tag "b:\"c,\\\"d\"": settings have no tags, and an update of the record removes it`,
		}},
		"long comment":  {"www A 192.0.2.1 ; " + strings.Repeat("é", 501), []string{"its comment, which has 501 characters: Cloudflare takes 500"}},
		"binary":        {"www A 192.0.2.1 ; a\xffb", []string{"its comment, which is no printable text"}},
		"control codes": {"www A 192.0.2.1 ; a\x1b[1m", []string{"its comment, which is no printable text"}},
	} {
		t.Run(name, func(t *testing.T) {
			records, skipped := read(t, tc.text)
			require.Len(t, records, 1)
			var got []string
			for _, s := range skipped {
				require.True(t, s.Partly)
				got = append(got, strings.TrimPrefix(s.Reason, "taken without "))
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"empty":            {"", "zone file: no record in it, want the BIND export of the zone"},
		"only comments":    {";; Domain: x\n\n  ; y\n", "zone file: no record in it, want the BIND export of the zone"},
		"only directives":  {"$TTL 300\n", "zone file: no record in it, want the BIND export of the zone"},
		"JSON":             {"{\n  \"result\": [],\n  \"success\": true }\n", `zone file: no zone file, want the BIND export of the zone: line 1: not a TTL: "{", in "{"`},
		"CSV":              {"Type,Name,Content\nA,www,192.0.2.1\n", `zone file: no zone file, want the BIND export of the zone: line 1: not a TTL: "Type,Name,Content", in "Type,Name,Content"`},
		"wrong zone":       {"; c\nExample.com\t3600\tIN\tSOA\ta. b. 1 2 3 4 5\nx y z\n", `zone file: line 2: of another zone: it is the export of "example.com", not of "dev.ai-worker.example", in "Example.com 3600 IN SOA a. b. 1 2 3 4 5"`},
		"wrong, relative":  {"$ORIGIN com.\nexample SOA a b 1 2 3 4 5\n", `zone file: line 2: of another zone: it is the export of "example.com", not of "dev.ai-worker.example"`},
		"wrong, no dot":    {"example.com SOA a b 1 2 3 4 5\n", `zone file: line 1: of another zone: it is the export of "example.com", not of "dev.ai-worker.example"`},
		"wrong $ORIGIN":    {"$ORIGIN example.com.\n@ SOA a b 1 2 3 4 5\n", `zone file: line 2: of another zone: it is the export of "example.com", not of "dev.ai-worker.example", in "@ SOA a b 1 2 3 4 5"`},
		"wrong, no SOA":    {"\nexample.com. A 192.0.2.1\nwww.example.com. PTR x.\n", `zone file: of another zone, nothing in it is in "dev.ai-worker.example": line 2 is about "example.com"`},
		"no name":          {"  A 192.0.2.1\n", "line 1: a blank stands where the name is wanted, and there is no record before it whose name it could have"},
		"no data":          {"www 300 IN A\n", `line 1: no data behind the type, in "www 300 IN A"`},
		"no data, comment": {"www 300 IN A ; c\n", `line 1: bad A A at the end of the line, in "www 300 IN A ; c"`},
		"no type":          {"www 300 IN\n", `line 1: expecting RR type or class, not this...: "IN", in "www 300 IN"`},
		"unknown type":     {"www 300 IN ARGH 1\n", `line 1: unknown RR type: "ARGH", in "www 300 IN ARGH 1"`},
		"address":          {"ok A 192.0.2.1\n\nwww 300 IN A 192.0.2.256\n", `zone file: line 3: bad A A: "192.0.2.256", in "www 300 IN A 192.0.2.256"`},
		"IPv6 in A":        {"www A 2001:db8::1\n", `line 1: bad A A: "2001:db8::1"`},
		"behind the data":  {"www A 192.0.2.1 192.0.2.2\n", `line 1: garbage after rdata`},
		"MX without host":  {"www MX mail.example.\n", `line 1: bad MX Pref: "mail.example."`},
		"quote":            {"a A 192.0.2.1\nwww TXT \"a\nb\"\n", `line 2: a quoted string does not end on its line, in "www TXT \"a"`},
		"parenthesis":      {"a A 192.0.2.1\nwww TXT ( a\nb A 192.0.2.1\n", `line 2: a parenthesis is not closed, in "www TXT ( a b A 192.0.2.1"`},
		"one too many":     {"www A 192.0.2.1 )\n", `"extra closing brace", in "www A 192.0.2.1 )"`},
		"long label":       {strings.Repeat("a", 64) + " A 192.0.2.1\n", "(a label has 1 to 63 characters, a name at most 253)"},
		"empty label":      {"a..b A 192.0.2.1\n", "(a label has 1 to 63 characters, a name at most 253)"},
		"$INCLUDE":         {"a A 192.0.2.1\n$include /etc/passwd\n", `line 2: $INCLUDE is refused, no other file is read: put its records here, in "$include /etc/passwd"`},
		"$TTL":             {"$TTL soon\n", `line 1: expecting $TTL value, not this...: "soon"`},
		"$ORIGIN":          {"$ORIGIN\n", `line 1: `},
		"$GENERATE":        {"$GENERATE 1-2 a\n", `line 1: $GENERATE wants a range, a name, a type and data`},
		"$GENERATE range":  {"$GENERATE 2-1 a A 192.0.2.$\n", `line 1: bad range in $GENERATE range: "2-1"`},
		"too many":         {"$GENERATE 0-65535 a$ A 192.0.2.1\n", "line 1: more than 10000 records"},
		"in sum too many":  {"$GENERATE 1-9999 a$ A 192.0.2.1\n$GENERATE 1-2 b$ A 192.0.2.1\n", "line 2: more than 10000 records"},
		"all problems":     {"ok A 192.0.2.1\na A x\nb AAAA y\n", "zone file: line 2: bad A A: \"x\", in \"a A x\"\nline 3: bad AAAA AAAA: \"y\", in \"b AAAA y\""},
		"very many":        {"ok A 192.0.2.1\n" + strings.Repeat("a A x\n", 12), "\nand 2 more"},
		"size":             {strings.Repeat("; comment\n", 500_000), "zone file: more than 4 MiB, which is no zone's export"},
	} {
		t.Run(name, func(t *testing.T) {
			records, skipped, err := zonefile.Read(strings.NewReader(tc.text), zone)
			require.ErrorContains(t, err, tc.want)
			require.Empty(t, records)
			require.Empty(t, skipped)
		})
	}
	for _, bad := range []string{"", ".", "a b", "dev.example/x", strings.Repeat("a", 64)} {
		_, _, err := zonefile.Read(strings.NewReader("a A 192.0.2.1"), bad)
		require.ErrorContains(t, err, fmt.Sprintf("zone %q is no domain name", bad))
	}
	_, _, err := zonefile.Read(iotest.ErrReader(errors.New("gone")), zone)
	require.EqualError(t, err, "zone file: gone")
}
