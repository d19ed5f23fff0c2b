package blobstorage

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/azure"
	"ai-worker/components/azure/privateendpoint"
)

// Args configures a BlobStorage. The zero value of an option is the strong choice.
type Args struct {
	Place azure.Place // Place of the account. Required, with its workspace.
	// Account is the storage account's name, unique in all of Azure: 3 to 24
	// lower-case letters and digits. Required.
	Account string
	// Container is the name in the account: 3 to 63 lower-case letters, digits and
	// single inner hyphens. Required.
	Container string
	// Endpoint is where the network reaches the blobs. Required.
	Endpoint privateendpoint.Entry
	// AllowInternet lets clients outside of the network reach the blobs. It takes that
	// for presigned URLs to work in a browser; who has none, and no role, gets nothing.
	AllowInternet bool
	// Replication is ZRS, which empty means: three zones; LRS: one datacenter; or
	// GZRS, GRS, RAGZRS or RAGRS: as either, and in the paired region too. Between LRS
	// and ZRS, Azure converts an account on request only.
	Replication string
	// DisableInfrastructureEncryption leaves one layer of encryption of two. It cannot
	// change: an account that was made without the second cannot get it.
	DisableInfrastructureEncryption bool

	// DisableVersioning keeps no noncurrent versions.
	DisableVersioning bool
	// NoncurrentDays since a version was written, after which it is deleted once it is
	// noncurrent; 0 means 30. Azure does not count from when it was replaced, so that
	// an old object, replaced, has only the days of soft deletion.
	NoncurrentDays int
	// SoftDeleteDays, 1 to 365, that a deleted object, version or container can be
	// restored; 0 means 7.
	SoftDeleteDays int
	// DisableSoftDelete makes deletion final at once, for scratch data.
	DisableSoftDelete bool
	// LifecycleRules are further rules, at most 99.
	LifecycleRules []LifecycleRule

	// CORS lets pages of other origins use presigned URLs in a browser: at most 5
	// rules. It needs AllowInternet.
	CORS []CORS

	// Grants gives access to the objects, by a logical name ("api").
	Grants map[string]Grant
	// AllowDeletion lifts the protection: the account can be destroyed, with every
	// object in it.
	AllowDeletion bool
}

// Access is what a grant allows.
type Access string

// What a grant allows. No built-in role writes without reading.
const (
	Read      Access = "read"      // Storage Blob Data Reader
	ReadWrite Access = "readWrite" // Storage Blob Data Contributor
)

var roles = map[Access]azure.Role{Read: azure.BlobDataReader, ReadWrite: azure.BlobDataContributor}

// Grant gives a principal access.
type Grant struct {
	Principal pulumi.StringInput // Principal is the object id of an identity. Required.
	Access    Access             // Access is Read or ReadWrite. Required.
	// SignURLs lets the principal presign URLs, which can do no more than it may:
	// https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
	SignURLs bool
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage
var (
	accountShape   = regexp.MustCompile(`^[a-z0-9]{3,24}$`)
	containerShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.CheckObserved(&p)
	p.Want(accountShape.MatchString(a.Account), "account %q: want 3 to 24 lower-case letters and digits", a.Account)
	p.Want(len(a.Container) >= 3 && len(a.Container) <= 63 && containerShape.MatchString(a.Container),
		"container %q: want 3 to 63 lower-case letters, digits and single inner hyphens", a.Container)
	a.Endpoint.Check(&p, "endpoint")
	p.OneOf("replication", a.Replication, "", "ZRS", "LRS", "GZRS", "GRS", "RAGZRS", "RAGRS")
	a.checkKeeping(&p)
	a.checkCORS(&p)
	azure.CheckKeys(&p, "grants", a.Grants)
	for _, name := range slices.Sorted(maps.Keys(a.Grants)) {
		g := a.Grants[name]
		p.Want(g.Access != "write", `grants[%q].access "write": no built-in role writes without reading: want readWrite`, name)
		p.Want(g.Access == "write" || roles[g.Access] != "", "grants[%q].access %q: want read or readWrite", name, g.Access)
		azure.CheckPrincipal(&p, fmt.Sprintf("grants[%q].principal", name), g.Principal)
	}
	return p.Err()
}

func (a *Args) checkKeeping(p *components.Problems) {
	p.Want(a.NoncurrentDays >= 0, "noncurrentDays %d: want days, or 0 for 30", a.NoncurrentDays)
	p.Want(a.SoftDeleteDays >= 0 && a.SoftDeleteDays <= 365, "softDeleteDays %d: want 1 to 365, or 0 for 7; off is disableSoftDelete", a.SoftDeleteDays)
	p.Want(!a.DisableSoftDelete || a.SoftDeleteDays == 0, "softDeleteDays %d: excluded by disableSoftDelete", a.SoftDeleteDays)
	p.Want(len(a.LifecycleRules) < maxRules, "lifecycleRules: %d of them, want at most %d", len(a.LifecycleRules), maxRules-1)
	for i, r := range a.LifecycleRules {
		r.check(fmt.Sprintf("lifecycleRules[%d]", i), p)
	}
}
