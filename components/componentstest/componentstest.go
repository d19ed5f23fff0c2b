// Package componentstest is the one recorder that tests of components and
// stacks run on: Pulumi's mocks, answered by the sandbox's kinds. A
// registration that the simulated cloud would refuse fails here too, and
// outputs have the values that it would compute.
package componentstest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
	_ "ai-worker/internal/sandbox/gcp" // it weighs little; others are imported by the tests that use them
)

// Project, Region and Subscription are what providers are configured with that say
// nothing of it.
const (
	Project      = "test-project"
	Region       = "asia-northeast1"
	Subscription = "5ab5c219-0000-4000-8000-000000000001"
)

// packages are those that the test imports.
var packages = sync.OnceValue(func() map[string]*sandbox.Package {
	byName := map[string]*sandbox.Package{}
	for _, pkg := range sandbox.Offered() {
		byName[pkg.Name] = pkg
	}
	return byName
})

// Option changes how [Run] runs a program.
type Option func(*recorder)

// Options are several options as one.
func Options(options ...Option) Option {
	return func(r *recorder) {
		for _, option := range options {
			option(r)
		}
	}
}

// InPreview runs the program as a preview does.
func InPreview() Option { return func(r *recorder) { r.preview = true } }

// WithConfig gives the program configuration, with keys such as "ai-worker:gcp".
func WithConfig(config map[string]string) Option { return func(r *recorder) { r.config = config } }

// WithStack names the stack.
func WithStack(name string) Option { return func(r *recorder) { r.stack = name } }

// WithStackOutputs answers a stack reference to name ("dev-gcp").
func WithStackOutputs(name string, outputs map[string]any) Option {
	return func(r *recorder) { r.references[name] = resource.NewPropertyMapFromMap(outputs) }
}

// WithLookup answers a function with the given result instead of a computed one.
func WithLookup(token string, result map[string]any) Option {
	return func(r *recorder) { r.lookups[token] = resource.NewPropertyMapFromMap(result) }
}

// WithGiven answers functions from what the YAML file at path says to stand in the
// clouds, as the sandbox does; see [sandbox.Store.Give].
func WithGiven(tb testing.TB, path string) Option {
	tb.Helper()
	store := sandbox.NewStore()
	require.NoError(tb, store.Give(path, slices.Collect(maps.Values(packages()))...))
	return func(r *recorder) { r.given = store }
}

// Run runs a program on the recorder and returns what it registered, also when
// the program failed. A URN registered twice is an error, as it is to the engine.
func Run(tb testing.TB, program pulumi.RunFunc, options ...Option) (Registrations, error) {
	tb.Helper()
	r := &recorder{
		stack: "dev-gcp", references: map[string]resource.PropertyMap{}, lookups: map[string]resource.PropertyMap{},
		seen: map[string]bool{},
	}
	for _, option := range options {
		option(r)
	}
	err := pulumi.RunErr(program, pulumi.WithMocks("ai-worker", r.stack, r), func(info *pulumi.RunInfo) {
		info.DryRun = r.preview
		info.Config = r.config
	})
	sort.Slice(r.all, func(i, j int) bool { return r.all[i].URN < r.all[j].URN })
	return r.all, errors.Join(err, errors.Join(r.duplicates...))
}

type recorder struct {
	preview    bool
	stack      string
	config     map[string]string
	references map[string]resource.PropertyMap
	lookups    map[string]resource.PropertyMap
	given      *sandbox.Store // given is nil where lookups invent what they are asked for

	mu         sync.Mutex
	all        Registrations
	seen       map[string]bool
	duplicates []error
}

// NewResource implements pulumi.MockResourceMonitor.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.TypeToken == "pulumi:pulumi:StackReference" {
		return r.reference(args)
	}
	rpc := args.RegisterRPC
	// args.Inputs lack what is unknown in a preview
	inputs, err := plugin.UnmarshalProperties(rpc.GetObject(), plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
	if err != nil {
		return "", nil, err
	}
	reg := Registration{
		Type: args.TypeToken, Name: args.Name, Custom: rpc.GetCustom(), Parent: rpc.GetParent(), Provider: args.Provider,
		Protect: rpc.GetProtect(), RetainOnDelete: rpc.GetRetainOnDelete(), DeletedWith: rpc.GetDeletedWith(),
		IgnoreChanges: rpc.GetIgnoreChanges(), RPC: rpc,
	}
	for _, alias := range rpc.GetAliases() {
		reg.Aliases = append(reg.Aliases, alias.GetSpec().GetName()+alias.GetUrn())
	}
	reg.URN = r.urn(reg)
	for _, key := range inputs.StableKeys() {
		if inputs[key].ContainsSecrets() {
			reg.Secrets = append(reg.Secrets, string(key))
		}
	}
	reg.Inputs = stripped(inputs)
	reg.ID, reg.State = args.Name+"-id", reg.Inputs
	of, _, _ := strings.Cut(args.TypeToken, ":")
	if pkg := packages()[of]; pkg == nil && rpc.GetCustom() && of != "pulumi" {
		return "", nil, fmt.Errorf("%s %q: the test imports no simulated package for it: import internal/sandbox/%s",
			args.TypeToken, args.Name, of)
	} else if pkg != nil {
		reg.ID, reg.State, err = pkg.Register(args.TypeToken, args.Name, reg.Inputs, r.configured(args.Provider))
		if err != nil {
			return "", nil, fmt.Errorf("%s %q: %w", args.TypeToken, args.Name, err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[reg.URN] {
		r.duplicates = append(r.duplicates, fmt.Errorf("duplicate URN: %s %q is registered twice", reg.Type, reg.Name))
	}
	r.seen[reg.URN] = true
	r.all = append(r.all, reg)
	return reg.ID, whole(reg.State), nil
}

// configured is the configuration of a provider that the program made, over that of
// the tests.
func (r *recorder) configured(provider string) resource.PropertyMap {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, reg := range r.all {
		if strings.HasPrefix(provider, reg.URN+"::") {
			merged := config.Copy()
			maps.Copy(merged, reg.Inputs)
			return merged
		}
	}
	return config
}

// urn is the URN that the engine would give: it knows the types of the parents, not their names.
func (r *recorder) urn(reg Registration) string {
	parent := tokens.Type("")
	if urn := resource.URN(reg.Parent); urn != "" && urn.QualifiedType() != resource.RootStackType {
		parent = urn.QualifiedType()
	}
	return string(resource.NewURN(tokens.QName(r.stack), "ai-worker", parent, tokens.Type(reg.Type), reg.Name))
}

var config = resource.NewPropertyMapFromMap(map[string]any{"project": Project, "region": Region, "subscriptionId": Subscription})

func (r *recorder) reference(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	full := args.Inputs["name"].StringValue()
	name := full[strings.LastIndex(full, "/")+1:]
	outputs, known := r.references[name]
	if !known {
		outputs = resource.PropertyMap{} // a stack that was never deployed
	}
	return full, resource.PropertyMap{
		"name": args.Inputs["name"], "outputs": resource.NewProperty(outputs),
		"secretOutputNames": resource.NewProperty([]resource.PropertyValue{}),
	}, nil
}

// Call implements pulumi.MockResourceMonitor.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if result, ok := r.lookups[args.Token]; ok {
		return result, nil
	}
	pkg := packages()[strings.Split(args.Token, ":")[0]]
	if pkg == nil {
		return nil, fmt.Errorf("no simulated package for %s", args.Token)
	}
	if r.given != nil {
		return pkg.Invoke(r.given, args.Token, args.Args, config)
	}
	return pkg.Invent(args.Token, args.Args, config)
}

// whole makes unknown what is so in part: the SDK would take the rest for all
// there is, since mocks hand on no unknown value inside of another.
func whole(state resource.PropertyMap) resource.PropertyMap {
	state = state.Copy()
	for key, value := range state {
		if value.ContainsUnknowns() {
			state[key] = resource.MakeComputed(resource.NewProperty(""))
		}
	}
	return state
}

func stripped(m resource.PropertyMap) resource.PropertyMap {
	props, err := plugin.MarshalProperties(m, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: false})
	if err != nil {
		panic(err) // the SDK has just unmarshalled the same map
	}
	out, err := plugin.UnmarshalProperties(props, plugin.MarshalOptions{KeepUnknowns: true})
	if err != nil {
		panic(err)
	}
	return out
}
