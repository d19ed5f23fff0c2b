package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
)

// infra runs one command line and returns what it printed and its exit code.
func infra(t *testing.T, args ...string) (out, log string, code int) {
	t.Helper()
	return infraIn(t, "", args...)
}

// infraIn does so in a folder.
func infraIn(t *testing.T, dir string, args ...string) (out, log string, code int) {
	t.Helper()
	var o, l bytes.Buffer
	code = execute(t.Context(), args, console{in: strings.NewReader(""), out: &o, log: &l, dir: dir}, &interrupts{})
	return o.String(), l.String(), code
}

// write makes a file with its folders.
func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// fake is an engine whose stacks create one resource each, or fail.
type fake struct {
	fail map[string]error
	meet *sync.WaitGroup // meet is where the stacks of a level wait for each other

	mu  sync.Mutex
	ran []string
}

func (f *fake) operate(_ context.Context, _ operation, stack string, into *plan.Collector) error {
	f.mu.Lock()
	f.ran = append(f.ran, stack)
	f.mu.Unlock()
	if f.meet != nil {
		f.meet.Done()
		f.meet.Wait()
	}
	m := apitype.StepEventMetadata{Op: apitype.OpCreate, URN: "urn:pulumi:" + stack + "::ai-worker::a:b:C::thing", Type: "a:b:C"}
	into.Add(apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: m, Planning: true}})
	return f.fail[stack]
}

// quiet is a progress that nobody sees.
func quiet(t *testing.T) (*progress, *bytes.Buffer) {
	t.Helper()
	var b bytes.Buffer
	p := newProgress(&b)
	t.Cleanup(p.close)
	return p, &b
}

func statuses(results []*result) map[string]string {
	found := map[string]string{}
	for _, r := range results {
		found[r.stack] = r.status
	}
	return found
}

var errBoom = errors.New("boom")
