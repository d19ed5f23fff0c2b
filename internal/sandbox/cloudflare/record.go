package cloudflare

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const recordType = "cloudflare:index/record:Record"

func init() { sandbox.Describe(recordType, provider.RecordArgs{}, provider.Record{}) }

var (
	// provider: the types that it knows, in capitals only
	recordTypes = []string{"A", "AAAA", "CAA", "CNAME", "TXT", "SRV", "LOC", "MX", "NS", "SPF", "CERT", "DNSKEY", "DS", "NAPTR", "SMIMEA",
		"SSHFP", "TLSA", "URI", "PTR", "HTTPS", "SVCB"}
	proxiable    = []string{"A", "AAAA", "CNAME"}
	withPriority = []string{"MX", "URI"}
)

func recordKind() *sandbox.Kind {
	port := sandbox.Between(0, 1<<16-1)
	return &sandbox.Kind{
		Type:     recordType,
		ID:       opaque,
		Names:    []string{"{type} {hostname} {content}"}, // how an authority looks for it
		Adjust:   adjustRecord,
		Defaults: map[string]any{"allowOverwrite": false},
		Rules: map[string]sandbox.Rule{
			"zoneId":         hexID,
			"name":           recordName,
			"type":           sandbox.OneOf(recordTypes...),
			"ttl":            ttl,
			"priority":       port,
			"data.priority":  port,
			"data.weight":    port,
			"data.port":      port,
			"data.tag":       sandbox.OneOf("issue", "issuewild", "iodef"),
			"comment":        comment,
			"tags":           sandbox.Items(0, 20),
			"tags[]":         sandbox.Match(`^[A-Za-z0-9_-]{1,32}:.{0,100}$`, `"name:value": a name of at most 32 letters, digits, _ and -, a value of at most 100 characters`),
			"allowOverwrite": noOverwrite,
		},
		Checks:   []sandbox.Check{checkSource, checkContent, checkData, checkService, checkPriority, checkProxied},
		Revise:   reviseRecord,
		Beside:   besideRecord,
		Imports:  "{zoneId}/{id}",
		Imported: importRecord,
		// the provider forces it; the API refuses an address and a CNAME side by side
		DeleteFirst: true,
		Replace:     []string{"zoneId", "name", "type"},
		Refs:        map[string]sandbox.Ref{"zoneId": sandbox.Within(zoneType)},
		Fill:        fillRecord,
	}
}

// adjustRecord writes values as the provider compares them: names in lower case,
// contents without their last dot, addresses in their shortest form, tags as a set.
func adjustRecord(o *sandbox.Object) {
	if o.Known("name") {
		o.Set("name", strings.ToLower(o.Str("name")))
	}
	content := o.Str("content")
	if shorter := strings.TrimSuffix(content, "."); strings.Trim(content, ".") != "" && o.Str("type") != "TXT" {
		o.Set("content", shorter)
	}
	if ip, err := netip.ParseAddr(o.Str("content")); err == nil && o.Str("type") == "AAAA" {
		o.Set("content", ip.String())
	}
	if tags := o.Get("tags"); tags.IsArray() && !tags.ContainsUnknowns() {
		slices.SortFunc(tags.ArrayValue(), func(a, b resource.PropertyValue) int { return strings.Compare(fmt.Sprint(a.V), fmt.Sprint(b.V)) })
	}
}

// fqdn is the full name of a record: the API takes a name with or without the
// zone's.
func fqdn(name, zone string) string {
	if name = strings.ToLower(name); name == "@" || name == zone {
		return zone
	}
	return strings.TrimSuffix(name, "."+zone) + "." + zone
}

func fillRecord(o *sandbox.Object) {
	if o.Has("data") {
		o.Set("content", dataContent(o))
	}
	o.Default("id", hex32("record", o.Str("zoneId"), o.Str("name"), o.Str("type"), o.Str("content")))
	o.Default("hostname", fqdn(o.Str("name"), zoneName(o))) // zone and name stay
	o.Default("ttl", 1)
	o.Set("proxiable", slices.Contains(proxiable, o.Str("type")))
	o.Set("createdOn", made)
	o.Set("modifiedOn", made)
	o.Set("metadata", map[string]any{
		"auto_added": "false", "managed_by_apps": "false", "managed_by_argo_tunnel": "false", "source": "primary",
	})
}

// importRecord: an import reads the name without the zone's, which only the apex
// keeps, and no content, so that an update follows it in the same run.
func importRecord(o *sandbox.Object) {
	o.Set("name", strings.TrimSuffix(o.Str("hostname"), "."+zoneName(o)))
	if !o.Has("data") {
		o.Set("content", "")
	}
}

// reviseRecord: a ttl that the program gave once and then left out is still sent,
// also with proxied, where the API knows 1 only.
func reviseRecord(_, want *sandbox.Object) error {
	if n := want.Num("ttl"); want.Bool("proxied") && n != 1 {
		return fmt.Errorf("error validating record %s: ttl must be set to 1 when `proxied` is true; the old ttl of %v "+
			"stays when the program leaves it out: set 1", want.Str("name"), n)
	}
	return nil
}
