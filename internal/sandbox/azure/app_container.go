package azure

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func containerAppKind() *sandbox.Kind {
	rules := map[string]sandbox.Rule{
		"location": region, "tags": tags,
		"containerAppName": appName,
		// https://learn.microsoft.com/azure/container-apps/scale-app
		"template.scale.minReplicas":             sandbox.Between(0, 1000),
		"template.scale.maxReplicas":             sandbox.Between(1, 1000),
		"template.terminationGracePeriodSeconds": sandbox.Between(0, 600),
		"configuration.activeRevisionsMode":      sandbox.OneOf("Single", "Multiple"),
		"configuration.maxInactiveRevisions":     sandbox.Between(0, 100),
	}
	maps.Copy(rules, ingressRules)
	maps.Copy(rules, workloadRules)
	return arm("Microsoft.App/containerApps/{containerAppName}", sandbox.Kind{
		Type:     containerAppType,
		Names:    []string{"{containerAppName}", "{identity.principalId}"},
		Fill:     fillContainerApp,
		Required: []string{"location", "template", "template.containers"},
		Replace:  []string{"environmentId", "location", "managedEnvironmentId"},
		Refs: workloadRefs(map[string]sandbox.Ref{
			"managedEnvironmentId":                                sandbox.Holds(environmentType),
			"configuration.ingress.customDomains[].certificateId": sandbox.Holds(managedCertificateType),
		}),
		Rules: rules,
		Checks: append([]sandbox.Check{
			sandbox.ExactlyOne("environmentId", "managedEnvironmentId"),
			checkRevision, checkScale, checkIngress, checkRestrictions, checkTraffic, checkDomains,
		}, workloadChecks...),
		Beside: besideApp,
		Among:  amongApps,
		Revise: reviseApp,
	})
}

func fillContainerApp(o *sandbox.Object) {
	fillWorkload(o)
	environment := o.Str(environmentOf(o))
	o.Default("environmentId", environment)
	o.Default("managedEnvironmentId", environment)
	o.Set("customDomainVerificationId", verification(o))
	o.Default("configuration.activeRevisionsMode", "Single")
	o.Default("configuration.maxInactiveRevisions", 100)
	o.Default("template.scale.maxReplicas", 10)
	name, domain := o.Str("containerAppName"), domainOf(environment, o.Str("location"))
	revision := revisionOf(o)
	o.Set("latestRevisionName", revision)
	o.Set("latestReadyRevisionName", revision)
	if !o.Has("configuration.ingress") {
		o.Set("latestRevisionFqdn", "")
		return
	}
	if !o.Bool("configuration.ingress.external") {
		domain = "internal." + domain
	}
	o.Set("configuration.ingress.fqdn", name+"."+domain)
	o.Set("latestRevisionFqdn", revision+"."+domain)
	for field, value := range map[string]any{"external": false, "allowInsecure": false, "transport": "auto", "exposedPort": 0} {
		o.Default("configuration.ingress."+field, value)
	}
	if o.Str("configuration.ingress.transport") != "tcp" {
		o.Default("configuration.ingress.traffic", []any{map[string]any{"latestRevision": true, "weight": 100}})
	}
}

// revisionOf is the name of the revision that the template makes. Azure draws the
// end of it, here it follows from the template.
func revisionOf(o *sandbox.Object) string {
	end := o.Str("template.revisionSuffix")
	if end == "" {
		text, _ := json.Marshal(o.Get("template").Mappable()) // data only
		end = hashed(string(text))[:7]
	}
	return o.Str("containerAppName") + "--" + end
}

// checkRevision: the whole name of a revision is bounded, not the suffix alone.
func checkRevision(o *sandbox.Object) error {
	if name := o.Str("containerAppName") + "--" + o.Str("template.revisionSuffix"); len(name) > 54 {
		return fmt.Errorf("ContainerAppInvalidRevisionName: template.revisionSuffix: %q has %d characters, want at most 54", name, len(name))
	}
	return nil
}

// fillWorkload writes what the API returns for an app and for a job.
func fillWorkload(o *sandbox.Object) {
	o.Set("provisioningState", succeeded)
	address := hashed(o.Str(environmentOf(o)))
	o.Set("outboundIpAddresses", []any{fmt.Sprintf("203.0.113.%d", int(address[1])*5%250+1)})
	id := idOf(o)
	o.Set("eventStreamEndpoint", fmt.Sprintf("https://%s.azurecontainerapps.dev%s/eventstream", o.Str("location"), id))
	fillIdentities(o)
	for _, s := range items(o, "configuration.secrets") {
		delete(s.Props, "value") // nobody reads it back
	}
	if strings.Contains(o.Str("identity.type"), "SystemAssigned") {
		o.Set("identity.principalId", drawn(id))
		o.Set("identity.tenantId", drawn("tenant"))
	}
	fillSystemData(o)
}

// fillIdentities answers a list of ids with what they are.
func fillIdentities(o *sandbox.Object) {
	const path = "identity.userAssignedIdentities"
	if !o.Get(path).IsArray() {
		return
	}
	known := map[string]any{}
	o.Each(path+"[]", func(at string, v resource.PropertyValue) {
		known[v.StringValue()] = map[string]any{"clientId": "", "principalId": ""}
		if identity := o.Ref(at); identity != nil {
			known[v.StringValue()] = map[string]any{"clientId": identity.Str("clientId"), "principalId": identity.Str("principalId")}
		}
	})
	o.Set(path, known)
}

// reviseApp: a revision's name is taken for good
// (https://learn.microsoft.com/azure/container-apps/revisions#name-suffix).
func reviseApp(have, want *sandbox.Object) error {
	suffix := want.Str("template.revisionSuffix")
	if suffix == "" || suffix != have.Str("template.revisionSuffix") {
		return nil
	}
	if was, is := have.Get("template"), want.Get("template"); !was.DeepEquals(is) {
		return fmt.Errorf("InvalidParameterValueInContainerTemplate: Field 'template.revisionsuffix' is invalid with details: "+
			"'Invalid value: %q: Revision with suffix %s already exists.'", suffix, suffix)
	}
	return nil
}

func besideApp(o *sandbox.Object, others []*sandbox.Object) error {
	environment := o.Ref(environmentOf(o))
	for _, other := range others {
		for _, mine := range items(o, "configuration.ingress.customDomains") {
			for _, its := range items(other, "configuration.ingress.customDomains") {
				if mine.Str("name") == its.Str("name") {
					return fmt.Errorf("configuration.ingress.customDomains: %s is a custom domain of %s", its.Str("name"), other.Str("name"))
				}
			}
		}
	}
	if environment != nil && o.Str("configuration.ingress.transport") == "tcp" && o.Bool("configuration.ingress.external") &&
		!environment.Has(subnetOfEnvironment) {
		return fmt.Errorf("configuration.ingress.transport: external TCP ingress needs an environment in a virtual network")
	}
	return besideEnvironment(o, environment)
}

// totalCPU is what all containers ask for together.
func totalCPU(o *sandbox.Object) float64 {
	cpu := 0.0
	o.Each("template.containers[]", func(_ string, v resource.PropertyValue) {
		c := &sandbox.Object{Props: v.ObjectValue()}
		if c.Has("resources.cpu") {
			cpu += c.Num("resources.cpu")
		} else {
			cpu += 0.5
		}
	})
	return cpu
}
