package record_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/record"
)

func someTime() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(0, 1<<42), record.Time)
}

func TestEventsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := store.Event{ID: rapid.String().Draw(t, "id"), At: someTime().Draw(t, "at"), Due: someTime().Draw(t, "due"), Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body")}
		accepted := rapid.Int64().Draw(t, "accepted")
		b := record.Event(want, accepted)
		got, at, err := record.ParseEvent(b)
		if err != nil || at != accepted {
			t.Fatalf("accepted %d, %v; want %d", at, err, accepted)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		if at, err := record.Ready(b); err != nil || at != max(accepted, record.Ceil(want.Due)) {
			t.Fatalf("Ready gives %d, %v; want the later of %d and %v", at, err, accepted, want.Due)
		}
		clear(b)
		if !bytes.Equal(got.Body, want.Body) {
			t.Fatal("the body points into the record")
		}
	})
}

func TestSendsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := store.Send{
			ID: rapid.String().Draw(t, "id"), Due: someTime().Draw(t, "due"), Wait: time.Duration(rapid.Int64().Draw(t, "wait")),
			Stay: rapid.Bool().Draw(t, "stay"), Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"), Tries: rapid.Int().Draw(t, "tries"),
		}
		b := record.Send(want)
		got, err := record.ParseSend(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		if due, err := record.Due(b); err != nil || due != record.Ceil(want.Due) {
			t.Fatalf("Due gives %d, %v; want %v", due, err, want.Due)
		}
	})
}

func TestLettersSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := store.Letter{
			ID: rapid.String().Draw(t, "id"), At: someTime().Draw(t, "at"), Kind: rapid.String().Draw(t, "kind"),
			Reason: rapid.String().Draw(t, "reason"), Body: rapid.SliceOf(rapid.Byte()).Draw(t, "body"),
		}
		b := record.Letter(want)
		got, err := record.ParseLetter(b)
		clear(b)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

func TestTimes(t *testing.T) {
	base := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name        string
		at          time.Time
		floor, ceil int64
	}{
		{"whole", base, base.UnixMilli(), base.UnixMilli()},
		{"a fraction", base.Add(time.Nanosecond), base.UnixMilli(), base.UnixMilli() + 1},
		{"zero", time.Time{}, 0, 0},
		{"before 1970", time.Unix(-5, 1), 0, 0},
		{"elsewhere", base.In(time.FixedZone("", 3600)), base.UnixMilli(), base.UnixMilli()},
	} {
		t.Run(c.name, func(t *testing.T) {
			if floor, ceil := record.Floor(c.at), record.Ceil(c.at); floor != c.floor || ceil != c.ceil {
				t.Errorf("floor %d, ceil %d; want %d, %d", floor, ceil, c.floor, c.ceil)
			}
		})
	}
	if !record.Time(0).IsZero() {
		t.Error("0 is not the zero time")
	}
	if got := record.Time(base.UnixMilli()); !got.Equal(base) || got.Location() != time.UTC {
		t.Errorf("time is %v, want %v", got, base)
	}
}

func TestSeenTellsPeopleApart(t *testing.T) {
	known := map[[16]byte]string{}
	for _, c := range [][3]string{
		{"1", "2", "m"}, {"1", "2", "n"}, {"1", "3", "m"}, {"2", "2", "m"}, {"12", "", "m"}, {"1", "2m", ""},
	} {
		hash := record.Seen(store.Key{Page: c[0], Person: c[1]}, c[2])
		name := strings.Join(c[:], " ")
		if other, ok := known[hash]; ok {
			t.Errorf("%s and %s are one", other, name)
		}
		known[hash] = name
	}
}

func TestBadRecordsAreErrors(t *testing.T) {
	event := record.Event(store.Event{ID: "id", At: time.UnixMilli(1)}, 1)
	send := record.Send(store.Send{ID: "id", Due: time.UnixMilli(1)})
	letter := record.Letter(store.Letter{ID: "id", At: time.UnixMilli(1), Kind: "send", Reason: "r"})
	parse := map[string]func([]byte) error{
		"event":  func(b []byte) error { _, _, err := record.ParseEvent(b); return err },
		"send":   func(b []byte) error { _, err := record.ParseSend(b); return err },
		"letter": func(b []byte) error { _, err := record.ParseLetter(b); return err },
	}
	for name, whole := range map[string][]byte{"event": event, "send": send, "letter": letter} {
		for n := range whole {
			if err := parse[name](whole[:n]); err == nil {
				t.Errorf("%s cut to %d of %d bytes is accepted", name, n, len(whole))
			}
		}
		later := append([]byte{9}, whole[1:]...)
		if err := parse[name](later); err == nil || !strings.Contains(err.Error(), "format 9") {
			t.Errorf("%s of format 9: error is %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(record.Event(store.Event{ID: "id", At: time.UnixMilli(1), Body: []byte("body")}, 7))
	f.Add(record.Send(store.Send{ID: "id", Due: time.UnixMilli(1), Stay: true, Tries: 2}))
	f.Add(record.Letter(store.Letter{ID: "id", At: time.UnixMilli(1), Kind: "event", Reason: "it traps"}))
	f.Add([]byte{2, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, at, err := record.ParseEvent(b); err == nil {
			again, at2, err := record.ParseEvent(record.Event(e, at))
			// Times before 1970 and such as no clock tells are not kept.
			e.At, again.At, e.Due, again.Due = time.Time{}, time.Time{}, time.Time{}, time.Time{}
			if diff := cmp.Diff(e, again); err != nil || at != at2 || diff != "" {
				t.Errorf("event does not survive: %v\n%s", err, diff)
			}
		}
		if l, err := record.ParseLetter(b); err == nil {
			again, err := record.ParseLetter(record.Letter(l))
			l.At, again.At = time.Time{}, time.Time{}
			if diff := cmp.Diff(l, again); err != nil || diff != "" {
				t.Errorf("letter does not survive: %v\n%s", err, diff)
			}
		}
		if s, err := record.ParseSend(b); err == nil {
			again, err := record.ParseSend(record.Send(s))
			s.Due, again.Due = time.Time{}, time.Time{}
			if diff := cmp.Diff(s, again); err != nil || diff != "" {
				t.Errorf("send does not survive: %v\n%s", err, diff)
			}
		}
	})
}
