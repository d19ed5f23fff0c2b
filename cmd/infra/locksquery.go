package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/spf13/cobra"

	"ai-worker/config"
	states "ai-worker/internal/state"
	"ai-worker/stacks"
)

// locksCommand tells who holds the locks of an environment, and how to lift them.
func (a *app) locksCommand(ctx context.Context) *cobra.Command {
	var older time.Duration
	c := &cobra.Command{
		Use:   "locks ENV",
		Short: "Tell who locked the stacks of an environment, since when, and how to lift it",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := environmentOf(args)
			if err != nil {
				return err
			}
			if older < 0 {
				return usage("--older-than %s: want a time such as 1h or 90m", older)
			}
			return a.locks(ctx, env, older)
		},
	}
	c.Flags().DurationVar(&older, "older-than", 0, "exit 1 if a lock is older than this, such as 1h")
	return c
}

func (a *app) locks(ctx context.Context, env string, older time.Duration) error {
	backend, err := a.backend()
	if err != nil {
		return err
	}
	store, err := states.Open(ctx, backend)
	if errors.Is(err, states.ErrManaged) {
		say(a.out, "%s keeps the locks itself, and shows who runs what; `pulumi cancel --stack STACK` ends a run that died\n", backend)
		return nil
	} else if err != nil {
		return err
	}
	var names []string // those of providers that the settings no longer name as well
	for _, provider := range stacks.Providers() {
		names = append(names, stacks.Name(env, provider))
	}
	locks, err := states.Locks(ctx, store, config.Project, names)
	if err != nil {
		return err
	}
	if len(locks) == 0 {
		say(a.out, "%s: no stack is locked\n", env)
		return nil
	}
	now := time.Now()
	if err := a.showLocks(locks, now); err != nil {
		return err
	}
	if stale := states.Older(locks, now, older); older > 0 && len(stale) > 0 {
		return fmt.Errorf("%d of %d locks are older than %s", len(stale), len(locks), older)
	}
	return nil
}

func (a *app) showLocks(locks []states.Lock, now time.Time) error {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	say(table, "STACK\tOWNER\tSINCE\tAGE\n")
	var locked []string
	for _, l := range locks {
		locked = append(locked, l.Stack)
		say(table, "%s\t%s\t%s\t%s\n", l.Stack, l.Owner()+gone(l), l.Timestamp.UTC().Format(time.RFC3339), now.Sub(l.Timestamp).Round(time.Second))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	say(a.out, "\nOnce you know that its owner is gone, lift a lock with:\n")
	slices.Sort(locked)
	for _, stack := range slices.Compact(locked) {
		say(a.out, "  %s\n", states.Lift(stack))
	}
	return nil
}

// gone says that a lock's owner is, where this machine can tell.
func gone(l states.Lock) string {
	if here, err := os.Hostname(); err != nil || l.Cut || l.Hostname != here || running(l.Pid) {
		return ""
	}
	return " (gone)"
}

// backend is where the CLI would keep the states: what PULUMI_BACKEND_URL says, else
// where somebody logged in.
func (a *app) backend() (string, error) {
	if a.sandbox {
		root, err := findRoot(a.dir)
		return "file://" + sandboxDir(root) + "/state", err
	}
	if url := os.Getenv("PULUMI_BACKEND_URL"); url != "" {
		return url, nil
	}
	credentials, err := workspace.GetStoredCredentials()
	if err != nil {
		return "", err
	}
	if credentials.Current == "" {
		return "", errors.New("nobody said where the states are kept: set PULUMI_BACKEND_URL, or run `pulumi login`")
	}
	return credentials.Current, nil
}
