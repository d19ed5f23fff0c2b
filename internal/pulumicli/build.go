package pulumicli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// heartbeat is how often a build says that it is alive.
const heartbeat = 10 * time.Second

// tool is a program that is built from a module in the repository.
type tool struct {
	name    string // name of the binary
	pkg     string // pkg is the package that is built
	module  string // module that pkg belongs to
	version string // version of module that the binary must have
	dir     string // dir holds the go.mod that pins it
	bin     string // bin is the folder that the binary goes to
	ldflags string
	notice  string // notice is what a user reads before a build
	stamp   func(path, module string) string
}

func (t *tool) path() string { return filepath.Join(t.bin, t.name) }

func (t *tool) built() bool {
	return executable(t.path()) && t.stamp(t.path(), t.module) == t.version
}

// ensure returns the folder of the built tool. Builders in other processes wait
// for the first one and then use what it built.
func (t *tool) ensure(ctx context.Context, log io.Writer, unfit error) (string, error) {
	if t.built() {
		return t.bin, nil
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "", t.missing(unfit)
	}
	if err := os.MkdirAll(t.bin, 0o750); err != nil {
		return "", fmt.Errorf("a place for %s: %w", t.name, err)
	}
	unlock, err := lock(ctx, t.path()+".lock", log)
	if err != nil {
		return "", err
	}
	defer unlock()
	if t.built() {
		return t.bin, nil
	}
	if unfit != nil {
		say(log, "%v.", unfit)
	}
	say(log, "%s", t.notice)
	return t.bin, t.build(ctx, log)
}

// missing says that there is neither the tool nor a way to build it.
func (t *tool) missing(unfit error) error {
	found := "no " + t.name + " is on PATH"
	if unfit != nil {
		found = unfit.Error()
	}
	return fmt.Errorf("%s, and no go is on PATH to build %s %s: install Go (https://go.dev/dl) or "+
		"that version of Pulumi (https://www.pulumi.com/docs/install), then run this again", found, t.name, t.version)
}

func (t *tool) build(ctx context.Context, log io.Writer) error {
	tmp := filepath.Join(t.bin, fmt.Sprintf(".%s.%d", t.name, os.Getpid()))
	defer func() { _ = os.Remove(tmp) }()                                                                      // after a rename there is none
	cmd := exec.CommandContext(ctx, "go", "build", "-C", t.dir, "-v", "-ldflags", t.ldflags, "-o", tmp, t.pkg) //nolint:gosec // what is built stands in this package
	cmd.Env = append(os.Environ(), "GOWORK=off")
	// A group of its own, so that cancelling also ends the compilers.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 5 * time.Second
	out := &tail{keep: 20}
	cmd.Stdout, cmd.Stderr = out, out

	start := time.Now()
	if err := waiting(cmd, func() {
		say(log, "  %s: %s", time.Since(start).Round(time.Second), out.last())
	}); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("building %s: %w", t.name, context.Cause(ctx))
		}
		return fmt.Errorf("building %s %s: %w\n%s", t.name, t.version, err, out)
	}
	if err := os.Rename(tmp, t.path()); err != nil {
		return fmt.Errorf("building %s: %w", t.name, err)
	}
	say(log, "Built %s %s in %s.", t.name, t.version, time.Since(start).Round(time.Second))
	return nil
}

// waiting runs cmd and calls beat while it runs.
func waiting(cmd *exec.Cmd, beat func()) error {
	done := make(chan error, 1)
	go func() { done <- cmd.Run() }()
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			beat()
		}
	}
}

// lock takes the lock file at path, which the system frees if we die.
func lock(ctx context.Context, path string, log io.Writer) (unlock func(), err error) {
	type result struct {
		unlock func()
		err    error
	}
	taken := make(chan result, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(path).Lock()
		taken <- result{unlock, err}
	}()
	patience := time.After(time.Second)
	for {
		select {
		case r := <-taken:
			return r.unlock, r.err
		case <-patience:
			say(log, "Another run is building it; waiting.")
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func say(log io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(log, format+"\n", args...) }

// tail keeps the last lines that were written to it.
type tail struct {
	keep  int
	mu    sync.Mutex
	lines []string
	rest  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rest = append(t.rest, p...)
	for {
		line, rest, ok := bytes.Cut(t.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		t.lines, t.rest = append(t.lines, string(line)), rest
		if len(t.lines) > t.keep {
			t.lines = t.lines[1:]
		}
	}
}

// last is the newest line: the package that was compiled or fetched last.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		return "starting"
	}
	return t.lines[len(t.lines)-1]
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(append(t.lines, string(t.rest)), "\n")
}
