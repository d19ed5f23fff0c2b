package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process runs something that looks like the CLI until the test ends.
func process(t *testing.T) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pulumi")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\nread x\n"), 0o755))
	cmd := exec.CommandContext(t.Context(), path)
	_, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd
}

func lockFile(t *testing.T, dir, name, host string, pid int) string {
	t.Helper()
	path := filepath.Join(dir, name+".json")
	write(t, path, fmt.Sprintf(`{"pid":%d,"username":"u","hostname":%q,"timestamp":"2026-01-02T03:04:05Z"}`, pid, host))
	write(t, path+".attrs", "{}")
	return path
}

func TestStaleLocks(t *testing.T) {
	here, err := os.Hostname()
	require.NoError(t, err)
	alive := process(t)
	ended := process(t)
	require.NoError(t, ended.Process.Kill())
	_ = ended.Wait()

	for _, tc := range []struct {
		name, host string
		pid        int
		lifted     bool
	}{
		{"its process died", here, ended.Process.Pid, true},
		{"its process lives", here, alive.Process.Pid, false},
		{"another machine's", "elsewhere", ended.Process.Pid, false},
		{"its number is another program's now", here, os.Getpid(), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			path := lockFile(t, dir, "a", tc.host, tc.pid)
			var lifted []int
			owner, err := liftStale(dir, func(l lock) { lifted = append(lifted, l.Pid) })
			require.NoError(t, err)
			if tc.lifted {
				require.Nil(t, owner)
				require.Equal(t, []int{tc.pid}, lifted)
				entries, err := os.ReadDir(dir)
				require.NoError(t, err)
				require.Empty(t, entries)
				return
			}
			require.Equal(t, tc.pid, owner.Pid)
			require.Empty(t, lifted)
			require.FileExists(t, path)
		})
	}

	t.Run("no lock", func(t *testing.T) {
		owner, err := liftStale(filepath.Join(t.TempDir(), "none"), nil)
		require.NoError(t, err)
		require.Nil(t, owner)
	})
	t.Run("cut off while it was written", func(t *testing.T) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "a.json"), `{"pid":`)
		_, err := liftStale(dir, func(lock) {})
		require.NoError(t, err)
		require.NoFileExists(t, filepath.Join(dir, "a.json"))
	})
}

func TestLiftLocks(t *testing.T) {
	here, err := os.Hostname()
	require.NoError(t, err)
	before := patience
	t.Cleanup(func() { patience = before })
	patience = 3 * time.Second
	s := &session{root: t.TempDir()}
	p, log := quiet(t)

	owner := process(t)
	lockFile(t, lockDir(s.root, "dev-gcp"), "a", here, owner.Process.Pid)
	time.AfterFunc(300*time.Millisecond, func() { _ = owner.Process.Kill(); _ = owner.Wait() })
	require.NoError(t, s.liftLocks(t.Context(), "dev-gcp", p))
	require.Contains(t, log.String(), fmt.Sprintf("dev-gcp: is locked by process %d; waiting for it to end\n", owner.Process.Pid))
	require.Contains(t, log.String(), fmt.Sprintf("dev-gcp: lifted the lock of process %d, which died; it was set at 2026-01-02 03:04:05\n", owner.Process.Pid))

	lockFile(t, lockDir(s.root, "dev-gcp"), "a", "elsewhere", 1)
	start := time.Now()
	require.EqualError(t, s.liftLocks(t.Context(), "dev-gcp", p), "stack dev-gcp is locked by process 1 of u on elsewhere "+
		"since 2026-01-02 03:04:05: wait for it to end, or stop it and run this again")
	require.Less(t, time.Since(start), time.Second, "waited for what it cannot see")
}

func TestSettle(t *testing.T) {
	const bucket, other = "urn:pulumi:dev-gcp::ai-worker::gcp:storage/bucket:Bucket::b", "urn:pulumi:dev-gcp::ai-worker::gcp:x/y:Z::z"
	const big = "12345678901234567890"
	identify := func(typ string, inputs, _ map[string]any) (string, bool) {
		name, ok := inputs["name"].(string)
		return name, ok && typ == "gcp:storage/bucket:Bucket"
	}
	entry := func(op, urn string) string {
		return fmt.Sprintf(`{"type":%q,"resource":{"urn":%q,"custom":true,"inputs":{"name":"n","number":12345678901234567890}}}`, op, urn)
	}
	for _, tc := range []struct {
		name, resources, pending string
		want                     string // want is the resources afterwards
		adopted, forgotten       int
	}{
		{
			"its id can be told", `[{"urn":"s"}]`, entry("creating", bucket),
			`[{"urn":"s"},{"urn":"` + bucket + `","custom":true,"id":"n","inputs":{"name":"n","number":12345678901234567890}}]`, 1, 0,
		},
		{"its id cannot be told", `[{"urn":"s"}]`, entry("creating", other), `[{"urn":"s"}]`, 0, 1},
		{"it was reported after all", `[{"urn":"` + bucket + `","id":"n"}]`, entry("creating", bucket), `[{"urn":"` + bucket + `","id":"n"}]`, 1, 0},
		{
			"it was to replace another", `[{"urn":"` + bucket + `","id":"old"}]`, entry("creating", bucket),
			`[{"urn":"` + bucket + `","id":"old","delete":true},{"urn":"` + bucket +
				`","custom":true,"id":"n","inputs":{"name":"n","number":12345678901234567890}}]`, 1, 0,
		},
		{"a component is in no cloud", `[]`, `{"type":"creating","resource":{"urn":"` + other + `"}}`, `[]`, 0, 0},
		{"an update is the engine's own business", `[]`, entry("updating", bucket), `[]`, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var deployment map[string]any
			require.NoError(t, decode([]byte(`{"resources":`+tc.resources+`,"pending_operations":[`+tc.pending+`]}`), &deployment))
			adopted, forgotten, err := settle(deployment, identify)
			require.NoError(t, err)
			require.Len(t, adopted, tc.adopted)
			require.Len(t, forgotten, tc.forgotten)
			text, err := json.Marshal(deployment["resources"])
			require.NoError(t, err)
			require.JSONEq(t, tc.want, string(text))
			require.Equal(t, strings.Count(tc.want, big), strings.Count(string(text), big), "a float rounds it")
		})
	}

	adopted, forgotten, err := settle(nil, identify)
	require.NoError(t, err)
	require.Empty(t, adopted)
	require.Empty(t, forgotten)
}
