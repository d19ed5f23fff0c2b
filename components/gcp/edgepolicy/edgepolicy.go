// Package edgepolicy is a Cloud Armor policy that lets requests in only through
// an edge such as Cloudflare's, so that nobody passes by its checks.
//
// Children of an EdgePolicy called NAME:
//
//	NAME-policy  gcp:compute/securityPolicy:SecurityPolicy  always
//
// A backend of GKE's Gateway takes it by name, in spec.default.securityPolicy of a
// GCPBackendPolicy; the Gateway must be global and external. From then on the cloud
// keeps the policy from being deleted. Google's health checks pass it by. What it
// decides is in the log of the backend, which is on by spec.default.logging of the
// same GCPBackendPolicy.
//
// The policy proves that a request came through the edge, not through whose account
// there: other customers of the edge come from the same ranges.
//
// Open turns it from open to closed and back in place:
//
//	priority    open                 closed
//	1000 + i    allow ranges         allow ranges     without RateLimit
//	2000 + i    throttle ranges      throttle ranges  with RateLimit
//	2147483646  deny *, in preview   -
//	2147483647  allow *              deny *
package edgepolicy

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:EdgePolicy"

const (
	allowFrom = 1000
	// throttleFrom is another place than allowFrom, since the provider does not take
	// a rate limit off a rule that stays.
	throttleFrom = 2000
	wouldDeny    = others - 1
	others       = 1<<31 - 1 // others is the priority of the rule that every policy must have

	maxRanges = 10 // https://cloud.google.com/armor/quotas
)

// EdgePolicy is the component; its tagged fields are its outputs.
type EdgePolicy struct {
	pulumi.ResourceState

	Name pulumi.StringOutput `pulumi:"name"` // Name of the policy, by which a GCPBackendPolicy attaches it.
	ID   pulumi.StringOutput `pulumi:"id"`   // ID is "projects/P/global/securityPolicies/NAME".
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*EdgePolicy, error) {
	c := &EdgePolicy{}
	build := func(child components.Child) error {
		policy, err := compute.NewSecurityPolicy(ctx, child.Name("policy"), args.policy(), child.Opts(
			// The cloud refuses to delete the old policy while a backend uses it, which
			// must not stop the new one from coming first.
			pulumi.DeleteBeforeReplace(false),
		))
		if err != nil {
			return fmt.Errorf("policy: %w", err)
		}
		c.Name, c.ID = policy.Name, policy.ID().ToStringOutput()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) policy() *compute.SecurityPolicyArgs {
	return &compute.SecurityPolicyArgs{
		Project:     pulumi.String(a.Project),
		Name:        pulumi.String(a.Name),
		Description: pulumi.String("Requests that come through " + a.Edge),
		Type:        pulumi.String("CLOUD_ARMOR"),
		Rules:       a.rules(),
		// spelt out also when it is off: the provider does not send a block that is
		// taken away
		AdaptiveProtectionConfig: compute.SecurityPolicyAdaptiveProtectionConfigArgs{
			Layer7DdosDefenseConfig: compute.SecurityPolicyAdaptiveProtectionConfigLayer7DdosDefenseConfigArgs{
				Enable: pulumi.Bool(a.AdaptiveProtection),
			},
		},
	}
}

func (a *Args) rules() compute.SecurityPolicyRuleTypeArray {
	var rules compute.SecurityPolicyRuleTypeArray
	for ranges := range slices.Chunk(a.Sources, maxRanges) {
		rules = append(rules, a.admit(len(rules), ranges))
	}
	everybody := []string{"*"}
	if !a.Open {
		return append(rules, rule(others, "deny(403)", "Everybody else", everybody))
	}
	preview := rule(wouldDeny, "deny(403)", "Everybody else, once it is closed", everybody)
	preview.Preview = pulumi.Bool(true)
	return append(rules, preview, rule(others, "allow", "Everybody, while it is open", everybody))
}

// admit is the rule number i of those that let the edge in.
func (a *Args) admit(i int, ranges []string) compute.SecurityPolicyRuleTypeArgs {
	description := fmt.Sprintf("Ranges of %s, part %d", a.Edge, i+1)
	if a.RateLimit == nil {
		return rule(allowFrom+i, "allow", description, ranges)
	}
	throttle := rule(throttleFrom+i, "throttle", description, ranges)
	throttle.RateLimitOptions = compute.SecurityPolicyRuleRateLimitOptionsArgs{
		ConformAction:    pulumi.String("allow"),
		ExceedAction:     pulumi.String("deny(429)"),
		EnforceOnKey:     pulumi.String("HTTP_HEADER"),
		EnforceOnKeyName: pulumi.String(a.RateLimit.ClientHeader),
		RateLimitThreshold: compute.SecurityPolicyRuleRateLimitOptionsRateLimitThresholdArgs{
			Count:       pulumi.Int(a.RateLimit.Requests),
			IntervalSec: pulumi.Int(a.RateLimit.Seconds),
		},
	}
	return throttle
}

func rule(priority int, action, description string, ranges []string) compute.SecurityPolicyRuleTypeArgs {
	return compute.SecurityPolicyRuleTypeArgs{
		Priority:    pulumi.Int(priority),
		Action:      pulumi.String(action),
		Description: pulumi.String(description), // at most 64 characters
		Preview:     pulumi.Bool(false),
		Match: compute.SecurityPolicyRuleMatchArgs{
			VersionedExpr: pulumi.String("SRC_IPS_V1"),
			Config:        compute.SecurityPolicyRuleMatchConfigArgs{SrcIpRanges: pulumi.ToStringArray(ranges)},
		},
	}
}
