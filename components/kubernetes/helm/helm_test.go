package helm_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components"
	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/helm"
	_ "ai-worker/internal/sandbox/kubernetes"
)

// homes are the repositories of charts that the sandbox knows.
var homes = map[string]string{
	"argo-cd": "https://argoproj.github.io/argo-helm", "external-secrets": "https://charts.external-secrets.io",
}

func valid() *helm.Args {
	return &helm.Args{
		Chart: helm.Chart{Name: "argo-cd", Repository: homes["argo-cd"], Version: "6.0.1"},
		Name:  "argocd", Namespace: pulumi.String("tools"),
		Values: pulumi.Map{"replicaCount": pulumi.Int(2)},
	}
}

var (
	program = componentstest.Program(helm.New, "main")
	run     = componentstest.Runner(program)
)

// Everything is spelt out: the provider would put zero values there, and a random name.
func TestStrongDefaults(t *testing.T) {
	release := run(t, valid()).One(t, helm.ReleaseType, "main")
	require.Equal(t, map[string]any{
		"atomic": true, "chart": "argo-cd", "cleanupOnFail": true, "compat": "true", "createNamespace": false, "maxHistory": 5.0,
		"name": "argocd", "namespace": "tools", "repositoryOpts": map[string]any{"repo": homes["argo-cd"]},
		"skipAwait": false, "skipCrds": false, "timeout": 600.0, "values": map[string]any{"replicaCount": 2.0}, "version": "6.0.1",
		"waitForJobs": true,
	}, release.Inputs.Mappable())
	require.Equal(t, "4.23.0", release.RPC.GetVersion())
}

// installed is a component of one installation.
type installed struct{ pulumi.ResourceState }

func install(ctx *pulumi.Context, name string, args *helm.Args, opts ...pulumi.ResourceOption) (*installed, error) {
	c := &installed{}
	return c, components.Build(ctx, "test:index:Installed", name, args, c, func(child components.Child) error {
		_, err := helm.Install(ctx, child, "own", *args, pulumi.Protect(true))
		return err
	}, opts...)
}

func TestInstall(t *testing.T) {
	all := componentstest.Runner(componentstest.Program(install, "main"))(t, valid())
	namespace := all.One(t, "kubernetes:core/v1:Namespace", "main-namespace")
	require.Equal(t, map[string]any{"name": "own", "labels": map[string]any{
		"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/audit": "restricted",
		"pod-security.kubernetes.io/warn": "restricted",
	}}, namespace.Get("metadata"))
	release := all.One(t, helm.ReleaseType, "main-release")
	require.Equal(t, "own", release.Get("namespace"))
	require.Contains(t, release.RPC.GetDependencies(), namespace.URN)
	require.True(t, namespace.Protect && release.Protect)
}

func TestRefusals(t *testing.T) {
	version := func(v string) func(*helm.Args) { return func(a *helm.Args) { a.Chart.Version = v } }
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[helm.Args]{
		"no chart":     {func(a *helm.Args) { a.Chart.Name = "" }, "chart.name is required"},
		"http":         {func(a *helm.Args) { a.Chart.Repository = "http://charts.example.com" }, `chart.repository "http://charts.example.com"`},
		"no version":   {version(""), `chart.version "": want an exact version`},
		"a v":          {version("v1.2.3"), `chart.version "v1.2.3"`},
		"a range":      {version("^1.2.3"), `chart.version "^1.2.3"`},
		"a wildcard":   {version("1.2.x"), `chart.version "1.2.x"`},
		"the newest":   {version("latest"), `chart.version "latest"`},
		"two parts":    {version("1.2"), `chart.version "1.2"`},
		"name":         {func(a *helm.Args) { a.Name = "Argo" }, `name "Argo"`},
		"long name":    {func(a *helm.Args) { a.Name = "a23456789b123456789c123456789d123456789e123456789f1234" }, "at most 53"},
		"no namespace": {func(a *helm.Args) { a.Namespace = nil }, "namespace is required"},
	})
}

func TestEveryInputMatters(t *testing.T) {
	full := func() *helm.Args {
		args := valid()
		args.SkipCRDs = true
		return args
	}
	// a chart needs the repository that has it
	settled := func(args *helm.Args) pulumi.RunFunc {
		a := *args
		if a.Chart.Name != "argo-cd" {
			a.Chart.Repository = homes[a.Chart.Name]
		}
		return program(&a)
	}
	componentstest.NoDeadInput(t, full, settled, componentstest.Vary{Values: map[string]any{
		"Chart.Name":       "external-secrets",
		"Chart.Repository": homes["argo-cd"] + "/",
		"Chart.Version":    "6.0.2",
		"Namespace":        pulumi.String("other"),
		"Values":           pulumi.Map{},
	}})
}
