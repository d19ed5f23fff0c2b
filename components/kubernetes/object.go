package kubernetes

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	sdk "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// Object registers a custom resource whose spec is a struct; see [Map].
func Object(
	ctx *pulumi.Context, name, apiVersion, kind string, metadata metav1.ObjectMetaArgs, spec any, opts ...pulumi.ResourceOption,
) (*apiextensions.CustomResource, error) {
	fields, err := Map(spec)
	if err != nil {
		return nil, fmt.Errorf("spec of %s %q: %w", kind, name, err)
	}
	return apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(apiVersion),
		Kind:        pulumi.String(kind),
		Metadata:    metadata,
		OtherFields: sdk.UntypedArgs{"spec": fields},
	}, opts...)
}

// Map is a struct as the provider takes it, by the rules of encoding/json: every
// exported field has a `json:"name"` or `json:"name,omitempty"` tag, or "-", or
// is an embedded struct. Beside plain values a field, at any depth, may be a
// Pulumi input. Other than in JSON, what is nil is always left out, since null in
// an object is not the same as nothing to every API. What has no such form, or
// one of its own (json.Marshaler), is an error; all are reported at once.
func Map(v any) (pulumi.Map, error) {
	s := reflect.Indirect(reflect.ValueOf(v))
	if s.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%T is no struct", v)
	}
	c := &conversion{}
	m := c.object("", s)
	return m, c.Err()
}

type conversion struct{ components.Problems }

var (
	inputType   = reflect.TypeFor[pulumi.Input]()
	outputType  = reflect.TypeFor[pulumi.Output]()
	marshalType = reflect.TypeFor[json.Marshaler]()
)

func (c *conversion) object(at string, s reflect.Value) pulumi.Map {
	m := pulumi.Map{}
	c.fields(at, s, m)
	return m
}

// fields puts those of s into m.
func (c *conversion) fields(at string, s reflect.Value, m pulumi.Map) {
	for i := range s.NumField() {
		field, value := s.Type().Field(i), s.Field(i)
		tag, tagged := field.Tag.Lookup("json")
		if field.Anonymous && !tagged {
			c.embedded(at, field, value, m)
			continue
		}
		if !field.IsExported() && !field.Anonymous || tag == "-" {
			continue
		}
		key, option, _ := strings.Cut(tag, ",")
		path := strings.TrimPrefix(at+"."+key, ".")
		if key == "" || option != "" && option != "omitempty" {
			c.Want(false, "%s.%s: tag `%s`: want `json:\"name\"` or `json:\"name,omitempty\"`", s.Type(), field.Name, field.Tag)
			continue
		}
		if absent(value) || option == "omitempty" && empty(value) {
			continue
		}
		_, twice := m[key]
		c.Want(!twice, "%s: %s has it twice", path, s.Type())
		m[key] = c.value(path, value)
	}
}

// embedded puts the fields of a struct without a name of its own into m.
func (c *conversion) embedded(at string, field reflect.StructField, value reflect.Value, m pulumi.Map) {
	if absent(value) {
		return
	}
	inner := reflect.Indirect(value)
	if inner.Kind() != reflect.Struct || inner.Type().Implements(inputType) {
		c.Want(false, "%s: want a tag, for it is embedded and no struct", strings.TrimPrefix(at+"."+field.Name, "."))
		return
	}
	c.fields(at, inner, m)
}

// value is v, which is not absent.
func (c *conversion) value(at string, v reflect.Value) pulumi.Input {
	switch {
	case v.Type().Implements(inputType):
		return v.Interface().(pulumi.Input)
	case v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer:
		return c.value(at, v.Elem())
	case v.Type().Implements(marshalType) || reflect.PointerTo(v.Type()).Implements(marshalType):
		c.Want(false, "%s: %s has a JSON form of its own", at, v.Type())
		return nil
	case v.CanInt():
		return pulumi.Int(v.Int())
	case v.CanUint():
		return pulumi.Float64(v.Uint()) // any number is one to the engine
	case v.CanFloat():
		return pulumi.Float64(v.Float())
	}
	switch v.Kind() {
	case reflect.String:
		return pulumi.String(v.String())
	case reflect.Bool:
		return pulumi.Bool(v.Bool())
	case reflect.Struct:
		return c.object(at, v)
	case reflect.Slice, reflect.Array:
		return c.list(at, v)
	case reflect.Map:
		return c.entries(at, v)
	}
	c.Want(false, "%s: %s has no JSON form", at, v.Type())
	return nil
}

func (c *conversion) list(at string, v reflect.Value) pulumi.Input {
	if v.Type().Elem().Kind() == reflect.Uint8 { // base64 in JSON: let the field say so
		c.Want(false, "%s: %s: want a string", at, v.Type())
		return nil
	}
	items := pulumi.Array{}
	for i := range v.Len() {
		path := fmt.Sprintf("%s[%d]", at, i)
		if absent(v.Index(i)) {
			c.Want(false, "%s is nil", path)
			continue
		}
		items = append(items, c.value(path, v.Index(i)))
	}
	return items
}

func (c *conversion) entries(at string, v reflect.Value) pulumi.Input {
	if v.Type().Key().Kind() != reflect.String {
		c.Want(false, "%s: %s: want keys that are strings", at, v.Type())
		return nil
	}
	m := pulumi.Map{}
	for entries := v.MapRange(); entries.Next(); {
		key := entries.Key().String()
		if !absent(entries.Value()) {
			m[key] = c.value(fmt.Sprintf("%s[%q]", at, key), entries.Value())
		}
	}
	return m
}

// absent says whether v is nil, or an output that was never set.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return v.IsNil() || absent(v.Elem())
	case reflect.Map, reflect.Slice:
		return v.IsNil()
	case reflect.Struct:
		return v.Type().Implements(outputType) && v.IsZero()
	default:
		return false
	}
}

// empty says whether omitempty of encoding/json would leave v out. What stands
// behind a pointer or an interface, as an input mostly does, was given on purpose.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array:
		return v.Len() == 0
	case reflect.Struct, reflect.Interface, reflect.Pointer:
		return false
	default:
		return v.IsZero()
	}
}
