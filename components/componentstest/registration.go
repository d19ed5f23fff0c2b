package componentstest

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
)

// Registration is one resource that a program registered.
type Registration struct {
	Type, Name, ID string
	URN, Parent    string
	Provider       string // Provider is the reference of an explicit provider, or empty.
	Custom         bool   // Custom is false for a component.
	Protect        bool
	RetainOnDelete bool
	DeletedWith    string
	IgnoreChanges  []string
	Aliases        []string             // Aliases are the former names.
	Secrets        []string             // Secrets are the inputs that are secret.
	Inputs         resource.PropertyMap // Inputs are what the program gave, secrets stripped.
	State          resource.PropertyMap // State is what the simulated cloud answered.
	RPC            *pulumirpc.RegisterResourceRequest
}

// Get is the plain Go value of the input at a path such as
// "settings.ipConfiguration.ipv4Enabled" or "rules[0].action", nil if absent.
func (r Registration) Get(path string) any {
	p, err := resource.ParsePropertyPath(path)
	if err != nil {
		panic(err) // a test's own mistake
	}
	v, ok := p.Get(resource.NewProperty(r.Inputs))
	if !ok || v.IsNull() {
		return nil
	}
	return v.Mappable()
}

// Registrations are the resources of a run, in the order of their URNs.
type Registrations []Registration

// OfType are the registrations of a type.
func (all Registrations) OfType(typ string) Registrations {
	var found Registrations
	for _, r := range all {
		if r.Type == typ {
			found = append(found, r)
		}
	}
	return found
}

// One is the only registration of a type and, where given, a logical name.
func (all Registrations) One(tb testing.TB, typ string, name ...string) Registration {
	tb.Helper()
	var found Registrations
	for _, r := range all.OfType(typ) {
		if len(name) == 0 || r.Name == name[0] {
			found = append(found, r)
		}
	}
	require.Len(tb, found, 1, "%s %v among %v", typ, name, Inventory(all))
	return found[0]
}

// Inventory lists every resource as "type name", sorted.
func Inventory(all Registrations) []string {
	var lines []string
	for _, r := range all {
		lines = append(lines, r.Type+" "+r.Name)
	}
	slices.Sort(lines)
	return lines
}

// Tree lists, as "type name" and sorted, every resource below the components of
// type token. It is an error of the test if one stands outside of them: every
// child belongs under its component.
func Tree(tb testing.TB, all Registrations, token string) []string {
	tb.Helper()
	var lines []string
	for _, r := range all {
		switch {
		case r.Type == token, strings.HasPrefix(r.Type, "pulumi:providers:"):
		case !strings.Contains(r.Parent, token+"::"):
			tb.Errorf("%s %q is not under a %s: its parent is %q", r.Type, r.Name, token, r.Parent)
		default:
			lines = append(lines, r.Type+" "+r.Name)
		}
	}
	slices.Sort(lines)
	return lines
}
