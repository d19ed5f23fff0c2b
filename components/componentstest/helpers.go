package componentstest

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	"github.com/stretchr/testify/require"

	"ai-worker/components"
)

// New is the constructor of a component C with arguments A.
type New[A, C any] = func(*pulumi.Context, string, *A, ...pulumi.ResourceOption) (C, error)

// Program makes programs of arguments: each creates one component with a
// logical name and options.
func Program[A, C any](create New[A, C], name string, opts ...pulumi.ResourceOption) func(*A) pulumi.RunFunc {
	return func(args *A) pulumi.RunFunc {
		return func(ctx *pulumi.Context) error {
			_, err := create(ctx, name, args, opts...)
			return err
		}
	}
}

// Runner makes runs of arguments that must succeed; see [Run].
func Runner[A any](program func(*A) pulumi.RunFunc) func(testing.TB, *A, ...Option) Registrations {
	return func(tb testing.TB, args *A, options ...Option) Registrations {
		tb.Helper()
		all, err := Run(tb, program(args), options...)
		require.NoError(tb, err)
		return all
	}
}

// Outputs are the outputs of a component created with args, by their tags.
func Outputs[A, C any](tb testing.TB, create New[A, C], args *A, options ...Option) map[string]any {
	tb.Helper()
	values := map[string]any{}
	_, err := Run(tb, func(ctx *pulumi.Context) error {
		component, err := create(ctx, "main", args)
		if err != nil {
			return err
		}
		outputs, err := components.Outputs(component)
		if err != nil {
			return err
		}
		for tag, output := range outputs {
			value, err := internals.UnsafeAwaitOutput(ctx.Context(), pulumi.ToOutput(output))
			if err != nil {
				return fmt.Errorf("output %q: %w", tag, err)
			}
			values[tag] = value.Value
		}
		return nil
	}, options...)
	require.NoError(tb, err)
	return values
}

// Refusal is a change of valid arguments, and what the error must then say. It
// is an alias of an unnamed struct so that tables need not name its fields.
type Refusal[A any] = struct {
	Change func(*A)
	Want   string
}

// Refusals wants each of cases to be refused before anything is registered.
func Refusals[A any](t *testing.T, valid func() *A, program func(*A) pulumi.RunFunc, cases map[string]Refusal[A]) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			args := valid()
			tc.Change(args)
			all, err := Run(t, program(args))
			require.ErrorContains(t, err, tc.Want)
			require.Empty(t, all, "registered something before refusing")
		})
	}
}

// ReportsAll wants one error of args to hold every one of wants.
func ReportsAll(t *testing.T, args components.Args, wants ...string) {
	t.Helper()
	err := args.Validate()
	for _, want := range wants {
		require.ErrorContains(t, err, want)
	}
}

// Expect checks inputs by path; see [Registration.Get].
func (r Registration) Expect(tb testing.TB, want map[string]any) {
	tb.Helper()
	for path, value := range want {
		require.Equal(tb, value, r.Get(path), path)
	}
}
