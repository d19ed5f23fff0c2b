package pulumicli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script writes an executable shell script.
func script(t *testing.T, dir, name, body string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+body+"\n"), 0o755))
}

// repository is a root that pins CLI 3.250.0, with a PATH of its own.
func repository(t *testing.T) (root, path string) {
	t.Helper()
	root, path = t.TempDir(), t.TempDir()
	tools := filepath.Join(root, "tools")
	require.NoError(t, os.MkdirAll(tools, 0o755))
	gomod := "module ai-worker/tools\ntool " + cliPackage + "\nrequire (\n\tx.y/z v1.0.0\n\t" + cliModule + " v3.250.0 // indirect\n)\n"
	require.NoError(t, os.WriteFile(filepath.Join(tools, "go.mod"), []byte(gomod), 0o644))
	t.Setenv("PATH", path+":/bin:/usr/bin")
	t.Setenv(Override, "")
	return root, path
}

func TestEnsureFindsOrRefuses(t *testing.T) {
	const broken = "echo first; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo line $i; done; echo 'disk full' >&2; exit 1"
	for _, tc := range []struct {
		name, found, override, golang string
		want                          string // want is in the error; "" is no error
	}{
		{name: "the pinned one", found: "v3.250.0"},
		{name: "a newer one", found: "v3.300.1"},
		{name: "override", found: "v3.1.0", override: "v3.250.0"},
		{name: "override too old", found: "v3.250.0", override: "v3.249.9", want: "INFRA_PULUMI="},
		{name: "too old, nothing to build with", found: "v3.249.0", want: "pulumi v3.249.0 is older than the pinned v3.250.0, and no go"},
		{name: "next major", found: "v4.0.0", want: "another major version"},
		{name: "nothing at all", want: "no pulumi is on PATH, and no go is on PATH to build pulumi v3.250.0: install Go"},
		{name: "broken build", golang: broken, want: "disk full"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root, path := repository(t)
			t.Setenv("PATH", path)
			if tc.found != "" {
				script(t, path, cliName, "echo "+tc.found)
			}
			want := path
			if tc.override != "" {
				want = t.TempDir()
				script(t, want, cliName, "echo "+tc.override)
				t.Setenv(Override, want)
			}
			if tc.golang != "" {
				script(t, path, "go", tc.golang)
			}
			var log bytes.Buffer
			dir, err := Ensure(t.Context(), root, &log)
			if tc.want == "" {
				require.NoError(t, err)
				require.Equal(t, want, dir)
				require.Empty(t, log.String())
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "first", "more than the tail of the output")
			require.NoFileExists(t, filepath.Join(Bin(root), cliName))
		})
	}
}

// build is a tool whose builder, a false go, writes the version it was asked for.
func build(t *testing.T, golang string) (tool, string) {
	t.Helper()
	root, path := repository(t)
	counter := filepath.Join(root, "builds")
	script(t, path, "go", fmt.Sprintf(`echo x >> %s
while [ "$1" != -o ]; do shift; done
%s
echo v1.0.0 > "$2" && chmod +x "$2"`, counter, golang))
	return tool{
		name: "thing", pkg: "p", module: "m", version: "v1.0.0", dir: root, bin: Bin(root), notice: "takes a while",
		stamp: func(path, _ string) string {
			data, _ := os.ReadFile(path)
			return strings.TrimSpace(string(data))
		},
	}, counter
}

func TestBuildsOnceForAll(t *testing.T) {
	thing, counter := build(t, "sleep 0.2")
	var logs [4]bytes.Buffer
	var wait sync.WaitGroup
	for i := range logs {
		wait.Go(func() {
			dir, err := thing.ensure(t.Context(), &logs[i], nil)
			if err != nil || dir != thing.bin {
				t.Errorf("builder %d: %q, %v", i, dir, err)
			}
		})
	}
	wait.Wait()
	builds, err := os.ReadFile(counter)
	require.NoError(t, err)
	require.Equal(t, "x\n", string(builds), "more than one of them built")
	said := 0
	for i := range logs {
		said += strings.Count(logs[i].String(), "takes a while")
	}
	require.Equal(t, 1, said)

	entries, err := os.ReadDir(thing.bin)
	require.NoError(t, err)
	require.Len(t, entries, 2, "left something beside the binary and its lock")
}

func TestRebuildsAnotherVersion(t *testing.T) {
	thing, counter := build(t, "")
	_, err := thing.ensure(t.Context(), &bytes.Buffer{}, nil)
	require.NoError(t, err)
	thing.version = "v2.0.0" // what tools/go.mod pins now
	_, err = thing.ensure(t.Context(), &bytes.Buffer{}, nil)
	require.NoError(t, err)
	builds, err := os.ReadFile(counter)
	require.NoError(t, err)
	require.Equal(t, "x\nx\n", string(builds))
}

func TestBuildCancelled(t *testing.T) {
	thing, _ := build(t, "sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := thing.ensure(ctx, &bytes.Buffer{}, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 10*time.Second)
	require.NoFileExists(t, thing.path())
}

func TestLanguageHost(t *testing.T) {
	root, path := repository(t)
	t.Setenv("PATH", path)
	_, err := EnsureLanguageHost(t.Context(), root, path, &bytes.Buffer{})
	require.ErrorContains(t, err, filepath.Join("languagehost", "go.mod"))

	script(t, path, hostName, "")
	dir, err := EnsureLanguageHost(t.Context(), root, path, &bytes.Buffer{})
	require.NoError(t, err)
	require.Empty(t, dir, "the CLI on PATH brought its own host")
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	// Like the CLI: an interrupt ends it with an error after the step under way.
	script(t, dir, cliName, `case "$*" in
version) echo v3.250.0 ;;
*wait*) trap 'sleep 0.3; echo unlocked; exit 9' INT; echo ready; while :; do sleep 0.05; done ;;
*) echo "$PWD $GREETING $*"; exit 3 ;;
esac`)
	cli, err := New(t.Context(), dir)
	require.NoError(t, err)
	require.Equal(t, "3.250.0", cli.Version().String())

	work := t.TempDir()
	out, _, code, err := cli.Run(t.Context(), work, nil, nil, nil, []string{"GREETING=hello"}, "stack", "ls")
	require.Error(t, err)
	require.Equal(t, 3, code)
	require.Equal(t, work+" hello --non-interactive stack ls\n", out)

	t.Run("cancel lets it finish", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(300*time.Millisecond, cancel)
		out, _, code, err := cli.Run(ctx, work, nil, nil, nil, nil, "wait")
		require.Error(t, err)
		require.Equal(t, 9, code)
		require.Equal(t, "ready\nunlocked\n", out)
	})
	t.Run("kill does not", func(t *testing.T) {
		time.AfterFunc(300*time.Millisecond, cli.Kill)
		out, _, _, err := cli.Run(t.Context(), work, nil, nil, nil, nil, "wait")
		require.ErrorContains(t, err, "killed")
		require.Equal(t, "ready\n", out)
		_, _, _, err = cli.Run(t.Context(), work, nil, nil, nil, nil, "stack", "ls")
		require.ErrorIs(t, err, errKilled)
	})
}
