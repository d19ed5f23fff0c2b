package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

var validSQLInstance = props{
	"name": "main-g1", "region": "asia-northeast1", "databaseVersion": "POSTGRES_17",
	"settings.tier": "db-custom-2-7680", "settings.availabilityType": "REGIONAL",
	"settings.backupConfiguration.enabled": true, "settings.backupConfiguration.pointInTimeRecoveryEnabled": true,
	"settings.ipConfiguration.ipv4Enabled":    false,
	"settings.ipConfiguration.privateNetwork": "projects/p/global/networks/main",
}

func TestSQLInstance(t *testing.T) {
	id, state, err := registered(t, sqlInstanceType, validSQLInstance)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/instances/main-g1", id)
	require.Equal(t, "test-project:asia-northeast1:main-g1", state["connectionName"])
	require.Equal(t, true, state["deletionProtection"], "the provider protects by default")
	require.Regexp(t, `^10\.\d+\.\d+\.\d+$`, state["privateIpAddress"])
	require.Equal(t, state["privateIpAddress"], state["firstIpAddress"])
	require.Empty(t, state["publicIpAddress"])
	require.Regexp(t, `^p\d+-\d+@gcp-sa-cloud-sql\.iam\.gserviceaccount\.com$`, state["serviceAccountEmailAddress"])
	require.Len(t, state["serverCaCerts"], 1)
	require.Equal(t, "PD_SSD", state["settings"].(props)["diskType"])
}

func TestSQLInstanceVariants(t *testing.T) {
	judged(t, sqlInstanceType, validSQLInstance, map[string]verdict{
		"shared core":  {props{"settings.tier": "db-f1-micro", "settings.availabilityType": "ZONAL"}, ""},
		"plus":         {props{"settings.tier": "db-perf-optimized-N-2", "settings.edition": "ENTERPRISE_PLUS", "settings.dataCacheConfig.dataCacheEnabled": true}, ""},
		"one vCPU":     {props{"settings.tier": "db-custom-1-3840"}, ""},
		"most memory":  {props{"settings.tier": "db-custom-2-13312"}, ""},
		"public range": {props{"settings.ipConfiguration.authorizedNetworks[0].value": "203.0.113.0/24"}, ""},
		"psc": {props{
			"settings.ipConfiguration.privateNetwork":           nil,
			"settings.ipConfiguration.pscConfigs[0].pscEnabled": true,
		}, ""},
		"replica": {props{
			"masterInstanceName": "main-g0", "settings.availabilityType": "ZONAL",
			"settings.backupConfiguration": nil,
		}, ""},
	})
}

func TestSQLInstanceRefusals(t *testing.T) {
	judged(t, sqlInstanceType, validSQLInstance, map[string]verdict{
		"name":            {props{"name": "Main"}, `name: "Main"`},
		"engine":          {props{"databaseVersion": "MYSQL_8_0"}, "a version of PostgreSQL"},
		"region":          {props{"region": "tokyo"}, `"tokyo": want a region`},
		"predefined tier": {props{"settings.tier": "db-n1-standard-2"}, "only custom, shared-core"},
		"odd vCPUs":       {props{"settings.tier": "db-custom-3-7680"}, "3 vCPUs"},
		"odd memory":      {props{"settings.tier": "db-custom-2-7700"}, "7700 MB"},
		"little memory":   {props{"settings.tier": "db-custom-8-6144"}, "6144 MB"},
		"much memory":     {props{"settings.tier": "db-custom-4-26880"}, "26880 MB"},
		"least memory":    {props{"settings.tier": "db-custom-1-3584"}, "3584 MB"},
		"tier of plus":    {props{"settings.edition": "ENTERPRISE_PLUS"}, "not a machine type of edition ENTERPRISE_PLUS"},
		"cache":           {props{"settings.dataCacheConfig.dataCacheEnabled": true}, "needs edition ENTERPRISE_PLUS"},
		"no backups":      {props{"settings.backupConfiguration": nil}, "REGIONAL needs backups"},
		"no recovery":     {props{"settings.backupConfiguration.pointInTimeRecoveryEnabled": false}, "REGIONAL needs backups"},
		"recovery alone":  {props{"settings.backupConfiguration.enabled": false}, "needs backups"},
		"binary log":      {props{"settings.backupConfiguration.binaryLogEnabled": true}, "only be used with MySQL"},
		"logs":            {props{"settings.backupConfiguration.transactionLogRetentionDays": 8}, "more than 7 needs edition"},
		"start":           {props{"settings.backupConfiguration.startTime": "24:00"}, "HH:MM"},
		"replica backups": {props{"masterInstanceName": "main-g0"}, "no backups of its own"},
		"no address":      {props{"settings.ipConfiguration.privateNetwork": nil}, "at least one of public IP"},
		"psc and public": {props{"settings.ipConfiguration": props{"pscConfigs": []any{props{"pscEnabled": true}}}},
			"together with public IP"},
		"network":          {props{"settings.ipConfiguration.privateNetwork": "main"}, `"main": want`},
		"private range":    {props{"settings.ipConfiguration.authorizedNetworks[0].value": "10.0.0.0/8"}, "no public range"},
		"host bits":        {props{"settings.ipConfiguration.authorizedNetworks[0].value": "203.0.113.1/24"}, "host bits"},
		"ssl":              {props{"settings.ipConfiguration.sslMode": "ON"}, `"ON" is none of`},
		"enforcement":      {props{"settings.connectorEnforcement": "YES"}, `"YES" is none of`},
		"disk":             {props{"settings.diskSize": 5}, "not between 10"},
		"disk limit":       {props{"settings.diskSize": 50, "settings.diskAutoresizeLimit": 20}, "below diskSize"},
		"disk type":        {props{"settings.diskType": "pd-ssd"}, `"pd-ssd" is none of`},
		"day":              {props{"settings.maintenanceWindow.day": 0}, "not between 1 and 7"},
		"track":            {props{"settings.maintenanceWindow.updateTrack": "fast"}, `"fast" is none of`},
		"month":            {props{"settings.denyMaintenancePeriod": props{"startDate": "01-05", "endDate": "1-09", "time": "00:00:00"}}, "leading zero"},
		"collation":        {props{"settings.collation": "C"}, "SQL Server only"},
		"flag twice":       {props{"settings.databaseFlags": []any{props{"name": "a", "value": "1"}, props{"name": "a", "value": "2"}}}, "given twice"},
		"no tier":          {props{"settings.tier": nil}, "settings.tier: missing required property"},
		"no settings":      {props{"settings": nil}, "settings: missing"},
		"path to services": {props{"settings.ipConfiguration": props{"enablePrivatePathForGoogleCloudServices": true}}, "needs a private network"},
	})
}

func TestSQLInstanceIsGuardedAtEachLevel(t *testing.T) {
	kind, err := Package().Kind(sqlInstanceType)
	require.NoError(t, err)
	for name, change := range map[string]props{
		"by the provider": {"deletionProtection": true, "settings.deletionProtectionEnabled": false},
		"by the API":      {"deletionProtection": false, "settings.deletionProtectionEnabled": true},
	} {
		require.Error(t, guard(t, kind, change), name)
	}
	require.NoError(t, guard(t, kind, props{"deletionProtection": false, "settings.deletionProtectionEnabled": false}))
}

func TestSQLDatabaseAndUser(t *testing.T) {
	const database, user = "gcp:sql/database:Database", "gcp:sql/user:User"
	validDatabase := props{"name": "app", "instance": "main-g1"}
	id, state, err := registered(t, database, validDatabase)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/instances/main-g1/databases/app", id)
	require.Equal(t, []any{"UTF8", "en_US.UTF8", "DELETE"}, []any{state["charset"], state["collation"], state["deletionPolicy"]})
	judged(t, database, validDatabase, map[string]verdict{
		"collation": {props{"collation": "ja_JP.UTF8"}, "is none of en_US.UTF8"},
		"policy":    {props{"deletionPolicy": "KEEP"}, "is none of ABANDON"},
		"system":    {props{"name": "postgres"}, "from the start"},
		"name":      {props{"name": "1st"}, "no digit first"},
	})

	validUser := props{"name": "api@p.iam", "instance": "main-g1", "type": "CLOUD_IAM_SERVICE_ACCOUNT"}
	id, _, err = registered(t, user, validUser)
	require.NoError(t, err)
	require.Equal(t, "test-project/main-g1/api@p.iam", id)
	for _, other := range []props{
		{"type": "CLOUD_IAM_GROUP", "name": "dba@example.com"},
		{"type": "CLOUD_IAM_USER", "name": "ann@example.com"},
		{"type": nil, "name": "legacy", "password": "x"},
	} {
		_, _, err = registered(t, user, validUser, other)
		require.NoError(t, err, other)
	}
	judged(t, user, validUser, map[string]verdict{
		"suffix":      {props{"name": "api@p.iam.gserviceaccount.com"}, "without"},
		"no account":  {props{"name": "api"}, "want the account's email"},
		"upper case":  {props{"name": "API@p.iam"}, "lower case"},
		"password":    {props{"password": "x"}, "has none"},
		"no password": {props{"type": nil}, "password: missing"},
		"host":        {props{"host": "%"}, "only supported for MySQL"},
		"type":        {props{"type": "IAM"}, `"IAM" is none of`},
		"group":       {props{"type": "CLOUD_IAM_GROUP", "name": "dba"}, "no email address"},
	})
}

func guard(t *testing.T, kind *sandbox.Kind, change props) error {
	t.Helper()
	return kind.Guard(&sandbox.Object{Kind: kind, Props: given(t, change)})
}
