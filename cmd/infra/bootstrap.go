package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ai-worker/config"
	states "ai-worker/internal/state"
	"ai-worker/stacks"
)

// connect reaches Google Cloud; tests reach something else.
var connect = func(ctx context.Context) (*states.Google, error) { return states.Connect(ctx) }

// bootstrapCommand makes what must be there before the first stack.
func (a *app) bootstrapCommand(ctx context.Context) *cobra.Command {
	c := &cobra.Command{
		Use:   "bootstrap ENV",
		Short: "Make the bucket that keeps an environment's states, and its key",
		Long: `Makes, in the environment's Google project and region, a key of Cloud KMS and a bucket for the states: versioned,
private, encrypted with the key. What is there already is compared, and mended where it is weaker. Nothing is
changed before you agree. Then it prints the login.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := environmentOf(args)
			if err != nil {
				return err
			}
			if a.sandbox {
				return usage("bootstrap makes real things; a sandbox keeps its states in .sandbox and needs none of them")
			}
			return a.bootstrap(ctx, env)
		},
	}
	yes(a, c)
	return c
}

func (a *app) bootstrap(ctx context.Context, env string) error {
	root, err := findRoot(a.dir)
	if err != nil {
		return err
	}
	s, err := config.LoadFile(settingsFile(root, env), stacks.Name(env, "gcp"))
	if err != nil {
		return err
	}
	target := states.Target{
		Project: s.GCP.Project, Region: s.GCP.Region,
		Labels: map[string]string{"environment": env, "purpose": "pulumi-state"},
	}
	google, err := connect(ctx)
	if err != nil {
		return err
	}
	changes, err := states.Inspect(ctx, google, target)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		say(a.log, "%s: nothing to do\n", env)
	} else if err := a.change(ctx, env, changes); err != nil {
		return err
	}
	a.login(env, target)
	return nil
}

// change shows what is to be done, and does it once somebody agreed.
func (a *app) change(ctx context.Context, env string, changes []states.Change) error {
	for _, c := range changes {
		say(a.log, "%s %s\n", c.Verb(), c.What)
		for _, weak := range c.Weak {
			say(a.log, "     %s\n", weak)
		}
	}
	if err := a.agree(ctx, "Do this for "+env); err != nil {
		return err
	}
	for _, c := range changes {
		if err := c.Apply(ctx); err != nil {
			return fmt.Errorf("%w\nwhat was done before stays; run this again to go on", err)
		}
		say(a.log, "done: %s %s\n", c.Verb(), c.What)
	}
	return nil
}

// agree wants the word "yes", where nobody said it before.
func (a *app) agree(ctx context.Context, question string) error {
	if a.yes {
		return nil
	}
	if !terminal(a.in) {
		return refused("nothing was changed: there is no terminal to ask on; say --yes to agree")
	}
	return a.yesTo(ctx, question)
}

// yesTo wants the word "yes".
func (a *app) yesTo(ctx context.Context, question string) error {
	say(a.log, "%s? Only \"yes\" goes on: ", question)
	answer := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(a.in).ReadString('\n') // no answer is no
		answer <- strings.TrimSpace(text)
	}()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case text := <-answer:
		if text != "yes" {
			return refused("nothing was changed")
		}
		return nil
	}
}

// login prints what a shell needs to use the states, and where the key belongs.
func (a *app) login(env string, target states.Target) {
	say(a.out, "export PULUMI_BACKEND_URL=%s\n", target.Backend())
	say(a.out, "# at the top level of Pulumi.%s.yaml, so that `infra up` makes its stacks with the key:\n", env)
	say(a.out, "#   secretsprovider: %s\n", target.SecretsProvider())
	say(a.out, "# or, with the plain CLI, at each of its stacks:\n")
	say(a.out, "#   pulumi stack init %s --secrets-provider \"%s\"\n", stacks.Name(env, "gcp"), target.SecretsProvider())
}
