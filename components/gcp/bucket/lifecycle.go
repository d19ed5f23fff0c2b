package bucket

import (
	"cmp"
	"fmt"
	"time"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/storage"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// LifecycleRule acts, within about a day, on every object that meets all of its
// conditions. A condition left at zero is none.
type LifecycleRule struct {
	Action       string // Action is Delete or SetStorageClass. Required.
	StorageClass string // StorageClass that SetStorageClass moves objects to.

	AgeDays int // AgeDays since the object was made, at least 1; else AnyAge is spelt out.
	// AnyAge applies the rule whatever the age; another condition must narrow it.
	AnyAge bool

	CreatedBefore           string // CreatedBefore is a day, as "2025-12-31".
	CustomTimeBefore        string // CustomTimeBefore is a day; the application sets the custom time.
	DaysSinceCustomTime     int
	NoncurrentTimeBefore    string // NoncurrentTimeBefore is a day; it is for noncurrent versions.
	DaysSinceNoncurrentTime int
	NumNewerVersions        int
	WithState               string   // WithState is LIVE, ARCHIVED (noncurrent) or ANY, which empty means.
	Prefixes                []string // Prefixes of the object's name, any of them.
	Suffixes                []string // Suffixes of the object's name, any of them.
	StorageClasses          []string // StorageClasses that the object has, any of them.
}

const day = 24 * 60 * 60 // seconds

// check refuses what would reach more objects than it seems to. The provider
// sends age 0, true of every object, for a rule that gives no age, and leaves
// other conditions of 0 out: such a Delete has emptied buckets
// (hashicorp/terraform-provider-google#17990). So the age is given, or AnyAge
// spelt out; and a Delete of any age must wait for some time or newer version.
func (r LifecycleRule) check(at string, autoclass bool, p *components.Problems) {
	p.Want(r.Action == "Delete" || r.Action == "SetStorageClass", "%s.action %q: want Delete or SetStorageClass", at, r.Action)
	p.Want(r.Action != "Delete" || r.StorageClass == "", "%s.storageClass %q: a Delete has none", at, r.StorageClass)
	if r.Action == "SetStorageClass" {
		p.OneOf(at+".storageClass", r.StorageClass, storageClasses...)
	}
	p.Want(!autoclass || r.Action != "SetStorageClass", "%s.action SetStorageClass: excluded by autoclass", at)
	p.Want(!autoclass || len(r.StorageClasses) == 0, "%s.storageClasses: excluded by autoclass", at)

	p.Want(r.AgeDays != 0 || r.AnyAge, "%s.ageDays 0: want at least 1, or anyAge", at)
	p.Want(r.AgeDays == 0 || !r.AnyAge, "%s.ageDays %d: excluded by anyAge", at, r.AgeDays)
	for _, count := range []struct {
		name string
		n    int
	}{
		{"ageDays", r.AgeDays},
		{"daysSinceCustomTime", r.DaysSinceCustomTime},
		{"daysSinceNoncurrentTime", r.DaysSinceNoncurrentTime},
		{"numNewerVersions", r.NumNewerVersions},
	} {
		p.Want(count.n >= 0, "%s.%s %d: want at least 1, or 0 for no condition", at, count.name, count.n)
	}
	for _, date := range []struct{ name, value string }{
		{"createdBefore", r.CreatedBefore}, {"customTimeBefore", r.CustomTimeBefore}, {"noncurrentTimeBefore", r.NoncurrentTimeBefore},
	} {
		_, err := time.Parse(time.DateOnly, date.value)
		p.Want(date.value == "" || err == nil, `%s.%s %q: want a day such as "2025-12-31"`, at, date.name, date.value)
	}
	p.OneOf(at+".withState", r.WithState, "", "LIVE", "ARCHIVED", "ANY")
	for i, class := range r.StorageClasses {
		p.OneOf(fmt.Sprintf("%s.storageClasses[%d]", at, i), class, storageClasses...)
	}

	waits := r.CreatedBefore+r.CustomTimeBefore+r.NoncurrentTimeBefore != "" ||
		r.DaysSinceCustomTime > 0 || r.DaysSinceNoncurrentTime > 0 || r.NumNewerVersions > 0
	narrows := waits || r.WithState == "LIVE" || r.WithState == "ARCHIVED" || len(r.Prefixes)+len(r.Suffixes)+len(r.StorageClasses) > 0
	p.Want(r.Action != "Delete" || !r.AnyAge || waits, "%s.anyAge: a Delete of any age needs a condition of time or of newer versions", at)
	p.Want(r.Action != "SetStorageClass" || !r.AnyAge || narrows, "%s.anyAge: the rule has no condition", at)
}

func (r LifecycleRule) args() storage.BucketLifecycleRuleInput {
	return storage.BucketLifecycleRuleArgs{
		Action: storage.BucketLifecycleRuleActionArgs{Type: pulumi.String(r.Action), StorageClass: gcp.Text(r.StorageClass)},
		Condition: storage.BucketLifecycleRuleConditionArgs{
			Age:                     number(r.AgeDays),
			NoAge:                   flag(r.AgeDays == 0),
			CreatedBefore:           gcp.Text(r.CreatedBefore),
			CustomTimeBefore:        gcp.Text(r.CustomTimeBefore),
			DaysSinceCustomTime:     number(r.DaysSinceCustomTime),
			NoncurrentTimeBefore:    gcp.Text(r.NoncurrentTimeBefore),
			DaysSinceNoncurrentTime: number(r.DaysSinceNoncurrentTime),
			NumNewerVersions:        number(r.NumNewerVersions),
			WithState:               gcp.Text(r.WithState),
			MatchesPrefixes:         gcp.Texts(r.Prefixes),
			MatchesSuffixes:         gcp.Texts(r.Suffixes),
			MatchesStorageClasses:   gcp.Texts(r.StorageClasses),
		},
	}
}

// lifecycle is the rules of the component itself, then the given ones. Those of
// noncurrent versions stay when versioning is off, for the versions from before.
func (a *Args) lifecycle() storage.BucketLifecycleRuleArray {
	rules := []LifecycleRule{
		{Action: "AbortIncompleteMultipartUpload", AgeDays: cmp.Or(a.AbortUploadsDays, 7)},
		{Action: "Delete", AnyAge: true, DaysSinceNoncurrentTime: cmp.Or(a.NoncurrentDays, 30)},
	}
	if a.NoncurrentVersions > 0 {
		rules = append(rules, LifecycleRule{Action: "Delete", AnyAge: true, NumNewerVersions: a.NoncurrentVersions})
	}
	var inputs storage.BucketLifecycleRuleArray
	for _, r := range append(rules, a.LifecycleRules...) {
		inputs = append(inputs, r.args())
	}
	return inputs
}
