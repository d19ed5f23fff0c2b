package externalsecrets

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
	"ai-worker/components/kubernetes/helm"
)

// OperatorTypeToken is the Pulumi type of the operator's component.
const OperatorTypeToken = "ai-worker:kubernetes:ExternalSecretsOperator"

// Chart is the operator's chart; version 2.9.0 brings operator v2.9.0:
// https://github.com/external-secrets/external-secrets/tree/main/deploy/charts/external-secrets
var Chart = helm.Chart{Name: "external-secrets", Repository: "https://charts.external-secrets.io", Version: "2.9.0"}

// OperatorArgs configures an Operator.
type OperatorArgs struct {
	Namespace    string // Namespace to make for it; empty means "external-secrets".
	ChartVersion string // ChartVersion other than that of [Chart], exact.
	// Single runs one pod of each part. While one moves, no secret is refreshed, and
	// nobody can change a store or an ExternalSecret, for the webhook is away.
	Single bool
	// AllowDeletion lifts the protection: the operator can be destroyed. Secrets stay
	// as they are, without refresh.
	AllowDeletion bool
}

// Validate implements components.Args: every problem at once, or nil.
func (a *OperatorArgs) Validate() error {
	var p components.Problems
	kubernetes.CheckName(&p, "namespace", a.namespace())
	Chart.At(a.ChartVersion).Check(&p, "chartVersion")
	return p.Err()
}

func (a *OperatorArgs) namespace() string { return cmp.Or(a.Namespace, "external-secrets") }

// Operator is the External Secrets Operator, one for all namespaces of a cluster;
// its tagged fields are its outputs. Its children:
//
//	NAME-namespace   kubernetes:core/v1:Namespace      always; protected unless AllowDeletion
//	NAME-release     kubernetes:helm.sh/v3:Release     always; protected unless AllowDeletion
type Operator struct {
	pulumi.ResourceState

	Namespace      pulumi.StringOutput `pulumi:"namespace"`
	ServiceAccount pulumi.StringOutput `pulumi:"serviceAccount"` // ServiceAccount is the one for TokenCreator.
	ChartVersion   pulumi.StringOutput `pulumi:"chartVersion"`
	// Release is what to depend on; see services.Services of why not the component.
	Release pulumi.Resource
}

// NewOperator registers the component and its children, or nothing if it refuses
// args. There is one operator a cluster: its CRDs and webhooks have fixed names.
func NewOperator(ctx *pulumi.Context, name string, args *OperatorArgs, opts ...pulumi.ResourceOption) (*Operator, error) {
	c := &Operator{}
	build := func(child components.Child) error {
		release, err := helm.Install(ctx, child, args.namespace(), helm.Args{
			Chart:  Chart.At(args.ChartVersion),
			Name:   Chart.Name,
			Values: args.values(),
		}, pulumi.Protect(!args.AllowDeletion))
		if err != nil {
			return err
		}
		c.Release = release
		c.Namespace = release.Namespace.Elem()
		c.ServiceAccount = release.Name.Elem() // as the chart calls it, since the release has the chart's name
		c.ChartVersion = release.Version.Elem()
		return nil
	}
	if err := components.Build(ctx, OperatorTypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// values are those that the chart has otherwise. Its pods meet the restricted
// standard by themselves.
//
// The chart's scopedRBAC stays off: it binds the operator to one namespace, and
// this one serves each environment's. What it may do is narrowed instead. It knows
// no kinds that reach across namespaces and pushes nothing to Secret Manager. And it
// cannot act as any service account but those that name it in TokenCreator.
func (a *OperatorArgs) values() pulumi.Map {
	values := pulumi.Map{
		"installCRDs": pulumi.Bool(true),
		// helm uninstall would delete the CRDs, with them every ExternalSecret, and with those every Secret
		"crds":           pulumi.Map{"annotations": pulumi.StringMap{"helm.sh/resource-policy": pulumi.String("keep")}},
		"rbac":           pulumi.Map{"serviceAccountTokenCreate": pulumi.Bool(false)},
		"global":         pulumi.Map{"topologySpreadConstraints": helm.Spread()},
		"leaderElect":    pulumi.Bool(!a.Single),
		"livenessProbe":  helm.Enabled(true),
		"readinessProbe": helm.Enabled(true),
		"webhook":        a.part("20m", "64Mi", "128Mi"),
		"certController": a.part("20m", "64Mi", "256Mi"),
	}
	for key, value := range a.part("50m", "128Mi", "512Mi") {
		values[key] = value
	}
	for _, kind := range []string{"ClusterExternalSecret", "ClusterPushSecret", "ClusterStore", "ClusterGenerator", "PushSecret"} {
		values["process"+kind] = pulumi.Bool(false)
	}
	return values
}

// part is one of the three deployments.
func (a *OperatorArgs) part(cpu, memory, memoryLimit string) pulumi.Map {
	replicas := 2
	if a.Single {
		replicas = 1
	}
	return pulumi.Map{
		"replicaCount":        pulumi.Int(replicas),
		"podDisruptionBudget": helm.Enabled(!a.Single), // a budget for one pod would stop a node from being drained
		"resources":           helm.Resources(cpu, memory, memoryLimit),
	}
}
