package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ai-worker/config"
	"ai-worker/internal/plan"
)

func (a *app) destroy(ctx context.Context, env string, levels [][]string) error {
	if err := a.mayWrite("destroy"); err != nil {
		return err
	}
	return a.with(ctx, env, levels, func(s *session, p *progress) error {
		levels, err := a.present(ctx, s, levels)
		if err != nil {
			return err
		}
		if err := s.recover(ctx, slices.Concat(levels...), p); err != nil {
			return err
		}
		slices.Reverse(levels)
		results := runLevels(ctx, s, planningDestroy, levels, p)
		guarded := protected(results)
		a.showPlans(results)
		switch {
		case !fine(results) || changes(results) == 0:
			return a.conclude(results, false)
		case len(guarded) > 0:
			return refused("nothing was deleted, since these are protected: %s. To take %s down, put `%s:decommission: %s` into Pulumi.%s.yaml, "+
				"`infra up %s`, and destroy again", strings.Join(guarded, ", "), env, config.Project, env, env, env)
		}
		if err := a.ask(ctx, results, "Delete all of this from "+env); err != nil {
			return err
		}
		return a.conclude(runLevels(ctx, s, destroying, levels, p), false)
	})
}

// protected are the resources that the engine refuses to delete. A plan that
// failed for no other reason is a good plan, of what will not be done.
func protected(results []*result) []string {
	var found []string
	for _, r := range results {
		refusal := func(d plan.Diagnostic) bool { return strings.Contains(d.Message, "because it is protected") }
		if r.status != statusFailed || slices.ContainsFunc(r.plan.Errors(), func(d plan.Diagnostic) bool { return !refusal(d) }) {
			continue
		}
		r.status = statusOK
		r.plan.Diagnostics = slices.DeleteFunc(r.plan.Diagnostics, refusal)
		for _, step := range r.plan.Steps {
			if step.Protect {
				found = append(found, fmt.Sprintf("%s of %s", step.Name, r.stack))
			}
		}
	}
	return found
}
