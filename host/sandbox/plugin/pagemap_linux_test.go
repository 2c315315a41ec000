package plugin

import (
	"bytes"
	"errors"
	"math/rand"
	"testing"
)

// mappedRegion is an instance's memory that maps an image of so many pages.
func mappedRegion(t *testing.T, pages int) (*region, *mapping, []byte) {
	t.Helper()
	image := make([]byte, pages*block)
	for i := range image {
		image[i] = byte(i / block)
	}
	m, err := mapImage(image)
	if err != nil {
		t.Fatal(err)
	}
	r := newRegion()
	r.Allocate(0, uint64(len(image)))
	memory := r.Reallocate(uint64(len(image)))
	if err := r.restore(m, memory); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Free()
		if err := m.close(); err != nil {
			t.Error(err)
		}
	})
	return r, m, memory
}

// TestNoLand: where the system has no addresses an instance is no more than an error.
func TestNoLand(t *testing.T) {
	_, m, image := mappedRegion(t, 16)
	r := newRegion()
	r.Allocate(0, 1<<60)
	memory := r.Reallocate(uint64(len(image)))
	defer r.Free()
	if err := r.restore(m, memory); !errors.Is(err, errNoLand) || !isZero(memory) {
		t.Errorf("got %v", err)
	}
}

// TestOwnPages: searching the page map and reading it find the pages that were written
// to, and no others: neither those that were only read nor those that never were.
func TestOwnPages(t *testing.T) {
	const pages = 600
	for _, written := range [][]int{{}, {0}, {599}, {3, 4, 5, 90}, {0, 2, 4, 6, 8, 598, 599}} {
		r, m, memory := mappedRegion(t, pages)
		if m.pages == nil {
			t.Skip("the system has no page map")
		}
		if memory[10*block] != 10 {
			t.Fatal("the image is not there")
		}
		for _, page := range written {
			memory[page*block+7]++
		}
		for name, find := range map[string]func() bool{
			"read": func() bool { return r.read(m.pages, memory) },
			"scan": func() bool { return !m.scans || r.scan(m.pages, memory) },
		} {
			r.own = nil
			if !find() {
				t.Errorf("%s, %v: not found", name, written)
			}
			if name == "scan" && !m.scans {
				continue
			}
			var got []int
			for _, s := range r.own {
				for at := s.from; at < s.to; at += block {
					got = append(got, at/block)
				}
			}
			if len(got) != len(written) {
				t.Fatalf("%s, %v: %v", name, written, got)
			}
			for i := range got {
				if got[i] != written[i] {
					t.Errorf("%s, %v: %v", name, written, got)
				}
			}
		}
	}
}

// TestRestoredRegion: whatever was written, the image is back, in all ways that there
// are to find out what to copy, and where there is none.
func TestRestoredRegion(t *testing.T) {
	const pages = 1500
	r, m, memory := mappedRegion(t, pages)
	draw := rand.New(rand.NewSource(1))
	scans, file := m.scans, m.pages
	defer func() { m.pages = file }()
	for round, most := range []int{0, 1, 3, 20, maxFound, maxFound + 1, maxOwnPages, maxOwnPages + 1, pages} {
		for _, how := range []string{"scan", "read", "give up"} {
			m.scans, m.pages = scans && how == "scan", file
			if how == "give up" {
				m.pages = nil
			}
			for n := range most {
				page := n * pages / most
				memory[page*block+draw.Intn(block)]++
			}
			if err := r.restore(m, memory); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(memory, m.image) {
				t.Fatalf("round %d, %s: %d pages are not as the image says", round, how, most)
			}
		}
	}
}

// TestWatchedRegion: pages are searched for again when a call may have touched one that
// was not the instance's own: one that was written to, or one that nobody has watched.
func TestWatchedRegion(t *testing.T) {
	r, m, memory := mappedRegion(t, 64)
	if !m.tells {
		t.Skip("the system does not count faults")
	}
	write := func(pages ...int) func() {
		return func() {
			for _, page := range pages {
				memory[page*block+9]++
			}
		}
	}
	for _, call := range []struct {
		name string
		do   func()
		sure bool
	}{
		{"the first one", write(3), false},
		{"the same page", write(3), true},
		{"nothing", write(), true},
		{"another page", write(3, 40), false},
		{"both again", write(40, 3), true},
		{"one that takes long", func() { r.lookAway(); write(3)() }, false},
		{"one on another thread", func() {
			r.lookAway()
			done := make(chan struct{})
			go func() { write(50)(); close(done) }()
			<-done
		}, false},
		{"all of them", write(3, 40, 50), true},
	} {
		r.watch()
		call.do()
		r.watchEnds()
		if r.sure != call.sure {
			t.Errorf("%s: sure is %t, want %t", call.name, r.sure, call.sure)
		}
		if err := r.restore(m, memory); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(memory, m.image) {
			t.Errorf("%s: not all is as the image says", call.name)
		}
	}
	write(7)() // by a call that nobody watches
	r.watchEnds()
	if err := r.restore(m, memory); err != nil || !bytes.Equal(memory, m.image) {
		t.Errorf("after a call that nobody has watched not all is as the image says: %v", err)
	}
}

// TestCountedFaults: a call is judged by the count of its own thread at both of its ends.
// What an earlier call has left is never one of them: a thread that has ended may have
// given its number to one whose count, after a fault, is what its own was. A count that
// the system does not tell shows nothing.
func TestCountedFaults(t *testing.T) {
	type count struct {
		n    int64
		told bool
	}
	for _, c := range []struct {
		name          string
		before, after count
		sure          bool
	}{
		{"no fault", count{70, true}, count{70, true}, true},
		{"a fault", count{70, true}, count{71, true}, false},
		{"no fault, on a thread that has had fewer", count{3, true}, count{3, true}, true},
		{"a fault, up to the count of the call before", count{69, true}, count{70, true}, false},
		{"not told before", count{70, false}, count{70, true}, false},
		{"not told after", count{70, true}, count{70, false}, false},
		{"never told", count{}, count{}, false},
	} {
		r, m, memory := mappedRegion(t, 8)
		if !m.tells {
			t.Skip("the system does not count faults")
		}
		told := []count{{70, true}, {70, true}, c.before, c.after}
		r.faults = func() (int64, bool) {
			if len(told) == 0 {
				t.Fatalf("%s: faults are counted more than twice a call", c.name)
			}
			now := told[0]
			told = told[1:]
			return now.n, now.told
		}
		memory[3*block]++
		if err := r.restore(m, memory); err != nil || !r.sure {
			t.Fatalf("%s: the pages of the first call were not found: %v", c.name, err)
		}
		for range 2 { // a call that touches nothing new, then the one that is meant
			r.watch()
			if len(told) <= 2 && !c.sure {
				memory[5*block]++
			}
			r.watchEnds()
			if len(told) > 0 && !r.sure {
				t.Fatalf("%s: the call before it was not believed", c.name)
			}
			sure := r.sure
			if err := r.restore(m, memory); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(memory, m.image) {
				t.Errorf("%s: not all is as the image says", c.name)
			}
			if len(told) == 0 && sure != c.sure {
				t.Errorf("%s: sure is %t, want %t", c.name, sure, c.sure)
			}
		}
		if len(told) != 0 {
			t.Errorf("%s: %d counts were not asked for", c.name, len(told))
		}
	}
}
