package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gh "github.com/google/go-github/v89/github"
)

const (
	driftLabel       = "drift"
	needsIssuesWrite = "issues: write"
	runMarker        = "<!-- run -->" // what comes after it differs from run to run
)

// MaxDriftText is how many bytes the text of a [Drift] may have.
const MaxDriftText = maxBody - 1_000 // for what stands around it

// Drift is what the comparison of an environment with its clouds found.
type Drift struct {
	Environment string
	Drifted     bool
	Failed      bool   // Failed says that not everything could be compared.
	Text        string // Text is the report, Markdown.
}

func (d Drift) clean() bool { return !d.Drifted && !d.Failed }

func (d Drift) marker() string {
	return fmt.Sprintf("<!-- ai-worker: infra drift %s -->", d.Environment)
}

func (d Drift) title() string {
	if d.Drifted {
		return d.Environment + ": the clouds are not what the states say"
	}
	return d.Environment + ": the clouds could not be compared with the states"
}

// Drift brings the one issue of an environment up to date and says what it did.
// What could not be compared is not clean: it opens the issue too. An issue that was
// closed, by whomever, is opened again: it has the environment's history, and who
// follows it is told.
func (c *Client) Drift(ctx context.Context, d Drift) (string, error) {
	issue, err := c.driftIssue(ctx, d)
	if err != nil {
		return "", c.explain(err, "the issues", needsIssuesWrite)
	}
	open := issue.GetState() == "open"
	switch {
	case d.clean() && !open:
		return d.Environment + " is clean, and no issue is open", nil
	case d.clean():
		return c.closeDrift(ctx, issue)
	case issue == nil:
		return c.openDrift(ctx, d)
	}
	before, _, _ := strings.Cut(issue.GetBody(), runMarker)
	after, _, _ := strings.Cut(c.driftBody(d), runMarker)
	if open && same(before, after) && issue.GetTitle() == d.title() {
		return "nothing new in " + issue.GetHTMLURL(), nil
	}
	change := &gh.IssueRequest{Title: gh.Ptr(d.title()), Body: gh.Ptr(c.driftBody(d)), State: gh.Ptr("open")}
	if _, _, err := c.api.Issues.Edit(ctx, c.owner, c.name, issue.GetNumber(), change); err != nil {
		return "", c.explain(err, numbered("issue", issue.GetNumber()), needsIssuesWrite)
	}
	if open {
		return "updated " + issue.GetHTMLURL(), nil
	}
	return "opened again " + issue.GetHTMLURL(), nil
}

// driftIssue is the issue of the environment, nil if there never was one. The
// label keeps strangers out: only who may triage can put it on.
func (c *Client) driftIssue(ctx context.Context, d Drift) (*gh.Issue, error) {
	opts := &gh.IssueListByRepoOptions{State: "all", Labels: []string{driftLabel}, ListOptions: gh.ListOptions{PerPage: perPage}}
	var newest *gh.Issue
	for issue, err := range c.api.Issues.ListByRepoIter(ctx, c.owner, c.name, opts) { // the newest first
		if err != nil {
			return nil, err
		}
		if issue.IsPullRequest() || !strings.HasPrefix(issue.GetBody(), d.marker()) {
			continue
		}
		if issue.GetState() == "open" {
			return issue, nil
		}
		if newest == nil {
			newest = issue
		}
	}
	return newest, nil
}

func (c *Client) driftBody(d Drift) string {
	return fmt.Sprintf("%s\n%s\n\n%s\nFound by %s. infra keeps this text up to date, and closes the issue when nothing differs.\n",
		d.marker(), strings.TrimSpace(d.Text), runMarker, c.theRun())
}

func (c *Client) openDrift(ctx context.Context, d Drift) (string, error) {
	if err := c.makeLabel(ctx); err != nil {
		return "", c.explain(err, "the label "+driftLabel, needsIssuesWrite)
	}
	made, _, err := c.api.Issues.Create(ctx, c.owner, c.name, &gh.IssueRequest{
		Title: gh.Ptr(d.title()), Body: gh.Ptr(c.driftBody(d)), Labels: &[]string{driftLabel},
	})
	if err != nil {
		return "", c.explain(err, "a new issue", needsIssuesWrite)
	}
	// GitHub drops labels without a word if the token may not set them, and without it
	// the next run would open another issue
	if !slices.ContainsFunc(made.Labels, func(l *gh.Label) bool { return l.GetName() == driftLabel }) {
		return "", fmt.Errorf("%s has no label %q, as the token may not set labels: put it on by hand", made.GetHTMLURL(), driftLabel)
	}
	return "opened " + made.GetHTMLURL(), nil
}

func (c *Client) makeLabel(ctx context.Context) error {
	_, _, err := c.api.Issues.GetLabel(ctx, c.owner, c.name, driftLabel)
	if status(err) != http.StatusNotFound {
		return err
	}
	_, _, err = c.api.Issues.CreateLabel(ctx, c.owner, c.name, &gh.Label{
		Name: gh.Ptr(driftLabel), Color: gh.Ptr("d93f0b"), Description: gh.Ptr("Changed behind Pulumi's back"),
	})
	return err
}

// closeDrift closes before it comments: if one of the two fails, no comment is
// better than one each night.
func (c *Client) closeDrift(ctx context.Context, issue *gh.Issue) (string, error) {
	number := issue.GetNumber()
	change := &gh.IssueRequest{State: gh.Ptr("closed"), StateReason: gh.Ptr("completed")}
	if _, _, err := c.api.Issues.Edit(ctx, c.owner, c.name, number, change); err != nil {
		return "", c.explain(err, numbered("issue", number), needsIssuesWrite)
	}
	comment := &gh.IssueComment{Body: gh.Ptr("Nothing differs any more, says " + c.theRun() + ".")}
	if _, _, err := c.api.Issues.CreateComment(ctx, c.owner, c.name, number, comment); err != nil {
		return "", c.explain(err, "a comment in "+numbered("issue", number), needsIssuesWrite)
	}
	return "closed " + issue.GetHTMLURL(), nil
}
