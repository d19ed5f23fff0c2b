// Package sql gives the sandbox the structure of the SDK package of the same name.
package sql

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/sql"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:sql/database:Database", sql.DatabaseArgs{}, sql.Database{})
	sandbox.Describe("gcp:sql/databaseInstance:DatabaseInstance", sql.DatabaseInstanceArgs{}, sql.DatabaseInstance{})
	sandbox.Describe("gcp:sql/user:User", sql.UserArgs{}, sql.User{})
}
