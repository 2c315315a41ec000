package plugin

import (
	"bytes"
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
	r := &region{}
	r.allocate(0, uint64(len(image)))
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
