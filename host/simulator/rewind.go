package simulator

import "slices"

// rewind takes back what the store has lost: all that it did after a step. What hosts and people have seen stays.
func (l *ledger) rewind(seq int) {
	for _, t := range l.talks {
		t.rewind(seq)
	}
}

func (t *talk) rewind(seq int) {
	for id, m := range t.heard {
		if m.seq > seq {
			delete(t.heard, id)
			t.lost[id] = true
		}
	}
	for _, from := range []map[string]moment{t.moved, t.settled, t.queued} {
		for id, m := range from {
			if m.seq > seq {
				delete(from, id)
			}
		}
	}
	for id, m := range t.humans {
		if m.seq > seq {
			delete(t.humans, id)
			t.unheeded[id] = true
		}
	}
	for id, h := range t.hands {
		switch {
		case h.heard.seq > seq:
			delete(t.hands, id)
			t.unheeded[id] = true
		case h.heeded.seq > seq:
			h.heeded = moment{}
			t.hands[id] = h
		}
	}
	for _, of := range t.leases {
		of.lost = of.lost || of.from.seq > seq
		t.hurt = t.hurt || of.lost
	}
	t.turns = slices.DeleteFunc(t.turns, func(x turned) bool { return x.seq > seq })
	n := len(t.story)
	t.story = slices.DeleteFunc(t.story, func(c chapter) bool { return c.seq > seq })
	t.hurt = t.hurt || len(t.story) < n
	clear(t.events)
	clear(t.sends)
	for _, c := range t.story {
		in := t.events
		if c.send {
			in = t.sends
		}
		if c.gone {
			delete(in, c.id)
		} else {
			in[c.id] = true
		}
	}
}

// refence lets fences go on from those that were given and not lost.
func (l *ledger) refence() {
	for _, t := range l.talks {
		t.fence = 0
		for _, of := range t.leases {
			if !of.lost {
				t.fence = max(t.fence, of.Fence)
			}
		}
	}
}

// arrivals is how many events have ever come to the store, though it may have lost some since.
func arrivals(there map[string]moment, lost map[string]bool) int {
	n := len(there)
	for id := range lost {
		if _, again := there[id]; !again {
			n++
		}
	}
	return n
}
