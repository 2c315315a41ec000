package turn

import (
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
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// calls answers with a shortcode after a text.
func calls(name string, args ...string) func(world.World) []reply.Token {
	return func(world.World) []reply.Token {
		list := make([]reply.Arg, len(args))
		for i, a := range args {
			list[i].Text = a
		}
		return []reply.Token{{Kind: reply.Text, Text: "ok "}, {Kind: reply.Shortcode, Text: name, Args: list}, {Kind: reply.Text, Text: " done"}}
	}
}

// fire lets a reminder come due at a time.
func fire(t *testing.T, f *fake, in Input) Result {
	t.Helper()
	in.Event.Kind = Reminder
	if in.Now.IsZero() {
		in.Now = noon.Add(time.Hour)
	}
	r, err := New(f, Settings{}).Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func problems(events []trace.Event) string {
	var texts []string
	for _, e := range events {
		if e.Kind == trace.Problem {
			texts = append(texts, e.Text)
		}
	}
	return strings.Join(texts, "; ")
}

func TestNamesOfReminders(t *testing.T) { // L-REM-1
	for written, want := range map[string]string{
		"waterTime": "water_time", "Water Time": "water_time", "water_time": "water_time", " x ": "x",
		"HTTPServer": "http_server", "teaAt5pm": "tea_at5pm", "tea-time!": "tea_time", "ÉtéÀVenir": "été_à_venir",
		"TEA": "tea", "x1": "x1", "__a__b": "a_b", "?!": "", "Aℂ": "aℂ",
	} {
		if got := snakeCase(written); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

// A name in snake_case is its own name.
func TestNamesStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := snakeCase(rapid.String().Draw(t, "name"))
		if again := snakeCase(once); again != once {
			t.Fatalf("%q became %q", once, again)
		}
	})
}

func TestReminderTime(t *testing.T) { // L-REM-2
	day := 24 * time.Hour
	for text, want := range map[string]time.Time{
		"30 minutes": noon.Add(30 * time.Minute), "1 minute": noon.Add(time.Minute), "1 minutes": noon.Add(time.Minute),
		"1.5 hours": noon.Add(90 * time.Minute), "90 second": noon.Add(90 * time.Second), "2 Days": noon.Add(2 * day),
		"2 weeks": noon.Add(14 * day), "10 minutes ": noon.Add(10 * time.Minute), "5minutes": noon.Add(5 * time.Minute),
		fmt.Sprint(noon.Add(time.Hour).UnixMilli()): noon.Add(time.Hour), "12": time.UnixMilli(12).UTC(),
		"2026-05-02": noon.Add(12 * time.Hour), "2026-05-01T13:00:00Z": noon.Add(time.Hour), "2026-05-01T13:00": noon.Add(time.Hour),
		"2026-05-01T15:00:00+02:00": noon.Add(time.Hour), "2026-05-01T13:00:00.250Z": noon.Add(time.Hour + 250*time.Millisecond),
		"20260501T130000Z": noon.Add(time.Hour), "2026-05-01T15:00+0200": noon.Add(time.Hour),
	} {
		got, err := reminderTime(text, noon)
		if err != nil || !got.Equal(want) {
			t.Errorf("%q is %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"soon": "is no time", "": "is no time", "-5 minutes": "is no time", "5 fortnights": "is no time", "1e3 hours": "is no time",
		"2026-13-01": "is no time", "53 weeks": "more than a year", "99999999999999999999": "more than a year",
		"99999999999999999999 weeks": "more than a year", "2028-01-01": "more than a year",
	} {
		if got, err := reminderTime(text, noon); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %s, %v; want %q", text, got, err, want)
		}
	}
}

func TestReminderIsSetReplacedAndCancelled(t *testing.T) { // L-REM-1, L-REM-5
	f := script(t, "default").
		on("a", 1, calls("reminder", "waterTime", "Drink!", "30 minutes")).
		on("b", 1, calls("reminder", "Water Time", "Eat!", "1 hour")).
		on("c", 1, calls("reminderCancel", "water_time"))
	first := take(t, f, session.State{}, Event{Kind: Text, Text: "a"})
	if got, ok := Variable(first.Session, "_reminder_water_time"); !ok || got != fmt.Sprint(noon.Add(30*time.Minute).UnixMilli()) {
		t.Errorf("the variable reads %q, %v", got, ok)
	}
	if first.Reply.Text != "ok done" {
		t.Errorf("said %q", first.Reply.Text)
	}
	second := take(t, f, first.Session, Event{Kind: Text, Text: "b"})
	want := map[string]session.Reminder{"water_time": {Due: noon.Add(time.Hour), Content: reply.Content{{Text: "Eat!"}}}}
	if diff := cmp.Diff(want, second.Session.Reminders); diff != "" {
		t.Error(diff)
	}
	if first.Session.Reminders["water_time"].Content[0].Text != "Drink!" {
		t.Error("the session that was handed in has changed")
	}
	third := take(t, f, second.Session, Event{Kind: Text, Text: "c"})
	if _, set := Variable(third.Session, "_reminder_water_time"); set || len(third.Session.Reminders) > 0 {
		t.Errorf("left is %v", third.Session.Reminders)
	}
}

// Errors stand where the shortcode stood (L-SC-5, L-REM-2, section 28).
func TestReminderErrors(t *testing.T) {
	full := session.State{Reminders: map[string]session.Reminder{}}
	for i := range session.MaxReminders {
		full.Reminders[fmt.Sprint(i)] = session.Reminder{Due: noon.Add(time.Hour)}
	}
	for name, row := range map[string]struct {
		state session.State
		args  []string
		want  string
	}{
		"time":       {session.State{}, []string{"x", "y", "soon"}, `[SHORTCODE_ERROR: reminder x: "soon" is no time`},
		"too far":    {session.State{}, []string{"x", "y", "53 weeks"}, "[SHORTCODE_ERROR: reminder x: 53 weeks is more than a year ahead]"},
		"no name":    {session.State{}, []string{"!", "y", "1 hour"}, `[SHORTCODE_ERROR: reminder needs a name`},
		"long name":  {session.State{}, []string{strings.Repeat("x", 129), "y", "1 hour"}, "has a name of 129 bytes"},
		"arguments":  {session.State{}, []string{"x", "y"}, "[SHORTCODE_ERROR: reminder needs 3 arguments, not 2]"},
		"long":       {session.State{}, []string{"x", strings.Repeat("y", session.MaxReminderBytes+1), "1 hour"}, "more than 8192]"},
		"too many":   {full, []string{"x", "y", "1 hour"}, "[SHORTCODE_ERROR: reminder x: 50 reminders are set, which is the limit]"},
		"one of all": {full, []string{"7", "y", "1 hour"}, "ok done"},
	} {
		t.Run(name, func(t *testing.T) {
			f := script(t, "default").on("a", 1, calls("reminder", row.args...))
			r := take(t, f, row.state, Event{Kind: Text, Text: "a"})
			text := r.Reply.Parts[0].Text
			if !strings.Contains(text, row.want) || !strings.HasPrefix(text, "ok ") || !strings.HasSuffix(text, " done") {
				t.Errorf("said %q, want %q", text, row.want)
			}
			if (row.want == "ok done") != (problems(r.Trace) == "") {
				t.Errorf("traced %q", problems(r.Trace))
			}
		})
	}
	f := script(t, "default").on("a", 1, calls("reminderCancel")).on("b", 1, calls("reminderCancel", "?"))
	for _, text := range []string{"a", "b"} {
		if got := take(t, f, session.State{}, Event{Kind: Text, Text: text}).Reply.Parts[0].Text; !strings.Contains(got, "[SHORTCODE_ERROR: reminderCancel needs ") {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestReminderInThePast(t *testing.T) { // L-REM-2: at once
	f := script(t, "default").on("a", 1, calls("reminder", "x", "y", "12"))
	if got := take(t, f, session.State{}, Event{Kind: Text, Text: "a"}).Session.Reminders["x"].Due; !got.Equal(noon) {
		t.Errorf("due at %s", got)
	}
}

// L-REM-4: no message, but a reply.
func TestReminderComesDue(t *testing.T) {
	f := script(t, "default", "tea")
	before := session.State{
		Topic: "tea", Inputs: []string{"hi"}, Replies: []string{"Hello."}, Turns: 4, Matched: []string{"hi"}, Heard: noon,
		Reminders: map[string]session.Reminder{"x": {Due: noon.Add(time.Hour), Content: reply.Content{{Text: "Drink <b>{@ x}!"}}}},
	}
	r := fire(t, f, Input{Event: Event{Text: "x"}, Session: before})
	if !r.Ran || r.Cancel || len(r.Reply.Parts) != 1 || r.Reply.Parts[0].Text != "Drink <b>{@ x}!" {
		t.Errorf("result %+v", r)
	}
	after := r.Session
	if diff := cmp.Diff([]string{"Drink <b>{@ x}!", "Hello."}, after.Replies); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(after.Inputs, before.Inputs) || !slices.Equal(after.Matched, before.Matched) || after.Turns != 4 || !after.Heard.Equal(noon) || after.Topic != "tea" {
		t.Errorf("it counted as a message: %+v", after)
	}
	if len(after.Reminders) != 0 || len(before.Reminders) != 1 {
		t.Errorf("left is %v; before %v", after.Reminders, before.Reminders)
	}
}

func TestDeferredScriptComesDue(t *testing.T) { // L-REM-3
	content := reply.Content{{Text: "Hi Ann! "}, {Script: "{@ x}"}}
	f := script(t, "default", "tea")
	f.meta.Deferred = []string{"other", content.Key()}
	f.fires = []func(world.World, []string) []reply.Token{nil, func(w world.World, held []string) []reply.Token {
		w.SwitchTopic("tea")
		w.Set(world.User, "n", "1")
		again := reply.Token{Kind: reply.Shortcode, Text: "reminder", Args: []reply.Arg{{Text: "x"}, {Text: "again"}, {Text: "12"}}}
		return []reply.Token{{Kind: reply.Text, Text: held[0] + "Drink."}, again}
	}}
	state := session.State{Reminders: map[string]session.Reminder{"x": {Due: noon, Content: content}}}
	r := fire(t, f, Input{Event: Event{Text: "x"}, Session: state})
	if r.Reply.Text != "Hi Ann! Drink." || r.Session.Topic != "tea" || vars(r.Session)["n"] != "1" {
		t.Errorf("said %q, state %+v", r.Reply.Text, r.Session)
	}
	// One that sets itself at once does not go on in the same instant.
	if got := r.Session.Reminders["x"].Due; !got.Equal(noon.Add(time.Hour + reminderGap)) {
		t.Errorf("again at %s", got)
	}
}

func TestReminderThatIsNotSent(t *testing.T) { // L-REM-5
	script := script(t, "default")
	set := func(change func(*session.State)) session.State {
		s := session.State{Reminders: map[string]session.Reminder{"x": {Due: noon, Content: reply.Content{{Text: "ding"}}}}}
		change(&s)
		return s
	}
	same := func(*session.State) {}
	for name, row := range map[string]struct {
		in   Input
		want string
		left int
	}{
		"muted":     {Input{Session: set(func(s *session.State) { s.Muted = true })}, "unsubscribed", 0},
		"closed":    {Input{Session: set(same), Closed: true}, "[PLATFORM_ERROR: reminder x was not sent: the messaging window is closed]", 0},
		"cancelled": {Input{}, "", 0},
		"put off":   {Input{Session: set(same), Now: noon.Add(-time.Minute)}, "", 1},
		"script is gone": {Input{Session: set(func(s *session.State) {
			s.Reminders["x"] = session.Reminder{Due: noon, Content: reply.Content{{Text: "Hi"}, {Script: "{@ x}"}}}
		})}, "no longer hold", 0},
	} {
		t.Run(name, func(t *testing.T) {
			row.in.Event.Text = "x"
			r := fire(t, script, row.in)
			if r.Ran || len(r.Reply.Parts) > 0 || len(r.Session.Reminders) != row.left {
				t.Errorf("result %+v", r)
			}
			if got := problems(r.Trace); !strings.Contains(got, row.want) || row.want == "" && got != "" {
				t.Errorf("traced %q, want %q", got, row.want)
			}
		})
	}
}

func TestReminderThatMeetsALimit(t *testing.T) {
	f := script(t, "default")
	content := reply.Content{{Script: "{@ x}"}}
	f.meta.Deferred, f.err = []string{content.Key()}, fmt.Errorf("too much: %w", world.ErrLimit)
	f.fires = []func(world.World, []string) []reply.Token{func(world.World, []string) []reply.Token { return nil }}
	state := session.State{Reminders: map[string]session.Reminder{"x": {Due: noon, Content: content}}}
	r := fire(t, f, Input{Event: Event{Text: "x"}, Session: state})
	if r.Reply.Parts[0].Text != "[RIVE_ERROR: Deep Recursion]" || r.Reply.Text != "" {
		t.Errorf("said %+v", r.Reply)
	}
}

// L-EV-10: with a human, only what was meant to answer even then does.
func TestHumanBypass(t *testing.T) {
	f := script(t, "default").on("stop", 1, says("Stopped."))
	for text, want := range map[string]string{"stop": "Stopped.", "hello": ""} {
		r := take(t, f, session.State{Topic: ir.Bypass}, Event{Kind: Text, Text: text})
		if !r.Ran || r.Reply.Text != want || r.Reply.Silent != (want == "") || r.Session.Topic != ir.Bypass || r.Session.Inputs[0] != text {
			t.Errorf("%s: %+v", text, r)
		}
	}
	f = script(t, "default").on("go", 1, does(func(w world.World) { w.SwitchTopic(ir.Bypass) }))
	if r := take(t, f, session.State{}, Event{Kind: Text, Text: "go"}); r.Session.Topic != "default" {
		t.Errorf("a script switched to %s", r.Session.Topic)
	}
}
