package githubfederation

import (
	"cmp"
	"regexp"
	"strings"

	"ai-worker/components"
	"ai-worker/components/azure"
)

// Args configures a GithubFederation.
type Args struct {
	Place azure.Place // Place is where it is, and what roles are granted on; its Workspace is not used.
	// Name begins the names of the identities, which end in -plan, -apply and -push: 1
	// to 122 letters, digits, hyphens and underscores, the first a letter or a digit.
	// It cannot change. Required.
	Name       string
	Repository Repository // Repository is the infrastructure's. Required.
	// PushRepository is the application's, whose jobs push images; nil means Repository.
	PushRepository *Repository
	// Environment on GitHub, spelt as there, of the jobs that apply. Its reviewers and
	// branches are what protects the resource group. Required.
	Environment string
	// PlanEnvironment and PushEnvironment are those of the jobs that plan and that
	// push; empty means Environment with "-plan" or "-push".
	PlanEnvironment, PushEnvironment string
	// AllowDeletion lifts the protection of the identities. Others in their place have
	// other client ids, which the repositories' variables name.
	AllowDeletion bool
}

// Repository is one on GitHub. `gh api repos/OWNER/NAME -q '.owner.id, .id'` prints
// both ids.
type Repository struct {
	Owner, Name string // Owner and Name, spelt as on GitHub. Required.
	OwnerID, ID string // OwnerID and ID are numbers. Required, unless AllowReusedNames.
	// AllowReusedNames is for a repository from before 2026-07-15 whose tokens do not
	// have the ids yet: they are of the names alone, and whoever comes to own a name
	// that was given up is trusted. Then OwnerID and ID are left out.
	AllowReusedNames bool
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity
var nameShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,121}$`)

var (
	ownerShape       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$`)
	repositoryShape  = regexp.MustCompile(`^[A-Za-z0-9._-]{1,100}$`)
	numberShape      = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)
	environmentShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$`)
)

// who is one of the three identities.
type who struct {
	name        string
	repository  Repository
	environment string
	grants      []grant
}

// whos are the three.
func (a *Args) whos() []who {
	pusher := a.Repository
	if a.PushRepository != nil {
		pusher = *a.PushRepository
	}
	return []who{
		{plan, a.Repository, cmp.Or(a.PlanEnvironment, a.Environment+"-plan"), planGrants},
		{apply, a.Repository, a.Environment, applyGrants},
		{push, pusher, cmp.Or(a.PushEnvironment, a.Environment+"-push"), nil},
	}
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	a.Place.Check(&p)
	p.Want(nameShape.MatchString(a.Name),
		"name %q: want 1 to 122 letters, digits, hyphens and underscores, the first a letter or a digit", a.Name)
	a.Repository.check(&p, "repository")
	if a.PushRepository != nil {
		a.PushRepository.check(&p, "pushRepository")
	}
	seen := map[string]string{}
	for _, w := range a.whos() {
		p.Want(environmentShape.MatchString(w.environment),
			"environment of %s %q: want 1 to 255 letters, digits, dots, hyphens and underscores", w.name, w.environment)
		s := strings.ToLower(w.subject()) // to GitHub, "Dev" and "dev" are one environment
		p.Want(seen[s] == "", "environment of %s %q: that is the one of %s, whose jobs could then be both", w.name, w.environment, seen[s])
		seen[s] = w.name
	}
	return p.Err()
}

func (r Repository) check(p *components.Problems, field string) {
	p.Want(ownerShape.MatchString(r.Owner), "%s.owner %q: want the name of the owner on GitHub", field, r.Owner)
	p.Want(repositoryShape.MatchString(r.Name), "%s.name %q: want the name of the repository on GitHub, without its owner", field, r.Name)
	for _, id := range []struct{ field, value string }{{"ownerID", r.OwnerID}, {"id", r.ID}} {
		p.Want(r.AllowReusedNames || numberShape.MatchString(id.value), "%s.%s %q: want its number on GitHub", field, id.field, id.value)
		p.Want(!r.AllowReusedNames || id.value == "", "%s.%s %q: tokens have none, says allowReusedNames", field, id.field, id.value)
	}
}
