package stacks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/config"
	"ai-worker/stacks/contract"
)

const host = "api.dev.example.com"

// at are the settings with a host at a stage, and everything that a stage needs.
func at(stage string) *config.Settings {
	return &config.Settings{
		Environment: "dev", Domain: "dev.example.com", DNS: config.DNS{Hosts: map[string]config.Host{"api": {Stage: stage}}},
		Cloudflare: &config.Cloudflare{OriginCertificate: &config.OriginCertificate{}},
	}
}

// left are the facts of a stack that left the host at a stage.
func left(stage string) contract.Facts {
	if stage == "" {
		return nil
	}
	return contract.Facts{"stages": map[string]any{host: stage}}
}

// ready is what gcp hands on once the certificate is active, with the origin locked or not.
func ready(locked bool) contract.Facts {
	f := contract.Facts{
		"certificateRecords": map[string]any{host: "x.authorize.certificatemanager.goog"},
		"certificateStates":  map[string]any{host: "ACTIVE"}, "edgeLocked": []any{},
	}
	if locked {
		f["edgeLocked"] = []any{host}
	}
	return f
}

// TestCutover is every way from a stage to another: one step at a time, in either
// direction, and a new host from the beginning.
func TestCutover(t *testing.T) {
	for i, was := range append([]string{""}, config.Stages...) {
		from := i - 1
		for to, stage := range config.Stages {
			t.Run(fmt.Sprintf("%s to %s", was, stage), func(t *testing.T) {
				err := cutover(at(stage), left(was), ready(to >= config.StageAt("origin-locked")))
				switch {
				case was == "" && to > 0:
					require.EqualError(t, err, `ai-worker:dns.hosts.api.stage: "`+stage+`": a new host begins at "dns-only"`)
				case was != "" && (to > from+1 || to < from-1):
					require.ErrorContains(t, err, `the host is at "`+was+`", and moves one stage at a time: `)
					require.True(t, strings.HasSuffix(err.Error(), stage), "the way ends at the goal: %v", err)
				default:
					require.NoError(t, err)
				}
			})
		}
	}
	require.ErrorContains(t, cutover(at("authenticated"), left("strict"), ready(true)), "proxied, then origin-locked, then authenticated")
	require.ErrorContains(t, cutover(at("dns-only"), left("proxied"), ready(false)), "strict, then certificate-ready, then dns-only")
}

// TestCutoverNeeds: what a stage stands on is named when it is missing.
func TestCutoverNeeds(t *testing.T) {
	without := func(key string) contract.Facts {
		f := ready(false)
		f[key] = map[string]any{}
		return f
	}
	provisioning := ready(false)
	provisioning["certificateStates"] = map[string]any{host: "PROVISIONING"}
	bare := at("authenticated")
	bare.Cloudflare.OriginCertificate = nil
	for name, tc := range map[string]struct {
		settings *config.Settings
		was      string
		gcp      contract.Facts
		want     string
	}{
		"no gcp stack":         {at("certificate-ready"), "dns-only", nil, "stack dev-gcp was never brought up"},
		"no certificate":       {at("certificate-ready"), "dns-only", without("certificateRecords"), "stack dev-gcp has no certificate for the host"},
		"not active":           {at("strict"), "certificate-ready", provisioning, "the certificate is PROVISIONING as stack dev-gcp last saw it"},
		"not active any more":  {at("proxied"), "strict", provisioning, "the certificate is PROVISIONING"},
		"origin still locked":  {at("strict"), "proxied", ready(true), "stack dev-gcp still admits Cloudflare alone"},
		"origin not locked":    {at("authenticated"), "origin-locked", ready(false), "stack dev-gcp does not lock the origin"},
		"nothing to show":      {bare, "origin-locked", ready(true), "cloudflare.originCertificate is missing"},
		"first host, no stack": {at("dns-only"), "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := cutover(tc.settings, left(tc.was), tc.gcp)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.Len(t, strings.Split(err.Error(), "\n"), 1, "one reason, one message")
		})
	}
}
