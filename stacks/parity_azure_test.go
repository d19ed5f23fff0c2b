package stacks_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ai-worker/components/azure"
	"ai-worker/components/componentstest"
	"ai-worker/config"
)

const (
	assignmentType   = "azure-native:authorization:RoleAssignment"
	credentialType   = "azure-native:managedidentity:FederatedIdentityCredential"
	identityType     = "azure-native:managedidentity:UserAssignedIdentity"
	adminType        = "azure-native:dbforpostgresql/v20240801:Administrator"
	containerAppType = "azure-native:app/v20240301:ContainerApp"
	containerJobType = "azure-native:app/v20240301:Job"
)

// azureRoles are the names of the roles that the components grant.
var azureRoles = map[string]string{
	string(azure.AcrPull): "AcrPull", string(azure.AcrPush): "AcrPush",
	string(azure.BlobDataReader): "Storage Blob Data Reader", string(azure.BlobDataContributor): "Storage Blob Data Contributor",
	string(azure.BlobDelegator): "Storage Blob Delegator", string(azure.KeyVaultSecretsUser): "Key Vault Secrets User",
	string(azure.Reader): "Reader", string(azure.Contributor): "Contributor", string(azure.LocksContributor): "Locks Contributor",
	string(azure.AccessAdministrator): "Role Based Access Control Administrator",
}

// azureLosses are, by the registration that is taken away, what is reported.
var azureLosses = map[string][]string{
	"registry-reader-api":                  {"gcp alone: api: pull the image"},
	"uploads-access-api":                   {"gcp alone: api: bucket uploads: read and write", "gcp alone: api: bucket uploads: sign URLs"},
	"uploads-sign-api":                     {"gcp alone: api: bucket uploads: sign URLs"},
	"scratch-access-worker":                {"gcp alone: worker: bucket scratch: read and write"},
	"vault-accessor-openai-api-key-worker": {"gcp alone: worker: read the secret openai-api-key"},
	"run-worker-app":                       {"gcp alone: worker: be its identity", "gcp alone: worker: pull the image"},
	"database-admin-migrate": {
		"exempt, and no difference: azure alone: migrate: administer the database", "gcp alone: api: log in to the database",
		"gcp alone: migrate: log in to the database", "gcp alone: worker: log in to the database",
	},
	"run-migrate-job": { // it makes the others' logins
		"gcp alone: api: log in to the database", "gcp alone: migrate: be its identity", "gcp alone: migrate: pull the image",
		"gcp alone: worker: log in to the database",
	},
	"github-federation-plan":        {"gcp alone: CI plan: log in from a pull request", "gcp alone: CI plan: log in from the branch"},
	"github-federation-apply":       {"gcp alone: CI apply: log in from the approved environment"},
	"github-federation-push":        {"gcp alone: CI push: log in from the branch"},
	"github-role-plan-reader":       {"gcp alone: CI plan: read what is deployed"},
	"github-role-apply-access":      {"gcp alone: CI apply: change what is deployed"},
	"github-role-apply-contributor": {"gcp alone: CI apply: change what is deployed"},
	"registry-writer-push":          {"gcp alone: CI push: push the image"},
}

// entra derives rights from what the stack azure registers.
type entra struct {
	settings *config.Settings
	all      componentstest.Registrations
	who      map[string]componentstest.Registration // who are the identities by object id
	byID     map[string]componentstest.Registration
	group    map[string][]string // group are the roles of CI on the resource group
	rights
}

func azureRights(s *config.Settings, all componentstest.Registrations) rights {
	e := &entra{s, all, map[string]componentstest.Registration{}, map[string]componentstest.Registration{}, map[string][]string{}, rights{}}
	for _, r := range all {
		e.byID[r.ID] = r
		if r.Type == identityType {
			e.who[state(r, "principalId")] = r
		}
	}
	for _, r := range all {
		switch r.Type {
		case assignmentType:
			e.assignment(r)
		case credentialType:
			e.credential(r)
		case containerAppType, containerJobType:
			e.runs(r)
		case adminType:
			e.add(e.name(at(r, "objectId")), "log in to the database", "an administrator of Microsoft Entra")
			e.add(e.name(at(r, "objectId")), "administer the database", "an administrator of Microsoft Entra")
		}
	}
	e.logins()
	for who, can := range e.rights {
		for what := range can { // to sign is of no use without the objects
			if bucket, signs := strings.CutSuffix(what, ": sign URLs"); signs && !e.can(who, bucket+": read and write") && !e.can(who, bucket+": read") {
				delete(can, what)
			}
		}
	}
	if apply := e.group["CI apply"]; slices.Contains(apply, "Contributor") && slices.Contains(apply, "Locks Contributor") &&
		slices.Contains(apply, azureRoles[string(azure.AccessAdministrator)]) {
		e.add("CI apply", changeDeployed, "Contributor, Locks Contributor and the granting of the workloads' roles, on the resource group")
	}
	return e.rights
}

func azureIdentity(r componentstest.Registration) string {
	if under(r, "ai-worker:azure:GithubFederation") {
		return "CI " + strings.TrimPrefix(r.Name, component(r)+"-identity-")
	}
	return component(r)
}

// name is the identity of an object id.
func (e *entra) name(principal string) string {
	if r, known := e.who[principal]; known {
		return azureIdentity(r)
	}
	return principal
}

// assignment says what one grant gives. What it does not know it names by its role,
// so that it is a difference.
func (e *entra) assignment(r componentstest.Registration) {
	definition, scope, who := at(r, "roleDefinitionId"), at(r, "scope"), e.name(at(r, "principalId"))
	role := azureRoles[definition[strings.LastIndex(definition, "/")+1:]]
	on := e.byID[scope]
	kind := on.Type[strings.LastIndex(on.Type, ":")+1:]
	switch name := component(on); kind + " " + role {
	case "Registry AcrPull":
		if e.pullsWith(e.who[at(r, "principalId")].ID) {
			e.add(who, "pull the image", "AcrPull")
		}
	case "Registry AcrPush":
		e.add(who, "push the image", role)
	case "BlobContainer Storage Blob Data Contributor":
		e.add(who, "bucket "+name+": read and write", role)
	case "BlobContainer Storage Blob Data Reader":
		e.add(who, "bucket "+name+": read", role)
	case "StorageAccount Storage Blob Delegator":
		e.add(who, "bucket "+name+": sign URLs", role)
	case "Secret Key Vault Secrets User":
		e.add(who, "read the secret "+strings.TrimPrefix(on.Name, name+"-secret-"), role)
	case "ResourceGroup Reader":
		e.add(who, readsDeployed, "Reader on the resource group")
	case "ResourceGroup Contributor", "ResourceGroup Locks Contributor", "ResourceGroup Role Based Access Control Administrator":
		e.group[who] = append(e.group[who], role)
		if strings.HasPrefix(role, "Role") && at(r, "condition") == "" {
			e.add(who, "grant any role", role)
		}
		if who != "CI apply" {
			e.add(who, role+" on "+name, role)
		}
	default:
		e.add(who, role+" on "+name, role)
	}
}

// pullsWith says whether an app pulls its image with an identity.
func (e *entra) pullsWith(identity string) bool {
	return slices.ContainsFunc(e.all, func(r componentstest.Registration) bool {
		return (r.Type == containerAppType || r.Type == containerJobType) && at(r, "configuration.registries[0].identity") == identity
	})
}

// credential says which jobs on GitHub are an identity. Azure compares the whole
// subject, and has one for each of the three: which branches may use an environment is
// the environment's rule on GitHub.
func (e *entra) credential(r componentstest.Registration) {
	if at(r, "issuer") != githubIssuer || fmt.Sprint(r.Get("audiences")) != "[api://AzureADTokenExchange]" {
		return
	}
	who := "identity " + at(r, "resourceName")
	for _, identity := range e.who {
		if at(identity, "resourceName") == at(r, "resourceName") {
			who = azureIdentity(identity)
		}
	}
	repository, environment, _ := strings.Cut(at(r, "subject"), ":environment:")
	of := ofRepository(repository[strings.LastIndex(repository, "@")+1:], e.settings)
	jobs := []string{"environment " + environment}
	switch environment {
	case e.settings.Environment:
		jobs = []string{"the approved environment"}
	case e.settings.Environment + "-plan":
		jobs = []string{"a pull request", "the branch"}
	case e.settings.Environment + "-push":
		jobs = []string{"the branch"}
	}
	for _, job := range jobs {
		e.add(who, "log in from "+job+of, "its subject in GitHub's token")
	}
}

// runs says what an app or a job runs as.
func (e *entra) runs(r componentstest.Registration) {
	workload := at(r, "containerAppName") + at(r, "jobName")
	identities, _ := r.Get("identity.userAssignedIdentities").([]any)
	for _, id := range identities {
		if who := azureIdentity(e.byID[id.(string)]); who == workload {
			e.add(workload, "be its identity", "the one identity of its app or job")
		} else {
			e.add(workload, "be "+who, "its app or job")
		}
	}
}

// logins are those that an administrator is told to make.
func (e *entra) logins() {
	for _, r := range append(e.all.OfType(containerAppType), e.all.OfType(containerJobType)...) {
		if !e.can(at(r, "containerAppName")+at(r, "jobName"), "administer the database") {
			continue
		}
		var roles []struct{ Name, ObjectID string }
		_ = json.Unmarshal([]byte(azureEnv(r)["DATABASE_ROLES"]), &roles) // what is no list tells of no login
		for _, role := range roles {
			if identity, known := e.who[role.ObjectID]; known && at(identity, "resourceName") == role.Name {
				e.add(azureIdentity(identity), "log in to the database", "a login that the migration is told to make")
			}
		}
	}
}

// azureEnv is the environment of an app or a job: plain values, and the URI of each secret.
func azureEnv(r componentstest.Registration) map[string]string {
	uris := map[string]string{}
	secrets, _ := r.Get("configuration.secrets").([]any)
	for _, secret := range secrets {
		s := secret.(map[string]any)
		uris[s["name"].(string)], _ = s["keyVaultUrl"].(string)
	}
	env := map[string]string{}
	variables, _ := r.Get("template.containers[0].env").([]any)
	for _, variable := range variables {
		v := variable.(map[string]any)
		name := v["name"].(string)
		if value, plain := v["value"].(string); plain {
			env[name] = value
		} else if secret, isSecret := v["secretRef"].(string); isSecret {
			env[name] = uris[secret]
		}
	}
	return env
}

// principalOf is the object id of a workload's identity.
func principalOf(all componentstest.Registrations, workload string) string {
	return state(one(all, workload+"-identity"), "principalId")
}
