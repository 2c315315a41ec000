package thread

import "time"

// Late is a bubble that appears behind later ones: once so many messages of the Page
// have followed it, or at a time, whichever comes first.
type Late struct {
	Bubble Bubble
	Behind int
	Due    time.Time
}

// Delay keeps a bubble back.
func (t *Thread) Delay(l Late) {
	t.Late = append(t.Late, l)
	t.Fresh = false
}

// Ripen shows the late bubbles whose time has come.
func (t *Thread) Ripen(now time.Time) {
	t.appear(func(l *Late) bool { return !l.Due.After(now) })
}

// follow counts one message that followed the late ones.
func (t *Thread) follow() {
	t.appear(func(l *Late) bool {
		l.Behind--
		return l.Behind <= 0
	})
}

func (t *Thread) appear(ready func(*Late) bool) {
	if len(t.Late) == 0 {
		return
	}
	var now []Bubble
	kept := t.Late[:0]
	for i := range t.Late {
		if ready(&t.Late[i]) {
			now = append(now, t.Late[i].Bubble)
			continue
		}
		kept = append(kept, t.Late[i])
	}
	t.Late = kept
	for _, b := range now {
		t.add(b)
	}
}
