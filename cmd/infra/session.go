package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"ai-worker/internal/pulumicli"
	"ai-worker/stacks"
)

// session is the engine, ready to run the stacks of one environment, on real
// clouds or simulated ones.
type session struct {
	env string
	// providers are those that the environment has.
	providers []string
	root      string            // root is the repository
	dir       string            // dir is where the engine finds project and settings
	vars      map[string]string // vars are added to the environment of the engine
	cli       *pulumicli.Command
	clouds    *clouds // clouds is nil on real clouds
	space     auto.Workspace
}

// open makes everything ready for stacks, and reports what is wrong with their
// settings before anything is made.
func (a *app) open(ctx context.Context, env string, names []string) (s *session, err error) {
	if a.sandbox {
		notice := a.out
		if a.json {
			notice = a.log
		}
		say(notice, "%s\n", simulated)
	}
	root, err := findRoot(a.dir)
	if err != nil {
		return nil, err
	}
	if err := checkSettings(root, env, names); err != nil {
		return nil, err
	}
	s = &session{env: env, providers: stacks.Present(settingsFile(root, env)), root: root, dir: root, vars: map[string]string{"PULUMI_SKIP_UPDATE_CHECK": "true"}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if a.sandbox {
		if s.clouds, err = openClouds(ctx, root, a.faults); err != nil {
			return s, err
		}
		if s.vars, err = s.clouds.environ(); err != nil {
			return s, err
		}
		s.dir = projectDir(root)
		if err := writeShadow(root, s.dir, env, names); err != nil {
			return s, err
		}
	}
	dir, err := pulumicli.Ensure(ctx, root, a.log)
	if err != nil {
		return s, err
	}
	if s.cli, err = pulumicli.New(ctx, dir); err != nil {
		return s, err
	}
	s.cli.Bound = s.clouds != nil
	a.stop.onKill(s.cli.Kill)
	s.space, err = auto.NewLocalWorkspace(ctx, auto.WorkDir(s.dir), auto.Program(stacks.Run), auto.Pulumi(lean{s.cli}), auto.EnvVars(s.vars))
	return s, err
}

func (s *session) close() error {
	if s.clouds == nil {
		return nil
	}
	return s.clouds.close()
}

// stack is a stack as the Automation API has it.
func (s *session) stack(ctx context.Context, name string) (auto.Stack, error) {
	return auto.SelectStack(ctx, name, s.space)
}

// lean answers at once what the Automation API asks the CLI for and infra does
// not use: it selects a stack that every command names anyway, and after each
// operation it wants all outputs, twice, and the history. Each costs a start of
// the CLI.
type lean struct{ *pulumicli.Command }

func (l lean) Run(ctx context.Context, dir string, in io.Reader, out, errs []io.Writer, env []string, args ...string,
) (string, string, int, error) {
	if len(args) > 1 && args[0] == "stack" {
		switch args[1] {
		case "select":
			return "", "", 0, nil
		case "output":
			return "{}", "", 0, nil
		case "history":
			return "[]", "", 0, nil
		}
	}
	return l.Command.Run(ctx, dir, in, out, errs, env, args...)
}

// pulumi runs one command of the CLI and returns what it prints.
func (s *session) pulumi(ctx context.Context, args ...string) (string, error) {
	var env []string
	for key, value := range s.vars {
		env = append(env, key+"="+value)
	}
	stdout, stderr, _, err := s.cli.Run(ctx, s.dir, nil, nil, nil, env, args...)
	if err != nil {
		return "", explain(stderr, fmt.Errorf("pulumi %s: %w", strings.Join(args, " "), err))
	}
	return stdout, nil
}

// existing says which of the stacks have a state.
func (s *session) existing(ctx context.Context, names []string) (map[string]bool, error) {
	found := map[string]bool{}
	if s.clouds != nil {
		for _, name := range names {
			_, err := os.Stat(statePath(s.root, name))
			found[name] = err == nil
		}
		return found, nil
	}
	text, err := s.pulumi(ctx, "stack", "ls", "--json")
	if err != nil {
		return nil, err
	}
	var list []auto.StackSummary
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("pulumi stack ls: %w", err)
	}
	for _, summary := range list {
		name := summary.Name[strings.LastIndex(summary.Name, "/")+1:] // Pulumi Cloud puts the organization first
		found[name] = slices.Contains(names, name)
	}
	return found, nil
}

// gone are the stacks that the environment would have with other settings.
func (s *session) gone() []string {
	var names []string
	for _, provider := range stacks.Providers() {
		if !slices.Contains(s.providers, provider) {
			names = append(names, stacks.Name(s.env, provider))
		}
	}
	return names
}

// create makes the stacks that have no state yet, and those that they read: the
// engine cannot read the outputs of a stack that does not exist. One after the
// other, since each may write a salt into the settings file that they share.
func (s *session) create(ctx context.Context, names []string) error {
	for _, name := range slices.Clone(names) {
		names = append(names, stacks.Reads(name, s.providers)...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	gone := s.gone()
	found, err := s.existing(ctx, slices.Concat(names, gone))
	if err != nil {
		return err
	}
	for _, name := range gone {
		if !found[name] {
			continue
		}
		text, err := s.pulumi(ctx, "stack", "export", "--stack", name)
		if err != nil {
			return err
		}
		var left state
		if err := decode([]byte(text), &left); err != nil {
			return fmt.Errorf("state of stack %s: %w", name, err)
		}
		if resources, _ := left.Deployment["resources"].([]any); len(resources) > 0 {
			return exitError{exitRefused, fmt.Errorf("stack %s holds %d resources, and its settings are gone from Pulumi.%s.yaml: "+
				"put them back, and destroy that stack before they go", name, len(resources), s.env)}
		}
	}
	for _, name := range names {
		if found[name] {
			continue
		}
		args := []string{"stack", "init", name, "--no-select"}
		// Left out, init would make a passphrase of its own and delete the key
		// from the settings file.
		provider, err := s.secretsProvider()
		if err != nil {
			return err
		}
		if provider != "" {
			args = append(args, "--secrets-provider", provider)
		}
		if _, err := s.pulumi(ctx, args...); err != nil {
			return fmt.Errorf("making stack %s: %w", name, err)
		}
	}
	return nil
}

// secretsProvider is what the environment's settings say about it.
func (s *session) secretsProvider() (string, error) {
	if s.clouds != nil {
		return "", nil
	}
	settings, err := readYAML(settingsFile(s.root, s.env))
	if err != nil {
		return "", err
	}
	if node := get(settings, "secretsprovider"); node != nil {
		return node.Value, nil
	}
	return "", nil
}

// findRoot is the repository that a folder is in.
func findRoot(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		_, project := os.Stat(filepath.Join(dir, "Pulumi.yaml"))
		_, tools := os.Stat(filepath.Join(dir, "tools", "go.mod"))
		if project == nil && tools == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not in the repository: there is no Pulumi.yaml with a tools/go.mod beside it, here or above", start)
		}
	}
}
