package namespace

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// Rule lets traffic pass between pods of the namespace and others: those of CIDRs
// and those of Namespaces.
type Rule struct {
	// CIDRs are ranges of addresses, not those of pods and Services. A range wider
	// than a private or link-local one, as "0.0.0.0/0" is, does not open that one,
	// nor with it the metadata server: name it beside to open it.
	CIDRs      []string
	Except     []string // Except are parts of the CIDRs that stay shut.
	Namespaces []string // Namespaces of the cluster, this one too, all of whose pods are meant.
	Ports      []Port   // Ports of the side that is connected to. Required.
	// PodSelector are labels of the pods in this namespace that the rule is for; nil
	// means every pod.
	PodSelector map[string]string
}

// Port is a port or a range of them.
type Port struct {
	Number   int    // Number is 1 to 65535. Required.
	End      int    // End of a range from Number on; 0 means Number alone.
	Protocol string // Protocol is TCP, which empty means, UDP or SCTP.
}

// inside are the ranges that a wider one does not open: RFC 1918, RFC 6598, RFC
// 3927 and their likes in IPv6, RFC 4193 and RFC 4291.
var inside = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

func checkRules(p *components.Problems, field string, rules map[string]Rule) {
	kubernetes.CheckKeys(p, field, rules)
	for _, key := range slices.Sorted(maps.Keys(rules)) {
		rules[key].check(fmt.Sprintf("%s[%q]", field, key), p)
	}
}

func (r Rule) check(field string, p *components.Problems) {
	p.Want(len(r.CIDRs)+len(r.Namespaces) > 0, "%s: want cidrs or namespaces: with neither it is everybody", field)
	for i, cidr := range r.CIDRs {
		kubernetes.CheckCIDR(p, fmt.Sprintf("%s.cidrs[%d]", field, i), cidr)
	}
	for i, cidr := range r.Except {
		at := fmt.Sprintf("%s.except[%d]", field, i)
		kubernetes.CheckCIDR(p, at, cidr)
		p.Want(slices.ContainsFunc(r.CIDRs, func(wide string) bool { return contains(wide, cidr) }), "%s %q: is no part of the cidrs %q", at, cidr, r.CIDRs)
	}
	for i, name := range r.Namespaces {
		kubernetes.CheckName(p, fmt.Sprintf("%s.namespaces[%d]", field, i), name)
	}
	p.Want(len(r.Ports) > 0, "%s.ports: want at least one: with none it is every port", field)
	for i, port := range r.Ports {
		at := fmt.Sprintf("%s.ports[%d]", field, i)
		kubernetes.CheckPort(p, at+".number", port.Number)
		if port.End != 0 {
			kubernetes.CheckPort(p, at+".end", port.End)
			p.Want(port.End >= port.Number, "%s.end %d: is below number %d", at, port.End, port.Number)
		}
		p.OneOf(at+".protocol", port.Protocol, "", "TCP", "UDP", "SCTP")
	}
	kubernetes.CheckLabels(p, field+".podSelector", r.PodSelector)
}

// contains says whether narrow is a part of wide, and not all of it.
func contains(wide, narrow string) bool {
	w, err1 := netip.ParsePrefix(wide)
	n, err2 := netip.ParsePrefix(narrow)
	return err1 == nil && err2 == nil && w.Bits() < n.Bits() && w.Contains(n.Addr())
}

// peers are the others that the rule is about.
func (r Rule) peers() networkingv1.NetworkPolicyPeerArray {
	var peers networkingv1.NetworkPolicyPeerArray
	for _, cidr := range r.CIDRs {
		shut := slices.Clone(r.Except)
		for _, private := range inside {
			shut = append(shut, private.String())
		}
		shut = slices.DeleteFunc(shut, func(narrow string) bool { return !contains(cidr, narrow) })
		slices.Sort(shut)
		block := networkingv1.IPBlockArgs{Cidr: pulumi.String(cidr)}
		if len(shut) > 0 {
			block.Except = pulumi.ToStringArray(slices.Compact(shut))
		}
		peers = append(peers, networkingv1.NetworkPolicyPeerArgs{IpBlock: block})
	}
	for _, name := range r.Namespaces {
		peers = append(peers, networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: named(name)})
	}
	return peers
}

// named selects the namespace of a name, by the label that the API server gives it:
// https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
func named(namespace string) metav1.LabelSelectorArgs {
	return metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(namespace)}}
}

func tcp(numbers ...int) []Port {
	var list []Port
	for _, n := range numbers {
		list = append(list, Port{Number: n})
	}
	return list
}

func ports(list ...Port) networkingv1.NetworkPolicyPortArray {
	var inputs networkingv1.NetworkPolicyPortArray
	for _, port := range list {
		args := networkingv1.NetworkPolicyPortArgs{Port: pulumi.Int(port.Number), Protocol: pulumi.String(cmp.Or(port.Protocol, "TCP"))}
		if port.End != 0 {
			args.EndPort = pulumi.Int(port.End)
		}
		inputs = append(inputs, args)
	}
	return inputs
}

func (r Rule) egress() networkingv1.NetworkPolicyEgressRuleArgs {
	return networkingv1.NetworkPolicyEgressRuleArgs{To: r.peers(), Ports: ports(r.Ports...)}
}

func (r Rule) ingress() networkingv1.NetworkPolicyIngressRuleArgs {
	return networkingv1.NetworkPolicyIngressRuleArgs{From: r.peers(), Ports: ports(r.Ports...)}
}

// pods are those of the namespace that the rule is for.
func (r Rule) pods() metav1.LabelSelectorArgs {
	if len(r.PodSelector) == 0 {
		return everyPod
	}
	return metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(r.PodSelector)}
}
