package plan

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const (
	stackType = "pulumi:pulumi:Stack"
	// referenceType reads what another stack hands on. That it reads something new
	// is no change of a cloud.
	referenceType = "pulumi:pulumi:StackReference"
)

// Collector makes a Plan of the events of one operation, while it runs. It may
// be read at any time.
type Collector struct {
	mu      sync.Mutex
	stack   string
	steps   map[key]*Step
	outputs []Diff
	diags   []Diagnostic
	now     string
}

// key tells the deletion of what an earlier replacement left behind from the
// step of the resource that has the same URN.
type key struct {
	urn     string
	pending bool
}

// NewCollector collects the events of an operation on stack.
func NewCollector(stack string) *Collector {
	return &Collector{stack: stack, steps: map[key]*Step{}}
}

// Plan is what the events up to now amount to.
func (c *Collector) Plan() *Plan {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := &Plan{
		Stack:       c.stack,
		Steps:       make([]Step, 0, len(c.steps)),
		Outputs:     slices.Clone(c.outputs),
		Diagnostics: c.diagnostics(),
	}
	for _, s := range c.steps {
		p.Steps = append(p.Steps, *s)
	}
	slices.SortFunc(p.Steps, func(a, b Step) int {
		return cmp.Or(strings.Compare(a.URN, b.URN), compareBool(a.Pending, b.Pending))
	})
	p.Counts = count(p.Steps)
	return p
}

// Progress is the counts up to now, and the name of the resource that was
// started last.
func (c *Collector) Progress() (Counts, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	steps := make([]Step, 0, len(c.steps))
	for _, s := range c.steps {
		steps = append(steps, Step{Op: s.Op, Status: s.Status})
	}
	return count(steps), c.now
}

// Add takes in the next event.
func (c *Collector) Add(e apitype.EngineEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.ResourcePreEvent != nil:
		c.started(e.ResourcePreEvent.Metadata, e.ResourcePreEvent.Planning)
	case e.ResOutputsEvent != nil:
		c.finished(e.ResOutputsEvent.Metadata, e.ResOutputsEvent.Planning)
	case e.ResOpFailedEvent != nil:
		c.step(e.ResOpFailedEvent.Metadata).Status = Failed
	case e.DiagnosticEvent != nil:
		c.diagnostic(e.DiagnosticEvent)
	case e.PolicyEvent != nil:
		severity := "error"
		if e.PolicyEvent.EnforcementLevel != "mandatory" {
			severity = "warning"
		}
		c.say(severity, e.PolicyEvent.ResourceURN, e.PolicyEvent.PolicyName+": "+e.PolicyEvent.Message)
	case e.ErrorEvent != nil:
		c.say("error", "", e.ErrorEvent.Error)
	}
}

// Fail adds an error that came from elsewhere than the events.
func (c *Collector) Fail(message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say("error", "", message)
}

func (c *Collector) started(m apitype.StepEventMetadata, planning bool) {
	m = reading(m)
	s := c.step(m)
	s.Status = Running
	if planning {
		s.Status = Planned
	}
	if s.Op.Changes() && !planning {
		c.now = s.Name
	}
}

func (c *Collector) finished(m apitype.StepEventMetadata, planning bool) {
	m = reading(m)
	s := c.step(m)
	if !planning && s.Status != Failed {
		s.Status = Done
	}
	if m.Type == stackType && m.Op != apitype.OpDelete {
		c.outputs = between(outputs(m.Old), outputs(m.New))
	}
}

// reading is a step, without the change that a reference to a stack is not.
func reading(m apitype.StepEventMetadata) apitype.StepEventMetadata {
	if m.Type == referenceType {
		m.Op = apitype.OpSame
	}
	return m
}

func outputs(s *apitype.StepEventStateMetadata) map[string]any {
	if s == nil {
		return nil
	}
	return s.Outputs
}

// step is the step that an event is about.
func (c *Collector) step(m apitype.StepEventMetadata) *Step {
	pending := m.Op == apitype.OpDelete && m.Old != nil && m.Old.Delete
	k := key{m.URN, pending}
	s := c.steps[k]
	if s == nil {
		urn := resource.URN(m.URN)
		s = &Step{URN: m.URN, Type: string(urn.Type()), Name: urn.Name(), Op: op(m.Op), Pending: pending}
		s.refresh = m.Op == apitype.OpRefresh
		c.steps[k] = s
	}
	switch o := op(m.Op); {
	case s.refresh && m.Op != apitype.OpRefresh:
		s.Op = o // what the refresh found
	case o == Replace:
		s.Op = Replace
	}
	if m.Old != nil {
		s.Protect = s.Protect || m.Old.Protect
		s.Retain = s.Retain || m.Old.RetainOnDelete
	}
	if (s.Op == Update || s.Op == Replace || s.Op == Import) && len(s.Diffs) == 0 && m.Old != nil && m.New != nil {
		s.Diffs = diffs(m, s.refresh)
	}
	return s
}

func op(o apitype.OpType) Op {
	switch o {
	case apitype.OpCreate:
		return Create
	case apitype.OpUpdate:
		return Update
	case apitype.OpDelete:
		return Delete
	case apitype.OpReplace, apitype.OpCreateReplacement, apitype.OpDeleteReplaced, apitype.OpImportReplacement,
		apitype.OpReadReplacement, apitype.OpDiscardReplaced, apitype.OpRemovePendingReplace:
		return Replace
	case apitype.OpRead:
		return Read
	case apitype.OpReadDiscard:
		return Forget
	case apitype.OpImport:
		return Import
	case apitype.OpSame, apitype.OpRefresh:
		return Same // what a refresh found is known when it ends
	}
	return Op(o) // an op of a newer engine
}

func (c *Collector) diagnostic(d *apitype.DiagnosticEvent) {
	if d.Severity == "error" || d.Severity == "warning" {
		c.say(d.Severity, d.URN, d.Message)
	}
}

func (c *Collector) say(severity, urn, message string) {
	message = strings.TrimSpace(colors.Never.Colorize(message))
	d := Diagnostic{Severity: severity, URN: urn, Message: message}
	if message != "" && !slices.Contains(c.diags, d) {
		c.diags = append(c.diags, d)
	}
}

// diagnostics leaves out the engine's remark that the operation was cancelled,
// which the user knows, and that it failed, where there is a reason to tell.
func (c *Collector) diagnostics() []Diagnostic {
	var reasons, echoes []Diagnostic
	failed := false
	for _, d := range c.diags {
		operation, verdict, two := strings.Cut(d.Message, " ")
		switch {
		case two && operation != "" && verdict == "canceled":
		case two && operation != "" && verdict == "failed":
			echoes = append(echoes, d)
		default:
			failed = failed || d.Severity == "error"
			reasons = append(reasons, d)
		}
	}
	if failed {
		return reasons
	}
	return append(reasons, echoes...)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
