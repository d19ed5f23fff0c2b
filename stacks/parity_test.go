package stacks_test

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/config"
	"ai-worker/stacks"
)

// rights are what identities can do, and what lets them: by identity, then by
// capability. An identity is a workload, or one of CI ("CI plan").
type rights map[string]map[string]string

// add says that who can, by a grant. A capability that takes several grants is added
// once for all of them.
func (r rights) add(who, can, by string) {
	if r[who] == nil {
		r[who] = map[string]string{}
	}
	switch {
	case r[who][can] == "":
		r[who][can] = by
	case !slices.Contains(strings.Split(r[who][can], "; "), by):
		r[who][can] += "; " + by
	}
}

func (r rights) can(who, can string) bool { return r[who][can] != "" }

// names are "identity: capability".
func (r rights) names() map[string]bool {
	names := map[string]bool{}
	for who, can := range r {
		for what := range can {
			names[who+": "+what] = true
		}
	}
	return names
}

// oneCloud are the rights that one cloud alone is meant to give, as patterns of
// [path.Match], each with its reason.
var oneCloud = map[string]string{
	"gcp alone: external-dns: be its identity":                      inClusterOnly,
	"gcp alone: external-dns: pull the image":                       inClusterOnly,
	"gcp alone: external-dns: read the secret cloudflare-dns-token": inClusterOnly,
	"gcp alone: worker: roles/cloudtrace.agent":                     "traces go to Cloud Trace; the azure stack has nothing yet that takes them",
	"gcp alone: CI apply: grant any role":                           "Google's role for grants is unconditional here, Azure's names the roles that it may grant; either way a person approves the run",
	"azure alone: migrate: administer the database":                 "Azure's API makes no login but administrators; the migration makes those of the others. On Google Cloud the stack makes them all",
}

const inClusterOnly = "it runs in the cluster only; the records of Azure's hosts are those of the stack `cloudflare`"

// compare lists what one of two clouds gives alone, but for what is exempt, and the
// exemptions that exempt nothing.
func compare(gcp, azure map[string]bool, exempt map[string]string) []string {
	var alone []string
	for cloud, sides := range map[string][2]map[string]bool{"gcp": {gcp, azure}, "azure": {azure, gcp}} {
		for name := range sides[0] {
			if !sides[1][name] {
				alone = append(alone, cloud+" alone: "+name)
			}
		}
	}
	used := map[string]bool{}
	alone = slices.DeleteFunc(alone, func(difference string) bool {
		for pattern := range exempt {
			if match, _ := path.Match(pattern, difference); match {
				used[pattern] = true
				return true
			}
		}
		return false
	})
	for pattern := range exempt {
		if !used[pattern] {
			alone = append(alone, "exempt, and no difference: "+pattern)
		}
	}
	slices.Sort(alone)
	return alone
}

// parity is what the workloads and CI of an environment can do on one cloud alone.
func parity(s *config.Settings, gcp, azure componentstest.Registrations) []string {
	return compare(gcpRights(s, gcp).names(), azureRights(s, azure).names(), oneCloud)
}

// both are the environments that are on both clouds.
func both() []string {
	return slices.DeleteFunc(stacks.Environments(), func(environment string) bool {
		return !slices.Contains(stacks.Present("../Pulumi."+environment+".yaml"), "azure")
	})
}

func TestParity(t *testing.T) {
	var tables []string
	for _, environment := range both() {
		p := platformsOf(t, environment)
		require.Empty(t, parity(p.settings, p.gcp, p.azure),
			"%s: a workload can do on one cloud what it cannot do on the other: grant it there, or take it away here; what is meant to differ is in oneCloud", environment)
		tables = append(tables, parityTable(gcpRights(p.settings, p.gcp), azureRights(p.settings, p.azure)))
	}
	require.Len(t, slices.Compact(slices.Clone(tables)), 1, "the document has one table for all environments")
	inDocument(t, "parity", tables[0]+"\n"+reasons("on one cloud only, and meant", oneCloud))
}

// TestParityNeedsEveryGrant takes each grant away, one at a time.
func TestParityNeedsEveryGrant(t *testing.T) {
	p := platformsOf(t, "prod")
	for cloud, all := range map[string]componentstest.Registrations{"gcp": p.gcp, "azure": p.azure} {
		grants := 0
		for i, r := range all {
			if !isGrant(r) {
				continue
			}
			grants++
			gcp, azure := p.gcp, p.azure
			if cloud == "gcp" {
				gcp = slices.Delete(slices.Clone(gcp), i, i+1)
			} else {
				azure = slices.Delete(slices.Clone(azure), i, i+1)
			}
			require.NotEmpty(t, parity(p.settings, gcp, azure), "%s: nobody misses %s %s", cloud, r.Type, r.Name)
		}
		require.Greater(t, grants, 15, cloud)
	}
}

// isGrant says whether a registration gives an identity a right. What lets nodes run
// is none: parity is about workloads.
func isGrant(r componentstest.Registration) bool {
	grant := grantType.MatchString(r.Type) || strings.HasSuffix(r.Type, ":RoleAssignment") ||
		strings.HasSuffix(r.Type, ":FederatedIdentityCredential") || strings.HasSuffix(r.Type, ":Administrator") || r.Type == sqlUserType
	return grant && r.Get("role") != nodeRole
}

// TestParityReports takes away one thing of each kind, and wants just that reported.
func TestParityReports(t *testing.T) {
	p := platformsOf(t, "prod")
	for cloud, cases := range map[string]map[string][]string{"gcp": gcpLosses, "azure": azureLosses} {
		for name, want := range cases {
			t.Run(cloud+" "+name, func(t *testing.T) {
				gcp, azure := p.gcp, p.azure
				if cloud == "gcp" {
					gcp = without(t, gcp, name)
				} else {
					azure = without(t, azure, name)
				}
				require.Equal(t, want, parity(p.settings, gcp, azure))
			})
		}
	}
}

// TestParityReportsMore gives a workload more on one cloud.
func TestParityReportsMore(t *testing.T) {
	p := platformsOf(t, "prod")
	for name, tc := range map[string]struct {
		like, path string
		value      any
		want       string
	}{
		"role":       {"worker-role-cloudtrace.agent", "role", "roles/editor", "gcp alone: worker: roles/editor"},
		"everybody":  {"uploads-access-worker", "member", "allUsers", "gcp alone: allUsers: bucket uploads: read and write"},
		"other":      {"scratch-access-worker", "member", memberOf(t, p.gcp, "api"), "gcp alone: api: bucket scratch: read and write"},
		"instances":  {"api-database-client", "condition", nil, "gcp alone: api: roles/cloudsql.client"},
		"pool":       {"api-user", "member", "serviceAccount:ai-worker-prod.svc.id.goog[other/api]", "gcp alone: api: be ai-worker-prod.svc.id.goog[other/api]"},
		"repository": {"github-user-push-heads/main", "member", "principal://x/subject/repo:7:refs/heads/main:environment:prod-push", "gcp alone: CI push: log in from the branch of repository 7"},
		"vault":      {"vault-accessor-session-key-api", "scope", one(p.azure, "vault-vault").ID, "azure alone: api: Key Vault Secrets User on vault"},
		"group":      {"github-role-plan-reader", "principalId", principalOf(p.azure, "worker"), "azure alone: worker: read what is deployed"},
		"subject":    {"github-federation-push", "subject", "repo:o@1/n@200000001:environment:prod", "azure alone: CI push: log in from the approved environment"},
	} {
		t.Run(name, func(t *testing.T) {
			gcp, azure := slices.Clone(p.gcp), slices.Clone(p.azure)
			for _, all := range []*componentstest.Registrations{&gcp, &azure} {
				for _, r := range *all {
					if r.Name == tc.like {
						more := changed(r, tc.path, tc.value)
						more.Name, more.ID = more.Name+"-more", more.ID+"-more"
						*all = append(*all, more)
					}
				}
			}
			require.Contains(t, parity(p.settings, gcp, azure), tc.want)
		})
	}
}

// parityTable has a line for each capability: who has it and by what.
func parityTable(gcp, azure rights) string {
	type line struct{ can, gcp, azure string }
	lines := map[line][]string{}
	for who, all := range gcp {
		for can := range all {
			if azure.can(who, can) {
				l := line{can, gcp[who][can], azure[who][can]}
				lines[l] = append(lines[l], who)
			}
		}
	}
	var rows []string
	for l, who := range lines {
		slices.Sort(who)
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |\n", l.can, strings.Join(who, ", "), l.gcp, l.azure))
	}
	slices.Sort(rows)
	return "| can | who | on Google Cloud by | on Azure by |\n|---|---|---|---|\n" + strings.Join(rows, "")
}

// reasons is a table of what is exempt and why.
func reasons(title string, exempt map[string]string) string {
	because := map[string][]string{}
	for _, what := range slices.Sorted(maps.Keys(exempt)) {
		because[exempt[what]] = append(because[exempt[what]], strings.NewReplacer("gcp alone: ", "", "azure alone: ", "").Replace(what))
	}
	rows := []string{}
	for why, what := range because {
		rows = append(rows, fmt.Sprintf("| %s | %s |\n", strings.ReplaceAll(strings.Join(what, "; "), "*", `\*`), why))
	}
	slices.Sort(rows)
	return "| " + title + " | because |\n|---|---|\n" + strings.Join(rows, "")
}
