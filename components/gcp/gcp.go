// Package gcp is what several components of Google Cloud need: the shapes of the
// API's names, and the checks of labels, principals and roles. It makes no
// resource. What one component alone needs stays there.
package gcp

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

var (
	// https://cloud.google.com/resource-manager/docs/creating-managing-projects and
	// https://cloud.google.com/iam/docs/service-accounts-create: both the same
	idShape = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`)
	// RFC 1035, as https://cloud.google.com/compute/docs/naming-resources has it
	resourceShape = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	regionShape   = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	zoneShape     = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+-[a-z]$`)

	// https://cloud.google.com/resource-manager/docs/labels-overview#requirements;
	// the letters of other alphabets, which it has too, not every API takes
	labelKey   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	labelValue = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)

	// https://cloud.google.com/iam/docs/principal-identifiers
	principalShape = regexp.MustCompile(`^(user|group|serviceAccount):\S+@\S+$|^(principal|principalSet)://\S+$`)
	roleShape      = regexp.MustCompile(`^(roles|projects/[a-z0-9.:-]+/roles|organizations/[0-9]+/roles)/[a-zA-Z0-9_.]+$`)
	// https://cloud.google.com/iam/docs/roles-overview#basic
	basicRoles = []string{"roles/owner", "roles/editor", "roles/viewer"}
)

// IsProjectID says whether s may be the id of a project: 6 to 30 lower-case
// letters, digits and inner hyphens, a letter first.
func IsProjectID(s string) bool { return idShape.MatchString(s) }

// IsAccountID says whether s may be the id of a service account: as that of a project.
func IsAccountID(s string) bool { return idShape.MatchString(s) }

// IsResourceName says whether s is 1 to 63 lower-case letters, digits and inner
// hyphens, a letter first.
func IsResourceName(s string) bool { return resourceShape.MatchString(s) }

// IsRegion says whether s looks like a region, such as "asia-northeast1".
func IsRegion(s string) bool { return regionShape.MatchString(s) }

// IsZone says whether s looks like a zone, such as "asia-northeast1-a".
func IsZone(s string) bool { return zoneShape.MatchString(s) }

// IsLocation says whether s looks like a region or a zone.
func IsLocation(s string) bool { return IsRegion(Region(s)) }

// Region is that of a location, which may be a zone.
func Region(location string) string {
	if IsZone(location) {
		return location[:strings.LastIndex(location, "-")]
	}
	return location
}

// CheckLabels wants labels that every API takes: keys of 1 to 63 and values of 0
// to 63 lower-case letters, digits, underscores and hyphens.
func CheckLabels(p *components.Problems, field string, labels map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		p.Want(labelKey.MatchString(key) && labelValue.MatchString(labels[key]),
			"%s[%q] %q: want at most 63 lower-case letters, digits, underscores and hyphens, the key with a letter first",
			field, key, labels[key])
	}
}

// CheckMember wants one principal with its prefix, and not everybody, as far as
// it is known: what is an output is checked by the API.
func CheckMember(p *components.Problems, field string, member pulumi.StringInput) {
	p.Want(member != nil, `%s: want a principal, such as "serviceAccount:..."`, field)
	if known, ok := member.(pulumi.String); ok {
		p.Want(principalShape.MatchString(string(known)) && !strings.HasSuffix(string(known), "/*"),
			`%s %q: want one principal with its prefix, such as "serviceAccount:...", and not everybody`, field, string(known))
	}
}

// CheckMembers wants members that [CheckMember] does, by a key that becomes part
// of a logical name.
func CheckMembers(p *components.Problems, field string, members map[string]pulumi.StringInput) {
	CheckKeys(p, field, members)
	for _, key := range slices.Sorted(maps.Keys(members)) {
		CheckMember(p, fmt.Sprintf("%s[%q]", field, key), members[key])
	}
}

// CheckKeys wants keys that can become part of logical names.
func CheckKeys[V any](p *components.Problems, field string, m map[string]V) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		p.Want(IsResourceName(key), "%s[%q]: want a key of at most 63 lower-case letters, digits and inner hyphens, a letter first", field, key)
	}
}

// CheckRoles wants roles, none twice, that are not basic.
func CheckRoles(p *components.Problems, field string, roles []string) {
	for i, role := range roles {
		p.Want(roleShape.MatchString(role), `%s[%d] %q: want a role such as "roles/cloudtrace.agent"`, field, i, role)
		p.Want(!slices.Contains(basicRoles, role), "%s[%d] %q: a basic role reaches the whole project", field, i, role)
	}
	p.Distinct(field, roles)
}
