package messenger

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/bundle"
	"github.com/footlight-bots/footlight/host/messenger/prose"
	"github.com/footlight-bots/footlight/host/messenger/scan"
)

// Action is a sender action.
type Action string

// The sender actions that a bot uses.
const (
	TypingOn  Action = "typing_on"
	TypingOff Action = "typing_off"
	MarkSeen  Action = "mark_seen"
)

// Receipt is the platform's word that it took a message.
type Receipt struct {
	MessageID string
	Usage     Usage
}

// What every message is sent with.
const (
	opSend        = "send" // for errors
	messagingType = "RESPONSE"
)

// wireReceipt is what the platform answers to a message that it took.
type wireReceipt struct{ MessageID string }

// read reads valid JSON. It fails when that is no object.
func (w *wireReceipt) read(raw []byte) error {
	if !scan.IsObject(raw) {
		return errors.New("no object")
	}
	for name, value := range scan.Members(raw) {
		if string(name) == "message_id" {
			w.MessageID = readText(value)
		}
	}
	return nil
}

// check reports a success that names no message: nobody knows what became of it.
func (w wireReceipt) check() error {
	if w.MessageID == "" {
		return &TransportError{Op: opSend, Err: errors.New("answer of status 200 without message_id")}
	}
	return nil
}

// Send sends a message to a person, within the messaging window (section 3.7).
// The call is not idempotent: after an error whose class is ClassAmbiguous the person
// may have the message. An empty message is refused before it leaves (section 5.5).
func (c *Client) Send(ctx context.Context, psid string, m Outgoing) (Receipt, error) {
	if err := m.check(psid); err != nil {
		return Receipt{}, err
	}
	body := map[string]any{"recipient": recipient(psid), "messaging_type": messagingType, "message": m}
	if m.PersonaID != "" {
		body["persona_id"] = m.PersonaID
	}
	var w wireReceipt
	used, err := c.call(ctx, request{
		op: opSend, method: http.MethodPost, path: c.page + "/messages", timeout: Medium{Kind: m.Kind()}.Timeout(), body: body,
	}, &w)
	if err == nil {
		err = w.check()
	}
	return Receipt{MessageID: w.MessageID, Usage: used}, err
}

// check reports what no message can be.
func (m Outgoing) check(psid string) error {
	switch {
	case psid == "":
		return errors.New("send: no recipient")
	case m.empty():
		return errors.New("send: the message is empty")
	case prose.Units(m.Metadata) > MaxMetadata:
		return fmt.Errorf("send: metadata is longer than %d characters", MaxMetadata)
	}
	return nil
}

// SenderAction shows or hides the typing indicator, or marks what the person wrote as seen. To
// whoever wrote in public only, nothing can be shown.
func (c *Client) SenderAction(ctx context.Context, psid string, a Action) error {
	return c.signal(ctx, psid, a, "")
}

// Type shows the typing indicator, as that of a persona; with an empty id as that of the Page.
func (c *Client) Type(ctx context.Context, psid, persona string) error {
	return c.signal(ctx, psid, TypingOn, persona)
}

func (c *Client) signal(ctx context.Context, psid string, a Action, persona string) error {
	if Once(psid) {
		return nil
	}
	body := map[string]any{"recipient": recipient(psid), "sender_action": a}
	if persona != "" {
		body["persona_id"] = persona
	}
	_, err := c.call(ctx, request{
		op: string(a), method: http.MethodPost, path: c.page + "/messages", timeout: CallTimeout, body: body,
	}, &struct{}{})
	return err
}

// MarkSeen marks what people wrote as seen: of up to MaxBatch people in one call. To whoever wrote in public only,
// nothing can be shown. An error tells that nobody can be, a success not that everybody is.
func (c *Client) MarkSeen(ctx context.Context, psids []string) error {
	psids = slices.DeleteFunc(slices.Clone(psids), Once)
	switch {
	case len(psids) == 0:
		return nil
	case len(psids) == 1:
		return c.SenderAction(ctx, psids[0], MarkSeen)
	case len(psids) > MaxBatch:
		return fmt.Errorf("mark_seen: %d people, a batch has %d calls at most", len(psids), MaxBatch)
	}
	forms := make([]bundle.Form, len(psids))
	for i, psid := range psids {
		forms[i] = bundle.Form{}.With("recipient", recipient(psid)).With("sender_action", []byte(MarkSeen))
	}
	_, err := c.batch(ctx, string(MarkSeen), forms, false, anyAnswers{})
	return err
}

// PassThread gives control of the person's thread to another app (section 2.9).
func (c *Client) PassThread(ctx context.Context, psid, app, metadata string) error {
	_, err := c.call(ctx, request{
		op: "pass thread", method: http.MethodPost, path: c.page + "/pass_thread_control", timeout: CallTimeout,
		body: map[string]any{"recipient": recipient(psid), "target_app_id": app, "metadata": metadata},
	}, &struct{}{})
	return err
}

// Profile is what the platform tells about a person; any field may be empty.
type Profile struct{ FirstName, LastName, Name, Picture string }

// Profile reads names and picture of a person. No more is asked for: one field
// without permission would fail the whole call (section 4.2).
func (c *Client) Profile(ctx context.Context, psid string) (Profile, error) {
	var w struct {
		First   text `json:"first_name"`
		Last    text `json:"last_name"`
		Name    text `json:"name"`
		Picture text `json:"profile_pic"`
	}
	_, err := c.call(ctx, request{
		op: "profile", method: http.MethodGet, path: url.PathEscape(psid), timeout: CallTimeout,
		query: url.Values{"fields": {"id,name,first_name,last_name,profile_pic"}},
	}, &w)
	return Profile{string(w.First), string(w.Last), string(w.Name), string(w.Picture)}, err
}

// Variables are the namespace variables that a profile fills (section 19 of the
// language); what is not known is left out.
func (p Profile) Variables() map[string]string {
	full := p.Name
	if full == "" {
		full = prose.Trim(p.FirstName + " " + p.LastName)
	}
	out := map[string]string{}
	for name, value := range map[string]string{
		"_userFirstName": p.FirstName, "_userLastName": p.LastName,
		"_userFullName": full, "_userProfilePic": p.Picture,
	} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}
