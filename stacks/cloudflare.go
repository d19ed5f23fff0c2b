package stacks

import (
	"errors"
	"fmt"

	provider "github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components/cloudflare/access"
	"ai-worker/components/cloudflare/originlock"
	"ai-worker/components/cloudflare/record"
	"ai-worker/components/cloudflare/zone"
	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// cloudflareProgram is the stack <environment>-cloudflare.
var cloudflareProgram = program{
	after: []string{"gcp", "azure", "kubernetes"},
	check: func(s *config.Settings) error { return newNames(s).check() },
	run:   cloudflare,
}

func cloudflare(ctx *pulumi.Context, s *config.Settings) error {
	n := newNames(s)
	gcp, gcpFacts, err := contract.Import[contract.GCP](ctx, Name(s.Environment, "gcp"))
	if err != nil {
		return err
	}
	var azure *contract.Azure
	var azureFacts contract.Facts
	if s.Azure != nil {
		if azure, azureFacts, err = contract.Import[contract.Azure](ctx, Name(s.Environment, "azure")); err != nil {
			return err
		}
	}
	// The stack's own last state tells where each host is on its way.
	was, err := contract.Peek[contract.Cloudflare](ctx, ctx.Stack())
	if err != nil {
		return err
	}
	cluster, err := contract.Peek[contract.Kubernetes](ctx, Name(s.Environment, "kubernetes"))
	if err != nil {
		return err
	}
	if err := errors.Join(cutover(s, was, gcpFacts), n.apart(cluster.List("dnsNames"))); err != nil {
		return fmt.Errorf("settings of stack %s:\n%w", ctx.Stack(), err)
	}
	if err := contract.Ahead(ctx, n.served(azureFacts, Name(s.Environment, "azure"))...); err != nil {
		return err
	}
	p, err := provider.NewProvider(ctx, "cloudflare", &provider.ProviderArgs{
		Rps: pulumi.Int(4), // of 1,200 requests in five minutes, which external-dns shares
	})
	if err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	in := pulumi.Provider(p)
	settings, err := zone.New(ctx, "zone", n.zone, in)
	if err != nil {
		return err
	}
	n.fill(gcp, azure, azureFacts)
	kept := pulumi.StringMap{}
	for _, key := range sorted(n.records) {
		n.records[key].Adopted = was.Has("records", key)
		r, err := record.New(ctx, key, n.records[key], in)
		if err != nil {
			return err
		}
		kept[key] = r.RecordID.ToStringOutput()
	}
	out := &contract.Cloudflare{
		ZoneID: pulumi.String(s.DNS.ZoneID).ToStringOutput(), DS: settings.DS,
		Records: kept.ToStringMapOutput(), Stages: pulumi.ToStringMap(n.stages).ToStringMapOutput(), Owners: pulumi.ToStringMap(n.owners).ToStringMapOutput(),
	}
	none := pulumi.StringMap{}.ToStringMapOutput()
	out.Audiences, out.TokenIDs, out.TokenSecrets = none, none, none
	if n.access != nil {
		guard, err := access.New(ctx, "access", n.access, in)
		if err != nil {
			return err
		}
		out.Audiences, out.TokenIDs, out.TokenSecrets = guard.Audiences, guard.TokenIDs, guard.TokenSecrets
	}
	if n.lock != nil {
		if _, err := originlock.New(ctx, "origin", n.lock, in); err != nil {
			return err
		}
	}
	return contract.Export(ctx, out)
}
