package access

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"ai-worker/components"
	"ai-worker/components/cloudflare"
)

// Args configures an Access. The zero value of an option is the strong choice.
type Args struct {
	AccountID string // AccountID is the account's, 32 hexadecimal digits. Required.
	// Name begins those of all that the component makes, such as "ai-worker dev". Required.
	Name string
	// Hosts are the full names to guard, one application each; "*." in front guards
	// all names one level below. Their records must be proxied: Access sees nothing of
	// a host that is not. Required.
	Hosts []string

	// EmailDomains and Groups are the people let in: who has an address in one of the
	// domains, "example.com", or is in one of the groups.
	EmailDomains []string
	Groups       *Groups
	// IdentityProviders are the ids of those that people may log in with; empty means
	// all of the account. With one alone, its login page comes at once.
	IdentityProviders []string
	// SessionDuration until people log in again, in minutes or hours: "30m", "8h",
	// which empty means, at most "24h".
	SessionDuration string
	// PurposePrompt, if given, has people write why they come, under this question.
	PurposePrompt string

	// ServiceTokens let machines in, such as smoke tests, by a name ("smoke").
	ServiceTokens map[string]Token
	// AllowPreflight passes OPTIONS requests on without a login, for pages of another
	// host that call this one: a browser sends no cookie with them.
	AllowPreflight bool
}

// Groups are groups of people at one identity provider.
type Groups struct {
	IdentityProvider string   // IdentityProvider is the id of the one that has them. Required.
	Google           []string // Google are groups of Google Workspace, by e-mail address.
	Entra            []string // Entra are groups of Microsoft Entra ID, by object id.
}

// Token is what a machine shows in two headers.
type Token struct {
	// Duration until it expires: "8760h", which empty means, "17520h", "43800h",
	// "87600h" or "forever".
	Duration string
}

const (
	session    = "8h"
	maxSession = 24 * time.Hour
	year       = "8760h" // the shortest that the API has
)

var (
	sessionShape = regexp.MustCompile(`^[1-9][0-9]*[mh]$`)
	emailShape   = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	cloudflare.CheckAccountID(&p, "accountId", a.AccountID)
	p.Want(a.Name != "", `name is required, such as "ai-worker dev"`)
	p.Want(len(a.Hosts) > 0, "hosts: want at least one")
	cloudflare.CheckHosts(&p, "hosts", a.Hosts, true)
	p.Want(a.people() || len(a.ServiceTokens) > 0, "emailDomains, groups, serviceTokens: want one of them: nobody would get in")
	cloudflare.CheckHosts(&p, "emailDomains", a.EmailDomains, false)
	cloudflare.CheckUUIDs(&p, "identityProviders", a.IdentityProviders)
	if a.Groups != nil {
		a.checkGroups(&p)
	}
	length, err := time.ParseDuration(a.session())
	p.Want(err == nil && sessionShape.MatchString(a.session()) && length <= maxSession,
		`sessionDuration %q: want minutes or hours, such as "30m", at most "24h"`, a.SessionDuration)
	p.Want(a.PurposePrompt == "" || a.people(), "purposePrompt %q: there are no people to ask", a.PurposePrompt)
	cloudflare.CheckKeys(&p, "serviceTokens", a.ServiceTokens)
	for _, key := range slices.Sorted(maps.Keys(a.ServiceTokens)) {
		p.OneOf(fmt.Sprintf("serviceTokens[%q].duration", key), a.ServiceTokens[key].duration(), year, "17520h", "43800h", "87600h", "forever")
	}
	return p.Err()
}

func (a *Args) checkGroups(p *components.Problems) {
	g := a.Groups
	p.Want(cloudflare.IsUUID(g.IdentityProvider), "groups.identityProvider %q: want an identity provider's id", g.IdentityProvider)
	p.Want(len(a.IdentityProviders) == 0 || slices.Contains(a.IdentityProviders, g.IdentityProvider),
		"groups.identityProvider %q: identityProviders let nobody log in there", g.IdentityProvider)
	p.Want((len(g.Google) > 0) != (len(g.Entra) > 0), "groups: want google or entra, by what identityProvider is")
	for i, group := range g.Google {
		p.Want(emailShape.MatchString(group), `groups.google[%d] %q: want an address such as "dev@example.com"`, i, group)
	}
	p.Distinct("groups.google", g.Google)
	cloudflare.CheckUUIDs(p, "groups.entra", g.Entra)
}

// people says whether any are let in.
func (a *Args) people() bool { return len(a.EmailDomains) > 0 || a.Groups != nil }

func (a *Args) session() string { return cmp.Or(a.SessionDuration, session) }

func (t Token) duration() string { return cmp.Or(t.Duration, year) }
