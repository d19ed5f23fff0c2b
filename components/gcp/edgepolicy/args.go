package edgepolicy

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// Args configures an EdgePolicy. The zero value of an option is the strong choice.
type Args struct {
	Project string // Project owns the policy. Required.
	// Name is the policy's: at most 63 lower-case letters, digits and inner hyphens,
	// a letter first. It cannot change while a backend uses the policy. Required.
	Name string
	// Edge is whose ranges Sources are, such as "Cloudflare", at most 30 characters.
	// Descriptions say it. Required.
	Edge string
	// Sources are the ranges that are admitted, IPv4 and IPv6. In this order they
	// fill rules of ten: add new ones at the end. The provider changes rule after
	// rule, and a range that moves from one to another is refused in between.
	Sources []string
	// Open admits everybody, for a policy that is attached before it bites. A rule
	// in preview then marks in the logs whom the closed policy would refuse.
	Open bool
	// RateLimit, if given, bounds what one client may send through the edge.
	RateLimit *RateLimit
	// AdaptiveProtection learns what traffic is usual and reports attacks. Beyond a
	// basic alert it costs a subscription to Cloud Armor Enterprise.
	AdaptiveProtection bool
}

// RateLimit answers a client with 429 while it sends more than it may. Each rule
// of ten ranges counts for itself.
type RateLimit struct {
	Requests int // Requests that are let through in each interval, 1 to 10,000.
	// Seconds of the interval: one of 10, 30, 60, 120, 180, 240, 270, 300, 600, 900,
	// 1200, 1800, 2700, 3600.
	Seconds int
	// ClientHeader is the header in which the edge names the client, such as
	// "CF-Connecting-IP": the addresses that requests come from are the edge's own.
	// Required.
	ClientHeader string
}

var (
	edgeShape   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 .-]{0,28}[A-Za-z0-9])?$`)
	headerShape = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

	// https://cloud.google.com/armor/docs/rate-limiting-overview
	intervals = []int{10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600}
)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(gcp.IsProjectID(a.Project), "project %q: want the id of a project", a.Project)
	p.Want(gcp.IsResourceName(a.Name), "name %q: want at most 63 lower-case letters, digits and inner hyphens, a letter first", a.Name)
	p.Want(edgeShape.MatchString(a.Edge), `edge %q: want whose ranges they are in at most 30 characters, such as "Cloudflare"`, a.Edge)
	p.Want(len(a.Sources) > 0, "sources: want at least one range")
	for i, source := range a.Sources {
		checkSource(&p, fmt.Sprintf("sources[%d]", i), source)
	}
	p.Distinct("sources", a.Sources)
	if r := a.RateLimit; r != nil {
		p.Want(r.Requests >= 1 && r.Requests <= 10_000, "rateLimit.requests %d: want 1 to 10000", r.Requests)
		p.Want(slices.Contains(intervals, r.Seconds), "rateLimit.seconds %d: want one of %v", r.Seconds, intervals)
		p.Want(headerShape.MatchString(r.ClientHeader), `rateLimit.clientHeader %q: want a header such as "CF-Connecting-IP"`, r.ClientHeader)
	}
	return p.Err()
}

// checkSource wants a range as the API keeps it, and not everybody.
func checkSource(p *components.Problems, field, source string) {
	prefix, err := netip.ParsePrefix(source)
	if err != nil {
		p.Want(false, `%s %q: want a range such as "198.51.100.0/24"`, field, source)
		return
	}
	p.Want(prefix.Bits() > 0, "%s %q: is everybody; that is open", field, source)
	p.Want(prefix.Masked().String() == source, "%s %q: want %s", field, source, prefix.Masked())
}
