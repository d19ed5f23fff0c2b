package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/api/cloudkms/v1"
	"google.golang.org/api/storage/v1"
)

const (
	day = 24 * time.Hour

	purpose  = "ENCRYPT_DECRYPT"
	rotation = 90 * day

	// Deleted and overwritten objects can be had back for softDelete; less than a
	// week (Google's own default) does not outlast a holiday. At most 90 days:
	// https://cloud.google.com/storage/docs/soft-delete
	softDelete    = 30 * day
	minSoftDelete = 7 * day

	// Every step of every up makes a version of the state. One goes when it is old
	// and many newer ones are there: a state that nobody touches keeps its history.
	keptVersions = 50
	keptDays     = 90
	locksPrefix  = ".pulumi/locks/"
	locksDays    = 7 // a lifted lock is of no use to anybody
)

// hardenKey is the patch that makes a key what it should be, the fields that are in
// it, and what is weak without it.
func hardenKey(have *cloudkms.CryptoKey, t Target, now time.Time) (patch *cloudkms.CryptoKey, mask, weak []string) {
	patch = &cloudkms.CryptoKey{}
	if every, err := time.ParseDuration(have.RotationPeriod); err != nil || every > rotation {
		patch.RotationPeriod = fmt.Sprintf("%ds", int(rotation.Seconds()))
		patch.NextRotationTime = now.Add(rotation).UTC().Format(time.RFC3339)
		mask = append(mask, "rotationPeriod", "nextRotationTime")
		weak = append(weak, "is not rotated every 90 days")
	}
	if labels, missing := labelled(have.Labels, t.Labels); missing != "" {
		patch.Labels = labels
		mask, weak = append(mask, "labels"), append(weak, missing)
	}
	return patch, mask, weak
}

// harden is the patch that makes a bucket what it should be, and what is weak
// without it. Of an empty bucket it is the bucket to make.
func harden(have *storage.Bucket, t Target) (patch *storage.Bucket, weak []string) {
	patch = &storage.Bucket{}
	access := have.IamConfiguration
	if access == nil {
		access = &storage.BucketIamConfiguration{}
	}
	uniform := access.UniformBucketLevelAccess != nil && access.UniformBucketLevelAccess.Enabled
	prevented := access.PublicAccessPrevention == "enforced"
	if !uniform || !prevented {
		patch.IamConfiguration = &storage.BucketIamConfiguration{
			PublicAccessPrevention:   "enforced",
			UniformBucketLevelAccess: &storage.BucketIamConfigurationUniformBucketLevelAccess{Enabled: true},
		}
	}
	if !uniform {
		weak = append(weak, "objects have access lists of their own (no uniform access)")
	}
	if !prevented {
		weak = append(weak, "could be made public (public access prevention is not enforced)")
	}
	if have.Versioning == nil || !have.Versioning.Enabled {
		patch.Versioning = &storage.BucketVersioning{Enabled: true}
		weak = append(weak, "keeps no older states (no versioning)")
	}
	if p := have.SoftDeletePolicy; p == nil || p.RetentionDurationSeconds < int64(minSoftDelete.Seconds()) {
		patch.SoftDeletePolicy = &storage.BucketSoftDeletePolicy{RetentionDurationSeconds: int64(softDelete.Seconds())}
		weak = append(weak, "what is deleted is gone within a week (soft delete)")
	}
	if have.Encryption == nil || have.Encryption.DefaultKmsKeyName != t.Key() {
		patch.Encryption = &storage.BucketEncryption{DefaultKmsKeyName: t.Key()}
		weak = append(weak, "is not encrypted with the key by default")
	}
	if why := careless(have.Lifecycle); why != "" {
		patch.Lifecycle = lifecycle()
		weak = append(weak, why)
	}
	if labels, missing := labelled(have.Labels, t.Labels); missing != "" {
		patch.Labels = labels
		weak = append(weak, missing)
	}
	return patch, weak
}

func lifecycle() *storage.BucketLifecycle {
	remove := &storage.BucketLifecycleRuleAction{Type: "Delete"}
	return &storage.BucketLifecycle{Rule: []*storage.BucketLifecycleRule{
		{Action: remove, Condition: &storage.BucketLifecycleRuleCondition{NumNewerVersions: keptVersions, DaysSinceNoncurrentTime: keptDays}},
		{Action: remove, Condition: &storage.BucketLifecycleRuleCondition{MatchesPrefix: []string{locksPrefix}, DaysSinceNoncurrentTime: locksDays}},
	}}
}

// careless says what is wrong with the rules of a bucket, or "". A rule may keep
// more than those of [lifecycle], and not less.
func careless(have *storage.BucketLifecycle) string {
	ends := false
	for _, rule := range rules(have) {
		c := rule.Condition
		if rule.Action == nil || rule.Action.Type != "Delete" || c == nil {
			continue
		}
		locks := len(c.MatchesPrefix) > 0 && !slices.ContainsFunc(c.MatchesPrefix, func(prefix string) bool {
			return !strings.HasPrefix(prefix, locksPrefix)
		})
		switch {
		case locks && c.DaysSinceNoncurrentTime >= locksDays:
		case c.NumNewerVersions >= keptVersions && c.DaysSinceNoncurrentTime >= keptDays:
			ends = true
		default:
			return fmt.Sprintf("a lifecycle rule deletes more than versions that are %d days old and have %d newer ones", keptDays, keptVersions)
		}
	}
	if !ends {
		return "keeps every version for ever (no lifecycle rule)"
	}
	return ""
}

func rules(l *storage.BucketLifecycle) []*storage.BucketLifecycleRule {
	if l == nil {
		return nil
	}
	return l.Rule
}

// labelled are the labels with those that are wanted, and which were missing.
func labelled(have, want map[string]string) (all map[string]string, missing string) {
	var names []string
	all = maps.Clone(have)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if have[name] != want[name] {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return have, ""
	}
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, want)
	return all, "lacks the labels " + strings.Join(names, ", ")
}

// everybody is a member that stands for more people than read a state: a new
// bucket lets the project's viewers and editors read all that is in it.
func everybody(member string) bool {
	return strings.HasPrefix(member, "projectViewer:") || strings.HasPrefix(member, "projectEditor:") ||
		member == "allUsers" || member == "allAuthenticatedUsers"
}

// wide are the grants of a bucket to everybody.
func wide(policy *storage.Policy) []string {
	var found []string
	for _, b := range policy.Bindings {
		for _, member := range b.Members {
			if everybody(member) {
				found = append(found, b.Role+" for "+member)
			}
		}
	}
	return found
}

// narrowed are the bindings without those for everybody.
func narrowed(bindings []*storage.PolicyBindings) []*storage.PolicyBindings {
	var kept []*storage.PolicyBindings
	for _, b := range bindings {
		b.Members = slices.DeleteFunc(b.Members, everybody)
		if len(b.Members) > 0 {
			kept = append(kept, b)
		}
	}
	return kept
}
