package main

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// listener is somebody who talks to a brain: what they say changes nothing, so that
// every turn is the first one, and what is measured is the script.
type listener struct {
	world.Alone
	vars, bot map[string]string
	last      string // what the bot said before
	scratch   message.Scratch
}

var _ world.World = (*listener)(nil)

func newListener(meta *ir.Meta, vars map[string]string) *listener {
	l := &listener{vars: vars, bot: map[string]string{}}
	for _, d := range meta.BotVars {
		l.bot[d.Name] = d.Value
	}
	return l
}

// Get implements world.World.
func (l *listener) Get(scope world.Scope, name string) (value string, ok bool) {
	switch scope {
	case world.User:
		value, ok = l.vars[name]
	case world.Bot:
		value, ok = l.bot[name]
	}
	return value, ok
}

// LastReply implements world.World.
func (l *listener) LastReply() (part, whole string, ok bool) { return l.last, l.last, l.last != "" }

// Reply implements world.World.
func (l *listener) Reply(n int) (string, bool) { return l.last, n == 1 && l.last != "" }

// Input implements world.World.
func (l *listener) Input(int) (string, bool) { return "", false }

// ID implements world.World.
func (l *listener) ID() string { return "1111111111111111" }

// Topic implements world.World.
func (l *listener) Topic() int { return 0 }

// Random implements world.World.
func (l *listener) Random(uint64) uint64 { return 0 }

// Set implements world.World.
func (l *listener) Set(world.Scope, string, string) {}

// Clear implements world.World.
func (l *listener) Clear(world.Scope, string) {}

// Math implements world.World.
func (l *listener) Math(world.MathOp, string, string) string { return "" }

// SwitchTopic implements world.World.
func (l *listener) SwitchTopic(string) {}

// Trace implements world.World.
func (l *listener) Trace(trace.Event) {}
