package gcp

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKMS(t *testing.T) {
	ring := props{"name": "main", "location": "asia-northeast1"}
	ringID, _, err := registered(t, keyRingType, ring)
	require.NoError(t, err)
	require.Equal(t, "projects/test-project/locations/asia-northeast1/keyRings/main", ringID)
	judged(t, keyRingType, ring, map[string]verdict{
		"name":     {props{"name": "a ring"}, `"a ring"`},
		"location": {props{"location": "Tokyo"}, "a location"},
	})

	key := props{"name": "sql", "keyRing": ringID, "rotationPeriod": "7776000s"}
	keyID, state, err := registered(t, cryptoKeyType, key)
	require.NoError(t, err)
	require.Equal(t, ringID+"/cryptoKeys/sql", keyID)
	require.Equal(t, "ENCRYPT_DECRYPT", state["purpose"])
	require.Equal(t, "2592000s", state["destroyScheduledDuration"])
	judged(t, cryptoKeyType, key, map[string]verdict{
		"ring":     {props{"keyRing": "main"}, `"main": want`},
		"rotation": {props{"rotationPeriod": "3600s"}, "not between 86400s"},
		"format":   {props{"rotationPeriod": "90d"}, "no duration"},
		"purpose":  {props{"purpose": "ENCRYPT"}, "is none of"},
		"signing":  {props{"purpose": "ASYMMETRIC_SIGN"}, "only a key with purpose ENCRYPT_DECRYPT"},
	})

	const memberType = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
	member := props{
		"cryptoKeyId": keyID, "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "member": "serviceAccount:a@p.iam.gserviceaccount.com",
	}
	_, _, err = registered(t, memberType, member)
	require.NoError(t, err)
	judged(t, memberType, member, map[string]verdict{
		"short id": {props{"cryptoKeyId": "p/asia-northeast1/main/sql"}, "want"},
	})
}
