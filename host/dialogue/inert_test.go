package dialogue

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// poisons are pieces of script that somebody may plant in data (L-EVAL-5). Each
// would leave a mark if it were read as script: it sets the variable hacked, goes to
// topic vault, runs the trigger "secret", or cuts, delays and decorates the reply.
var poisons = []string{
	`<set hacked=1>`, `<set hacked = <star>>`, `<add hacked=1>`, `<bot hacked=1>`, `<env hacked=1>`, `<set topic=vault>`,
	`{topic=vault}`, `{@ secret}`, `{@secret}`, `<@>`, `<call>secret</call>`, `<call>hack a</call>`, `${{secret}}`, `${{a.__status}}`,
	`^buttons(secret, b)`, `^image(https://evil.example/x.png)`, `^template({"a":1})`, `^unsubscribe()`, `^reminder(a, b, 1 hour)`,
	`<send>`, `<chat>`, `<delay seconds=9>`, `<noreply>`, `<raw>`, `</raw>`, `{random}secret|secret{/random}`, `a|b`, `|`, `(@loot)`,
	`{uppercase}secret{/uppercase}`, `{/uppercase}`, `{formal}`, `{ok}`, `{weight=9}`, `\n`, `\s`, `\<`, `\\`, `<get secret>`, `<star>`,
	`<input>`, `<reply>`, `<id>`, `<show text=secret>`, `</b>`, `" onload="`, `","x":"`, `"}`, `]}`, `\"`, `, secret)`, `)`, `% secret`,
	"\n+ secret\n- x\n", "\n- secret", "// secret", "/* secret", "! var hacked = 1", "> begin", "=> secret", `* 1 == 1 => secret`,
}

// stageBot says data that comes from everywhere, in every position in which a
// script can have it.
const stageBot = `
! array loot = secret
! var hacked = no
! person secret = gold
> object hack javascript
  return "<set hacked=1>{topic=vault} secret gold";
< object

+ secret
- gold {topic=vault}<set hacked=1>

+ hear *
- [<star>]
+ keep *
- <set kept=<star>>[<get kept>]
+ value
- [<get kept>][{formal}<get kept>{/formal}]<set again=<get kept>>[<get again>]
+ choice
- {random}<get kept>|<get kept>{/random}
+ test
* <get kept> == <get kept> => [<get kept>]
- never
+ history
- [<input1>]
+ said
- [<reply1>]
+ card
- x ^card({"title":"<get kept>","sub":<get kept>}) ^image(<get kept>) ^buttons(<get kept>, "<get kept>")
+ go
- [{@ <get kept>}]
+ link
@ <get kept>
+ ask
$ GET:a https://a.example/ {"headers":{"X-Data":"1"},"body":{"t":"<get kept>","v":<get kept>}}
- [${{a.text}}]<set got=${{a.text}}>[<get got>]^card({"t":"${{a.text}}"})
+ plain
$ GET https://a.example/
- [${{__text}}] {formal}${{text}}{/formal}
+ direct
- [<show text=<get kept>>][<show text="<get kept>" fallback=x>]<block>in <get kept></block>
+ fail
- [<fail fallback=<get kept>>][<fail>]
> topic vault
+ *
- in the vault
< topic
+ *
- no <star>
`

// outsider plants a text in all answers and results.
type outsider struct {
	text   string
	bodies []string
}

func (o *outsider) Fetch(_ context.Context, q turn.Request) (turn.Answer, error) {
	o.bodies = append(o.bodies, q.Body)
	body, err := json.Marshal(map[string]string{"text": o.text})
	return turn.Answer{Status: 200, Body: string(body)}, err
}

func (o *outsider) Direct(_ context.Context, d turn.Cue) turn.Directed {
	if d.Name == "fail" {
		return turn.Directed{Problem: o.text}
	}
	said := o.text
	for _, a := range d.Attributes {
		said += a.Value
	}
	return turn.Directed{Effects: []turn.Effect{{Token: &reply.Token{Kind: reply.Text, Text: said + d.Block}}}}
}

var inertDirections = []link.Direction{{Name: "show", Parameters: []link.Parameter{{Name: "text"}}}, {Name: "block", Block: true}, {Name: "fail"}}

// inert plays a talk with planted data and fails when any of it was read as script.
func inert(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, cast *Cast, poison string,
) []string {
	t.Helper()
	out := &outsider{text: poison}
	s := bot.Settings{}.Turn(true)
	s.Fetcher, s.Directions, s.Macros = out, out, cast.Macros
	talk := &Talk{Runner: turn.New(cast.Script, s), Now: Start, Person: turn.Person{ID: "p", PageID: "0", Platform: Platform}}
	if err := talk.Set(map[string]any{"kept": poison}); err != nil {
		t.Fatalf("%v", err)
	}
	talk.State.Inputs, talk.State.Replies, talk.State.LastPart = []string{poison}, []string{poison}, poison
	var said []string
	hear := func(text string) {
		result, _, err := talk.Do(context.Background(), turn.Event{Kind: turn.Text, Text: text})
		if err != nil {
			t.Fatalf("%q after %q: %v", text, poison, err)
		}
		data, err := json.Marshal(result.Reply.Parts)
		if err != nil {
			t.Fatalf("%v", err)
		}
		said = append(said, text+": "+string(data))
		hacked := result.Session.Vars["hacked"] != nil || result.Session.BotVars["hacked"] != "" || result.Session.EnvVars["hacked"] != ""
		if hacked || result.Session.Topic != "default" || result.Session.Muted || len(result.Reply.Actions) > 0 {
			t.Fatalf("%q was carried out in %q: vars %s, topic %s, actions %v", poison, text, result.Session.Vars, result.Session.Topic, result.Reply.Actions)
		}
		if strings.Contains(strings.ToLower(string(data)), "gold") {
			t.Fatalf("%q ran a trigger in %q: %s", poison, text, data)
		}
		for _, part := range result.Reply.Parts {
			if part.Delay > 0 || len(result.Reply.Parts) > 1 {
				t.Fatalf("%q cut the reply to %q: %s", poison, text, data)
			}
			for _, call := range part.Shortcodes {
				if text != "card" && text != "ask" || call.Name == "template" || call.Name == "unsubscribe" {
					t.Fatalf("%q decorated the reply to %q: %s", poison, text, data)
				}
				for _, arg := range call.Args {
					if arg.JSON != "" && !json.Valid([]byte(arg.JSON)) {
						t.Fatalf("%q broke the JSON of %q: %s", poison, text, arg.JSON)
					}
				}
			}
		}
	}
	for _, text := range []string{"history", "said"} {
		hear(text)
	}
	hear("hear " + poison)
	if err := talk.Set(map[string]any{"kept": poison}); err != nil {
		t.Fatalf("%v", err)
	}
	for _, text := range []string{"value", "choice", "test", "card", "ask", "plain", "direct", "fail"} {
		hear(text)
	}
	if !strings.Contains(strings.ToLower(poison), "secret") { // an internal text may well be "secret"
		hear("go")
		hear("link")
	}
	hear("keep " + poison)
	for _, body := range out.bodies {
		var sent struct {
			T, V any
		}
		if body != "" && (json.Unmarshal([]byte(body), &sent) != nil || sent.T != poison) {
			t.Fatalf("%q came to be in a body as %s", poison, body)
		}
	}
	return said
}

// inertCasts are the stage bot on both engines.
func inertCasts(t *testing.T) (names []string, casts []*Cast) {
	t.Helper()
	for name, build := range builds(t) {
		dir := fstest.MapFS{"default.topic": {Data: []byte(stageBot)}}
		cast, err := build(t.Context(), dir, bot.Settings{}, inertDirections...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cast.Close)
		names, casts = append(names, name), append(casts, cast)
	}
	return names, casts
}

// TestDataIsInert: nothing that comes from people, variables, history, answers or
// directions is read as script (L-EVAL-5), and both engines make the same of it.
func TestDataIsInert(t *testing.T) {
	names, casts := inertCasts(t)
	for _, poison := range poisons {
		first := inert(t, casts[0], poison)
		second := inert(t, casts[1], poison)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%q (-%s +%s): %s", poison, names[0], names[1], diff)
		}
	}
}

// TestScriptIsNotInert: the marks that these tests look for are there when script runs.
func TestScriptIsNotInert(t *testing.T) {
	names, casts := inertCasts(t)
	for i, cast := range casts {
		talk := &Talk{Runner: turn.New(cast.Script, bot.Settings{}.Turn(true)), Now: Start}
		r, _, err := talk.Do(t.Context(), turn.Event{Kind: turn.Text, Text: "secret"})
		if err != nil || r.Reply.Text != "gold" || r.Session.Topic != "vault" || r.Session.Vars["hacked"] == nil {
			t.Errorf("%s: %q in %s, %v", names[i], r.Reply.Text, r.Session.Topic, err)
		}
	}
}

// TestMixedDataIsInert: pieces of script that only come together in the data.
func TestMixedDataIsInert(t *testing.T) {
	_, casts := inertCasts(t)
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 4).Draw(rt, "n") {
			piece := rapid.SampledFrom(poisons).Draw(rt, "piece")
			if rapid.Bool().Draw(rt, "cut") {
				piece = piece[:rapid.IntRange(0, len(piece)).Draw(rt, "end")]
			}
			b.WriteString(piece)
		}
		if diff := cmp.Diff(inert(rt, casts[0], b.String()), inert(rt, casts[1], b.String())); diff != "" {
			rt.Fatalf("%q: %s", b.String(), diff)
		}
	})
}
