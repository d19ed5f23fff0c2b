// Package image puts the tag of an image into the files that deploy it: the
// Kustomize overlay of an environment and, where it is on Azure, its settings.
// Only the bytes of the tag change; comments and layout stay.
package image

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

var (
	nameShape = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)
	// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
	tagShape = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
)

// Set makes an environment run image, "app1:0a1b2c3", and returns the files that
// changed, relative to root. All are written or none.
//
// Any tag but latest is taken, as settings do: whether another one moves, its name
// does not tell. CI's are short commit hashes.
func Set(root, environment, image string) ([]string, error) {
	name, tag, err := parse(image)
	if err != nil {
		return nil, err
	}
	var changes changes
	if err := setOverlay(root, environment, name, tag, &changes); err != nil {
		return nil, err
	}
	if err := setSettings(root, environment, name, tag, &changes); err != nil {
		return nil, err
	}
	if err := changes.write(); err != nil {
		return nil, err
	}
	var files []string
	for _, doc := range changes {
		file, err := filepath.Rel(root, doc.path)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func parse(image string) (name, tag string, err error) {
	name, tag, _ = strings.Cut(image, ":")
	switch {
	case !nameShape.MatchString(name) || !tagShape.MatchString(tag):
		return "", "", fmt.Errorf(`image %q: want a name and a tag, without a registry, such as "app1:0a1b2c3"`, image)
	case tag == "latest":
		return "", "", fmt.Errorf("image %q: latest is another image tomorrow, and nobody could go back: give the tag of a commit", image)
	}
	return name, tag, nil
}

// setOverlay sets newTag of the image in the environment's overlay.
func setOverlay(root, environment, name, tag string, changes *changes) error {
	path := filepath.Join(root, "manifests", name, "overlays", environment, "kustomization.yaml")
	doc, err := open(path)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s: is not there: the environment does not run this image", path)
	}
	if err != nil {
		return err
	}
	var known []string
	for _, item := range doc.get("images").items() {
		if have := item.get("name").text(); have != name {
			known = append(known, have)
			continue
		}
		if item.get("digest") != nil {
			return fmt.Errorf("%s: image %s has a digest, which goes before a tag: take the digest out", path, name)
		}
		if err := doc.set(item.get("newTag"), tag, "newTag of image "+name); err != nil {
			return err
		}
		changes.add(doc)
		return nil
	}
	return fmt.Errorf("%s: there is no %q among its images (%s)", path, name, strings.Join(known, ", "))
}

// setSettings sets ai-worker:azure.image if it is there and is the same image.
func setSettings(root, environment, name, tag string, changes *changes) error {
	doc, err := open(filepath.Join(root, "Pulumi."+environment+".yaml"))
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("environment %q has no settings: %w", environment, err)
	}
	if err != nil {
		return err
	}
	image := doc.get("config").get("ai-worker:azure").get("image")
	have, _, _ := strings.Cut(image.text(), "@")
	if have, _, _ = strings.Cut(have, ":"); have != name {
		return nil
	}
	if err := doc.set(image, name+":"+tag, "ai-worker:azure.image"); err != nil {
		return err
	}
	changes.add(doc)
	return nil
}

// node is a place in a file; nil is one that is not there.
type node yaml.Node

// get is the value of a key.
func (n *node) get(key string) *node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return (*node)(n.Content[i+1])
		}
	}
	return nil
}

func (n *node) items() []*node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	var items []*node
	for _, item := range n.Content {
		items = append(items, (*node)(item))
	}
	return items
}

func (n *node) text() string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}
