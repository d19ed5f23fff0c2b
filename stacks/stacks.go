// Package stacks holds the programs, one a provider, and says how they follow
// on each other. A stack is "<environment>-<provider>".
package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/config"
)

// program is the stack of one provider.
type program struct {
	// after are the providers whose contracts it reads.
	after []string
	// check reports everything that the components have against the settings. It
	// registers nothing.
	check func(s *config.Settings) error
	run   func(ctx *pulumi.Context, s *config.Settings) error
}

var programs = map[string]program{
	"gcp":        gcpProgram,
	"azure":      azureProgram,
	"kubernetes": kubernetesProgram,
	"cloudflare": cloudflareProgram,
}

// Run is the program of every stack: it reads the settings and runs the
// provider's part. Nothing is registered before the settings are found good.
func Run(ctx *pulumi.Context) error {
	s, err := config.Load(ctx)
	if err != nil {
		return err
	}
	_, provider, err := config.Stack(ctx.Stack())
	if err != nil {
		return err
	}
	return Program(provider, s)(ctx)
}

// Program is the stack of a known provider with these settings.
func Program(provider string, s *config.Settings) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		if err := programs[provider].check(s); err != nil {
			return fmt.Errorf("settings of stack %s:\n%w", Name(s.Environment, provider), err)
		}
		return programs[provider].run(ctx, s)
	}
}

// Check reads the settings of a stack from their file and checks them as the
// stack would, without the engine.
func Check(path, stack string) error {
	s, err := config.LoadFile(path, stack)
	if err != nil {
		return err
	}
	_, provider, err := config.Stack(stack)
	if err != nil {
		return err
	}
	if err := programs[provider].check(s); err != nil {
		return fmt.Errorf("settings of stack %s (Pulumi.%s.yaml):\n%w", stack, s.Environment, err)
	}
	return nil
}

// Name is the stack of a provider in an environment.
func Name(environment, provider string) string { return environment + "-" + provider }

// Environments are the environments that have settings.
func Environments() []string { return slices.Clone(config.Environments) }

// Providers are all providers in the order of their contracts.
func Providers() []string { return slices.Clone(config.Providers) }

// Present are the providers of an environment by its settings file: all but the
// optional ones that it does not name.
func Present(settings string) []string { return config.Present(settings) }

// Reads are the stacks whose contracts a stack reads, in an environment that has
// these providers.
func Reads(stack string, present []string) []string {
	environment, provider, _ := strings.Cut(stack, "-")
	var names []string
	for _, before := range programs[provider].after {
		if slices.Contains(present, before) {
			names = append(names, Name(environment, before))
		}
	}
	return names
}

// Levels groups providers so that each comes after those whose contracts it
// reads; those of one level can run at the same time. An unknown provider is an
// error.
func Levels(providers []string) ([][]string, error) {
	for _, provider := range providers {
		if _, known := programs[provider]; !known {
			return nil, fmt.Errorf("provider %q is unknown; there are %s", provider, strings.Join(config.Providers, ", "))
		}
	}
	level := map[string]int{}
	var levels [][]string
	for _, provider := range config.Providers { // in the order of their contracts
		if !slices.Contains(providers, provider) {
			continue
		}
		at := 0
		for _, before := range programs[provider].after {
			if l, runs := level[before]; runs {
				at = max(at, l+1)
			}
		}
		if at == len(levels) {
			levels = append(levels, nil)
		}
		level[provider] = at
		levels[at] = append(levels[at], provider)
	}
	return levels, nil
}
