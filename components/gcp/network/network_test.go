package network_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/network"
	_ "ai-worker/internal/sandbox/gcp/sdk/compute"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
	_ "ai-worker/internal/sandbox/gcp/sdk/servicenetworking"
)

const (
	networkType    = "gcp:compute/network:Network"
	subnetworkType = "gcp:compute/subnetwork:Subnetwork"
	natType        = "gcp:compute/routerNat:RouterNat"
	addressType    = "gcp:compute/address:Address"
	globalType     = "gcp:compute/globalAddress:GlobalAddress"
	connectionType = "gcp:servicenetworking/connection:Connection"
	firewallType   = "gcp:compute/firewall:Firewall"

	vpcID = "projects/p/global/networks/ai-worker-dev"
)

// valid is the smallest accepted Args that creates a VPC.
func valid() *network.Args {
	return &network.Args{Project: "p", Name: "ai-worker-dev", VPC: &network.VPC{
		Region: "asia-northeast1",
		Ranges: network.Ranges{
			Nodes: "10.10.0.0/20", Pods: "10.20.0.0/16", Services: "10.30.0.0/20", PrivateServices: "10.40.0.0/16",
		},
		NAT: network.NAT{Addresses: []string{"a", "b"}},
	}}
}

func shared() *network.Args {
	return &network.Args{Project: "p", Name: "ai-worker-dev", Existing: &network.Existing{Project: "platform", Name: "shared"}}
}

func full() *network.Args {
	args := valid()
	args.Labels, args.IngressProject = map[string]string{"app": "ai-worker"}, "shared-clusters"
	args.VPC.Taken = map[string]string{"control plane": "172.16.0.0/28"}
	args.VPC.GlobalRouting, args.VPC.AbandonPrivateConnection, args.VPC.MTU = true, true, 1500
	args.VPC.FlowLogs = network.FlowLogs{
		Sampling: 0.1, Interval: "INTERVAL_10_MIN", Metadata: "EXCLUDE_ALL_METADATA", Filter: "inIpRange(connection.src_ip, '10.0.0.0/8')",
	}
	args.VPC.NAT = network.NAT{
		Addresses: []string{"a"}, Draining: []string{"b"}, MinPorts: 128, MaxPorts: 8192, LogFilter: "ALL",
	}
	args.VPC.FirewallRules = []network.FirewallRule{{
		Name: "webhooks", Description: "admission webhooks", SourceRanges: []string{"172.16.0.0/28"}, TargetTags: []string{"nodes"},
		Protocol: "udp", Ports: []string{"9443"}, Priority: 900,
	}}
	return args
}

var (
	program = componentstest.Program(network.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	for name, tc := range map[string]struct {
		args *network.Args
		want []string
	}{
		"created": {valid(), []string{
			addressType + " main-nat-ip-a", addressType + " main-nat-ip-b", globalType + " main-ingress",
			globalType + " main-private-range", networkType + " main-vpc", "gcp:compute/router:Router main-router", natType + " main-nat",
			subnetworkType + " main-subnet", connectionType + " main-private-connection",
		}},
		"existing": {shared(), []string{globalType + " main-ingress"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := run(t, tc.args)
			require.Equal(t, tc.want, componentstest.Tree(t, all, network.TypeToken))
		})
	}
}

func TestStrongDefaults(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, false, all.One(t, networkType).Get("autoCreateSubnetworks"))
	require.Equal(t, "REGIONAL", all.One(t, networkType).Get("routingMode"))

	subnet := all.One(t, subnetworkType)
	require.Equal(t, true, subnet.Get("privateIpGoogleAccess"))
	require.InDelta(t, 0.5, subnet.Get("logConfig.flowSampling"), 0)
	require.Equal(t, "pods", subnet.Get("secondaryIpRanges[0].rangeName"))
	require.Equal(t, "10.30.0.0/20", subnet.Get("secondaryIpRanges[1].ipCidrRange"))

	nat := all.One(t, natType)
	require.Equal(t, "MANUAL_ONLY", nat.Get("natIpAllocateOption"))
	require.Len(t, nat.Get("natIps"), 2)
	require.Nil(t, nat.Get("drainNatIps"))
	require.Equal(t, true, nat.Get("enableDynamicPortAllocation"))
	require.Equal(t, "ERRORS_ONLY", nat.Get("logConfig.filter"))
	require.Equal(t, "ai-worker-dev-nat-b", all.One(t, addressType, "main-nat-ip-b").Get("name"))

	reserved := all.One(t, globalType, "main-private-range")
	require.Equal(t, "10.40.0.0", reserved.Get("address"))
	require.InDelta(t, 16, reserved.Get("prefixLength"), 0)
	connection := all.One(t, connectionType)
	require.Equal(t, []any{"ai-worker-dev-private-services"}, connection.Get("reservedPeeringRanges"))
	require.Nil(t, connection.Get("deletionPolicy"))
}

func TestNoFlowLogs(t *testing.T) {
	args := valid()
	args.VPC.FlowLogs.Disable = true
	all := run(t, args)
	require.Nil(t, all.One(t, subnetworkType).Get("logConfig"))
}

// outputs exports every output, to be read as what a stack would hand on.
func outputs(args *network.Args) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		n, err := network.New(ctx, "main", args)
		if err != nil {
			return err
		}
		seen := &echo{}
		return ctx.RegisterResource("gcp:projects/service:Service", "echo", pulumi.Map{
			"project": pulumi.Sprintf("%s|%s|%s|%s|%s|%s|%v|%s", n.Network, n.PrivateNetwork, n.Name, n.Subnetwork, n.PodRangeName,
				n.ServiceRangeName, n.NATAddresses, n.IngressAddressName),
			"service": pulumi.String("dns.googleapis.com"),
		}, seen)
	}
}

type echo struct{ pulumi.CustomResourceState }

func TestOutputs(t *testing.T) {
	for name, tc := range map[string]struct {
		args *network.Args
		want string
	}{
		"created": {valid(), vpcID + "|" + vpcID + "|ai-worker-dev|projects/p/regions/asia-northeast1/subnetworks/ai-worker-dev-nodes" +
			"|pods|services|[A B]|ai-worker-dev-ingress"},
		"existing": {shared(), "projects/platform/global/networks/shared|projects/platform/global/networks/shared|shared||||[]" +
			"|ai-worker-dev-ingress"},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := componentstest.Run(t, outputs(tc.args))
			require.NoError(t, err)
			want := tc.want
			for _, address := range all.OfType(addressType) {
				which := strings.ToUpper(address.Name[len(address.Name)-1:])
				want = strings.NewReplacer("["+which, "["+address.State["address"].StringValue(),
					which+"]", address.State["address"].StringValue()+"]").Replace(want)
			}
			require.Equal(t, want, all.One(t, "gcp:projects/service:Service").Get("project"))
		})
	}
}

// What takes the private network waits for the private connection.
func TestPrivateNetworkWaits(t *testing.T) {
	all, err := componentstest.Run(t, outputs(valid()))
	require.NoError(t, err)
	dependencies := all.One(t, "gcp:projects/service:Service").RPC.GetPropertyDependencies()["project"].GetUrns()
	require.Contains(t, strings.Join(dependencies, " "), "::main-private-connection")
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[network.Args]{
		"no project":      {func(a *network.Args) { a.Project = "" }, "project is required"},
		"name":            {func(a *network.Args) { a.Name = strings.Repeat("n", 41) }, "want at most 40"},
		"neither":         {func(a *network.Args) { a.VPC = nil }, "exactly one of vpc"},
		"both":            {func(a *network.Args) { a.Existing = &network.Existing{Project: "p", Name: "n"} }, "exactly one of vpc"},
		"existing":        {func(a *network.Args) { a.VPC, a.Existing = nil, &network.Existing{Name: "N"} }, "existing.project is required"},
		"existing name":   {func(a *network.Args) { a.VPC, a.Existing = nil, &network.Existing{Name: "N"} }, `existing.name "N"`},
		"label":           {func(a *network.Args) { a.Labels = map[string]string{"app": "AI"} }, `labels["app"] "AI"`},
		"zone":            {func(a *network.Args) { a.VPC.Region = "asia-northeast1-a" }, "want a region"},
		"mtu":             {func(a *network.Args) { a.VPC.MTU = 9000 }, "want 1300 to 8896"},
		"no range":        {func(a *network.Args) { a.VPC.Ranges.Pods = "" }, `vpc.ranges.pods: "" is no range`},
		"host bits":       {func(a *network.Args) { a.VPC.Ranges.Nodes = "10.10.0.1/20" }, "has host bits set: want 10.10.0.0/20"},
		"public":          {func(a *network.Args) { a.VPC.Ranges.Pods = "11.0.0.0/16" }, "want a private range"},
		"half public":     {func(a *network.Args) { a.VPC.Ranges.Pods = "10.0.0.0/7" }, "want a private range"},
		"IPv6":            {func(a *network.Args) { a.VPC.Ranges.Nodes = "fd00::/20" }, "want a private range"},
		"small":           {func(a *network.Args) { a.VPC.Ranges.PrivateServices = "10.40.0.0/25" }, "want /24 or larger"},
		"docker":          {func(a *network.Args) { a.VPC.Ranges.Nodes = "172.17.0.0/20" }, "which Cloud SQL cannot reach"},
		"pods in nodes":   {func(a *network.Args) { a.VPC.Ranges.Pods = "10.10.0.0/16" }, "pods 10.10.0.0/16 overlaps vpc.ranges.nodes"},
		"private in pods": {func(a *network.Args) { a.VPC.Ranges.PrivateServices = "10.20.4.0/24" }, "overlaps vpc.ranges.pods"},
		"services": {func(a *network.Args) { a.VPC.Ranges.Services = a.VPC.Ranges.Nodes },
			"services 10.10.0.0/20 overlaps vpc.ranges.nodes"},
		"control plane": {func(a *network.Args) { a.VPC.Taken = map[string]string{"cp": "10.30.0.16/28"} },
			`vpc.ranges.services 10.30.0.0/20 overlaps vpc.taken["cp"] 10.30.0.16/28`},
		"taken":        {func(a *network.Args) { a.VPC.Taken = map[string]string{"cp": "10/8"} }, `vpc.taken["cp"]`},
		"sampling":     {func(a *network.Args) { a.VPC.FlowLogs.Sampling = 50 }, "sampling 50: want a share"},
		"interval":     {func(a *network.Args) { a.VPC.FlowLogs.Interval = "5s" }, "want one of INTERVAL_5_SEC"},
		"metadata":     {func(a *network.Args) { a.VPC.FlowLogs.Metadata = "ALL" }, "want one of INCLUDE_ALL_METADATA"},
		"no logs":      {func(a *network.Args) { a.VPC.FlowLogs = network.FlowLogs{Disable: true, Sampling: 1} }, "takes away"},
		"no addresses": {func(a *network.Args) { a.VPC.NAT.Addresses = nil }, "0 of them, want 1 to 300"},
		"address":      {func(a *network.Args) { a.VPC.NAT.Addresses[0] = "A" }, `address "A"`},
		"twice":        {func(a *network.Args) { a.VPC.NAT.Draining = []string{"a"} }, `address "a": given twice`},
		"min ports":    {func(a *network.Args) { a.VPC.NAT.MinPorts = 100 }, "minPorts 100: want a power of two"},
		"max ports":    {func(a *network.Args) { a.VPC.NAT.MinPorts = 4096 }, "above minPorts 4096"},
		"nat logs":     {func(a *network.Args) { a.VPC.NAT.LogFilter = "NONE" }, "want one of ERRORS_ONLY"},
		"everybody": {func(a *network.Args) {
			a.VPC.FirewallRules = []network.FirewallRule{{SourceRanges: []string{"0.0.0.0/0"}}}
		},
			"admits everybody"},
		"rule": {func(a *network.Args) { a.VPC.FirewallRules = []network.FirewallRule{{}} },
			"vpc.firewallRules[0].description is required"},
		"rule twice": {func(a *network.Args) { a.VPC.FirewallRules = []network.FirewallRule{{Name: "a"}, {Name: "a"}} },
			`vpc.firewallRules[1].name "a": given twice`},
		"port": {func(a *network.Args) { a.VPC.FirewallRules = []network.FirewallRule{{Ports: []string{"https"}}} }, "want a port"},
	})
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"VPC.Region": "us-central1", "VPC.Ranges.Nodes": "10.11.0.0/20", "VPC.Ranges.Pods": "10.21.0.0/16",
			"VPC.Ranges.Services": "10.31.0.0/20", "VPC.Ranges.PrivateServices": "10.41.0.0/16",
			"VPC.FlowLogs.Interval": "INTERVAL_5_MIN", "VPC.FlowLogs.Metadata": "INCLUDE_ALL_METADATA",
			"VPC.FlowLogs.Sampling": 0.2, "VPC.NAT.MinPorts": 256, "VPC.NAT.MaxPorts": 4096, "VPC.NAT.LogFilter": "ERRORS_ONLY",
			"VPC.FirewallRules[0].SourceRanges[0]": "172.16.1.0/28", "VPC.FirewallRules[0].Ports[0]": "8443",
			"VPC.FirewallRules[0].Protocol": "sctp",
		},
		Exempt: map[string]string{
			"Existing":             "excludes VPC; TestOutputs has it",
			"VPC.Taken":            "only checked against the ranges that are made",
			"VPC.FlowLogs.Disable": "excludes the other settings of flow logs; TestNoFlowLogs has it",
		},
	})
}

func TestExistingHasLabels(t *testing.T) {
	args := shared()
	args.Labels = map[string]string{"app": "ai-worker"}
	all := run(t, args)
	require.Equal(t, "ai-worker", all.One(t, globalType).Get("labels.app"))
}

// An address that is to go takes no new connections first.
func TestDraining(t *testing.T) {
	all := run(t, full())
	nat := all.One(t, natType)
	require.Equal(t, []any{all.One(t, addressType, "main-nat-ip-a").State["selfLink"].StringValue()}, nat.Get("natIps"))
	require.Equal(t, []any{all.One(t, addressType, "main-nat-ip-b").State["selfLink"].StringValue()}, nat.Get("drainNatIps"))
}
