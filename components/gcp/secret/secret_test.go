package secret_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/secret"
	_ "ai-worker/internal/sandbox/gcp/sdk/secretmanager"
)

const (
	secretType = "gcp:secretmanager/secret:Secret"
	memberType = "gcp:secretmanager/secretIamMember:SecretIamMember"
	key        = "projects/p/locations/global/keyRings/r/cryptoKeys/k"
	localKey   = "projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/k"
	api        = "serviceAccount:api@test-project.iam.gserviceaccount.com"
	job        = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/ns/app/sa/job"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *secret.Args {
	return &secret.Args{Project: "test-project", ID: "api-token"}
}

func full() *secret.Args {
	return &secret.Args{
		Project: "test-project", ID: "api-token",
		Locations:   []string{"asia-northeast1"},
		Keys:        map[string]pulumi.StringInput{"asia-northeast1": pulumi.String(localKey)},
		Labels:      map[string]string{"team": "worker"},
		Annotations: map[string]string{"source": "vendor-portal"},
		ExpireTime:  "2030-01-31T00:00:00Z", DestroyDelayDays: 30,
		Topics:    []pulumi.StringInput{pulumi.String("projects/p/topics/rotate")},
		Rotation:  &secret.Rotation{First: "2029-01-31T00:00:00Z", PeriodDays: 90},
		Accessors: map[string]pulumi.StringInput{"api": pulumi.String(api)},
		Adders:    map[string]pulumi.StringInput{"job": pulumi.String(job)},
	}
}

var (
	program = componentstest.Program(secret.New, "token")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	require.Equal(t, []string{secretType + " token-secret"}, componentstest.Tree(t, run(t, valid()), secret.TypeToken))
	require.Equal(t, []string{
		secretType + " token-secret",
		memberType + " token-accessor-api",
		memberType + " token-adder-job",
	}, componentstest.Tree(t, run(t, full()), secret.TypeToken))
}

func TestTheSecretIsProtected(t *testing.T) {
	all := run(t, full())
	require.True(t, all.One(t, secretType).Protect)
	grant := all.One(t, memberType, "token-accessor-api")
	require.False(t, grant.Protect, "access is taken away as easily as given")
	require.Equal(t, all.One(t, secretType).URN, grant.DeletedWith, "a refused destroy takes no access away")
	args := full()
	args.AllowDeletion = true
	require.False(t, run(t, args).One(t, secretType).Protect)
}

func TestReplication(t *testing.T) {
	require.Equal(t, map[string]any{"auto": map[string]any{}}, run(t, valid()).One(t, secretType).Get("replication"))

	args := valid()
	args.Keys = map[string]pulumi.StringInput{"global": pulumi.String(key)}
	require.Equal(t, key, run(t, args).One(t, secretType).Get("replication.auto.customerManagedEncryption.kmsKeyName"))

	require.Equal(t, []any{map[string]any{
		"location": "asia-northeast1", "customerManagedEncryption": map[string]any{"kmsKeyName": localKey},
	}}, run(t, full()).One(t, secretType).Get("replication.userManaged.replicas"))
}

func TestDestructionIsDelayed(t *testing.T) {
	require.Equal(t, "604800s", run(t, valid()).One(t, secretType).Get("versionDestroyTtl"))
	require.Equal(t, "2592000s", run(t, full()).One(t, secretType).Get("versionDestroyTtl"))
}

func TestRotation(t *testing.T) {
	r := run(t, full()).One(t, secretType)
	require.Equal(t, map[string]any{"nextRotationTime": "2029-01-31T00:00:00Z", "rotationPeriod": "7776000s"}, r.Get("rotation"))
	require.Equal(t, []string{"rotation.nextRotationTime"}, r.IgnoreChanges)
}

func TestGrantsAreOnThisSecretAlone(t *testing.T) {
	all := run(t, full())
	for name, want := range map[string][2]string{
		"token-accessor-api": {"roles/secretmanager.secretAccessor", api},
		"token-adder-job":    {"roles/secretmanager.secretVersionAdder", job},
	} {
		r := all.One(t, memberType, name)
		require.Equal(t, []any{"test-project", "api-token", want[0], want[1]},
			[]any{r.Get("project"), r.Get("secretId"), r.Get("role"), r.Get("member")})
	}
}

func TestOutputs(t *testing.T) {
	outputs := componentstest.Outputs(t, secret.New, valid())
	require.Regexp(t, `^projects/[0-9]+/secrets/api-token$`, outputs["name"])
	delete(outputs, "name")
	require.Equal(t, map[string]any{"secretId": "api-token", "projectId": "test-project"}, outputs)
}

func TestRefusals(t *testing.T) {
	member := func(s string) map[string]pulumi.StringInput {
		return map[string]pulumi.StringInput{"api": pulumi.String(s)}
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[secret.Args]{
		"project":        {func(a *secret.Args) { a.Project = "" }, `project ""`},
		"id":             {func(a *secret.Args) { a.ID = "api token" }, `id "api token"`},
		"location":       {func(a *secret.Args) { a.Locations = []string{"asia"} }, `locations[0] "asia"`},
		"location twice": {func(a *secret.Args) { a.Locations = []string{"asia-northeast1", "asia-northeast1"} }, `locations[1] "asia-northeast1": given twice`},
		"a key missing": {func(a *secret.Args) {
			*a = *full()
			a.Locations = append(a.Locations, "asia-northeast2")
		}, `keys["asia-northeast2"]: is missing`},
		"global key missing":      {func(a *secret.Args) { a.Keys = full().Keys }, `keys["global"]: is missing`},
		"key of elsewhere":        {func(a *secret.Args) { a.Keys = full().Keys }, `keys["asia-northeast1"]: is none of the locations global`},
		"label":                   {func(a *secret.Args) { a.Labels = map[string]string{"team": "A b"} }, `labels["team"] "A b"`},
		"annotation":              {func(a *secret.Args) { a.Annotations = map[string]string{"-x": ""} }, `annotations["-x"]`},
		"annotations":             {func(a *secret.Args) { a.Annotations = map[string]string{"x": string(make([]byte, 16<<10))} }, "want less than 16 KiB"},
		"expiry":                  {func(a *secret.Args) { a.ExpireTime = "2030-01-31" }, `expireTime "2030-01-31"`},
		"destroy delay":           {func(a *secret.Args) { a.DestroyDelayDays = 1001 }, "destroyDelayDays 1001"},
		"many topics":             {func(a *secret.Args) { a.Topics = make([]pulumi.StringInput, 11) }, "topics: 11"},
		"topic":                   {func(a *secret.Args) { a.Topics = make([]pulumi.StringInput, 1) }, "topics[0]"},
		"rotation without topics": {func(a *secret.Args) { a.Rotation = full().Rotation }, "no topics to remind"},
		"first rotation":          {func(a *secret.Args) { *a = *full(); a.Rotation.First = "soon" }, `rotation.first "soon"`},
		"rotation period":         {func(a *secret.Args) { *a = *full(); a.Rotation.PeriodDays = 0 }, "rotation.periodDays 0"},
		"no accessor":             {func(a *secret.Args) { a.Accessors = map[string]pulumi.StringInput{"api": nil} }, `accessors["api"]: want a principal`},
		"accessor key":            {func(a *secret.Args) { a.Accessors = map[string]pulumi.StringInput{"API": nil} }, `accessors["API"]`},
		"everybody":               {func(a *secret.Args) { a.Accessors = member("allUsers") }, `accessors["api"] "allUsers"`},
		"no prefix":               {func(a *secret.Args) { a.Accessors = member("api@test-project.iam.gserviceaccount.com") }, `accessors["api"] "api@test-project`},
		"whole pool":              {func(a *secret.Args) { a.Adders = member("principalSet://pool/*") }, `adders["api"] "principalSet://pool/*"`},
	})
}

func TestEveryInputMatters(t *testing.T) {
	// another location needs its key with it
	settled := func(args *secret.Args) pulumi.RunFunc {
		a := *args
		if a.Locations[0] != "asia-northeast1" {
			a.Keys = nil
		}
		return program(&a)
	}
	componentstest.NoDeadInput(t, full, settled, componentstest.Vary{Values: map[string]any{
		"Project":               "other-project",
		"Locations[0]":          "asia-northeast2",
		"Keys[asia-northeast1]": pulumi.String(localKey + "2"),
		"ExpireTime":            "2031-01-31T00:00:00Z",
		"Topics[0]":             pulumi.String("projects/p/topics/other"),
		"Rotation.First":        "2029-02-28T00:00:00Z",
		"Accessors[api]":        pulumi.String(api + ".example"),
		"Adders[job]":           pulumi.String(job + "2"),
	}})
}
