package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

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
