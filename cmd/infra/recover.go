package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/config"
	"ai-worker/internal/plan"
	states "ai-worker/internal/state"
)

// recover repairs what a run that was killed left behind: locks, and resources
// whose creation was begun and never reported back. The engine only warns of
// those; with the next create the cloud would say that they exist already.
func (s *session) recover(ctx context.Context, names []string, p *progress) error {
	for _, name := range names {
		if s.clouds != nil {
			if err := s.liftLocks(ctx, name, p); err != nil {
				return err
			}
		} else if err := unlocked(ctx, name); err != nil {
			return err
		}
		if err := s.resume(ctx, name, p); err != nil {
			return fmt.Errorf("stack %s: recovering from a run that was cut off: %w", name, err)
		}
	}
	return nil
}

// unlocked refuses a stack that somebody works on: what is pending there is under
// way and not cut off, and a state that was read meanwhile is old when it is put back.
func unlocked(ctx context.Context, stack string) error {
	backend, err := (&app{}).backend()
	if err != nil {
		return err
	}
	store, err := states.Open(ctx, backend)
	if err != nil {
		return nil //nolint:nilerr // a backend that is not read here refuses by itself
	}
	locks, err := states.Locks(ctx, store, config.Project, []string{stack})
	if err != nil || len(locks) == 0 {
		return err
	}
	l := locks[0]
	return fmt.Errorf("stack %s is locked by %s since %s: wait for it to end; if it died, `%s` lifts the lock",
		stack, l.Owner(), l.Timestamp.UTC().Format(time.RFC3339), states.Lift(stack))
}

// resume puts the pending creates of a stack in order. Those whose id can be told
// go into the state as if they had been reported, and a refresh finds out which
// of them exist; the others are forgotten, and said.
func (s *session) resume(ctx context.Context, name string, p *progress) error {
	found, err := s.state(ctx, name)
	if err != nil {
		return err
	}
	identify := func(string, map[string]any, map[string]any) (string, bool) { return "", false }
	if s.clouds != nil {
		identify = s.clouds.pendingID
	}
	adopted, forgotten, err := settle(found.Deployment, identify)
	if err != nil || len(adopted)+len(forgotten) == 0 {
		return err
	}
	p.say("%s: an earlier run was cut off in the middle of creating %s", name, listed(slices.Concat(adopted, forgotten)))
	for _, urn := range forgotten {
		p.say("%s: %s may exist or not. If the cloud says that it exists already, take it over: pulumi import %s %s <id> -s %s",
			name, urn.Name(), urn.Type(), urn.Name(), name)
	}
	if err := s.replaceState(ctx, name, found); err != nil || len(adopted) == 0 {
		return err
	}
	return s.verify(ctx, name, adopted, p)
}

// replaceState gives a stack another state. The Automation API does the same, and
// keeps to itself what the CLI says against it.
func (s *session) replaceState(ctx context.Context, name string, with state) error {
	deployment, err := json.Marshal(with.Deployment)
	if err != nil {
		return err
	}
	text, err := json.Marshal(apitype.UntypedDeployment{Version: with.Version, Features: with.Features, Deployment: deployment})
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "infra-state-*.json")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	_, err = s.pulumi(ctx, "stack", "import", "--file", file.Name(), "--stack", name)
	return err
}

// listed are the names of resources.
func listed(urns []resource.URN) string {
	names := make([]string, len(urns))
	for i, urn := range urns {
		names[i] = urn.Name()
	}
	return strings.Join(names, ", ")
}

// verify asks the cloud for what was adopted; what is not there leaves the state.
func (s *session) verify(ctx context.Context, name string, adopted []resource.URN, p *progress) error {
	var targets []string
	for _, urn := range adopted {
		targets = append(targets, string(urn))
	}
	c := plan.NewCollector(name)
	if err := s.operate(ctx, operation{doing: refreshing.doing, run: refresh(targets...)}, name, c); err != nil {
		return err
	}
	for _, step := range c.Plan().Steps {
		if !slices.Contains(targets, step.URN) {
			continue
		}
		found := "was created; it is taken over"
		if step.Op == plan.Delete {
			found = "was not created"
		}
		p.say("%s: %s (%s) %s", name, step.Name, step.Type, found)
	}
	return nil
}

// state is a stack's state as the CLI exports and imports it.
type state struct {
	Version    int            `json:"version"`
	Features   []string       `json:"features"`
	Deployment map[string]any `json:"deployment"`
	// Checkpoint is where the file backend has the deployment.
	Checkpoint struct {
		Latest map[string]any `json:"latest"`
	} `json:"checkpoint"`
}

// state is the state of a stack. In a sandbox it is a file, read where it says
// that something is pending; elsewhere the CLI is asked for it.
func (s *session) state(ctx context.Context, name string) (state, error) {
	var found state
	if s.clouds == nil {
		text, err := s.pulumi(ctx, "stack", "export", "--stack", name)
		if err != nil {
			return found, err
		}
		return found, decode([]byte(text), &found)
	}
	text, err := os.ReadFile(statePath(s.root, name))
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.Contains(text, []byte(`"pending_operations"`)) {
		return found, nil
	} else if err != nil {
		return found, err
	}
	err = decode(text, &found)
	found.Deployment = found.Checkpoint.Latest
	return found, err
}

// decode keeps numbers as they are written: 64-bit ids do not survive a float.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

// settle moves the pending creates of a deployment into its resources, where
// identify tells their ids by their inputs and their provider's, and removes the
// others. Other pending operations the engine settles itself.
func settle(
	deployment map[string]any, identify func(typ string, inputs, provider map[string]any) (string, bool),
) (adopted, forgotten []resource.URN, err error) {
	pending, _ := deployment["pending_operations"].([]any)
	if len(pending) == 0 {
		return nil, nil, nil
	}
	resources, _ := deployment["resources"].([]any)
	var rest []any
	for _, entry := range pending {
		op, _ := entry.(map[string]any)
		if op["type"] != string(apitype.OperationTypeCreating) {
			rest = append(rest, entry)
			continue
		}
		state, ok := op["resource"].(map[string]any)
		if !ok {
			return nil, nil, errors.New("a pending operation names no resource")
		}
		urn := resource.URN(fmt.Sprint(state["urn"]))
		if state["custom"] != true || strings.HasPrefix(string(urn.Type()), "pulumi:providers:") {
			continue // nothing of it is in a cloud
		}
		inputs, _ := state["inputs"].(map[string]any)
		id, known := identify(string(urn.Type()), inputs, providerOf(resources, state))
		if !known {
			forgotten = append(forgotten, urn)
			continue
		}
		made := maps.Clone(state)
		made["id"] = id
		resources = adopt(resources, made)
		adopted = append(adopted, urn)
	}
	deployment["resources"], deployment["pending_operations"] = resources, rest
	return adopted, forgotten, nil
}

// providerOf are the inputs of a resource's provider.
func providerOf(resources []any, state map[string]any) map[string]any {
	for _, entry := range resources {
		have, _ := entry.(map[string]any)
		if fmt.Sprintf("%v::%v", have["urn"], have["id"]) == state["provider"] {
			inputs, _ := have["inputs"].(map[string]any)
			return inputs
		}
	}
	return nil
}

// adopt adds a resource to a state. One that was to replace another follows it,
// and that one waits to be deleted: so the engine itself leaves a replacement.
func adopt(resources []any, made map[string]any) []any {
	for _, entry := range resources {
		have, _ := entry.(map[string]any)
		if have["urn"] != made["urn"] || have["delete"] == true {
			continue
		}
		if have["id"] == made["id"] {
			return resources // it had been reported after all
		}
		have["delete"] = true
	}
	return append(resources, made)
}
