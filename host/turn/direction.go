package turn

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
)

// Directions runs directions of plug-ins. A direction that fails says why in Problem;
// that is the reason people read (L-EXT-6). Directions are safe for concurrent use.
type Directions interface {
	Direct(ctx context.Context, c Cue) Directed
}

// Cue is a direction when its turn has come, with what it may learn of the turn. It
// is valid until Direct returns.
type Cue struct {
	world.Direction
	Person  Person
	Now     time.Time
	Seed    uint64  // of the random numbers of this call; the same again when the turn is taken again
	Fetcher Fetcher // whom to ask in the place of the network; nil: the network
	// Variable reads a variable of the person as <get> does.
	Variable func(name string) (string, bool)
	// Kept is what a plug-in has kept about the person; it is not to be changed.
	Kept func(plugin string) map[string]string
}

// Directed is a direction with what it did. All but the name, the effects and the
// problem is for people to look at.
type Directed struct {
	Name    string        `json:"name"`
	Effects []Effect      `json:"effects,omitempty"`
	Problem string        `json:"problem,omitempty"` // why it failed; then it has no effects
	Failure string        `json:"failure,omitempty"` // which kind of failure: "error", "trap", "limit", "permission" …
	Took    time.Duration `json:"took,omitempty"`
	Fuel    int64         `json:"fuel,omitempty"`   // steps of its code
	Memory  int           `json:"memory,omitempty"` // bytes of its memory at the end
	Log     []Logged      `json:"log,omitempty"`
}

// Logged is a line that a direction wrote to its log.
type Logged struct {
	Level string `json:"level"` // "debug", "info", "warn" or "error"
	Text  string `json:"text"`
}

// Effect is one thing a direction does (L-EXT-5). Exactly one of Token, Set, Unset,
// Topic and Keep is meant.
type Effect struct {
	Token *reply.Token `json:"token,omitempty"` // Text, Send, Delay, NoReply or Shortcode; other kinds do nothing
	Set   string       `json:"set,omitempty"`   // variable of the person that becomes Value; names with _ do nothing
	Value string       `json:"value,omitempty"`
	Unset string       `json:"unset,omitempty"` // variable of the person that is cleared
	Topic string       `json:"topic,omitempty"` // to switch to
	Keep  *Keep        `json:"keep,omitempty"`
}

// Keep is a value that a plug-in keeps about the person; an empty one is forgotten.
type Keep struct {
	Plugin string `json:"plugin"`
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
}

// Direct implements world.Outside.
func (s *stage) Direct(d world.Direction) []reply.Token {
	done := s.direction(d)
	if !isCore(d.Name) {
		s.outside.record.Directions = append(s.outside.record.Directions, done)
	}
	for i := range done.Log {
		s.trace = append(s.trace, trace.Event{Kind: trace.Note, Name: d.Name, Left: done.Log[i].Level, Text: done.Log[i].Text})
	}
	if done.Problem != "" {
		s.ran(d, &done, done.Problem)
		return []reply.Token{instead(d, done.Problem)}
	}
	tokens := s.does(done.Effects)
	s.ran(d, &done, reply.Flatten(tokens, nil))
	return tokens
}

// ran notes in the trace that a direction ran, and what came of it.
func (s *stage) ran(d world.Direction, done *Directed, text string) {
	s.trace = append(s.trace, trace.Event{
		Kind: trace.Direction, Name: d.Name, Left: attributes(d), Text: text, Right: done.Failure, OK: done.Problem == "",
		Fuel: done.Fuel, Memory: done.Memory, Took: done.Took,
	})
}

// does has the effects of a direction, and returns those on the reply. They are good
// until the next direction.
func (s *stage) does(effects []Effect) []reply.Token {
	tokens := s.tokens[:0]
	for i := range effects {
		e := &effects[i]
		switch {
		case e.Set != "" && e.Set != "topic":
			s.Set(world.User, e.Set, e.Value)
		case e.Unset != "":
			s.Clear(world.User, e.Unset)
		case e.Topic != "":
			s.SwitchTopic(e.Topic)
		case e.Keep != nil:
			s.state.Keep(e.Keep.Plugin, e.Keep.Key, e.Keep.Value)
		case e.Token != nil:
			tokens = appendSaid(tokens, *e.Token)
		}
	}
	s.tokens = tokens
	return tokens
}

// isCore tells the directions of the language, which depend on nothing outside of the
// turn: they run again where others are repeated, and draw nothing.
func isCore(name string) bool { return strings.HasPrefix(name, world.Core+":") }

// direction runs a direction, or repeats what it did.
func (s *stage) direction(d world.Direction) Directed {
	if s.outside.replay != nil && !isCore(d.Name) {
		return s.outside.repeated(d)
	}
	if s.runner.settings.Directions == nil {
		return Directed{Name: d.Name, Problem: "it is not installed"}
	}
	if !isCore(d.Name) {
		s.outside.cues++
	}
	if s.variable == nil {
		s.variable = func(name string) (string, bool) { return s.Get(world.User, name) }
		s.kept = func(plugin string) map[string]string { return s.state.Kept[plugin] }
	}
	done := s.runner.settings.Directions.Direct(s.outside.ctx, Cue{
		Direction: d, Person: s.person, Now: s.now,
		Seed:     rand.NewPCG(s.outside.seed, s.outside.cues).Uint64(),
		Variable: s.variable, Kept: s.kept,
	})
	if err := s.outside.ctx.Err(); err != nil {
		s.outside.cut = err
	}
	done.Name = d.Name
	return done
}

// attributes are the attributes of a direction as they are shown in a trace, each
// value cut to a readable length.
func attributes(d world.Direction) string {
	var room [usualShown]byte
	b := room[:0]
	for i, a := range d.Attributes {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, a.Name...)
		if a.Value != "" {
			b = appendQuoted(append(b, '='), shortened(a.Value))
		}
	}
	return string(b)
}

// usualShown is the length of most attributes as they are shown, in bytes.
const usualShown = 128

// maxShown is how much of the value of an attribute a trace shows, in characters.
const maxShown = 80

// shortened is a text cut to maxShown.
func shortened(text string) string {
	n := 0
	for i := range text {
		if n == maxShown {
			return text[:i] + "…"
		}
		n++
	}
	return text
}

// instead is what stands in the place of a direction that failed: its fallback,
// or the error text (L-EXT-6).
func instead(d world.Direction, reason string) reply.Token {
	for _, a := range d.Attributes {
		if a.Name == "fallback" {
			return reply.Token{Kind: reply.Text, Text: a.Value}
		}
	}
	if isCore(d.Name) && strings.HasPrefix(reason, "[ERR: ") {
		return reply.Token{Kind: reply.Error, Text: reason}
	}
	return reply.Token{Kind: reply.Error, Text: "[DIRECTION_ERROR: " + d.Name + ": " + reason + "]"}
}

// appendSaid appends what a direction may say.
func appendSaid(tokens []reply.Token, t reply.Token) []reply.Token {
	switch t.Kind {
	case reply.Delay:
		t.Millis = min(max(t.Millis, 0), reply.MaxDelayMillis)
	case reply.Text:
		if t.Text == "" {
			return tokens
		}
	case reply.Send, reply.NoReply, reply.Shortcode:
	default:
		return tokens
	}
	return append(tokens, t)
}
