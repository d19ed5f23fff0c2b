package github

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v89/github"
)

// explain says what to do about a refusal of GitHub's. doing is what was tried,
// as in "comment on #5"; needs is the permission of the token that it takes, as a
// workflow writes it.
func (c *Client) explain(err error, doing, needs string) error {
	if err == nil {
		return nil
	}
	doing = fmt.Sprintf("%s of %s/%s", doing, c.owner, c.name)
	var (
		limit     *gh.RateLimitError
		secondary *gh.AbuseRateLimitError
		answer    *gh.ErrorResponse
	)
	switch {
	case errors.As(err, &limit):
		return fmt.Errorf("%s: the calls that this token has an hour are used up: run it again after %s (%w)",
			doing, limit.Rate.Reset.UTC().Format("15:04 UTC"), err)
	case errors.As(err, &secondary):
		return fmt.Errorf("%s: GitHub wants fewer calls at a time: run it again in some minutes (%w)", doing, err)
	case !errors.As(err, &answer) || answer.Response == nil:
		return fmt.Errorf("%s: %w", doing, err)
	}
	switch answer.Response.StatusCode {
	case http.StatusUnauthorized:
		return fmt.Errorf("%s: GITHUB_TOKEN is wrong or has expired (%w)", doing, err)
	case http.StatusForbidden:
		if accepted := answer.Response.Header.Get("X-Accepted-GitHub-Permissions"); accepted != "" {
			needs = strings.NewReplacer("_", "-", "=", ": ", "; ", " or ", ";", " or ", ",", " and ").Replace(accepted)
		}
		return fmt.Errorf("%s: the token may not: give the job `permissions: {%s}` (%w)", doing, needs, err)
	case http.StatusNotFound:
		return fmt.Errorf("%s: there is none, or the token may not see it: that takes `permissions: {%s}` (%w)", doing, needs, err)
	case http.StatusGone:
		return fmt.Errorf("%s: that is switched off in the settings of the repository (%w)", doing, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// says tells whether GitHub refused with a message that has text in it.
func says(err error, text string) bool {
	var answer *gh.ErrorResponse
	if !errors.As(err, &answer) {
		return false
	}
	for _, e := range answer.Errors {
		if strings.Contains(e.Message, text) {
			return true
		}
	}
	return strings.Contains(answer.Message, text)
}

func status(err error) int {
	var answer *gh.ErrorResponse
	if errors.As(err, &answer) && answer.Response != nil {
		return answer.Response.StatusCode
	}
	return 0
}
