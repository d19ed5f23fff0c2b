// Package github says on GitHub what infra found, and reads there what people
// agreed to: one comment a pull request, one issue an environment that drifted,
// one pull request a branch. Each call looks first at what there is, so that a run
// that failed halfway is simply run again.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	gh "github.com/google/go-github/v89/github"
)

// maxBody is how much the body of a comment, an issue or a pull request may hold:
// 65,536 characters. Bodies are measured in bytes, which are never fewer.
const maxBody = 65_536

// perPage is the largest page that GitHub gives.
const perPage = 100

// Client works on one repository.
type Client struct {
	api         *gh.Client
	owner, name string
	graphql     string // graphql is the address of the GraphQL API.
	run         string // run is the address of the workflow run, or empty outside of one.
}

// New makes a client of what GitHub Actions sets in the environment: GITHUB_TOKEN
// (which the step has to pass on) and GITHUB_REPOSITORY; GITHUB_API_URL,
// GITHUB_SERVER_URL and GITHUB_RUN_ID if they are there.
func New(getenv func(string) string) (*Client, error) { return newClient(getenv, sleep) }

func newClient(getenv func(string) string, wait func(context.Context, time.Duration) error) (*Client, error) {
	token, repository := getenv("GITHUB_TOKEN"), getenv("GITHUB_REPOSITORY")
	owner, name, ok := strings.Cut(repository, "/")
	var errs []error
	if token == "" {
		errs = append(errs, errors.New("GITHUB_TOKEN is not set: give the step `env: {GITHUB_TOKEN: ${{ github.token }}}`"))
	}
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		errs = append(errs, fmt.Errorf("GITHUB_REPOSITORY %q: want OWNER/NAME, as GitHub Actions sets it", repository))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	address := strings.TrimSuffix(getenv("GITHUB_API_URL"), "/")
	if address == "" {
		address = "https://api.github.com"
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 30 * time.Second // the server itself gives up after 10
	api, err := gh.NewClient(gh.WithTransport(retrier{transport, wait}), gh.WithAuthToken(token), gh.WithURLs(&address, nil))
	if err != nil {
		return nil, fmt.Errorf("GITHUB_API_URL %q: %w", address, err)
	}
	c := &Client{api: api, owner: owner, name: name}
	// GitHub Enterprise Server has REST at /api/v3 and GraphQL beside it
	c.graphql = strings.TrimSuffix(address, "/v3") + "/graphql"
	if server, run := getenv("GITHUB_SERVER_URL"), getenv("GITHUB_RUN_ID"); server != "" && run != "" {
		c.run = fmt.Sprintf("%s/%s/actions/runs/%s", server, repository, run)
	}
	return c, nil
}

// theRun names the run that the reader finds more in.
func (c *Client) theRun() string {
	if c.run == "" {
		return "the run"
	}
	return "[the run](" + c.run + ")"
}

// query asks the GraphQL API and puts the answer's data into data.
func (c *Client) query(ctx context.Context, query string, variables map[string]any, data any) error {
	req, err := c.api.NewRequest(ctx, http.MethodPost, c.graphql, map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	answer := struct {
		Data   any `json:"data"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}{Data: data}
	if _, err := c.api.Do(req, &answer); err != nil {
		return err
	}
	var errs []error
	for _, e := range answer.Errors {
		errs = append(errs, errors.New(e.Message))
	}
	return errors.Join(errs...)
}

// same compares two bodies: GitHub's editor makes CRLF of line ends.
func same(a, b string) bool {
	unix := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return unix(a) == unix(b)
}
