package azure

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	workspaceType         = "azure-native:operationalinsights:Workspace"
	diagnosticSettingType = "azure-native:insights:DiagnosticSetting"
)

func monitorKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		// A deleted workspace is kept for 14 days, and the same name in the same group
		// brings it back: nothing to refuse
		// (https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace).
		arm("Microsoft.OperationalInsights/workspaces/{workspaceName}", sandbox.Kind{
			Type:     workspaceType,
			Names:    []string{"{workspaceName}", "{customerId}"},
			Fill:     fillWorkspace,
			Required: []string{"location"},
			Replace:  []string{"location"},
			Rules:    workspaceRules,
			Checks:   []sandbox.Check{checkRetention, checkReservation},
		}),
		{
			Type:        diagnosticSettingType,
			ID:          "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
			Outputs:     map[string]string{"type": "Microsoft.Insights/diagnosticSettings"},
			DeleteFirst: true,
			Replace:     []string{"resourceUri", "name"},
			Rules:       diagnosticRules,
			Checks:      []sandbox.Check{checkSinks, checkLogs, checkCategories},
			Beside:      besideDiagnostics,
			// Deleting the resource leaves its settings behind, and deleting the workspace
			// those that write there: neither holds, neither takes them along
			// (https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings).
			Refs: map[string]sandbox.Ref{
				"resourceUri":      sandbox.Names(diagnosable...),
				"workspaceId":      sandbox.Names(workspaceType),
				"storageAccountId": sandbox.Names(storageAccountType),
			},
		},
	}
}

var workspaceRules = map[string]sandbox.Rule{
	// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftoperationalinsights
	"workspaceName": sandbox.Match(`^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$`, "4 to 63 letters, digits and inner hyphens"),
	"location":      region,
	"sku.name": sandbox.OneOf("Free", "Standard", "Premium", "PerNode", "PerGB2018", "Standalone", "CapacityReservation",
		"LACluster"),
	"publicNetworkAccessForIngestion": workspaceAccess,
	"publicNetworkAccessForQuery":     workspaceAccess,
	"workspaceCapping.dailyQuotaGb":   dailyQuota,
	"tags":                            tags,
}

var workspaceAccess = sandbox.OneOf("Enabled", "Disabled")

// dailyQuota wants -1 for no cap, or the least that the service takes.
func dailyQuota(v resource.PropertyValue) error {
	if n := v.NumberValue(); n != -1 && n < 0.023 {
		return fmt.Errorf("InvalidParameter: %v: want -1, which is no cap, or at least 0.023", n)
	}
	return nil
}

// checkRetention: the days are those of the pricing plan
// (https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure).
func checkRetention(o *sandbox.Object) error {
	if !o.Known("retentionInDays") {
		return nil
	}
	days, lo, hi := o.Num("retentionInDays"), 30.0, 730.0
	if o.Str("sku.name") == "Free" {
		lo, hi = 7, 7
	}
	if days < lo || days > hi {
		return fmt.Errorf("retentionInDays %v: InvalidParameter: want %v to %v", days, lo, hi)
	}
	return nil
}

func checkReservation(o *sandbox.Object) error {
	const level = "sku.capacityReservationLevel"
	reserved := o.Str("sku.name") == "CapacityReservation"
	switch {
	case reserved && !o.Has(level):
		return fmt.Errorf("%s: missing for the sku CapacityReservation", level)
	case !reserved && o.Known("sku.name") && o.Has(level):
		return fmt.Errorf("%s: only for the sku CapacityReservation", level)
	case o.Known(level) && !slices.Contains([]float64{100, 200, 300, 400, 500, 1000, 2000, 5000}, o.Num(level)):
		return fmt.Errorf("%s %v: want 100, 200, 300, 400, 500, 1000, 2000 or 5000", level, o.Num(level))
	}
	return nil
}

func fillWorkspace(o *sandbox.Object) {
	o.Set("customerId", drawn(o.Str("resourceGroupName")+"/"+o.Str("workspaceName")))
	o.Set("createdDate", "2024-01-01T00:00:00Z")
	o.Set("modifiedDate", "2024-01-01T00:00:00Z")
	o.Set("provisioningState", "Succeeded")
	o.Default("sku.name", "PerGB2018")
	o.Set("sku.lastSkuUpdate", "2024-01-01T00:00:00Z")
	o.Default("retentionInDays", 30)
	o.Default("features.enableLogAccessUsingOnlyResourcePermissions", true)
	o.Default("publicNetworkAccessForIngestion", "Enabled")
	o.Default("publicNetworkAccessForQuery", "Enabled")
	o.Default("workspaceCapping.dailyQuotaGb", -1)
	o.Set("workspaceCapping.dataIngestionStatus", "RespectQuota")
	o.Set("workspaceCapping.quotaNextResetTime", "2024-01-02T00:00:00Z")
}

const logRetention = "logs[].retentionPolicy"

var diagnosticRules = map[string]sandbox.Rule{
	// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights
	"name":             sandbox.Match(`^[^<>*%&:\\?+/#|]{0,259}[^<>*%&:\\?+/#|. ]$`, `1 to 260 characters, none of *<>%&:\?+/#|, no space or period last`),
	"resourceUri":      sandbox.Match(`^/subscriptions/`, "the id of a resource"),
	"workspaceId":      sandbox.Match(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.OperationalInsights/workspaces/[^/]+$`, "the id of a workspace"),
	"storageAccountId": sandbox.Match(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.Storage/storageAccounts/[^/]+$`, "the id of a storage account"),
	// The service takes it and forgets it for resources with one kind of table
	// (Azure/azure-rest-api-specs#22400). The provider compares inputs with inputs, so
	// that no change is ever seen of that.
	"logAnalyticsDestinationType": sandbox.OneOf("Dedicated", "AzureDiagnostics"),
	logRetention:                  noRetention,
	"metrics[].retentionPolicy":   noRetention,
}

// noRetention: hashicorp/terraform-provider-azurerm#23051.
func noRetention(v resource.PropertyValue) error {
	policy := &sandbox.Object{Props: v.ObjectValue()}
	if policy.Bool("enabled") || policy.Num("days") > 0 {
		return errors.New("BadRequest: Diagnostic settings does not support retention for new diagnostic settings")
	}
	return nil
}

func checkSinks(o *sandbox.Object) error {
	for _, sink := range []string{"workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "serviceBusRuleId", "marketplacePartnerId"} {
		if o.Has(sink) {
			return nil
		}
	}
	return errors.New("BadRequest: at least one data sink needs to be specified: workspaceId, storageAccountId, eventHubAuthorizationRuleId " +
		"or marketplacePartnerId")
}

// checkLogs wants each log to say which, by one of the two ways that a setting may
// use, none twice, and something that is on.
func checkLogs(o *sandbox.Object) error {
	var errs []error
	ways := map[string]bool{}
	seen := map[string]bool{}
	o.Each("logs[]", func(at string, v resource.PropertyValue) {
		log := &sandbox.Object{Props: v.ObjectValue()}
		if err := sandbox.ExactlyOne("category", "categoryGroup")(log); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", at, err))
		}
		for _, way := range []string{"category", "categoryGroup"} {
			ways[way] = ways[way] || log.Has(way)
			if which := log.Str(way); which != "" {
				if seen[way+which] {
					errs = append(errs, fmt.Errorf("%s.%s: BadRequest: %q is given twice", at, way, which))
				}
				seen[way+which] = true
			}
		}
	})
	if ways["category"] && ways["categoryGroup"] {
		errs = append(errs, errors.New("logs: BadRequest: category and categoryGroup cannot be used together in one setting"))
	}
	o.Each("metrics[]", func(at string, v resource.PropertyValue) {
		if !(&sandbox.Object{Props: v.ObjectValue()}).Has("category") {
			errs = append(errs, fmt.Errorf("%s.category: missing", at))
		}
	})
	if !somethingOn(o) {
		errs = append(errs, errors.New("BadRequest: at least one log or metric has to be enabled"))
	}
	return errors.Join(errs...)
}

// somethingOn says whether a setting records anything, as far as is known.
func somethingOn(o *sandbox.Object) bool {
	for _, list := range []string{"logs", "metrics"} {
		if o.Has(list) && !o.Known(list) {
			return true
		}
		for _, item := range itemsOf(o, list) {
			if item.Bool("enabled") || item.Has("enabled") && !item.Known("enabled") {
				return true
			}
		}
	}
	return false
}

func itemsOf(o *sandbox.Object, list string) []*sandbox.Object {
	var items []*sandbox.Object
	o.Each(list+"[]", func(_ string, v resource.PropertyValue) {
		if v.IsObject() {
			items = append(items, &sandbox.Object{Props: v.ObjectValue()})
		}
	})
	return items
}

// besideDiagnostics looks at the other settings of the same resource.
func besideDiagnostics(o *sandbox.Object, others []*sandbox.Object) error {
	count := 1
	for _, other := range others {
		if !same(other.Str("resourceUri"), o.Str("resourceUri")) {
			continue
		}
		count++
		for _, sink := range []string{"workspaceId", "storageAccountId", "eventHubAuthorizationRuleId"} {
			if o.Str(sink) == "" || !same(other.Str(sink), o.Str(sink)) {
				continue
			}
			theirs := recorded(other)
			for _, category := range slices.Sorted(maps.Keys(recorded(o))) {
				if theirs[category] {
					return fmt.Errorf("%s: Conflict: Data sink %q is already used in diagnostic setting %q for category %q. Data sinks can't be "+
						"reused in different settings on the same category for the same resource", sink, o.Str(sink), other.Str("name"), category)
				}
			}
		}
	}
	if count > 5 {
		return fmt.Errorf("BadRequest: %q has 5 diagnostic settings already, the most that there can be", o.Str("resourceUri"))
	}
	return nil
}

// recorded are the categories and groups that a setting sends.
func recorded(o *sandbox.Object) map[string]bool {
	categories := map[string]bool{}
	for _, list := range []string{"logs", "metrics"} {
		for _, item := range itemsOf(o, list) {
			if item.Bool("enabled") {
				categories[item.Str("category")+item.Str("categoryGroup")] = true
			}
		}
	}
	return categories
}
