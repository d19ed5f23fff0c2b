// Command infra runs all stacks of one environment: preview, up, refresh, drift,
// destroy, outputs. `infra help` tells the rest.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"ai-worker/internal/noprobe"
)

func main() {
	noprobe.Done()
	ctx, interrupts := interruptible(context.Background(), os.Stderr)
	os.Exit(execute(ctx, os.Args[1:], console{in: os.Stdin, out: os.Stdout, log: os.Stderr}, interrupts))
}

// console is where a command reads and writes. What a command is asked for goes
// to out; what it says on the way goes to log.
type console struct {
	in  io.Reader
	out io.Writer
	log io.Writer
	dir string // dir is where it was called; empty means the working folder
}

// say writes to a terminal or a log. Where nobody reads, nobody is told.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
