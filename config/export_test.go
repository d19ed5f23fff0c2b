package config

// Reasons are those of all rules.
func Reasons() []string {
	var reasons []string
	for _, r := range rules {
		reasons = append(reasons, r.reason)
	}
	return reasons
}
