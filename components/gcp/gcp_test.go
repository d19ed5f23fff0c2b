package gcp_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

func TestNames(t *testing.T) {
	for name, tc := range map[string]struct {
		is             func(string) bool
		accept, refuse []string
	}{
		"project":  {gcp.IsProjectID, []string{"p12345", strings.Repeat("p", 30)}, []string{"", "p1234", "1project", "project-", "Project", strings.Repeat("p", 31)}},
		"account":  {gcp.IsAccountID, []string{"api-main"}, []string{"api", "api_main", "-api-main"}},
		"resource": {gcp.IsResourceName, []string{"a", "a-1", strings.Repeat("a", 63)}, []string{"", "A", "1a", "a-", "a.b", strings.Repeat("a", 64)}},
		"region":   {gcp.IsRegion, []string{"asia-northeast1", "europe-west12"}, []string{"", "asia", "asia-northeast1-a", "ASIA-NORTHEAST1"}},
		"zone":     {gcp.IsZone, []string{"asia-northeast1-a"}, []string{"", "asia-northeast1", "asia-northeast1-", "asia-northeast1-ab"}},
		"location": {gcp.IsLocation, []string{"asia-northeast1", "asia-northeast1-a"}, []string{"", "asia", "asia-northeast1-a-b"}},
	} {
		for _, s := range tc.accept {
			require.True(t, tc.is(s), "%s %q", name, s)
		}
		for _, s := range tc.refuse {
			require.False(t, tc.is(s), "%s %q", name, s)
		}
	}
	require.Equal(t, "asia-northeast1", gcp.Region("asia-northeast1-a"))
	require.Equal(t, "asia-northeast1", gcp.Region("asia-northeast1"))
}

func TestCheckLabels(t *testing.T) {
	for _, tc := range []struct{ key, value string }{{"a", ""}, {"team", "web-1_x"}, {strings.Repeat("k", 63), strings.Repeat("9", 63)}} {
		var p components.Problems
		gcp.CheckLabels(&p, "labels", map[string]string{tc.key: tc.value})
		require.NoError(t, p.Err(), tc.key)
	}
	for _, tc := range []struct{ key, value string }{
		{"", "x"}, {"Team", "x"}, {"1team", "x"}, {"_team", "x"}, {"team", "X"}, {"team", "a.b"},
		{strings.Repeat("k", 64), "x"}, {"team", strings.Repeat("9", 64)},
	} {
		var p components.Problems
		gcp.CheckLabels(&p, "create.labels", map[string]string{tc.key: tc.value})
		require.ErrorContains(t, p.Err(), `create.labels["`+tc.key+`"] "`+tc.value+`": want at most 63`)
	}
}

func TestCheckMembers(t *testing.T) {
	for member, want := range map[pulumi.String]string{
		"serviceAccount:a@p.iam.gserviceaccount.com":             "",
		"group:ops@example.com":                                  "",
		"user:ann@example.com":                                   "",
		"principal://iam.googleapis.com/p/subject/s":             "",
		"principalSet://iam.googleapis.com/p/attribute.env/prod": "",
		"principalSet://iam.googleapis.com/p/*":                  "not everybody",
		"allUsers":                                               "not everybody",
		"allAuthenticatedUsers":                                  "not everybody",
		"a@p.iam.gserviceaccount.com":                            "want one principal with its prefix",
		"serviceAccount:":                                        "want one principal",
		"group:a@example.com group:b@example.com":                "want one principal",
		"serviceaccount:a@p.iam.gserviceaccount.com":             "want one principal",
		"": `readers["api"] ""`,
	} {
		var p components.Problems
		gcp.CheckMembers(&p, "readers", map[string]pulumi.StringInput{"api": member})
		if want == "" {
			require.NoError(t, p.Err(), member)
		} else {
			require.ErrorContains(t, p.Err(), want, member)
		}
	}
	var p components.Problems
	gcp.CheckMembers(&p, "readers", map[string]pulumi.StringInput{
		"API": pulumi.String("user:ann@example.com"), "late": pulumi.String("allUsers").ToStringOutput(), "nobody": nil,
	})
	require.EqualError(t, p.Err(), `readers["API"]: want a key of at most 63 lower-case letters, digits and inner hyphens, a letter first
readers["nobody"]: want a principal, such as "serviceAccount:..."`, "what is an output is the API's to check")
}

func TestCheckRoles(t *testing.T) {
	var p components.Problems
	gcp.CheckRoles(&p, "roles", []string{"roles/cloudtrace.agent", "projects/p1/roles/reader", "organizations/1/roles/reader"})
	require.NoError(t, p.Err())
	gcp.CheckRoles(&p, "roles", []string{"compute.viewer", "roles/owner", "roles/a.b", "roles/a.b"})
	require.EqualError(t, p.Err(), `roles[0] "compute.viewer": want a role such as "roles/cloudtrace.agent"
roles[1] "roles/owner": a basic role reaches the whole project
roles[3] "roles/a.b": given twice`)
}

func TestEmptyInputsAreLeftOut(t *testing.T) {
	require.Nil(t, gcp.Text(""))
	require.Nil(t, gcp.Texts(nil))
	require.Nil(t, gcp.TextMap(map[string]string{}))
	require.Equal(t, pulumi.String("a"), gcp.Text("a"))
	require.Equal(t, pulumi.ToStringArray([]string{"a"}), gcp.Texts([]string{"a"}))
	require.Equal(t, pulumi.ToStringMap(map[string]string{"a": "b"}), gcp.TextMap(map[string]string{"a": "b"}))
}
