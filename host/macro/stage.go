package macro

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
)

// Stage is the turn in which macros run, as far as they may know and change it (L-JS-6).
type Stage interface {
	// ID is the person's id; Now and Random are the clock and the chance of the turn.
	ID() string
	Now() time.Time
	Random(n uint64) uint64
	// Value, Values, Store and Wipe are about user variables, "topic" among them, as
	// they are stored. Store clears what becomes null; Wipe leaves names with _ alone.
	Value(name string) (value json.RawMessage, ok bool)
	Values() map[string]json.RawMessage
	Store(name string, value json.RawMessage)
	Wipe()
	// Get and Set are those of world.World; BotVars are all bot variables.
	Get(scope world.Scope, name string) (value string, ok bool)
	Set(scope world.Scope, name, value string)
	BotVars() map[string]string
	// Matched are the texts of the triggers matched so far in this turn.
	Matched() []string
	// Freeze and Thaw keep a copy of variables, topic and history.
	Freeze()
	Thaw(action string) error
	// HTTPData are the answers of the turn (L-JS-5), a JSON object.
	HTTPData() json.RawMessage
	// Person applies the person substitutions.
	Person(text string) string
	Trace(e trace.Event)
}

// Bounds of what macros may write to the trace of a turn.
const (
	maxLogLines = 100
	maxLogBytes = 4096 // of one line
)

// unset is what a variable without value reads as.
const unset = "undefined"

// question reads what a macro asks: a name and parameters in JSON.
func (v *vm) question(args []uint32) (name string, params []json.RawMessage, err error) {
	if len(args) != 2 {
		return "", nil, fmt.Errorf("%w: a question has a name and parameters", errEngine)
	}
	texts := [2]string{}
	for i, h := range args { // the handles are the engine's to give back
		if texts[i], err = v.peek(h); err != nil {
			return "", nil, err
		}
	}
	if err := json.Unmarshal([]byte(texts[1]), &params); err != nil {
		return "", nil, fmt.Errorf("%w: parameters: %w", errEngine, err)
	}
	return texts[0], params, nil
}

// answer makes the answer to a question.
func (v *vm) answer(value any, problem string) (uint32, error) {
	a := struct {
		Value   any    `json:"value"`
		Problem string `json:"problem,omitempty"`
	}{value, problem}
	text, err := json.Marshal(a)
	if err != nil {
		return 0, err
	}
	return v.newString(string(text))
}

// first is the first parameter as a text.
func first(params []json.RawMessage) string { return nth(params, 0) }

func nth(params []json.RawMessage, n int) string {
	var s string
	if n < len(params) {
		_ = json.Unmarshal(params[n], &s) // what is no text counts as an empty one
	}
	return s
}

// Call implements sandbox.EngineHost.
func (t *Turn) Call(_ string, args []uint32) (uint32, error) {
	name, params, err := t.vm.question(args)
	if err != nil {
		return 0, err
	}
	if forUser[name] {
		if user := first(params); user != t.stage.ID() {
			return t.vm.answer(nil, fmt.Sprintf("rs.%s: %q is not the current user", name, user))
		}
		params = params[1:]
	}
	value, err := t.do(name, params)
	var stop *stopped
	switch {
	case errors.As(err, &stop):
		return 0, stop.cause
	case err != nil:
		return t.vm.answer(nil, err.Error())
	}
	return t.vm.answer(value, "")
}

// stopped is an error that ends the macro, and not an exception of it.
type stopped struct{ cause error }

func (s *stopped) Error() string { return s.cause.Error() }

// forUser are the calls whose first parameter must be the current user.
var forUser = map[string]bool{
	"getUservar": true, "setUservar": true, "getUservars": true, "clearUservars": true, "reply": true,
	"lastMatch": true, "initialMatch": true, "lastTriggers": true, "freezeUservars": true, "thawUservars": true,
}

// do does what a macro asks; the value is its answer.
func (t *Turn) do(name string, params []json.RawMessage) (any, error) {
	s := t.stage
	switch name {
	case "currentUser":
		return s.ID(), nil
	case "getUservar":
		return orUnset(s.Value(trimmed(params))), nil
	case "setUservar":
		var value json.RawMessage
		if len(params) > 1 {
			value = params[1]
		}
		s.Store(trimmed(params), value)
	case "getUservars":
		return s.Values(), nil
	case "clearUservars":
		s.Wipe()
	case "getBotvar":
		if value, ok := s.Get(world.Bot, trimmed(params)); ok {
			return value, nil
		}
		return unset, nil
	case "setBotvar":
		s.Set(world.Bot, trimmed(params), strings.TrimSpace(nth(params, 1)))
	case "getBotvars":
		return s.BotVars(), nil
	case "reply":
		return t.reply(first(params))
	case "lastMatch", "initialMatch", "lastTriggers":
		return matched(name, s.Matched()), nil
	case "freezeUservars":
		s.Freeze()
	case "thawUservars":
		return nil, s.Thaw(first(params))
	case "httpData":
		return s.HTTPData(), nil
	case "random":
		const bits = 53
		return float64(s.Random(1<<bits)) / (1 << bits), nil
	case "log":
		t.log(first(params))
	case "library":
		return library(first(params)), nil
	default:
		return nil, fmt.Errorf("the host knows no %q", name)
	}
	return nil, nil
}

func trimmed(params []json.RawMessage) string { return strings.TrimSpace(first(params)) }

func orUnset(value json.RawMessage, ok bool) any {
	if !ok {
		return unset
	}
	return value
}

func matched(which string, list []string) any {
	switch {
	case which == "lastTriggers":
		return append([]string{}, list...)
	case len(list) == 0:
		return unset
	case which == "initialMatch":
		return list[0]
	}
	return list[len(list)-1]
}

// reply runs a text as a redirect (L-JS-6). The clock of the macro stands still
// meanwhile.
func (t *Turn) reply(text string) (any, error) {
	a := t.running[len(t.running)-1]
	var began time.Time
	if t.set.clock != nil {
		began = t.set.clock.Now()
	}
	tokens, err := a.call.Reply(text)
	if t.set.clock != nil {
		a.deadline = a.deadline.Add(t.set.clock.Now().Sub(began))
	}
	switch {
	case err != nil:
		t.over = true
		return nil, &stopped{err}
	case t.vm.broken:
		return nil, &stopped{errBroken}
	}
	return reply.Notation(tokens, t.stage.Person), nil
}

// errBroken ends a macro whose machine was lost to a macro inside of it.
var errBroken = errors.New("a macro that it called by rs.reply was stopped")

// log writes a line of console.log to the trace.
func (t *Turn) log(text string) {
	t.logged++
	if t.logged > maxLogLines {
		return
	}
	if len(text) > maxLogBytes {
		text = strings.ToValidUTF8(text[:maxLogBytes], "") + "…"
	}
	t.stage.Trace(trace.Event{Kind: trace.Log, Name: t.running[len(t.running)-1].call.Name, Text: text})
}
