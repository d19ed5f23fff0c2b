package cloudflare

import (
	"fmt"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe(policyType, provider.ZeroTrustAccessPolicyArgs{}, provider.ZeroTrustAccessPolicy{})
	sandbox.Describe(groupType, provider.ZeroTrustAccessGroupArgs{}, provider.ZeroTrustAccessGroup{})
}

// policyKind: with an application the policy is a part of it, without one it is
// the account's, for any application to name.
func policyKind() *sandbox.Kind {
	rules, refs := inScope(listRules(), listRefs())
	rules["decision"] = sandbox.OneOf("allow", "deny", "non_identity", "bypass")
	rules["sessionDuration"] = duration
	rules["applicationId"] = uuidID
	rules["precedence"] = sandbox.Between(1, 1<<31-1)
	rules["approvalGroups[].approvalsNeeded"] = sandbox.Between(0, 1<<31-1)
	refs["applicationId"] = sandbox.Within(applicationType)
	return &sandbox.Kind{
		Type:     policyType,
		ID:       opaque,
		Required: []string{"includes"},
		Rules:    rules,
		Checks:   []sandbox.Check{checkScope, checkLists, checkBinding, checkDecision, checkApproval},
		Replace:  []string{"applicationId"},
		Imports:  "account/{accountId}/{applicationId}/{id}|account/{accountId}/{id}|zone/{zoneId}/{applicationId}/{id}",
		Beside:   besidePolicy,
		Refs:     refs,
		Fill: func(o *sandbox.Object) {
			o.Default("id", uuid("policy", scope(o), o.Str("applicationId"), o.Str("name")))
		},
	}
}

// checkBinding: an application's policy has a place among the others; the
// account's get theirs from the application that names them.
func checkBinding(o *sandbox.Object) error {
	switch {
	case o.Has("applicationId") != o.Has("precedence"):
		return problem("applicationId", "missing required argument: all of `application_id,precedence` must be specified, or none")
	case o.Has("zoneId") && !o.Has("applicationId"):
		return problem("applicationId", "application_id is required for non-account level Access Policies")
	}
	return nil
}

// checkDecision: https://developers.cloudflare.com/cloudflare-one/policies/access/#actions
func checkDecision(o *sandbox.Object) error {
	decision := o.Str("decision")
	for _, list := range []string{"includes", "requires"} {
		switch {
		case decision == "bypass" && uses(o, list, "emails", "emailDomains", "emailLists", "groups", "gsuites", "githubs", "azures", "oktas",
			"samls", "loginMethods", "authContexts", "authMethod"):
			return problem(list, "bypass asks nobody who he is: it cannot look at an identity")
		case (decision == "bypass" || decision == "allow") && uses(o, list, "serviceTokens", "anyValidServiceToken"):
			return problem(list, "a service token has no identity: the decision must be non_identity, not %s", decision)
		}
	}
	return nil
}

func checkApproval(o *sandbox.Object) error {
	switch {
	case o.Has("purposeJustificationPrompt") && !o.Has("purposeJustificationRequired"):
		return problem("purposeJustificationPrompt", "all of `purpose_justification_prompt,purpose_justification_required` must be specified")
	case o.Has("approvalGroups") && !o.Has("approvalRequired"):
		return problem("approvalGroups", "nobody is asked without approvalRequired")
	}
	return nil
}

// besidePolicy: the policies of an application have an order.
func besidePolicy(o *sandbox.Object, others []*sandbox.Object) error {
	for _, other := range others {
		if o.Has("applicationId") && o.Str("applicationId") == other.Str("applicationId") && o.Num("precedence") == other.Num("precedence") {
			return fmt.Errorf("error creating Access Policy for ID %q: error from makeRequest: access.api.error.invalid_request: "+
				"policy precedences must be unique (12130): %q has %v", "", other.Str("name"), o.Num("precedence"))
		}
	}
	return nil
}

func groupKind() *sandbox.Kind {
	rules, refs := inScope(listRules(), listRefs())
	return &sandbox.Kind{
		Type:     groupType,
		ID:       opaque,
		Required: []string{"includes"},
		Rules:    rules,
		Checks:   []sandbox.Check{checkScope, checkLists},
		Replace:  []string{"accountId"},
		Imports:  "{accountId}/{id}",
		Refs:     refs,
		Fill:     func(o *sandbox.Object) { o.Default("id", uuid("group", scope(o), o.Str("name"))) },
	}
}
