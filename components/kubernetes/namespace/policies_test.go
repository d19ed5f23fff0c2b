package namespace_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/namespace"
)

// m and l are short for what a spec is made of.
type (
	m = map[string]any
	l = []any
)

func block(cidr string, except ...any) m {
	b := m{"cidr": cidr}
	if len(except) > 0 {
		b["except"] = except
	}
	return m{"ipBlock": b}
}

func port(number float64) m { return m{"protocol": "TCP", "port": number} }

func in(namespace string) m {
	return m{"namespaceSelector": m{"matchLabels": m{"kubernetes.io/metadata.name": namespace}}}
}

func dnsPods(app string) m {
	peer := in("kube-system")
	peer["podSelector"] = m{"matchLabels": m{"k8s-app": app}}
	return peer
}

func TestPolicies(t *testing.T) {
	all := run(t, full())
	api := m{"matchLabels": m{"app": "api"}}
	ports := l{m{"protocol": "UDP", "port": 9000.0, "endPort": 9010.0}}
	peers := l{block("203.0.113.0/24", "203.0.113.8/32"), in("gmp-system")}
	for name, spec := range map[string]m{
		"default-deny": {"podSelector": m{}, "policyTypes": l{"Ingress", "Egress"}},
		"dns": {"podSelector": m{}, "policyTypes": l{"Egress"}, "egress": l{m{
			"to":    l{block("169.254.20.10/32"), block("169.254.169.254/32"), dnsPods("kube-dns"), dnsPods("node-local-dns")},
			"ports": l{m{"protocol": "UDP", "port": 53.0}, port(53)},
		}}},
		"metadata-server": {"podSelector": m{}, "policyTypes": l{"Egress"}, "egress": l{
			m{"to": l{block("169.254.169.254/32")}, "ports": l{port(80), port(8080)}},
			m{"to": l{block("169.254.169.252/32")}, "ports": l{port(988), port(987)}},
		}},
		"database": {"podSelector": m{}, "policyTypes": l{"Egress"}, "egress": l{
			m{"to": l{block("10.8.0.3/32")}, "ports": l{port(3307)}},
		}},
		"gateway": {"podSelector": m{}, "policyTypes": l{"Ingress"}, "ingress": l{
			m{"from": l{block("35.191.0.0/16"), block("130.211.0.0/22")}, "ports": l{port(8080)}},
		}},
		"egress-partner":  {"podSelector": api, "policyTypes": l{"Egress"}, "egress": l{m{"to": peers, "ports": ports}}},
		"ingress-metrics": {"podSelector": api, "policyTypes": l{"Ingress"}, "ingress": l{m{"from": peers, "ports": ports}}},
	} {
		r := all.One(t, policyType, "main-policy-"+name)
		require.Equal(t, name, r.Get("metadata.name"))
		require.Equal(t, spec, r.Get("spec"), name)
	}
}

// A wide range opens nothing private that is not named beside it.
func TestAWideRangeLeavesPrivateOnesShut(t *testing.T) {
	args := valid()
	args.Egress = map[string]namespace.Rule{"internet": {
		CIDRs: []string{"0.0.0.0/0", "::/0", "10.9.0.0/16"}, Except: []string{"198.51.100.0/24", "10.9.1.0/24", "10.0.0.0/8"}, Ports: []namespace.Port{{Number: 443}},
	}}
	require.Equal(t, l{
		block("0.0.0.0/0", "10.0.0.0/8", "10.9.1.0/24", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "198.51.100.0/24"),
		block("::/0", "fc00::/7", "fe80::/10"),
		block("10.9.0.0/16", "10.9.1.0/24"),
	}, run(t, args).One(t, policyType, "main-policy-egress-internet").Get("spec.egress[0].to"))
}

func TestDatabases(t *testing.T) {
	args := valid()
	args.Databases = []pulumi.StringInput{
		pulumi.String("10.8.0.3").ToStringOutput(), pulumi.String("10.8.1.0/24"), pulumi.String("fd00::3"),
	}
	require.Equal(t, l{block("10.8.0.3/32"), block("10.8.1.0/24"), block("fd00::3/128")},
		run(t, args).One(t, policyType, "main-policy-database").Get("spec.egress[0].to"))

	args.Databases = []pulumi.StringInput{pulumi.String("db.example.com").ToStringOutput()}
	_, err := componentstest.Run(t, program(args))
	require.ErrorContains(t, err, `"db.example.com": want a private address`)
}
