// Package certificate makes Google-managed TLS certificates that need no load
// balancer: Certificate Manager asks DNS whether a domain is ours. So they are
// issued before traffic comes, cover wildcards, and are renewed behind a proxy
// such as Cloudflare's, which a load balancer's own validation does not survive.
//
// Children of a Certificate called NAME:
//
//	NAME-map                   gcp:certificatemanager/certificateMap:CertificateMap            always; protected unless AllowDeletion
//	NAME-authorization-DOMAIN  gcp:certificatemanager/dnsAuthorization:DnsAuthorization        per domain; "*.x" shares that of "x"
//	NAME-certificate-HOST      gcp:certificatemanager/certificate:Certificate                  per entry of Hosts
//	NAME-entry-HOST            gcp:certificatemanager/certificateMapEntry:CertificateMapEntry  per entry of Hosts; protected unless AllowDeletion
//
// The cloud itself keeps a certificate while an entry serves it, and an
// authorization while a certificate uses it.
//
// A managed certificate cannot change its domains, and its successor serves
// nothing until it is issued. So each host has a certificate of its own: adding or
// taking away one leaves those of the others alone. There is no entry for other
// names: a handshake that asks for one of them fails.
//
// Whoever keeps the zone makes a CNAME of each of RecordNames to the same host's
// Records, and leaves it: renewal looks for it again. CAA records of the zone must
// admit pki.goog. Nothing waits for that, the provider does not either: an up ends
// with certificates in the state PROVISIONING, which may last an hour once the
// record is there (https://cloud.google.com/certificate-manager/docs/troubleshooting).
// A refresh brings States up to date.
package certificate

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/certificatemanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/gcp"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Certificate"

// Certificate is the component; its tagged fields are its outputs.
type Certificate struct {
	pulumi.ResourceState

	// Map is the certificate map's name, which a Gateway of GKE gives in its
	// annotation networking.gke.io/certmap.
	Map pulumi.StringOutput `pulumi:"map"`
	// MapID is the map as a target proxy names it,
	// "//certificatemanager.googleapis.com/projects/P/locations/global/certificateMaps/M".
	MapID pulumi.StringOutput `pulumi:"mapId"`
	// RecordNames are the names of the records that authorize, by host, without the
	// trailing dot. A wildcard has the same as the domain it is below.
	RecordNames pulumi.StringMapOutput `pulumi:"recordNames"`
	// Records are what these records, all CNAMEs, point to, by host, without the
	// trailing dot.
	Records pulumi.StringMapOutput `pulumi:"records"`
	// States are those of the certificates as last seen, by host: PROVISIONING,
	// FAILED or ACTIVE.
	States pulumi.StringMapOutput `pulumi:"states"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Certificate, error) {
	c := &Certificate{}
	build := func(child components.Child) error {
		certMap, err := certificatemanager.NewCertificateMapResource(ctx, child.Name("map"), &certificatemanager.CertificateMapResourceArgs{
			Project: pulumi.String(args.Project),
			Name:    pulumi.String(args.Name),
			Labels:  gcp.TextMap(args.Labels),
		}, child.Opts(pulumi.Protect(!args.AllowDeletion), newFirst))
		if err != nil {
			return fmt.Errorf("map: %w", err)
		}
		authorizations, err := args.authorize(ctx, child)
		if err != nil {
			return err
		}
		names, records, states := pulumi.StringMap{}, pulumi.StringMap{}, pulumi.StringMap{}
		for _, host := range args.Hosts {
			authorization := authorizations[domainOf(host)]
			certificate, err := args.serve(ctx, child, host, authorization, certMap)
			if err != nil {
				return err
			}
			record := authorization.DnsResourceRecords.Index(pulumi.Int(0))
			names[host], records[host] = undotted(record.Name()), undotted(record.Data())
			states[host] = certificate.Managed.State().Elem()
		}
		c.Map, c.MapID = certMap.Name, pulumi.Sprintf("//certificatemanager.googleapis.com/%s", certMap.ID())
		c.RecordNames, c.Records, c.States = names.ToStringMapOutput(), records.ToStringMapOutput(), states.ToStringMapOutput()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// newFirst keeps what serves until its successor stands. The provider asks for
// deletion first wherever a program chose the name, even if the name changes
// (pulumi-terraform-bridge, nameRequiresDeleteBeforeReplace).
var newFirst = pulumi.DeleteBeforeReplace(false)

// authorize makes the authorizations, by domain. That of a FIXED_RECORD has a
// record under a name that follows from the domain alone.
func (a *Args) authorize(ctx *pulumi.Context, child components.Child) (map[string]*certificatemanager.DnsAuthorization, error) {
	authorizations := map[string]*certificatemanager.DnsAuthorization{}
	for _, domain := range a.domains() {
		authorization, err := certificatemanager.NewDnsAuthorization(ctx, child.Name("authorization", domain), &certificatemanager.DnsAuthorizationArgs{
			Project:  pulumi.String(a.Project),
			Name:     pulumi.String(a.physicalName(domain)),
			Location: pulumi.String("global"),
			Domain:   pulumi.String(domain),
			Type:     pulumi.String("FIXED_RECORD"),
			Labels:   gcp.TextMap(a.Labels),
		}, child.Opts(newFirst))
		if err != nil {
			return nil, fmt.Errorf("authorization of %s: %w", domain, err)
		}
		authorizations[domain] = authorization
	}
	return authorizations, nil
}

// serve makes the certificate of a host and the entry that has it served.
func (a *Args) serve(
	ctx *pulumi.Context, child components.Child, host string,
	authorization *certificatemanager.DnsAuthorization, certMap *certificatemanager.CertificateMapResource,
) (*certificatemanager.Certificate, error) {
	certificate, err := certificatemanager.NewCertificate(ctx, child.Name("certificate", host), &certificatemanager.CertificateArgs{
		Project:  pulumi.String(a.Project),
		Name:     pulumi.String(a.physicalName(host)),
		Location: pulumi.String("global"),
		Scope:    pulumi.String("DEFAULT"),
		Managed: certificatemanager.CertificateManagedArgs{
			Domains:           pulumi.ToStringArray([]string{host}),
			DnsAuthorizations: pulumi.StringArray{authorization.ID()}, // the API refuses a bare name
		},
		Labels: gcp.TextMap(a.Labels),
	}, child.Opts(newFirst))
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", host, err)
	}
	_, err = certificatemanager.NewCertificateMapEntry(ctx, child.Name("entry", host), &certificatemanager.CertificateMapEntryArgs{
		Project:      pulumi.String(a.Project),
		Name:         pulumi.String(a.physicalName(host)),
		Map:          certMap.Name,
		Hostname:     pulumi.String(host),
		Certificates: pulumi.StringArray{certificate.ID()},
		Labels:       gcp.TextMap(a.Labels),
	}, child.Opts(pulumi.Protect(!a.AllowDeletion), newFirst))
	if err != nil {
		return nil, fmt.Errorf("entry of %s: %w", host, err)
	}
	return certificate, nil
}

// undotted is a name of DNS as Cloudflare and most people write it.
func undotted(name pulumi.StringPtrOutput) pulumi.StringOutput {
	return name.Elem().ApplyT(func(name string) string { return strings.TrimSuffix(name, ".") }).(pulumi.StringOutput)
}
