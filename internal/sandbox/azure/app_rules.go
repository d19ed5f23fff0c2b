package azure

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"ai-worker/internal/sandbox"
)

var (
	port    = sandbox.Between(1, 65535)
	dnsName = sandbox.Match(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`, "1 to 63 lower-case letters, digits and inner hyphens")
	seconds = sandbox.Between(1, 240)
)

// workloadRules are those that an app and a job share.
var workloadRules = map[string]sandbox.Rule{
	"identity.type":                     sandbox.OneOf("None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned", "SystemAssigned, UserAssigned"),
	"identity.userAssignedIdentities":   sandbox.Items(1, 1000),
	"identity.userAssignedIdentities[]": sandbox.Match(`(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/[^/]+$`, "the id of an identity"),
	"configuration.secrets[].name": sandbox.Match(`^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$`,
		"ContainerAppInvalidSecretName: at most 253 lower-case letters, digits and inner hyphens"),
	"configuration.secrets[].keyVaultUrl": sandbox.Match(`^https://[a-zA-Z0-9-]+\.vault\.azure\.net/secrets/[A-Za-z0-9-]+(/[0-9a-f]{32})?$`,
		`the URL of a secret, such as "https://vault.vault.azure.net/secrets/name"`),
	"configuration.registries[].server": sandbox.Match(`^[a-zA-Z0-9.-]+(:[0-9]+)?$`, "the host of a registry, without a scheme"),
	"template.containers":               sandbox.Items(1, 100),
	"template.containers[].name":        dnsName,
	"template.containers[].image":       image,
	"template.initContainers[].name":    dnsName,
	"template.initContainers[].image":   image,
	"template.containers[].env[].name":  sandbox.Match(`^[-._a-zA-Z][-._a-zA-Z0-9]*$`, "the name of an environment variable"),
	"template.volumes[].name":           dnsName,
	"template.volumes[].storageType":    sandbox.OneOf("AzureFile", "EmptyDir", "Secret"),

	"template.containers[].volumeMounts[].mountPath":     sandbox.Match(`^[^:]+$`, "a path without a colon"),
	"template.containers[].probes[].type":                sandbox.OneOf("Liveness", "Readiness", "Startup"),
	"template.containers[].probes[].failureThreshold":    sandbox.Between(1, 10),
	"template.containers[].probes[].successThreshold":    sandbox.Between(1, 10),
	"template.containers[].probes[].initialDelaySeconds": sandbox.Between(0, 60),
	"template.containers[].probes[].periodSeconds":       seconds,
	"template.containers[].probes[].timeoutSeconds":      seconds,
	"template.containers[].probes[].httpGet.port":        port,
	"template.containers[].probes[].httpGet.path":        sandbox.Match(`^/`, "a path that begins with /"),
	"template.containers[].probes[].httpGet.scheme":      sandbox.OneOf("HTTP", "HTTPS"),
	"template.containers[].probes[].tcpSocket.port":      port,
}

var image = sandbox.Match(`^([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$`,
	`an image, such as "registry.azurecr.io/app:tag"`)

// workloadRefs are refs and those that an app and a job share.
func workloadRefs(refs map[string]sandbox.Ref) map[string]sandbox.Ref {
	refs["environmentId"] = sandbox.Holds(environmentType)
	refs["identity.userAssignedIdentities[]"] = sandbox.Names(identityType) // for the answer, see fillIdentities
	refs["configuration.secrets[].keyVaultUrl"] = sandbox.Names(vaultSecretType)
	return refs
}

var workloadChecks = []sandbox.Check{checkIdentity, checkSecrets, checkRegistries, checkContainers, checkEnv, checkProbes, checkResources, checkVolumes}

// checkSecrets: https://learn.microsoft.com/azure/container-apps/manage-secrets
func checkSecrets(o *sandbox.Object) error {
	secrets := items(o, "configuration.secrets")
	if name := twice(secrets, "name"); name != "" {
		return fmt.Errorf("ContainerAppSecretInvalid: configuration.secrets: the name %q is there twice", name)
	}
	for i, s := range secrets {
		at := fmt.Sprintf("configuration.secrets[%d]", i)
		vault := s.Has("keyVaultUrl")
		switch {
		case !s.Has("name"):
			return fmt.Errorf("ContainerAppSecretInvalid: %s.name: missing required property", at)
		case s.Has("value") == vault, vault != s.Has("identity"), s.Known("value") && s.Str("value") == "":
			return fmt.Errorf("ContainerAppSecretInvalid: Container app secret(s) with name(s) '%s' are invalid: "+
				"value or keyVaultUrl and identity should be provided", s.Str("name"))
		case s.Known("identity") && !runsAs(o, s.Str("identity")):
			return fmt.Errorf("ContainerAppSecretInvalid: %s.identity: %s is not among the identities of the app", at, s.Str("identity"))
		}
	}
	return nil
}

// isSecret says whether the app has a secret of a name.
func isSecret(o *sandbox.Object, name string) bool {
	if open(o, "configuration.secrets") {
		return true
	}
	for _, s := range items(o, "configuration.secrets") {
		if !s.Known("name") || s.Str("name") == name {
			return true
		}
	}
	return false
}

func checkRegistries(o *sandbox.Object) error {
	registries := items(o, "configuration.registries")
	if server := twice(registries, "server"); server != "" {
		return fmt.Errorf("configuration.registries: the server %q is there twice", server)
	}
	for i, r := range registries {
		at := fmt.Sprintf("configuration.registries[%d]", i)
		password := r.Has("username") || r.Has("passwordSecretRef")
		switch {
		case !r.Has("server"):
			return fmt.Errorf("%s.server: missing required property", at)
		case password == r.Has("identity"), password && r.Has("username") != r.Has("passwordSecretRef"):
			return fmt.Errorf("ContainerAppRegistryInvalid: %s: want identity, or username and passwordSecretRef", at)
		case r.Known("identity") && !runsAs(o, r.Str("identity")):
			return fmt.Errorf("ContainerAppRegistryInvalid: %s.identity: %s is not among the identities of the app", at, r.Str("identity"))
		case r.Known("passwordSecretRef") && !isSecret(o, r.Str("passwordSecretRef")):
			return fmt.Errorf("ContainerAppSecretRefNotFound: %s.passwordSecretRef: there is no secret %q", at, r.Str("passwordSecretRef"))
		}
	}
	return nil
}

func checkContainers(o *sandbox.Object) error {
	for _, list := range []string{"template.containers", "template.initContainers"} {
		for i, c := range items(o, list) {
			for _, field := range []string{"image", "name"} {
				if !c.Has(field) {
					return fmt.Errorf("ContainerAppInvalidValue: %s[%d].%s: missing required property", list, i, field)
				}
			}
			host, _, _ := strings.Cut(c.Str("image"), "/")
			if strings.HasSuffix(host, ".azurecr.io") && !isRegistry(o, host) {
				return fmt.Errorf("InvalidParameterValueInContainerTemplate: Field '%s.%s.image' is invalid with details: 'Invalid value: %q: "+
					"UNAUTHORIZED: authentication required': configuration.registries does not have %s", list, c.Str("name"), c.Str("image"), host)
			}
		}
	}
	if name := twice(append(items(o, "template.containers"), items(o, "template.initContainers")...), "name"); name != "" {
		return fmt.Errorf("template.containers: the name %q is there twice", name)
	}
	return nil
}

// isRegistry says whether the app can log in to a registry.
func isRegistry(o *sandbox.Object, host string) bool {
	if open(o, "configuration.registries") {
		return true
	}
	for _, r := range items(o, "configuration.registries") {
		if !r.Known("server") || same(r.Str("server"), host) {
			return true
		}
	}
	return false
}

func checkEnv(o *sandbox.Object) error {
	for _, c := range append(items(o, "template.containers"), items(o, "template.initContainers")...) {
		list := items(c, "env")
		if name := twice(list, "name"); name != "" {
			return fmt.Errorf("container '%s': the environment variable %q is there twice", c.Str("name"), name)
		}
		for _, e := range list {
			switch {
			case !e.Has("name"):
				return fmt.Errorf("container '%s': env: name: missing required property", c.Str("name"))
			case e.Has("value") && e.Has("secretRef"):
				return fmt.Errorf("container '%s': env %s: value and secretRef exclude each other", c.Str("name"), e.Str("name"))
			case e.Known("secretRef") && !isSecret(o, e.Str("secretRef")):
				return fmt.Errorf("ContainerAppSecretRefNotFound: SecretRef '%s' defined for container '%s' not found", e.Str("secretRef"), c.Str("name"))
			}
		}
	}
	return nil
}

// checkProbes: https://learn.microsoft.com/azure/container-apps/health-probes
func checkProbes(o *sandbox.Object) error {
	for _, c := range items(o, "template.containers") {
		probes := items(c, "probes")
		if typ := twice(probes, "type"); typ != "" {
			return fmt.Errorf("container '%s': there are two probes of type %s", c.Str("name"), typ)
		}
		for _, p := range probes {
			at := fmt.Sprintf("container '%s': probe %s", c.Str("name"), p.Str("type"))
			switch {
			case !p.Has("type"):
				return fmt.Errorf("container '%s': probes: type: missing required property", c.Str("name"))
			case p.Has("httpGet") == p.Has("tcpSocket"):
				return fmt.Errorf("%s: want exactly one of httpGet, tcpSocket", at)
			case p.Str("type") != "Readiness" && p.Known("successThreshold") && p.Num("successThreshold") != 1:
				return fmt.Errorf("%s: successThreshold: %v, must be 1 for liveness and startup", at, p.Num("successThreshold"))
			}
		}
	}
	return nil
}

var gibibytes = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?)Gi$`)

// checkResources: on the profile Consumption all containers together have one of the
// documented pairs, 2 GiB a CPU in steps of a quarter
// (https://learn.microsoft.com/azure/container-apps/containers#allocations).
func checkResources(o *sandbox.Object) error {
	if profile := o.Str("workloadProfileName"); o.Has("workloadProfileName") && profile != consumption {
		return nil
	}
	if v := o.Get("template.containers"); v.IsNull() || v.ContainsUnknowns() {
		return nil
	}
	memory := 0.0
	for _, c := range items(o, "template.containers") {
		if c.Has("resources.cpu") != c.Has("resources.memory") {
			return fmt.Errorf("ContainerAppInvalidValue: container '%s': resources: want both cpu and memory", c.Str("name"))
		}
		text := "1Gi"
		if c.Has("resources.memory") {
			text = c.Str("resources.memory")
		}
		found := gibibytes.FindStringSubmatch(text)
		if found == nil {
			return fmt.Errorf("ContainerAppInvalidValue: container '%s': resources.memory: %q: want GiB, such as \"0.5Gi\"", c.Str("name"), text)
		}
		gib, _ := strconv.ParseFloat(found[1], 64) // digits
		memory += gib
	}
	if cpu := totalCPU(o); cpu <= 0 || cpu > 4 || math.Mod(cpu, 0.25) != 0 || memory != 2*cpu {
		return fmt.Errorf("ContainerAppInvalidResourceTotal: The total requested CPU and memory resources for this application (CPU: %v, memory: %v) "+
			"is invalid: want a CPU of 0.25 to 4 in steps of 0.25, and twice as many Gi of memory", cpu, memory)
	}
	return nil
}

func checkVolumes(o *sandbox.Object) error {
	volumes := items(o, "template.volumes")
	if name := twice(volumes, "name"); name != "" {
		return fmt.Errorf("template.volumes: the name %q is there twice", name)
	}
	there := map[string]bool{}
	for i, v := range volumes {
		there[v.Str("name")] = true
		if v.Str("storageType") == "AzureFile" && !v.Has("storageName") {
			return fmt.Errorf("template.volumes[%d].storageName: missing required property of an AzureFile", i)
		}
		for _, s := range items(v, "secrets") {
			if s.Known("secretRef") && !isSecret(o, s.Str("secretRef")) {
				return fmt.Errorf("ContainerAppSecretRefNotFound: template.volumes[%d]: there is no secret %q", i, s.Str("secretRef"))
			}
		}
	}
	for _, c := range append(items(o, "template.containers"), items(o, "template.initContainers")...) {
		for _, m := range items(c, "volumeMounts") {
			if !m.Has("mountPath") || m.Known("volumeName") && !there[m.Str("volumeName")] {
				return fmt.Errorf("ContainerAppInvalidValue: container '%s': volumeMounts: want a mountPath and the name of a volume, got %q", c.Str("name"), m.Str("volumeName"))
			}
		}
	}
	return nil
}
