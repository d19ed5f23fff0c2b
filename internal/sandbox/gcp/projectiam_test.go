package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProjectIAMKinds(t *testing.T) {
	const (
		member = "gcp:projects/iAMMember:IAMMember"
		custom = "gcp:projects/iAMCustomRole:IAMCustomRole"
	)
	grant := props{"project": "project-1", "role": "roles/cloudsql.client", "member": "serviceAccount:a@p.iam.gserviceaccount.com"}
	role := props{"project": "project-1", "roleId": "plan_reader", "title": "Plan", "permissions": []any{"storage.buckets.get"}}
	condition := func(title, expression string) props {
		return props{"condition": props{"title": title, "expression": expression}}
	}
	judged(t, member, grant, map[string]verdict{
		"grant":              {nil, ""},
		"of a custom role":   {props{"role": "projects/project-1/roles/plan_reader"}, ""},
		"no project":         {props{"project": nil}, "project: missing"},
		"project in capital": {props{"project": "Project-1"}, "the id of a project"},
		"role":               {props{"role": "cloudsql.client"}, "a role"},
		"no prefix":          {props{"member": "a@p.iam.gserviceaccount.com"}, "prefix"},
		"everybody":          {props{"member": "allUsers"}, "cannot be granted to allUsers"},
		"conditional":        {condition("main", `resource.name == "x"`), ""},
		"no expression":      {condition("main", ""), "an expression"},
		"no title":           {condition("", "true"), "a title"},
		"conditional owner": {props{"role": "roles/owner", "condition": props{"title": "t", "expression": "true"}},
			"basic roles cannot be granted conditionally"},
	})
	judged(t, custom, role, map[string]verdict{
		"custom role":      {nil, ""},
		"with hyphens":     {props{"roleId": "plan-reader"}, "underscores"},
		"no permissions":   {props{"permissions": []any{}}, "0 elements"},
		"no list":          {props{"permissions": nil}, "permissions: missing"},
		"a role in a role": {props{"permissions": []any{"roles/storage.admin"}}, "a permission"},
		"stage":            {props{"stage": "ga"}, "none of ALPHA"},
	})
	id, state, err := registered(t, custom, role)
	require.NoError(t, err)
	require.Equal(t, "projects/project-1/roles/plan_reader", id)
	require.Equal(t, id, state["name"])
	require.Equal(t, "GA", state["stage"])
}
