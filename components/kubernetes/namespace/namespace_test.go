package namespace_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/namespace"
	_ "ai-worker/internal/sandbox/kubernetes"
)

const (
	namespaceType = "kubernetes:core/v1:Namespace"
	quotaType     = "kubernetes:core/v1:ResourceQuota"
	limitsType    = "kubernetes:core/v1:LimitRange"
	policyType    = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *namespace.Args {
	return &namespace.Args{Name: pulumi.String("ai-worker-dev"), Quota: namespace.Quota{CPU: "8", Memory: "32Gi", Pods: 50}}
}

func full() *namespace.Args {
	rule := namespace.Rule{
		CIDRs: []string{"203.0.113.0/24"}, Except: []string{"203.0.113.8/32"}, Namespaces: []string{"gmp-system"},
		Ports:       []namespace.Port{{Number: 9000, End: 9010, Protocol: "UDP"}},
		PodSelector: map[string]string{"app": "api"},
	}
	return &namespace.Args{
		Name: pulumi.String("ai-worker-dev"), Labels: map[string]string{"team": "web"}, PodSecurityVersion: "v1.35",
		Quota: namespace.Quota{
			CPU: "8", Memory: "32Gi", MemoryLimit: "48Gi", Pods: 50, LoadBalancers: 1, NodePorts: 1,
		},
		Limits:       namespace.Limits{CPU: "200m", Memory: "256Mi", MemoryLimit: "512Mi", MaxMemory: "16Gi"},
		Databases:    []pulumi.StringInput{pulumi.String("10.8.0.3")},
		GatewayPorts: []int{8080},
		Egress:       map[string]namespace.Rule{"partner": rule},
		Ingress:      map[string]namespace.Rule{"metrics": rule},
	}
}

var (
	program = componentstest.Program(namespace.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		limitsType + " main-limits",
		namespaceType + " main-namespace",
		quotaType + " main-quota",
		policyType + " main-policy-default-deny",
		policyType + " main-policy-dns",
		policyType + " main-policy-metadata-server",
	}, componentstest.Tree(t, run(t, valid()), namespace.TypeToken))
	require.Equal(t, []string{
		limitsType + " main-limits",
		namespaceType + " main-namespace",
		quotaType + " main-quota",
		policyType + " main-policy-database",
		policyType + " main-policy-default-deny",
		policyType + " main-policy-dns",
		policyType + " main-policy-egress-partner",
		policyType + " main-policy-gateway",
		policyType + " main-policy-ingress-metrics",
		policyType + " main-policy-metadata-server",
	}, componentstest.Tree(t, run(t, full()), namespace.TypeToken))
}

// Only the namespace is protected; what is in it goes with it, and not before.
func TestProtection(t *testing.T) {
	all := run(t, full())
	home := all.One(t, namespaceType)
	for _, r := range all {
		if !r.Custom {
			continue
		}
		require.Equal(t, r.Type == namespaceType, r.Protect, r.Name)
		if r.Type != namespaceType {
			require.Equal(t, home.URN, r.DeletedWith, r.Name)
			require.Equal(t, "ai-worker-dev", r.Get("metadata.namespace"), r.Name)
			require.Equal(t, map[string]any{"team": "web"}, r.Get("metadata.labels"), r.Name)
		}
	}
	require.Equal(t, "web", home.Get("metadata.labels.team"))
	args := valid()
	args.AllowDeletion = true
	require.False(t, run(t, args).One(t, namespaceType).Protect)
}

// What is in the namespace waits for it, by taking its name from it.
func TestTheNamespaceIsFirst(t *testing.T) {
	all := run(t, full())
	home := all.One(t, namespaceType)
	for _, r := range all {
		if r.Custom && r.Type != namespaceType {
			require.Equal(t, []string{home.URN}, r.RPC.GetPropertyDependencies()["metadata"].GetUrns(), r.Name)
		}
	}
}

func TestPodSecurity(t *testing.T) {
	for version, want := range map[string]string{"": "latest", "v1.35": "v1.35"} {
		args := valid()
		args.PodSecurityVersion = version
		require.Equal(t, map[string]any{
			"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": want,
			"pod-security.kubernetes.io/audit": "restricted", "pod-security.kubernetes.io/audit-version": want,
			"pod-security.kubernetes.io/warn": "restricted", "pod-security.kubernetes.io/warn-version": want,
		}, run(t, args).One(t, namespaceType).Get("metadata.labels"))
	}
}

func TestQuotaAndLimits(t *testing.T) {
	for name, tc := range map[string]struct {
		args         *namespace.Args
		hard, limits map[string]any
	}{
		"defaults": {valid(), map[string]any{
			"requests.cpu": "8", "requests.memory": "32Gi", "limits.memory": "32Gi", "pods": "50",
			"services.loadbalancers": "0", "services.nodeports": "0",
		}, map[string]any{
			"type": "Container", "defaultRequest": map[string]any{"cpu": "100m", "memory": "128Mi"},
			"default": map[string]any{"memory": "128Mi"}, "max": map[string]any{"memory": "32Gi"},
		}},
		"given": {full(), map[string]any{
			"requests.cpu": "8", "requests.memory": "32Gi", "limits.memory": "48Gi", "pods": "50",
			"services.loadbalancers": "1", "services.nodeports": "1",
		}, map[string]any{
			"type": "Container", "defaultRequest": map[string]any{"cpu": "200m", "memory": "256Mi"},
			"default": map[string]any{"memory": "512Mi"}, "max": map[string]any{"memory": "16Gi"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			all := run(t, tc.args)
			require.Equal(t, tc.hard, all.One(t, quotaType).Get("spec.hard"))
			require.Equal(t, []any{tc.limits}, all.One(t, limitsType).Get("spec.limits"))
		})
	}
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"name": "ai-worker-dev"}, componentstest.Outputs(t, namespace.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	values := map[string]any{
		"Name": pulumi.String("ai-worker-stage"), "PodSecurityVersion": "v1.34",
		"Quota.CPU": "9", "Quota.Memory": "33Gi", "Quota.MemoryLimit": "49Gi",
		"Limits.CPU": "300m", "Limits.Memory": "300Mi", "Limits.MemoryLimit": "1Gi", "Limits.MaxMemory": "17Gi",
		"Databases[0]": pulumi.String("10.8.0.4"),
	}
	for _, rule := range []string{"Egress[partner].", "Ingress[metrics]."} {
		values[rule+"CIDRs[0]"] = "203.0.112.0/23"
		values[rule+"Except[0]"] = "203.0.113.9/32"
		values[rule+"Ports[0].Protocol"] = "SCTP"
	}
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: values})
}

func TestRefusals(t *testing.T) {
	rule := func(change func(*namespace.Rule)) func(*namespace.Args) {
		return func(a *namespace.Args) {
			r := namespace.Rule{CIDRs: []string{"203.0.113.0/24"}, Ports: []namespace.Port{{Number: 443}}}
			change(&r)
			a.Egress = map[string]namespace.Rule{"x": r}
		}
	}
	database := func(server pulumi.StringInput) func(*namespace.Args) {
		return func(a *namespace.Args) { a.Databases = []pulumi.StringInput{server} }
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[namespace.Args]{
		"no name":             {func(a *namespace.Args) { a.Name = nil }, "name is required"},
		"name":                {func(a *namespace.Args) { a.Name = pulumi.String("AI") }, `name "AI"`},
		"name default":        {func(a *namespace.Args) { a.Name = pulumi.String("default") }, `name "default": is the cluster's own`},
		"name of the cluster": {func(a *namespace.Args) { a.Name = pulumi.String("kube-system") }, "is the cluster's own"},
		"label":               {func(a *namespace.Args) { a.Labels = map[string]string{"team": "a b"} }, `labels["team"] "a b"`},
		"label of pod security": {func(a *namespace.Args) {
			a.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "privileged"}
		}, "is the component's own"},
		"version":              {func(a *namespace.Args) { a.PodSecurityVersion = "1.35" }, `podSecurityVersion "1.35"`},
		"version of a patch":   {func(a *namespace.Args) { a.PodSecurityVersion = "v1.35.4" }, `podSecurityVersion "v1.35.4"`},
		"no cpu":               {func(a *namespace.Args) { a.Quota.CPU = "" }, `quota.cpu ""`},
		"no memory":            {func(a *namespace.Args) { a.Quota.Memory = "" }, `quota.memory ""`},
		"no pods":              {func(a *namespace.Args) { a.Quota.Pods = 0 }, "quota.pods 0"},
		"load balancers":       {func(a *namespace.Args) { a.Quota.LoadBalancers = -1 }, "quota.loadBalancers -1"},
		"node ports":           {func(a *namespace.Args) { a.Quota.NodePorts = -1 }, "quota.nodePorts -1"},
		"memory limit":         {func(a *namespace.Args) { a.Quota.MemoryLimit = "1GiB" }, `quota.memoryLimit "1GiB"`},
		"less than requested":  {func(a *namespace.Args) { a.Quota.MemoryLimit = "16Gi" }, `quota.memory "32Gi": is above quota.memoryLimit "16Gi"`},
		"limits, cpu":          {func(a *namespace.Args) { a.Limits.CPU = "x" }, `limits.cpu "x"`},
		"limits, too much cpu": {func(a *namespace.Args) { a.Limits.CPU = "9" }, `limits.cpu "9": is above quota.cpu "8"`},
		"limits, memory":       {func(a *namespace.Args) { a.Limits.Memory = "0" }, `limits.memory "0"`},
		"limits, order":        {func(a *namespace.Args) { a.Limits.Memory, a.Limits.MemoryLimit = "2Gi", "1Gi" }, `limits.memory "2Gi": is above limits.memoryLimit "1Gi"`},
		"limits, over the max": {func(a *namespace.Args) { a.Limits.MemoryLimit, a.Limits.MaxMemory = "2Gi", "1Gi" }, `limits.memoryLimit "2Gi": is above limits.maxMemory "1Gi"`},
		"limits, max":          {func(a *namespace.Args) { a.Limits.MaxMemory = "64Gi" }, `limits.maxMemory "64Gi": is above quota.memoryLimit "32Gi"`},
		"database, nil":        {database(nil), "databases[0]: want an address"},
		"database, name":       {database(pulumi.String("db.internal")), `databases[0] "db.internal"`},
		"database, host bits":  {database(pulumi.String("10.8.0.1/24")), `databases[0] "10.8.0.1/24"`},
		"database, everything": {database(pulumi.String("0.0.0.0/0")), `databases[0] "0.0.0.0/0"`},
		"gateway port":         {func(a *namespace.Args) { a.GatewayPorts = []int{0} }, "gatewayPorts[0] 0"},
		"rule, key":            {func(a *namespace.Args) { a.Ingress = map[string]namespace.Rule{"X": full().Ingress["metrics"]} }, `ingress["X"]: want a key`},
		"rule, everybody":      {rule(func(r *namespace.Rule) { r.CIDRs = nil }), `egress["x"]: want cidrs or namespaces`},
		"rule, range":          {rule(func(r *namespace.Rule) { r.CIDRs[0] = "203.0.113.1/24" }), `egress["x"].cidrs[0] "203.0.113.1/24"`},
		"rule, except":         {rule(func(r *namespace.Rule) { r.Except = []string{"x"} }), `egress["x"].except[0] "x"`},
		"rule, except outside": {rule(func(r *namespace.Rule) { r.Except = []string{"198.51.100.0/24"} }), `is no part of the cidrs ["203.0.113.0/24"]`},
		"rule, except all":     {rule(func(r *namespace.Rule) { r.Except = r.CIDRs }), "is no part of the cidrs"},
		"rule, namespace":      {rule(func(r *namespace.Rule) { r.Namespaces = []string{""} }), `egress["x"].namespaces[0] ""`},
		"rule, every port":     {rule(func(r *namespace.Rule) { r.Ports = nil }), `egress["x"].ports: want at least one`},
		"rule, port":           {rule(func(r *namespace.Rule) { r.Ports[0].Number = 0 }), `egress["x"].ports[0].number 0`},
		"rule, end":            {rule(func(r *namespace.Rule) { r.Ports[0].End = 70000 }), `egress["x"].ports[0].end 70000`},
		"rule, end below":      {rule(func(r *namespace.Rule) { r.Ports[0].End = 80 }), "end 80: is below number 443"},
		"rule, protocol":       {rule(func(r *namespace.Rule) { r.Ports[0].Protocol = "tcp" }), `egress["x"].ports[0].protocol "tcp"`},
		"rule, pods":           {rule(func(r *namespace.Rule) { r.PodSelector = map[string]string{"a b": ""} }), `egress["x"].podSelector["a b"]`},
	})
}

// Every problem is in the one error, and none of a default that follows from one.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &namespace.Args{GatewayPorts: []int{-1}, Ingress: map[string]namespace.Rule{"y": {}}},
		"name", "quota.cpu", "quota.memory", "quota.pods", "gatewayPorts[0]", `ingress["y"]`, `ingress["y"].ports`)
	args := valid()
	args.Quota.Memory = "much"
	require.EqualError(t, args.Validate(), `quota.memory "much": want a quantity above 0, such as "500m" of CPU or "1Gi" of memory`)
}
