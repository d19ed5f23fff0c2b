package cloudflare

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

func TestZoneKinds(t *testing.T) {
	judged(t, zoneType, props{"accountId": accountID, "zone": "example.com"}, map[string]verdict{
		"zone":         {nil, ""},
		"a partner's":  {props{"plan": "partners_pro"}, ""},
		"other plan":   {props{"plan": "gold"}, "none of free"},
		"other type":   {props{"type": "half"}, "none of full"},
		"no account":   {props{"accountId": nil}, "accountId: missing"},
		"account name": {props{"accountId": "acme"}, "32 lower-case hexadecimal digits"},
		"top level":    {props{"zone": "com"}, "no host name"},
	})
	judged(t, dnssecType, props{"zoneId": zoneID}, map[string]verdict{
		"dnssec":      {nil, ""},
		"zone's name": {props{"zoneId": "example.com"}, "object identifier is invalid? (7003)"},
		"modified":    {props{"modifiedOn": "x"}, "the API computes it"},
	})
	zone := object(props{"zone": "example.com"})
	require.NoError(t, besideZone(zone, nil))
	require.ErrorContains(t, besideZone(zone, []*sandbox.Object{object(props{"zone": "example.com"})}), "already exists (1061)")
}

// TestDNSSEC: the DS record is one that a resolver could follow.
func TestDNSSEC(t *testing.T) {
	id, got, err := registered(t, dnssecType, props{"zoneId": zoneID})
	require.NoError(t, err)
	require.Equal(t, zoneID, id)
	require.Equal(t, "pending", got["status"])
	rr, err := dns.NewRR(got["ds"].(string))
	require.NoError(t, err)
	ds := rr.(*dns.DS)
	require.EqualValues(t, got["keyTag"], ds.KeyTag)
	require.EqualValues(t, 13, ds.Algorithm)
	require.Len(t, got["digest"], 64)
	key := &dns.DNSKEY{Hdr: dns.RR_Header{Name: "zone.invalid."}, Flags: 257, Protocol: 3, Algorithm: 13, PublicKey: got["publicKey"].(string)}
	require.Equal(t, ds.Digest, strings.ToUpper(key.ToDS(dns.SHA256).Digest))
}

func TestLookups(t *testing.T) {
	_, state, err := registered(t, zoneType, props{"accountId": accountID, "zone": "example.com"})
	require.NoError(t, err)
	got := answerZone(object(state))
	require.Equal(t, state["id"], got["zoneId"])
	require.Equal(t, "example.com", got["name"])
	require.Equal(t, "Free Website", got["plan"], "the function gives the plan's name")
	require.Len(t, got["nameServers"], 2)

	ranges := answerRanges()
	require.Len(t, ranges["ipv4CidrBlocks"], 15)
	require.Len(t, ranges["ipv6CidrBlocks"], 7)
	require.Len(t, ranges["cidrBlocks"], 22)
	for _, r := range ranges["cidrBlocks"].([]string) {
		p, err := netip.ParsePrefix(r)
		require.NoError(t, err)
		require.Equal(t, p.Masked(), p, "%s has host bits", r)
	}
}
