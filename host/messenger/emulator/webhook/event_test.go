package webhook

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// An event writes itself as its tags say: no field, each field alone, and all of them.
func TestEventWritesItselfAsItsTagsSay(t *testing.T) {
	check := func(name string, ev Event) {
		t.Helper()
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(ev); err != nil {
			t.Fatal(err)
		}
		if got := string(value.Raw(ev)); got != string(bytes.TrimSpace(want.Bytes())) {
			t.Errorf("%s: %s, want %s", name, got, want.Bytes())
		}
	}
	check("none", Event{})
	var all Event
	for i := range reflect.TypeFor[Event]().NumField() {
		var one Event
		for _, ev := range []*Event{&one, &all} {
			switch f := reflect.ValueOf(ev).Elem().Field(i); f.Interface().(type) {
			case *Party:
				f.Set(reflect.ValueOf(&Party{ID: "12"}))
			case int64:
				f.SetInt(1_700_000_000_000)
			default:
				f.Set(reflect.ValueOf(map[string]any{"a": "<é\">", "n": json.Number("1")}))
			}
		}
		check(reflect.TypeFor[Event]().Field(i).Name, one)
	}
	check("all", all)
}
