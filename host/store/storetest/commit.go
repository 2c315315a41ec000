package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testCommit: a change does what its fields say.
func testCommit(t *testing.T, o Options) {
	hour := after(time.Hour)
	waiting := []store.Send{
		{ID: "x", Due: hour, Body: []byte("1")},
		{ID: "stays", Due: hour, Stay: true, Wait: time.Second, Body: []byte("2")},
		{ID: "y", Due: noon, Body: []byte("3"), Tries: 2},
	}
	for _, c := range []struct {
		name   string
		change store.Change
		sends  []string
		tries  []int
	}{
		{"nothing", store.Change{}, []string{"y", "x", "stays"}, []int{2, 0, 0}},
		{"settled", store.Change{Settled: []string{"y", "unknown"}}, []string{"x", "stays"}, []int{0, 0}},
		{"retried", store.Change{Retried: []string{"y", "stays", "unknown"}}, []string{"y", "x", "stays"}, []int{3, 0, 1}},
		{"cancelled, but those that stay", store.Change{Cancel: true}, []string{"stays"}, []int{0}},
		{"cancelled before the new", store.Change{Cancel: true, Sends: []store.Send{{ID: "new", Due: noon}}}, []string{"new", "stays"}, []int{0, 0}},
		{"added after what is due at the same time", store.Change{Sends: []store.Send{{ID: "b", Due: noon}, {ID: "a", Due: noon}}}, []string{"y", "b", "a", "x", "stays"}, []int{2, 0, 0, 0, 0}},
		{"replaced", store.Change{Sends: []store.Send{{ID: "y", Due: after(2 * time.Hour), Tries: 7}}}, []string{"x", "stays", "y"}, []int{0, 0, 7}},
		{"replaced after a retry", store.Change{Retried: []string{"y"}, Sends: []store.Send{{ID: "y", Due: noon}}}, []string{"y", "x", "stays"}, []int{0, 0, 0}},
		{"replaced by one that does not stay", store.Change{Sends: []store.Send{{ID: "stays", Due: noon}}}, []string{"y", "stays", "x"}, []int{2, 0, 0}},
		{"settled and retried", store.Change{Settled: []string{"y"}, Retried: []string{"y"}}, []string{"x", "stays"}, []int{0, 0}},
	} {
		t.Run("sends/"+c.name, func(t *testing.T) {
			s := open(t, o)
			s.talk(ann, "a", noon, store.Change{Sends: waiting})
			s.commit(s.claimOne(noon, ann), c.change)
			got := s.read(ann).Sends
			tries := make([]int, 0, len(got))
			for _, send := range got {
				tries = append(tries, send.Tries)
			}
			if !slices.Equal(sendIDs(got), c.sends) || !slices.Equal(tries, c.tries) {
				t.Errorf("sends are %q with tries %v, want %q with %v", sendIDs(got), tries, c.sends, c.tries)
			}
		})
	}
	t.Run("a replaced send is cancelled by its new nature", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{Sends: []store.Send{{ID: "x", Due: hour, Stay: true}, {ID: "y", Due: hour}}})
		s.talk(ann, "b", noon, store.Change{Sends: []store.Send{{ID: "x", Due: hour}, {ID: "y", Due: hour, Stay: true}}})
		s.talk(ann, "c", noon, store.Change{Cancel: true})
		if got := sendIDs(s.read(ann).Sends); !slices.Equal(got, []string{"y"}) {
			t.Errorf("sends are %q, want y", got)
		}
	})
	t.Run("keeps the send whole", func(t *testing.T) {
		s := open(t, o)
		body := []byte("\x00\xff:{}\n")
		send := store.Send{ID: "i:1", Due: hour, Wait: 1500 * time.Millisecond, Stay: true, Body: body, Tries: 3}
		s.talk(ann, "a", noon, store.Change{Sends: []store.Send{send}})
		body[0] = 'x' // the caller's to change
		send.Body = []byte("\x00\xff:{}\n")
		got := s.read(ann).Sends
		send.Seq = got[0].Seq
		expectEqual(t, "send", got, []store.Send{send})
	})
	t.Run("session", func(t *testing.T) {
		s := open(t, o)
		for i, c := range []struct{ put, want []byte }{
			{nil, nil},
			{[]byte{}, []byte{}},
			{[]byte("one\x00\xff"), []byte("one\x00\xff")},
			{nil, []byte("one\x00\xff")},
			{[]byte("two"), []byte("two")},
			{[]byte{}, []byte{}},
		} {
			s.talk(ann, string(rune('a'+i)), noon, store.Change{Session: c.put})
			if got := s.read(ann).Session; string(got) != string(c.want) || (got == nil) != (c.want == nil) {
				t.Errorf("step %d: session is %#v, want %#v", i, got, c.want)
			}
		}
	})
	t.Run("events", func(t *testing.T) {
		s := open(t, o)
		for _, id := range []string{"a", "b", "c"} {
			s.hear(ann, id, noon)
		}
		s.commit(s.claimOne(noon, ann), store.Change{Consumed: []string{"c", "a", "unknown"}})
		if got := eventIDs(s.read(ann).Events); !slices.Equal(got, []string{"b"}) {
			t.Errorf("events are %q, want b", got)
		}
		s.claimOne(noon, ann)
	})
	t.Run("hold is set and lifted", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{Hold: hour})
		if got := s.read(ann).Hold; !got.Equal(hour) {
			t.Errorf("hold is %v, want %v", got, hour)
		}
		s.talk(ann, "b", noon, store.Change{}) // events do not wait for a hold
		if got := s.read(ann).Hold; !got.IsZero() {
			t.Errorf("hold is %v, want none", got)
		}
	})
	t.Run("without release the lease goes on", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		s.must(s.Commit(t.Context(), l, store.Change{Session: []byte("half")}, false))
		s.claimNone(after(time.Second))
		c, err := s.Load(t.Context(), l)
		s.must(err)
		expectEqual(t, "loaded and read", c, s.read(ann))
		s.commit(l, store.Change{Consumed: []string{"a"}})
		s.claimNone(after(time.Hour))
	})
	t.Run("repeated after a lost answer", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		change := store.Change{Session: []byte("s"), Consumed: []string{"a"}, Cancel: true, Sends: []store.Send{{ID: "x", Due: noon}}}
		s.must(s.Commit(t.Context(), l, change, false))
		s.must(s.Commit(t.Context(), l, change, false))
		got := s.read(ann)
		if len(got.Events) != 0 || !slices.Equal(sendIDs(got.Sends), []string{"x"}) {
			t.Errorf("conversation is %+v", got)
		}
	})
}
