package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
	"ai-worker/stacks"
)

// These tests run the real engine, the real program and the real settings on
// the simulated clouds, by the same commands that a user types.

// asInfra has the test binary be infra, for a test that kills it.
const asInfra = "TEST_AS_INFRA"

func TestMain(m *testing.M) {
	if os.Getenv(asInfra) != "" {
		main()
	}
	os.Exit(m.Run())
}

// repository makes a copy of what infra needs of the repository, with a sandbox
// of its own. Tests on copies run in parallel.
func repository(t *testing.T) checkout {
	t.Helper()
	t.Parallel()
	root, err := findRoot(".")
	require.NoError(t, err)
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(root, "*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(file)), text, 0o600))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(root, ".tools"), 0o750))
	for _, name := range []string{"go.mod", "go.sum", "main.go", "tools", ".tools", "stacks", "config", "components", "internal", "cmd"} {
		require.NoError(t, os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)))
	}
	return checkout{t, dir}
}

// checkout is such a copy.
type checkout struct {
	*testing.T
	dir string
}

// typed runs a command line and returns the exit code and all that it printed.
func typed(t checkout, args ...string) (int, string) {
	t.Helper()
	out, log, code := infraIn(t.T, t.dir, args...)
	return code, out + log
}

// succeeds runs a command line that must end well.
func succeeds(t checkout, args ...string) string {
	t.Helper()
	code, out := typed(t, args...)
	require.Equal(t, exitOK, code, "infra %s\n%s", strings.Join(args, " "), out)
	return out
}

// held are the types of what the clouds hold beside what was given, with counts.
func held(t checkout) map[string]int {
	t.Helper()
	var items []sandbox.Item
	require.NoError(t, json.Unmarshal([]byte(succeeds(t, "sandbox", "list", "--json")), &items))
	types := map[string]int{}
	for _, item := range items {
		if !item.Given {
			types[item.Type]++
		}
	}
	return types
}

// edit changes a file of the settings by replacing text that must be there.
func edit(t checkout, file, old, with string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(t.dir, file))
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, file), []byte(strings.Replace(string(text), old, with, 1)), 0o600))
}

// requireRetained demands that the clouds hold nothing but what a destroy leaves
// on purpose: enabled APIs, and the identity pool and its provider, whose ids
// would be locked.
func requireRetained(t checkout) {
	t.Helper()
	left := held(t)
	delete(left, "gcp:projects/service:Service")
	require.Equal(t, map[string]int{
		"gcp:iam/workloadIdentityPool:WorkloadIdentityPool":                 1,
		"gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": 1,
	}, left)
}

// TestLifeOfEveryEnvironment: up; nothing to do in a second preview, up, refresh;
// drift is found; up mends it; destroy is refused where the environment is
// protected, and once that is lifted leaves nothing.
func TestLifeOfEveryEnvironment(t *testing.T) {
	for _, env := range stacks.Environments() {
		t.Run(env, func(inner *testing.T) {
			t := repository(inner)
			out := succeeds(t, "--sandbox", "up", env)
			require.True(t, strings.HasPrefix(out, simulated), "each run says first that the clouds are simulated")
			succeeds(t, "--sandbox", "preview", env, "--expect-no-changes")
			succeeds(t, "--sandbox", "refresh", env, "--expect-no-changes")
			require.Contains(t, succeeds(t, "--sandbox", "up", env), "No changes.", "nor after a refresh")
			require.Contains(t, succeeds(t, "--sandbox", "outputs", env), "clusterEndpoint")

			drifts(t, env)
			destroyed(t, env)
			requireRetained(t)

			if env == "dev" {
				returns(t)
			}
		})
	}
}

func drifts(t checkout, env string) {
	t.Helper()
	if env != "stage" { // which has no Azure
		driftsOnAzure(t, env)
	}
	bucket := "ai-worker-" + env + "-uploads"
	succeeds(t, "sandbox", "change", "gcp:storage/bucket:Bucket", bucket, "publicAccessPrevention", "inherited")
	succeeds(t, "sandbox", "remove", "gcp:storage/bucket:Bucket", "ai-worker-"+env+"-scratch")
	code, out := typed(t, "--sandbox", "drift", env)
	require.Equal(t, exitFailed, code, out)
	require.Regexp(t, `publicAccessPrevention: "enforced" → "inherited"`, out)
	require.Contains(t, out, "scratch-bucket")

	succeeds(t, "--sandbox", "refresh", env)
	require.Regexp(t, `publicAccessPrevention: "inherited" → "enforced"`, succeeds(t, "--sandbox", "up", env))
	succeeds(t, "--sandbox", "drift", env)
}

// returns brings dev up again after a destroy.
func returns(t checkout) {
	t.Helper()
	code, out := typed(t, "--sandbox", "up", "dev")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, "raise database.generation in the settings")
	// the retained pool is taken over, and all is well again
	require.Contains(t, out, "raise azure.vault.generation in the settings")
	edit(t, "Pulumi.dev.yaml", "generation: 1", "generation: 2")
	edit(t, "Pulumi.dev.yaml", "vault:\n      generation: 1", "vault:\n      generation: 2")
	succeeds(t, "--sandbox", "up", "dev")
	succeeds(t, "--sandbox", "preview", "dev", "--expect-no-changes")
}

// destroyed takes an environment down as an operator has to.
func destroyed(t checkout, env string) {
	t.Helper()
	if env != "dev" { // dev may be deleted at any time
		before := held(t)
		code, out := typed(t, "--sandbox", "destroy", env)
		require.Equal(t, exitRefused, code, out)
		require.Contains(t, out, "decommission: "+env, "the message tells the way")
		require.Equal(t, before, held(t), "a refused destroy deletes nothing")
		edit(t, "Pulumi."+env+".yaml", "config:\n", "config:\n  ai-worker:decommission: "+env+"\n")
		succeeds(t, "--sandbox", "up", env)
	}
	succeeds(t, "--sandbox", "destroy", env)
}

// TestReplacementOfAPool: a change that GKE cannot make in place makes the new
// pool before the old one goes.
func TestReplacementOfAPool(outer *testing.T) {
	t := repository(outer)
	succeeds(t, "--sandbox", "up", "dev", "-p", "gcp")
	edit(t, "Pulumi.dev.yaml", "spot: true", "spot: false")
	agreed := []string{"--approve", "urn:pulumi:dev-gcp::ai-worker::ai-worker:gcp:NodePool$gcp:container/nodePool:NodePool::workers-pool"}
	code, out := typed(t, append(agreed, "--sandbox", "up", "dev", "-p", "gcp", "--fault", "delete gcp:container/nodePool:NodePool 1 fail")...)
	require.Equal(t, exitFailed, code, out)
	require.Regexp(t, `replace +gcp:container/nodePool:NodePool +workers-pool`, out)
	require.Equal(t, 2, held(t)["gcp:container/nodePool:NodePool"], "the old pool's deletion failed, and the new one is there")
	succeeds(t, append(agreed, "--sandbox", "up", "dev", "-p", "gcp")...)
	require.Equal(t, 1, held(t)["gcp:container/nodePool:NodePool"])
	succeeds(t, "--sandbox", "preview", "dev", "-p", "gcp", "--expect-no-changes")
}

const instance = "gcp:sql/databaseInstance:DatabaseInstance"

// TestFaultInTheMiddle: what failed half-way is finished by the next up. Where the
// cloud made it and the engine was told that it failed, the next up says so, and
// what it says heals.
func TestFaultInTheMiddle(outer *testing.T) {
	t := repository(outer)
	code, out := typed(t, "--sandbox", "up", "dev", "-p", "gcp", "--fault", "create "+instance+" 1 fail")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, "an injected fault")
	require.NotContains(t, held(t), instance)

	code, out = typed(t, "--sandbox", "up", "dev", "-p", "gcp", "--fault", "create "+instance+" 1 cut")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, held(t), instance)
	code, out = typed(t, "--sandbox", "up", "dev", "-p", "gcp")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, `"projects/ai-worker-dev/instances/ai-worker-dev-g1" already exists; import it, or delete it`)
	succeeds(t, "sandbox", "remove", instance, "projects/ai-worker-dev/instances/ai-worker-dev-g1")

	succeeds(t, "--sandbox", "up", "dev", "-p", "gcp")
	succeeds(t, "--sandbox", "preview", "dev", "-p", "gcp", "--expect-no-changes")
	succeeds(t, "--sandbox", "destroy", "dev", "-p", "gcp")
	requireRetained(t)
}

// TestKilledInTheMiddle really kills an up, infra alone or the engine with it,
// and the next one recovers.
func TestKilledInTheMiddle(t *testing.T) {
	for name, tc := range map[string]struct {
		fault     string
		engineToo bool
	}{
		"infra, before the cloud acted":           {"60s", false},
		"infra and engine, after the cloud acted": {"hang", true}, // it made the instance, and nobody heard of it
	} {
		t.Run(name, func(inner *testing.T) {
			t := repository(inner)
			cmd := exec.CommandContext(t.Context(), os.Args[0], "--sandbox", "up", "dev", "-p", "gcp", "--fault", "create "+instance+" 1 "+tc.fault)
			cmd.Dir = t.dir
			cmd.Env = append(os.Environ(), asInfra+"=1")
			require.NoError(t, cmd.Start())
			// the checkpoint names the instance as pending once its creation has begun
			require.Eventually(t, func() bool {
				text, err := os.ReadFile(statePath(t.dir, "dev-gcp"))
				return err == nil && bytes.Contains(text, []byte("pending_operations")) &&
					bytes.Contains(text, []byte("DatabaseInstance::database-instance"))
			}, time.Minute, 50*time.Millisecond, "the instance's creation never began")
			if tc.engineToo {
				require.NoError(t, syscall.Kill(owner(t), syscall.SIGKILL))
			}
			require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
			require.Error(t, cmd.Wait())

			succeeds(t, "--sandbox", "up", "dev", "-p", "gcp")
			succeeds(t, "--sandbox", "preview", "dev", "-p", "gcp", "--expect-no-changes")
			succeeds(t, "--sandbox", "destroy", "dev", "-p", "gcp")
			requireRetained(t)
		})
	}
}

// owner is the process that holds the lock of dev-gcp.
func owner(t checkout) int {
	t.Helper()
	locks, err := filepath.Glob(filepath.Join(lockDir(t.dir, "dev-gcp"), "*.json"))
	require.NoError(t, err)
	require.Len(t, locks, 1)
	text, err := os.ReadFile(locks[0])
	require.NoError(t, err)
	var l lock
	require.NoError(t, json.Unmarshal(text, &l))
	return l.Pid
}

const (
	cluster   = "projects/platform-nonprod/locations/asia-northeast1/clusters/shared-nonprod"
	namespace = "kubernetes:core/v1:Namespace"
)

// TestRefusalsOfTheCluster: what the kubernetes stack needs and does not have is
// told in one message, and nothing is made.
func TestRefusalsOfTheCluster(outer *testing.T) {
	t := repository(outer)
	refused := func(want string) {
		t.Helper()
		code, out := typed(t, "--sandbox", "up", "dev", "--provider", "kubernetes")
		require.Equal(t, exitFailed, code, out)
		require.Contains(t, out, want)
		for typ := range held(t) {
			require.NotContains(t, typ, "kubernetes:", "something was made")
		}
	}
	refused("stack dev-gcp was never brought up, and this stack needs it: bring it up first")
	succeeds(t, "--sandbox", "up", "dev", "--provider", "gcp")

	edit(t, "Pulumi.dev.yaml", "      migrate:\n", "      batch: {secrets: [session-key]}\n      migrate:\n")
	refused(`workload "batch" is in the settings, and stack dev-gcp gives it no identity: bring that stack up first`)
	edit(t, "Pulumi.dev.yaml", "      batch: {secrets: [session-key]}\n", "")

	given, err := os.ReadFile(filepath.Join(t.dir, "sandbox.yaml"))
	require.NoError(t, err)
	edit(t, "sandbox.yaml", "metadata: {name: argocd}}", "metadata: {name: argocd}}\n- type: "+namespace+"\n  in: *cluster\n"+
		"  inputs: {apiVersion: v1, kind: Namespace, metadata: {name: ai-worker-dev}}")
	refused("the namespace ai-worker-dev exists in the cluster and is not this stack's")
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, "sandbox.yaml"), given, 0o600))
	succeeds(t, "sandbox", "remove", namespace, cluster+"/ai-worker-dev")

	edit(t, "sandbox.yaml", "externalsecrets.external-secrets.io", "applications.argoproj.io")
	succeeds(t, "sandbox", "remove", "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", cluster+"/externalsecrets.external-secrets.io")
	code, out := typed(t, "--sandbox", "up", "dev", "--provider", "kubernetes")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, "the cluster does not know the kind ExternalSecret (external-secrets.io/v1)")
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, "sandbox.yaml"), given, 0o600))
	succeeds(t, "--sandbox", "up", "dev") // and what failed half-way is finished

	succeeds(t, "sandbox", "remove", "gcp:container/cluster:Cluster", cluster)
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, "sandbox.yaml"), nil, 0o600))
	code, out = typed(t, "--sandbox", "refresh", "dev", "--provider", "kubernetes")
	require.Equal(t, exitFailed, code, out)
	require.Contains(t, out, "the cluster cannot be reached")
}

// TestEnvironmentsShareACluster: two stand side by side in one cluster, and what
// happens to one does not reach the other.
func TestEnvironmentsShareACluster(outer *testing.T) {
	t := repository(outer)
	succeeds(t, "--sandbox", "up", "dev")
	succeeds(t, "--sandbox", "up", "stage")
	require.Equal(t, 2, held(t)[namespace])
	succeeds(t, "--sandbox", "destroy", "dev")
	require.Equal(t, 1, held(t)[namespace])
	succeeds(t, "--sandbox", "refresh", "stage", "--expect-no-changes")
	succeeds(t, "--sandbox", "preview", "stage", "--expect-no-changes")
}

// TestPlainCLI brings an environment up with nothing but the pulumi CLI, on the
// clouds that `infra sandbox serve` serves.
func TestPlainCLI(outer *testing.T) {
	t := repository(outer)
	ctx, cancel := context.WithCancel(t.Context())
	exports, log := &lockedBuffer{}, &lockedBuffer{}
	ended := make(chan int, 1)
	go func() {
		ended <- execute(ctx, []string{"sandbox", "serve", "--for", "10m"}, console{in: strings.NewReader(""), out: exports, log: log, dir: t.dir}, &interrupts{})
	}()
	require.Eventually(t, func() bool { return strings.Contains(exports.String(), "\ncd ") }, 5*time.Minute, 100*time.Millisecond,
		"serve never printed what to export")
	pulumi := func(command string) string {
		t.Helper()
		script := "set -e\n" + exports.String() + command
		text, err := exec.CommandContext(t.Context(), "sh", "-c", script).CombinedOutput()
		require.NoError(t, err, "%s\n%s", command, text)
		return string(text)
	}
	pulumi("pulumi stack init dev-gcp")
	require.Contains(t, pulumi("pulumi up -s dev-gcp --yes --skip-preview"), "created")
	pulumi("pulumi preview -s dev-gcp --expect-no-changes")
	pulumi("pulumi refresh -s dev-gcp --yes --expect-no-changes")
	pulumi("pulumi destroy -s dev-gcp --yes --skip-preview")
	cancel()
	require.Equal(t, exitOK, <-ended, log.String())
	requireRetained(t)
}

// lockedBuffer is written and read at the same time.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
