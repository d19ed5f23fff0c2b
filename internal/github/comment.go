package github

import (
	"context"
	"strings"

	gh "github.com/google/go-github/v89/github"
)

const (
	previewMarker   = "<!-- ai-worker: infra preview -->"
	needsPullsWrite = "pull-requests: write"
)

// Comment makes the reports the one comment that infra has in pull request number,
// and says where it is. A comment that looks like it but is somebody else's stays
// as it is: anybody can write the marker.
func (c *Client) Comment(ctx context.Context, number int, reports []Part) (string, error) {
	pull := numbered("pull request", number)
	if _, _, err := c.api.PullRequests.Get(ctx, c.owner, c.name, number); err != nil {
		return "", c.explain(err, pull, needsPullsWrite) // an issue would take comments too
	}
	own, err := c.ownComment(ctx, number)
	if err != nil {
		return "", c.explain(err, "the comments of "+pull, needsPullsWrite)
	}
	body := &gh.IssueComment{Body: gh.Ptr(join(reports, c.theRun()))}
	done := "updated "
	if own == nil {
		done = "made "
		own, _, err = c.api.Issues.CreateComment(ctx, c.owner, c.name, number, body)
	} else {
		own, _, err = c.api.Issues.EditComment(ctx, c.owner, c.name, own.GetID(), body)
	}
	if err != nil {
		return "", c.explain(err, "the comment in "+pull, needsPullsWrite)
	}
	return done + own.GetHTMLURL(), nil
}

// ownComment is the first comment with the marker by whom the token belongs to.
func (c *Client) ownComment(ctx context.Context, number int) (*gh.IssueComment, error) {
	viewer := ""
	opts := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: perPage}}
	for comment, err := range c.api.Issues.ListCommentsIter(ctx, c.owner, c.name, number, opts) {
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(comment.GetBody(), previewMarker) {
			continue
		}
		if viewer == "" {
			if viewer, err = c.viewer(ctx); err != nil {
				return nil, err
			}
		}
		if comment.GetUser().GetLogin() == viewer {
			return comment, nil
		}
	}
	return nil, nil
}

// viewer is whom the token belongs to. REST's /user refuses the token of a workflow
// and of a GitHub App; for those it is "github-actions[bot]" or the like.
func (c *Client) viewer(ctx context.Context) (string, error) {
	var data struct {
		Viewer struct {
			Login string `json:"login"`
		} `json:"viewer"`
	}
	err := c.query(ctx, "query { viewer { login } }", nil, &data)
	return data.Viewer.Login, err
}
