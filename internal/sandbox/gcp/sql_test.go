package gcp

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

// registered is what the simulated cloud makes of inputs given with dotted paths.
func registered(t *testing.T, typ string, inputs ...map[string]any) (string, map[string]any, error) {
	t.Helper()
	props := resource.NewProperty(resource.PropertyMap{})
	for _, layer := range inputs {
		for path, value := range layer {
			p, err := resource.ParsePropertyPath(path)
			require.NoError(t, err)
			if value == nil {
				p.Delete(props)
				continue
			}
			next, ok := p.Add(props, resource.NewPropertyValue(value))
			require.True(t, ok, path)
			props = next
		}
	}
	config := resource.NewPropertyMapFromMap(map[string]any{"project": "test-project", "region": "asia-northeast1"})
	id, state, err := Package().Register(typ, "n", props.ObjectValue(), config)
	return id, state.Mappable(), err
}

// refusal is one change of valid inputs and what must be said about it.
type refusal struct {
	change map[string]any
	want   string
}

func refused(t *testing.T, typ string, valid map[string]any, cases map[string]refusal) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := registered(t, typ, valid, tc.change)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

var validSQLInstance = map[string]any{
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
	require.Equal(t, "PD_SSD", state["settings"].(map[string]any)["diskType"])
}

func TestSQLInstanceVariants(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"shared core":  {"settings.tier": "db-f1-micro", "settings.availabilityType": "ZONAL"},
		"plus":         {"settings.tier": "db-perf-optimized-N-2", "settings.edition": "ENTERPRISE_PLUS", "settings.dataCacheConfig.dataCacheEnabled": true},
		"one vCPU":     {"settings.tier": "db-custom-1-3840"},
		"most memory":  {"settings.tier": "db-custom-2-13312"},
		"public range": {"settings.ipConfiguration.authorizedNetworks[0].value": "203.0.113.0/24"},
		"psc": {
			"settings.ipConfiguration.privateNetwork":           nil,
			"settings.ipConfiguration.pscConfigs[0].pscEnabled": true,
		},
		"replica": {
			"masterInstanceName": "main-g0", "settings.availabilityType": "ZONAL",
			"settings.backupConfiguration": nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := registered(t, sqlInstanceType, validSQLInstance, change)
			require.NoError(t, err)
		})
	}
}

func TestSQLInstanceRefusals(t *testing.T) {
	refused(t, sqlInstanceType, validSQLInstance, map[string]refusal{
		"name":            {map[string]any{"name": "Main"}, `name: "Main"`},
		"engine":          {map[string]any{"databaseVersion": "MYSQL_8_0"}, "a version of PostgreSQL"},
		"region":          {map[string]any{"region": "tokyo"}, `"tokyo": want a region`},
		"predefined tier": {map[string]any{"settings.tier": "db-n1-standard-2"}, "only custom, shared-core"},
		"odd vCPUs":       {map[string]any{"settings.tier": "db-custom-3-7680"}, "3 vCPUs"},
		"odd memory":      {map[string]any{"settings.tier": "db-custom-2-7700"}, "7700 MB"},
		"little memory":   {map[string]any{"settings.tier": "db-custom-8-6144"}, "6144 MB"},
		"much memory":     {map[string]any{"settings.tier": "db-custom-4-26880"}, "26880 MB"},
		"least memory":    {map[string]any{"settings.tier": "db-custom-1-3584"}, "3584 MB"},
		"tier of plus":    {map[string]any{"settings.edition": "ENTERPRISE_PLUS"}, "not a machine type of edition ENTERPRISE_PLUS"},
		"cache":           {map[string]any{"settings.dataCacheConfig.dataCacheEnabled": true}, "needs edition ENTERPRISE_PLUS"},
		"no backups":      {map[string]any{"settings.backupConfiguration": nil}, "REGIONAL needs backups"},
		"no recovery":     {map[string]any{"settings.backupConfiguration.pointInTimeRecoveryEnabled": false}, "REGIONAL needs backups"},
		"recovery alone":  {map[string]any{"settings.backupConfiguration.enabled": false}, "needs backups"},
		"binary log":      {map[string]any{"settings.backupConfiguration.binaryLogEnabled": true}, "only be used with MySQL"},
		"logs":            {map[string]any{"settings.backupConfiguration.transactionLogRetentionDays": 8}, "more than 7 needs edition"},
		"start":           {map[string]any{"settings.backupConfiguration.startTime": "24:00"}, "HH:MM"},
		"replica backups": {map[string]any{"masterInstanceName": "main-g0"}, "no backups of its own"},
		"no address":      {map[string]any{"settings.ipConfiguration.privateNetwork": nil}, "at least one of public IP"},
		"psc and public": {map[string]any{"settings.ipConfiguration": map[string]any{"pscConfigs": []any{map[string]any{"pscEnabled": true}}}},
			"together with public IP"},
		"network":          {map[string]any{"settings.ipConfiguration.privateNetwork": "main"}, `"main": want`},
		"private range":    {map[string]any{"settings.ipConfiguration.authorizedNetworks[0].value": "10.0.0.0/8"}, "no public range"},
		"host bits":        {map[string]any{"settings.ipConfiguration.authorizedNetworks[0].value": "203.0.113.1/24"}, "host bits"},
		"ssl":              {map[string]any{"settings.ipConfiguration.sslMode": "ON"}, `"ON" is none of`},
		"enforcement":      {map[string]any{"settings.connectorEnforcement": "YES"}, `"YES" is none of`},
		"disk":             {map[string]any{"settings.diskSize": 5}, "not between 10"},
		"disk limit":       {map[string]any{"settings.diskSize": 50, "settings.diskAutoresizeLimit": 20}, "below diskSize"},
		"disk type":        {map[string]any{"settings.diskType": "pd-ssd"}, `"pd-ssd" is none of`},
		"day":              {map[string]any{"settings.maintenanceWindow.day": 0}, "not between 1 and 7"},
		"track":            {map[string]any{"settings.maintenanceWindow.updateTrack": "fast"}, `"fast" is none of`},
		"month":            {map[string]any{"settings.denyMaintenancePeriod": map[string]any{"startDate": "01-05", "endDate": "1-09", "time": "00:00:00"}}, "leading zero"},
		"collation":        {map[string]any{"settings.collation": "C"}, "SQL Server only"},
		"flag twice":       {map[string]any{"settings.databaseFlags": []any{map[string]any{"name": "a", "value": "1"}, map[string]any{"name": "a", "value": "2"}}}, "given twice"},
		"no tier":          {map[string]any{"settings.tier": nil}, "settings.tier: missing required property"},
		"no settings":      {map[string]any{"settings": nil}, "settings: missing"},
		"path to services": {map[string]any{"settings.ipConfiguration": map[string]any{"enablePrivatePathForGoogleCloudServices": true}}, "needs a private network"},
	})
}

func TestSQLInstanceIsGuardedAtEachLevel(t *testing.T) {
	kind, err := Package().Kind(sqlInstanceType)
	require.NoError(t, err)
	for name, change := range map[string]map[string]any{
		"by the provider": {"deletionProtection": true, "settings.deletionProtectionEnabled": false},
		"by the API":      {"deletionProtection": false, "settings.deletionProtectionEnabled": true},
	} {
		require.Error(t, guard(t, kind, change), name)
	}
	require.NoError(t, guard(t, kind, map[string]any{"deletionProtection": false, "settings.deletionProtectionEnabled": false}))
}

func TestSQLDatabaseAndUser(t *testing.T) {
	const database, user = "gcp:sql/database:Database", "gcp:sql/user:User"
	validDatabase := map[string]any{"name": "app", "instance": "main-g1"}
	id, state, err := registered(t, database, validDatabase)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/instances/main-g1/databases/app", id)
	require.Equal(t, []any{"UTF8", "en_US.UTF8", "DELETE"}, []any{state["charset"], state["collation"], state["deletionPolicy"]})
	refused(t, database, validDatabase, map[string]refusal{
		"collation": {map[string]any{"collation": "ja_JP.UTF8"}, "is none of en_US.UTF8"},
		"policy":    {map[string]any{"deletionPolicy": "KEEP"}, "is none of ABANDON"},
		"system":    {map[string]any{"name": "postgres"}, "from the start"},
		"name":      {map[string]any{"name": "1st"}, "no digit first"},
	})

	validUser := map[string]any{"name": "api@p.iam", "instance": "main-g1", "type": "CLOUD_IAM_SERVICE_ACCOUNT"}
	id, _, err = registered(t, user, validUser)
	require.NoError(t, err)
	require.Equal(t, "test-project/main-g1/api@p.iam", id)
	for _, other := range []map[string]any{
		{"type": "CLOUD_IAM_GROUP", "name": "dba@example.com"},
		{"type": "CLOUD_IAM_USER", "name": "ann@example.com"},
		{"type": nil, "name": "legacy", "password": "x"},
	} {
		_, _, err = registered(t, user, validUser, other)
		require.NoError(t, err, other)
	}
	refused(t, user, validUser, map[string]refusal{
		"suffix":      {map[string]any{"name": "api@p.iam.gserviceaccount.com"}, "without"},
		"no account":  {map[string]any{"name": "api"}, "want the account's email"},
		"upper case":  {map[string]any{"name": "API@p.iam"}, "lower case"},
		"password":    {map[string]any{"password": "x"}, "has none"},
		"no password": {map[string]any{"type": nil}, "password: missing"},
		"host":        {map[string]any{"host": "%"}, "only supported for MySQL"},
		"type":        {map[string]any{"type": "IAM"}, `"IAM" is none of`},
		"group":       {map[string]any{"type": "CLOUD_IAM_GROUP", "name": "dba"}, "no email address"},
	})
}

func guard(t *testing.T, kind *sandbox.Kind, change map[string]any) error {
	t.Helper()
	props := resource.NewProperty(resource.PropertyMap{})
	for path, value := range change {
		p, err := resource.ParsePropertyPath(path)
		require.NoError(t, err)
		props, _ = p.Add(props, resource.NewPropertyValue(value))
	}
	return kind.Guard(&sandbox.Object{Kind: kind, Props: props.ObjectValue()})
}
