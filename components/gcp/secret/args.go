package secret

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
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
	projectShape    = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`)
	idShape         = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)
	regionShape     = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	labelKey        = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	labelText       = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)
	annotationKey   = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?$`)
	workloadShape   = regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)
	principalPrefix = regexp.MustCompile(`^(user|group|serviceAccount):\S+@\S+$|^(principal|principalSet)://\S+$`)
)

// problems collects what is wrong.
type problems []error

func (p *problems) unless(ok bool, format string, args ...any) {
	if !ok {
		*p = append(*p, fmt.Errorf(format, args...))
	}
}

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	p := &problems{}
	p.unless(projectShape.MatchString(a.Project), "project %q: want a project's id", a.Project)
	p.unless(idShape.MatchString(a.ID), "id %q: want at most 255 letters, digits, underscores, hyphens", a.ID)
	for i, location := range a.Locations {
		p.unless(regionShape.MatchString(location), `locations[%d] %q: want a region, such as "asia-northeast1"`, i, location)
		p.unless(slices.Index(a.Locations, location) == i, "locations[%d] %q: is there twice", i, location)
	}
	a.validateKeys(p)
	for _, key := range slices.Sorted(maps.Keys(a.Labels)) {
		p.unless(labelKey.MatchString(key) && labelText.MatchString(a.Labels[key]),
			"labels[%s] %q: want at most 63 lower-case letters, digits, underscores, hyphens", key, a.Labels[key])
	}
	size := 0
	for _, key := range slices.Sorted(maps.Keys(a.Annotations)) {
		p.unless(annotationKey.MatchString(key), "annotations[%s]: want at most 63 letters, digits, inner hyphens, underscores, dots", key)
		size += len(key) + len(a.Annotations[key])
	}
	p.unless(size < 16<<10, "annotations: %d bytes, want less than 16 KiB", size)
	p.unless(a.ExpireTime == "" || instant(a.ExpireTime), `expireTime %q: want a time in UTC, such as "2030-01-31T00:00:00Z"`, a.ExpireTime)
	p.unless(a.DestroyDelayDays >= 0 && a.DestroyDelayDays <= 1000,
		"destroyDelayDays %d: want 1 to 1000, or 0 for the default", a.DestroyDelayDays)
	p.unless(len(a.Topics) <= 10, "topics: %d, want at most 10", len(a.Topics))
	for i, topic := range a.Topics {
		p.unless(topic != nil, `topics[%d]: want "projects/P/topics/T"`, i)
	}
	if r := a.Rotation; r != nil {
		p.unless(len(a.Topics) > 0, "rotation: there are no topics to remind")
		p.unless(instant(r.First), `rotation.first %q: want a time in UTC, such as "2030-01-31T00:00:00Z"`, r.First)
		p.unless(r.PeriodDays >= 1 && r.PeriodDays <= 36500, "rotation.periodDays %d: want 1 to 36500", r.PeriodDays)
	}
	p.members("accessors", a.Accessors)
	p.members("adders", a.Adders)
	return errors.Join(*p...)
}

func (a *Args) validateKeys(p *problems) {
	if len(a.Keys) == 0 {
		return
	}
	locations := a.Locations
	if len(locations) == 0 {
		locations = []string{anywhere}
	}
	for _, location := range locations {
		p.unless(a.Keys[location] != nil, "keys[%s]: is missing; want a key for every location, or none at all", location)
	}
	for _, location := range slices.Sorted(maps.Keys(a.Keys)) {
		p.unless(slices.Contains(locations, location), "keys[%s]: is none of the locations %s", location, strings.Join(locations, ", "))
	}
}

func instant(s string) bool {
	_, err := time.Parse("2006-01-02T15:04:05Z", s)
	return err == nil
}

// members checks principals as far as they are known: a name that is an output
// is checked by the API.
func (p *problems) members(field string, members map[string]pulumi.StringInput) {
	for _, which := range slices.Sorted(maps.Keys(members)) {
		p.unless(workloadShape.MatchString(which), "%s[%s]: want lower-case letters, digits, inner hyphens", field, which)
		p.unless(members[which] != nil, "%s[%s]: want a principal", field, which)
		if known, ok := members[which].(pulumi.String); ok {
			p.unless(principalPrefix.MatchString(string(known)) && !strings.HasSuffix(string(known), "/*"),
				`%s[%s] %q: want one principal with its prefix, such as "serviceAccount:...", and not everybody`, field, which, known)
		}
	}
}
