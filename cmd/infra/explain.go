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
