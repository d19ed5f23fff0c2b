package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ai-worker/stacks"
)

const about = `infra runs all stacks of one environment in the order of their contracts, those
that do not depend on each other at the same time. For one stack alone, the
plain pulumi CLI does as well.

With --sandbox the clouds are simulated: no account, no credentials, no plugins.
Their state and the stacks' states are kept in .sandbox.

Exit codes: 0 done, or nothing to do; 1 failed, or changes where none were
expected, or drift; 2 usage; 3 refused (nobody agreed, or state would be lost).`

// options are the flags; each command has those that mean something to it.
type options struct {
	sandbox         bool
	faults          []string
	providers       []string
	yes             bool
	expectNoChanges bool
	json            bool
	showSecrets     bool
	approved        []string // approved are URNs whose deletion or replacement was agreed to
	approvals       string   // approvals is a file with lines "approve: URN"
	reportFile      string   // reportFile and reportJSON are where the report goes
	reportJSON      string
}

// execute runs one command line and returns the exit code.
func execute(ctx context.Context, args []string, c console, stop *interrupts) int {
	a := &app{console: c, stop: stop}
	root := a.command(ctx)
	root.SetArgs(args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.log)
	err := root.Execute()
	if err != nil && !a.running {
		err = exitError{exitUsage, err} // cobra refused the command line
	}
	if err != nil && !errors.Is(err, errReported) {
		say(c.log, "infra: %v\n", err)
	}
	if exitCode(err) == exitUsage {
		say(c.log, "Run `infra help` to see what there is.\n")
	}
	return exitCode(err)
}

// app is one call of infra.
type app struct {
	console
	options
	stop    *interrupts
	running bool // running says that the command line was accepted
}

func (a *app) command(ctx context.Context) *cobra.Command {
	root := &cobra.Command{
		Use:           "infra",
		Short:         "Run all stacks of an environment",
		Long:          about,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRun: func(*cobra.Command, []string) {
			a.running = true
		},
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.PersistentFlags().BoolVar(&a.sandbox, "sandbox", false, "simulate the clouds; nothing asks")
	root.PersistentFlags().StringArrayVar(&a.faults, "fault", nil,
		`make a simulated cloud fail: "create gcp:storage/bucket:Bucket 1 fail" (or deny, cut, hang, or a delay such as 3s)`)
	root.AddCommand(
		a.environment(ctx, "preview", "Show what up would change", a.preview, expect, approve, reports),
		a.environment(ctx, "up", "Create and change what the program describes", a.up, yes, approve),
		a.environment(ctx, "refresh", "Take what changed behind Pulumi's back into the states", a.refresh, expect),
		a.environment(ctx, "drift", "Show what changed behind Pulumi's back; exit 1 if anything did", a.drift, reports),
		a.environment(ctx, "destroy", "Delete everything, the last stack first", a.destroy, yes),
		a.environment(ctx, "outputs", "Print the outputs of the stacks", a.outputs, outputs),
		a.configCommand(),
		a.githubCommand(ctx),
		a.imageCommand(),
		a.bootstrapCommand(ctx),
		a.locksCommand(ctx),
		a.dnsCommand(ctx),
		a.sandboxCommand(ctx),
		a.toolsCommand(ctx),
	)
	return root
}

// A flag adds one of the options to a command.
type flag func(a *app, c *cobra.Command)

func yes(a *app, c *cobra.Command) {
	c.Flags().BoolVarP(&a.yes, "yes", "y", false, "go on without asking")
}

func expect(a *app, c *cobra.Command) {
	c.Flags().BoolVar(&a.expectNoChanges, "expect-no-changes", false, "exit 1 if anything changes")
}

func approve(a *app, c *cobra.Command) {
	c.Flags().StringArrayVar(&a.approved, "approve", nil, "agree to the deletion or replacement of the resource with this URN")
	c.Flags().StringVar(&a.approvals, "approvals", "", `agree to those that a file names in lines "approve: URN"`)
}

func reports(a *app, c *cobra.Command) {
	c.Flags().StringVar(&a.reportFile, "report", "", "write the report of all stacks to this file, as Markdown")
	c.Flags().StringVar(&a.reportJSON, "json", "", "write the report to this file, as JSON")
}

func outputs(a *app, c *cobra.Command) {
	c.Flags().BoolVar(&a.json, "json", false, "print one JSON object, by stack")
	c.Flags().BoolVar(&a.showSecrets, "show-secrets", false, "print secrets instead of [secret]")
}

// environment is a command that runs the stacks of an environment.
func (a *app) environment(ctx context.Context, name, short string, run func(ctx context.Context, env string, levels [][]string) error, flags ...flag,
) *cobra.Command {
	c := &cobra.Command{
		Use:   name + " ENV",
		Short: short,
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := environmentOf(args)
			if err != nil {
				return err
			}
			levels, err := levelsOf(env, a.providers, a.providersOf(env))
			if err != nil {
				return err
			}
			if len(a.faults) > 0 && !a.sandbox {
				return usage("--fault is for the simulated clouds; it needs --sandbox")
			}
			return run(ctx, env, levels)
		},
	}
	c.Flags().StringSliceVarP(&a.providers, "provider", "p", nil, "run only these providers' stacks ("+strings.Join(stacks.Providers(), ", ")+")")
	for _, f := range flags {
		f(a, c)
	}
	return c
}

func environmentOf(args []string) (string, error) {
	known := strings.Join(stacks.Environments(), ", ")
	switch {
	case len(args) == 0:
		return "", usage("which environment? There are %s", known)
	case len(args) > 1:
		return "", usage("one environment at a time, not %s", strings.Join(args, ", "))
	case !slices.Contains(stacks.Environments(), args[0]):
		return "", usage("environment %q is unknown; there are %s", args[0], known)
	}
	return args[0], nil
}

// providersOf are the providers that an environment has. Outside of a repository it has
// all: what opens it says so.
func (a *app) providersOf(env string) []string {
	root, err := findRoot(a.dir)
	if err != nil {
		return stacks.Providers()
	}
	return stacks.Present(settingsFile(root, env))
}

// levelsOf are the stacks of an environment that has the providers present, grouped
// by what may run at once; of them only those of providers, if there are any.
func levelsOf(env string, providers, present []string) ([][]string, error) {
	if len(providers) == 0 {
		providers = present
	}
	levels, err := stacks.Levels(providers)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	for _, provider := range providers {
		if !slices.Contains(present, provider) {
			return nil, usage("environment %s has no %s: there is no ai-worker:%s in Pulumi.%s.yaml; it has %s",
				env, provider, provider, env, strings.Join(present, ", "))
		}
	}
	names := make([][]string, len(levels))
	for i, level := range levels {
		for _, provider := range level {
			names[i] = append(names[i], stacks.Name(env, provider))
		}
	}
	return names, nil
}
