package github

import (
	"context"
	"fmt"
	"net/http"

	gh "github.com/google/go-github/v89/github"

	"ai-worker/internal/review"
)

// Pull is a pull request as it should be.
type Pull struct {
	Branch    string // Branch is pushed already, to this repository.
	Base      string
	Title     string
	Body      string
	AutoMerge bool // AutoMerge has GitHub merge it once what Base requires is there.
}

// PullRequest opens the pull request or brings the open one up to date, and says
// what it did. A description in which somebody approved something stays.
func (c *Client) PullRequest(ctx context.Context, want Pull) (string, error) {
	what := fmt.Sprintf("the pull request of %s into %s", want.Branch, want.Base)
	if len(want.Body) > maxBody {
		return "", fmt.Errorf("%s: its text has %d bytes, and GitHub takes %d", what, len(want.Body), maxBody)
	}
	pull, done, err := c.openPull(ctx, want)
	switch {
	case says(err, "No commits between"):
		return fmt.Sprintf("%s has nothing that %s has not: nothing to merge", want.Branch, want.Base), nil
	case status(err) == http.StatusUnprocessableEntity:
		return "", fmt.Errorf("%w (are both branches pushed?)", c.explain(err, what, needsPullsWrite))
	case err != nil:
		return "", c.explain(err, what, needsPullsWrite)
	}
	done += " " + pull.GetHTMLURL()
	if !want.AutoMerge {
		return done, nil
	}
	if pull.AutoMerge == nil {
		if err := c.autoMerge(ctx, pull); err != nil {
			// merging at once instead would merge what nothing has looked at
			return "", fmt.Errorf(`%s, but it does not merge by itself: that takes "Allow auto-merge" and merge commits in the settings `+
				"of the repository, and a check or review that %s requires: %w",
				done, want.Base, c.explain(err, "auto-merge", "contents: write, "+needsPullsWrite))
		}
	}
	return done + ", which merges by itself", nil
}

func (c *Client) openPull(ctx context.Context, want Pull) (pull *gh.PullRequest, done string, err error) {
	opts := &gh.PullRequestListOptions{Head: c.owner + ":" + want.Branch, Base: want.Base, State: "open"}
	have, _, err := c.api.PullRequests.List(ctx, c.owner, c.name, opts) // there is at most one
	if err != nil {
		return nil, "", err
	}
	if len(have) == 0 {
		pull, _, err = c.api.PullRequests.Create(ctx, c.owner, c.name, &gh.NewPullRequest{
			Title: &want.Title, Head: &want.Branch, Base: &want.Base, Body: &want.Body,
		})
		return pull, "opened", err
	}
	pull = have[0]
	change := &gh.PullRequest{Title: &want.Title}
	if !same(pull.GetBody(), want.Body) && len(review.Approvals(pull.GetBody())) == 0 {
		change.Body = &want.Body
	}
	if change.Body == nil && pull.GetTitle() == want.Title {
		return pull, "nothing new in", nil
	}
	pull, _, err = c.api.PullRequests.Edit(ctx, c.owner, c.name, pull.GetNumber(), change)
	return pull, "updated", err
}

// autoMerge is there in GraphQL only. It makes a merge commit: squashed, a branch
// that is promoted again and again would have a history of its own.
func (c *Client) autoMerge(ctx context.Context, pull *gh.PullRequest) error {
	const mutation = `mutation($id: ID!) {
	enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: MERGE}) { clientMutationId } }`
	return c.query(ctx, mutation, map[string]any{"id": pull.GetNodeID()}, nil)
}
