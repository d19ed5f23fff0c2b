// Package review judges what the plans of an environment's stacks would lose, and
// makes one report of them for people and one for programs.
package review

import (
	"bytes"
	"encoding/json"
	"fmt"

	"ai-worker/internal/plan"
)

// What a report can be about.
const (
	Preview = "preview" // Preview is what `infra up` would do.
	Drift   = "drift"   // Drift is what changed in the clouds since; it has no verdict.
)

// Report is what happens to all stacks of an environment. The same plans make the
// same report, however long they took.
type Report struct {
	Environment string  `json:"environment"`
	Kind        string  `json:"kind"`   // Kind is [Preview] or [Drift].
	Stacks      []Stack `json:"stacks"` // Stacks are in the order of their contracts.
	Verdict     Verdict `json:"verdict"`
	Drifted     bool    `json:"drifted"` // Drifted says that a drift report found a change.
	Failed      bool    `json:"failed"`  // Failed says that a stack did not end well: there may be more.
}

// New reports on stacks. The URNs in approved may be deleted or replaced.
func New(environment, kind string, stacks []Stack, approved []string) *Report {
	r := &Report{Environment: environment, Kind: kind}
	for _, s := range stacks {
		p := plan.Plan{Stack: s.Name}
		if s.Plan != nil {
			p = *s.Plan
		}
		p.Duration = 0
		r.Stacks = append(r.Stacks, Stack{s.Name, s.Status, &p})
		r.Failed = r.Failed || s.Status != statusOK
		r.Drifted = r.Drifted || kind == Drift && p.Changed()
	}
	if kind != Drift {
		r.Verdict = Judge(r.Stacks, approved)
	}
	return r
}

// JSON is the report for programs; [Read] reads it.
func (r *Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("report of %s: %w", r.Environment, err)
	}
	return b.Bytes(), nil
}

// Read is the report that [Report.JSON] wrote.
func Read(data []byte) (*Report, error) {
	var r Report
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return nil, fmt.Errorf("not a report of `infra preview --json` or `infra drift --json`: %w", err)
	}
	if r.Kind != Preview && r.Kind != Drift {
		return nil, fmt.Errorf("kind %q: a report is about %q or %q", r.Kind, Preview, Drift)
	}
	for i, s := range r.Stacks {
		if s.Plan == nil {
			return nil, fmt.Errorf("stacks[%d] (%s): has no plan", i, s.Name)
		}
	}
	return &r, nil
}

// total is the number of changes in all stacks.
func (r *Report) total() int {
	n := 0
	for _, s := range r.Stacks {
		n += s.Plan.Counts.Total()
	}
	return n
}

// changed says whether anything changes, outputs included.
func (r *Report) changed() bool {
	for _, s := range r.Stacks {
		if s.Plan.Changed() {
			return true
		}
	}
	return false
}

// headline is the report in one sentence, with its mark.
func (r *Report) headline() string {
	env, refused, approved := code(r.Environment), len(r.Verdict.Refused()), len(r.Verdict.Approved())
	switch {
	case refused > 0 && r.Failed:
		return fmt.Sprintf("⛔ %s: refused, %s would lose state; not all stacks were planned to the end, so there may be more",
			env, number(refused, "change"))
	case refused > 0:
		return fmt.Sprintf("⛔ %s: refused, %s would lose state", env, number(refused, "change"))
	case r.Failed && r.Drifted:
		return fmt.Sprintf("❌ %s: changed behind Pulumi's back, and not all stacks could be compared with their clouds", env)
	case r.Failed && r.Kind == Drift:
		return fmt.Sprintf("❌ %s: failed, not all stacks could be compared with their clouds", env)
	case r.Failed:
		return fmt.Sprintf("❌ %s: failed, not all stacks were planned to the end", env)
	case r.Kind == Drift && r.total() > 0:
		return fmt.Sprintf("⚠️ %s: %s changed behind Pulumi's back", env, number(r.total(), "resource"))
	case r.Kind == Drift && r.changed():
		return fmt.Sprintf("⚠️ %s: outputs are not what the states say", env)
	case r.Kind == Drift:
		return fmt.Sprintf("✅ %s: nothing changed behind Pulumi's back", env)
	case approved > 0:
		return fmt.Sprintf("⚠️ %s: %s, state is lost by %d of them, as approved", env, number(r.total(), "change"), approved)
	case r.total() > 0:
		return fmt.Sprintf("✅ %s: %s, no state is lost", env, number(r.total(), "change"))
	case r.changed():
		return fmt.Sprintf("✅ %s: no changes, except of outputs", env)
	}
	return fmt.Sprintf("✅ %s: no changes", env)
}
