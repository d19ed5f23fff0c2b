package record_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components"
	"ai-worker/components/cloudflare/record"
)

func TestKey(t *testing.T) {
	require.Equal(t, "api-cname", record.Key("api", "CNAME", ""), "plain where nothing else can have it")
	seen := map[string]string{}
	for _, id := range [][3]string{
		{"api", "CNAME", ""}, {"api", "A", "203.0.113.8"}, {"api", "A", "203.0.113.9"}, {"api", "TXT", "203.0.113.8"},
		{"a-b", "A", ""}, {"a.b", "A", ""}, {"a_b", "A", ""}, {"_a.b", "A", ""}, {"*.b", "A", ""}, {"any.b", "A", ""},
		{"@", "TXT", "x"}, {"apex", "TXT", "x"}, {"@", "MX", ""}, {"*", "A", ""}, {"1", "A", ""}, {"-", "A", ""}, {"_", "A", ""},
		{"s1._domainkey", "TXT", "v=DKIM1"}, {"_sip._tcp", "SRV", ""},
	} {
		key := record.Key(id[0], id[1], id[2])
		require.True(t, components.IsName(key), "%q of %q", key, id)
		require.Equal(t, key, record.Key(id[0], id[1], id[2]))
		require.NotContains(t, seen, key)
		seen[key] = id[0]
	}
}
