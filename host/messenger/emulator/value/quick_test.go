package value

import (
	"reflect"
	"strings"
	"testing"
)

// alike compares the quick reading of a text with that of encoding/json: they take the same
// texts, and read the same of them.
func alike(t *testing.T, in string) {
	t.Helper()
	want, err := decode([]byte(in))
	got, ok := quick([]byte(in))
	if ok != (err == nil) || ok && !reflect.DeepEqual(got, want) {
		t.Errorf("%q: %#v, %t; want %#v (%v)", in, got, ok, want, err)
	}
}

func TestQuickReadsAsTheLibrary(t *testing.T) {
	for _, in := range []string{
		`{"recipient":{"id":"1"},"message":{"text":"hello"},"n":[1,-2.5e+3,true,false,null]}`, " { } ", "[ ]\n", `""`, `"`, `"\"`, `"\\"`, `"\\\"x"`,
		`"a\u00e9\ud83d\ude00\ud800"`, `"\x"`, "\"\x01\"", "\"\xff\"", `"é😀"`, "0", "00", "01", "-", "-0", "1.", ".5", "1e", "1E-", "1e5", "1e400", "12345678901234567890",
		"nul", "nulls", "true false", `{"a":1,"a":2}`, `{"a":{"b":1},"a":{"c":2}}`, `{"a"}`, `{"a":}`, `{"a":1,}`, "[1,]", "[,]", "{,}", `{a:1}`, `{1:1}`, "[1 2]", "[", "{", `{"a`, "]", "",
		"[\v1]", "\ufeff1", strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
		strings.Repeat(`{"a":`, maxDepth) + "1" + strings.Repeat("}", maxDepth), strings.Repeat(`{"a":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1),
	} {
		alike(t, in)
	}
}

func FuzzQuick(f *testing.F) {
	for _, seed := range []string{`{"id":"5","n":[1,-2.5e+3,true,null]}`, `"\ud83d\"é"`, "[[[[", " 0 ", `{"a":{"a":1},"a":[]}`} {
		f.Add(seed)
	}
	f.Fuzz(alike)
}

func BenchmarkDecode(b *testing.B) {
	text := []byte(`{"recipient":{"id":"246801350000000"},"messaging_type":"RESPONSE","message":{"text":"1: ticket 1","metadata":"f1:AAAAAAAAAAAAAAAA"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(text); err != nil {
			b.Fatal(err)
		}
	}
}
