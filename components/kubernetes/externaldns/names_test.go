package externaldns_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ai-worker/components/componentstest"
	"ai-worker/components/kubernetes/externaldns"
	"ai-worker/components/kubernetes/helm"
)

// Each name of the zone has one owner.
func TestNames(t *testing.T) {
	const zone = "ai-worker.example"
	for name, tc := range map[string]struct {
		zone            string
		domains, static []string
		want            string // want is empty where all is well
	}{
		"apart":                {zone, []string{"dev." + zone, "api." + zone}, []string{zone, "www." + zone, "*." + zone, "mydev." + zone, "ai-worker.other"}, ""},
		"a proof inside":       {zone, []string{"dev." + zone}, []string{"_acme-challenge.dev." + zone, "_acme-challenge.api.dev." + zone}, ""},
		"no zone":              {"", []string{"dev." + zone}, nil, `zone ""`},
		"a dot at the end":     {zone + ".", []string{"dev." + zone}, nil, `zone "ai-worker.example."`},
		"a top level":          {"example", []string{"dev.example"}, nil, `zone "example"`},
		"no domains":           {zone, nil, nil, "it would write in the whole zone"},
		"the whole zone":       {zone, []string{zone}, nil, `domains[0] "ai-worker.example": is the whole zone`},
		"another zone":         {zone, []string{"dev.example.com"}, nil, `domains[0] "dev.example.com": is not in the zone`},
		"nearly in the zone":   {zone, []string{"my" + zone}, nil, `domains[0] "myai-worker.example": is not in the zone`},
		"only a label":         {zone, []string{"dev"}, nil, `domains[0] "dev": want a full name`},
		"a wildcard":           {zone, []string{"*.dev." + zone}, nil, `domains[0] "*.dev.ai-worker.example": want a full name`},
		"capitals":             {zone, []string{"Dev." + zone}, nil, "want a full name"},
		"twice":                {zone, []string{"dev." + zone, "dev." + zone}, nil, `domains[1] "dev.ai-worker.example": is in domains[0]`},
		"nested":               {zone, []string{"a.dev." + zone, "dev." + zone}, nil, `domains[0] "a.dev.ai-worker.example": is in domains[1]`},
		"two owners":           {zone, []string{"dev." + zone}, []string{"dev." + zone}, `static[0] "dev.ai-worker.example": would have two owners`},
		"two owners below":     {zone, []string{"dev." + zone}, []string{"www." + zone, "db.dev." + zone}, `static[1] "db.dev.ai-worker.example": would have two owners`},
		"two owners, wildcard": {zone, []string{"dev." + zone}, []string{"*.dev." + zone}, "would have two owners"},
		"no record":            {zone, []string{"dev." + zone}, []string{"www"}, `static[0] "www": want the full name`},
	} {
		t.Run(name, func(t *testing.T) {
			args := valid()
			args.Zone, args.Domains, args.Static = tc.zone, tc.domains, tc.static
			if tc.want == "" {
				require.NoError(t, args.Validate())
				return
			}
			require.ErrorContains(t, args.Validate(), tc.want)
			all, err := componentstest.Run(t, program(args))
			require.ErrorContains(t, err, tc.want)
			require.Empty(t, all)
		})
	}
}

// A proof in a dynamic domain stays with who made it, and one outside is no matter.
func TestProofsAreLeftAlone(t *testing.T) {
	args := valid()
	args.Static = []string{"_acme-challenge.dev.ai-worker.example", "_dmarc.ai-worker.example"}
	require.Equal(t, []any{"_acme-challenge.dev.ai-worker.example"}, run(t, args).One(t, helm.ReleaseType).Get("values.excludeDomains"))
}

func TestDeploymentIsSelected(t *testing.T) {
	require.Equal(t, "external-dns-main-dev", externaldns.Deployment("main-dev"))
	require.Equal(t, map[string]string{"app.kubernetes.io/name": "external-dns", "app.kubernetes.io/instance": "external-dns"}, externaldns.PodLabels())
}
