package delivery

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// turnIDLen is the length of a turn's id, hexadecimal digits.
const turnIDLen = 24

// draw derives the id of the turn that an event starts and the seed of its
// draws. Both depend on page, person and event only: a turn that is taken again
// after a crash draws alike and sends under the same intents.
func draw(e store.Event) (id string, seed uint64) {
	h := sha256.New()
	for _, s := range [...]string{e.Key.Page, e.Key.Person, e.ID} {
		_ = binary.Write(h, binary.BigEndian, uint64(len(s))) // a hash takes everything
		h.Write([]byte(s))
	}
	sum := h.Sum(nil)
	return hex.EncodeToString(sum[:turnIDLen/2]), binary.BigEndian.Uint64(sum[turnIDLen/2:])
}

// startsTurn tells whether an event can start a turn (section 25 of the language).
func startsTurn(e *messenger.Event) bool {
	switch e.Kind {
	case messenger.KindMessage:
		m := e.Message
		return m != nil && !m.Deleted && (m.Tapped || m.Text != "" || len(m.Attachments) > 0)
	case messenger.KindPostback:
		return e.Postback != nil
	case messenger.KindReferral:
		return e.Referral != nil
	case messenger.KindOptIn:
		return e.OptIn != nil && !e.OptIn.Stopped
	case messenger.KindComment:
		return e.Comment != nil
	default:
		return false
	}
}

// Event is what a script hears of an event of the platform; ok is false for one
// that starts no turn. getStarted is the payload of the bot's Get Started button.
func Event(e *messenger.Event, getStarted string) (heard turn.Event, ok bool) {
	if !startsTurn(e) {
		return turn.Event{}, false
	}
	return turnEvent(e, getStarted), true
}

// turnEvent is an event as a script hears it. getStarted is the payload of the
// bot's Get Started button.
func turnEvent(e *messenger.Event, getStarted string) turn.Event {
	out := turn.Event{Referral: ref(e)}
	switch e.Kind {
	case messenger.KindMessage:
		out.Text, out.Media = e.Message.Text, attachments(e.Message.Attachments)
		switch {
		case e.Message.Tapped:
			out.Kind = turn.QuickReply
			if e.Message.QuickReply != "" {
				out.Text = e.Message.QuickReply
			}
		case len(out.Media) > 0:
			out.Kind = turn.Media
		default:
			out.Kind = turn.Text
		}
	case messenger.KindPostback:
		out.Kind, out.Text = turn.Postback, e.Postback.Payload
		if getStarted != "" && e.Postback.Payload == getStarted {
			out.Kind = turn.GetStarted
		}
	case messenger.KindOptIn:
		out.Kind = turn.OptIn
	case messenger.KindReferral:
		out.Kind = turn.Referral
	case messenger.KindComment:
		out.Kind, out.Text = turn.Comment, e.Comment.Text
	}
	return out
}

func ref(e *messenger.Event) *turn.Ref {
	switch {
	case e.Referral != nil:
		return &turn.Ref{Param: e.Referral.Ref, Source: e.Referral.Source, Type: e.Referral.Type, AdID: e.Referral.AdID}
	case e.Kind == messenger.KindOptIn:
		return optIn(e.OptIn)
	case e.Kind == messenger.KindComment:
		return &turn.Ref{Param: e.Comment.Post, Source: sourceOf(e.Comment)}
	default:
		return nil
	}
}

// sourceOf is where somebody comes from who wrote in public.
func sourceOf(c *messenger.Comment) string {
	if c.Own {
		return "POST"
	}
	return "COMMENT"
}

// checkboxPlugin is the plug-in that knows people by a user_ref.
const checkboxPlugin = "checkbox_plugin"

// sendToMessenger is the plug-in whose opt-ins name no type.
const sendToMessenger = "send_to_messenger"

// optIn is an opt-in as a referral, its source the plug-in's name.
func optIn(o *messenger.OptIn) *turn.Ref {
	r := &turn.Ref{Param: o.Ref, Source: o.Type}
	if r.Param == "" {
		r.Param = o.Payload
	}
	switch {
	case r.Source != "":
	case o.UserRef != "":
		r.Source = checkboxPlugin
	default:
		r.Source = sendToMessenger
	}
	return r
}

func attachments(came []messenger.Attachment) []turn.Attachment {
	var out []turn.Attachment
	for _, a := range came {
		m := turn.Attachment{Type: a.Type, URL: a.URL}
		if a.Type == "location" {
			m.Lat = strconv.FormatFloat(a.Lat, 'f', -1, 64)
			m.Long = strconv.FormatFloat(a.Long, 'f', -1, 64)
			if m.URL == "" { // L-EV-2
				m.URL = "https://www.google.com/maps?q=" + m.Lat + "," + m.Long
			}
		}
		out = append(out, m)
	}
	return out
}
