package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// counting is a Loader whose scripts can be held in the middle of a turn, and
// which knows how many are open.
type counting struct {
	open    atomic.Int64
	loads   atomic.Int64
	entered chan struct{} // not nil: a turn says that it has begun, and
	gate    chan struct{} // waits here
	fails   error
}

func (c *counting) Load(ctx context.Context, built *compile.Result) (Script, error) {
	if c.fails != nil {
		return nil, c.fails
	}
	script, err := Interpreted{}.Load(ctx, built)
	if err != nil {
		return nil, err
	}
	c.loads.Add(1)
	c.open.Add(1)
	return &held{Script: script, loader: c, entered: c.entered, gate: c.gate}, nil
}

type held struct {
	Script
	loader        *counting
	entered, gate chan struct{}
	closed        atomic.Bool
}

func (h *held) Answer(ctx context.Context, w world.World, m message.Forms) ([]reply.Token, error) {
	if h.entered != nil {
		h.entered <- struct{}{}
		<-h.gate
	}
	if h.closed.Load() {
		return nil, errors.New("the script was closed under a turn")
	}
	return h.Script.Answer(ctx, w, m)
}

func (h *held) Close(ctx context.Context) error {
	if h.closed.Swap(true) {
		return errors.New("the script was closed twice")
	}
	h.loader.open.Add(-1)
	return h.Script.Close(ctx)
}

// folder is a bot's folder in memory.
type folder fstest.MapFS

func (f folder) write(name, text string) { f[name] = &fstest.MapFile{Data: []byte(text)} }

// says is a document in which "hello" is answered with text.
func says(text string) string { return "+ hello\n- " + text + "\n\n+ *\n- What?\n" }

func newBot(t *testing.T, dir folder, l Loader) *Bot {
	t.Helper()
	b := New(Config{
		Dir: fstest.MapFS(dir), Name: "sample", Loader: l,
		Clock: clock.NewVirtual(time.Unix(1_000, 0)), Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(func() {
		if err := b.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return b
}

func reload(t *testing.T, b *Bot) bool {
	t.Helper()
	changed, err := b.Reload(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// ask says hello and returns the answer.
func ask(ctx context.Context, b *Bot) (string, error) {
	result, err := b.Turn(ctx, turn.Input{
		Event: turn.Event{Kind: turn.Text, Text: "hello"}, Session: session.State{},
		Person: turn.Person{ID: "1", PageID: "2", Platform: "test"}, Now: time.Unix(1, 0),
	})
	if err != nil {
		return "", err
	}
	text := ""
	for _, part := range result.Reply.Parts {
		text += part.Text
	}
	return text, nil
}

func expect(t *testing.T, b *Bot, want string) {
	t.Helper()
	got, err := ask(t.Context(), b)
	if err != nil || got != want {
		t.Errorf("answered %q (%v), want %q", got, err, want)
	}
}
