package config

// Deploy is how GitHub Actions act on the environment, without keys; see
// components/gcp/githubfederation. Repository and branch are those of the
// environment, and the environment on GitHub has its name.
type Deploy struct {
	PoolID          string   `json:"poolId"`     // PoolID is empty for "github".
	ProviderID      string   `json:"providerId"` // ProviderID is empty for "actions".
	Plan            Plan     `json:"plan"`
	Apply           Apply    `json:"apply"`
	Push            Push     `json:"push"`
	Events          []string `json:"events"`
	AllowSelfHosted bool     `json:"allowSelfHosted"`
	Disabled        bool     `json:"disabled"`
	AllowDeletion   bool     `json:"allowDeletion"`
}

// Plan is the identity of pull requests.
type Plan struct {
	Environment string   `json:"environment"` // Environment on GitHub is empty for "<environment>-plan".
	Roles       []string `json:"roles"`       // Roles beside those that a preview of the stack needs.
	Permissions []string `json:"permissions"` // Permissions beside those that a preview of the stack needs.
}

// Apply is the identity that changes the project.
type Apply struct {
	Roles []string `json:"roles"` // Roles beside those that the stack needs.
}

// Push is the identity that pushes images.
type Push struct {
	// RepositoryID is the number of the application's repository on GitHub; empty
	// means the environment's.
	RepositoryID string `json:"repositoryId"`
	Environment  string `json:"environment"` // Environment on GitHub is empty for "<environment>-push".
}
