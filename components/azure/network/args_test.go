package network_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/azure"
	"ai-worker/components/azure/network"
	"ai-worker/components/componentstest"
)

func TestQuarters(t *testing.T) {
	for of, want := range map[string][3]string{
		"10.40.0.0/16":      {"10.40.0.0/18", "10.40.64.0/18", "10.40.128.0/18"},
		"192.168.128.0/25":  {"192.168.128.0/27", "192.168.128.32/27", "192.168.128.64/27"},
		"10.0.0.0/8":        {"10.0.0.0/10", "10.64.0.0/10", "10.128.0.0/10"},
		"100.64.0.0/20":     {"100.64.0.0/22", "100.64.4.0/22", "100.64.8.0/22"},
		"172.16.255.128/25": {"172.16.255.128/27", "172.16.255.160/27", "172.16.255.192/27"},
	} {
		args := valid()
		args.Range = of
		all := run(t, args)
		for i, subnet := range []string{"apps", "database", "endpoints"} {
			require.Equal(t, want[i], all.One(t, subnetType, "main-subnet-"+subnet).Get("addressPrefix"), of)
		}
	}
}

// The smallest subnets just fit in the smallest VNet.
func TestSmallest(t *testing.T) {
	args := valid()
	args.Range = "10.0.0.0/26"
	args.Subnets = network.Subnets{Apps: "10.0.0.0/27", Database: "10.0.0.32/28", Endpoints: "10.0.0.48/29"}
	require.NoError(t, args.Validate())
}

func TestRefusals(t *testing.T) {
	type args = network.Args
	type refusal = componentstest.Refusal[args]
	of := func(text, want string) refusal { return refusal{func(a *args) { a.Range = text }, want} }
	subnets := func(s network.Subnets, want string) refusal { return refusal{func(a *args) { a.Subnets = s }, want} }
	nat := func(addresses int) refusal {
		return refusal{func(a *args) { a.NAT = &network.NAT{Addresses: addresses} }, fmt.Sprintf("nat.addresses %d", addresses)}
	}
	ports := func(want string, ports ...int) refusal {
		return refusal{func(a *args) { a.OutboundPorts = ports }, want}
	}
	componentstest.Refusals(t, valid, program, map[string]refusal{
		"place":              {func(a *args) { a.Place = azure.Place{} }, "groupName is required"},
		"name, 1":            {func(a *args) { a.Name = "a" }, `name "a"`},
		"name, 61":           {func(a *args) { a.Name = fmt.Sprintf("%061d", 0) }, "want 2 to 60"},
		"name, upper":        {func(a *args) { a.Name = "Net" }, `name "Net"`},
		"range, empty":       of("", `range ""`),
		"range, no prefix":   of("10.0.0.0", "want an IPv4 range"),
		"range, IPv6":        of("fd00::/48", "want an IPv4 range"),
		"range, host bits":   of("10.0.0.1/16", `want "10.0.0.0/16"`),
		"range, public":      of("8.8.0.0/16", `range "8.8.0.0/16"`),
		"range, link-local":  of("169.254.0.0/16", `range "169.254.0.0/16"`),
		"range, too large":   of("10.0.0.0/7", `range "10.0.0.0/7"`),
		"range, too small":   of("10.0.0.0/27", "want /26 or larger"),
		"quarters too small": of("10.0.0.0/26", `subnets.apps "10.0.0.0/28": want /27 or larger`),
		"quarters reserved":  of("172.31.0.0/16", `subnets.database "172.31.64.0/18": overlaps 172.31.0.0/16`),
		"host bits":          subnets(network.Subnets{Apps: "10.40.0.1/23"}, `subnets.apps "10.40.0.1/23": has bits of a host`),
		"outside":            subnets(network.Subnets{Apps: "10.41.0.0/23"}, `subnets.apps "10.41.0.0/23": want a part of range`),
		"larger than all":    subnets(network.Subnets{Apps: "10.0.0.0/8"}, `want a part of range "10.40.0.0/16"`),
		"overlap":            subnets(network.Subnets{Apps: "10.40.64.0/23"}, `subnets.database "10.40.64.0/18": overlaps subnets.apps "10.40.64.0/23"`),
		"overlap, around":    subnets(network.Subnets{Endpoints: "10.40.0.0/17"}, `overlaps subnets.apps "10.40.0.0/18"`),
		"apps, small":        subnets(network.Subnets{Apps: "10.40.0.0/28"}, "want /27 or larger"),
		"database, small":    subnets(network.Subnets{Database: "10.40.64.0/29"}, "want /28 or larger"),
		"endpoints, small":   subnets(network.Subnets{Endpoints: "10.40.128.0/30"}, "want /29 or larger"),
		"reserved": {func(a *args) {
			a.Range, a.Subnets.Apps = "100.64.0.0/10", "100.100.160.0/24"
		}, "overlaps 100.100.160.0/19"},
		"nat, 0":      nat(0),
		"nat, 17":     nat(17),
		"port, 0":     ports("outboundPorts[0] 0", 0),
		"port, 65536": ports("outboundPorts[1] 65536", 25, 65536),
		"port, 443":   ports("which is open", 443),
		"port, twice": ports("outboundPorts[1] 25: given twice", 25, 25),
	})
}
