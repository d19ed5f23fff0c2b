// Package cloudflare simulates Cloudflare behind the Pulumi provider of that
// name: one Kind a resource type. It refuses in the check already what the
// provider (5.49.1, on terraform-provider-cloudflare 4.51.0) lets through in a
// preview and the API refuses in an update.
package cloudflare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"ai-worker/internal/sandbox"
)

func init() { sandbox.Offer("cloudflare", Package) }

// Package is Cloudflare as the sandbox has it.
func Package() *sandbox.Package {
	p := &sandbox.Package{
		Name:        "cloudflare",
		Version:     "5.49.1",
		Folder:      "internal/sandbox/cloudflare",
		Config:      provider.ProviderArgs{},
		CheckConfig: checkConfig,
		Kinds: slices.Concat(zoneKinds(), []*sandbox.Kind{recordKind(), settingsKind()}, originPullsKinds(),
			[]*sandbox.Kind{applicationKind(), policyKind(), groupKind(), serviceTokenKind(), identityProviderKind()}),
		Lookups: zoneLookups(),
	}
	return p.Prepare()
}

// made is when everything in the simulated cloud was made.
const made = "2024-03-01T00:00:00Z"

// opaque is the id of every kind here: the cloud draws it. Fill writes it once,
// and an update keeps it.
const opaque = "{id}"

// hex32 draws the id of a zone, a record or a certificate from what tells the
// object apart when it is made.
func hex32(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// hex64 draws an audience or a secret.
func hex64(parts ...string) string {
	return hex32(append(parts, "1")...) + hex32(append(parts, "2")...)
}

// uuid draws the id of an Access object.
func uuid(parts ...string) string {
	h := hex32(parts...)
	return fmt.Sprintf("%s-%s-4%s-8%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:])
}

var (
	// https://developers.cloudflare.com/fundamentals/setup/find-account-and-zone-ids/;
	// the API says of another form: Could not route to ..., perhaps your object
	// identifier is invalid? (7003)
	hexID  = sandbox.Match(`^[0-9a-f]{32}$`, "32 lower-case hexadecimal digits (the API: perhaps your object identifier is invalid? (7003))")
	uuidID = sandbox.Match(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`, "the id of an Access object, a UUID")
)

// problem is what is wrong at a path.
func problem(path, format string, args ...any) error {
	return sandbox.Problem{Path: path, Reason: fmt.Sprintf(format, args...)}
}

// given says whether a value says anything: unknown ones do.
func given(v resource.PropertyValue) bool {
	switch {
	case v.IsNull():
		return false
	case v.IsBool():
		return v.BoolValue()
	case v.IsString():
		return v.StringValue() != ""
	case v.IsArray():
		return len(v.ArrayValue()) > 0
	}
	return true
}

var label = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$`)

// checkHost wants a full host name in lower case: the API answers in lower case,
// and every later preview would show a change.
func checkHost(host string) error {
	labels := strings.Split(host, ".")
	switch {
	case host != strings.ToLower(host):
		return fmt.Errorf("%q: want lower case, as the API answers", host)
	case len(host) > 253:
		return fmt.Errorf("%q: %d characters, at most 253", host, len(host))
	case len(labels) < 2 || numeric(labels[len(labels)-1]):
		return fmt.Errorf("%q is no host name", host)
	}
	for _, l := range labels {
		if !label.MatchString(l) {
			return fmt.Errorf("%q: %q is no label: want 1 to 63 letters, digits, underscores and inner hyphens", host, l)
		}
	}
	return nil
}

func numeric(s string) bool { return strings.Trim(s, "0123456789") == "" }

func hostRule(v resource.PropertyValue) error { return checkHost(v.StringValue()) }
