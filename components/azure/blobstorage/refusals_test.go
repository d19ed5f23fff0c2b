package blobstorage_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/blobstorage"
	"ai-worker/components/componentstest"
)

func TestRefusals(t *testing.T) {
	type change = func(*blobstorage.Args)
	rule := func(r blobstorage.LifecycleRule) change {
		return func(a *blobstorage.Args) { a.LifecycleRules = []blobstorage.LifecycleRule{r} }
	}
	cors := func(c blobstorage.CORS) change {
		return func(a *blobstorage.Args) { a.AllowInternet, a.CORS = true, []blobstorage.CORS{c} }
	}
	origin := func(o string) change {
		return cors(blobstorage.CORS{Origins: []string{o}, Methods: []string{"PUT"}})
	}
	headers := func(h ...string) change {
		return cors(blobstorage.CORS{Origins: []string{"https://a.example"}, Methods: []string{"PUT"}, RequestHeaders: h})
	}
	grant := func(name string, g blobstorage.Grant) change {
		return func(a *blobstorage.Args) { a.Grants = map[string]blobstorage.Grant{name: g} }
	}
	someone := pulumi.String(principal)
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[blobstorage.Args]{
		"place":               {func(a *blobstorage.Args) { a.Place.Group = "" }, `group ""`},
		"account, hyphen":     {func(a *blobstorage.Args) { a.Account = "ai-worker" }, `account "ai-worker"`},
		"account, long":       {func(a *blobstorage.Args) { a.Account = strings.Repeat("a", 25) }, "want 3 to 24"},
		"container, short":    {func(a *blobstorage.Args) { a.Container = "ab" }, `container "ab"`},
		"container, hyphens":  {func(a *blobstorage.Args) { a.Container = "a--b" }, `container "a--b"`},
		"container, special":  {func(a *blobstorage.Args) { a.Container = "$root" }, `container "$root"`},
		"no zone":             {func(a *blobstorage.Args) { a.Endpoint.Zone = nil }, "endpoint.zone is required"},
		"replication":         {func(a *blobstorage.Args) { a.Replication = "zrs" }, `replication "zrs"`},
		"noncurrent days":     {func(a *blobstorage.Args) { a.NoncurrentDays = -1 }, "noncurrentDays -1"},
		"soft delete of 366":  {func(a *blobstorage.Args) { a.SoftDeleteDays = 366 }, "softDeleteDays 366"},
		"soft delete off, 9":  {func(a *blobstorage.Args) { a.DisableSoftDelete, a.SoftDeleteDays = true, 9 }, "excluded by disableSoftDelete"},
		"100 rules":           {func(a *blobstorage.Args) { a.LifecycleRules = make([]blobstorage.LifecycleRule, 100) }, "100 of them, want at most 99"},
		"rule, action":        {rule(blobstorage.LifecycleRule{Action: "delete", AgeDays: 1}), `lifecycleRules[0].action "delete"`},
		"rule, no age":        {rule(blobstorage.LifecycleRule{Action: "Delete"}), "lifecycleRules[0].ageDays 0"},
		"rule, 11 prefixes":   {rule(blobstorage.LifecycleRule{Action: "Cool", AgeDays: 1, Prefixes: make([]string, 11)}), "prefixes: 11 of them"},
		"rule, empty prefix":  {rule(blobstorage.LifecycleRule{Action: "Cool", AgeDays: 1, Prefixes: []string{""}}), `prefixes[0] ""`},
		"cors, no internet":   {func(a *blobstorage.Args) { *a = *full(); a.AllowInternet = false }, "no browser reaches an account without allowInternet"},
		"cors, 6 rules":       {func(a *blobstorage.Args) { a.CORS = make([]blobstorage.CORS, 6) }, "cors: 6 rules, want at most 5"},
		"cors, 2 KiB":         {headers(strings.Fields(strings.Repeat("X-"+strings.Repeat("A", 98)+" ", 21))...), "cors: 2143 bytes in all"},
		"cors, any":           {origin("*"), `cors[0].origins[0] "*"`},
		"cors, wildcard":      {origin("https://*.example.com"), `cors[0].origins[0] "https://*.example.com"`},
		"cors, path":          {origin("https://a.example/"), `cors[0].origins[0] "https://a.example/"`},
		"cors, plain http":    {origin("http://a.example"), `cors[0].origins[0] "http://a.example"`},
		"cors, upper case":    {origin("https://A.example"), `cors[0].origins[0] "https://A.example"`},
		"cors, long origin":   {origin("https://" + strings.Repeat("a", 250) + ".example"), "cors[0].origins[0]"},
		"cors, no origin":     {cors(blobstorage.CORS{Methods: []string{"PUT"}}), "cors[0].origins: 0 of them"},
		"cors, no method":     {cors(blobstorage.CORS{Origins: []string{"https://a.example"}}), "cors[0].methods: want at least one"},
		"cors, method":        {cors(blobstorage.CORS{Methods: []string{"put"}}), `cors[0].methods[0] "put"`},
		"cors, any header":    {headers("*"), `cors[0].requestHeaders[0] "*"`},
		"cors, wild headers":  {headers("a-*", "b-*", "c-*"), "cors[0].requestHeaders: 3 with a wildcard"},
		"cors, 65 headers":    {headers(strings.Fields(strings.Repeat("X-A ", 65))...), "cors[0].requestHeaders: 65 of them"},
		"cors, max age":       {cors(blobstorage.CORS{MaxAgeSeconds: -1}), "cors[0].maxAgeSeconds -1"},
		"grant, nobody":       {grant("api", blobstorage.Grant{Access: blobstorage.Read}), `grants["api"].principal`},
		"grant, no access":    {grant("api", blobstorage.Grant{Principal: someone}), `grants["api"].access ""`},
		"grant, write":        {grant("api", blobstorage.Grant{Principal: someone, Access: "write"}), "no built-in role writes without reading"},
		"grant, no object id": {grant("api", blobstorage.Grant{Principal: pulumi.String("api"), Access: blobstorage.Read}), `grants["api"].principal "api"`},
		"grant, name":         {grant("API", blobstorage.Grant{Principal: someone, Access: blobstorage.Read}), `grants["API"]`},
	})
}

func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &blobstorage.Args{CORS: []blobstorage.CORS{{}}, LifecycleRules: []blobstorage.LifecycleRule{{}}},
		"subscription", "workspace", "account", "container", "endpoint.subnet", "allowInternet", "cors[0].origins", "cors[0].methods",
		"lifecycleRules[0].action", "lifecycleRules[0].ageDays")
}
