package services_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/services"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
)

const serviceType = "gcp:projects/service:Service"

func valid() *services.Args {
	return &services.Args{Project: "p", APIs: []string{"sqladmin.googleapis.com", "container.googleapis.com"}}
}

var (
	program = componentstest.Program(services.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{serviceType + " main-api-container", serviceType + " main-api-sqladmin"},
		componentstest.Tree(t, all, services.TypeToken))
	for _, r := range all.OfType(serviceType) {
		require.Equal(t, "p", r.Get("project"))
		require.Equal(t, false, r.Get("disableOnDestroy"), "stated: the provider's default is true")
		require.Equal(t, false, r.Get("disableDependentServices"))
	}
}

func TestRefusals(t *testing.T) {
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[services.Args]{
		"no project": {func(a *services.Args) { a.Project = "" }, "project is required"},
		"no APIs":    {func(a *services.Args) { a.APIs = nil }, "apis are required"},
		"short name": {func(a *services.Args) { a.APIs[1] = "container" }, `apis[1] "container": want a full name`},
		"twice":      {func(a *services.Args) { a.APIs[1] = a.APIs[0] }, `apis[1] "sqladmin.googleapis.com": given twice`},
	})
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, valid, program, componentstest.Vary{
		Values: map[string]any{"APIs[0]": "dns.googleapis.com"},
	})
}
