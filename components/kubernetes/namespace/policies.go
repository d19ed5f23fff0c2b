package namespace

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// policy is one NetworkPolicy: its name, and what it lets pass.
type policy struct {
	name string
	spec networkingv1.NetworkPolicySpecArgs
}

// policies shut the namespace and open it again for what is named, each exception
// in a policy of its own: policies add up.
func (a *Args) policies() []policy {
	all := []policy{
		{"default-deny", networkingv1.NetworkPolicySpecArgs{
			PodSelector: everyPod,
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
		}},
		{"dns", dns()},
		{"metadata-server", metadataServer()},
	}
	if len(a.Databases) > 0 {
		all = append(all, policy{"database", database(a.Databases)})
	}
	if len(a.GatewayPorts) > 0 {
		all = append(all, policy{"gateway", gateway(a.GatewayPorts)})
	}
	for _, key := range slices.Sorted(maps.Keys(a.Egress)) {
		r := a.Egress[key]
		all = append(all, policy{"egress-" + key, egress(r.pods(), r.egress())})
	}
	for _, key := range slices.Sorted(maps.Keys(a.Ingress)) {
		r := a.Ingress[key]
		all = append(all, policy{"ingress-" + key, ingress(r.pods(), r.ingress())})
	}
	return all
}

// Policies are the names of the network policies that [New] makes.
func (a *Args) Policies() []string {
	var names []string
	for _, p := range a.policies() {
		names = append(names, p.name)
	}
	return names
}

func egress(pods metav1.LabelSelectorArgs, rules ...networkingv1.NetworkPolicyEgressRuleInput) networkingv1.NetworkPolicySpecArgs {
	return networkingv1.NetworkPolicySpecArgs{
		PodSelector: pods,
		PolicyTypes: pulumi.StringArray{pulumi.String("Egress")},
		Egress:      networkingv1.NetworkPolicyEgressRuleArray(rules),
	}
}

func ingress(pods metav1.LabelSelectorArgs, rules ...networkingv1.NetworkPolicyIngressRuleInput) networkingv1.NetworkPolicySpecArgs {
	return networkingv1.NetworkPolicySpecArgs{
		PodSelector: pods,
		PolicyTypes: pulumi.StringArray{pulumi.String("Ingress")},
		Ingress:     networkingv1.NetworkPolicyIngressRuleArray(rules),
	}
}

var everyPod = metav1.LabelSelectorArgs{}

// dns opens all the resolvers that GKE may give to pods: kube-dns; the cache on
// the node, which Dataplane V2 takes for a pod and others for its link-local
// address; and Cloud DNS, at the address of the metadata server.
// https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache and
// https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns
func dns() networkingv1.NetworkPolicySpecArgs {
	peers := Rule{CIDRs: []string{"169.254.20.10/32", "169.254.169.254/32"}}.peers()
	for _, app := range []string{"kube-dns", "node-local-dns"} {
		peers = append(peers, networkingv1.NetworkPolicyPeerArgs{
			NamespaceSelector: named("kube-system"),
			PodSelector:       metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"k8s-app": pulumi.String(app)}},
		})
	}
	return egress(everyPod, networkingv1.NetworkPolicyEgressRuleArgs{
		To: peers, Ports: ports(Port{Number: 53, Protocol: "UDP"}, Port{Number: 53}),
	})
}

// metadataServer is where workload identity gets its tokens. With Dataplane V2 a
// policy sees the address that the pod connects to, without it that of GKE's
// metadata server on the node behind it. Both are open, so that the namespace can
// be on either; with workload identity neither leads to the node's own metadata.
// https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#network_policy
func metadataServer() networkingv1.NetworkPolicySpecArgs {
	return egress(everyPod,
		Rule{CIDRs: []string{"169.254.169.254/32"}, Ports: tcp(80, 8080)}.egress(),
		Rule{CIDRs: []string{"169.254.169.252/32"}, Ports: tcp(988, 987)}.egress(),
	)
}

// database lets auth proxies connect, to a port that is only theirs:
// https://cloud.google.com/sql/docs/postgres/sql-proxy
func database(servers []pulumi.StringInput) networkingv1.NetworkPolicySpecArgs {
	var peers networkingv1.NetworkPolicyPeerArray
	for _, server := range servers {
		peers = append(peers, networkingv1.NetworkPolicyPeerArgs{IpBlock: networkingv1.IPBlockArgs{
			Cidr: server.ToStringOutput().ApplyT(prefix).(pulumi.StringOutput),
		}})
	}
	return egress(everyPod, networkingv1.NetworkPolicyEgressRuleArgs{To: peers, Ports: ports(tcp(3307)...)})
}

// prefix is the range of one address, or the given range.
func prefix(s string) (string, error) {
	if address, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(address, address.BitLen()).String(), nil
	}
	if r, err := netip.ParsePrefix(s); err == nil && r == r.Masked() && r.Bits() > 0 {
		return s, nil
	}
	return "", fmt.Errorf(`%q: want a private address such as "10.8.0.3", or a range such as "10.8.0.0/24"`, s)
}

// gateway lets in Google's load balancers, which connect from the same addresses
// as their health checks:
// https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges
func gateway(numbers []int) networkingv1.NetworkPolicySpecArgs {
	return ingress(everyPod, Rule{CIDRs: []string{"35.191.0.0/16", "130.211.0.0/22"}, Ports: tcp(numbers...)}.ingress())
}
