package components_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/gcp/sdk/projects"
)

const token = "ai-worker:test:Thing"

// args are invalid with a problem for each of wrong.
type args struct{ wrong []string }

func (a *args) Validate() error {
	var p components.Problems
	for _, what := range a.wrong {
		p.Want(false, "%s is wrong", what)
	}
	return p.Err()
}

// common outputs are those of several components.
type common struct {
	Project pulumi.StringOutput `pulumi:"projectId"`
}

type thing struct {
	pulumi.ResourceState
	common

	Name   pulumi.StringOutput `pulumi:"name"`
	Hidden string              // Hidden has no tag: it is no output.
}

// build registers one thing, its outputs set, and then its children.
func build(name string, given components.Args, children func(*pulumi.Context, *thing, components.Child) error) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		c := &thing{}
		return components.Build(ctx, token, name, given, c, func(child components.Child) error {
			c.Name, c.Project = pulumi.String("n").ToStringOutput(), pulumi.String("p").ToStringOutput()
			if children == nil {
				return nil
			}
			return children(ctx, c, child)
		})
	}
}

func TestBuildRefusesBeforeItRegisters(t *testing.T) {
	var none *args
	for name, tc := range map[string]struct {
		name  string
		args  components.Args
		wants []string
	}{
		"nil args":       {"main", nil, []string{token + ` "main": args are nil`}},
		"typed nil args": {"main", none, []string{"args are nil"}},
		"invalid args":   {"main", &args{[]string{"project"}}, []string{"project is wrong"}},
		"no name":        {"", &args{}, []string{`name ""`}},
		"capitals":       {"Main", &args{}, []string{`name "Main": want lower-case letters, digits and inner hyphens`}},
		"outer hyphen":   {"main-", &args{}, []string{`name "main-"`}},
		"all at once":    {"Main", &args{[]string{"project", "region"}}, []string{`name "Main"`, "project is wrong", "region is wrong"}},
		"name and nil":   {"Main", none, []string{`name "Main"`, "args are nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := componentstest.Run(t, build(tc.name, tc.args, nil))
			for _, want := range tc.wants {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, all, "registered something before refusing")
		})
	}
}

func TestBuildWantsEveryOutput(t *testing.T) {
	all, err := componentstest.Run(t, build("main", &args{}, func(_ *pulumi.Context, c *thing, _ components.Child) error {
		c.Name, c.Project = pulumi.StringOutput{}, pulumi.StringOutput{}
		return nil
	}))
	require.ErrorContains(t, err, token+` "main": output "projectId" is left unset`)
	require.ErrorContains(t, err, `output "name" is left unset`)
	require.Equal(t, []string{token + " main"}, componentstest.Inventory(all))
}

func TestBuildHandsErrorsOn(t *testing.T) {
	_, err := componentstest.Run(t, build("main", &args{}, func(*pulumi.Context, *thing, components.Child) error {
		return errors.New("bucket: no")
	}))
	require.ErrorContains(t, err, token+` "main": bucket: no`)
	twice := func(ctx *pulumi.Context) error {
		if err := build("main", &args{}, nil)(ctx); err != nil {
			return err
		}
		return build("main", &args{}, nil)(ctx)
	}
	_, err = componentstest.Run(t, twice)
	require.ErrorContains(t, err, "is registered twice")
}

func TestChild(t *testing.T) {
	var names []string
	all, err := componentstest.Run(t, build("main", &args{}, func(ctx *pulumi.Context, _ *thing, child components.Child) error {
		names = []string{child.Name("user"), child.Name("user", "api"), child.Name("zone", "a", "b")}
		var resource pulumi.CustomResourceState
		return ctx.RegisterResource("gcp:projects/service:Service", child.Name("api"), pulumi.Map{
			"service": pulumi.String("dns.googleapis.com"),
		}, &resource, child.Opts(pulumi.Protect(true)))
	}))
	require.NoError(t, err)
	require.Equal(t, []string{"main-user", "main-user-api", "main-zone-a-b"}, names)
	require.Equal(t, []string{"gcp:projects/service:Service main-api"}, componentstest.Tree(t, all, token))
	made := all.One(t, "gcp:projects/service:Service")
	require.Equal(t, all.One(t, token).URN, made.Parent)
	require.True(t, made.Protect, "extra options are passed on")
}

func TestOutputs(t *testing.T) {
	text := pulumi.String("x").ToStringOutput()
	outputs, err := components.Outputs(&thing{common: common{text}, Name: text})
	require.NoError(t, err)
	require.Equal(t, pulumi.Map{"projectId": text, "name": text}, outputs, "those of embedded structs too")

	outputs, err = components.Outputs(&struct {
		Plain string              `pulumi:"plain"`
		Unset pulumi.StringOutput `pulumi:"unset"`
	}{Plain: "x"})
	require.ErrorContains(t, err, `output "plain": string is no pulumi.Input`)
	require.ErrorContains(t, err, `output "unset" is left unset`)
	require.Nil(t, outputs)
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, "main": true, "a-1": true, "a1": true, "": false, "1a": false, "-a": false, "a-": false, "A": false, "a_b": false, "a.b": false, "é": false,
	} {
		require.Equal(t, want, components.IsName(name), "%q", name)
	}
}

func TestProblems(t *testing.T) {
	var p components.Problems
	p.Want(true, "never %d", 1)
	p.OneOf("tier", "small", "small", "large")
	p.OneOf("tier", "", "", "large")
	p.Distinct("zones", []string{"a", "b"})
	require.NoError(t, p.Err())

	p.Want(false, "size %d: want at least 1", 0)
	p.OneOf("tier", "huge", "", "small", "large")
	p.OneOf("tier", "", "small")
	p.Distinct("zones", []string{"a", "b", "a"})
	require.EqualError(t, p.Err(), `size 0: want at least 1
tier "huge": want one of small, large
tier "": want one of small
zones[2] "a": given twice`)
}
