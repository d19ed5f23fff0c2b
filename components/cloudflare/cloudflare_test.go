package cloudflare_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components"
	"ai-worker/components/cloudflare"
)

func TestNames(t *testing.T) {
	label := strings.Repeat("a", 63)
	long := strings.Repeat(label+".", 3) + strings.Repeat("a", 57) + ".com" // 253
	for name, tc := range map[string]struct {
		is             func(string) bool
		accept, refuse []string
	}{
		"id":   {cloudflare.IsID, []string{"0da42c8d2132a9ddaf714f9e7c920711"}, []string{"", "example.com", "0DA42C8D2132A9DDAF714F9E7C920711", strings.Repeat("0", 33)}},
		"uuid": {cloudflare.IsUUID, []string{"f174e90a-fafe-4643-bbbc-4a0ed4fc8415"}, []string{"", "0da42c8d2132a9ddaf714f9e7c920711", "F174E90A-FAFE-4643-BBBC-4A0ED4FC8415"}},
		"host": {
			cloudflare.IsHost,
			[]string{"a.b", "api.example.com", "xn--bcher-kva.example", "1.example.com", label + ".com", long},
			[]string{
				"", "com", "api.example.com.", "API.example.com", "https://api.example.com", "api.example.com/x", "a b.com", "192.0.2.1",
				"-a.com", "a-.com", "_dmarc.example.com", "*.example.com", "a..com", "a" + label + ".com", "a." + long,
			},
		},
		"name": {cloudflare.IsName, []string{"a.b", "_dmarc.example.com", "a_b.example.com", "_.example.com"}, []string{"", "*.a.b", "-a.b", "a.b.", "a._b"}},
	} {
		for _, s := range tc.accept {
			require.True(t, tc.is(s), "%s %q", name, s)
		}
		for _, s := range tc.refuse {
			require.False(t, tc.is(s), "%s %q", name, s)
		}
	}
}

func TestChecks(t *testing.T) {
	var p components.Problems
	cloudflare.CheckZoneID(&p, "zoneId", pulumi.String("0da42c8d2132a9ddaf714f9e7c920711"))
	cloudflare.CheckZoneID(&p, "zoneId", pulumi.String("late").ToStringOutput()) // the API's to check
	cloudflare.CheckHosts(&p, "hosts", []string{"*.example.com", "example.com"}, true)
	require.NoError(t, p.Err())
	cloudflare.CheckZoneID(&p, "zoneId", nil)
	cloudflare.CheckZoneID(&p, "zoneId", pulumi.String("example.com"))
	cloudflare.CheckAccountID(&p, "accountId", "")
	cloudflare.CheckHost(&p, "zone", "example")
	cloudflare.CheckHosts(&p, "hosts", []string{"*.example.com", "a.example.com", "a.example.com"}, false)
	cloudflare.CheckUUIDs(&p, "ids", []string{"x"})
	cloudflare.CheckKeys(&p, "tokens", map[string]int{"A": 1, "a": 1})
	require.EqualError(t, p.Err(), `zoneId is required
zoneId "example.com": want the zone's id, 32 hexadecimal digits
accountId "": want the account's id, 32 hexadecimal digits
zone "example": want a full host name such as "api.example.com": lower-case, no scheme, no trailing dot
hosts[0] "*.example.com": want a full host name such as "api.example.com": lower-case, no scheme, no path
hosts[2] "a.example.com": given twice
ids[0] "x": want an id such as "f174e90a-fafe-4643-bbbc-4a0ed4fc8415"
tokens["A"]: want a key of lower-case letters, digits and inner hyphens, a letter first`)
}
