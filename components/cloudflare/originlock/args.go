package originlock

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/cloudflare"
)

// Args configures an OriginLock. Want either a Certificate or
// AllowSharedCertificate.
type Args struct {
	ZoneID pulumi.StringInput // ZoneID is the zone's id, 32 hexadecimal digits. Required.
	// Hosts are the full names of the proxied hosts whose origins are shown the
	// certificate; empty means all of the zone. They need a Certificate: with the
	// shared one the provider would take the whole zone, and say nothing.
	Hosts []string
	// Certificate is the zone's own, which nobody else's zone can show.
	Certificate *Certificate
	// AllowSharedCertificate shows the one that all zones at Cloudflare share. It
	// proves that a request comes through Cloudflare, not through whose account:
	// anybody can proxy a host of his own to the origin's address.
	AllowSharedCertificate bool
}

// Certificate is a client certificate, signed by an authority that the origin trusts.
type Certificate struct {
	Certificate pulumi.StringInput // Certificate in PEM; a leaf, not an authority's own. Required.
	PrivateKey  pulumi.StringInput // PrivateKey in PEM. It is kept as a secret. Required.
}

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	cloudflare.CheckZoneID(&p, "zoneId", a.ZoneID)
	cloudflare.CheckHosts(&p, "hosts", a.Hosts, false)
	p.Want((a.Certificate != nil) != a.AllowSharedCertificate,
		"certificate: want the zone's own, or allowSharedCertificate, and not both")
	p.Want(len(a.Hosts) == 0 || a.Certificate != nil, "hosts: need a certificate; the shared one is shown for the whole zone")
	if a.Certificate != nil {
		a.Certificate.check(&p)
	}
	return p.Err()
}

// check looks at what is known; the provider looks at neither. Messages never hold
// the key.
func (c *Certificate) check(p *components.Problems) {
	p.Want(c.Certificate != nil, "certificate.certificate is required")
	p.Want(c.PrivateKey != nil, "certificate.privateKey is required")
	text, known := cloudflare.Known(c.Certificate)
	if !known {
		return
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		p.Want(false, "certificate.certificate: want PEM that begins with -----BEGIN CERTIFICATE-----")
		return
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		p.Want(false, "certificate.certificate: %v", err)
		return
	}
	p.Want(!leaf.IsCA, "certificate.certificate: is an authority's own, want one that it signed")
	p.Want(len(leaf.ExtKeyUsage) == 0 || slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageClientAuth),
		"certificate.certificate: is not for clients: want the extended key usage clientAuth")
	if key, known := cloudflare.Known(c.PrivateKey); known {
		_, err := tls.X509KeyPair([]byte(text), []byte(key))
		p.Want(err == nil, "certificate.privateKey: is not the certificate's key in PEM")
	}
}
