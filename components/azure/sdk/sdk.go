// Package sdk is what the packages below it share. They hold the few types of
// azure-native that the program does not take from an SDK module of their own, with
// the tokens, properties and, of what is an argument, the names that the module has.
package sdk

import (
	"reflect"

	"github.com/pulumi/pulumi-azure-native-sdk/v2/utilities"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Output is an output of any type that is registered with [pulumi.RegisterOutputType].
type Output[T any] struct{ *pulumi.OutputState }

// ElementType implements pulumi.Output.
func (Output[T]) ElementType() reflect.Type { return reflect.TypeFor[T]() }

// SystemData is who made and changed an object, and when.
type SystemData struct {
	CreatedAt          *string `pulumi:"createdAt"`
	CreatedBy          *string `pulumi:"createdBy"`
	CreatedByType      *string `pulumi:"createdByType"`
	LastModifiedAt     *string `pulumi:"lastModifiedAt"`
	LastModifiedBy     *string `pulumi:"lastModifiedBy"`
	LastModifiedByType *string `pulumi:"lastModifiedByType"`
}

func init() { pulumi.RegisterOutputType(Output[SystemData]{}) }

// Register registers a resource as an SDK of the provider does.
func Register(ctx *pulumi.Context, token, name string, args pulumi.Input, made pulumi.CustomResource, opts ...pulumi.ResourceOption) error {
	return ctx.RegisterResource(token, name, args, made, utilities.PkgResourceDefaultOpts(opts)...)
}
