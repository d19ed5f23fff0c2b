package gcp

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	identityPoolType     = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"
	identityProviderType = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider"

	identityPoolKey     = "projects/{project}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}"
	identityProviderKey = identityPoolKey + "/providers/{workloadIdentityPoolProviderId}"

	// githubIssuer signs the tokens of every repository on GitHub.
	githubIssuer = "https://token.actions.githubusercontent.com"
)

func iamKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:  identityPoolType,
			ID:    identityPoolKey,
			Names: []string{"{name}", "{workloadIdentityPoolId}"},
			Fill: func(o *sandbox.Object) {
				o.Set("name", poolName(o))
				o.Set("state", "ACTIVE")
			},
			Replace: []string{"project", "workloadIdentityPoolId"},
			Rules: map[string]sandbox.Rule{
				"workloadIdentityPoolId": identityPoolID,
				"displayName":            atMostBytes(32),
				"description":            atMostBytes(256),
			},
			Retires: "30 days", // soft-deleted, until then undelete brings it back (SDK, state)
		},
		{
			Type: identityProviderType,
			ID:   identityProviderKey,
			Fill: func(o *sandbox.Object) {
				o.Set("name", poolName(o)+"/providers/"+o.Str("workloadIdentityPoolProviderId"))
				o.Set("state", "ACTIVE")
			},
			Names:   []string{"{name}"},
			Replace: []string{"project", "workloadIdentityPoolId", "workloadIdentityPoolProviderId"},
			Rules: map[string]sandbox.Rule{
				"workloadIdentityPoolId":         identityPoolID,
				"workloadIdentityPoolProviderId": identityPoolID,
				"displayName":                    atMostBytes(32),
				"description":                    atMostBytes(256),
				"attributeCondition":             atMostBytes(4096),
				"attributeMapping":               sandbox.Items(1, 52), // google.subject, google.groups and 50 of one's own
				"attributeMapping{}":             atMostBytes(2048),
				"oidc.issuerUri":                 sandbox.Match(`^https://\S+$`, "an https URL"),
				"oidc.allowedAudiences":          sandbox.Items(0, 10),
				"oidc.allowedAudiences[]":        atMostBytes(256),
			},
			Checks:  []sandbox.Check{sandbox.ExactlyOne("aws", "oidc", "saml"), checkMapping, checkFederationCondition},
			Refs:    map[string]sandbox.Ref{"workloadIdentityPoolId": sandbox.Names(identityPoolType)},
			Retires: "30 days",
		},
	}
}

// iamLookups find nothing that is soft-deleted, as the provider, whose decoders
// take the state DELETED for gone.
func iamLookups() []*sandbox.Lookup {
	return []*sandbox.Lookup{
		{
			Token: "gcp:iam/getWorkloadIdentityPool:getWorkloadIdentityPool",
			Type:  identityPoolType, Key: identityPoolKey,
		},
		{
			Token: "gcp:iam/getWorkloadIdentityPoolProvider:getWorkloadIdentityPoolProvider",
			Type:  identityProviderType, Key: identityProviderKey,
		},
	}
}

// poolName is the resource name, which has the project's number and not its id.
func poolName(o *sandbox.Object) string {
	return "projects/" + number(o.Str("project")) + "/locations/global/workloadIdentityPools/" + o.Str("workloadIdentityPoolId")
}

// identityPoolID: SDK, workloadIdentityPoolId and workloadIdentityPoolProviderId.
func identityPoolID(v resource.PropertyValue) error {
	switch id := v.StringValue(); {
	case strings.HasPrefix(id, "gcp-"):
		return fmt.Errorf("%q: the prefix gcp- is Google's", id)
	case !poolID.MatchString(id):
		return fmt.Errorf("%q: want 4 to 32 lower-case letters, digits and hyphens", id)
	}
	return nil
}

var (
	poolID       = regexp.MustCompile(`^[a-z0-9-]{4,32}$`)
	attributeKey = regexp.MustCompile(`^(google\.(subject|groups)|attribute\.[a-z0-9_]{1,100})$`)
	claim        = regexp.MustCompile(`assertion[.\[]`)
)

// checkMapping: SDK, attributeMapping. AWS has a mapping of its own.
func checkMapping(o *sandbox.Object) error {
	mapping := o.Get("attributeMapping")
	if !mapping.IsObject() {
		if o.Has("oidc") && mapping.IsNull() {
			return sandbox.Problem{Path: "attributeMapping", Reason: "an OIDC provider needs one, with google.subject"}
		}
		return nil
	}
	var errs []error
	if _, ok := mapping.ObjectValue()["google.subject"]; !ok {
		errs = append(errs, errors.New("attributeMapping: google.subject is not mapped"))
	}
	for _, key := range mapping.ObjectValue().StableKeys() {
		if !attributeKey.MatchString(string(key)) {
			errs = append(errs, fmt.Errorf("attributeMapping[%s]: want google.subject, google.groups or attribute.NAME", key))
		}
	}
	return errors.Join(errs...)
}

// checkFederationCondition: for issuers that sign for everybody the API refuses
// a provider whose condition references none of the token's claims
// (terraform-google-modules/terraform-google-github-actions-runners#261).
func checkFederationCondition(o *sandbox.Object) error {
	known := !o.Has("attributeCondition") || o.Known("attributeCondition")
	if o.Str("oidc.issuerUri") == githubIssuer && known && !claim.MatchString(o.Str("attributeCondition")) {
		return sandbox.Problem{Path: "attributeCondition", Reason: "the attribute condition must reference one of the provider's claims"}
	}
	return nil
}
