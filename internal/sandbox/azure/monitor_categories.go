package azure

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// diagnosable are the simulated types whose objects can have diagnostic settings.
// The services of a storage account go by the account.
var diagnosable = []string{
	storageAccountType, registryType, vaultType, workspaceType,
	"azure-native:dbforpostgresql/v20240801:Server", "azure-native:app/v20240301:ManagedEnvironment",
	"azure-native:app/v20240301:ContainerApp", "azure-native:app/v20240301:Job",
	"azure-native:network:VirtualNetwork", "azure-native:network:NetworkSecurityGroup", "azure-native:network:NatGateway",
	"azure-native:network:PublicIPAddress", "azure-native:network:PrivateEndpoint",
}

// observable is what a resource type can send.
type observable struct {
	logs    []string // logs are its categories
	audit   bool     // audit says that the group of that name has one of them
	metrics []string
}

var (
	allMetrics     = []string{"AllMetrics"}
	storageMetrics = []string{"AllMetrics", "Transaction", "Capacity"}
	storageLogs    = observable{logs: []string{"StorageRead", "StorageWrite", "StorageDelete"}, audit: true, metrics: storageMetrics}
)

// observables are by resource type, in lower case, after the pages of
// https://learn.microsoft.com/azure/azure-monitor/reference/logs-index. A type that
// is missing has no diagnostics, as far as the sandbox knows.
var observables = map[string]observable{
	"microsoft.storage/storageaccounts":               {metrics: storageMetrics},
	"microsoft.storage/storageaccounts/blobservices":  storageLogs,
	"microsoft.storage/storageaccounts/fileservices":  storageLogs,
	"microsoft.storage/storageaccounts/queueservices": storageLogs,
	"microsoft.storage/storageaccounts/tableservices": storageLogs,
	"microsoft.containerregistry/registries": {
		logs: []string{"ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"}, audit: true, metrics: allMetrics,
	},
	"microsoft.keyvault/vaults": {
		logs: []string{"AuditEvent", "AzurePolicyEvaluationDetails"}, audit: true, metrics: allMetrics,
	},
	"microsoft.operationalinsights/workspaces": {
		logs: []string{"Audit", "SummaryLogs", "Jobs"}, audit: true, metrics: allMetrics,
	},
	"microsoft.dbforpostgresql/flexibleservers": {
		logs: []string{
			"PostgreSQLLogs", "PostgreSQLFlexSessions", "PostgreSQLFlexQueryStoreRuntime", "PostgreSQLFlexQueryStoreWaitStats",
			"PostgreSQLFlexTableStats", "PostgreSQLFlexDatabaseXacts", "PostgreSQLFlexPGBouncer",
		},
		audit: true, metrics: allMetrics,
	},
	"microsoft.app/managedenvironments": {
		logs: []string{
			"ContainerAppConsoleLogs", "ContainerAppSystemLogs", "AppEnvSpringAppConsoleLogs", "AppEnvSessionConsoleLogs",
			"AppEnvSessionPoolEventLogs", "AppEnvSessionLifeCycleLogs",
		},
		metrics: allMetrics,
	},
	"microsoft.app/containerapps":       {metrics: allMetrics},
	"microsoft.app/jobs":                {metrics: allMetrics},
	"microsoft.network/virtualnetworks": {logs: []string{"VMProtectionAlerts"}, metrics: allMetrics},
	"microsoft.network/networksecuritygroups": {
		logs: []string{"NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"},
	},
	"microsoft.network/natgateways":      {logs: []string{"NatGatewayFlowlogsV1"}, metrics: allMetrics},
	"microsoft.network/privateendpoints": {metrics: allMetrics},
	"microsoft.network/publicipaddresses": {
		logs: []string{"DDoSProtectionNotifications", "DDoSMitigationFlowLogs", "DDoSMitigationReports"}, audit: true, metrics: allMetrics,
	},
}

var armID = regexp.MustCompile(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/([^/]+)((?:/[^/]+/[^/]+)+)$`)

// resourceTypeOf is the type in an id of Azure Resource Manager, in lower case, and
// empty where there is none.
func resourceTypeOf(id string) string {
	parts := armID.FindStringSubmatch(id)
	if parts == nil {
		return ""
	}
	typ := parts[1]
	for i, segment := range strings.Split(strings.Trim(parts[2], "/"), "/") {
		if i%2 == 0 {
			typ += "/" + segment
		}
	}
	return strings.ToLower(typ)
}

// checkCategories wants a resource that has diagnostics, and of what it can send.
func checkCategories(o *sandbox.Object) error {
	if !o.Known("resourceUri") {
		return nil
	}
	typ := resourceTypeOf(o.Str("resourceUri"))
	can, found := observables[typ]
	if !found {
		return fmt.Errorf("ResourceTypeNotSupported: the resource type %q does not support diagnostic settings", typ)
	}
	groups := []string{}
	if len(can.logs) > 0 {
		groups = append(groups, "allLogs")
	}
	if can.audit {
		groups = append(groups, "audit")
	}
	var errs []error
	want := func(path, what string, of []string) {
		o.Each(path, func(at string, v resource.PropertyValue) {
			if !slices.Contains(of, v.StringValue()) {
				errs = append(errs, fmt.Errorf("%s: BadRequest: %s '%s' is not supported, supported ones of %s are: '%s'",
					at, what, v.StringValue(), typ, strings.Join(of, ", ")))
			}
		})
	}
	want("logs[].category", "Category", can.logs)
	want("logs[].categoryGroup", "CategoryGroup", groups)
	want("metrics[].category", "Metric category", can.metrics)
	return errors.Join(errs...)
}
