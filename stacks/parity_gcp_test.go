package stacks_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"ai-worker/components/componentstest"
	"ai-worker/config"
)

const (
	accountType    = "gcp:serviceaccount/account:Account"
	sqlUserType    = "gcp:sql/user:User"
	nodeRole       = "roles/container.defaultNodeServiceAccount"
	githubIssuer   = "https://token.actions.githubusercontent.com"
	readsDeployed  = "read what is deployed"
	changeDeployed = "change what is deployed"
)

// grantType are all types of Google's that grant, also those that the stacks do not use.
var grantType = regexp.MustCompile(`^gcp:.*[iI][aA][mM](Member|Binding|Policy)$`)

// customRole is what the names of a project's own roles begin with.
var customRole = regexp.MustCompile(`^projects/[^/]+/roles/`)

// What CI must have on Google Cloud to read, and to change, what the stack makes.
var (
	planNeeds = []string{
		"github_plan", "roles/certificatemanager.viewer", "roles/cloudsql.viewer", "roles/compute.viewer", "roles/container.viewer",
		"roles/iam.securityReviewer", "roles/iam.workloadIdentityPoolViewer", "roles/secretmanager.viewer",
		"roles/serviceusage.serviceUsageViewer",
	}
	applyNeeds = []string{
		"roles/artifactregistry.admin", "roles/certificatemanager.owner", "roles/cloudsql.admin", "roles/compute.networkAdmin",
		"roles/compute.securityAdmin", "roles/container.admin", "roles/iam.roleAdmin", "roles/iam.serviceAccountAdmin",
		"roles/iam.serviceAccountUser", "roles/iam.workloadIdentityPoolAdmin", grantsAnything, "roles/secretmanager.admin",
		"roles/servicenetworking.networksAdmin", "roles/serviceusage.serviceUsageAdmin", "roles/storage.admin",
	}
	bucketRoles = map[string]string{
		"roles/storage.objectUser": "read and write", "roles/storage.objectViewer": "read", "roles/storage.objectCreator": "write",
	}
)

const grantsAnything = "roles/resourcemanager.projectIamAdmin"

// gcpLosses are, by the registration that is taken away, what is reported.
var gcpLosses = map[string][]string{
	"api-user": {"azure alone: api: be its identity"},
	"ServiceAccount worker-account": {
		"azure alone: worker: be its identity", "gcp alone: worker: be ai-worker-prod.svc.id.goog[ai-worker-prod/worker]",
	},
	"serving-registry-images":          {"azure alone: api: pull the image", "azure alone: migrate: pull the image", "azure alone: worker: pull the image", "exempt, and no difference: gcp alone: external-dns: pull the image"},
	"scratch-access-worker":            {"azure alone: worker: bucket scratch: read and write"},
	"uploads-access-api":               {"azure alone: api: bucket uploads: read and write", "azure alone: api: bucket uploads: sign URLs"},
	"api-signer":                       {"azure alone: api: bucket uploads: sign URLs"},
	"database-user-worker":             {"azure alone: worker: log in to the database"},
	"api-database-client":              {"azure alone: api: log in to the database"},
	"migrate-database-user":            {"azure alone: migrate: log in to the database"},
	"openai-api-key-accessor-worker":   {"azure alone: worker: read the secret openai-api-key"},
	"github-user-plan-pull_request":    {"azure alone: CI plan: log in from a pull request"},
	"github-user-push-heads/main":      {"azure alone: CI push: log in from the branch"},
	"github-user-apply-heads/main":     {"azure alone: CI apply: log in from the approved environment"},
	"github-role-plan-cloudsql.viewer": {"azure alone: CI plan: read what is deployed"},
	"github-role-apply-storage.admin":  {"azure alone: CI apply: change what is deployed"},
	"registry-writer-push":             {"azure alone: CI push: push the image"},
	"github-provider": {
		"azure alone: CI apply: log in from the approved environment", "azure alone: CI plan: log in from a pull request",
		"azure alone: CI plan: log in from the branch", "azure alone: CI push: log in from the branch",
	},
}

// google derives rights from what the stacks gcp and kubernetes register.
type google struct {
	settings *config.Settings
	all      componentstest.Registrations
	who      map[string]string   // who are the identities by member
	roles    map[string][]string // roles are those of CI on the project
	pulls    map[string]bool     // pulls are the accounts that read the images
	signs    map[string]bool
	database map[string]int // database counts the grants that a login takes
	rights
}

func gcpRights(s *config.Settings, all componentstest.Registrations) rights {
	g := &google{s, all, map[string]string{}, map[string][]string{}, map[string]bool{}, map[string]bool{}, map[string]int{}, rights{}}
	for _, r := range all.OfType(accountType) {
		g.who["serviceAccount:"+state(r, "email")] = gcpIdentity(r)
	}
	for _, r := range all {
		if grantType.MatchString(r.Type) {
			g.grant(r)
		}
	}
	g.images()
	g.logins()
	for who := range g.signs {
		for can := range g.rights[who] {
			if bucket, _, found := strings.Cut(can, ": "); found && strings.HasPrefix(can, "bucket ") {
				g.add(who, bucket+": sign URLs", "`iam.serviceAccountTokenCreator` on itself")
			}
		}
	}
	g.deployed("CI plan", readsDeployed, "roles that only view", planNeeds)
	g.deployed("CI apply", changeDeployed, "administrators' roles on the project", applyNeeds)
	if slices.Contains(g.roles["CI apply"], grantsAnything) {
		g.add("CI apply", "grant any role", "`resourcemanager.projectIamAdmin`")
	}
	return g.rights
}

func gcpIdentity(r componentstest.Registration) string {
	switch {
	case under(r, "ai-worker:gcp:GithubFederation"):
		return "CI " + strings.TrimPrefix(r.Name, component(r)+"-account-")
	case under(r, "ai-worker:gcp:NodePool"):
		return "nodes"
	}
	return component(r)
}

// grant says what one grant gives. What it does not know it names by its role, so
// that it is a difference.
func (g *google) grant(r componentstest.Registration) {
	role, member := at(r, "role"), at(r, "member")
	who := g.who[member]
	if who == "" {
		who = member
	}
	service := strings.Split(r.Type, "/")[0]
	condition := r.Get("condition")
	switch {
	case service == "gcp:storage" && bucketRoles[role] != "":
		g.add(who, "bucket "+g.named("gcp:storage/bucket:Bucket", "name", at(r, "bucket"))+": "+bucketRoles[role], code(role))
	case service == "gcp:secretmanager" && role == "roles/secretmanager.secretAccessor":
		g.add(who, "read the secret "+g.named("gcp:secretmanager/secret:Secret", "secretId", at(r, "secretId")), code(role))
	case service == "gcp:artifactregistry" && role == "roles/artifactregistry.writer":
		g.add(who, "push the image", code(role))
	case service == "gcp:artifactregistry" && role == "roles/artifactregistry.reader" && who == "nodes":
		g.pulls[member] = true
	case service == "gcp:serviceaccount":
		g.use(r, role, who)
	case service == "gcp:projects" && strings.HasPrefix(role, "roles/cloudsql.") && condition != nil && !strings.HasPrefix(who, "CI"):
		g.database[who]++
	case service == "gcp:projects" && strings.HasPrefix(who, "CI") && condition == nil:
		g.roles[who] = append(g.roles[who], customRole.ReplaceAllString(role, ""))
	case who == "nodes" && role == nodeRole:
	default:
		g.add(who, role, code(role))
	}
}

// use says who may be an account.
func (g *google) use(r componentstest.Registration, role, member string) {
	account := ""
	for m, who := range g.who {
		if strings.HasSuffix(at(r, "serviceAccountId"), "/"+strings.TrimPrefix(m, "serviceAccount:")) {
			account = who
			if role == "roles/iam.serviceAccountTokenCreator" && member == who {
				g.signs[who] = true
				return
			}
			if pod, isPod := strings.CutPrefix(member, "serviceAccount:"); isPod && g.isPod(pod, strings.TrimPrefix(m, "serviceAccount:")) {
				g.add(who, "be its identity", "its Kubernetes service account")
				return
			}
		}
	}
	_, subject, isJob := strings.Cut(member, "/subject/")
	if !isJob || role != "roles/iam.workloadIdentityUser" {
		g.add(account, "be "+strings.TrimPrefix(member, "serviceAccount:"), code(role))
		return
	}
	for _, provider := range g.all.OfType("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider") {
		if at(provider, "oidc.issuerUri") == githubIssuer {
			parts := strings.SplitN(subject, ":", 3) // repo, its number, which job
			g.add(account, "log in from "+gcpJobs(parts[2], g.settings)+ofRepository(parts[1], g.settings), "its subject in GitHub's token")
		}
	}
}

// gcpJobs are the jobs that the end of a subject means.
func gcpJobs(job string, s *config.Settings) string {
	switch branch := "refs/heads/" + s.Repository.Branch; job {
	case "pull_request:environment:" + s.Environment + "-plan":
		return "a pull request"
	case branch + ":environment:" + s.Environment + "-plan", branch + ":environment:" + s.Environment + "-push":
		return "the branch"
	case branch + ":environment:" + s.Environment:
		return "the approved environment"
	}
	return job
}

func ofRepository(number string, s *config.Settings) string {
	if number == s.Repository.ID {
		return ""
	}
	return " of repository " + number
}

// isPod says whether "POOL[NAMESPACE/NAME]" is a service account in the cluster that
// names the account.
func (g *google) isPod(pod, email string) bool {
	return slices.ContainsFunc(g.all.OfType("kubernetes:core/v1:ServiceAccount"), func(r componentstest.Registration) bool {
		return strings.HasSuffix(pod, "["+at(r, "metadata.namespace")+"/"+at(r, "metadata.name")+"]") &&
			at(r, `metadata.annotations["iam.gke.io/gcp-service-account"]`) == email
	})
}

// images: nodes pull for every pod, and a pod may come to run on any pool.
func (g *google) images() {
	for _, pool := range g.all.OfType("gcp:container/nodePool:NodePool") {
		if !g.pulls["serviceAccount:"+at(pool, "nodeConfig.serviceAccount")] {
			return
		}
	}
	for _, r := range g.all.OfType(accountType) {
		if under(r, "ai-worker:gcp:WorkloadIdentity") {
			g.add(component(r), "pull the image", "`artifactregistry.reader` of the nodes")
		}
	}
}

// logins take a user of the server, and two roles on it.
func (g *google) logins() {
	for _, user := range g.all.OfType(sqlUserType) {
		who := g.who["serviceAccount:"+at(user, "name")+".gserviceaccount.com"]
		switch {
		case at(user, "type") != "CLOUD_IAM_SERVICE_ACCOUNT" || who == "":
			g.add(at(user, "name"), "log in to the database with a password", "user")
		case g.database[who] == 2:
			g.add(who, "log in to the database", "an IAM user, `cloudsql.client` and `cloudsql.instanceUser` on the instance")
		}
	}
}

// deployed is what roles on the project give CI all together, and each beyond them.
func (g *google) deployed(who, can, by string, needs []string) {
	missing := slices.ContainsFunc(needs, func(role string) bool { return !slices.Contains(g.roles[who], role) })
	if !missing {
		g.add(who, can, by)
	}
	for _, role := range g.roles[who] {
		if !slices.Contains(needs, role) {
			g.add(who, role, code(role))
		}
	}
}

// named is the component of the registration of a type whose input is value.
func (g *google) named(typ, input, value string) string {
	for _, r := range g.all.OfType(typ) {
		if at(r, input) == value {
			return component(r)
		}
	}
	return value
}

func code(role string) string { return "`" + strings.TrimPrefix(role, "roles/") + "`" }

// memberOf is a workload's account as grants name it.
func memberOf(t *testing.T, all componentstest.Registrations, workload string) string {
	t.Helper()
	return "serviceAccount:" + state(one(all, "Account "+workload+"-account"), "email")
}
