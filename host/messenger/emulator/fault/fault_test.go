package fault

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var endpoints = []string{"messages", "node"}

func arm(t *testing.T, s *Set, f Fault) int {
	t.Helper()
	id, err := s.Arm(f, endpoints)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// course is which of n calls are befallen.
func course(s *Set, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(map[bool]byte{true: 'x', false: '.'}[s.Strike("messages", "7") != nil])
	}
	return b.String()
}

// The address of a fault (emulator.md §9): endpoint, nth, recipient; once, n times,
// until cleared.
func TestStrike(t *testing.T) {
	for _, row := range []struct {
		name   string
		faults []Fault
		want   string
	}{
		{"the next call, once", []Fault{{}}, "x....."},
		{"of the endpoint", []Fault{{Endpoint: "messages"}}, "x....."},
		{"of another endpoint", []Fault{{Endpoint: "node", Times: -1}}, "......"},
		{"of the recipient", []Fault{{Recipient: "7"}}, "x....."},
		{"of another recipient", []Fault{{Recipient: "8", Times: -1}}, "......"},
		{"the third, twice", []Fault{{Nth: 3, Times: 2}}, "..xx.."},
		{"until cleared", []Fault{{Times: -1}}, "xxxxxx"},
		{"two, one after the other", []Fault{{Times: 1}, {Times: 1}}, "xx...."},
		{"two that count the same calls", []Fault{{Nth: 2}, {Nth: 2}}, ".xx..."},
		{"usage up to 100", []Fault{{Kind: Usage, Percent: 98}}, "xxx..."},
	} {
		s := &Set{}
		for _, f := range row.faults {
			arm(t, s, f)
		}
		if got := course(s, 6); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

// Chance depends on the seed and the fault alone: other faults do not change it.
func TestChanceIsSeeded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed, p := rapid.Uint64().Draw(rt, "seed"), rapid.Float64Range(0.05, 0.95).Draw(rt, "chance")
		alone, among := &Set{Seed: seed}, &Set{Seed: seed}
		arm(t, alone, Fault{Chance: p, Times: -1})
		arm(t, among, Fault{Chance: p, Times: -1})
		arm(t, among, Fault{Endpoint: "node", Chance: 0.5, Times: -1})
		for range 50 {
			among.Strike("node", "")
		}
		among.Disarm(0)
		among.last = 0
		arm(t, among, Fault{Chance: p, Times: -1})
		if a, b := course(alone, 64), course(among, 64); a != b {
			rt.Fatalf("alone %s, among others %s", a, b)
		}
	})
	s := &Set{Seed: 3}
	arm(t, s, Fault{Chance: 0.3, Times: -1})
	if hits := strings.Count(course(s, 2000), "x"); hits < 500 || hits > 700 {
		t.Errorf("%d of 2000 calls with a chance of 0.3", hits)
	}
}

func TestUsageRises(t *testing.T) {
	s := &Set{}
	arm(t, s, Fault{Kind: Usage, Percent: 99})
	first, second := s.Strike("", ""), s.Strike("", "")
	if first.Percent != 99 || first.Answers() || second.Percent != 100 || !second.Answers() || second.Code != 80006 {
		t.Errorf("first %+v, second %+v", first, second)
	}
}

func TestArmRefuses(t *testing.T) {
	for _, row := range []struct {
		fault Fault
		want  string
	}{
		{Fault{Kind: "x"}, `kind "x"`},
		{Fault{Endpoint: "x"}, `endpoint "x"`},
		{Fault{Status: 99}, "status 99"},
		{Fault{Status: 600}, "status 600"},
		{Fault{Nth: -1}, "must not be negative"},
		{Fault{Chance: 1.5}, "chance 1.5"},
		{Fault{Percent: 101}, "percent 101"},
		{Fault{Delay: -1}, "delay_ms -1"},
		{Fault{Data: []byte(`[1]`)}, "want a JSON object"},
		{Fault{Data: []byte(`{`)}, "want a JSON object"},
		{Fault{Kind: Token, Subcode: 1}, "no token dies of it"},
	} {
		if _, err := (&Set{}).Arm(row.fault, endpoints); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%+v: error %v, want %q in it", row.fault, err, row.want)
		}
	}
	s := &Set{}
	for range maxArmed {
		arm(t, s, Fault{})
	}
	if _, err := s.Arm(Fault{}, endpoints); err == nil {
		t.Error("no bound on faults")
	}
	if s.Disarm(5); len(s.Armed()) != maxArmed-1 {
		t.Errorf("%d are armed after one was cleared", len(s.Armed()))
	}
}

func TestRefusal(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault Fault
		text  string
		auth  bool
	}{
		{"by code", Fault{Code: 613}, "exceeded the rate limit", false},
		{"by subcode", Fault{Code: 100, Subcode: 2018008}, "Failed to fetch", false},
		{"a code as a subcode", Fault{Code: 10, Subcode: 2018300}, "another app", false},
		{"own text", Fault{Code: 613, Message: "slow down"}, "slow down", false},
		{"death of a token", Fault{Kind: Token}, "changed their password", true},
		{"secret", Fault{Kind: Secret}, "hush", false},
		{"unknown", Fault{Code: 77777}, "An error occurred", false},
	} {
		f, err := row.fault.filled(endpoints)
		if err != nil {
			t.Fatal(err)
		}
		r := f.Refusal("hush")
		if !strings.Contains(r.Text, row.text) || (r.Auth != "") != row.auth || r.Secret != (row.name == "secret") {
			t.Errorf("%s: %+v", row.name, r)
		}
	}
}
