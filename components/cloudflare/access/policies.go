package access

import (
	"fmt"

	"github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// policies are the ids in the order in which an application looks at them. Each has
// one include, whose rules are alternatives: of several includes the provider takes
// the last and says nothing.
func (a *Args) policies(ctx *pulumi.Context, child components.Child, tokens pulumi.StringArray) (pulumi.StringArray, error) {
	var ids pulumi.StringArray
	add := func(which string, args *cloudflare.ZeroTrustAccessPolicyArgs) error {
		args.AccountId, args.Name = pulumi.String(a.AccountID), pulumi.String(a.Name+": "+which)
		policy, err := cloudflare.NewZeroTrustAccessPolicy(ctx, child.Name("policy", which), args, child.Opts())
		if err != nil {
			return fmt.Errorf("policy of %s: %w", which, err)
		}
		ids = append(ids, policy.ID().ToStringOutput())
		return nil
	}
	if len(tokens) > 0 {
		err := add("machines", &cloudflare.ZeroTrustAccessPolicyArgs{
			Decision: pulumi.String("non_identity"), // "service auth": a token, and no login
			Includes: cloudflare.ZeroTrustAccessPolicyIncludeArray{cloudflare.ZeroTrustAccessPolicyIncludeArgs{ServiceTokens: tokens}},
		})
		if err != nil {
			return nil, err
		}
	}
	if a.people() {
		if err := add("people", a.peoplePolicy()); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func (a *Args) peoplePolicy() *cloudflare.ZeroTrustAccessPolicyArgs {
	var who cloudflare.ZeroTrustAccessPolicyIncludeArgs
	if len(a.EmailDomains) > 0 {
		who.EmailDomains = pulumi.ToStringArray(a.EmailDomains)
	}
	if g := a.Groups; g != nil && len(g.Google) > 0 {
		who.Gsuites = cloudflare.ZeroTrustAccessPolicyIncludeGsuiteArray{cloudflare.ZeroTrustAccessPolicyIncludeGsuiteArgs{
			IdentityProviderId: pulumi.String(g.IdentityProvider), Emails: pulumi.ToStringArray(g.Google),
		}}
	} else if g != nil {
		who.Azures = cloudflare.ZeroTrustAccessPolicyIncludeAzureArray{cloudflare.ZeroTrustAccessPolicyIncludeAzureArgs{
			IdentityProviderId: pulumi.String(g.IdentityProvider), Ids: pulumi.ToStringArray(g.Entra),
		}}
	}
	args := &cloudflare.ZeroTrustAccessPolicyArgs{
		Decision:                     pulumi.String("allow"),
		Includes:                     cloudflare.ZeroTrustAccessPolicyIncludeArray{who},
		PurposeJustificationRequired: pulumi.Bool(a.PurposePrompt != ""),
	}
	if a.PurposePrompt != "" {
		args.PurposeJustificationPrompt = pulumi.String(a.PurposePrompt)
	}
	return args
}
