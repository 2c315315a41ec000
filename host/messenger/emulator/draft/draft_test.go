package draft

import (
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/fault"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

func read(t *testing.T, text string) Draft {
	t.Helper()
	v, err := value.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return Read(&request.Request{Params: value.Object(v)})
}

func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name, call string
		subcode    int // of the refusal; -1: there is none
	}{
		{"a message", `{"recipient":{"id":"7"},"messaging_type":"RESPONSE","message":{"text":"x"}}`, -1},
		{"an action", `{"recipient":{"id":"7"},"sender_action":"typing_on"}`, -1},
		{"both", `{"recipient":{"id":"7"},"sender_action":"typing_on","message":{}}`, 2018014},
		{"neither", `{"recipient":{"id":"7"}}`, 2018015},
		{"a message that is none", `{"recipient":{"id":"7"},"message":"x"}`, 0},
		{"an unknown action", `{"recipient":{"id":"7"},"sender_action":"dance"}`, 0},
		{"nobody", `{"message":{"text":"x"}}`, 0},
		{"no type", `{"recipient":{"id":"7"},"message":{"text":"x"}}`, 0},
		{"a tag that is not named", `{"recipient":{"id":"7"},"messaging_type":"MESSAGE_TAG","message":{"text":"x"}}`, 0},
		{"an unknown notification", `{"recipient":{"id":"7"},"messaging_type":"UPDATE","notification_type":"LOUD","message":{"text":"x"}}`, 0},
	} {
		got := -1
		if refused := read(t, row.call).Check(false); refused != nil {
			got = refused.Subcode
		}
		if got != row.subcode {
			t.Errorf("%s: subcode %d, want %d", row.name, got, row.subcode)
		}
	}
	if refused := read(t, `{"recipient":{"id":"7"},"message":{"text":"x"}}`).Check(true); refused != nil {
		t.Errorf("no type, where it is optional: %+v", refused)
	}
}

// Tags reach back seven days (messenger.md §3.7).
func TestCheckTag(t *testing.T) {
	now := time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)
	within, beyond := now.Add(-longWindow), now.Add(-longWindow-time.Second)
	for _, row := range []struct {
		name, tag string
		a         Allowance
		now       time.Time
		code      int // of the refusal; 0: there is none
	}{
		{"a human", "HUMAN_AGENT", Allowance{Last: within, Human: true}, now, 0},
		{"a human, too late", "HUMAN_AGENT", Allowance{Last: beyond, Human: true}, now, 10},
		{"a human, not approved", "HUMAN_AGENT", Allowance{Last: within}, now, 10},
		{"feedback with a text", "CUSTOMER_FEEDBACK", Allowance{Last: within}, now, 100},
		{"a dead tag", "ACCOUNT_UPDATE", Allowance{}, tagsEnd, 100},
		{"a dying tag", "ACCOUNT_UPDATE", Allowance{}, tagsEnd.Add(-time.Second), 0},
	} {
		got := 0
		if refused := (Draft{Tag: row.tag, Message: map[string]any{"text": "x"}}).CheckTag(row.a, row.now); refused != nil {
			got = refused.Code
		}
		if got != row.code {
			t.Errorf("%s: code %d, want %d", row.name, got, row.code)
		}
	}
}

func TestBubble(t *testing.T) {
	d := read(t, `{"notification_type":"NO_PUSH","reply_to":{"mid":"m1"},"message":{"attachment":{"type":"image","payload":{"attachment_id":"5"}}}}`)
	b := d.Bubble(nil, func(id string) string { return "https://a.b/" + id })
	if b.Silent != "NO_PUSH" || b.ReplyTo != "m1" || string(b.Attachment) != `{"payload":{"attachment_id":"5","url":"https://a.b/5"},"type":"image"}` {
		t.Errorf("stored: %+v, %s", b, b.Attachment)
	}
	b = d.Bubble(&request.Upload{Size: 3}, func(string) string { return "" })
	if b.Text != "[image, 3 bytes]" {
		t.Errorf("uploaded: %+v", b)
	}
}

func TestLate(t *testing.T) {
	slow := &fault.Fault{Kind: fault.SlowMedia}
	if l := read(t, `{"message":{"text":"x"}}`).Late(slow); l != (Lateness{}) {
		t.Errorf("a text: %+v", l)
	}
	if l := read(t, `{"message":{"attachment":{"type":"image","payload":{"url":"https://a.b"}}}}`).Late(slow); l.Bubble != slow.Late() || l.Echo != slow.Late() {
		t.Errorf("a medium: %+v", l)
	}
	if l := (Draft{}).Late(&fault.Fault{Kind: fault.NoEcho}); !l.Silent || (Draft{}).Late(nil) != (Lateness{}) {
		t.Errorf("an echo: %+v", l)
	}
}
