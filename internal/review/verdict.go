package review

import (
	"regexp"
	"slices"
	"strings"

	"ai-worker/internal/plan"
)

// Stack is how an operation on one stack went.
type Stack struct {
	Name string `json:"name"`
	// Status is "ok", or why the plan is not the whole story: "failed",
	// "cancelled" or "skipped".
	Status string     `json:"status"`
	Plan   *plan.Plan `json:"plan"`
}

const statusOK = "ok"

// Finding is a step that loses state or breaks an identity.
type Finding struct {
	Stack string  `json:"stack"`
	URN   string  `json:"urn"`
	Type  string  `json:"type"`
	Name  string  `json:"name"`
	Op    plan.Op `json:"op"`    // Op is [plan.Delete], [plan.Replace] or [plan.Forget].
	Loses string  `json:"loses"` // Loses is what is lost, to be read after "loses".
	// Kept says why nothing is lost for all that; it needs no approval then.
	Kept string `json:"kept,omitempty"`
	// Pending is the deletion of what an earlier replacement left behind.
	Pending  bool `json:"pending,omitempty"`
	Approved bool `json:"approved"`
}

// Refused says that it must not happen as it is.
func (f Finding) Refused() bool { return !f.Approved && f.Kept == "" }

// Verdict is what the plans of an environment would lose.
type Verdict struct {
	Findings []Finding `json:"findings,omitempty"` // Findings are in the order of stacks and steps.
	// Stale are the approvals of what is not planned.
	Stale []string `json:"stale,omitempty"`
}

// Refused are the findings that nobody approved.
func (v Verdict) Refused() []Finding { return v.pick(Finding.Refused) }

// Approved are the findings that lose something, as somebody agreed to.
func (v Verdict) Approved() []Finding {
	return v.pick(func(f Finding) bool { return f.Approved && f.Kept == "" })
}

func (v Verdict) pick(want func(Finding) bool) []Finding {
	var picked []Finding
	for _, f := range v.Findings {
		if want(f) {
			picked = append(picked, f)
		}
	}
	return picked
}

var (
	// An approval that no reader of the pull request sees is none.
	hidden = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)
	// A quoted line ("> approve: ...") is somebody else's.
	approval = regexp.MustCompile("(?im)^[ \t]*(?:[-*+][ \t]+(?:\\[[ x]\\][ \t]+)?)?`*approve:[ \t]*`*([^`\r\n]*?)[ \t`]*\r?$")
)

// Approvals are the URNs of the lines "approve: <urn>" in text, which is GitHub
// Markdown: a line may be an item of a list, and it or the URN may stand in
// backticks. What the line names is not checked here: what is no URN of the plan
// turns up in [Verdict.Stale].
func Approvals(text string) []string {
	var urns []string
	for _, found := range approval.FindAllStringSubmatch(hidden.ReplaceAllString(text, ""), -1) {
		if urn := found[1]; urn != "" && !slices.Contains(urns, urn) {
			urns = append(urns, urn)
		}
	}
	return urns
}

// Judge finds what the plans of stacks would lose. An approval is the exact URN
// of a step. It is stale if that is neither deleted nor replaced, unless the stack
// that it belongs to is not among those judged, or its plan is not whole.
func Judge(stacks []Stack, approved []string) Verdict {
	var v Verdict
	planned, open := map[string]bool{}, map[string]bool{}
	for _, s := range stacks {
		open[s.Name] = s.Status == statusOK
		if s.Plan == nil {
			continue
		}
		for i := range s.Plan.Steps {
			step := &s.Plan.Steps[i]
			if step.Op == plan.Delete || step.Op == plan.Replace {
				planned[step.URN] = true
			}
			if f := judge(step); f.Loses != "" {
				f.Stack, f.Approved = s.Name, slices.Contains(approved, step.URN)
				v.Findings = append(v.Findings, f)
			}
		}
	}
	for _, urn := range approved {
		stack, isURN := stackOf(urn)
		if !planned[urn] && (!isURN || open[stack]) && !slices.Contains(v.Stale, urn) {
			v.Stale = append(v.Stale, urn)
		}
	}
	return v
}

// judge is the finding of one step, with Loses "" if there is none.
//
// The deletion of what an earlier replacement left behind needs its own approval:
// the plan cannot tell whether that replacement was approved, and the old object
// may be the last that has the data. The line of the replacement serves for it, as
// the URN is the same; so a run that is tried again passes.
//
// A replaced object that stays in the cloud is a finding all the same: what used
// it gets a new and empty one.
func judge(step *plan.Step) Finding {
	f := Finding{URN: step.URN, Type: step.Type, Name: step.Name, Op: step.Op, Pending: step.Pending}
	switch step.Op {
	case plan.Delete, plan.Replace:
		f.Loses = loses(step.Type, step.Op == plan.Replace)
		if step.Retain && step.Op == plan.Delete {
			f.Kept = "it stays in the cloud"
		}
	case plan.Forget:
		if f.Loses = loses(step.Type, false); f.Loses == unjudged {
			f.Loses = ""
		}
		f.Kept = "only the state forgets it"
	case plan.Create, plan.Update, plan.Same, plan.Read, plan.Import:
	}
	return f
}

// stackOf is the stack in a URN "urn:pulumi:STACK::PROJECT::TYPE::NAME".
func stackOf(urn string) (string, bool) {
	rest, ok := strings.CutPrefix(urn, "urn:pulumi:")
	stack, _, whole := strings.Cut(rest, "::")
	return stack, ok && whole
}
