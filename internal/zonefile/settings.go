package zonefile

import (
	"bytes"
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Identity says which record it is: the same for two records of one zone that
// answer the same, however written. TTL, proxy and comment are not part of it.
func (r Record) Identity() string {
	data := r.Content
	switch {
	case r.Type == "TXT":
		data = plain(r.Content)
	case r.Type == "MX":
		data = fmt.Sprintf("%d %s", r.Priority, canonicalName(r.Content))
	case r.Type == "CAA" && r.CAA != nil:
		data = fmt.Sprintf("%d %s %q", r.CAA.Flags, strings.ToLower(r.CAA.Tag), r.CAA.Value)
	case r.Type == "SRV" && r.SRV != nil:
		data = fmt.Sprintf("%d %d %d %s", r.SRV.Priority, r.SRV.Weight, r.SRV.Port, canonicalName(r.SRV.Target))
	default:
		data = canonicalName(data)
		if a, err := netip.ParseAddr(data); err == nil {
			data = a.String()
		}
	}
	return r.Type + " " + canonicalName(r.Name) + " " + data
}

// Settings writes the records section of the settings, without its key and not
// indented: a list, a record on each line, from the zone outwards, the same for
// the same records in any order.
func Settings(records []Record) ([]byte, error) {
	records = slices.Clone(records)
	slices.SortStableFunc(records, compare)
	list := yaml.Node{Kind: yaml.SequenceNode}
	for _, r := range records {
		var node yaml.Node
		if err := node.Encode(r); err != nil {
			return nil, fmt.Errorf("record %s: %w", r.Identity(), err)
		}
		node.Style = yaml.FlowStyle
		list.Content = append(list.Content, &node)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&list); err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	return out.Bytes(), enc.Close()
}

// compare orders records by name, label by label from the zone outwards, then
// by type, priority and content.
func compare(a, b Record) int {
	return cmp.Or(
		slices.Compare(outwards(a.Name), outwards(b.Name)),
		cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Priority, b.Priority),
		cmp.Compare(a.Identity(), b.Identity()),
	)
}

// outwards are the labels of a name, the one next to the zone first.
func outwards(name string) []string {
	if name == "@" {
		return nil
	}
	labels := strings.Split(name, ".")
	slices.Reverse(labels)
	return labels
}
