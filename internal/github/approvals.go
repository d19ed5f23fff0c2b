package github

import (
	"context"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v89/github"

	"ai-worker/internal/review"
)

const needsPullsRead = "pull-requests: read"

// Approval is one line "approve: URN" of a pull request.
type Approval struct {
	URN     string
	By      string // By is the login of who wrote it.
	Address string // Address is where.
	Ignored string // Ignored says why it does not count, or is empty.
}

// Approvals are the lines in the description of pull request number, in its
// comments and in the summaries of its reviews.
//
// Only those of people who may write to the repository count. Everybody may comment
// in a public repository, and an approval lets data be deleted; programs quote what
// others wrote, infra's own comment among them, which says how to approve. What
// counts is the permission itself, not the author_association: a MEMBER of the
// organization or a COLLABORATOR may be allowed to read only, and a workflow's token
// sees no MEMBER in people who keep their membership private.
func (c *Client) Approvals(ctx context.Context, number int) ([]Approval, error) {
	pull, _, err := c.api.PullRequests.Get(ctx, c.owner, c.name, number)
	if err != nil {
		return nil, c.explain(err, numbered("pull request", number), needsPullsRead)
	}
	r := reader{Client: c, reasons: map[string]string{}}
	if err := r.read(ctx, pull); err != nil {
		return nil, c.explain(err, "approvals in "+numbered("pull request", number), needsPullsRead)
	}
	return r.found, nil
}

// ApprovalsOfCommit are those of the merged pull requests that a commit came with.
// A commit that was pushed directly has none.
func (c *Client) ApprovalsOfCommit(ctx context.Context, sha string) ([]Approval, error) {
	r := reader{Client: c, reasons: map[string]string{}}
	opts := &gh.ListOptions{PerPage: perPage}
	for pull, err := range c.api.PullRequests.ListPullRequestsWithCommitIter(ctx, c.owner, c.name, sha, opts) {
		if err != nil {
			return nil, c.explain(err, "pull requests of commit "+sha, needsPullsRead)
		}
		here := pull.GetBase().GetRepo().GetFullName() == c.owner+"/"+c.name // forks share commits
		if pull.MergedAt == nil || !here {
			continue
		}
		if err := r.read(ctx, pull); err != nil {
			return nil, c.explain(err, "approvals in "+numbered("pull request", pull.GetNumber()), needsPullsRead)
		}
	}
	return r.found, nil
}

// reader collects approvals.
type reader struct {
	*Client
	reasons map[string]string // reasons are why logins do not count, or empty, as far as asked.
	found   []Approval
}

func (r *reader) read(ctx context.Context, pull *gh.PullRequest) error {
	if len(review.Approvals(pull.GetBody())) > 0 {
		signer, err := r.signer(ctx, pull)
		if err != nil {
			return err
		}
		if err := r.add(ctx, signer, pull.GetBody(), pull.GetHTMLURL()); err != nil {
			return err
		}
	}
	comments := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: perPage}}
	for comment, err := range r.api.Issues.ListCommentsIter(ctx, r.owner, r.name, pull.GetNumber(), comments) {
		if err != nil {
			return err
		}
		if err := r.add(ctx, comment.GetUser(), comment.GetBody(), comment.GetHTMLURL()); err != nil {
			return err
		}
	}
	reviews := &gh.ListOptions{PerPage: perPage}
	for rev, err := range r.api.PullRequests.ListReviewsIter(ctx, r.owner, r.name, pull.GetNumber(), reviews) {
		if err != nil {
			return err
		}
		if rev.GetState() == "DISMISSED" {
			continue
		}
		if err := r.add(ctx, rev.GetUser(), rev.GetBody(), rev.GetHTMLURL()); err != nil {
			return err
		}
	}
	return nil
}

// add adds the approvals in a text that user wrote.
func (r *reader) add(ctx context.Context, user *gh.User, text, address string) error {
	urns := review.Approvals(text)
	if len(urns) == 0 {
		return nil
	}
	login := user.GetLogin()
	if _, asked := r.reasons[login]; !asked {
		reason, err := r.reason(ctx, user)
		if err != nil {
			return err
		}
		r.reasons[login] = reason
	}
	for _, urn := range urns {
		r.found = append(r.found, Approval{URN: urn, By: login, Address: address, Ignored: r.reasons[login]})
	}
	return nil
}

// reason is why what user writes does not count, or empty.
func (r *reader) reason(ctx context.Context, user *gh.User) (string, error) {
	login := user.GetLogin()
	if login == "" || user.GetType() != "User" {
		return "only people approve", nil
	}
	level, _, err := r.api.Repositories.GetPermissionLevel(ctx, r.owner, r.name, login)
	if err != nil && status(err) != http.StatusNotFound { // whom GitHub does not know any more may nothing
		return "", fmt.Errorf("permission of %s: %w", login, err)
	}
	// "maintain" comes as write, "triage" as read
	if p := level.GetPermission(); p != "admin" && p != "write" {
		return "who approves must be allowed to write to the repository", nil
	}
	return "", nil
}

// signer is who edited the description last, or else the pull request's author, so
// that people can approve in what a program opened. Only its author and those who
// may write can edit a description.
func (r *reader) signer(ctx context.Context, pull *gh.PullRequest) (*gh.User, error) {
	var data struct {
		Repository struct {
			PullRequest struct {
				Editor *struct {
					Login string `json:"login"`
					Type  string `json:"__typename"`
				} `json:"editor"`
			} `json:"pullRequest"`
		} `json:"repository"`
	}
	const query = `query($owner: String!, $name: String!, $number: Int!) {
	repository(owner: $owner, name: $name) { pullRequest(number: $number) { editor { __typename login } } } }`
	variables := map[string]any{"owner": r.owner, "name": r.name, "number": pull.GetNumber()}
	if err := r.query(ctx, query, variables, &data); err != nil {
		return nil, err
	}
	if editor := data.Repository.PullRequest.Editor; editor != nil {
		return &gh.User{Login: &editor.Login, Type: &editor.Type}, nil
	}
	return pull.GetUser(), nil
}
