package gcp

import (
	"ai-worker/internal/sandbox"
)

func projectsKinds() []*sandbox.Kind {
	return []*sandbox.Kind{{
		Type:     "gcp:projects/service:Service",
		ID:       "{project}/{service}",
		Defaults: map[string]any{"disableOnDestroy": true, "checkIfServiceHasUsageOnDestroy": false},
		Replace:  []string{"project", "service"},
		Rules: map[string]sandbox.Rule{
			"service": sandbox.Match(`^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.googleapis\.com$`, `an API, such as "sqladmin.googleapis.com"`),
		},
		// an API that stays enabled is still there, and enabling it again is no conflict
		Additive: true,
		Forgets:  func(o *sandbox.Object) bool { return !o.Bool("disableOnDestroy") },
	}}
}
