package record

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"ai-worker/components"
)

// Key is a logical name for the record of a name in a zone and a type. Content is
// what tells several of one name and type apart, and empty where there is only
// ever one, as of a CNAME: the key then stays when the record points elsewhere.
//
// The same record always has the same key, whatever stands beside it. A key that
// told records apart only where there are several would change when a second one
// comes, and the first would be made anew beside itself, which the API refuses.
func Key(name, typ, content string) string {
	slug := strings.NewReplacer("@", "apex", "*", "any", "_", "", ".", "-").Replace(name)
	key := slug + "-" + strings.ToLower(typ)
	if content == "" && slug == name && components.IsName(key) {
		return key
	}
	if !components.IsName(key) {
		key = "name-" + strings.Trim(key, "-")
	}
	sum := sha256.Sum256([]byte(name + "\n" + typ + "\n" + content))
	return key + "-" + hex.EncodeToString(sum[:4])
}
