// Package originlock has Cloudflare show a client certificate to the origins of
// proxied hosts (authenticated origin pulls), so that they can refuse everybody
// else. It locks nothing until the origin demands the certificate, and shows none
// while the zone's SSL mode is off or flexible.
//
// Children of a component NAME:
//
//	NAME-certificate  cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate  with Certificate
//	NAME-pulls        cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls                        without Hosts
//	NAME-pulls-HOST   cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls                        per entry of Hosts
//
// A zone takes one component without Hosts of each kind: two share one switch, and
// the destruction of either turns it off. Another certificate is uploaded and in use
// before the old one goes; the origin must trust both until then.
package originlock

import (
	"fmt"

	"github.com/pulumi/pulumi-cloudflare/sdk/v5/go/cloudflare"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:cloudflare:OriginLock"

// OriginLock is the component; its tagged fields are its outputs.
type OriginLock struct {
	pulumi.ResourceState

	// CertificateID is Cloudflare's id of the certificate, empty for the shared one.
	CertificateID pulumi.StringOutput `pulumi:"certificateId"`
	// ExpiresOn is when the certificate ends, RFC 3339, empty for the shared one,
	// which Cloudflare renews.
	ExpiresOn pulumi.StringOutput `pulumi:"expiresOn"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*OriginLock, error) {
	c := &OriginLock{}
	build := func(child components.Child) error {
		pulls := func(name string, host pulumi.StringPtrInput, certificate pulumi.StringPtrInput) error {
			_, err := cloudflare.NewAuthenticatedOriginPulls(ctx, name, &cloudflare.AuthenticatedOriginPullsArgs{
				ZoneId: args.ZoneID, Enabled: pulumi.Bool(true), Hostname: host, AuthenticatedOriginPullsCertificate: certificate,
			}, child.Opts())
			return err
		}
		if args.Certificate == nil {
			c.CertificateID, c.ExpiresOn = pulumi.String("").ToStringOutput(), pulumi.String("").ToStringOutput()
			return pulls(child.Name("pulls"), nil, nil)
		}
		certificate, err := cloudflare.NewAuthenticatedOriginPullsCertificate(ctx, child.Name("certificate"), args.certificate(), child.Opts())
		if err != nil {
			return fmt.Errorf("certificate: %w", err)
		}
		c.CertificateID, c.ExpiresOn = certificate.ID().ToStringOutput(), certificate.ExpiresOn
		if len(args.Hosts) == 0 {
			return pulls(child.Name("pulls"), nil, c.CertificateID)
		}
		for _, host := range args.Hosts {
			if err := pulls(child.Name("pulls", host), pulumi.String(host), c.CertificateID); err != nil {
				return fmt.Errorf("pulls of %s: %w", host, err)
			}
		}
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) certificate() *cloudflare.AuthenticatedOriginPullsCertificateArgs {
	scope := "per-zone"
	if len(a.Hosts) > 0 {
		scope = "per-hostname"
	}
	return &cloudflare.AuthenticatedOriginPullsCertificateArgs{
		ZoneId: a.ZoneID, Type: pulumi.String(scope), Certificate: a.Certificate.Certificate, PrivateKey: a.Certificate.PrivateKey,
	}
}
