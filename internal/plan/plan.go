// Package plan is what one operation of the engine does, or would do, to one
// stack: its steps with their property-level changes, its counts and its
// diagnostics, taken from the engine's structured events.
package plan

import "time"

// Plan is what happens to one stack.
type Plan struct {
	Stack       string        `json:"stack"`
	Steps       []Step        `json:"steps"`             // Steps are ordered by URN.
	Outputs     []Diff        `json:"outputs,omitempty"` // Outputs are the changes of the stack's outputs.
	Diagnostics []Diagnostic  `json:"diagnostics,omitempty"`
	Counts      Counts        `json:"counts"`
	Duration    time.Duration `json:"duration"`
}

// Op is what happens to a resource.
type Op string

// The engine's several events of a replacement are one Replace here.
const (
	Create  Op = "create"
	Update  Op = "update"
	Replace Op = "replace"
	Delete  Op = "delete"
	Same    Op = "same"
	Read    Op = "read"   // Read looks up a resource that the stack does not manage.
	Import  Op = "import" // Import takes over an existing resource.
	Forget  Op = "forget" // Forget drops a looked-up resource from the state.
)

// Changes says whether the op changes the resource or the state of the stack.
func (o Op) Changes() bool { return o != Same && o != Read }

// Status is how far a step got.
type Status string

// A step of a preview stays Planned.
const (
	Planned Status = "planned"
	Running Status = "running" // Running was under way when the events ended.
	Done    Status = "done"
	Failed  Status = "failed"
)

// Step is what happens to one resource.
type Step struct {
	URN     string `json:"urn"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Op      Op     `json:"op"`
	Status  Status `json:"status"`
	Diffs   []Diff `json:"diffs,omitempty"` // Diffs are ordered by path.
	Protect bool   `json:"protect,omitempty"`
	Retain  bool   `json:"retain,omitempty"`  // Retain keeps the cloud's object when the resource is deleted.
	Pending bool   `json:"pending,omitempty"` // Pending is the deletion of what an earlier replacement left behind.

	refresh bool // refresh says that its op is not known before its end
}

// Diff is the change of one property.
type Diff struct {
	Path    string `json:"path"`
	Before  Value  `json:"before"`
	After   Value  `json:"after"`
	Replace bool   `json:"replace,omitempty"` // Replace says that this change forces the replacement.
}

// Diagnostic is a warning or an error.
type Diagnostic struct {
	Severity string `json:"severity"` // Severity is "warning" or "error".
	URN      string `json:"urn,omitempty"`
	Message  string `json:"message"`
}

// Counts are the numbers of resources by what happens to them. What failed, or
// was under way when the events ended, is not counted.
type Counts struct {
	Create  int `json:"create"`
	Update  int `json:"update"`
	Replace int `json:"replace"`
	Delete  int `json:"delete"`
	Same    int `json:"same"`
	Read    int `json:"read"`
	Import  int `json:"import"`
}

// Total is the number of changes.
func (c Counts) Total() int { return c.Create + c.Update + c.Replace + c.Delete + c.Import }

// Changed says whether anything changes, the stack's outputs included: other
// stacks read them.
func (p *Plan) Changed() bool { return p.Counts.Total() > 0 || len(p.Outputs) > 0 }

// Errors are the messages of the error diagnostics.
func (p *Plan) Errors() []Diagnostic { return p.diagnostics("error") }

// Warnings are the messages of the warning diagnostics.
func (p *Plan) Warnings() []Diagnostic { return p.diagnostics("warning") }

func (p *Plan) diagnostics(severity string) []Diagnostic {
	var found []Diagnostic
	for _, d := range p.Diagnostics {
		if d.Severity == severity {
			found = append(found, d)
		}
	}
	return found
}

func count(steps []Step) Counts {
	var c Counts
	for _, s := range steps {
		if s.Status == Running || s.Status == Failed {
			continue
		}
		switch s.Op {
		case Create:
			c.Create++
		case Update:
			c.Update++
		case Replace:
			c.Replace++
		case Delete:
			c.Delete++
		case Same:
			c.Same++
		case Read:
			c.Read++
		case Import:
			c.Import++
		case Forget:
		}
	}
	return c
}
