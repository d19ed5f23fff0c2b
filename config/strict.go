package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// decode reads a JSON value into target, a pointer to a struct with json tags. It
// returns every problem of structure at once, each with its path below at:
// unknown keys, values of another type. Numbers are not strings and strings no
// booleans.
func decode(text []byte, target any, at string) []error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return []error{fmt.Errorf("%s: %w", at, err)}
	}
	if errs := compare(value, reflect.TypeOf(target).Elem(), at); len(errs) > 0 {
		return errs
	}
	if err := json.Unmarshal(text, target); err != nil {
		return []error{fmt.Errorf("%s: %w", at, err)}
	}
	return nil
}

// compare reports where value does not have the structure of t.
func compare(value any, t reflect.Type, at string) []error {
	if t.Kind() == reflect.Pointer {
		return compare(value, t.Elem(), at)
	}
	var errs []error
	switch v := value.(type) {
	case nil:
		return []error{fmt.Errorf("%s: is empty; give it a value or remove the key", at)}
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			return compareFields(v, t, at)
		case reflect.Map:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				errs = append(errs, compare(v[key], t.Elem(), at+"."+key)...)
			}
			return errs
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i, item := range v {
				errs = append(errs, compare(item, t.Elem(), fmt.Sprintf("%s[%d]", at, i))...)
			}
			return errs
		}
	case string:
		if t.Kind() == reflect.String {
			return nil
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return nil
		}
	case json.Number:
		if f, err := v.Float64(); err == nil && (t.Kind() == reflect.Float64 || t.Kind() == reflect.Int && f == math.Trunc(f)) {
			return nil
		}
	}
	return []error{fmt.Errorf("%s: %s is not %s", at, show(value), kindName(t))}
}

func compareFields(object map[string]any, t reflect.Type, at string) []error {
	fields := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			fields[name] = field.Type
		}
	}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if field, known := fields[key]; known {
			errs = append(errs, compare(object[key], field, at+"."+key)...)
		} else {
			errs = append(errs, unknownKey(key, slices.Sorted(maps.Keys(fields)), at))
		}
	}
	return errs
}

// unknownKey names the key that was probably meant.
func unknownKey(key string, known []string, at string) error {
	best, distance := "", len(key)/2+1
	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(key), strings.ToLower(candidate), nil); d < distance {
			best, distance = candidate, d
		}
	}
	if best != "" {
		return fmt.Errorf("unknown field %q in %s (did you mean %q?)", key, at, best)
	}
	return fmt.Errorf("unknown field %q in %s (known: %s)", key, at, strings.Join(known, ", "))
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
