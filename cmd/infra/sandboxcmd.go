package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ai-worker/internal/pulumicli"
	"ai-worker/internal/sandbox"
	"ai-worker/stacks"
)

// sandboxCommand looks into the simulated clouds, changes them behind Pulumi's
// back, and serves them to the plain CLI.
func (a *app) sandboxCommand(ctx context.Context) *cobra.Command {
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Look into the simulated clouds, change them, serve them to the plain CLI",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q for %q", args[0], c.CommandPath())
			}
			return c.Help()
		},
	}
	var duration time.Duration
	serve := &cobra.Command{
		Use:   "serve",
		Short: "Serve the simulated clouds to the plain pulumi CLI until interrupted",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return a.serve(ctx, duration) },
	}
	serve.Flags().DurationVar(&duration, "for", 0, "end by itself after this time")
	list := &cobra.Command{
		Use:   "list [TYPE]",
		Short: "List what the simulated clouds hold",
		Args:  cobra.MaximumNArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.list(args) },
	}
	list.Flags().BoolVar(&a.json, "json", false, "print a JSON array, with the objects' states")
	c.AddCommand(serve, list,
		&cobra.Command{
			Use:     "change TYPE ID PATH VALUE",
			Short:   "Set a property of an object; VALUE is JSON, or else a string",
			Example: `  infra sandbox change gcp:storage/bucket:Bucket my-bucket versioning.enabled false`,
			Args:    cobra.ExactArgs(4),
			RunE: func(_ *cobra.Command, args []string) error {
				return a.edit(func(s *sandbox.Store) error { return s.Change(args[0], args[1], args[2], value(args[3])) })
			},
		},
		&cobra.Command{
			Use:     "remove TYPE ID",
			Short:   "Delete an object, whatever protects it",
			Example: `  infra sandbox remove gcp:storage/bucket:Bucket my-bucket`,
			Args:    cobra.ExactArgs(2),
			RunE: func(_ *cobra.Command, args []string) error {
				return a.edit(func(s *sandbox.Store) error { return s.Remove(args[0], args[1]) })
			},
		},
	)
	return c
}

// value is an argument as JSON, or itself.
func value(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	return v
}

func (a *app) edit(change func(*sandbox.Store) error) error {
	root, err := findRoot(a.dir)
	if err != nil {
		return err
	}
	store, err := openStore(root)
	if err != nil {
		return err
	}
	return errors.Join(change(store), store.Close())
}

func (a *app) list(args []string) error {
	return a.edit(func(store *sandbox.Store) error {
		items := store.List()
		if len(args) == 1 {
			items = slices.DeleteFunc(items, func(i sandbox.Item) bool { return i.Type != args[0] })
		}
		if a.json {
			_, err := fmt.Fprintln(a.out, encode(append([]sandbox.Item{}, items...), "  "))
			return err
		}
		width := 0
		for _, i := range items {
			width = max(width, len(i.Type))
		}
		for _, i := range items {
			given := ""
			if i.Given {
				given = "  (from sandbox.yaml)"
			}
			say(a.out, "%-*s  %s%s\n", width, i.Type, i.ID, given)
		}
		return nil
	})
}

// serve gives the clouds to the plain CLI for a while.
func (a *app) serve(ctx context.Context, duration time.Duration) error {
	root, err := findRoot(a.dir)
	if err != nil {
		return err
	}
	say(a.out, "# %s\n", simulated)
	for _, env := range stacks.Environments() {
		var names []string
		for _, provider := range stacks.Providers() {
			names = append(names, stacks.Name(env, provider))
		}
		if err := writeShadow(root, projectDir(root), env, names); err != nil {
			return err
		}
	}
	cli, err := pulumicli.Ensure(ctx, root, a.log)
	if err != nil {
		return err
	}
	host, err := pulumicli.EnsureLanguageHost(ctx, root, cli, a.log)
	if err != nil {
		return err
	}
	clouds, err := openClouds(ctx, root, a.faults)
	if err != nil {
		return err
	}
	vars, err := clouds.environ()
	if err != nil {
		return errors.Join(err, clouds.close())
	}
	if path := toolPath(cli, host); path != "" {
		vars["PATH"] = path
	}
	a.exports(root, vars)
	var timer <-chan time.Time
	if duration > 0 {
		timer = time.After(duration)
	}
	select {
	case <-ctx.Done():
	case <-timer:
	}
	return clouds.close()
}

// exports prints what a shell needs to use the clouds.
func (a *app) exports(root string, vars map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(vars)) {
		say(a.out, "export %s=%s\n", key, quote(vars[key]))
	}
	say(a.out, "cd %s\n", quote(projectDir(root)))
	say(a.log, "Paste these lines into another shell and use pulumi there, as in `pulumi stack init dev-gcp && pulumi preview`. Ctrl-C ends this.\n")
}

// toolPath is the PATH that finds the tools in dirs first, "" if they are found
// already.
func toolPath(dirs ...string) string {
	have := filepath.SplitList(os.Getenv("PATH"))
	var add []string
	for _, dir := range dirs {
		if dir != "" && !slices.Contains(have, dir) && !slices.Contains(add, dir) {
			add = append(add, dir)
		}
	}
	if len(add) == 0 {
		return ""
	}
	return strings.Join(append(add, "$PATH"), string(os.PathListSeparator))
}

// quote makes one word of text for a shell; $PATH stays a variable.
func quote(text string) string {
	text = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`").Replace(text)
	return `"` + text + `"`
}

// toolsCommand builds what later runs need, so that they need not wait for it.
func (a *app) toolsCommand(ctx context.Context) *cobra.Command {
	return &cobra.Command{
		Use:   "tools",
		Short: "Find or build the Pulumi CLI and its Go language host",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			root, err := findRoot(a.dir)
			if err != nil {
				return err
			}
			cli, err := pulumicli.Ensure(ctx, root, a.log)
			if err != nil {
				return err
			}
			if _, err = pulumicli.EnsureLanguageHost(ctx, root, cli, a.log); err != nil {
				return err
			}
			say(a.out, "%s\n", filepath.Join(cli, "pulumi"))
			return nil
		},
	}
}
