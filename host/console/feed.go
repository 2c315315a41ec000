package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// feed holds the desk as it was last seen, cut into sections that remember when
// they changed. A stream that knows up to which change its page has seen the desk
// gets the sections that are newer, however long it was away: nothing is queued
// for anyone, and a slow page skips what is out of date.
type feed struct {
	start string // names this start of the console, so that ids of an earlier one are not mistaken

	mu       sync.Mutex
	now      uint64 // number of the latest change
	sections map[string]section
	wake     chan struct{} // closed at the next change
}

type section struct {
	data    json.RawMessage
	changed uint64
}

func newFeed(start string) *feed {
	return &feed{start: start, sections: map[string]section{}, wake: make(chan struct{})}
}

// publish takes over s, whose fields are the sections. A state equal to the last one is no change.
func (f *feed) publish(s any) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return fmt.Errorf("cut state into sections: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	next := f.now + 1
	for name, data := range parts {
		if old, known := f.sections[name]; known && bytes.Equal(old.data, data) {
			continue
		}
		f.sections[name] = section{data: data, changed: next}
		f.now = next
	}
	if f.now == next {
		close(f.wake)
		f.wake = make(chan struct{})
	}
	return nil
}

// since returns the sections that changed after the change numbered seen, as one
// JSON object (nil: none did), the number of the latest change, and a channel that
// is closed at the next one.
func (f *feed) since(seen uint64) (data []byte, now uint64, wake <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	newer := map[string]json.RawMessage{}
	for name, s := range f.sections {
		if s.changed > seen {
			newer[name] = s.data
		}
	}
	if len(newer) == 0 {
		return nil, f.now, f.wake
	}
	data, err := json.Marshal(newer)
	if err != nil {
		panic("unreachable: sections are valid JSON: " + err.Error())
	}
	return data, f.now, f.wake
}

// id is the event id of a change; seen is its inverse. An id of another start, or
// one that never was, means that nothing has been seen.
func (f *feed) id(n uint64) string { return f.start + "-" + strconv.FormatUint(n, 10) }

func (f *feed) seen(id string) uint64 {
	number, ours := strings.CutPrefix(id, f.start+"-")
	if !ours {
		return 0
	}
	n, err := strconv.ParseUint(number, 10, 64)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil || n > f.now {
		return 0
	}
	return n
}
