package messenger

import (
	"encoding/json"
	"testing"
)

// Media that a message names by address can be uploaded ahead; nothing else can.
func TestMedium(t *testing.T) {
	for _, tt := range []struct {
		attachment string
		want       Medium
	}{
		{`{"type":"image","payload":{"url":"https://a.example/c.png"}}`, Medium{"image", "https://a.example/c.png"}},
		{`{"type":"video","payload":{"url":"https://a.example/v"}}`, Medium{"video", "https://a.example/v"}},
		{`{"type":"image","payload":{"attachment_id":"7"}}`, Medium{}},
		{`{"type":"image","payload":{"url":"https://a.example/c.png","attachment_id":"7"}}`, Medium{}},
		{`{"type":"template","payload":{"url":"https://a.example/c.png"}}`, Medium{}},
		{`{"type":"file","payload":{}}`, Medium{}},
		{`[]`, Medium{}},
		{``, Medium{}},
	} {
		m := Outgoing{Attachment: json.RawMessage(tt.attachment)}
		got, ok := m.Medium()
		if want := tt.want != (Medium{}); ok != want || ok && got != tt.want {
			t.Errorf("%s: %+v, %v", tt.attachment, got, ok)
		}
	}
}

// A stored medium keeps everything of its message but the address.
func TestStored(t *testing.T) {
	m := attach("audio", map[string]string{"url": "https://a.example/s.mp3"})
	m.Metadata, m.QuickReplies = "i.1", []QuickReply{{ContentType: "text", Title: "a", Payload: "a"}}
	got, err := json.Marshal(m.Stored("7"))
	want := `{"attachment":{"type":"audio","payload":{"attachment_id":"7"}},"quick_replies":[{"content_type":"text","title":"a","payload":"a"}],"metadata":"i.1"}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
	if _, ok := m.Medium(); !ok {
		t.Error("the message itself has changed")
	}
}
