package namespace

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// Args configures a Namespace. The zero value of an option is the strong choice.
type Args struct {
	// Name is the namespace's: at most 63 lower-case letters, digits and inner
	// hyphens, and not one of the cluster's own. It cannot change. Required.
	Name   pulumi.StringInput
	Labels map[string]string // Labels of the namespace and of what the component puts into it.

	// PodSecurityVersion of the restricted standard, as "v1.35": that of this minor
	// release of Kubernetes. Empty means "latest", that of the cluster, which an
	// upgrade of the cluster may tighten.
	PodSecurityVersion string

	Quota  Quota  // Quota is what all pods together may take. Required.
	Limits Limits // Limits are what one container gets.

	// Databases are the private addresses or ranges of the database servers, which
	// every pod may then reach with an auth proxy.
	Databases []pulumi.StringInput
	// GatewayPorts are the TCP ports, of every pod, that Google's load balancers and
	// their health checks may reach.
	GatewayPorts []int
	// Egress is what else pods may connect to, by a name ("google-apis").
	Egress map[string]Rule
	// Ingress is what else may connect to pods, by a name ("metrics").
	Ingress map[string]Rule

	// AllowDeletion lifts the protection: the namespace can be destroyed, with
	// everything in it.
	AllowDeletion bool
}

// Quota is what all pods together may take:
// https://kubernetes.io/docs/concepts/policy/resource-quotas/
type Quota struct {
	CPU    string // CPU that they request, as "8" or "7500m". Required.
	Memory string // Memory that they request, as "32Gi". Required.
	// MemoryLimit is the sum of their memory limits; empty means as much as Memory.
	MemoryLimit string
	Pods        int // Pods that have not ended, at least 1. Required.

	// LoadBalancers and NodePorts are numbers of Services that open the cluster to
	// the outside past the gateway.
	LoadBalancers int
	NodePorts     int
}

// Limits are what a container gets that does not say what it needs, and the most
// that one may say: https://kubernetes.io/docs/concepts/policy/limit-range/
// There is no maximum of CPU, since the API server would make it the CPU limit of
// every container without one, and throttle it.
type Limits struct {
	CPU         string // CPU to request; empty means "100m".
	Memory      string // Memory to request; empty means "128Mi".
	MemoryLimit string // MemoryLimit; empty means as much as Memory.
	MaxMemory   string // MaxMemory is the highest limit; empty means the MemoryLimit of the quota.
}

// https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/
var versionShape = regexp.MustCompile(`^(latest|v1\.(0|[1-9][0-9]*))$`)

// podSecurity is the domain of the labels that are the component's own.
const podSecurity = "pod-security.kubernetes.io"

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	kubernetes.CheckNameInput(&p, "name", a.Name)
	if name, known := a.Name.(pulumi.String); known {
		p.Want(name != "default" && !strings.HasPrefix(string(name), "kube-"), "name %q: is the cluster's own", string(name))
	}
	kubernetes.CheckLabels(&p, "labels", a.Labels)
	for _, key := range slices.Sorted(maps.Keys(a.Labels)) {
		p.Want(!strings.HasPrefix(key, podSecurity+"/"), "labels[%q]: is the component's own", key)
	}
	p.Want(versionShape.MatchString(cmp.Or(a.PodSecurityVersion, "latest")),
		`podSecurityVersion %q: want a minor release such as "v1.35", or "latest"`, a.PodSecurityVersion)
	a.checkAmounts(&p)
	for i, server := range a.Databases {
		field := fmt.Sprintf("databases[%d]", i)
		p.Want(server != nil, "%s: want an address", field)
		if known, ok := server.(pulumi.String); ok {
			_, err := prefix(string(known))
			p.Want(err == nil, "%s %v", field, err)
		}
	}
	for i, port := range a.GatewayPorts {
		kubernetes.CheckPort(&p, fmt.Sprintf("gatewayPorts[%d]", i), port)
	}
	checkRules(&p, "egress", a.Egress)
	checkRules(&p, "ingress", a.Ingress)
	return p.Err()
}

// checkAmounts wants quantities in order: what the API server refuses, and what
// it would take although no pod could ever use it.
func (a *Args) checkAmounts(p *components.Problems) {
	q, l := a.quota(), a.limits()
	p.Want(q.Pods >= 1, "quota.pods %d: want at least 1", q.Pods)
	p.Want(q.LoadBalancers >= 0, "quota.loadBalancers %d: want 0 or more", q.LoadBalancers)
	p.Want(q.NodePorts >= 0, "quota.nodePorts %d: want 0 or more", q.NodePorts)
	kubernetes.CheckQuantity(p, "quota.cpu", q.CPU)
	kubernetes.CheckQuantity(p, "quota.memory", q.Memory)
	for _, optional := range []amount{
		{"quota.memoryLimit", a.Quota.MemoryLimit}, {"limits.cpu", a.Limits.CPU}, {"limits.memory", a.Limits.Memory},
		{"limits.memoryLimit", a.Limits.MemoryLimit}, {"limits.maxMemory", a.Limits.MaxMemory},
	} {
		if optional.value != "" {
			kubernetes.CheckQuantity(p, optional.field, optional.value)
		}
	}
	ascending(p, amount{"limits.cpu", l.CPU}, amount{"quota.cpu", q.CPU})
	ascending(p, amount{"quota.memory", q.Memory}, amount{"quota.memoryLimit", q.MemoryLimit})
	ascending(p, amount{"limits.memory", l.Memory}, amount{"limits.memoryLimit", l.MemoryLimit},
		amount{"limits.maxMemory", l.MaxMemory}, amount{"quota.memoryLimit", q.MemoryLimit})
}

type amount struct{ field, value string }

// ascending wants none of amounts above the next.
func ascending(p *components.Problems, amounts ...amount) {
	for i, above := range amounts[1:] {
		below := amounts[i]
		low, err1 := resource.ParseQuantity(below.value)
		high, err2 := resource.ParseQuantity(above.value)
		p.Want(err1 != nil || err2 != nil || low.Cmp(high) <= 0, "%s %q: is above %s %q", below.field, below.value, above.field, above.value)
	}
}

// quota and limits are what was given, and what is meant where nothing was.

func (a *Args) quota() Quota {
	q := a.Quota
	q.MemoryLimit = cmp.Or(q.MemoryLimit, q.Memory)
	return q
}

func (a *Args) limits() Limits {
	l := a.Limits
	l.CPU = cmp.Or(l.CPU, "100m")
	l.Memory = cmp.Or(l.Memory, "128Mi")
	l.MemoryLimit = cmp.Or(l.MemoryLimit, l.Memory)
	l.MaxMemory = cmp.Or(l.MaxMemory, a.quota().MemoryLimit)
	return l
}
