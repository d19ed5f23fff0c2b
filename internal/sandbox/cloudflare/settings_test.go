package cloudflare

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSettingsKind(t *testing.T) {
	set := func(settings props) props { return props{"settings": settings} }
	judged(t, settingsType, props{"zoneId": zoneID}, map[string]verdict{
		"nothing":           {nil, ""},
		"strict":            {set(props{"ssl": "strict", "minTlsVersion": "1.2", "alwaysUseHttps": "on"}), ""},
		"ssl":               {set(props{"ssl": "full_strict"}), "settings.ssl"},
		"tls":               {set(props{"minTlsVersion": "1.4"}), "settings.minTlsVersion"},
		"https, a boolean":  {set(props{"alwaysUseHttps": true}), "want a string"},
		"https, true":       {set(props{"alwaysUseHttps": "true"}), "none of on, off"},
		"HSTS of two years": {set(props{"securityHeader": props{"enabled": true, "maxAge": 63072000}}), "securityHeader.maxAge"},
		"HSTS":              {set(props{"securityHeader": props{"enabled": true, "maxAge": 31536000}}), ""},
		"cache":             {set(props{"browserCacheTtl": 31}), "none of [0 30"},
		"two minima":        {set(props{"tls12Only": "on", "minTlsVersion": "1.2"}), "exclude each other"},
		"webp alone":        {set(props{"webp": "on"}), "only beside polish"},
		"nel":               {set(props{"nel": props{"enabled": true}}), "never sends it"},
		"unknown setting":   {set(props{"sll": "strict"}), "settings.sll: unknown property"},
	})
	id, got, err := registered(t, settingsType, props{"zoneId": zoneID}, set(props{"ssl": "strict"}))
	require.NoError(t, err)
	require.Equal(t, zoneID, id)
	require.Equal(t, "full", got["initialSettings"].([]any)[0].(props)["ssl"])

	webp := object(set(props{"polish": "off"}))
	require.ErrorContains(t, settingsUnderPlan(webp, object(props{"plan": "free"})), "cannot be set as it is read only")
	require.NoError(t, settingsUnderPlan(webp, object(props{"plan": "pro"})))
}

// keyPair is a certificate in PEM with its key.
func keyPair(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "edge"}, NotAfter: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}

func TestOriginPullsKinds(t *testing.T) {
	certificate, key := keyPair(t)
	_, other := keyPair(t)
	valid := props{"zoneId": zoneID, "type": "per-hostname", "certificate": certificate, "privateKey": key}
	judged(t, pullCertificateType, valid, map[string]verdict{
		"certificate": {nil, ""},
		"no PEM":      {props{"certificate": "x"}, "no certificate in PEM"},
		"other key":   {props{"privateKey": other}, "private key does not match"},
		"no key":      {props{"privateKey": nil}, "privateKey: missing"},
		"type":        {props{"type": "global"}, "none of per-zone"},
	})
	id, got, err := registered(t, pullCertificateType, valid)
	require.NoError(t, err)
	require.Equal(t, props{"expiresOn": "2040-01-01T00:00:00Z", "issuer": "CN=edge", "serialNumber": "7", "status": "active"},
		props{"expiresOn": got["expiresOn"], "issuer": got["issuer"], "serialNumber": got["serialNumber"], "status": got["status"]})

	judged(t, originPullsType, props{"zoneId": zoneID, "enabled": true}, map[string]verdict{
		"global":                   {nil, ""},
		"zone":                     {props{"authenticatedOriginPullsCertificate": id}, ""},
		"host":                     {props{"authenticatedOriginPullsCertificate": id, "hostname": "api.example.com"}, ""},
		"host without certificate": {props{"hostname": "api.example.com"}, "the whole zone's switch"},
		"not said":                 {props{"enabled": nil}, "enabled: missing"},
	})
	require.NoError(t, checkPullLevel(object(props{"hostname": "a.b"}), object(got)))
	require.ErrorContains(t, checkPullLevel(object(), object(got)), `want "per-zone"`)
}
