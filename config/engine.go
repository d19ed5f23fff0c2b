package config

import (
	"encoding/json"
	"fmt"
	"time"
)

// asEngine is the text that the engine hands a program for a value of a settings
// file: a string as it is, nothing for an empty value, anything else as JSON.
func asEngine(value any) (string, error) {
	switch v := normal(value).(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	default:
		text, err := json.Marshal(v)
		return string(text), err
	}
}

// normal is a YAML value as the engine takes it: keys are strings, and dates and
// times without quotes are texts of another form.
func normal(value any) any {
	switch v := value.(type) {
	case time.Time:
		return v.String()
	case map[any]any: // a mapping with a key that is no string
		named := map[string]any{}
		for key, item := range v {
			named[fmt.Sprint(key)] = normal(item)
		}
		return named
	case map[string]any:
		for key, item := range v {
			v[key] = normal(item)
		}
	case []any:
		for i, item := range v {
			v[i] = normal(item)
		}
	}
	return value
}
