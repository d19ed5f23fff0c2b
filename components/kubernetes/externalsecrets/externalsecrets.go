// Package externalsecrets brings secrets of Secret Manager into a cluster, by the
// External Secrets Operator. [New] is for one workload, [NewOperator] for the
// operator, once a cluster. Values never pass through Pulumi.
//
// Children of an ExternalSecrets NAME:
//
//	NAME-store    kubernetes:external-secrets.io/v1:SecretStore           always
//	NAME-secret   kubernetes:external-secrets.io/v1:ExternalSecret        always
//	NAME-act-as   kubernetes:rbac.authorization.k8s.io/v1:Role            with TokenCreator
//	NAME-act-as   kubernetes:rbac.authorization.k8s.io/v1:RoleBinding     with TokenCreator
//
// The store reads as the workload itself: its Google account needs
// roles/secretmanager.secretAccessor on each of its secrets, and nobody needs it on
// all of them.
//
// The Secret that comes of it has the name of the workload, and one key for each
// secret. Pods that take it as environment variables see a new value when they start.
package externalsecrets

import (
	"fmt"

	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:kubernetes:ExternalSecrets"

// ExternalSecrets is the component; its tagged fields are its outputs.
type ExternalSecrets struct {
	pulumi.ResourceState

	SecretName pulumi.StringOutput `pulumi:"secretName"` // SecretName is that of the Kubernetes Secret.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*ExternalSecrets, error) {
	c := &ExternalSecrets{}
	build := func(child components.Child) error {
		metadata := kubernetes.Metadata(pulumi.String(args.Name), args.Namespace, nil, nil)
		first, err := args.actAs(ctx, child)
		if err != nil {
			return err
		}
		store, err := kubernetes.Object(ctx, child.Name("store"), APIVersion, "SecretStore", metadata, args.store(),
			child.Opts(pulumi.DependsOn(first)))
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		secret, err := kubernetes.Object(ctx, child.Name("secret"), APIVersion, "ExternalSecret", metadata, args.secret(),
			child.Opts(pulumi.DependsOn([]pulumi.Resource{store})))
		if err != nil {
			return fmt.Errorf("secret: %w", err)
		}
		c.SecretName = secret.Metadata.Name().Elem()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

// actAs lets the operator have tokens of the workload's account, and of no other.
func (a *Args) actAs(ctx *pulumi.Context, child components.Child) ([]pulumi.Resource, error) {
	if a.TokenCreator == nil {
		return nil, nil
	}
	metadata := kubernetes.Metadata(pulumi.Sprintf("%s-act-as-%s", a.TokenCreator.Name, a.Name), a.Namespace, nil, nil)
	role, err := rbacv1.NewRole(ctx, child.Name("act-as"), &rbacv1.RoleArgs{
		Metadata: metadata,
		Rules: rbacv1.PolicyRuleArray{rbacv1.PolicyRuleArgs{
			ApiGroups:     pulumi.StringArray{pulumi.String("")},
			Resources:     pulumi.StringArray{pulumi.String("serviceaccounts/token")},
			ResourceNames: pulumi.StringArray{a.ServiceAccount},
			Verbs:         pulumi.StringArray{pulumi.String("create")},
		}},
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("role: %w", err)
	}
	binding, err := rbacv1.NewRoleBinding(ctx, child.Name("act-as"), &rbacv1.RoleBindingArgs{
		Metadata: metadata,
		RoleRef: rbacv1.RoleRefArgs{
			ApiGroup: pulumi.String("rbac.authorization.k8s.io"),
			Kind:     pulumi.String("Role"),
			Name:     role.Metadata.Name().Elem(),
		},
		Subjects: rbacv1.SubjectArray{rbacv1.SubjectArgs{
			Kind:      pulumi.String("ServiceAccount"),
			Name:      a.TokenCreator.Name,
			Namespace: a.TokenCreator.Namespace.ToStringOutput().ToStringPtrOutput(),
		}},
	}, child.Opts())
	if err != nil {
		return nil, fmt.Errorf("role binding: %w", err)
	}
	return []pulumi.Resource{binding}, nil
}
