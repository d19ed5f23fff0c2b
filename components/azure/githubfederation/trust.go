package githubfederation

import (
	"fmt"
	"strings"

	"ai-worker/components/azure"
)

// The three identities.
const (
	plan  = "plan"
	apply = "apply"
	push  = "push"
)

const (
	// issuer signs the tokens of every repository on GitHub.
	issuer = "https://token.actions.githubusercontent.com"
	// audience is what azure/login asks GitHub for.
	audience = "api://AzureADTokenExchange"
)

// subject is that of GitHub's tokens for the jobs of an environment. The ids in it
// stay with owner and repository, whoever takes their names later:
// https://docs.github.com/actions/reference/openid-connect-reference#immutable-subject-claims
func (w who) subject() string {
	owner, repository := w.repository.Owner, w.repository.Name
	if !w.repository.AllowReusedNames {
		owner, repository = owner+"@"+w.repository.OwnerID, repository+"@"+w.repository.ID
	}
	return fmt.Sprintf("repo:%s/%s:environment:%s", owner, repository, w.environment)
}

// grant is a role on the resource group.
type grant struct {
	name      string
	role      azure.Role
	condition string
}

var (
	planGrants  = []grant{{"reader", azure.Reader, ""}}
	applyGrants = []grant{
		{"contributor", azure.Contributor, ""},
		{"access", azure.AccessAdministrator, onlyGrants(azure.WorkloadRoles)},
		{"locks", azure.LocksContributor, ""},
	}
)

// onlyGrants is the condition under which a holder of AccessAdministrator makes and
// takes back grants of roles to identities, and no others:
// https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
func onlyGrants(roles []azure.Role) string {
	var ids []string
	for _, role := range roles {
		ids = append(ids, string(role))
	}
	limit := func(action, of string) string {
		const assignments = "Microsoft.Authorization/roleAssignments"
		return fmt.Sprintf("(!(ActionMatches{'%s/%s'}) OR "+
			"(@%s[%s:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {%s} AND "+
			"@%s[%s:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))",
			assignments, action, of, assignments, strings.Join(ids, ", "), of, assignments)
	}
	return limit("write", "Request") + " AND " + limit("delete", "Resource")
}
