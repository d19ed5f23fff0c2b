package workloadidentity

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const (
	minAccountID, maxAccountID = 6, 30 // https://cloud.google.com/iam/quotas#limits
	hashLength                 = 7     // 28 bits of SHA-256
)

// AccountID is the id of a workload's service account: the name itself, or,
// where its length is not 6 to 30, what fits of it and a hash of the whole. It
// is the same on every run, and other names get other ids. name must be
// lower-case letters, digits and inner hyphens, a letter first.
func AccountID(name string) string {
	if minAccountID <= len(name) && len(name) <= maxAccountID {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	kept := name[:min(len(name), maxAccountID-1-hashLength)]
	return strings.TrimRight(kept, "-") + "-" + hex.EncodeToString(sum[:])[:hashLength]
}
