package cluster

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// cluster is what GKE is asked for.
func (a *Args) cluster() *container.ClusterArgs {
	c := a.Create
	args := &container.ClusterArgs{
		Project:            pulumi.String(a.Project),
		Name:               pulumi.String(a.Name),
		Location:           pulumi.String(a.Location),
		ResourceLabels:     pulumi.ToStringMap(c.Labels),
		DeletionProtection: pulumi.Bool(!c.AllowDeletion),
		Network:            c.Network,
		Subnetwork:         c.Subnetwork,
		NetworkingMode:     pulumi.String("VPC_NATIVE"),
		IpAllocationPolicy: container.ClusterIpAllocationPolicyArgs{
			ClusterSecondaryRangeName:  c.PodRangeName.ToStringOutput().ToStringPtrOutput(),
			ServicesSecondaryRangeName: c.ServiceRangeName.ToStringOutput().ToStringPtrOutput(),
		},
		DefaultMaxPodsPerNode:     pulumi.Int(cmp.Or(c.PodsPerNode, 110)),
		DatapathProvider:          pulumi.String("ADVANCED_DATAPATH"), // Dataplane V2: enforces network policies itself
		EnableIntranodeVisibility: pulumi.Bool(!c.DisableIntranodeVisibility),
		EnableFqdnNetworkPolicy:   pulumi.Bool(c.FQDNPolicies),
		ReleaseChannel:            container.ClusterReleaseChannelArgs{Channel: pulumi.String(cmp.Or(c.ReleaseChannel, "REGULAR"))},
		MaintenancePolicy:         c.Maintenance.policy(),
		WorkloadIdentityConfig: container.ClusterWorkloadIdentityConfigArgs{
			WorkloadPool: pulumi.String(a.Project + ".svc.id.goog"),
		},
		CostManagementConfig:   container.ClusterCostManagementConfigArgs{Enabled: pulumi.Bool(!c.DisableCostAllocation)},
		VerticalPodAutoscaling: container.ClusterVerticalPodAutoscalingArgs{Enabled: pulumi.Bool(!c.Addons.DisableVerticalPodAutoscaling)},
		AddonsConfig:           c.Addons.config(),
		GatewayApiConfig:       c.Addons.gateway(),
	}
	c.endpoint(args)
	c.security(args)
	c.telemetry(args)
	c.defaultPool(args)
	if len(c.NodeLocations) > 0 {
		args.NodeLocations = pulumi.ToStringArray(c.NodeLocations)
	}
	if c.MinVersion != "" {
		args.MinMasterVersion = pulumi.String(c.MinVersion)
	}
	return args
}

func (c *Create) endpoint(args *container.ClusterArgs) {
	args.PrivateClusterConfig = container.ClusterPrivateClusterConfigArgs{
		EnablePrivateNodes:    pulumi.Bool(true),
		EnablePrivateEndpoint: pulumi.Bool(!c.AllowPublicEndpoint),
		MasterIpv4CidrBlock:   pulumi.String(c.MasterRange),
		MasterGlobalAccessConfig: container.ClusterPrivateClusterConfigMasterGlobalAccessConfigArgs{
			Enabled: pulumi.Bool(c.GlobalAccess),
		},
	}
	blocks := container.ClusterMasterAuthorizedNetworksConfigCidrBlockArray{}
	for _, network := range c.AuthorizedNetworks {
		blocks = append(blocks, container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs{
			DisplayName: pulumi.String(network.Name), CidrBlock: pulumi.String(network.CIDR),
		})
	}
	// Given even when empty: without it every address of the VPC, and with a public
	// endpoint of the world, may connect.
	args.MasterAuthorizedNetworksConfig = container.ClusterMasterAuthorizedNetworksConfigArgs{
		CidrBlocks: blocks, GcpPublicCidrsAccessEnabled: pulumi.Bool(false),
	}
}

func (c *Create) security(args *container.ClusterArgs) {
	args.EnableShieldedNodes = pulumi.Bool(true)
	args.EnableLegacyAbac = pulumi.Bool(false)
	args.MasterAuth = container.ClusterMasterAuthArgs{
		ClientCertificateConfig: container.ClusterMasterAuthClientCertificateConfigArgs{IssueClientCertificate: pulumi.Bool(false)},
	}
	posture := container.ClusterSecurityPostureConfigArgs{Mode: pulumi.String(cmp.Or(c.SecurityPosture, "BASIC"))}
	if c.VulnerabilityMode != "" {
		posture.VulnerabilityMode = pulumi.String(c.VulnerabilityMode)
	}
	args.SecurityPostureConfig = posture
	binary := "PROJECT_SINGLETON_POLICY_ENFORCE"
	if c.DisableBinaryAuthorization {
		binary = "DISABLED"
	}
	args.BinaryAuthorization = container.ClusterBinaryAuthorizationArgs{EvaluationMode: pulumi.String(binary)}
	args.DatabaseEncryption = container.ClusterDatabaseEncryptionArgs{State: pulumi.String("DECRYPTED")} // by Google's keys alone
	if c.SecretsKey != nil {
		args.DatabaseEncryption = container.ClusterDatabaseEncryptionArgs{
			State: pulumi.String("ENCRYPTED"), KeyName: c.SecretsKey.ToStringOutput().ToStringPtrOutput(),
		}
	}
	if c.SecurityGroup != "" {
		args.AuthenticatorGroupsConfig = container.ClusterAuthenticatorGroupsConfigArgs{SecurityGroup: pulumi.String(c.SecurityGroup)}
	}
}

func (c *Create) telemetry(args *container.ClusterArgs) {
	logs := []string{"SYSTEM_COMPONENTS"}
	if !c.DropWorkloadLogs {
		logs = append(logs, "WORKLOADS")
	}
	args.LoggingConfig = container.ClusterLoggingConfigArgs{EnableComponents: pulumi.ToStringArray(slices.Concat(logs, c.LogComponents))}
	args.MonitoringConfig = container.ClusterMonitoringConfigArgs{
		EnableComponents:  pulumi.ToStringArray(slices.Concat([]string{"SYSTEM_COMPONENTS"}, c.MetricComponents)),
		ManagedPrometheus: container.ClusterMonitoringConfigManagedPrometheusArgs{Enabled: pulumi.Bool(!c.DisableManagedPrometheus)},
	}
	if n := c.Notifications; n != nil {
		pubsub := container.ClusterNotificationConfigPubsubArgs{
			Enabled: pulumi.Bool(true), Topic: n.Topic.ToStringOutput().ToStringPtrOutput(),
		}
		if len(n.Events) > 0 {
			pubsub.Filter = container.ClusterNotificationConfigPubsubFilterArgs{EventTypes: pulumi.ToStringArray(n.Events)}
		}
		args.NotificationConfig = container.ClusterNotificationConfigArgs{Pubsub: pubsub}
	}
}

// defaultPool has one node, for as long as GKE wants a cluster to have one. It is
// removed before the cluster counts as created, and harmless until then.
func (c *Create) defaultPool(args *container.ClusterArgs) {
	args.RemoveDefaultNodePool = pulumi.Bool(true)
	args.InitialNodeCount = pulumi.Int(1)
	node := container.ClusterNodeConfigArgs{
		OauthScopes: pulumi.ToStringArray([]string{
			"https://www.googleapis.com/auth/logging.write", "https://www.googleapis.com/auth/monitoring",
		}),
		ShieldedInstanceConfig: container.ClusterNodeConfigShieldedInstanceConfigArgs{
			EnableSecureBoot: pulumi.Bool(true), EnableIntegrityMonitoring: pulumi.Bool(true),
		},
		WorkloadMetadataConfig: container.ClusterNodeConfigWorkloadMetadataConfigArgs{Mode: pulumi.String("GKE_METADATA")},
	}
	if c.NodeServiceAccount != nil {
		node.ServiceAccount = c.NodeServiceAccount.ToStringOutput().ToStringPtrOutput()
	}
	args.NodeConfig = node
}

func (m Maintenance) policy() container.ClusterMaintenancePolicyArgs {
	var exclusions container.ClusterMaintenancePolicyMaintenanceExclusionArray
	for _, e := range m.Exclusions {
		exclusions = append(exclusions, container.ClusterMaintenancePolicyMaintenanceExclusionArgs{
			ExclusionName: pulumi.String(e.Name), StartTime: pulumi.String(e.Start), EndTime: pulumi.String(e.End),
			ExclusionOptions: container.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs{
				Scope: pulumi.String(cmp.Or(e.Scope, "NO_UPGRADES")),
			},
		})
	}
	return container.ClusterMaintenancePolicyArgs{
		RecurringWindow: container.ClusterMaintenancePolicyRecurringWindowArgs{
			StartTime: pulumi.String(m.Start), EndTime: pulumi.String(m.End), Recurrence: pulumi.String(m.Recurrence),
		},
		MaintenanceExclusions: exclusions,
	}
}

func (a Addons) config() container.ClusterAddonsConfigArgs {
	return container.ClusterAddonsConfigArgs{
		HttpLoadBalancing:        container.ClusterAddonsConfigHttpLoadBalancingArgs{Disabled: pulumi.Bool(false)},
		HorizontalPodAutoscaling: container.ClusterAddonsConfigHorizontalPodAutoscalingArgs{Disabled: pulumi.Bool(false)},
		GcePersistentDiskCsiDriverConfig: container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs{
			Enabled: pulumi.Bool(true),
		},
		DnsCacheConfig:              container.ClusterAddonsConfigDnsCacheConfigArgs{Enabled: pulumi.Bool(!a.DisableDNSCache)},
		GcpFilestoreCsiDriverConfig: container.ClusterAddonsConfigGcpFilestoreCsiDriverConfigArgs{Enabled: pulumi.Bool(a.Filestore)},
		GcsFuseCsiDriverConfig:      container.ClusterAddonsConfigGcsFuseCsiDriverConfigArgs{Enabled: pulumi.Bool(a.GCSFuse)},
		GkeBackupAgentConfig:        container.ClusterAddonsConfigGkeBackupAgentConfigArgs{Enabled: pulumi.Bool(a.BackupAgent)},
	}
}

func (a Addons) gateway() container.ClusterGatewayApiConfigArgs {
	if a.DisableGatewayAPI {
		return container.ClusterGatewayApiConfigArgs{Channel: pulumi.String("CHANNEL_DISABLED")}
	}
	return container.ClusterGatewayApiConfigArgs{Channel: pulumi.String("CHANNEL_STANDARD")}
}
