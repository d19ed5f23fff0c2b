package appenvironment

import (
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// Args configures an AppEnvironment. The zero value of every option is the strong
// choice; what is weaker is named by its weakness.
type Args struct {
	Place azure.Place // Place is where the environment is, with a workspace. Required.
	Name  string      // Name of the environment, 2 to 60 lower-case letters, digits and hyphens. Required.
	// Subnet is the id of the subnet that is delegated to environments, of at least /27.
	// It is fixed at creation. Required.
	Subnet pulumi.StringInput
	// AllowInternet gives the environment a public address, by which those apps are
	// reached that allow it too; without it, everything is reached from the network
	// alone. It is fixed at creation.
	AllowInternet bool
	// DisableZoneRedundancy lets all replicas run in one zone. It is fixed at creation,
	// and regions without zones need it.
	DisableZoneRedundancy bool
	// AllowDeletion lifts the protection. It must be applied by an update before the
	// destroy.
	AllowDeletion bool
}

const maxGroupName = 90

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp
var nameShape = regexp.MustCompile(`^[a-z][a-z0-9-]{0,58}[a-z0-9]$`)

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.CheckObserved(&p)
	p.Want(nameShape.MatchString(a.Name) && !strings.Contains(a.Name, "--"),
		"name %q: want 2 to 60 lower-case letters, digits and single inner hyphens, a letter first", a.Name)
	group := a.infrastructureGroup()
	p.Want(len(group) <= maxGroupName, "name %q: the group of its machinery, %q, has %d characters, want at most %d", a.Name, group, len(group), maxGroupName)
	p.Want(a.Subnet != nil, "subnet is required")
	return p.Err()
}

// infrastructureGroup is the resource group that Azure makes for load balancers and
// the like, which it would give a name with a random part.
func (a *Args) infrastructureGroup() string { return a.Place.Group + "-" + a.Name + "-managed" }
