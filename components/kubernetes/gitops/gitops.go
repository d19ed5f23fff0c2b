// Package gitops lets Argo CD deploy the manifests of one environment: [New], once
// an environment. [NewArgoCD] is Argo CD itself, once a cluster.
//
// Children of a GitOps NAME:
//
//	NAME-project   kubernetes:argoproj.io/v1alpha1:AppProject       always; kept and protected unless AllowDeletion
//	NAME-apps      kubernetes:argoproj.io/v1alpha1:ApplicationSet   always; kept and protected unless AllowDeletion
//
// The project is the boundary, for Argo CD itself may do anything in the cluster:
// one repository, one namespace, the named kinds, nothing without a namespace.
//
// An ApplicationSet takes its Applications with it, and each Application its
// workloads, unless it is told otherwise; that has emptied clusters
// (argoproj/argo-cd#9227). So there are four locks. Pulumi protects it, and leaves
// it in the cluster. Argo CD removes no Application that is no longer in the list.
// And no Application has the finalizer that takes its workloads along.
package gitops

import (
	"fmt"
	"maps"
	"path"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
	"ai-worker/components/kubernetes"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:kubernetes:GitOps"

// GitOps is the component; its tagged fields are its outputs.
type GitOps struct {
	pulumi.ResourceState

	Project        pulumi.StringOutput `pulumi:"project"`        // Project is the AppProject's name.
	ApplicationSet pulumi.StringOutput `pulumi:"applicationSet"` // ApplicationSet is its name.
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*GitOps, error) {
	c := &GitOps{}
	build := func(child components.Child) error {
		keep := pulumi.Composite(pulumi.Protect(!args.AllowDeletion), pulumi.RetainOnDelete(!args.AllowDeletion))
		project, err := kubernetes.Object(ctx, child.Name("project"), APIVersion, "AppProject",
			kubernetes.Metadata(pulumi.String(args.project()), args.ArgoNamespace, nil, nil), args.projectSpec(), child.Opts(keep))
		if err != nil {
			return fmt.Errorf("project: %w", err)
		}
		c.Project = project.Metadata.Name().Elem()
		set, err := kubernetes.Object(ctx, child.Name("apps"), APIVersion, "ApplicationSet",
			kubernetes.Metadata(pulumi.String(args.Name), args.ArgoNamespace, nil, nil), args.setSpec(c.Project), child.Opts(keep))
		if err != nil {
			return fmt.Errorf("application set: %w", err)
		}
		c.ApplicationSet = set.Metadata.Name().Elem()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, c, build, opts...); err != nil {
		return nil, err
	}
	return c, nil
}

func (a *Args) destination() destination { return destination{Server: server, Namespace: a.Namespace} }

func (a *Args) projectSpec() projectSpec {
	spec := projectSpec{
		SourceRepos:                []string{a.Repository},
		Destinations:               []destination{a.destination()},
		NamespaceResourceWhitelist: a.kinds(),
		OrphanedResources:          orphaned{Warn: true, Ignore: a.Others},
	}
	for _, w := range a.SyncWindows {
		spec.SyncWindows = append(spec.SyncWindows, window{
			Kind: w.Kind, Schedule: w.Schedule, Duration: w.Duration, TimeZone: w.TimeZone, ManualSync: w.AllowManual,
			Namespaces: []pulumi.StringInput{a.Namespace},
		})
	}
	return spec
}

// setSpec has one Application an app. Only the app's name is a template: a project
// from one would let a generator choose its rights.
func (a *Args) setSpec(project pulumi.StringInput) setSpec {
	spec := setSpec{
		GoTemplate:        true,
		GoTemplateOptions: []string{"missingkey=error"}, // else a misspelt key is an empty name
		SyncPolicy:        setSyncPolicy{ApplicationsSync: "create-update", PreserveResourcesOnDeletion: true},
		Template: template{
			Metadata: templateMetadata{Name: a.Name + "-{{.app}}", Annotations: a.annotations()},
			Spec: application{
				Project: project,
				Source: source{
					RepoURL: a.Repository, TargetRevision: a.Branch, Path: path.Join("manifests", "{{.app}}", "overlays", a.Environment),
				},
				Destination: a.destination(),
				SyncPolicy:  a.syncPolicy(),
			},
		},
	}
	var elements []element
	for _, app := range a.Apps {
		elements = append(elements, element{app})
	}
	spec.Generators = []generator{{list{elements}}}
	if a.AllowCascade {
		spec.SyncPolicy = setSyncPolicy{ApplicationsSync: "sync"}
		spec.Template.Metadata.Finalizers = []string{finalizer}
	}
	return spec
}

// annotations compare as the API server would apply, which goes with ServerSideApply.
func (a *Args) annotations() map[string]string {
	all := map[string]string{"argocd.argoproj.io/compare-options": "ServerSideDiff=true"}
	maps.Copy(all, a.Annotations)
	return all
}

func (a *Args) syncPolicy() syncPolicy {
	policy := syncPolicy{
		SyncOptions: []string{
			"CreateNamespace=false",     // the stack makes it, with its quota and its policies
			"FailOnSharedResource=true", // an object belongs to one app
			"PruneLast=true",            // what replaces an object runs before that one goes
			"ServerSideApply=true",      // fields that controllers write, as replicas, are no drift
		},
		Retry: retry{Limit: 5, Backoff: backoff{Duration: "10s", Factor: 2, MaxDuration: "3m"}},
	}
	if a.Automated {
		policy.Automated = &automated{Prune: true, SelfHeal: true}
	}
	return policy
}
