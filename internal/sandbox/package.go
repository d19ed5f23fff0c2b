package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Package is one simulated provider: the types and functions of one SDK.
type Package struct {
	// Name is the Pulumi package name, such as "gcp".
	Name string
	// Version is the version of the SDK whose behaviour is simulated.
	Version string
	// Folder is where its kinds stand, for the message that refuses an unknown one.
	Folder string
	// Config is a zero value of the SDK's provider arguments.
	Config any
	// CheckConfig says what is wrong with the provider's configuration beyond its
	// structure. It may be nil.
	CheckConfig func(config resource.PropertyMap) []Problem
	// Place tells by the provider's configuration in which object of another package
	// its objects live, such as a cluster; find looks one up by a name. An error
	// says why that cannot be reached. It may be nil.
	Place func(config resource.PropertyMap, find func(typ, name string) (id string, found bool)) (Place, error)
	// Moves are the keys of the provider's configuration whose change needs a new
	// provider, and with it all its resources anew. It may be nil.
	Moves func(have, want resource.PropertyMap) []resource.PropertyKey
	// Kinds are the resource types it knows.
	Kinds []*Kind
	// Lookups are the functions it knows.
	Lookups []*Lookup

	kinds   map[string]*Kind
	lookups map[string]*Lookup
	config  *shape
}

var offered = map[string]func() *Package{}

// Offer makes a package known to all that simulate clouds. A program knows those
// that it imports.
func Offer(name string, make func() *Package) { offered[name] = sync.OnceValue(make) }

// Offered are the packages that this program knows, by name.
func Offered() []*Package {
	var packages []*Package
	for _, name := range keys(offered) {
		packages = append(packages, offered[name]())
	}
	return packages
}

// Lookup is a function that reads one object of the cloud.
type Lookup struct {
	Token string // Token is the function's token, such as "gcp:compute/getNetwork:getNetwork".
	Type  string // Type is the resource type it reads; none is a function of no object.
	// Key is a template over the arguments; it names the object as a reference would.
	// Of several, parted by "|", the first counts that the arguments fill.
	Key string
	// Checks are what the arguments must meet together.
	Checks []Check
	// Answer makes the result of the object, where it does not look like it. It may be nil.
	Answer func(o *Object) map[string]any
}

// Prepare reads the structure of every kind, once.
func (p *Package) Prepare() *Package {
	p.kinds, p.lookups = map[string]*Kind{}, map[string]*Lookup{}
	for _, k := range p.Kinds {
		if k.prepare() {
			p.kinds[k.Type] = k
		}
	}
	for _, l := range p.Lookups {
		p.lookups[l.Token] = l
	}
	p.config = inputShape(p.Config)
	return p
}

// Kind is the kind of a type, or an error that says where to add it.
func (p *Package) Kind(typ string) (*Kind, error) {
	if k := p.kinds[typ]; k != nil {
		return k, nil
	}
	if slices.ContainsFunc(p.Kinds, func(k *Kind) bool { return k.Type == typ }) {
		return nil, fmt.Errorf("this program does not link the structure of %s: import its package below %s/sdk", typ, p.Folder)
	}
	return nil, fmt.Errorf("the sandbox does not simulate %s: add a Kind to %s (it knows %d types)", typ, p.Folder, len(p.kinds))
}

// invented marks inputs whose name the provider made up.
const invented = "__invented"

// check completes a resource's inputs as the provider would, with defaults and
// an invented name, and returns what is wrong with them.
func (k *Kind) check(urnName string, seed []byte, news, config resource.PropertyMap) (resource.PropertyMap, []Problem) {
	inputs := resource.NewPropertyMapFromMap(news.Mappable()) // a copy to the bottom, since defaults are written into it
	if k.Adjust != nil {
		k.Adjust(&Object{Kind: k, Props: inputs, Config: config})
	}
	if k.autonamed() && absent(inputs["name"]) {
		sum := sha256.Sum256(append(seed, urnName...))
		inputs["name"] = resource.NewProperty(urnName + "-" + hex.EncodeToString(sum[:4])[:7])
		inputs[invented] = resource.NewProperty(true)
	}
	for _, path := range keys(k.Defaults) {
		fillDefault(resource.NewObjectProperty(inputs), segments(path), resource.NewPropertyValue(k.Defaults[path]))
	}
	return inputs, k.Check(inputs)
}

// fillDefault writes value wherever the parent of the path is there and the
// path itself is not.
func fillDefault(v resource.PropertyValue, segs []string, value resource.PropertyValue) {
	last := len(segs) - 1
	visitAll(v, segs[:last], "", func(_ string, parent resource.PropertyValue) {
		key := resource.PropertyKey(segs[last])
		if parent.IsObject() && absent(parent.ObjectValue()[key]) {
			parent.ObjectValue()[key] = value
		}
	})
}

// Register does for a unit test what check and create do for the engine, with
// no cloud behind it: it refuses what they would refuse and returns the id and
// the state that they would.
func (p *Package) Register(typ, name string, inputs, config resource.PropertyMap) (string, resource.PropertyMap, error) {
	k, err := p.Kind(typ)
	if err != nil {
		return "", nil, err
	}
	checked, problems := k.check(name, nil, inputs, config)
	if len(problems) > 0 {
		return "", nil, Problems(problems)
	}
	o := &Object{Kind: k, Props: checked, Config: config}
	o.complete(false)
	id, _ := o.id()
	return id, o.Props, nil
}

// lookup is the function behind a token, with its arguments checked.
func (p *Package) lookup(token string, args resource.PropertyMap) (*Lookup, error) {
	l := p.lookups[token]
	if l == nil {
		return nil, fmt.Errorf("the sandbox does not simulate the function %s: add a Lookup to %s", token, p.Folder)
	}
	of, linked := structures[token]
	if !linked {
		return nil, fmt.Errorf("this program does not link the structure of %s: import its package below %s/sdk", token, p.Folder)
	}
	if problems := shapeOf(reflect.TypeOf(of.args)).check(resource.NewObjectProperty(args), ""); len(problems) > 0 {
		return nil, Problems(problems)
	}
	for _, check := range l.Checks {
		if err := check(&Object{Props: args}); err != nil {
			return nil, fmt.Errorf("invoking %s: %w", token, err)
		}
	}
	return l, nil
}

// result is an object's state in the structure that the lookup returns.
func (l *Lookup) result(state resource.PropertyMap, id string) resource.PropertyMap {
	with := state.Copy()
	with["id"] = resource.NewProperty(id)
	if l.Answer != nil {
		with = resource.NewPropertyMapFromMap(l.Answer(&Object{Props: with}))
	}
	return reshape(resource.NewProperty(with), shapeOf(reflect.TypeOf(structures[l.Token].result))).ObjectValue()
}

// reshape fits a value to a lookup's result. There a single nested object
// stands in a list under the plural of its name.
func reshape(v resource.PropertyValue, s *shape) resource.PropertyValue {
	switch {
	case absent(v):
		return s.zero()
	case s.kind == reflect.Slice && !v.IsArray():
		return resource.NewProperty([]resource.PropertyValue{reshape(v, s.elem)})
	case s.kind == reflect.Slice:
		items := make([]resource.PropertyValue, len(v.ArrayValue()))
		for i, item := range v.ArrayValue() {
			items[i] = reshape(item, s.elem)
		}
		return resource.NewProperty(items)
	case s.kind == reflect.Struct && v.IsObject():
		out := resource.PropertyMap{}
		for name, field := range s.fields {
			out[resource.PropertyKey(name)] = reshape(named(v.ObjectValue(), name), field)
		}
		return resource.NewProperty(out)
	}
	return v
}

// named is a property under its name or under the singular of it.
func named(object resource.PropertyMap, name string) resource.PropertyValue {
	for _, n := range []string{name, strings.TrimSuffix(name, "s"), strings.TrimSuffix(name, "ies") + "y"} {
		if v := object[resource.PropertyKey(n)]; !absent(v) {
			return v
		}
	}
	return resource.NewNullProperty()
}

// Problems are all that is wrong with one resource, as one error.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	slices.SortFunc(lines, cmp.Compare)
	return strings.Join(lines, "; ")
}

// Invoke answers a function from what the store holds.
func (p *Package) Invoke(store *Store, token string, args, config resource.PropertyMap) (resource.PropertyMap, error) {
	l, err := p.lookup(token, args)
	if err != nil {
		return nil, err
	}
	asked := &Object{Props: args.Copy()}
	for name, value := range config {
		if absent(asked.Props[name]) {
			asked.Props[name] = value // project and region default to the provider's
		}
	}
	if l.Type == "" {
		return l.result(nil, ""), nil
	}
	name, known := asked.first(l.Key)
	if !known {
		return nil, fmt.Errorf("%s: %s cannot be told from the arguments", l.Token, l.Key)
	}
	id, state, err := store.find(l.Type, name, asked.Props)
	if err != nil {
		return nil, err
	}
	return l.result(state, id), nil
}

// Invent answers a function for a unit test, which has no cloud: an object that
// the arguments describe, completed as the cloud would.
func (p *Package) Invent(token string, args, config resource.PropertyMap) (resource.PropertyMap, error) {
	l, err := p.lookup(token, args)
	if err != nil {
		return nil, err
	}
	if l.Type == "" {
		return l.result(nil, ""), nil
	}
	k, err := p.Kind(l.Type)
	if err != nil {
		return nil, err
	}
	o := &Object{Kind: k, Props: args.Copy(), Config: config}
	o.complete(false)
	id, _ := o.id()
	return l.result(o.Props, id), nil
}

// PendingID is the id that creating a resource with these inputs gives under a
// provider of this configuration, false if it cannot be told. It finds again what a
// killed run may have left in the cloud.
func (p *Package) PendingID(typ string, inputs, config resource.PropertyMap) (string, bool) {
	k, err := p.Kind(typ)
	if err != nil {
		return "", false
	}
	return (&Object{Kind: k, Props: inputs, Config: config}).pending()
}
