package sandbox

import "testing"

func TestTexts(t *testing.T) {
	var known texts
	known.wrote(100, "green tea")
	known.wrote(109, "x")
	known.wrote(120, "")
	for _, tt := range []struct {
		name            string
		address, length uint32
		want            string
		ok              bool
	}{
		{"a whole text", 100, 9, "green tea", true},
		{"the begin of one", 100, 5, "green", true},
		{"the end of one", 106, 3, "tea", true},
		{"its neighbour", 109, 1, "x", true},
		{"over the end", 106, 4, "", false},
		{"in front of all", 99, 1, "", false},
		{"behind all", 110, 1, "", false},
		{"far behind", 0xffffffff, 1, "", false},
		{"longer than any", 100, 0xffffffff, "", false},
	} {
		if got, ok := known.find(tt.address, tt.length); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %q, %v; want %q, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
	for range 2 * usualPassages { // what is too much is not remembered
		known.wrote(200, "more")
	}
	if got, ok := known.find(100, 5); got != "green" || !ok {
		t.Errorf("after many texts: %q, %v", got, ok)
	}
	known.forget(1)
	if _, ok := known.find(109, 1); ok || known.passes[1].text != "" {
		t.Error("a text behind the first is still known")
	}
	if got, ok := known.find(100, 9); got != "green tea" || !ok {
		t.Errorf("the first text is forgotten: %q, %v", got, ok)
	}
	known.forget(0)
	if _, ok := known.find(100, 5); ok || known.passes[0].text != "" {
		t.Error("a text of the last turn is still known")
	}
}
