package edgepolicy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/edgepolicy"
	_ "ai-worker/internal/sandbox/gcp/sdk/compute"
)

const policyType = "gcp:compute/securityPolicy:SecurityPolicy"

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *edgepolicy.Args {
	return &edgepolicy.Args{
		Project: componentstest.Project, Name: "ai-worker-dev", Edge: "Cloudflare", Sources: []string{"198.51.100.0/24", "2001:db8::/32"},
	}
}

// full sets every field.
func full() *edgepolicy.Args {
	args := valid()
	args.Open, args.AdaptiveProtection = true, true
	args.RateLimit = &edgepolicy.RateLimit{Requests: 600, Seconds: 60, ClientHeader: "CF-Connecting-IP"}
	return args
}

var (
	program = componentstest.Program(edgepolicy.New, "edge")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{policyType + " edge-policy"}, componentstest.Tree(t, run(t, valid()), edgepolicy.TypeToken))
}

// seen is what tells rules apart, such as "1000 allow 2" for a rule of two ranges.
func seen(t *testing.T, args *edgepolicy.Args) []string {
	t.Helper()
	var lines []string
	rules := run(t, args).One(t, policyType).Get("rules").([]any)
	for _, r := range rules {
		rule := r.(map[string]any)
		match := rule["match"].(map[string]any)
		ranges := match["config"].(map[string]any)["srcIpRanges"].([]any)
		line := fmt.Sprint(rule["priority"], " ", rule["action"], " ", len(ranges))
		if ranges[0] == "*" {
			line = fmt.Sprint(rule["priority"], " ", rule["action"], " *")
		}
		if rule["preview"] == true {
			line += " preview"
		}
		require.Equal(t, "SRC_IPS_V1", match["versionedExpr"])
		lines = append(lines, line)
	}
	return lines
}

func sources(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("10.0.%d.0/24", i))
	}
	return list
}

func TestRules(t *testing.T) {
	const deny, everybody = "2.147483647e+09 deny(403) *", "2.147483647e+09 allow *"
	const preview = "2.147483646e+09 deny(403) * preview"
	for name, tc := range map[string]struct {
		change func(*edgepolicy.Args)
		want   []string
	}{
		"closed":   {func(*edgepolicy.Args) {}, []string{"1000 allow 2", deny}},
		"open":     {func(a *edgepolicy.Args) { a.Open = true }, []string{"1000 allow 2", preview, everybody}},
		"ten":      {func(a *edgepolicy.Args) { a.Sources = sources(10) }, []string{"1000 allow 10", deny}},
		"eleven":   {func(a *edgepolicy.Args) { a.Sources = sources(11) }, []string{"1000 allow 10", "1001 allow 1", deny}},
		"22":       {func(a *edgepolicy.Args) { a.Sources = sources(22) }, []string{"1000 allow 10", "1001 allow 10", "1002 allow 2", deny}},
		"limited":  {func(a *edgepolicy.Args) { a.RateLimit = full().RateLimit }, []string{"2000 throttle 2", deny}},
		"all that": {func(a *edgepolicy.Args) { *a = *full() }, []string{"2000 throttle 2", preview, everybody}},
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			tc.change(args)
			require.Equal(t, tc.want, seen(t, args))
		})
	}
}

// Closing it and opening it again is a change of rules and of nothing else.
func TestOpensInPlace(t *testing.T) {
	open := valid()
	open.Open = true
	was, is := run(t, open).One(t, policyType).Inputs.Copy(), run(t, valid()).One(t, policyType).Inputs.Copy()
	delete(was, "rules")
	delete(is, "rules")
	require.Equal(t, was, is)
}

func TestProperties(t *testing.T) {
	policy := run(t, valid()).One(t, policyType)
	policy.Expect(t, map[string]any{
		"name": "ai-worker-dev", "type": "CLOUD_ARMOR", "description": "Requests that come through Cloudflare",
		"rules[0].match.config.srcIpRanges": []any{"198.51.100.0/24", "2001:db8::/32"},
		"rules[0].description":              "Ranges of Cloudflare, part 1", "rules[0].rateLimitOptions": nil,
		"adaptiveProtectionConfig.layer7DdosDefenseConfig.enable": false,
	})
	require.True(t, policy.RPC.GetDeleteBeforeReplaceDefined() && !policy.RPC.GetDeleteBeforeReplace())
	run(t, full()).One(t, policyType).Expect(t, map[string]any{
		"rules[0].rateLimitOptions.enforceOnKey": "HTTP_HEADER", "rules[0].rateLimitOptions.enforceOnKeyName": "CF-Connecting-IP",
		"rules[0].rateLimitOptions.exceedAction":             "deny(429)",
		"rules[0].rateLimitOptions.rateLimitThreshold.count": 600.0, "rules[0].rateLimitOptions.rateLimitThreshold.intervalSec": 60.0,
		"adaptiveProtectionConfig.layer7DdosDefenseConfig.enable": true,
	})
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{
		"name": "ai-worker-dev", "id": "projects/test-project/global/securityPolicies/ai-worker-dev",
	}, componentstest.Outputs(t, edgepolicy.New, valid()))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{"Sources[0]": "203.0.113.0/24", "RateLimit.Seconds": 120},
	})
}

func TestRefusals(t *testing.T) {
	source := func(s string) func(*edgepolicy.Args) { return func(a *edgepolicy.Args) { a.Sources[0] = s } }
	limit := func(change func(*edgepolicy.RateLimit)) func(*edgepolicy.Args) {
		return func(a *edgepolicy.Args) {
			a.RateLimit = full().RateLimit
			change(a.RateLimit)
		}
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[edgepolicy.Args]{
		"project":       {func(a *edgepolicy.Args) { a.Project = "" }, `project ""`},
		"name":          {func(a *edgepolicy.Args) { a.Name = "Edge" }, `name "Edge"`},
		"no edge":       {func(a *edgepolicy.Args) { a.Edge = "" }, `edge ""`},
		"long edge":     {func(a *edgepolicy.Args) { a.Edge = "a name of thirty-one characters" }, `edge "a name`},
		"no source":     {func(a *edgepolicy.Args) { a.Sources = nil }, "sources: want at least one"},
		"an address":    {source("198.51.100.7"), `sources[0] "198.51.100.7"`},
		"host bits":     {source("198.51.100.7/24"), "want 198.51.100.0/24"},
		"long IPv6":     {source("2001:0db8::/32"), "want 2001:db8::/32"},
		"everybody":     {source("0.0.0.0/0"), "is everybody"},
		"everybody, v6": {source("::/0"), "is everybody"},
		"star":          {source("*"), `sources[0] "*"`},
		"twice":         {source("2001:db8::/32"), "sources[1] \"2001:db8::/32\": given twice"},
		"no requests":   {limit(func(r *edgepolicy.RateLimit) { r.Requests = 0 }), "rateLimit.requests 0"},
		"many requests": {limit(func(r *edgepolicy.RateLimit) { r.Requests = 10_001 }), "rateLimit.requests 10001"},
		"interval":      {limit(func(r *edgepolicy.RateLimit) { r.Seconds = 15 }), "rateLimit.seconds 15: want one of [10 30"},
		"no header":     {limit(func(r *edgepolicy.RateLimit) { r.ClientHeader = "" }), `rateLimit.clientHeader ""`},
	})
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &edgepolicy.Args{RateLimit: &edgepolicy.RateLimit{}},
		"project", "name", "edge", "sources", "rateLimit.requests", "rateLimit.seconds", "rateLimit.clientHeader")
}
