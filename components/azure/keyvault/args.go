package keyvault

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

// Args configures a KeyVault. The zero value of an option is the strong choice.
type Args struct {
	Place azure.Place // Place of the vault. Required, with its workspace.
	// TenantID is the Microsoft Entra tenant whose principals use the vault. Required.
	TenantID string
	// Name is the base of the vault's name, which is unique in all of Azure: letters,
	// digits and single hyphens, a letter first and no hyphen last. With "-" and the
	// Generation, if any, it has 3 to 24 characters. Required.
	Name string
	// Generation, if not 0, is appended to the name. It is raised to make the vault
	// anew: the name of a deleted one stays taken for SoftDeleteDays. Logical names
	// do not depend on it.
	Generation int
	// SoftDeleteDays, 7 to 90, that a deleted vault or secret can be recovered; 0 means
	// 90. It cannot change.
	SoftDeleteDays int
	// HSM lets the vault have keys in hardware (premium). Secrets are the same with
	// and without.
	HSM bool
	// Endpoint is where the network reaches the vault. Required.
	Endpoint privateendpoint.Entry
	// Secrets by their names in the vault: at most 127 lower-case letters, digits and
	// inner hyphens, a letter first.
	Secrets map[string]Secret
	// AllowDeletion lifts the protection of the vault and its secrets.
	AllowDeletion bool
}

// Secret is a container of a value that never passes through Pulumi: an operator
// sets it (az keyvault secret set).
type Secret struct {
	// Accessors are the principals that read the value, by workload.
	Accessors map[string]pulumi.StringInput
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
var nameShape = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$`)

const (
	minName, maxName = 3, 24
	maxSecretName    = 127
	maxSecretTags    = 15 // https://learn.microsoft.com/azure/key-vault/secrets/about-secrets#secret-tags
)

// vaultName is the name that the vault has in Azure.
func (a *Args) vaultName() string {
	if a.Generation == 0 {
		return a.Name
	}
	return fmt.Sprintf("%s-%d", a.Name, a.Generation)
}

// Validate implements [components.Args]: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.CheckObserved(&p)
	p.Want(azure.IsUUID(a.TenantID), "tenantId %q: want a UUID in lower case", a.TenantID)
	p.Want(nameShape.MatchString(a.Name), "name %q: want letters, digits and single inner hyphens, a letter first", a.Name)
	p.Want(a.Generation >= 0, "generation %d: want 1 or more, or 0 for none", a.Generation)
	full := a.vaultName()
	p.Want(len(full) >= minName && len(full) <= maxName, "name %q: want %d to %d characters, the generation included", full, minName, maxName)
	p.Want(a.SoftDeleteDays == 0 || a.SoftDeleteDays >= 7 && a.SoftDeleteDays <= 90, "softDeleteDays %d: want 7 to 90, or 0 for 90", a.SoftDeleteDays)
	a.Endpoint.Check(&p, "endpoint")
	a.checkSecrets(&p)
	return p.Err()
}

func (a *Args) checkSecrets(p *components.Problems) {
	azure.CheckKeys(p, "secrets", a.Secrets)
	p.Want(len(a.Secrets) == 0 || len(a.Place.Tags) <= maxSecretTags, "tags: %d of them, want at most %d on secrets", len(a.Place.Tags), maxSecretTags)
	taken := map[string]string{}
	for _, secret := range slices.Sorted(maps.Keys(a.Secrets)) {
		at := fmt.Sprintf("secrets[%q]", secret)
		p.Want(len(secret) <= maxSecretName, "%s: %d characters, want at most %d", at, len(secret), maxSecretName)
		accessors := a.Secrets[secret].Accessors
		azure.CheckPrincipals(p, at+".accessors", accessors)
		for _, workload := range slices.Sorted(maps.Keys(accessors)) {
			grant := fmt.Sprintf("%s.accessors[%q]", at, workload)
			logical := secret + "-" + workload
			p.Want(taken[logical] == "", "%s: the logical name %q is that of %s", grant, logical, taken[logical])
			taken[logical] = grant
		}
	}
}
