package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ai-worker/config"
	states "ai-worker/internal/state"
	"ai-worker/internal/state/googletest"
)

// team is a repository whose states are in a bucket, on clouds that all runs share:
// as it is for people and for CI, each in a process of its own.
type team struct {
	checkout
	host string // host serves the bucket
	env  []string
}

// bucket serves Cloud Storage by fake-gcs-server, with one empty bucket, until the
// test ends. It is built from its own module, like the other tools.
func bucket(t *testing.T, root string) (host string) {
	t.Helper()
	binary := filepath.Join(root, ".tools", "bin", "fake-gcs-server")
	build := exec.CommandContext(t.Context(), "go", "build", "-C", filepath.Join(root, "tools", "gcs"), "-o", binary, "github.com/fsouza/fake-gcs-server")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))

	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	host = free.Addr().String()
	require.NoError(t, free.Close())
	_, port, _ := strings.Cut(host, ":")

	seed := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(seed, "states"), 0o755))
	server := exec.CommandContext(t.Context(), binary, "-backend", "memory", "-data", seed, "-log-level", "error",
		"-scheme", "http", "-host", "127.0.0.1", "-port", port, "-public-host", host)
	require.NoError(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	require.Eventually(t, func() bool { return stored(t, host, "") != "" }, time.Minute, 50*time.Millisecond, "the emulator never answered")
	return host
}

// stored is what the bucket says at a path of its API, "" unless it is there.
func stored(t *testing.T, host, path string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+"/storage/v1/b/states"+path, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil || response.StatusCode != http.StatusOK {
		return ""
	}
	return string(text)
}

// meet makes a team. What a fault does to the clouds it does to the first run.
func meet(t *testing.T, fault string) team {
	t.Helper()
	repo := repository(t)
	root, err := findRoot(".")
	require.NoError(t, err)
	host := bucket(t, root)

	ctx, cancel := context.WithCancel(t.Context())
	exports, log := &lockedBuffer{}, &lockedBuffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- execute(ctx, []string{"sandbox", "serve", "--for", "10m", "--fault", fault},
			console{in: strings.NewReader(""), out: exports, log: log, dir: repo.dir}, &interrupts{})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	require.Eventually(t, func() bool { return strings.Contains(exports.String(), "\ncd ") }, 5*time.Minute, 100*time.Millisecond,
		"serve never printed what to export")
	env := append(os.Environ(), asInfra+"=1")
	for line := range strings.Lines(exports.String()) {
		if pair, is := strings.CutPrefix(strings.TrimSpace(line), "export "); is {
			env = append(env, os.ExpandEnv(strings.ReplaceAll(pair, `"`, "")))
		}
	}
	return team{repo, host, append(env, "PULUMI_BACKEND_URL=gs://states", "STORAGE_EMULATOR_HOST="+host, "GOOGLE_OAUTH_ACCESS_TOKEN=none")}
}

// infra is a run of infra, not yet started.
func (t team) infra(args ...string) (*exec.Cmd, *bytes.Buffer) {
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = t.dir, t.env, &out, &out
	return cmd, &out
}

// ends runs infra and returns what it printed; it must end with code.
func (t team) ends(code int, args ...string) string {
	t.Helper()
	cmd, out := t.infra(args...)
	_ = cmd.Run()
	require.Equal(t, code, cmd.ProcessState.ExitCode(), "infra %s\n%s", strings.Join(args, " "), out)
	return out.String()
}

// TestTwoRunsOnABucket: of two runs one has the lock, and the other says who. One
// that was killed leaves its lock; it is told, lifted, and the next run goes on.
func TestTwoRunsOnABucket(outer *testing.T) {
	t := meet(outer, "create "+instance+" 1 60s")
	up := []string{"up", "dev", "-p", "gcp", "--yes"}
	require.Equal(t, "dev: no stack is locked\n", t.ends(exitOK, "locks", "dev", "--older-than", "1ns"))

	first, said := t.infra(up...)
	require.NoError(t, first.Start())
	before := ""
	require.Eventually(t, func() bool {
		state := stored(outer, t.host, "/o/.pulumi%2Fstacks%2Fai-worker%2Fdev-gcp.json?alt=media")
		rests := state == before // all that does not wait for the instance is made
		before = state
		return rests && strings.Contains(state, "pending_operations") && strings.Contains(state, "DatabaseInstance::database-instance")
	}, time.Minute, time.Second, "the instance's creation never began")
	var pid int
	_, err := fmt.Sscanf(t.ends(exitOK, "locks", "dev"), "STACK OWNER SINCE AGE\ndev-gcp %s process %d", new(string), &pid)
	require.NoError(t, err)

	message := fmt.Sprintf(`^infra: stack dev-gcp is locked by \S+@\S+, process %d since \d{4}-\d\d-\d\dT\S+: wait for it to end`, pid)
	require.Regexp(t, message, t.ends(exitFailed, up...))
	require.NotContains(t, t.ends(exitOK, "locks", "dev"), "(gone)")

	require.NoError(t, first.Process.Signal(syscall.SIGKILL))
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	require.Error(t, first.Wait(), said)
	require.Regexp(t, message, t.ends(exitFailed, up...), "a lock outlives its owner")
	told := t.ends(exitFailed, "locks", "dev", "--older-than", "1ns")
	require.Regexp(t, fmt.Sprintf(`dev-gcp +\S+@\S+, process %d \(gone\) +\S+Z +\d+`, pid), told)
	require.Contains(t, told, "1 of 1 locks are older than 1ns")
	t.ends(exitOK, "locks", "dev", "--older-than", "1h")

	lift := states.Lift("dev-gcp")
	require.Contains(t, told, "  "+lift+"\n")
	cancel := exec.CommandContext(t.Context(), "sh", "-c", lift)
	cancel.Dir, cancel.Env = t.dir, t.env
	out, err := cancel.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, "dev: no stack is locked\n", t.ends(exitOK, "locks", "dev"))

	require.Contains(t, t.ends(exitOK, up...), "an earlier run was cut off in the middle of creating database-instance")

	objects := stored(outer, t.host, "/o?versions=true")
	t.ends(exitOK, "preview", "dev", "-p", "gcp", "--expect-no-changes")
	t.ends(exitOK, "drift", "dev", "-p", "gcp")
	require.Equal(t, objects, stored(outer, t.host, "/o?versions=true"), "who only looks takes no lock and writes nothing")
}

func TestLocksElsewhere(t *testing.T) {
	t.Setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
	out, _, code := infra(t, "locks", "dev")
	require.Equal(t, exitOK, code)
	require.Contains(t, out, "keeps the locks itself")

	dir := t.TempDir()
	t.Setenv("PULUMI_BACKEND_URL", "file://"+dir)
	write(t, filepath.Join(dir, filepath.FromSlash(states.LockDir(config.Project, "dev-gcp")), "a.json"), `{"pid":`)
	out, _, code = infra(t, "locks", "dev")
	require.Equal(t, exitOK, code)
	require.Regexp(t, `dev-gcp +unknown \(cut off while it was written\)`, out)

	t.Setenv("PULUMI_BACKEND_URL", "")
	t.Setenv("PULUMI_HOME", t.TempDir())
	_, log, code := infra(t, "locks", "dev")
	require.Equal(t, exitFailed, code)
	require.Contains(t, log, "nobody said where the states are kept: set PULUMI_BACKEND_URL")
	_, _, code = infra(t, "locks", "dev", "--older-than", "-1h")
	require.Equal(t, exitUsage, code)
}

// TestBootstrap: it changes nothing that nobody agreed to, and nothing twice.
func TestBootstrap(t *testing.T) {
	cloud := googletest.New(t)
	before := connect
	t.Cleanup(func() { connect = before })
	connect = func(ctx context.Context) (*states.Google, error) { return states.Connect(ctx, cloud.Options()...) }

	_, log, code := infra(t, "bootstrap", "dev")
	require.Equal(t, exitRefused, code, log)
	require.Contains(t, log, "make bucket gs://ai-worker-dev-pulumi-state\n")
	require.Contains(t, log, "say --yes to agree")
	require.Empty(t, cloud.Writes)

	out, log, code := infra(t, "bootstrap", "dev", "--yes")
	require.Equal(t, exitOK, code, log)
	require.Contains(t, log, "done: make bucket gs://ai-worker-dev-pulumi-state\n")
	require.Contains(t, out, "export PULUMI_BACKEND_URL=gs://ai-worker-dev-pulumi-state\n")
	require.Contains(t, out, "secretsprovider: gcpkms://projects/ai-worker-dev/locations/asia-northeast1/keyRings/pulumi-state/cryptoKeys/secrets\n")

	cloud.Buckets["ai-worker-dev-pulumi-state"].Versioning.Enabled = false
	_, log, code = infra(t, "bootstrap", "dev")
	require.Equal(t, exitRefused, code)
	require.Contains(t, log, "mend bucket gs://ai-worker-dev-pulumi-state\n     keeps no older states (no versioning)\n")
	_, _, code = infra(t, "bootstrap", "dev", "--yes")
	require.Equal(t, exitOK, code)

	again, log, code := infra(t, "bootstrap", "dev")
	require.Equal(t, exitOK, code, log)
	require.Contains(t, log, "dev: nothing to do\n")
	require.Equal(t, out, again)
	_, _, code = infra(t, "--sandbox", "bootstrap", "dev")
	require.Equal(t, exitUsage, code)
}
