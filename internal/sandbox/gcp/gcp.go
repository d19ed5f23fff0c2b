// Package gcp simulates what AI Worker uses of Google Cloud: one file a
// service, one Kind a resource type. The sources are the doc comments of the
// pinned SDK and the public documentation of each API; where a rule surprises,
// its source stands beside it.
package gcp

import (
	"fmt"
	"hash/fnv"
	"slices"

	provider "github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp"

	"ai-worker/internal/sandbox"
)

func init() { sandbox.Offer("gcp", Package) }

// Package is Google Cloud as the sandbox has it.
func Package() *sandbox.Package {
	p := &sandbox.Package{
		Name:    "gcp",
		Version: "7.38.0",
		Folder:  "internal/sandbox/gcp",
		Config:  provider.ProviderArgs{},
		Kinds: slices.Concat(
			artifactregistryKinds(),
			certificatemanagerKinds(),
			computeKinds(),
			containerKinds(),
			iamKinds(),
			kmsKinds(),
			projectiamKinds(),
			projectsKinds(),
			secretmanagerKinds(),
			serviceaccountKinds(),
			servicenetworkingKinds(),
			sqlKinds(),
			storageKinds(),
		),
		Lookups: slices.Concat(computeLookups(), containerLookups(), iamLookups()),
	}
	return p.Prepare()
}

// number is the stable number that the cloud gives to something named.
func number(name string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails to write
	return fmt.Sprintf("%012d", h.Sum64()%1_000_000_000_000)
}

// roleRule wants a role as grants name it: predefined, or custom to a project
// or an organization.
var roleRule = sandbox.Match(`^(roles/[a-zA-Z0-9_.]+|(projects|organizations)/[a-zA-Z0-9.:_-]+/roles/[a-zA-Z0-9_.]+)$`,
	`a role, such as "roles/storage.objectUser"`)

// memberRule wants a principal with its prefix (SDK, IAMMember: "member").
// That nothing is opened to the world is the components' business.
var memberRule = sandbox.Match(
	`^(allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer):\S+|principal://\S+|principalSet://\S+)$`,
	`a principal with its prefix, such as "serviceAccount:..." or "principal://..."`)
