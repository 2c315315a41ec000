package messenger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
)

// MaxMessageID is the length up to which ids of messages are kept as they are, in
// bytes (messenger.md section 2.8); a longer one is replaced by its hash in keys.
const MaxMessageID = 300

// hashBytes is how much of a SHA-256 stands in a key.
const hashBytes = 16

// key is the deduplication key of an event by the table of messenger.md section
// 2.5. It is the same whether the event came in messaging or in standby.
func key(e *Event, w *wireElement) string {
	if (e.Kind == KindMessage || e.Kind == KindEcho) && e.Message.ID != "" {
		return join(e.Kind, e.Message.ID)
	}
	stamp := strconv.FormatFloat(float64(w.Timestamp), 'f', -1, 64)
	switch {
	case e.Kind == KindPostback && e.Postback.ID != "":
		return join(e.Kind, e.Postback.ID)
	case e.Kind == KindPostback: // payloads of old clients have no id
		return join(e.Kind, e.Person, stamp, e.Postback.Payload)
	case e.Kind == KindComment:
		return join(e.Kind, e.Person)
	case e.Kind == KindReaction:
		r := e.Reaction
		return join(e.Kind, r.MessageID, e.Person, r.Action, r.Emoji, stamp)
	case e.Kind == KindEdit:
		return join(e.Kind, e.Edit.MessageID, strconv.Itoa(e.Edit.Count))
	case e.Mark != nil && !e.Mark.Watermark.IsZero():
		return join(e.Kind, e.Person, strconv.FormatInt(e.Mark.Watermark.UnixMilli(), 10))
	case e.Kind == KindThreadControl && e.Person != "":
		return join(e.Kind, e.Control.Action, e.Person, stamp)
	}
	return e.fallbackKey(stamp, e.Raw)
}

// fallbackKey names an event by all that it holds.
func (e *Event) fallbackKey(stamp string, raw []byte) string {
	return join(e.Kind, e.Page, e.Person, stamp, digest(canonical(raw)))
}

// canonical is raw without insignificant white space, so that the key does not
// depend on how the platform spaced it.
func canonical(raw json.RawMessage) string { return string(compact(raw)) }

// join makes a key of a kind and what tells events of that kind apart.
func join(kind Kind, parts ...string) string {
	var b strings.Builder
	b.WriteString(string(kind))
	for _, p := range parts {
		b.WriteByte('|')
		if len(p) > MaxMessageID {
			p = "#" + digest(p)
		}
		b.WriteString(p)
	}
	return b.String()
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:hashBytes])
}
