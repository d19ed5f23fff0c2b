package plan

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// diffs are the property-level changes of a step, ordered by path.
func diffs(m apitype.StepEventMetadata, refresh bool) []Diff {
	var found []Diff
	for path, d := range m.DetailedDiff {
		found = append(found, detailed(path, d, m.Old, m.New, refresh))
	}
	if len(found) == 0 {
		for _, k := range m.Diffs {
			path := resource.PropertyPath{k}
			found = append(found, diff(k, lookup(m.Old.Inputs, path), lookup(m.New.Inputs, path), slices.Contains(m.Keys, k)))
		}
	}
	slices.SortFunc(found, func(a, b Diff) int { return strings.Compare(a.Path, b.Path) })
	return found
}

func detailed(path string, d apitype.PropertyDiff, before, after *apitype.StepEventStateMetadata, refresh bool) Diff {
	parsed, err := resource.ParsePropertyPath(path)
	if err != nil {
		parsed = resource.PropertyPath{path}
	}
	if refresh { // what the cloud had, and has
		return diff(path, lookup(before.Outputs, parsed), lookup(after.Outputs, parsed), false)
	}
	from, to := lookup(before.Outputs, parsed), lookup(after.Inputs, parsed)
	if d.InputDiff || from.Kind == Absent {
		from = lookup(before.Inputs, parsed)
	}
	switch d.Kind {
	case apitype.DiffAdd, apitype.DiffAddReplace:
		from = Value{Kind: Absent}
	case apitype.DiffDelete, apitype.DiffDeleteReplace:
		to = Value{Kind: Absent}
	case apitype.DiffUpdate, apitype.DiffUpdateReplace:
	}
	return diff(path, from, to, strings.HasSuffix(string(d.Kind), "-replace"))
}

// between is the change from one set of properties to another, by top-level key.
func between(before, after map[string]any) []Diff {
	keys := slices.Collect(maps.Keys(before))
	for key := range after {
		if !has(before, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var diffs []Diff
	for _, key := range keys {
		if equal(before[key], after[key]) && has(before, key) == has(after, key) {
			continue
		}
		diffs = append(diffs, diff(key, wrap(before[key], has(before, key)), wrap(after[key], has(after, key)), false))
	}
	return diffs
}

// diff is a change that does not show on one side what is secret on the other.
func diff(path string, before, after Value, replace bool) Diff {
	if before.Kind == Secret && after.Kind == Known {
		after = Value{Kind: Secret}
	}
	if after.Kind == Secret && before.Kind == Known {
		before = Value{Kind: Secret}
	}
	return Diff{Path: path, Before: before, After: after, Replace: replace}
}

func equal(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
