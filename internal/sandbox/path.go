package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// segments splits "a.b[].c{}.d" into a b [] c {} d.
func segments(path string) []string {
	path = strings.ReplaceAll(strings.ReplaceAll(path, "[]", ".[]"), "{}", ".{}")
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' })
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// each visits every known, present value at path.
func each(v resource.PropertyValue, path string, visit func(at string, v resource.PropertyValue)) {
	visitAll(v, segments(path), "", visit)
}

func visitAll(v resource.PropertyValue, segs []string, at string, visit func(string, resource.PropertyValue)) {
	v = plain(v)
	switch {
	case absent(v) || unknown(v):
	case len(segs) == 0:
		visit(at, v)
	case segs[0] == "[]" && v.IsArray():
		for i, item := range v.ArrayValue() {
			visitAll(item, segs[1:], fmt.Sprintf("%s[%d]", at, i), visit)
		}
	case segs[0] == "{}" && v.IsObject():
		for _, key := range v.ObjectValue().StableKeys() {
			visitAll(v.ObjectValue()[key], segs[1:], at+"["+string(key)+"]", visit)
		}
	case v.IsObject():
		visitAll(v.ObjectValue()[resource.PropertyKey(segs[0])], segs[1:], join(at, segs[0]), visit)
	}
}

// required reports every place where the last segment of path is absent
// although its parent is there.
func required(root resource.PropertyValue, path string) []Problem {
	segs := segments(path)
	last := len(segs) - 1
	var problems []Problem
	visitAll(root, segs[:last], "", func(at string, parent resource.PropertyValue) {
		if parent.IsObject() && absent(parent.ObjectValue()[resource.PropertyKey(segs[last])]) {
			problems = append(problems, Problem{join(at, segs[last]), "missing required property"})
		}
	})
	return problems
}

var (
	index  = regexp.MustCompile(`\[[0-9]+\]`)
	mapKey = regexp.MustCompile(`\["[^"]*"\]`)
)

// pattern turns a concrete path (`a[0].b["c"]`) into a pattern ("a[].b{}").
func pattern(path string) string {
	return index.ReplaceAllString(mapKey.ReplaceAllString(path, "{}"), "[]")
}

// covers says whether a concrete path ("a[0].b") is at or below a pattern
// ("a[]" or "a[].b").
func covers(above, path string) bool {
	p, at := segments(above), segments(pattern(path))
	return len(p) <= len(at) && slices.Equal(p, at[:len(p)])
}

func coveredBy(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, path) })
}

// plain strips secrecy and outputs of known value; what is left is data.
func plain(v resource.PropertyValue) resource.PropertyValue {
	for {
		switch {
		case v.IsSecret():
			v = v.SecretValue().Element
		case v.IsOutput() && v.OutputValue().Known:
			v = v.OutputValue().Element
		default:
			return v
		}
	}
}

func unknown(v resource.PropertyValue) bool { return v.IsComputed() || v.IsOutput() }

// absent says whether a value is as good as left out.
func absent(v resource.PropertyValue) bool { return v.V == nil || v.IsNull() }

// empty says whether the cloud cannot tell the value from one left out.
func empty(v resource.PropertyValue) bool {
	return absent(v) || v.IsBool() && !v.BoolValue() || v.IsNumber() && v.NumberValue() == 0 ||
		v.IsString() && v.StringValue() == "" || v.IsArray() && len(v.ArrayValue()) == 0 ||
		v.IsObject() && !slices.ContainsFunc(slices.Collect(maps.Values(v.ObjectValue())),
			func(v resource.PropertyValue) bool { return !empty(v) })
}

func keys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
