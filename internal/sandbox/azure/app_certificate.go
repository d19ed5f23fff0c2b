package azure

import (
	"fmt"

	"ai-worker/internal/sandbox"
)

// managedCertificateKind is a certificate that Azure gets and renews for a host.
func managedCertificateKind() *sandbox.Kind {
	return arm(environmentPath+"/managedCertificates/{managedCertificateName}", sandbox.Kind{
		Type:     managedCertificateType,
		Fill:     fillCertificate,
		Required: []string{"location", "properties", "properties.domainControlValidation", "properties.subjectName"},
		Replace:  []string{"location"},
		Refs:     map[string]sandbox.Ref{"environmentName": sandbox.Within(environmentType)},
		Rules: map[string]sandbox.Rule{
			"location": region, "tags": tags,
			"managedCertificateName":             sandbox.Match(`^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$`, "1 to 64 lower-case letters, digits, inner hyphens and periods"),
			"properties.domainControlValidation": sandbox.OneOf("CNAME", "HTTP", "TXT"),
			"properties.subjectName":             hostName, // a wildcard has no managed certificate
		},
		Beside: besideCertificate,
		Among:  amongCertificates,
		Revise: fixed("properties.subjectName"),
	})
}

func fillCertificate(o *sandbox.Object) {
	o.Set("properties.provisioningState", succeeded)
	o.Set("properties.error", "")
	o.Set("properties.validationToken", "_"+hashed(o.Str("properties.subjectName"))+hashed("token "+o.Str("properties.subjectName")))
	fillSystemData(o)
}

// besideCertificate wants one certificate a host in an environment, in its region.
func besideCertificate(o *sandbox.Object, others []*sandbox.Object) error {
	host := o.Str("properties.subjectName")
	for _, other := range others {
		if other.Str("environmentName") == o.Str("environmentName") && other.Str("properties.subjectName") == host {
			return fmt.Errorf("DuplicateManagedCertificateInEnvironment: Another managed certificate with subject name '%s' and certificate name '%s' "+
				"available in environment '%s'", host, other.Str("name"), o.Str("environmentName"))
		}
	}
	if err := inGroupOf(o, "environmentName"); err != nil {
		return err
	}
	if environment := o.Ref("environmentName"); environment != nil && environment.Str("location") != o.Str("location") {
		return fmt.Errorf("location: %s is not the region of the environment, %s", o.Str("location"), environment.Str("location"))
	}
	return nil
}
