package azure

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	subnetOfEnvironment   = "vnetConfiguration.infrastructureSubnetId"
	environmentDelegation = "Microsoft.App/environments"
	logAnalytics          = "log-analytics"
)

func environmentKind() *sandbox.Kind {
	return arm(environmentPath, sandbox.Kind{
		Type:     environmentType,
		Names:    []string{"{environmentName}"},
		Fill:     fillEnvironment,
		Required: []string{"location"},
		Replace:  []string{"location", "zoneRedundant"},
		Refs:     map[string]sandbox.Ref{subnetOfEnvironment: sandbox.Holds(subnetType)},
		Rules: map[string]sandbox.Rule{
			"environmentName": sandbox.Match(`^[a-z][a-z0-9-]{0,58}[a-z0-9]$`,
				"2 to 60 lower-case letters, digits and inner hyphens, a letter first"),
			"location": region, "tags": tags,
			"appLogsConfiguration.destination": sandbox.OneOf("", logAnalytics, "azure-monitor", "none"),
			"workloadProfiles[].name":          sandbox.Match(`^[A-Za-z0-9][A-Za-z0-9-]{0,14}$`, "1 to 15 letters, digits and hyphens"),
			// https://learn.microsoft.com/azure/container-apps/workload-profiles-overview
			"workloadProfiles[].workloadProfileType": sandbox.OneOf(consumption, "Consumption-GPU-NC8as-T4", "Consumption-GPU-NC24-A100",
				"D4", "D8", "D16", "D32", "E4", "E8", "E16", "E32", "NC24-A100", "NC48-A100", "NC96-A100"),
		},
		Checks: []sandbox.Check{checkEnvironmentLogs, checkEnvironmentNetwork, checkProfiles},
		Beside: besideEnvironments,
		Revise: reviseEnvironment,
	})
}

func fillEnvironment(o *sandbox.Object) {
	id := idOf(o)
	location := o.Str("location")
	o.Set("defaultDomain", domainOf(id, location))
	address := hashed(id)
	low := int(address[0])*7%250 + 1
	if o.Bool("vnetConfiguration.internal") {
		o.Set("staticIp", fmt.Sprintf("10.0.0.%d", low))
	} else {
		o.Set("staticIp", fmt.Sprintf("203.0.113.%d", low))
	}
	o.Set("customDomainConfiguration.customDomainVerificationId", verification(o))
	o.Set("daprConfiguration.version", "1.12.5")
	o.Set("kedaConfiguration.version", "2.15.1")
	o.Set("eventStreamEndpoint", fmt.Sprintf("https://%s.azurecontainerapps.dev%s/eventstream", location, id))
	o.Set("provisioningState", succeeded)
	o.Default("peerAuthentication.mtls.enabled", false)
	o.Default("peerTrafficConfiguration.encryption.enabled", false)
	o.Default("zoneRedundant", false)
	if o.Has("vnetConfiguration") {
		o.Default("vnetConfiguration.internal", false)
	}
	if o.Has("workloadProfiles") {
		o.Default("infrastructureResourceGroup", fmt.Sprintf("ME_%s_%s_%s", o.Str("environmentName"), o.Str("resourceGroupName"), location))
	}
	fillSystemData(o)
}

func checkEnvironmentLogs(o *sandbox.Object) error {
	const logs = "appLogsConfiguration."
	to := o.Str(logs + "destination")
	complete := o.Has(logs+"logAnalyticsConfiguration.customerId") && o.Has(logs+"logAnalyticsConfiguration.sharedKey")
	switch {
	case to == logAnalytics && !complete:
		return errors.New("LogAnalyticsConfigurationInvalid: " + logs + "logAnalyticsConfiguration: the destination log-analytics needs customerId and sharedKey")
	case to != logAnalytics && o.Known(logs+"destination") && o.Has(logs+"logAnalyticsConfiguration"):
		return fmt.Errorf("%slogAnalyticsConfiguration: only the destination log-analytics has one, not %q", logs, to)
	}
	return nil
}

func checkEnvironmentNetwork(o *sandbox.Object) error {
	const invalid = "ManagedEnvironmentInvalidNetworkConfiguration: "
	within := o.Has(subnetOfEnvironment) || open(o, subnetOfEnvironment)
	switch {
	case o.Bool("zoneRedundant") && !within:
		return errors.New(invalid + "ZoneRedundant must be disabled if InfrastructureSubnetId is not provided")
	case o.Bool("vnetConfiguration.internal") && !within:
		return errors.New(invalid + "vnetConfiguration.internal: an internal environment must have infrastructureSubnetId")
	case o.Has("infrastructureResourceGroup") && !o.Has("workloadProfiles"):
		return errors.New("infrastructureResourceGroup: only an environment with workload profiles has one of its own")
	}
	return nil
}

func checkProfiles(o *sandbox.Object) error {
	profiles := items(o, "workloadProfiles")
	if name := twice(profiles, "name"); name != "" {
		return fmt.Errorf("workloadProfiles: the name %q is there twice", name)
	}
	for i, p := range profiles {
		at := fmt.Sprintf("workloadProfiles[%d]", i)
		shared := strings.HasPrefix(p.Str("workloadProfileType"), consumption)
		lo, hi := p.Num("minimumCount"), p.Num("maximumCount")
		switch {
		case shared && (p.Has("minimumCount") || p.Has("maximumCount")):
			return fmt.Errorf("%s: a profile of type %s has no minimumCount and no maximumCount", at, p.Str("workloadProfileType"))
		case p.Str("workloadProfileType") == consumption && p.Str("name") != consumption:
			return fmt.Errorf("%s.name: the profile of type Consumption is called so, not %q", at, p.Str("name"))
		case !shared && p.Known("workloadProfileType") && (!p.Has("minimumCount") || !p.Has("maximumCount")):
			return fmt.Errorf("%s: a dedicated profile needs minimumCount and maximumCount", at)
		case p.Known("maximumCount") && lo > hi:
			return fmt.Errorf("%s: minimumCount %v is above maximumCount %v", at, lo, hi)
		}
	}
	return nil
}

// besideEnvironments wants a subnet that is large enough, the environment's alone,
// and delegated exactly where it has workload profiles
// (https://learn.microsoft.com/azure/container-apps/custom-virtual-networks).
func besideEnvironments(o *sandbox.Object, others []*sandbox.Object) error {
	for _, other := range others {
		if subnet := o.Str(subnetOfEnvironment); subnet != "" && same(subnet, other.Str(subnetOfEnvironment)) {
			return fmt.Errorf("ManagedEnvironmentSubnetInUse: %s: %s is that of the environment %s", subnetOfEnvironment, subnet, other.Str("name"))
		}
	}
	subnet := o.Ref(subnetOfEnvironment)
	if subnet == nil {
		return nil
	}
	profiles := o.Has("workloadProfiles")
	largest := map[bool]int{true: 27, false: 23}[profiles]
	switch bits := bitsOf(subnet); {
	case profiles && !delegatedTo(subnet, environmentDelegation):
		return fmt.Errorf("ManagedEnvironmentSubnetDelegationError: The subnet of the environment must be delegated to the service '%s'", environmentDelegation)
	case !profiles && subnet.Has("delegations"):
		return errors.New("ManagedEnvironmentSubnetIsDelegated: The subnet of an environment without workload profiles must not be delegated")
	case bits > largest:
		return fmt.Errorf("ManagedEnvironmentInvalidNetworkConfiguration: The environment network configuration is invalid: "+
			"Provided subnet must have a size of at least /%d, and it has /%d", largest, bits)
	}
	return nil
}

// bitsOf is the prefix length of a subnet, 0 where it has none or several.
func bitsOf(subnet *sandbox.Object) int {
	text := subnet.Str("addressPrefix")
	subnet.Each("addressPrefixes[]", func(_ string, v resource.PropertyValue) { text = v.StringValue() })
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return 0
	}
	return prefix.Bits()
}

// reviseEnvironment refuses what only a new environment can have.
func reviseEnvironment(have, want *sandbox.Object) error {
	if have.Has("workloadProfiles") != want.Has("workloadProfiles") {
		return errors.New("workloadProfiles: an environment cannot change between having workload profiles and having none")
	}
	return fixed(subnetOfEnvironment, "vnetConfiguration.internal", "infrastructureResourceGroup")(have, want)
}
