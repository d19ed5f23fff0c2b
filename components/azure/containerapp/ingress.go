package containerapp

import (
	"maps"
	"slices"
	"strings"

	app "github.com/pulumi/pulumi-azure-native-sdk/app/v2/v20240301"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func (a *Args) ingress() app.IngressArgs {
	i := a.Ingress
	transport := "auto"
	if i.HTTP2 {
		transport = "http2"
	}
	return app.IngressArgs{
		External:               pulumi.Bool(i.AllowInternet),
		AllowInsecure:          pulumi.Bool(false),
		TargetPort:             pulumi.Int(i.Port),
		Transport:              pulumi.String(transport),
		ClientCertificateMode:  pulumi.String("ignore"),
		StickySessions:         app.IngressStickySessionsArgs{Affinity: pulumi.String("none")},
		Traffic:                app.TrafficWeightArray{app.TrafficWeightArgs{LatestRevision: pulumi.Bool(true), Weight: pulumi.Int(100)}},
		IpSecurityRestrictions: i.restrictions(),
		CustomDomains:          a.domains(),
	}
}

// restrictions admit what they name and nothing else. They are named by their range, so
// that one more does not rename the others.
func (i *Ingress) restrictions() app.IpSecurityRestrictionRuleArray {
	rules := app.IpSecurityRestrictionRuleArray{}
	for _, cidr := range i.AllowedCIDRs {
		rules = append(rules, app.IpSecurityRestrictionRuleArgs{
			Name:           pulumi.String("allow-" + strings.NewReplacer(".", "-", "/", "-").Replace(cidr)),
			Action:         pulumi.String("Allow"),
			IpAddressRange: pulumi.String(cidr),
		})
	}
	return rules
}

func (a *Args) domains() app.CustomDomainArray {
	domains := app.CustomDomainArray{}
	for _, key := range slices.Sorted(maps.Keys(a.Ingress.Hosts)) {
		host := a.Ingress.Hosts[key]
		domain := app.CustomDomainArgs{Name: pulumi.String(host.Name), BindingType: pulumi.String("Disabled")}
		if host.Bound {
			domain.BindingType, domain.CertificateId = pulumi.String("SniEnabled"), a.certificateOf(host)
		}
		domains = append(domains, domain)
	}
	return domains
}

// certificateOf is the id of a host's certificate. That of a managed one is composed
// and not taken from the resource, which waits for the app.
func (a *Args) certificateOf(host Host) pulumi.StringPtrInput {
	id := host.Certificate
	if id == nil {
		id = pulumi.Sprintf("%s/managedCertificates/%s", a.Environment, host.certificateName())
	}
	return id.ToStringOutput().ToStringPtrOutput()
}

// probes give a replica a minute to start, and one that fails no requests after 15
// seconds and a restart after 30. A failureThreshold is at most 10:
// https://learn.microsoft.com/azure/container-apps/health-probes
func (i *Ingress) probes() app.ContainerAppProbeArray {
	probe := func(kind, path string, period, failures, timeout int) app.ContainerAppProbeArgs {
		return app.ContainerAppProbeArgs{
			Type: pulumi.String(kind),
			HttpGet: app.ContainerAppProbeHttpGetArgs{
				Path: pulumi.String(path), Port: pulumi.Int(i.Port), Scheme: pulumi.String("HTTP"),
			},
			PeriodSeconds:    pulumi.Int(period),
			FailureThreshold: pulumi.Int(failures),
			SuccessThreshold: pulumi.Int(1),
			TimeoutSeconds:   pulumi.Int(timeout),
		}
	}
	return app.ContainerAppProbeArray{
		probe("Startup", i.Probes.Startup, 6, 10, 1),
		probe("Readiness", i.Probes.Readiness, 5, 3, 1),
		probe("Liveness", i.Probes.Liveness, 10, 3, 3),
	}
}
