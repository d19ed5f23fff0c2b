package gcp

import (
	"strings"

	"ai-worker/internal/sandbox"
)

func projectiamKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type: "gcp:projects/iAMMember:IAMMember",
			// The provider appends the title of a condition; two grants that differ in
			// nothing else are one here.
			ID:       "{project}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("project"))) },
			Additive: true,
			Replace:  []string{"project", "role", "member", "condition"},
			Rules: map[string]sandbox.Rule{
				"project":              projectRule,
				"role":                 roleRule,
				"member":               memberRule,
				"condition.title":      sandbox.All(sandbox.Match(`\S`, "a title"), atMostBytes(100)),
				"condition.expression": sandbox.Match(`\S`, "an expression"),
			},
			Checks: []sandbox.Check{
				// https://cloud.google.com/iam/docs/conditions-overview#limitations
				sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("condition") && basic(o.Str("role")) },
					"condition: basic roles cannot be granted conditionally"),
				// https://cloud.google.com/resource-manager/reference/rest/v1/projects/setIamPolicy
				sandbox.Refuse(func(o *sandbox.Object) bool { return strings.HasPrefix(o.Str("member"), "all") },
					"member: a project cannot be granted to allUsers or allAuthenticatedUsers"),
			},
		},
		{
			// Deletion is soft for a week, and a create within it restores the role, so
			// nothing is retired; for up to 30 days after that the id is taken (SDK).
			Type:     "gcp:projects/iAMCustomRole:IAMCustomRole",
			ID:       "projects/{project}/roles/{roleId}",
			Outputs:  map[string]string{"name": "projects/{project}/roles/{roleId}"},
			Defaults: map[string]any{"stage": "GA"},
			Required: []string{"permissions"},
			Replace:  []string{"project", "roleId"},
			Rules: map[string]sandbox.Rule{
				"roleId":        sandbox.Match(`^[a-zA-Z0-9_.]{3,64}$`, "3 to 64 letters, digits, underscores and dots"),
				"stage":         sandbox.OneOf("ALPHA", "BETA", "GA", "DEPRECATED", "DISABLED", "EAP"),
				"title":         atMostBytes(100),
				"description":   atMostBytes(300),
				"permissions":   sandbox.Items(1, 3000),
				"permissions[]": sandbox.Match(`^[a-z][a-zA-Z0-9-]*(\.[a-zA-Z0-9-]+){2,}$`, `a permission, such as "storage.buckets.get"`),
			},
		},
	}
}

// projectRule wants a project's id, a domain's prefix included.
var projectRule = sandbox.Match(`^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$`, "the id of a project")

func basic(role string) bool {
	return role == "roles/owner" || role == "roles/editor" || role == "roles/viewer"
}
