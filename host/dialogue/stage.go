package dialogue

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// Outcome is what came of one test.
type Outcome struct {
	Chat    string // path of the file
	Test    Test
	Skipped bool
	Failed  *ChatFailure // nil: passed
	Seed    uint64
}

// ChatFailure is the first thing in a test that was not as expected.
type ChatFailure struct {
	Step  ChatStep
	Want  string
	Got   string
	Talk  []string      // the conversation so far, as it would be written
	Trace []trace.Event // of the latest turn
}

// performance is one test while it runs.
type performance struct {
	talk     *Talk
	patience time.Duration
	bubbles  []reply.Part // delivered and not yet expected
	last     *reply.Part  // the bubble expected just before
	skipping bool         // after "< ...": bubbles that do not fit the next expectation pass
	result   turn.Result
	script   []string
}

// Play runs one test on a cast. With seed 0 the seed comes from file and name.
func (t Test) Play(ctx context.Context, path string, cast *Cast, settings bot.Settings, seed uint64) (Outcome, error) {
	out := Outcome{Chat: path, Test: t, Seed: seed}
	if t.Skip != "" {
		out.Skipped = true
		return out, nil
	}
	if seed == 0 {
		h := fnv.New64a()
		_, _ = h.Write([]byte(path + "\x00" + t.Name))
		out.Seed = h.Sum64()
	}
	p := &performance{patience: DefaultPatience, talk: &Talk{
		Runner: turn.New(cast.Script, settings.Turn(true)), Now: Start,
		Person: turn.Person{ID: "localuser", PageID: "0", Platform: Platform},
	}}
	if err := p.prepare(t.Given, &out, seed != 0); err != nil {
		return out, fmt.Errorf("%s:%d: %w", path, t.Line, err)
	}
	p.talk.Seed = out.Seed
	for _, step := range t.Steps {
		fault, err := p.do(ctx, step)
		if err != nil {
			return out, fmt.Errorf("%s:%d: %w", path, step.Line, err)
		}
		if fault != nil {
			out.Failed = p.failed(step, fault)
			return out, nil
		}
	}
	if fault := p.silent(); fault != nil {
		out.Failed = p.failed(ChatStep{Line: t.Line, Text: "(end of the test)"}, fault)
	}
	return out, nil
}

func (p *performance) failed(step ChatStep, f *ChatFailure) *ChatFailure {
	f.Step, f.Talk, f.Trace = step, p.script, p.result.Trace
	return f
}

func (p *performance) prepare(given []Pair, out *Outcome, fixedSeed bool) error {
	vars := map[string]any{}
	for _, pair := range given {
		switch {
		case pair.Key == "seed":
			n, err := strconv.ParseUint(pair.Value, 10, 64)
			if err != nil {
				return fmt.Errorf("given seed: %q is no whole number", pair.Value)
			}
			if !fixedSeed {
				out.Seed = n
			}
		case pair.Key == "patience":
			d, err := parseDuration(pair.Value)
			if err != nil {
				return fmt.Errorf("given patience: %w", err)
			}
			p.patience = d
		case pair.Key == "clock":
			at, err := time.Parse(time.RFC3339, pair.Value)
			if err != nil {
				return fmt.Errorf("given clock: %q is no time; write 2026-01-01T09:00:00Z", pair.Value)
			}
			p.talk.Now = at
		case strings.HasPrefix(pair.Key, "bot."):
			if p.talk.State.BotVars == nil {
				p.talk.State.BotVars = map[string]string{}
			}
			p.talk.State.BotVars[strings.TrimPrefix(pair.Key, "bot.")] = pair.Value
		default:
			vars[pair.Key] = pair.Value
		}
	}
	return p.talk.Set(vars)
}

func (p *performance) do(ctx context.Context, s ChatStep) (*ChatFailure, error) {
	switch s.Kind {
	case stepSay:
		return p.hear(ctx, s, turn.Event{Kind: turn.Text, Text: s.Value})
	case stepEvent:
		event, fault := p.event(s)
		if fault != nil {
			return fault, nil
		}
		return p.hear(ctx, s, event)
	case stepExpect:
		return p.expect(s), nil
	case stepMark:
		return p.mark(s), nil
	case stepState:
		return p.state(s.Value), nil
	default:
		if fault := p.silent(); fault != nil {
			return fault, nil
		}
		wait := s.Wait
		if s.Kind == stepWaitNext {
			next, ok := p.talk.Next()
			if !ok {
				return &ChatFailure{Want: "something that waits", Got: "nothing is outstanding"}, nil
			}
			wait = next
		}
		p.script = append(p.script, s.Text)
		bubbles, err := p.talk.Wait(ctx, wait)
		if err != nil {
			return nil, err
		}
		p.bubbles = append(p.bubbles, bubbles...)
		p.last = nil
		return nil, nil
	}
}

// hear lets the person act; whatever the bot said before must have been expected.
func (p *performance) hear(ctx context.Context, s ChatStep, e turn.Event) (*ChatFailure, error) {
	if fault := p.silent(); fault != nil {
		return fault, nil
	}
	p.script = append(p.script, s.Text)
	result, delivered, err := p.talk.Do(ctx, e)
	if err != nil {
		return nil, err
	}
	p.result, p.bubbles, p.last = result, delivered, nil
	return nil, nil
}

func (p *performance) event(s ChatStep) (turn.Event, *ChatFailure) {
	switch s.Value {
	case "tap":
		return p.tap(s.Args[0])
	case "get_started":
		return turn.Event{Kind: turn.GetStarted}, nil
	case "referral":
		return turn.Event{Kind: turn.Referral, Referral: &turn.Ref{Param: s.Args[0]}}, nil
	case "optin":
		return turn.Event{Kind: turn.OptIn, Referral: &turn.Ref{Param: s.Args[0]}}, nil
	case "attachment":
		return turn.Event{Kind: turn.Media, Media: []turn.Attachment{{Type: s.Args[0], URL: s.Args[1]}}}, nil
	default:
		return turn.Event{Kind: turn.Postback, Text: s.Args[0]}, nil
	}
}

// tap taps a quick reply that is shown: those of the latest part that has any,
// as long as nothing came after it.
func (p *performance) tap(title string) (turn.Event, *ChatFailure) {
	var labels []string
	if shown := p.talk.Shown(); len(shown) > 0 {
		labels = shown[len(shown)-1].Labels()
	}
	if i := slices.Index(labels, title); i >= 0 && len(labels) <= reply.MaxQuickReplies {
		return turn.Event{Kind: turn.QuickReply, Text: labels[i]}, nil
	}
	return turn.Event{}, &ChatFailure{Want: fmt.Sprintf("a quick reply %q to tap", title), Got: "shown are " + listed(labels)}
}

func listed(labels []string) string {
	if len(labels) == 0 {
		return "none"
	}
	return strings.Join(labels, " | ")
}

// silent is a failure when the bot said something that nobody expected.
func (p *performance) silent() *ChatFailure {
	if p.skipping {
		p.skipping, p.bubbles = false, nil
	}
	if len(p.bubbles) == 0 {
		return nil
	}
	return &ChatFailure{Want: "silence", Got: shown(p.bubbles[0])}
}

// shown is a bubble as a failure shows it.
func shown(part reply.Part) string {
	text := strings.ReplaceAll(part.Text, "\n", `\n`)
	for _, call := range part.Shortcodes {
		text += " ^" + call.Name
	}
	return strings.TrimSpace(text)
}

// next takes the next bubble, and lets time pass for it as far as patience goes.
func (p *performance) next() (reply.Part, bool) {
	for len(p.bubbles) == 0 {
		wait, ok := p.talk.Next()
		if !ok || wait > p.patience {
			return reply.Part{}, false
		}
		p.bubbles, _ = p.talk.Wait(context.TODO(), wait)
	}
	part := p.bubbles[0]
	return part, true
}

func (p *performance) take(part reply.Part, s ChatStep) {
	p.bubbles = p.bubbles[1:]
	p.last = &part
	p.script = append(p.script, s.Text)
}

func (p *performance) expect(s ChatStep) *ChatFailure {
	if s.Rest {
		p.script = append(p.script, s.Text)
		p.skipping = true
		return nil
	}
	part, ok := p.next()
	for p.skipping && ok && !p.fits(part, s) {
		p.bubbles = p.bubbles[1:]
		part, ok = p.next()
	}
	p.skipping = false
	if !ok {
		got := "nothing"
		if wait, waits := p.talk.Next(); waits {
			got = fmt.Sprintf("nothing for now; the next part comes in %s, patience is %s", wait, p.patience)
		}
		return &ChatFailure{Want: s.Text[1:], Got: got}
	}
	if !p.fits(part, s) {
		return &ChatFailure{Want: strings.TrimSpace(s.Text[1:]), Got: shown(part)}
	}
	p.take(part, s)
	return nil
}

func (p *performance) fits(part reply.Part, s ChatStep) bool {
	switch {
	case s.Any, s.OneOf == "-":
		return true
	case s.OneOf != "":
		return p.matchedAt(s.OneOf)
	case s.Match != nil:
		return s.Match(part.Text)
	default:
		return strings.TrimRight(norm.NFC.String(s.Value), " ") == strings.TrimRight(norm.NFC.String(part.Text), " ")
	}
}

// matchedAt tells whether the trigger at a place answered in the latest turn.
func (p *performance) matchedAt(place string) bool {
	return slices.ContainsFunc(p.result.Trace, func(e trace.Event) bool {
		return e.Kind == trace.Matched && fmt.Sprintf("%s:%d", e.File, e.Line) == place
	})
}

func (p *performance) state(facts string) *ChatFailure {
	for _, fact := range strings.Split(facts, ";") {
		fact = strings.TrimSpace(fact)
		word, rest, _ := strings.Cut(fact, " ")
		rest = strings.TrimSpace(rest)
		switch word {
		case "topic":
			if got := p.talk.State.Topic; got != rest {
				return &ChatFailure{Want: "topic " + rest, Got: "topic " + got}
			}
		case "set":
			name, want, _ := strings.Cut(rest, "=")
			name, want = strings.TrimSpace(name), strings.TrimSpace(want)
			if got := p.variable(name); got != want {
				return &ChatFailure{Want: fmt.Sprintf("%s = %s", name, want), Got: got}
			}
		case "unset":
			if raw, ok := p.talk.State.Vars[rest]; ok {
				return &ChatFailure{Want: rest + " unset", Got: session.TextOf(raw)}
			}
		case "pending":
			if got := strconv.Itoa(p.talk.Pending()); got != rest {
				return &ChatFailure{Want: "pending " + rest, Got: "pending " + got}
			}
		case "trigger":
			if !p.matchedAt(rest) {
				return &ChatFailure{Want: "the trigger at " + rest, Got: "another one"}
			}
		default:
			return &ChatFailure{Want: "topic, set, unset, pending or trigger", Got: fact}
		}
	}
	return nil
}

func (p *performance) variable(name string) string {
	value, ok := turn.Variable(p.talk.State, name)
	if !ok {
		return "undefined"
	}
	return value
}
