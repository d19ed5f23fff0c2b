// Package secret is a secret of Secret Manager: the container, and who may read
// it or add to it. Values never pass through Pulumi, so that none is ever in its
// state; an operator or a job adds them (gcloud secrets versions add).
//
// Its children, by logical name:
//
//	<name>-secret                gcp:secretmanager/secret:Secret                     always
//	<name>-accessor-<workload>   gcp:secretmanager/secretIamMember:SecretIamMember   one an accessor
//	<name>-adder-<workload>      gcp:secretmanager/secretIamMember:SecretIamMember   one an adder
//
// The secret is protected: deleting it, or making it anew in other locations,
// loses its values for good.
package secret

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/secretmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Secret"

// Secret is the component; its tagged fields are its outputs.
type Secret struct {
	pulumi.ResourceState

	// SecretID is the id of the secret in its project.
	SecretID pulumi.StringOutput `pulumi:"secretId"`
	// Name is "projects/<project number>/secrets/<id>".
	Name pulumi.StringOutput `pulumi:"name"`
	// Project is the project's id.
	Project pulumi.StringOutput `pulumi:"projectId"`
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Secret, error) {
	c := &Secret{}
	build := func(child components.Child) error {
		secret, err := secretmanager.NewSecret(ctx, child.Name("secret"), args.secret(), child.Opts(
			pulumi.Protect(!args.AllowDeletion),
			pulumi.IgnoreChanges([]string{"rotation.nextRotationTime"}), // Secret Manager moves it on
		))
		if err != nil {
			return fmt.Errorf("secret: %w", err)
		}
		c.SecretID, c.Name, c.Project = secret.SecretId, secret.Name, secret.Project
		if err := args.grant(ctx, child, secret, "accessor", secretAccessor, args.Accessors); err != nil {
			return err
		}
		return args.grant(ctx, child, secret, "adder", versionAdder, args.Adders)
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) secret() *secretmanager.SecretArgs {
	args := &secretmanager.SecretArgs{
		Project:           pulumi.String(a.Project),
		SecretId:          pulumi.String(a.ID),
		Replication:       a.replication(),
		Labels:            pulumi.ToStringMap(a.Labels),
		Annotations:       pulumi.ToStringMap(a.Annotations),
		VersionDestroyTtl: pulumi.String(fmt.Sprintf("%ds", cmp.Or(a.DestroyDelayDays, 7)*day)),
	}
	if a.ExpireTime != "" {
		args.ExpireTime = pulumi.String(a.ExpireTime)
	}
	var topics secretmanager.SecretTopicArray
	for _, topic := range a.Topics {
		topics = append(topics, &secretmanager.SecretTopicArgs{Name: topic})
	}
	if len(topics) > 0 {
		args.Topics = topics
	}
	if r := a.Rotation; r != nil {
		args.Rotation = &secretmanager.SecretRotationArgs{
			NextRotationTime: pulumi.String(r.First),
			RotationPeriod:   pulumi.String(fmt.Sprintf("%ds", r.PeriodDays*day)),
		}
	}
	return args
}

func (a *Args) replication() *secretmanager.SecretReplicationArgs {
	if len(a.Locations) == 0 {
		auto := &secretmanager.SecretReplicationAutoArgs{}
		if key := a.Keys[anywhere]; key != nil {
			auto.CustomerManagedEncryption = &secretmanager.SecretReplicationAutoCustomerManagedEncryptionArgs{KmsKeyName: key}
		}
		return &secretmanager.SecretReplicationArgs{Auto: auto}
	}
	var replicas secretmanager.SecretReplicationUserManagedReplicaArray
	for _, location := range a.Locations {
		replica := &secretmanager.SecretReplicationUserManagedReplicaArgs{Location: pulumi.String(location)}
		if key := a.Keys[location]; key != nil {
			replica.CustomerManagedEncryption = &secretmanager.SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgs{KmsKeyName: key}
		}
		replicas = append(replicas, replica)
	}
	return &secretmanager.SecretReplicationArgs{UserManaged: &secretmanager.SecretReplicationUserManagedArgs{Replicas: replicas}}
}

// grant adds members to those that have a role on this secret, and on no other.
// Grants are never protected: access must go as easily as it came. They go with
// the secret, so that a destroy that its protection refuses takes none away.
func (a *Args) grant(
	ctx *pulumi.Context, child components.Child, secret *secretmanager.Secret, kind, role string, members map[string]pulumi.StringInput,
) error {
	for _, which := range slices.Sorted(maps.Keys(members)) {
		_, err := secretmanager.NewSecretIamMember(ctx, child.Name(kind, which), &secretmanager.SecretIamMemberArgs{
			Project:  pulumi.String(a.Project),
			SecretId: secret.SecretId,
			Role:     pulumi.String(role),
			Member:   members[which],
		}, child.Opts(pulumi.Protect(false), pulumi.DeletedWith(secret)))
		if err != nil {
			return fmt.Errorf("%s %q: %w", kind, which, err)
		}
	}
	return nil
}
