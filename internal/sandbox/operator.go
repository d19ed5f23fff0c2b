package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// What an operator does to a cloud with his own hands, behind Pulumi's back.

// Item is one object of the clouds, for listing.
type Item struct {
	Type  string         `json:"type"`
	ID    string         `json:"id"`
	Given bool           `json:"given,omitempty"`
	State map[string]any `json:"state,omitempty"`
}

// List lists all objects, by type and id.
func (s *Store) List() []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var items []Item
	for k, o := range s.objects {
		items = append(items, Item{k.Type, k.ID, o.Given, o.State.Mappable()})
	}
	slices.SortFunc(items, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	return items
}

// Change sets a property of an object behind Pulumi's back; path is dotted, such
// as "settings.tier".
func (s *Store) Change(typ, id, path string, value any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := key{typ, id}
	o, ok := s.objects[k]
	if !ok {
		return s.missing(typ, id)
	}
	p, err := resource.ParsePropertyPath(path)
	if err != nil {
		return fmt.Errorf("%q is no property path: %w", path, err)
	}
	// a copy to the bottom: what is changed must not be seen if it cannot be written
	state := resource.NewProperty(resource.NewPropertyMapFromMap(o.State.Mappable()))
	if !p.Set(state, resource.NewPropertyValue(value)) {
		return fmt.Errorf("%s %s has no property %q", typ, id, path)
	}
	changed := *o
	changed.State = state.ObjectValue()
	return s.put(k, &changed)
}

// Remove deletes an object behind Pulumi's back, whatever protects it.
func (s *Store) Remove(typ, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.objects[key{typ, id}]; !ok {
		return s.missing(typ, id)
	}
	return s.drop(key{typ, id}, "")
}

func (s *Store) missing(typ, id string) error {
	var ids []string
	for k := range maps.Keys(s.objects) {
		if k.Type == typ {
			ids = append(ids, k.ID)
		}
	}
	if len(ids) == 0 {
		return fmt.Errorf("the sandbox holds no %s; `infra sandbox list` shows what it holds", typ)
	}
	slices.Sort(ids)
	return fmt.Errorf("the sandbox holds no %s %q, only %s", typ, id, strings.Join(ids, ", "))
}
