package azure

import (
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	environmentType        = "azure-native:app/v20240301:ManagedEnvironment"
	containerAppType       = "azure-native:app/v20240301:ContainerApp"
	jobType                = "azure-native:app/v20240301:Job"
	managedCertificateType = "azure-native:app/v20240301:ManagedCertificate"

	environmentPath = "Microsoft.App/managedEnvironments/{environmentName}"
	consumption     = "Consumption"
	succeeded       = "Succeeded"
)

func appKinds() []*sandbox.Kind {
	return []*sandbox.Kind{environmentKind(), containerAppKind(), jobKind(), managedCertificateKind()}
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp
var (
	appName = sandbox.All(sandbox.Match(`^.{2,32}$`, "ContainerAppInvalidName: 2 to 32 characters"),
		sandbox.Match(`^[a-z](-?[a-z0-9])*$`, "ContainerAppInvalidName: lower-case letters, digits and single hyphens between them, a letter first"))
	hostName = sandbox.Match(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$`, `a host in lower case, such as "api.example.com"`)
)

// hashed are eight hexadecimal digits that follow from a text.
func hashed(text string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text)) // a hash never fails to write
	return fmt.Sprintf("%08x", h.Sum32())
}

// domainOf is the default domain of an environment; Azure draws it.
func domainOf(environment, location string) string {
	return fmt.Sprintf("happyplant-%s.%s.azurecontainerapps.io", hashed(strings.ToLower(environment)), location)
}

// verification is what a TXT record must say of a custom domain. It is the same in
// all of a subscription.
func verification(o *sandbox.Object) string {
	subscription, _ := o.Render("{provider.subscriptionId}")
	digits := ""
	for i := range 8 {
		digits += hashed(fmt.Sprint("domain ", i, subscription))
	}
	return strings.ToUpper(digits)
}

// environmentOf is the path at which an app names its environment. The older of the
// two properties is deprecated and still the one that answers have.
func environmentOf(o *sandbox.Object) string {
	if o.Has("managedEnvironmentId") {
		return "managedEnvironmentId"
	}
	return "environmentId"
}

// besideEnvironment wants an app to be in the region of its environment and to run
// on a workload profile of it.
func besideEnvironment(o, environment *sandbox.Object) error {
	if environment == nil {
		return nil
	}
	if at := environment.Str("location"); at != o.Str("location") {
		return fmt.Errorf("location: %s is not the region of the environment, %s", o.Str("location"), at)
	}
	profile := o.Str("workloadProfileName")
	profiles, found := false, false
	environment.Each("workloadProfiles[].name", func(_ string, v resource.PropertyValue) {
		profiles, found = true, found || v.StringValue() == profile
	})
	switch {
	case profile != "" && !found:
		return fmt.Errorf("WorkloadProfileNameNotFound: workloadProfileName: the environment has no workload profile %q", profile)
	case !profiles && totalCPU(o) > 2:
		return fmt.Errorf("ContainerAppInvalidResourceTotal: template.containers: %v CPUs in all, and 2 are the most in an environment "+
			"without workload profiles", totalCPU(o))
	}
	return nil
}

// identityRules are those of what runs as identities.
func checkIdentity(o *sandbox.Object) error {
	typ := o.Str("identity.type")
	users := strings.Contains(typ, "UserAssigned")
	if given := o.Has("identity.userAssignedIdentities"); typ != "" && users != given {
		return fmt.Errorf("InvalidIdentityValues: identity.userAssignedIdentities: must be given with the type UserAssigned, and only then; the type is %s", typ)
	}
	return nil
}

// runsAs says whether the object has an identity: an id, or "system" in any case.
func runsAs(o *sandbox.Object, identity string) bool {
	if same(identity, "system") {
		return strings.Contains(o.Str("identity.type"), "SystemAssigned")
	}
	if o.Get("identity").ContainsUnknowns() {
		return true
	}
	found := false
	o.Each("identity.userAssignedIdentities[]", func(_ string, v resource.PropertyValue) {
		found = found || same(v.StringValue(), identity)
	})
	return found
}

// open says whether what is at a path is still to be known, wholly: the SDK makes
// one output of configuration and of template.
func open(o *sandbox.Object, path string) bool {
	for at := path; at != ""; at = at[:max(0, strings.LastIndex(at, "."))] {
		if v := o.Get(at); v.IsComputed() || v.IsOutput() {
			return true
		}
	}
	return false
}

// items are the known objects of a list.
func items(o *sandbox.Object, path string) []*sandbox.Object {
	var list []*sandbox.Object
	o.Each(path+"[]", func(_ string, v resource.PropertyValue) {
		if v.IsObject() {
			list = append(list, &sandbox.Object{Props: v.ObjectValue()})
		}
	})
	return list
}

// twice is the first name that two objects share, or empty.
func twice(list []*sandbox.Object, field string) string {
	seen := map[string]bool{}
	for _, item := range list {
		name := item.Str(field)
		if seen[name] && name != "" {
			return name
		}
		seen[name] = true
	}
	return ""
}
