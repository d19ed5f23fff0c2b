package nodepool

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// identity is every input that the provider replaces a pool for (ForceNew in
// its schema), as it is sent: with defaults filled in. What a pool does not use
// encodes to nothing, so that a field added here renames no existing pool.
type identity struct {
	Name           string            `json:",omitempty"`
	Project        string            `json:",omitempty"`
	Location       string            `json:",omitempty"`
	Cluster        string            `json:",omitempty"`
	Account        string            `json:",omitempty"`
	Scopes         []string          `json:",omitempty"`
	Metadata       map[string]string `json:",omitempty"`
	BootDiskKMSKey string            `json:",omitempty"`
	LocalSSDs      int               `json:",omitempty"`
	GPUType        string            `json:",omitempty"`
	GPUCount       int               `json:",omitempty"`
	GPUDriver      string            `json:",omitempty"`
	GPUPartition   string            `json:",omitempty"`
	GPUSharing     string            `json:",omitempty"`
	GPUClients     int               `json:",omitempty"`
	Spot           bool              `json:",omitempty"`
	Compact        bool              `json:",omitempty"`
	Reservation    string            `json:",omitempty"`
	MaxPodsPerNode int               `json:",omitempty"`
	PodRange       string            `json:",omitempty"`
	Confidential   bool              `json:",omitempty"`
	NoSecureBoot   bool              `json:",omitempty"`
	NoIntegrity    bool              `json:",omitempty"`
	NoStreaming    bool              `json:",omitempty"`
	NoGVNIC        bool              `json:",omitempty"`
}

func (a *Args) identity(cluster, kmsKey string) identity {
	id := identity{
		Name: a.Name, Project: a.Project, Location: a.Location, Cluster: cluster, Account: a.accountID(),
		Scopes: oauthScopes, Metadata: metadata, BootDiskKMSKey: kmsKey, LocalSSDs: a.LocalSSDs,
		Spot: a.Spot, Compact: a.CompactPlacement, Reservation: a.Reservation,
		MaxPodsPerNode: a.MaxPodsPerNode, PodRange: a.PodRange, Confidential: a.Confidential,
		NoSecureBoot: a.AllowUnsignedKernelModules, NoIntegrity: a.DisableIntegrityMonitoring,
		NoStreaming: a.DisableImageStreaming, NoGVNIC: a.DisableGVNIC,
	}
	if gpu := a.GPU; gpu != nil {
		id.GPUType, id.GPUCount, id.GPUDriver, id.GPUPartition = gpu.Type, gpu.Count, gpu.driver(), gpu.PartitionSize
		id.GPUSharing, id.GPUClients = gpu.Sharing, gpu.MaxClients
	}
	return id
}

const (
	maxPoolName = 40 // https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools
	hashDigits  = 8
)

// poolName is the pool's name in GKE, "BASE-HASH". The hash covers all that
// replaces the pool, so that a replacement never has the name of the pool that
// it replaces: it is created, then the old one is deleted, and pods have
// somewhere to go. What is updated in place leaves the name alone.
func poolName(id identity) string {
	text, err := json.Marshal(id)
	if err != nil {
		panic(err) // strings, numbers and booleans always marshal
	}
	sum := sha256.Sum256(text)
	base := id.Name[:min(len(id.Name), maxPoolName-hashDigits-1)]
	return strings.TrimRight(base, "-") + "-" + hex.EncodeToString(sum[:])[:hashDigits]
}
