package bucket

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures a Bucket. The zero value of an option is the strong choice.
type Args struct {
	Project string // Project owns the bucket. Required.
	// Name is the bucket's, unique in all of Cloud Storage: 3 to 63 lower-case
	// letters, digits, hyphens and underscores. Required.
	Name string
	// Location is a region ("ASIA-NORTHEAST1"), a predefined dual-region ("ASIA1")
	// or a multi-region ("ASIA"), in any case. It cannot change. Required.
	Location string
	// DataLocations are the two regions of a dual-region of one's own; Location is
	// then the US, EU or ASIA around them. They cannot change.
	DataLocations []string
	// TurboReplication copies new objects to the second region of a dual-region
	// within 15 minutes, at a price.
	TurboReplication bool

	// StorageClass of new objects: STANDARD, which empty means, NEARLINE, COLDLINE
	// or ARCHIVE.
	StorageClass string
	// Autoclass moves objects between classes by use, down to NEARLINE. It excludes
	// rules that set or match classes.
	Autoclass bool
	// AutoclassArchive lets autoclass go on to COLDLINE and ARCHIVE.
	AutoclassArchive bool
	// KMSKey is the id of the key that encrypts new objects; nil means Google's own
	// keys. Cloud Storage's service agent must be able to use it.
	KMSKey pulumi.StringInput

	// DisableVersioning keeps no noncurrent versions.
	DisableVersioning bool
	// NoncurrentDays after which a noncurrent version is deleted; 0 means 30.
	NoncurrentDays int
	// NoncurrentVersions, if not 0, deletes a noncurrent version earlier, once so
	// many newer ones exist.
	NoncurrentVersions int
	// SoftDeleteDays, 7 to 90, that a deleted object can be restored; 0 means 7.
	SoftDeleteDays int
	// DisableSoftDelete makes deletion final at once, for scratch data.
	DisableSoftDelete bool
	// AbortUploadsDays after which an incomplete multipart upload, which costs as
	// an object does, is aborted; 0 means 7.
	AbortUploadsDays int
	// LifecycleRules are further rules, at most 97.
	LifecycleRules []LifecycleRule

	// Retention, if given, keeps every object from being deleted or replaced until
	// it is old enough. Cloud Storage has it exclude versioning.
	Retention *Retention
	// EventBasedHold puts every new object on hold until an event releases it.
	EventBasedHold bool
	// ObjectRetention lets objects carry a retention of their own. It cannot change.
	ObjectRetention bool

	// CORS lets pages of other origins use presigned URLs in a browser.
	CORS []CORS
	// LogBucket, if given, receives usage logs; cloud-storage-analytics@google.com
	// needs [Write] there.
	LogBucket pulumi.StringInput
	LogPrefix string // LogPrefix of the logs' names; empty means the bucket's name.

	// Grants gives access to the objects, by a logical name ("api").
	Grants map[string]Grant
	Labels map[string]string // Labels of the bucket.
	// AllowDeletion lifts the protection: the bucket can be destroyed, with every
	// object in it.
	AllowDeletion bool
}

// Retention is the least age at which an object may be deleted or replaced.
type Retention struct {
	Days int // Days, 1 to 24,855: the provider takes seconds in 32 bits.
	// LockForever makes the policy irreversible: nobody, Google included, can ever
	// shorten or remove it, nor delete the bucket while an object is too young.
	LockForever bool
}

// Access is what a grant allows.
type Access string

// What a grant allows. To replace an object is to delete the old one, which
// only ReadWrite may do.
const (
	Read      Access = "read"      // roles/storage.objectViewer
	Write     Access = "write"     // roles/storage.objectCreator
	ReadWrite Access = "readWrite" // roles/storage.objectUser
)

var roles = map[Access]string{
	Read: "roles/storage.objectViewer", Write: "roles/storage.objectCreator", ReadWrite: "roles/storage.objectUser",
}

// Grant gives a principal access.
type Grant struct {
	Member pulumi.StringInput // Member with its prefix, "serviceAccount:...". Required.
	Access Access             // Access is Read, Write or ReadWrite. Required.
}

const (
	maxRetentionDays  = (1<<31 - 1) / day
	maxLifecycleRules = 100 // the provider's limit; up to three are the component's own
)

var (
	nameShape   = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]$`)
	regionShape = regexp.MustCompile(`^[A-Z]+-[A-Z]+[0-9]{1,2}$`)

	// https://cloud.google.com/storage/docs/locations
	multiRegions = []string{"US", "EU", "ASIA"}
	dualRegions  = []string{"ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"}

	storageClasses = []string{"STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"}
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Project != "", "project is required")
	p.Want(nameShape.MatchString(a.Name), "name %q: want 3 to 63 lower-case letters, digits, inner hyphens and underscores", a.Name)
	p.Want(!strings.HasPrefix(a.Name, "goog") && !strings.Contains(strings.ReplaceAll(a.Name, "0", "o"), "google"),
		"name %q: Google keeps names with goog in front or google inside", a.Name)
	a.checkPlacement(&p)
	a.checkClasses(&p)
	a.checkKeeping(&p)
	p.Want(a.LogPrefix == "" || a.LogBucket != nil, "logPrefix %q: there is no logBucket", a.LogPrefix)
	for i, c := range a.CORS {
		c.check(fmt.Sprintf("cors[%d]", i), &p)
	}
	gcp.CheckKeys(&p, "grants", a.Grants)
	for _, name := range slices.Sorted(maps.Keys(a.Grants)) {
		g := a.Grants[name]
		p.Want(roles[g.Access] != "", "grants[%q].access %q: want read, write or readWrite", name, g.Access)
		gcp.CheckMember(&p, fmt.Sprintf("grants[%q].member", name), g.Member)
	}
	gcp.CheckLabels(&p, "labels", a.Labels)
	return p.Err()
}

// placement is the kind of a location; a dual-region may be one's own.
func (a *Args) placement() (region, dual bool) {
	location := strings.ToUpper(a.Location)
	return regionShape.MatchString(location), len(a.DataLocations) > 0 || slices.Contains(dualRegions, location)
}

func (a *Args) checkPlacement(p *components.Problems) {
	location := strings.ToUpper(a.Location)
	region, dual := a.placement()
	multi := slices.Contains(multiRegions, location)
	p.Want(region || multi || slices.Contains(dualRegions, location),
		`location %q: want a region such as "ASIA-NORTHEAST1", or one of %v or %v`, a.Location, multiRegions, dualRegions)
	p.Want(!a.TurboReplication || dual, "turboReplication: location %q is no dual-region", a.Location)
	if len(a.DataLocations) == 0 {
		return
	}
	p.Want(multi, "dataLocations: location %q: want the one of %v around them", a.Location, multiRegions)
	p.Want(len(a.DataLocations) == 2 && !strings.EqualFold(a.DataLocations[0], a.DataLocations[len(a.DataLocations)-1]),
		"dataLocations %q: want two regions", a.DataLocations)
	for i, l := range a.DataLocations {
		p.Want(regionShape.MatchString(strings.ToUpper(l)), `dataLocations[%d] %q: want a region such as "ASIA-NORTHEAST1"`, i, l)
	}
}

func (a *Args) checkClasses(p *components.Problems) {
	p.OneOf("storageClass", a.StorageClass, append([]string{""}, storageClasses...)...)
	p.Want(!a.Autoclass || a.StorageClass == "" || a.StorageClass == "STANDARD", "storageClass %q: autoclass begins with STANDARD", a.StorageClass)
	p.Want(!a.AutoclassArchive || a.Autoclass, "autoclassArchive: autoclass is off")
}

func (a *Args) checkKeeping(p *components.Problems) {
	p.Want(a.NoncurrentDays >= 0, "noncurrentDays %d: want days, or 0 for 30", a.NoncurrentDays)
	p.Want(a.NoncurrentVersions >= 0, "noncurrentVersions %d: want a number of versions, or 0 for no limit", a.NoncurrentVersions)
	p.Want(a.AbortUploadsDays >= 0, "abortUploadsDays %d: want days, or 0 for 7", a.AbortUploadsDays)
	p.Want(a.SoftDeleteDays == 0 || a.SoftDeleteDays >= 7 && a.SoftDeleteDays <= 90,
		"softDeleteDays %d: want 7 to 90, or 0 for 7; off is disableSoftDelete", a.SoftDeleteDays)
	p.Want(!a.DisableSoftDelete || a.SoftDeleteDays == 0, "softDeleteDays %d: excluded by disableSoftDelete", a.SoftDeleteDays)
	if r := a.Retention; r != nil {
		p.Want(r.Days >= 1 && r.Days <= maxRetentionDays, "retention.days %d: want 1 to %d", r.Days, maxRetentionDays)
		p.Want(a.DisableVersioning, "retention: Cloud Storage has it exclude versioning: set disableVersioning")
	}
	for i, r := range a.LifecycleRules {
		r.check(fmt.Sprintf("lifecycleRules[%d]", i), a.Autoclass, p)
	}
	p.Want(len(a.LifecycleRules) <= maxLifecycleRules-3, "lifecycleRules: %d of them, want at most %d", len(a.LifecycleRules), maxLifecycleRules-3)
}
