package stacks

import (
	"fmt"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// take copies every field of settings into the field of the same name of a
// component's args, nested ones included, so that a setting that a component
// has under the same name needs no line here. A string fits a
// pulumi.StringInput. An empty field leaves what the args have. A field without
// its counterpart is a mistake of this program, not of its user: it panics, and
// the test of all settings finds it.
func take(args, settings any) {
	takeStruct(reflect.ValueOf(args).Elem(), reflect.Indirect(reflect.ValueOf(settings)), "")
}

func takeStruct(to, from reflect.Value, at string) {
	for i := range from.NumField() {
		name := from.Type().Field(i).Name
		field := to.FieldByName(name)
		if !field.IsValid() {
			panic(fmt.Sprintf("setting %s%s: %s has no such field", at, name, to.Type()))
		}
		takeValue(field, from.Field(i), at+name)
	}
}

var stringInput = reflect.TypeFor[pulumi.StringInput]()

func takeValue(to, from reflect.Value, at string) {
	switch {
	case from.IsZero():
	case from.Kind() == reflect.Struct && to.Kind() == reflect.Struct:
		takeStruct(to, from, at+".")
	case from.Kind() == reflect.Pointer && to.Kind() == reflect.Pointer:
		if to.IsNil() {
			to.Set(reflect.New(to.Type().Elem()))
		}
		takeValue(to.Elem(), from.Elem(), at)
	case to.Type() == stringInput && from.Kind() == reflect.String:
		to.Set(reflect.ValueOf(pulumi.String(from.String())))
	case from.Kind() == reflect.Slice && to.Kind() == reflect.Slice: // a copy: a design may change it, and is made twice
		to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			takeValue(to.Index(i), from.Index(i), at+"[]")
		}
	case from.Kind() == reflect.Map && to.Kind() == reflect.Map:
		to.Set(reflect.MakeMap(to.Type()))
		for _, key := range from.MapKeys() {
			item := reflect.New(to.Type().Elem()).Elem()
			takeValue(item, from.MapIndex(key), at+"[]")
			to.SetMapIndex(key, item)
		}
	case from.Kind() == to.Kind() && from.Type().ConvertibleTo(to.Type()):
		to.Set(from.Convert(to.Type()))
	default:
		panic(fmt.Sprintf("setting %s: %s does not fit %s", at, from.Type(), to.Type()))
	}
}
