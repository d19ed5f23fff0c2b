// Package azure simulates what AI Worker uses of Azure Resource Manager behind the
// Pulumi provider azure-native: one file a service, one Kind a resource type. The
// sources are the doc comments of the pinned SDK and the public documentation of
// each service; where a rule surprises, its source stands beside it.
package azure

import (
	"fmt"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"strings"

	provider "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func init() { sandbox.Offer("azure-native", Package) }

// Package is Azure as the sandbox has it.
func Package() *sandbox.Package {
	p := &sandbox.Package{
		Name:    "azure-native",
		Version: "2.90.0",
		Folder:  "internal/sandbox/azure",
		Config:  provider.ProviderArgs{},
		Place:   subscription,
		Kinds: slices.Concat(
			resourcesKinds(),
			authorizationKinds(),
			managedidentityKinds(),
			networkKinds(),
			privatednsKinds(),
			storageKinds(),
			containerregistryKinds(),
			keyvaultKinds(),
			monitorKinds(),
			dbforpostgresqlKinds(),
			appKinds(),
		),
	}
	for _, k := range p.Kinds {
		k.ByInputs = true
	}
	return p.Prepare()
}

const groupType = "azure-native:resources:ResourceGroup"

// subscription is what everything lives in. Nobody makes it here, so that any is there.
func subscription(config resource.PropertyMap, _ func(typ, name string) (string, bool)) (sandbox.Place, error) {
	id := config["subscriptionId"]
	if !id.IsString() || id.StringValue() == "" {
		return sandbox.Place{}, fmt.Errorf("the provider has no subscriptionId")
	}
	return sandbox.Place{Type: "azure-native:subscription", ID: "/subscriptions/" + id.StringValue(), Told: true}, nil
}

var (
	parameter = regexp.MustCompile(`\{([a-zA-Z]+)\}`)
	// names of resource types stand between the names of resources
	typeOf = regexp.MustCompile(`/\{[a-zA-Z]+\}|/default$`)
)

// arm completes a Kind of Azure Resource Manager that is in a resource group: its
// id, name and type, what its path makes required and what a new path replaces.
// path is below the group, such as
// "Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
// its {parameters} being inputs. What a part is a part of, the kind says in Refs.
func arm(path string, k sandbox.Kind) *sandbox.Kind {
	parameters := []string{"resourceGroupName"}
	for _, p := range parameter.FindAllStringSubmatch(path, -1) {
		parameters = append(parameters, p[1])
	}
	last := path[strings.LastIndex(path, "/")+1:]
	k.ID = "/subscriptions/{provider.subscriptionId}/resourceGroups/{resourceGroupName}/providers/" + path
	outputs := map[string]string{"name": last, "type": typeOf.ReplaceAllString(path, "")}
	maps.Copy(outputs, k.Outputs)
	maps.DeleteFunc(outputs, func(_, template string) bool { return template == "" }) // what the type does not tell
	k.Outputs = outputs
	// the provider invents names that are left out, and others in every program: none here
	k.Required = append(k.Required, parameters...)
	k.Replace = append(k.Replace, parameters...)
	k.DeleteFirst = true // what has a name of its own; only what the provider named itself is made first
	refs := map[string]sandbox.Ref{"resourceGroupName": sandbox.Within(groupType)}
	maps.Copy(refs, k.Refs)
	k.Refs = refs
	return &k
}

// drawn is the UUID that the cloud draws for something named; here it follows from
// the name, so that a run can be compared with another.
func drawn(name string) string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	b := h.Sum(nil)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
