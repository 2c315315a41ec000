package interp

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
)

// desk is a World on maps. Its draws are those of rolls, then 0.
type desk struct {
	world.Alone

	meta            *ir.Meta
	vars            map[world.Scope]map[string]string
	inputs, replies []string
	last, whole     string
	spoke           bool
	topic           int
	rolls           []uint64
	drawn           []uint64 // the bounds of all draws
	events          []trace.Event
	log             []string // sets, clears and switches in order
}

func newDesk(meta *ir.Meta) *desk {
	return &desk{meta: meta, vars: map[world.Scope]map[string]string{world.User: {}, world.Bot: {}, world.Env: {}}}
}

func (d *desk) Get(s world.Scope, name string) (string, bool) {
	if s == world.User && name == "topic" {
		return d.meta.Topics[d.topic], true
	}
	v, ok := d.vars[s][name]
	return v, ok
}

func (d *desk) Set(s world.Scope, name, value string) {
	d.log = append(d.log, "set "+name+"="+value)
	if s == world.User && name == "topic" {
		d.SwitchTopic(value)
		return
	}
	d.vars[s][name] = value
}

func (d *desk) Clear(s world.Scope, name string) {
	d.log = append(d.log, "clear "+name)
	delete(d.vars[s], name)
}

func (d *desk) Math(op world.MathOp, name, operand string) string {
	d.log = append(d.log, "math "+name+" "+operand)
	if _, ok := world.Number(operand); !ok {
		return "[ERR: no number]"
	}
	d.vars[world.User][name] += operand
	return ""
}

func (d *desk) Input(n int) (string, bool) { return at(d.inputs, n) }
func (d *desk) Reply(n int) (string, bool) { return at(d.replies, n) }

func at(list []string, n int) (string, bool) {
	if n < 1 || n > len(list) {
		return "", false
	}
	return list[n-1], true
}

func (d *desk) LastReply() (part, whole string, ok bool) { return d.last, d.whole, d.spoke }
func (d *desk) ID() string                               { return "ann" }
func (d *desk) Topic() int                               { return d.topic }

func (d *desk) SwitchTopic(name string) {
	d.log = append(d.log, "topic "+name)
	d.topic = 0
	for i, t := range d.meta.Topics {
		if t == strings.ToLower(name) {
			d.topic = i
		}
	}
}

func (d *desk) Random(n uint64) uint64 {
	d.drawn = append(d.drawn, n)
	if len(d.rolls) == 0 {
		return 0
	}
	roll := d.rolls[0]
	d.rolls = d.rolls[1:]
	return roll % n
}

func (d *desk) Trace(e trace.Event) { d.events = append(d.events, e) }
