package zonefile_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"ai-worker/internal/zonefile"
)

func TestIdentity(t *testing.T) {
	srv := func(target string) zonefile.Record {
		return zonefile.Record{Name: "a", Type: "SRV", SRV: &zonefile.SRV{Port: 1, Target: target}}
	}
	caa := func(tag string) zonefile.Record {
		return zonefile.Record{Name: "a", Type: "CAA", CAA: &zonefile.CAA{Tag: tag, Value: "x"}}
	}
	for name, tc := range map[string]struct {
		a, b zonefile.Record
		same bool
	}{
		"case and dots":        {zonefile.Record{Name: "A.b.", Type: "CNAME", Content: "X.example."}, zonefile.Record{Name: "a.b", Type: "CNAME", Content: "x.example"}, true},
		"IPv6":                 {zonefile.Record{Type: "AAAA", Content: "2001:DB8:0::1"}, zonefile.Record{Type: "AAAA", Content: "2001:db8::1"}, true},
		"TTL, proxy, comment":  {zonefile.Record{Type: "A", Content: "192.0.2.1"}, zonefile.Record{Type: "A", Content: "192.0.2.1", TTL: 300, Proxied: true, Comment: "c"}, true},
		"quotes":               {zonefile.Record{Type: "TXT", Content: `"v=spf1" " -all"`}, zonefile.Record{Type: "TXT", Content: "v=spf1 -all"}, true},
		"quotes of the text":   {zonefile.Record{Type: "TXT", Content: `"\"a\""`}, zonefile.Record{Type: "TXT", Content: "a"}, false},
		"case of a text":       {zonefile.Record{Type: "TXT", Content: "A"}, zonefile.Record{Type: "TXT", Content: "a"}, false},
		"priority":             {zonefile.Record{Type: "MX", Content: "a", Priority: 1}, zonefile.Record{Type: "MX", Content: "a", Priority: 2}, false},
		"priority of no MX":    {zonefile.Record{Type: "A", Content: "192.0.2.1", Priority: 1}, zonefile.Record{Type: "A", Content: "192.0.2.1"}, true},
		"SRV, dot":             {srv("X.example."), srv("x.example"), true},
		"SRV, target":          {srv("x.example"), srv("y.example"), false},
		"CAA, case of the tag": {caa("Issue"), caa("issue"), true},
		"CAA, tag":             {caa("issuewild"), caa("issue"), false},
		"type":                 {zonefile.Record{Type: "CNAME", Content: "a"}, zonefile.Record{Type: "MX", Content: "a"}, false},
		"name":                 {zonefile.Record{Name: "a", Type: "A", Content: "192.0.2.1"}, zonefile.Record{Name: "b", Type: "A", Content: "192.0.2.1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.same, tc.a.Identity() == tc.b.Identity(), "%q, %q", tc.a.Identity(), tc.b.Identity())
		})
	}
}

func TestRelative(t *testing.T) {
	for name, want := range map[string]string{
		zone: "@", "DEV.ai-worker.example.": "@", "a.B.dev.ai-worker.example": "a.b", "*.dev.ai-worker.example.": "*",
	} {
		got, ok := zonefile.Relative(name, zone)
		require.True(t, ok, name)
		require.Equal(t, want, got)
	}
	for _, name := range []string{"", "ai-worker.example", "xdev.ai-worker.example", "a"} {
		_, ok := zonefile.Relative(name, zone)
		require.False(t, ok, name)
	}
}

// TestSettingsOrder: the settings do not depend on the order of the file.
func TestSettingsOrder(t *testing.T) {
	const want = `- {name: '@', type: A, content: 192.0.2.1}
- {name: '@', type: MX, content: z.example, priority: 5}
- {name: '@', type: MX, content: a.example, priority: 10}
- {name: '*', type: A, content: 192.0.2.1}
- {name: a, type: A, content: 192.0.2.1}
- {name: z.a, type: A, content: 192.0.2.1, proxied: true}
- {name: b, type: A, content: 192.0.2.1, ttl: 300}
- {name: a.b, type: CAA, caa: {tag: issue, value: x.example}, comment: 'c: d'}
- {name: a.b, type: SRV, srv: {port: 1, target: x.example}}
- {name: a.b, type: TXT, content: "on"}
`
	var records []zonefile.Record
	require.NoError(t, yaml.Unmarshal([]byte(want), &records))
	slices.Reverse(records)
	given := slices.Clone(records)
	got, err := zonefile.Settings(records)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
	require.Equal(t, given, records, "sorted what it was given")
}

// FuzzRead: no file makes Read panic, and what it takes comes back from the
// settings as it was, each record once.
func FuzzRead(f *testing.F) {
	export, err := os.ReadFile("testdata/export.txt")
	require.NoError(f, err)
	f.Add(export)
	for _, line := range strings.SplitAfter(string(export), "\n") {
		f.Add([]byte(line))
	}
	for _, seed := range []string{
		"$GENERATE 1-3 a$ 300 A 192.0.2.$\n", "$ORIGIN a\n$TTL 1h\n@ TXT \"a\" b\\;c\n  MX 1 @\n",
		"@ SOA a b ( 1 ; c\n 2 3 4 5 )\n", `a TXT "\"\\\000\255 "`, "a A \\# 4 01020304\n", "a TXT x ; c cf_tags=a:\"b,c\",cf-proxied:true",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		records, skipped, err := zonefile.Read(bytes.NewReader(file), zone)
		if err != nil {
			require.Empty(t, records)
			return
		}
		settings, err := zonefile.Settings(records)
		require.NoError(t, err)
		require.Equal(t, max(1, len(records)), strings.Count(string(settings), "\n"), "%s", settings)
		var again []zonefile.Record
		require.NoError(t, yaml.Unmarshal(settings, &again), "%s", settings)
		written := map[string]zonefile.Record{}
		for _, r := range again {
			written[r.Identity()] = r
		}
		require.Len(t, written, len(records), "a record twice")
		for _, r := range records {
			require.Equal(t, r, written[r.Identity()])
		}
		for _, s := range skipped {
			require.Positive(t, s.Line)
			require.NotEmpty(t, s.Reason)
			require.LessOrEqual(t, len([]rune(s.Text)), 100)
		}
	})
}

// FuzzText: a text is in the settings so that it is the same text again, and
// printable.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", " a", `"a" \`, "é\x00\xff", strings.Repeat(`"`, 600)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		content := zonefile.Content(text)
		require.Equal(t, text, zonefile.Plain(content))
		require.True(t, strings.IndexFunc(content, func(c rune) bool { return c < ' ' || c > '~' }) < 0, "%q", content)
		require.Equal(t, text, zonefile.Unescape(zonefile.Escape(text)))
	})
}
