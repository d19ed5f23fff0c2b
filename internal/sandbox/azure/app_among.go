package azure

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"ai-worker/internal/sandbox"
)

// recordType is where the names of apps are looked up: DNS is Cloudflare's here.
const recordType = "cloudflare:index/record:Record"

// amongApps wants what a new revision meets: the names are ours, the identities may
// read the secrets and pull the images. In Azure a grant takes minutes to count.
func amongApps(o *sandbox.Object, all func(typ string) []*sandbox.Object) error {
	if ids := o.Get("identity.userAssignedIdentities"); ids.IsObject() {
		for _, id := range ids.ObjectValue().StableKeys() {
			if _, found := identityAt(all, string(id)); !found {
				return fmt.Errorf("FailedIdentityOperation: Resource '%s' was not found", id)
			}
		}
	}
	for _, d := range items(o, ingress+".customDomains") {
		if id := verification(o); !resolves(all, "TXT", "asuid."+d.Str("name"), id) {
			return fmt.Errorf("InvalidCustomHostNameValidation: A TXT record pointing from asuid.%s to %s was not found", d.Str("name"), id)
		}
	}
	for _, s := range items(o, "configuration.secrets") {
		if err := amongSecrets(s, all); err != nil {
			return err
		}
	}
	for _, r := range items(o, "configuration.registries") {
		if err := amongRegistries(r, all); err != nil {
			return err
		}
	}
	return nil
}

// amongSecrets: a vault with access policies is not asked for grants.
func amongSecrets(secret *sandbox.Object, all func(typ string) []*sandbox.Object) error {
	url := secret.Str("keyVaultUrl")
	vault, found := first(all(vaultType), func(v *sandbox.Object) bool {
		return url != "" && strings.HasPrefix(strings.ToLower(url), "https://"+strings.ToLower(v.Str("vaultName"))+"")
	})
	if !found || !vault.Bool("properties.enableRbacAuthorization") {
		return nil
	}
	_, name, _ := strings.Cut(url, "/secrets/")
	name, _, _ = strings.Cut(name, "/") // of a version
	id := groupOf(vault) + "/providers/Microsoft.KeyVault/vaults/" + vault.Str("vaultName") + "/secrets/" + name
	if may(all, secret.Str("identity"), id, "Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator") {
		return nil
	}
	return fmt.Errorf("ContainerAppSecretInvalid: Unable to get value using Managed identity %s for secret %s: it has no role at %s "+
		"that reads secrets, such as Key Vault Secrets User", secret.Str("identity"), secret.Str("name"), id)
}

func amongRegistries(login *sandbox.Object, all func(typ string) []*sandbox.Object) error {
	server, identity := login.Str("server"), login.Str("identity")
	if identity == "" || !strings.HasSuffix(server, ".azurecr.io") {
		return nil
	}
	registry, found := first(all(registryType), func(r *sandbox.Object) bool { return same(r.Str("loginServer"), server) })
	if found {
		id := groupOf(registry) + "/providers/Microsoft.ContainerRegistry/registries/" + registry.Str("registryName")
		found = may(all, identity, id, "AcrPull", "AcrPush", "Reader", "Contributor", "Owner")
	}
	if !found {
		return fmt.Errorf("InvalidParameterValueInContainerTemplate: unable to pull image using Managed identity %s for registry %s: "+
			"there is no such registry, or it grants the identity no role that pulls, such as AcrPull", identity, server)
	}
	return nil
}

// groupOf is the end of the id of an object's resource group, which the id has from
// its subscription on.
func groupOf(o *sandbox.Object) string { return "/resourceGroups/" + o.Str("resourceGroupName") }

// may says whether a user-assigned identity has one of roles at what an id ends in,
// or above it. What a role of one's own allows is not looked at.
func may(all func(typ string) []*sandbox.Object, identity, at string, roles ...string) bool {
	if same(identity, "system") {
		return true // it can have no role before the app is there
	}
	who, found := identityAt(all, identity)
	if !found {
		return false
	}
	_, granted := first(all(assignmentType), func(g *sandbox.Object) bool {
		role, builtin := builtinRoles[strings.ToLower(path.Base(g.Str("roleDefinitionId")))]
		scope := strings.ToLower(g.Str("scope"))
		subscription, group, _ := strings.Cut(scope, "/resourcegroups/")
		under := group == "" || strings.HasPrefix(strings.ToLower(at)+"/", "/resourcegroups/"+group+"/")
		return under && subscription != "" && same(g.Str("principalId"), who.Str("principalId")) && (!builtin || slices.Contains(roles, role))
	})
	return granted
}

// identityAt is the identity that has an id.
func identityAt(all func(typ string) []*sandbox.Object, id string) (*sandbox.Object, bool) {
	return first(all(identityType), func(i *sandbox.Object) bool {
		return endsIn(id, groupOf(i)+"/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"+i.Str("resourceName"))
	})
}

// endsIn compares the end of an id as ARM does. Objects tell all of their ids but the
// subscription.
func endsIn(id, end string) bool { return strings.HasSuffix(strings.ToLower(id), strings.ToLower(end)) }

// first is the first object that is wanted.
func first(list []*sandbox.Object, wanted func(o *sandbox.Object) bool) (*sandbox.Object, bool) {
	i := slices.IndexFunc(list, wanted)
	if i < 0 {
		return nil, false
	}
	return list[i], true
}

// resolves says whether a name has a record, which the proxy must not hide.
func resolves(all func(typ string) []*sandbox.Object, typ, host, content string) bool {
	_, found := first(all(recordType), func(r *sandbox.Object) bool {
		return r.Str("type") == typ && r.Str("hostname") == host && !r.Bool("proxied") && strings.Trim(r.Str("content"), `"`) == content
	})
	return found
}

// amongCertificates wants the host at an app of the environment, and its CNAME there
// (https://learn.microsoft.com/azure/container-apps/custom-domains-managed-certificates).
func amongCertificates(o *sandbox.Object, all func(typ string) []*sandbox.Object) error {
	host := o.Str("properties.subjectName")
	app, found := first(all(containerAppType), func(a *sandbox.Object) bool {
		return endsIn(a.Str(environmentOf(a)), groupOf(o)+"/providers/Microsoft.App/managedEnvironments/"+o.Str("environmentName")) &&
			slices.ContainsFunc(items(a, ingress+".customDomains"), func(d *sandbox.Object) bool { return d.Str("name") == host })
	})
	if !found {
		return fmt.Errorf("RequireCustomHostnameInEnvironment: Creating managed certificate requires hostname '%s' added as a custom hostname "+
			"to a container app or route in environment '%s'", host, o.Str("environmentName"))
	}
	fqdn := app.Str(ingress + ".fqdn")
	if o.Str("properties.domainControlValidation") == "CNAME" && !resolves(all, "CNAME", host, fqdn) {
		return fmt.Errorf("InvalidCustomHostNameValidation: Not found CNAME of hostname '%s' directly pointing to a default hostname: want %s, "+
			"not proxied", host, fqdn)
	}
	return nil
}
