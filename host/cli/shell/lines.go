package shell

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// The bounds of Lines.
const (
	// linesGap is how long lines wait for others, to be written with them, when some have just been written.
	linesGap = 10 * time.Millisecond
	// maxLines is how many bytes of lines wait at most; whoever brings more writes them all.
	maxLines = 64 << 10
)

// Lines is the log of a host, which has several lines for each turn: a busy host writes those of linesGap in one call
// of the system, which costs more than to make them. The first line after a pause is written at once, and so is one that
// warns, with all before it. A process that is killed loses what waits. It is safe for concurrent use.
type Lines struct {
	out   io.Writer
	clock clock.Clock
	begun chan struct{} // a pause has ended: what comes now waits
	over  context.CancelFunc
	hand  sync.WaitGroup

	writing sync.Mutex // held while out is written to, so that lines keep their order

	mu      sync.Mutex
	busy    bool // a line was written within linesGap, or somebody is to write what waits
	closed  bool // nothing waits any more
	waiting []byte
	err     error // of the last time that out was written to
}

// NewLines writes lines to out. Close must be called.
func NewLines(out io.Writer, c clock.Clock) *Lines {
	ctx, over := context.WithCancel(context.Background())
	l := &Lines{out: out, clock: c, begun: make(chan struct{}, 1), over: over}
	l.hand.Go(func() { l.run(ctx) })
	return l
}

// run writes what has waited long enough until ctx ends.
func (l *Lines) run(ctx context.Context) {
	for {
		select {
		case <-l.begun:
		case <-ctx.Done():
			return
		}
		for more := true; more; {
			if clock.Sleep(ctx, l.clock, linesGap) != nil {
				return
			}
			more = l.flush(true)
		}
	}
}

// Write implements io.Writer for whole lines. Its error may be that of lines before.
func (l *Lines) Write(lines []byte) (int, error) {
	l.mu.Lock()
	l.waiting = append(l.waiting, lines...)
	late := !l.busy || l.closed || len(l.waiting) >= maxLines
	if !l.busy {
		l.busy = true
		l.begun <- struct{}{} // which has room: whoever ends busy has taken it
	}
	err := l.err
	l.mu.Unlock()
	if late {
		l.flush(false)
	}
	return len(lines), err
}

// flush writes what waits, and tells whether that was anything. If not, ends says that the next line does not wait.
func (l *Lines) flush(ends bool) bool {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	lines := l.waiting
	l.waiting = nil
	l.busy = l.busy && (!ends || len(lines) > 0)
	l.mu.Unlock()
	if len(lines) == 0 {
		return false
	}
	_, err := l.out.Write(lines)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
	if l.waiting == nil {
		l.waiting = lines[:0] // its room is used again
	}
	return true
}

// Close writes what waits. Lines that come later are written at once.
func (l *Lines) Close() error {
	l.over()
	l.hand.Wait()
	l.mu.Lock()
	l.busy, l.closed = true, true
	l.mu.Unlock()
	l.flush(false)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Logger logs to l, as NewLogger does.
func (l *Lines) Logger(env Environment, level slog.Level) *slog.Logger {
	return slog.New(prompt{NewLogger(env, l, level).Handler(), l})
}

// prompt has lines that warn written at once.
type prompt struct {
	slog.Handler
	lines *Lines
}

// Handle implements slog.Handler.
func (p prompt) Handle(ctx context.Context, r slog.Record) error {
	err := p.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		p.lines.flush(false)
	}
	return err
}

// WithAttrs implements slog.Handler.
func (p prompt) WithAttrs(attrs []slog.Attr) slog.Handler {
	return prompt{p.Handler.WithAttrs(attrs), p.lines}
}

// WithGroup implements slog.Handler.
func (p prompt) WithGroup(name string) slog.Handler {
	return prompt{p.Handler.WithGroup(name), p.lines}
}
