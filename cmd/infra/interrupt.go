package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

var errInterrupted = errors.New("interrupted")

// interrupts ends a run in two steps. The first signal cancels the context: the
// engine finishes the steps under way and unlocks the stack. A second one of the
// same kind kills; a CI system that sends SIGINT and then SIGTERM means the same
// by both, and has not lost its patience yet.
type interrupts struct {
	mu   sync.Mutex
	kill func()
	say  func(format string, args ...any)
}

// onKill registers what a second signal ends.
func (i *interrupts) onKill(kill func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.kill = kill
}

// through registers how to say something while something else is drawn.
func (i *interrupts) through(say func(format string, args ...any)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.say = say
}

// tell says something and, where that is meant, kills.
func (i *interrupts) tell(text string, kill bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.say("%s", text)
	if kill && i.kill != nil {
		i.kill()
	}
}

func interruptible(parent context.Context, log io.Writer) (context.Context, *interrupts) {
	ctx, cancel := context.WithCancelCause(parent)
	i := &interrupts{say: func(format string, args ...any) { say(log, "\n"+format+"\n", args...) }}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		seen := map[os.Signal]int{}
		for s := range signals {
			seen[s]++
			switch {
			case len(seen) == 1 && seen[s] == 1:
				i.tell("Stopping when what is under way is finished; once more kills.", false)
				cancel(errInterrupted)
			case seen[s] == 2:
				i.tell("Killed. What was under way is pending in the state; the next up takes care of it.", true)
				time.AfterFunc(3*time.Second, func() { os.Exit(exitFailed) }) // whatever still hangs
			}
		}
	}()
	return ctx, i
}
