package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"

	"ai-worker/stacks"
)

// placeholder stands in a sandbox for every encrypted setting.
const placeholder = "sandbox-secret"

// settingsFile is the file that describes an environment.
func settingsFile(root, env string) string {
	return filepath.Join(root, "Pulumi."+env+".yaml")
}

// writeShadow makes the project that the engine sees in a sandbox: the user's
// settings without their secrets and their keys. The engine writes into it what
// it writes into settings files, so that a sandbox never touches the user's.
func writeShadow(root, dir, env string, stacks []string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return unwritable(dir, err)
	}
	project, err := readYAML(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		return err
	}
	shadowProject(project, root)
	if err := writeYAML(filepath.Join(dir, "Pulumi.yaml"), project); err != nil {
		return err
	}
	for _, stack := range stacks {
		settings, err := readSettings(root, env)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, "Pulumi."+stack+".yaml")
		// The stack's own salt, which the engine wrote when it made the stack,
		// opens the secrets in its state.
		if have, err := readYAML(path); err == nil {
			if salt := get(have, "encryptionsalt"); salt != nil {
				set(settings, "encryptionsalt", salt)
			}
		}
		if err := writeYAML(path, settings); err != nil {
			return err
		}
	}
	return nil
}

// shadowProject makes a project file fit for the shadow folder: its program is
// in root, and no setting insists on being encrypted.
func shadowProject(project *yaml.Node, root string) {
	set(project, "main", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: root})
	drop(project, "backend")
	if declared := get(project, "config"); declared != nil && declared.Kind == yaml.MappingNode {
		for i := 1; i < len(declared.Content); i += 2 {
			drop(declared.Content[i], "secret")
		}
	}
}

// readSettings reads the settings of an environment without what belongs to
// their encryption.
func readSettings(root, env string) (*yaml.Node, error) {
	settings, err := readYAML(settingsFile(root, env))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s, the settings of environment %s, is missing", settingsFile(root, env), env)
	} else if err != nil {
		return nil, err
	}
	for _, key := range []string{"secretsprovider", "encryptedkey", "encryptionsalt"} {
		drop(settings, key)
	}
	unveil(settings)
	return settings, nil
}

// unveil replaces every encrypted value by the placeholder.
func unveil(node *yaml.Node) {
	if node.Kind == yaml.MappingNode && len(node.Content) == 2 && node.Content[0].Value == "secure" {
		*node = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: placeholder}
		return
	}
	for _, child := range node.Content {
		unveil(child)
	}
}

// checkSettings reads the settings of stacks as their programs will, so that
// what is wrong is said at once and before anything is made.
func checkSettings(root, env string, names []string) error {
	settings, err := readSettings(root, env)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "infra-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, filepath.Base(settingsFile(root, env)))
	if err := writeYAML(path, settings); err != nil {
		return err
	}
	for _, stack := range names {
		if err := stacks.Check(path, stack); err != nil {
			return err
		}
	}
	return nil
}

// readYAML is the top-level mapping of the file at path.
func readYAML(path string) (*yaml.Node, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(document.Content) != 1 || document.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: has no keys at its top", path)
	}
	return document.Content[0], nil
}

// writeYAML writes the file at path in one step, if it says something new.
func writeYAML(path string, mapping *yaml.Node) error {
	text, err := yaml.Marshal(mapping)
	if err != nil {
		return err
	}
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, text) {
		return nil
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return unwritable(filepath.Dir(path), err)
	}
	return os.Rename(tmp, path)
}

func get(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func set(mapping *yaml.Node, key string, value *yaml.Node) {
	drop(mapping, key)
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
}

func drop(mapping *yaml.Node, key string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = append(mapping.Content[:i], mapping.Content[i+2:]...)
			return
		}
	}
}
