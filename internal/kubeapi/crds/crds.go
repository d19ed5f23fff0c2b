// Package crds holds the custom resource definitions of the kinds that this
// program makes, reduced to what an API server needs to validate an object.
// README.md says where each comes from.
package crds

import (
	"bufio"
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

//go:generate go run ./update

//go:embed *.json
var files embed.FS

// Names lists the names of all definitions, such as "gateways.gateway.networking.k8s.io".
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is embedded
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), ".json")
	}
	return names
}

// Read parses a definition, nil if there is none of this name. The schema is
// whole; parts that occur more than once share their memory, so it is not to be changed.
func Read(name string) *apiextensions.CustomResourceDefinition {
	data, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil
	}
	crd := &apiextensions.CustomResourceDefinition{}
	if err := json.Unmarshal(data, crd); err != nil {
		panic(fmt.Sprintf("%s: %v", name, err)) // it is embedded
	}
	for i := range crd.Spec.Versions {
		Expand(crd.Spec.Versions[i].Schema.OpenAPIV3Schema)
	}
	return crd
}

// Source is a line of the table in README.md.
type Source struct {
	CRD     string // CRD is the name of the definition.
	Module  string // Module is "path@version", or empty if it is written by hand.
	File    string // File is the path within Module, or the address of the documentation.
	License string // License is an SPDX identifier.
}

// Sources reads the table of README.md.
func Sources(readme string) []Source {
	var sources []Source
	for lines := bufio.NewScanner(strings.NewReader(readme)); lines.Scan(); {
		cells := strings.Split(strings.Trim(lines.Text(), "| "), "|")
		for i, cell := range cells {
			cells[i] = strings.Trim(cell, " `<>")
		}
		if len(cells) == 4 && strings.Contains(cells[0], ".") {
			sources = append(sources, Source{cells[0], cells[1], cells[2], cells[3]})
		}
	}
	return sources
}
