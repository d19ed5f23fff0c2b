package registry

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures a Registry.
type Args struct {
	// Name is the repository's id, the last part of its URL: 1 to 63 lower-case
	// letters, digits and inner hyphens, a letter first.
	Name string
	// Project owns the repositories.
	Project string
	// Location is a region or a multi-region, such as "asia-northeast1" or "asia".
	// Images are streamed to nodes only from their region or multi-region.
	Location string
	// Description is for people.
	Description string
	// Labels are put on both repositories.
	Labels map[string]string
	// KMSKey encrypts both repositories: the full name of a key in Location. The
	// project's Artifact Registry service agent needs to use it. A change replaces
	// the repositories, without their images.
	KMSKey pulumi.StringInput

	// AllowMutableTags lets a push move a tag to another image.
	AllowMutableTags bool
	// Cleanup are the cleanup policies by their id, at most 10. A DELETE policy
	// needs a KEEP policy beside it: without one, the image that runs is deleted
	// with the others of its age.
	Cleanup map[string]Policy
	// ApplyCleanup deletes what the policies of both repositories say. Until then
	// they run dry, and Cloud Audit Logs show what they would delete.
	ApplyCleanup bool

	// Readers may pull, from the cache too; Writers may push. The members, such as
	// "serviceAccount:...", stand under a name that becomes part of the grant's
	// logical name.
	Readers map[string]pulumi.StringInput
	Writers map[string]pulumi.StringInput

	// Cache is a pull-through cache of another registry; nil: none.
	Cache *Cache
	// AllowDeletion lifts the protection of both repositories and their images.
	AllowDeletion bool
}

// Policy is one cleanup policy: an action and what it applies to. An image that
// is both to be kept and to be deleted is kept.
type Policy struct {
	// Action is "KEEP" or "DELETE".
	Action string
	// KeepCount keeps that many most recent versions of each image. It goes with
	// KEEP, and of the other criteria with PackagePrefixes only.
	KeepCount int
	// OlderThanDays selects by age; 0: any age.
	OlderThanDays int
	// NewerThanDays selects by age; 0: any age.
	NewerThanDays int
	// TagState is "TAGGED", "UNTAGGED" or "ANY" (the default). Only TAGGED may be
	// deleted where tags are mutable: a tag that moves leaves its image untagged,
	// while deployments may still name it by digest. Where tags are immutable no
	// tag can be deleted, so there only untagged images ever are.
	TagState string
	// TagPrefixes select by tag, with the tag state TAGGED.
	TagPrefixes []string
	// VersionPrefixes select by digest.
	VersionPrefixes []string
	// PackagePrefixes select by the image's name.
	PackagePrefixes []string
}

// Cache is a repository that fetches what it is asked for, and keeps it: it
// spares an upstream's rate limit and its outages.
type Cache struct {
	// Name is the cache's repository id.
	Name string
	// Upstream is the URI of a registry, such as "https://ghcr.io"; empty: Docker Hub.
	Upstream string
	// Username and PasswordSecretVersion sign in upstream, both or neither. The
	// version ("projects/P/secrets/S/versions/V") is read by the project's Artifact
	// Registry service agent, which needs roles/secretmanager.secretAccessor on it.
	Username              string
	PasswordSecretVersion pulumi.StringInput
	// DeleteOlderThanDays drops what was fetched longer ago; it is fetched again
	// when asked for. 0: nothing is dropped.
	DeleteOlderThanDays int
}

var (
	locationShape = regexp.MustCompile(`^[a-z]+(-[a-z]+[0-9]+)?$`)
	uriShape      = regexp.MustCompile(`^https://[a-z0-9.-]+(:[0-9]+)?(/\S*)?$`)
)

// Validate implements [components.Args].
func (a *Args) Validate() error {
	var p components.Problems
	const id = "want 1 to 63 lower-case letters, digits and inner hyphens, a letter first"
	p.Want(gcp.IsResourceName(a.Name), "name %q: "+id, a.Name)
	p.Want(a.Project != "", "project is required")
	p.Want(locationShape.MatchString(a.Location), "location %q: want a region or a multi-region", a.Location)
	gcp.CheckLabels(&p, "labels", a.Labels)
	a.checkCleanup(&p)
	gcp.CheckMembers(&p, "readers", a.Readers)
	gcp.CheckMembers(&p, "writers", a.Writers)
	if c := a.Cache; c != nil {
		p.Want(gcp.IsResourceName(c.Name), "cache.name %q: "+id, c.Name)
		p.Want(c.Name != a.Name, "cache.name %q is the name of the registry itself", c.Name)
		p.Want(c.Upstream == "" || uriShape.MatchString(c.Upstream), "cache.upstream %q: want one such as \"https://ghcr.io\"", c.Upstream)
		p.Want((c.Username == "") == (c.PasswordSecretVersion == nil), "cache: username and passwordSecretVersion go together")
		p.Want(c.DeleteOlderThanDays >= 0, "cache.deleteOlderThanDays %d: want 1 or more, or 0 for never", c.DeleteOlderThanDays)
	}
	return p.Err()
}

// maxPolicies is the API's limit of a repository.
// https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview
const maxPolicies = 10

func (a *Args) checkCleanup(p *components.Problems) {
	p.Want(len(a.Cleanup) <= maxPolicies, "cleanup: %d policies, want at most %d", len(a.Cleanup), maxPolicies)
	deletes, keeps := false, false
	for _, id := range slices.Sorted(maps.Keys(a.Cleanup)) {
		policy, at := a.Cleanup[id], fmt.Sprintf("cleanup[%q]", id)
		deletes, keeps = deletes || policy.Action == "DELETE", keeps || policy.Action == "KEEP"
		p.Want(id != "" && len(id) < 128, "%s: want an id of 1 to 127 characters", at)
		policy.check(p, at)
		p.Want(!a.AllowMutableTags || policy.Action != "DELETE" || policy.TagState == "TAGGED",
			"%s.tagState %q: with allowMutableTags only TAGGED may be deleted: untagged images may still be deployed by digest", at, policy.TagState)
	}
	p.Want(!deletes || keeps, "cleanup: a DELETE policy needs a KEEP policy beside it, such as one with keepCount")
}

func (y Policy) check(p *components.Problems, at string) {
	p.OneOf(at+".action", y.Action, "KEEP", "DELETE")
	p.OneOf(at+".tagState", y.TagState, "", "ANY", "TAGGED", "UNTAGGED")
	p.Want(len(y.TagPrefixes) == 0 || y.TagState == "TAGGED", "%s.tagPrefixes %q: need the tagState TAGGED", at, y.TagPrefixes)
	p.Want(y.KeepCount >= 0 && y.OlderThanDays >= 0 && y.NewerThanDays >= 0,
		"%s: keepCount %d, olderThanDays %d, newerThanDays %d: want 1 or more, or 0 to leave it out",
		at, y.KeepCount, y.OlderThanDays, y.NewerThanDays)
	for _, prefix := range slices.Concat(y.TagPrefixes, y.VersionPrefixes, y.PackagePrefixes) {
		p.Want(prefix != "", "%s: an empty prefix matches everything", at)
	}
	conditional := y.OlderThanDays != 0 || y.NewerThanDays != 0 || y.TagState != "" || len(y.TagPrefixes)+len(y.VersionPrefixes) > 0
	if y.KeepCount != 0 {
		p.Want(y.Action == "KEEP", "%s.keepCount %d: goes with the action KEEP", at, y.KeepCount)
		p.Want(!conditional, "%s.keepCount %d: of the other criteria only packagePrefixes goes with it", at, y.KeepCount)
		return
	}
	p.Want(conditional || len(y.PackagePrefixes) > 0, "%s: says nothing of what to %s", at, strings.ToLower(y.Action))
}
