// Package zone hardens a zone that exists at Cloudflare: its TLS settings, DNSSEC
// and who may issue certificates. It never makes or deletes the zone.
//
// Children of a component NAME:
//
//	NAME-settings                 cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride  always; protected unless AllowDeletion
//	NAME-dnssec                   cloudflare:index/zoneDnssec:ZoneDnssec                      unless DisableDNSSEC; protected unless AllowDeletion
//	NAME-caa-issue-AUTHORITY      cloudflare:index/record:Record                              per authority unless CAA.Disabled
//	NAME-caa-issuewild-AUTHORITY  cloudflare:index/record:Record                              per authority unless CAA.Disabled
//	NAME-caa-iodef                cloudflare:index/record:Record                              with CAA.Iodef
//
// A zone takes one component only: each reverts the settings, when it is destroyed,
// to those that it found. The settings touched are those that every plan may edit;
// an update fails on one that the plan may not.
//
// DNSSEC validates once the output DS is at the registrar; until then its status
// is pending.
package zone

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:cloudflare:Zone"

// Zone is the component; its tagged fields are its outputs.
type Zone struct {
	pulumi.ResourceState

	// DS is the record for the registrar, empty with DisableDNSSEC.
	DS pulumi.StringOutput `pulumi:"ds"`
	// DNSSECStatus is active, pending until the registrar has the DS, or disabled.
	DNSSECStatus pulumi.StringOutput `pulumi:"dnssecStatus"`
	SSL          pulumi.StringOutput `pulumi:"ssl"` // SSL is the mode, known once it is set.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Zone, error) {
	c := &Zone{}
	build := func(child components.Child) error {
		protect := pulumi.Protect(!args.AllowDeletion)
		settings, err := cloudflare.NewZoneSettingsOverride(ctx, child.Name("settings"), &cloudflare.ZoneSettingsOverrideArgs{
			ZoneId: args.ZoneID, Settings: args.settings(),
		}, child.Opts(protect))
		if err != nil {
			return fmt.Errorf("settings: %w", err)
		}
		c.SSL = settings.Settings.Ssl().Elem()
		c.DS, c.DNSSECStatus = pulumi.String("").ToStringOutput(), pulumi.String("disabled").ToStringOutput()
		if !args.DisableDNSSEC {
			dnssec, err := cloudflare.NewZoneDnssec(ctx, child.Name("dnssec"), &cloudflare.ZoneDnssecArgs{ZoneId: args.ZoneID}, child.Opts(protect))
			if err != nil {
				return fmt.Errorf("dnssec: %w", err)
			}
			c.DS, c.DNSSECStatus = dnssec.Ds, dnssec.Status
		}
		records := args.caa()
		for _, key := range slices.Sorted(maps.Keys(records)) {
			if _, err := cloudflare.NewRecord(ctx, child.Name("caa", key), records[key].Inputs(), child.Opts()); err != nil {
				return fmt.Errorf("caa %s: %w", key, err)
			}
		}
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// settings spells out also what is off: a setting left out later keeps its value,
// with no change to see.
func (a *Args) settings() cloudflare.ZoneSettingsOverrideSettingsArgs {
	on, off := pulumi.String("on"), pulumi.String("off")
	browserCheck := on
	if a.DisableBrowserCheck {
		browserCheck = off
	}
	return cloudflare.ZoneSettingsOverrideSettingsArgs{
		Ssl:                     pulumi.String(cmp.Or(a.SSL, "strict")),
		SslAutomaticMode:        pulumi.String("custom"), // Cloudflare would choose the mode itself
		MinTlsVersion:           pulumi.String(cmp.Or(a.MinTLS, "1.2")),
		Tls13:                   on,
		ZeroRtt:                 off, // early data can be replayed: RFC 8446, appendix E.5
		AlwaysUseHttps:          on,
		AutomaticHttpsRewrites:  on,
		OpportunisticEncryption: on,
		BrowserCheck:            browserCheck,
		SecurityHeader:          a.securityHeader(),
	}
}

func (a *Args) securityHeader() cloudflare.ZoneSettingsOverrideSettingsSecurityHeaderArgs {
	hsts := HSTS{}
	if a.HSTS != nil {
		hsts = *a.HSTS
	}
	return cloudflare.ZoneSettingsOverrideSettingsSecurityHeaderArgs{
		Enabled:           pulumi.Bool(a.HSTS != nil),
		MaxAge:            pulumi.Int(hsts.MaxAgeDays * day),
		IncludeSubdomains: pulumi.Bool(hsts.IncludeSubdomains),
		Preload:           pulumi.Bool(hsts.Preload),
		Nosniff:           pulumi.Bool(true),
	}
}
