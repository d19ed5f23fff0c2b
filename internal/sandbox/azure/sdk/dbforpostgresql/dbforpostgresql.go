// Package dbforpostgresql gives the sandbox the structure of the types of azure-native:dbforpostgresql.
package dbforpostgresql

import (
	"ai-worker/components/azure/sdk/dbforpostgresql"
	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe(dbforpostgresql.ServerType, dbforpostgresql.ServerArgs{}, dbforpostgresql.Server{})
	sandbox.Describe(dbforpostgresql.DatabaseType, dbforpostgresql.DatabaseArgs{}, dbforpostgresql.Database{})
	sandbox.Describe(dbforpostgresql.AdministratorType, dbforpostgresql.AdministratorArgs{}, dbforpostgresql.Administrator{})
	sandbox.Describe(dbforpostgresql.ConfigurationType, dbforpostgresql.ConfigurationArgs{}, dbforpostgresql.Configuration{})
}
