package turn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// fake is a script whose triggers are exact texts; the trigger "*" takes the rest.
type fake struct {
	meta    ir.Meta
	answers []func(world.World) []reply.Token
	fires   []func(w world.World, held []string) []reply.Token // of the deferred scripts
	err     error
}

func script(t *testing.T, topics ...string) *fake {
	t.Helper()
	return &fake{meta: ir.Meta{Dialect: "dexter", Topics: topics, Files: []string{"a.topic"}}}
}

func (f *fake) on(text string, class int, answer func(world.World) []reply.Token) *fake {
	f.meta.Triggers.Add(ir.TriggerInfo{Text: text, Class: class, Loc: ir.Loc{Line: len(f.answers) + 1}})
	f.answers = append(f.answers, answer)
	return f
}

// says answers with a text.
func says(text string) func(world.World) []reply.Token {
	return func(world.World) []reply.Token { return []reply.Token{{Kind: reply.Text, Text: text}} }
}

// does answers with nothing after an effect.
func does(effect func(world.World)) func(world.World) []reply.Token {
	return func(w world.World) []reply.Token { effect(w); return nil }
}

func (f *fake) Program() *ir.Meta { return &f.meta }

func (f *fake) Probe(_ context.Context, _ world.World, m message.Forms) (int, error) {
	for i, t := range f.meta.Triggers.All() {
		if t.Text == m.Plain.String || t.Text == "*" {
			return i, f.err
		}
	}
	return ir.None, f.err
}

func (f *fake) Answer(ctx context.Context, w world.World, m message.Forms) ([]reply.Token, error) {
	n, err := f.Probe(ctx, w, m)
	if n == ir.None || err != nil {
		return nil, err
	}
	w.Trace(trace.Event{Kind: trace.Matched, Trigger: n})
	return f.answers[n](w), nil
}

func (f *fake) Fire(_ context.Context, w world.World, n int, held []string) ([]reply.Token, error) {
	return f.fires[n](w, held), f.err
}

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// take runs one event on a session and fails the test when the turn fails.
func take(t *testing.T, f *fake, s session.State, e Event) Result {
	t.Helper()
	result, err := New(f, Settings{}).Run(t.Context(), Input{Event: e, Session: s, Person: Person{ID: "7", PageID: "9", Platform: "test"}, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func vars(s session.State) map[string]string {
	out := map[string]string{}
	for name, raw := range s.Vars {
		out[name] = session.TextOf(raw)
	}
	return out
}

func TestTurnRecordsMessageAndReply(t *testing.T) { // L-TURN-1 step 11, L-HIST-2
	f := script(t, "default").on("hi", 1, says("Hello."))
	r := take(t, f, session.State{}, Event{Kind: Text, Text: "Hi!"})
	if !r.Ran || !r.Cancel {
		t.Errorf("ran %v, cancel %v", r.Ran, r.Cancel)
	}
	if diff := cmp.Diff([]string{"hi"}, r.Session.Inputs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Hello."}, r.Session.Replies); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"hi"}, r.Session.Matched); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{
		"_platform": "test", "_platformId": "7", "_pageId": "9", "_rawMsgText": "Hi!",
		"_firstMsgReceived": "1777636800000", "_firstMsgSent": "1777636800000", "_lastMsgSent": "1777636800000",
	}
	if diff := cmp.Diff(want, vars(r.Session)); diff != "" {
		t.Error(diff)
	}
	if e := r.Trace[2]; e.Text != "hi" || e.File != "a.topic" || e.Line != 1 {
		t.Errorf("the matched trigger is not located: %+v", e)
	}
}

func TestHistoryForgetsTheOldest(t *testing.T) { // L-HIST-1
	f := script(t, "default").on("*", 8, says("."))
	s := session.State{}
	for i := range session.MaxHistory + 3 {
		s = take(t, f, s, Event{Kind: Text, Text: fmt.Sprint(i)}).Session
	}
	if len(s.Inputs) != session.MaxHistory || s.Inputs[0] != "12" || s.Inputs[9] != "3" {
		t.Errorf("history is %q", s.Inputs)
	}
}

func TestNoReplyKeepsTheLastReply(t *testing.T) { // L-NOREPLY-1, L-PREV-6
	f := script(t, "default").on("hi", 1, says("Hello.")).
		on("shh", 1, func(world.World) []reply.Token {
			return []reply.Token{{Kind: reply.Text, Text: "unheard"}, {Kind: reply.NoReply}}
		})
	s := take(t, f, session.State{}, Event{Kind: Text, Text: "hi"}).Session
	r := take(t, f, s, Event{Kind: Text, Text: "shh"})
	if len(r.Reply.Parts) != 0 || r.Session.Replies[0] != "Hello." {
		t.Errorf("parts %v, last reply %q", r.Reply.Parts, r.Session.Replies[0])
	}
}

func TestEventsStandForTexts(t *testing.T) { // section 25 of the language
	f := script(t, "default").
		on("start quiz", 1, says("quiz")).on("__media__", 3, says("media")).
		on("get started", 1, says("started")).on("spring", 1, says("sale")).on("*", 8, says("rest"))
	for name, row := range map[string]struct {
		event Event
		want  string
	}{
		"postback L-EV-3":           {Event{Kind: Postback, Text: "Start quiz"}, "quiz"},
		"quick reply":               {Event{Kind: QuickReply, Text: "start quiz"}, "quiz"},
		"media":                     {Event{Kind: Media, Media: []Attachment{{Type: "image", URL: "https://a.example/1"}}}, "media"},
		"media with text L-EV-1":    {Event{Kind: Media, Text: "start quiz", Media: []Attachment{{Type: "image"}}}, "quiz"},
		"get started L-EV-4":        {Event{Kind: GetStarted}, "started"},
		"referral by name L-EV-6":   {Event{Kind: Referral, Referral: &Ref{Param: "spring"}}, "sale"},
		"referral unknown L-EV-6":   {Event{Kind: Referral, Referral: &Ref{Param: "autumn"}}, "started"},
		"opt-in is like a referral": {Event{Kind: OptIn, Referral: &Ref{Param: "spring"}}, "sale"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := take(t, f, session.State{}, row.event).Reply.Text; got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestGetStartedFallsBackToAGreeting(t *testing.T) { // L-EV-4
	greeting := script(t, "default").on("hi", 1, says("greeting")).on("*", 8, says("rest"))
	if got := take(t, greeting, session.State{}, Event{Kind: GetStarted}).Reply.Text; got != "greeting" {
		t.Errorf("got %q", got)
	}
	bare := script(t, "default").on("*", 8, says("rest"))
	r := take(t, bare, session.State{}, Event{Kind: GetStarted})
	if r.Reply.Text != "rest" || vars(r.Session)["_rawMsgText"] != DefaultGetStarted {
		t.Errorf("when hi finds nothing better the first text stands: %q, %q", r.Reply.Text, vars(r.Session)["_rawMsgText"])
	}
}

func TestReferralThatNobodyWaitsForStartsNoTurn(t *testing.T) { // L-EV-6, L-EV-5
	f := script(t, "default").on("*", 8, says("rest"))
	r := take(t, f, session.State{Choices: []string{"a"}}, Event{Kind: Referral, Referral: &Ref{Param: "x", Source: "ADS", AdID: "5"}})
	if r.Ran || r.Cancel || len(r.Session.Inputs) != 0 {
		t.Errorf("a turn was taken: %+v", r)
	}
	got := vars(r.Session)
	for name, want := range map[string]string{"_fbRefParam": "x", "_fbRefSource": "ADS", "_fbRefAdId": "5", "_fbRefFirstParam": "x"} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
	later := take(t, f, r.Session, Event{Kind: Text, Text: "a", Referral: &Ref{Param: "y"}}).Session
	if v := vars(later); v["_fbRefFirstParam"] != "x" || v["_fbRefParam"] != "y" || v["_fbRefSource"] != "" {
		t.Errorf("after a second referral: %v", v)
	}
}

func TestNumberedChoices(t *testing.T) { // L-SC-7
	labels := make([]reply.Arg, reply.MaxQuickReplies+1)
	for i := range labels {
		labels[i].Text = fmt.Sprintf("tea %d", i+1)
	}
	f := script(t, "default").
		on("list", 1, func(world.World) []reply.Token {
			return []reply.Token{{Kind: reply.Text, Text: "Which?"}, {Kind: reply.Shortcode, Text: "buttons", Args: labels}}
		}).
		on("tea 14", 1, says("fourteen")).on("*", 8, says("rest"))
	s := take(t, f, session.State{}, Event{Kind: Text, Text: "list"}).Session
	if got := take(t, f, s, Event{Kind: Text, Text: " 14 "}).Reply.Text; got != "fourteen" {
		t.Errorf("a number of the list: %q", got)
	}
	for _, text := range []string{"15", "0", "x"} {
		r := take(t, f, s, Event{Kind: Text, Text: text})
		if r.Reply.Text != "rest" || r.Session.Choices != nil {
			t.Errorf("%q: reply %q, choices %q: only the next message can be a number", text, r.Reply.Text, r.Session.Choices)
		}
	}
}

func TestVariables(t *testing.T) {
	f := script(t, "default", "menu")
	w := newStage(New(f, Settings{}), Input{Now: noon})
	w.Set(world.User, "_secret", "x")
	if _, ok := w.Get(world.User, "_secret"); ok {
		t.Error("L-VAR-4: a reserved name was set")
	}
	w.Set(world.User, "x", "1")
	w.Clear(world.User, "x")
	if _, ok := w.Get(world.User, "x"); ok {
		t.Error("L-VAR-2: cleared, and still there")
	}
	w.Set(world.User, "topic", "MENU ")
	if got, _ := w.Get(world.User, "topic"); got != "menu" || w.Topic() != 1 {
		t.Errorf("L-TOP-3: topic is %q", got)
	}
	w.SwitchTopic("nowhere")
	if w.Topic() != 0 {
		t.Error("L-TOP-4: an unknown topic is the root topic")
	}
	w.SwitchTopic("menu")
	w.SwitchTopic("random")
	if w.Topic() != 0 {
		t.Error("L-DIA-2: random is another name of the root topic in dexter")
	}
	w.Set(world.User, "long", strings.Repeat("a", session.MaxValueBytes+1))
	if _, ok := w.Get(world.User, "long"); ok {
		t.Error("section 28: a value above the limit was set")
	}
	for i := range session.MaxVariables + 5 {
		w.Set(world.User, fmt.Sprint("v", i), "x")
	}
	if n := w.userVars(); n != session.MaxVariables {
		t.Errorf("section 28: %d variables", n)
	}
	w.Set(world.Bot, "name", "mine")
	if got, _ := w.Get(world.Bot, "name"); got != "mine" {
		t.Errorf("L-VAR-7: shadow is %q", got)
	}
}

func TestSessionThatWasHandedInIsLeftAlone(t *testing.T) {
	f := script(t, "default").on("set", 1, does(func(w world.World) { w.Set(world.User, "x", "new"); w.Set(world.Bot, "b", "new") }))
	before := take(t, f, session.State{}, Event{Kind: Text, Text: "set"}).Session
	was, _ := session.Encode(before)
	take(t, script(t, "default").on("*", 8, does(func(w world.World) { w.Set(world.User, "x", "newer"); w.Clear(world.User, "x") })), before, Event{Kind: Text, Text: "a"})
	is, _ := session.Encode(before)
	if diff := cmp.Diff(string(was), string(is)); diff != "" {
		t.Error(diff)
	}
}

func TestVanishedTopic(t *testing.T) { // L-TOP-4, L-BOT-8
	f := script(t, "default").on("*", 8, says("root"))
	for topic, want := range map[string]string{"gone": "in topic default, for topic gone is gone", "": "in topic default", "default": "in topic default"} {
		r := take(t, f, session.State{Topic: topic}, Event{Kind: Text, Text: "x"})
		if r.Session.Topic != "default" {
			t.Errorf("topic %q", r.Session.Topic)
		}
		if !slices.ContainsFunc(trace.Lines(r.Trace), func(l trace.Line) bool { return l.Text == want }) {
			t.Errorf("of somebody in topic %q the trace does not say %q: %+v", topic, want, r.Trace)
		}
	}
}

func TestMath(t *testing.T) { // L-MATH
	f := script(t, "default")
	for _, row := range []struct {
		op                  world.MathOp
		start, by, want, is string
	}{
		{world.Add, "", "2", "2", ""},
		{world.Add, "0.1", "0.2", "0.3", ""},
		{world.Div, "10", "3", "3.33333333333333", ""},
		{world.Div, "-7", "2", "-3.5", ""},
		{world.Mult, "-0.0", "5", "0", ""},
		{world.Sub, "5", "5", "0", ""},
		{world.Mult, "1000000", "1000000", "1000000000000", ""},
		{world.Add, "5", "abc", "5", "[ERR: Math can't 'add' non-numeric value 'abc']"},
		{world.Sub, "red", "1", "red", "[ERR: Math can't 'sub' non-numeric user variable 'x']"},
		{world.Add, "red", "blue", "red", "[ERR: Math can't 'add' non-numeric value 'blue']"},
		{world.Div, "1", "0", "1", "[ERR: Can't Divide By Zero]"},
		{world.Mult, "999999999999999", "2", "999999999999999", "[ERR: Math result out of range]"},
	} {
		w := newStage(New(f, Settings{}), Input{Now: noon})
		if row.start != "" {
			w.Set(world.User, "x", row.start)
		}
		problem := w.Math(row.op, "x", row.by)
		got, _ := w.Get(world.User, "x")
		if got != row.want || problem != row.is {
			t.Errorf("%s %s by %s: got %q and %q, want %q and %q", mathNames[row.op], row.start, row.by, got, problem, row.want, row.is)
		}
	}
}

// Numbers of the language survive being written and read again (L-MATH-2).
func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-1e15, 1e15).Draw(t, "f")
		text := formatNumber(f)
		back, ok := world.Number(text)
		if !ok || formatNumber(back) != text || strings.ContainsAny(text, "eE+") || text == "-0" {
			t.Fatalf("%v is written %q and read %v", f, text, back)
		}
	})
}

func TestSameSeedSameDraws(t *testing.T) { // L-PICK-3, L-TURN-2
	f := script(t, "default")
	draw := func(seed uint64) (out []uint64) {
		w := newStage(New(f, Settings{}), Input{Seed: seed})
		for range 20 {
			out = append(out, w.Random(6))
		}
		return out
	}
	if diff := cmp.Diff(draw(1), draw(1)); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(draw(1), draw(2)) {
		t.Error("two seeds draw alike")
	}
	// The algorithm is a promise: seeded tests must survive upgrades.
	if diff := cmp.Diff([]uint64{3, 0, 2, 4, 0, 3}, draw(7)[:6]); diff != "" {
		t.Error(diff)
	}
	for _, n := range draw(3) {
		if n > 5 {
			t.Errorf("drew %d of 6", n)
		}
	}
}

func TestLimitBecomesDeepRecursion(t *testing.T) { // L-RED-6, section 28
	f := script(t, "default").on("*", 8, says("x"))
	f.err = fmt.Errorf("fuel: %w", world.ErrLimit)
	r := take(t, f, session.State{}, Event{Kind: Text, Text: "hello"})
	if len(r.Reply.Parts) != 1 || r.Reply.Parts[0].Text != "[RIVE_ERROR: Deep Recursion]" {
		t.Errorf("reply %+v", r.Reply)
	}
	if len(r.Session.Replies) != 0 {
		t.Errorf("an error text became the last reply: %q", r.Session.Replies)
	}
}

func TestTrapFailsTheTurn(t *testing.T) {
	f := script(t, "default").on("*", 8, says("x"))
	f.err = errors.New("trap")
	if _, err := New(f, Settings{}).Run(t.Context(), Input{Event: Event{Kind: Text, Text: "a"}, Now: noon}); !errors.Is(err, f.err) {
		t.Errorf("got %v", err)
	}
}

func TestHiddenErrors(t *testing.T) { // L-ERR-2
	f := script(t, "default").on("*", 8, func(world.World) []reply.Token {
		return []reply.Token{{Kind: reply.Error, Text: "[ERR: x]"}}
	})
	in := Input{Event: Event{Kind: Text, Text: "a"}, Now: noon}
	shown, _ := New(f, Settings{}).Run(t.Context(), in)
	hidden, _ := New(f, Settings{HideErrors: true}).Run(t.Context(), in)
	if len(shown.Reply.Parts) != 1 || len(hidden.Reply.Parts) != 0 {
		t.Errorf("shown %v, hidden %v", shown.Reply.Parts, hidden.Reply.Parts)
	}
}

func TestPendingSetting(t *testing.T) { // L-DELAY-5
	f := script(t, "default").on("*", 8, says("x"))
	r, err := New(f, Settings{KeepPending: true}).Run(t.Context(), Input{Event: Event{Kind: Text, Text: "a"}, Now: noon})
	if err != nil || r.Cancel {
		t.Errorf("cancel %v, %v", r.Cancel, err)
	}
}

func TestMediaVariables(t *testing.T) { // L-EV-2
	f := script(t, "default").on("*", 8, says("x"))
	r := take(t, f, session.State{}, Event{Kind: Media, Media: []Attachment{
		{Type: "location", URL: "https://map.example/1", Lat: "1.5", Long: "2.5"}, {Type: "image", URL: "https://a.example/2"},
	}})
	got := vars(r.Session)
	for name, want := range map[string]string{
		"_mediaType": "location", "_mediaUrl": "https://map.example/1", "_mediaUrls": "https://map.example/1,https://a.example/2",
		"_mediaLat": "1.5", "_mediaLong": "2.5",
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
}

func TestTraceNamesTheLines(t *testing.T) {
	f := script(t, "default").on("hi", 1, func(w world.World) []reply.Token {
		w.Trace(trace.Event{Kind: trace.Condition, N: 0, Left: "1", Right: "2"})
		w.Trace(trace.Event{Kind: trace.Reply, N: 1, Of: 2})
		return nil
	})
	info := f.meta.Triggers.At(0)
	info.Conditions, info.Replies = []ir.ConditionInfo{{Op: "<", Line: 5}}, []int{6, 8}
	f.meta.Triggers = ir.ListTriggers(info)
	events := take(t, f, session.State{}, Event{Kind: Text, Text: "hi"}).Trace[2:]
	var got []string
	for _, line := range trace.Lines(events) {
		got = append(got, line.Text+" "+line.Place())
	}
	want := []string{"+ hi a.topic:1", `"1" < "2"? no a.topic:5`, "reply 2 of 2 a.topic:8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
