package gcp

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const repositoryType = "gcp:artifactregistry/repository:Repository"

func artifactregistryKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:    repositoryType,
			ID:      "projects/{project}/locations/{location}/repositories/{repositoryId}",
			Names:   []string{"{repositoryId}"},
			Outputs: map[string]string{"name": "{repositoryId}"},
			// The provider's region would do for a location; here the program has to say it.
			Required: []string{"location", "cleanupPolicies[].action"},
			Defaults: map[string]any{
				"mode":                                 "STANDARD_REPOSITORY",
				"cleanupPolicies[].condition.tagState": "ANY",
			},
			Computed: []string{"remoteRepositoryConfig.dockerRepository.publicRepository"}, // DOCKER_HUB
			Replace: []string{
				"repositoryId", "project", "location", "format", "mode", "kmsKeyName", "mavenConfig.allowSnapshotOverwrites",
				"mavenConfig.versionPolicy", "remoteRepositoryConfig.description", "remoteRepositoryConfig.aptRepository",
				"remoteRepositoryConfig.dockerRepository", "remoteRepositoryConfig.mavenRepository",
				"remoteRepositoryConfig.npmRepository", "remoteRepositoryConfig.pythonRepository",
				"remoteRepositoryConfig.upstreamCredentials", "remoteRepositoryConfig.yumRepository",
			},
			Rules: repositoryRules(),
			Checks: []sandbox.Check{
				cleanupPolicies, modeConfig, keyInLocation,
				sandbox.Exclusive("remoteRepositoryConfig", "virtualRepositoryConfig"),
				oneUpstream,
				sandbox.Exclusive("remoteRepositoryConfig.dockerRepository.publicRepository",
					"remoteRepositoryConfig.dockerRepository.customRepository"),
			},
			Refs: map[string]sandbox.Ref{
				"kmsKeyName": sandbox.Names("gcp:kms/cryptoKey:CryptoKey"),
				"virtualRepositoryConfig.upstreamPolicies[].repository": sandbox.Names(repositoryType),
			},
		},
		{
			Type:     "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
			ID:       "projects/{project}/locations/{location}/repositories/{repository}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("repository"))) },
			Required: []string{"location"},
			Additive: true,
			Replace:  []string{"repository", "location", "project", "role", "member", "condition"},
			Rules: map[string]sandbox.Rule{
				"repository": sandbox.Match(`^(projects/[^/]+/locations/[^/]+/repositories/)?`+repositoryID+`$`, "a repository's id or full name"),
				"location":   registryLocation,
				"role":       roleRule,
				"member":     memberRule,
			},
			Refs: map[string]sandbox.Ref{"repository": sandbox.Names(repositoryType)},
		},
	}
}

const repositoryID = `[a-z]([a-z0-9-]{0,61}[a-z0-9])?`

var registryLocation = sandbox.Match(`^[a-z]+(-[a-z]+[0-9]+)?$`, `a region or a multi-region, such as "asia-northeast1" or "europe"`)

func repositoryRules() map[string]sandbox.Rule {
	// Protocol Buffers' JSON form of a duration; the API takes no "30d".
	duration := sandbox.Match(`^[0-9]+(\.[0-9]{1,9})?s$`, `seconds, such as "2592000s"`)
	return map[string]sandbox.Rule{
		// https://cloud.google.com/artifact-registry/docs/repositories/create-repos
		"repositoryId": sandbox.Match(`^`+repositoryID+`$`, "1 to 63 lower-case letters, digits and inner hyphens, a letter first"),
		"location":     registryLocation,
		// The provider takes any case and leaves the refusal to the API.
		"format":     sandbox.OneOf("DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "KFP", "GENERIC"),
		"mode":       sandbox.OneOf("STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"),
		"kmsKeyName": sandbox.Match(`^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$`, "the full name of a key"),
		"labels":     sandbox.Items(0, 64),
		"labels{}":   sandbox.Match(`^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$`, "at most 63 lower-case letters, digits, hyphens, underscores"),
		// https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy-overview
		"cleanupPolicies":                                              sandbox.Items(0, 10),
		"cleanupPolicies[].id":                                         sandbox.Match(`^.{1,127}$`, "1 to 127 characters"),
		"cleanupPolicies[].action":                                     sandbox.OneOf("DELETE", "KEEP"),
		"cleanupPolicies[].condition.tagState":                         sandbox.OneOf("TAGGED", "UNTAGGED", "ANY"),
		"cleanupPolicies[].condition.olderThan":                        duration,
		"cleanupPolicies[].condition.newerThan":                        duration,
		"cleanupPolicies[].mostRecentVersions.keepCount":               sandbox.Between(1, 1e6),
		"virtualRepositoryConfig.upstreamPolicies[].priority":          sandbox.Between(1, 65535),
		"remoteRepositoryConfig.dockerRepository.publicRepository":     sandbox.OneOf("DOCKER_HUB"),
		"remoteRepositoryConfig.dockerRepository.customRepository.uri": sandbox.Match(`^https://\S+$`, `a registry, such as "https://ghcr.io"`),
		"remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials.passwordSecretVersion": sandbox.Match(
			`^projects/[^/]+/secrets/[^/]+/versions/[^/]+$`, `a version, such as "projects/P/secrets/S/versions/1"`),
	}
}

// cleanupPolicies wants of each policy one criterion that fits its action, and
// ids that differ (SDK, RepositoryCleanupPolicy).
func cleanupPolicies(o *sandbox.Object) error {
	var err error
	ids := map[string]bool{}
	o.Each("cleanupPolicies[]", func(at string, v resource.PropertyValue) {
		policy := &sandbox.Object{Props: v.ObjectValue()}
		id := policy.Str("id")
		switch {
		case err != nil:
		case ids[id]:
			err = sandbox.Problem{Path: at + ".id", Reason: fmt.Sprintf("%q is given twice", id)}
		case policy.Has("condition") == policy.Has("mostRecentVersions"):
			err = sandbox.Problem{Path: at, Reason: "want exactly one of condition, mostRecentVersions"}
		case policy.Str("action") == "DELETE" && policy.Has("mostRecentVersions"):
			err = sandbox.Problem{Path: at + ".mostRecentVersions", Reason: "only with the action KEEP"}
		}
		ids[id] = policy.Known("id")
	})
	return err
}

// modeConfig wants the configuration that belongs to the mode and no other.
func modeConfig(o *sandbox.Object) error {
	if !o.Known("mode") {
		return nil
	}
	for _, mode := range []string{"REMOTE", "VIRTUAL"} {
		config := strings.ToLower(mode) + "RepositoryConfig"
		if is := o.Str("mode") == mode+"_REPOSITORY"; is != o.Has(config) {
			return sandbox.Problem{Path: config, Reason: fmt.Sprintf("goes with the mode %s_REPOSITORY; the mode is %s", mode, o.Str("mode"))}
		}
	}
	if o.Str("mode") != "STANDARD_REPOSITORY" && o.Bool("dockerConfig.immutableTags") {
		return sandbox.Problem{Path: "dockerConfig.immutableTags", Reason: "only in a standard repository"}
	}
	return nil
}

// keyInLocation wants the key to be where the data is.
// https://cloud.google.com/artifact-registry/docs/cmek
func keyInLocation(o *sandbox.Object) error {
	if key := o.Str("kmsKeyName"); key != "" && o.Known("location") && !strings.Contains(key, "/locations/"+o.Str("location")+"/") {
		return sandbox.Problem{Path: "kmsKeyName", Reason: fmt.Sprintf("the key is not in %s", o.Str("location"))}
	}
	return nil
}

// oneUpstream wants what a remote repository fetches from.
func oneUpstream(o *sandbox.Object) error {
	if !o.Has("remoteRepositoryConfig") {
		return nil
	}
	var kinds []string
	for _, kind := range []string{"apt", "docker", "maven", "npm", "python", "yum"} {
		kinds = append(kinds, "remoteRepositoryConfig."+kind+"Repository")
	}
	return sandbox.ExactlyOne(kinds...)(o)
}
