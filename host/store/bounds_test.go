package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

func TestRefusalsSayWhatIsWrong(t *testing.T) {
	key := store.Key{Page: "1", Person: "2"}
	long := strings.Repeat("x", store.MaxID+1)
	events := func(e ...store.Event) error { return store.CheckAccept(e, 0, 0) }
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"no page", store.Key{Person: "2"}.Check(), "page id is empty"},
		{"no person", store.Key{Page: "1"}.Check(), "person id is empty"},
		{"long name", store.Key{Page: "1", Person: long[:store.MaxName+1]}.Check(), "person id has 65 bytes, at most 64 are allowed"},
		{"slash", store.Key{Page: "1/2", Person: "3"}.Check(), `page id has the byte '/'`},
		{"brace", store.Key{Page: "{1}", Person: "3"}.Check(), `page id has the byte '{'`},
		{"second event", events(store.Event{ID: "a", Key: key}, store.Event{Key: key}), "event 1: id is empty"},
		{"long id", events(store.Event{ID: long, Key: key}), "event 0: id has 8193 bytes, at most 8192 are allowed"},
		{"long body", events(store.Event{ID: "a", Key: key, Body: make([]byte, store.MaxBody+1)}), "event 0: body has 1048577 bytes"},
		{"long session", store.Change{Session: make([]byte, store.MaxSession+1)}.Check(), "session has 4194305 bytes"},
		{"send twice", store.Change{Sends: []store.Send{{ID: "a"}, {ID: "a"}}}.Check(), `send 1: id "a" comes twice`},
		{"retried twice", store.Change{Retried: []string{"a", "a"}}.Check(), `retried: id "a" comes twice`},
		{"negative wait", store.Change{Sends: []store.Send{{ID: "a", Wait: -time.Second}}}.Check(), "send 0: wait and tries must not be negative"},
		{"no lease", store.CheckClaim(0, 1), "lease of 0s is not longer than zero"},
		{"no limit", store.CheckClaim(time.Second, 0), "limit 0 is not above zero"},
		{"long reason", store.Pause{Page: "1", Reason: long}.Check(), "reason has 8193 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
				t.Errorf("error is %v, want one that says %q", c.err, c.want)
			}
		})
	}
}

func TestWhatIsFinePasses(t *testing.T) {
	key := store.Key{Page: "1234567890", Person: "Ann_b.c-1"}
	send := store.Send{ID: strings.Repeat("x", store.MaxID), Body: make([]byte, store.MaxBody)}
	for name, err := range map[string]error{
		"key":    key.Check(),
		"events": store.CheckAccept([]store.Event{{ID: "any\x00thing", Key: key, Body: make([]byte, store.MaxBody)}}, time.Minute, 1),
		"change": store.Change{Session: make([]byte, store.MaxSession), Sends: []store.Send{send}, Retried: []string{send.ID}}.Check(),
		"claim":  store.CheckClaim(1, 1),
		"pause":  store.Pause{Page: "1", Reason: strings.Repeat("x", store.MaxReason)}.Check(),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
