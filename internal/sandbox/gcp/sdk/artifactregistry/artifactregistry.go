// Package artifactregistry gives the sandbox the structure of the SDK package of the same name.
package artifactregistry

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/artifactregistry"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:artifactregistry/repository:Repository", artifactregistry.RepositoryArgs{}, artifactregistry.Repository{})
	sandbox.Describe("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", artifactregistry.RepositoryIamMemberArgs{}, artifactregistry.RepositoryIamMember{})
}
