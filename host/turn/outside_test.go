package turn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/trace"
)

// net is a Fetcher of functions, by address; it keeps what it was asked.
type net struct {
	answer func(ctx context.Context, q Request) (Answer, error)
	mu     sync.Mutex
	asked  []Request
}

func (n *net) Fetch(ctx context.Context, q Request) (Answer, error) {
	n.mu.Lock()
	n.asked = append(n.asked, q)
	n.mu.Unlock()
	return n.answer(ctx, q)
}

func answering(body string) *net {
	return &net{answer: func(context.Context, Request) (Answer, error) { return Answer{Status: 200, Body: body}, nil }}
}

// plugins is Directions of a function.
type plugins func(d world.Direction) ([]Effect, error)

func (p plugins) Direct(_ context.Context, c Cue) Directed {
	effects, err := p(c.Direction)
	if err != nil {
		return Directed{Problem: err.Error()}
	}
	return Directed{Effects: effects}
}

// perform runs one turn of a script that is a function of its world.
func perform(t *testing.T, s Settings, in Input, script1 func(world.World) []reply.Token) (Result, error) {
	t.Helper()
	in.Event = Event{Kind: Text, Text: "go"}
	in.Person = Person{ID: "7", PageID: "9", Platform: "test"}
	in.Now = noon
	return New(script(t, "default", "vip").on("*", 8, script1), s).Run(t.Context(), in)
}

func text(s string) []reply.Token { return []reply.Token{{Kind: reply.Text, Text: s}} }

func ask(urls ...string) []world.Request {
	var list []world.Request
	for _, u := range urls {
		name, address, _ := strings.Cut(u, "=")
		list = append(list, world.Request{Method: "GET", Name: name, URL: address})
	}
	return list
}

func TestPathsIntoAnswers(t *testing.T) { // L-HTTP-4, L-HTTP-5, L-HTTP-6
	const body = ` { "a": {"b": [1, "two", {"c": null}, [true]], "": 5}, "big": 12345678901234567890.10, "exp": 1E5, "s": "<b> \u00fc",
		"o": { "z" : 1, "a" : [ ] }, "one": {"x": 3}, "__status": "mine", "1": "key" } `
	got := map[string]string{}
	_, err := perform(t, Settings{Fetcher: answering(body)}, Input{}, func(w world.World) []reply.Token {
		for _, path := range []string{"before", "a.b.0"} {
			got["before "+path] = w.Data(path)
		}
		if p := w.Fetch(ask("=https://a.example/", "one=https://a.example/1")); p != "" {
			t.Error(p)
		}
		for _, path := range []string{
			"a.b.0", "a.b.1", "a.b.2.c", "a.b.3.0", "a.b.4", "a.b.-1", "a.b.00", "a.b.x", "a.b", "a.b.1.x", "big", "exp", "s", "o",
			"", "nope", "nope.x", "one.x", "one.one.x", "one.__status", "__status", "one", "__text.x", "1", "a.b[0]",
		} {
			got[path] = w.Data(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"before before": "", "before a.b.0": "",
		"a.b.0": "1", "a.b.1": "two", "a.b.2.c": "", "a.b.3.0": "true", "a.b.4": "", "a.b.-1": "", "a.b.00": "", "a.b.x": "",
		"a.b": `[1,"two",{"c":null},[true]]`, "a.b.1.x": "", "big": "12345678901234567890.10", "exp": "1E5", "s": "<b> ü",
		"o": `{"z":1,"a":[]}`, "": "", "nope": "", "nope.x": "", "one.x": "", "one.one.x": "3", "one.__status": "200", "__status": "200",
		"one": got["one"], "__text.x": "", "1": "key", "a.b[0]": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(got["one"], `{"a":{"b":[1,"two"`) {
		t.Errorf("a name alone is the whole answer, got %s", got["one"])
	}
}

func TestAnswersThatAreNoJSON(t *testing.T) { // L-HTTP-6
	for _, body := range []string{"", "plain <b>", "{", "\xff\xfe", "{} {}"} {
		a := map[string]*answer{"": newAnswer(404, body)}
		if got := find(a, "__text"); got != strings.ToValidUTF8(body, "\ufffd") {
			t.Errorf("%q: __text is %q", body, got)
		}
		if got := find(a, "__status") + find(a, "x") + find(a, "0"); got != "404" {
			t.Errorf("%q: %q", body, got)
		}
	}
}

func TestLaterAnswersReplaceEarlierOnes(t *testing.T) { // L-HTTP-4
	n := &net{answer: func(_ context.Context, q Request) (Answer, error) {
		return Answer{Status: 200, Body: `{"u":"` + q.URL + `"}`}, nil
	}}
	r, err := perform(t, Settings{Fetcher: n}, Input{}, func(w world.World) []reply.Token {
		_ = w.Fetch(ask("x=https://a.example/1", "x=https://a.example/2"))
		return text(w.Data("x.u"))
	})
	if err != nil || r.Reply.Text != "https://a.example/2" {
		t.Errorf("%q %v", r.Reply.Text, err)
	}
}

func TestProblemsOfRequests(t *testing.T) { // L-HTTP-8
	failing := &net{answer: func(_ context.Context, q Request) (Answer, error) {
		if strings.Contains(q.URL, "down") {
			return Answer{}, errors.New("timeout")
		}
		return Answer{Status: 500}, nil
	}}
	tests := []struct {
		name    string
		fetcher Fetcher
		ask     []world.Request
		want    string
		sent    int
	}{
		{"an answer of any status is one", failing, ask("=https://a.example/"), "", 1},
		{"no answer", failing, ask("=https://a.example/down"), "[REQ_RESPONSE_ERROR: timeout]", 1},
		{"nothing is granted", nil, ask("=https://a.example/"), "[REQ_RESPONSE_ERROR: no host is granted to this bot]", 0},
		{"an address that is none", failing, ask("=javascript:alert(1)"), badCommand, 0},
		{"an address without host", failing, ask("=https:///x"), badCommand, 0},
		{"what stands before it is still asked", failing, ask("=https://a.example/", "=ftp://a.example"), badCommand, 1},
		{"what stands behind it is not", failing, ask("=ftp://a.example", "=https://a.example/"), badCommand, 0},
		{"the first problem counts", failing, ask("=https://a.example/down", "=ftp://a.example"), "[REQ_RESPONSE_ERROR: timeout]", 1},
		{"options that are no JSON", failing, []world.Request{{Method: "POST", URL: "https://a.example/", Options: `{"body": }`}}, badBody, 0},
	}
	for _, tt := range tests {
		if n, ok := tt.fetcher.(*net); ok {
			n.asked = nil
		}
		problem := ""
		_, err := perform(t, Settings{Fetcher: tt.fetcher}, Input{}, func(w world.World) []reply.Token {
			problem = w.Fetch(tt.ask)
			return nil
		})
		if err != nil || problem != tt.want {
			t.Errorf("%s: %q, %v", tt.name, problem, err)
		}
		if tt.fetcher != nil && len(failing.asked) != tt.sent {
			t.Errorf("%s: %d were sent, want %d", tt.name, len(failing.asked), tt.sent)
		}
	}
}

func TestRequestsPerTurn(t *testing.T) { // L-LIM-1
	n := answering("{}")
	_, err := perform(t, Settings{Fetcher: n}, Input{}, func(w world.World) []reply.Token {
		for i := range MaxRequests {
			if p := w.Fetch(ask("=https://a.example/")); p != "" {
				t.Errorf("request %d: %s", i+1, p)
			}
		}
		if p := w.Fetch(ask("=https://a.example/")); p != "[REQ_RESPONSE_ERROR: more than 10 requests in a turn]" {
			t.Errorf("request 11: %q", p)
		}
		return nil
	})
	if err != nil || len(n.asked) != MaxRequests {
		t.Errorf("%d were sent, %v", len(n.asked), err)
	}
}

// TestTimeOfRequests: nobody waits; the answers say how long they took.
func TestTimeOfRequests(t *testing.T) { // L-LIM-1
	n := &net{answer: func(_ context.Context, q Request) (Answer, error) {
		return Answer{Status: 200, Took: min(9*time.Second, q.Within)}, nil
	}}
	_, err := perform(t, Settings{Fetcher: n}, Input{}, func(w world.World) []reply.Token {
		for range 2 { // together they take as long as one
			if p := w.Fetch(ask("a=https://a.example/", "b=https://a.example/")); p != "" {
				t.Error(p)
			}
		}
		_ = w.Fetch(ask("=https://a.example/"))
		if p := w.Fetch(ask("=https://a.example/")); p != "[REQ_RESPONSE_ERROR: the requests of a turn may take 20s together]" {
			t.Errorf("beyond: %q", p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var within []time.Duration
	for _, q := range n.asked {
		within = append(within, q.Within)
	}
	if want := []time.Duration{10 * time.Second, 10 * time.Second, 10 * time.Second, 10 * time.Second, 2 * time.Second}; !slices.Equal(within, want) {
		t.Errorf("given were %v, want %v", within, want)
	}
}

// TestRequestsAtTheSameTime: each waits until all are there (L-HTTP-3).
func TestRequestsAtTheSameTime(t *testing.T) {
	var there sync.WaitGroup
	there.Add(3)
	n := &net{answer: func(_ context.Context, q Request) (Answer, error) {
		there.Done()
		there.Wait()
		return Answer{Status: 200, Body: `{"u":"` + q.URL + `"}`}, nil
	}}
	r, err := perform(t, Settings{Fetcher: n}, Input{}, func(w world.World) []reply.Token {
		_ = w.Fetch(ask("a=https://a.example/1", "b=https://a.example/2", "c=https://a.example/3"))
		return text(w.Data("a.u") + " " + w.Data("b.u") + " " + w.Data("c.u"))
	})
	if err != nil || r.Reply.Text != "https://a.example/1 https://a.example/2 https://a.example/3" {
		t.Errorf("%q %v", r.Reply.Text, err)
	}
	var urls []string
	for _, a := range r.Outside.Answers {
		urls = append(urls, a.URL)
	}
	if !slices.IsSorted(urls) {
		t.Errorf("recorded as %v", urls)
	}
}

// TestACancelledTurnIsNoTurn: a host that stops must not answer with an error text.
func TestACancelledTurnIsNoTurn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := &net{answer: func(context.Context, Request) (Answer, error) { cancel(); return Answer{}, context.Canceled }}
	f := script(t, "default").on("*", 8, func(w world.World) []reply.Token { return text(w.Fetch(ask("=https://a.example/"))) })
	_, err := New(f, Settings{Fetcher: n}).Run(ctx, Input{Event: Event{Kind: Text, Text: "go"}, Now: noon})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestShapeOfRequests(t *testing.T) { // L-HTTP-2
	tests := []struct {
		name, url, options string
		want               Request // without Method
		problem            string
	}{
		{name: "the address is encoded", url: " https://a.example/grün tee?q=a%20b&x=\"\n\x7f ", want: Request{URL: `https://a.example/gr%C3%BCn%20tee?q=a%20b&x="%0A%7F`}},
		{name: "an object is JSON", options: `{"body": {"b": 1, "a": "<x>"}}`, want: Request{Header: map[string]string{contentType: "application/json"}, Body: `{"b":1,"a":"<x>"}`}},
		{name: "a list is JSON", options: `{"body": [1, 2]}`, want: Request{Header: map[string]string{contentType: "application/json"}, Body: `[1,2]`}},
		{name: "a number is JSON", options: `{"body": 7}`, want: Request{Header: map[string]string{contentType: "application/json"}, Body: `7`}},
		{name: "a text is as it is", options: `{"body": "a=1&b"}`, want: Request{Header: map[string]string{contentType: "text/plain; charset=utf-8"}, Body: `a=1&b`}},
		{name: "null is none", options: `{"body": null, "headers": null}`, want: Request{Header: map[string]string{}}},
		{
			name: "a form", options: `{"headers": {"content-type": "application/x-www-form-urlencoded"}, "body": {"b": "1 &", "a": [1, true], "c": {"d": 2}, "e": null}}`,
			want: Request{Header: map[string]string{contentType: formType}, Body: "a=1&a=true&b=1+%26&c=%7B%22d%22%3A2%7D&e="},
		},
		{name: "a list is no form", options: `{"headers": {"Content-Type": "application/x-www-form-urlencoded"}, "body": [1]}`, problem: badBody},
		{name: "headers", options: `{"headers": {"x-key": "k", "X-N": 7, "X-B": true, "X-0": null}}`, want: Request{Header: map[string]string{"X-Key": "k", "X-N": "7", "X-B": "true"}}},
		{name: "a type of its own", options: `{"headers": {"Content-Type": "application/vnd.x+json"}, "body": {}}`, want: Request{Header: map[string]string{contentType: "application/vnd.x+json"}, Body: "{}"}},
		{name: "a header that is a list", options: `{"headers": {"X": []}}`, problem: badBody},
		{name: "headers that are a text", options: `{"headers": "X: y"}`, problem: badBody},
		{name: "a list of options", options: `[]`, problem: badBody},
		{name: "null options", options: `null`, problem: badBody},
		{name: "broken options", options: `{`, problem: badBody},
		{name: "no scheme", url: "a.example", problem: badCommand},
		{name: "a host that is none", url: "https://a b/", want: Request{}, problem: badCommand},
	}
	for _, tt := range tests {
		if tt.url == "" {
			tt.url = "https://a.example/"
			tt.want.URL = tt.url
		}
		got, problem := shape(world.Request{URL: tt.url, Options: tt.options})
		if problem != tt.problem {
			t.Errorf("%s: problem is %q, want %q", tt.name, problem, tt.problem)
		} else if diff := cmp.Diff(tt.want, got); problem == "" && diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func FuzzShape(f *testing.F) {
	f.Add("https://a.example/?q=ü", `{"headers":{"X":"a"},"body":{"a":[1]}}`)
	f.Fuzz(func(t *testing.T, url, options string) {
		q, problem := shape(world.Request{Method: "POST", URL: url, Options: options})
		if problem != "" {
			return
		}
		if strings.IndexFunc(q.URL, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
			t.Errorf("address %q", q.URL)
		}
		if s := shown(q.URL); strings.Contains(s, "@") && !strings.Contains(strings.SplitN(s, "://", 2)[1], "/") {
			t.Errorf("shown as %q", s)
		}
	})
}

func TestAddressesAreShownWithoutSecrets(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example":                              "https://a.example/",
		"https://ann:secret@a.example/x#secret":          "https://a.example/x",
		"https://a.example/x?key=secret&flag&b=secret=2": "https://a.example/x?key=…&flag&b=…",
		"https://a.example?key=secret/path":              "https://a.example/?key=…",
		"https://a@secret@a.example/@home":               "https://a.example/@home",
	} {
		if got := shown(address); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
	}
}

func TestRequestsInTheTrace(t *testing.T) {
	n := &net{answer: func(_ context.Context, q Request) (Answer, error) {
		if strings.Contains(q.URL, "down") {
			return Answer{}, errors.New("timeout")
		}
		return Answer{Status: 404}, nil
	}}
	r, err := perform(t, Settings{Fetcher: n}, Input{}, func(w world.World) []reply.Token {
		_ = w.Fetch([]world.Request{{Method: "PUT", Name: "now", URL: "https://a.example/?key=secret"}})
		_ = w.Fetch(ask("=https://a.example/down"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range trace.Lines(r.Trace) {
		if line.Kind == "request" {
			lines = append(lines, line.Text)
		}
	}
	want := []string{"asked PUT https://a.example/?key=… (now): 404", "asked GET https://a.example/down: no answer"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestDirections(t *testing.T) { // L-EXT-4, L-EXT-5, L-EXT-6
	said := func(s string) Effect { return Effect{Token: &reply.Token{Kind: reply.Text, Text: s}} }
	kind := func(k reply.Kind) Effect { return Effect{Token: &reply.Token{Kind: k, Millis: 1 << 30, Text: "x"}} }
	p := plugins(func(d world.Direction) ([]Effect, error) {
		if d.Name == "weather" {
			return nil, errors.New("no such city")
		}
		return []Effect{
			said("sunny"), kind(reply.Send), kind(reply.Delay), kind(reply.NoReply), kind(reply.Error), kind(reply.Begin), kind(reply.End), kind(99), said(""),
			{Set: "mood", Value: "good"},
			{Set: "_platform", Value: "x"},
			{Set: "topic", Value: "vip"},
			{},
		}, nil
	})
	var got, failed, instead []reply.Token
	r, err := perform(t, Settings{Directions: p}, Input{}, func(w world.World) []reply.Token {
		got = slices.Clone(w.Direct(world.Direction{Name: "mood"}))
		failed = w.Direct(world.Direction{Name: "weather"})
		instead = w.Direct(world.Direction{Name: "weather", Attributes: []world.Attribute{{Name: "fallback", Value: "{@ a}"}}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []reply.Token{{Kind: reply.Text, Text: "sunny"}, {Kind: reply.Send, Millis: 1 << 30, Text: "x"}, {Kind: reply.Delay, Millis: reply.MaxDelayMillis, Text: "x"}, {Kind: reply.NoReply, Millis: 1 << 30, Text: "x"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]reply.Token{{Kind: reply.Error, Text: "[DIRECTION_ERROR: weather: no such city]"}}, failed); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]reply.Token{{Kind: reply.Text, Text: "{@ a}"}}, instead); diff != "" {
		t.Error(diff)
	}
	if v := vars(r.Session); v["mood"] != "good" || v["_platform"] != "test" || r.Session.Topic != "default" {
		t.Errorf("session is %v in %s", v, r.Session.Topic)
	}
	r, err = perform(t, Settings{Directions: plugins(func(world.Direction) ([]Effect, error) { return []Effect{{Topic: "vip"}}, nil })}, Input{},
		func(w world.World) []reply.Token { return w.Direct(world.Direction{Name: "x"}) })
	if err != nil || r.Session.Topic != "vip" {
		t.Errorf("topic %s, %v", r.Session.Topic, err)
	}
	r, err = perform(t, Settings{}, Input{}, func(w world.World) []reply.Token { return w.Direct(world.Direction{Name: "x"}) })
	if err != nil || len(r.Reply.Parts) != 1 || r.Reply.Parts[0].Text != "[DIRECTION_ERROR: x: it is not installed]" {
		t.Errorf("%v %v", r.Reply.Parts, err)
	}
}

// TestReplay: a recorded turn is the same turn again, with nobody to ask.
func TestReplay(t *testing.T) {
	n := 0
	live := Settings{
		Fetcher: &net{answer: func(_ context.Context, q Request) (Answer, error) {
			if strings.Contains(q.URL, "down") {
				return Answer{Took: time.Second}, errors.New("timeout")
			}
			return Answer{Status: 200, Body: fmt.Sprintf(`{"n":%q}`, q.URL), Took: time.Second}, nil
		}},
		Directions: plugins(func(d world.Direction) ([]Effect, error) {
			if n++; n == 2 {
				return nil, errors.New("tired")
			}
			return []Effect{{Token: &reply.Token{Kind: reply.Text, Text: fmt.Sprint("call ", n)}}, {Set: "n", Value: fmt.Sprint(n)}}, nil
		}),
	}
	play := func(w world.World) []reply.Token {
		_ = w.Fetch(ask("a=https://a.example/?key=1", "b=https://a.example/2"))
		problem := w.Fetch(ask("=https://a.example/down"))
		tokens := text(w.Data("a.n") + w.Data("b.n") + problem + fmt.Sprint(w.Random(1<<40)))
		for range 3 {
			tokens = append(tokens, w.Direct(world.Direction{Name: "count"})...)
		}
		return tokens
	}
	first, err := perform(t, live, Input{Seed: 5}, play)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(first.Outside)
	if err != nil {
		t.Fatal(err)
	}
	var recording Recording
	if err := json.Unmarshal(data, &recording); err != nil {
		t.Fatal(err)
	}
	again, err := perform(t, Settings{}, Input{Seed: 5, Outside: &recording}, play)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(string(data), "key=1\",\"status") {
		t.Errorf("the recording holds what may be a secret: %s", data)
	}

	other, err := perform(t, live, Input{Outside: &recording}, func(w world.World) []reply.Token {
		return append(text(w.Fetch(ask("=https://b.example/"))), w.Direct(world.Direction{Name: "other"})...)
	})
	var texts []string
	for _, part := range other.Reply.Parts {
		texts = append(texts, part.Text)
	}
	want := "[REQ_RESPONSE_ERROR: " + noAnswer + "][DIRECTION_ERROR: other: " + noEffect + "]"
	if got := strings.Join(texts, " "); err != nil || got != want {
		t.Errorf("another script: %q, %v", got, err)
	}
}

// TestASessionIsLeftAlone: effects of directions go to a copy.
func TestASessionIsLeftAlone(t *testing.T) {
	before := session.State{Vars: map[string]json.RawMessage{"a": json.RawMessage(`"1"`)}}
	kept := maps.Clone(before.Vars)
	_, err := perform(t, Settings{Directions: plugins(func(world.Direction) ([]Effect, error) { return []Effect{{Set: "a", Value: "2"}}, nil })},
		Input{Session: before}, func(w world.World) []reply.Token { return w.Direct(world.Direction{Name: "x"}) })
	if diff := cmp.Diff(kept, before.Vars); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// FuzzAnswer looks for paths in anything that may come back.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"a":{"b":[1,"two"]}}`, "a.b.1")
	f.Add("plain", "__text")
	f.Add(strings.Repeat("[", 500), strings.Repeat("0.", 100)+"0")
	f.Fuzz(func(t *testing.T, body, path string) {
		a := map[string]*answer{"": newAnswer(200, body), "now": newAnswer(404, body)}
		if first, again := find(a, path), find(a, path); first != again {
			t.Errorf("%q in %q is %q, then %q", path, body, first, again)
		}
		if named, plain := find(a, "now."+path), find(a, path); named != plain && path != "__status" && !strings.HasPrefix(path, "now") {
			t.Errorf("%q in %q is %q by name and %q without", path, body, named, plain)
		}
	})
}

// TestACueKnowsItsTurn: what a direction may learn, what it keeps and what is shown of it.
func TestACueKnowsItsTurn(t *testing.T) { // L-EXT-5
	var seeds []uint64
	p := cues(func(c Cue) Directed {
		seeds = append(seeds, c.Seed)
		mood, _ := c.Variable("mood")
		n := c.Kept("shop")["n"]
		return Directed{
			Effects: []Effect{
				{Token: &reply.Token{Kind: reply.Text, Text: mood + n + c.Person.ID}},
				{Keep: &Keep{Plugin: "shop", Key: "n", Value: n + "1"}},
				{Unset: "mood"},
			},
			Fuel: 1200, Memory: 65536, Took: 1500 * time.Microsecond, Log: []Logged{{Level: "warn", Text: "low"}},
		}
	})
	before := session.State{Vars: map[string]json.RawMessage{"mood": json.RawMessage(`"good"`)}}
	call := func(w world.World) []reply.Token {
		d := world.Direction{Name: "shop:cart", Attributes: []world.Attribute{{Name: "add", Value: strings.Repeat("é", 100)}, {Name: "all"}}}
		return append(slices.Clone(w.Direct(d)), w.Direct(d)...)
	}
	r, err := perform(t, Settings{Directions: p}, Input{Session: before, Seed: 5}, call)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Reply.Text; got != "good717" {
		t.Errorf("the replies are %q", got)
	}
	if diff := cmp.Diff(map[string]map[string]string{"shop": {"n": "11"}}, r.Session.Kept); diff != "" || before.Kept != nil {
		t.Error(diff, before.Kept)
	}
	if _, set := Variable(r.Session, "mood"); set {
		t.Error("the variable is still set")
	}
	if seeds[0] == seeds[1] {
		t.Error("two calls draw the same numbers")
	}
	again, err := perform(t, Settings{}, Input{Session: before, Seed: 5, Outside: &r.Outside}, call)
	if diff := cmp.Diff(r, again); err != nil || diff != "" {
		t.Error(err, diff)
	}
	var lines []string
	for _, line := range trace.Lines(r.Trace) {
		if line.Kind == "direction" || line.Kind == "note" {
			lines = append(lines, line.Text)
		}
	}
	want := `<shop:cart add="` + strings.Repeat("é", 80) + `…" all> gave "good7"   1200 steps, 64 KiB, 1.5ms`
	if len(lines) != 4 || lines[0] != "<shop:cart> logs warn: low" || lines[1] != want {
		t.Errorf("the trace says %q", lines)
	}
}

// cues is Directions of a function.
type cues func(Cue) Directed

func (c cues) Direct(_ context.Context, cue Cue) Directed { return c(cue) }
