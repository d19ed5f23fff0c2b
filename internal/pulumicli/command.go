package pulumicli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

var errKilled = errors.New("killed")

var _ auto.PulumiCommand = (*Command)(nil)

// Command runs the CLI of one folder for the Automation API. It differs from
// [auto.NewPulumiCommand] in what an interrupt does. That one shares the
// terminal's process group, so that Ctrl-C reaches the CLI twice, which the CLI
// takes for "terminate now"; and it kills the CLI 10 seconds after a context was
// cancelled, in the middle of creating a cluster. Here a cancelled context asks
// once, and the CLI has the time it needs to finish its steps and unlock; only
// [Command.Kill] ends it at once.
type Command struct {
	// Bound has the CLI die with this process, for clouds that die with it too. On
	// real clouds the CLI better ends what it began.
	Bound bool

	path    string
	version semver.Version

	mu      sync.Mutex
	running map[*exec.Cmd]bool
	killed  bool
}

// New is the CLI in dir, a folder that [Ensure] returned.
func New(ctx context.Context, dir string) (*Command, error) {
	path := filepath.Join(dir, cliName)
	version, err := versionOf(ctx, path)
	if err != nil {
		return nil, err
	}
	return &Command{path: path, version: version, running: map[*exec.Cmd]bool{}}, nil
}

// Version implements [auto.PulumiCommand].
func (c *Command) Version() semver.Version { return c.version }

// Run implements [auto.PulumiCommand].
func (c *Command) Run(ctx context.Context, workdir string, stdin io.Reader,
	stdouts, stderrs []io.Writer, env []string, args ...string,
) (string, string, int, error) {
	if !slices.Contains(args, "--non-interactive") {
		args = append([]string{"--non-interactive"}, args...) // fail rather than ask
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, c.path, args...) //nolint:gosec // the CLI is the one that was found or built
	cmd.Dir = workdir
	cmd.Env = append(append(os.Environ(), env...), "PULUMI_AUTOMATION_API=true",
		"PATH="+filepath.Dir(c.path)+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.Stdin = stdin
	cmd.Stdout = io.MultiWriter(append(slices.Clone(stdouts), &stdout)...)
	cmd.Stderr = io.MultiWriter(append(slices.Clone(stderrs), &stderr)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }

	if c.Bound {
		defer bind(cmd.SysProcAttr)()
	}
	err := c.start(cmd)
	if err == nil {
		err = cmd.Wait()
		c.forget(cmd)
	}
	code := -2 // what the Automation API calls unknown
	var exit *exec.ExitError
	if err == nil {
		code = 0
	} else if errors.As(err, &exit) {
		code = exit.ExitCode()
	}
	return stdout.String(), stderr.String(), code, err
}

func (c *Command) start(cmd *exec.Cmd) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.killed {
		return errKilled
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.running[cmd] = true
	return nil
}

func (c *Command) forget(cmd *exec.Cmd) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, cmd)
}

// Kill ends every running CLI at once, and lets no other start. Stacks stay
// locked, and what was under way stays pending in their states.
func (c *Command) Kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.killed = true
	for cmd := range c.running {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
