package sandbox

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// shape is the structure of a value as the SDK's types tell it.
type shape struct {
	kind     reflect.Kind // String, Bool, Int, Float64, Slice, Map, Struct; Interface takes anything
	required bool
	elem     *shape            // of a Slice or a Map
	fields   map[string]*shape // of a Struct
}

// inputShape reads the structure of an input struct, nested to the bottom. A
// pointer, slice, map or interface is optional there, anything else required.
func inputShape(args any) *shape {
	input, ok := args.(pulumi.Input)
	if !ok {
		panic(fmt.Sprintf("%T is no pulumi.Input", args))
	}
	return shapeOf(input.ElementType())
}

// stateShape reads the outputs of a resource struct. A required one always has
// a value: the user's, or one that the cloud computes.
func stateShape(state any) *shape {
	s := &shape{kind: reflect.Struct, fields: map[string]*shape{}}
	t := reflect.TypeOf(state)
	for i := range t.NumField() {
		tag, tagged := t.Field(i).Tag.Lookup("pulumi")
		if !tagged {
			continue
		}
		output, ok := reflect.Zero(t.Field(i).Type).Interface().(pulumi.Output)
		if !ok {
			panic(fmt.Sprintf("%T.%s is no pulumi.Output", state, t.Field(i).Name))
		}
		s.fields[tag] = shapeOf(output.ElementType())
	}
	return s
}

// shapeOf is the structure of a type. Types may hold themselves, as a subnet does
// the endpoints that hold their subnet, and so do their shapes.
func shapeOf(t reflect.Type) *shape {
	shapesMu.Lock()
	defer shapesMu.Unlock()
	return shapeIn(t)
}

var (
	shapesMu     sync.Mutex
	structShapes = map[reflect.Type]*shape{}
)

func shapeIn(t reflect.Type) *shape {
	switch t.Kind() {
	case reflect.Pointer:
		s := *shapeIn(t.Elem())
		s.required = false
		return &s
	case reflect.Struct:
		// archives and assets are structs without tags; none is used here
		if s := structShapes[t]; s != nil {
			return s
		}
		s := &shape{kind: reflect.Struct, required: true, fields: map[string]*shape{}}
		structShapes[t] = s // before its fields, which may hold the same type again
		for i := range t.NumField() {
			if tag, ok := t.Field(i).Tag.Lookup("pulumi"); ok {
				s.fields[strings.TrimSuffix(tag, ",optional")] = shapeIn(t.Field(i).Type)
			}
		}
		return s
	case reflect.Slice, reflect.Map:
		return &shape{kind: t.Kind(), elem: shapeIn(t.Elem())}
	case reflect.Int, reflect.Int32, reflect.Int64:
		return &shape{kind: reflect.Int, required: true}
	case reflect.Interface:
		return &shape{kind: reflect.Interface}
	default:
		return &shape{kind: t.Kind(), required: true}
	}
}

// at is the shape at a path, or nil.
func (s *shape) at(path string) *shape {
	for _, seg := range segments(path) {
		switch {
		case s == nil:
			return nil
		case seg == "[]" || seg == "{}":
			s = s.elem
		default:
			s = s.fields[seg]
		}
	}
	return s
}

// check compares a value with the shape.
func (s *shape) check(v resource.PropertyValue, path string) []Problem {
	v = plain(v)
	switch {
	case unknown(v) || s.kind == reflect.Interface:
		return nil
	case s.kind == reflect.Struct && v.IsObject():
		return s.checkFields(v.ObjectValue(), path)
	case s.kind == reflect.Map && v.IsObject():
		var problems []Problem
		for _, key := range v.ObjectValue().StableKeys() {
			problems = append(problems, s.elem.check(v.ObjectValue()[key], path+"["+string(key)+"]")...)
		}
		return problems
	case s.kind == reflect.Slice && v.IsArray():
		var problems []Problem
		for i, item := range v.ArrayValue() {
			problems = append(problems, s.elem.check(item, fmt.Sprintf("%s[%d]", path, i))...)
		}
		return problems
	case s.kind == reflect.String && v.IsString(),
		s.kind == reflect.Bool && v.IsBool(),
		s.kind == reflect.Float64 && v.IsNumber(),
		s.kind == reflect.Int && v.IsNumber() && v.NumberValue() == math.Trunc(v.NumberValue()):
		return nil
	}
	return []Problem{{path, fmt.Sprintf("want %s, got %s", s.name(), v.TypeString())}}
}

func (s *shape) checkFields(object resource.PropertyMap, path string) []Problem {
	var problems []Problem
	for _, key := range object.StableKeys() {
		field, known := s.fields[string(key)]
		switch {
		case strings.HasPrefix(string(key), "__"): // the engine's own
		case !known:
			problems = append(problems, Problem{join(path, string(key)), "unknown property"})
		case !absent(object[key]):
			problems = append(problems, field.check(object[key], join(path, string(key)))...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.fields)) {
		if s.fields[name].required && absent(object[resource.PropertyKey(name)]) {
			problems = append(problems, Problem{join(path, name), "missing required property"})
		}
	}
	return problems
}

func (s *shape) name() string {
	names := map[reflect.Kind]string{
		reflect.Slice: "a list", reflect.Map: "a map", reflect.Struct: "an object", reflect.Int: "an integer",
		reflect.Float64: "a number", reflect.String: "a string", reflect.Bool: "a boolean",
	}
	return names[s.kind]
}

// rest is a value with all that its structure has and it does not as unknown.
func (s *shape) rest(v resource.PropertyValue) resource.PropertyValue {
	switch {
	case v.IsObject() && s.kind == reflect.Struct:
		out := v.ObjectValue().Copy()
		for name, field := range s.fields {
			key := resource.PropertyKey(name)
			if absent(out[key]) {
				out[key] = resource.MakeComputed(resource.NewProperty(""))
			} else {
				out[key] = field.rest(plain(out[key]))
			}
		}
		return resource.NewProperty(out)
	case v.IsArray() && s.kind == reflect.Slice:
		items := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, item := range v.ArrayValue() {
			items[i] = s.elem.rest(plain(item))
		}
		return resource.NewProperty(items)
	}
	return v
}

// zero is the value of an output that no Kind computes.
func (s *shape) zero() resource.PropertyValue {
	switch s.kind {
	case reflect.String:
		return resource.NewProperty("")
	case reflect.Bool:
		return resource.NewProperty(false)
	case reflect.Int, reflect.Float64:
		return resource.NewProperty(0.0)
	case reflect.Slice:
		return resource.NewProperty([]resource.PropertyValue{})
	default:
		return resource.NewProperty(resource.PropertyMap{})
	}
}
