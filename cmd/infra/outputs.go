package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// outputs prints the outputs of stacks. The CLI itself hides the secrets.
func (a *app) outputs(ctx context.Context, env string, levels [][]string) error {
	return a.with(ctx, env, levels, func(s *session, _ *progress) error {
		levels, err := a.present(ctx, s, levels)
		if err != nil {
			return err
		}
		names := slices.Concat(levels...)
		all := map[string]map[string]any{}
		for _, name := range names {
			args := []string{"stack", "output", "--json", "--stack", name}
			if a.showSecrets {
				args = append(args, "--show-secrets")
			}
			text, err := s.pulumi(ctx, args...)
			if err != nil {
				return err
			}
			values := map[string]any{}
			if err := decode([]byte(text), &values); err != nil {
				return fmt.Errorf("outputs of %s: %w", name, err)
			}
			all[name] = values
		}
		if a.json {
			_, err := fmt.Fprintln(a.out, encode(all, "  "))
			return err
		}
		for _, name := range names {
			printOutputs(a.out, name, all[name])
		}
		return nil
	})
}

func printOutputs(w io.Writer, stack string, values map[string]any) {
	say(w, "\n%s\n", stack)
	width := 0
	for key := range values {
		width = max(width, len(key))
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		text, plain := values[key].(string)
		if !plain {
			text = encode(values[key], "")
		}
		say(w, "  %-*s  %s\n", width, key, text)
	}
	if len(values) == 0 {
		say(w, "  (none)\n")
	}
}

// encode is v as JSON for people: < stays <.
func encode(v any, indent string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}
