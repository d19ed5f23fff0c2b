package githubfederation

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// issuer signs the tokens of every repository on GitHub, so a provider without
// a condition would let in all of them.
const issuer = "https://token.actions.githubusercontent.com"

// maxSubject is the limit of google.subject in bytes
// (https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers).
const maxSubject = 127

// pullRequest is the event whose jobs run a branch's code before review, and
// their part of a subject.
const pullRequest = "pull_request"

// defaultEvents are what only who may write to the repository sets off.
var defaultEvents = []string{pullRequest, "push", "workflow_dispatch", "schedule"}

// allowedEvents leaves out those that run with the base branch's ref although
// anybody sets them off, such as pull_request_target, issue_comment and workflow_run.
var allowedEvents = append([]string{"merge_group", "release", "repository_dispatch"}, defaultEvents...)

// subject is google.subject of a job, as [mapping] computes it: a repository, a
// ref or "pull_request", and the environment, if any. It reads in one way only:
// a ref has no colon, and the environment is last.
func subject(repositoryID, ref, environment string) string {
	s := "repo:" + repositoryID + ":" + ref
	if environment != "" {
		s += ":environment:" + environment
	}
	return s
}

// mapping makes Google's attributes from a token's claims. google.subject is
// not GitHub's sub: an administrator of a repository can change what that
// consists of, it names repositories by names that others can take over, and
// GitHub writes it otherwise for repositories made or renamed after 2026-07-15
// (https://docs.github.com/actions/reference/openid-connect-reference). The other attributes are
// there for grants and conditions that a later need may bring.
func mapping() pulumi.StringMap {
	m := pulumi.StringMap{
		"google.subject": pulumi.String(`"repo:" + assertion.repository_id + ":" + ` +
			`(assertion.event_name == "pull_request" ? "pull_request" : assertion.ref) + ` +
			`(has(assertion.environment) ? ":environment:" + assertion.environment : "")`),
		// A claim that is absent fails the exchange, and a job without environment has none.
		"attribute.environment": pulumi.String(`has(assertion.environment) ? assertion.environment : ""`),
	}
	for _, claim := range []string{
		"actor", "event_name", "job_workflow_ref", "ref", "repository", "repository_id", "repository_owner", "repository_owner_id",
		"runner_environment", "sub", "workflow_ref",
	} {
		m["attribute."+claim] = pulumi.String("assertion." + claim)
	}
	return m
}

// condition is what a token must meet to be exchanged at all. Ids, unlike
// names, never pass to another owner or repository.
func (a *Args) condition() string {
	terms := []string{
		fmt.Sprintf("assertion.repository_owner_id == %q", a.OwnerID),
		fmt.Sprintf("assertion.repository_id in %s", list(a.repositories())),
		fmt.Sprintf("assertion.event_name in %s", list(a.events())),
	}
	if !a.AllowSelfHosted {
		terms = append(terms, `assertion.runner_environment == "github-hosted"`)
	}
	return strings.Join(terms, " && ")
}

// list is a list of strings in the Common Expression Language. Validate lets
// nothing through that would need escaping.
func list(items []string) string { return `["` + strings.Join(items, `", "`) + `"]` }
