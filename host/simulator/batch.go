package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// speech is what a call to the platform says to a person, or says several calls at once.
type speech struct {
	Recipient struct{ ID string }
	Action    string `json:"sender_action"`
	Message   *struct {
		Metadata, Text string
		Attachment     struct{ Payload picturePayload }
	}
	Batch []struct{ Body string }
}

// parts are what a call says, one by one.
func (s speech) parts() []speech {
	if len(s.Batch) == 0 {
		return []speech{s}
	}
	out := make([]speech, len(s.Batch))
	for i, inner := range s.Batch {
		form, _ := url.ParseQuery(inner.Body) // what cannot be read says nothing
		_ = json.Unmarshal([]byte(form.Get("recipient")), &out[i].Recipient)
		out[i].Action = form.Get("sender_action")
		if message := form.Get("message"); message != "" {
			_ = json.Unmarshal([]byte(message), &out[i].Message)
		}
	}
	return out
}

// told is what the platform has answered to the i-th message of a call: to the call as a whole if that was
// refused.
func (c *call) told(i int) (status int, body []byte) {
	if len(c.sends) == 1 || c.answer.status != http.StatusOK {
		return c.answer.status, c.answer.body.Bytes()
	}
	var each []*struct {
		Code int
		Body string
	}
	_ = json.Unmarshal(c.answer.body.Bytes(), &each) // then nothing is told
	if i >= len(each) || each[i] == nil {
		return 0, nil
	}
	return each[i].Code, []byte(each[i].Body)
}

// together looks at a call that brings several messages: each must be for somebody else.
func (w *world) together(c *call) {
	if len(c.sends) < 2 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.report.Groups++
	w.report.Grouped += len(c.sends)
	people := map[string]bool{}
	for _, a := range c.sends {
		if people[a.key.Person] {
			w.violateAt(w.ledger.present, "%s: two messages of one thread in a batch", c.label)
		}
		people[a.key.Person] = true
	}
}
