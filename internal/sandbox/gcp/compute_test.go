package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const networkID = "projects/test-project/global/networks/main"

func TestNetwork(t *testing.T) {
	valid := props{"name": "main", "autoCreateSubnetworks": false}
	id, state, err := registered(t, networkType, valid)
	require.NoError(t, err)
	require.Equal(t, networkID, id)
	require.Equal(t, computeURL+networkID, state["selfLink"])
	require.Equal(t, "REGIONAL", state["routingMode"])
	judged(t, networkType, valid, map[string]verdict{
		"name":    {props{"name": "Main"}, "1 to 63 lower-case"},
		"routing": {props{"routingMode": "global"}, "none of REGIONAL, GLOBAL"},
		"mtu":     {props{"mtu": 9000}, "not between 1300 and 8896"},
	})
}

func TestSubnetwork(t *testing.T) {
	valid := props{
		"name": "nodes", "network": networkID, "ipCidrRange": "10.10.0.0/20", "logConfig.flowSampling": 0.5,
		"secondaryIpRanges": []any{
			props{"rangeName": "pods", "ipCidrRange": "10.20.0.0/16"},
			props{"rangeName": "services", "ipCidrRange": "10.30.0.0/20"},
		},
	}
	id, state, err := registered(t, subnetworkType, valid)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/regions/asia-northeast1/subnetworks/nodes", id)
	require.Equal(t, "10.10.0.1", state["gatewayAddress"])
	judged(t, subnetworkType, valid, map[string]verdict{
		"host bits":   {props{"ipCidrRange": "10.10.0.1/20"}, "has host bits set: want 10.10.0.0/20"},
		"too small":   {props{"ipCidrRange": "10.10.0.0/30"}, "prefix length 4 to 29"},
		"overlap":     {props{"secondaryIpRanges[0].ipCidrRange": "10.10.8.0/24"}, "overlaps ipCidrRange 10.10.0.0/20"},
		"twice":       {props{"secondaryIpRanges[1].rangeName": "pods"}, `"pods" is there twice`},
		"sampling":    {props{"logConfig.flowSampling": 50}, "not between 0 and 1"},
		"interval":    {props{"logConfig.aggregationInterval": "5s"}, "none of INTERVAL_5_SEC"},
		"metadata":    {props{"logConfig.metadata": "ALL"}, "none of"},
		"its fields":  {props{"logConfig.metadataFields": []any{"src_vpc"}}, "CUSTOM_METADATA"},
		"region":      {props{"region": "asia-northeast1-a"}, "a region, such as"},
		"no network":  {props{"network": nil}, "network: missing required property"},
		"unknown key": {props{"flowLogs": true}, "flowLogs: unknown property"},
	})
}

func TestRouterAndNat(t *testing.T) {
	router := props{"name": "main", "network": networkID}
	_, _, err := registered(t, routerType, router)
	require.NoError(t, err)
	judged(t, routerType, router, map[string]verdict{
		"public ASN": {props{"bgp.asn": 2516}, "no private AS number"},
		"advertised": {props{"bgp.asn": 64512, "bgp.advertisedGroups": []any{"ALL_SUBNETS"}}, "advertiseMode CUSTOM"},
	})

	const natType = "gcp:compute/routerNat:RouterNat"
	nat := props{
		"name": "main", "router": "main", "natIpAllocateOption": "MANUAL_ONLY", "natIps": []any{"a"},
		"sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS", "enableDynamicPortAllocation": true, "minPortsPerVm": 64,
		"maxPortsPerVm": 4096, "logConfig.enable": true, "logConfig.filter": "ERRORS_ONLY",
		"subnetworks": []any{props{"name": "nodes", "sourceIpRangesToNats": []any{"ALL_IP_RANGES"}}},
	}
	id, _, err := registered(t, natType, nat)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/regions/asia-northeast1/routers/main/main", id)
	judged(t, natType, nat, map[string]verdict{
		"no addresses":  {props{"natIps": nil}, "MANUAL_ONLY needs natIps"},
		"allocation":    {props{"natIpAllocateOption": "AUTO_ONLY"}, "natIps belong to"},
		"no subnets":    {props{"subnetworks": nil}, "go together"},
		"all subnets":   {props{"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}, "go together"},
		"no ranges":     {props{"subnetworks[0].sourceIpRangesToNats": nil}, "sourceIpRangesToNats: missing"},
		"filter":        {props{"logConfig.filter": "ERRORS"}, "none of ERRORS_ONLY"},
		"ports":         {props{"minPortsPerVm": 48}, "power of two from 32"},
		"order":         {props{"minPortsPerVm": 8192}, "not above minPortsPerVm 8192"},
		"max power":     {props{"maxPortsPerVm": 5000}, "5000 is no power of two"},
		"max is static": {props{"enableDynamicPortAllocation": false}, "needs enableDynamicPortAllocation"},
		"mapping":       {props{"enableEndpointIndependentMapping": true}, "exclude each other"},
	})
}

func TestAddresses(t *testing.T) {
	id, state, err := registered(t, addressType, props{"name": "nat-0", "labels.app": "x"})
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/regions/asia-northeast1/addresses/nat-0", id)
	require.Regexp(t, `^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$`, state["address"])
	require.Equal(t, props{"app": "x"}, state["effectiveLabels"])
	_, again, err := registered(t, addressType, props{"name": "nat-0"})
	require.NoError(t, err)
	require.Equal(t, state["address"], again["address"], "the same in every run")
	judged(t, addressType, props{"name": "nat-0"}, map[string]verdict{
		"external": {props{"network": networkID}, "addressType INTERNAL"},
		"tier":     {props{"networkTier": "BASIC"}, "none of PREMIUM"},
		"label":    {props{"labels.app": "X"}, "labels[app]"},
	})

	peering := props{
		"name": "services", "addressType": "INTERNAL", "purpose": "VPC_PEERING", "network": networkID, "address": "10.40.0.0",
		"prefixLength": 16,
	}
	id, _, err = registered(t, globalAddressType, peering)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/global/addresses/services", id)
	_, state, err = registered(t, globalAddressType, props{"name": "ingress"})
	require.NoError(t, err)
	require.Regexp(t, `^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$`, state["address"])
	judged(t, globalAddressType, peering, map[string]verdict{
		"external":   {props{"addressType": "EXTERNAL"}, "belong to addressType INTERNAL"},
		"no network": {props{"network": nil}, "needs network and purpose"},
		"no prefix":  {props{"prefixLength": nil}, "needs prefixLength"},
		"alignment":  {props{"address": "10.40.1.0"}, "that is 10.40.0.0"},
		"purpose":    {props{"purpose": "PEERING"}, "none of VPC_PEERING"},
	})
}

func TestFirewall(t *testing.T) {
	const typ = "gcp:compute/firewall:Firewall"
	valid := props{
		"name": "webhooks", "network": networkID, "sourceRanges": []any{"172.16.0.0/28"},
		"allows": []any{props{"protocol": "tcp", "ports": []any{"9443"}}},
	}
	_, state, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "INGRESS", state["direction"])
	judged(t, typ, valid, map[string]verdict{
		"both":      {props{"denies": []any{props{"protocol": "all"}}}, "exactly one of allows, denies"},
		"no source": {props{"sourceRanges": nil}, "want one of sourceRanges"},
		"port":      {props{"allows[0].ports[0]": "https"}, "a port or a range"},
		"priority":  {props{"priority": 70000}, "between 0 and 65535"},
		"targets": {props{"targetTags": []any{"a"}, "targetServiceAccounts": []any{"a@p.iam.gserviceaccount.com"}},
			"tags and service accounts"},
		"egress": {props{"direction": "EGRESS"}, "sources belong to direction INGRESS"},
		"logs":   {props{"logConfig.metadata": "INCLUDE_ALL_METADATA", "enableLogging": false}, "exclude each other"},
	})
}

func TestSecurityPolicy(t *testing.T) {
	const typ = "gcp:compute/securityPolicy:SecurityPolicy"
	rule := func(action string, priority int, ranges ...any) props {
		return props{
			"action": action, "priority": priority,
			"match": props{"versionedExpr": "SRC_IPS_V1", "config": props{"srcIpRanges": ranges}},
		}
	}
	eleven := make([]any, 11)
	for i := range eleven {
		eleven[i] = "10.0.0.0/8"
	}
	valid := props{"name": "edge", "rules": []any{rule("allow", 1000, "173.245.48.0/20"), rule("deny(403)", lastPriority, "*")}}
	_, state, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "CLOUD_ARMOR", state["type"])
	judged(t, typ, valid, map[string]verdict{
		"equal priority": {props{"rules[0].priority": lastPriority}, "is the priority of rules[0] too"},
		"narrow last":    {props{"rules[1].match.config.srcIpRanges[0]": "10.0.0.0/8"}, `the default rule matches "*"`},
		"no last rule":   {props{"rules[1].priority": 2000}, "a default rule of priority 2147483647"},
		"ranges":         {props{"rules[0].match.config.srcIpRanges": eleven}, "11 elements, want 1 to 10"},
		"range":          {props{"rules[0].match.config.srcIpRanges[0]": "173.245.48.1/20"}, "without host bits"},
		"action":         {props{"rules[0].action": "deny"}, `"deny(403)"`},
		"no match":       {props{"rules[0].match.config": nil}, "exactly one of config, expr"},
		"no expression":  {props{"rules[0].match.versionedExpr": nil}, "go together"},
		"throttle":       {props{"rules[0].action": "throttle"}, "which need them"},
		"interval": {props{
			"rules[0].action": "throttle", "rules[0].rateLimitOptions.rateLimitThreshold.count": 100,
			"rules[0].rateLimitOptions.rateLimitThreshold.intervalSec": 15,
		}, "none of the intervals"},
		"redirect": {props{"rules[0].action": "redirect"}, "redirectOptions"},
	})
}

func TestServiceNetworkingConnection(t *testing.T) {
	const typ = "gcp:servicenetworking/connection:Connection"
	valid := props{
		"network": networkID, "service": "servicenetworking.googleapis.com", "reservedPeeringRanges": []any{"services"},
	}
	_, state, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "servicenetworking-googleapis-com", state["peering"])
	judged(t, typ, valid, map[string]verdict{
		"service":  {props{"service": "sqladmin.googleapis.com"}, "none of"},
		"a link":   {props{"reservedPeeringRanges[0]": "projects/p/global/addresses/services"}, "lower-case"},
		"no range": {props{"reservedPeeringRanges": []any{}}, "0 elements"},
		"policy":   {props{"deletionPolicy": "DELETE"}, "none of ABANDON"},
	})
}

func TestProjectService(t *testing.T) {
	const typ = "gcp:projects/service:Service"
	valid := props{"service": "sqladmin.googleapis.com", "disableOnDestroy": false}
	id, _, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "test-project/sqladmin.googleapis.com", id)
	_, state, err := registered(t, typ, valid, props{"disableOnDestroy": nil})
	require.NoError(t, err)
	require.Equal(t, true, state["disableOnDestroy"], "the provider's default")
	judged(t, typ, valid, map[string]verdict{"short": {props{"service": "sqladmin"}, "an API, such as"}})
}
