// Package journal is what an emulator writes down: Graph calls, webhook POSTs and
// alerts, the newest of each.
//
// It has no lock. Its entries hold no access token. No API of the host is promised.
package journal

import (
	"encoding/json"
	"net/http"
	"time"
)

// maxEntries is how many entries a log keeps, the newest.
const maxEntries = 10_000

// Call is one Graph request with its answer. It holds no token.
type Call struct {
	At       time.Time       `json:"at"`
	Method   string          `json:"method"`
	Path     string          `json:"path"`
	Version  string          `json:"version,omitempty"`
	Endpoint string          `json:"endpoint,omitempty"` // empty: none that is known
	App      string          `json:"app,omitempty"`
	Page     string          `json:"page,omitempty"`
	Params   json.RawMessage `json:"params"`
	Status   int             `json:"status"` // 0: no answer was given
	Answer   json.RawMessage `json:"answer,omitempty"`
	Trace    string          `json:"fbtrace_id"`
	Fault    string          `json:"fault,omitempty"` // kind of the injected fault
	Note     string          `json:"note,omitempty"`
}

// Attempt is one POST of a webhook with its outcome.
type Attempt struct {
	At       time.Time     `json:"at"`
	App      string        `json:"app"`
	Page     string        `json:"page"`
	URL      string        `json:"url"`
	Try      int           `json:"try"` // 1 is the first
	Events   int           `json:"events"`
	Elements []string      `json:"elements"` // the events, unescaped
	Header   http.Header   `json:"header"`
	Body     []byte        `json:"body"` // the exact bytes (base64 in JSON)
	Status   int           `json:"status"`
	Error    string        `json:"error,omitempty"`
	OK       bool          `json:"ok"`
	Took     time.Duration `json:"took"` // on the emulator's clock, in ns
}

// Alert is a line that Meta would send to the developer account, or that tells of
// events which went nowhere.
type Alert struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Log keeps the newest entries. The zero value is empty.
type Log[T any] struct {
	entries []T
	oldest  int // place of the oldest entry, once the log is full
}

// Add appends an entry.
func (l *Log[T]) Add(v T) {
	if len(l.entries) < maxEntries {
		l.entries = append(l.entries, v)
		return
	}
	l.entries[l.oldest] = v
	l.oldest = (l.oldest + 1) % maxEntries
}

// Last are the newest entries, oldest first.
func (l *Log[T]) Last() []T {
	return append(append([]T{}, l.entries[l.oldest:]...), l.entries[:l.oldest]...)
}
