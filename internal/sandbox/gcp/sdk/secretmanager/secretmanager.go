// Package secretmanager gives the sandbox the structure of the SDK package of the same name.
package secretmanager

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/secretmanager"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:secretmanager/secret:Secret", secretmanager.SecretArgs{}, secretmanager.Secret{})
	sandbox.Describe("gcp:secretmanager/secretIamMember:SecretIamMember", secretmanager.SecretIamMemberArgs{}, secretmanager.SecretIamMember{})
}
