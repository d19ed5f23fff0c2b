package sandbox

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// diff compares what the cloud has with what the program wants, as a provider
// does: old outputs against new inputs. A property that the program no longer
// gives is a change only if it once gave it, or if somebody else set it and the
// cloud does not compute it.
func (k *Kind) diff(oldInputs, oldOutputs, news resource.PropertyMap, ignore []string, config resource.PropertyMap) plugin.DiffResult {
	d := differ{kind: k, ignore: ignore, replace: k.Replace, found: map[string]plugin.PropertyDiff{}}
	switch {
	case k.ByInputs:
		oldOutputs = oldInputs
	case k.Owned:
		oldOutputs = k.inputsOf(oldInputs, oldOutputs)
	}
	if k.ReplaceWhen != nil {
		some := k.ReplaceWhen(&Object{Kind: k, Props: oldOutputs, Config: config}, &Object{Kind: k, Props: news, Config: config})
		d.replace = slices.Concat(d.replace, some)
	}
	for name := range k.args.fields {
		key := resource.PropertyKey(name)
		d.value(name, oldOutputs[key], oldInputs[key], news[key])
	}
	result := plugin.DiffResult{Changes: plugin.DiffNone, DetailedDiff: d.found}
	for path, change := range d.found {
		result.Changes = plugin.DiffSome
		top := resource.PropertyKey(segments(pattern(path))[0])
		result.ChangedKeys = append(result.ChangedKeys, top)
		if change.Kind.IsReplace() {
			result.ReplaceKeys = append(result.ReplaceKeys, top)
		}
	}
	slices.Sort(result.ChangedKeys)
	slices.Sort(result.ReplaceKeys)
	result.ChangedKeys, result.ReplaceKeys = slices.Compact(result.ChangedKeys), slices.Compact(result.ReplaceKeys)
	// A name that the program chose may be taken while the old object is there, so
	// the provider has that deleted first, also when the name changes
	// (pulumi-terraform-bridge v3.89.1, nameRequiresDeleteBeforeReplace). A program
	// that knows better says pulumi.DeleteBeforeReplace(false).
	result.DeleteBeforeReplace = len(result.ReplaceKeys) > 0 && (k.DeleteFirst && !d.renames() || k.autonamed() && absent(news[invented]))
	return result
}

// renames says whether the new object is another one than the old.
func (d *differ) renames() bool {
	for path := range d.found {
		if coveredBy(d.kind.Identity, path) {
			return true
		}
	}
	return false
}

type differ struct {
	kind    *Kind
	ignore  []string
	replace []string
	found   map[string]plugin.PropertyDiff
}

// value compares what is there, what the program gave before and what it wants now.
func (d *differ) value(path string, have, had, want resource.PropertyValue) {
	have, had, want = plain(have), plain(had), plain(want)
	switch {
	case coveredBy(d.ignore, path):
	case absent(want):
		// taking away an input that the cloud also computes leaves the old value
		// in place, and no provider built on Terraform's SDK reports it
		if !empty(have) && !d.fills(path) {
			d.add(path, plugin.DiffDelete)
		}
	case unknown(want):
		d.add(path, plugin.DiffUpdate)
	case absent(have):
		if !empty(want) {
			d.add(path, plugin.DiffAdd)
		}
	case want.IsObject() && have.IsObject():
		d.object(path, have.ObjectValue(), objectOf(had), want.ObjectValue())
	case want.IsArray() && have.IsArray():
		d.array(path, have.ArrayValue(), arrayOf(had), want.ArrayValue())
	case !have.DeepEquals(want):
		d.add(path, plugin.DiffUpdate)
	}
}

func (d *differ) object(path string, have, had, want resource.PropertyMap) {
	names := map[resource.PropertyKey]bool{}
	for key := range have {
		names[key] = true
	}
	for key := range want {
		names[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(names)) {
		if s := d.kind.args.at(pattern(path)); s != nil && s.elem != nil {
			d.value(path+`["`+string(key)+`"]`, have[key], had[key], want[key]) // a map's key may hold dots
			continue
		}
		d.value(join(path, string(key)), have[key], had[key], want[key])
	}
}

func (d *differ) array(path string, have, had, want []resource.PropertyValue) {
	item := func(list []resource.PropertyValue, i int) resource.PropertyValue {
		if i < len(list) {
			return list[i]
		}
		return resource.NewNullProperty()
	}
	for i := range max(len(have), len(want)) {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case i >= len(want):
			d.add(at, plugin.DiffDelete)
		case i >= len(have):
			d.add(at, plugin.DiffAdd)
		default:
			d.value(at, item(have, i), item(had, i), want[i])
		}
	}
}

// fills says whether the cloud gives what stands at path a value when the program
// does not. That it does so for an object or a map says nothing of its parts.
func (d *differ) fills(path string) bool {
	return d.kind.fills(path) || slices.Contains(d.kind.Computed, pattern(path))
}

func (d *differ) add(path string, kind plugin.DiffKind) {
	if coveredBy(d.ignore, path) {
		return
	}
	if coveredBy(d.replace, path) {
		kind = kind.AsReplace()
	}
	d.found[path] = plugin.PropertyDiff{Kind: kind}
}

func objectOf(v resource.PropertyValue) resource.PropertyMap {
	if v.IsObject() {
		return v.ObjectValue()
	}
	return nil
}

func arrayOf(v resource.PropertyValue) []resource.PropertyValue {
	if v.IsArray() {
		return v.ArrayValue()
	}
	return nil
}

// merge is the state after an update: the new inputs, and of the old state what
// no input ever gave or what the cloud keeps.
func (k *Kind) merge(oldInputs, oldOutputs, news resource.PropertyMap, ignore []string) resource.PropertyMap {
	d := &differ{kind: k}
	return mergeObject("", oldInputs, oldOutputs, news, func(path string) bool {
		return coveredBy(ignore, path) || d.fills(path)
	})
}

func mergeObject(path string, had, have, want resource.PropertyMap, keeps func(string) bool) resource.PropertyMap {
	merged := want.Copy()
	for key, old := range have {
		at := join(path, string(key))
		switch now := plain(want[key]); {
		case absent(now) && (absent(had[key]) || keeps(at)):
			merged[key] = old
		case now.IsObject() && old.IsObject():
			merged[key] = resource.NewProperty(mergeObject(at, objectOf(plain(had[key])), old.ObjectValue(), now.ObjectValue(), keeps))
		}
	}
	return merged
}

// inputsOf projects a state onto what the program gives, as a refresh does; for
// an import, where had is nil, onto every input.
func (k *Kind) inputsOf(had, state resource.PropertyMap) resource.PropertyMap {
	inputs := resource.PropertyMap{}
	if mark := had[invented]; !absent(mark) {
		inputs[invented] = mark
	}
	for name := range k.args.fields {
		key := resource.PropertyKey(name)
		v := plain(state[key])
		switch {
		case absent(v), had == nil && empty(v):
		case had == nil:
			inputs[key] = v
		case !absent(had[key]):
			inputs[key] = project(plain(had[key]), v, k.Owned)
		}
	}
	return inputs
}

// refreshed are the inputs after a refresh. Where only inputs are compared, a part
// of the state that is as it was leaves the input as it was, whatever it looks like.
func (k *Kind) refreshed(had, before, now resource.PropertyMap) resource.PropertyMap {
	inputs := k.inputsOf(had, now)
	if !k.ByInputs || len(had) == 0 {
		return inputs
	}
	for key, given := range had {
		if plain(before[key]).DeepEquals(plain(now[key])) {
			inputs[key] = given
		}
	}
	return inputs
}

// project is now as far as the program gave it. Where only that is compared, what
// others append to a list is left out too, as pulumi-kubernetes prunes it.
func project(had, now resource.PropertyValue, owned bool) resource.PropertyValue {
	if owned && had.IsArray() && now.IsArray() && len(now.ArrayValue()) > len(had.ArrayValue()) {
		now = resource.NewProperty(now.ArrayValue()[:len(had.ArrayValue())])
	}
	switch {
	case had.IsObject() && now.IsObject():
		out := resource.PropertyMap{}
		for key, v := range now.ObjectValue() {
			if h := plain(had.ObjectValue()[key]); !absent(h) {
				out[key] = project(h, v, owned)
			}
		}
		return resource.NewProperty(out)
	case had.IsArray() && now.IsArray() && len(had.ArrayValue()) == len(now.ArrayValue()):
		out := make([]resource.PropertyValue, len(now.ArrayValue()))
		for i, v := range now.ArrayValue() {
			out[i] = project(plain(had.ArrayValue()[i]), v, owned)
		}
		return resource.NewProperty(out)
	}
	return now
}
