package redis_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// Of a group that is written together, a conversation whose keys are broken fails alone; when they are mended, what it was
// refused is taken: it is not among what is known.
func TestABrokenConversationFailsAlone(t *testing.T) {
	url := redistest.Start(t)
	s := open(t, redis.Options{URL: url})
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	admin := goredis.NewClient(o)
	defer func() { _ = admin.Close() }()
	var batch []store.Event
	for n := range 8 {
		k := store.Key{Page: ann.Page, Person: fmt.Sprintf("p%d", n)}
		batch = append(batch, store.Event{ID: "a", Key: k, At: noon}, store.Event{ID: "b", Key: k, At: noon})
	}
	broken := "{fl:0}conv:" + ann.Page + "/p3"
	set := func(on bool) {
		err := admin.Del(t.Context(), broken).Err()
		if on {
			err = admin.Set(t.Context(), broken, "no hash", 0).Err()
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	set(true)
	if fresh, _, err := s.Accept(t.Context(), noon, batch, 0, 0); err == nil || !strings.Contains(err.Error(), "WRONGTYPE") || len(fresh) != 14 {
		t.Fatalf("a broken key: %d events accepted, %v", len(fresh), err)
	}
	set(false)
	fresh, claimed, err := s.Accept(t.Context(), noon, batch, time.Minute, len(batch))
	if err != nil || len(fresh) != 2 || fresh[0].Key.Person != "p3" || len(claimed) != 1 {
		t.Fatalf("the batch again: %v, %d claimed, %v", fresh, len(claimed), err)
	}
	more, err := s.Claim(t.Context(), noon, time.Minute, len(batch))
	if err != nil || len(more) != 7 {
		t.Fatalf("%d of the others claimed, %v", len(more), err)
	}

	set(true)
	all := append(claimed, more...)
	failed := make([]error, len(all))
	var hands sync.WaitGroup
	for i, c := range all {
		hands.Go(func() {
			failed[i] = s.Commit(t.Context(), c.Lease, store.Change{Session: []byte(c.Key.Person), Consumed: []string{"a", "b"}}, true)
		})
	}
	hands.Wait()
	for i, c := range all {
		got, err := s.Read(t.Context(), c.Key)
		switch {
		case c.Key.Person == "p3" && (failed[i] == nil || errors.Is(failed[i], store.ErrFenced)):
			t.Errorf("a broken key is committed: %v", failed[i])
		case c.Key.Person != "p3" && (failed[i] != nil || err != nil || string(got.Session) != c.Key.Person || len(got.Events) > 0):
			t.Errorf("%s: %v, then %q with %d events, %v", c.Key.Person, failed[i], got.Session, len(got.Events), err)
		}
	}
}
