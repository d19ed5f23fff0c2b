package cloudflare

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"time"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"

	"ai-worker/internal/sandbox"
)

const (
	originPullsType     = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls"
	pullCertificateType = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate"
)

func init() {
	sandbox.Describe(originPullsType, provider.AuthenticatedOriginPullsArgs{}, provider.AuthenticatedOriginPulls{})
	sandbox.Describe(pullCertificateType, provider.AuthenticatedOriginPullsCertificateArgs{}, provider.AuthenticatedOriginPullsCertificate{})
}

// originPullsKinds: Cloudflare shows the origin a certificate of its own, global
// to all zones, of the zone, or of a host.
func originPullsKinds() []*sandbox.Kind {
	const certificate = "authenticatedOriginPullsCertificate"
	return []*sandbox.Kind{
		{
			Type:    originPullsType,
			ID:      opaque,
			Replace: []string{"zoneId"},
			Rules:   map[string]sandbox.Rule{"zoneId": hexID, "hostname": hostRule, certificate: hexOrUUID},
			Checks: []sandbox.Check{sandbox.Refuse(func(o *sandbox.Object) bool { return o.Has("hostname") && !o.Has(certificate) },
				"hostname: without a certificate of its own the provider takes it for the whole zone's switch")},
			Refs:    map[string]sandbox.Ref{"zoneId": sandbox.Within(zoneType), certificate: sandbox.Holds(pullCertificateType)},
			Imports: "{zoneId}/{" + certificate + "}/{hostname}|{zoneId}/{" + certificate + "}|{zoneId}",
			Beside:  func(o *sandbox.Object, _ []*sandbox.Object) error { return checkPullLevel(o, o.Ref(certificate)) },
			// two of one level and zone are one object, over which the provider lets them fight
			Fill: func(o *sandbox.Object) {
				o.Default("id", hex32("originPulls", o.Str("zoneId"), o.Str(certificate), o.Str("hostname")))
			},
		},
		{
			Type:     pullCertificateType,
			ID:       opaque,
			Imports:  "{zoneId}/{type}/{id}",
			Replace:  []string{"zoneId", "certificate", "privateKey", "type"},
			Required: []string{"certificate", "privateKey"},
			Rules:    map[string]sandbox.Rule{"zoneId": hexID, "type": sandbox.OneOf("per-zone", "per-hostname")},
			Checks:   []sandbox.Check{checkKeyPair},
			Refs:     map[string]sandbox.Ref{"zoneId": sandbox.Within(zoneType)},
			Fill:     fillPullCertificate,
		},
	}
}

var hexOrUUID = sandbox.Match(`^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, "the id of a certificate")

// checkKeyPair: the provider parses nothing, and the API refuses.
func checkKeyPair(o *sandbox.Object) error {
	if !o.Known("certificate") || !o.Known("privateKey") {
		return nil
	}
	if _, err := tls.X509KeyPair([]byte(o.Str("certificate")), []byte(o.Str("privateKey"))); err != nil {
		return problem("certificate", "no certificate in PEM with its private key: %s", err)
	}
	return nil
}

func fillPullCertificate(o *sandbox.Object) {
	o.Default("id", hex32("certificate", o.Str("zoneId"), o.Str("type"), o.Str("certificate")))
	o.Default("status", "active")
	o.Default("uploadedOn", made)
	block, _ := pem.Decode([]byte(o.Str("certificate")))
	if block == nil {
		return // checkKeyPair has told
	}
	if leaf, err := x509.ParseCertificate(block.Bytes); err == nil {
		o.Set("issuer", leaf.Issuer.String())
		o.Set("signature", leaf.SignatureAlgorithm.String())
		o.Set("expiresOn", leaf.NotAfter.UTC().Format(time.RFC3339))
		if o.Str("type") == "per-hostname" { // the provider fills it only there
			o.Set("serialNumber", leaf.SerialNumber.String())
		}
	}
}

// checkPullLevel wants a certificate of the level that it is used for.
func checkPullLevel(o, certificate *sandbox.Object) error {
	level := "per-zone"
	if o.Has("hostname") {
		level = "per-hostname"
	}
	if certificate != nil && certificate.Str("type") != level {
		return problem("authenticatedOriginPullsCertificate", "a certificate of type %q; want %q", certificate.Str("type"), level)
	}
	return nil
}
