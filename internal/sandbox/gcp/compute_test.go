package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const networkID = "projects/test-project/global/networks/main"

func TestNetwork(t *testing.T) {
	valid := map[string]any{"name": "main", "autoCreateSubnetworks": false}
	id, state, err := registered(t, networkType, valid)
	require.NoError(t, err)
	require.Equal(t, networkID, id)
	require.Equal(t, computeURL+networkID, state["selfLink"])
	require.Equal(t, "REGIONAL", state["routingMode"])
	refused(t, networkType, valid, map[string]refusal{
		"name":    {map[string]any{"name": "Main"}, "1 to 63 lower-case"},
		"routing": {map[string]any{"routingMode": "global"}, "none of REGIONAL, GLOBAL"},
		"mtu":     {map[string]any{"mtu": 9000}, "not between 1300 and 8896"},
	})
}

func TestSubnetwork(t *testing.T) {
	valid := map[string]any{
		"name": "nodes", "network": networkID, "ipCidrRange": "10.10.0.0/20", "logConfig.flowSampling": 0.5,
		"secondaryIpRanges": []any{
			map[string]any{"rangeName": "pods", "ipCidrRange": "10.20.0.0/16"},
			map[string]any{"rangeName": "services", "ipCidrRange": "10.30.0.0/20"},
		},
	}
	id, state, err := registered(t, subnetworkType, valid)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/regions/asia-northeast1/subnetworks/nodes", id)
	require.Equal(t, "10.10.0.1", state["gatewayAddress"])
	refused(t, subnetworkType, valid, map[string]refusal{
		"host bits":   {map[string]any{"ipCidrRange": "10.10.0.1/20"}, "has host bits set: want 10.10.0.0/20"},
		"too small":   {map[string]any{"ipCidrRange": "10.10.0.0/30"}, "prefix length 4 to 29"},
		"overlap":     {map[string]any{"secondaryIpRanges[0].ipCidrRange": "10.10.8.0/24"}, "overlaps ipCidrRange 10.10.0.0/20"},
		"twice":       {map[string]any{"secondaryIpRanges[1].rangeName": "pods"}, `"pods" is there twice`},
		"sampling":    {map[string]any{"logConfig.flowSampling": 50}, "not between 0 and 1"},
		"interval":    {map[string]any{"logConfig.aggregationInterval": "5s"}, "none of INTERVAL_5_SEC"},
		"metadata":    {map[string]any{"logConfig.metadata": "ALL"}, "none of"},
		"its fields":  {map[string]any{"logConfig.metadataFields": []any{"src_vpc"}}, "CUSTOM_METADATA"},
		"region":      {map[string]any{"region": "asia-northeast1-a"}, "a region, such as"},
		"no network":  {map[string]any{"network": nil}, "network: missing required property"},
		"unknown key": {map[string]any{"flowLogs": true}, "flowLogs: unknown property"},
	})
}

func TestRouterAndNat(t *testing.T) {
	router := map[string]any{"name": "main", "network": networkID}
	_, _, err := registered(t, routerType, router)
	require.NoError(t, err)
	refused(t, routerType, router, map[string]refusal{
		"public ASN": {map[string]any{"bgp.asn": 2516}, "no private AS number"},
		"advertised": {map[string]any{"bgp.asn": 64512, "bgp.advertisedGroups": []any{"ALL_SUBNETS"}}, "advertiseMode CUSTOM"},
	})

	const natType = "gcp:compute/routerNat:RouterNat"
	nat := map[string]any{
		"name": "main", "router": "main", "natIpAllocateOption": "MANUAL_ONLY", "natIps": []any{"a"},
		"sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS", "enableDynamicPortAllocation": true, "minPortsPerVm": 64,
		"maxPortsPerVm": 4096, "logConfig.enable": true, "logConfig.filter": "ERRORS_ONLY",
		"subnetworks": []any{map[string]any{"name": "nodes", "sourceIpRangesToNats": []any{"ALL_IP_RANGES"}}},
	}
	id, _, err := registered(t, natType, nat)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/regions/asia-northeast1/routers/main/main", id)
	refused(t, natType, nat, map[string]refusal{
		"no addresses":  {map[string]any{"natIps": nil}, "MANUAL_ONLY needs natIps"},
		"allocation":    {map[string]any{"natIpAllocateOption": "AUTO_ONLY"}, "natIps belong to"},
		"no subnets":    {map[string]any{"subnetworks": nil}, "go together"},
		"all subnets":   {map[string]any{"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}, "go together"},
		"no ranges":     {map[string]any{"subnetworks[0].sourceIpRangesToNats": nil}, "sourceIpRangesToNats: missing"},
		"filter":        {map[string]any{"logConfig.filter": "ERRORS"}, "none of ERRORS_ONLY"},
		"ports":         {map[string]any{"minPortsPerVm": 48}, "power of two from 32"},
		"order":         {map[string]any{"minPortsPerVm": 8192}, "not above minPortsPerVm 8192"},
		"max power":     {map[string]any{"maxPortsPerVm": 5000}, "5000 is no power of two"},
		"max is static": {map[string]any{"enableDynamicPortAllocation": false}, "needs enableDynamicPortAllocation"},
		"mapping":       {map[string]any{"enableEndpointIndependentMapping": true}, "exclude each other"},
	})
}

func TestAddresses(t *testing.T) {
	id, state, err := registered(t, addressType, map[string]any{"name": "nat-0", "labels.app": "x"})
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/regions/asia-northeast1/addresses/nat-0", id)
	require.Regexp(t, `^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$`, state["address"])
	require.Equal(t, map[string]any{"app": "x"}, state["effectiveLabels"])
	_, again, err := registered(t, addressType, map[string]any{"name": "nat-0"})
	require.NoError(t, err)
	require.Equal(t, state["address"], again["address"], "the same in every run")
	refused(t, addressType, map[string]any{"name": "nat-0"}, map[string]refusal{
		"external": {map[string]any{"network": networkID}, "addressType INTERNAL"},
		"tier":     {map[string]any{"networkTier": "BASIC"}, "none of PREMIUM"},
		"label":    {map[string]any{"labels.app": "X"}, "labels[app]"},
	})

	peering := map[string]any{
		"name": "services", "addressType": "INTERNAL", "purpose": "VPC_PEERING", "network": networkID, "address": "10.40.0.0",
		"prefixLength": 16,
	}
	id, _, err = registered(t, globalAddressType, peering)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/global/addresses/services", id)
	_, state, err = registered(t, globalAddressType, map[string]any{"name": "ingress"})
	require.NoError(t, err)
	require.Regexp(t, `^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$`, state["address"])
	refused(t, globalAddressType, peering, map[string]refusal{
		"external":   {map[string]any{"addressType": "EXTERNAL"}, "belong to addressType INTERNAL"},
		"no network": {map[string]any{"network": nil}, "needs network and purpose"},
		"no prefix":  {map[string]any{"prefixLength": nil}, "needs prefixLength"},
		"alignment":  {map[string]any{"address": "10.40.1.0"}, "that is 10.40.0.0"},
		"purpose":    {map[string]any{"purpose": "PEERING"}, "none of VPC_PEERING"},
	})
}

func TestFirewall(t *testing.T) {
	const typ = "gcp:compute/firewall:Firewall"
	valid := map[string]any{
		"name": "webhooks", "network": networkID, "sourceRanges": []any{"172.16.0.0/28"},
		"allows": []any{map[string]any{"protocol": "tcp", "ports": []any{"9443"}}},
	}
	_, state, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "INGRESS", state["direction"])
	refused(t, typ, valid, map[string]refusal{
		"both":      {map[string]any{"denies": []any{map[string]any{"protocol": "all"}}}, "exactly one of allows, denies"},
		"no source": {map[string]any{"sourceRanges": nil}, "want one of sourceRanges"},
		"port":      {map[string]any{"allows[0].ports[0]": "https"}, "a port or a range"},
		"priority":  {map[string]any{"priority": 70000}, "between 0 and 65535"},
		"targets": {map[string]any{"targetTags": []any{"a"}, "targetServiceAccounts": []any{"a@p.iam.gserviceaccount.com"}},
			"tags and service accounts"},
		"egress": {map[string]any{"direction": "EGRESS"}, "sources belong to direction INGRESS"},
		"logs":   {map[string]any{"logConfig.metadata": "INCLUDE_ALL_METADATA", "enableLogging": false}, "exclude each other"},
	})
}

func TestSecurityPolicy(t *testing.T) {
	const typ = "gcp:compute/securityPolicy:SecurityPolicy"
	rule := func(action string, priority int, ranges ...any) map[string]any {
		return map[string]any{
			"action": action, "priority": priority,
			"match": map[string]any{"versionedExpr": "SRC_IPS_V1", "config": map[string]any{"srcIpRanges": ranges}},
		}
	}
	eleven := make([]any, 11)
	for i := range eleven {
		eleven[i] = "10.0.0.0/8"
	}
	valid := map[string]any{"name": "edge", "rules": []any{rule("allow", 1000, "173.245.48.0/20"), rule("deny(403)", lastPriority, "*")}}
	_, state, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "CLOUD_ARMOR", state["type"])
	refused(t, typ, valid, map[string]refusal{
		"equal priority": {map[string]any{"rules[0].priority": lastPriority}, "is the priority of rules[0] too"},
		"no last rule":   {map[string]any{"rules[1].priority": 2000}, "a default rule of priority 2147483647"},
		"ranges":         {map[string]any{"rules[0].match.config.srcIpRanges": eleven}, "11 elements, want 1 to 10"},
		"range":          {map[string]any{"rules[0].match.config.srcIpRanges[0]": "173.245.48.1/20"}, "without host bits"},
		"action":         {map[string]any{"rules[0].action": "deny"}, `"deny(403)"`},
		"no match":       {map[string]any{"rules[0].match.config": nil}, "exactly one of config, expr"},
		"no expression":  {map[string]any{"rules[0].match.versionedExpr": nil}, "go together"},
		"throttle":       {map[string]any{"rules[0].action": "throttle"}, "which need them"},
		"interval": {map[string]any{
			"rules[0].action": "throttle", "rules[0].rateLimitOptions.rateLimitThreshold.count": 100,
			"rules[0].rateLimitOptions.rateLimitThreshold.intervalSec": 15,
		}, "none of the intervals"},
		"redirect": {map[string]any{"rules[0].action": "redirect"}, "redirectOptions"},
	})
}

func TestServiceNetworkingConnection(t *testing.T) {
	const typ = "gcp:servicenetworking/connection:Connection"
	valid := map[string]any{
		"network": networkID, "service": "servicenetworking.googleapis.com", "reservedPeeringRanges": []any{"services"},
	}
	_, state, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "servicenetworking-googleapis-com", state["peering"])
	refused(t, typ, valid, map[string]refusal{
		"service":  {map[string]any{"service": "sqladmin.googleapis.com"}, "none of"},
		"a link":   {map[string]any{"reservedPeeringRanges[0]": "projects/p/global/addresses/services"}, "lower-case"},
		"no range": {map[string]any{"reservedPeeringRanges": []any{}}, "0 elements"},
		"policy":   {map[string]any{"deletionPolicy": "DELETE"}, "none of ABANDON"},
	})
}

func TestProjectService(t *testing.T) {
	const typ = "gcp:projects/service:Service"
	valid := map[string]any{"service": "sqladmin.googleapis.com", "disableOnDestroy": false}
	id, _, err := registered(t, typ, valid)
	require.NoError(t, err)
	require.Equal(t, "test-project/sqladmin.googleapis.com", id)
	_, state, err := registered(t, typ, valid, map[string]any{"disableOnDestroy": nil})
	require.NoError(t, err)
	require.Equal(t, true, state["disableOnDestroy"], "the provider's default")
	refused(t, typ, valid, map[string]refusal{"short": {map[string]any{"service": "sqladmin"}, "an API, such as"}})
}
