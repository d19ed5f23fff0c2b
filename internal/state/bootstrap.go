package state

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/api/cloudkms/v1"
	"google.golang.org/api/storage/v1"
)

// Target names what keeps the states of an environment.
type Target struct {
	Project string            // Project is the Google project that owns bucket and key.
	Region  string            // Region holds both: a bucket takes keys of its own region only.
	Labels  map[string]string // Labels are put on both.
}

// Bucket is the name of the state bucket.
func (t Target) Bucket() string { return t.Project + "-pulumi-state" }

// Backend is what PULUMI_BACKEND_URL has to be.
func (t Target) Backend() string { return "gs://" + t.Bucket() }

// Key is the full name of the key that encrypts bucket and secrets.
func (t Target) Key() string { return t.ring() + "/cryptoKeys/secrets" }

// SecretsProvider is what stacks are initialized with.
func (t Target) SecretsProvider() string { return "gcpkms://" + t.Key() }

func (t Target) location() string { return "projects/" + t.Project + "/locations/" + t.Region }
func (t Target) ring() string     { return t.location() + "/keyRings/pulumi-state" }

// Change is something that is missing, or weaker than it should be.
type Change struct {
	What string   // What it is about, such as "bucket gs://p-pulumi-state".
	Weak []string // Weak is what there is to mend; empty for what is missing.

	apply func(ctx context.Context) error
}

// Verb says what [Change.Apply] does.
func (c Change) Verb() string {
	if len(c.Weak) > 0 {
		return "mend"
	}
	return "make"
}

// Apply makes the change. Those of one [Inspect] build on each other.
func (c Change) Apply(ctx context.Context) error {
	return explain(c.apply(ctx), c.Verb()+" "+c.What)
}

// Inspect compares what there is with what there should be, and changes nothing. No
// changes means that all is well. It fails for what cannot be mended: a bucket of
// somebody else or in another region, a key that cannot decrypt.
func Inspect(ctx context.Context, g *Google, t Target) ([]Change, error) {
	// Google makes the agent with the first question for it.
	account, err := g.Storage.Projects.ServiceAccount.Get(t.Project).Context(ctx).Do()
	if err != nil {
		return nil, explain(err, "project "+t.Project)
	}
	var changes []Change
	for _, look := range []func(context.Context, *Google, Target, string) ([]Change, error){ring, key, grant, stateBucket} {
		found, err := look(ctx, g, t, account.EmailAddress)
		if err != nil {
			return nil, err
		}
		changes = append(changes, found...)
	}
	return changes, nil
}

func ring(ctx context.Context, g *Google, t Target, _ string) ([]Change, error) {
	rings := g.KMS.Projects.Locations.KeyRings
	_, err := rings.Get(t.ring()).Context(ctx).Do()
	if status(err) != http.StatusNotFound {
		return nil, explain(err, t.ring())
	}
	return []Change{{What: "key ring " + t.ring(), apply: func(ctx context.Context) error {
		_, err := rings.Create(t.location(), &cloudkms.KeyRing{}).KeyRingId("pulumi-state").Context(ctx).Do()
		return err
	}}}, nil
}

func key(ctx context.Context, g *Google, t Target, _ string) ([]Change, error) {
	keys := g.KMS.Projects.Locations.KeyRings.CryptoKeys
	have, err := keys.Get(t.Key()).Context(ctx).Do()
	if status(err) == http.StatusNotFound {
		made, _, _ := hardenKey(&cloudkms.CryptoKey{}, t, time.Now())
		made.Purpose = purpose
		return []Change{{What: "key " + t.Key(), apply: func(ctx context.Context) error {
			_, err := keys.Create(t.ring(), made).CryptoKeyId("secrets").Context(ctx).Do()
			return err
		}}}, nil
	}
	if err != nil {
		return nil, explain(err, t.Key())
	}
	if have.Purpose != purpose || have.Primary == nil || have.Primary.State != "ENABLED" {
		return nil, fmt.Errorf("key %s cannot encrypt: its purpose must be %s and its primary version enabled; look at it with `gcloud kms keys versions list`",
			t.Key(), purpose)
	}
	patch, mask, weak := hardenKey(have, t, time.Now())
	if len(weak) == 0 {
		return nil, nil
	}
	return []Change{{What: "key " + t.Key(), Weak: weak, apply: func(ctx context.Context) error {
		_, err := keys.Patch(t.Key(), patch).UpdateMask(strings.Join(mask, ",")).Context(ctx).Do()
		return err
	}}}, nil
}

const encrypter = "roles/cloudkms.cryptoKeyEncrypterDecrypter"

// grant lets Cloud Storage use the key, which encrypts what the bucket holds.
func grant(ctx context.Context, g *Google, t Target, agent string) ([]Change, error) {
	keys := g.KMS.Projects.Locations.KeyRings.CryptoKeys
	member := "serviceAccount:" + agent
	read := func(ctx context.Context) (*cloudkms.Policy, bool, error) {
		policy, err := keys.GetIamPolicy(t.Key()).OptionsRequestedPolicyVersion(3).Context(ctx).Do()
		if err != nil {
			return nil, false, err
		}
		for _, b := range policy.Bindings {
			if b.Role == encrypter && b.Condition == nil && slices.Contains(b.Members, member) {
				return policy, true, nil
			}
		}
		return policy, false, nil
	}
	_, granted, err := read(ctx)
	if granted || err != nil && status(err) != http.StatusNotFound { // a key that is to be made has no policy yet
		return nil, explain(err, t.Key())
	}
	return []Change{{What: encrypter + " on the key for " + agent, apply: func(ctx context.Context) error {
		policy, granted, err := read(ctx)
		if granted || err != nil {
			return err
		}
		// The policy carries its etag: what others grant meanwhile is not lost.
		policy.Version = 3
		policy.Bindings = append(policy.Bindings, &cloudkms.Binding{Role: encrypter, Members: []string{member}})
		_, err = keys.SetIamPolicy(t.Key(), &cloudkms.SetIamPolicyRequest{Policy: policy}).Context(ctx).Do()
		return err
	}}}, nil
}

func stateBucket(ctx context.Context, g *Google, t Target, agent string) ([]Change, error) {
	what := "bucket " + t.Backend()
	have, err := g.Storage.Buckets.Get(t.Bucket()).Projection("full").Context(ctx).Do()
	if status(err) == http.StatusNotFound {
		made, _ := harden(&storage.Bucket{}, t)
		made.Name, made.Location = t.Bucket(), strings.ToUpper(t.Region)
		return []Change{{What: what, apply: func(ctx context.Context) error {
			err := settled(ctx, func() error {
				_, err := g.Storage.Buckets.Insert(t.Project, made).Context(ctx).Do()
				return err
			})
			if err != nil {
				return err
			}
			return narrow(ctx, g, t)
		}}}, nil
	}
	if err != nil {
		return nil, explain(err, t.Backend())
	}
	if owner := numberOf(agent); have.ProjectNumber != owner {
		return nil, fmt.Errorf("%s is not of project %s: somebody else took the name, and would read the states. "+
			"Keep them in a bucket of another name that you make yourself: docs/state.md", what, t.Project)
	}
	if !strings.EqualFold(have.Location, t.Region) {
		return nil, fmt.Errorf("%s is in %s and not in %s: a bucket cannot take a key of another region. Move it: docs/state.md", what, have.Location, t.Region)
	}
	patch, weak := harden(have, t)
	policy, err := g.Storage.Buckets.GetIamPolicy(t.Bucket()).OptionsRequestedPolicyVersion(3).Context(ctx).Do()
	if err != nil {
		return nil, explain(err, t.Backend())
	}
	readers := wide(policy)
	var changes []Change
	if len(weak) > 0 {
		changes = append(changes, Change{What: what, Weak: weak, apply: func(ctx context.Context) error {
			return settled(ctx, func() error {
				_, err := g.Storage.Buckets.Patch(t.Bucket(), patch).Context(ctx).Do()
				return err
			})
		}})
	}
	if len(readers) > 0 {
		changes = append(changes, Change{What: "grants on " + what, Weak: readers, apply: func(ctx context.Context) error { return narrow(ctx, g, t) }})
	}
	return changes, nil
}

// narrow takes the bucket from those who may read everything in the project.
func narrow(ctx context.Context, g *Google, t Target) error {
	policy, err := g.Storage.Buckets.GetIamPolicy(t.Bucket()).OptionsRequestedPolicyVersion(3).Context(ctx).Do()
	if err != nil || len(wide(policy)) == 0 {
		return err
	}
	policy.Version = 3
	policy.Bindings = narrowed(policy.Bindings)
	_, err = g.Storage.Buckets.SetIamPolicy(t.Bucket(), policy).Context(ctx).Do()
	return err
}

var agentNumber = regexp.MustCompile(`^service-(\d+)@`)

// numberOf is the number of the project that a service agent is of, else 0.
func numberOf(agent string) uint64 {
	found := agentNumber.FindStringSubmatch(agent)
	if found == nil {
		return 0
	}
	n, _ := strconv.ParseUint(found[1], 10, 64) // 0 is no project's
	return n
}

// Grants take effect within a few minutes at most:
// https://cloud.google.com/iam/docs/access-change-propagation
var patience, pause = 3 * time.Minute, 5 * time.Second

// settled repeats what is refused because a grant on the key is too new.
func settled(ctx context.Context, do func() error) error {
	for deadline := time.Now().Add(patience); ; {
		err := do()
		if err == nil || !strings.Contains(err.Error(), "KMS key") || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}
