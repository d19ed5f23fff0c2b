package azure

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const ingress = "configuration.ingress"

var ingressRules = map[string]sandbox.Rule{
	ingress + ".transport":                               sandbox.OneOf("auto", "http", "http2", "tcp"),
	ingress + ".targetPort":                              port,
	ingress + ".exposedPort":                             sandbox.Between(0, 65535),
	ingress + ".clientCertificateMode":                   sandbox.OneOf("ignore", "accept", "require"),
	ingress + ".stickySessions.affinity":                 sandbox.OneOf("sticky", "none"),
	ingress + ".traffic[].weight":                        sandbox.Between(0, 100),
	ingress + ".additionalPortMappings":                  sandbox.Items(0, 5),
	ingress + ".customDomains[].name":                    hostName,
	ingress + ".customDomains[].bindingType":             sandbox.OneOf("Disabled", "SniEnabled"),
	ingress + ".ipSecurityRestrictions[].action":         sandbox.OneOf("Allow", "Deny"),
	ingress + ".ipSecurityRestrictions[].ipAddressRange": ipv4Range,
	"template.revisionSuffix": sandbox.Match(`^[a-z0-9]([a-z0-9]|-[a-z0-9])*$`,
		"ContainerAppInvalidRevisionName: lower-case letters, digits and single inner hyphens"),
}

func ipv4Range(v resource.PropertyValue) error {
	text := v.StringValue()
	if ip, err := netip.ParseAddr(text); err == nil && ip.Is4() {
		return nil
	}
	if p, err := netip.ParsePrefix(text); err != nil || !p.Addr().Is4() {
		return fmt.Errorf("%q is no IPv4 address and no IPv4 range", text)
	}
	return nil
}

// checkIngress: https://learn.microsoft.com/azure/container-apps/ingress-overview
func checkIngress(o *sandbox.Object) error {
	tcp := o.Str(ingress+".transport") == "tcp"
	switch {
	case o.Num(ingress+".exposedPort") != 0 && !tcp:
		return fmt.Errorf("ContainerAppInvalidIngress: %s.exposedPort: is only of the transport tcp", ingress)
	case tcp && (o.Bool(ingress+".allowInsecure") || o.Has(ingress+".customDomains") || o.Has(ingress+".corsPolicy")):
		return fmt.Errorf("ContainerAppInvalidIngress: %s: the transport tcp has no allowInsecure, customDomains or corsPolicy", ingress)
	case tcp && !o.Has(ingress+".targetPort"):
		return fmt.Errorf("ContainerAppInvalidIngress: %s.targetPort: missing, and the transport tcp needs it", ingress)
	case o.Str(ingress+".stickySessions.affinity") == "sticky" && o.Str("configuration.activeRevisionsMode") == "Multiple":
		return fmt.Errorf("ContainerAppInvalidIngressStickySessionRevisionMode: %s.stickySessions: needs the revision mode Single", ingress)
	}
	return nil
}

// checkRestrictions: all rules allow or all deny
// (https://learn.microsoft.com/azure/container-apps/ip-restrictions).
func checkRestrictions(o *sandbox.Object) error {
	rules := items(o, ingress+".ipSecurityRestrictions")
	if name := twice(rules, "name"); name != "" {
		return fmt.Errorf("%s.ipSecurityRestrictions: the name %q is there twice", ingress, name)
	}
	for i, r := range rules {
		if r.Known("action") && rules[0].Known("action") && r.Str("action") != rules[0].Str("action") {
			return fmt.Errorf("%s.ipSecurityRestrictions[%d].action: %s beside %s: all rules must be of one action", ingress, i, r.Str("action"), rules[0].Str("action"))
		}
	}
	return nil
}

func checkTraffic(o *sandbox.Object) error {
	traffic := items(o, ingress+".traffic")
	sum := 0.0
	for i, t := range traffic {
		sum += t.Num("weight")
		switch {
		case t.Bool("latestRevision") == t.Has("revisionName"):
			return fmt.Errorf("%s.traffic[%d]: want exactly one of latestRevision, revisionName", ingress, i)
		case t.Has("revisionName") && o.Str("configuration.activeRevisionsMode") != "Multiple":
			return fmt.Errorf("%s.traffic[%d].revisionName: needs the revision mode Multiple", ingress, i)
		}
	}
	if len(traffic) > 0 && sum != 100 && !o.Get(ingress+".traffic").ContainsUnknowns() {
		return fmt.Errorf("ContainerAppInvalidTrafficWeight: %s.traffic: the weights sum up to %v, want 100", ingress, sum)
	}
	return nil
}

func checkDomains(o *sandbox.Object) error {
	domains := items(o, ingress+".customDomains")
	if name := twice(domains, "name"); name != "" {
		return fmt.Errorf("%s.customDomains: the name %q is there twice", ingress, name)
	}
	for i, d := range domains {
		if bound := d.Str("bindingType") == "SniEnabled"; bound && !d.Has("certificateId") {
			return fmt.Errorf("%s.customDomains[%d].certificateId: missing, and the binding SniEnabled needs it", ingress, i)
		}
	}
	return nil
}

var digits = regexp.MustCompile(`^[1-9][0-9]*$`)

// checkScale: https://learn.microsoft.com/azure/container-apps/scale-app
func checkScale(o *sandbox.Object) error {
	const scale = "template.scale"
	lo, hi := o.Num(scale+".minReplicas"), 10.0
	if o.Has(scale + ".maxReplicas") {
		hi = o.Num(scale + ".maxReplicas")
	}
	rules := items(o, scale+".rules")
	switch {
	case lo > hi && known(o, scale+".maxReplicas"):
		return fmt.Errorf("%s: minReplicas %v is above maxReplicas %v", scale, lo, hi)
	case twice(rules, "name") != "":
		return fmt.Errorf("%s.rules: the name %q is there twice", scale, twice(rules, "name"))
	}
	for i, r := range rules {
		if err := checkRule(o, r); err != nil {
			return fmt.Errorf("%s.rules[%d]: %w", scale, i, err)
		}
	}
	return nil
}

func checkRule(o, rule *sandbox.Object) error {
	kinds := []string{"azureQueue", "custom", "http", "tcp"}
	if err := sandbox.ExactlyOne(kinds...)(rule); err != nil {
		return err
	}
	concurrent := rule.Get("http.metadata")
	switch {
	case !rule.Has("name"):
		return errors.New("name: missing required property")
	case rule.Has("custom") && !rule.Has("custom.type"):
		return errors.New("custom.type: missing required property")
	case rule.Has("azureQueue") && (!rule.Has("azureQueue.queueName") || !rule.Has("azureQueue.queueLength")):
		return errors.New("azureQueue: want queueName and queueLength")
	case concurrent.IsObject() && rule.Known("http.metadata.concurrentRequests") && !digits.MatchString(rule.Str("http.metadata.concurrentRequests")):
		return fmt.Errorf("http.metadata: concurrentRequests: %q is no number", rule.Str("http.metadata.concurrentRequests"))
	}
	for _, kind := range kinds {
		for _, a := range items(rule, kind+".auth") {
			if a.Known("secretRef") && !isSecret(o, a.Str("secretRef")) {
				return fmt.Errorf("ContainerAppSecretRefNotFound: %s.auth: there is no secret %q", kind, a.Str("secretRef"))
			}
		}
	}
	return nil
}
