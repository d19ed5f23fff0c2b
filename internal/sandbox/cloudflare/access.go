package cloudflare

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	applicationType      = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication"
	policyType           = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy"
	groupType            = "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup"
	serviceTokenType     = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken"
	identityProviderType = "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider"
)

// scope is the account or the zone that an Access object belongs to.
func scope(o *sandbox.Object) string { return o.Str("accountId") + o.Str("zoneId") }

// checkScope: the provider refuses both, and none only in an update.
func checkScope(o *sandbox.Object) error {
	if o.Has("accountId") == o.Has("zoneId") {
		return problem("accountId", `error determining resource: exactly one of "account_id" and "zone_id" is required`)
	}
	return nil
}

// inScope are the rules and references that every Access object has.
func inScope(rules map[string]sandbox.Rule, refs map[string]sandbox.Ref) (map[string]sandbox.Rule, map[string]sandbox.Ref) {
	allRules := map[string]sandbox.Rule{"accountId": hexID, "zoneId": hexID, "name": notEmpty}
	allRefs := map[string]sandbox.Ref{"zoneId": sandbox.Within(zoneType)}
	maps.Copy(allRules, rules)
	maps.Copy(allRefs, refs)
	return allRules, allRefs
}

func notEmpty(v resource.PropertyValue) error {
	if v.StringValue() == "" {
		return errors.New("missing required property")
	}
	return nil
}

// duration: what Go's time.ParseDuration reads, which knows no days.
func duration(v resource.PropertyValue) error {
	if d, err := time.ParseDuration(v.StringValue()); err != nil || d < 0 {
		return fmt.Errorf("%q: \"session_duration\" only supports \"ns\", \"us\" (or \"µs\"), \"ms\", \"s\", \"m\", or \"h\" as valid units",
			v.StringValue())
	}
	return nil
}

// lists are the three lists of rules of a policy and of a group.
var lists = []string{"includes", "requires", "excludes"}

// checkLists: of several elements of a list the provider sends the last one only,
// and an element that says nothing gives no rule.
func checkLists(o *sandbox.Object) error {
	for _, list := range lists {
		if !o.Known(list) {
			continue
		}
		elements := o.Get(list).ArrayValue()
		if len(elements) > 1 {
			return problem(list, "%d elements: the provider sends only the last one, loses the others without a word, and shows a change in "+
				"every later preview; put all rules into one", len(elements))
		}
		said := 0
		o.Each(list+"[]", func(_ string, element resource.PropertyValue) {
			for _, v := range element.ObjectValue() {
				if given(v) {
					said++
				}
			}
		})
		if known := len(elements) == 0 || elements[0].IsObject(); known && said == 0 && (list == "includes" || len(elements) > 0) {
			return problem(list, "no rule: the API wants at least one, and takes false and empty lists for none")
		}
	}
	return nil
}

// listRules are the rules of single values in the three lists.
func listRules() map[string]sandbox.Rule {
	rules := map[string]sandbox.Rule{}
	for _, list := range lists {
		maps.Copy(rules, map[string]sandbox.Rule{
			list + "[].emails[]":         sandbox.Match(`^[^@\s]+@[^@\s]+\.[^@\s]+$`, "an e-mail address"),
			list + "[].emailDomains[]":   hostRule,
			list + "[].ips[]":            sandbox.CIDR(), // the API answers in CIDR form, and another one would be a change for ever
			list + "[].geos[]":           sandbox.Match(`^[A-Z]{2}$`, `a country in two capitals, such as "JP"`),
			list + "[].groups[]":         uuidID,
			list + "[].serviceTokens[]":  uuidID,
			list + "[].loginMethods[]":   uuidID,
			list + "[].gsuites[].emails": sandbox.Items(1, 1000),
		})
	}
	return rules
}

// listRefs are what the three lists name. The API keeps a group that is in use.
func listRefs() map[string]sandbox.Ref {
	refs := map[string]sandbox.Ref{}
	for _, list := range lists {
		refs[list+"[].groups[]"] = sandbox.Holds(groupType)
		refs[list+"[].serviceTokens[]"] = sandbox.Names(serviceTokenType)
		for _, path := range []string{"loginMethods[]", "gsuites[].identityProviderId", "githubs[].identityProviderId",
			"azures[].identityProviderId", "oktas[].identityProviderId", "samls[].identityProviderId"} {
			refs[list+"[]."+path] = sandbox.Names(identityProviderType)
		}
	}
	return refs
}

// uses says whether one of the keys says something in a list of rules.
func uses(o *sandbox.Object, list string, keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		found := false
		o.Each(list+"[]", func(_ string, element resource.PropertyValue) {
			found = found || given(element.ObjectValue()[resource.PropertyKey(key)])
		})
		return found
	})
}
