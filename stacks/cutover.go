package stacks

import (
	"fmt"
	"slices"
	"strings"

	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// cutover says whether hosts may move to the stages that the settings want: one at
// a time from where the stack last left them, and only when what a stage stands on
// is there. It reports everything that is missing. was is what the stack handed on
// when it was last brought up, gcp what that stack did; both are nil if never.
func cutover(s *config.Settings, was, gcp contract.Facts) error {
	var v validation
	for _, name := range sorted(s.DNS.Hosts) {
		host, to := s.FullName(name), s.DNS.Hosts[name].At()
		refuse := func(format string, args ...any) {
			v = append(v, fmt.Errorf("%s:dns.hosts.%s.stage: %q: %s", config.Project, name, config.Stages[to], fmt.Sprintf(format, args...)))
		}
		last := was.Text("stages", host)
		switch from := config.StageAt(last); {
		case last == "" && to > 0:
			refuse("a new host begins at %q", config.Stages[0])
		case last != "" && (to > from+1 || to < from-1):
			refuse("the host is at %q, and moves one stage at a time: %s", last, strings.Join(between(from, to), ", then "))
		default:
			for _, missing := range missing(s, config.Stages[to], host, gcp) {
				refuse("%s", missing)
			}
		}
	}
	return v.err()
}

// between are the stages on the way from one to another, the goal included.
func between(from, to int) []string {
	if from < to {
		return config.Stages[from+1 : to+1]
	}
	way := slices.Clone(config.Stages[to:from])
	slices.Reverse(way)
	return way
}

// missing says what a stage stands on and is not there.
func missing(s *config.Settings, stage, host string, gcp contract.Facts) []string {
	at, stack := config.StageAt(stage), Name(s.Environment, "gcp")
	var all []string
	want := func(ok bool, format string, args ...any) {
		if !ok {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	if gcp == nil {
		want(at == 0, "stack %s was never brought up, and has no certificate for the host", stack)
		return all
	}
	if at >= config.StageAt("certificate-ready") {
		want(gcp.Text("certificateRecords", host) != "", "stack %s has no certificate for the host: bring it up first", stack)
	}
	if at >= config.StageAt("strict") {
		state := gcp.Text("certificateStates", host)
		want(state == "ACTIVE", "the certificate is %s as stack %s last saw it, and Cloudflare would refuse the origin: wait, up to an hour after "+
			"the record is there; then `infra refresh %s --provider gcp` and `infra up %s --provider gcp` at the stage before",
			state, stack, s.Environment, s.Environment)
	}
	if at < config.StageAt("proxied") {
		want(!gcp.Lists("edgeLocked", host), "stack %s still admits Cloudflare alone, and visitors would come past it: bring that stack up first", stack)
	}
	if at >= config.StageAt("authenticated") { // that the origin is locked by then shows only one stage later
		want(gcp.Lists("edgeLocked", host), "stack %s does not lock the origin: bring it up first", stack)
		c := s.Cloudflare.OriginCertificate
		want(c != nil, "cloudflare.originCertificate is missing: there is nothing to authenticate with")
	}
	return all
}

// reached says whether any host is at a stage or beyond.
func reached(s *config.Settings, stage string) bool {
	for _, host := range s.DNS.Hosts {
		if host.At() >= config.StageAt(stage) {
			return true
		}
	}
	return false
}
