package console

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// evening is when the play of the tests takes place.
var evening = time.Date(2026, 3, 14, 19, 30, 0, 0, time.UTC)

// fakeDesk is a desk in memory. Its bot answers in two steps: typing at once, and
// the answer when release is called.
type fakeDesk struct {
	mu      sync.Mutex
	state   State
	sources map[string]string
	acts    []string
	refusal error // what acts return
	changed chan struct{}
	stops   int
	ids     int
	asked   []string // paths that Source was asked for
}

func newFakeDesk() *fakeDesk {
	d := &fakeDesk{changed: make(chan struct{}, 1), sources: scripts}
	d.state = State{
		Bot:        "quizmaster",
		Generation: Generation{Number: 42, SavedAt: evening, OK: true},
		Person:     "Ann",
		Topic:      "quiz",
		Topics:     topics,
		Plugins: []Plugin{{Name: "weather", Version: "1.0.0", Tags: []string{"weather"}, Wants: []Want{
			{What: "log", State: "granted", Reason: "to tell what it asks"},
			{What: "http api.example.org", State: "not granted", Reason: "to ask for the weather", Cure: `hosts = ["api.example.org"]`},
		}}},
	}
	d.greet()
	return d
}

func (d *fakeDesk) greet() {
	d.state.Thread = nil
	d.state.Traces = nil
	d.add("get_started", Bubble{From: FromBot, Text: "Good evening, Ann! The curtain is up."}, "get started", "default.topic", 5)
	d.add("", Bubble{From: FromBot, Text: "Shall we play a little quiz about the theatre?", QuickReplies: []Button{{Title: "Yes, please"}, {Title: "Not now"}}}, "get started", "default.topic", 5)
	d.state.Variables = []Variable{{"name", "Ann"}, {"tries", "1"}, {"_userFirstName", "Ann"}, {"_platform", "messenger"}}
}

// add puts a bubble and, with an input, a new turn. The caller holds mu.
func (d *fakeDesk) add(input string, b Bubble, trigger, file string, line int) {
	d.ids++
	b.ID = "m" + strconv.Itoa(d.ids)
	b.At = evening.Add(time.Duration(d.ids) * 7 * time.Second)
	if input != "" {
		d.state.Traces = append(d.state.Traces, Trace{Turn: strconv.Itoa(len(d.state.Traces) + 1), Input: input, Lines: traceLines(input, trigger, file, line)})
	}
	b.Why = &Why{Turn: strconv.Itoa(len(d.state.Traces)), Trigger: trigger, File: file, Line: line}
	if b.From == FromPerson {
		b.Why.Trigger, b.Why.File, b.Why.Line = "", "", 0
	}
	d.state.Thread = append(d.state.Thread, b)
}

// change alters the state and tells who watches.
func (d *fakeDesk) change(alter func(s *State)) {
	d.mu.Lock()
	alter(&d.state)
	d.mu.Unlock()
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

func (d *fakeDesk) did() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.acts)
}

func (d *fakeDesk) act(ctx context.Context, name string, alter func(s *State)) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	d.mu.Lock()
	d.acts = append(d.acts, name)
	refusal := d.refusal
	d.mu.Unlock()
	if refusal != nil {
		return refusal
	}
	d.change(alter)
	return nil
}

// hear puts the person's bubble and starts typing.
func (d *fakeDesk) hear(text string) func(s *State) {
	return func(s *State) {
		for i := range s.Thread {
			s.Thread[i].QuickReplies = nil
		}
		d.add(text, Bubble{From: FromPerson, Text: text}, "(yes|sure) *", "quiz.topic", 7)
		s.Typing = true
		s.Pending = &Pending{Count: 1, Due: evening.Add(time.Minute)}
	}
}

// release lets the bot finish what it types.
func (d *fakeDesk) release(replies ...Bubble) {
	d.change(func(s *State) {
		s.Typing, s.Pending = false, nil
		for _, b := range replies {
			b.From = FromBot
			d.add("", b, "(yes|sure) *", "quiz.topic", 7)
		}
	})
}

func (d *fakeDesk) Snapshot() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.state
	s.Thread = slices.Clone(s.Thread)
	s.Traces = slices.Clone(s.Traces)
	s.Variables = slices.Clone(s.Variables)
	return s
}

func (d *fakeDesk) Watch() (<-chan struct{}, func()) {
	return d.changed, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.stops++
	}
}

func (d *fakeDesk) Say(ctx context.Context, text string) error {
	return d.act(ctx, "say "+text, d.hear(text))
}

func (d *fakeDesk) Tap(ctx context.Context, title string) error {
	return d.act(ctx, "tap "+title, d.hear(title))
}

func (d *fakeDesk) Event(ctx context.Context, kind, payload string) error {
	return d.act(ctx, fmt.Sprintf("event %s %s", kind, payload), func(*State) {})
}

func (d *fakeDesk) Reset(ctx context.Context) error {
	return d.act(ctx, "reset", func(*State) { d.greet() })
}

func (d *fakeDesk) Skip(ctx context.Context) error {
	return d.act(ctx, "skip", func(s *State) { s.Typing, s.Pending = false, nil })
}

func (d *fakeDesk) Source(path string) (string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, path)
	text, ok := d.sources[path]
	return text, ok
}

var errNoButton = errors.New(`no quick reply "Maybe" is shown`)
