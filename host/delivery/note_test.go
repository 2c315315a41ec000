package delivery

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// What was stored of an event is what a script would have heard of it at once.
func TestNotesKeepWhatScriptsHear(t *testing.T) {
	long := strings.Repeat(" ", maxRaw)
	for _, tt := range []struct{ name, element string }{
		{"text", `{"message":{"mid":"m","text":"\u00fc"}}`},
		{"white space", "{\n \"message\": {\"mid\":\"m\", \"text\":\"a\"}\n}"},
		{"tap", `{"message":{"mid":"m","text":"Yes","quick_reply":{"payload":"YES"}}}`},
		{"place", `{"message":{"mid":"m","attachments":[{"type":"location","payload":{"coordinates":{"lat":1.5,"long":-2}}}]}}`},
		{"postback with a referral", `{"postback":{"mid":"m","payload":"GO","referral":{"ref":"poster","source":"SHORTLINK"}}}`},
		{"opt-in", `{"optin":{"type":"notification_messages","payload":"P"}}`},
		{"too long to be kept as it came", `{"message":{"mid":"m","text":"a"},"more":"` + long + `"}`},
		{"too long, and no room", `{"message":{"mid":"m","text":"a"},"more":"` + strings.Repeat("x", store.MaxBody) + `"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := messenger.DecodeElement(page, false, []byte(strings.Replace(tt.element, "{", `{"sender":{"id":"`+ann+`"},`, 1)))
			if err != nil {
				t.Fatal(err)
			}
			body, err := note{Event: &e}.encode()
			if err != nil {
				t.Fatal(err)
			}
			if len(body) > maxRaw+len(rawStart)+1 || isEcho(body) || isMove(body) {
				t.Errorf("a body of %d bytes: %.80s", len(body), body)
			}
			n, err := readNote(body)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := Event(&e, "GO")
			got, ok := Event(n.Event, "GO")
			if diff := cmp.Diff(want, got); diff != "" || !ok {
				t.Errorf("%s", diff)
			}
		})
	}
}

// Bodies that are no notes are refused.
func TestNotesRefuse(t *testing.T) {
	for _, body := range []string{"", "{}", `{"raw":`, `{"raw":}`, `{"raw":{"message":}}`, `{"raw":{}},{}`, `[]`} {
		if n, err := readNote([]byte(body)); err == nil {
			t.Errorf("%s: %+v", body, n)
		}
	}
}
