package cloudflare

import (
	"fmt"
	"slices"
	"strings"

	"ai-worker/internal/sandbox"
)

// besideRecord is what the API refuses of a record because of the others:
// https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/
func besideRecord(o *sandbox.Object, others []*sandbox.Object) error {
	records := 0
	for _, other := range others {
		if other.Str("zoneId") != o.Str("zoneId") {
			continue
		}
		if records++; other.Str("hostname") != o.Str("hostname") {
			continue
		}
		if err := clash(o, other); err != nil {
			return fmt.Errorf("failed to create DNS record %s %s: %w: there is %s %q, id %s/%s; import it, or delete it (the provider "+
				"tries for 30 seconds and then says only: expected DNS record to not already be present but already exists)",
				o.Str("type"), o.Str("hostname"), err, other.Str("type"), other.Str("content"), other.Str("zoneId"), other.Str("id"))
		}
	}
	if zone := o.Ref("zoneId"); zone != nil {
		return underPlan(o, zone, records)
	}
	return nil
}

// refused is what the API says, with its number.
type refused struct {
	text string
	code int
}

func (r refused) Error() string { return fmt.Sprintf("%s (%d)", r.text, r.code) }

// clash is why two records cannot have one name.
func clash(o, other *sandbox.Object) error {
	typ, beside := o.Str("type"), other.Str("type")
	host := func(t string) bool { return slices.Contains(proxiable, t) }
	delegates := (typ == "NS") != (beside == "NS") && typ != "DS" && beside != "DS"
	switch {
	case typ == beside && said(o) == said(other):
		return refused{"An identical record already exists.", 81058}
	case typ == "CNAME" && host(beside):
		return refused{"An A, AAAA, or CNAME record with that host already exists.", 81053}
	case beside == "CNAME" && host(typ):
		return refused{"A CNAME record with that host already exists.", 81054}
	case delegates && o.Str("hostname") != zoneName(o):
		return refused{"NS records with that host already exist.", 81056}
	}
	return nil
}

// said is what a record says, in one spelling. The quotes of a text are none of it.
func said(o *sandbox.Object) string {
	content := o.Str("content")
	if o.Str("type") == "TXT" {
		content = strings.Trim(strings.ReplaceAll(content, `" "`, ""), `"`)
	}
	return fmt.Sprint(content, " ", o.Num("priority"))
}

// underPlan is what the plan of its zone refuses of a record; records is how many
// others the zone has.
func underPlan(o, zone *sandbox.Object, records int) error {
	p := planOf(zone)
	switch n := o.Num("ttl"); {
	case records >= p.records:
		return fmt.Errorf("%w: a zone of the plan %s has at most %d records", refused{"Record quota exceeded.", 81045}, zone.Str("plan"), p.records)
	case n != 1 && n < p.ttl:
		return problem("ttl", "%v: TTL must be between 60 and 86400 seconds, or 1 for Automatic. (9021)", n)
	case len([]rune(o.Str("comment"))) > p.comment:
		return problem("comment", "%d characters, at most %d in a zone of the plan %s (9101)", len([]rune(o.Str("comment"))), p.comment, zone.Str("plan"))
	}
	if tags := o.Get("tags"); tags.IsArray() && len(tags.ArrayValue()) > p.tags {
		return problem("tags", "DNS record has %d tags, exceeding the quota of %d. (9300)", len(tags.ArrayValue()), p.tags)
	}
	return nil
}
