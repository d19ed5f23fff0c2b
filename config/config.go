// Package config is the settings of an environment: read once, strictly, from
// Pulumi.<environment>.yaml. No other package reads configuration.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"
)

// Project is the Pulumi project; it prefixes every key.
const Project = "ai-worker"

// Environments and Providers are what stack names are made of; a stack is
// "<environment>-<provider>". Providers stand in the order of their contracts.
var (
	Environments = []string{"dev", "stage", "prod"}
	Providers    = []string{"gcp"}
)

// Settings are one environment. What they leave out has the component's own,
// strong default.
type Settings struct {
	// Environment is the name that the file describes: dev, stage or prod. Required.
	Environment string `json:"environment"`
	// Domain is the environment's zone, such as "dev.example.com". Required.
	Domain string `json:"domain"`
	// Repository is the GitHub repository that deploys the environment. Required.
	Repository Repository `json:"repository"`
	// Decommission lifts all protection against deletion, at every level, when it
	// holds the environment's name: then up, then destroy. It is the only way to
	// take down what the rules protect.
	Decommission string `json:"decommission"`
	// GCP is the environment on Google Cloud. Required by the stack gcp.
	GCP *GCP `json:"gcp"`
}

// Repository is a GitHub repository. The numbers survive a rename and cannot be
// taken over by whoever registers a freed name:
// https://github.com/google-github-actions/auth/blob/main/docs/SECURITY_CONSIDERATIONS.md
type Repository struct {
	Owner   string `json:"owner"`   // Owner is the user or organization. Required.
	Name    string `json:"name"`    // Name is the repository without its owner. Required.
	OwnerID string `json:"ownerId"` // OwnerID is the owner's number. Required.
	ID      string `json:"id"`      // ID is the repository's number. Required.
	// Branch is what the environment is deployed from. Required.
	Branch string `json:"branch"`
}

// Stack splits a stack's name. The error lists what names there are.
func Stack(name string) (environment, provider string, err error) {
	environment, provider, _ = strings.Cut(name, "-")
	if !slices.Contains(Environments, environment) || !slices.Contains(Providers, provider) {
		return "", "", fmt.Errorf("stack %q: want <environment>-<provider>, with an environment of %s and a provider of %s",
			name, strings.Join(Environments, ", "), strings.Join(Providers, ", "))
	}
	return environment, provider, nil
}

// Load reads the settings of the running stack. All problems are reported at
// once; none is found after a resource was registered.
func Load(ctx *pulumi.Context) (*Settings, error) {
	values := map[string]string{}
	for _, key := range names() {
		if value, ok := ctx.GetConfig(Project + ":" + key); ok {
			values[key] = value
		}
	}
	// The plain CLI hands the whole configuration down in the environment, which
	// is the only way to see a key that nobody asks for.
	all := map[string]string{}
	if text := os.Getenv(pulumi.EnvConfig); text != "" {
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return nil, fmt.Errorf("%s: %w", pulumi.EnvConfig, err)
		}
	}
	for key, value := range all {
		if name, ours := strings.CutPrefix(key, Project+":"); ours && !slices.Contains(names(), name) {
			values[name] = value
		}
	}
	return parse(ctx.Stack(), values)
}

// LoadFile reads the settings of a stack from its file, as [Load] would.
func LoadFile(path, stack string) (*Settings, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("settings: %s: %w", path, err)
	}
	values := map[string]string{}
	for key, value := range file.Config {
		name, ours := strings.CutPrefix(key, Project+":")
		if !ours {
			continue // another package's, such as gcp:project
		}
		if s, isString := value.(string); isString {
			values[name] = s
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("settings: %s: %s: %w", path, key, err)
		}
		values[name] = string(text)
	}
	return parse(stack, values)
}

// names are the top-level keys.
func names() []string {
	var names []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Settings]()) {
		names = append(names, field.Tag.Get("json"))
	}
	return names
}

// parse reads the values of all keys: structure first, then what they mean, then
// the rules of the environment.
func parse(stack string, values map[string]string) (*Settings, error) {
	environment, provider, err := Stack(stack)
	if err != nil {
		return nil, err
	}
	s := &Settings{}
	var errs []error
	target := reflect.ValueOf(s).Elem()
	for _, key := range slices.Sorted(maps.Keys(values)) {
		i := slices.Index(names(), key)
		if i < 0 {
			errs = append(errs, unknownKey(key, names(), Project))
			continue
		}
		field := target.Field(i)
		if field.Kind() == reflect.String {
			field.SetString(values[key])
			continue
		}
		errs = append(errs, decode([]byte(values[key]), field.Addr().Interface(), Project+":"+key)...)
	}
	if len(errs) == 0 {
		errs = append(errs, s.validate(environment, provider)...)
	}
	if s.Decommission != "" && s.GCP != nil {
		s.GCP.allowDeletion()
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("settings of stack %s (Pulumi.%s.yaml):\n%w", stack, environment, errors.Join(errs...))
	}
	return s, nil
}

var (
	digits = regexp.MustCompile(`^[0-9]+$`)
	domain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
)

// validate checks what the settings mean, each message with path, value and
// what would be right. What a component can tell of its own arguments is left
// to the component.
func (s *Settings) validate(environment, provider string) []error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(Project+":"+format, args...))
		}
	}
	check(s.Environment == environment, "environment: %q is not the environment of stack %q: this file describes another one",
		s.Environment, environment+"-"+provider)
	check(domain.MatchString(s.Domain), `domain: %q is no domain name, such as "dev.example.com"`, s.Domain)
	r := s.Repository
	check(r.Owner != "" && r.Name != "" && r.Branch != "", "repository: owner, name and branch are required")
	check(digits.MatchString(r.OwnerID), "repository.ownerId: %q is no number; `gh api users/%s --jq .id` tells it", r.OwnerID, r.Owner)
	check(digits.MatchString(r.ID), "repository.id: %q is no number; `gh api repos/%s/%s --jq .id` tells it", r.ID, r.Owner, r.Name)
	check(provider != "gcp" || s.GCP != nil, "gcp: is missing, and stack %q needs it", environment+"-"+provider)
	if s.GCP != nil {
		errs = append(errs, s.GCP.validate(Project+":gcp")...)
	}
	check(s.Decommission == "" || s.Decommission == environment,
		"decommission: %q is not the environment %q that would be taken down", s.Decommission, environment)
	return append(errs, s.broken()...)
}
