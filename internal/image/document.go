package image

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"gopkg.in/yaml.v3"
	kubernetesyaml "sigs.k8s.io/yaml"
)

// document is a YAML file whose scalars are replaced where they stand.
type document struct {
	*node
	path   string
	before []byte
	lines  []string // lines have their ends.
	dirty  bool
}

func open(path string) (*document, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d := &document{path: path, before: text, lines: strings.SplitAfter(string(text), "\n")}
	if root.Kind == yaml.DocumentNode {
		d.node = (*node)(root.Content[0])
	}
	return d, nil
}

// set replaces the value of n, which what names. It keeps its quotes; without any
// it gets them if YAML would read a number, which Kustomize refuses: the short hash
// 1234567 is one, and 12345e7 too.
func (d *document) set(n *node, value, what string) error {
	if n == nil {
		return fmt.Errorf("%s: %s is not there: add it once by hand", d.path, what)
	}
	if n.text() == value {
		return nil
	}
	line := d.lines[n.Line-1]
	at := len(string([]rune(line)[:n.Column-1])) // yaml counts characters
	quote := map[yaml.Style]string{yaml.DoubleQuotedStyle: `"`, yaml.SingleQuotedStyle: "'"}[n.Style]
	old := quote + n.text() + quote
	if n.text() == "" || !strings.HasPrefix(line[at:], old) {
		return fmt.Errorf("%s:%d: %s is written in a way that is not edited here: write it as a plain value on one line", d.path, n.Line, what)
	}
	if quote == "" && !plainString(value) {
		quote = `"`
	}
	d.lines[n.Line-1] = line[:at] + quote + value + quote + line[at+len(old):]
	d.dirty = true
	return nil
}

// plainString says whether value without quotes is text for the settings' reader
// and for Kustomize's, which takes YAML 1.1.
func plainString(value string) bool {
	var settings, manifest any
	if yaml.Unmarshal([]byte(value), &settings) != nil || kubernetesyaml.Unmarshal([]byte(value), &manifest) != nil {
		return false
	}
	return settings == value && manifest == value
}

// changes are the documents to write.
type changes []*document

func (c *changes) add(d *document) {
	if d.dirty {
		*c = append(*c, d)
	}
}

// write writes all files or none: what is likely to fail is done on copies beside
// them, and those put in place are put back if a later one cannot be.
func (c changes) write() (err error) {
	copies, placed := 0, 0
	defer func() {
		for _, d := range c[placed:copies] {
			err = errors.Join(err, os.Remove(d.copy()))
		}
		if err == nil {
			return
		}
		for _, d := range c[:placed] {
			err = errors.Join(err, os.WriteFile(d.path, d.before, 0o600)) // which keeps the mode of a file that is there
		}
	}()
	for _, d := range c {
		info, err := os.Stat(d.path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(d.copy(), []byte(strings.Join(d.lines, "")), info.Mode().Perm()); err != nil {
			return err
		}
		copies++
	}
	for _, d := range c {
		if err := os.Rename(d.copy(), d.path); err != nil {
			return err
		}
		placed++
	}
	return nil
}

func (d *document) copy() string { return d.path + ".new" }
