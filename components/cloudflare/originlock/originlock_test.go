package originlock_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"ai-worker/components/cloudflare/originlock"
	"ai-worker/components/componentstest"
	_ "ai-worker/internal/sandbox/cloudflare"
)

const (
	pullsType       = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls"
	certificateType = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate"
	zoneID          = "0da42c8d2132a9ddaf714f9e7c920711"
)

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	return key
}

// certificateOf is one for a key, in PEM.
func certificateOf(key *ecdsa.PrivateKey, change func(*x509.Certificate)) pulumi.String {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(err)
	return encode("CERTIFICATE", der)
}

func pkcs8(key *ecdsa.PrivateKey) pulumi.String {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	return encode("PRIVATE KEY", der)
}

func sec1(key *ecdsa.PrivateKey) pulumi.String {
	der, err := x509.MarshalECPrivateKey(key)
	must(err)
	return encode("EC PRIVATE KEY", der)
}

func encode(typ string, der []byte) pulumi.String {
	return pulumi.String(pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: der}))
}

func must(err error) {
	if err != nil {
		panic(err) // a test's own mistake
	}
}

var (
	key       = newKey()
	leaf      = certificateOf(key, func(*x509.Certificate) {})
	renewed   = certificateOf(key, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(2) })
	authority = certificateOf(key, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
	server    = certificateOf(key, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
)

// valid is the smallest accepted Args of the strong kind; a test changes only what
// it is about.
func valid() *originlock.Args {
	return &originlock.Args{ZoneID: pulumi.String(zoneID), Certificate: &originlock.Certificate{Certificate: leaf, PrivateKey: pkcs8(key)}}
}

func perHost() *originlock.Args {
	args := valid()
	args.Hosts = []string{"api.example.com", "app.example.com"}
	return args
}

func shared() *originlock.Args {
	return &originlock.Args{ZoneID: pulumi.String(zoneID), AllowSharedCertificate: true}
}

var (
	program = componentstest.Program(originlock.New, "main")
	run     = componentstest.Runner(program)
)

func TestChildren(t *testing.T) {
	for name, tc := range map[string]struct {
		args *originlock.Args
		want []string
	}{
		"shared": {shared(), []string{pullsType + " main-pulls"}},
		"zone":   {valid(), []string{pullsType + " main-pulls", certificateType + " main-certificate"}},
		"hosts":  {perHost(), []string{pullsType + " main-pulls-api.example.com", pullsType + " main-pulls-app.example.com", certificateType + " main-certificate"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, componentstest.Tree(t, run(t, tc.args), originlock.TypeToken))
		})
	}
}

func TestPulls(t *testing.T) {
	require.Equal(t, map[string]any{"zoneId": zoneID, "enabled": true}, run(t, shared()).One(t, pullsType).Inputs.Mappable())

	all := run(t, valid())
	certificate := all.One(t, certificateType)
	require.Equal(t, "per-zone", certificate.Get("type"))
	require.Contains(t, certificate.Secrets, "privateKey")
	require.Equal(t, map[string]any{"zoneId": zoneID, "enabled": true, "authenticatedOriginPullsCertificate": certificate.ID},
		all.One(t, pullsType).Inputs.Mappable())

	all = run(t, perHost())
	certificate = all.One(t, certificateType)
	require.Equal(t, "per-hostname", certificate.Get("type"))
	require.Equal(t, map[string]any{
		"zoneId": zoneID, "enabled": true, "hostname": "api.example.com", "authenticatedOriginPullsCertificate": certificate.ID,
	}, all.One(t, pullsType, "main-pulls-api.example.com").Inputs.Mappable())
}

func TestOutputs(t *testing.T) {
	require.Equal(t, map[string]any{"certificateId": "", "expiresOn": ""}, componentstest.Outputs(t, originlock.New, shared()))
	require.NotEmpty(t, componentstest.Outputs(t, originlock.New, valid())["certificateId"])
}

func TestEveryInputMatters(t *testing.T) {
	componentstest.NoDeadInput(t, perHost, program, componentstest.Vary{
		Values: map[string]any{
			"ZoneID": pulumi.String("372e67954025e0ba6aaa6d586b9e0b59"), "Hosts[0]": "www.example.com",
			"Certificate.Certificate": renewed, "Certificate.PrivateKey": sec1(key), // the same key, written in another form
		},
		Exempt: map[string]string{"AllowSharedCertificate": "excluded by a certificate; TestChildren"},
	})
}

func TestRefusals(t *testing.T) {
	certificate := func(certificate, private pulumi.StringInput) func(*originlock.Args) {
		return func(a *originlock.Args) {
			a.Certificate = &originlock.Certificate{Certificate: certificate, PrivateKey: private}
		}
	}
	componentstest.Refusals(t, valid, program, map[string]componentstest.Refusal[originlock.Args]{
		"no zone id":       {func(a *originlock.Args) { a.ZoneID = nil }, "zoneId is required"},
		"neither":          {func(a *originlock.Args) { a.Certificate = nil }, "want the zone's own, or allowSharedCertificate"},
		"both":             {func(a *originlock.Args) { a.AllowSharedCertificate = true }, "and not both"},
		"hosts, shared":    {func(a *originlock.Args) { *a = *shared(); a.Hosts = []string{"api.example.com"} }, "hosts: need a certificate"},
		"host":             {func(a *originlock.Args) { a.Hosts = []string{"*.example.com"} }, `hosts[0] "*.example.com"`},
		"no certificate":   {certificate(nil, pkcs8(key)), "certificate.certificate is required"},
		"no key":           {certificate(leaf, nil), "certificate.privateKey is required"},
		"certificate, key": {certificate(pkcs8(key), pkcs8(key)), "-----BEGIN CERTIFICATE-----"},
		"certificate, DER": {certificate(encode("CERTIFICATE", []byte("x")), pkcs8(key)), "certificate.certificate: x509"},
		"an authority's":   {certificate(authority, pkcs8(key)), "is an authority's own"},
		"a server's":       {certificate(server, pkcs8(key)), "is not for clients"},
		"another's key":    {certificate(leaf, pkcs8(newKey())), "is not the certificate's key"},
	})
}

// Every problem is in the one error, and no key ever.
func TestAllProblemsAtOnce(t *testing.T) {
	args := &originlock.Args{Hosts: []string{"api"}, AllowSharedCertificate: true, Certificate: &originlock.Certificate{Certificate: leaf, PrivateKey: pkcs8(newKey())}}
	componentstest.ReportsAll(t, args, "zoneId", "hosts[0]", "not both", "privateKey")
	require.NotContains(t, args.Validate().Error(), "PRIVATE")
}
