package stacks_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/stacks"
	"ai-worker/stacks/contract"
)

// platforms are what the stacks of an environment register on each cloud. gcp has the
// objects of the stack kubernetes too; azure is empty where there is none.
type platforms struct {
	settings                 *config.Settings
	gcp, azure               componentstest.Registrations
	gcpOutputs, azureOutputs map[string]any
}

func platformsOf(t *testing.T, environment string) platforms {
	t.Helper()
	var p platforms
	var err error
	p.settings, err = config.LoadFile("../Pulumi."+environment+".yaml", stacks.Name(environment, "gcp"))
	require.NoError(t, err)
	p.gcp, p.gcpOutputs = outputsOf(t, stacks.Name(environment, "gcp"))
	handed := map[string]any{"contractVersion": contract.Version}
	for key, value := range p.gcpOutputs {
		handed[key] = value
	}
	objects, _ := outputsOf(t, stacks.Name(environment, "kubernetes"), componentstest.WithStackOutputs(stacks.Name(environment, "gcp"), handed))
	p.gcp = append(p.gcp, objects...)
	if p.settings.Azure != nil {
		p.azure, p.azureOutputs = outputsOf(t, stacks.Name(environment, "azure"))
	}
	return p
}

// outputsOf runs a stack with the repository's settings, and returns what it
// registered and what it handed on, as plain values.
func outputsOf(t *testing.T, stack string, options ...componentstest.Option) (componentstest.Registrations, map[string]any) {
	t.Helper()
	environment, _, _ := strings.Cut(stack, "-")
	values, outputs := settings(t, "../Pulumi."+environment+".yaml"), map[string]any{}
	all, err := componentstest.Run(t, func(ctx *pulumi.Context) error {
		if err := stacks.Run(ctx); err != nil {
			return err
		}
		for key, output := range ctx.GetCurrentExportMap() {
			result, err := internals.UnsafeAwaitOutput(ctx.Context(), pulumi.ToOutput(output))
			if err != nil {
				return err
			}
			outputs[key] = result.Value
		}
		return nil
	}, append([]componentstest.Option{
		componentstest.WithStack(stack), componentstest.WithConfig(values), componentstest.WithGiven(t, "../sandbox.yaml"),
	}, options...)...)
	require.NoError(t, err)
	return all, outputs
}

// inDocument puts a generated table between its marks in docs/platforms.md with
// -update, and else wants it there.
func inDocument(t *testing.T, mark, table string) {
	t.Helper()
	const file = "../docs/platforms.md"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	begin, end := "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->\n"
	before, rest, begun := strings.Cut(string(text), begin)
	has, after, ended := strings.Cut(rest, end)
	require.True(t, begun && ended, "%s: want the marks %q and %q", file, begin, end)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+table+end+after), 0o600))
		return
	}
	require.Equal(t, table, has, "%s is out of date: go test ./stacks -update -run 'TestParity|TestMatrix', and read the diff", file)
}

// component is the name of the component that a registration is a child of.
func component(r componentstest.Registration) string {
	return r.Parent[strings.LastIndex(r.Parent, "::")+2:]
}

// under says whether a registration is a child of a component of the type.
func under(r componentstest.Registration, token string) bool {
	return strings.Contains(r.Parent, "::"+token+"::")
}

// called says whether a custom resource has a logical name, or the last part of a type
// and a name: "ServiceAccount worker-account".
func called(r componentstest.Registration, name string) bool {
	return r.Custom && (r.Name == name || strings.HasSuffix(r.Type+" "+r.Name, ":"+name))
}

// one is the first resource of a name; see [called].
func one(all componentstest.Registrations, name string) componentstest.Registration {
	for _, r := range all {
		if called(r, name) {
			return r
		}
	}
	panic("nothing is called " + name) // a test's own mistake
}

// without lacks the only resource of a name.
func without(t *testing.T, all componentstest.Registrations, name string) componentstest.Registrations {
	t.Helper()
	rest := slices.DeleteFunc(slices.Clone(all), func(r componentstest.Registration) bool { return called(r, name) })
	require.Len(t, rest, len(all)-1, name)
	return rest
}

// changed is a registration with another input; nil takes the input away.
func changed(r componentstest.Registration, path string, value any) componentstest.Registration {
	p, err := resource.ParsePropertyPath(path)
	if err != nil {
		panic(err)
	}
	inputs := resource.NewProperty(resource.NewPropertyMapFromMap(r.Inputs.Mappable()))
	if value == nil {
		p.Delete(inputs)
	} else if !p.Set(inputs, resource.NewPropertyValue(value)) {
		panic(r.Name + " has no " + path)
	}
	r.Inputs = inputs.ObjectValue()
	return r
}

// at is the text of an input, empty if it is none.
func at(r componentstest.Registration, path string) string {
	text, _ := r.Get(path).(string)
	return text
}

// state is the text of what the cloud answered.
func state(r componentstest.Registration, key resource.PropertyKey) string {
	if value := r.State[key]; value.IsString() {
		return value.StringValue()
	}
	return ""
}
