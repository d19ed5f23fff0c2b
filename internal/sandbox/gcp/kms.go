package gcp

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

const (
	keyRingType   = "gcp:kms/keyRing:KeyRing"
	cryptoKeyType = "gcp:kms/cryptoKey:CryptoKey"
)

const (
	keyRingShape   = `projects/[^/]+/locations/[^/]+/keyRings/[a-zA-Z0-9_-]{1,63}`
	cryptoKeyShape = keyRingShape + `/cryptoKeys/[a-zA-Z0-9_-]{1,63}`
)

// https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings/create
var kmsName = sandbox.Match(`^[a-zA-Z0-9_-]{1,63}$`, "1 to 63 letters, digits, underscores, hyphens")

// cryptoKeyRule wants the id of a key, the only form that every service takes.
var cryptoKeyRule = sandbox.Match(`^`+cryptoKeyShape+`$`, `"projects/P/locations/L/keyRings/R/cryptoKeys/K"`)

func kmsKinds() []*sandbox.Kind {
	return []*sandbox.Kind{
		{
			Type:    keyRingType,
			ID:      "projects/{project}/locations/{location}/keyRings/{name}",
			Retires: "for ever", // a key ring cannot be deleted, only forgotten
			Replace: []string{"name", "location", "project"},
			Rules: map[string]sandbox.Rule{
				"name":     kmsName,
				"location": sandbox.Match(`^(global|[a-z]+[0-9]?|[a-z]+-[a-z]+[0-9]+)$`, `a location, such as "asia-northeast1", "asia" or "global"`),
			},
		},
		{
			Type:     cryptoKeyType,
			ID:       "{keyRing}/cryptoKeys/{name}",
			Retires:  "for ever", // deletion destroys the versions; the key stays, empty
			Defaults: map[string]any{"purpose": "ENCRYPT_DECRYPT", "versionTemplate.protectionLevel": "SOFTWARE"},
			Computed: []string{"versionTemplate", "keyAccessJustificationsPolicy"},
			Replace: []string{
				"name", "keyRing", "purpose", "importOnly", "cryptoKeyBackend", "destroyScheduledDuration",
				"skipInitialVersionCreation", "versionTemplate.protectionLevel",
			},
			Refs: map[string]sandbox.Ref{"keyRing": sandbox.Names(keyRingType)},
			Fill: fillCryptoKey,
			Rules: map[string]sandbox.Rule{
				"name":                            kmsName,
				"keyRing":                         sandbox.Match(`^`+keyRingShape+`$`, `"projects/P/locations/L/keyRings/R"`),
				"purpose":                         sandbox.OneOf("ENCRYPT_DECRYPT", "RAW_ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC"),
				"versionTemplate.protectionLevel": sandbox.OneOf("SOFTWARE", "HSM", "EXTERNAL", "EXTERNAL_VPC"),
				"rotationPeriod":                  seconds(86400, 100*365*86400),
				"destroyScheduledDuration":        seconds(86400, 120*86400),
			},
			Checks: []sandbox.Check{
				sandbox.Refuse(func(o *sandbox.Object) bool {
					return o.Has("rotationPeriod") && o.Known("purpose") && o.Str("purpose") != "ENCRYPT_DECRYPT"
				}, "rotationPeriod: only a key with purpose ENCRYPT_DECRYPT rotates"),
			},
		},
		{
			Type:     "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
			ID:       "{cryptoKeyId}/{role}/{member}",
			Fill:     func(o *sandbox.Object) { o.Set("etag", number(o.Str("cryptoKeyId"))) },
			Additive: true,
			Rules:    map[string]sandbox.Rule{"role": roleRule, "member": memberRule, "cryptoKeyId": cryptoKeyRule},
			Replace:  []string{"cryptoKeyId", "role", "member", "condition"},
			Refs:     map[string]sandbox.Ref{"cryptoKeyId": sandbox.Names(cryptoKeyType)},
		},
	}
}

func fillCryptoKey(o *sandbox.Object) {
	o.Default("destroyScheduledDuration", "2592000s")
	o.Default("versionTemplate.algorithm", "GOOGLE_SYMMETRIC_ENCRYPTION")
	o.Default("versionTemplate.protectionLevel", "SOFTWARE")
	if o.Str("purpose") == "ENCRYPT_DECRYPT" {
		name := o.Str("keyRing") + "/cryptoKeys/" + o.Str("name") + "/cryptoKeyVersions/1"
		o.Set("primaries", []any{map[string]any{"name": name, "state": "ENABLED"}})
	}
	fillLabels(o)
}

// fillLabels computes what every resource with labels of its own repeats: the
// labels as the cloud has them, and those that Pulumi manages.
func fillLabels(o *sandbox.Object) {
	labels := map[string]any{}
	if v := o.Get("labels"); v.IsObject() {
		labels = v.Mappable().(map[string]any)
	}
	o.Set("effectiveLabels", labels)
	o.Set("pulumiLabels", labels)
}

var secondsShape = regexp.MustCompile(`^([0-9]+)(\.[0-9]{1,9})?s$`)

// seconds wants a duration such as "86400s", from lo to hi seconds.
func seconds(lo, hi int) sandbox.Rule {
	return func(v resource.PropertyValue) error {
		found := secondsShape.FindStringSubmatch(v.StringValue())
		if found == nil {
			return fmt.Errorf(`%q is no duration, such as "86400s"`, v.StringValue())
		}
		if n, err := strconv.Atoi(found[1]); err != nil || n < lo || n > hi {
			return fmt.Errorf("%q is not between %ds and %ds", v.StringValue(), lo, hi)
		}
		return nil
	}
}
