package webhook

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// The bytes of messenger.md §2.3, set by set (F9).
func TestEscape(t *testing.T) {
	for _, row := range []struct{ name, in, usual, wide string }{
		{"ascii", `{"a":"plain"}`, `{"a":"plain"}`, `{"a":"plain"}`},
		{"umlauts in lower case", `"äöå"`, `"\u00e4\u00f6\u00e5"`, `"\u00e4\u00f6\u00e5"`},
		{"emoji as a surrogate pair", `"😀"`, `"\ud83d\ude00"`, `"\ud83d\ude00"`},
		{"slash", `"https://a.b/c"`, `"https:\/\/a.b\/c"`, `"https:\/\/a.b\/c"`},
		{"slash escaped by hand", `"a\/b\\/c"`, `"a\/b\\\/c"`, `"a\/b\\\/c"`},
		{"escapes stay", `"\u00e4\n\"\\"`, `"\u00e4\n\"\\"`, `"\u00e4\n\"\\"`},
		{"wide set in capitals", `"<5% @x>"`, `"<5% @x>"`, `"\u003C5\u0025 \u0040x>"`},
		{"cjk", `"日本"`, `"\u65e5\u672c"`, `"\u65e5\u672c"`},
		{"key", `{"ä":1}`, `{"\u00e4":1}`, `{"\u00e4":1}`},
	} {
		if got := string(Escape([]byte(row.in), "")); got != row.usual {
			t.Errorf("%s: %s, want %s", row.name, got, row.usual)
		}
		if got := string(Escape([]byte(row.in), EscapesWide)); got != row.wide {
			t.Errorf("%s, wide: %s, want %s", row.name, got, row.wide)
		}
		if got := string(Escape([]byte(row.in), EscapesNone)); got != row.in {
			t.Errorf("%s, none: %s", row.name, got)
		}
	}
}

// Escaping never changes what the JSON says, and leaves no byte beyond ASCII.
func TestEscapeKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "value")
		set := rapid.SampledFrom([]string{"", EscapesWide}).Draw(t, "set")
		escaped := Escape(value.Raw(drawn), set)
		for _, c := range escaped {
			if c >= 0x80 {
				t.Fatalf("byte %#x in %s", c, escaped)
			}
		}
		var back map[string]string
		if err := json.Unmarshal(escaped, &back); err != nil {
			t.Fatalf("%s: %v", escaped, err)
		}
		var want map[string]string
		if err := json.Unmarshal(value.Raw(drawn), &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, want) {
			t.Fatalf("%v became %v", want, back)
		}
	})
}

// Vectors made with "openssl dgst -hmac".
func TestSign(t *testing.T) {
	long, short := sign("s3cret", []byte(`{"object":"page"}`))
	if want := "sha256=2c456c04d69676a639e2f3f04db472fa1dab1ac0c44d094f7684ada2e97d0c39"; long != want {
		t.Errorf("SHA-256 header %s, want %s", long, want)
	}
	if want := "sha1=24f663b1239e358a3f85e9a31fdbc75ba7a024b1"; short != want {
		t.Errorf("SHA-1 header %s, want %s", short, want)
	}
}
