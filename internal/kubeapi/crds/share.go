package crds

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

type schema = apiextensions.JSONSchemaProps

// pointer begins a reference to a definition.
const pointer = "#/definitions/"

// Share moves what occurs more than once in a schema to its definitions. The
// schema of an ApplicationSet, which repeats its generators, shrinks to a
// twentieth. The API server takes no such schema; [Expand] undoes it.
func Share(s *schema) {
	uses, shared, names := map[string]int{}, map[string]string{}, map[string]int{}
	var count func(string, schema) schema
	count = func(_ string, s schema) schema {
		uses[text(s)]++
		Rewrite(&s, count)
		return s
	}
	definitions := apiextensions.JSONSchemaDefinitions{}
	var share func(string, schema) schema
	share = func(name string, s schema) schema {
		of := text(s)
		if uses[of] == 1 || len(of) < 2*len(pointer)+len(name) {
			Rewrite(&s, share)
			return s
		}
		if _, met := shared[of]; !met {
			if names[name]++; names[name] > 1 {
				shared[of] = fmt.Sprint(pointer, name, names[name])
			} else {
				shared[of] = pointer + name
			}
			Rewrite(&s, share)
			definitions[strings.TrimPrefix(shared[of], pointer)] = s
		}
		ref := shared[of]
		return schema{Ref: &ref}
	}
	Rewrite(s, count)
	Rewrite(s, share)
	s.Definitions = definitions
}

// Expand replaces every reference in a schema by what it refers to.
func Expand(s *schema) {
	definitions, done := s.Definitions, map[string]bool{}
	s.Definitions = nil
	var expand func(string, schema) schema
	expand = func(_ string, s schema) schema {
		if s.Ref == nil {
			Rewrite(&s, expand)
			return s
		}
		name := strings.TrimPrefix(*s.Ref, pointer)
		if !done[name] {
			definitions[name] = expand(name, definitions[name])
			done[name] = true
		}
		return definitions[name]
	}
	Rewrite(s, expand)
}

// Rewrite replaces every schema right below s by what f makes of it. Name is that
// of the property, or "items", "values" and the like.
func Rewrite(s *schema, f func(name string, s schema) schema) {
	for _, properties := range []map[string]schema{s.Properties, s.PatternProperties} {
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			properties[name] = f(name, properties[name])
		}
	}
	if s.Items != nil && s.Items.Schema != nil {
		*s.Items.Schema = f("items", *s.Items.Schema)
	}
	if s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil {
		*s.AdditionalProperties.Schema = f("values", *s.AdditionalProperties.Schema)
	}
	if s.Not != nil {
		*s.Not = f("not", *s.Not)
	}
	for _, alternatives := range [][]schema{s.AllOf, s.AnyOf, s.OneOf} {
		for i := range alternatives {
			alternatives[i] = f("alternative", alternatives[i])
		}
	}
}

func text(s schema) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // it came from JSON
	}
	return string(data)
}
