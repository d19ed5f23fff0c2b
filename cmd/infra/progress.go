package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"ai-worker/internal/plan"
)

const (
	redraw    = 100 * time.Millisecond // how often a terminal's lines are drawn again
	heartbeat = 10 * time.Second       // how often a log is told that a stack still runs
)

// progress shows what runs: on a terminal one line a stack that is drawn again
// and again, elsewhere a line when a stack starts, now and then, and ends.
type progress struct {
	w     io.Writer
	live  bool
	width func() int

	mu    sync.Mutex
	lines []*line
	drawn int    // drawn is how many lines stand on the terminal to be drawn over
	shown string // shown is what they say
	stop  chan struct{}
}

// line is a running stack.
type line struct {
	stack, doing string
	from         *plan.Collector
	start        time.Time
	said         time.Time
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, live: plan.Terminal(w) && os.Getenv("TERM") != "dumb", stop: make(chan struct{})}
	p.width = func() int {
		if f, ok := w.(*os.File); ok {
			if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
				return width
			}
		}
		return 80
	}
	go p.tick()
	return p
}

func (p *progress) tick() {
	t := time.NewTicker(redraw)
	defer t.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-t.C:
			p.mu.Lock()
			p.beat()
			p.mu.Unlock()
		}
	}
}

// close ends the drawing; what is drawn stays.
func (p *progress) close() { close(p.stop) }

// say writes a line that stays.
func (p *progress) say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	say(p.w, format+"\n", args...)
	p.draw()
}

func (p *progress) start(stack, doing string, from *plan.Collector) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.lines = append(p.lines, &line{stack, doing, from, now, now})
	if !p.live {
		say(p.w, "%s: %s\n", stack, doing)
		return
	}
	p.erase()
	p.draw()
}

func (p *progress) end(stack, status string, made *plan.Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.lines, func(l *line) bool { return l.stack == stack })
	l := p.lines[i]
	p.erase()
	p.lines = slices.Delete(p.lines, i, i+1)
	outcome := status
	if status == statusOK {
		outcome = "done"
	}
	say(p.w, "%s: %s %s in %.1fs: %s\n", stack, l.doing, outcome, made.Duration.Seconds(), made.Counts)
	p.draw()
}

func (p *progress) beat() {
	if p.live {
		if text := p.text(); text != p.shown {
			p.erase()
			p.draw()
		}
		return
	}
	for _, l := range p.lines {
		if time.Since(l.said) >= heartbeat {
			l.said = time.Now()
			say(p.w, "%s\n", l)
		}
	}
}

// erase takes the live lines off the terminal.
func (p *progress) erase() {
	if p.drawn > 0 {
		say(p.w, "\x1b[%dA\r\x1b[J", p.drawn)
		p.drawn = 0
	}
}

func (p *progress) draw() {
	if p.live && len(p.lines) > 0 {
		p.shown, p.drawn = p.text(), len(p.lines)
		say(p.w, "%s", p.shown)
	}
}

// text is the live lines; one that wraps could not be drawn over, so none does.
func (p *progress) text() string {
	var b strings.Builder
	width := p.width()
	for _, l := range p.lines {
		text := []rune(l.String())
		b.WriteString(string(text[:min(len(text), width-1)]) + "\n")
	}
	return b.String()
}

// String is the state of the stack in one line.
func (l *line) String() string {
	counts, now := l.from.Progress()
	text := fmt.Sprintf("%s: %s, %ds", l.stack, l.doing, int(time.Since(l.start).Seconds()))
	if counts != (plan.Counts{}) {
		text += ": " + counts.String()
	}
	if now != "" {
		text += ", at " + now
	}
	return text
}
