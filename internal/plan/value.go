package plan

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Kind tells what is known about a value.
type Kind string

// A secret is never shown, in no format.
const (
	Absent  Kind = "absent"
	Known   Kind = "known"
	Unknown Kind = "unknown" // Unknown is what the cloud gives when the change is made.
	Secret  Kind = "secret"
)

// Value is one side of a property's change.
type Value struct {
	Kind Kind `json:"kind"`
	Data any  `json:"data,omitempty"` // Data is JSON data, of a known value only.
}

// What the engine writes into events for values that it cannot or must not show.
const (
	unknownText = "(known after apply)"
	secretText  = "[secret]"

	// unknownSentinel is plugin.UnknownStringValue; importing that package
	// would bring half the engine along.
	unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
)

// wrap makes a Value of an event's JSON data.
func wrap(data any, present bool) Value {
	switch v := data.(type) {
	case nil:
		if !present {
			return Value{Kind: Absent}
		}
	case string:
		if v == unknownSentinel {
			return Value{Kind: Unknown}
		}
		if v == secretText {
			return Value{Kind: Secret}
		}
	case map[string]any:
		if isSecret(v) {
			return Value{Kind: Secret}
		}
	}
	return Value{Kind: Known, Data: mask(data)}
}

func isSecret(v map[string]any) bool { return v[resource.SigKey] == resource.SecretSig }

// mask replaces what is secret, unknown or no plain data inside of data by a text.
func mask(data any) any {
	switch v := data.(type) {
	case string:
		if v == unknownSentinel {
			return unknownText
		}
	case []any:
		masked := make([]any, len(v))
		for i := range v {
			masked[i] = mask(v[i])
		}
		return masked
	case map[string]any:
		switch v[resource.SigKey] {
		case resource.SecretSig:
			return secretText
		case resource.ResourceReferenceSig:
			return v["urn"]
		case resource.AssetSig, resource.ArchiveSig:
			return fmt.Sprintf("(file %.12v)", v["hash"])
		}
		masked := make(map[string]any, len(v))
		for key := range v {
			masked[key] = mask(v[key])
		}
		return masked
	}
	return data
}

// String is the value as one line of text.
func (v Value) String() string {
	switch v.Kind {
	case Absent:
		return "(none)"
	case Unknown:
		return unknownText
	case Secret:
		return secretText
	case Known:
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v.Data); err != nil {
		return "(" + err.Error() + ")"
	}
	text := strings.TrimSuffix(b.String(), "\n")
	// These are no strings of the cloud, so they stand without quotes.
	for _, bare := range []string{unknownText, secretText} {
		text = strings.ReplaceAll(text, `"`+bare+`"`, bare)
	}
	return text
}

// lookup finds the value at path in a resource's properties. Where a secret is
// on the way there, that secret is all that may be said.
func lookup(props map[string]any, path resource.PropertyPath) Value {
	var at any = props
	for _, key := range path {
		switch v := at.(type) {
		case map[string]any:
			name, ok := key.(string)
			if isSecret(v) {
				return Value{Kind: Secret}
			}
			if at, ok = v[name], ok && has(v, name); !ok {
				return Value{Kind: Absent}
			}
		case []any:
			i, ok := key.(int)
			if !ok || i < 0 || i >= len(v) {
				return Value{Kind: Absent}
			}
			at = v[i]
		default:
			// An unknown or secret parent says all about its parts.
			if w := wrap(at, true); w.Kind == Unknown || w.Kind == Secret {
				return w
			}
			return Value{Kind: Absent}
		}
	}
	return wrap(at, true)
}

func has(m map[string]any, key string) bool {
	_, ok := m[key]
	return ok
}
