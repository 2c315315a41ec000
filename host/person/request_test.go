package person

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/store"
)

func (r *room) keeper(keep time.Duration, find func(context.Context, User) ([]store.Key, error)) *Keeper {
	r.t.Helper()
	k, err := NewKeeper(KeeperConfig{Desk: r.Desk, Keep: keep, Find: find})
	r.must(err)
	return k
}

func (r *room) request(code string) Request {
	r.t.Helper()
	q, err := r.Request(r.t.Context(), code)
	r.must(err)
	return q
}

// A request that the platform can tell the person of is done by itself, and then holds
// nothing by which anybody could be found.
func TestRequestDone(t *testing.T) {
	r := open(t)
	r.known(ann)
	r.must(r.Ask(t.Context(), "code", User{"77", "user-1"}))
	r.clock.Advance(time.Minute)
	r.must(r.Ask(t.Context(), "code", User{"77", "user-1"})) // Meta says it twice
	if diff := cmp.Diff(Request{Code: "code", At: noon, State: Open, App: "77", User: "user-1"}, r.request("code")); diff != "" {
		t.Error(diff)
	}
	k := r.keeper(0, func(_ context.Context, user User) ([]store.Key, error) {
		if user != (User{"77", "user-1"}) {
			t.Errorf("user %+v", user)
		}
		return []store.Key{ann, {Page: "2", Person: "9"}}, nil
	})
	r.must(k.Requests(t.Context()))
	want := Request{Code: "code", At: noon, State: Done, Closed: noon.Add(time.Minute), People: 2}
	if diff := cmp.Diff(want, r.request("code")); diff != "" {
		t.Error(diff)
	}
	if _, err := r.Show(t.Context(), ann); !errors.Is(err, ErrUnknown) {
		t.Errorf("after the request: %v", err)
	}
	r.must(k.Requests(t.Context())) // does nothing more
}

// A failure is tried again, later and later; what cannot be found out, people must.
func TestRequestFails(t *testing.T) {
	r := open(t)
	r.must(r.Ask(t.Context(), "code", User{ID: "user-1"}))
	tries := 0
	k := r.keeper(0, func(context.Context, User) ([]store.Key, error) { tries++; return nil, errors.New("no line") })
	var at []time.Duration
	for r.request("code").State == Open {
		r.must(k.Requests(t.Context()))
		if tries > len(at) {
			at = append(at, r.clock.Now().Sub(noon))
		}
		r.clock.Advance(30 * time.Second)
	}
	want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 127}
	for i := range want {
		want[i] *= time.Minute
	}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("tries: %s", diff)
	}
	if q := r.request("code"); q.State != Review || q.Why != "no line" || q.User != "user-1" {
		t.Errorf("request %+v", q)
	}
	for _, row := range []struct {
		code string
		find func(context.Context, User) ([]store.Key, error)
	}{
		{"final", func(context.Context, User) ([]store.Key, error) { return nil, fmt.Errorf("%w: unset", ErrNobody) }},
		{"nobody", func(context.Context, User) ([]store.Key, error) { return nil, nil }},
	} {
		r.must(r.Ask(t.Context(), row.code, User{ID: "user-2"}))
		r.must(r.keeper(0, row.find).Requests(t.Context()))
		if q := r.request(row.code); q.State != Review || q.Tries != 1 {
			t.Errorf("%s: %+v", row.code, q)
		}
	}
	r.must(r.Finish(t.Context(), "final"))
	if q := r.request("final"); q.State != Done || q.User != "" || q.Why != "" {
		t.Errorf("seen to by people: %+v", q)
	}
	for _, code := range []string{"final", "unknown", ""} {
		if err := r.Finish(t.Context(), code); err == nil {
			t.Errorf("%q was closed", code)
		}
	}
}

// What somebody else has made of a request while a host saw to it stands: one that is done holds nobody's id again.
func TestRequestIsSeenToByTwo(t *testing.T) {
	r := open(t)
	for code, find := range map[string]error{"fails": errors.New("no line"), "nobody": ErrNobody, "done": nil} {
		r.must(r.Ask(t.Context(), code, User{ID: "user-1"}))
		k := r.keeper(0, func(context.Context, User) ([]store.Key, error) {
			r.must(r.Finish(t.Context(), code))
			return []store.Key{ann}, find
		})
		r.must(k.Requests(t.Context()))
		if diff := cmp.Diff(Request{Code: code, At: noon, State: Done, Closed: noon}, r.request(code)); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
	}
	r.must(r.Ask(t.Context(), "gone", User{ID: "user-1"}))
	k := r.keeper(0, func(context.Context, User) ([]store.Key, error) {
		r.must(r.forgetRequest(t.Context(), "gone"))
		return nil, ErrNobody
	})
	r.must(k.Requests(t.Context()))
	if _, err := r.Request(t.Context(), "gone"); !errors.Is(err, ErrNoRequest) {
		t.Errorf("one that made room is there again: %v", err)
	}
}

// Erasing for a request closes it; a wrong code erases nobody.
func TestEraseForRequest(t *testing.T) {
	r := open(t)
	r.known(ann)
	r.must(r.Ask(t.Context(), "code", User{ID: "user-1"}))
	erase := Command{Verb: Erase, Page: ann.Page, Person: ann.Person, Code: "cod"}
	if _, err := r.Do(t.Context(), erase); !errors.Is(err, ErrNoRequest) {
		t.Errorf("a wrong code: %v", err)
	}
	if _, err := r.Show(t.Context(), ann); err != nil {
		t.Errorf("a wrong code erased somebody: %v", err)
	}
	erase.Code = "code"
	_, err := r.Do(t.Context(), erase)
	r.must(err)
	if q := r.request("code"); q.State != Done {
		t.Errorf("%+v", q)
	}
}

// Closed requests make room for new ones, open ones never do.
func TestRequestsAreBounded(t *testing.T) {
	r := open(t)
	for i := range MaxRequests {
		r.must(r.Ask(t.Context(), fmt.Sprint("c", i), User{ID: "u"}))
	}
	if err := r.Ask(t.Context(), "more", User{ID: "u"}); !errors.Is(err, errRequestsFull) {
		t.Errorf("one more: %v", err)
	}
	if _, err := r.Request(t.Context(), "more"); !errors.Is(err, ErrNoRequest) {
		t.Errorf("it is kept all the same: %v", err)
	}
	r.must(r.Finish(t.Context(), "c7"))
	r.must(r.Ask(t.Context(), "more", User{ID: "u"}))
	if _, err := r.Request(t.Context(), "c7"); !errors.Is(err, ErrNoRequest) {
		t.Errorf("the closed one: %v", err)
	}
	r.must(r.Finish(t.Context(), "c8"))
	r.must(r.Finish(t.Context(), "c9"))
	r.clock.Advance(KeepClosed + time.Second)
	r.must(r.Ask(t.Context(), "again", User{ID: "u"}))
	list, err := r.Requests(t.Context())
	if err != nil || len(list) != MaxRequests-1 {
		t.Errorf("%d requests, %v", len(list), err)
	}
}

// listless is a store that does not take the list of requests.
type listless struct{ store.Store }

func (l listless) SetValue(ctx context.Context, at store.Shelf, key string, value []byte, old *[]byte) (bool, error) {
	if key == codesKey {
		return false, errors.New("disk is full")
	}
	return l.Store.SetValue(ctx, at, key, value, old)
}

// A request that comes again, and cannot be kept this time, is kept still: it was promised before. One that is new leaves nothing behind.
func TestRequestComesAgain(t *testing.T) {
	r := open(t)
	r.must(r.Ask(t.Context(), "first", User{ID: "7"}))
	r.must(r.list(t.Context(), func([]string) ([]string, error) { return nil, nil })) // as a list that is changed meanwhile
	full := New(Config{Store: listless{r.store}, Clock: r.clock})
	for _, code := range []string{"first", "second"} {
		if err := full.Ask(t.Context(), code, User{ID: "7"}); err == nil || !strings.Contains(err.Error(), "disk is full") {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := r.Request(t.Context(), "first"); err != nil {
		t.Errorf("the first is lost: %v", err)
	}
	if _, err := r.Request(t.Context(), "second"); !errors.Is(err, ErrNoRequest) {
		t.Errorf("the second: %v", err)
	}
}

// Hosts that take requests at the same time lose none.
func TestRequestsOfManyHosts(t *testing.T) {
	r := open(t)
	var hosts sync.WaitGroup
	for h := range 4 {
		hosts.Go(func() {
			desk := New(Config{Store: r.store, Clock: r.clock})
			for i := range 8 {
				if err := desk.Ask(t.Context(), fmt.Sprintf("%d-%d", h, i), User{ID: "u"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	hosts.Wait()
	if list, err := r.Requests(t.Context()); err != nil || len(list) != 32 {
		t.Errorf("%d requests, %v", len(list), err)
	}
}

// Rule 16: who rests longer than people are kept is forgotten, nobody else.
func TestSweep(t *testing.T) {
	const keep = 30 * 24 * time.Hour
	r := open(t)
	r.known(ann)
	ben := store.Key{Page: ann.Page, Person: "2"}
	r.clock.Advance(keep)
	_, _, err := r.store.Accept(t.Context(), r.clock.Now(), []store.Event{{ID: "m", Key: ben, At: r.clock.Now(), Body: []byte("{}")}}, 0, 0)
	r.must(err)
	k := r.keeper(keep, nil)
	if n, err := r.keeper(0, nil).Sweep(t.Context()); err != nil || n != 0 {
		t.Errorf("kept for ever: %d forgotten, %v", n, err)
	}
	if n, err := k.Sweep(t.Context()); err != nil || n != 0 {
		t.Errorf("at the bound: %d forgotten, %v", n, err)
	}
	r.clock.Advance(2 * store.IdleStep)
	if n, err := k.Sweep(t.Context()); err != nil || n != 1 {
		t.Errorf("beyond the bound: %d forgotten, %v", n, err)
	}
	list, err := r.People(t.Context(), ann.Page, "")
	if diff := cmp.Diff([]string{ben.Person}, list.People); diff != "" || err != nil {
		t.Errorf("left: %s, %v", diff, err)
	}
	if diff := cmp.Diff([]store.Key{ann}, r.forgotten); diff != "" {
		t.Errorf("told of: %s", diff)
	}
	if _, err := NewKeeper(KeeperConfig{Desk: r.Desk, Keep: time.Hour}); err == nil {
		t.Error("people are kept for an hour")
	}
}

// talked is a store in which somebody writes in the moment between the look and the erasure.
type talked struct {
	store.Store
	write func()
}

func (s *talked) Idle(ctx context.Context, since time.Time, limit int) ([]store.Key, error) {
	keys, err := s.Store.Idle(ctx, since, limit)
	s.write()
	return keys, err
}

// Who writes in the moment of the sweep is not forgotten, and neither is what they wrote.
func TestSweepLosesNoMessage(t *testing.T) {
	const keep = 48 * time.Hour
	r := open(t)
	r.known(ann)
	r.clock.Advance(2 * keep)
	s := &talked{Store: r.store}
	s.write = func() {
		_, _, err := r.store.Accept(t.Context(), r.clock.Now(), []store.Event{{ID: "m_2", Key: ann, At: r.clock.Now(), Body: []byte("{}")}}, 0, 0)
		r.must(err)
	}
	k, err := NewKeeper(KeeperConfig{Desk: New(Config{Store: s, Clock: r.clock}), Keep: keep})
	r.must(err)
	_, err = k.Sweep(t.Context())
	r.must(err)
	c, err := r.store.Read(t.Context(), ann)
	r.must(err)
	if len(c.Events) != 2 || len(c.Session) == 0 {
		t.Errorf("left: %d events, session %q", len(c.Events), c.Session)
	}
}

// Run does both, at once and then from time to time.
func TestKeeperRuns(t *testing.T) {
	r := open(t)
	r.known(ann)
	r.clock.Advance(72 * time.Hour)
	found := make(chan string, 10)
	k := r.keeper(48*time.Hour, func(_ context.Context, user User) ([]store.Key, error) {
		found <- user.ID
		return []store.Key{ann}, nil
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	r.must(r.Ask(t.Context(), "one", User{ID: "user-1"}))
	go func() { done <- k.Run(ctx) }()
	if got := <-found; got != "user-1" {
		t.Errorf("user %q", got)
	}
	r.must(r.Ask(t.Context(), "two", User{ID: "user-2"}))
	k.Wake()
	if got := <-found; got != "user-2" {
		t.Errorf("user %q", got)
	}
	stop()
	r.must(<-done)
}
