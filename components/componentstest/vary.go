package componentstest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

// Vary says what a generic change cannot know of some inputs.
type Vary struct {
	// Values are valid other values by path, such as "Tier" or "Rules[0].Action",
	// for inputs where adding to a string or a number gives an invalid one.
	Values map[string]any
	// Exempt are the inputs that may change nothing or stay unset, each with all
	// that is below it, with the reason.
	Exempt map[string]string
}

// NoDeadInput proves that every input does something: it changes each leaf
// field of what full returns, one at a time, runs the program and demands
// another set of registrations. full must set every field, so that none
// escapes; a slice or a map needs one element.
func NoDeadInput[A any](t *testing.T, full func() *A, program func(*A) pulumi.RunFunc, vary Vary, options ...Option) {
	t.Helper()
	run := func(args *A) (string, error) {
		all, err := Run(t, program(args), options...)
		return fingerprint(all), err
	}
	base, err := run(full())
	require.NoError(t, err, "the full arguments must be valid")
	paths := leaves(t, reflect.ValueOf(full()).Elem(), "", vary.Exempt)
	for _, path := range paths {
		if reason, exempt := vary.Exempt[path]; exempt {
			require.NotEmpty(t, reason, "%s: an exemption needs its reason", path)
			continue
		}
		args := full()
		change(t, reflect.ValueOf(args).Elem(), "", path, vary.Values)
		switch got, err := run(args); {
		case err != nil:
			t.Errorf("%s: give another valid value in Vary.Values: %v", path, err)
		case got == base:
			t.Errorf("%s: changing it changes no registration: a dead input", path)
		}
	}
	for path := range vary.Values {
		if !slices.Contains(paths, path) {
			t.Errorf("Vary.Values[%q]: there is no such input", path)
		}
	}
	for path := range vary.Exempt {
		if !slices.Contains(paths, path) {
			t.Errorf("Vary.Exempt[%q]: there is no such input", path)
		}
	}
}

// fingerprint is all that the engine would see of a run.
func fingerprint(all Registrations) string {
	type seen struct {
		URN, Provider, DeletedWith string
		Inputs                     map[string]any
		Protect, Retain            bool
		Ignore, Aliases, Secrets   []string
		Timeout                    string
		DeleteFirst, ImportID      string
	}
	var list []seen
	for _, r := range all {
		list = append(list, seen{
			r.URN, r.Provider, r.DeletedWith, r.Inputs.Mappable(), r.Protect, r.RetainOnDelete, r.IgnoreChanges, r.Aliases,
			r.Secrets, r.RPC.GetCustomTimeouts().String(),
			fmt.Sprint(r.RPC.GetDeleteBeforeReplaceDefined(), r.RPC.GetDeleteBeforeReplace()), r.RPC.GetImportId(),
		})
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // plain maps always marshal
	}
	return string(text)
}

var inputType = reflect.TypeFor[pulumi.Input]()

// leaves lists the paths of all values that can be changed on their own.
func leaves(t *testing.T, v reflect.Value, path string, exempt map[string]string) []string {
	t.Helper()
	if _, skip := exempt[path]; skip {
		return []string{path}
	}
	if v.IsZero() && v.Kind() != reflect.Bool && v.Kind() != reflect.Int {
		t.Errorf("%s is not set in the full arguments", path)
		return nil
	}
	if v.Type().Implements(inputType) {
		return []string{path}
	}
	var paths []string
	switch v.Kind() {
	case reflect.Pointer:
		return leaves(t, v.Elem(), path, exempt)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				paths = append(paths, leaves(t, v.Field(i), joined(path, field.Name), exempt)...)
			}
		}
	case reflect.Slice:
		return leaves(t, v.Index(0), path+"[0]", exempt)
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		key := keys[0]
		return leaves(t, v.MapIndex(key), fmt.Sprintf("%s[%v]", path, key), exempt)
	default:
		return []string{path}
	}
	return paths
}

// change sets the leaf at path to another value.
func change(t *testing.T, v reflect.Value, at, path string, values map[string]any) {
	t.Helper()
	if at == path {
		v.Set(other(t, v, path, values))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(v.Type().Elem())
		fresh.Elem().Set(v.Elem())
		change(t, fresh.Elem(), at, path, values)
		v.Set(fresh)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && within(joined(at, field.Name), path) {
				change(t, v.Field(i), joined(at, field.Name), path, values)
			}
		}
	case reflect.Slice:
		if within(at+"[0]", path) {
			fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(fresh, v)
			change(t, fresh.Index(0), at+"[0]", path, values)
			v.Set(fresh)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if next := fmt.Sprintf("%s[%v]", at, key); within(next, path) {
				item := reflect.New(v.Type().Elem()).Elem()
				item.Set(v.MapIndex(key))
				change(t, item, next, path, values)
				fresh := reflect.MakeMap(v.Type())
				for _, k := range v.MapKeys() {
					fresh.SetMapIndex(k, v.MapIndex(k))
				}
				fresh.SetMapIndex(key, item)
				v.Set(fresh)
			}
		}
	}
}

func within(at, path string) bool {
	return at == path || len(path) > len(at) && path[:len(at)] == at && (path[len(at)] == '.' || path[len(at)] == '[')
}

func joined(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// other is a value different from v: the given one, or one made from v.
func other(t *testing.T, v reflect.Value, path string, values map[string]any) reflect.Value {
	t.Helper()
	if given, ok := values[path]; ok {
		value := reflect.ValueOf(given)
		if !value.Type().AssignableTo(v.Type()) {
			value = value.Convert(v.Type())
		}
		return value
	}
	fresh := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		fresh.SetString(v.String() + "x")
	case reflect.Bool:
		fresh.SetBool(!v.Bool())
	case reflect.Int:
		fresh.SetInt(v.Int() + 1)
	case reflect.Float64:
		fresh.SetFloat(v.Float() + 1)
	case reflect.Interface:
		fresh.Set(reflect.ValueOf(pulumi.String("changed")))
	default:
		t.Errorf("%s: no other %s is known: give one in Vary.Values", path, v.Type())
		return v
	}
	return fresh
}
