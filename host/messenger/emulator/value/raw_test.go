package value

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// What is written by itself reads as encoding/json writes it.
func TestRawIsJSON(t *testing.T) {
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any]([]string{"<"}), rapid.Just[any]([]any(nil)), rapid.Just[any](map[string]any(nil)),
		rapid.Map(rapid.Int(), func(n int) any { return n }), rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,3})?`), func(s string) any { return json.Number(s) }),
		rapid.Map(rapid.StringMatching(`(["\\\n\t]|é|😀|[\x{2028}\x{fffd}]|x){0,5}`), func(s string) any { return s }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.StringMatching(`[ -~]*`), func(s string) any { return s }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) any { return string(b) }),
	)
	object := func(of *rapid.Generator[any]) *rapid.Generator[any] {
		return rapid.Map(rapid.MapOfN(rapid.String(), of, 0, 10), func(m map[string]any) any { return m })
	}
	list := func(of *rapid.Generator[any]) *rapid.Generator[any] {
		return rapid.Map(rapid.SliceOfN(of, 0, 3), func(l []any) any { return l })
	}
	inner := rapid.OneOf(leaf, object(leaf), list(leaf))
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(inner, object(inner), list(inner)).Draw(t, "value")
		if got, want := string(Raw(v)), string(encoded(v)); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
