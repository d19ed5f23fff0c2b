// Package projects gives the sandbox the structure of the SDK package of the same name.
package projects

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:projects/iAMCustomRole:IAMCustomRole", projects.IAMCustomRoleArgs{}, projects.IAMCustomRole{})
	sandbox.Describe("gcp:projects/iAMMember:IAMMember", projects.IAMMemberArgs{}, projects.IAMMember{})
	sandbox.Describe("gcp:projects/service:Service", projects.ServiceArgs{}, projects.Service{})
}
