// Package kms gives the sandbox the structure of the SDK package of the same name.
package kms

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/kms"

	"ai-worker/internal/sandbox"
)

func init() {
	sandbox.Describe("gcp:kms/cryptoKey:CryptoKey", kms.CryptoKeyArgs{}, kms.CryptoKey{})
	sandbox.Describe("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", kms.CryptoKeyIAMMemberArgs{}, kms.CryptoKeyIAMMember{})
	sandbox.Describe("gcp:kms/keyRing:KeyRing", kms.KeyRingArgs{}, kms.KeyRing{})
}
