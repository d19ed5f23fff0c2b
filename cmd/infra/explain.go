package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// known are failures of the engine that have one clear cause and remedy. In a
// message, $1 and so on stand for what the pattern found.
var known = []struct {
	pattern *regexp.Regexp
	message string
}{
	{
		regexp.MustCompile(`(?s)the stack is currently locked by.*?created by (\S+) \(pid (\d+)\) at (\S+)`),
		"the stack is locked by another run, of $1 (process $2) since $3: wait for it to end; if it died, `pulumi cancel` on the stack lifts the lock",
	},
	{
		regexp.MustCompile(`\[409\] Conflict: Another update is currently in progress`),
		"the stack is locked by another run: wait for it to end; if it died, `pulumi cancel` on the stack lifts the lock",
	},
	{
		regexp.MustCompile(`no stack named '([^']+)' found`),
		"stack $1 has no state yet: bring it up first, with `infra up`",
	},
	{
		regexp.MustCompile(`unknown stack "([^"]+)"`),
		"it reads the outputs of stack $1, which does not exist: bring that one up first, with `infra up`",
	},
	{
		regexp.MustCompile(`incorrect passphrase`),
		"the passphrase is not the one that the stack's secrets were encrypted with: set PULUMI_CONFIG_PASSPHRASE to that one",
	},
	{
		regexp.MustCompile(`passphrase must be set with PULUMI_CONFIG_PASSPHRASE`),
		"the stack's secrets are encrypted with a passphrase: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
	},
	{
		regexp.MustCompile(`PULUMI_ACCESS_TOKEN must be set`),
		"nobody said where the states are kept: set PULUMI_BACKEND_URL, or run `pulumi login`; --sandbox needs neither",
	},
	{
		// the sandbox's words, and Cloud SQL's own (error 409, instanceAlreadyExists)
		regexp.MustCompile(`DatabaseInstance "[^"]*" was deleted, and the cloud keeps|The Cloud SQL instance already exists`),
		"Cloud SQL keeps the name of a deleted instance taken for about a week: raise database.generation in the settings",
	},
	{
		regexp.MustCompile(`Error creating WorkloadIdentityPool(?:Provider)?: googleapi: Error 409`),
		"the identity pool or its provider was deleted less than 30 days ago, or is somebody else's: restore it with " +
			"`gcloud iam workload-identity-pools undelete`, or choose another deploy.poolId",
	},
	{
		// the sandbox's words, and the API server's own
		regexp.MustCompile(`core/v1:Namespace "([^"]+)" already exists|namespaces "([^"]+)" already exists`),
		"the namespace $1$2 exists in the cluster and is not this stack's: if it is being deleted, wait; else ask the cluster's owner whose " +
			"it is, and choose another gcp.namespace. If it is yours, adopt it: docs/kubernetes.md has the command. Nothing was made in it",
	},
	{
		regexp.MustCompile(`no matches for kind \\?"(\w+)\\?" in version \\?"([^"\\]+)\\?"`),
		"the cluster does not know the kind $1 ($2): its operator is not installed. Ask the cluster's owner, or have this stack install " +
			"it with kubernetes.secretsOperator or kubernetes.argocd in the settings",
	},
	{
		regexp.MustCompile(`namespaces "([^"]+)" not found`),
		"the namespace $1 is not in the cluster: gitops.argoNamespace must be Argo CD's, and `infra refresh` tells the state of what is gone",
	},
	{
		regexp.MustCompile(`release ([\w-]+) failed, and has been uninstalled.*context deadline exceeded`),
		"the release $1 did not become ready and was taken back: look at its pods' events while it runs; external-dns waits for a value of " +
			"its token in Secret Manager",
	},
	{
		regexp.MustCompile(`uninstall: Release not loaded: ([\w-]+)`),
		"the release $1 is gone from the cluster already: run `infra refresh` first",
	},
	{
		regexp.MustCompile(`secrets is forbidden|cannot (?:get|list) resource "(\w+)"`),
		"whoever runs this may not read all that the stack has in the cluster: previews need less; docs/live.md has the rights",
	},
	{
		// the provider's own advice, to let go of everything, fits a cluster that is gone
		regexp.MustCompile(`due to unreachable cluster|with unreachable cluster`),
		"the cluster cannot be reached, and the states stay as they are: check that it runs, that this address is among " +
			"cluster.create.authorizedNetworks, and that gke-gcloud-auth-plugin is logged in",
	},
	{
		regexp.MustCompile(`(?s)configured Kubernetes cluster is unreachable: (.*?)(?:\n|$)`),
		"the cluster cannot be reached: $1. Check that it runs, that this address is among cluster.create.authorizedNetworks, that " +
			"gke-gcloud-auth-plugin is installed and `gcloud auth application-default login` was done; then run this again",
	},
	{
		regexp.MustCompile(`Authentication error \(10000\)|Unauthorized to access requested resource \(9109\)`),
		"Cloudflare refuses the token for this: CLOUDFLARE_API_TOKEN needs Zone Read, DNS Edit, Zone Settings Edit and SSL Edit of the " +
			"zone, and Access Edit of the account; what was made before stays, and the next `infra up` goes on from there",
	},
	{
		regexp.MustCompile(`must provide (?:exactly )?one of "apiKey", "apiToken"`),
		"nobody said who acts at Cloudflare: set CLOUDFLARE_API_TOKEN; --sandbox needs none",
	},
	{
		// the provider loses the API's words after 30 seconds of retries
		regexp.MustCompile(`expected DNS record to not already be present but already exists|already exists?\. \(8105\d\)`),
		"a record of this name is in the zone and not the stack's: adopt it with its importId (`infra dns import` finds it), or delete it",
	},
	{
		// the sandbox's words, and Azure's own: https://learn.microsoft.com/azure/key-vault/general/key-vault-recovery
		regexp.MustCompile(`keyvault:Vault "[^"]*" was deleted, and the cloud keeps|vault with the same name already exists in deleted state`),
		"Azure keeps the name of a deleted vault taken as long as it can be recovered: raise azure.vault.generation in the settings",
	},
	{
		regexp.MustCompile(`ScopeLocked`),
		"a lock on the resource group keeps everything in it from being deleted, grants included: ai-worker:decommission in the settings " +
			"lifts it with the next `infra up`; docs/azure.md says more",
	},
	{
		regexp.MustCompile(`could not configure AzureCli Authorizer|az. not found|Please run 'az login'`),
		"nobody said who acts on Azure: run `az login`, or set ARM_CLIENT_ID, ARM_TENANT_ID and ARM_USE_OIDC; --sandbox needs none",
	},
	{
		regexp.MustCompile(`Code="RoleAssignmentExists"`),
		"somebody made this grant by hand, under another name: delete it (`az role assignment delete`), and run this again",
	},
	{
		regexp.MustCompile(`does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write'`),
		"whoever runs this may not make this grant: CI's own rights and the plan's are an owner's to change; docs/azure.md says which",
	},
	{
		regexp.MustCompile(`(?:MANIFEST_UNKNOWN|manifest unknown|manifest tagged by "[^"]*" is not found)`),
		"the registry does not have the image that azure.image names: push it first",
	},
	{
		regexp.MustCompile(`no space left on device`),
		"the disk is full: make room and run this again; the state is that of the last step that was finished",
	},
	{
		regexp.MustCompile(`open (\S+): permission denied`),
		"$1 may not be read or written: check who owns it",
	},
}

// explain makes one clear sentence of what the engine said on its way down, or
// shortens it to its last words.
func explain(stderr string, err error) error {
	if errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	if sentence := sentence(stderr); sentence != "" {
		return errors.New(sentence)
	}
	var lines []string
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, strings.TrimPrefix(line, "error: "))
		}
	}
	if len(lines) == 0 {
		first, _, _ := strings.Cut(err.Error(), "\n") // the Automation API adds all that was printed
		return errors.New(first)
	}
	return fmt.Errorf("%s", strings.Join(lines[max(0, len(lines)-10):], "\n"))
}

// sentence is the message for a known failure in text, or "".
func sentence(text string) string {
	for _, k := range known {
		if found := k.pattern.FindStringSubmatchIndex(text); found != nil {
			return string(k.pattern.ExpandString(nil, k.message, text, found))
		}
	}
	return ""
}

// wrapping is what the SDK says around a program's own error.
var wrapping = regexp.MustCompile(`(?s)^.*an unhandled error occurred:\s*(?:program failed:\s*)?(?:\d+ errors? occurred:\s*\*\s*)?`)

// tidy is a diagnostic as a user should read it.
func tidy(message string) string {
	if sentence := sentence(message); sentence != "" {
		return sentence
	}
	return strings.TrimSpace(wrapping.ReplaceAllString(message, ""))
}
