package sandbox

import (
	"context"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// hostFunc is a host function: s holds its parameters, and then its result.
type hostFunc struct {
	name            string
	params, results string // one letter a value: i for i32, l for i64
	run             func(c *call, m api.Module, s []uint64)
}

// hostFuncs are what a script may ask of its host; see the imports in package emit.
var hostFuncs = []hostFunc{
	{emit.ImportTopic, "", "i", func(c *call, _ api.Module, s []uint64) { s[0] = c.topic() }},
	{emit.ImportSwitchTopic, "ii", "", func(c *call, m api.Module, s []uint64) {
		c.world.SwitchTopic(strings.TrimSpace(c.text(m, s[0], s[1])))
	}},
	{emit.ImportGet, "iiiii", "i", func(c *call, m api.Module, s []uint64) {
		value, ok := c.world.Get(world.Scope(s[0]), c.name(m, s[1:]))
		s[0] = c.writeOr(m, value, ok, s[3], s[4])
	}},
	{emit.ImportSet, "iiiii", "", func(c *call, m api.Module, s []uint64) {
		c.world.Set(world.Scope(s[0]), c.name(m, s[1:]), c.name(m, s[3:]))
	}},
	{emit.ImportClear, "iii", "", func(c *call, m api.Module, s []uint64) {
		c.world.Clear(world.Scope(s[0]), c.name(m, s[1:]))
	}},
	{emit.ImportMath, "iiiiiii", "i", func(c *call, m api.Module, s []uint64) {
		s[0] = c.once(m, s[5], s[6], func() ([]byte, bool) {
			problem := c.world.Math(world.MathOp(s[0]), c.name(m, s[1:]), c.name(m, s[3:]))
			return []byte(problem), problem != ""
		})
	}},
	{emit.ImportHistory, "iiii", "i", func(c *call, m api.Module, s []uint64) {
		line, ok := c.line(s[0], s[1])
		s[0] = c.writeOr(m, line, ok, s[2], s[3])
	}},
	{emit.ImportID, "ii", "i", func(c *call, m api.Module, s []uint64) {
		s[0] = c.write(m, c.world.ID(), s[0], s[1])
	}},
	{emit.ImportLastReply, "iii", "i", lastReply},
	{emit.ImportValue, "iiiiii", "i", func(c *call, m api.Module, s []uint64) {
		s[0] = writeBytes(m, c.value(m, s), s[4], s[5])
	}},
	{emit.ImportNormalise, "iiii", "l", normalise},
	{emit.ImportRandom, "l", "l", func(c *call, _ api.Module, s []uint64) { s[0] = c.world.Random(max(s[0], 1)) }},
	{emit.ImportCompare, "iiiiiii", "i", compare},
	{emit.ImportDelay, "ii", "i", func(c *call, m api.Module, s []uint64) {
		s[0] = uint64(world.Millis(c.text(m, s[0], s[1])))
	}},
	{emit.ImportFlatten, "iiii", "i", flattened},
	{emit.ImportTrace, "iiiiiiii", "", traced},
	{emit.ImportTick, "", "i", func(c *call, _ api.Module, s []uint64) { s[0] = uint64(c.tick()) }},
	{emit.ImportCheck, "iiii", "i", checked},
	{emit.ImportFetch, "iiii", "i", fetched},
	{emit.ImportData, "iiii", "i", func(c *call, m api.Module, s []uint64) {
		s[0] = c.write(m, c.world.Data(c.text(m, s[0], s[1])), s[2], s[3])
	}},
	{emit.ImportMacro, "iiiii", "i", ranMacro},
	{emit.ImportDirect, "iiii", "i", directed},
	{emit.ImportLimit, "i", "", func(c *call, _ api.Module, s []uint64) { c.stop(uint32(s[0])) }},
}

// instantiateHost gives a runtime the host functions, none of them by reflection.
func instantiateHost(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(emit.HostModule)
	for _, f := range hostFuncs {
		run, params := f.run, f.params
		b.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(ctx context.Context, m api.Module, s []uint64) {
			for i := range params { // the upper half of an i32 may hold anything
				if params[i] == 'i' {
					s[i] &= 0xffffffff
				}
			}
			run(ctx.(*call), m, s)
		}), types(f.params), types(f.results)).Export(f.name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

func types(letters string) []api.ValueType {
	t := make([]api.ValueType, len(letters))
	for i := range letters {
		t[i] = api.ValueTypeI32
		if letters[i] == 'l' {
			t[i] = api.ValueTypeI64
		}
	}
	return t
}

// topic is the number of the current topic. The module trusts it.
func (c *call) topic() uint64 {
	n, count := c.world.Topic(), len(c.module.meta.Topics)+1 // ir.Bypass
	if n < 0 || n >= count {
		panic(fmt.Errorf("the person is in topic %d of %d", n, count))
	}
	return uint64(n)
}

// line is a line of history, or a text that was kept with a reminder.
func (c *call) line(kind, n uint64) (string, bool) {
	if kind != emit.HistoryHeld {
		return c.history(kind == emit.HistoryReply, n)
	}
	if n < 1 || n > uint64(len(c.held)) {
		return "", true
	}
	return c.held[n-1], true
}

func (c *call) history(replies bool, n uint64) (string, bool) {
	if replies {
		return c.world.Reply(int(n))
	}
	return c.world.Input(int(n))
}

// lastReply gives the last part or the whole last reply, normalised, with its classes.
func lastReply(c *call, m api.Module, s []uint64) {
	text, whole, ok := c.world.LastReply()
	if !ok {
		s[0] = none
		return
	}
	if s[0] == emit.LastWhole {
		text = whole
	}
	b := c.scratch.LastReply(c.module.words, text)
	size := uint64(2*len(b) + 1)
	if size <= s[2] {
		buf := read(m, s[1], size)
		message.Classify(buf[copy(buf, b):], b)
	}
	s[0] = size
}

// value reads what stands in a pattern for a variable or a line of history (L-TRIG-6).
func (c *call) value(m api.Module, s []uint64) []byte {
	words := c.module.words
	switch kind := ir.DynamicKind(s[0]); kind {
	case ir.InputLine:
		return c.scratch.Value(words, orUndefined(c.history(false, s[3])))
	case ir.ReplyLine:
		return c.scratch.ReplyValue(words, orUndefined(c.history(true, s[3])))
	case ir.BotVar:
		return c.scratch.Value(words, orUndefined(c.world.Get(world.Bot, c.text(m, s[1], s[2]))))
	default:
		return c.scratch.Value(words, orUndefined(c.world.Get(world.User, c.text(m, s[1], s[2]))))
	}
}

func orUndefined(s string, ok bool) string {
	if !ok {
		return "undefined"
	}
	return s
}

// normalise makes the forms of an internal text (L-RED-3).
func normalise(c *call, m api.Module, s []uint64) {
	forms := c.scratch.InternalForms(c.module.words, c.text(m, s[0], s[1]), c.module.meta.Kept)
	size, kept := formSize(forms.Plain), none
	if forms.Kept.Classes != nil {
		size += formSize(forms.Kept)
		kept = uint64(len(forms.Kept.String))
	}
	if uint64(size) <= s[3] {
		c.putForms(read(m, s[2], uint64(size)), s[2], forms)
	}
	s[0] = uint64(len(forms.Plain.String)) | kept<<32
}

// compare evaluates a condition.
func compare(c *call, m api.Module, s []uint64) {
	e := trace.Event{Kind: trace.Condition, Trigger: int(s[0]), N: int(s[1]), Left: c.name(m, s[3:]), Right: c.name(m, s[5:])}
	e.OK = world.Compare(ir.CompareOp(s[2]), e.Left, e.Right)
	c.world.Trace(e)
	s[0] = 0
	if e.OK {
		s[0] = 1
	}
}

// traced notes a step of the turn.
func traced(c *call, m api.Module, s []uint64) {
	c.world.Trace(trace.Event{
		Kind: trace.Kind(s[0]), Trigger: int(s[1]), N: int(s[2]), Of: int(s[3]),
		Text: c.text(m, s[4], s[5]), Captures: c.captured(m, s[6], s[7]),
	})
}

// flattened gives the text of an argument (L-EVAL-6).
func flattened(c *call, m api.Module, s []uint64) {
	text := reply.Flatten(c.decode(m, s), c.module.words.Person)
	clear(c.tokens)
	s[0] = c.write(m, text, s[2], s[3])
}

// checked tells what is wrong with a shortcode (L-SC-5).
func checked(c *call, m api.Module, s []uint64) {
	tokens := c.decode(m, s)
	bad := len(tokens) == 1 && tokens[0].Kind == reply.Error
	problem := ""
	if bad {
		problem = tokens[0].Text
	}
	clear(c.tokens)
	s[0] = c.writeOr(m, problem, bad, s[2], s[3])
}

// decode reads tokens that the module has written. The list is good until it is
// cleared.
func (c *call) decode(m api.Module, s []uint64) []reply.Token {
	tokens, err := reply.AppendTokens(c.tokens[:0], read(m, s[0], s[1]))
	if err != nil {
		panic(err)
	}
	c.tokens = tokens
	return tokens
}
