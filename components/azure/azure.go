// Package azure is what several components of Azure need: where resources are and
// what they are called, roles, and diagnostics. What one component alone needs
// stays there.
package azure

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// Place is where the resources of an environment are, and what all of them share.
type Place struct {
	Subscription string             // Subscription is a UUID. Required.
	Group        string             // Group is the resource group's name. Required.
	GroupName    pulumi.StringInput // GroupName is the resource group's Name output. Required.
	Location     string             // Location is a region as ARM spells it, such as "japaneast". Required.
	// Workspace is the id of the Log Analytics workspace that everything that happens
	// is recorded in. Required by what has diagnostics.
	Workspace pulumi.StringInput
	Tags      map[string]string // Tags of everything that takes tags, at most 50.
}

var (
	uuidShape = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
	groupShape    = regexp.MustCompile(`^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$`)
	locationShape = regexp.MustCompile(`^[a-z]+[0-9]?$`)
)

// https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations,
// and a storage account takes a key of 128 characters only
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// IsUUID says whether s is a UUID in lower case, as subscriptions, tenants and
// principals have.
func IsUUID(s string) bool { return uuidShape.MatchString(s) }

// IsLocation says whether s looks like a region, such as "japaneast".
func IsLocation(s string) bool { return locationShape.MatchString(s) }

// Check reports what is wrong with a place.
func (p Place) Check(problems *components.Problems) {
	problems.Want(IsUUID(p.Subscription), "subscription %q: want a UUID in lower case", p.Subscription)
	problems.Want(groupShape.MatchString(p.Group),
		"group %q: want at most 90 letters, digits, underscores, parentheses, hyphens and inner periods", p.Group)
	problems.Want(p.GroupName != nil, "groupName is required")
	problems.Want(IsLocation(p.Location), `location %q: want a region such as "japaneast"`, p.Location)
	problems.Want(len(p.Tags) <= maxTags, "tags: %d of them, want at most %d", len(p.Tags), maxTags)
	for _, key := range slices.Sorted(maps.Keys(p.Tags)) {
		problems.Want(key != "" && len(key) <= maxTagKey && len(p.Tags[key]) <= maxTagValue && !strings.ContainsAny(key, `<>%&\?/`),
			`tags[%q] %q: want a key of 1 to %d characters without <>%%&\?/, and a value of at most %d`, key, p.Tags[key], maxTagKey, maxTagValue)
	}
}

// CheckObserved is [Place.Check] for what has diagnostics.
func (p Place) CheckObserved(problems *components.Problems) {
	p.Check(problems)
	problems.Want(p.Workspace != nil, "workspace is required: what nobody records, nobody can look up")
}

// InputTags are the tags as an input.
func (p Place) InputTags() pulumi.StringMap {
	tags := pulumi.StringMap{}
	for key, value := range p.Tags {
		tags[key] = pulumi.String(value)
	}
	return tags
}

// CheckKeys wants keys that can become part of logical names.
func CheckKeys[V any](p *components.Problems, field string, m map[string]V) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		p.Want(components.IsName(key), "%s[%q]: want a key of lower-case letters, digits and inner hyphens, a letter first", field, key)
	}
}

// CheckPrincipals wants object ids of principals, by a key that becomes part of a
// logical name.
func CheckPrincipals(p *components.Problems, field string, principals map[string]pulumi.StringInput) {
	CheckKeys(p, field, principals)
	for _, key := range slices.Sorted(maps.Keys(principals)) {
		CheckPrincipal(p, fmt.Sprintf("%s[%q]", field, key), principals[key])
	}
}

// CheckPrincipal wants the object id of a principal, as far as it is known.
func CheckPrincipal(p *components.Problems, field string, principal pulumi.StringInput) {
	p.Want(principal != nil, "%s: want the object id of a principal", field)
	if known, ok := principal.(pulumi.String); ok {
		p.Want(IsUUID(string(known)), "%s %q: want the object id of a principal, a UUID in lower case", field, string(known))
	}
}

// Protect is the protection of what holds state, unless its deletion is allowed.
func Protect(allowDeletion bool) []pulumi.ResourceOption {
	if allowDeletion {
		return nil
	}
	return []pulumi.ResourceOption{pulumi.Protect(true)}
}
