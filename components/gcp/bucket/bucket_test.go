package bucket_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/bucket"
	_ "ai-worker/internal/sandbox/gcp/sdk/storage"
)

const (
	bucketType = "gcp:storage/bucket:Bucket"
	memberType = "gcp:storage/bucketIAMMember:BucketIAMMember"
)

// valid is the smallest accepted Args; a test changes only what it is about.
func valid() *bucket.Args {
	return &bucket.Args{Project: componentstest.Project, Name: "ai-worker-dev-files", Location: "asia-northeast1"}
}

// full sets every field, but those flags that what is set beside them excludes.
func full() *bucket.Args {
	return &bucket.Args{
		Project: componentstest.Project, Name: "ai-worker-dev-files", Location: "ASIA",
		DataLocations: []string{"ASIA-NORTHEAST1", "ASIA-NORTHEAST2"}, TurboReplication: true,
		StorageClass:      "STANDARD",
		KMSKey:            pulumi.String("projects/p/locations/asia/keyRings/r/cryptoKeys/k"),
		DisableVersioning: true, NoncurrentDays: 14, NoncurrentVersions: 5, SoftDeleteDays: 30, AbortUploadsDays: 3,
		LifecycleRules: []bucket.LifecycleRule{{
			Action: "SetStorageClass", StorageClass: "NEARLINE", AgeDays: 365, CreatedBefore: "2025-12-31", CustomTimeBefore: "2025-12-31",
			DaysSinceCustomTime: 1, NoncurrentTimeBefore: "2025-12-31", DaysSinceNoncurrentTime: 1, NumNewerVersions: 1,
			WithState: "ARCHIVED", Prefixes: []string{"tmp/"}, Suffixes: []string{".part"}, StorageClasses: []string{"STANDARD"},
		}},
		Retention:      &bucket.Retention{Days: 10, LockForever: true},
		EventBasedHold: true, ObjectRetention: true,
		CORS: []bucket.CORS{{
			Origins: []string{"https://app.example.com"}, Methods: []string{"PUT"}, ResponseHeaders: []string{"Content-Type"}, MaxAgeSeconds: 60,
		}},
		LogBucket: pulumi.String("ai-worker-logs"), LogPrefix: "files/",
		Grants:        map[string]bucket.Grant{"api": {Member: pulumi.String("serviceAccount:api@p.iam.gserviceaccount.com"), Access: bucket.ReadWrite}},
		Labels:        map[string]string{"app": "ai-worker"},
		AllowDeletion: true,
	}
}

var (
	program = componentstest.Program(bucket.New, "files")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	args := valid()
	args.Grants = map[string]bucket.Grant{
		"api":    {Member: pulumi.String("serviceAccount:a@p.iam.gserviceaccount.com"), Access: bucket.ReadWrite},
		"report": {Member: pulumi.String("serviceAccount:r@p.iam.gserviceaccount.com"), Access: bucket.Read},
		"upload": {Member: pulumi.String("serviceAccount:u@p.iam.gserviceaccount.com"), Access: bucket.Write},
	}
	all := run(t, args)
	require.Equal(t, []string{
		bucketType + " files-bucket",
		memberType + " files-access-api",
		memberType + " files-access-report",
		memberType + " files-access-upload",
	}, componentstest.Tree(t, all, bucket.TypeToken))
	for name, role := range map[string]string{
		"api": "roles/storage.objectUser", "report": "roles/storage.objectViewer", "upload": "roles/storage.objectCreator",
	} {
		require.Equal(t, role, all.One(t, memberType, "files-access-"+name).Get("role"), name)
	}
}

func TestStrongDefaults(t *testing.T) {
	b := run(t, valid()).One(t, bucketType)
	require.True(t, b.Protect, "a bucket is protected unless deletion is allowed")
	b.Expect(t, map[string]any{
		"location": "ASIA-NORTHEAST1", "storageClass": "STANDARD", "uniformBucketLevelAccess": true,
		"publicAccessPrevention": "enforced", "forceDestroy": false, "versioning.enabled": true,
		"softDeletePolicy.retentionDurationSeconds": 604800.0, "rpo": nil, "autoclass": nil, "retentionPolicy": nil, "cors": nil, "labels": nil,
		"lifecycleRules[0].action.type": "AbortIncompleteMultipartUpload", "lifecycleRules[0].condition.age": 7.0,
		"lifecycleRules[1].action.type": "Delete", "lifecycleRules[1].condition.daysSinceNoncurrentTime": 30.0,
		"lifecycleRules[1].condition.noAge": true, "lifecycleRules[1].condition.age": nil, "lifecycleRules[2]": nil,
	})
}

// What is weaker must be spelt out, and then reaches the bucket.
func TestWeaker(t *testing.T) {
	args := valid()
	args.AllowDeletion, args.DisableVersioning, args.DisableSoftDelete = true, true, true
	b := run(t, args).One(t, bucketType)
	require.False(t, b.Protect)
	require.Equal(t, true, b.Get("forceDestroy"))
	require.Equal(t, false, b.Get("versioning.enabled"))
	require.Equal(t, 0.0, b.Get("softDeletePolicy.retentionDurationSeconds"))
}

func TestReplication(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*bucket.Args)
		want   any
	}{
		"region":      {func(*bucket.Args) {}, nil},
		"dual-region": {func(a *bucket.Args) { a.Location = "ASIA1" }, "DEFAULT"},
		"turbo":       {func(a *bucket.Args) { a.Location, a.TurboReplication = "ASIA1", true }, "ASYNC_TURBO"},
		"own turbo": {func(a *bucket.Args) {
			a.Location, a.DataLocations, a.TurboReplication = "asia", []string{"asia-northeast1", "asia-northeast2"}, true
		}, "ASYNC_TURBO"},
		"multi-region": {func(a *bucket.Args) { a.Location = "EU" }, "DEFAULT"},
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			tc.change(args)
			require.Equal(t, tc.want, run(t, args).One(t, bucketType).Get("rpo"))
		})
	}
}

// A rule without an age must say so to the provider, which otherwise sends age 0.
func TestLifecycle(t *testing.T) {
	args := valid()
	args.NoncurrentVersions = 3
	args.LifecycleRules = []bucket.LifecycleRule{
		{Action: "SetStorageClass", StorageClass: "NEARLINE", AgeDays: 90, Prefixes: []string{"exports/"}},
		{Action: "Delete", AnyAge: true, DaysSinceCustomTime: 30},
	}
	b := run(t, args).One(t, bucketType)
	b.Expect(t, map[string]any{
		"lifecycleRules[2].condition.numNewerVersions": 3.0, "lifecycleRules[2].condition.noAge": true,
		"lifecycleRules[3].condition.age": 90.0, "lifecycleRules[3].condition.noAge": nil, "lifecycleRules[3].action.storageClass": "NEARLINE",
		"lifecycleRules[4].condition.noAge": true, "lifecycleRules[4].condition.age": nil, "lifecycleRules[4].condition.daysSinceCustomTime": 30.0,
	})
}

func TestOutputs(t *testing.T) {
	state := run(t, valid()).One(t, bucketType).State
	require.Equal(t, "ai-worker-dev-files", state["name"].StringValue())
	require.Equal(t, "gs://ai-worker-dev-files", state["url"].StringValue())
}

func TestAutoclass(t *testing.T) {
	args := valid()
	args.Autoclass = true
	require.Equal(t, map[string]any{"enabled": true, "terminalStorageClass": "NEARLINE"}, run(t, args).One(t, bucketType).Get("autoclass"))
	args.AutoclassArchive = true
	require.Equal(t, "ARCHIVE", run(t, args).One(t, bucketType).Get("autoclass.terminalStorageClass"))
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, full, program, componentstest.Vary{
		Values: map[string]any{
			"Location": "EU", "DataLocations[0]": "ASIA-SOUTHEAST1", "StorageClass": "COLDLINE",
			"KMSKey":                         pulumi.String("projects/p/locations/asia/keyRings/r/cryptoKeys/other"),
			"LifecycleRules[0].StorageClass": "COLDLINE", "LifecycleRules[0].CreatedBefore": "2024-01-01",
			"LifecycleRules[0].CustomTimeBefore": "2024-01-01", "LifecycleRules[0].NoncurrentTimeBefore": "2024-01-01",
			"LifecycleRules[0].WithState": "LIVE", "LifecycleRules[0].StorageClasses[0]": "COLDLINE",
			"CORS[0].Methods[0]": "POST", "Grants[api].Access": bucket.Read,
			"Grants[api].Member": pulumi.String("serviceAccount:other@p.iam.gserviceaccount.com"),
		},
		Exempt: map[string]string{
			"Autoclass":                "excluded by rules on classes; TestAutoclass",
			"AutoclassArchive":         "needs autoclass; TestAutoclass",
			"DisableVersioning":        "required by retention; TestWeaker",
			"DisableSoftDelete":        "excluded by softDeleteDays; TestWeaker",
			"LifecycleRules[0].Action": "goes with a storage class; TestLifecycle",
			"LifecycleRules[0].AnyAge": "excluded by ageDays; TestLifecycle",
		},
	})
}

func TestRefusals(t *testing.T) {
	rule := func(r bucket.LifecycleRule) func(*bucket.Args) {
		return func(a *bucket.Args) { a.LifecycleRules = []bucket.LifecycleRule{r} }
	}
	cors := func(origin string) func(*bucket.Args) {
		return func(a *bucket.Args) { a.CORS = []bucket.CORS{{Origins: []string{origin}, Methods: []string{"PUT"}}} }
	}
	grant := func(name string, g bucket.Grant) func(*bucket.Args) {
		return func(a *bucket.Args) { a.Grants = map[string]bucket.Grant{name: g} }
	}
	member := pulumi.String("serviceAccount:api@p.iam.gserviceaccount.com")
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[bucket.Args]{
		"no project":       {func(a *bucket.Args) { a.Project = "" }, "project is required"},
		"name":             {func(a *bucket.Args) { a.Name = "Files" }, `name "Files"`},
		"name of Google":   {func(a *bucket.Args) { a.Name = "my-g00gle-files" }, "google inside"},
		"no location":      {func(a *bucket.Args) { a.Location = "" }, `location ""`},
		"zone":             {func(a *bucket.Args) { a.Location = "asia-northeast1-a" }, `location "asia-northeast1-a"`},
		"turbo, region":    {func(a *bucket.Args) { a.TurboReplication = true }, "no dual-region"},
		"turbo, multi":     {func(a *bucket.Args) { a.Location, a.TurboReplication = "ASIA", true }, "no dual-region"},
		"data, region":     {func(a *bucket.Args) { a.DataLocations = []string{"asia-northeast1", "asia-northeast2"} }, "want the one of [US EU ASIA]"},
		"data, one":        {func(a *bucket.Args) { a.Location, a.DataLocations = "ASIA", []string{"asia-northeast1"} }, "want two regions"},
		"data, a zone":     {func(a *bucket.Args) { a.Location, a.DataLocations = "ASIA", []string{"asia-northeast1", "b"} }, "dataLocations[1]"},
		"class":            {func(a *bucket.Args) { a.StorageClass = "standard" }, `storageClass "standard"`},
		"autoclass, class": {func(a *bucket.Args) { a.Autoclass, a.StorageClass = true, "NEARLINE" }, "begins with STANDARD"},
		"archive alone":    {func(a *bucket.Args) { a.AutoclassArchive = true }, "autoclass is off"},
		"autoclass, rule": {func(a *bucket.Args) {
			a.Autoclass = true
			a.LifecycleRules = []bucket.LifecycleRule{{Action: "SetStorageClass", StorageClass: "NEARLINE", AgeDays: 9}}
		}, "lifecycleRules[0].action SetStorageClass: excluded by autoclass"},
		"autoclass, match": {func(a *bucket.Args) {
			a.Autoclass = true
			a.LifecycleRules = []bucket.LifecycleRule{{Action: "Delete", AgeDays: 9, StorageClasses: []string{"NEARLINE"}}}
		}, "lifecycleRules[0].storageClasses: excluded by autoclass"},
		"soft delete of 6":    {func(a *bucket.Args) { a.SoftDeleteDays = 6 }, "softDeleteDays 6"},
		"soft delete of 91":   {func(a *bucket.Args) { a.SoftDeleteDays = 91 }, "softDeleteDays 91"},
		"soft delete off, 9":  {func(a *bucket.Args) { a.DisableSoftDelete, a.SoftDeleteDays = true, 9 }, "excluded by disableSoftDelete"},
		"noncurrent days":     {func(a *bucket.Args) { a.NoncurrentDays = -1 }, "noncurrentDays -1"},
		"noncurrent versions": {func(a *bucket.Args) { a.NoncurrentVersions = -1 }, "noncurrentVersions -1"},
		"abort":               {func(a *bucket.Args) { a.AbortUploadsDays = -1 }, "abortUploadsDays -1"},
		"retention, versions": {func(a *bucket.Args) { a.Retention = &bucket.Retention{Days: 1} }, "set disableVersioning"},
		"retention of 0":      {func(a *bucket.Args) { a.DisableVersioning, a.Retention = true, &bucket.Retention{} }, "retention.days 0"},
		"retention too long": {func(a *bucket.Args) {
			a.DisableVersioning, a.Retention = true, &bucket.Retention{Days: 24856}
		}, "want 1 to 24855"},
		"log prefix":        {func(a *bucket.Args) { a.LogPrefix = "x" }, "there is no logBucket"},
		"98 rules":          {func(a *bucket.Args) { a.LifecycleRules = make([]bucket.LifecycleRule, 98) }, "98 of them"},
		"rule, action":      {rule(bucket.LifecycleRule{Action: "delete", AgeDays: 1}), `lifecycleRules[0].action "delete"`},
		"rule, no class":    {rule(bucket.LifecycleRule{Action: "SetStorageClass", AgeDays: 1}), `lifecycleRules[0].storageClass ""`},
		"rule, class":       {rule(bucket.LifecycleRule{Action: "Delete", AgeDays: 1, StorageClass: "NEARLINE"}), "a Delete has none"},
		"rule, no age":      {rule(bucket.LifecycleRule{Action: "Delete", NumNewerVersions: 3}), "lifecycleRules[0].ageDays 0: want at least 1, or anyAge"},
		"rule, both":        {rule(bucket.LifecycleRule{Action: "Delete", AgeDays: 1, AnyAge: true, NumNewerVersions: 1}), "excluded by anyAge"},
		"rule, everything":  {rule(bucket.LifecycleRule{Action: "Delete", AnyAge: true}), "needs a condition of time"},
		"rule, prefix only": {rule(bucket.LifecycleRule{Action: "Delete", AnyAge: true, Prefixes: []string{"tmp/"}}), "needs a condition of time"},
		"rule, move all":    {rule(bucket.LifecycleRule{Action: "SetStorageClass", StorageClass: "NEARLINE", AnyAge: true, WithState: "ANY"}), "has no condition"},
		"rule, negative":    {rule(bucket.LifecycleRule{Action: "Delete", AgeDays: -1}), "ageDays -1"},
		"rule, date":        {rule(bucket.LifecycleRule{Action: "Delete", AgeDays: 1, CreatedBefore: "2025-02-30"}), `createdBefore "2025-02-30"`},
		"rule, state":       {rule(bucket.LifecycleRule{Action: "Delete", AgeDays: 1, WithState: "live"}), `withState "live"`},
		"rule, class match": {rule(bucket.LifecycleRule{Action: "Delete", AgeDays: 1, StorageClasses: []string{"HOT"}}), "storageClasses[0]"},
		"cors, any":         {cors("*"), `cors[0].origins[0] "*"`},
		"cors, wildcard":    {cors("https://*.example.com"), "exact origin"},
		"cors, http":        {cors("http://app.example.com"), "exact origin"},
		"cors, path":        {cors("https://app.example.com/"), "exact origin"},
		"cors, capitals":    {cors("https://App.example.com"), "exact origin"},
		"cors, local":       {cors("http://localhost"), "exact origin"},
		"cors, empty":       {func(a *bucket.Args) { a.CORS = []bucket.CORS{{}} }, "cors[0].methods: want at least one"},
		"cors, method":      {func(a *bucket.Args) { a.CORS = []bucket.CORS{{Methods: []string{"put"}}} }, `cors[0].methods[0] "put"`},
		"cors, header":      {func(a *bucket.Args) { a.CORS = []bucket.CORS{{ResponseHeaders: []string{"*"}}} }, `cors[0].responseHeaders[0] "*"`},
		"cors, max age":     {func(a *bucket.Args) { a.CORS = []bucket.CORS{{MaxAgeSeconds: -1}} }, "cors[0].maxAgeSeconds -1"},
		"grant, nobody":     {grant("api", bucket.Grant{Access: bucket.Read}), `grants["api"].member: want a principal`},
		"grant, access":     {grant("api", bucket.Grant{Member: member, Access: "admin"}), `grants["api"].access "admin"`},
		"grant, public":     {grant("all", bucket.Grant{Member: pulumi.String("allUsers"), Access: bucket.Read}), "not everybody"},
		"grant, name":       {grant("API", bucket.Grant{Member: member, Access: bucket.Read}), `grants["API"]`},
		"label":             {func(a *bucket.Args) { a.Labels = map[string]string{"App": "x"} }, `labels["App"] "x"`},
	})
}

// Every problem is in the one error.
func TestAllProblemsAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &bucket.Args{CORS: []bucket.CORS{{}}, LifecycleRules: []bucket.LifecycleRule{{}}}, "project", "name", "location", "cors[0].origins", "cors[0].methods", "lifecycleRules[0].action", "lifecycleRules[0].ageDays")
}

func TestLocalOrigins(t *testing.T) {
	args := valid()
	args.CORS = []bucket.CORS{{Origins: []string{"http://localhost:3000", "https://app.example.com:8443"}, Methods: []string{"PUT", "GET"}}}
	b := run(t, args).One(t, bucketType)
	require.Equal(t, "http://localhost:3000", b.Get("cors[0].origins[0]"))
	require.Equal(t, 3600.0, b.Get("cors[0].maxAgeSeconds"))
}
