package stacks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/config"
	"ai-worker/stacks/contract"
)

// hostsMayMove says whether hosts may be at the stages that the settings want: one
// from where the stack last left them, and named only when the records that prove
// them are there, as the stack cloudflare was last brought up.
func (d *azureDesign) hostsMayMove(ctx *pulumi.Context) error {
	hosts := d.settings.Azure.Hosts
	moved := false
	for _, h := range hosts {
		moved = moved || h.At() > 0
	}
	if !moved {
		return nil
	}
	was, err := contract.Peek[contract.Azure](ctx, ctx.Stack())
	if err != nil {
		return err
	}
	zone, err := contract.Peek[contract.Cloudflare](ctx, Name(d.settings.Environment, "cloudflare"))
	if err != nil {
		return err
	}
	var v validation
	for _, name := range sorted(hosts) {
		for _, missing := range d.hostMissing(name, was, zone) {
			v = append(v, fmt.Errorf("%s:azure.hosts.%s.stage: %q: %s", config.Project, name, config.AzureStages[hosts[name].At()], missing))
		}
	}
	return v.err()
}

// hostMissing is what a host's stage stands on and is not there. was is what the
// stack handed on when it was last brought up, zone what the stack cloudflare did;
// both are nil if never.
func (d *azureDesign) hostMissing(name string, was, zone contract.Facts) []string {
	host, to := d.settings.FullName(name), d.settings.Azure.Hosts[name].At()
	last := was.Text("hostStages", host)
	switch from := azureStage(last); {
	case last == "" && to > 0:
		return []string{fmt.Sprintf("a new host begins at %q", config.AzureStages[0])}
	case to > from+1:
		return []string{fmt.Sprintf("the host is at %q, and moves one stage at a time: %s", last,
			strings.Join(config.AzureStages[from+1:to+1], ", then "))}
	}
	var missing []string
	for _, record := range hostRecords(name) {
		if to > 0 && !zone.Has("records", record) {
			missing = append(missing, fmt.Sprintf("stack %s has no record %s: bring it up first, with the host at %q",
				Name(d.settings.Environment, "cloudflare"), record, config.AzureStages[0]))
		}
	}
	return missing
}
