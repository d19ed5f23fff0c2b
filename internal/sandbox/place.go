package sandbox

import "strings"

// Place is the object that others live in: two places may hold the same names.
type Place struct {
	Type string `yaml:"type"`
	ID   string `yaml:"id"`
	// Told says that the ids of the objects in it begin with its own.
	Told bool `yaml:"-"`
}

// full is an id or another name of an object in the place as the store has it.
func (p Place) full(name string) string {
	if p.Told && strings.HasPrefix(name, p.prefix()) {
		return name
	}
	return p.prefix() + name
}

// local is the id of which full made id.
func (p Place) local(id string) string {
	if p.Told {
		return id
	}
	return strings.TrimPrefix(id, p.prefix())
}

// prefix sets the ids of a place apart in the store.
func (p Place) prefix() string {
	if p.ID == "" {
		return ""
	}
	return p.ID + "/"
}
