package azure

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"ai-worker/internal/sandbox"
)

const (
	environmentID = groupID + "/providers/Microsoft.App/managedEnvironments/main"
	certificateID = environmentID + "/managedCertificates/api"
	apiIdentity   = groupID + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/api"
	secretURL     = "https://main-dev.vault.azure.net/secrets/token"
	appsSubnet    = networkID + "/subnets/apps"
)

func validEnvironment() props {
	return props{
		"resourceGroupName": "main", "environmentName": "main", "location": "japaneast",
		"vnetConfiguration":    props{"infrastructureSubnetId": appsSubnet, "internal": false},
		"workloadProfiles":     []any{props{"name": "Consumption", "workloadProfileType": "Consumption"}},
		"appLogsConfiguration": props{"destination": "azure-monitor"},
		"zoneRedundant":        true,
	}
}

func TestEnvironment(t *testing.T) {
	id, state, err := registered(t, environmentType, validEnvironment())
	require.NoError(t, err)
	require.Equal(t, environmentID, id)
	require.Regexp(t, `^[a-z]+-[0-9a-f]{8}\.japaneast\.azurecontainerapps\.io$`, state["defaultDomain"])
	require.Regexp(t, `^203\.0\.113\.[0-9]+$`, state["staticIp"])
	require.Regexp(t, `^[0-9A-F]{64}$`, state["customDomainConfiguration"].(props)["customDomainVerificationId"])
	require.Equal(t, "ME_main_main_japaneast", state["infrastructureResourceGroup"])

	_, inner, err := registered(t, environmentType, validEnvironment(), props{"vnetConfiguration.internal": true})
	require.NoError(t, err)
	require.Regexp(t, `^10\.`, inner["staticIp"])

	key := props{"customerId": tenantID, "sharedKey": "k"}
	shared := props{"name": "Consumption", "workloadProfileType": "Consumption"}
	profile := func(p props) props { return props{"workloadProfiles": []any{shared, p}} }
	judged(t, environmentType, validEnvironment(), map[string]verdict{
		"name":                     {props{"environmentName": "Main"}, "a letter first"},
		"region":                   {props{"location": "tokyo"}, "LocationNotAvailable"},
		"logs":                     {props{"appLogsConfiguration.destination": "blob"}, "none of"},
		"keys":                     {props{"appLogsConfiguration": props{"destination": "log-analytics", "logAnalyticsConfiguration": key}}, ""},
		"no key":                   {props{"appLogsConfiguration": props{"destination": "log-analytics"}}, "needs customerId and sharedKey"},
		"idle key":                 {props{"appLogsConfiguration.logAnalyticsConfiguration": key}, "only the destination log-analytics"},
		"zones":                    {props{"vnetConfiguration": nil}, "ZoneRedundant must be disabled"},
		"no network":               {props{"vnetConfiguration": nil, "zoneRedundant": false}, ""},
		"internal":                 {props{"vnetConfiguration": props{"internal": true}, "zoneRedundant": false}, "must have infrastructureSubnetId"},
		"older":                    {props{"workloadProfiles": nil}, ""},
		"own group":                {props{"workloadProfiles": nil, "infrastructureResourceGroup": "g"}, "only an environment with workload profiles"},
		"dedicated":                {profile(props{"name": "big", "workloadProfileType": "D4", "minimumCount": 0, "maximumCount": 2}), ""},
		"no counts":                {profile(props{"name": "big", "workloadProfileType": "D4"}), "needs minimumCount and maximumCount"},
		"counts":                   {profile(props{"name": "big", "workloadProfileType": "D4", "minimumCount": 3, "maximumCount": 2}), "is above maximumCount"},
		"profile":                  {profile(props{"name": "big", "workloadProfileType": "D5"}), "none of Consumption"},
		"twice":                    {profile(shared), "there twice"},
		"shared counts":            {props{"workloadProfiles[0].maximumCount": 2}, "no minimumCount"},
		"Consumption is so called": {props{"workloadProfiles[0].name": "shared"}, "is called so"},
	})
	kind, err := Package().Kind(environmentType)
	require.NoError(t, err)
	require.Subset(t, kind.Replace, []string{"environmentName", "location", "resourceGroupName", "zoneRedundant"})
	require.NoError(t, kind.Revise(object(t, validEnvironment()), object(t, validEnvironment(), props{"appLogsConfiguration": nil})))
	for _, change := range []props{{"vnetConfiguration.internal": true}, {"vnetConfiguration.infrastructureSubnetId": "s"}, {"workloadProfiles": nil}} {
		require.Error(t, kind.Revise(object(t, validEnvironment()), object(t, validEnvironment(), change)), change)
	}
}

func validApp() props {
	return props{
		"resourceGroupName": "main", "containerAppName": "api", "location": "japaneast", "managedEnvironmentId": environmentID,
		"workloadProfileName": "Consumption",
		"identity":            props{"type": "UserAssigned", "userAssignedIdentities": []any{apiIdentity}},
		"configuration": props{
			"activeRevisionsMode": "Single",
			"registries":          []any{props{"server": "main.azurecr.io", "identity": apiIdentity}},
			"secrets":             []any{props{"name": "token", "keyVaultUrl": secretURL, "identity": apiIdentity}},
			"ingress":             props{"external": true, "targetPort": 8080, "transport": "http"},
		},
		"template": props{
			"containers": []any{props{
				"name": "api", "image": "main.azurecr.io/api:v1", "resources": props{"cpu": 0.5, "memory": "1Gi"},
				"env":    []any{props{"name": "TOKEN", "secretRef": "token"}, props{"name": "PORT", "value": "8080"}},
				"probes": []any{props{"type": "Liveness", "httpGet": props{"path": "/healthz", "port": 8080}, "periodSeconds": 10}},
			}},
			"scale": props{"minReplicas": 1, "maxReplicas": 5, "rules": []any{props{"name": "http", "http": props{"metadata": props{"concurrentRequests": "50"}}}}},
		},
	}
}

func TestContainerApp(t *testing.T) {
	_, environment, err := registered(t, environmentType, validEnvironment())
	require.NoError(t, err)
	id, state, err := registered(t, containerAppType, validApp())
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.App/containerApps/api", id)
	require.Equal(t, "api."+environment["defaultDomain"].(string), state["configuration"].(props)["ingress"].(props)["fqdn"])
	require.Regexp(t, `^api--[0-9a-f]{7}$`, state["latestRevisionName"])
	require.Equal(t, state["latestRevisionName"], state["latestReadyRevisionName"])
	require.Equal(t, environment["customDomainConfiguration"].(props)["customDomainVerificationId"], state["customDomainVerificationId"])
	require.Len(t, state["outboundIpAddresses"], 1)

	_, next, err := registered(t, containerAppType, validApp(), props{"template.containers[0].image": "main.azurecr.io/api:v2"})
	require.NoError(t, err)
	require.NotEqual(t, state["latestRevisionName"], next["latestRevisionName"], "another template is another revision")
	_, next, err = registered(t, containerAppType, validApp(), props{"tags": props{"team": "a"}})
	require.NoError(t, err)
	require.Equal(t, state["latestRevisionName"], next["latestRevisionName"])
	_, next, err = registered(t, containerAppType, validApp(), props{"configuration.ingress.external": false, "template.revisionSuffix": "v1"})
	require.NoError(t, err)
	require.Equal(t, "api.internal."+environment["defaultDomain"].(string), next["configuration"].(props)["ingress"].(props)["fqdn"])
	require.Equal(t, "api--v1", next["latestRevisionName"])
}

func TestContainerAppRefusals(t *testing.T) {
	container, probe, secret := "template.containers[0].", "template.containers[0].probes[0].", "configuration.secrets[0]"
	tcp := props{"type": "Liveness", "tcpSocket": props{"port": 1}}
	own := props{"name": "token", "value": "x"}
	judged(t, containerAppType, validApp(), map[string]verdict{
		"name":            {props{"containerAppName": "api--v1"}, "ContainerAppInvalidName"},
		"long name":       {props{"containerAppName": strings.Repeat("a", 33)}, "2 to 32"},
		"no environment":  {props{"managedEnvironmentId": nil}, "exactly one of environmentId"},
		"no template":     {props{"template": nil}, "template: missing"},
		"no container":    {props{"template.containers": []any{}}, "0 elements"},
		"no image":        {props{container + "image": nil}, "image: missing"},
		"image":           {props{container + "image": "main.azurecr.io/API:v1"}, "an image"},
		"digest":          {props{container + "image": "main.azurecr.io/api@sha256:" + strings.Repeat("0", 64)}, ""},
		"other registry":  {props{container + "image": "other.azurecr.io/api:v1"}, "UNAUTHORIZED"},
		"public image":    {props{container + "image": "mcr.microsoft.com/k8se/quickstart:latest"}, ""},
		"two of a name":   {props{"template.initContainers": []any{props{"name": "api", "image": "busybox"}}}, "there twice"},
		"pair":            {props{container + "resources.memory": "2Gi"}, "ContainerAppInvalidResourceTotal"},
		"step":            {props{container + "resources": props{"cpu": 0.3, "memory": "0.6Gi"}}, "ContainerAppInvalidResourceTotal"},
		"too much":        {props{container + "resources": props{"cpu": 4.25, "memory": "8.5Gi"}}, "ContainerAppInvalidResourceTotal"},
		"most":            {props{container + "resources": props{"cpu": 4, "memory": "8Gi"}}, ""},
		"dedicated":       {props{"workloadProfileName": "big", container + "resources.memory": "3Gi"}, ""},
		"half a pair":     {props{container + "resources.memory": nil}, "both cpu and memory"},
		"unit":            {props{container + "resources.memory": "1G"}, "want GiB"},
		"no resources":    {props{container + "resources": nil}, ""},
		"probe":           {props{probe + "type": "Health"}, "none of Liveness"},
		"probes":          {props{container + "probes": []any{tcp, tcp}}, "two probes"},
		"no action":       {props{probe + "httpGet": nil}, "exactly one of httpGet, tcpSocket"},
		"successes":       {props{probe + "successThreshold": 2}, "must be 1"},
		"period":          {props{probe + "periodSeconds": 241}, "not between 1 and 240"},
		"failures":        {props{probe + "failureThreshold": 11}, "not between 1 and 10"},
		"delay":           {props{probe + "initialDelaySeconds": 61}, "not between"},
		"port":            {props{probe + "httpGet.port": 0}, "not between 1 and 65535"},
		"both values":     {props{container + "env[0].value": "x"}, "exclude each other"},
		"no secret":       {props{"configuration.secrets": nil}, "SecretRef 'token' defined for container 'api' not found"},
		"variable twice":  {props{container + "env[1].name": "TOKEN"}, "there twice"},
		"variable":        {props{container + "env[1].name": "1"}, "environment variable"},
		"secret's name":   {props{secret + ".name": "TOKEN"}, "ContainerAppInvalidSecretName"},
		"own value":       {props{secret: own}, ""},
		"empty":           {props{secret: props{"name": "token", "value": ""}}, "ContainerAppSecretInvalid"},
		"value and vault": {props{secret + ".value": "x"}, "value or keyVaultUrl and identity should be provided"},
		"no identity":     {props{secret + ".identity": nil}, "value or keyVaultUrl and identity should be provided"},
		"other identity":  {props{secret + ".identity": apiIdentity + "2"}, "not among the identities"},
		"no system":       {props{secret + ".identity": "system"}, "not among the identities"},
		"no name":         {props{secret + ".name": nil}, "secrets[0].name: missing"},
		"system":          {props{secret + ".identity": "System", "identity.type": "SystemAssigned,UserAssigned"}, ""},
		"file of secret":  {props{"template.volumes": []any{props{"name": "s", "storageType": "Secret", "secrets": []any{props{"secretRef": "key"}}}}}, `no secret "key"`},
		"vault":           {props{secret + ".keyVaultUrl": "https://example.com/secrets/token"}, "the URL of a secret"},
		"secret twice":    {props{"configuration.secrets": []any{own, own}}, "there twice"},
		"user and none":   {props{"identity.type": "SystemAssigned"}, "InvalidIdentityValues"},
		"no server":       {props{"configuration.registries[0].server": nil}, "registries[0].server: missing"},
		"no variable":     {props{container + "env[1].name": nil}, "env: name: missing"},
		"volume twice":    {props{"template.volumes": []any{props{"name": "v"}, props{"name": "v"}}}, "there twice"},
		"no login":        {props{"configuration.registries[0].identity": nil}, "want identity, or username"},
		"stranger":        {props{"configuration.registries[0].identity": apiIdentity + "2"}, "not among the identities"},
		"password":        {props{"configuration.registries[0]": props{"server": "main.azurecr.io", "username": "u", "passwordSecretRef": "p"}}, `no secret "p"`},
		"registry":        {props{"configuration.registries[0].server": "https://main.azurecr.io"}, "without a scheme"},
		"no volume":       {props{container + "volumeMounts": []any{props{"volumeName": "tmp", "mountPath": "/tmp"}}}, "the name of a volume"},
		"volume": {props{container + "volumeMounts": []any{props{"volumeName": "tmp", "mountPath": "/tmp"}},
			"template.volumes": []any{props{"name": "tmp", "storageType": "EmptyDir"}}}, ""},
		"share": {props{"template.volumes": []any{props{"name": "tmp", "storageType": "AzureFile"}}}, "storageName: missing"},
	})
}

func TestContainerAppTraffic(t *testing.T) {
	const in, scale = "configuration.ingress.", "template.scale."
	rule := func(action, name, source string) props {
		return props{"action": action, "name": name, "ipAddressRange": source}
	}
	cpu := props{"name": "cpu", "custom": props{"type": "cpu"}}
	latest := props{"latestRevision": true, "weight": 60}
	judged(t, containerAppType, validApp(), map[string]verdict{
		"replicas":       {props{scale + "maxReplicas": 1001}, "not between 1 and 1000"},
		"scale":          {props{scale + "minReplicas": 6}, "minReplicas 6 is above maxReplicas 5"},
		"default most":   {props{scale + "minReplicas": 11, scale + "maxReplicas": nil}, "above maxReplicas 10"},
		"two rules":      {props{scale + "rules[0].tcp": props{"metadata": props{}}}, "exactly one of azureQueue"},
		"no rule":        {props{scale + "rules[0].http": nil}, "exactly one of azureQueue"},
		"requests":       {props{scale + "rules[0].http.metadata.concurrentRequests": "many"}, "is no number"},
		"rule twice":     {props{scale + "rules": []any{cpu, cpu}}, "there twice"},
		"custom":         {props{scale + "rules[0]": props{"name": "cpu", "custom": props{"metadata": props{}}}}, "custom.type: missing"},
		"rule's secret":  {props{scale + "rules[0].http.auth": []any{props{"secretRef": "key"}}}, `no secret "key"`},
		"transport":      {props{in + "transport": "udp"}, "none of auto"},
		"target":         {props{in + "targetPort": 0}, "not between"},
		"exposed":        {props{in + "exposedPort": 80}, "only of the transport tcp"},
		"tcp":            {props{in + "transport": "tcp", in + "exposedPort": 5432}, ""},
		"insecure tcp":   {props{in + "transport": "tcp", in + "allowInsecure": true}, "the transport tcp has no"},
		"allow":          {props{in + "ipSecurityRestrictions": []any{rule("Allow", "a", "192.0.2.0/24"), rule("Allow", "b", "192.0.2.1")}}, ""},
		"allow and deny": {props{in + "ipSecurityRestrictions": []any{rule("Allow", "a", "192.0.2.0/24"), rule("Deny", "b", "192.0.2.1")}}, "of one action"},
		"rule name":      {props{in + "ipSecurityRestrictions": []any{rule("Allow", "a", "192.0.2.0/24"), rule("Allow", "a", "192.0.2.1")}}, "there twice"},
		"IPv6":           {props{in + "ipSecurityRestrictions": []any{rule("Allow", "a", "2001:db8::/32")}}, "no IPv4"},
		"weights":        {props{in + "traffic": []any{latest}}, "sum up to 60"},
		"single":         {props{in + "traffic": []any{latest, props{"revisionName": "api--v0", "weight": 40}}}, "the revision mode Multiple"},
		"multiple":       {props{in + "traffic": []any{latest, props{"revisionName": "api--v0", "weight": 40}}, "configuration.activeRevisionsMode": "Multiple"}, ""},
		"sticky":         {props{in + "stickySessions": props{"affinity": "sticky"}, "configuration.activeRevisionsMode": "Multiple"}, "StickySessionRevisionMode"},
		"unbound":        {props{in + "customDomains": []any{props{"name": "api.example.com", "bindingType": "Disabled"}}}, ""},
		"no certificate": {props{in + "customDomains": []any{props{"name": "api.example.com", "bindingType": "SniEnabled"}}}, "certificateId: missing"},
		"bound":          {props{in + "customDomains": []any{props{"name": "api.example.com", "bindingType": "SniEnabled", "certificateId": certificateID}}}, ""},
		"domain twice":   {props{in + "customDomains": []any{props{"name": "api.example.com"}, props{"name": "api.example.com"}}}, "there twice"},
		"domain":         {props{in + "customDomains": []any{props{"name": "*.example.com"}}}, "a host in lower case"},
		"revision":       {props{"template.revisionSuffix": "V1"}, "ContainerAppInvalidRevisionName"},
		"long revision":  {props{"template.revisionSuffix": strings.Repeat("a", 50)}, "55 characters"},
	})
	kind, err := Package().Kind(containerAppType)
	require.NoError(t, err)
	suffixed := object(t, validApp(), props{"template.revisionSuffix": "v1"})
	require.NoError(t, kind.Revise(suffixed, object(t, suffixed.Props.Mappable(), props{"tags": props{"team": "a"}})))
	require.ErrorContains(t, kind.Revise(suffixed, object(t, suffixed.Props.Mappable(), props{"template.containers[0].image": "nginx"})), "already exists")
	require.Subset(t, kind.Replace, []string{"containerAppName", "environmentId", "location", "managedEnvironmentId", "resourceGroupName"})
}

// In the first preview the SDK's outputs are unknown as a whole.
func TestAppBeforeItIsKnown(t *testing.T) {
	for typ, keys := range map[string][]string{containerAppType: {"configuration", "template", "identity"}, environmentType: {"vnetConfiguration"}} {
		valid := map[string]props{containerAppType: validApp(), environmentType: validEnvironment()}[typ]
		kind, err := Package().Kind(typ)
		require.NoError(t, err)
		for _, key := range keys {
			inputs := given(t, valid)
			inputs[resource.PropertyKey(key)] = resource.MakeComputed(resource.NewProperty(""))
			require.Empty(t, kind.Check(inputs), key)
		}
	}
}

func validJob() props {
	return props{
		"resourceGroupName": "main", "jobName": "migrate", "location": "japaneast", "environmentId": environmentID,
		"identity":      props{"type": "UserAssigned", "userAssignedIdentities": []any{apiIdentity}},
		"configuration": props{"triggerType": "Manual", "replicaTimeout": 600, "replicaRetryLimit": 1},
		"template":      props{"containers": []any{props{"name": "migrate", "image": "docker.io/library/migrate:v1", "resources": props{"cpu": 0.25, "memory": "0.5Gi"}}}},
	}
}

func TestJob(t *testing.T) {
	id, state, err := registered(t, jobType, validJob())
	require.NoError(t, err)
	require.Equal(t, groupID+"/providers/Microsoft.App/jobs/migrate", id)
	require.EqualValues(t, 1, state["configuration"].(props)["manualTriggerConfig"].(props)["parallelism"])
	cron := func(text string) props {
		return props{"configuration.triggerType": "Schedule", "configuration.scheduleTriggerConfig": props{"cronExpression": text}}
	}
	event := func(scale props) props {
		return props{"configuration.triggerType": "Event", "configuration.eventTriggerConfig": props{"scale": scale}}
	}
	rules := []any{props{"name": "queue", "type": "azure-servicebus"}}
	judged(t, jobType, validJob(), map[string]verdict{
		"name":       {props{"jobName": "Migrate"}, "ContainerAppInvalidName"},
		"trigger":    {props{"configuration.triggerType": "Cron"}, "none of Event"},
		"no timeout": {props{"configuration.replicaTimeout": nil}, "replicaTimeout: missing"},
		"timeout":    {props{"configuration.replicaTimeout": 0}, "not between"},
		"retries":    {props{"configuration.replicaRetryLimit": -1}, "not between"},
		"schedule":   {cron("0 3 * * *"), ""},
		"cron":       {cron("0 3 * *"), "five fields"},
		"no cron":    {props{"configuration.triggerType": "Schedule"}, "scheduleTriggerConfig: missing"},
		"both":       {props{"configuration.scheduleTriggerConfig": props{"cronExpression": "0 3 * * *"}}, "is of the trigger type Schedule"},
		"parallel":   {props{"configuration.manualTriggerConfig": props{"parallelism": 1, "replicaCompletionCount": 2}}, "is above parallelism"},
		"event":      {event(props{"rules": rules, "minExecutions": 0, "maxExecutions": 10}), ""},
		"executions": {event(props{"rules": rules, "minExecutions": 11, "maxExecutions": 10}), "is above maxExecutions"},
		"no rule":    {event(props{}), "an event needs a rule"},
		"no place":   {props{"environmentId": nil}, "environmentId: missing"},
		"no image":   {props{"template.containers[0].image": nil}, "image: missing"},
	})
}

func validCertificate() props {
	return props{
		"resourceGroupName": "main", "environmentName": "main", "managedCertificateName": "api", "location": "japaneast",
		"properties": props{"subjectName": "api.example.com", "domainControlValidation": "CNAME"},
	}
}

func TestManagedCertificate(t *testing.T) {
	id, state, err := registered(t, managedCertificateType, validCertificate())
	require.NoError(t, err)
	require.Equal(t, certificateID, id)
	require.Equal(t, "Succeeded", state["properties"].(props)["provisioningState"])
	judged(t, managedCertificateType, validCertificate(), map[string]verdict{
		"name":       {props{"managedCertificateName": "API"}, "1 to 64"},
		"validation": {props{"properties.domainControlValidation": "DNS"}, "none of CNAME"},
		"wildcard":   {props{"properties.subjectName": "*.example.com"}, "a host in lower case"},
		"no host":    {props{"properties.subjectName": nil}, "subjectName: missing"},
	})
}

// TestAppsInTheCloud is about what an environment says of its network and its apps.
func TestAppsInTheCloud(t *testing.T) {
	cloud := newCloud(t)
	cloud.makes(networkType, props{"resourceGroupName": "main", "virtualNetworkName": "main", "location": "japaneast", "addressSpace": props{"addressPrefixes": []any{"10.0.0.0/16"}}})
	subnet := props{"resourceGroupName": "main", "virtualNetworkName": "main"}
	delegation := props{"delegations": []any{props{"name": "apps", "serviceName": environmentDelegation}}}
	cloud.makes(subnetType, subnet, delegation, props{"subnetName": "apps", "addressPrefix": "10.0.0.0/27"})
	cloud.makes(subnetType, subnet, delegation, props{"subnetName": "small", "addressPrefix": "10.0.1.0/28"})
	cloud.makes(subnetType, subnet, props{"subnetName": "plain", "addressPrefix": "10.0.2.0/24"})
	in := func(name string) props {
		return props{"vnetConfiguration.infrastructureSubnetId": networkID + "/subnets/" + name}
	}
	cloud.refuses(environmentType, "ManagedEnvironmentSubnetDelegationError", validEnvironment(), in("plain"))
	cloud.refuses(environmentType, "at least /27", validEnvironment(), in("small"))
	cloud.refuses(environmentType, "ManagedEnvironmentSubnetIsDelegated", validEnvironment(), props{"workloadProfiles": nil})
	cloud.refuses(environmentType, "at least /23", validEnvironment(), in("plain"), props{"workloadProfiles": nil})
	cloud.makes(environmentType, validEnvironment())
	cloud.refuses(environmentType, "ManagedEnvironmentSubnetInUse", validEnvironment(), props{"environmentName": "second"})

	bare := props{"configuration.secrets": nil, "configuration.registries": nil, "template.containers[0].env": nil, "template.containers[0].image": "nginx"}
	cloud.refuses(containerAppType, "FailedIdentityOperation", validApp(), bare)
	cloud.makes(identityType, props{"resourceGroupName": "main", "resourceName": "api", "location": "japaneast"})
	cloud.refuses(containerAppType, "not the region of the environment", validApp(), bare, props{"location": "japanwest"})
	cloud.refuses(containerAppType, `no workload profile "big"`, validApp(), bare, props{"workloadProfileName": "big"})
	state := cloud.makes(containerAppType, validApp(), bare, props{"configuration.secrets": []any{props{"name": "token", "value": "x"}}})
	require.NotContains(t, state["configuration"].ObjectValue()["secrets"].ArrayValue()[0].ObjectValue(), resource.PropertyKey("value"))
	ids := state["identity"].ObjectValue()["userAssignedIdentities"].ObjectValue()
	require.NotEmpty(t, ids[apiIdentity].ObjectValue()["clientId"].StringValue())
	cloud.makes(jobType, validJob())
	v2 := props{"template.containers[0].image": "nginx:2"}
	changes, err := cloud.changes(containerAppType, v2, validApp(), bare, props{"containerAppName": "web"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"template.containers[0].image": "UPDATE"}, changes)
	cloud.refuses(containerAppType, "there is no such azure-native:keyvault:Secret", validApp(), props{
		"configuration.registries": nil, "template.containers[0].image": "nginx", "containerAppName": "secretive"})
	cloud.refuses(managedCertificateType, "not the region", validCertificate(), props{"location": "japanwest"})
	cloud.refuses(managedCertificateType, "RequireCustomHostnameInEnvironment", validCertificate())
}

// TestAppsAmongOthers is about what nothing of an app names: records and grants.
func TestAppsAmongOthers(t *testing.T) {
	there := map[string][]*sandbox.Object{}
	all := func(typ string) []*sandbox.Object { return there[typ] }
	in := func(typ string, layers ...props) { there[typ] = append(there[typ], object(t, layers...)) }
	kind := func(typ string) *sandbox.Kind {
		kind, err := Package().Kind(typ)
		require.NoError(t, err)
		return kind
	}
	of := func(typ string, layers ...props) *sandbox.Object {
		_, state, err := registered(t, typ, layers...)
		require.NoError(t, err)
		o := object(t, state)
		o.Kind, o.Config = kind(typ), resource.NewPropertyMapFromMap(props{"subscriptionId": subscriptionID})
		return o
	}
	app := of(containerAppType, validApp(), props{"configuration.ingress.customDomains": []any{props{"name": "api.example.com"}}})
	refuses := func(want string) {
		t.Helper()
		require.ErrorContains(t, kind(containerAppType).Among(app, all), want)
	}
	grant := func(role, scope string) {
		in(assignmentType, props{"principalId": tenantID, "scope": scope, "roleDefinitionId": groupID + "/roleDefinitions/" + role})
	}
	refuses("FailedIdentityOperation")
	in(identityType, props{"resourceGroupName": "main", "resourceName": "api", "principalId": tenantID})
	in(recordType, props{"type": "TXT", "hostname": "asuid.api.example.com", "content": "another"})
	refuses("A TXT record pointing from asuid.api.example.com to " + verification(app))
	in(recordType, props{"type": "TXT", "hostname": "asuid.api.example.com", "content": `"` + verification(app) + `"`})
	in(vaultType, props{"resourceGroupName": "main", "vaultName": "main-dev", "properties.enableRbacAuthorization": true})
	refuses("Unable to get value using Managed identity")
	grant("21090545-7ca7-4776-b22c-e363652d74d2", groupID)                                                               // Key Vault Reader
	grant("4633458b-17de-408a-b874-0445c86b69e6", groupID+"/providers/Microsoft.KeyVault/vaults/main-dev/secrets/other") // another secret
	refuses("Unable to get value using Managed identity")
	grant("4633458b-17de-408a-b874-0445c86b69e6", groupID+"/providers/Microsoft.KeyVault/vaults/main-dev/secrets/token")
	refuses("unable to pull image")
	in(registryType, props{"resourceGroupName": "main", "registryName": "main", "loginServer": "main.azurecr.io"})
	refuses("unable to pull image")
	grant("7f951dda-4ed3-4680-a7ca-43fe172d538d", groupID+"/providers/Microsoft.ContainerRegistry/registries/main")
	require.NoError(t, kind(containerAppType).Among(app, all))

	require.ErrorContains(t, kind(containerAppType).Beside(app, []*sandbox.Object{app}), "is a custom domain of api")

	certificate := of(managedCertificateType, validCertificate())
	require.ErrorContains(t, kind(managedCertificateType).Among(certificate, all), "RequireCustomHostnameInEnvironment")
	there[containerAppType] = []*sandbox.Object{app}
	cname := props{"type": "CNAME", "hostname": "api.example.com", "content": app.Str("configuration.ingress.fqdn")}
	in(recordType, cname, props{"proxied": true})
	require.ErrorContains(t, kind(managedCertificateType).Among(certificate, all), "Not found CNAME")
	in(recordType, cname)
	require.NoError(t, kind(managedCertificateType).Among(certificate, all))
	require.NoError(t, kind(managedCertificateType).Beside(certificate, nil))
	require.ErrorContains(t, kind(managedCertificateType).Beside(certificate, []*sandbox.Object{object(t, validCertificate())}), "DuplicateManagedCertificate")
}
