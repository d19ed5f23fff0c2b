package github

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	tries = 4
	// longestWait is how long a run waits for GitHub's leave. The hour that the main
	// rate limit may ask for is none that a runner should be paid for.
	longestWait = time.Minute
)

// retrier sends a request again where that is safe and may help.
type retrier struct {
	next http.RoundTripper
	wait func(ctx context.Context, d time.Duration) error
}

// RoundTrip implements [http.RoundTripper].
func (r retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		resp, err := r.next.RoundTrip(req)
		pause, again := delay(req, resp, err, try)
		if !again || try == tries {
			return resp, err
		}
		if resp != nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // so that the connection is used again
			_ = resp.Body.Close()
		}
		if err := r.wait(req.Context(), pause); err != nil {
			return nil, err
		}
		if req, err = rewound(req); err != nil {
			return nil, err
		}
	}
}

// delay is how long to wait before the next try, if there should be one.
func delay(req *http.Request, resp *http.Response, err error, try int) (time.Duration, bool) {
	backoff := time.Second << (try - 1)
	switch {
	case req.Context().Err() != nil:
		return 0, false
	case err != nil:
		return backoff, repeatable(req)
	case resp.StatusCode == http.StatusForbidden, resp.StatusCode == http.StatusTooManyRequests:
		pause, told := patience(resp.Header)
		return pause, told && pause <= longestWait
	case resp.StatusCode >= http.StatusInternalServerError:
		return backoff, repeatable(req)
	}
	return 0, false
}

// repeatable says whether a request whose fate is unknown may be sent again. What
// creates something may not: the answer can be lost after it was made.
func repeatable(req *http.Request) bool {
	return req.Method == http.MethodGet || req.Method == http.MethodPatch ||
		strings.HasSuffix(req.URL.Path, "/graphql") // none of ours creates anything
}

// patience is the time that GitHub asks to wait when it refused by a rate limit.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
func patience(h http.Header) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil || h.Get("X-RateLimit-Remaining") != "0" {
		return 0, false
	}
	return max(0, time.Until(time.Unix(reset, 0))) + time.Second, true
}

func rewound(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := req.Clone(req.Context())
	again.Body = body
	return again, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
