package main

import (
	"context"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// operation is what the engine does to one stack.
type operation struct {
	doing  string // doing is what the live line says
	writes bool   // writes says that a stack must not be touched after one before it failed
	run    call
}

// call runs an operation; its events go to one channel, what the CLI complains
// of to stderr.
type call func(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error

var (
	previewing      = operation{doing: "previewing", run: preview}
	updating        = operation{doing: "updating", writes: true, run: up}
	refreshing      = operation{doing: "refreshing", writes: true, run: refresh()}
	comparing       = operation{doing: "comparing", run: compare}
	planningDestroy = operation{doing: "previewing", run: planDestroy}
	destroying      = operation{doing: "destroying", writes: true, run: destroy}
)

func preview(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error {
	_, err := s.Preview(ctx, optpreview.EventStreams(to), optpreview.ErrorProgressStreams(stderr))
	return err
}

func up(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error {
	_, err := s.Up(ctx, optup.EventStreams(to), optup.ErrorProgressStreams(stderr))
	return err
}

// refresh refreshes the resources of some URNs, or all.
func refresh(targets ...string) call {
	return func(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error {
		_, err := s.Refresh(ctx, optrefresh.Target(targets), optrefresh.EventStreams(to), optrefresh.ErrorProgressStreams(stderr))
		return err
	}
}

func compare(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error {
	_, err := s.PreviewRefresh(ctx, optrefresh.EventStreams(to), optrefresh.ErrorProgressStreams(stderr))
	return err
}

func planDestroy(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error {
	_, err := s.PreviewDestroy(ctx, optdestroy.EventStreams(to), optdestroy.ErrorProgressStreams(stderr))
	return err
}

func destroy(ctx context.Context, s auto.Stack, to chan<- events.EngineEvent, stderr io.Writer) error {
	_, err := s.Destroy(ctx, optdestroy.EventStreams(to), optdestroy.ErrorProgressStreams(stderr))
	return err
}
