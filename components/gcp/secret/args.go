package secret

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures a Secret.
type Args struct {
	// Project owns the secret. Required.
	Project string
	// ID of the secret in the project, at most 255 letters, digits, underscores and
	// hyphens. Required.
	ID string
	// Locations are the regions that hold the values, e.g. "asia-northeast1"; none
	// lets Google choose, anywhere. A change makes the secret anew, and empty.
	Locations []string
	// Keys are the ids of the keys of Cloud KMS that encrypt the values, by
	// location, or one under "global" without Locations. None, or one for each
	// location. Nil leaves that to Google's own keys.
	Keys map[string]pulumi.StringInput
	// Labels of the secret.
	Labels map[string]string
	// Annotations are notes for tools, e.g. where a value comes from.
	Annotations map[string]string
	// ExpireTime deletes the secret, with its values, at a time in UTC:
	// "2030-01-31T00:00:00Z". Empty never does.
	ExpireTime string
	// DestroyDelayDays is how long a destroyed version can still be restored, 1 to
	// 1000 days; 0 means 7.
	DestroyDelayDays int
	// Topics of Pub/Sub hear of every change, "projects/P/topics/T", at most 10.
	// The service agent of Secret Manager needs roles/pubsub.publisher on each.
	Topics []pulumi.StringInput
	// Rotation reminds the Topics to make a new value; nil never does.
	Rotation *Rotation
	// Accessors are the principals that read the values, by workload:
	// "serviceAccount:..." or "principal://...".
	Accessors map[string]pulumi.StringInput
	// Adders are the principals that add values, by workload. They cannot read them.
	Adders map[string]pulumi.StringInput
	// AllowDeletion lifts the protection of the secret and its values.
	AllowDeletion bool
}

// Rotation says when Secret Manager sends SECRET_ROTATE.
type Rotation struct {
	// First is when, in UTC: "2030-01-31T00:00:00Z". Afterwards Secret Manager
	// moves it on, and changes here are ignored.
	First string
	// PeriodDays is the time between reminders, 1 to 36500 days.
	PeriodDays int
}

const (
	secretAccessor = "roles/secretmanager.secretAccessor"
	versionAdder   = "roles/secretmanager.secretVersionAdder"
	// anywhere is the location of a secret that is replicated automatically.
	anywhere = "global"
	day      = 24 * 60 * 60
)

// Limits: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
var (
	idShape       = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)
	annotationKey = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?$`)
)

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(gcp.IsProjectID(a.Project), "project %q: want a project's id", a.Project)
	p.Want(idShape.MatchString(a.ID), "id %q: want at most 255 letters, digits, underscores, hyphens", a.ID)
	for i, location := range a.Locations {
		p.Want(gcp.IsRegion(location), `locations[%d] %q: want a region, such as "asia-northeast1"`, i, location)
	}
	p.Distinct("locations", a.Locations)
	a.validateKeys(&p)
	gcp.CheckLabels(&p, "labels", a.Labels)
	size := 0
	for _, key := range slices.Sorted(maps.Keys(a.Annotations)) {
		p.Want(annotationKey.MatchString(key), "annotations[%q]: want at most 63 letters, digits, inner hyphens, underscores, dots", key)
		size += len(key) + len(a.Annotations[key])
	}
	p.Want(size < 16<<10, "annotations: %d bytes, want less than 16 KiB", size)
	p.Want(a.ExpireTime == "" || instant(a.ExpireTime), `expireTime %q: want a time in UTC, such as "2030-01-31T00:00:00Z"`, a.ExpireTime)
	p.Want(a.DestroyDelayDays >= 0 && a.DestroyDelayDays <= 1000,
		"destroyDelayDays %d: want 1 to 1000, or 0 for the default", a.DestroyDelayDays)
	p.Want(len(a.Topics) <= 10, "topics: %d, want at most 10", len(a.Topics))
	for i, topic := range a.Topics {
		p.Want(topic != nil, `topics[%d]: want "projects/P/topics/T"`, i)
	}
	if r := a.Rotation; r != nil {
		p.Want(len(a.Topics) > 0, "rotation: there are no topics to remind")
		p.Want(instant(r.First), `rotation.first %q: want a time in UTC, such as "2030-01-31T00:00:00Z"`, r.First)
		p.Want(r.PeriodDays >= 1 && r.PeriodDays <= 36500, "rotation.periodDays %d: want 1 to 36500", r.PeriodDays)
	}
	gcp.CheckMembers(&p, "accessors", a.Accessors)
	gcp.CheckMembers(&p, "adders", a.Adders)
	return p.Err()
}

func (a *Args) validateKeys(p *components.Problems) {
	if len(a.Keys) == 0 {
		return
	}
	locations := a.Locations
	if len(locations) == 0 {
		locations = []string{anywhere}
	}
	for _, location := range locations {
		p.Want(a.Keys[location] != nil, "keys[%q]: is missing; want a key for every location, or none at all", location)
	}
	for _, location := range slices.Sorted(maps.Keys(a.Keys)) {
		p.Want(slices.Contains(locations, location), "keys[%q]: is none of the locations %s", location, strings.Join(locations, ", "))
	}
}

func instant(s string) bool {
	_, err := time.Parse("2006-01-02T15:04:05Z", s)
	return err == nil
}
