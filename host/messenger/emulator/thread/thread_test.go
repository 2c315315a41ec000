package thread

import (
	"fmt"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
)

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func TestBubblesAreBounded(t *testing.T) {
	var th Thread
	for i := range 2*maxBubbles + 10 {
		th.Add(Bubble{Text: fmt.Sprint(i)})
	}
	if len(th.Bubbles) != maxBubbles+9 || th.Dropped != maxBubbles+1 || th.Bubbles[0].Text != fmt.Sprint(maxBubbles+1) {
		t.Errorf("%d bubbles, %d dropped, first %s", len(th.Bubbles), th.Dropped, th.Bubbles[0].Text)
	}
}

func TestAddAndFind(t *testing.T) {
	th := Thread{Fresh: true}
	th.Add(Bubble{ID: "m_1", QuickReplies: []content.Button{{Title: "Red"}}})
	th.Add(Bubble{ID: "m_2"})
	if th.Fresh || th.Bubbles[0].QuickReplies != nil {
		t.Errorf("after two messages: %+v", th)
	}
	if b := th.Find("m_1"); b != &th.Bubbles[0] || th.Find("m_3") != nil {
		t.Errorf("found %+v", b)
	}
}

// Two events never share a time, and the clock may stand still or run in finer steps.
func TestStamp(t *testing.T) {
	var th Thread
	last := time.Time{}
	for _, now := range []time.Time{start, start, start.Add(time.Microsecond), start.Add(time.Hour), start} {
		at := th.Stamp(now)
		if !at.After(last) || at.Nanosecond()%int(time.Millisecond) != 0 {
			t.Errorf("at %s the stamp is %s, after %s", now, at, last)
		}
		last = at
	}
}

// The last instant of a window and of control still counts (messenger.md §3.7).
func TestWindowAndControl(t *testing.T) {
	var th Thread
	if th.Open(start) {
		t.Error("the window is open before anyone wrote")
	}
	th.Renew(start, Window)
	th.Stamp(start)
	th.Control = "7"
	for _, row := range []struct {
		after time.Duration
		open  bool
		owner string
	}{{0, true, "7"}, {Window, true, "7"}, {Window + 1, false, ""}} {
		if now := start.Add(row.after); th.Open(now) != row.open || th.Owner(now) != row.owner {
			t.Errorf("after %s: open %v, owner %q", row.after, th.Open(now), th.Owner(now))
		}
	}
	th.Stamp(start.Add(Window + time.Millisecond))
	if owner := th.Owner(start.Add(Window + time.Second)); owner != "" {
		t.Errorf("an event revived the control of %s", owner)
	}
}

// What the person deleted is hidden, and stays the Page's, through cuts as well.
func TestClear(t *testing.T) {
	th := Thread{}
	th.Add(Bubble{ID: "a"})
	th.Clear()
	th.Add(Bubble{ID: "b"})
	if len(th.Shown()) != 1 || th.Shown()[0].ID != "b" || len(th.Bubbles) != 2 {
		t.Errorf("shown %v of %v", th.Shown(), th.Bubbles)
	}
	for range 2 * maxBubbles {
		th.Add(Bubble{})
	}
	if th.Hidden != 0 || th.Dropped != len("b")+2*maxBubbles-len(th.Bubbles) {
		t.Errorf("hidden %d, dropped %d, kept %d", th.Hidden, th.Dropped, len(th.Bubbles))
	}
}

// Late bubbles appear behind others, or at their time, in their own order.
func TestLate(t *testing.T) {
	var th Thread
	order := func() string {
		s := ""
		for _, b := range th.Bubbles {
			s += b.ID
		}
		return s
	}
	th.Delay(Late{Bubble: Bubble{ID: "x"}, Behind: 1, Due: start.Add(time.Minute)})
	th.Delay(Late{Bubble: Bubble{ID: "y"}, Behind: 9, Due: start.Add(time.Minute)})
	th.Add(Bubble{ID: "p", From: "person"})
	th.Add(Bubble{ID: "a", From: "page"})
	if got := order(); got != "pax" {
		t.Errorf("behind one: %s", got)
	}
	th.Ripen(start.Add(time.Minute - 1))
	if got := order(); got != "pax" {
		t.Errorf("too early: %s", got)
	}
	if th.Ripen(start.Add(time.Minute)); order() != "paxy" {
		t.Errorf("at its time: %s", order())
	}
}
