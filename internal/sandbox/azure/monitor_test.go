package azure

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

var workspace = props{"resourceGroupName": "main", "workspaceName": "logs-dev", "location": "japaneast"}

func TestWorkspace(t *testing.T) {
	id, state, err := registered(t, workspaceType, workspace, props{"retentionInDays": 90, "features.disableLocalAuth": true})
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.OperationalInsights/workspaces/logs-dev", id)
	require.Len(t, state["customerId"], 36)
	require.Equal(t, "PerGB2018", state["sku"].(props)["name"])
	require.Equal(t, -1.0, state["workspaceCapping"].(props)["dailyQuotaGb"])
	judged(t, workspaceType, workspace, map[string]verdict{
		"name":          {props{"workspaceName": "-logs"}, "4 to 63"},
		"short":         {props{"workspaceName": "log"}, "4 to 63"},
		"no location":   {props{"location": nil}, "location: missing"},
		"days":          {props{"retentionInDays": 7}, "want 30 to 730"},
		"many days":     {props{"retentionInDays": 731}, "want 30 to 730"},
		"free":          {props{"retentionInDays": 30, "sku.name": "Free"}, "want 7 to 7"},
		"sku":           {props{"sku.name": "PerGB"}, "none of Free"},
		"no quota":      {props{"workspaceCapping.dailyQuotaGb": -1}, ""},
		"least quota":   {props{"workspaceCapping.dailyQuotaGb": 0.01}, "at least 0.023"},
		"access":        {props{"publicNetworkAccessForQuery": "disabled"}, "none of Enabled"},
		"reserved":      {props{"sku.name": "CapacityReservation"}, "capacityReservationLevel: missing"},
		"level":         {props{"sku": props{"name": "CapacityReservation", "capacityReservationLevel": 150}}, "150: want 100"},
		"level alone":   {props{"sku": props{"name": "PerGB2018", "capacityReservationLevel": 100}}, "only for the sku"},
		"reserved well": {props{"sku": props{"name": "CapacityReservation", "capacityReservationLevel": 100}}, ""},
	})
}

func TestWorkspaceValues(t *testing.T) {
	wrong(t, workspaceType, workspace, props{
		"location": "tokyo", "publicNetworkAccessForIngestion": "no", "tags": props{"a/b": ""},
	})
	wrong(t, diagnosticSettingType, diagnostic, props{"metrics[0].retentionPolicy": props{"days": 7, "enabled": false}})
}

const vaultID = groupID + "/providers/Microsoft.KeyVault/vaults/vault-dev"

var diagnostic = props{
	"name": "all", "resourceUri": vaultID, "logs[0]": props{"categoryGroup": "allLogs", "enabled": true},
	"workspaceId": groupID + "/providers/Microsoft.OperationalInsights/workspaces/logs-dev",
}

func TestDiagnosticSetting(t *testing.T) {
	id, state, err := registered(t, diagnosticSettingType, diagnostic)
	require.NoError(t, err)
	require.Equal(t, vaultID+"/providers/Microsoft.Insights/diagnosticSettings/all", id)
	require.Equal(t, "Microsoft.Insights/diagnosticSettings", state["type"])
	of := func(path string, logs ...any) props {
		return props{"resourceUri": groupID + "/providers/" + path, "logs": logs}
	}
	group := func(name string) props { return props{"categoryGroup": name, "enabled": true} }
	log := func(name string) props { return props{"category": name, "enabled": true} }
	metric := props{"category": "AllMetrics", "enabled": true}
	judged(t, diagnosticSettingType, diagnostic, map[string]verdict{
		"name":           {props{"name": "a/b"}, "1 to 260"},
		"no sink":        {props{"workspaceId": nil}, "at least one data sink"},
		"archive":        {props{"workspaceId": nil, "storageAccountId": groupID + "/providers/Microsoft.Storage/storageAccounts/files"}, ""},
		"no workspace":   {props{"workspaceId": "logs-dev"}, "the id of a workspace"},
		"no account":     {props{"storageAccountId": "files"}, "the id of a storage account"},
		"nothing":        {props{"logs": nil}, "at least one log or metric"},
		"nothing on":     {props{"logs[0].enabled": false}, "at least one log or metric"},
		"metrics":        {props{"logs": nil, "metrics[0]": metric}, ""},
		"metric unnamed": {props{"metrics[0]": props{"enabled": true}}, "metrics[0].category: missing"},
		"both":           {props{"logs[0].category": "AuditEvent"}, "exactly one of"},
		"mixed":          {props{"logs": []any{group("allLogs"), log("AuditEvent")}}, "cannot be used together"},
		"twice":          {props{"logs": []any{group("allLogs"), group("allLogs")}}, "given twice"},
		"retention":      {props{"logs[0].retentionPolicy": props{"days": 7, "enabled": true}}, "does not support retention"},
		"no retention":   {props{"logs[0].retentionPolicy": props{"days": 0, "enabled": false}}, ""},
		"destination":    {props{"logAnalyticsDestinationType": "dedicated"}, "none of Dedicated"},
		"category":       {of("Microsoft.KeyVault/vaults/v", log("Audit")), "Category 'Audit' is not supported"},
		"metric":         {props{"metrics[0]": props{"category": "Transaction", "enabled": true}}, "Metric category 'Transaction'"},
		"account":        {of("Microsoft.Storage/storageAccounts/files", log("StorageRead")), "supported ones of microsoft.storage/storageaccounts are: ''"},
		"blobs":          {of("Microsoft.Storage/storageAccounts/files/blobServices/default", log("StorageRead")), ""},
		"environment":    {of("Microsoft.App/managedEnvironments/apps", log("ContainerAppConsoleLogs")), ""},
		"database":       {of("Microsoft.DBforPostgreSQL/flexibleServers/db", log("PostgreSQLLogs")), ""},
		"no group":       {of("Microsoft.App/managedEnvironments/apps", group("audit")), "CategoryGroup 'audit' is not supported"},
		"no diagnostics": {of("Microsoft.ManagedIdentity/userAssignedIdentities/api", group("allLogs")), "does not support diagnostic settings"},
		"no id":          {props{"resourceUri": "/subscriptions/x"}, "does not support diagnostic settings"},
		"name of no id":  {props{"resourceUri": "vault-dev"}, "the id of a resource"},
	})
}

func TestDiagnosticSettingsBesideOthers(t *testing.T) {
	one := object(t, diagnostic)
	beside := func(others ...*sandbox.Object) error { return besideDiagnostics(one, others) }
	same := object(t, diagnostic, props{"name": "other", "resourceUri": strings.ToLower(vaultID)})
	require.ErrorContains(t, beside(same), `is already used in diagnostic setting "other" for category "allLogs"`)
	require.NoError(t, beside(object(t, diagnostic, props{"resourceUri": vaultID + "2"})), "another resource")
	require.NoError(t, beside(object(t, diagnostic, props{"workspaceId": "w"})), "another workspace")
	require.NoError(t, beside(object(t, diagnostic, props{"logs[0].enabled": false})), "off")

	var five []*sandbox.Object
	for range 5 {
		five = append(five, object(t, diagnostic, props{"workspaceId": "w"}))
	}
	require.NoError(t, beside(five[:4]...))
	require.ErrorContains(t, beside(five...), "5 diagnostic settings already")
}

func TestDiagnosticSettingInTheCloud(t *testing.T) {
	c := newCloud(t)
	c.refuses(diagnosticSettingType, "resourceUri refers to", diagnostic, props{"workspaceId": nil, "eventHubAuthorizationRuleId": "hub"})
	c.makes(vaultType, vault, props{"vaultName": "vault-dev"})
	c.refuses(diagnosticSettingType, "workspaceId refers to", diagnostic)
	c.makes(workspaceType, workspace, props{"features.disableLocalAuth": true})
	c.makes(diagnosticSettingType, diagnostic, props{"logAnalyticsDestinationType": "Dedicated"})
	c.refuses(diagnosticSettingType, "is already used in diagnostic setting", diagnostic, props{"name": "again"})

	c.makes(storageAccountType, account)
	blobs := props{"resourceUri": accountID + "/blobServices/default", "logs": []any{props{"category": "StorageRead", "enabled": true}}}
	c.makes(diagnosticSettingType, diagnostic, blobs) // with no object for the service
	changes, err := c.changes(diagnosticSettingType, props{"name": "new"}, diagnostic, blobs, props{"name": "old", "logs[0].category": "StorageWrite"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"name": "UPDATE_REPLACE"}, changes)

	c.deletes(workspaceType, groupID+"/providers/Microsoft.OperationalInsights/workspaces/logs-dev")
	c.makes(workspaceType, workspace) // it is brought back
}
