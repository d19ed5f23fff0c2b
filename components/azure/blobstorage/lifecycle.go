package blobstorage

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-azure-native-sdk/storage/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// LifecycleRule acts, within about a day, on every current object that is old enough.
type LifecycleRule struct {
	Action  string // Action is Delete, or Cool or Cold: move to that tier. Required.
	AgeDays int    // AgeDays since the object was last written, at least 1. Required.
	// Prefixes of the object's name in the container, any of them, at most 10; none
	// means every object.
	Prefixes []string
}

// https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview
const (
	maxRules    = 100 // of a policy; one is the component's own
	maxPrefixes = 10
)

func (r LifecycleRule) check(at string, p *components.Problems) {
	p.OneOf(at+".action", r.Action, "Delete", "Cool", "Cold")
	p.Want(r.AgeDays >= 1, "%s.ageDays %d: want at least 1", at, r.AgeDays)
	p.Want(len(r.Prefixes) <= maxPrefixes, "%s.prefixes: %d of them, want at most %d", at, len(r.Prefixes), maxPrefixes)
	for i, prefix := range r.Prefixes {
		p.Want(prefix != "", "%s.prefixes[%d] %q: want a prefix; every object is no prefixes at all", at, i, prefix)
	}
}

func (r LifecycleRule) actions() storage.ManagementPolicyActionArgs {
	days := storage.DateAfterModificationArgs{DaysAfterModificationGreaterThan: pulumi.Float64(r.AgeDays)}
	base := storage.ManagementPolicyBaseBlobArgs{}
	switch r.Action {
	case "Cool":
		base.TierToCool = days
	case "Cold":
		base.TierToCold = days
	default:
		base.Delete = days
	}
	return storage.ManagementPolicyActionArgs{BaseBlob: base}
}

// lifecycle is the rule of the component itself, then the given ones. That of
// noncurrent versions stays when versioning is off, for the versions from before.
// An upload that was never finished needs no rule: Azure drops it after a week.
func (a *Args) lifecycle() storage.ManagementPolicyRuleArray {
	rules := storage.ManagementPolicyRuleArray{a.rule("noncurrent", nil, storage.ManagementPolicyActionArgs{
		Version: storage.ManagementPolicyVersionArgs{Delete: storage.DateAfterCreationArgs{
			DaysAfterCreationGreaterThan: pulumi.Float64(cmp.Or(a.NoncurrentDays, 30)),
		}},
	})}
	for i, r := range a.LifecycleRules {
		rules = append(rules, a.rule(fmt.Sprintf("rule%d", i), r.Prefixes, r.actions()))
	}
	return rules
}

func (a *Args) rule(name string, prefixes []string, actions storage.ManagementPolicyActionArgs) storage.ManagementPolicyRuleArgs {
	if len(prefixes) == 0 {
		prefixes = []string{""}
	}
	var match pulumi.StringArray
	for _, prefix := range prefixes {
		match = append(match, pulumi.String(a.Container+"/"+prefix)) // a policy is of the account
	}
	return storage.ManagementPolicyRuleArgs{
		Name:    pulumi.String(name),
		Enabled: pulumi.Bool(true),
		Type:    pulumi.String("Lifecycle"),
		Definition: storage.ManagementPolicyDefinitionArgs{
			Filters: storage.ManagementPolicyFilterArgs{
				BlobTypes:   pulumi.StringArray{pulumi.String("blockBlob")}, // the only type of an ordinary upload, and that has tiers
				PrefixMatch: match,
			},
			Actions: actions,
		},
	}
}
