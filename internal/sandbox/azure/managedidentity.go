package azure

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	identityType   = "azure-native:managedidentity:UserAssignedIdentity"
	federationType = "azure-native:managedidentity:FederatedIdentityCredential"
)

func managedidentityKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		arm("Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}", sandbox.Kind{
			Type:     identityType,
			Names:    []string{"{resourceName}", "{principalId}", "{clientId}"},
			Fill:     fillIdentity,
			Required: []string{"location"},
			Replace:  []string{"location"},
			Rules: map[string]sandbox.Rule{
				"resourceName": sandbox.Match(`^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$`,
					"3 to 128 letters, digits, hyphens and underscores, a letter or digit first"),
				"location": region, "tags": tags,
			},
		}),
		arm("Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}",
			sandbox.Kind{
				Type: federationType,
				Fill: fillSystemData,
				Rules: map[string]sandbox.Rule{
					"federatedIdentityCredentialResourceName": sandbox.Match(`^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$`,
						"3 to 120 letters, digits, hyphens and underscores, a letter or digit first"),
					"audiences": sandbox.Items(1, 1), "audiences[]": claim,
					"issuer": sandbox.All(claim, issuer), "subject": claim,
				},
				Beside: besideFederation,
				Refs:   map[string]sandbox.Ref{"resourceName": sandbox.Within(identityType)},
			}),
	}
}

// fillIdentity draws the ids of the identity and of its service principal.
func fillIdentity(o *sandbox.Object) {
	o.Set("principalId", drawn(idOf(o)+"/principal"))
	o.Set("clientId", drawn(idOf(o)+"/client"))
	tenant := drawn("tenant")
	if given := o.Config["tenantId"]; given.IsString() && given.StringValue() != "" {
		tenant = given.StringValue()
	}
	o.Set("tenantId", tenant)
	fillSystemData(o)
}

// claim is what a federated credential compares letter by letter with a token:
// https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
func claim(v resource.PropertyValue) error {
	switch text := v.StringValue(); {
	case text == "" || len(text) > 600:
		return fmt.Errorf("%q: want 1 to 600 characters", text)
	case strings.ContainsAny(text, "*?"):
		return fmt.Errorf("%q: wildcard characters are not supported", text)
	case strings.TrimSpace(text) != text:
		return fmt.Errorf("%q: has space around it, and no token has", text)
	}
	return nil
}

const githubIssuer = "https://token.actions.githubusercontent.com"

// issuer: the one of GitHub has no slash at its end. Azure takes one, and every
// login is refused (AADSTS700211).
func issuer(v resource.PropertyValue) error {
	switch url := v.StringValue(); {
	case !strings.HasPrefix(url, "https://") || len(url) == len("https://"):
		return fmt.Errorf("%q: want an https URL", url)
	case strings.TrimRight(url, "/") == githubIssuer && url != githubIssuer:
		return fmt.Errorf("%q: tokens of GitHub Actions have the issuer %q, and no slash after it", url, githubIssuer)
	}
	return nil
}

// besideFederation: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#general-federated-identity-credential-considerations
func besideFederation(o *sandbox.Object, others []*sandbox.Object) error {
	if err := inGroupOf(o, "resourceName"); err != nil {
		return err
	}
	siblings := 0
	for _, other := range others {
		if !same(other.Str("resourceGroupName"), o.Str("resourceGroupName")) || !same(other.Str("resourceName"), o.Str("resourceName")) {
			continue
		}
		if itself(o, other) {
			continue // the cloud says that it is there
		}
		siblings++
		if other.Str("issuer") == o.Str("issuer") && other.Str("subject") == o.Str("subject") {
			return fmt.Errorf("BadRequest: Issuer and subject combination already exists for this Managed Identity: %q and %q are those of %q",
				o.Str("issuer"), o.Str("subject"), other.Str("name"))
		}
	}
	if siblings >= 20 {
		return fmt.Errorf("BadRequest: %q has %d federated identity credentials, and 20 are the most", o.Str("resourceName"), siblings)
	}
	return nil
}
