package messenger

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Every event of the catalogue (messenger.md section 2.7), one body per file; beside
// each body the events that it decodes to.
func TestDecodeCorpus(t *testing.T) {
	bodies := corpus(t)
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			envelope, err := Decode(body)
			if err != nil {
				t.Fatal(err)
			}
			got := golden(t, envelope.Events)
			path := filepath.Join("testdata", "webhook", name+".golden")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
			for _, e := range envelope.Events {
				checkEvent(t, e)
			}
		})
	}
}

// Keys tell all events of the corpus apart, but for the one postback that came
// twice, in messaging and in standby.
func TestKeysOfCorpus(t *testing.T) {
	seen := map[string]string{}
	for name, body := range corpus(t) {
		envelope, err := Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range envelope.Events {
			both := name + " " + seen[e.ID]
			if seen[e.ID] != "" && !(strings.Contains(both, "postback_standby") || strings.Contains(both, "delivery_bare")) {
				t.Errorf("%s has the key of %s: %s", name, seen[e.ID], e.ID)
			}
			seen[e.ID] = name
		}
	}
}

func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "webhook", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no webhook corpus: %v", err)
	}
	out := map[string][]byte{}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(path), ".json")] = body
	}
	return out
}

// golden writes events without what is empty, and without Raw, which checkEvent sees to.
func golden(t *testing.T, events []Event) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, e := range events {
		write(&b, "", reflect.ValueOf(e))
		b.WriteString("--\n")
	}
	return b.Bytes()
}

func write(b *bytes.Buffer, name string, v reflect.Value) {
	switch {
	case v.IsZero() || name == ".Raw":
	case v.Type() == reflect.TypeOf(time.Time{}):
		b.WriteString(name + ": " + v.Interface().(time.Time).Format("2006-01-02T15:04:05.000Z07:00") + "\n")
	case v.Kind() == reflect.Pointer:
		write(b, name, v.Elem())
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			write(b, name+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			write(b, name, v.Index(i))
		}
	default:
		raw, err := json.Marshal(v.Interface())
		if err != nil {
			raw = []byte(err.Error())
		}
		b.WriteString(name + ": " + string(raw) + "\n")
	}
}

// checkEvent holds what is true of every event: it has a key, and reading its raw
// element again yields it again.
func checkEvent(t *testing.T, e Event) {
	t.Helper()
	if e.ID == "" || e.Kind == "" {
		t.Errorf("event without key or kind: %+v", e)
	}
	if e.Kind == KindUnknown {
		return // may be an item of changes[]
	}
	again, err := DecodeElement(e.Page, e.Standby, e.Raw)
	if err != nil {
		t.Fatal(err)
	}
	if again.At.IsZero() {
		again.At = e.At
	}
	if diff := cmp.Diff(e, again); diff != "" {
		t.Errorf("decoded again: %s", diff)
	}
}

func TestDecodeAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, body, object string
		events             int
		fails              bool
	}{
		{name: "page without entries", body: `{"object":"page"}`, object: "page"},
		{name: "other object", body: `{"object":"instagram","entry":[{"messaging":[{}]}]}`, object: "instagram"},
		{name: "no object", body: `{"entry":[]}`},
		{name: "an empty element is an unknown event", body: `{"object":"page","entry":[{"messaging":[{}]}]}`, object: "page", events: 1},
		{name: "list", body: `[]`, fails: true},
		{name: "empty", body: ``, fails: true},
		{name: "cut off", body: `{"object":"page","entry":[`, fails: true},
		{name: "two values", body: `{"object":"page"}{}`, fails: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode([]byte(tt.body))
			if (err != nil) != tt.fails || got.Object != tt.object || len(got.Events) != tt.events {
				t.Errorf("Decode = %+v, %v", got, err)
			}
		})
	}
}

func TestDecodeElementRefusesGarbage(t *testing.T) {
	if _, err := DecodeElement("1", false, []byte(`{"message":`)); err == nil {
		t.Error("garbage was read")
	}
}

// The table of section 2.5: what makes two events the same, and what does not.
func TestKey(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		same       bool
	}{
		{"message by mid", `{"sender":{"id":"1"},"timestamp":1,"message":{"mid":"m","text":"a"}}`, `{"sender":{"id":"1"},"timestamp":2,"message":{"mid":"m","text":"a","nlp":{}}}`, true},
		{"echo is not the message", `{"message":{"mid":"m"}}`, `{"message":{"mid":"m","is_echo":true}}`, false},
		{"postback by mid", `{"sender":{"id":"1"},"timestamp":1,"postback":{"mid":"m","payload":"a"}}`, `{"sender":{"id":"1"},"timestamp":2,"postback":{"mid":"m"}}`, true},
		{"old postback by time", `{"sender":{"id":"1"},"timestamp":1,"postback":{"payload":"a"}}`, `{"sender":{"id":"1"},"timestamp":2,"postback":{"payload":"a"}}`, false},
		{"old postback by payload", `{"sender":{"id":"1"},"timestamp":1,"postback":{"payload":"a"}}`, `{"sender":{"id":"1"},"timestamp":1,"postback":{"payload":"b"}}`, false},
		{"referral by body, whatever the spacing", `{"sender":{"id":"1"},"timestamp":1,"referral":{"ref":"a"}}`, `{"sender":{"id":"1"}, "timestamp":1, "referral":{ "ref":"a"}}`, true},
		{"referral by ref", `{"sender":{"id":"1"},"timestamp":1,"referral":{"ref":"a"}}`, `{"sender":{"id":"1"},"timestamp":1,"referral":{"ref":"b"}}`, false},
		{"reaction and its removal", `{"reaction":{"mid":"m","action":"react"}}`, `{"reaction":{"mid":"m","action":"unreact"}}`, false},
		{"edits by number", `{"message_edit":{"mid":"m","num_edit":1}}`, `{"message_edit":{"mid":"m","num_edit":2}}`, false},
		{"reads by watermark", `{"sender":{"id":"1"},"timestamp":1,"read":{"watermark":5}}`, `{"sender":{"id":"1"},"timestamp":2,"read":{"watermark":5}}`, true},
		{"read is not delivery", `{"read":{"watermark":5}}`, `{"delivery":{"watermark":5}}`, false},
		{"deliveries without watermark", `{"delivery":{"mids":["a"]}}`, `{"delivery":{"mids":["b"]}}`, false},
		{"pass and take", `{"sender":{"id":"1"},"timestamp":1,"pass_thread_control":{}}`, `{"sender":{"id":"1"},"timestamp":1,"take_thread_control":{}}`, false},
		{"long ids", `{"message":{"mid":"` + strings.Repeat("x", 400) + `a"}}`, `{"message":{"mid":"` + strings.Repeat("x", 400) + `b"}}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, err := DecodeElement("9", false, []byte(tt.a))
			if err != nil {
				t.Fatal(err)
			}
			b, err := DecodeElement("9", true, []byte(tt.b))
			if err != nil {
				t.Fatal(err)
			}
			if (a.ID == b.ID) != tt.same {
				t.Errorf("keys %q and %q", a.ID, b.ID)
			}
			if len(a.ID) > 2*MaxMessageID {
				t.Errorf("key of %d bytes", len(a.ID))
			}
		})
	}
}

// Who an event is about: who wrote, or to whom the Page did.
func TestPerson(t *testing.T) {
	for _, tt := range []struct{ name, element, want string }{
		{"message", `{"sender":{"id":"7"},"recipient":{"id":"9"},"message":{"mid":"m"}}`, "7"},
		{"echo", `{"sender":{"id":"9"},"recipient":{"id":"7"},"message":{"mid":"m","is_echo":true}}`, "7"},
		{"echo under another id of the Page", `{"sender":{"id":"90"},"recipient":{"id":"7"},"message":{"mid":"m","is_echo":true}}`, "7"},
		{"anything else from the Page", `{"sender":{"id":"9"},"recipient":{"id":"7"},"reaction":{"mid":"m"}}`, "7"},
		{"id as a number", `{"sender":{"id":24680135791357246},"message":{"mid":"m"}}`, "24680135791357246"},
		{"checkbox", `{"recipient":{"id":"9"},"optin":{"user_ref":"u"}}`, Checkbox("u")},
		{"comment", `{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"5_1","message":"a","from":{"id":"99"}}}`, stranger("comment", "5_1")},
		{"post", `{"field":"feed","value":{"item":"post","verb":"add","post_id":"5_2","message":"a","from":{"id":"99"}}}`, stranger("post", "5_2")},
		{"comment of the Page's own", `{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"5_1","message":"a","from":{"id":"9"}}}`, ""},
		{"comment that is taken away", `{"field":"feed","value":{"item":"comment","verb":"remove","comment_id":"5_1","message":"a","from":{"id":"99"}}}`, ""},
		{"nobody", `{"recipient":{"id":"9"},"policy_enforcement":{"action":"block"}}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if e, err := DecodeElement("9", false, []byte(tt.element)); err != nil || e.Person != tt.want {
				t.Errorf("%q, %v", e.Person, err)
			}
		})
	}
}

func TestTimestamps(t *testing.T) {
	at := time.Date(2026, 7, 1, 10, 0, 0, 123e6, time.UTC)
	for stamp, want := range map[string]time.Time{
		`1782900000123`: at, `"1782900000123"`: at,
		`0`: {}, `-5`: {}, `1e300`: {}, `253402300800000`: {}, `"soon"`: {}, `null`: {}, `{}`: {},
	} {
		if e, err := DecodeElement("9", false, []byte(`{"timestamp":`+stamp+`}`)); err != nil || !e.At.Equal(want) {
			t.Errorf("%s: %v, %v", stamp, e.At, err)
		}
	}
}

// A thousand events in one POST are a thousand events (section 2.4).
func TestDecodeBatch(t *testing.T) {
	const most = 1000
	element := `{"sender":{"id":"1"},"recipient":{"id":"9"},"message":{"mid":"m","text":"x"}}`
	body := `{"object":"page","entry":[{"id":"9","messaging":[` + strings.Repeat(element+",", most-1) + element + `]}]}`
	got, err := Decode([]byte(body))
	if err != nil || len(got.Events) != most {
		t.Errorf("%d events, %v", len(got.Events), err)
	}
}

// The web server uses the buffer of a body again: nothing of an event may lie in it.
func TestDecodeCopies(t *testing.T) {
	for name, body := range corpus(t) {
		want, err := Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		buffer := bytes.Clone(body)
		got, err := Decode(buffer)
		if err != nil {
			t.Fatal(err)
		}
		for i := range buffer {
			buffer[i] = '!'
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range corpus(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		envelope, err := Decode(body)
		if err != nil {
			return
		}
		for _, e := range envelope.Events {
			checkEvent(t, e)
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("event cannot be written down: %v", err)
			}
		}
	})
}

// FuzzMessage: a message that is read without a look at all that might be there is the message that
// encoding/json reads.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{
		`{"mid":"m","text":"\u00fc\\"}`, `{"mid":1,"text":true}`, `{"t\u0065xt":"x"}`, `{"text":"a","text":"b"}`, `{"mid":null}`,
		`{"text":"` + "\xff" + `"}`, `{"text":"a","MID":"m"}`, `{"text":"a","quick_reply":{"payload":"P"}}`, `7`, ` null `,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		if diff := cmp.Diff(shaped[wireMessage](raw), readMessage(raw)); diff != "" {
			t.Errorf("%s", diff)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := corpus(b)["text"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(body); err != nil {
			b.Fatal(err)
		}
	}
}

// A number that is digits only is read as any other, up to the longest of which nothing is lost.
func TestReadNumber(t *testing.T) {
	for _, raw := range []string{"0", "7", "1795714191093", "999999999999999", "1000000000000001", "9007199254740993", "-1", "1.5", "1e3", `"12"`, `"-0.5"`} {
		want, err := strconv.ParseFloat(strings.Trim(raw, `"`), 64)
		if got := readNumber([]byte(raw)); err != nil || float64(got) != want {
			t.Errorf("%s is read as %v, not as %v (%v)", raw, got, want, err)
		}
	}
	for _, raw := range []string{"true", "null", `""`, `"x"`, "{}", `"1,5"`} {
		if got := readNumber([]byte(raw)); got != 0 {
			t.Errorf("%s is read as %v", raw, got)
		}
	}
}
