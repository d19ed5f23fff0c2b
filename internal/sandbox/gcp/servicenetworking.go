package gcp

import (
	"ai-worker/internal/sandbox"
)

// servicenetworkingKinds. Deletion policy ABANDON leaves the peering to be
// deleted with its network; the sandbox deletes it at once.
func servicenetworkingKinds() []*sandbox.Kind {
	return []*sandbox.Kind{{
		Type:     "gcp:servicenetworking/connection:Connection",
		ID:       "{network}:{service}",
		Fill:     func(o *sandbox.Object) { o.Set("peering", "servicenetworking-googleapis-com") },
		Replace:  []string{"network", "service"},
		Required: []string{"reservedPeeringRanges"},
		Rules: map[string]sandbox.Rule{
			"service":                 sandbox.OneOf("servicenetworking.googleapis.com"),
			"deletionPolicy":          sandbox.OneOf("ABANDON", ""),
			"reservedPeeringRanges":   sandbox.Items(1, 100),
			"reservedPeeringRanges[]": computeName, // by name, not by link
		},
		Refs: map[string]sandbox.Ref{
			"network":                 sandbox.Holds(networkType),
			"reservedPeeringRanges[]": sandbox.Holds(globalAddressType),
		},
	}}
}
