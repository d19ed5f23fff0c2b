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

	"gopkg.in/yaml.v3"

	"ai-worker/config"
	"ai-worker/internal/zonefile"
)

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
