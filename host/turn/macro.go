package turn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

var _ macro.Stage = (*stage)(nil)

// Macro implements world.Outside.
func (s *stage) Macro(call world.Macro) (result, problem string, found bool) {
	if s.macros == nil {
		s.macros = s.runner.settings.Macros.Turn(s.outside.ctx, s)
	}
	result, problem, found = s.macros.Run(call)
	if problem != "" {
		problem = ir.MacroFailed(s.runner.meta.Dialect, problem)
	}
	if err := s.outside.ctx.Err(); err != nil {
		s.outside.cut = err
	}
	return result, problem, found
}

// Now implements macro.Stage.
func (s *stage) Now() time.Time { return s.now }

// Person implements macro.Stage.
func (s *stage) Person(text string) string { return s.runner.words.Person(text) }

// Value implements macro.Stage.
func (s *stage) Value(name string) (json.RawMessage, bool) {
	if name == "topic" {
		return quoted(s.state.Topic), true
	}
	if other, ok := aliases[name]; ok {
		name = other
	}
	value, ok := s.state.Vars[name]
	return value, ok
}

// Values implements macro.Stage.
func (s *stage) Values() map[string]json.RawMessage {
	all := cloneOrMake(s.state.Vars)
	all["topic"] = quoted(s.state.Topic)
	return all
}

// Store implements macro.Stage. Unlike scripts, macros may set names with _.
func (s *stage) Store(name string, value json.RawMessage) {
	null := len(value) == 0 || string(value) == "null"
	switch {
	case name == "topic":
		if !null { // L-TOP-3
			s.SwitchTopic(session.TextOf(value))
		}
		return
	case null:
		if s.has(name) {
			delete(s.vars(), name)
			s.Trace(trace.Event{Kind: trace.Set, Name: name})
		}
		return
	case !s.fits(name, session.TextOf(value)):
		return
	}
	s.vars()[name] = slices.Clone(value)
	s.Trace(trace.Event{Kind: trace.Set, Name: name, Text: session.TextOf(value), OK: true})
}

// fits tells whether a variable may get a value; if not, that is traced (section 28
// of the language). Variables of the host have a count of their own, so that macros
// cannot fill the session with them.
func (s *stage) fits(name, value string) bool {
	known, count := s.has(name), 0
	if !known {
		count = s.userVars()
		if strings.HasPrefix(name, "_") {
			count = len(s.state.Vars) - count
		}
	}
	return s.bounded(name, value, known, count)
}

// bounded holds a variable to the limits of its kind.
func (s *stage) bounded(name, value string, known bool, count int) bool {
	problem := ""
	switch {
	case len(value) > session.MaxValueBytes:
		problem = fmt.Sprintf("variable %s stays as it was: the new value has %d bytes, more than %d", name, len(value), session.MaxValueBytes)
	case len(name) > session.MaxValueBytes:
		problem = fmt.Sprintf("a variable was not set: its name has %d bytes, more than %d", len(name), session.MaxValueBytes)
		name = ""
	case !known && count >= session.MaxVariables:
		problem = fmt.Sprintf("variable %s was not set: this person has %d variables, which is the limit", name, session.MaxVariables)
	}
	if problem != "" {
		s.Trace(trace.Event{Kind: trace.Problem, Name: name, Text: problem})
	}
	return problem == ""
}

// shadow sets a bot or environment variable for this person (L-VAR-7).
func (s *stage) shadow(own map[string]string, name, value string) {
	if _, known := own[name]; s.bounded(name, value, known, len(own)) {
		own[name] = value
	}
}

// Wipe implements macro.Stage.
func (s *stage) Wipe() {
	for _, name := range slices.Sorted(maps.Keys(s.state.Vars)) {
		s.Clear(world.User, name)
	}
}

// BotVars implements macro.Stage.
func (s *stage) BotVars() map[string]string {
	all := maps.Clone(s.runner.bot)
	maps.Copy(all, s.state.BotVars)
	return all
}

// Matched implements macro.Stage. The begin block's triggers, which no message
// matches, do not count.
func (s *stage) Matched() []string {
	var texts []string
	for _, e := range s.trace {
		if e.Kind != trace.Matched {
			continue
		}
		if t := s.runner.meta.Triggers.At(e.Trigger); t.Topic != ir.None {
			texts = append(texts, t.Text)
		}
	}
	return texts
}

// Freeze implements macro.Stage.
func (s *stage) Freeze() { s.state.Freeze() }

// Thaw implements macro.Stage.
func (s *stage) Thaw(action string) error {
	if err := s.state.Thaw(action); err != nil {
		return err
	}
	s.owned.vars = false // it may be another map now
	s.stand(s.state.Topic)
	return nil
}

// HTTPData implements macro.Stage: the keys of the unnamed answer, then the named
// answers under their names (L-JS-5).
func (s *stage) HTTPData() json.RawMessage {
	b := bytes.NewBufferString("{")
	if unnamed := s.outside.answers[""]; unnamed != nil {
		if data := unnamed.data(); data[0] == '{' {
			b.Write(bytes.TrimSpace(data[1 : len(data)-1]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.outside.answers)) {
		if name == "" {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(quoted(name))
		b.WriteByte(':')
		b.Write(s.outside.answers[name].data())
	}
	b.WriteByte('}')
	return b.Bytes()
}

// data is an answer as JSON. What is no JSON has only its status and its text (L-HTTP-6).
func (a *answer) data() []byte {
	if a.root != nil {
		return a.root.raw
	}
	return fmt.Appendf(nil, `{"__status":%d,"__text":%s}`, a.status, quoted(a.text))
}
