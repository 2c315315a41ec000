package turn

import (
	"encoding/json"
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// rootTopic is the number of the root topic in every program.
const rootTopic = 0

// stage is the World of one turn: a copy of the session that the script may change.
type stage struct {
	runner *Runner
	state  session.State
	person Person
	now    time.Time
	topic  int
	draws  rand.PCG
	draw   func(n uint64) uint64 // in the place of draws; nil: none
	owned  owned
	ink    []byte // memory for the values that the turn writes; see quote

	outside outside
	macros  *macro.Turn // nil while none was called

	// What the next turn on this stage uses again.
	trace   []trace.Event
	scratch message.Scratch
	tokens  []reply.Token // of a direction
	stray   string        // the topic the person stood in, if the script has it no more

	// How directions look at the session: made for the first one on this stage.
	variable func(name string) (string, bool)
	kept     func(plugin string) map[string]string
}

// owned are the maps of a session that are the turn's to change.
type owned struct{ vars, bot, env bool }

var _ world.World = (*stage)(nil)

// drawStream is the second half of the seed of every turn's PCG. Changing it, or
// the way Random uses the generator, changes every seeded test: do neither.
const drawStream = 0x666f6f746c69 // "footli"

func newStage(r *Runner, in Input) *stage {
	s := new(stage)
	s.begin(r, in)
	return s
}

// begin readies a stage for a turn; it must be empty.
func (s *stage) begin(r *Runner, in Input) {
	s.runner, s.state, s.person, s.now = r, in.Session, in.Person, in.Now
	s.draws.Seed(in.Seed, drawStream)
	s.stand(s.state.Topic)
}

// end empties the stage, so that nothing of the person stays on it.
func (s *stage) end() {
	clear(s.trace)
	clear(s.tokens[:cap(s.tokens)])
	*s = stage{trace: s.trace[:0], scratch: s.scratch, tokens: s.tokens[:0], variable: s.variable, kept: s.kept}
}

// stand puts the person into a topic, as found in the session.
func (s *stage) stand(name string) {
	topic, known := s.runner.topics[name]
	switch {
	case name == ir.Bypass:
		topic = len(s.runner.meta.Topics)
	case !known: // somebody new, or the topic has vanished (L-TOP-4)
		topic, s.stray = rootTopic, name
	}
	s.enter(topic)
}

func (s *stage) enter(topic int) {
	s.topic = topic
	s.state.Topic = ir.Bypass
	if topic < len(s.runner.meta.Topics) {
		s.state.Topic = s.runner.meta.Topics[topic]
	}
}

// vars are the person's variables, to be changed. The first change makes the map
// private, so that the session that was handed in stays as it was.
func (s *stage) vars() map[string]json.RawMessage {
	return own(&s.state.Vars, &s.owned.vars)
}

// own makes a map of the session private before its first change.
func own[V any](m *map[string]V, owned *bool) map[string]V {
	if !*owned {
		*m, *owned = cloneOrMake(*m), true
	}
	return *m
}

func cloneOrMake[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

// put stores a variable without asking whether scripts may.
func (s *stage) put(name, value string) {
	if old, ok := s.state.Vars[name]; ok && isQuoted(old, value) {
		return
	}
	s.vars()[name] = s.quote(value)
}

// putTime stores a time in milliseconds.
func (s *stage) putTime(name string, t time.Time) {
	s.vars()[name] = s.quoteNumber(t.UnixMilli())
}

// Get implements world.World.
func (s *stage) Get(scope world.Scope, name string) (string, bool) {
	switch scope {
	case world.Bot:
		return shadowed(s.state.BotVars, s.runner.bot, name)
	case world.Env:
		return shadowed(s.state.EnvVars, s.runner.env, name)
	}
	return Variable(s.state, name)
}

func shadowed(own, defined map[string]string, name string) (string, bool) {
	if v, ok := own[name]; ok {
		return v, true
	}
	v, ok := defined[name]
	return v, ok
}

// Set implements world.World.
func (s *stage) Set(scope world.Scope, name, value string) {
	switch scope {
	case world.Bot:
		s.shadow(own(&s.state.BotVars, &s.owned.bot), name, value)
	case world.Env:
		s.shadow(own(&s.state.EnvVars, &s.owned.env), name, value)
	default:
		s.setUser(name, value)
	}
}

func (s *stage) setUser(name, value string) {
	switch {
	case name == "topic":
		s.SwitchTopic(value)
		return
	case strings.HasPrefix(name, "_"): // L-VAR-4
		return
	case !s.fits(name, value):
		return
	}
	s.put(name, value)
	s.Trace(trace.Event{Kind: trace.Set, Name: name, Text: value, OK: true})
}

func (s *stage) has(name string) bool {
	_, ok := s.state.Vars[name]
	return ok
}

// userVars counts the variables that scripts have set; the host's own do not count.
func (s *stage) userVars() int {
	n := 0
	for name := range s.state.Vars {
		if !strings.HasPrefix(name, "_") {
			n++
		}
	}
	return n
}

// Clear implements world.World.
func (s *stage) Clear(scope world.Scope, name string) {
	if scope != world.User || name == "topic" || strings.HasPrefix(name, "_") || !s.has(name) {
		return
	}
	delete(s.vars(), name)
	s.Trace(trace.Event{Kind: trace.Set, Name: name})
}

// Input implements world.World.
func (s *stage) Input(n int) (string, bool) { return nth(s.state.Inputs, n) }

// Reply implements world.World.
func (s *stage) Reply(n int) (string, bool) { return nth(s.state.Replies, n) }

func nth(list []string, n int) (string, bool) {
	if n < 1 || n > len(list) {
		return "", false
	}
	return list[n-1], true
}

// LastReply implements world.World.
func (s *stage) LastReply() (part, whole string, ok bool) {
	whole, ok = nth(s.state.Replies, 1)
	return s.state.LastPart, whole, ok
}

// ID implements world.World.
func (s *stage) ID() string { return s.person.ID }

// Topic implements world.World.
func (s *stage) Topic() int { return s.topic }

// SwitchTopic implements world.World (L-TOP-1, L-TOP-4).
func (s *stage) SwitchTopic(name string) {
	topic, known := s.runner.topics[strings.ToLower(strings.TrimSpace(name))]
	if !known {
		topic = rootTopic
	}
	s.enter(topic)
	s.Trace(trace.Event{Kind: trace.Switch, Text: s.state.Topic})
}

// Random implements world.World. The draw is the high half of a 128-bit product,
// whose bias for any n of a script is below 2^-32.
func (s *stage) Random(n uint64) uint64 {
	if s.draw != nil {
		return s.draw(n)
	}
	high, _ := bits.Mul64(s.draws.Uint64(), n)
	return high
}

// Trace implements world.World.
func (s *stage) Trace(e trace.Event) {
	e.Captures = slices.Clone(e.Captures)
	s.trace = append(s.trace, e)
}

// heard records a message in the session (step 11 of L-TURN-1).
func (s *stage) heard(text string) {
	s.state.Turns++
	s.state.Inputs = pushed(s.state.Inputs, text)
	s.state.Matched = s.Matched()
}

// said records a reply in the session (step 11 of L-TURN-1).
func (s *stage) said(r reply.Reply, now time.Time) {
	if r.Text != "" && !r.Silent { // L-HIST-2, L-NOREPLY-1
		s.state.Replies = pushed(s.state.Replies, r.Text)
		s.state.LastPart = r.Last
	}
	if len(r.Parts) > 0 {
		if !s.has("_firstMsgSent") {
			s.putTime("_firstMsgSent", now)
		}
		s.putTime("_lastMsgSent", now)
	}
	for i := range r.Parts {
		if labels := r.Parts[i].Labels(); len(labels) > reply.MaxQuickReplies {
			s.state.Choices = labels
		}
	}
	for _, action := range r.Actions {
		if action.Name == "unsubscribe" {
			s.state.Muted = true
		}
	}
}

// pushed returns a new list with the newest in front, cut to the length of the history.
func pushed(list []string, newest string) []string {
	return slices.Concat([]string{newest}, list[:min(len(list), session.MaxHistory-1)])
}
