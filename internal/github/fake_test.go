package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// object is a comment, an issue, a pull request or a review, as GitHub tells of it.
type object = map[string]any

// hub plays GitHub for the repository o/r. What it does not know fails the test;
// its pages are small, and writes are noted.
type hub struct {
	t           *testing.T
	comments    []object
	reviews     []object
	issues      []object
	pulls       []object
	commits     map[string][]object
	permissions map[string]string
	labels      []string
	editor      object // editor is who edited the description last, nil for nobody.
	mayNot      bool   // mayNot drops labels without a word.
	mergeError  string

	writes []string
	before func(w http.ResponseWriter, r *http.Request) bool // before answers instead, if it says so
	waited []time.Duration
}

const viewer = "github-actions[bot]"

func person(login string) object  { return object{"login": login, "type": "User"} }
func program(login string) object { return object{"login": login, "type": "Bot"} }

// client is one that talks to the hub.
func (h *hub) client(t *testing.T) *Client {
	t.Helper()
	h.t = t
	server := httptest.NewServer(h.mux())
	t.Cleanup(server.Close)
	env := map[string]string{
		"GITHUB_TOKEN": "secret", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": server.URL + "/api/v3",
		"GITHUB_SERVER_URL": "https://hub.example", "GITHUB_RUN_ID": "7",
	}
	c, err := newClient(func(key string) string { return env[key] }, func(_ context.Context, d time.Duration) error {
		h.waited = append(h.waited, d)
		return nil
	})
	require.NoError(t, err)
	return c
}

func (h *hub) mux() http.Handler {
	mux := http.NewServeMux()
	repo := "/api/v3/repos/o/r"
	list := func(pattern string, all func(r *http.Request) []object) {
		mux.HandleFunc("GET "+repo+pattern, func(w http.ResponseWriter, r *http.Request) { h.page(w, r, all(r)) })
	}
	list("/issues/{n}/comments", func(*http.Request) []object { return h.comments })
	list("/pulls/{n}/reviews", func(*http.Request) []object { return h.reviews })
	list("/commits/{sha}/pulls", func(r *http.Request) []object { return h.commits[r.PathValue("sha")] })
	list("/issues", func(r *http.Request) []object {
		assert.Equal(h.t, "all drift", r.FormValue("state")+" "+r.FormValue("labels"))
		return h.issues
	})
	list("/pulls", func(r *http.Request) []object {
		assert.Equal(h.t, "open", r.FormValue("state"))
		return slices.DeleteFunc(slices.Clone(h.pulls), func(p object) bool {
			return "o:"+p["branch"].(string) != r.FormValue("head") || p["to"] != r.FormValue("base")
		})
	})
	mux.HandleFunc("GET "+repo+"/pulls/{n}", func(w http.ResponseWriter, r *http.Request) { h.found(w, h.pulls, r.PathValue("n")) })
	mux.HandleFunc("GET "+repo+"/collaborators/{login}/permission", func(w http.ResponseWriter, r *http.Request) {
		permission, known := h.permissions[r.PathValue("login")]
		if !known {
			answer(w, 404, object{"message": "Not Found"})
			return
		}
		answer(w, 200, object{"permission": permission})
	})
	mux.HandleFunc("GET "+repo+"/labels/{label}", func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(h.labels, r.PathValue("label")) {
			answer(w, 404, object{"message": "Not Found"})
			return
		}
		answer(w, 200, object{"name": r.PathValue("label")})
	})
	write := func(pattern string, do func(w http.ResponseWriter, r *http.Request, given object)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+repo+path, func(w http.ResponseWriter, r *http.Request) {
			var given object
			assert.NoError(h.t, json.NewDecoder(r.Body).Decode(&given))
			h.writes = append(h.writes, fmt.Sprintf("%s %s %s", method, strings.TrimPrefix(r.URL.Path, repo), keys(given)))
			do(w, r, given)
		})
	}
	write("POST /labels", func(w http.ResponseWriter, _ *http.Request, given object) {
		h.labels = append(h.labels, given["name"].(string))
		answer(w, 201, given)
	})
	write("POST /issues/{n}/comments", func(w http.ResponseWriter, _ *http.Request, given object) {
		h.comments = append(h.comments, made(given, 900, program(viewer)))
		answer(w, 201, h.comments[len(h.comments)-1])
	})
	write("PATCH /issues/comments/{n}", func(w http.ResponseWriter, r *http.Request, given object) { h.change(w, r, h.comments, given) })
	write("PATCH /issues/{n}", func(w http.ResponseWriter, r *http.Request, given object) { h.change(w, r, h.issues, given) })
	write("PATCH /pulls/{n}", func(w http.ResponseWriter, r *http.Request, given object) { h.change(w, r, h.pulls, given) })
	write("POST /issues", func(w http.ResponseWriter, _ *http.Request, given object) {
		labels := []object{}
		for _, l := range given["labels"].([]any) {
			assert.Contains(h.t, h.labels, l)
			if !h.mayNot {
				labels = append(labels, object{"name": l})
			}
		}
		given["labels"] = labels
		h.issues = append(h.issues, made(given, 30, program(viewer)))
		answer(w, 201, h.issues[len(h.issues)-1])
	})
	write("POST /pulls", func(w http.ResponseWriter, _ *http.Request, given object) {
		given["branch"], given["to"] = given["head"], given["base"]
		delete(given, "head")
		delete(given, "base")
		h.pulls = append(h.pulls, made(given, 40, program(viewer)))
		answer(w, 201, h.pulls[len(h.pulls)-1])
	})
	mux.HandleFunc("POST /api/graphql", h.graphql)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.t.Errorf("GitHub has no %s %s", r.Method, r.URL)
		answer(w, 400, object{})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(h.t, "Bearer secret", r.Header.Get("Authorization"))
		if h.before == nil || !h.before(w, r) {
			mux.ServeHTTP(w, r)
		}
	})
}

func (h *hub) graphql(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Query     string
		Variables object
	}
	assert.NoError(h.t, json.NewDecoder(r.Body).Decode(&q))
	switch {
	case strings.Contains(q.Query, "viewer { login }"):
		answer(w, 200, object{"data": object{"viewer": object{"login": viewer}}})
	case strings.Contains(q.Query, "editor { __typename login }"):
		assert.Equal(h.t, "o r", fmt.Sprint(q.Variables["owner"], " ", q.Variables["name"]))
		answer(w, 200, object{"data": object{"repository": object{"pullRequest": object{"editor": h.editor}}}})
	case strings.Contains(q.Query, "enablePullRequestAutoMerge"):
		h.writes = append(h.writes, fmt.Sprintf("auto-merge %s", q.Variables["id"]))
		if h.mergeError != "" {
			answer(w, 200, object{"data": nil, "errors": []object{{"message": h.mergeError}}})
			return
		}
		answer(w, 200, object{"data": object{}})
	default:
		h.t.Errorf("GitHub has no query %s", q.Query)
	}
}

// page answers two of all, with the way to the next ones.
func (h *hub) page(w http.ResponseWriter, r *http.Request, all []object) {
	page, _ := strconv.Atoi(cmp.Or(r.FormValue("page"), "1"))
	from, to := min(len(all), 2*(page-1)), min(len(all), 2*page)
	if to < len(all) {
		next := *r.URL
		q := next.Query()
		q.Set("page", strconv.Itoa(page+1))
		next.RawQuery = q.Encode()
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s>; rel="next"`, r.Host, next.String()))
	}
	answer(w, 200, append([]object{}, all[from:to]...))
}

func (h *hub) found(w http.ResponseWriter, all []object, n string) {
	i := slices.IndexFunc(all, func(o object) bool { return fmt.Sprint(cmp.Or(o["number"], o["id"])) == n })
	if i < 0 {
		answer(w, 404, object{"message": "Not Found"})
		return
	}
	answer(w, 200, all[i])
}

func (h *hub) change(w http.ResponseWriter, r *http.Request, all []object, given object) {
	for _, o := range all {
		if fmt.Sprint(cmp.Or(o["number"], o["id"])) == r.PathValue("n") {
			for key, value := range given {
				o[key] = value
			}
		}
	}
	h.found(w, all, r.PathValue("n"))
}

func made(given object, id int, user object) object {
	given["id"], given["user"], given["html_url"] = id, user, fmt.Sprintf("https://hub.example/%d", id)
	given["node_id"] = fmt.Sprintf("node%d", id)
	return given
}

func comment(id int, user object, body string) object {
	return made(object{"body": body}, id, user)
}

func keys(o object) string {
	var all []string
	for key := range o {
		all = append(all, key)
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	text, _ := json.Marshal(body)
	_, _ = w.Write(text)
}
