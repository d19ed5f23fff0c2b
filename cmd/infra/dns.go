package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"ai-worker/config"
	"ai-worker/internal/zonefile"
	"ai-worker/stacks"
)

// dnsCommand takes a zone that was kept by hand under code.
func (a *app) dnsCommand(ctx context.Context) *cobra.Command {
	c := &cobra.Command{
		Use:   "dns",
		Short: "Take a zone that was kept by hand under code",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown command %q for %q", args[0], c.CommandPath())
			}
			return c.Help()
		},
	}
	var ids string
	var write bool
	take := &cobra.Command{
		Use:   "import ENV FILE",
		Short: "Make settings of a zone's export (a BIND file), each record with the id to adopt it by",
		Long: `FILE is the zone as Cloudflare exports it (DNS, Records, Import and Export). The ids of the records are
not in it: on simulated clouds they are looked up there, on the real one --ids names the answer of

  curl -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" \
    "https://api.cloudflare.com/client/v4/zones/ZONE_ID/dns_records?per_page=5000"

What is not taken is listed with the reason.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("want an environment and a file: infra dns import ENV FILE")
			}
			env, err := environmentOf(args[:1])
			if err != nil {
				return err
			}
			if ids == "" && !a.sandbox {
				return usage("--ids is missing: without the ids of the records they would be made a second time, and refused; or --sandbox")
			}
			return a.importZone(ctx, env, args[1], ids, write)
		},
	}
	take.Flags().StringVar(&ids, "ids", "", "a file with the answer of Cloudflare's API to the list of the zone's records")
	take.Flags().BoolVar(&write, "write", false, "put the records into Pulumi.ENV.yaml, which must have none yet")
	c.AddCommand(take)
	return c
}

// adopted is a record of the settings, with the id of the one that exists.
type adopted struct {
	zonefile.Record `yaml:",inline"`
	ImportID        string `yaml:"importId,omitempty"`
}

func (a *app) importZone(ctx context.Context, env, file, idsFile string, write bool) error {
	root, err := findRoot(a.dir)
	if err != nil {
		return err
	}
	s, err := config.LoadFile(settingsFile(root, env), stacks.Name(env, "cloudflare"))
	if err != nil {
		return err
	}
	export, err := os.Open(file)
	if err != nil {
		return err
	}
	defer export.Close() //nolint:errcheck // it was only read
	records, skipped, err := zonefile.Read(export, s.Domain)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	ids, err := a.recordIDs(ctx, root, idsFile, s)
	if err != nil {
		return err
	}
	var taken []adopted
	for _, r := range records {
		id := ids[r.Identity()]
		if reason := foreign(s, r, id); reason != "" {
			skipped = append(skipped, zonefile.Skipped{Text: r.Identity(), Reason: reason})
			continue
		}
		if id == "" {
			skipped = append(skipped, zonefile.Skipped{Text: r.Identity(), Reason: "is taken, but not among the zone's records: up would make it", Partly: true})
		}
		taken = append(taken, adopted{r, id})
	}
	report(a, taken, skipped)
	section, err := recordsSection(taken)
	if err != nil {
		return err
	}
	if !write {
		_, err := a.out.Write(section)
		return err
	}
	return insertRecords(settingsFile(root, env), section)
}

// report says on the side what was taken and what was not.
func report(a *app, taken []adopted, skipped []zonefile.Skipped) {
	left := 0
	slices.SortStableFunc(skipped, func(x, y zonefile.Skipped) int { return cmp.Compare(x.Line, y.Line) })
	for _, skip := range skipped {
		where := ""
		if skip.Line > 0 {
			where = fmt.Sprintf("line %d: ", skip.Line)
		}
		verb := "left out"
		if skip.Partly {
			verb = "note"
		} else {
			left++
		}
		say(a.log, "%s: %s%s: %s\n", verb, where, skip.Text, skip.Reason)
	}
	say(a.log, "%d records taken, %d left out\n", len(taken), left)
}

// foreign says why a record is not for the records of the settings.
func foreign(s *config.Settings, r zonefile.Record, id string) string {
	host, isHost := s.DNS.Hosts[r.Name]
	address := r.Type == "A" || r.Type == "AAAA" || r.Type == "CNAME"
	switch {
	case isHost && address && host.ImportID != "":
		return "dns.hosts." + r.Name + " has it already"
	case isHost && r.Type == "A" && id != "":
		return fmt.Sprintf("dns.hosts.%s makes it: adopt this one with `importId: %q` there", r.Name, id)
	case isHost && address:
		return fmt.Sprintf("dns.hosts.%s makes the address of this name; delete the record when the host is made", r.Name)
	}
	for name, owner := range s.Ownership() {
		below := r.Name == name || owner == config.OwnerExternalDNS && strings.HasSuffix(r.Name, "."+name)
		switch {
		case below && owner != config.OwnerCloudflare:
			return fmt.Sprintf("the name is %s's by dns", owner)
		case r.Name == name && slices.ContainsFunc(s.Cloudflare.All(), func(have config.Record) bool {
			return have.Name == r.Name && have.Type == r.Type && (have.Content == r.Content || r.Type == "CNAME")
		}):
			return "the settings have it already"
		}
	}
	if r.Type == "TXT" && strings.HasPrefix(r.Content, `"`) {
		return "its text has characters that settings, which take plain text, cannot say"
	}
	if r.Type == "CAA" && r.Name == "@" && !s.Cloudflare.Zone.CAA.Disabled {
		return "the stack makes the zone's own CAA records: delete this one, or set cloudflare.zone.caa.disabled and add it"
	}
	return ""
}

// existing is a record as Cloudflare's API has it.
type existing struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Type     string         `json:"type"`
	Content  string         `json:"content"`
	Priority *float64       `json:"priority"`
	Data     map[string]any `json:"data"`
}

// recordIDs are the ids of the zone's records, by what tells records apart.
func (a *app) recordIDs(ctx context.Context, root, file string, s *config.Settings) (map[string]string, error) {
	list, err := a.recordsOf(ctx, root, file, s)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, e := range list {
		name, inside := zonefile.Relative(e.Name, s.Domain)
		if !inside {
			return nil, fmt.Errorf("%s: record %q is not in the zone %s: it is the answer for another zone", file, e.Name, s.Domain)
		}
		ids[e.record(name).Identity()] = e.ID
	}
	return ids, nil
}

func (a *app) recordsOf(ctx context.Context, root, file string, s *config.Settings) ([]existing, error) {
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var answer struct {
			Result []existing `json:"result"`
		}
		if err := json.Unmarshal(text, &answer); err != nil || answer.Result == nil {
			return nil, fmt.Errorf("%s is no answer of Cloudflare's API with a list of records (%w)", file, cmp.Or(err, errors.New(`no "result"`)))
		}
		return answer.Result, nil
	}
	clouds, err := openClouds(ctx, root, nil)
	if err != nil {
		return nil, err
	}
	var list []existing
	for _, item := range clouds.store.List() {
		if item.Type != "cloudflare:index/record:Record" || item.State["zoneId"] != s.DNS.ZoneID {
			continue
		}
		text, err := json.Marshal(item.State)
		if err != nil {
			return nil, errors.Join(err, clouds.close())
		}
		e := existing{}
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, errors.Join(err, clouds.close())
		}
		e.Name = s.FullName(strings.TrimSuffix(strings.TrimSuffix(e.Name, s.Domain), "."))
		if e.Name == "."+s.Domain {
			e.Name = s.Domain
		}
		list = append(list, e)
	}
	return list, clouds.close()
}

// record is what tells the record apart.
func (e existing) record(name string) zonefile.Record {
	r := zonefile.Record{Name: name, Type: e.Type, Content: e.Content}
	if e.Type == "MX" && e.Priority != nil {
		r.Priority = int(*e.Priority)
	}
	number := func(key string) int {
		switch v := e.Data[key].(type) {
		case float64:
			return int(v)
		case string:
			n := 0
			_, _ = fmt.Sscan(v, &n) // what is no number is 0, as the provider has it
			return n
		}
		return 0
	}
	text := func(key string) string { v, _ := e.Data[key].(string); return v }
	switch e.Type {
	case "CAA":
		r.Content, r.CAA = "", &zonefile.CAA{Flags: number("flags"), Tag: text("tag"), Value: text("value")}
	case "SRV":
		r.Content, r.SRV = "", &zonefile.SRV{Priority: number("priority"), Weight: number("weight"), Port: number("port"), Target: text("target")}
	}
	return r
}

// recordsSection is the section as it stands in the settings.
func recordsSection(taken []adopted) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("    records:\n")
	for _, r := range taken {
		node := &yaml.Node{}
		if err := node.Encode(r); err != nil {
			return nil, err
		}
		flow(node)
		text, err := yaml.Marshal(node)
		if err != nil {
			return nil, err
		}
		line := foldedLine.ReplaceAllString(strings.TrimSpace(string(text)), " ")
		fmt.Fprintf(&b, "      - %s\n", line)
	}
	return b.Bytes(), nil
}

var foldedLine = regexp.MustCompile(`\n\s+`)

// flow writes a node and all in it on one line.
func flow(node *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		node.Style = yaml.FlowStyle
	}
	for _, child := range node.Content {
		flow(child)
	}
}

// insertRecords puts the section into a settings file and touches nothing else.
func insertRecords(path string, section []byte) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	at := regexp.MustCompile(`(?m)^  ai-worker:cloudflare:[ \t]*(#.*)?\n`).FindIndex(text)
	settings, err := readYAML(path)
	if err != nil {
		return err
	}
	have := get(settings, "config")
	if have != nil {
		have = get(have, "ai-worker:cloudflare")
	}
	if at == nil || have == nil || get(have, "records") != nil {
		return refused("%s has records already, or no block ai-worker:cloudflare to put them in: leave --write out and put them there by hand", path)
	}
	return os.WriteFile(path, slices.Concat(text[:at[1]], section, text[at[1]:]), 0o644) //nolint:gosec // settings are no secret
}
