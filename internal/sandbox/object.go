package sandbox

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Object is one resource as a Kind sees it: its properties, and the
// configuration of the provider that manages it.
type Object struct {
	Kind   *Kind
	Props  resource.PropertyMap
	Config resource.PropertyMap
	// Place is what the object lives in, if its package has places.
	Place Place

	refs map[string]*Object
}

// Get is the value at a dotted path without wildcards, null where there is none.
func (o *Object) Get(path string) resource.PropertyValue {
	v := resource.NewObjectProperty(o.Props)
	for _, seg := range segments(path) {
		if v = plain(v); !v.IsObject() {
			return resource.NewNullProperty()
		}
		v = v.ObjectValue()[resource.PropertyKey(seg)]
	}
	if v = plain(v); absent(v) {
		return resource.NewNullProperty()
	}
	return v
}

// Ref is the object in the cloud that the reference at a concrete path names, nil
// where there is none, as outside of a cloud. [Kind.Fill] and [Kind.Beside] may ask.
func (o *Object) Ref(path string) *Object { return o.refs[path] }

// Has says whether path is present, be it unknown.
func (o *Object) Has(path string) bool { return !o.Get(path).IsNull() }

// Known says whether path is present and known.
func (o *Object) Known(path string) bool { return o.Has(path) && !unknown(o.Get(path)) }

// Str is the string at path, "" where there is no known one.
func (o *Object) Str(path string) string {
	if v := o.Get(path); v.IsString() {
		return v.StringValue()
	}
	return ""
}

// Bool is the boolean at path, false where there is no known one.
func (o *Object) Bool(path string) bool {
	v := o.Get(path)
	return v.IsBool() && v.BoolValue()
}

// Num is the number at path, 0 where there is no known one.
func (o *Object) Num(path string) float64 {
	if v := o.Get(path); v.IsNumber() {
		return v.NumberValue()
	}
	return 0
}

// Each visits every known value at a path, wildcards included.
func (o *Object) Each(path string, visit func(at string, v resource.PropertyValue)) {
	each(resource.NewObjectProperty(o.Props), path, visit)
}

// Set writes a Go value at a dotted path, making the objects on the way.
func (o *Object) Set(path string, value any) {
	segs := segments(path)
	object := o.Props
	for _, seg := range segs[:len(segs)-1] {
		next := plain(object[resource.PropertyKey(seg)])
		if !next.IsObject() {
			next = resource.NewObjectProperty(resource.PropertyMap{})
		}
		object[resource.PropertyKey(seg)] = next
		object = next.ObjectValue()
	}
	object[resource.PropertyKey(segs[len(segs)-1])] = resource.NewPropertyValue(value)
}

// Default writes a Go value at a dotted path where there is none.
func (o *Object) Default(path string, value any) {
	if !o.Has(path) {
		o.Set(path, value)
	}
}

func (o *Object) present(paths []string) []string {
	var set []string
	for _, path := range paths {
		if o.Has(path) {
			set = append(set, path)
		}
	}
	return set
}

var placeholder = regexp.MustCompile(`\{[a-zA-Z.]+\}`)

// Render fills a template's {placeholders} from the object's properties. It
// reports false when one of them is unknown or absent.
func (o *Object) Render(template string) (string, bool) {
	complete := true
	text := placeholder.ReplaceAllStringFunc(template, func(p string) string {
		path := strings.Trim(p, "{}")
		v := o.Get(path)
		if key, configured := strings.CutPrefix(path, "provider."); configured {
			v = plain(o.Config[resource.PropertyKey(key)])
		}
		switch {
		case v.IsString():
			return v.StringValue()
		case v.IsNumber() || v.IsBool():
			return fmt.Sprint(v.V)
		}
		complete = false
		return p
	})
	return text, complete
}

// first fills the first of several templates, parted by "|", that can be filled.
func (o *Object) first(templates string) (string, bool) {
	for _, template := range strings.Split(templates, "|") {
		if text, known := o.Render(template); known {
			return text, true
		}
	}
	return "", false
}

// id is the object's id, false while something in it is unknown.
func (o *Object) id() (string, bool) { return o.Render(o.Kind.ID) }

// global is the object's name that is unique in all of the cloud, empty where it has none.
func (o *Object) global() string {
	if o.Kind.Global == "" {
		return ""
	}
	if name, known := o.Render(o.Kind.Global); known {
		return name
	}
	return ""
}

// pending is the id that the object will have, false while it cannot be told.
func (o *Object) pending() (string, bool) {
	completed := *o
	completed.Props = resource.NewPropertyMapFromMap(o.Props.Mappable())
	completed.complete(false)
	return completed.id()
}

// aliases are all strings by which others may refer to the object.
func (o *Object) aliases() []string {
	var names []string
	for _, template := range append([]string{o.Kind.ID}, o.Kind.Names...) {
		if name, ok := o.Render(template); ok {
			names = append(names, o.Place.full(name))
		}
	}
	return names
}

// scoped is a name of an object of a type as the store has it, as seen from this
// object: only those of its own package live where it lives.
func (o *Object) scoped(typ, name string) string {
	own, _, _ := strings.Cut(o.Kind.Type, ":")
	if strings.HasPrefix(typ, own+":") {
		return o.Place.full(name)
	}
	return name
}

// complete gives every output of the object a value. In the preview of a
// create what the cloud computes is unknown.
func (o *Object) complete(planned bool) {
	delete(o.Props, invented)
	for _, name := range keys(o.Kind.args.fields) {
		key := resource.PropertyKey(name)
		if o.Kind.fills(name) && !o.Has(name) && !absent(o.Config[key]) {
			o.Props[key] = o.Config[key] // project and region default to the provider's
		}
	}
	if planned {
		o.plan()
		return
	}
	for _, name := range keys(o.Kind.Outputs) {
		if text, ok := o.Render(o.Kind.Outputs[name]); ok {
			o.Set(name, text)
		} else {
			o.Props[resource.PropertyKey(name)] = resource.MakeComputed(resource.NewProperty(""))
		}
	}
	if o.Kind.Fill != nil && !o.Props.ContainsUnknowns() {
		o.Kind.Fill(o)
	}
	for name, s := range o.Kind.state.fields {
		if s.required && !o.Has(name) {
			o.Props[resource.PropertyKey(name)] = s.zero()
		}
	}
}

// plan marks as unknown every output that inputs do not give. Where the provider maps
// inputs on the structure of the answer, that goes to the bottom.
func (o *Object) plan() {
	for name, s := range o.Kind.state.fields {
		key := resource.PropertyKey(name)
		_, input := o.Kind.args.fields[name]
		switch {
		case !o.Has(name) && (!input || s.required || o.Kind.fills(name)):
			o.Props[key] = resource.MakeComputed(resource.NewProperty(""))
		case o.Has(name) && o.Kind.ByInputs:
			o.Props[key] = s.rest(plain(o.Props[key]))
		}
	}
}
