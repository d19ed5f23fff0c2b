package cloudflare

import (
	"strings"
	"time"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe(serviceTokenType, provider.ZeroTrustAccessServiceTokenArgs{}, provider.ZeroTrustAccessServiceToken{})
	sandbox.Describe(identityProviderType, provider.ZeroTrustAccessIdentityProviderArgs{}, provider.ZeroTrustAccessIdentityProvider{})
}

func serviceTokenKind() *sandbox.Kind {
	rules, refs := inScope(map[string]sandbox.Rule{
		"duration":          sandbox.OneOf("8760h", "17520h", "43800h", "87600h", "forever"),
		"minDaysForRenewal": sandbox.Between(0, 3650),
	}, nil)
	return &sandbox.Kind{
		Type:     serviceTokenType,
		ID:       opaque,
		Imports:  "{accountId}/{id}",
		Defaults: map[string]any{"minDaysForRenewal": 0},
		Rules:    rules,
		Checks:   []sandbox.Check{checkScope},
		Refs:     refs,
		Fill: func(o *sandbox.Object) {
			o.Default("id", uuid("token", scope(o), o.Str("name")))
			o.Default("clientId", hex32("client", scope(o), o.Str("name"))+".access")
			o.Default("clientSecret", hex64("secret", scope(o), o.Str("name")))
			o.Default("duration", "8760h")
			o.Set("expiresAt", expiry(o.Str("duration")))
		},
	}
}

func expiry(duration string) string {
	start, _ := time.Parse(time.RFC3339, made) // a constant
	valid, err := time.ParseDuration(duration)
	if err != nil { // forever
		return "9999-12-31T23:59:59Z"
	}
	return start.Add(valid).Format(time.RFC3339)
}

// identityConfig is what the API needs to know of an identity provider of a type:
// https://developers.cloudflare.com/api/resources/zero_trust/subresources/identity_providers/methods/create/
var identityConfig = map[string]string{
	"azureAD":     "clientId clientSecret directoryId",
	"centrify":    "clientId clientSecret centrifyAccount centrifyAppId",
	"facebook":    "clientId clientSecret",
	"github":      "clientId clientSecret",
	"google":      "clientId clientSecret",
	"google-apps": "clientId clientSecret appsDomain",
	"linkedin":    "clientId clientSecret",
	"oidc":        "clientId clientSecret authUrl tokenUrl certsUrl",
	"okta":        "clientId clientSecret oktaAccount",
	"onelogin":    "clientId clientSecret oneloginAccount",
	"onetimepin":  "",
	"pingone":     "clientId clientSecret pingEnvId",
	"saml":        "issuerUrl ssoTargetUrl idpPublicCert",
	"yandex":      "clientId clientSecret",
}

func identityProviderKind() *sandbox.Kind {
	rules, refs := inScope(map[string]sandbox.Rule{
		"type": sandbox.OneOf("azureAD", "centrify", "facebook", "github", "google", "google-apps", "linkedin", "oidc", "okta", "onelogin",
			"onetimepin", "pingone", "saml", "yandex"),
		"configs":                              sandbox.Items(0, 1),
		"scimConfigs":                          sandbox.Items(0, 1),
		"scimConfigs[].identityUpdateBehavior": sandbox.OneOf("no_action", "reauth", "automatic"),
	}, nil)
	return &sandbox.Kind{
		Type:     identityProviderType,
		ID:       opaque,
		Imports:  "{accountId}/{id}",
		Rules:    rules,
		Checks:   []sandbox.Check{checkScope, checkIdentityConfig},
		Computed: []string{"configs", "configs[].redirectUrl"},
		Replace:  []string{"accountId", "zoneId"},
		Refs:     refs,
		Fill: func(o *sandbox.Object) {
			o.Default("id", uuid("identityProvider", scope(o), o.Str("name")))
			o.Each("configs[]", func(_ string, config resource.PropertyValue) {
				config.ObjectValue()["redirectUrl"] = resource.NewProperty("https://team.cloudflareaccess.com/cdn-cgi/access/callback")
			})
		},
	}
}

// checkIdentityConfig: the provider wants nothing of any type, the API does.
func checkIdentityConfig(o *sandbox.Object) error {
	needs := strings.Fields(identityConfig[o.Str("type")])
	configs := o.Get("configs")
	if len(needs) > 0 && (configs.IsNull() || configs.IsArray() && len(configs.ArrayValue()) == 0) {
		return problem("configs", "missing: an identity provider of type %s needs %s", o.Str("type"), strings.Join(needs, ", "))
	}
	var missing error
	o.Each("configs[]", func(at string, config resource.PropertyValue) {
		for _, key := range needs {
			if !given(config.ObjectValue()[resource.PropertyKey(key)]) && missing == nil {
				missing = problem(at+"."+key, "missing: an identity provider of type %s needs %s", o.Str("type"), strings.Join(needs, ", "))
			}
		}
	})
	return missing
}
