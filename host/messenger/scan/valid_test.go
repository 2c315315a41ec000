package scan

import (
	"encoding/json"
	"strings"
	"testing"
)

// corners are texts at the border between valid JSON and other things.
var corners = []string{
	``, ` `, `{`, `}`, `[`, `]`, `[]`, `{}`, `[}`, `{]`, `[,]`, `[1,]`, `[,1]`, `[1 2]`, `[1,,2]`, `[[]]`, `[{}]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{1:1}`,
	`{"a":1 "b":2}`, `{"a":1,"b":2}`, `{"a" : [ ] , "b":{ }}`, `{"a"::1}`, `{,"a":1}`, `{"a":1}}`, `1 2`, "\v1", "\u00a01", "1\x00",
	`""`, `"`, `"a`, `"a"b`, `"\"`, `"\""`, `"\\"`, `"\/\b\f\n\r\t"`, `"\a"`, `"\'"`, `"\u12"`, `"\u12g4"`, `"\uD83D"`, `"\uabCD"`, `"\u00`, `"\`, "\"\t\"", "\"\x1f\"", "\"\x7f\xff\"",
	`0`, `-`, `-0`, `00`, `01`, `1.`, `.1`, `1.5`, `1.e1`, `1e`, `1e+`, `1E-07`, `1e5.5`, `+1`, `0x1`, `--1`, `1-`, `123`, `-12.3e+4 `,
	`true`, `tru`, `truee`, `True`, `false`, `fals`, `null`, `nul`, `nulll`, `NaN`, `undefined`, `[true,false,null]`, `[truefalse]`,
}

// Valid agrees with json.Valid at every corner, and on how deep things may lie in each other.
func TestValid(t *testing.T) {
	for _, depth := range []int{maxDepth, maxDepth + 1} {
		corners := append(corners,
			strings.Repeat("[", depth)+strings.Repeat("]", depth),
			strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))
		for _, text := range corners {
			if got, want := Valid([]byte(text)), json.Valid([]byte(text)); got != want {
				t.Errorf("%.40q: %t", text, got)
			}
		}
	}
}

// FuzzValid: it agrees on all other bytes too.
func FuzzValid(f *testing.F) {
	for _, text := range corners {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, want := Valid(raw), json.Valid(raw); got != want {
			t.Fatalf("%q: %t", raw, got)
		}
	})
}

func BenchmarkValid(b *testing.B) {
	raw := []byte(`{"object":"page","entry":[{"id":"104290001","time":1795714297005,"messaging":[{"sender":{"id":"246801350000005"},"recipient":{"id":"104290001"},` +
		`"timestamp":1795714297005,"message":{"mid":"m_246801350000005_67_AG5Hz2Uq7tuwNEhXfYYKj8mJEM_QPpz5jdCK48PnKAjSdjfip","text":"ticket 67"}}]}]}`)
	for name, valid := range map[string]func([]byte) bool{"scan": Valid, "encoding/json": json.Valid} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				valid(raw)
			}
		})
	}
}
