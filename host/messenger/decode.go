package messenger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/scan"
)

// ObjectPage is the only kind of envelope that holds Messenger events of a Page.
const ObjectPage = "page"

// Envelope is the body of one webhook POST.
type Envelope struct {
	Object string  // what the subscription is about; Events are read for ObjectPage only
	Events []Event // in the order of the body, over all entries
}

// Decode reads the body of a webhook POST (messenger.md sections 2.2, 2.7, 2.8).
// It is lenient: unknown keys and kinds are kept raw, fields of another type than
// documented count as absent, an event without time stamp gets its entry's. What
// is not a known event is KindUnknown. The only error is a body that is not a JSON object. Nothing of the result lies in body.
func Decode(body []byte) (Envelope, error) {
	if err := isObject(body); err != nil {
		return Envelope{}, fmt.Errorf("webhook body: %w", err)
	}
	var out Envelope
	var entries []byte
	for name, value := range scan.Members(body) {
		switch string(name) {
		case "object":
			out.Object = readText(value)
		case "entry":
			entries = value
		}
	}
	if out.Object != ObjectPage {
		return out, nil
	}
	for entry := range scan.Items(entries) {
		out.Events = appendEntry(out.Events, entry)
	}
	return out, nil
}

// isObject tells what keeps a body from being a JSON object.
func isObject(body []byte) error {
	if !scan.Valid(body) {
		var v json.RawMessage
		return json.Unmarshal(body, &v) // it knows where
	}
	if !scan.IsObject(body) {
		return errors.New("it is JSON, but no object")
	}
	return nil
}

// appendEntry appends the events of an element of entry[]: of messaging[] first, then standby[],
// then changes[].
func appendEntry(events []Event, entry []byte) []Event {
	var page string
	var at time.Time
	var messaging, standby, changes []byte
	for name, value := range scan.Members(entry) {
		switch string(name) {
		case "id":
			page = readText(value)
		case "time":
			at = readNumber(value).time()
		case "messaging":
			messaging = value
		case "standby":
			standby = value
		case "changes":
			changes = value
		}
	}
	add := func(e Event) {
		if e.At.IsZero() {
			e.At = at
		}
		events = append(events, e)
	}
	for raw := range scan.Items(messaging) {
		add(decodeElement(page, false, bytes.Clone(raw)))
	}
	for raw := range scan.Items(standby) {
		add(decodeElement(page, true, bytes.Clone(raw)))
	}
	for raw := range scan.Items(changes) {
		add(decodeElement(page, false, bytes.Clone(raw)))
	}
	return events
}

// DecodeElement reads one element of messaging[] or standby[] again, as kept in
// Event.Raw. Where the element had no time stamp At is zero: the entry's is not
// in it.
func DecodeElement(page string, standby bool, raw []byte) (Event, error) {
	if !scan.Valid(raw) {
		return Event{}, fmt.Errorf("webhook element of page %s: not JSON", page)
	}
	return decodeElement(page, standby, bytes.Clone(raw)), nil
}

// unknown is an event that is logged and passed by (L-EV-8).
func unknown(page string, raw []byte) Event {
	e := Event{Kind: KindUnknown, Page: page, Raw: raw}
	e.ID = e.fallbackKey("", raw)
	return e
}

// decodeElement decodes valid JSON.
func decodeElement(page string, standby bool, raw []byte) Event {
	var w wireElement
	if !w.read(raw) {
		return unknown(page, raw)
	}
	e := Event{Page: page, Standby: standby, Raw: raw, At: w.Timestamp.time()}
	e.Person = person(page, &w)
	w.fill(&e)
	e.ID = key(&e, &w)
	return e
}

// person is who the event is about: the sender, but the recipient of what the
// Page itself sent. Empty for checkboxes, comments, policy and roles, which name nobody
// by a page-scoped id.
func person(page string, w *wireElement) string {
	sender, recipient := w.Sender, w.Recipient
	if w.Message != nil && bool(w.Message.Echo) || sender != "" && sender == page && recipient != page {
		return recipient
	}
	return sender
}
