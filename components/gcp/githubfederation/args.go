package githubfederation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures a GithubFederation. Ids on GitHub are numbers:
// `gh api repos/OWNER/NAME -q '.owner.id, .id'` prints both.
type Args struct {
	Project string // Project owns the pool and is what roles are granted on. Required.
	// PoolID and ProviderID name the pool and its provider: 4 to 32 lower-case
	// letters, digits and hyphens, not beginning with "gcp-". Required.
	PoolID, ProviderID string
	OwnerID            string // OwnerID is the id of the organization or user that owns the repositories. Required.

	Plan  Plan  // Plan reads, for pull requests.
	Apply Apply // Apply changes the project.
	Push  Push  // Push pushes images, and nothing else.

	// Events that may set off a job: pull_request, push, workflow_dispatch and
	// schedule, which none means; further merge_group, release and
	// repository_dispatch. What strangers can set off on a branch of ours is refused.
	Events []string
	// AllowSelfHosted accepts tokens of runners that GitHub does not host. Such a
	// machine outlives its jobs, and what one job leaves behind acts in the next.
	AllowSelfHosted bool
	// Disabled stops every exchange of tokens, as in an incident.
	Disabled bool
	// AllowDeletion lifts the protection of pool and provider, which nonetheless
	// stay in the cloud for the next up.
	AllowDeletion bool
}

// Plan is the identity of pull requests: whoever may push a branch acts as it,
// before any review. It should read what a preview needs, and no data. GitHub
// gives a fork's pull request no token, unless the repository's settings do.
type Plan struct {
	AccountID    string // AccountID of its service account, 6 to 30 characters. Required.
	RepositoryID string // RepositoryID is the id of the infrastructure's repository. Required.
	// Refs from which a job may plan too, for scheduled drift detection: "refs/heads/main".
	Refs []string
	// Environment on GitHub of the jobs; empty means jobs without one.
	Environment string
	// Roles on the project, each one of reading ("roles/compute.viewer") or custom.
	Roles []string
	// Permissions on the project that no small role has, such as
	// "storage.buckets.get"; they make a custom role. Each ends in get, list or
	// getIamPolicy.
	Permissions []string
}

// Apply is the identity that changes the project: jobs from certain refs in one
// environment, whose reviewers and branches GitHub enforces.
type Apply struct {
	AccountID    string   // AccountID of its service account, 6 to 30 characters. Required.
	RepositoryID string   // RepositoryID is the id of the infrastructure's repository. Required.
	Refs         []string // Refs from which it may act: "refs/heads/main". At least one.
	Environment  string   // Environment on GitHub, spelt as there. Required.
	Roles        []string // Roles on the project, no basic ones. At least one.
}

// Push is the identity that pushes images. It has no role on the project: the
// registry grants its member the writing of the one repository.
type Push struct {
	AccountID    string   // AccountID of its service account, 6 to 30 characters. Required.
	RepositoryID string   // RepositoryID is the id of the application's repository. Required.
	Refs         []string // Refs from which it may act: "refs/heads/development". At least one.
	Environment  string   // Environment on GitHub of the jobs; empty means jobs without one.
}

var (
	idShape          = regexp.MustCompile(`^[a-z0-9-]{4,32}$`)
	numberShape      = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)
	refShape         = regexp.MustCompile(`^refs/(heads|tags)/[A-Za-z0-9][A-Za-z0-9._/-]*$`)
	environmentShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	readingRole      = regexp.MustCompile(`(?i)^roles/.*(viewer|reader|reviewer|browser)$`)
	// Only these verbs: others that begin with get hand out tokens, such as
	// iam.serviceAccounts.getAccessToken.
	readingPermission = regexp.MustCompile(`^[a-z][a-zA-Z0-9-]*(\.[a-zA-Z0-9-]+)*\.(get|list|getIamPolicy)$`)
)

// identity is what the three have in common.
type identity struct {
	name, accountID, repositoryID string
	pullRequests                  bool
	refs                          []string
	environment                   string
	roles                         []string
}

func (a *Args) identities() []identity {
	return []identity{
		{"plan", a.Plan.AccountID, a.Plan.RepositoryID, true, a.Plan.Refs, a.Plan.Environment, a.Plan.Roles},
		{"apply", a.Apply.AccountID, a.Apply.RepositoryID, false, a.Apply.Refs, a.Apply.Environment, a.Apply.Roles},
		{"push", a.Push.AccountID, a.Push.RepositoryID, false, a.Push.Refs, a.Push.Environment, nil},
	}
}

// repositories are the ids of all repositories, each once.
func (a *Args) repositories() []string {
	ids := []string{a.Plan.RepositoryID, a.Apply.RepositoryID, a.Push.RepositoryID}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (a *Args) events() []string {
	if len(a.Events) == 0 {
		return defaultEvents
	}
	return a.Events
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Project != "", "project is required")
	for _, id := range []struct{ field, value string }{{"poolID", a.PoolID}, {"providerID", a.ProviderID}} {
		p.Want(idShape.MatchString(id.value) && !strings.HasPrefix(id.value, "gcp-"),
			`%s %q: want 4 to 32 lower-case letters, digits and hyphens, not beginning with "gcp-"`, id.field, id.value)
	}
	p.Want(numberShape.MatchString(a.OwnerID), "ownerID %q: want the number of the owner on GitHub, not a name", a.OwnerID)
	accounts := map[string]string{}
	for _, id := range a.identities() {
		id.check(&p)
		other, taken := accounts[id.accountID]
		p.Want(!taken || id.accountID == "", "%s.accountID %q: that is the account of %s", id.name, id.accountID, other)
		accounts[id.accountID] = id.name
	}
	for i, role := range a.Plan.Roles {
		p.Want(!strings.HasPrefix(role, "roles/") || readingRole.MatchString(role),
			"plan.roles[%d] %q: a pull request may only read: want a role that ends in viewer, reader, reviewer or browser", i, role)
	}
	for i, permission := range a.Plan.Permissions {
		p.Want(readingPermission.MatchString(permission),
			"plan.permissions[%d] %q: a pull request may only read: want one that ends in .get, .list or .getIamPolicy", i, permission)
	}
	p.Distinct("plan.permissions", a.Plan.Permissions)
	p.Want(a.Apply.Environment != "", "apply.environment is required: it is where GitHub asks for approval")
	p.Want(len(a.Apply.Refs) != 0, "apply.refs: want at least one")
	p.Want(len(a.Apply.Roles) != 0, "apply.roles: want at least one")
	p.Want(len(a.Push.Refs) != 0, "push.refs: want at least one")
	for i, event := range a.Events {
		p.OneOf(fmt.Sprintf("events[%d]", i), event, allowedEvents...)
	}
	p.Distinct("events", a.Events)
	return p.Err()
}

func (id identity) check(p *components.Problems) {
	p.Want(gcp.IsAccountID(id.accountID), "%s.accountID %q: want 6 to 30 lower-case letters, digits and inner hyphens, a letter first",
		id.name, id.accountID)
	p.Want(numberShape.MatchString(id.repositoryID), "%s.repositoryID %q: want the number of the repository on GitHub, not a name",
		id.name, id.repositoryID)
	p.Want(id.environment == "" || environmentShape.MatchString(id.environment),
		"%s.environment %q: want letters, digits, dots, hyphens and underscores", id.name, id.environment)
	for i, ref := range id.refs {
		p.Want(refShape.MatchString(ref), `%s.refs[%d] %q: want one ref in full, such as "refs/heads/main"`, id.name, i, ref)
		s := subject(id.repositoryID, ref, id.environment)
		p.Want(len(s) <= maxSubject, "%s.refs[%d] %q: the subject %q has %d bytes, and Google takes %d", id.name, i, ref, s, len(s), maxSubject)
	}
	p.Distinct(id.name+".refs", id.refs)
	gcp.CheckRoles(p, id.name+".roles", id.roles)
}
