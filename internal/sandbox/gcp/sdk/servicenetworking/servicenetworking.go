// Package servicenetworking gives the sandbox the structure of the SDK package of the same name.
package servicenetworking

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/servicenetworking"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:servicenetworking/connection:Connection", servicenetworking.ConnectionArgs{}, servicenetworking.Connection{})
}
