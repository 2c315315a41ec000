package sandbox

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// offered are the directions that scripts of these tests can call.
var offered = []link.Direction{
	{Name: "show", Parameters: []link.Parameter{{Name: "x"}, {Name: "y"}}},
	{Plugin: "shop", Name: "cart", Block: true, Parameters: []link.Parameter{{Name: "x"}}},
}

// Fetch writes down what is asked; whether an answer comes depends on the address.
func (p *person) Fetch(requests []world.Request) string {
	p.did("together %d", len(requests))
	for _, q := range requests {
		p.did("ask %s:%s %q %q", q.Method, q.Name, q.URL, q.Options)
		if strings.Contains(q.URL, "42") || strings.Contains(q.URL, "fail") {
			return "[REQ_RESPONSE_ERROR: " + q.URL + strings.Repeat("!", len(p.deeds)*40) + "]"
		}
	}
	return ""
}

// Data has something for most paths, long texts and script among it. It writes nothing
// down: a module whose memory is too short for an answer grows it and asks again.
func (p *person) Data(path string) string {
	switch {
	case strings.HasPrefix(path, "none"):
		return ""
	case strings.HasPrefix(path, "long"):
		return strings.Repeat("tea ", 2000)
	}
	return `"<set x=7>{topic=shop} ` + path
}

// Direct says a little of everything, as often as it was given something.
func (p *person) Direct(d world.Direction) []reply.Token {
	p.did("direct %+v", d)
	text := func(s string) reply.Token { return reply.Token{Kind: reply.Text, Text: s} }
	tokens := []reply.Token{text("{" + d.Name + "}" + strings.Repeat(d.Block, 3))}
	for _, a := range d.Attributes {
		switch {
		case strings.Contains(a.Value, "42"):
			tokens = append(tokens, reply.Token{Kind: reply.Error, Text: "[DIRECTION_ERROR: " + a.Value + "]"})
		case strings.Contains(a.Value, "7"):
			tokens = append(tokens, reply.Token{Kind: reply.Delay, Millis: 7000, NoCancel: true}, text(a.Name))
		case a.Value == "":
			tokens = append(tokens, reply.Token{Kind: reply.Send})
		default:
			tokens = append(tokens, reply.NewShortcode("card", []reply.RawArg{
				{Pieces: []reply.Piece{{Text: a.Value}}}, {Kind: reply.JSONArg, Pieces: []reply.Piece{{Text: `{"a":[]}`}}},
			}))
		}
	}
	return tokens
}

// TestOutside has both say and do the same about requests, answers and directions.
func TestOutside(t *testing.T) {
	const bot = `
+ one
$ GET https://a.example/<get x>/<star>
- [${{x}}] {@ two} ${{none}}
+ two
$ GET:a https://a.example/1
$ POST:b https://a.example/2 {"headers":{"K":"<bot n>"},"body":[<star>,"${{long}}"]}
$ GET:c https://a.example/3 {}
$ GET:d https://a.example/4
* ${{a.b}} != "" => {uppercase}${{a.b}}{/uppercase} ^card({"a":${{x}},"b":"${{x}}"})
- never
+ alias *
$ PUT https://a.example/<star>
@ two
+ down *
$ GET https://a.example/42{topic=shop}
$ GET https://a.example/never
- never
+ broken
$ GET https://a.example/first
$ FETCH nothing
- never
+ ask
- before <show x=a y="7 <star> <send>"> <show x=42 y> {formal}<shop:cart x="<get y>">in {uppercase}the{/uppercase} <send> block</shop:cart>{/formal}
+ set
- <set x=<show x=7>> <get x> {@ <show>} <set y=${{x}}><get y>
+ long
- ${{long}} <show x="${{long}}">
+ far
- {random}${{a}}|${{a}}{/random} (@few)
! array few = <show>|${{b}}
+ {uppercase}
- never
> topic shop
+ down again
- shop
< topic
`
	e := openEngines(t)
	x := e.trio(t, front(t, map[string]string{"default.topic": bot}, link.Settings{}, offered...))
	for seed, text := range []string{"one", "two", "alias bo", "alias 42", "down", "down now", "down again", "broken", "ask", "set", "long", "far", "far"} {
		x.say(t, text, uint64(seed))
	}
}

// TestRequestsTogether: those that stand for themselves are handed over together,
// and what they hold is as it was written (L-HTTP-3).
func TestRequestsTogether(t *testing.T) {
	const bot = `
+ *
$ GET:a https://a.example/<star>
$ GET:b https://b.example/ {"body":"<star>"}
$ GET:c https://c.example/${{a.x}}
$ GET:d https://d.example/
$ GET:e https://e.example/
$ GET:f https://f.example/<set x=1>
- done
`
	e := openEngines(t)
	x := e.trio(t, front(t, map[string]string{"default.topic": bot}, link.Settings{}))
	x.say(t, `say hi`, 1)
	want := []string{
		"together 2", `ask GET:a "https://a.example/say hi" ""`, `ask GET:b "https://b.example/" "{\"body\":\"say hi\"}"`,
		"together 1", `ask GET:c "https://c.example/\"<set x=7>{topic=shop} a.x" ""`,
		"together 2", `ask GET:d "https://d.example/" ""`, `ask GET:e "https://e.example/" ""`,
		`set 0 "x" "1"`, "together 1", `ask GET:f "https://f.example/" ""`,
	}
	for i, p := range x.people {
		if diff := cmp.Diff(want, p.deeds); diff != "" {
			t.Errorf("%s: %s", x.names[i], diff)
		}
	}
}

// TestLargeResultsComeOnce: a module that has no room for a result asks again, and
// the world must not be asked twice.
func TestLargeResultsComeOnce(t *testing.T) {
	e := openEngines(t)
	p := front(t, map[string]string{"default.topic": "+ *\n- " + strings.Repeat(`<show x="`+strings.Repeat("${{long}}", 7)+`">`, 3) + "\n"}, link.Settings{}, offered...)
	m := loaded(t, e.compiler, emitted(t, p))
	w := newPerson(m.Program(), 0)
	if _, err := m.Answer(context.Background(), w, message.New(p.Meta.Message).Forms("a", false)); err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, deed := range w.deeds {
		if strings.HasPrefix(deed, "direct ") {
			calls++
		}
	}
	if calls != 3 {
		t.Errorf("3 directions were called %d times", calls)
	}
}
