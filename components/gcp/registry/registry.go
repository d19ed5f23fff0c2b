// Package registry is a Docker repository in Artifact Registry with immutable
// tags, and optionally a pull-through cache of another registry beside it.
//
// Children of a Registry called NAME:
//
//	NAME-repository         gcp:artifactregistry/repository:Repository                    always
//	NAME-cache              gcp:artifactregistry/repository:Repository                    with Args.Cache
//	NAME-reader-KEY         gcp:artifactregistry/repositoryIamMember:RepositoryIamMember  one for each of Args.Readers
//	NAME-cache-reader-KEY   gcp:artifactregistry/repositoryIamMember:RepositoryIamMember  the same, with Args.Cache
//	NAME-writer-KEY         gcp:artifactregistry/repositoryIamMember:RepositoryIamMember  one for each of Args.Writers
//
// Deleting a repository deletes its images, and the API has no guard against
// it, so Pulumi protects both unless AllowDeletion.
//
// Version 7 of the provider cannot switch vulnerability scanning per repository:
// it follows the API containerscanning.googleapis.com of the project. A virtual
// repository over both is left out on purpose: an image is named by the
// repository that it comes from, and so cannot be shadowed by the other.
package registry

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/artifactregistry"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Registry"

// Registry is the component; its tagged fields are its outputs.
type Registry struct {
	pulumi.ResourceState

	Name     pulumi.StringOutput `pulumi:"name"`     // Name is the repository's id, for grants.
	ID       pulumi.StringOutput `pulumi:"id"`       // ID is its full name, "projects/P/locations/L/repositories/NAME".
	Location pulumi.StringOutput `pulumi:"location"` // Location is where it and its cache are.
	URL      pulumi.StringOutput `pulumi:"url"`      // URL is what an image's name begins with, without a slash at the end.
	// CacheName and CacheURL are those of the cache, empty where there is none.
	CacheName pulumi.StringOutput `pulumi:"cacheName"`
	CacheURL  pulumi.StringOutput `pulumi:"cacheUrl"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Registry, error) {
	c := &Registry{}
	build := func(child components.Child) error {
		repository, err := artifactregistry.NewRepository(ctx, child.Name("repository"), args.repository(), child.Opts(args.protection()))
		if err != nil {
			return fmt.Errorf("repository: %w", err)
		}
		if err := grant(ctx, child, "reader", repository, "roles/artifactregistry.reader", args.Readers); err != nil {
			return err
		}
		if err := grant(ctx, child, "writer", repository, "roles/artifactregistry.writer", args.Writers); err != nil {
			return err
		}
		c.Name, c.ID = repository.RepositoryId, repository.ID().ToStringOutput()
		c.Location, c.URL = repository.Location, url(repository)
		c.CacheName, c.CacheURL = pulumi.String("").ToStringOutput(), pulumi.String("").ToStringOutput()
		if args.Cache == nil {
			return nil
		}
		cache, err := artifactregistry.NewRepository(ctx, child.Name("cache"), args.cache(), child.Opts(args.protection()))
		if err != nil {
			return fmt.Errorf("cache: %w", err)
		}
		c.CacheName, c.CacheURL = cache.RepositoryId, url(cache)
		return grant(ctx, child, "cache-reader", cache, "roles/artifactregistry.reader", args.Readers)
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) protection() pulumi.ResourceOption { return pulumi.Protect(!a.AllowDeletion) }

func url(r *artifactregistry.Repository) pulumi.StringOutput {
	return pulumi.Sprintf("%s-docker.pkg.dev/%s/%s", r.Location, r.Project, r.RepositoryId)
}

// grant gives members a role on a repository, each by a grant of its own, so
// that what others have granted stays.
func grant(
	ctx *pulumi.Context, child components.Child, kind string, r *artifactregistry.Repository, role string,
	members map[string]pulumi.StringInput,
) error {
	for _, key := range slices.Sorted(maps.Keys(members)) {
		_, err := artifactregistry.NewRepositoryIamMember(ctx, child.Name(kind, key), &artifactregistry.RepositoryIamMemberArgs{
			Project: r.Project, Location: r.Location, Repository: r.RepositoryId,
			Role: pulumi.String(role), Member: members[key],
		}, child.Opts())
		if err != nil {
			return fmt.Errorf("%s %q: %w", kind, key, err)
		}
	}
	return nil
}

func (a *Args) repository() *artifactregistry.RepositoryArgs {
	r := a.common(a.Name, "STANDARD_REPOSITORY")
	r.Description = gcp.Text(a.Description)
	r.DockerConfig = &artifactregistry.RepositoryDockerConfigArgs{ImmutableTags: pulumi.Bool(!a.AllowMutableTags)}
	var policies artifactregistry.RepositoryCleanupPolicyArray
	for _, id := range slices.Sorted(maps.Keys(a.Cleanup)) {
		policies = append(policies, a.Cleanup[id].args(id))
	}
	r.CleanupPolicies = policies
	return r
}

func (a *Args) cache() *artifactregistry.RepositoryArgs {
	c := a.Cache
	docker := &artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs{}
	if c.Upstream == "" {
		docker.PublicRepository = pulumi.String("DOCKER_HUB")
	} else {
		docker.CustomRepository = &artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryCustomRepositoryArgs{
			Uri: pulumi.String(c.Upstream),
		}
	}
	upstream := cmp.Or(c.Upstream, "Docker Hub")
	remote := &artifactregistry.RepositoryRemoteRepositoryConfigArgs{
		Description: pulumi.String(upstream), DockerRepository: docker,
	}
	if c.PasswordSecretVersion != nil {
		remote.UpstreamCredentials = &artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs{
			UsernamePasswordCredentials: &artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsUsernamePasswordCredentialsArgs{
				Username:              pulumi.String(c.Username),
				PasswordSecretVersion: c.PasswordSecretVersion.ToStringOutput().ToStringPtrOutput(),
			},
		}
	}
	r := a.common(c.Name, "REMOTE_REPOSITORY")
	r.Description = pulumi.String("Pull-through cache of " + upstream)
	r.RemoteRepositoryConfig = remote
	if c.DeleteOlderThanDays != 0 {
		policy := Policy{Action: "DELETE", OlderThanDays: c.DeleteOlderThanDays}
		r.CleanupPolicies = artifactregistry.RepositoryCleanupPolicyArray{policy.args("delete-old")}
	}
	return r
}

// common is what both repositories have.
func (a *Args) common(id, mode string) *artifactregistry.RepositoryArgs {
	r := &artifactregistry.RepositoryArgs{
		RepositoryId:        pulumi.String(id),
		Project:             pulumi.String(a.Project),
		Location:            pulumi.String(a.Location),
		Format:              pulumi.String("DOCKER"),
		Mode:                pulumi.String(mode),
		CleanupPolicyDryRun: pulumi.Bool(!a.ApplyCleanup),
		Labels:              gcp.TextMap(a.Labels),
	}
	if a.KMSKey != nil {
		r.KmsKeyName = a.KMSKey.ToStringOutput().ToStringPtrOutput()
	}
	return r
}

func (y Policy) args(id string) *artifactregistry.RepositoryCleanupPolicyArgs {
	policy := &artifactregistry.RepositoryCleanupPolicyArgs{Id: pulumi.String(id), Action: pulumi.String(y.Action)}
	if y.KeepCount != 0 {
		policy.MostRecentVersions = &artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs{
			KeepCount: pulumi.Int(y.KeepCount), PackageNamePrefixes: gcp.Texts(y.PackagePrefixes),
		}
		return policy
	}
	policy.Condition = &artifactregistry.RepositoryCleanupPolicyConditionArgs{
		OlderThan: days(y.OlderThanDays), NewerThan: days(y.NewerThanDays),
		TagState:    pulumi.String(cmp.Or(y.TagState, "ANY")),
		TagPrefixes: gcp.Texts(y.TagPrefixes), VersionNamePrefixes: gcp.Texts(y.VersionPrefixes), PackageNamePrefixes: gcp.Texts(y.PackagePrefixes),
	}
	return policy
}

// days is an age as the API takes it, in seconds, or nothing.
func days(n int) pulumi.StringPtrInput {
	if n == 0 {
		return nil
	}
	return pulumi.String(fmt.Sprintf("%ds", n*24*60*60))
}
