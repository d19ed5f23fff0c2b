package cloudflare

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

const accessID = "01234567-89ab-4cde-8f01-23456789abcd"

func TestApplicationKind(t *testing.T) {
	cors := func(header props) props { return props{"corsHeaders": []any{header}} }
	all := props{"allowAllMethods": true, "allowAllOrigins": true}
	valid := props{"accountId": accountID, "name": "api", "domain": "api.dev.example.com"}
	judged(t, applicationType, valid, map[string]verdict{
		"application":         {nil, ""},
		"path":                {props{"domain": "api.dev.example.com/admin"}, ""},
		"wildcard":            {props{"domain": "*.dev.example.com"}, ""},
		"URL":                 {props{"domain": "https://api.dev.example.com"}, "without a scheme"},
		"no domain":           {props{"domain": nil}, "stands before a domain"},
		"destinations":        {props{"domain": nil, "destinations": []any{props{"uri": "api.dev.example.com"}}}, ""},
		"no name":             {props{"name": nil}, "name: missing"},
		"no scope":            {props{"accountId": nil}, `exactly one of "account_id" and "zone_id"`},
		"two scopes":          {props{"zoneId": zoneID}, `exactly one of "account_id" and "zone_id"`},
		"type":                {props{"type": "rdp"}, "none of app_launcher"},
		"saas":                {props{"type": "saas"}, "saasApp: missing"},
		"session":             {props{"sessionDuration": "2h45m"}, ""},
		"session of a day":    {props{"sessionDuration": "1d"}, "session_duration"},
		"session of nothing":  {props{"sessionDuration": ""}, "session_duration"},
		"policy by name":      {props{"policies": []any{"staff"}}, "a UUID"},
		"policies":            {props{"policies": []any{accessID}}, ""},
		"tag":                 {props{"tags": []any{"dev"}}, "does not exist (12130)"},
		"redirect":            {props{"autoRedirectToIdentity": true, "allowedIdps": []any{accessID}}, ""},
		"redirect to nobody":  {props{"autoRedirectToIdentity": true}, "exactly one of allowedIdps"},
		"cookie":              {props{"sameSiteCookieAttribute": "Lax"}, "none of none, lax"},
		"cors":                {cors(all), ""},
		"cors without method": {cors(props{"allowAllOrigins": true}), "must set allowed_methods"},
		"cors without origin": {cors(props{"allowAllMethods": true}), "must set allowed_origins"},
		"cors for everybody":  {cors(props{"allowAllMethods": true, "allowAllOrigins": true, "allowCredentials": true}), "not permitted when all origins"},
	})
	id, got, err := registered(t, applicationType, valid)
	require.NoError(t, err)
	require.Equal(t, "api", got["name"], "no name is invented")
	require.NoError(t, uuidID(object(props{"id": id}).Get("id")))
	require.Regexp(t, "^[0-9a-f]{64}$", got["aud"])
	require.Equal(t, "24h", got["sessionDuration"])

	api := object(valid)
	require.ErrorContains(t, besideApplication(api, []*sandbox.Object{object(valid, props{"name": "b"})}), "application_already_exists (11010)")
	require.NoError(t, besideApplication(api, []*sandbox.Object{object(valid, props{"domain": "b.example.com"})}))
}

func TestPolicyKind(t *testing.T) {
	include := func(rules ...props) props {
		var list []any
		for _, r := range rules {
			list = append(list, r)
		}
		return props{"includes": list}
	}
	domain, everyone, token := props{"emailDomains": []any{"example.com"}}, props{"everyone": true}, props{"serviceTokens": []any{accessID}}
	with := func(base, more props) props {
		change := props{}
		for _, layer := range []props{base, more} {
			for key, value := range layer {
				change[key] = value
			}
		}
		return change
	}
	lists := map[string]verdict{
		"list":              {nil, ""},
		"no list":           {props{"includes": nil}, "includes: missing"},
		"empty list":        {props{"includes": []any{}}, "no rule"},
		"empty element":     {include(props{}), "no rule"},
		"everyone, not":     {include(props{"everyone": false}), "no rule"},
		"two elements":      {include(domain, everyone), "only the last one"},
		"requires of two":   {props{"requires": []any{domain, everyone}}, "only the last one"},
		"requires nothing":  {props{"requires": []any{}}, ""},
		"email":             {include(props{"emails": []any{"x"}}), "an e-mail address"},
		"domain with @":     {include(props{"emailDomains": []any{"@example.com"}}), "no label"},
		"address":           {include(props{"ips": []any{"203.0.113.7"}}), "no CIDR range"},
		"country":           {include(props{"geos": []any{"Japan"}}), "two capitals"},
		"group by name":     {include(props{"groups": []any{"staff"}}), "a UUID"},
		"singular key":      {include(props{"email": []any{"a@example.com"}}), "unknown property"},
		"no scope":          {props{"accountId": nil}, "exactly one of"},
		"no name":           {props{"name": ""}, "name: missing"},
		"requires":          {props{"requires": []any{props{"geos": []any{"JP"}}}}, ""},
		"several at a time": {include(props{"emails": []any{"a@example.com"}, "groups": []any{accessID}}), ""},
	}
	group := with(props{"accountId": accountID, "name": "staff"}, include(domain))
	judged(t, groupType, group, lists)
	policy := with(group, props{"decision": "allow"})
	judged(t, policyType, policy, lists)
	bound := props{"applicationId": accessID, "precedence": 1}
	judged(t, policyType, policy, map[string]verdict{
		"decision":          {props{"decision": "block"}, "none of allow"},
		"of an application": {bound, ""},
		"without place":     {props{"applicationId": accessID}, "application_id,precedence"},
		"of a zone":         {with(bound, props{"accountId": nil, "zoneId": zoneID}), ""},
		"of a zone alone":   {props{"accountId": nil, "zoneId": zoneID}, "application_id is required"},
		"bypass, identity":  {props{"decision": "bypass"}, "asks nobody who he is"},
		"bypass":            {with(include(everyone), props{"decision": "bypass"}), ""},
		"token, allowed":    {include(token), "must be non_identity"},
		"token":             {with(include(token), props{"decision": "non_identity"}), ""},
		"session":           {props{"sessionDuration": "1d"}, "session_duration"},
		"prompt":            {props{"purposeJustificationPrompt": "Why?"}, "must be specified"},
		"approval":          {props{"approvalGroups": []any{props{"approvalsNeeded": 1}}}, "approvalRequired"},
	})
	first := object(policy, bound)
	require.ErrorContains(t, besidePolicy(first, []*sandbox.Object{object(policy, bound)}), "must be unique (12130)")
	require.NoError(t, besidePolicy(first, []*sandbox.Object{object(policy, bound, props{"precedence": 2}), object(policy)}))
	require.NoError(t, besidePolicy(object(policy), []*sandbox.Object{object(policy)}))
}

func TestServiceTokenKind(t *testing.T) {
	valid := props{"accountId": accountID, "name": "smoke"}
	judged(t, serviceTokenType, valid, map[string]verdict{
		"forever":  {props{"duration": "forever"}, ""},
		"two days": {props{"duration": "48h"}, "none of 8760h"},
		"renewal":  {props{"minDaysForRenewal": -1}, "not between"},
	})
	_, got, err := registered(t, serviceTokenType, valid)
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-f]{32}\.access$`, got["clientId"])
	require.Regexp(t, `^[0-9a-f]{64}$`, got["clientSecret"])
	require.Equal(t, "2025-03-01T00:00:00Z", got["expiresAt"])
}

func TestIdentityProviderKind(t *testing.T) {
	config := func(typ string, config props) props { return props{"type": typ, "configs": []any{config}} }
	github := props{"clientId": "id", "clientSecret": "secret"}
	valid := props{"accountId": accountID, "name": "staff", "type": "onetimepin"}
	judged(t, identityProviderType, valid, map[string]verdict{
		"pin":            {nil, ""},
		"type":           {props{"type": "gitlab"}, "none of azureAD"},
		"github":         {config("github", github), ""},
		"without config": {props{"type": "github"}, "configs: missing"},
		"without secret": {config("github", props{"clientId": "id"}), "configs[0].clientSecret: missing"},
		"of no domain":   {config("google-apps", github), "configs[0].appsDomain: missing"},
		"two configs":    {props{"type": "github", "configs": []any{github, github}}, "2 elements"},
	})
	_, got, err := registered(t, identityProviderType, valid, config("github", github))
	require.NoError(t, err)
	require.Contains(t, got["configs"].([]any)[0].(props)["redirectUrl"], "cloudflareaccess.com")
}
