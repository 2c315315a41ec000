package interp

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// frame is the evaluation of one trigger that has won.
type frame struct {
	found
	topics []string // {topic=…} that wait (L-TAG-10)
	calls  []string // targets of redirects that wait, by the number of their note
}

// respond finds the trigger for a text and evaluates its reply: steps 4 to 9 of L-TURN-1.
func (r *run) respond(view int, heard message.Forms, previous bool) ([]reply.Token, error) {
	for {
		f := frame{found: r.find(view, heard, previous)}
		if f.trigger == ir.None {
			r.w.Trace(trace.Event{Kind: trace.Unmatched, Text: heard.Plain.String})
			return r.lone(r.p.Errors.NotMatched)
		}
		r.w.Trace(trace.Event{Kind: trace.Matched, Trigger: f.trigger, Captures: f.captures})
		t := &r.p.Triggers[f.trigger]
		if tokens, refused, err := r.ask(t, &f); refused || err != nil {
			return tokens, err
		}
		if t.Alias == ir.None {
			return r.choose(t, &f)
		}
		target, err := r.alias(t, &f)
		if err != nil {
			return nil, err
		}
		heard, previous = target, false
		if r.p.Meta.Triggers.At(f.trigger).Topic != ir.None {
			view = r.w.Topic()
		}
	}
}

// lone is an error text that takes the place of a reply.
func (r *run) lone(text string) ([]reply.Token, error) {
	t := r.problem(text)
	return []reply.Token{t}, r.measure(t)
}

// alias evaluates the target of an alias, and applies its topics (L-RED-1).
func (r *run) alias(t *ir.Trigger, f *frame) (message.Forms, error) {
	target, err := r.argument(f, t.Alias)
	if err != nil {
		return message.Forms{}, err
	}
	r.applyTopics(f)
	r.w.Trace(trace.Event{Kind: trace.Alias, Trigger: f.trigger, Text: target})
	return r.target(target)
}

// target counts a redirect and normalises where it leads (L-RED-3, L-RED-6).
func (r *run) target(text string) (message.Forms, error) {
	r.redirects++
	if r.redirects > ir.MaxRedirects {
		return message.Forms{}, errRecursion
	}
	return r.m.words.InternalForms(text, r.p.Meta.Kept), nil
}

// redirect is the reply to an inline redirect.
func (r *run) redirect(text string) ([]reply.Token, error) {
	r.w.Trace(trace.Event{Kind: trace.Redirect, Text: text})
	forms, err := r.target(text)
	if err != nil {
		return nil, err
	}
	return r.respond(r.w.Topic(), forms, false)
}

// choose takes the first true condition, else draws a reply (sections 13 and 14).
func (r *run) choose(t *ir.Trigger, f *frame) ([]reply.Token, error) {
	for n := range t.Conditions {
		c := &t.Conditions[n]
		holds, err := r.holds(c, f, n)
		if err != nil {
			return nil, err
		}
		if holds {
			return r.reply(f, c.Before, c.Reply)
		}
	}
	if len(t.Replies) == 0 {
		r.applyTopics(f)
		return r.lone(r.p.Errors.NotFound)
	}
	n := r.draw(t.Replies)
	r.w.Trace(trace.Event{Kind: trace.Reply, Trigger: f.trigger, N: n, Of: len(t.Replies)})
	return r.reply(f, t.Replies[n].Before, t.Replies[n].Func)
}

func (r *run) holds(c *ir.Condition, f *frame, n int) (bool, error) {
	left, err := r.argument(f, c.Left)
	if err != nil {
		return false, err
	}
	right, err := r.argument(f, c.Right)
	if err != nil {
		return false, err
	}
	left, right = strings.TrimSpace(left), strings.TrimSpace(right)
	ok := world.Compare(c.Op, left, right)
	r.w.Trace(trace.Event{Kind: trace.Condition, Trigger: f.trigger, N: n, Left: left, Right: right, OK: ok})
	return ok, nil
}

// draw picks a reply by weight (L-PICK-1). Nothing is drawn when there is only one.
func (r *run) draw(replies []ir.Reply) int {
	if len(replies) == 1 {
		return 0
	}
	var total uint64
	for i := range replies {
		total += uint64(replies[i].Weight)
	}
	left := r.w.Random(total)
	for i := range replies {
		weight := uint64(replies[i].Weight)
		if left < weight {
			return i
		}
		left -= weight
	}
	return len(replies) - 1
}

// reply evaluates a chosen reply: its tags, then its topics, then its redirects (L-EVAL-3).
func (r *run) reply(f *frame, before, fn int) ([]reply.Token, error) {
	if before != ir.None {
		first := output{r: r, f: f}
		if err := first.run(before); err != nil {
			return nil, err
		}
		r.applyTopics(f)
		if first.ok {
			if _, err := r.ok(); err != nil {
				return nil, err
			}
		}
	}
	out := output{r: r, f: f}
	if err := out.run(fn); err != nil {
		return nil, err
	}
	r.applyTopics(f)
	return r.splice(out.tokens, f.calls)
}

func (r *run) applyTopics(f *frame) {
	for _, topic := range f.topics {
		r.w.SwitchTopic(topic)
	}
	f.topics = nil
}

// note is a token that holds the place of a redirect: Millis is its number.
const note reply.Kind = 0

// splice runs the redirects that wait, and puts their replies in their places.
func (r *run) splice(tokens []reply.Token, calls []string) ([]reply.Token, error) {
	if len(calls) == 0 {
		return tokens, nil
	}
	var out []reply.Token
	for _, t := range tokens {
		if t.Kind != note {
			out = append(out, t)
			continue
		}
		inner, err := r.redirect(calls[t.Millis])
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}
