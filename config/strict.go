package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// decode reads a JSON value into target, a pointer to a struct with json tags. It
// reports every problem of structure at once, each with its path below at:
// unknown keys, values of another type. Numbers are not strings and strings no
// booleans. What has no problem is read all the same, so that its meaning can be
// checked too.
func (p *problems) decode(text string, target any, at string) {
	if text == "" { // how the engine hands on a key without a value
		text = "null"
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		value = text // as it stands in the file
	}
	fitting, err := json.Marshal(p.fit(value, reflect.TypeOf(target).Elem(), at))
	if err == nil {
		err = json.Unmarshal(fitting, target)
	}
	p.unless(err == nil, at, "%v", err)
}

// fit reports where value does not have the structure of t, and returns it with
// nothing there.
func (p *problems) fit(value any, t reflect.Type, at string) any {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := value.(type) {
	case nil:
		defaults := ""
		if t.Kind() == reflect.Struct {
			defaults = " ({} means all defaults)"
		}
		p.add(at, "is empty; give it a value%s or remove the key", defaults)
		return nothing(t)
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			p.fitFields(v, t, at)
			return v
		case reflect.Map:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				v[key] = p.fit(v[key], t.Elem(), at+"."+key)
			}
			return v
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i := range v {
				v[i] = p.fit(v[i], t.Elem(), fmt.Sprintf("%s[%d]", at, i))
			}
			return v
		}
	case string:
		if t.Kind() == reflect.String {
			p.unless(!timestamp.MatchString(v), at, "is a date or time without quotes, which YAML reads as %s; quote it", v)
			return v
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return v
		}
	case json.Number:
		if _, err := v.Int64(); t.Kind() == reflect.Float64 || t.Kind() == reflect.Int && err == nil {
			return v
		}
	}
	p.add(at, "%s is not %s", show(value), kindName(t))
	return nothing(t)
}

// timestamp is what the engine makes of a YAML timestamp: [time.Time.String].
var timestamp = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)? [+-][0-9]{4} \S+$`)

// nothing stands for a value that could not be read. An object stays one: that it
// was given matters to other settings.
func nothing(t reflect.Type) any {
	if t.Kind() == reflect.Struct {
		return map[string]any{}
	}
	return nil
}

func (p *problems) fitFields(object map[string]any, t reflect.Type, at string) {
	fields := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(t) {
		fields[field.Tag.Get("json")] = field.Type
	}
	known := slices.Sorted(maps.Keys(fields))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(known, key) {
			rename(object, key, p.unknown(key, known, at))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		object[key] = p.fit(object[key], fields[key], at+"."+key)
	}
}

// unknown reports an unknown key of the object at a path, and returns the one that
// was probably meant, if any.
func (p *problems) unknown(key string, known []string, at string) (meant string) {
	distance := max(3, len(key)/2+1) // two letters that changed places are two edits
	for _, candidate := range known {
		d := levenshtein.Distance(strings.ToLower(key), strings.ToLower(candidate), nil)
		if d < distance && d < len(key) {
			meant, distance = candidate, d
		}
	}
	hint := fmt.Sprintf("did you mean %q?", meant)
	if meant == "" {
		hint = "known: " + strings.Join(known, ", ")
	}
	*p = append(*p, problem{at + "." + key, fmt.Sprintf("unknown field %q in %s (%s)", key, at, hint)})
	return meant
}

// rename takes the value of an unknown key for that of the key that was meant: the
// mistake is reported, and what follows from it would only hide others.
func rename[V any](values map[string]V, key, meant string) {
	if _, given := values[meant]; meant != "" && !given {
		values[meant] = values[key]
	}
	delete(values, key)
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil || len(text) > 60 {
		return "this value"
	}
	return string(text)
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string (quote it)"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "an integer"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}
