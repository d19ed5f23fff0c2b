// Package containerapp is one workload in a Container Apps environment: an app that
// runs all the time, or a job that runs when it is told to.
//
// Its children, by logical name:
//
//	<name>-app                  azure-native:app/v20240301:ContainerApp         unless it is a job
//	<name>-job                  azure-native:app/v20240301:Job                  if it is a job
//	<name>-certificate-<host>   azure-native:app/v20240301:ManagedCertificate   one a host without a certificate of its own
//
// Images are pulled and secrets are read with the workload's identity: there is no
// password anywhere. Metrics are Azure's own, and logs are the environment's.
//
// A host with a managed certificate goes through a circle: Azure issues the
// certificate only for a host that an app has, and an app serves the host only with a
// certificate that is there. So a host has stages, and each is one update:
//
//  1. Absent. The app is made; DNS gets the host as a CNAME of its FQDN, and the TXT
//     record "asuid.<host>".
//  2. Named: in Hosts. The app gets the host without a certificate, and then the
//     certificate is issued.
//  3. Bound: Bound is set. The app gets the certificate, by an id that is plain text, so
//     that it does not wait for the certificate, which waits for the app.
//
// A stage that is up changes nothing when it is applied again. A new app cannot begin
// at the third, and a host leaves by being taken out of Hosts.
//
// Azure deletes no certificate in use (CertificateInUse), and in a destroy it comes
// before its app. So a destroy is refused while a host is bound, unless AllowDeletion
// has let the certificate go with the app, and what is left of it with the environment.
package containerapp

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	app "github.com/pulumi/pulumi-azure-native-sdk/app/v2/v20240301"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:azure:ContainerApp"

// ContainerApp is the component; its tagged fields are its outputs.
type ContainerApp struct {
	pulumi.ResourceState

	// ID is the id of the app or job.
	ID pulumi.StringOutput `pulumi:"appId"`
	// Name is the name of the app or job.
	Name pulumi.StringOutput `pulumi:"app"`
	// FQDN is the host that Azure gives the app; empty without ingress.
	FQDN pulumi.StringOutput `pulumi:"fqdn"`
	// Certificates are the ids of the managed certificates, by host.
	Certificates pulumi.StringMapOutput `pulumi:"certificates"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*ContainerApp, error) {
	c := &ContainerApp{
		FQDN:         pulumi.String("").ToStringOutput(),
		Certificates: pulumi.StringMap{}.ToStringMapOutput(),
	}
	build := func(child components.Child) error {
		if args.Job != nil {
			made, err := app.NewJob(ctx, child.Name("job"), args.job(), child.Opts())
			if err != nil {
				return fmt.Errorf("job: %w", err)
			}
			c.ID, c.Name = made.ID().ToStringOutput(), made.Name
			return nil
		}
		made, err := app.NewContainerApp(ctx, child.Name("app"), args.app(), child.Opts())
		if err != nil {
			return fmt.Errorf("app: %w", err)
		}
		c.ID, c.Name = made.ID().ToStringOutput(), made.Name
		if args.Ingress == nil {
			return nil
		}
		c.FQDN = made.Configuration.Ingress().Fqdn().Elem()
		c.Certificates, err = args.certificates(ctx, child, made)
		return err
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) certificates(ctx *pulumi.Context, child components.Child, made *app.ContainerApp) (pulumi.StringMapOutput, error) {
	environment := a.Environment.ToStringOutput().ApplyT(path.Base).(pulumi.StringOutput)
	ids := pulumi.StringMap{}
	for _, key := range slices.Sorted(maps.Keys(a.Ingress.Hosts)) {
		host := a.Ingress.Hosts[key]
		if host.Certificate != nil {
			continue
		}
		options := []pulumi.ResourceOption{pulumi.DependsOn([]pulumi.Resource{made})}
		if a.AllowDeletion {
			options = append(options, pulumi.DeletedWith(made))
		}
		certificate, err := app.NewManagedCertificate(ctx, child.Name("certificate", key), &app.ManagedCertificateArgs{
			ResourceGroupName:      a.Place.GroupName,
			Location:               pulumi.String(a.Place.Location),
			EnvironmentName:        environment,
			ManagedCertificateName: pulumi.String(host.certificateName()),
			Properties: app.ManagedCertificatePropertiesArgs{
				SubjectName:             pulumi.String(host.Name),
				DomainControlValidation: pulumi.String("CNAME"),
			},
			Tags: a.Place.InputTags(),
		}, child.Opts(options...))
		if err != nil {
			return pulumi.StringMapOutput{}, fmt.Errorf("certificate %q: %w", key, err)
		}
		ids[key] = certificate.ID().ToStringOutput()
	}
	return ids.ToStringMapOutput(), nil
}

// certificateName follows the host, so that another host is another certificate:
// Azure does not change the subject of one that is there.
func (h Host) certificateName() string { return strings.ReplaceAll(h.Name, ".", "-") }
