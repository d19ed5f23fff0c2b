package sandbox

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Kind is one resource type of a simulated cloud. The structure of its inputs
// and outputs comes from the SDK's own types (see [Describe]); a Kind adds only
// what structure cannot say. Paths are dotted ("settings.tier"); "[]" stands for every element
// of a list ("rules[].action") and "{}" for every value of a map.
type Kind struct {
	// Type is the Pulumi type token.
	Type string

	// ID is the template of the id, such as "projects/{project}/topics/{name}";
	// {provider.key} is a key of the provider's configuration.
	ID string
	// Global is the template of a name that no other object of the type has, wherever
	// it lives: names of hosts, mostly.
	Global string
	// Imports is the template of the id by which it is imported, where the provider
	// wants another than its id (of several, parted by "|", the first that the object
	// fills); Imported makes of the state what an import reads.
	Imports  string
	Imported func(o *Object)
	// Names are templates of the other strings by which resources refer to it.
	Names []string
	// Outputs are templates of computed outputs, by property.
	Outputs map[string]string
	// Adjust changes the inputs as the provider's check does, beyond Defaults. It
	// sees the inputs before they are checked, unknown values included.
	Adjust func(o *Object)
	// Fill computes what a template cannot say. It must give the same result
	// when it runs again, and sees no unknown values.
	Fill func(o *Object)

	// Settle does what the cloud takes its time for, such as issuing a certificate. It
	// runs when the provider reads the object, as in a refresh; present tells what
	// stands in any of the clouds. It may be nil.
	Settle func(o *Object, present func(Named) bool)

	// Required are paths that structure cannot show to be required: a list, a
	// map or an object that the API does not accept without.
	Required []string
	// Defaults are the values that the provider writes into inputs left out.
	Defaults map[string]any
	// Rules are what single values must meet, by path.
	Rules map[string]Rule
	// Checks are what several values must meet together.
	Checks []Check
	// Births are what an object must meet only when it is created.
	Births []Check
	// Beside checks an object, new or changed, against the others of its type, which
	// what it names may limit ([Object.Ref]).
	Beside func(o *Object, others []*Object) error
	// Among checks an object, new or changed, against what no property of it names:
	// all gives the objects of a type in any of the clouds, those of the object's own
	// package only where it lives.
	Among func(o *Object, all func(typ string) []*Object) error
	// Owned marks a type whose provider compares only what the program gives: what
	// others add to the object is no change.
	Owned bool
	// ByInputs marks a type whose provider compares what the program gives with what it
	// gave before, and in a refresh the state with the state before: what the cloud
	// makes of an input may look otherwise.
	ByInputs bool
	// Revise checks a change of an object in the cloud: what cannot be changed.
	Revise func(have, want *Object) error
	// Computed are input paths that the cloud fills when they are left out, so
	// that their presence in the state is no change.
	Computed []string
	// Replace are the paths whose change needs a new object.
	Replace []string
	// ReplaceWhen returns paths whose change needs a new object in some directions
	// only, such as a disk that shrinks. It may be nil.
	ReplaceWhen func(have, want *Object) []string
	// Refs are the paths that name another object.
	Refs map[string]Ref
	// Needs are what must be there beside what the inputs name.
	Needs []Need

	// Additive marks what may be made twice: an IAM member, an enabled API.
	Additive bool
	// Forgets marks a type whose deletion leaves the object in the cloud when
	// it returns true: an API that is not disabled on destroy.
	Forgets func(o *Object) bool
	// Guard tells why the object may not be deleted now: deletion protection.
	Guard func(o *Object) error
	// Empties tells why a part of the object cannot go when the object is deleted.
	Empties func(part *Object) error
	// DeleteFirst marks a type whose provider deletes the old object before it
	// creates the one that replaces it, unless one of the Identity changes.
	DeleteFirst bool
	// Identity are the paths that tell objects apart: where one changes, the old
	// object and the new one can stand side by side.
	Identity []string
	// Retires says how long an id, or the Global name, stays taken after deletion, or
	// is empty.
	Retires string
	// Locks is the template of the start of the ids of objects that cannot be deleted
	// while this one exists.
	Locks string

	args, state *shape
}

// A Rule says what is wrong with a value, or nil. It sees known values only.
type Rule func(v resource.PropertyValue) error

// A Check says what is wrong with an object, or nil. Where a value is unknown
// it must not object.
type Check func(o *Object) error

// Ref says what a property names.
type Ref struct {
	// Types are the types that it may name.
	Types []string
	// Holds says that the named object cannot be deleted while this one exists.
	Holds bool
	// Within says that this object goes when the named one is deleted.
	Within bool
	// Free may name what is not simulated.
	Free bool
}

// A Need is something that must be there before an object can be made, though no
// input names it: one of Any.
type Need struct {
	Any []Named
	// Missing is what the cloud says otherwise.
	Missing string
}

// Named is an object of a type by one of its names.
type Named struct{ Type, Name string }

// Names refers to an object of one of types.
func Names(types ...string) Ref { return Ref{Types: types} }

// Within refers to an object of one of types that this one is a part of.
func Within(types ...string) Ref { return Ref{Types: types, Within: true} }

// Holds refers to an object of one of types and keeps it from being deleted.
func Holds(types ...string) Ref { return Ref{Types: types, Holds: true} }

// prepare reads the structure, false if this program does not link it. It panics
// on a Kind that its author got wrong, since no user can cause that.
func (k *Kind) prepare() bool {
	of, linked := structures[k.Type]
	if !linked {
		return false
	}
	k.args = inputShape(of.args)
	k.state = stateShape(of.result)
	for _, path := range slices.Concat(k.Required, k.Computed, k.Replace, k.Identity, keys(k.Rules), keys(k.Defaults), keys(k.Refs)) {
		if k.args.at(path) == nil {
			panic(fmt.Sprintf("%s: no input %q", k.Type, path))
		}
	}
	for name := range k.Outputs {
		if k.state.fields[name] == nil {
			panic(fmt.Sprintf("%s: no output %q", k.Type, name))
		}
	}
	return true
}

// Problem is one thing wrong with a resource's inputs.
type Problem struct {
	Path   string
	Reason string
}

func (p Problem) Error() string { return p.Path + ": " + p.Reason }

// Check returns everything that is wrong with the inputs of a resource.
// Unknown values pass: what they become is checked when it is known.
func (k *Kind) Check(inputs resource.PropertyMap) []Problem {
	root := resource.NewObjectProperty(inputs)
	problems := k.args.check(root, "")
	for _, path := range sorted(k.Required) {
		problems = append(problems, required(root, path)...)
	}
	wrong := map[string]bool{} // of another type than a rule expects
	for _, problem := range problems {
		wrong[problem.Path] = true
	}
	for _, path := range keys(k.Rules) {
		each(root, path, func(at string, v resource.PropertyValue) {
			if wrong[at] {
				return
			}
			if err := k.Rules[path](v); err != nil {
				problems = append(problems, Problem{at, err.Error()})
			}
		})
	}
	if len(problems) > 0 {
		return problems // checks may rely on structure
	}
	for _, check := range k.Checks {
		if err := check(&Object{Kind: k, Props: inputs}); err != nil {
			var p Problem
			if !errors.As(err, &p) {
				p = Problem{"", err.Error()}
			}
			problems = append(problems, p)
		}
	}
	return problems
}

// autonamed says whether the provider invents the name when it is left out:
// the input is optional although the output always has a value.
func (k *Kind) autonamed() bool {
	in, out := k.args.fields["name"], k.state.fields["name"]
	return in != nil && out != nil && !in.required && out.required && in.kind == reflect.String
}

// fills says whether the cloud gives a top-level property a value when inputs
// leave it out.
func (k *Kind) fills(property string) bool {
	out := k.state.fields[property]
	return out != nil && (out.required || slices.Contains(k.Computed, property))
}
