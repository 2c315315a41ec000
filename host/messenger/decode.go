package messenger

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ObjectPage is the only kind of envelope that holds Messenger events of a Page.
const ObjectPage = "page"

// Envelope is the body of one webhook POST.
type Envelope struct {
	Object string  // what the subscription is about; Events are read for ObjectPage only
	Events []Event // in the order of the body, over all entries
}

type wireEnvelope struct {
	Object text        `json:"object"`
	Entry  []wireEntry `json:"entry"`
}

type wireEntry struct {
	ID        text              `json:"id"`
	Time      number            `json:"time"`
	Messaging []json.RawMessage `json:"messaging"`
	Standby   []json.RawMessage `json:"standby"`
	Changes   []json.RawMessage `json:"changes"`
}

// Decode reads the body of a webhook POST (messenger.md sections 2.2, 2.7, 2.8).
// It is lenient: unknown keys and kinds are kept raw, fields of another type than
// documented count as absent, an event without time stamp gets its entry's. Items
// of changes[], and whatever else is not a known event, are KindUnknown. The only
// error is a body that is not a JSON object. Nothing of the result lies in body.
func Decode(body []byte) (Envelope, error) {
	var w wireEnvelope
	var mismatch *json.UnmarshalTypeError
	err := json.Unmarshal(body, &w)
	if errors.As(err, &mismatch) && mismatch.Field != "" {
		err = nil // encoding/json read what did fit
	}
	if err != nil {
		return Envelope{}, fmt.Errorf("webhook body: %w", err)
	}
	out := Envelope{Object: string(w.Object)}
	if out.Object != ObjectPage {
		return out, nil
	}
	for _, entry := range w.Entry {
		add := func(e Event) {
			if e.At.IsZero() {
				e.At = entry.Time.time()
			}
			out.Events = append(out.Events, e)
		}
		for _, raw := range entry.Messaging {
			add(decodeElement(string(entry.ID), false, raw))
		}
		for _, raw := range entry.Standby {
			add(decodeElement(string(entry.ID), true, raw))
		}
		for _, raw := range entry.Changes {
			add(unknown(string(entry.ID), raw))
		}
	}
	return out, nil
}

// DecodeElement reads one element of messaging[] or standby[] again, as kept in
// Event.Raw. Where the element had no time stamp At is zero: the entry's is not
// in it.
func DecodeElement(page string, standby bool, raw []byte) (Event, error) {
	if !json.Valid(raw) {
		return Event{}, fmt.Errorf("webhook element of page %s: not JSON", page)
	}
	return decodeElement(page, standby, append([]byte(nil), raw...)), nil
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
	if !lenient(raw, &w) {
		return unknown(page, raw)
	}
	e := Event{Page: page, Standby: standby, Raw: raw, At: w.Timestamp.time()}
	e.Person = person(page, &w)
	w.fill(&e)
	e.ID = key(&e, &w)
	return e
}

// person is who the event is about: the sender, but the recipient of what the
// Page itself sent. Empty for checkboxes, policy and roles, which name nobody.
func person(page string, w *wireElement) string {
	sender, recipient := string(w.Sender.ID), string(w.Recipient.ID)
	if w.Message != nil && bool(w.Message.Echo) || sender != "" && sender == page && recipient != page {
		return recipient
	}
	return sender
}
