// Package components is the bracket that every component resource of this
// program is built with: it refuses bad arguments before anything is
// registered, names and parents the children, and registers the outputs.
package components

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args is what a component's argument struct promises.
type Args interface {
	// Validate reports every problem of the arguments at once, each naming
	// field, index and value, or nil.
	Validate() error
}

// Child names the children of one component and ties them to it.
type Child struct {
	component string
	parent    pulumi.Resource
}

// Name is the logical name of a child: the component's name, then the kind of
// child, then what tells several of a kind apart ("main-user-api"). Names are
// API: changing one needs an alias and a line in CHANGELOG.md.
func (c Child) Name(kind string, which ...string) string {
	return strings.Join(append([]string{c.component, kind}, which...), "-")
}

// Opts are the options of a child: its parent, which also hands down the
// provider and the protection of the component, then extra.
func (c Child) Opts(extra ...pulumi.ResourceOption) pulumi.ResourceOption {
	return pulumi.Composite(append([]pulumi.ResourceOption{pulumi.Parent(c.parent)}, extra...)...)
}

var nameShape = regexp.MustCompile(`^[a-z]([a-z0-9-]*[a-z0-9])?$`)

// IsName says whether s is fit to be a logical name or a part of one: lower-case
// letters, digits and inner hyphens, a letter first, as in names of any cloud.
func IsName(s string) bool { return nameShape.MatchString(s) }

// Build registers component under token and name, runs build for its children
// and registers every field of component that carries a `pulumi:"..."` tag as
// an output. It refuses, before anything is registered, a name that is not
// lower-case letters, digits and inner hyphens, and args that are nil or
// invalid; it fails if build leaves a tagged field unset.
//
// component must be a pointer to a struct that embeds pulumi.ResourceState.
func Build(
	ctx *pulumi.Context, token, name string, args Args, component pulumi.ComponentResource,
	build func(Child) error, opts ...pulumi.ResourceOption,
) error {
	where := fmt.Sprintf("%s %q", token, name)
	if err := refuse(name, args); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if err := ctx.RegisterComponentResource(token, name, component, opts...); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if err := build(Child{component: name, parent: component}); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	outputs, err := Outputs(component)
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if err := ctx.RegisterResourceOutputs(component, outputs); err != nil {
		return fmt.Errorf("%s: outputs: %w", where, err)
	}
	return nil
}

func refuse(name string, args Args) error {
	var p Problems
	p.Want(IsName(name), "name %q: want lower-case letters, digits and inner hyphens", name)
	if v := reflect.ValueOf(args); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		p.Want(false, "args are nil")
		return p.Err()
	}
	return errors.Join(p.Err(), args.Validate())
}

// Outputs collects the fields of the struct behind v that carry a
// `pulumi:"..."` tag, embedded structs included. A tagged field that is unset,
// or that is no pulumi.Input, is an error; all are reported at once.
func Outputs(v any) (pulumi.Map, error) {
	outputs := pulumi.Map{}
	var p Problems
	s := reflect.Indirect(reflect.ValueOf(v))
	for _, field := range reflect.VisibleFields(s.Type()) {
		tag, tagged := field.Tag.Lookup("pulumi")
		if !tagged || !field.IsExported() { // the engine's own are unexported
			continue
		}
		value := s.FieldByIndex(field.Index)
		input, isInput := value.Interface().(pulumi.Input)
		p.Want(isInput, "output %q: %s is no pulumi.Input", tag, field.Type)
		p.Want(!isInput || !value.IsZero(), "output %q is left unset", tag)
		outputs[tag] = input
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return outputs, nil
}
