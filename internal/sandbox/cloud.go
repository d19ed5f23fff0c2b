package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// The operations of a cloud on its store. Their errors read like an API's: a
// number, what, and which object.

// create makes an object and returns its id and state.
func (s *Store) create(o *Object) (string, resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.introduce(o)
	o.complete(false)
	id, known := o.id()
	if !known {
		return "", nil, fmt.Errorf("error 400: %s: id %q: a part of it is missing", o.Kind.Type, o.Kind.ID)
	}
	k := key{o.Kind.Type, o.Place.full(id)}
	if err := s.beside(key{}, o); err != nil { // it tells more than that an id is taken
		return "", nil, err
	}
	global, name, taken := o.global(), id, k
	if global != "" {
		name, taken = global, key{k.Type, global}
	}
	if until := s.retired[taken]; until != "" {
		return "", nil, fmt.Errorf("error 409: %s %q was deleted, and the cloud keeps the name taken for %s; choose another name, or "+
			"restore and import it", k.Type, name, until)
	}
	if other, twice := s.namesake(k, global); twice {
		return "", nil, fmt.Errorf("error 409: %s %q: the name %q is taken by %q: there is one of it in all of the cloud", k.Type, id, global, other.ID)
	}
	if _, exists := s.objects[k]; exists && !o.Kind.Additive {
		return "", nil, fmt.Errorf("error 409: %s %q already exists; import it, or delete it", k.Type, id)
	}
	for _, need := range o.Kind.Needs {
		if !s.anyOf(need.Any, o.Place) {
			return "", nil, fmt.Errorf("error 404: %s %q: %s", k.Type, id, need.Missing)
		}
	}
	return id, o.Props, s.keep(k, o)
}

// keep writes an object after its references have been resolved.
func (s *Store) keep(k key, o *Object) error {
	held, within := []key{}, []key{}
	if o.Place.ID != "" {
		within = append(within, key{o.Place.Type, o.Place.ID})
	}
	var missing error
	for _, path := range keys(o.Kind.Refs) {
		ref := o.Kind.Refs[path]
		o.Each(path, func(at string, v resource.PropertyValue) {
			target, found := s.named(ref.Types, o.scoped(ref.Types[0], v.StringValue()), o.Props)
			switch {
			case v.StringValue() == "" || !found && ref.Free:
			case !found:
				missing = fmt.Errorf("error 404: %s %q: %s refers to %q, and there is no such %s",
					k.Type, o.Place.local(k.ID), at, v.StringValue(), ref.Types[0])
			case ref.Holds:
				held = append(held, target)
			case ref.Within:
				within = append(within, target)
			}
		})
	}
	if missing != nil {
		return missing
	}
	given := s.objects[k] != nil && s.objects[k].Given
	locks := ""
	if begins, known := o.Render(o.Kind.Locks); known && begins != "" {
		locks = o.Place.full(begins)
	}
	return s.put(k, &object{
		State: o.Props, Names: o.aliases(), Holds: held, Within: within, Given: given, Locks: locks, Global: o.global(),
	})
}

// introduce gives an object those that it names.
func (s *Store) introduce(o *Object) {
	o.refs = map[string]*Object{}
	for path, ref := range o.Kind.Refs {
		o.Each(path, func(at string, v resource.PropertyValue) {
			if target, found := s.named(ref.Types, o.scoped(ref.Types[0], v.StringValue()), o.Props); found {
				o.refs[at] = &Object{Props: s.objects[target].State}
			}
		})
	}
}

// beside says why an object cannot stand beside the others, all but the one at k,
// which it is.
func (s *Store) beside(k key, o *Object) error {
	all := func(typ string) []*Object {
		var objects []*Object
		for other, there := range s.objects {
			if other.Type == typ && other != k && strings.HasPrefix(other.ID, o.scoped(typ, "")) {
				found := &Object{Props: there.State, Config: o.Config, Place: o.Place}
				if typ == o.Kind.Type {
					found.Kind = o.Kind
				}
				objects = append(objects, found)
			}
		}
		return objects
	}
	var err error
	if o.Kind.Beside != nil {
		err = o.Kind.Beside(o, all(o.Kind.Type))
	}
	if err == nil && o.Kind.Among != nil {
		err = o.Kind.Among(o, all)
	}
	if err != nil {
		return fmt.Errorf("error 400: %w", err)
	}
	return nil
}

// update replaces an object's state.
func (s *Store) update(id string, o *Object) (resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{o.Kind.Type, o.Place.full(id)}
	have, exists := s.objects[k]
	if !exists {
		return nil, fmt.Errorf("error 404: %s %q is not found; it was deleted behind Pulumi's back: run refresh", k.Type, id)
	}
	if o.Kind.Revise != nil {
		if err := o.Kind.Revise(&Object{Kind: o.Kind, Props: have.State, Config: o.Config}, o); err != nil {
			return nil, fmt.Errorf("error 422: %s %q: %w", k.Type, id, err)
		}
	}
	s.introduce(o)
	o.complete(false)
	if err := s.beside(k, o); err != nil {
		return nil, err
	}
	return o.Props, s.keep(k, o)
}

// settle brings to its end what the cloud takes its time for.
func (s *Store) settle(id string, o *Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{o.Kind.Type, o.Place.full(id)}
	have, exists := s.objects[k]
	if !exists || o.Kind.Settle == nil {
		return nil
	}
	settled := *have
	settled.State = resource.NewPropertyMapFromMap(have.State.Mappable()) // a copy to the bottom
	o.Kind.Settle(&Object{Kind: o.Kind, Props: settled.State, Config: o.Config, Place: o.Place}, func(n Named) bool {
		return s.anyOf([]Named{n}, Place{})
	})
	return s.put(k, &settled)
}

// read is an object's state, false if there is none.
func (s *Store) read(typ, id string, place Place) (resource.PropertyMap, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.objects[key{typ, place.full(id)}]; ok {
		return o.State.Copy(), true
	}
	return nil, false
}

// imports reads the object that an import names.
func (s *Store) imports(k *Kind, name string, place Place) (string, resource.PropertyMap, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, there := range s.objects {
		if at.Type != k.Type || !strings.HasPrefix(at.ID, place.prefix()) {
			continue
		}
		o := &Object{Kind: k, Props: there.State.Copy(), Place: place}
		if text, known := o.first(k.Imports); known && text == name {
			if k.Imported != nil {
				s.introduce(o)
				k.Imported(o)
			}
			return place.local(at.ID), o.Props, true
		}
	}
	return "", nil, false
}

// remove deletes an object unless something protects or holds it. Deleting what
// is gone is done, as with every provider. State is what Pulumi knows of it: some
// protections are the provider's and live only there.
func (s *Store) remove(id string, o *Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{o.Kind.Type, o.Place.full(id)}
	have, exists := s.objects[k]
	if !exists || o.Kind.Forgets != nil && o.Kind.Forgets(o) {
		return nil
	}
	if guard := o.Kind.Guard; guard != nil {
		for _, state := range []resource.PropertyMap{o.Props, have.State} {
			if err := guard(&Object{Kind: o.Kind, Props: state, Config: o.Config}); err != nil {
				return fmt.Errorf("error 400: %s %q: %w", k.Type, id, err)
			}
		}
	}
	if by, locked := s.locker(k); locked {
		return fmt.Errorf("error 409: ScopeLocked: %s %q cannot be deleted: %s %q is above it", k.Type, id, by.Type, by.ID)
	}
	if by, held := s.holder(k); held {
		return fmt.Errorf("error 400: %s %q is in use by %s %q", k.Type, id, by.Type, by.ID)
	}
	if err := s.emptied(k, o.Kind); err != nil {
		return fmt.Errorf("error 409: %s %q: %w", k.Type, id, err)
	}
	return s.drop(k, o.Kind.Retires)
}

// emptied says why a part of the object at k cannot go with it.
func (s *Store) emptied(k key, kind *Kind) error {
	if kind.Empties == nil {
		return nil
	}
	for part, o := range s.objects {
		if slices.Contains(o.Within, k) {
			if err := kind.Empties(&Object{Props: o.State}); err != nil {
				return fmt.Errorf("%s %q: %w", part.Type, part.ID, err)
			}
		}
	}
	return nil
}

// anyOf says whether one of the objects named is there, in a place or outside of all.
func (s *Store) anyOf(named []Named, place Place) bool {
	return slices.ContainsFunc(named, func(n Named) bool {
		return len(s.names[key{n.Type, place.full(n.Name)}]) > 0
	})
}

// place tells where the objects of a provider live.
func (s *Store) place(pkg *Package, config resource.PropertyMap) (Place, error) {
	if pkg.Place == nil {
		return Place{}, nil
	}
	return pkg.Place(config, func(typ, name string) (string, bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		k, found := s.named([]string{typ}, name, nil)
		return k.ID, found
	})
}

// find is the object of a type that a lookup names.
func (s *Store) find(typ, name string, asks resource.PropertyMap) (string, resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.named([]string{typ}, name, asks)
	if !ok {
		return "", nil, fmt.Errorf("error 404: there is no %s %q in the simulated cloud; what stands there before any stack is "+
			"listed in sandbox.yaml", typ, name)
	}
	return k.ID, s.objects[k].State.Copy(), nil
}
