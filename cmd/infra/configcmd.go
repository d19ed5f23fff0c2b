package main

import (
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ai-worker/stacks"
)

// configCommand looks at the settings alone.
func (a *app) configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Check the settings of an environment",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q for %q", args[0], c.CommandPath())
			}
			return c.Help()
		},
	}
	c.AddCommand(&cobra.Command{
		Use:   "check ENV",
		Short: "Check all settings of all stacks of an environment, without an engine and without a network",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := environmentOf(args)
			if err != nil {
				return err
			}
			return a.checkConfig(env)
		},
	})
	return c
}

// checkConfig reports every problem of every stack. What is wrong with the file as a
// whole, each stack would say, and it is told once.
func (a *app) checkConfig(env string) error {
	start := time.Now()
	root, err := findRoot(a.dir)
	if err != nil {
		return err
	}
	present := stacks.Present(settingsFile(root, env))
	var problems []error
	told := map[string]bool{}
	for _, provider := range present {
		err := checkSettings(root, env, []string{stacks.Name(env, provider)})
		if err == nil {
			continue
		}
		if _, what, _ := strings.Cut(err.Error(), "\n"); !told[what] {
			told[what] = true
			problems = append(problems, err)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	say(a.out, "%s: %d stacks, nothing to mend (%d ms)\n", env, len(present), time.Since(start).Milliseconds())
	return nil
}
