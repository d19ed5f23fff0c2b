package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"ai-worker/internal/zonefile"
)

// byHand puts the records of an export into the simulated zone, as its owner once
// did in the dashboard, which quotes texts.
func byHand(t checkout, export string) int {
	t.Helper()
	file, err := os.Open(export)
	require.NoError(t, err)
	defer file.Close() //nolint:errcheck // it was only read
	records, _, err := zonefile.Read(file, "dev.ai-worker.example")
	require.NoError(t, err)
	settings, err := os.ReadFile(filepath.Join(t.dir, "Pulumi.dev.yaml"))
	require.NoError(t, err)
	zone := regexp.MustCompile(`zoneId: "(\w+)"`).FindStringSubmatch(string(settings))[1]
	var given []map[string]any
	for _, r := range records {
		name := r.Name
		if name == "@" {
			name = "dev.ai-worker.example" // as the API tells it
		}
		inputs := map[string]any{"zoneId": zone, "name": name, "type": r.Type, "proxied": r.Proxied}
		for key, value := range map[string]any{"content": r.Content, "comment": r.Comment} {
			if value != "" {
				inputs[key] = value
			}
		}
		if r.TTL > 0 {
			inputs["ttl"] = r.TTL
		}
		switch r.Type {
		case "TXT":
			inputs["content"] = quoted(r.Content)
		case "MX":
			inputs["priority"] = r.Priority
		case "CAA":
			inputs["data"] = map[string]any{"flags": fmt.Sprint(r.CAA.Flags), "tag": r.CAA.Tag, "value": r.CAA.Value}
		case "SRV":
			inputs["data"] = map[string]any{"priority": r.SRV.Priority, "weight": r.SRV.Weight, "port": r.SRV.Port, "target": r.SRV.Target}
		}
		given = append(given, map[string]any{"type": "cloudflare:index/record:Record", "inputs": inputs})
	}
	text, err := yaml.Marshal(given)
	require.NoError(t, err)
	path := filepath.Join(t.dir, "sandbox.yaml")
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(before, text...), 0o600))
	return len(records)
}

func quoted(text string) string {
	if strings.HasPrefix(text, `"`) {
		return text
	}
	var parts []string
	for len(text) > 255 {
		parts, text = append(parts, text[:255]), text[255:]
	}
	return `"` + strings.Join(append(parts, text), `" "`) + `"`
}

// TestImportOfAZone takes a zone of records of all types under code: the preview
// shows nothing but adoptions, and after the up nothing at all.
func TestImportOfAZone(outer *testing.T) {
	root, err := findRoot(".")
	require.NoError(outer, err)
	export := filepath.Join(root, "internal", "zonefile", "testdata", "export.txt")
	t := repository(outer)
	kept := byHand(t, export)
	require.GreaterOrEqual(t, kept, 60)
	// nobody else owns a name, and all records are the zone's
	edit(t, "Pulumi.dev.yaml", "      api: {stage: dns-only}\n", "      gate: {stage: dns-only}\n")
	edit(t, "Pulumi.dev.yaml", "    owners: {preview: external-dns}", "    owners: {other: external-dns}")
	edit(t, "Pulumi.dev.yaml", "    zone: {allowDeletion: true}", "    zone: {allowDeletion: true, caa: {disabled: true}}")
	text, err := os.ReadFile(filepath.Join(t.dir, "Pulumi.dev.yaml"))
	require.NoError(t, err)
	without := regexp.MustCompile(`(?m)^    records:\n      - .*\n`).ReplaceAll(text, nil)
	without = noAzure.ReplaceAll(without, nil)
	without = regexp.MustCompile(`(?m)^    access:.*\n(      .*\n)+`).ReplaceAll(without, nil)
	require.NoError(t, os.WriteFile(filepath.Join(t.dir, "Pulumi.dev.yaml"), without, 0o600))
	succeeds(t, "--sandbox", "up", "dev", "--provider", "gcp,kubernetes")

	out := succeeds(t, "--sandbox", "dns", "import", "dev", export, "--write")
	require.Regexp(t, fmt.Sprintf(`(?m)^%d records taken, `, kept-1), out)
	require.Contains(t, out, "left out: TXT greeting", "with the reason")
	require.NotContains(t, out, "up would make it", "each was found in the zone")

	out = succeeds(t, "--sandbox", "preview", "dev", "--provider", "cloudflare")
	require.Equal(t, kept-1, strings.Count(out, "import   cloudflare:index/record:Record"), out)
	require.NotRegexp(t, `(update|replace|delete) +cloudflare:index/record`, out)
	before := held(t)["cloudflare:index/record:Record"]
	succeeds(t, "--sandbox", "up", "dev", "--provider", "cloudflare")
	require.Equal(t, before+1, held(t)["cloudflare:index/record:Record"], "the host's own record, and no copy of another")
	succeeds(t, "--sandbox", "preview", "dev", "-p", "cloudflare", "--expect-no-changes")
	succeeds(t, "--sandbox", "refresh", "dev", "-p", "cloudflare", "--expect-no-changes")

	code, out := typed(t, "--sandbox", "dns", "import", "dev", export, "--write")
	require.Equal(t, exitRefused, code, out)
	require.Contains(t, out, "the settings have it already")
}

func TestImportRefusals(t *testing.T) {
	root, err := findRoot(".")
	require.NoError(t, err)
	export := filepath.Join(root, "internal", "zonefile", "testdata", "export.txt")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "other.json"), `{"result": [{"id": "1", "name": "api.example.org", "type": "A", "content": "192.0.2.1"}]}`)
	write(t, filepath.Join(dir, "error.json"), `{"success": false, "errors": []}`)
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no ids":         {[]string{"dev", export}, exitUsage, "--ids is missing"},
		"no file":        {[]string{"dev"}, exitUsage, "want an environment and a file"},
		"no environment": {[]string{"qa", export}, exitUsage, `environment "qa" is unknown`},
		"another zone":   {[]string{"prod", export, "--ids", filepath.Join(dir, "other.json")}, exitFailed, `not of "ai-worker.example"`},
		"other ids":      {[]string{"dev", export, "--ids", filepath.Join(dir, "other.json")}, exitFailed, "it is the answer for another zone"},
		"no answer":      {[]string{"dev", export, "--ids", filepath.Join(dir, "error.json")}, exitFailed, "is no answer of Cloudflare's API"},
		"missing file":   {[]string{"dev", filepath.Join(dir, "none.txt"), "--ids", filepath.Join(dir, "other.json")}, exitFailed, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			out, log, code := infraIn(t, root, append([]string{"dns", "import"}, tc.args...)...)
			require.Equal(t, tc.code, code, out+log)
			require.Contains(t, log, tc.want)
		})
	}
}
