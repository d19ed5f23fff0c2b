package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/plan"
)

func TestExplain(t *testing.T) {
	for _, tc := range []struct{ stderr, want string }{
		{
			"error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
				"  file:///x/y.json: created by u@host (pid 12) at 2026-01-02T03:04:05Z\n",
			"the stack is locked by another run, of u@host (process 12) since 2026-01-02T03:04:05Z: wait",
		},
		{"error: [409] Conflict: Another update is currently in progress.", "the stack is locked by another run: wait"},
		{"error: no stack named 'dev-gcp' found", "stack dev-gcp has no state yet: bring it up first"},
		{`error: unknown stack "organization/ai-worker/dev-gcp"`, "reads the outputs of stack organization/ai-worker/dev-gcp, which does not exist"},
		{"error: getting secrets manager: incorrect passphrase", "set PULUMI_CONFIG_PASSPHRASE to that one"},
		{"error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables", "are encrypted with a passphrase"},
		{"error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", "set PULUMI_BACKEND_URL"},
		{`error 409: kubernetes:core/v1:Namespace "web" already exists; import it`, "the namespace web exists in the cluster and is not this stack's"},
		{`not successfully created by the Kubernetes API server: namespaces "web" already exists`, "the namespace web exists in the cluster and is not this stack's"},
		{`no matches for kind "ExternalSecret" in version "external-secrets.io/v1"`, "does not know the kind ExternalSecret (external-secrets.io/v1)"},
		{"configured Kubernetes cluster is unreachable: dial tcp: refused", "the cluster cannot be reached: dial tcp: refused. Check"},
		{`error: namespaces "argocd" not found`, "the namespace argocd is not in the cluster"},
		{"release external-dns failed, and has been uninstalled due to atomic being set: context deadline exceeded", "the release external-dns did not become ready"},
		{"uninstall: Release not loaded: external-dns: release: not found", "the release external-dns is gone from the cluster already"},
		{"failed to query with labels: secrets is forbidden", "may not read all that the stack has"},
		{"failed to read resource state due to unreachable cluster. If the cluster was deleted, set PULUMI_K8S_DELETE_UNREACHABLE", "the states stay as they are"},
		{"failed to create DNS record: Authentication error (10000)", "Cloudflare refuses the token for this"},
		{`must provide one of "apiKey", "apiToken" or "apiUserServiceKey".`, "set CLOUDFLARE_API_TOKEN"},
		{"expected DNS record to not already be present but already exists", "adopt it with its importId"},
		{`error 409: azure-native:keyvault:Vault "v" was deleted, and the cloud keeps the name taken`, "raise azure.vault.generation"},
		{"Code=\"ConflictError\" Message=\"A vault with the same name already exists in deleted state.\"", "raise azure.vault.generation"},
		{`error 409: ScopeLocked: azure-native:network:Subnet "s" cannot be deleted`, "ai-worker:decommission in the settings"},
		{"auth setup: could not configure AzureCli Authorizer: could not build: `az` not found", "run `az login`"},
		{`Code="RoleAssignmentExists" Message="The role assignment already exists."`, "somebody made this grant by hand"},
		{"does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write' over scope", "CI's own rights"},
		{"Field 'template.containers.app.image' is invalid: MANIFEST_UNKNOWN: manifest tagged by x is not found", "push it first"},
		{"error: write /s/.pulumi/x: no space left on device", "the disk is full"},
		{"error: open /s/.pulumi/x.json: permission denied", "/s/.pulumi/x.json may not be read or written"},
		{"warning\n\nerror: something new\n", "warning\nsomething new"},
		{"", "failed to run update: exit status 1"},
	} {
		err := explain(tc.stderr, errors.New("failed to run update: exit status 1\ncode: 1\nstdout: a lot"))
		require.ErrorContains(t, err, tc.want)
		require.NotContains(t, err.Error(), "stdout")
	}
	require.ErrorIs(t, explain("error: x", errors.Join(context.Canceled, errBoom)), errInterrupted)
	require.Equal(t, "settings of stack dev-gcp:\na: wrong",
		tidy("an unhandled error occurred: program failed: 1 error occurred:\n\t* settings of stack dev-gcp:\na: wrong\n\n"))
}

func TestLeanAnswersWithoutTheCLI(t *testing.T) {
	l := lean{} // it has no CLI to run
	for command, want := range map[string]string{"select": "", "output": "{}", "history": "[]"} {
		out, _, code, err := l.Run(t.Context(), "", nil, nil, nil, nil, "stack", command, "--json")
		require.NoError(t, err)
		require.Zero(t, code)
		require.Equal(t, want, out)
	}
}

func TestProgress(t *testing.T) {
	var log bytes.Buffer
	p := newProgress(&log)
	close(p.stop) // the test beats
	c := plan.NewCollector("dev-gcp")
	p.start("dev-gcp", "updating", c)
	p.lines[0].said, p.lines[0].start = time.Now().Add(-heartbeat), time.Now().Add(-42*time.Second)
	p.beat()
	p.beat()
	p.say("dev-gcp: note %d", 1)
	p.end("dev-gcp", statusOK, &plan.Plan{Counts: plan.Counts{Create: 3}, Duration: 1500 * time.Millisecond})
	p.start("dev-new", "updating", c)
	p.end("dev-new", statusFailed, &plan.Plan{})
	require.Equal(t, `dev-gcp: updating
dev-gcp: updating, 42s
dev-gcp: note 1
dev-gcp: updating done in 1.5s: 3 create
dev-new: updating
dev-new: updating failed in 0.0s: no changes
`, log.String())

	t.Run("on a terminal", func(t *testing.T) {
		var screen bytes.Buffer
		p := &progress{w: &screen, live: true, width: func() int { return 20 }, stop: make(chan struct{})}
		p.start("dev-gcp", "updating", c)
		p.start("dev-azure", "updating", c)
		p.beat() // nothing new, nothing drawn
		p.say("note")
		p.end("dev-gcp", statusOK, &plan.Plan{})
		p.end("dev-azure", statusOK, &plan.Plan{})
		const up1, up2 = "\x1b[1A\r\x1b[J", "\x1b[2A\r\x1b[J"
		two := "dev-gcp: updating, \ndev-azure: updating\n" // cut to the width, so that no line wraps
		require.Equal(t, strings.Join([]string{
			"dev-gcp: updating, \n", up1, two, up2, "note\n", two,
			up2, "dev-gcp: updating done in 0.0s: no changes\n", "dev-azure: updating\n",
			up1, "dev-azure: updating done in 0.0s: no changes\n",
		}, ""), screen.String())
	})
}

func TestExitCodes(t *testing.T) {
	require.Equal(t, exitOK, exitCode(nil))
	require.Equal(t, exitFailed, exitCode(errBoom))
	require.Equal(t, exitUsage, exitCode(fmt.Errorf("wrapped: %w", usage("x"))))
	require.Equal(t, exitRefused, exitCode(refused("x")))
}
