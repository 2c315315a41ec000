package direction

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/sdk/abi"
)

// weather is a manifest without fault.
const weather = `{
	"version": "1.2", "description": "the weather of today",
	"directions": [{"name": "weather", "description": "how the weather is", "attributes": [
		{"name": "city", "required": true},
		{"name": "days", "kind": "integer", "min": 1, "max": 7, "default": "1"},
		{"name": "unit", "kind": "choice", "choices": ["c", "f"]},
		{"name": "long", "kind": "boolean"}]},
		{"name": "frame", "form": "block"}, {"name": "mark", "form": "effect"}],
	"wants": [
		{"capability": "http", "items": ["api.example.org", "*.example.net"], "reason": "to ask for the weather"},
		{"capability": "log", "reason": "to tell what it asks"}]}`

func TestParse(t *testing.T) {
	m, err := Parse([]byte(weather))
	if err != nil {
		t.Fatal(err)
	}
	if m.Directions[0].Form != abi.FormInline || m.Directions[0].Attributes[0].Kind != abi.KindText || m.Time != 2000 || m.Memory != MaxMemory {
		t.Errorf("what was left out is %+v", m)
	}
}

// TestWrongManifests: each fault is named in words that say what may stand there.
func TestWrongManifests(t *testing.T) {
	one := func(attribute string) string {
		return `{"directions":[{"name":"d","attributes":[` + attribute + `]}]}`
	}
	want := func(w string) string { return `{"directions":[{"name":"d"}],"wants":[` + w + `]}` }
	tests := []struct{ name, manifest, want string }{
		{"nothing", ``, "manifest: it is not JSON, or cut short"},
		{"no JSON", `{"directions":`, "manifest: it is not JSON, or cut short"},
		{"broken JSON", `{"directions"}`, "manifest: it is not JSON, from byte 14 on"},
		{"no UTF-8", "{\"version\":\"\xff\"}", "manifest: it is not UTF-8"},
		{"two of them", `{"directions":[{"name":"d"}]}{}`, "manifest: something stands behind its end"},
		{"another type", `{"directions":{}}`, "manifest: directions is a object"},
		{"unknown field", `{"directionz":[]}`, `field "directionz" is not known in ABI 1.0`},
		{"a later version", `{"minor":7,"something":1}`, "this direction needs ABI 1.7, this server offers 1.0"},
		{"no tags", `{}`, "directions is empty"},
		{"a name with a blank", `{"directions":[{"name":"my tag"}]}`, `"my tag" is no name: small letters`},
		{"a long name", `{"directions":[{"name":"` + strings.Repeat("a", 65) + `"}]}`, "has 65 bytes, more than 64"},
		{"a tag twice", `{"directions":[{"name":"d"},{"name":"d"}]}`, "direction d is there twice"},
		{"another form", `{"directions":[{"name":"d","form":"box"}]}`, `form is "box"; write inline, block or effect`},
		{"attribute twice", one(`{"name":"a"},{"name":"a"}`), "attribute a is there twice"},
		{"fallback", one(`{"name":"fallback"}`), "fallback is the host's own"},
		{"another kind", one(`{"name":"a","kind":"date"}`), `kind is "date"; write text`},
		{"a range of texts", one(`{"name":"a","min":1}`), "only numbers and integers have min and max"},
		{"an empty range", one(`{"name":"a","kind":"number","min":2,"max":1}`), "min is above max"},
		{"a choice of nothing", one(`{"name":"a","kind":"choice"}`), "a choice needs choices"},
		{"choices of a text", one(`{"name":"a","choices":["x"]}`), "only a choice has choices"},
		{"required with default", one(`{"name":"a","required":true,"default":"x"}`), "it is one or the other"},
		{"default out of range", one(`{"name":"a","kind":"integer","max":3,"default":"4"}`), `default: "a" is out of range`},
		{"unknown capability", want(`{"capability":"fly","reason":"x"}`), `"fly" is no capability; there are log, clock`},
		{"no reason", want(`{"capability":"log","reason":" "}`), "log has no reason"},
		{"no items", want(`{"capability":"http","reason":"x"}`), "http needs items: the hosts that are meant"},
		{"items of a whole", want(`{"capability":"log","items":["x"],"reason":"x"}`), "log has no items"},
		{"wanted twice", want(`{"capability":"log","reason":"x"},{"capability":"log","reason":"x"}`), "log is there twice"},
		{"too much time", `{"directions":[{"name":"d"}],"time":2001}`, "time is 2001; it is a number of milliseconds from 1 to 2000"},
		{"too much memory", `{"directions":[{"name":"d"}],"memory":99999999}`, "memory is 99999999"},
	}
	for _, tt := range tests {
		if _, err := Parse([]byte(tt.manifest)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// TestTaken: tags of the language and of HTML cannot be declared (L-EXT-2).
func TestTaken(t *testing.T) {
	m, err := Parse([]byte(`{"directions":[{"name":"send"},{"name":"b"},{"name":"cart"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(m.taken(), " "); got != "<send> <b>" {
		t.Errorf("taken are %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(weather))
	f.Add([]byte(`{"directions":[{"name":"d","attributes":[{"name":"a","kind":"number","default":"1e999"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		if _, err := trial(data); err != nil {
			t.Errorf("a manifest without fault cannot be tried: %v", err)
		}
		for i := range m.Directions {
			if m.Directions[i].Name == "" || m.Directions[i].Form == "" {
				t.Errorf("direction %d is %+v", i, m.Directions[i])
			}
		}
	})
}
