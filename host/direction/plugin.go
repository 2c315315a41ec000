package direction

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/fetch"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Engine runs the code of one plug-in, whatever it is written in. It is safe for
// concurrent use.
type Engine interface {
	// Call has the plug-in run. The error is one of package plugin's failures, or what the
	// stage or the context ended the call with; the plug-in's own error is in the output.
	// The input is the caller's again when it returns.
	Call(ctx context.Context, input []byte, stage plugin.Stage, b plugin.Budget) (output string, used plugin.Usage, err error)
	// Close waits for the calls that run.
	Close(ctx context.Context) error
}

// Plugin is one plug-in of a bot, with what it was granted. It is safe for concurrent use.
type Plugin struct {
	Name     string
	File     string            // in the bot's folder
	Sum      [sha256.Size]byte // of its code
	Manifest *Manifest
	Notes    []string // what its author or the owner should know: "imports http without asking for it"

	grants  Grants
	engine  Engine
	client  *fetch.Client // nil when no host is granted
	secret  func(name string) (string, bool)
	budget  plugin.Budget
	breaker breaker
	stages  sync.Pool // of stages that nobody stands on
}

// Wish is a capability that a plug-in wants, with what became of it.
type Wish struct {
	Want
	Granted bool
	Cure    string // the line of [plugins.NAME] that would grant it, or set what is not set
}

// State is what became of a wish, in words: granted, not granted, or not set.
func (w Wish) State() string {
	switch {
	case !w.Granted:
		return "not granted"
	case w.Cure != "":
		return "not set"
	}
	return "granted"
}

// Wishes are what the plug-in wants, in the order of its manifest. A capability of
// which only a part was granted is there twice.
func (p *Plugin) Wishes() []Wish {
	var out []Wish
	for _, w := range p.Manifest.Wants {
		if w.Capability == abi.CapConfig {
			out = append(out, p.settings(w)...)
			continue
		}
		missing := p.grants.missing([]Want{w})
		granted := w
		if len(missing) > 0 {
			granted.Items = nil
			for _, item := range w.Items {
				if p.grants.covers(w.Capability, item) {
					granted.Items = append(granted.Items, item)
				}
			}
		}
		if len(missing) == 0 || len(granted.Items) > 0 {
			out = append(out, Wish{Want: granted, Granted: true})
		}
		for _, m := range missing {
			out = append(out, Wish{Want: m, Cure: p.cure(m)})
		}
	}
	return out
}

// settings are what the owner can write for the plug-in: what is written, and what is not.
func (p *Plugin) settings(w Want) []Wish {
	var written, open []string
	for _, item := range w.Items {
		if _, ok := p.grants.Config[item]; ok {
			written = append(written, item)
		} else {
			open = append(open, item)
		}
	}
	var out []Wish
	if len(written) > 0 {
		out = append(out, Wish{Want: Want{Capability: w.Capability, Items: written, Reason: w.Reason}, Granted: true})
	}
	if len(open) > 0 {
		w.Items = open
		out = append(out, Wish{Want: w, Granted: true, Cure: p.cure(w)})
	}
	return out
}

// cure is how a want is granted.
func (p *Plugin) cure(w Want) string {
	c, _ := abi.CapabilityNamed(w.Capability)
	return exampleOf(c, w.Items...)
}

// Links are the tags of the plug-in as the compiler knows them.
func (p *Plugin) Links() []link.Direction {
	var missing []link.Permission
	for _, w := range p.grants.missing(p.Manifest.Wants) {
		missing = append(missing, link.Permission{
			What: strings.Join(append([]string{w.Capability}, w.Items...), " ") + " (" + strconv.Quote(w.Reason) + ")",
			Cure: fmt.Sprintf("add it to [plugins.%s] of bot.toml: %s.", p.Name, p.cure(w)),
		})
	}
	links := make([]link.Direction, len(p.Manifest.Directions))
	for i := range p.Manifest.Directions {
		d := &p.Manifest.Directions[i]
		links[i] = link.Direction{Plugin: p.Name, Name: d.Name, Block: d.Form == abi.FormBlock, Missing: missing}
		for j := range d.Attributes {
			links[i].Parameters = append(links[i].Parameters, d.Attributes[j].parameter())
		}
	}
	return links
}

// The kinds of failure, as traces name them.
const (
	failedItself = "error"      // the direction says so itself
	failedValue  = "value"      // an attribute is not of its kind
	failedTrap   = "trap"       // its code went wrong
	failedLimit  = "limit"      // it used up what it was given
	failedGrant  = "permission" // it did what was not granted
	failedRests  = "rests"      // it went wrong too often
	failedHost   = "host"       // the host could not do its part
)

// run runs a direction of the plug-in.
func (p *Plugin) run(ctx context.Context, d *Declaration, cue turn.Cue, values Values) turn.Directed {
	person := ""
	if p.grants.has(abi.CapPerson) {
		person = cue.Person.ID
	}
	s := p.enter(ctx, cue, values)
	defer p.exit(s)
	var err error
	if s.input, err = d.input(s.input[:0], cue.Direction, person); err != nil {
		return turn.Directed{Problem: err.Error(), Failure: failedValue}
	}
	if !p.breaker.allows(cue.Now) {
		return turn.Directed{Problem: fmt.Sprintf("it went wrong %d times in a row and rests", maxFailures), Failure: failedRests}
	}
	output, used, err := p.engine.Call(ctx, s.input, s, p.budget)
	done := turn.Directed{Took: used.Took, Fuel: used.Fuel, Memory: used.Memory, Log: s.log}
	if s.dropped > 0 {
		done.Log = append(done.Log, turn.Logged{Level: levels[abi.LevelWarn], Text: fmt.Sprintf("%d more lines", s.dropped)})
	}
	var effects []turn.Effect
	if err == nil {
		effects, err = s.outcome(d, output)
	}
	if err == nil {
		done.Effects = effects
	}
	if ctx.Err() == nil { // a turn that was given up says nothing about the plug-in
		p.report(&done, err, cue.Now)
	} else {
		p.breaker.abandon()
	}
	return done
}

// enter lends a stage for a call.
func (p *Plugin) enter(ctx context.Context, cue turn.Cue, values Values) *stage {
	s, ok := p.stages.Get().(*stage)
	if !ok {
		s = new(stage)
	}
	s.ctx, s.plugin, s.cue, s.values = ctx, p, cue, values
	return s
}

// exit takes a stage back. What the call has done and logged stays with the turn.
func (p *Plugin) exit(s *stage) {
	*s = stage{input: s.input}
	p.stages.Put(s)
}

// ownError is the failure that a direction tells of itself.
type ownError string

func (e ownError) Error() string { return string(e) }

// outcome is what a call does that has ended well.
func (s *stage) outcome(d *Declaration, output string) ([]turn.Effect, error) {
	o, err := readOutcome(output)
	switch {
	case err != nil:
		return nil, err
	case o.Error != "" && s.plugin.grants.all: // a text of the language
		return nil, ownError(o.Error)
	case o.Error != "":
		return nil, ownError(shortReason(o.Error))
	case o.Text == "" || d.Form == abi.FormEffect:
		return s.effects, nil
	}
	if len(s.effects) == 0 { // as of most
		only := &text{token: reply.Token{Kind: reply.Text, Text: o.Text}}
		only.effects[0].Token = &only.token
		return only.effects[:], nil
	}
	return append(s.effects, token(reply.Token{Kind: reply.Text, Text: o.Text})), nil
}

// text is the one effect of a direction that only says something, in one piece of memory.
type text struct {
	effects [1]turn.Effect
	token   reply.Token
}

// report writes down how a call has ended, and lets the breaker know.
func (p *Plugin) report(done *turn.Directed, err error, now time.Time) {
	crashed := err != nil && fail(done, err)
	if p.breaker.report(now, crashed) {
		done.Log = append(done.Log, turn.Logged{Level: levels[abi.LevelWarn], Text: fmt.Sprintf("it went wrong %d times in a row and rests for %s", maxFailures, restTime)})
	}
}

// fail writes down how a call has failed. People read the reason in a few words; its
// author finds more in the log. It tells whether the plug-in went wrong.
func fail(done *turn.Directed, err error) (crashed bool) {
	var trap *plugin.Trap
	var limit *plugin.Limit
	var denied *plugin.Denied
	var own ownError
	switch {
	case errors.As(err, &own):
		done.Problem, done.Failure = own.Error(), failedItself
	case errors.As(err, &trap):
		done.Problem, done.Failure, crashed = trap.Error(), failedTrap, true
		for i, line := range strings.Split(trap.Stack, "\n") {
			if line = strings.TrimSpace(line); line != "" && i < maxStack {
				done.Log = append(done.Log, turn.Logged{Level: "stack", Text: line})
			}
		}
	case errors.As(err, &limit):
		done.Problem, done.Failure, crashed = limit.Error(), failedLimit, true
	case errors.As(err, &denied):
		done.Problem, done.Failure = denied.Error(), failedGrant
	case errors.Is(err, errKept), errors.Is(err, plugin.ErrClosed):
		done.Problem, done.Failure = errKept.Error(), failedHost
	default:
		done.Problem, done.Failure = err.Error(), failedItself
	}
	return crashed
}

// maxStack is how many lines of a stack are shown.
const maxStack = 8

// Close frees the plug-in when its calls have ended.
func (p *Plugin) Close(ctx context.Context) error {
	if p.client != nil {
		p.client.Close()
	}
	return p.engine.Close(ctx)
}
