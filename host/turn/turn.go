// Package turn takes one message through a script: session and event in, new
// session, parts, actions and trace out (section 27 of the language). It has no
// I/O of its own; clock and chance are given, so that any turn can be replayed
// bit for bit. No API of the host is promised.
package turn

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// Settings are the settings of a bot that its turns depend on, and whom it may
// ask beyond its session.
type Settings struct {
	GetStarted  string // page.get_started: the text a tap on Get Started stands for; empty: DefaultGetStarted
	HideErrors  bool   // leave error texts out (L-ERR-2)
	KeepPending bool   // pending = "keep" (L-DELAY-5)

	Fetcher    Fetcher    // makes the requests of $ lines; nil: no host is granted
	Directions Directions // runs directions of plug-ins; nil: none is installed
	Macros     *macro.Set // nil: the bot has none
}

// Input is everything a turn depends on, beside the script and its settings.
type Input struct {
	Event   Event
	Session session.State
	Person  Person
	Now     time.Time
	Closed  bool       // the platform's messaging window is closed: reminders are not sent (L-REM-5)
	Seed    uint64     // of the turn's draws (L-PICK-3)
	Outside *Recording // what the outside world says, as it was recorded; nil: it is asked
}

// Result is what came of a turn.
type Result struct {
	Session session.State
	Ran     bool // false: the event started no turn (L-EV-6); the session may still have changed
	Cancel  bool // parts still waiting are cancelled, but for those marked to stay (L-DELAY-5)
	Reply   reply.Reply
	Trace   []trace.Event
	Outside Recording // what the outside world said
}

// Runner runs the turns of one script. It is safe for concurrent use.
type Runner struct {
	script   world.Script
	meta     *ir.Meta
	settings Settings
	words    *message.Normalizer
	topics   map[string]int
	bot, env map[string]string
	stages   sync.Pool // of empty stages
}

// New returns the Runner of a script. The script stays the caller's to close.
func New(script world.Script, settings Settings) *Runner {
	meta := script.Program()
	r := &Runner{
		script: script, meta: meta, settings: settings,
		words:  message.New(meta.Message),
		topics: make(map[string]int, len(meta.Topics)+1),
		bot:    definitions(meta.BotVars), env: definitions(meta.Env),
		stages: sync.Pool{New: func() any { return new(stage) }},
	}
	for i, name := range meta.Topics {
		r.topics[name] = i
	}
	if meta.Dialect == "dexter" {
		if _, taken := r.topics["random"]; !taken {
			r.topics["random"] = rootTopic // the same topic by its other name (L-DIA-2)
		}
	}
	return r
}

func definitions(list []ir.Definition) map[string]string {
	m := make(map[string]string, len(list))
	for _, d := range list {
		m[d.Name] = d.Value
	}
	return m
}

// Run takes one event through the script (L-TURN-1, but for the storing of step
// 11, which is the caller's). The session that was handed in is left as it was.
// An error means that the turn did not take place and may be tried again; what a
// script does wrong is in the reply.
func (r *Runner) Run(ctx context.Context, in Input) (Result, error) {
	w := r.stages.Get().(*stage)
	w.begin(r, in)
	defer func() {
		w.end()
		r.stages.Put(w)
	}()
	w.outside = outside{ctx: ctx, replay: in.Outside, seed: in.Seed}
	result, err := r.run(ctx, w, in)
	if w.macros != nil {
		_ = w.macros.Close() // a machine that cannot be given back is freed; the reply stands
	}
	if err == nil && w.outside.cut != nil { // what was asked in vain must not become the reply
		err = fmt.Errorf("turn: %w", w.outside.cut)
	}
	if err != nil {
		return Result{}, err
	}
	result.Outside = w.outside.record
	return result, nil
}

// run is Run on a stage.
func (r *Runner) run(ctx context.Context, w *stage, in Input) (Result, error) {
	if in.Event.Kind == Reminder {
		return r.remind(ctx, w, in)
	}
	w.arrive(in)
	heard, ran, err := r.listen(ctx, w, in.Event)
	if err != nil {
		return Result{}, fmt.Errorf("turn: %w", err)
	}
	if !ran {
		return Result{Session: w.state}, nil
	}
	w.put("_rawMsgText", heard.raw)
	w.Trace(trace.Event{Kind: trace.Input, Text: heard.forms.Plain.String})
	w.Trace(trace.Event{Kind: trace.Topic, Text: w.state.Topic, Name: w.stray})

	tokens, err := r.answer(ctx, w, heard.forms)
	if err == nil {
		tokens = w.feeds(tokens)
	}
	if tokens, err = w.limited(tokens, err); err != nil {
		return Result{}, fmt.Errorf("turn: %w", err)
	}
	finished := r.finish(w.act(tokens, in.Now))
	w.heard(heard.forms.Plain.String)
	w.said(finished, in.Now)
	return Result{
		Session: w.state, Ran: true, Cancel: !r.settings.KeepPending,
		Reply: finished, Trace: r.locate(w.trace),
	}, nil
}

// answer is the reply to a message. While a human has the thread, nothing is said
// that no trigger was meant to say even then (L-EV-10).
func (r *Runner) answer(ctx context.Context, w *stage, m message.Forms) ([]reply.Token, error) {
	if w.state.Topic == ir.Bypass {
		n, err := r.script.Probe(ctx, w, m)
		if err != nil {
			return nil, err
		}
		if n == ir.None {
			w.Trace(trace.Event{Kind: trace.Unmatched, Text: m.Plain.String})
			return []reply.Token{{Kind: reply.NoReply}}, nil
		}
	}
	return r.script.Answer(ctx, w, m)
}

// locate fills in what the script leaves out of its trace: texts and places of triggers.
func (r *Runner) locate(events []trace.Event) []trace.Event {
	events = slices.Clone(events) // the stage uses its list again
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case trace.Matched, trace.Condition, trace.Reply, trace.Alias:
		default:
			continue
		}
		t := r.meta.Triggers.At(e.Trigger)
		e.File, e.Line = r.meta.Files[t.Loc.File], t.Loc.Line
		switch {
		case e.Kind == trace.Matched:
			e.Text = t.Text
		case e.Kind == trace.Condition && e.N < len(t.Conditions):
			e.Text, e.Line = t.Conditions[e.N].Op, t.Conditions[e.N].Line
		case e.Kind == trace.Reply && e.N < len(t.Replies):
			e.Line = t.Replies[e.N]
		}
	}
	return events
}
