// Package certificatemanager gives the sandbox the structure of the SDK package of the same name.
package certificatemanager

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/certificatemanager"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:certificatemanager/certificate:Certificate", certificatemanager.CertificateArgs{}, certificatemanager.Certificate{})
	sandbox.Describe("gcp:certificatemanager/certificateMap:CertificateMap",
		certificatemanager.CertificateMapResourceArgs{}, certificatemanager.CertificateMapResource{})
	sandbox.Describe("gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
		certificatemanager.CertificateMapEntryArgs{}, certificatemanager.CertificateMapEntry{})
	sandbox.Describe("gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
		certificatemanager.DnsAuthorizationArgs{}, certificatemanager.DnsAuthorization{})
}
