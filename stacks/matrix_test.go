package stacks_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"ai-worker/components/componentstest"
	"ai-worker/stacks"
)

// cell is a promise of a part on one cloud. Without a proof it does not apply, and the
// words are the reason.
type cell struct {
	words string
	holds proof
}

var (
	columns    = []string{"private", "encrypted", "protected", "observed", "least privilege", "no long-lived key"}
	parts      = []string{"network", "database", "object storage", "registry", "secrets", "identities and CI", "workloads", "logs"}
	cells      = map[string]map[string][6]cell{"gcp": gcpCells, "azure": azureCells}
	cloudNames = map[string]string{"gcp": "Google Cloud", "azure": "Azure"}
)

// eachCell visits the cells that have a proof, in the order of the table.
func eachCell(visit func(cloud, part, promise string, c cell)) {
	for _, part := range parts {
		for _, cloud := range []string{"gcp", "azure"} {
			for i, c := range cells[cloud][part] {
				if c.holds.broken != nil {
					visit(cloud, part, columns[i], c)
				}
			}
		}
	}
}

func (p platforms) of(cloud string) componentstest.Registrations {
	return map[string]componentstest.Registrations{"gcp": p.gcp, "azure": p.azure}[cloud]
}

// TestMatrix: every cell holds in every environment, but for the relaxations.
func TestMatrix(t *testing.T) {
	for _, environment := range stacks.Environments() {
		p := platformsOf(t, environment)
		eachCell(func(cloud, part, promise string, c cell) {
			if len(p.of(cloud)) == 0 {
				return
			}
			broken := c.holds.broken(p.of(cloud))
			slices.Sort(broken)
			require.Equal(t, relaxed(environment, cloud, part, promise), broken,
				"%s, %s, %s, %s: what is weaker is a relaxation with a reason, and a relaxation that is none is taken off", environment, cloud, part, promise)
		})
	}
	for _, r := range relaxations {
		for _, environment := range r.environments() {
			require.NotEmpty(t, because(t, environment, r), "%s, %s, %s: no reason", r.on, r.part, r.promise)
		}
	}
	inDocument(t, "matrix", matrixTable())
	inDocument(t, "relaxations", relaxationTable(t))
}

// TestMatrixSeesWhatIsBroken breaks each thing that a cell is about, one at a time.
func TestMatrixSeesWhatIsBroken(t *testing.T) {
	p := platformsOf(t, "prod")
	total := 0
	eachCell(func(cloud, part, promise string, c cell) {
		before := c.holds.broken(p.of(cloud))
		spoiled := c.holds.spoiled(p.of(cloud))
		for i, all := range spoiled {
			after := slices.DeleteFunc(c.holds.broken(all), func(item string) bool { return slices.Contains(before, item) })
			require.NotEmpty(t, after, "%s, %s, %s: nobody sees spoilt copy %d", cloud, part, promise, i)
		}
		require.True(t, len(spoiled) > 0 || len(before) > 0, "%s, %s, %s: nothing could break it", cloud, part, promise)
		total += len(spoiled)
	})
	require.Greater(t, total, 300)
}

// TestMatrixReports makes mistakes of the kind that people make, and wants the cells
// that are about them reported, and no others.
func TestMatrixReports(t *testing.T) {
	p := platformsOf(t, "prod")
	for name, tc := range map[string]struct {
		cloud, resource, path string
		value                 any
		want                  []string
	}{
		"public database":    {"gcp", "database-instance", "settings.ipConfiguration.ipv4Enabled", true, []string{"database, private"}},
		"password":           {"gcp", "database-user-api", "type", "BUILT_IN", []string{"database, no long-lived key"}},
		"public bucket":      {"gcp", "uploads-access-api", "member", "allUsers", []string{"object storage, private"}},
		"every instance":     {"gcp", "api-database-client", "condition", nil, []string{"database, least privilege"}},
		"owner":              {"gcp", "worker-role-cloudtrace.agent", "role", "roles/owner", []string{"identities and CI, least privilege"}},
		"fork":               {"gcp", "github-provider", "attributeCondition", nil, []string{"identities and CI, private"}},
		"nodes' identity":    {"gcp", "serving-pool", "nodeConfig.workloadMetadataConfig.mode", "GCE_METADATA", []string{"workloads, least privilege"}},
		"tags":               {"gcp", "registry-repository", "dockerConfig.immutableTags", false, []string{"registry, protected"}},
		"shared key":         {"azure", "uploads-account", "allowSharedKeyAccess", true, []string{"object storage, no long-lived key"}},
		"Entra and password": {"azure", "database-server", "authConfig.passwordAuth", "Enabled", []string{"database, no long-lived key"}},
		"plain connections":  {"azure", "database-flag-require_secure_transport", "value", "off", []string{"database, encrypted"}},
		"unseen vault":       {"azure", "vault-diagnostics", "logs", nil, []string{"secrets, observed"}},
		"whole vault":        {"azure", "vault-accessor-session-key-api", "scope", one(p.azure, "vault-vault").ID, []string{"secrets, least privilege"}},
		"any grant":          {"azure", "github-role-apply-access", "condition", nil, []string{"identities and CI, least privilege"}},
		"lock":               {"azure", "group-lock", "level", "ReadOnly", []string{"network, protected"}},
		"worker on the net":  {"azure", "run-worker-app", "configuration.ingress", map[string]any{"external": true}, []string{"workloads, private", "workloads, encrypted"}},
		"secret in the app":  {"azure", "run-worker-app", "configuration.secrets", plainSecret, []string{"workloads, no long-lived key"}},
		"admin user":         {"azure", "registry-registry", "adminUserEnabled", true, []string{"registry, no long-lived key"}},
	} {
		t.Run(name, func(t *testing.T) {
			all := slices.Clone(p.of(tc.cloud))
			i := slices.IndexFunc(all, func(r reg) bool { return called(r, tc.resource) })
			all[i] = changed(all[i], tc.path, tc.value)
			var seen []string
			eachCell(func(cloud, part, promise string, c cell) {
				if cloud == tc.cloud && len(c.holds.broken(all)) > len(c.holds.broken(p.of(cloud))) {
					seen = append(seen, part+", "+promise)
				}
			})
			require.ElementsMatch(t, tc.want, seen)
		})
	}
}

// TestMatrixHeals: what is missing everywhere is seen once it is there.
func TestMatrixHeals(t *testing.T) {
	log := func(logType string) any { return map[string]any{"logType": logType} }
	audit := componentstest.Registration{
		Type: "gcp:projects/iAMAuditConfig:IAMAuditConfig", Name: "audit", Custom: true,
		Inputs: resource.NewPropertyMapFromMap(map[string]any{
			"service": "allServices", "auditLogConfigs": []any{log("DATA_READ"), log("DATA_WRITE")},
		}),
	}
	p := platformsOf(t, "prod")
	for _, part := range []string{"object storage", "registry", "secrets", "identities and CI"} {
		observed := gcpCells[part][slices.Index(columns, "observed")].holds
		require.NotEmpty(t, observed.broken(p.gcp), part)
		require.Empty(t, observed.broken(append(p.gcp, audit)), part)
		require.NotEmpty(t, observed.broken(append(p.gcp, changed(audit, "auditLogConfigs[0]", log("ADMIN_READ")))), part)
	}
}

// TestMatrixOfNothing: no cell is proven by there being nothing, unless it is about that.
func TestMatrixOfNothing(t *testing.T) {
	eachCell(func(cloud, part, promise string, c cell) {
		if len(c.holds.broken(nil)) == 0 {
			require.Contains(t, []string{"no long-lived key"}, promise, "%s, %s", cloud, part)
		}
	})
}

// relaxed are the items that may be broken.
func relaxed(environment, cloud, part, promise string) []string {
	var items []string
	for _, r := range relaxations {
		if slices.Contains(r.environments(), environment) && r.cloud() == cloud && r.part == part && r.promise == promise {
			items = append(items, r.items...)
		}
	}
	slices.Sort(items)
	return items
}

func (r relaxation) environments() []string {
	on := strings.Fields(r.on)
	return on[:len(on)-1]
}

func (r relaxation) cloud() string { return r.on[strings.LastIndex(r.on, " ")+1:] }

// because is the reason of a relaxation: the comment at its setting, or its own.
func because(t *testing.T, environment string, r relaxation) string {
	t.Helper()
	if r.setting == "" {
		return r.reason
	}
	file := "../Pulumi." + environment + ".yaml"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &document))
	line := 0
	node := value(document.Content[0], "config", &line)
	for i, key := range strings.Split(r.setting, ".") {
		if i == 0 {
			key = "ai-worker:" + key
		}
		node = value(node, key, &line)
		require.NotNil(t, node, "%s has no %s", file, r.setting)
	}
	lines := strings.Split(string(text), "\n")
	if _, comment, found := strings.Cut(lines[line-1], " # "); found {
		return comment
	}
	comment, found := strings.CutPrefix(strings.TrimSpace(lines[line-2]), "# ")
	require.True(t, found, "%s: %s has no comment that says why", file, r.setting)
	return comment
}

// value is that of a key of a mapping, and the line of the key.
func value(mapping *yaml.Node, key string, line *int) *yaml.Node {
	for i := 0; mapping != nil && i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			*line = mapping.Content[i].Line
			return mapping.Content[i+1]
		}
	}
	return nil
}

// matrixTable has two lines a part, one a cloud, with a mark at what some environment
// relaxes, and another where prod does.
func matrixTable() string {
	var text strings.Builder
	fmt.Fprintf(&text, "| | | %s |\n|---|---|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	for _, part := range parts {
		for _, cloud := range []string{"gcp", "azure"} {
			fmt.Fprintf(&text, "| %s | %s |", part, cloudNames[cloud])
			for i, c := range cells[cloud][part] {
				mark := ""
				if c.holds.broken == nil {
					mark = "— "
				}
				for _, environment := range stacks.Environments() {
					if len(relaxed(environment, cloud, part, columns[i])) > 0 {
						mark = map[bool]string{false: "○ ", true: "● "}[environment == "prod"]
					}
				}
				text.WriteString(" " + mark + c.words + " |")
			}
			text.WriteString("\n")
		}
	}
	return text.String()
}

// relaxationTable has a line for each reason, by where it is given.
func relaxationTable(t *testing.T) string {
	t.Helper()
	type line struct{ on, because string }
	var lines []line
	what := map[line][]string{}
	for _, r := range relaxations {
		var reasons []string
		on := map[string][]string{}
		for _, environment := range r.environments() {
			reason := because(t, environment, r)
			if on[reason] == nil {
				reasons = append(reasons, reason)
			}
			on[reason] = append(on[reason], environment)
		}
		for _, reason := range reasons {
			l := line{strings.Join(on[reason], ", ") + " on " + cloudNames[r.cloud()], reason}
			if what[l] == nil {
				lines = append(lines, l)
			}
			what[l] = append(what[l], fmt.Sprintf("%s, %s: %s", r.part, r.promise, strings.Join(r.items, "; ")))
		}
	}
	text := "| where | because | what is weaker |\n|---|---|---|\n"
	for _, l := range lines {
		text += fmt.Sprintf("| %s | %s | %s |\n", l.on, l.because, strings.Join(what[l], "<br>"))
	}
	return text
}
