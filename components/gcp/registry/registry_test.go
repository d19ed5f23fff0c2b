package registry_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/gcp/registry"
	_ "ai-worker/internal/sandbox/gcp/sdk/artifactregistry"
)

const (
	repositoryType = "gcp:artifactregistry/repository:Repository"
	memberType     = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember"
)

// valid is the smallest accepted Args.
func valid() *registry.Args {
	return &registry.Args{Name: "app", Project: "test-project", Location: "asia-northeast1"}
}

var (
	program = componentstest.Program(registry.New, "images")
	run     = componentstest.Runner(program)
)

func members(key, member string) map[string]pulumi.StringInput {
	return map[string]pulumi.StringInput{key: pulumi.String(member)}
}

// keep is what every policy that deletes needs beside it.
var keep = registry.Policy{Action: "KEEP", KeepCount: 10}

func TestChildren(t *testing.T) {
	all := run(t, valid())
	require.Equal(t, []string{repositoryType + " images-repository"}, componentstest.Tree(t, all, registry.TypeToken))

	args := valid()
	args.Readers, args.Writers = members("nodes", "serviceAccount:n@p.iam.gserviceaccount.com"), members("ci", "group:ci@example.com")
	args.Cache = &registry.Cache{Name: "hub"}
	all = run(t, args)
	require.Equal(t, []string{
		repositoryType + " images-cache",
		repositoryType + " images-repository",
		memberType + " images-cache-reader-nodes",
		memberType + " images-reader-nodes",
		memberType + " images-writer-ci",
	}, componentstest.Tree(t, all, registry.TypeToken))
}

func TestSafeDefaults(t *testing.T) {
	all := run(t, valid())
	all.One(t, repositoryType).Expect(t, map[string]any{
		"repositoryId": "app", "project": "test-project", "location": "asia-northeast1",
		"format": "DOCKER", "mode": "STANDARD_REPOSITORY",
		"dockerConfig.immutableTags": true, "cleanupPolicyDryRun": true, "cleanupPolicies": nil, "kmsKeyName": nil,
	})
}

func TestProtectionReachesTheImages(t *testing.T) {
	args := valid()
	args.Cache = &registry.Cache{Name: "hub"}
	below := componentstest.Program(registry.New, "images", pulumi.Protect(true))
	all := componentstest.Runner(below)(t, args)
	for _, repository := range all.OfType(repositoryType) {
		require.True(t, repository.Protect, repository.Name)
	}
}

func TestGrants(t *testing.T) {
	args := valid()
	args.Readers, args.Writers = members("nodes", "serviceAccount:n@p.iam.gserviceaccount.com"), members("ci", "group:ci@example.com")
	args.Cache = &registry.Cache{Name: "hub"}
	all := run(t, args)
	for name, want := range map[string][]any{
		"images-reader-nodes":       {"app", "roles/artifactregistry.reader", "serviceAccount:n@p.iam.gserviceaccount.com"},
		"images-cache-reader-nodes": {"hub", "roles/artifactregistry.reader", "serviceAccount:n@p.iam.gserviceaccount.com"},
		"images-writer-ci":          {"app", "roles/artifactregistry.writer", "group:ci@example.com"},
	} {
		grant := all.One(t, memberType, name)
		require.Equal(t, want, []any{grant.Get("repository"), grant.Get("role"), grant.Get("member")}, name)
		require.Equal(t, []any{"test-project", "asia-northeast1"}, []any{grant.Get("project"), grant.Get("location")}, name)
	}
}

func TestCleanup(t *testing.T) {
	args := valid()
	args.ApplyCleanup = true
	args.Cleanup = map[string]registry.Policy{"recent": keep, "old": {Action: "DELETE", OlderThanDays: 30}}
	all := run(t, args)
	repository := all.One(t, repositoryType)
	require.Equal(t, false, repository.Get("cleanupPolicyDryRun"))
	require.Equal(t, []any{
		map[string]any{"id": "old", "action": "DELETE", "condition": map[string]any{"olderThan": "2592000s", "tagState": "ANY"}},
		map[string]any{"id": "recent", "action": "KEEP", "mostRecentVersions": map[string]any{"keepCount": 10.0}},
	}, repository.Get("cleanupPolicies"))
}

func TestCache(t *testing.T) {
	args := valid()
	args.Cache = &registry.Cache{Name: "hub", DeleteOlderThanDays: 7}
	all := run(t, args)
	cache := all.One(t, repositoryType, "images-cache")
	require.Equal(t, "REMOTE_REPOSITORY", cache.Get("mode"))
	require.Equal(t, map[string]any{"publicRepository": "DOCKER_HUB"}, cache.Get("remoteRepositoryConfig.dockerRepository"))
	require.Equal(t, "604800s", cache.Get("cleanupPolicies[0].condition.olderThan"))
	require.Nil(t, cache.Get("dockerConfig"))
}

func TestOutputs(t *testing.T) {
	want := map[string]any{
		"name": "app", "id": "projects/test-project/locations/asia-northeast1/repositories/app", "location": "asia-northeast1",
		"url": "asia-northeast1-docker.pkg.dev/test-project/app", "cacheName": "", "cacheUrl": "",
	}
	require.Equal(t, want, componentstest.Outputs(t, registry.New, valid()))

	args := valid()
	args.Cache = &registry.Cache{Name: "hub"}
	want["cacheName"], want["cacheUrl"] = "hub", "asia-northeast1-docker.pkg.dev/test-project/hub"
	require.Equal(t, want, componentstest.Outputs(t, registry.New, args))
}

func TestRefusals(t *testing.T) {
	policies := func(list ...registry.Policy) func(*registry.Args) {
		return func(a *registry.Args) {
			a.Cleanup = map[string]registry.Policy{"keep": keep}
			for i, policy := range list {
				a.Cleanup[fmt.Sprintf("p%d", i)] = policy
			}
		}
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[registry.Args]{
		"name":     {func(a *registry.Args) { a.Name = "App" }, `name "App"`},
		"project":  {func(a *registry.Args) { a.Project = "" }, "project is required"},
		"location": {func(a *registry.Args) { a.Location = "asia-northeast1-a" }, `location "asia-northeast1-a"`},
		"label":    {func(a *registry.Args) { a.Labels = map[string]string{"Team": "web"} }, `labels["Team"] "web"`},
		"eleven":   {policies(make([]registry.Policy, 10)...), "11 policies, want at most 10"},
		"delete all": {func(a *registry.Args) {
			a.Cleanup = map[string]registry.Policy{"old": {Action: "DELETE", OlderThanDays: 9}}
		}, "needs a KEEP policy"},
		"untagged, mutable": {func(a *registry.Args) {
			policies(registry.Policy{Action: "DELETE", TagState: "UNTAGGED"})(a)
			a.AllowMutableTags = true
		}, `cleanup["p0"].tagState "UNTAGGED"`},
		"any, mutable": {func(a *registry.Args) {
			policies(registry.Policy{Action: "DELETE", OlderThanDays: 30})(a)
			a.AllowMutableTags = true
		}, `cleanup["p0"].tagState ""`},
		"policy id":         {func(a *registry.Args) { a.Cleanup = map[string]registry.Policy{"": keep} }, `cleanup[""]: want an id`},
		"action":            {policies(registry.Policy{Action: "delete", OlderThanDays: 1}), `cleanup["p0"].action "delete"`},
		"tag state":         {policies(registry.Policy{Action: "DELETE", TagState: "untagged"}), `cleanup["p0"].tagState "untagged"`},
		"prefix of any tag": {policies(registry.Policy{Action: "KEEP", TagPrefixes: []string{"v"}}), "need the tagState TAGGED"},
		"empty prefix":      {policies(registry.Policy{Action: "KEEP", PackagePrefixes: []string{""}}), "matches everything"},
		"negative age":      {policies(registry.Policy{Action: "KEEP", OlderThanDays: -1}), "olderThanDays -1"},
		"no criterion":      {policies(registry.Policy{Action: "DELETE"}), "says nothing of what to delete"},
		"delete most":       {policies(registry.Policy{Action: "DELETE", KeepCount: 1}), "goes with the action KEEP"},
		"two criteria":      {policies(registry.Policy{Action: "KEEP", KeepCount: 1, NewerThanDays: 1}), "only packagePrefixes"},
		"public":            {func(a *registry.Args) { a.Readers = members("all", "allUsers") }, `readers["all"] "allUsers": want one principal`},
		"member":            {func(a *registry.Args) { a.Writers = members("ci", "ci@example.com") }, `writers["ci"] "ci@example.com"`},
		"member key":        {func(a *registry.Args) { a.Writers = members("CI", "group:ci@example.com") }, `writers["CI"]: want a key`},
		"no member":         {func(a *registry.Args) { a.Readers = map[string]pulumi.StringInput{"ci": nil} }, `readers["ci"]: want a principal`},
		"cache name":        {func(a *registry.Args) { a.Cache = &registry.Cache{} }, `cache.name ""`},
		"same name":         {func(a *registry.Args) { a.Cache = &registry.Cache{Name: "app"} }, "the name of the registry itself"},
		"upstream":          {func(a *registry.Args) { a.Cache = &registry.Cache{Name: "hub", Upstream: "ghcr.io"} }, `cache.upstream "ghcr.io"`},
		"half a login":      {func(a *registry.Args) { a.Cache = &registry.Cache{Name: "hub", Username: "u"} }, "go together"},
		"cache age":         {func(a *registry.Args) { a.Cache = &registry.Cache{Name: "hub", DeleteOlderThanDays: -1} }, "deleteOlderThanDays -1"},
	})
}

func TestEveryProblemAtOnce(t *testing.T) {
	componentstest.ReportsAll(t, &registry.Args{Cache: &registry.Cache{}}, "name", "project", "location", "cache.name")
}

// full sets every field that goes together.
func full() *registry.Args {
	return &registry.Args{
		Name: "app", Project: "test-project", Location: "asia-northeast1", Description: "Images",
		Labels: map[string]string{"team": "web"}, KMSKey: key("k"),
		Cleanup: map[string]registry.Policy{"releases": {
			Action: "KEEP", OlderThanDays: 1, NewerThanDays: 90, TagState: "TAGGED",
			TagPrefixes: []string{"v"}, VersionPrefixes: []string{"sha256:a"}, PackagePrefixes: []string{"api"},
		}},
		Readers: members("nodes", "group:nodes@example.com"), Writers: members("ci", "group:ci@example.com"),
		Cache: &registry.Cache{
			Name: "ghcr", Upstream: "https://ghcr.io", Username: "u", DeleteOlderThanDays: 7,
			PasswordSecretVersion: pulumi.String("projects/p/secrets/s/versions/1"),
		},
	}
}

func key(name string) pulumi.String {
	return pulumi.String("projects/p/locations/asia-northeast1/keyRings/r/cryptoKeys/" + name)
}

func TestEveryInputMatters(t *testing.T) {
	// What another input of full excludes, alone on the smallest arguments.
	apart := map[string]func(*registry.Args){
		"Location": func(a *registry.Args) { a.Location = "asia" },
		"Cleanup[releases].KeepCount": func(a *registry.Args) {
			a.Cleanup = map[string]registry.Policy{"keep": {Action: "KEEP", KeepCount: 5}}
		},
		"Cleanup[releases].TagState": func(a *registry.Args) {
			a.Cleanup = map[string]registry.Policy{"keep": {Action: "KEEP", TagState: "UNTAGGED"}}
		},
		"Cleanup[releases].Action": func(a *registry.Args) {
			a.Cleanup = map[string]registry.Policy{"keep": keep, "old": {Action: "DELETE", OlderThanDays: 5}}
		},
	}
	vary := componentstest.Vary{Exempt: map[string]string{}, Values: map[string]any{
		"KMSKey":         key("other"),
		"Readers[nodes]": pulumi.String("group:other@example.com"), "Writers[ci]": pulumi.String("group:other@example.com"),
		"Cache.PasswordSecretVersion": pulumi.String("projects/p/secrets/s/versions/2"),
	}}
	for path := range apart {
		vary.Exempt[path] = "another input excludes it: see apart"
	}
	componentstest.NoDeadInput(t, full, program, vary)

	base := run(t, valid())
	for path, change := range apart {
		args := valid()
		change(args)
		all := run(t, args)
		require.NotEqual(t, base.One(t, repositoryType).Inputs, all.One(t, repositoryType).Inputs, path)
	}
}
