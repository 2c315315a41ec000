package direction

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// engine is an Engine that is a function.
type engine func(input string, s plugin.Stage) (string, error)

func (e engine) Call(_ context.Context, input []byte, s plugin.Stage, _ plugin.Budget) (string, plugin.Usage, error) {
	output, err := e(string(input), s)
	return output, plugin.Usage{Fuel: 7, Memory: 65536}, err
}

func (engine) Close(context.Context) error { return nil }

// installed is a Set of one plug-in, sky, with the manifest weather.
func installed(t *testing.T, g Grants, e engine) *Set {
	t.Helper()
	m, err := Parse([]byte(weather))
	if err != nil {
		t.Fatal(err)
	}
	client, err := g.client(false)
	if err != nil {
		t.Fatal(err)
	}
	secret := func(name string) (string, bool) { return "value of " + name, true }
	s := &Set{values: &Memory{}, Plugins: []*Plugin{{Name: "sky", Manifest: m, grants: g, engine: e, client: client, secret: secret}}}
	s.index()
	return s
}

// cue is a tag in a turn; attributes are written a=b.
func cue(name, block string, attributes ...string) turn.Cue {
	c := turn.Cue{
		Direction: world.Direction{Name: name, Block: block}, Person: turn.Person{ID: "77", PageID: "100"},
		Now: time.UnixMilli(1_700_000_000_000), Seed: 5,
		Variable: func(name string) (string, bool) { return "old " + name, name != "none" },
		Kept:     func(string) map[string]string { return map[string]string{"visits": "3"} },
	}
	for _, a := range attributes {
		name, value, _ := strings.Cut(a, "=")
		c.Attributes = append(c.Attributes, world.Attribute{Name: name, Value: value})
	}
	return c
}

// TestInput: what a direction is given (L-EXT-4), and what is refused before (L-EXT-6).
func TestInput(t *testing.T) {
	tests := []struct {
		name string
		cue  turn.Cue
		want string
	}{
		{"defaults", cue("weather", "", "city=Oslo"), `{"name":"weather","attributes":{"city":"Oslo","days":1}}`},
		{"kinds", cue("sky:weather", "", "city=", "days=007", "unit=f", "long", "fallback=x"), `{"name":"weather","attributes":{"city":"","days":7,"unit":"f","long":true}}`},
		{"the last counts", cue("weather", "", "city=a", "city=b", "long=false"), `{"name":"weather","attributes":{"city":"b","days":1,"long":false}}`},
		{"signs", cue("weather", "", "city=\"\\\n\x01<é>\xff"), `{"name":"weather","attributes":{"city":"\"\\\n\u0001<é>` + "\ufffd" + `","days":1}}`},
		{"block", cue("frame", "in <b>side</b>"), `{"name":"frame","attributes":{},"block":"in <b>side</b>"}`},
		{"missing", cue("weather", ""), `! "city" is missing`},
		{"no number", cue("weather", "", "city=a", "days=many"), `! "days" must be a number`},
		{"out of range", cue("weather", "", "city=a", "days=8"), `! "days" is out of range`},
		{"no choice", cue("weather", "", "city=a", "unit=k"), `! "unit" must be one of c, f`},
		{"unknown tag", cue("sun", ""), `! it is not installed`},
	}
	for _, tt := range tests {
		got := ""
		done := installed(t, Grants{}, func(input string, _ plugin.Stage) (string, error) {
			got = input
			return "", nil
		}).Direct(t.Context(), tt.cue)
		if done.Problem != "" {
			got = "! " + done.Problem
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if got[0] == '{' && !json.Valid([]byte(got)) {
			t.Errorf("%s: %s is no JSON", tt.name, got)
		}
	}
	if done := (*Set)(nil).Direct(t.Context(), cue("weather", "")); done.Problem != "it is not installed" {
		t.Errorf("no plug-in at all: %+v", done)
	}
	installed(t, Grants{Grant: []string{"person"}}, func(input string, _ plugin.Stage) (string, error) {
		if !strings.Contains(input, `"person":"77"`) {
			t.Errorf("the person is granted, and not in %s", input)
		}
		return "", nil
	}).Direct(t.Context(), cue("mark", ""))
}

// TestOutcome: what a result means, and the kinds of failure (L-EXT-6).
func TestOutcome(t *testing.T) {
	tests := []struct {
		name, tag, output string
		err               error
		said              string
		problem, failure  string
	}{
		{"text", "frame", `{"text":"a"}`, nil, "a", "", ""},
		{"escaped text", "frame", `{"text":"a\n\u0026"}`, nil, "a\n&", "", ""},
		{"nothing", "frame", ``, nil, "", "", ""},
		{"effects say nothing", "mark", `{"text":"a"}`, nil, "", "", ""},
		{"own error", "frame", `{"error":"no such place"}`, nil, "", "no such place", "error"},
		{"a long error", "frame", `{"error":"` + strings.Repeat("é", 200) + `"}`, nil, "", strings.Repeat("é", 100) + "…", "error"},
		{"no outcome", "frame", `[]`, nil, "", `its result is no outcome: it has to be {"text": …} or {"error": …}`, "error"},
		{"no UTF-8", "frame", "{\"text\":\"\xff\"}", nil, "", "its result is not UTF-8", "error"},
		{"trap", "frame", "", &plugin.Trap{Cause: "unreachable", Stack: "a\nb"}, "", "it crashed: unreachable", "trap"},
		{"limit", "frame", "", &plugin.Limit{Max: "5 steps", Grant: "time"}, "", "it used more than 5 steps; time in bot.toml sets that limit", "limit"},
		{"permission", "frame", "", &plugin.Denied{Capability: "cut"}, "", "cut is not granted", "permission"},
		{"host", "frame", "", errors.Join(errKept, errors.New("dial tcp")), "", "what it has kept cannot be read", "host"},
	}
	for _, tt := range tests {
		done := installed(t, Grants{Grant: []string{"emit"}}, func(_ string, s plugin.Stage) (string, error) {
			_ = s.Emit("!")
			return tt.output, tt.err
		}).Direct(t.Context(), cue(tt.tag, ""))
		said := ""
		for _, e := range done.Effects {
			said += e.Token.Text
		}
		if want := "!" + tt.said; tt.problem == "" && said != want || tt.problem != "" && done.Effects != nil {
			t.Errorf("%s: said %q, want %q", tt.name, said, want)
		}
		if done.Problem != tt.problem || done.Failure != tt.failure || done.Fuel != 7 || done.Memory != 65536 {
			t.Errorf("%s: %+v", tt.name, done)
		}
		if tt.name == "trap" && len(done.Log) != 2 {
			t.Errorf("the stack is %v", done.Log)
		}
	}
}

// TestGrantsHold: every function of the contract is refused without its grant and works
// with it.
func TestGrantsHold(t *testing.T) {
	calls := map[string]func(s plugin.Stage) error{
		abi.CapLog:    func(s plugin.Stage) error { return s.Log(1, "x") },
		abi.CapClock:  func(s plugin.Stage) error { _, err := s.Now(); return err },
		abi.CapRandom: func(s plugin.Stage) error { return s.Random(make([]byte, 4)) },
		abi.CapConfig: func(s plugin.Stage) error { _, err := s.Get("config:a"); return err },
		abi.CapSecret: func(s plugin.Stage) error { _, err := s.Get("secret:KEY"); return err },
		abi.CapState:  func(s plugin.Stage) error { _, err := s.Put("state:a", "1"); return err },
		abi.CapPerson: func(s plugin.Stage) error { _, err := s.Swap("person:a", "", "1"); return err },
		abi.CapHTTP:   func(s plugin.Stage) error { _, err := s.HTTP(`{}`); return err },
		abi.CapEmit:   func(s plugin.Stage) error { return s.Emit("x") },
		abi.CapCut:    func(s plugin.Stage) error { return s.Cut() },
		abi.CapDelay:  func(s plugin.Stage) error { return s.Delay(1, true) },
		abi.CapAttach: func(s plugin.Stage) error {
			_, err := s.Attach(`{"name":"image","args":["https://a.example/"]}`)
			return err
		},
		abi.CapQuick:   func(s plugin.Stage) error { _, err := s.Quick(`["a"]`); return err },
		abi.CapRead:    func(s plugin.Stage) error { _, _, err := s.Read("city"); return err },
		abi.CapWrite:   func(s plugin.Stage) error { _, err := s.Write("city", "x"); return err },
		abi.CapTopic:   func(s plugin.Stage) error { return s.Topic("x") },
		abi.CapRemind:  func(s plugin.Stage) error { _, err := s.Remind(`{"name":"a","text":"b","time":"1 hour"}`); return err },
		abi.CapSilence: func(s plugin.Stage) error { return s.Silence() },
	}
	granting := func(c abi.Capability) Grants {
		switch c.Name {
		case abi.CapSecret:
			return Grants{Secrets: []string{"KEY"}}
		case abi.CapHTTP:
			return Grants{Hosts: []string{"a.example"}}
		case abi.CapRead:
			return Grants{Read: []string{"city"}}
		case abi.CapWrite:
			return Grants{Write: []string{"city"}}
		}
		return Grants{Grant: []string{c.Name}}
	}
	for _, c := range abi.Capabilities {
		call, there := calls[c.Name]
		if !there {
			t.Errorf("%s is not tried", c.Name)
			continue
		}
		if c.Name == abi.CapConfig {
			continue // a setting that is not written is empty, and no crime
		}
		for granted, g := range map[bool]Grants{true: granting(c), false: {}} {
			done := installed(t, g, func(_ string, s plugin.Stage) (string, error) { return "", call(s) }).Direct(t.Context(), cue("mark", ""))
			if (done.Problem == "") != granted || !granted && done.Failure != failedGrant {
				t.Errorf("%s, granted %v: %+v", c.Name, granted, done)
			}
		}
	}
}

// TestEffects: what a direction does, in its order; and what it may not.
func TestEffects(t *testing.T) {
	all := Grants{Grant: []string{"emit", "cut", "delay", "attach", "quick", "topic", "remind", "silence"}, Read: []string{"*"}, Write: []string{"city", "gone"}}
	status := map[string]int32{}
	note := func(name string) func(int32, error) {
		return func(n int32, err error) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			status[name] = n
		}
	}
	var read []string
	done := installed(t, all, func(_ string, s plugin.Stage) (string, error) {
		_ = errors.Join(s.Emit("<b>"), s.Cut(), s.Delay(999_999, true), s.Topic("menu"), s.Topic(""), s.Silence())
		note("attach")(s.Attach(`{"name":"card","args":["a",{"b":1}]}`))
		note("attach an action")(s.Attach(`{"name":"unsubscribe"}`))
		note("attach nothing")(s.Attach(`nothing`))
		note("quick")(s.Quick(`["a","b"]`))
		note("quick none")(s.Quick(`[]`))
		note("quick many")(s.Quick(`["` + strings.Repeat(`a","`, 13) + `b"]`))
		note("write")(s.Write("city", "Oslo"))
		note("write of the host")(s.Write("_id", "1"))
		note("clear")(s.Clear("gone"))
		note("remind")(s.Remind(`{"name":"tea","text":"<now>","time":"1 hour"}`))
		note("remind never")(s.Remind(`{"name":"tea"}`))
		note("cancel")(s.Remind(`{"name":"tea","cancel":true}`))
		for _, name := range []string{"city", "gone", "name", "none"} {
			value, set, err := s.Read(name)
			if err != nil {
				t.Error(err)
			}
			if set {
				read = append(read, value)
			}
		}
		return `{"text":"end"}`, nil
	}).Direct(t.Context(), cue("frame", ""))
	if done.Problem != "" {
		t.Fatal(done.Problem)
	}
	got, err := json.Marshal(done.Effects)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"token":{"Kind":1,"Text":"<b>"}},{"token":{"Kind":3}},{"token":{"Kind":4,"NoCancel":true,"Millis":120000}},{"topic":"menu"},{"token":{"Kind":5}},` +
		`{"token":{"Kind":8,"Text":"card","Args":[{"text":"a"},{"json":"{\"b\":1}"}]}},{"token":{"Kind":8,"Text":"buttons","Args":[{"text":"a"},{"text":"b"}]}},` +
		`{"set":"city","value":"Oslo"},{"unset":"gone"},` +
		`{"token":{"Kind":8,"Text":"reminder","Args":[{"text":"tea"},{"text":"<now>"},{"text":"1 hour"}]}},{"token":{"Kind":8,"Text":"reminderCancel","Args":[{"text":"tea"}]}},` +
		`{"token":{"Kind":1,"Text":"end"}}]`
	var a, b any
	if err := errors.Join(json.Unmarshal(stripped(got), &a), json.Unmarshal([]byte(want), &b)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Oslo", "old name"}, read); diff != "" {
		t.Error(diff)
	}
	for name, n := range status {
		if bad := strings.Contains(name, " "); bad != (n == abi.StatusInvalid) {
			t.Errorf("%s gives %d", name, n)
		}
	}
}

// stripped is JSON without the fields that are empty.
func stripped(data []byte) []byte {
	text := string(data)
	for _, empty := range []string{`"Format":0,`, `"NoCancel":false,`, `"Millis":0,`, `,"Args":null`, `,"Data":""`, `,"Text":""`} {
		text = strings.ReplaceAll(text, empty, "")
	}
	return []byte(text)
}

// TestTooMuch: what a call does has bounds.
func TestTooMuch(t *testing.T) {
	g := Grants{Grant: []string{"emit", "cut", "log"}}
	for name, loop := range map[string]func(s plugin.Stage) error{
		"it used more than 100 effects":                 func(s plugin.Stage) error { return s.Cut() },
		"it used more than 65536 bytes of what it says": func(s plugin.Stage) error { return s.Emit(strings.Repeat("x", 8000)) },
	} {
		done := installed(t, g, func(_ string, s plugin.Stage) (string, error) {
			for range 1000 {
				if err := loop(s); err != nil {
					return "", err
				}
			}
			return "", nil
		}).Direct(t.Context(), cue("mark", ""))
		if done.Problem != name || done.Effects != nil {
			t.Errorf("%+v, want %s", done, name)
		}
	}
	done := installed(t, g, func(_ string, s plugin.Stage) (string, error) {
		for range 60 {
			if err := s.Log(99, strings.Repeat("y", 5000)); err != nil {
				return "", err
			}
		}
		return "", nil
	}).Direct(t.Context(), cue("mark", ""))
	last := done.Log[len(done.Log)-1]
	if done.Problem != "" || len(done.Log) != abi.MaxLogLines+1 || len(done.Log[0].Text) != abi.MaxLogLine || last.Text != "10 more lines" {
		t.Errorf("%d lines, the last %v", len(done.Log), last)
	}
}

// TestRandom: the seed of the call is all that chance depends on.
func TestRandom(t *testing.T) {
	draw := func(seed uint64) string {
		out := make([]byte, 16)
		c := cue("mark", "")
		c.Seed = seed
		installed(t, Grants{Grant: []string{"random"}}, func(_ string, s plugin.Stage) (string, error) {
			return "", errors.Join(s.Random(out[:3]), s.Random(out[3:]))
		}).Direct(t.Context(), c)
		return string(out)
	}
	if first, again := draw(1), draw(1); first != again || first == draw(2) {
		t.Error("draws are not those of the seed")
	}
}

// TestBreaker: a plug-in that crashes again and again rests, and comes back.
func TestBreaker(t *testing.T) {
	calls, broken := 0, true
	s := installed(t, Grants{}, func(string, plugin.Stage) (string, error) {
		if calls++; broken {
			return "", &plugin.Trap{Cause: "unreachable"}
		}
		return `{"error":"own"}`, nil
	})
	at := func(d time.Duration) turn.Directed {
		c := cue("mark", "")
		c.Now = c.Now.Add(d)
		return s.Direct(t.Context(), c)
	}
	for range maxFailures {
		at(0)
	}
	for _, d := range []time.Duration{0, time.Second} {
		if done := at(d); done.Failure != failedRests || calls != maxFailures {
			t.Errorf("it does not rest: %+v after %d calls", done, calls)
		}
	}
	if done := at(restTime); done.Failure != failedTrap || calls != maxFailures+1 {
		t.Errorf("after the rest: %+v", done)
	}
	if done := at(restTime + time.Second); done.Failure != failedRests {
		t.Errorf("it does not rest again: %+v", done)
	}
	broken = false
	if done := at(2*restTime + time.Second); done.Failure != failedItself {
		t.Errorf("mended: %+v", done)
	}
	if done := at(2*restTime + 2*time.Second); done.Failure != failedItself {
		t.Errorf("it rests though it is mended: %+v", done)
	}
}
