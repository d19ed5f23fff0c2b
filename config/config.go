// Package config is the settings of an environment: read once, strictly, from
// Pulumi.<environment>.yaml. No other package reads configuration.
package config

import (
	"cmp"
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
	Providers    = []string{"gcp", "azure", "kubernetes", "cloudflare"}
	// Optional are the providers that an environment may do without.
	Optional = []string{"azure"}
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
	// DNS says who writes which names of the zone.
	DNS DNS `json:"dns"`
	// GCP is the environment on Google Cloud. Required by the stacks gcp and kubernetes.
	GCP *GCP `json:"gcp"`
	// Azure is the environment on Azure; without it there is none.
	Azure *Azure `json:"azure"`
	// Kubernetes is what of the environment is in the cluster and no manifest.
	// Required by the stack kubernetes.
	Kubernetes *Kubernetes `json:"kubernetes"`
	// Cloudflare is the environment's zone. Required by the stack cloudflare.
	Cloudflare *Cloudflare `json:"cloudflare"`
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
// once, before a resource is registered.
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

// Present are the providers that the settings file at path has, in the order of
// their contracts: all but the optional ones that it does not name. A file that
// cannot be read has them all: whoever reads it for good says what is wrong.
func Present(path string) []string {
	given, err := readFile(path)
	return slices.DeleteFunc(slices.Clone(Providers), func(provider string) bool {
		_, named := given[Project+":"+provider]
		return err == nil && !named && slices.Contains(Optional, provider)
	})
}

// readFile is the configuration in a settings file.
func readFile(path string) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file.Config, nil
}

// LoadFile reads the settings of a stack from its file, as the engine and [Load]
// would.
func LoadFile(path, stack string) (*Settings, error) {
	given, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("settings of stack %s: %w", stack, err)
	}
	values := map[string]string{}
	for key, value := range given {
		name, ours := strings.CutPrefix(key, Project+":")
		if !ours && strings.Contains(key, ":") {
			continue // another package's, such as gcp:project
		}
		if values[name], err = asEngine(value); err != nil {
			return nil, fmt.Errorf("settings of stack %s: %s: %s: %w", stack, path, key, err)
		}
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
	s, structure, meaning := &Settings{}, problems{}, problems{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(names(), key) {
			rename(values, key, structure.unknown(key, names(), Project))
		}
	}
	for i, key := range names() {
		value, given := values[key]
		switch field := reflect.ValueOf(s).Elem().Field(i); {
		case !given:
		case field.Kind() == reflect.String:
			field.SetString(value)
		default:
			structure.decode(value, field.Addr().Interface(), Project+":"+key)
		}
	}
	s.validate(&meaning, environment, provider)
	s.broken(&meaning)
	if all := slices.Concat(structure, structure.beside(meaning)); len(all) > 0 {
		return nil, fmt.Errorf("settings of stack %s (Pulumi.%s.yaml):\n%w", stack, environment, errors.Join(all.errors()...))
	}
	if s.Decommission != "" {
		s.allowDeletion()
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
func (s *Settings) validate(p *problems, environment, provider string) {
	const at, repository = Project + ":", Project + ":repository."
	stack := environment + "-" + provider
	p.unless(s.Environment != "", at+"environment", "is missing; want %q", environment)
	p.unless(s.Environment == "" || s.Environment == environment, at+"environment",
		"%q is not the environment of stack %q: the file describes another one", s.Environment, stack)
	p.unless(domain.MatchString(s.Domain), at+"domain", `%q is no domain name, such as "dev.example.com"`, s.Domain)
	r := s.Repository
	p.unless(r.Owner != "", repository+"owner", "is missing")
	p.unless(r.Name != "", repository+"name", "is missing")
	p.unless(digits.MatchString(r.OwnerID), repository+"ownerId", "%q is no number; `gh api users/%s --jq .id` tells it",
		r.OwnerID, cmp.Or(r.Owner, "OWNER"))
	p.unless(digits.MatchString(r.ID), repository+"id", "%q is no number; `gh api repos/%s/%s --jq .id` tells it",
		r.ID, cmp.Or(r.Owner, "OWNER"), cmp.Or(r.Name, "NAME"))
	p.unless(s.GCP != nil, at+"gcp", "is missing, and stack %q needs it", stack)
	if s.GCP != nil {
		s.GCP.validate(p, at+"gcp")
	}
	p.unless(provider != "azure" || s.Azure != nil, at+"azure",
		"is missing: environment %s has no Azure; a stack %q begins with these settings", environment, stack)
	if s.Azure != nil {
		s.Azure.validate(p, at+"azure", s)
	}
	p.unless(provider != "kubernetes" || s.Kubernetes != nil, at+"kubernetes", "is missing, and stack %q needs it", stack)
	if s.Kubernetes != nil {
		s.Kubernetes.validate(p, at+"kubernetes", s)
	}
	s.DNS.validate(p, at+"dns", s)
	p.unless(provider != "cloudflare" || s.Cloudflare != nil, at+"cloudflare", "is missing, and stack %q needs it", stack)
	if s.Cloudflare != nil {
		s.Cloudflare.validate(p, at+"cloudflare", s)
	}
	p.unless(s.Decommission == "" || s.Decommission == environment, at+"decommission",
		"%q is not the environment %q that would be taken down", s.Decommission, environment)
}
