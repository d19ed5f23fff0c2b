package main

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"

	"ai-worker/internal/plan"
)

// How a stack's operation ended.
const (
	statusOK        = "ok"
	statusFailed    = "failed"
	statusCancelled = "cancelled"
	statusSkipped   = "skipped"
)

// result is how an operation on a stack went.
type result struct {
	stack  string
	status string
	plan   *plan.Plan
}

// engine runs an operation on one stack and collects its events. [session]
// is the real one.
type engine interface {
	operate(ctx context.Context, op operation, stack string, into *plan.Collector) error
}

// runLevels runs an operation on all stacks, level after level, those of a level
// at the same time. Where it writes, nothing follows on a failed level; a
// preview goes on, so that every problem is told at once.
func runLevels(ctx context.Context, e engine, op operation, levels [][]string, p *progress) []*result {
	var results []*result
	halted := false
	for _, level := range levels {
		var group []*result
		var wait sync.WaitGroup
		for _, name := range level {
			r := &result{stack: name, status: statusSkipped, plan: &plan.Plan{Stack: name}}
			group = append(group, r)
			if !halted && ctx.Err() == nil {
				wait.Go(func() { r.run(ctx, e, op, p) })
			}
		}
		wait.Wait()
		for _, r := range group {
			halted = halted || op.writes && r.status != statusOK
		}
		results = append(results, group...)
	}
	return results
}

func (r *result) run(ctx context.Context, e engine, op operation, p *progress) {
	start := time.Now()
	c := plan.NewCollector(r.stack)
	p.start(r.stack, op.doing, c)
	err := e.operate(ctx, op, r.stack, c)
	r.status = statusOK
	if err != nil {
		r.status = statusFailed
		if ctx.Err() != nil {
			r.status = statusCancelled
		}
		if r.plan = c.Plan(); len(r.plan.Errors()) == 0 && r.status == statusFailed {
			c.Fail(err.Error()) // the engine ended before it could tell by an event
		}
	}
	r.plan = c.Plan()
	r.plan.Duration = time.Since(start)
	p.end(r.stack, r.status, r.plan)
}

// operate implements [engine].
func (s *session) operate(ctx context.Context, op operation, name string, into *plan.Collector) error {
	stack, err := s.stack(ctx, name)
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	to := make(chan events.EngineEvent)
	seen, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var once sync.Once
		for e := range to {
			once.Do(func() { close(seen) })
			if e.Error == nil {
				into.Add(e.EngineEvent)
			}
		}
	}()
	err = op.run(ctx, stack, to, &stderr)
	// The Automation API closes the channel once the engine has connected to it,
	// and never if the engine failed before that.
	select {
	case <-done:
	case <-seen:
		select {
		case <-done:
		case <-time.After(5 * time.Second):
		}
	default:
	}
	if err != nil {
		return explain(stderr.String(), errors.Join(ctx.Err(), err))
	}
	return nil
}
