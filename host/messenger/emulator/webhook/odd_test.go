package webhook

import (
	"encoding/json"
	"testing"
)

func TestBend(t *testing.T) {
	const plain = `{"message":{"mid":"m","text":"x"},"timestamp":12}`
	for _, row := range []struct {
		shape, event, want string
		standby            bool
	}{
		{OddKeys, plain, `{"message":{"mid":"m","mood":"curious","text":"x"},"surprise":{"list":[null,true],"version":2},"timestamp":12}`, false},
		{OddAttachment, plain, `{"message":{"attachments":[{"payload":{"depth":3},"type":"hologram"}],"mid":"m","text":"x"},"timestamp":12}`, false},
		{OddFallback, plain, `{"message":{"attachments":[{"type":"fallback"}],"mid":"m","text":"x"},"timestamp":12}`, false},
		{OddFallback, `{"read":{}}`, `{"read":{}}`, false},
		{OddNoTimestamp, plain, `{"message":{"mid":"m","text":"x"}}`, false},
		{OddStandby, plain, plain, true},
		{OddKeys, `[1]`, `[1]`, false},
		{"", plain, plain, false},
	} {
		got := Bend(Item{Body: json.RawMessage(row.event)}, row.shape)
		if string(got.Body) != row.want || (got.Key == Standby) != row.standby {
			t.Errorf("%s: %s, standby %v", row.shape, got.Body, got.Key == Standby)
		}
	}
}
