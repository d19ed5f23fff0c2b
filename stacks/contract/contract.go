// Package contract is what each stack hands to the others: one typed struct a
// provider, exported as separate stack outputs and imported with the same
// struct. The tagged fields are the contract; a change that an older reader
// cannot follow raises [Version].
package contract

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// Version is the version of all contracts. Raise it when a key is removed or
// changes its meaning; adding a key needs no new version, since a reader that
// misses one is told which stack to bring up.
const Version = 1

// versionKey is the stack output that carries the version.
const versionKey = "contractVersion"

// Export registers every tagged field of a contract as an output of the stack. A
// field left unset is an error.
func Export(ctx *pulumi.Context, contract any) error {
	outputs, err := components.Outputs(contract)
	if err != nil {
		return fmt.Errorf("contract %T: %w", contract, err)
	}
	for key, value := range outputs {
		ctx.Export(key, value)
	}
	ctx.Export(versionKey, pulumi.Int(Version))
	return nil
}

// Import reads what the stack name (such as "dev-gcp") hands on. Every key that
// is missing or of another type is reported, and a version other than [Version].
// A stack that was never deployed gives unknown values and a warning in a
// preview, and in an update an error that says what to bring up first.
func Import[T any](ctx *pulumi.Context, name string) (*T, Facts, error) {
	ref, version, err := reference(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	imported := new(T)
	if version == nil {
		return imported, nil, undeployed(ctx, name, imported)
	}
	if v, ok := version.(float64); !ok || v != Version {
		return nil, nil, fmt.Errorf("stack %s: %w", name, wrongVersion(version))
	}
	var errs []error
	facts := Facts{}
	fields(imported, func(key string, field reflect.Value) {
		details, err := ref.GetOutputDetails(key)
		if err == nil {
			err = fill(field, key, details)
			facts[key] = details.Value
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("stack %s: %w", name, err))
		}
	})
	return imported, facts, errors.Join(errs...)
}

// reference refers to a stack, and tells the version of its contract, nil if it was
// never brought up.
func reference(ctx *pulumi.Context, name string) (ref *pulumi.StackReference, version any, err error) {
	ref, err = pulumi.NewStackReference(ctx, name, &pulumi.StackReferenceArgs{
		Name: pulumi.Sprintf("%s/%s/%s", ctx.Organization(), ctx.Project(), name),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("stack %s: %w", name, err)
	}
	details, err := ref.GetOutputDetails(versionKey)
	if err != nil {
		return nil, nil, fmt.Errorf("stack %s: %w", name, err)
	}
	return ref, details.Value, nil
}

// Peek are the facts that a stack handed on when it was last brought up, nil if it
// never was. It may be the running stack itself, so what an older program did not
// hand on is no error: the stack could then never be brought up again.
func Peek[T any](ctx *pulumi.Context, name string) (Facts, error) {
	ref, version, err := reference(ctx, name)
	if version == nil || err != nil {
		return nil, err
	}
	if v, ok := version.(float64); !ok || v > Version {
		return nil, fmt.Errorf("stack %s: %w", name, wrongVersion(version))
	}
	facts := Facts{}
	for _, key := range Keys[T]() {
		details, err := ref.GetOutputDetails(key)
		if err != nil {
			return nil, fmt.Errorf("stack %s: %w", name, err)
		}
		if details.Value != nil {
			facts[key] = details.Value
		}
	}
	return facts, nil
}

// Facts are the plain values of a contract by output, for what must be known
// before anything is registered. They are nil for a stack that was never brought
// up, and lack what is secret.
type Facts map[string]any

// At is the value at a key of a map that a stack hands on, m being the map of the
// output. What the stack, as it was last brought up, does not have is unknown: a
// preview may be ahead of it. [Ahead] says so.
func (f Facts) At(m pulumi.StringMapOutput, output, key string) pulumi.StringOutput {
	if f != nil && !f.Has(output, key) {
		return pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput)
	}
	return m.MapIndex(pulumi.String(key))
}

// Ahead reports what the settings name and another stack, as it was last brought up,
// does not give. In a preview, where that stack may be about to give it, these are
// warnings; in an update they are the error that registers nothing.
func Ahead(ctx *pulumi.Context, missing ...error) error {
	if !ctx.DryRun() {
		return errors.Join(missing...)
	}
	for _, err := range missing {
		if err := ctx.Log.Warn(err.Error()+"; what comes of it is unknown in this preview", nil); err != nil {
			return err
		}
	}
	return nil
}

// Has says whether the map of an output has a key.
func (f Facts) Has(output, key string) bool {
	items, _ := f[output].(map[string]any)
	_, has := items[key]
	return has
}

// List is the list of an output.
func (f Facts) List(output string) []string {
	var list []string
	items, _ := f[output].([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

// Lists says whether the list of an output has an item.
func (f Facts) Lists(output, item string) bool {
	return slices.Contains(f.List(output), item)
}

// Text is the string at a key of the map of an output.
func (f Facts) Text(output, key string) string {
	items, _ := f[output].(map[string]any)
	text, _ := items[key].(string)
	return text
}

func wrongVersion(found any) error {
	if v, ok := found.(float64); ok && v > Version {
		return fmt.Errorf("contract version %v is newer than this program's %d: update this checkout", v, Version)
	}
	return fmt.Errorf("contract version %v is not this program's %d: bring that stack up again first", found, Version)
}

// undeployed fills a contract with unknowns, which only a preview may have.
func undeployed(ctx *pulumi.Context, name string, contract any) error {
	if !ctx.DryRun() {
		return fmt.Errorf("stack %s was never brought up, and this stack needs it: bring it up first", name)
	}
	var errs []error
	fields(contract, func(key string, field reflect.Value) {
		if t, ok := fieldTypes[field.Type()]; ok {
			field.Set(reflect.ValueOf(t.unknown(pulumi.UnsafeUnknownOutput(nil))))
			return
		}
		errs = append(errs, noContractType(key, field))
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return ctx.Log.Warn(fmt.Sprintf("stack %s was never brought up: what this stack takes from it is unknown in this preview", name), nil)
}

// fields visits every tagged field of a contract.
func fields(contract any, visit func(key string, field reflect.Value)) {
	s := reflect.ValueOf(contract).Elem()
	for _, field := range reflect.VisibleFields(s.Type()) {
		if key, tagged := field.Tag.Lookup("pulumi"); tagged {
			visit(key, s.FieldByIndex(field.Index))
		}
	}
}

// Keys are the outputs that a contract consists of, beside its version.
func Keys[T any]() []string {
	var keys []string
	fields(new(T), func(key string, _ reflect.Value) { keys = append(keys, key) })
	return keys
}

// fill sets a field from the value of a stack's output.
func fill(field reflect.Value, key string, details *pulumi.StackReferenceOutputDetails) error {
	t, known := fieldTypes[field.Type()]
	if !known {
		return noContractType(key, field)
	}
	value, secret := details.Value, false
	if value == nil {
		value, secret = details.SecretValue, true
	}
	if value == nil {
		return fmt.Errorf("output %q (%s) is missing: bring that stack up again", key, t.name)
	}
	output, ok := t.of(value)
	if !ok {
		return fmt.Errorf("output %q is a %T, want %s: bring that stack up again", key, value, t.name)
	}
	if secret {
		output = pulumi.ToSecret(output)
	}
	field.Set(reflect.ValueOf(output))
	return nil
}

func noContractType(key string, field reflect.Value) error {
	return fmt.Errorf("%s is of type %s, which no contract can carry", key, field.Type())
}
