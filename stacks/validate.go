package stacks

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ai-worker/components"
	"ai-worker/config"
)

// validation collects everything that components have against the settings, each
// problem below the setting that it comes from.
type validation []error

func (v *validation) add(at string, args components.Args) {
	if err := args.Validate(); err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			*v = append(*v, fmt.Errorf("%s:%s: %s", config.Project, at, line))
		}
	}
}

func addEach[A components.Args](v *validation, at string, all map[string]A) {
	for _, name := range sorted(all) {
		v.add(at+"."+name, all[name])
	}
}

func (v *validation) err() error { return errors.Join(*v...) }

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
