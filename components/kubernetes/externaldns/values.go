package externaldns

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/kubernetes/helm"
)

// AnnotationPrefix is that of annotations on routes, as of
// external-dns.kubernetes.io/cloudflare-proxied. It was another by default before
// external-dns 0.22.
const AnnotationPrefix = "external-dns.kubernetes.io/"

const (
	releaseName = "external-dns"
	// txtPrefix makes the record that says whose api.example.com is
	// _edns-a.api.example.com: in the same domain, and the name of no host. It must
	// never change, or all records are nobody's.
	txtPrefix = "_edns-%{record_type}."
	// txtWildcard stands in such a name for "*", which may only come first.
	txtWildcard = "_wildcard"
	// perPage is the most records that Cloudflare gives at once.
	perPage = "5000"
)

// Deployment is the name of the Deployment of an owner. It is also in the name of a
// ClusterRole, and so has to differ within a cluster.
func Deployment(owner string) string { return releaseName + "-" + owner }

// PodLabels select its pods, which need the API server and Cloudflare's API at port 443.
func PodLabels() map[string]string {
	return map[string]string{"app.kubernetes.io/name": releaseName, "app.kubernetes.io/instance": releaseName}
}

// values are those that the chart has otherwise, or that must never be otherwise.
// Its pods meet the restricted standard by themselves.
func (a *Args) values() pulumi.Map {
	policy := "upsert-only"
	if a.AllowRecordDeletion {
		policy = "sync"
	}
	return pulumi.Map{
		"fullnameOverride": pulumi.String(Deployment(a.Owner)),
		"serviceAccount":   pulumi.Map{"create": pulumi.Bool(false), "name": a.ServiceAccount},
		// external-dns knows no leader: two would write against each other
		"replicaCount":       pulumi.Int(1),
		"deploymentStrategy": pulumi.StringMap{"type": pulumi.String("Recreate")},
		"resources":          helm.Resources("20m", "64Mi", "128Mi"),
		"service":            helm.Enabled(false),
		"logFormat":          pulumi.String("json"),

		"sources":            pulumi.ToStringArray([]string{"gateway-httproute"}),
		"annotationPrefix":   pulumi.String(AnnotationPrefix),
		"managedRecordTypes": pulumi.ToStringArray([]string{"A", "AAAA"}), // what the address of a Gateway gives
		"interval":           pulumi.String(a.interval()),
		"triggerLoopOnEvent": pulumi.Bool(true),

		"provider": pulumi.StringMap{"name": pulumi.String("cloudflare")},
		"env": pulumi.Array{pulumi.Map{
			"name": pulumi.String("CF_API_TOKEN"),
			"valueFrom": pulumi.Map{"secretKeyRef": pulumi.Map{
				"name": a.TokenSecret.Name, "key": pulumi.String(a.TokenSecret.Key),
			}},
		}},
		"policy":         pulumi.String(policy),
		"registry":       pulumi.String("txt"),
		"txtOwnerId":     pulumi.String(a.Owner),
		"txtPrefix":      pulumi.String(txtPrefix),
		"domainFilters":  pulumi.ToStringArray(a.Domains),
		"excludeDomains": pulumi.ToStringArray(a.excluded()),

		// Roles instead of ClusterRoles, but one: external-dns lists namespaces even where
		// it looks at one (kubernetes-sigs/external-dns#6524). The chart leaves that one
		// out if its own gatewayNamespace is set, so the flag is given past the chart.
		"namespaced": pulumi.Bool(true),
		"extraArgs": pulumi.Map{
			"gateway-namespace":               a.Namespace,
			"zone-id-filter":                  a.ZoneID, // or it would look for zones by the domains, which are none
			"txt-wildcard-replacement":        pulumi.String(txtWildcard),
			"cloudflare-proxied":              pulumi.Bool(a.Proxied),
			"cloudflare-dns-records-per-page": pulumi.String(perPage),
		},
	}
}
