package resourcegroup_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/azure/resourcegroup"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/azure"
	_ "ai-worker/internal/sandbox/azure/sdk/authorization"
	_ "ai-worker/internal/sandbox/azure/sdk/resources"
)

const (
	groupType = "azure-native:resources:ResourceGroup"
	lockType  = "azure-native:authorization:ManagementLockByScope"

	subscription = "00000000-0000-4000-8000-000000000001"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *resourcegroup.Args {
	return &resourcegroup.Args{Subscription: subscription, Name: "ai-worker-dev", Location: "japaneast"}
}

// full sets every field.
func full() *resourcegroup.Args {
	args := valid()
	args.Tags = map[string]string{"environment": "dev"}
	return args
}

var (
	program = componentstest.Program(resourcegroup.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, full())
	require.Equal(t, []string{lockType + " main-lock", groupType + " main-group"},
		componentstest.Tree(t, all, resourcegroup.TypeToken))
	group := all.One(t, groupType)
	require.True(t, group.Protect)
	group.Expect(t, map[string]any{
		"resourceGroupName": "ai-worker-dev", "location": "japaneast", "tags": map[string]any{"environment": "dev"},
	})
}

// The lock covers the group, says who may lift it and how, and can be lifted: the
// engine never deletes what is protected.
func TestLock(t *testing.T) {
	lock := run(t, valid()).One(t, lockType)
	lock.Expect(t, map[string]any{
		"scope": "/subscriptions/" + subscription + "/resourceGroups/ai-worker-dev", "lockName": "keep", "level": "CanNotDelete",
	})
	notes := lock.Get("notes").(string)
	require.Contains(t, notes, "decommission")
	require.LessOrEqual(t, len(notes), 512)
	require.False(t, lock.Protect)
}

func TestAllowDeletion(t *testing.T) {
	args := valid()
	args.AllowDeletion = true
	all := run(t, args)
	require.Equal(t, []string{groupType + " main-group"}, componentstest.Tree(t, all, resourcegroup.TypeToken))
	require.False(t, all.One(t, groupType).Protect)
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{
		"name": "ai-worker-dev", "id": "/subscriptions/" + subscription + "/resourceGroups/ai-worker-dev",
	}, componentstest.Outputs(t, resourcegroup.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{Values: map[string]any{
		"Subscription": "00000000-0000-4000-8000-000000000002", "Location": "japanwest",
	}})
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[resourcegroup.Args]{
		"subscription":      {func(a *resourcegroup.Args) { a.Subscription = "mine" }, `subscription "mine"`},
		"name, empty":       {func(a *resourcegroup.Args) { a.Name = "" }, `group ""`},
		"name, last period": {func(a *resourcegroup.Args) { a.Name = "a." }, `group "a."`},
		"name, 91":          {func(a *resourcegroup.Args) { a.Name = strings.Repeat("a", 91) }, "at most 90"},
		"location":          {func(a *resourcegroup.Args) { a.Location = "Japan East" }, `location "Japan East"`},
		"tag":               {func(a *resourcegroup.Args) { a.Tags = map[string]string{"a/b": "x"} }, `tags["a/b"]`},
	})
}
