package gcp

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

func TestProjectIAMKinds(t *testing.T) {
	type props = map[string]any
	const (
		member = "gcp:projects/iAMMember:IAMMember"
		custom = "gcp:projects/iAMCustomRole:IAMCustomRole"
	)
	grant := func(more props) props {
		inputs := props{"project": "project-1", "role": "roles/cloudsql.client", "member": "serviceAccount:a@p.iam.gserviceaccount.com"}
		maps.Copy(inputs, more)
		return inputs
	}
	role := func(more props) props {
		inputs := props{"project": "project-1", "roleId": "plan_reader", "title": "Plan", "permissions": []any{"storage.buckets.get"}}
		maps.Copy(inputs, more)
		return inputs
	}
	condition := func(title, expression string) props {
		return props{"condition": props{"title": title, "expression": expression}}
	}
	for name, tc := range map[string]struct {
		typ    string
		inputs props
		want   string // want is the refusal, or empty
	}{
		"grant":              {member, grant(nil), ""},
		"of a custom role":   {member, grant(props{"role": "projects/project-1/roles/plan_reader"}), ""},
		"no project":         {member, grant(props{"project": nil}), "project: missing"},
		"project in capital": {member, grant(props{"project": "Project-1"}), "the id of a project"},
		"role":               {member, grant(props{"role": "cloudsql.client"}), "a role"},
		"no prefix":          {member, grant(props{"member": "a@p.iam.gserviceaccount.com"}), "prefix"},
		"everybody":          {member, grant(props{"member": "allUsers"}), "cannot be granted to allUsers"},
		"conditional":        {member, grant(condition("main", `resource.name == "x"`)), ""},
		"no expression":      {member, grant(condition("main", "")), "an expression"},
		"no title":           {member, grant(condition("", "true")), "a title"},
		"conditional owner": {member, grant(props{"role": "roles/owner", "condition": props{"title": "t", "expression": "true"}}),
			"basic roles cannot be granted conditionally"},
		"custom role":      {custom, role(nil), ""},
		"with hyphens":     {custom, role(props{"roleId": "plan-reader"}), "underscores"},
		"no permissions":   {custom, role(props{"permissions": []any{}}), "0 elements"},
		"no list":          {custom, role(props{"permissions": nil}), "permissions: missing"},
		"a role in a role": {custom, role(props{"permissions": []any{"roles/storage.admin"}}), "a permission"},
		"stage":            {custom, role(props{"stage": "ga"}), "none of ALPHA"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Package().Register(tc.typ, "n", resource.NewPropertyMapFromMap(tc.inputs), nil)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
	id, state, err := Package().Register(custom, "n", resource.NewPropertyMapFromMap(role(nil)), nil)
	require.NoError(t, err)
	require.Equal(t, "projects/project-1/roles/plan_reader", id)
	require.Equal(t, id, state["name"].StringValue())
	require.Equal(t, "GA", state["stage"].StringValue())
}
