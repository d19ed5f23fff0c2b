// Package record makes one DNS record in a zone at Cloudflare.
//
// Children of a component NAME:
//
//	NAME-record  cloudflare:index/record:Record  always
//
// What the provider lets through at a preview and the API refuses at an update is
// refused here, as far as it is known. Nothing is ever overwritten: a record that
// exists already is adopted by its id.
//
// A record is not protected, since it can be made again from the program and a
// change of its type replaces it; pulumi.Protect on the component hands down. The
// provider deletes the old record before it makes the one that replaces it: a
// CNAME cannot stand beside the A that it follows.
package record

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:cloudflare:Record"

// Record is the component; its tagged fields are its outputs.
type Record struct {
	pulumi.ResourceState

	Hostname pulumi.StringOutput `pulumi:"hostname"` // Hostname is the full name, known once the record exists.
	RecordID pulumi.IDOutput     `pulumi:"recordId"` // RecordID is Cloudflare's id of it.
}

// New registers the component and its child, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Record, error) {
	c := &Record{}
	build := func(child components.Child) error {
		var adopt []pulumi.ResourceOption
		if args.ImportID != "" && !args.Adopted {
			adopt = append(adopt, pulumi.Import(args.importID()))
		}
		record, err := cloudflare.NewRecord(ctx, child.Name("record"), args.Inputs(), child.Opts(adopt...))
		if err != nil {
			return fmt.Errorf("record: %w", err)
		}
		c.Hostname, c.RecordID = record.Hostname, record.ID()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// importID is the form that the provider imports by.
func (a *Args) importID() pulumi.IDInput {
	if zone, known := a.ZoneID.(pulumi.String); known {
		return pulumi.ID(string(zone) + "/" + a.ImportID)
	}
	return a.ZoneID.ToStringOutput().ApplyT(func(zone string) pulumi.ID {
		return pulumi.ID(zone + "/" + a.ImportID)
	}).(pulumi.IDOutput)
}

// Inputs are those of the provider's resource. TTL and proxied are always there:
// left out, the TTL would keep its old value and contradict a record that becomes
// proxied.
func (a *Args) Inputs() *cloudflare.RecordArgs {
	in := &cloudflare.RecordArgs{
		ZoneId:  a.ZoneID,
		Name:    pulumi.String(a.wireName()),
		Type:    pulumi.String(a.Type),
		Ttl:     pulumi.Int(max(a.TTL, automatic)),
		Proxied: pulumi.Bool(a.Proxied),
	}
	if a.Owner != "" {
		in.Comment = pulumi.String(a.Owner)
	}
	switch a.Type {
	case "CAA":
		in.Data = cloudflare.RecordDataArgs{
			Flags: pulumi.String(strconv.Itoa(a.CAA.Flags)), Tag: pulumi.String(a.CAA.Tag), Value: pulumi.String(a.CAA.Value),
		}
	case "SRV":
		in.Data = cloudflare.RecordDataArgs{
			Priority: pulumi.Int(a.SRV.Priority), Weight: pulumi.Int(a.SRV.Weight),
			Port: pulumi.Int(a.SRV.Port), Target: pulumi.String(a.SRV.Target),
		}
	case "TXT":
		in.Content = quoted(a.Content)
	case "MX":
		in.Content, in.Priority = a.Content, pulumi.Int(a.Priority)
	default:
		in.Content = a.Content
	}
	return in
}
