package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKMS(t *testing.T) {
	ring := map[string]any{"name": "main", "location": "asia-northeast1"}
	ringID, _, err := registered(t, keyRingType, ring)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/asia-northeast1/keyRings/main", ringID)
	refused(t, keyRingType, ring, map[string]refusal{
		"name":     {map[string]any{"name": "a ring"}, `"a ring"`},
		"location": {map[string]any{"location": "Tokyo"}, "a location"},
	})

	key := map[string]any{"name": "sql", "keyRing": ringID, "rotationPeriod": "7776000s"}
	keyID, state, err := registered(t, cryptoKeyType, key)
	require.NoError(t, err)
	require.Equal(t, ringID+"/cryptoKeys/sql", keyID)
	require.Equal(t, "ENCRYPT_DECRYPT", state["purpose"])
	require.Equal(t, "2592000s", state["destroyScheduledDuration"])
	refused(t, cryptoKeyType, key, map[string]refusal{
		"ring":     {map[string]any{"keyRing": "main"}, `"main": want`},
		"rotation": {map[string]any{"rotationPeriod": "3600s"}, "not between 86400s"},
		"format":   {map[string]any{"rotationPeriod": "90d"}, "no duration"},
		"purpose":  {map[string]any{"purpose": "ENCRYPT"}, "is none of"},
		"signing":  {map[string]any{"purpose": "ASYMMETRIC_SIGN"}, "only a key with purpose ENCRYPT_DECRYPT"},
	})

	const memberType = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
	member := map[string]any{
		"cryptoKeyId": keyID, "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "member": "serviceAccount:a@p.iam.gserviceaccount.com",
	}
	_, _, err = registered(t, memberType, member)
	require.NoError(t, err)
	refused(t, memberType, member, map[string]refusal{
		"short id": {map[string]any{"cryptoKeyId": "p/asia-northeast1/main/sql"}, "want"},
	})
}
