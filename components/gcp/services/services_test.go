package services_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/services"
)

const serviceType = "gcp:projects/service:Service"

func valid() *services.Args {
	return &services.Args{Project: "p", APIs: []string{"sqladmin.googleapis.com", "container.googleapis.com"}}
}

func program(args *services.Args) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := services.New(ctx, "main", args)
		return err
	}
}

func TestChildren(t *testing.T) {
	all, err := componentstest.Run(t, program(valid()))
	require.NoError(t, err)
	require.Equal(t, []string{serviceType + " main-api-container", serviceType + " main-api-sqladmin"},
		componentstest.Tree(t, all, services.TypeToken))
	for _, r := range all.OfType(serviceType) {
		require.Equal(t, "p", r.Get("project"))
		require.Equal(t, false, r.Get("disableOnDestroy"), "stated: the provider's default is true")
		require.Equal(t, false, r.Get("disableDependentServices"))
	}
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*services.Args)
		want   string
	}{
		"no project": {func(a *services.Args) { a.Project = "" }, "project is required"},
		"no APIs":    {func(a *services.Args) { a.APIs = nil }, "apis are required"},
		"short name": {func(a *services.Args) { a.APIs[1] = "container" }, `apis[1] "container": want a full name`},
		"twice":      {func(a *services.Args) { a.APIs[1] = a.APIs[0] }, `apis[1] "sqladmin.googleapis.com": given twice`},
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			tc.change(args)
			all, err := componentstest.Run(t, program(args))
			require.ErrorContains(t, err, tc.want)
			require.Empty(t, all, "registered something before refusing")
		})
	}
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, valid, program, componentstest.Vary{
		Values: map[string]any{"APIs[0]": "dns.googleapis.com"},
	})
}
