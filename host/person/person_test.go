package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	ann  = store.Key{Page: "104290001", Person: "24680135791357"}
)

// room is a desk over a store of its own.
type room struct {
	*Desk
	t         *testing.T
	store     store.Store
	clock     *clock.Virtual
	forgotten []store.Key
}

func open(t *testing.T) *room {
	t.Helper()
	s, err := bolt.Open(bolt.Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	r := &room{t: t, store: s, clock: clock.NewVirtual(noon)}
	r.Desk = New(Config{Store: s, Clock: r.clock, Forget: func(k store.Key) { r.forgotten = append(r.forgotten, k) }})
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// known makes somebody of whom all is kept that can be.
func (r *room) known(k store.Key) session.State {
	r.t.Helper()
	ctx := r.t.Context()
	state := session.State{
		Topic: "tea", Turns: 3, Since: noon.Add(-48 * time.Hour), Heard: noon.Add(-time.Hour),
		Vars:   map[string]json.RawMessage{"drink": json.RawMessage(`"tea"`), "cart": json.RawMessage(`[1,2]`), "_platform": json.RawMessage(`"facebook"`)},
		Inputs: []string{"tea", "hi"}, Replies: []string{"One tea.", "Hello!"},
		Reminders: map[string]session.Reminder{"pot": {Due: noon.Add(time.Hour), Content: reply.Content{{Text: "The pot."}}}},
		Kept:      map[string]map[string]string{"weather": {"city": "Oslo"}},
	}
	data, err := session.Encode(state)
	r.must(err)
	_, _, err = r.store.Accept(ctx, noon, []store.Event{{ID: "message|m_1", Key: k, At: noon.Add(-time.Minute), Body: []byte(`{"event":{"Kind":"message","Message":{"Text":"and cake"}}}`)}}, 0, 0)
	r.must(err)
	lease, ok, err := r.store.Lease(ctx, noon, k, time.Minute)
	r.must(err)
	if !ok {
		r.t.Fatal("no lease")
	}
	r.must(r.store.Commit(ctx, lease, store.Change{
		Session: data, Hold: noon.Add(10 * time.Second),
		Sends: []store.Send{
			{ID: "0123456789abcdef01234567.1", Due: noon.Add(5 * time.Second), Body: []byte(`{"heard":"2026-11-25T11:00:00Z","message":{"text":"Here you are!"}}`)},
			{ID: "reminder:pot", Due: noon.Add(time.Hour), Stay: true, Body: []byte(`{"heard":"0001-01-01T00:00:00Z","reminder":"pot"}`)},
		},
		Aside: []store.Letter{{ID: "0123456789abcdef01234567.0", Kind: "send", At: noon.Add(-time.Minute), Reason: "class M, code 100", Body: []byte(`{"message":{"text":"lost"}}`)}},
	}, true))
	return state
}

func (r *room) state(k store.Key) session.State {
	r.t.Helper()
	c, err := r.store.Read(r.t.Context(), k)
	r.must(err)
	s, err := session.Decode(c.Session)
	r.must(err)
	return s
}

// What is kept of somebody is shown as people read it.
func TestShow(t *testing.T) {
	r := open(t)
	r.known(ann)
	r.must(r.Pause(t.Context(), ann.Page, time.Hour, "new menu"))
	got, err := r.Show(t.Context(), ann)
	r.must(err)
	want := Portrait{
		Page: ann.Page, Person: ann.Person, At: noon, Topic: "tea", Turns: 3, Since: noon.Add(-48 * time.Hour), Heard: noon.Add(-time.Hour),
		Window:    Window{Open: true, Closes: noon.Add(23 * time.Hour)},
		Variables: []Variable{{"cart", "[1,2]"}, {"drink", "tea"}, {"_platform", "facebook"}},
		Inputs:    []string{"tea", "hi"}, Replies: []string{"One tea.", "Hello!"}, Plugins: []string{"weather"},
		Events:    []Waiting{{ID: "message|m_1", At: noon.Add(-time.Minute), Kind: "message", Text: "and cake"}},
		Sends:     []Waiting{{ID: "0123456789abcdef01234567.1", At: noon.Add(5 * time.Second), Kind: "text", Text: "Here you are!"}},
		Reminders: []Reminder{{Name: "pot", Due: noon.Add(time.Hour), Text: "The pot."}},
		Letters:   []Letter{{ID: "0123456789abcdef01234567.0", At: noon.Add(-time.Minute), Kind: "send", What: "text", Text: "lost", Reason: "class M, code 100"}},
		Hold:      noon.Add(10 * time.Second),
		Paused:    &Paused{Page: ann.Page, Until: noon.Add(time.Hour), Reason: "new menu"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	r.clock.Advance(24 * time.Hour)
	if got, err = r.Show(t.Context(), ann); err != nil || got.Window.Open || got.Paused != nil || !got.Hold.IsZero() {
		t.Errorf("a day later: window %+v, pause %+v, hold %s, %v", got.Window, got.Paused, got.Hold, err)
	}
}

// Variables are set as a script sets them, all or none; the rest stays as it was.
func TestSet(t *testing.T) {
	r := open(t)
	before := r.known(ann)
	r.must(r.Set(t.Context(), ann, []Setting{{Name: " name ", Value: " Ann "}, {Name: "drink", Clear: true}, {Name: "topic", Value: "Menu"}}))
	after := r.state(ann)
	before.Topic = "menu"
	delete(before.Vars, "drink")
	before.Vars["name"] = json.RawMessage(`"Ann"`)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	c, err := r.store.Read(t.Context(), ann)
	r.must(err)
	if len(c.Sends) != 2 || len(c.Events) != 1 || len(c.Letters) != 1 || !c.Hold.Equal(noon.Add(10*time.Second)) {
		t.Errorf("what waits has changed: %+v", c)
	}
	many := make([]Setting, session.MaxVariables)
	for i := range many {
		many[i] = Setting{Name: fmt.Sprintf("v%d", i)}
	}
	for _, row := range []struct {
		name     string
		settings []Setting
		want     string
	}{
		{"nothing", nil, "nothing to set"},
		{"no name", []Setting{{Value: "x"}}, "has no name"},
		{"a name of signs", []Setting{{Name: "a<b"}}, "holds no =, < or >"},
		{"a name of the host's", []Setting{{Name: "_platform", Value: "x"}}, "belong to the host"},
		{"a long value", []Setting{{Name: "x", Value: strings.Repeat("x", session.MaxValueBytes+1)}}, "at most 4096"},
		{"a topic of no form", []Setting{{Name: "topic", Value: "to be"}}, `topic "to be"`},
		{"no topic", []Setting{{Name: "topic", Clear: true}}, "cannot be cleared"},
		{"too many", many, "has 500 variables"},
		{"one of two", []Setting{{Name: "good", Value: "x"}, {Name: "_bad"}}, "belong to the host"},
	} {
		if err := r.Set(t.Context(), ann, row.settings); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
	if diff := cmp.Diff(after, r.state(ann)); diff != "" {
		t.Errorf("refused settings changed something: %s", diff)
	}
}

// A reset leaves when the person wrote last, what is to be heard, and letters.
func TestReset(t *testing.T) {
	r := open(t)
	before := r.known(ann)
	r.must(r.Reset(t.Context(), ann))
	if diff := cmp.Diff(session.State{Heard: before.Heard}, r.state(ann)); diff != "" {
		t.Error(diff)
	}
	c, err := r.store.Read(t.Context(), ann)
	r.must(err)
	if len(c.Sends) != 0 || len(c.Events) != 1 || len(c.Letters) != 1 {
		t.Errorf("%d sends, %d events, %d letters", len(c.Sends), len(c.Events), len(c.Letters))
	}
}

// An export holds all that is kept, word for word.
func TestExport(t *testing.T) {
	r := open(t)
	r.known(ann)
	e, err := r.Export(t.Context(), ann)
	r.must(err)
	data, err := json.Marshal(e)
	r.must(err)
	for _, want := range []string{"footlight person 1", `"drink":"tea"`, "The pot.", "Oslo", "and cake", "Here you are!", `"text":"lost"`, "class M, code 100", "One tea."} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the export does not hold %q: %s", want, data)
		}
	}
}

func TestErase(t *testing.T) {
	r := open(t)
	r.known(ann)
	ben := store.Key{Page: ann.Page, Person: ann.Person + "0"}
	r.known(ben)
	r.must(r.Erase(t.Context(), ann))
	c, err := r.store.Read(t.Context(), ann)
	r.must(err)
	if diff := cmp.Diff(store.Conversation{Key: ann}, c); diff != "" {
		t.Errorf("still kept: %s", diff)
	}
	if diff := cmp.Diff([]store.Key{ann}, r.forgotten); diff != "" {
		t.Errorf("told of: %s", diff)
	}
	list, err := r.People(t.Context(), ann.Page, "")
	if diff := cmp.Diff(People{People: []string{ben.Person}}, list); diff != "" || err != nil {
		t.Errorf("people: %s, %v", diff, err)
	}
}

// What cannot be read can be erased all the same.
func TestEraseUnreadable(t *testing.T) {
	r := open(t)
	lease, _, err := r.store.Lease(t.Context(), noon, ann, time.Minute)
	r.must(err)
	r.must(r.store.Commit(t.Context(), lease, store.Change{Session: []byte(`{"v":99}`)}, true))
	if _, err := r.Show(t.Context(), ann); err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Errorf("show: %v", err)
	}
	r.must(r.Erase(t.Context(), ann))
}

// Wrong ids and unknown people are told of, and make nobody.
func TestUnknown(t *testing.T) {
	r := open(t)
	for name, do := range map[string]func(store.Key) error{
		"show":   func(k store.Key) error { _, err := r.Show(t.Context(), k); return err },
		"set":    func(k store.Key) error { return r.Set(t.Context(), k, []Setting{{Name: "a"}}) },
		"reset":  func(k store.Key) error { return r.Reset(t.Context(), k) },
		"export": func(k store.Key) error { _, err := r.Export(t.Context(), k); return err },
		"erase":  func(k store.Key) error { return r.Erase(t.Context(), k) },
	} {
		if err := do(ann); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s of somebody unknown: %v", name, err)
		}
		if err := do(store.Key{Page: "1", Person: "a b"}); err == nil || !strings.Contains(err.Error(), "person id has the byte") {
			t.Errorf("%s of a wrong id: %v", name, err)
		}
	}
	if list, err := r.People(t.Context(), ann.Page, ""); err != nil || len(list.People) != 0 {
		t.Errorf("people %v, %v", list, err)
	}
}

// tick lets time pass until something is done.
func (r *room) tick(done <-chan error) error {
	for {
		select {
		case err := <-done:
			return err
		default:
			r.clock.Advance(busyPoll)
			runtime.Gosched()
		}
	}
}

// A turn under way is never overwritten: a change waits for it, and gives up in the end.
func TestBusy(t *testing.T) {
	r := open(t)
	r.known(ann)
	lease, _, err := r.store.Lease(t.Context(), noon, ann, 10_000*time.Hour)
	r.must(err)
	done := make(chan error, 1)
	go func() { done <- r.Set(t.Context(), ann, []Setting{{Name: "a", Value: "b"}}) }()
	err = r.tick(done)
	if !errors.Is(err, ErrBusy) {
		t.Errorf("set under a lease: %v", err)
	}
	go func() { done <- r.Set(t.Context(), ann, []Setting{{Name: "a", Value: "b"}}) }()
	r.must(r.store.Commit(t.Context(), lease, store.Change{Session: []byte(`{"v":1,"vars":{"turn":"1"}}`)}, true))
	err = r.tick(done)
	r.must(err)
	if vars := r.state(ann).Vars; string(vars["a"]) != `"b"` || string(vars["turn"]) != `"1"` {
		t.Errorf("after the turn and the change: %s", vars)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err = r.store.Lease(ctx, r.clock.Now(), ann, time.Hour)
	r.must(err)
	cancel()
	if err := r.Set(ctx, ann, []Setting{{Name: "a"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("set that is called off: %v", err)
	}
}

// Whoever works on the conversation next sees that a host has not come to its end, whatever an operator has done since: what
// it had on its way out is not to be sent twice.
func TestDoubtStays(t *testing.T) {
	for _, row := range []struct {
		name  string
		wrong bool
	}{{"a change", false}, {"a change that is refused", true}} {
		t.Run(row.name, func(t *testing.T) {
			r := open(t)
			r.known(ann)
			const turn = 15 * time.Second
			if list, err := r.store.Claim(t.Context(), r.clock.Now(), turn, 1); err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			r.clock.Advance(turn) // the host has died meanwhile
			err := r.change(t.Context(), ann, func(store.Conversation, session.State) (store.Change, error) {
				if row.wrong {
					return store.Change{}, errors.New("refused")
				}
				data, err := session.Encode(session.State{Topic: "mate"})
				return store.Change{Session: data}, err
			})
			if row.wrong != (err != nil) {
				t.Errorf("change: %v", err)
			}
			r.clock.Advance(leaseFor)
			list, err := r.store.Claim(t.Context(), r.clock.Now(), turn, 1)
			if err != nil || len(list) != 1 || list[0].Conversation.Claims < 2 {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}

func TestPages(t *testing.T) {
	r := open(t)
	if err := r.Resume(t.Context(), "1"); err == nil || !strings.Contains(err.Error(), "is not paused") {
		t.Errorf("resume: %v", err)
	}
	if err := r.Pause(t.Context(), "1", -time.Second, ""); err == nil {
		t.Error("paused for less than nothing")
	}
	r.must(r.Pause(t.Context(), "1", 0, " "))
	list, err := r.Paused(t.Context())
	if diff := cmp.Diff([]Paused{{Page: "1", Reason: byHand}}, list); diff != "" || err != nil {
		t.Errorf("%s, %v", diff, err)
	}
	r.must(r.Resume(t.Context(), "1"))
	if list, err := r.Paused(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("after the resume: %v, %v", list, err)
	}
}
