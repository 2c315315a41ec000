// Package speech reads what hosts say to the platform and what it answers, message by message, also where several go
// together in one call. What cannot be read says nothing. What becomes of it is the simulator's. No API of the host is promised.
package speech

import (
	"encoding/json"
	"net/url"
)

// Speech is what a call to the platform says to one person.
type Speech struct {
	Recipient struct{ ID string }
	Action    string   `json:"sender_action"`
	Message   *Message // nil: there is none
}

// Message is a text or a picture.
type Message struct {
	Metadata, Text string
	Attachment     struct{ Payload Picture }
}

// Picture is how a picture is named: by its address, by the id that it was uploaded under, or by both.
type Picture struct {
	URL string `json:"url"`
	ID  string `json:"attachment_id"`
}

// Read reads what the body of a call says, one by one: never nothing at all.
func Read(body []byte) []Speech {
	var call struct {
		Speech
		Batch []struct{ Body string }
	}
	_ = json.Unmarshal(body, &call) // what it is not, it does not say
	if len(call.Batch) == 0 {
		return []Speech{call.Speech}
	}
	out := make([]Speech, len(call.Batch))
	for i, inner := range call.Batch {
		form, _ := url.ParseQuery(inner.Body)
		_ = json.Unmarshal([]byte(form.Get("recipient")), &out[i].Recipient)
		out[i].Action = form.Get("sender_action")
		if message := form.Get("message"); message != "" {
			_ = json.Unmarshal([]byte(message), &out[i].Message)
		}
	}
	return out
}

// Address is that of the picture which an attachment shows; empty: there is none.
func Address(attachment []byte) string {
	var a struct{ Payload Picture }
	_ = json.Unmarshal(attachment, &a) // a text has none
	return a.Payload.URL
}
