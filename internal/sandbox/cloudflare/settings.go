package cloudflare

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const settingsType = "cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride"

func init() {
	sandbox.Describe(settingsType, provider.ZoneSettingsOverrideArgs{}, provider.ZoneSettingsOverride{})
}

// settingsKind has the zone's id, so that a second override of a zone is a
// conflict: the provider lets both in, and each takes back the other's values.
// Deleting it is forgetting it: the zone gets its first values back. It cannot be
// imported.
func settingsKind() *sandbox.Kind {
	return &sandbox.Kind{
		Type:  settingsType,
		ID:    "{zoneId}",
		Rules: settingsRules(),
		Checks: []sandbox.Check{sandbox.Exclusive("settings.tls12Only", "settings.minTlsVersion"),
			sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("settings.nel") }, "settings.nel: the provider never sends it"),
			sandbox.Refuse(func(o *sandbox.Object) bool {
				return o.Has("settings.webp") && (!o.Has("settings.polish") || o.Str("settings.polish") == "off")
			}, "settings.webp: the provider sends it only beside polish")},
		// a setting that the program no longer gives keeps its value
		Computed: slices.Concat(below("settings.", provider.ZoneSettingsOverrideSettings{}),
			below("settings.securityHeader.", provider.ZoneSettingsOverrideSettingsSecurityHeader{})),
		Replace: []string{"zoneId"},
		Refs:    map[string]sandbox.Ref{"zoneId": sandbox.Within(zoneType)},
		Fill:    fillSettings,
		Imports: "{none}", // the provider cannot import it
		Beside:  besideSettings,
	}
}

// below are the paths of all properties of a nested struct of the SDK.
func below(prefix string, of any) []string {
	var paths []string
	for t, i := reflect.TypeOf(of), 0; i < t.NumField(); i++ {
		paths = append(paths, prefix+t.Field(i).Tag.Get("pulumi"))
	}
	return paths
}

// settingsRules: the provider's enums; alwaysUseHttps it leaves to the API.
func settingsRules() map[string]sandbox.Rule {
	rules := map[string]sandbox.Rule{"zoneId": hexID}
	enum := func(values string, names ...string) {
		for _, name := range names {
			rules["settings."+name] = sandbox.OneOf(strings.Fields(values)...)
		}
	}
	enum("on off", strings.Fields(`alwaysOnline alwaysUseHttps automaticHttpsRewrites binaryAst brotli browserCheck developmentMode
		earlyHints emailObfuscation filterLogsToCloudflare fonts hotlinkProtection http2 http3 ipGeolocation ipv6 logToCloudflare mirage
		opportunisticEncryption opportunisticOnion orangeToOrange originErrorPagePassThru prefetchPreload privacyPass replaceInsecureJs
		responseBuffering serverSideExclude sortQueryStringForCache speedBrain tls12Only tlsClientAuth trueClientIpHeader universalSsl
		visitorIp waf webp websockets zeroRtt`)...)
	enum("off flexible full strict origin_pull", "ssl")
	enum("auto custom", "sslAutomaticMode")
	enum("1.0 1.1 1.2 1.3", "minTlsVersion")
	enum("on off zrt", "tls13")
	enum("1 2", "originMaxHttpVersion")
	enum("aggressive basic simplified", "cacheLevel")
	enum("off lossless lossy", "polish")
	enum("on off manual", "rocketLoader")
	enum("off essentially_off low medium high under_attack", "securityLevel")
	enum("off add_header overwrite_header", "pseudoIpv4")
	enum("flatten_at_root flatten_all flatten_none", "cnameFlattening")
	enum("on off custom", "h2Prioritization")
	enum("on off open", "imageResizing")
	rules["settings.browserCacheTtl"] = oneOfNumbers(0, 30, 60, 120, 300, 1200, 1800, 3600, 7200, 10800, 14400, 18000, 28800, 43200, 57600,
		72000, 86400, 172800, 259200, 345600, 432000, 691200, 1382400, 2073600, 2678400, 5356800, 16070400, 31536000)
	rules["settings.challengeTtl"] = oneOfNumbers(300, 900, 1800, 2700, 3600, 7200, 10800, 14400, 28800, 57600, 86400, 604800, 2592000, 31536000)
	// https://developers.cloudflare.com/ssl/edge-certificates/additional-options/http-strict-transport-security/:
	// from 0, which is off, to 12 months
	rules["settings.securityHeader.maxAge"] = sandbox.Between(0, 31536000)
	rules["settings.maxUpload"] = sandbox.Between(100, 500)
	return rules
}

func oneOfNumbers(allowed ...float64) sandbox.Rule {
	return func(v resource.PropertyValue) error {
		if !slices.Contains(allowed, v.NumberValue()) {
			return fmt.Errorf("%v is none of %v", v.NumberValue(), allowed)
		}
		return nil
	}
}

// first are settings of a new zone.
var first = map[string]any{
	"alwaysUseHttps": "off", "automaticHttpsRewrites": "on", "brotli": "on", "http3": "on", "minTlsVersion": "1.0",
	"opportunisticEncryption": "on", "securityLevel": "medium", "ssl": "full", "tls13": "on", "tlsClientAuth": "off", "universalSsl": "on",
	"securityHeader": map[string]any{"enabled": false, "includeSubdomains": false, "maxAge": 0, "nosniff": false, "preload": false},
}

// fillSettings: what stood there before goes back when the override is deleted.
func fillSettings(o *sandbox.Object) {
	o.Default("initialSettings", []any{maps.Clone(first)})
	o.Default("initialSettingsReadAt", made)
	o.Default("zoneStatus", "active")
	o.Default("zoneType", "full")
}

// readOnly are settings that a free zone shows and cannot change.
var readOnly = strings.Fields(`ciphers cnameFlattening filterLogsToCloudflare h2Prioritization http2 imageResizing logToCloudflare mirage
	orangeToOrange originErrorPagePassThru polish prefetchPreload proxyReadTimeout responseBuffering sortQueryStringForCache
	trueClientIpHeader waf webp`)

// besideSettings is what the plan of its zone refuses of an override, were it only
// the present value.
func besideSettings(o *sandbox.Object, _ []*sandbox.Object) error {
	if zone := o.Ref("zoneId"); zone != nil {
		return settingsUnderPlan(o, zone)
	}
	return nil
}

func settingsUnderPlan(o, zone *sandbox.Object) error {
	if planOf(zone) != plans["free"] {
		return nil
	}
	for _, name := range readOnly {
		if o.Has("settings." + name) {
			return problem("settings."+name, "invalid zone setting %q (value: %v) found - cannot be set as it is read only, "+
				"in a zone of the plan free", name, o.Get("settings."+name).Mappable())
		}
	}
	return nil
}
