package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pull is a pull request that is open.
func pull(number int, user object, body string) object {
	p := made(object{"body": body, "title": "Title", "number": number, "branch": "b", "to": "development"}, number, user)
	p["base"] = object{"repo": object{"full_name": "o/r"}}
	return p
}

func TestComment(t *testing.T) {
	h := &hub{pulls: []object{pull(5, person("ann"), "")}, comments: []object{
		comment(1, person("eve"), previewMarker+"\nnot ours"),
		comment(2, program(viewer), "ours, but another"),
		comment(3, program(viewer), "quotes "+previewMarker),
	}}
	c := h.client(t)
	done, err := c.Comment(t.Context(), 5, []Part{{"dev", "## fine\n"}})
	require.NoError(t, err)
	require.Equal(t, "made https://hub.example/900", done)
	done, err = c.Comment(t.Context(), 5, []Part{{"dev", "## worse\n"}})
	require.NoError(t, err)
	require.Equal(t, "updated https://hub.example/900", done)
	require.Equal(t, []string{"POST /issues/5/comments body", "PATCH /issues/comments/900 body"}, h.writes)
	require.Equal(t, previewMarker+"\n# Preview\n\n## worse\n\n"+
		"The artifacts of [the run](https://hub.example/o/r/actions/runs/7) have the full text.\n", h.comments[3]["body"])
}

// TestApprovals: only what people with write access wrote counts.
func TestApprovals(t *testing.T) {
	line := func(urn string) string { return "so be it\napprove: " + urn + "\n" }
	h := &hub{
		permissions: map[string]string{"ann": "admin", "bob": "write", "mem": "read", "eve": "none"},
		pulls:       []object{pull(5, person("ann"), line("body"))},
		comments: []object{
			comment(1, person("eve"), line("stranger")), comment(2, person("bob"), line("bob")), comment(3, person("mem"), line("member")),
			comment(4, program(viewer), line("report")), comment(5, person("gone"), line("gone")), comment(6, person("eve"), "hello"),
		},
		reviews: []object{comment(7, person("bob"), line("review")), comment(8, person("bob"), line("dismissed")), comment(9, person("ann"), "")},
	}
	h.reviews[1]["state"] = "DISMISSED"
	got, err := h.client(t).Approvals(t.Context(), 5)
	require.NoError(t, err)
	const noWrite = "who approves must be allowed to write to the repository"
	require.Equal(t, []Approval{
		{"body", "ann", "https://hub.example/5", ""},
		{"stranger", "eve", "https://hub.example/1", noWrite},
		{"bob", "bob", "https://hub.example/2", ""},
		{"member", "mem", "https://hub.example/3", noWrite},
		{"report", viewer, "https://hub.example/4", "only people approve"},
		{"gone", "gone", "https://hub.example/5", noWrite},
		{"review", "bob", "https://hub.example/7", ""},
	}, got)
}

// TestSigner: a description is signed by who edited it last.
func TestSigner(t *testing.T) {
	editor := func(kind, login string) object { return object{"__typename": kind, "login": login} }
	for name, tc := range map[string]struct {
		author, editor object
		counts         bool
	}{
		"a program's":                        {program("app[bot]"), nil, false},
		"a program's that a person edited":   {program("app[bot]"), editor("User", "ann"), true},
		"a stranger's":                       {person("eve"), nil, false},
		"a person's that a program rewrote":  {person("ann"), editor("Bot", "app"), false},
		"a person's that a stranger rewrote": {person("ann"), editor("User", "eve"), false},
	} {
		h := &hub{permissions: map[string]string{"ann": "write"}, pulls: []object{pull(5, tc.author, "approve: x")}, editor: tc.editor}
		got, err := h.client(t).Approvals(t.Context(), 5)
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, tc.counts, got[0].Ignored == "", name)
	}
}

func TestApprovalsOfCommit(t *testing.T) {
	merged := func(number int, at any, repository string) object {
		p := pull(number, person("ann"), fmt.Sprintf("approve: %d", number))
		p["merged_at"], p["base"] = at, object{"repo": object{"full_name": repository}}
		return p
	}
	const day = "2026-01-02T03:04:05Z"
	h := &hub{permissions: map[string]string{"ann": "write"}, commits: map[string][]object{
		"abc": {merged(1, day, "o/r"), merged(2, nil, "o/r"), merged(3, day, "fork/r"), merged(4, day, "o/r")},
	}}
	c := h.client(t)
	for sha, want := range map[string]string{"abc": "[1 4]", "pushed": "[]"} {
		got, err := c.ApprovalsOfCommit(t.Context(), sha)
		require.NoError(t, err)
		urns := []string{}
		for _, a := range got {
			urns = append(urns, a.URN)
		}
		require.Equal(t, want, fmt.Sprint(urns))
	}
}

// TestDrift is the life of an issue.
func TestDrift(t *testing.T) {
	h := &hub{issues: []object{
		made(object{"number": 1, "state": "open", "body": "a label does not make it ours"}, 1, person("eve")),
		made(object{"number": 2, "state": "open", "body": Drift{Environment: "prod"}.marker()}, 2, program(viewer)),
		made(object{"number": 3, "state": "open", "body": Drift{Environment: "dev"}.marker(), "pull_request": object{"url": "x"}}, 3, person("eve")),
	}}
	c := h.client(t)
	clean := Drift{Environment: "dev"}
	drifted := Drift{Environment: "dev", Drifted: true, Text: "a"}
	for _, step := range []struct {
		d      Drift
		done   string
		writes string
	}{
		{clean, "dev is clean, and no issue is open", ""},
		{drifted, "opened https://hub.example/30", "POST /labels color,description,name; POST /issues body,labels,title"},
		{drifted, "nothing new in https://hub.example/30", ""},
		{Drift{Environment: "dev", Drifted: true, Text: "b"}, "updated https://hub.example/30", "PATCH /issues/30 body,state,title"},
		{Drift{Environment: "dev", Failed: true, Text: "b"}, "updated https://hub.example/30", "PATCH /issues/30 body,state,title"},
		{clean, "closed https://hub.example/30", "PATCH /issues/30 state,state_reason; POST /issues/30/comments body"},
		{clean, "dev is clean, and no issue is open", ""},
		{Drift{Environment: "dev", Failed: true, Text: "b"}, "opened again https://hub.example/30", "PATCH /issues/30 body,state,title"},
	} {
		h.writes = nil
		done, err := c.Drift(t.Context(), step.d)
		require.NoError(t, err)
		require.Equal(t, step.done, done)
		require.Equal(t, step.writes, strings.Join(h.writes, "; "))
		for _, issue := range h.issues[3:] {
			issue["number"] = 30
			issue["body"] = strings.ReplaceAll(strings.ReplaceAll(issue["body"].(string), "runs/7", "runs/6"), "\n", "\r\n") // the next run's differs
			if issue["state"] == nil {
				issue["state"] = "open"
			}
		}
	}
}

func TestDriftWithoutLabel(t *testing.T) {
	h := &hub{labels: []string{driftLabel}, mayNot: true}
	_, err := h.client(t).Drift(t.Context(), Drift{Environment: "dev", Drifted: true})
	require.ErrorContains(t, err, `has no label "drift"`)
	require.Equal(t, []string{"POST /issues body,labels,title"}, h.writes)
}

func TestPullRequest(t *testing.T) {
	want := Pull{Branch: "b", Base: "development", Title: "Title", Body: "text"}
	other, auto := want, want
	other.Title, auto.AutoMerge = "Other", true
	merging := pull(5, program(viewer), "text")
	merging["auto_merge"] = object{"merge_method": "merge"}
	for name, tc := range map[string]struct {
		pulls  []object
		want   Pull
		done   string
		writes string
	}{
		"none":           {nil, want, "opened https://hub.example/40", "POST /pulls base,body,head,title"},
		"of another":     {[]object{made(object{"branch": "c", "to": "development"}, 5, nil)}, want, "opened https://hub.example/40", "POST /pulls base,body,head,title"},
		"the same":       {[]object{pull(5, nil, "text\r\n")}, want, "nothing new in https://hub.example/5", ""},
		"another title":  {[]object{pull(5, nil, "text")}, other, "updated https://hub.example/5", "PATCH /pulls/5 title"},
		"another text":   {[]object{pull(5, nil, "old")}, want, "updated https://hub.example/5", "PATCH /pulls/5 body,title"},
		"approved in":    {[]object{pull(5, nil, "old\n\napprove: urn")}, want, "nothing new in https://hub.example/5", ""},
		"merges":         {nil, auto, "opened https://hub.example/40, which merges by itself", "POST /pulls base,body,head,title; auto-merge node40"},
		"merges already": {[]object{merging}, auto, "nothing new in https://hub.example/5, which merges by itself", ""},
	} {
		h := &hub{pulls: tc.pulls}
		done, err := h.client(t).PullRequest(t.Context(), tc.want)
		require.NoError(t, err, name)
		require.Equal(t, tc.done, done, name)
		require.Equal(t, tc.writes, strings.Join(h.writes, "; "), name)
	}
}

func TestPullRequestRefused(t *testing.T) {
	refuse := func(message string) *hub {
		return &hub{before: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost {
				answer(w, 422, object{"message": "Validation Failed", "errors": []object{{"message": message}}})
			}
			return r.Method == http.MethodPost
		}}
	}
	want := Pull{Branch: "b", Base: "main", AutoMerge: true}
	done, err := refuse("No commits between main and b").client(t).PullRequest(t.Context(), want)
	require.NoError(t, err)
	require.Equal(t, "b has nothing that main has not: nothing to merge", done)
	_, err = refuse("head is invalid").client(t).PullRequest(t.Context(), want)
	require.ErrorContains(t, err, "are both branches pushed?")
	_, err = (&hub{mergeError: "Pull request is in clean status"}).client(t).PullRequest(t.Context(), want)
	require.ErrorContains(t, err, "opened https://hub.example/40, but it does not merge by itself: that takes \"Allow auto-merge\"")
	require.ErrorContains(t, err, "clean status")
	want.Body = strings.Repeat("x", maxBody+1)
	_, err = (&hub{}).client(t).PullRequest(t.Context(), want)
	require.ErrorContains(t, err, "65537 bytes")
}
