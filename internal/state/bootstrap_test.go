package state

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/api/cloudkms/v1"
	"google.golang.org/api/storage/v1"

	"ai-worker/internal/state/googletest"
)

var target = Target{Project: "p", Region: "asia-northeast1", Labels: map[string]string{"environment": "dev"}}

func cloud(t *testing.T) (*googletest.Cloud, *Google) {
	t.Helper()
	c := googletest.New(t)
	g, err := Connect(t.Context(), c.Options()...)
	require.NoError(t, err)
	return c, g
}

// bootstrap makes everything, and says what it made.
func bootstrap(t *testing.T, g *Google) []string {
	t.Helper()
	changes, err := Inspect(t.Context(), g, target)
	require.NoError(t, err)
	var did []string
	for _, change := range changes {
		did = append(did, strings.Join(append([]string{change.Verb() + " " + change.What}, change.Weak...), "; "))
		require.NoError(t, change.Apply(t.Context()))
	}
	return did
}

func TestBootstrap(t *testing.T) {
	c, g := cloud(t)
	pause, c.Fresh = time.Millisecond, 2 // the grant takes a moment
	require.Equal(t, []string{
		"make key ring projects/p/locations/asia-northeast1/keyRings/pulumi-state",
		"make key projects/p/locations/asia-northeast1/keyRings/pulumi-state/cryptoKeys/secrets",
		"make roles/cloudkms.cryptoKeyEncrypterDecrypter on the key for service-1234@gs-project-accounts.iam.gserviceaccount.com",
		"make bucket gs://p-pulumi-state",
	}, bootstrap(t, g))

	b := c.Buckets["p-pulumi-state"]
	require.Equal(t, "ASIA-NORTHEAST1", b.Location)
	require.True(t, b.IamConfiguration.UniformBucketLevelAccess.Enabled)
	require.Equal(t, "enforced", b.IamConfiguration.PublicAccessPrevention)
	require.True(t, b.Versioning.Enabled)
	require.EqualValues(t, 30*24*3600, b.SoftDeletePolicy.RetentionDurationSeconds)
	require.Equal(t, target.Key(), b.Encryption.DefaultKmsKeyName)
	require.Len(t, b.Lifecycle.Rule, 2)
	require.Equal(t, target.Labels, b.Labels)
	require.Equal(t, []string{"projectOwner:p"}, c.BucketIAM["p-pulumi-state"].Bindings[0].Members)
	require.Len(t, c.BucketIAM["p-pulumi-state"].Bindings, 1, "viewers of the project read states")
	k := c.Keys[target.Key()]
	require.Equal(t, "7776000s", k.RotationPeriod)
	require.Equal(t, "ENCRYPT_DECRYPT", k.Purpose)

	c.Writes = nil
	require.Empty(t, bootstrap(t, g), "a second run has nothing to do")
	require.Empty(t, c.Writes)
}

// TestMend: what is weaker than it should be is told and mended, and nothing else
// is touched.
func TestMend(t *testing.T) {
	const day = 24 * 3600
	b := func(c *googletest.Cloud) *storage.Bucket { return c.Buckets["p-pulumi-state"] }
	rule := func(c *storage.BucketLifecycleRuleCondition) *storage.BucketLifecycle {
		return &storage.BucketLifecycle{Rule: []*storage.BucketLifecycleRule{{Action: &storage.BucketLifecycleRuleAction{Type: "Delete"}, Condition: c}}}
	}
	for name, tc := range map[string]struct {
		weaken func(c *googletest.Cloud)
		want   string
	}{
		"access lists":      {func(c *googletest.Cloud) { b(c).IamConfiguration.UniformBucketLevelAccess.Enabled = false }, "bucket .*access lists"},
		"may be public":     {func(c *googletest.Cloud) { b(c).IamConfiguration.PublicAccessPrevention = "inherited" }, "bucket .*made public"},
		"no versions":       {func(c *googletest.Cloud) { b(c).Versioning = nil }, "bucket .*no versioning"},
		"short soft delete": {func(c *googletest.Cloud) { b(c).SoftDeletePolicy.RetentionDurationSeconds = 7*day - 1 }, "bucket .*soft delete"},
		"other key":         {func(c *googletest.Cloud) { b(c).Encryption.DefaultKmsKeyName = "other" }, "bucket .*not encrypted with the key"},
		"no rules":          {func(c *googletest.Cloud) { b(c).Lifecycle = nil }, "bucket .*for ever"},
		"a rule for what is in use": {func(c *googletest.Cloud) {
			age := int64(365)
			b(c).Lifecycle.Rule = append(b(c).Lifecycle.Rule, rule(&storage.BucketLifecycleRuleCondition{Age: &age}).Rule...)
		}, "bucket .*deletes more"},
		"a rule that keeps few": {func(c *googletest.Cloud) {
			b(c).Lifecycle = rule(&storage.BucketLifecycleRuleCondition{NumNewerVersions: 49, DaysSinceNoncurrentTime: 90})
		}, "bucket .*deletes more"},
		"a rule that keeps them shortly": {func(c *googletest.Cloud) {
			b(c).Lifecycle = rule(&storage.BucketLifecycleRuleCondition{NumNewerVersions: 50, DaysSinceNoncurrentTime: 89})
		}, "bucket .*deletes more"},
		"a rule for locks and more": {func(c *googletest.Cloud) {
			b(c).Lifecycle.Rule[1].Condition.MatchesPrefix = []string{".pulumi/locks/", ".pulumi/"}
		}, "bucket .*deletes more"},
		"labels": {func(c *googletest.Cloud) { b(c).Labels = map[string]string{"kept": "yes"} }, "bucket .*lacks the labels environment"},
		"a reader": {func(c *googletest.Cloud) {
			p := c.BucketIAM["p-pulumi-state"]
			p.Bindings = append(p.Bindings, &storage.PolicyBindings{Role: "roles/storage.objectViewer", Members: []string{"allAuthenticatedUsers", "user:a@b"}})
		}, "grants on bucket .*roles/storage.objectViewer for allAuthenticatedUsers"},
		"rotation": {func(c *googletest.Cloud) { c.Keys[target.Key()].RotationPeriod = "31536000s" }, "key .*not rotated"},
		"no grant": {func(c *googletest.Cloud) { c.KeyIAM[target.Key()].Bindings = nil }, "make roles/cloudkms"},
	} {
		t.Run(name, func(t *testing.T) {
			c, g := cloud(t)
			bootstrap(t, g)
			tc.weaken(c)
			did := bootstrap(t, g)
			require.Len(t, did, 1)
			require.Regexp(t, tc.want, did[0])
			require.Empty(t, bootstrap(t, g), "it is mended")
			if name == "labels" {
				require.Equal(t, map[string]string{"kept": "yes", "environment": "dev"}, b(c).Labels)
			}
		})
	}
}

// TestMore: what is stronger than it should be stays.
func TestMore(t *testing.T) {
	c, g := cloud(t)
	bootstrap(t, g)
	b := c.Buckets["p-pulumi-state"]
	b.SoftDeletePolicy.RetentionDurationSeconds = 90 * 24 * 3600
	b.Lifecycle.Rule[0].Condition.NumNewerVersions = 500
	c.Keys[target.Key()].RotationPeriod = "2592000s"
	require.Empty(t, bootstrap(t, g))
}

func TestCannotBeMended(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(c *googletest.Cloud)
		want   string
	}{
		"another region":  {func(c *googletest.Cloud) { c.Buckets["p-pulumi-state"].Location = "US" }, "is in US and not in asia-northeast1"},
		"another project": {func(c *googletest.Cloud) { c.Buckets["p-pulumi-state"].ProjectNumber = 666 }, "is not of project p"},
		"another purpose": {func(c *googletest.Cloud) { c.Keys[target.Key()].Purpose = "ASYMMETRIC_SIGN" }, "cannot encrypt"},
		"disabled key": {func(c *googletest.Cloud) {
			c.Keys[target.Key()].Primary = &cloudkms.CryptoKeyVersion{State: "DISABLED"}
		},
			"its primary version enabled"},
		"an API is off": {func(c *googletest.Cloud) {
			c.Refuse = func(_, path string) (int, string) {
				if !strings.HasPrefix(path, "/v1/") {
					return 0, ""
				}
				return http.StatusForbidden, "Cloud KMS API has not been used in project p before or it is disabled. Enable it by visiting " +
					"https://console.developers.google.com/apis/api/cloudkms.googleapis.com/overview?project=p then retry."
			}
		}, "gcloud services enable cloudkms.googleapis.com --project p"},
		"no right": {func(c *googletest.Cloud) {
			c.Refuse = func(string, string) (int, string) { return http.StatusForbidden, "denied" }
		}, "roles/cloudkms.admin and roles/storage.admin"},
	} {
		t.Run(name, func(t *testing.T) {
			c, g := cloud(t)
			bootstrap(t, g)
			c.Writes = nil
			tc.change(c)
			_, err := Inspect(t.Context(), g, target)
			require.ErrorContains(t, err, tc.want)
			require.Empty(t, c.Writes)
		})
	}
}

func TestGrantsOfOthersStay(t *testing.T) {
	c, g := cloud(t)
	bootstrap(t, g)
	other := &cloudkms.Binding{ // for a while only: it does not count
		Role: encrypter, Members: []string{"serviceAccount:" + googletest.Agent}, Condition: &cloudkms.Expr{Expression: "request.time < x"},
	}
	c.KeyIAM[target.Key()].Bindings = []*cloudkms.Binding{other}
	require.Len(t, bootstrap(t, g), 1)
	require.Len(t, c.KeyIAM[target.Key()].Bindings, 2)
	require.Equal(t, other, c.KeyIAM[target.Key()].Bindings[0])
}
