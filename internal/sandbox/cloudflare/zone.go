package cloudflare

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/miekg/dns"
	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"

	"ai-worker/internal/sandbox"
)

const (
	zoneType      = "cloudflare:index/zone:Zone"
	dnssecType    = "cloudflare:index/zoneDnssec:ZoneDnssec"
	getZoneToken  = "cloudflare:index/getZone:getZone"
	getRangeToken = "cloudflare:index/getIpRanges:getIpRanges"
)

func init() {
	sandbox.Describe(zoneType, provider.ZoneArgs{}, provider.Zone{})
	sandbox.Describe(dnssecType, provider.ZoneDnssecArgs{}, provider.ZoneDnssec{})
	sandbox.Describe(getZoneToken, provider.LookupZoneArgs{}, provider.LookupZoneResult{})
	sandbox.Describe(getRangeToken, struct{}{}, provider.GetIpRangesResult{})
}

// A plan is what a zone has paid for.
type plan struct {
	name    string // name is what getZone calls it.
	records int    // https://developers.cloudflare.com/dns/manage-dns-records/#dns-records-quota
	ttl     float64
	comment int // characters: https://developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes/
	tags    int
}

var plans = map[string]plan{
	"free":       {"Free Website", 200, 60, 100, 0},
	"lite":       {"Lite Website", 200, 60, 100, 0},
	"pro":        {"Pro Website", 3500, 60, 500, 20},
	"pro_plus":   {"Pro Plus Website", 3500, 60, 500, 20},
	"business":   {"Business Website", 3500, 60, 500, 20},
	"enterprise": {"Enterprise Website", 3500, 30, 500, 20},
}

// planOf is the plan of a zone; a partner's plans are those of the same name.
func planOf(zone *sandbox.Object) plan {
	return plans[strings.TrimPrefix(zone.Str("plan"), "partners_")]
}

// zoneKinds: a stack looks its zone up, and does not make it.
func zoneKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:     zoneType,
			ID:       opaque,
			Names:    []string{"{zone}"},
			Defaults: map[string]any{"paused": false, "type": "full"},
			Computed: []string{"plan", "vanityNameServers"},
			Replace:  []string{"zone"},
			Rules: map[string]sandbox.Rule{
				"accountId": hexID,
				"zone":      hostRule,
				"plan": sandbox.OneOf("free", "lite", "pro", "pro_plus", "business", "enterprise",
					"partners_free", "partners_pro", "partners_business", "partners_enterprise"),
				"type": sandbox.OneOf("full", "partial", "secondary"),
			},
			Fill:   fillZone,
			Beside: besideZone,
		},
		{
			Type:    dnssecType,
			ID:      "{zoneId}",
			Replace: []string{"zoneId"},
			Checks: []sandbox.Check{sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("modifiedOn") },
				"modifiedOn: the API computes it, and giving it changes nothing")},
			Rules: map[string]sandbox.Rule{"zoneId": hexID},
			Refs:  map[string]sandbox.Ref{"zoneId": sandbox.Within(zoneType)},
			Fill:  fillDNSSEC,
		},
	}
}

func zoneLookups() []*sandbox.Lookup {
	return []*sandbox.Lookup{
		{
			Token: getZoneToken, Type: zoneType, Key: "{zoneId}|{name}",
			Checks: []sandbox.Check{sandbox.ExactlyOne("zoneId", "name")},
			Answer: answerZone,
		},
		{Token: getRangeToken, Answer: func(*sandbox.Object) map[string]any { return answerRanges() }},
	}
}

// fillZone makes the zone an active one: its owner has pointed the domain here.
func fillZone(o *sandbox.Object) {
	o.Default("id", hex32("zone", o.Str("zone")))
	o.Default("plan", "free")
	o.Default("status", "active")
	o.Default("nameServers", []any{"ada.ns.cloudflare.com", "bob.ns.cloudflare.com"})
	o.Default("meta", map[string]any{"phishing_detected": false, "wildcard_proxiable": true})
}

// besideZone: a domain is one zone.
func besideZone(o *sandbox.Object, others []*sandbox.Object) error {
	for _, other := range others {
		if other.Str("zone") == o.Str("zone") {
			return fmt.Errorf("error creating zone %q: %s already exists (1061)", o.Str("zone"), o.Str("zone"))
		}
	}
	return nil
}

// nowhere is the zone of an object that stands in no cloud, as in a unit test.
const nowhere = "zone.invalid"

// answerZone is a zone as getZone tells it.
func answerZone(zone *sandbox.Object) map[string]any {
	id := cmp.Or(zone.Str("id"), zone.Str("zoneId"))
	answer := map[string]any{
		"id": id, "zoneId": id, "name": cmp.Or(zone.Str("zone"), zone.Str("name"), nowhere),
		"plan": planOf(zone).name, "paused": zone.Bool("paused"), "vanityNameServers": []any{},
	}
	for _, same := range []string{"accountId", "status", "nameServers", "vanityNameServers"} {
		if zone.Has(same) {
			answer[same] = zone.Get(same).Mappable()
		}
	}
	return answer
}

// fillDNSSEC computes a true DS record of a key that nobody has. It stays pending
// until the registrar has it, which no simulated one does.
func fillDNSSEC(o *sandbox.Object) {
	if o.Has("ds") {
		return // the zone and its key stay
	}
	seed, _ := hex.DecodeString(hex64("dnssec", o.Str("zoneId")) + hex64("dnssec", "y", o.Str("zoneId"))) // it writes what it reads
	key := &dns.DNSKEY{
		Hdr:   dns.RR_Header{Name: dns.Fqdn(zoneName(o)), Rrtype: dns.TypeDNSKEY, Class: dns.ClassINET, Ttl: 3600},
		Flags: dns.ZONE | dns.SEP, Protocol: 3, Algorithm: dns.ECDSAP256SHA256, PublicKey: base64.StdEncoding.EncodeToString(seed),
	}
	ds := key.ToDS(dns.SHA256)
	digest := strings.ToUpper(ds.Digest)
	for name, value := range map[string]any{
		"status": "pending", "flags": int(key.Flags), "algorithm": strconv.Itoa(int(key.Algorithm)), "keyType": "ECDSAP256SHA256",
		"digestType": strconv.Itoa(int(ds.DigestType)), "digestAlgorithm": "SHA256", "digest": digest, "keyTag": int(ds.KeyTag),
		"publicKey": key.PublicKey, "modifiedOn": "Fri, 01 Mar 2024 00:00:00 +0000",
		"ds": fmt.Sprintf("%s 3600 IN DS %d %d %d %s", key.Hdr.Name, ds.KeyTag, ds.Algorithm, ds.DigestType, digest),
	} {
		o.Set(name, value)
	}
}

// zoneName is the domain of the zone that an object is in.
func zoneName(o *sandbox.Object) string {
	if zone := o.Ref("zoneId"); zone != nil {
		return zone.Str("zone")
	}
	return nowhere
}
