package cloudflare

import (
	"fmt"
	"slices"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe(applicationType, provider.ZeroTrustAccessApplicationArgs{}, provider.ZeroTrustAccessApplication{})
}

func applicationKind() *sandbox.Kind {
	rules, refs := inScope(map[string]sandbox.Rule{
		"type": sandbox.OneOf("app_launcher", "bookmark", "biso", "dash_sso", "saas", "self_hosted", "ssh", "vnc", "warp", "infrastructure"),
		"domain": sandbox.Match(`^(\*\.)?[a-z0-9_*][a-z0-9_.*-]*\.[a-z0-9-]+(:[0-9]+)?(/\S*)?$`,
			`a host in lower case and perhaps a path, without a scheme, such as "app.example.com/admin"`),
		"domainType":                 sandbox.OneOf("public"),
		"sessionDuration":            duration,
		"allowedIdps[]":              uuidID,
		"policies[]":                 uuidID,
		"sameSiteCookieAttribute":    sandbox.OneOf("none", "lax", "strict"),
		"corsHeaders":                sandbox.Items(0, 1),
		"corsHeaders[].maxAge":       sandbox.Between(-1, 86400),
		"corsHeaders[]":              cors,
		"destinations[].type":        sandbox.OneOf("public", "private"),
		"destinations[].l4Protocol":  sandbox.OneOf("tcp", "udp"),
		"saasApp.authType":           sandbox.OneOf("oidc", "saml"),
		"saasApp.nameIdFormat":       sandbox.OneOf("email", "id"),
		"targetCriterias[].protocol": sandbox.OneOf("SSH", "RDP"),
		"targetCriterias[].port":     sandbox.Between(1, 1<<16-1),
		"tags[]":                     noTag,
	}, map[string]sandbox.Ref{
		"allowedIdps[]": sandbox.Names(identityProviderType),
		"policies[]":    sandbox.Holds(policyType),
	})
	return &sandbox.Kind{
		Type: applicationType,
		ID:   opaque,
		// no provider invents the name, and the API wants one
		Adjust: func(o *sandbox.Object) { o.Default("name", "") },
		Defaults: map[string]any{
			"type": "self_hosted", "sessionDuration": "24h", "appLauncherVisible": true, "autoRedirectToIdentity": false,
			"enableBindingCookie": false, "skipInterstitial": false, "serviceAuth401Redirect": false, "skipAppLauncherLoginPage": false,
			"optionsPreflightBypass": false,
		},
		Rules:   rules,
		Checks:  []sandbox.Check{checkScope, sandbox.Exclusive("destinations", "selfHostedDomains"), checkTarget, checkRedirect},
		Replace: []string{"saasApp.authType"},
		Refs:    refs,
		Imports: "{accountId}/{id}",
		Beside:  besideApplication,
		Fill: func(o *sandbox.Object) {
			o.Default("id", uuid("application", scope(o), o.Str("name"), o.Str("domain")))
			o.Default("aud", hex64("aud", scope(o), o.Str("name"), o.Str("domain")))
			o.Default("domainType", "public")
		},
	}
}

// noTag: a tag must stand in the account before it can be used.
func noTag(v resource.PropertyValue) error {
	return fmt.Errorf("%q: access.api.error.invalid_request: tags contain a tag that does not exist (12130); the sandbox simulates no tags",
		v.StringValue())
}

// cors is what the provider says of them in an update only.
func cors(v resource.PropertyValue) error {
	o := &sandbox.Object{Props: v.ObjectValue()}
	switch {
	case o.Bool("allowCredentials") && o.Bool("allowAllOrigins"):
		return fmt.Errorf("CORS credentials are not permitted when all origins are allowed")
	case !given(o.Get("allowedMethods")) && !given(o.Get("allowAllMethods")):
		return fmt.Errorf("must set allowed_methods or allow_all_methods")
	case !given(o.Get("allowedOrigins")) && !given(o.Get("allowAllOrigins")):
		return fmt.Errorf("must set allowed_origins or allow_all_origins")
	}
	return nil
}

// checkTarget: what an application stands before.
func checkTarget(o *sandbox.Object) error {
	typ := o.Str("type")
	switch {
	case slices.Contains([]string{"self_hosted", "ssh", "vnc", "bookmark"}, typ) &&
		!o.Has("domain") && !o.Has("destinations") && !o.Has("selfHostedDomains"):
		return problem("domain", "missing: an application of type %s stands before a domain or before destinations", typ)
	case typ == "saas" && !o.Has("saasApp"):
		return problem("saasApp", "missing: the type is saas")
	case typ == "infrastructure" && !o.Has("targetCriterias"):
		return problem("targetCriterias", "missing: the type is infrastructure")
	}
	return nil
}

// checkRedirect: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/,
// auto_redirect_to_identity: exactly one identity provider.
func checkRedirect(o *sandbox.Object) error {
	idps := o.Get("allowedIdps")
	if o.Bool("autoRedirectToIdentity") && (idps.IsNull() || idps.IsArray() && len(idps.ArrayValue()) != 1) {
		return problem("autoRedirectToIdentity", "it needs exactly one of allowedIdps")
	}
	return nil
}

// besideApplication: a domain with its path belongs to one application, and the
// policies that it names are the account's.
func besideApplication(o *sandbox.Object, others []*sandbox.Object) error {
	for i := 0; o.Ref(fmt.Sprintf("policies[%d]", i)) != nil; i++ {
		if of := o.Ref(fmt.Sprintf("policies[%d]", i)).Str("applicationId"); of != "" {
			return problem(fmt.Sprintf("policies[%d]", i), "the policy is a part of application %s: name policies without an applicationId", of)
		}
	}
	for _, other := range others {
		if o.Str("domain") != "" && other.Str("domain") == o.Str("domain") {
			return fmt.Errorf("error creating Access Application for %q: error from makeRequest: "+
				"access.api.error.application_already_exists (11010): %q stands before %s", scope(o), other.Str("name"), o.Str("domain"))
		}
	}
	return nil
}
