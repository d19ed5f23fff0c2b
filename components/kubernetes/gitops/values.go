package gitops

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/kubernetes"
	"ai-worker/components/kubernetes/helm"
)

// values are those that the chart has otherwise. Its pods meet the restricted
// standard by themselves, and its CRDs stay when it goes.
func (a *ArgoCDArgs) values() (pulumi.Map, error) {
	project, err := kubernetes.Map(defaultProject)
	if err != nil {
		return nil, fmt.Errorf("default project: %w", err)
	}
	values := pulumi.Map{
		"extraObjects": pulumi.Array{project},
		"global": pulumi.Map{
			"domain":                    pulumi.String(fmt.Sprintf("argocd-server.%s.svc", a.namespace())), // no way in from outside
			"networkPolicy":             pulumi.Map{"create": pulumi.Bool(true), "defaultDenyIngress": pulumi.Bool(true)},
			"topologySpreadConstraints": helm.Spread(),
		},
		"configs": pulumi.Map{
			"cm": pulumi.Map{
				"admin.enabled":           pulumi.Bool(false),
				"users.anonymous.enabled": pulumi.Bool(false),
			},
			"params": pulumi.Map{
				"server.insecure": pulumi.Bool(false),
				// no repository but those that a project names
				"reposerver.enable.git.submodule":               pulumi.Bool(false),
				"applicationsetcontroller.enable.git.submodule": pulumi.Bool(false),
				"applicationsetcontroller.enable.scm.providers": pulumi.Bool(false),
			},
		},
		"dex":           helm.Enabled(false),
		"notifications": helm.Enabled(false),
		// more of these share the clusters among them, and do not stand in for each other
		"controller":     pulumi.Map{"resources": helm.Resources("250m", "512Mi", "2Gi")},
		"server":         a.part("50m", "128Mi", "512Mi"),
		"repoServer":     a.part("100m", "256Mi", "1Gi"),
		"applicationSet": a.part("50m", "128Mi", "512Mi"),
	}
	if a.Single {
		values["redis"] = pulumi.Map{"resources": redis}
	} else {
		values["redis-ha"] = redisHA()
	}
	return values, nil
}

// part is one of the deployments that more than one pod makes highly available.
func (a *ArgoCDArgs) part(cpu, memory, memoryLimit string) pulumi.Map {
	part := pulumi.Map{"replicas": pulumi.Int(1), "resources": helm.Resources(cpu, memory, memoryLimit)}
	if !a.Single {
		part["replicas"] = pulumi.Int(2)
		part["pdb"] = pulumi.Map{"enabled": pulumi.Bool(true), "maxUnavailable": pulumi.Int(1)}
	}
	return part
}

var redis = helm.Resources("50m", "64Mi", "256Mi")

// redisHA is three Redis with Sentinel behind HAProxy. Who writes there writes what
// Argo CD deploys, so that only Argo CD gets through, in addition to the password.
func redisHA() pulumi.Map {
	argoCD := pulumi.Map{"podSelector": pulumi.Map{
		"matchLabels": pulumi.StringMap{"app.kubernetes.io/part-of": pulumi.String("argocd")},
	}}
	// the resolver on the node, or Cloud DNS, which the chart's own rule leaves out
	resolver := pulumi.Map{"ipBlock": pulumi.StringMap{"cidr": pulumi.String("169.254.0.0/16")}}
	var dns pulumi.Array
	for _, protocol := range []string{"UDP", "TCP"} {
		dns = append(dns, pulumi.Map{"port": pulumi.Int(53), "protocol": pulumi.String(protocol)})
	}
	return pulumi.Map{
		"enabled":       pulumi.Bool(true),
		"redis":         pulumi.Map{"resources": redis},
		"sentinel":      pulumi.Map{"resources": redis},
		"networkPolicy": helm.Enabled(true),
		"haproxy": pulumi.Map{
			"resources": redis,
			"networkPolicy": pulumi.Map{
				"enabled":      pulumi.Bool(true),
				"ingressRules": pulumi.Array{pulumi.Map{"selectors": pulumi.Array{argoCD}}},
				"egressRules":  pulumi.Array{pulumi.Map{"selectors": pulumi.Array{resolver}, "ports": dns}},
			},
		},
	}
}
