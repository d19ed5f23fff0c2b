package gcp

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

// nodePoolKind is https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools.
func nodePoolKind() *sandbox.Kind {
	rules := map[string]sandbox.Rule{
		"name":             containerName,
		"location":         computeLocation,
		"nodeLocations[]":  computeZone,
		"nodeCount":        sandbox.Between(0, 1000),
		"initialNodeCount": sandbox.Between(0, 1000),
		// https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr
		"maxPodsPerNode":                 sandbox.Between(8, 256),
		"autoscaling.minNodeCount":       sandbox.Between(0, 1000),
		"autoscaling.maxNodeCount":       sandbox.Between(1, 1000),
		"autoscaling.totalMinNodeCount":  sandbox.Between(0, 15000),
		"autoscaling.totalMaxNodeCount":  sandbox.Between(1, 15000),
		"autoscaling.locationPolicy":     sandbox.OneOf("BALANCED", "ANY"),
		"upgradeSettings.strategy":       sandbox.OneOf("SURGE", "BLUE_GREEN"),
		"upgradeSettings.maxSurge":       sandbox.Between(0, 20),
		"upgradeSettings.maxUnavailable": sandbox.Between(0, 20),
		// a soak lasts at most 7 days (REST reference, BlueGreenSettings)
		"upgradeSettings.blueGreenSettings.nodePoolSoakDuration":                    seconds(0, 604800),
		"upgradeSettings.blueGreenSettings.standardRolloutPolicy.batchSoakDuration": seconds(0, 604800),
		"upgradeSettings.blueGreenSettings.standardRolloutPolicy.batchPercentage":   sandbox.Between(0, 1),
		"placementPolicy.type": sandbox.OneOf("COMPACT"),
		"networkConfig.networkPerformanceConfig.totalEgressBandwidthTier": sandbox.OneOf("TIER_UNSPECIFIED", "TIER_1"),
		"networkConfig.podIpv4CidrBlock":                                  sandbox.CIDR(),
	}
	maps.Copy(rules, nodeConfigRules())
	defaults := map[string]any{"management.autoRepair": true, "management.autoUpgrade": true, "upgradeSettings.strategy": "SURGE"}
	maps.Copy(defaults, nodeConfigDefaults())
	return &sandbox.Kind{
		Type: nodePoolType,
		ID:   "projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}",
		Fill: fillNodePool,
		// the location is the provider's zone where it is left out; nothing here relies on that
		Required: []string{"location"},
		Defaults: defaults,
		Rules:    rules,
		Checks: append(nodeConfigChecks(), sandbox.Exclusive("name", "namePrefix"), checkPoolSize, checkPoolUpgrade,
			sandbox.Exclusive("networkConfig.podIpv4CidrBlock", "networkConfig.podCidrOverprovisionConfig.disabled")),
		Computed: slices.Concat(nodeConfigComputed(), []string{
			"autoscaling.locationPolicy", "management.autoRepair", "management.autoUpgrade", "networkConfig.enablePrivateNodes",
			"networkConfig.podCidrOverprovisionConfig", "networkConfig.podIpv4CidrBlock", "networkConfig.podRange", "nodeLocations",
			"upgradeSettings.blueGreenSettings", "upgradeSettings.blueGreenSettings.nodePoolSoakDuration",
			"upgradeSettings.blueGreenSettings.standardRolloutPolicy.batchNodeCount",
			"upgradeSettings.blueGreenSettings.standardRolloutPolicy.batchSoakDuration", "upgradeSettings.maxSurge", "upgradeSettings.maxUnavailable",
		}),
		Replace: slices.Concat(nodeConfigReplace(), []string{
			"cluster", "initialNodeCount", "location", "maxPodsPerNode", "name", "namePrefix", "placementPolicy", "project",
			"queuedProvisioning", "networkConfig.additionalNodeNetworkConfigs", "networkConfig.additionalPodNetworkConfigs",
			"networkConfig.createPodRange", "networkConfig.podCidrOverprovisionConfig", "networkConfig.podIpv4CidrBlock",
			"networkConfig.podRange",
		}),
		Refs: map[string]sandbox.Ref{
			"cluster":                   sandbox.Names(clusterType), // deleting a cluster deletes its pools
			"nodeConfig.serviceAccount": sandbox.Names(accountType),
			"nodeConfig.bootDiskKmsKey": sandbox.Names(cryptoKeyType),
		},
	}
}

// checkPoolSize wants one owner of the number of nodes. The provider refuses two
// counts only when it creates the pool, and GKE the rest.
func checkPoolSize(o *sandbox.Object) error {
	var errs []error
	if o.Has("autoscaling") && o.Has("nodeCount") {
		errs = append(errs, errors.New("autoscaling and nodeCount exclude each other: both would set the number of nodes"))
	}
	if o.Has("initialNodeCount") && o.Has("nodeCount") {
		errs = append(errs, errors.New("initialNodeCount and nodeCount exclude each other"))
	}
	zonal := o.Has("autoscaling.minNodeCount") || o.Has("autoscaling.maxNodeCount")
	total := o.Has("autoscaling.totalMinNodeCount") || o.Has("autoscaling.totalMaxNodeCount")
	switch {
	case zonal && total:
		errs = append(errs, errors.New("autoscaling: limits per zone and total limits exclude each other"))
	case o.Known("autoscaling") && !o.Has("autoscaling.maxNodeCount") && !o.Has("autoscaling.totalMaxNodeCount"):
		errs = append(errs, errors.New("autoscaling: want maxNodeCount or totalMaxNodeCount"))
	}
	for _, limits := range [][2]string{{"minNodeCount", "maxNodeCount"}, {"totalMinNodeCount", "totalMaxNodeCount"}} {
		lo, hi := "autoscaling."+limits[0], "autoscaling."+limits[1]
		if o.Known(lo) && o.Known(hi) && o.Num(lo) > o.Num(hi) {
			errs = append(errs, fmt.Errorf("autoscaling: %s %v is above %s %v", limits[0], o.Num(lo), limits[1], o.Num(hi)))
		}
	}
	return errors.Join(errs...)
}

// checkPoolUpgrade wants the settings of the strategy that is used.
// https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies
func checkPoolUpgrade(o *sandbox.Object) error {
	const at, surge, unavailable = "upgradeSettings.", "upgradeSettings.maxSurge", "upgradeSettings.maxUnavailable"
	const rollout = at + "blueGreenSettings.standardRolloutPolicy."
	blueGreen := o.Str(at+"strategy") == "BLUE_GREEN"
	switch {
	case blueGreen && (o.Has(surge) || o.Has(unavailable)):
		return errors.New("upgradeSettings: maxSurge and maxUnavailable belong to the strategy SURGE")
	case o.Known(at+"strategy") && !blueGreen && o.Has(at+"blueGreenSettings"):
		return errors.New("upgradeSettings: blueGreenSettings belong to the strategy BLUE_GREEN")
	case o.Known(surge) && o.Known(unavailable) && o.Num(surge)+o.Num(unavailable) < 1:
		return errors.New("upgradeSettings: maxSurge and maxUnavailable are both 0, so no node could ever be upgraded")
	case o.Num(surge)+o.Num(unavailable) > 20:
		return errors.New("upgradeSettings: maxSurge and maxUnavailable together are above 20")
	case o.Has(rollout+"batchNodeCount") && o.Has(rollout+"batchPercentage"):
		return errors.New("upgradeSettings: batchNodeCount and batchPercentage exclude each other")
	}
	return nil
}

func fillNodePool(o *sandbox.Object) {
	cluster, location := lastPart(o.Str("cluster")), o.Str("location")
	fillNodeConfig(o, map[string]string{
		"goog-gke-node": "", "goog-gke-node-pool-provisioning-model": provisioning(o), "goog-gke-cluster": cluster,
	})
	for path, value := range map[string]any{
		"management.autoRepair": true, "management.autoUpgrade": true, "maxPodsPerNode": 110, "version": gkeVersion,
		"namePrefix": "", "networkConfig.podRange": "pods", "networkConfig.enablePrivateNodes": true,
		"nodeLocations": zonesOf(location),
	} {
		o.Default(path, value)
	}
	if o.Str("upgradeSettings.strategy") != "BLUE_GREEN" {
		o.Default("upgradeSettings.strategy", "SURGE")
		o.Default("upgradeSettings.maxSurge", 1)
		o.Default("upgradeSettings.maxUnavailable", 0)
	}
	if o.Has("autoscaling") {
		o.Default("autoscaling.locationPolicy", "BALANCED")
	}
	size := o.Num("autoscaling.minNodeCount")
	if o.Has("nodeCount") {
		size = o.Num("nodeCount")
	}
	o.Default("initialNodeCount", size)
	o.Default("nodeCount", o.Num("initialNodeCount"))
	var managers, groups []any
	o.Each("nodeLocations[]", func(_ string, v resource.PropertyValue) {
		zone := "https://www.googleapis.com/compute/v1/projects/" + o.Str("project") + "/zones/" + v.StringValue()
		name := "gke-" + cluster + "-" + o.Str("name") + "-" + number(o.Str("cluster") + o.Str("name"))[:8] + "-grp"
		managers = append(managers, zone+"/instanceGroupManagers/"+name)
		groups = append(groups, zone+"/instanceGroups/"+name)
	})
	o.Set("instanceGroupUrls", managers)
	o.Set("managedInstanceGroupUrls", groups)
}

func provisioning(o *sandbox.Object) string {
	switch {
	case o.Bool("nodeConfig.spot"):
		return "spot"
	case o.Bool("nodeConfig.preemptible"):
		return "preemptible"
	default:
		return "on-demand"
	}
}

// zonesOf are the zones that a location covers.
func zonesOf(location string) []any {
	if strings.Count(location, "-") == 2 { // a zone, such as "asia-northeast1-a"
		return []any{location}
	}
	return []any{location + "-a", location + "-b", location + "-c"}
}

func lastPart(name string) string { return name[strings.LastIndex(name, "/")+1:] }
