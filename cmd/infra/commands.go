package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"golang.org/x/term"

	"ai-worker/internal/plan"
	"ai-worker/internal/review"
)

// terminal says whether in is one; tests say it is.
var terminal = func(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// with opens a session for the stacks of levels and does something with it.
func (a *app) with(ctx context.Context, env string, levels [][]string, do func(s *session, p *progress) error) error {
	s, err := a.open(ctx, env, slices.Concat(levels...))
	if err != nil {
		return err
	}
	p := newProgress(a.log)
	a.stop.through(p.say)
	err = do(s, p)
	p.close()
	if closed := s.close(); err == nil {
		err = closed
	}
	return err
}

func (a *app) preview(ctx context.Context, env string, levels [][]string) error {
	return a.with(ctx, env, levels, func(s *session, p *progress) error {
		if err := s.create(ctx, slices.Concat(levels...)); err != nil {
			return err
		}
		results := runLevels(ctx, s, previewing, levels, p)
		a.showPlans(results)
		report, err := a.review(env, review.Preview, results)
		if err != nil {
			return err
		}
		if err := a.conclude(results, a.expectNoChanges); err != nil {
			return err
		}
		return a.judge(report)
	})
}

func (a *app) up(ctx context.Context, env string, levels [][]string) error {
	if err := a.mayWrite("up"); err != nil {
		return err
	}
	return a.with(ctx, env, levels, func(s *session, p *progress) error {
		if err := s.create(ctx, slices.Concat(levels...)); err != nil {
			return err
		}
		if err := s.recover(ctx, slices.Concat(levels...), p); err != nil {
			return err
		}
		results := runLevels(ctx, s, previewing, levels, p)
		a.showPlans(results)
		if !fine(results) {
			return a.conclude(results, false)
		}
		report, err := a.review(env, review.Preview, results)
		if err != nil {
			return err
		}
		if err := a.judge(report); err != nil {
			return err
		}
		// What changes nothing is made as well: outputs that are secret may differ
		// in a way that no plan shows.
		if err := a.ask(ctx, results, "Make these changes to "+env); err != nil {
			return err
		}
		return a.conclude(runLevels(ctx, s, updating, levels, p), false)
	})
}

func (a *app) refresh(ctx context.Context, env string, levels [][]string) error {
	return a.with(ctx, env, levels, func(s *session, p *progress) error {
		levels, err := a.present(ctx, s, levels)
		if err != nil {
			return err
		}
		if err := s.recover(ctx, slices.Concat(levels...), p); err != nil {
			return err
		}
		results := runLevels(ctx, s, refreshing, levels, p)
		a.showDrift(results)
		return a.conclude(results, a.expectNoChanges)
	})
}

func (a *app) drift(ctx context.Context, env string, levels [][]string) error {
	return a.with(ctx, env, levels, func(s *session, p *progress) error {
		levels, err := a.present(ctx, s, levels)
		if err != nil {
			return err
		}
		results := runLevels(ctx, s, comparing, levels, p)
		a.showDrift(results)
		if _, err := a.review(env, review.Drift, results); err != nil {
			return err
		}
		if err := a.conclude(results, false); err != nil || changes(results) == 0 {
			return err
		}
		return errors.New("the clouds drifted: `infra refresh` takes what is there into the states, and `infra up` after it puts back what the program says")
	})
}

// mayWrite refuses to begin what could not be agreed to later.
func (a *app) mayWrite(command string) error {
	if a.yes || a.sandbox || terminal(a.in) {
		return nil
	}
	return refused("%s changes real clouds and there is no terminal to ask on: say --yes, or look first with `infra preview`", command)
}

// ask wants the word "yes", where anything changes and nobody said it before.
func (a *app) ask(ctx context.Context, results []*result, question string) error {
	if !changed(results) || a.yes || a.sandbox {
		return nil
	}
	return a.yesTo(ctx, question)
}

// present leaves out the stacks that were never brought up, and says so.
func (a *app) present(ctx context.Context, s *session, levels [][]string) ([][]string, error) {
	found, err := s.existing(ctx, slices.Concat(levels...))
	if err != nil {
		return nil, err
	}
	var kept [][]string
	for _, level := range levels {
		var names []string
		for _, name := range level {
			if found[name] {
				names = append(names, name)
			} else {
				say(a.log, "%s: was never brought up\n", name)
			}
		}
		if len(names) > 0 {
			kept = append(kept, names)
		}
	}
	return kept, nil
}

// showPlans prints what changes, stack by stack.
func (a *app) showPlans(results []*result) {
	for _, r := range results {
		if r.plan.Changed() {
			say(a.out, "\n")
			_ = r.plan.Render(a.out, plan.StyleOf(a.out)) // where nobody reads, nobody is told
		}
	}
}

// showDrift prints what a refresh found.
func (a *app) showDrift(results []*result) {
	if changes(results) > 0 {
		say(a.out, "\nChanged behind Pulumi's back, by what it means for the states:\n")
	}
	a.showPlans(results)
}

// conclude prints warnings, errors and the summary, and returns how it ended.
func (a *app) conclude(results []*result, expectNoChanges bool) error {
	if len(results) == 0 {
		return nil
	}
	var rows []plan.Row
	for _, r := range results {
		for _, d := range r.plan.Diagnostics {
			say(a.log, "%s: %s: %s%s\n", r.stack, d.Severity, subject(d), tidy(d.Message))
		}
		rows = append(rows, plan.Row{Stack: r.stack, Counts: r.plan.Counts, Duration: r.plan.Duration, Result: r.status})
	}
	say(a.out, "\n")
	if err := plan.Table(a.out, plan.StyleOf(a.out), rows); err != nil {
		return err
	}
	switch n := changes(results); {
	case !fine(results):
		return errReported
	case n == 0 && changed(results):
		say(a.out, "No changes but of outputs.\n")
	case n == 0:
		say(a.out, "No changes.\n")
	case expectNoChanges:
		return fmt.Errorf("%d changes where none were expected", n)
	}
	return nil
}

func fine(results []*result) bool {
	return !slices.ContainsFunc(results, func(r *result) bool { return r.status != statusOK })
}

// changes is how many resources change.
func changes(results []*result) int {
	n := 0
	for _, r := range results {
		n += r.plan.Counts.Total()
	}
	return n
}

// changed says whether anything changes, the outputs that other stacks may read
// included.
func changed(results []*result) bool {
	return slices.ContainsFunc(results, func(r *result) bool { return r.plan.Changed() })
}

// subject is the resource that a diagnostic is about.
func subject(d plan.Diagnostic) string {
	urn := resource.URN(d.URN)
	if !urn.IsValid() || urn.QualifiedType() == resource.RootStackType {
		return ""
	}
	return fmt.Sprintf("%s (%s): ", urn.Name(), urn.Type())
}
