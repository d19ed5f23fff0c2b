package containerapp

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	app "github.com/pulumi/pulumi-azure-native-sdk/app/v2/v20240301"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/azure/appenvironment"
)

func (a *Args) app() *app.ContainerAppArgs {
	configuration := app.ConfigurationArgs{
		ActiveRevisionsMode: pulumi.String("Single"), // the new revision takes over when it is ready
		Registries:          a.registries(),
		Secrets:             a.secrets(),
	}
	if a.Ingress != nil {
		configuration.Ingress = a.ingress()
	}
	return &app.ContainerAppArgs{
		ResourceGroupName:   a.Place.GroupName,
		Location:            pulumi.String(a.Place.Location),
		ContainerAppName:    pulumi.String(a.Name),
		EnvironmentId:       a.Environment.ToStringOutput().ToStringPtrOutput(),
		WorkloadProfileName: pulumi.String(appenvironment.Profile),
		Identity:            a.identity(),
		Configuration:       configuration,
		Template: app.TemplateArgs{
			Containers:                    a.containers(),
			Scale:                         a.scale(),
			TerminationGracePeriodSeconds: pulumi.Float64(a.grace()),
		},
		Tags: a.Place.InputTags(),
	}
}

func (a *Args) job() *app.JobArgs {
	return &app.JobArgs{
		ResourceGroupName:   a.Place.GroupName,
		Location:            pulumi.String(a.Place.Location),
		JobName:             pulumi.String(a.Name),
		EnvironmentId:       a.Environment.ToStringOutput().ToStringPtrOutput(),
		WorkloadProfileName: pulumi.String(appenvironment.Profile),
		Identity:            a.identity(),
		Configuration: app.JobConfigurationArgs{
			TriggerType:       pulumi.String("Manual"),
			ReplicaTimeout:    pulumi.Int(a.Job.timeout()),
			ReplicaRetryLimit: pulumi.Int(a.Job.Retries),
			ManualTriggerConfig: app.JobConfigurationManualTriggerConfigArgs{
				Parallelism: pulumi.Int(1), ReplicaCompletionCount: pulumi.Int(1),
			},
			Registries: a.registries(),
			Secrets:    a.secrets(),
		},
		Template: app.JobTemplateArgs{Containers: a.containers()},
		Tags:     a.Place.InputTags(),
	}
}

func (a *Args) identity() app.ManagedServiceIdentityArgs {
	return app.ManagedServiceIdentityArgs{
		Type:                   pulumi.String("UserAssigned"),
		UserAssignedIdentities: pulumi.StringArray{a.Identity.ID},
	}
}

func (a *Args) registries() app.RegistryCredentialsArray {
	return app.RegistryCredentialsArray{app.RegistryCredentialsArgs{
		Server: a.Registry.ToStringOutput().ToStringPtrOutput(), Identity: a.Identity.ID.ToStringOutput().ToStringPtrOutput(),
	}}
}

// secretName is the name of the secret behind an environment variable: Azure wants
// lower-case letters, digits and hyphens.
func secretName(variable string) pulumi.String {
	return pulumi.String(strings.ToLower(strings.ReplaceAll(variable, "_", "-")))
}

func (a *Args) secrets() app.SecretArray {
	secrets := app.SecretArray{}
	for _, variable := range slices.Sorted(maps.Keys(a.Secrets)) {
		secrets = append(secrets, app.SecretArgs{
			Name:        secretName(variable),
			KeyVaultUrl: a.Secrets[variable].ToStringOutput().ToStringPtrOutput(),
			Identity:    a.Identity.ID.ToStringOutput().ToStringPtrOutput(),
		})
	}
	return secrets
}

func (a *Args) containers() app.ContainerArray {
	container := app.ContainerArgs{
		Name:  pulumi.String(a.Name),
		Image: a.Image.ToStringOutput().ToStringPtrOutput(),
		Args:  pulumi.ToStringArray(a.Arguments),
		Env:   a.env(),
		Resources: app.ContainerResourcesArgs{
			Cpu: pulumi.Float64(a.CPU), Memory: pulumi.String(fmt.Sprintf("%gGi", 2*a.CPU)),
		},
	}
	if a.Ingress != nil {
		container.Probes = a.Ingress.probes()
	}
	return app.ContainerArray{container}
}

func (a *Args) env() app.EnvironmentVarArray {
	plain := map[string]pulumi.StringInput{clientID: a.Identity.ClientID}
	maps.Copy(plain, a.Env)
	variables := app.EnvironmentVarArray{}
	for _, name := range slices.Sorted(maps.Keys(plain)) {
		variables = append(variables, app.EnvironmentVarArgs{
			Name: pulumi.String(name), Value: plain[name].ToStringOutput().ToStringPtrOutput(),
		})
	}
	for _, name := range slices.Sorted(maps.Keys(a.Secrets)) {
		variables = append(variables, app.EnvironmentVarArgs{Name: pulumi.String(name), SecretRef: secretName(name)})
	}
	return variables
}

func (a *Args) scale() app.ScaleArgs {
	rules := app.ScaleRuleArray{}
	if n := a.Scale.HTTPConcurrency; n > 0 {
		rules = append(rules, app.ScaleRuleArgs{
			Name: pulumi.String("http"),
			Http: app.HttpScaleRuleArgs{Metadata: pulumi.StringMap{"concurrentRequests": pulumi.String(strconv.Itoa(n))}},
		})
	}
	if n := a.Scale.CPUPercent; n > 0 {
		rules = append(rules, app.ScaleRuleArgs{
			Name: pulumi.String("cpu"),
			Custom: app.CustomScaleRuleArgs{
				Type:     pulumi.String("cpu"),
				Metadata: pulumi.StringMap{"type": pulumi.String("Utilization"), "value": pulumi.String(strconv.Itoa(n))},
			},
		})
	}
	return app.ScaleArgs{MinReplicas: pulumi.Int(a.Scale.Min), MaxReplicas: pulumi.Int(a.Scale.Max), Rules: rules}
}
