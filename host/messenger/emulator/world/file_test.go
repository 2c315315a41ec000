package world

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	w, err := Read([]byte(`{
		"apps": [{"id": "2", "development": true}],
		"pages": [{"id": "1", "news": true}, {"id": "3"}],
		"people": [{"page": "3", "first_name": "Ada", "role": "tester"}],
		"users": [{"system": true, "expiring": true}],
		"switches": {"role_code": 10, "escapes": "wide", "status": {"10": 403}, "retry_gaps": ["10s", "1m"], "menu_delay": "24h"},
		"quotas": {"calls_per_app": 5, "codes": {"app": 341}}}`))
	if err != nil {
		t.Fatal(err)
	}
	s := w.Switches
	if s.RoleCode != 10 || s.Status[10] != 403 || s.MenuDelay != 24*time.Hour || fmt.Sprint(s.RetryGaps) != "[10s 1m0s]" {
		t.Errorf("switches %+v", s)
	}
	if len(w.Pages) != 2 || !w.Pages[0].News || w.People[0].Role != "tester" || !w.Apps[0].Development || !w.Users[0].Expiring || w.Quotas.Code(QuotaApp) != 341 {
		t.Errorf("%+v", w)
	}
	for _, row := range []struct{ name, text, want string }{
		{"no JSON", `{`, "unexpected EOF"},
		{"two objects", `{} {}`, "something follows"},
		{"unknown part", `{"moons": 2}`, `"moons"`},
		{"unknown switch", `{"switches": {"F16": true}}`, `"F16"`},
		{"unknown quota", `{"quotas": {"tea": 5}}`, `"tea"`},
		{"no time", `{"switches": {"menu_delay": "soon"}}`, "menu_delay"},
		{"no gap", `{"switches": {"retry_gaps": ["soon"]}}`, "retry_gaps"},
		{"a switch that cannot be", `{"switches": {"language": "xx"}}`, "F15"},
		{"a code of no quota", `{"quotas": {"codes": {"tea": 5}}}`, `"tea"`},
	} {
		if _, err := Read([]byte(row.text)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q in it", row.name, err, row.want)
		}
	}
}

// Each switch and quota can be set by a file: each has a name there.
func TestNames(t *testing.T) {
	for _, of := range []reflect.Type{reflect.TypeFor[Switches](), reflect.TypeFor[Quotas]()} {
		for i := range of.NumField() {
			f := of.Field(i)
			name := f.Tag.Get("json")
			if span := f.Type == reflect.TypeFor[time.Duration]() || f.Type == reflect.TypeFor[[]time.Duration](); (name == "-") != span || name == "" {
				t.Errorf("%s.%s is named %q", of.Name(), f.Name, name)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"switches":{"menu_delay":"1h"},"quotas":{"brake":1}}`))
	f.Add([]byte(`{"apps":[{}],"pages":null}`))
	f.Fuzz(func(_ *testing.T, text []byte) { _, _ = Read(text) })
}
