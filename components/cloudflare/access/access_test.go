package access_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/cloudflare/access"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/cloudflare"
)

const (
	applicationType = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication"
	policyType      = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy"
	tokenType       = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken"

	accountID = "f037e56e89293a057740de681ac9abbe"
	google    = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415"
	entra     = "0194ae2c-efcf-7cfb-8884-055f1a161fa5"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *access.Args {
	return &access.Args{AccountID: accountID, Name: "ai-worker dev", Hosts: []string{"api.example.com"}, EmailDomains: []string{"example.com"}}
}

func full() *access.Args {
	args := valid()
	args.Hosts = []string{"api.example.com", "*.preview.example.com"}
	args.Groups = &access.Groups{IdentityProvider: google, Google: []string{"dev@example.com"}}
	args.IdentityProviders = []string{google}
	args.SessionDuration, args.PurposePrompt = "4h", "Why?"
	args.ServiceTokens = map[string]access.Token{"load": {Duration: "17520h"}, "smoke": {}}
	return args
}

var (
	program = componentstest.Program(access.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{
		applicationType + " main-application-api.example.com",
		policyType + " main-policy-people",
	}, componentstest.Tree(t, run(t, valid()), access.TypeToken))
	require.Equal(t, []string{
		applicationType + " main-application-*.preview.example.com",
		applicationType + " main-application-api.example.com",
		policyType + " main-policy-machines",
		policyType + " main-policy-people",
		tokenType + " main-token-load",
		tokenType + " main-token-smoke",
	}, componentstest.Tree(t, run(t, full()), access.TypeToken))
}

func TestApplication(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, map[string]any{
		"accountId": accountID, "name": "ai-worker dev: api.example.com", "domain": "api.example.com", "type": "self_hosted",
		"sessionDuration": "8h", "policies": []any{all.One(t, policyType).ID}, "autoRedirectToIdentity": false, "appLauncherVisible": false,
		"enableBindingCookie": true, "httpOnlyCookieAttribute": true, "sameSiteCookieAttribute": "lax",
		"optionsPreflightBypass": false, "serviceAuth401Redirect": false,
	}, all.One(t, applicationType).Inputs.Mappable())

	all = run(t, full())
	for _, application := range all.OfType(applicationType) {
		application.Expect(t, map[string]any{
			"sessionDuration": "4h", "allowedIdps": []any{google}, "autoRedirectToIdentity": true, "serviceAuth401Redirect": false,
			"policies": []any{all.One(t, policyType, "main-policy-machines").ID, all.One(t, policyType, "main-policy-people").ID},
		})
	}
	args := full()
	args.IdentityProviders = []string{google, entra}
	require.Equal(t, false, run(t, args).OfType(applicationType)[0].Get("autoRedirectToIdentity"), "people choose")
}

// Every policy has one include: of several the provider takes the last.
func TestPolicies(t *testing.T) {
	all := run(t, full())
	require.Equal(t, map[string]any{
		"accountId": accountID, "name": "ai-worker dev: people", "decision": "allow",
		"includes": []any{map[string]any{
			"emailDomains": []any{"example.com"},
			"gsuites":      []any{map[string]any{"identityProviderId": google, "emails": []any{"dev@example.com"}}},
		}},
		"purposeJustificationRequired": true, "purposeJustificationPrompt": "Why?",
	}, all.One(t, policyType, "main-policy-people").Inputs.Mappable())
	require.Equal(t, map[string]any{
		"accountId": accountID, "name": "ai-worker dev: machines", "decision": "non_identity",
		"includes": []any{map[string]any{
			"serviceTokens": []any{all.One(t, tokenType, "main-token-load").ID, all.One(t, tokenType, "main-token-smoke").ID},
		}},
	}, all.One(t, policyType, "main-policy-machines").Inputs.Mappable())

	args := valid()
	args.EmailDomains, args.Groups = nil, &access.Groups{IdentityProvider: entra, Entra: []string{google}}
	run(t, args).One(t, policyType).Expect(t, map[string]any{
		"includes":                     []any{map[string]any{"azures": []any{map[string]any{"identityProviderId": entra, "ids": []any{google}}}}},
		"purposeJustificationRequired": false, "purposeJustificationPrompt": nil,
	})
}

func TestTokens(t *testing.T) {
	all := run(t, full())
	require.Equal(t, map[string]any{"accountId": accountID, "name": "ai-worker dev: load", "duration": "17520h"},
		all.One(t, tokenType, "main-token-load").Inputs.Mappable())
	require.Equal(t, "8760h", all.One(t, tokenType, "main-token-smoke").Get("duration"))
}

// Where only machines get in, one that does not is told so instead of being led to
// a login page.
func TestMachinesOnly(t *testing.T) {
	args := valid()
	args.EmailDomains, args.ServiceTokens = nil, map[string]access.Token{"smoke": {}}
	all := run(t, args)
	require.Equal(t, true, all.One(t, applicationType).Get("serviceAuth401Redirect"))
	require.Equal(t, "non_identity", all.One(t, policyType).Get("decision"))
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, access.New, full())
	for output, keys := range map[string][]string{
		"applications": full().Hosts, "audiences": full().Hosts,
		"tokenIds": {"load", "smoke"}, "tokenSecrets": {"load", "smoke"}, "tokenExpiry": {"load", "smoke"},
	} {
		values := outputs[output].(map[string]string)
		require.Len(t, values, len(keys), output)
		for _, key := range keys {
			require.Contains(t, values, key, output)
		}
	}
}

// The secrets stay secret on their way through the component.
func TestTokenSecretsAreSecret(t *testing.T) {
	_, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		c, err := access.New(ctx, "main", full())
		if err == nil {
			require.True(t, pulumi.IsSecret(c.TokenSecrets))
			require.False(t, pulumi.IsSecret(c.Audiences))
		}
		return err
	})
	require.NoError(t, err)
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"AccountID": "0da42c8d2132a9ddaf714f9e7c920711", "Hosts[0]": "app.example.com", "EmailDomains[0]": "example.net",
			"SessionDuration": "5h", "ServiceTokens[load].Duration": "43800h",
		},
		Exempt: map[string]string{
			"Groups.IdentityProvider": "must be among identityProviders; below", "IdentityProviders": "must have the groups'; TestApplication",
			"Groups.Entra": "excluded by google; below",
		},
	})
	const above = "varied above"
	byGroup := func() *access.Args {
		args := valid()
		args.Groups = &access.Groups{IdentityProvider: google, Entra: []string{google}}
		return args
	}
	componentstest.NoDeadInput(t, byGroup, program, componentstest.Vary{
		Values: map[string]any{"Groups.IdentityProvider": entra, "Groups.Entra[0]": entra},
		Exempt: map[string]string{
			"AccountID": above, "Name": above, "Hosts": above, "EmailDomains": above, "Groups.Google": "excluded by entra; above",
			"IdentityProviders": above, "SessionDuration": above, "PurposePrompt": above, "ServiceTokens": above, "AllowPreflight": above,
		},
	})
}

func TestRefusals(t *testing.T) {
	groups := func(g access.Groups) func(*access.Args) { return func(a *access.Args) { a.Groups = &g } }
	session := func(s string) func(*access.Args) { return func(a *access.Args) { a.SessionDuration = s } }
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[access.Args]{
		"account":          {func(a *access.Args) { a.AccountID = "example" }, `accountId "example"`},
		"no name":          {func(a *access.Args) { a.Name = "" }, "name is required"},
		"no host":          {func(a *access.Args) { a.Hosts = nil }, "hosts: want at least one"},
		"host, path":       {func(a *access.Args) { a.Hosts = []string{"api.example.com/healthz"} }, "no path"},
		"host, short":      {func(a *access.Args) { a.Hosts = []string{"api"} }, `hosts[0] "api"`},
		"host, twice":      {func(a *access.Args) { a.Hosts = []string{"a.example.com", "a.example.com"} }, "given twice"},
		"nobody":           {func(a *access.Args) { a.EmailDomains = nil }, "nobody would get in"},
		"domain, address":  {func(a *access.Args) { a.EmailDomains = []string{"me@example.com"} }, `emailDomains[0] "me@example.com"`},
		"domain, wildcard": {func(a *access.Args) { a.EmailDomains = []string{"*.example.com"} }, "emailDomains[0]"},
		"provider":         {func(a *access.Args) { a.IdentityProviders = []string{"google"} }, `identityProviders[0] "google"`},
		"group, provider":  {groups(access.Groups{Google: []string{"dev@example.com"}}), `groups.identityProvider ""`},
		"group, elsewhere": {func(a *access.Args) {
			a.IdentityProviders, a.Groups = []string{entra}, &access.Groups{IdentityProvider: google, Google: []string{"dev@example.com"}}
		}, "let nobody log in there"},
		"group, none":      {groups(access.Groups{IdentityProvider: google}), "want google or entra"},
		"group, both":      {groups(access.Groups{IdentityProvider: google, Google: []string{"a@b.c"}, Entra: []string{entra}}), "want google or entra"},
		"group, google":    {groups(access.Groups{IdentityProvider: google, Google: []string{"dev"}}), `groups.google[0] "dev"`},
		"group, entra":     {groups(access.Groups{IdentityProvider: google, Entra: []string{"dev"}}), `groups.entra[0] "dev"`},
		"session, days":    {session("1d"), `sessionDuration "1d"`},
		"session, seconds": {session("90s"), "want minutes or hours"},
		"session, none":    {session("0h"), "want minutes or hours"},
		"session, long":    {session("25h"), `at most "24h"`},
		"session, bare":    {session("8"), "want minutes or hours"},
		"prompt": {func(a *access.Args) {
			a.EmailDomains, a.ServiceTokens, a.PurposePrompt = nil, map[string]access.Token{"smoke": {}}, "Why?"
		}, "no people to ask"},
		"token, name":     {func(a *access.Args) { a.ServiceTokens = map[string]access.Token{"Smoke": {}} }, `serviceTokens["Smoke"]`},
		"token, duration": {func(a *access.Args) { a.ServiceTokens = map[string]access.Token{"smoke": {Duration: "720h"}} }, `serviceTokens["smoke"].duration "720h"`},
	})
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &access.Args{Groups: &access.Groups{}, SessionDuration: "x"},
		"accountId", "name", "hosts", "groups.identityProvider", "groups: want", "sessionDuration")
}
