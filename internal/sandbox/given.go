package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"gopkg.in/yaml.v3"
)

// Give puts into the store what stands in the clouds before any stack: the
// objects listed in the YAML file at path, each with its type and its inputs. No
// file means an empty cloud. What is there already stays as it is.
func (s *Store) Give(path string, packages ...*Package) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	var given []struct {
		Type   string         `yaml:"type"`
		Inputs map[string]any `yaml:"inputs"`
		In     Place          `yaml:"in"` // In is what it lives in, such as a cluster.
	}
	if err := yaml.Unmarshal(text, &given); err != nil {
		return fmt.Errorf("sandbox: %s: %w", path, err)
	}
	byName := map[string]*Package{}
	for _, pkg := range packages {
		byName[pkg.Name] = pkg
	}
	for i, g := range given {
		if err := s.give(byName, g.Type, g.Inputs, g.In); err != nil {
			return fmt.Errorf("sandbox: %s: entry %d: %w", path, i, err)
		}
	}
	return nil
}

func (s *Store) give(packages map[string]*Package, typ string, inputs map[string]any, in Place) error {
	name, _, _ := strings.Cut(typ, ":")
	pkg := packages[name]
	if pkg == nil {
		return fmt.Errorf("type %q belongs to no simulated package", typ)
	}
	k, err := pkg.Kind(typ)
	if err != nil {
		return err
	}
	props, problems := k.check("given", nil, resource.NewPropertyMapFromMap(inputs), nil)
	if len(problems) > 0 {
		return Problems(problems)
	}
	o := &Object{Kind: k, Props: props, Place: in}
	id, _ := o.pending() // the cloud may draw it
	if _, exists := s.read(typ, id, in); exists {
		return nil
	}
	if _, standing := s.objects[key{in.Type, in.ID}]; in != (Place{}) && !standing {
		return fmt.Errorf("in: there is no %s %q above it", in.Type, in.ID)
	}
	if id, _, err = s.create(o); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := key{typ, in.full(id)}
	given := *s.objects[at]
	given.Given = true
	return s.put(at, &given)
}
