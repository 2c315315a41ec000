package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxRecord is how many entries each log keeps, the newest.
const maxRecord = 10_000

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

// log keeps the newest maxRecord entries.
type log[T any] struct {
	entries []T
}

func (l *log[T]) add(v T) {
	l.entries = append(l.entries, v)
	if len(l.entries) > 2*maxRecord { // cut seldom, so that adding stays cheap
		l.entries = append([]T(nil), l.entries[len(l.entries)-maxRecord:]...)
	}
}

func (l *log[T]) last() []T {
	return append([]T{}, l.entries[max(0, len(l.entries)-maxRecord):]...)
}

// record is everything that is written down.
type record struct {
	calls    log[Call]
	attempts log[Attempt]
	unknown  log[Call]
	alerts   log[Alert]
}

// Calls are the newest Graph requests, oldest first.
func (e *Emulator) Calls() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.calls.last()
}

// Attempts are the newest webhook POSTs, oldest first.
func (e *Emulator) Attempts() []Attempt {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.attempts.last()
}

// Unimplemented are the newest requests that the emulator answered without
// knowing them. An honest test looks here.
func (e *Emulator) Unimplemented() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.unknown.last()
}

// Alerts are the newest alerts, oldest first.
func (e *Emulator) Alerts() []Alert {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.alerts.last()
}

// alert writes an alert. The mutex is held.
func (e *Emulator) alert(format string, args ...any) {
	a := Alert{At: e.clock.Now(), Text: fmt.Sprintf(format, args...)}
	e.record.alerts.add(a)
	e.log.Warn(a.Text)
}

func (c *call) entry(now time.Time) Call {
	entry := Call{
		At: now, Method: c.Method, Path: "/" + strings.Join(c.Path, "/"), Version: c.Version,
		Params: value.Raw(c.Redacted()), Trace: c.trace, Note: c.note,
	}
	if c.app != nil {
		entry.App = c.app.ID
	}
	if c.page != nil {
		entry.Page = c.page.ID
	}
	return entry
}

// unknownLocked notes a call that the emulator does not know. The mutex is held.
func (e *Emulator) unknownLocked(c *call) {
	entry := c.entry(e.clock.Now())
	e.record.unknown.add(entry)
	e.log.Warn("graph call is not known to the emulator", "method", entry.Method, "path", entry.Path, "note", entry.Note, "trace", entry.Trace)
}

// logCall writes one call and its answer down.
func (e *Emulator) logCall(c *call, at time.Time, a answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	entry := c.entry(at)
	entry.Endpoint = c.endpoint()
	if entry.Status, entry.Answer = a.status, a.body; a.status != 0 && !json.Valid(a.body) {
		entry.Answer = value.Raw(string(a.body)) // the log is JSON, whatever the answer is
	}
	if c.secret {
		entry.Answer = value.Raw("an error that has the app secret in it")
	}
	if c.fault != nil {
		entry.Fault = c.fault.Label()
	}
	e.record.calls.add(entry)
	e.touch()
	e.log.Debug("graph", "method", entry.Method, "path", entry.Path, "status", entry.Status, "fault", entry.Fault, "trace", c.trace)
}
