package gcp

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// clusterKind is https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.
func clusterKind() *sandbox.Kind {
	rules, defaults := clusterRules(), clusterDefaults()
	maps.Copy(rules, nodeConfigRules())
	maps.Copy(defaults, nodeConfigDefaults())
	return &sandbox.Kind{
		Type: clusterType,
		ID:   "projects/{project}/locations/{location}/clusters/{name}",
		Names: []string{"{selfLink}", "{name}",
			"https://{endpoint}", "https://{endpoint} {masterAuth.clusterCaCertificate}"}, // how a kubeconfig names it
		Outputs: map[string]string{"selfLink": "https://container.googleapis.com/v1/projects/{project}/locations/{location}/clusters/{name}"},
		Fill:    fillCluster,
		// the location is the provider's zone where it is left out; nothing here relies on that
		Required: []string{"location", "loggingConfig.enableComponents",
			"notificationConfig.pubsub.filter.eventTypes", "ipAllocationPolicy.additionalPodRangesConfig.podRangeNames"},
		Defaults: defaults,
		Rules:    rules,
		Checks: append(nodeConfigChecks(), checkClusterPools, checkClusterEndpoint, checkClusterFeatures, checkClusterMaintenance,
			sandbox.Exclusive("clusterIpv4Cidr", "ipAllocationPolicy"),
			sandbox.Exclusive("ipAllocationPolicy.clusterIpv4CidrBlock", "ipAllocationPolicy.clusterSecondaryRangeName"),
			sandbox.Exclusive("ipAllocationPolicy.servicesIpv4CidrBlock", "ipAllocationPolicy.servicesSecondaryRangeName"),
			sandbox.Exclusive("binaryAuthorization.enabled", "binaryAuthorization.evaluationMode"),
		),
		Computed: slices.Concat(nodeConfigComputed(), clusterComputed()),
		// the policies can be turned on in place, and not off
		ReplaceWhen: func(have, want *sandbox.Object) []string {
			if have.Bool("enableFqdnNetworkPolicy") && !want.Bool("enableFqdnNetworkPolicy") {
				return []string{"enableFqdnNetworkPolicy"}
			}
			return nil
		},
		Replace: slices.Concat(nodeConfigReplace(), []string{
			"clusterIpv4Cidr", "confidentialNodes", "datapathProvider", "defaultMaxPodsPerNode", "description", "enableAutopilot",
			"enableKubernetesAlpha", "enableMultiNetworking", "enableTpu", "initialNodeCount", "location", "name", "network",
			"networkingMode", "nodePools", "project", "subnetwork", "ipAllocationPolicy.clusterIpv4CidrBlock",
			"ipAllocationPolicy.clusterSecondaryRangeName", "ipAllocationPolicy.podCidrOverprovisionConfig",
			"ipAllocationPolicy.servicesIpv4CidrBlock", "ipAllocationPolicy.servicesSecondaryRangeName", "ipAllocationPolicy.stackType",
			"masterAuth.clientCertificateConfig", "nodeConfig.labels", "nodeConfig.resourceManagerTags",
			"nodeConfig.workloadMetadataConfig", "privateClusterConfig.enablePrivateNodes", "privateClusterConfig.masterIpv4CidrBlock",
			"privateClusterConfig.privateEndpointSubnetwork", "tpuConfig",
		}),
		Refs: map[string]sandbox.Ref{
			"network":                    sandbox.Holds(networkType),
			"subnetwork":                 sandbox.Holds(subnetworkType),
			"databaseEncryption.keyName": sandbox.Names(cryptoKeyType),
			"nodeConfig.serviceAccount":  sandbox.Names(accountType),
			"nodeConfig.bootDiskKmsKey":  sandbox.Names(cryptoKeyType),
		},
		Guard: func(o *sandbox.Object) error {
			if o.Bool("deletionProtection") {
				return errors.New("deletionProtection is true; set it to false and update before deleting the cluster")
			}
			return nil
		},
	}
}

func clusterDefaults() map[string]any {
	return map[string]any{
		"clusterAutoscaling.autoscalingProfile": "BALANCED", "deletionProtection": true, "dnsConfig.clusterDns": "PROVIDER_UNSPECIFIED",
		"dnsConfig.clusterDnsScope": "DNS_SCOPE_UNSPECIFIED", "enableCiliumClusterwideNetworkPolicy": false,
		"enableFqdnNetworkPolicy": false, "enableKubernetesAlpha": false, "enableL4IlbSubsetting": false, "enableLegacyAbac": false,
		"enableMultiNetworking": false, "enableShieldedNodes": true, "ipAllocationPolicy.stackType": "IPV4", "network": "default",
		"resourceUsageExportConfig.enableNetworkEgressMetering":       false,
		"resourceUsageExportConfig.enableResourceConsumptionMetering": true,
	}
}

// clusterComputed are nested inputs that GKE fills; top-level ones are told by the SDK.
func clusterComputed() []string {
	return slices.Concat(
		within("addonsConfig", "cloudrunConfig", "configConnectorConfig", "dnsCacheConfig", "gcePersistentDiskCsiDriverConfig",
			"gcpFilestoreCsiDriverConfig", "gcsFuseCsiDriverConfig", "gkeBackupAgentConfig", "horizontalPodAutoscaling",
			"httpLoadBalancing", "istioConfig", "kalmConfig", "networkPolicyConfig", "rayOperatorConfigs", "statefulHaConfig"),
		within("ipAllocationPolicy", "clusterIpv4CidrBlock", "clusterSecondaryRangeName", "podCidrOverprovisionConfig",
			"servicesIpv4CidrBlock", "servicesSecondaryRangeName"),
		within("masterAuth", "clientCertificate", "clientKey", "clusterCaCertificate"),
		within("monitoringConfig", "advancedDatapathObservabilityConfigs", "enableComponents", "managedPrometheus"),
		within("privateClusterConfig", "masterGlobalAccessConfig", "masterIpv4CidrBlock", "peeringName", "privateEndpoint",
			"privateEndpointSubnetwork", "publicEndpoint"),
		within("securityPostureConfig", "mode", "vulnerabilityMode"),
		[]string{
			"binaryAuthorization.evaluationMode", "clusterAutoscaling.autoProvisioningDefaults", "clusterAutoscaling.autoProvisioningLocations",
			"maintenancePolicy.dailyMaintenanceWindow.duration", "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled",
			"nodeLocations", "nodePools", "protectConfig.workloadConfig", "protectConfig.workloadVulnerabilityMode", "tpuConfig.ipv4CidrBlock",
		},
	)
}

func clusterRules() map[string]sandbox.Rule {
	return map[string]sandbox.Rule{
		"name": containerName, "location": computeLocation, "nodeLocations[]": computeZone, "resourceLabels{}": labelValue,
		"initialNodeCount": sandbox.Between(0, 1000), "defaultMaxPodsPerNode": sandbox.Between(8, 256),
		"privateClusterConfig.masterIpv4CidrBlock":              sandbox.CIDR(28),
		"masterAuthorizedNetworksConfig.cidrBlocks":             sandbox.Items(0, 100),
		"masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock": sandbox.CIDR(),
		"ipAllocationPolicy.stackType":                          sandbox.OneOf("IPV4", "IPV4_IPV6"),
		"networkingMode":                                        sandbox.OneOf("VPC_NATIVE", "ROUTES"),
		"datapathProvider": sandbox.OneOf("DATAPATH_PROVIDER_UNSPECIFIED", "LEGACY_DATAPATH",
			"ADVANCED_DATAPATH"),
		"releaseChannel.channel":             sandbox.OneOf("UNSPECIFIED", "RAPID", "REGULAR", "STABLE"),
		"gatewayApiConfig.channel":           sandbox.OneOf("CHANNEL_DISABLED", "CHANNEL_EXPERIMENTAL", "CHANNEL_STANDARD"),
		"binaryAuthorization.evaluationMode": sandbox.OneOf("DISABLED", "PROJECT_SINGLETON_POLICY_ENFORCE"),
		"databaseEncryption.state":           sandbox.OneOf("ENCRYPTED", "DECRYPTED"),
		"databaseEncryption.keyName":         cryptoKeyRule,
		"securityPostureConfig.mode":         sandbox.OneOf("DISABLED", "BASIC", "ENTERPRISE"),
		"securityPostureConfig.vulnerabilityMode": sandbox.OneOf("VULNERABILITY_DISABLED", "VULNERABILITY_BASIC",
			"VULNERABILITY_ENTERPRISE"),
		"loggingConfig.enableComponents[]": sandbox.OneOf("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER",
			"SCHEDULER", "WORKLOADS"),
		"monitoringConfig.enableComponents[]": sandbox.OneOf("SYSTEM_COMPONENTS", "APISERVER", "SCHEDULER", "CONTROLLER_MANAGER",
			"STORAGE", "HPA", "POD", "DAEMONSET", "DEPLOYMENT", "STATEFULSET", "KUBELET", "CADVISOR", "DCGM"),
		"dnsConfig.clusterDns":                  sandbox.OneOf("PROVIDER_UNSPECIFIED", "PLATFORM_DEFAULT", "CLOUD_DNS"),
		"dnsConfig.clusterDnsScope":             sandbox.OneOf("DNS_SCOPE_UNSPECIFIED", "CLUSTER_SCOPE", "VPC_SCOPE"),
		"clusterAutoscaling.autoscalingProfile": sandbox.OneOf("BALANCED", "OPTIMIZE_UTILIZATION"),
		"notificationConfig.pubsub.topic":       sandbox.Match(`^projects/[^/]+/topics/[^/]+$`, `"projects/P/topics/T"`),
		"notificationConfig.pubsub.filter.eventTypes[]": sandbox.OneOf("UPGRADE_AVAILABLE_EVENT", "UPGRADE_EVENT",
			"SECURITY_BULLETIN_EVENT"),
		"authenticatorGroupsConfig.securityGroup": sandbox.Match(`^gke-security-groups@.+\..+$`, `"gke-security-groups@DOMAIN"`),
		"workloadIdentityConfig.workloadPool":     sandbox.Match(`^[a-z0-9.:-]+\.svc\.id\.goog$`, `"PROJECT.svc.id.goog"`),
		"maintenancePolicy.dailyMaintenanceWindow.startTime": sandbox.Match(`^([01][0-9]|2[0-3]):[0-5][0-9]$`,
			`a time of day, such as "03:00"`),
		"maintenancePolicy.recurringWindow.startTime": zuluTime,
		"maintenancePolicy.recurringWindow.endTime":   zuluTime,
		"maintenancePolicy.recurringWindow.recurrence": sandbox.Match(`^FREQ=(DAILY|WEEKLY|MONTHLY)(;[A-Z]+=[A-Z0-9,+-]+)*$`,
			`an RRULE, such as "FREQ=WEEKLY;BYDAY=SA,SU"`),
		"maintenancePolicy.maintenanceExclusions":             sandbox.Items(0, 20),
		"maintenancePolicy.maintenanceExclusions[].startTime": zuluTime,
		"maintenancePolicy.maintenanceExclusions[].endTime":   zuluTime,
		"maintenancePolicy.maintenanceExclusions[].exclusionOptions.scope": sandbox.OneOf("NO_UPGRADES", "NO_MINOR_UPGRADES",
			"NO_MINOR_OR_NODE_UPGRADES"),
	}
}

// zuluTime wants a time in UTC: GKE accepts other zones but answers in UTC, a
// change for ever (SDK, ClusterMaintenancePolicy.RecurringWindow).
func zuluTime(v resource.PropertyValue) error {
	if _, err := time.Parse("2006-01-02T15:04:05Z", v.StringValue()); err != nil {
		return fmt.Errorf(`%q: want a time in UTC, such as "2024-01-06T16:00:00Z"`, v.StringValue())
	}
	return nil
}

func checkClusterPools(o *sandbox.Object) error {
	switch {
	case o.Bool("enableAutopilot"):
		for _, path := range []string{"removeDefaultNodePool", "nodePools", "defaultMaxPodsPerNode", "networkPolicy",
			"enableIntranodeVisibility", "addonsConfig.dnsCacheConfig", "addonsConfig.gcpFilestoreCsiDriverConfig"} {
			if o.Has(path) {
				return sandbox.Problem{Path: path, Reason: "excluded by enableAutopilot"}
			}
		}
	case !o.Has("nodePools") && o.Num("initialNodeCount") < 1 && (!o.Has("initialNodeCount") || o.Known("initialNodeCount")):
		return errors.New("initialNodeCount: want at least 1 where there are no nodePools, also with removeDefaultNodePool")
	case o.Bool("removeDefaultNodePool") && o.Has("nodeVersion"):
		return errors.New("nodeVersion belongs to the default pool, which removeDefaultNodePool removes")
	}
	return nil
}

// checkClusterEndpoint: the provider refuses the first two only when it creates
// the cluster, and GKE the last.
func checkClusterEndpoint(o *sandbox.Object) error {
	const private, master = "privateClusterConfig.enablePrivateNodes", "privateClusterConfig.masterIpv4CidrBlock"
	switch {
	case o.Bool(private) && !o.Has(master) && !o.Has("privateClusterConfig.privateEndpointSubnetwork") && !o.Bool("enableAutopilot"):
		return errors.New("privateClusterConfig: enablePrivateNodes needs masterIpv4CidrBlock")
	case o.Has(master) && !o.Bool(private):
		return errors.New("privateClusterConfig: masterIpv4CidrBlock needs enablePrivateNodes")
	case o.Bool("privateClusterConfig.enablePrivateEndpoint") && !o.Has("masterAuthorizedNetworksConfig"):
		return errors.New("privateClusterConfig: enablePrivateEndpoint needs masterAuthorizedNetworksConfig, be it empty")
	}
	return nil
}

func checkClusterFeatures(o *sandbox.Object) error {
	var errs []error
	refuse := func(wrong bool, message string) {
		if wrong {
			errs = append(errs, errors.New(message))
		}
	}
	advanced := !o.Known("datapathProvider") && o.Has("datapathProvider") || o.Str("datapathProvider") == "ADVANCED_DATAPATH"
	encrypted := o.Str("databaseEncryption.state") == "ENCRYPTED"
	var logs []string
	o.Each("loggingConfig.enableComponents[]", func(_ string, v resource.PropertyValue) { logs = append(logs, v.StringValue()) })
	pool := o.Str("workloadIdentityConfig.workloadPool")
	refuse(advanced && o.Known("datapathProvider") && o.Bool("networkPolicy.enabled"),
		"networkPolicy and datapathProvider ADVANCED_DATAPATH exclude each other: Dataplane V2 enforces policies itself")
	refuse(!advanced && (o.Bool("enableFqdnNetworkPolicy") || o.Bool("enableCiliumClusterwideNetworkPolicy")),
		"enableFqdnNetworkPolicy and enableCiliumClusterwideNetworkPolicy need datapathProvider ADVANCED_DATAPATH")
	refuse(o.Has("gatewayApiConfig") && (!o.Has("ipAllocationPolicy") || o.Bool("addonsConfig.httpLoadBalancing.disabled")) &&
		o.Str("gatewayApiConfig.channel") != "CHANNEL_DISABLED", "gatewayApiConfig needs ipAllocationPolicy and HTTP load balancing")
	refuse(o.Known("databaseEncryption.state") && encrypted != o.Has("databaseEncryption.keyName"),
		"databaseEncryption: keyName and state ENCRYPTED go together")
	refuse(len(logs) > 0 && !slices.Contains(logs, "SYSTEM_COMPONENTS"),
		"loggingConfig: SYSTEM_COMPONENTS must be among enableComponents")
	refuse(pool != "" && o.Str("project") != "" && pool != o.Str("project")+".svc.id.goog",
		"workloadIdentityConfig: the pool of the cluster's own project is the only one")
	refuse(o.Bool("notificationConfig.pubsub.enabled") && !o.Has("notificationConfig.pubsub.topic"),
		"notificationConfig.pubsub: enabled needs a topic")
	o.Each("nodeLocations[]", func(at string, v resource.PropertyValue) {
		refuse(v.StringValue() == o.Str("location"), at+": the cluster's own zone is not to be repeated")
	})
	return errors.Join(errs...)
}

func checkClusterMaintenance(o *sandbox.Object) error {
	if !o.Has("maintenancePolicy") {
		return nil
	}
	err := sandbox.ExactlyOne("maintenancePolicy.dailyMaintenanceWindow", "maintenancePolicy.recurringWindow")(o)
	errs := []error{err, ordered(o, "maintenancePolicy.recurringWindow")}
	names := map[string]bool{}
	o.Each("maintenancePolicy.maintenanceExclusions[]", func(at string, v resource.PropertyValue) {
		exclusion := &sandbox.Object{Kind: o.Kind, Props: v.ObjectValue()}
		if err := ordered(exclusion, ""); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", at, err))
		}
		name := exclusion.Str("exclusionName")
		if names[name] {
			errs = append(errs, fmt.Errorf("%s.exclusionName %q is there twice", at, name))
		}
		names[name] = true
	})
	return errors.Join(errs...)
}

// ordered wants startTime before endTime; both are UTC, so text compares.
func ordered(o *sandbox.Object, at string) error {
	if at != "" {
		at += "."
	}
	start, end := o.Str(at+"startTime"), o.Str(at+"endTime")
	if start != "" && end != "" && start >= end {
		return fmt.Errorf("%sstartTime %s is not before endTime %s", at, start, end)
	}
	return nil
}

func fillCluster(o *sandbox.Object) {
	name, project, location := o.Str("name"), o.Str("project"), o.Str("location")
	if !o.Bool("enableAutopilot") {
		fillNodeConfig(o, map[string]string{"goog-gke-node": ""}) // of whatever pool is the first by now
	}
	public := "203.0.113." + fmt.Sprint(spread(o.Str("selfLink"), 254)+1)
	endpoint := public
	if master, err := netip.ParsePrefix(o.Str("privateClusterConfig.masterIpv4CidrBlock")); err == nil {
		private := master.Addr().Next().Next().String()
		o.Set("privateClusterConfig.privateEndpoint", private)
		o.Set("privateClusterConfig.publicEndpoint", public)
		o.Set("privateClusterConfig.peeringName", "gke-n"+number(name)+"-peer")
		if o.Bool("privateClusterConfig.enablePrivateEndpoint") {
			endpoint = private
		}
	}
	o.Set("endpoint", endpoint)
	o.Set("masterAuth.clusterCaCertificate", clusterCA)
	o.Default("masterAuth.clientCertificateConfig.issueClientCertificate", false)
	if zones := zonesOf(location); len(zones) > 1 {
		o.Default("nodeLocations", zones) // of a zonal cluster they are those beside its own zone
	}
	for path, value := range map[string]any{
		"masterVersion": gkeVersion, "nodeVersion": gkeVersion, "labelFingerprint": number(project + location + name),
		"clusterIpv4Cidr": "10.4.0.0/14", "servicesIpv4Cidr": "10.8.0.0/20", "networkingMode": "VPC_NATIVE", "defaultMaxPodsPerNode": 110,
		"loggingService": "logging.googleapis.com/kubernetes", "monitoringService": "monitoring.googleapis.com/kubernetes",
		"releaseChannel.channel": "REGULAR", "databaseEncryption.state": "DECRYPTED",
		"privateIpv6GoogleAccess": "", "datapathProvider": "LEGACY_DATAPATH",
	} {
		o.Default(path, value)
	}
}
