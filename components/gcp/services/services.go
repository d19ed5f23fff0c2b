// Package services enables the APIs that a project uses. An API stays enabled
// when it is taken off the list or the stack is destroyed: disabling one can
// delete what was made with it, and others in the project may use it too.
//
//	child              type                          when
//	<name>-api-<api>   gcp:projects/service:Service  for each of APIs; <api> is its first label
package services

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"ai-worker/components"
)

// TypeToken is the Pulumi type of the component.
const TypeToken = "ai-worker:gcp:Services"

// Args configures Services.
type Args struct {
	Project string   // Project whose APIs are enabled. Required.
	APIs    []string // APIs by full name, such as "sqladmin.googleapis.com", none twice. Required.
}

var apiShape = regexp.MustCompile(`^[a-z][a-z0-9-]*\.googleapis\.com$`)

// Validate implements components.Args: every problem at once, or nil.
func (a *Args) Validate() error {
	var p components.Problems
	p.Want(a.Project != "", "project is required")
	p.Want(len(a.APIs) > 0, "apis are required")
	for i, api := range a.APIs {
		p.Want(apiShape.MatchString(api), `apis[%d] %q: want a full name, such as "sqladmin.googleapis.com"`, i, api)
	}
	p.Distinct("apis", a.APIs)
	return p.Err()
}

// Services is the component; its tagged field is its output.
type Services struct {
	pulumi.ResourceState

	// APIs are the enabled ones, in the order of the arguments. What is made of
	// this output waits until all are enabled.
	APIs pulumi.StringArrayOutput `pulumi:"apis"`
	// Enabled are what to depend on. The component itself will not do: the SDK
	// (v3.250, Context.getOpts) ties children to it while they are registered, so
	// that what depends on it may miss some.
	Enabled []pulumi.Resource
}

// New registers the component and its children, or nothing if it refuses args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Services, error) {
	s := &Services{}
	build := func(child components.Child) error {
		enabled := make(pulumi.StringArray, len(args.APIs))
		for i, api := range args.APIs {
			service, err := projects.NewService(ctx, child.Name("api", strings.TrimSuffix(api, ".googleapis.com")), &projects.ServiceArgs{
				Project:                  pulumi.String(args.Project),
				Service:                  pulumi.String(api),
				DisableOnDestroy:         pulumi.Bool(false), // the provider's default is true
				DisableDependentServices: pulumi.Bool(false),
			}, child.Opts())
			if err != nil {
				return fmt.Errorf("api %s: %w", api, err)
			}
			enabled[i] = service.Service
			s.Enabled = append(s.Enabled, service)
		}
		s.APIs = enabled.ToStringArrayOutput()
		return nil
	}
	if err := components.Build(ctx, TypeToken, name, args, s, build, opts...); err != nil {
		return nil, err
	}
	return s, nil
}
