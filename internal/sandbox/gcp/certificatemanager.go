package gcp

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	authorizationType  = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization"
	certificateType    = "gcp:certificatemanager/certificate:Certificate"
	certificateMapType = "gcp:certificatemanager/certificateMap:CertificateMap"
	mapEntryType       = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"

	// recordType is what shows Certificate Manager that a domain is ours.
	recordType = "cloudflare:index/record:Record"

	hostLabels = `[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$`
)

var (
	// certificateName is the name of anything in Certificate Manager (SDK: "name").
	certificateName = sandbox.Match(`^[a-zA-Z][a-zA-Z0-9_-]{0,63}$`, "1 to 64 letters, digits, underscores and hyphens, a letter first")
	hostRule        = sandbox.Match(`^(\*\.)?`+hostLabels, `a host in lower case, such as "api.example.com" or "*.example.com"`)
)

func certificatemanagerKinds() []*sandbox.Kind {
	return []*sandbox.Kind{authorizationKind(), certificateKind(), certificateMapKind(), mapEntryKind()}
}

// certificateRules are rules and those of what all of Certificate Manager has.
func certificateRules(rules map[string]sandbox.Rule) map[string]sandbox.Rule {
	maps.Copy(rules, map[string]sandbox.Rule{"name": certificateName, "labels": sandbox.Items(0, 64), "labels{}": labelValue})
	return rules
}

func authorizationKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:     authorizationType,
		ID:       "projects/{project}/locations/{location}/dnsAuthorizations/{name}",
		Fill:     fillAuthorization,
		Defaults: map[string]any{"location": "global"},
		Computed: []string{"type"},
		Replace:  []string{"domain", "location", "name", "project", "type"},
		Rules: certificateRules(map[string]sandbox.Rule{
			// it covers the wildcard of its domain (SDK: "domain")
			"domain": sandbox.Match("^"+hostLabels, `a domain in lower case without a wildcard, such as "example.com"`),
			"type":   sandbox.OneOf("FIXED_RECORD", "PER_PROJECT_RECORD"),
		}),
	}
}

func fillAuthorization(o *sandbox.Object) {
	o.Default("type", "FIXED_RECORD")
	name := "_acme-challenge."
	if o.Str("type") == "PER_PROJECT_RECORD" {
		name = "_acme-challenge_" + number(o.Str("project")) + "."
	}
	o.Set("dnsResourceRecords", []any{map[string]any{
		"name": name + o.Str("domain") + ".", "type": "CNAME", "data": authorizationTarget(o.Str("project"), o.Str("domain")) + ".",
	}})
	fillLabels(o)
}

// authorizationTarget is where the record of a domain's authorization points.
func authorizationTarget(project, domain string) string {
	hash := number(project + " " + domain)
	return fmt.Sprintf("%s-%s-%s.%d.authorize.certificatemanager.goog", hash[:4], hash[4:8], hash[8:], spread(domain, 16))
}

func certificateKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:     certificateType,
		ID:       "projects/{project}/locations/{location}/certificates/{name}",
		Fill:     fillCertificate,
		Settle:   settleCertificate,
		Defaults: map[string]any{"location": "global", "scope": "DEFAULT"},
		Computed: []string{"managed.state", "managed.provisioningIssues", "managed.authorizationAttemptInfos"},
		Replace:  []string{"location", "managed", "name", "project", "scope", "selfManaged"},
		Rules: certificateRules(map[string]sandbox.Rule{
			"scope": sandbox.OneOf("DEFAULT", "EDGE_CACHE", "ALL_REGIONS"),
			// https://cloud.google.com/certificate-manager/docs/quotas
			"managed.domains":   sandbox.Items(1, 100),
			"managed.domains[]": hostRule,
			// a bare name is refused by the API
			"managed.dnsAuthorizations[]": sandbox.Match(`^projects/[^/]+/locations/[^/]+/dnsAuthorizations/[^/]+$`,
				`an id, "projects/P/locations/L/dnsAuthorizations/A"`),
		}),
		Required: []string{"managed.domains"},
		Checks: []sandbox.Check{
			sandbox.ExactlyOne("managed", "selfManaged"),
			sandbox.Exclusive("managed.dnsAuthorizations", "managed.issuanceConfig"),
			sandbox.When(func(o *sandbox.Object) bool { return o.Has("selfManaged") },
				sandbox.ExactlyOne("selfManaged.pemCertificate", "selfManaged.certificatePem")),
			sandbox.When(func(o *sandbox.Object) bool { return o.Has("selfManaged") },
				sandbox.ExactlyOne("selfManaged.pemPrivateKey", "selfManaged.privateKeyPem")),
			checkDomains,
		},
		Refs: map[string]sandbox.Ref{"managed.dnsAuthorizations[]": sandbox.Holds(authorizationType)},
	}
}

// checkDomains wants no domain twice and a wildcard only where DNS can prove it:
// https://cloud.google.com/certificate-manager/docs/domain-authorization
func checkDomains(o *sandbox.Object) error {
	var errs []error
	seen := map[string]bool{}
	proven := o.Has("managed.dnsAuthorizations") || o.Has("managed.issuanceConfig")
	o.Each("managed.domains[]", func(at string, v resource.PropertyValue) {
		domain := v.StringValue()
		if seen[domain] {
			errs = append(errs, fmt.Errorf("%s: %q is there twice", at, domain))
		}
		if strings.HasPrefix(domain, "*.") && !proven {
			errs = append(errs, fmt.Errorf("%s: the wildcard %q needs a DNS authorization", at, domain))
		}
		seen[domain] = true
	})
	return errors.Join(errs...)
}

func fillCertificate(o *sandbox.Object) {
	if o.Has("managed") {
		o.Default("managed.state", "PROVISIONING")
	}
	fillLabels(o)
}

// settleCertificate issues a certificate once the records of the authorizations of
// all its domains are there, as the authority does within an hour.
func settleCertificate(o *sandbox.Object, present func(sandbox.Named) bool) {
	ready := o.Has("managed.dnsAuthorizations")
	o.Each("managed.domains[]", func(_ string, v resource.PropertyValue) {
		domain := strings.TrimPrefix(v.StringValue(), "*.")
		record := fmt.Sprintf("CNAME _acme-challenge.%s %s", domain, authorizationTarget(o.Str("project"), domain))
		ready = ready && present(sandbox.Named{Type: recordType, Name: record})
	})
	if ready {
		o.Set("managed.state", "ACTIVE")
	}
}

func certificateMapKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:    certificateMapType,
		ID:      "projects/{project}/locations/global/certificateMaps/{name}",
		Names:   []string{"{name}"},
		Fill:    fillTimes,
		Replace: []string{"name", "project"},
		Rules:   certificateRules(map[string]sandbox.Rule{}),
	}
}

func mapEntryKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type: mapEntryType,
		ID:   "projects/{project}/locations/global/certificateMaps/{map}/certificateMapEntries/{name}",
		Fill: func(o *sandbox.Object) {
			o.Set("state", "ACTIVE")
			fillTimes(o)
		},
		Replace: []string{"hostname", "map", "matcher", "name", "project"},
		Rules: certificateRules(map[string]sandbox.Rule{
			"map":      certificateName,
			"hostname": hostRule,
			"matcher":  sandbox.OneOf("PRIMARY"),
			// https://cloud.google.com/certificate-manager/docs/map-entries
			"certificates": sandbox.Items(1, 4),
			"certificates[]": sandbox.Match(`^projects/[^/]+/locations/[^/]+/certificates/[^/]+$`,
				`an id, "projects/P/locations/L/certificates/C"`),
		}),
		Required: []string{"certificates"},
		Checks:   []sandbox.Check{sandbox.ExactlyOne("hostname", "matcher")},
		// the API deletes neither a map with entries nor a certificate that one serves
		Refs: map[string]sandbox.Ref{"map": sandbox.Holds(certificateMapType), "certificates[]": sandbox.Holds(certificateType)},
	}
}

func fillTimes(o *sandbox.Object) {
	o.Set("createTime", "2024-01-01T00:00:00Z")
	o.Set("updateTime", "2024-01-01T00:00:00Z")
	fillLabels(o)
}
