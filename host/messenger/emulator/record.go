package emulator

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/answer"
	"github.com/footlight-bots/footlight/host/messenger/emulator/journal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Call is one Graph request with its answer.
type Call = journal.Call

// Attempt is one POST of a webhook with its outcome.
type Attempt = journal.Attempt

// Alert is a line that Meta would send to the developer account.
type Alert = journal.Alert

// record is everything that is written down.
type record struct {
	calls    journal.Log[Call]
	attempts journal.Log[Attempt]
	unknown  journal.Log[Call]
	alerts   journal.Log[Alert]
}

// Calls are the newest Graph requests, oldest first.
func (e *Emulator) Calls() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.calls.Last()
}

// Attempts are the newest webhook POSTs, oldest first.
func (e *Emulator) Attempts() []Attempt {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.attempts.Last()
}

// Unimplemented are the newest requests that the emulator answered without
// knowing them. An honest test looks here.
func (e *Emulator) Unimplemented() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.unknown.Last()
}

// Alerts are the newest alerts, oldest first.
func (e *Emulator) Alerts() []Alert {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record.alerts.Last()
}

// alert writes an alert. The mutex is held.
func (e *Emulator) alert(format string, args ...any) {
	a := Alert{At: e.clock.Now(), Text: fmt.Sprintf(format, args...)}
	e.record.alerts.Add(a)
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
	e.record.unknown.Add(entry)
	e.log.Warn("graph call is not known to the emulator", "method", entry.Method, "path", entry.Path, "note", entry.Note, "trace", entry.Trace)
}

// logCall writes one call and its answer down.
func (e *Emulator) logCall(c *call, at time.Time, a answer.Answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	entry := c.entry(at)
	entry.Endpoint = c.endpoint()
	if entry.Status, entry.Answer = a.Status, a.Body; c.fault != nil && a.Status != 0 && !json.Valid(a.Body) {
		entry.Answer = value.Raw(string(a.Body)) // the log is JSON, whatever the answer is
	}
	if c.secret {
		entry.Answer = value.Raw("an error that has the app secret in it")
	}
	if c.fault != nil {
		entry.Fault = c.fault.Label()
	}
	e.record.calls.Add(entry)
	e.touch()
	if !e.log.Enabled(c.ctx, slog.LevelDebug) {
		return
	}
	e.log.Debug("graph", "method", entry.Method, "path", entry.Path, "status", entry.Status, "fault", entry.Fault, "trace", c.trace)
}
