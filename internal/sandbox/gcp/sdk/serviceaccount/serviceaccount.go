// Package serviceaccount gives the sandbox the structure of the SDK package of the same name.
package serviceaccount

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:serviceaccount/account:Account", serviceaccount.AccountArgs{}, serviceaccount.Account{})
	sandbox.Describe("gcp:serviceaccount/iAMMember:IAMMember", serviceaccount.IAMMemberArgs{}, serviceaccount.IAMMember{})
}
