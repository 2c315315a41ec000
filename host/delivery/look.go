package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// Look is a stored event or send as people may look at it.
type Look struct {
	Kind  string    // text, image, template, typing, handover, reminder; of an event its kind
	Text  string    // what it says, as far as that is text
	Heard time.Time // of a send: when the person spoke whom it answers
}

// unreadable is the kind of what an older or newer release has stored.
const unreadable = "unreadable"

// LookAtSend tells what a send would do.
func LookAtSend(s store.Send) Look { return lookAtCargo(s.Body) }

func lookAtCargo(body []byte) Look {
	c, err := unload(body)
	if err != nil {
		return Look{Kind: unreadable}
	}
	out := Look{Heard: c.Heard, Kind: unreadable}
	switch {
	case c.Reminder != "":
		out.Kind, out.Text = "reminder", c.Reminder
	case c.Typing:
		out.Kind = "typing"
	case c.Handover != "":
		out.Kind, out.Text = "handover", c.Handover
	case c.Message != nil && len(c.Message.Attachment) > 0:
		out.Kind, out.Text = attachmentOf(c.Message.Attachment)
	case c.Message != nil:
		out.Kind, out.Text = "text", c.Message.Text
	}
	return out
}

// attachmentOf is the type of an attachment, and its address or its first text.
func attachmentOf(raw json.RawMessage) (kind, text string) {
	var a struct {
		Type    string `json:"type"`
		Payload struct {
			URL      string `json:"url"`
			Text     string `json:"text"`
			Elements []struct {
				Title string `json:"title"`
			} `json:"elements"`
		} `json:"payload"`
	}
	if json.Unmarshal(raw, &a) != nil || a.Type == "" {
		return unreadable, ""
	}
	text = a.Payload.URL + a.Payload.Text // never both
	if text == "" && len(a.Payload.Elements) > 0 {
		text = a.Payload.Elements[0].Title
	}
	return a.Type, text
}

// LookAtEvent tells what was heard.
func LookAtEvent(e store.Event) Look { return lookAtNote(e.Body) }

func lookAtNote(body []byte) Look {
	n, err := readNote(body)
	switch {
	case err != nil:
		return Look{Kind: unreadable}
	case n.Move != nil:
		return Look{Kind: "takeover", Text: n.Move.Op}
	case n.Event == nil:
		return Look{Kind: string(messenger.KindEcho), Text: n.Echo}
	}
	out := Look{Kind: string(n.Event.Kind)}
	switch {
	case n.Event.Message != nil:
		out.Text = n.Event.Message.Text
	case n.Event.Postback != nil:
		out.Text = n.Event.Postback.Title
	case n.Event.Referral != nil:
		out.Text = n.Event.Referral.Ref
	}
	return out
}

// LookAtLetter tells what was given up.
func LookAtLetter(l store.Letter) Look {
	switch l.Kind {
	case LetterEvent:
		return lookAtNote(l.Body)
	case LetterWish:
		return Look{Kind: LetterWish}
	default:
		return lookAtCargo(l.Body)
	}
}

// TurnID is the id of the turn that an event starts: whoever knows the event can
// find its turn, its sends and their receipts.
func TurnID(k store.Key, event string) string {
	id, _ := draw(store.Event{ID: event, Key: k})
	return id
}

// Label names a conversation in logs and metrics without naming the person.
func Label(k store.Key) string {
	sum := sha256.Sum256([]byte(k.Page + "/" + k.Person))
	return hex.EncodeToString(sum[:4])
}
