package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/script/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestRun: every table has its rows, and times are times.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-n", "40,20", "-time", "1ms", "-json", "-dialect", "rivescript"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var s sheet.Sheet
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []sheet.Figure{
		{Table: turnsTable(brain.Realistic), Size: 20, Row: brain.Exact, Name: median},
		{Table: turnsTable(brain.Realistic), Size: 40, Row: brain.Long, Name: "slowest message"},
		{Table: turnsTable(brain.Adversarial), Size: 40, Row: brain.Alien, Name: "p99"},
		{Table: turnsTable(brain.Keyword), Size: 40, Row: brain.KeywordClass(200), Name: median},
		{Table: breakingTable, Row: "E", Name: median},
		{Table: buildTable, Size: 40, Row: "keyword", Name: "source to ready"},
		{Table: buildTable, Size: 40, Row: "realistic", Name: "one trigger changed"},
		{Table: buildTable, Size: 20, Row: "realistic", Name: "two people"},
		{Table: nativeTable, Size: 40, Row: "realistic miss", Name: "ratio"},
	} {
		if value, ok := s.Find(want.Table, want.Size, want.Row, want.Name); !ok || value <= 0 {
			t.Errorf("%s, %d triggers, %s, %s: %v, %v", want.Table, want.Size, want.Row, want.Name, value, ok)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"-n", "1,x"}, "-n 1,x: write numbers from 1 to 1000000, with commas between them"},
		{[]string{"-n", "0"}, "-n 0: write numbers"},
		{[]string{"-dialect", "latin"}, `-dialect is "latin"; write dexter or rivescript`},
		{[]string{"-time", "0s"}, "-time is 0s; it takes more than nothing"},
		{[]string{"now"}, `"now": there are only flags`},
	} {
		if err := run(context.Background(), row.args, io.Discard, io.Discard); err == nil || !strings.HasPrefix(err.Error(), row.want) {
			t.Errorf("%v: %v, want %s", row.args, err, row.want)
		}
	}
	y := yardstick{log: io.Discard}
	if err := y.parse([]string{"-n", "10, 5,10"}); err != nil || !slices.Equal(y.sizes, []int{5, 10}) {
		t.Errorf("%v, %v", y.sizes, err)
	}
}

// TestSheet: the target stands behind each figure, and whether it is met.
func TestSheet(t *testing.T) {
	s := sheet.Sheet{Title: title(1, link.Dexter), Tables: tables(), Notes: []string{"A note."}}
	for n, value := range map[int]float64{smallBrain: 1.5, largeBrain: 4} {
		s.Row(turnsTable(brain.Realistic), n, brain.Exact).Add(median, value, sheet.Micros, boundIf(n == largeBrain), 5)
	}
	slices.SortFunc(s.Figures, func(a, b sheet.Figure) int { return a.Size - b.Size })
	growth(&s)
	s.Row(npmTable, 10_000, "exact").Add("ratio", 2345.6, sheet.Times, sheet.AtLeast, 2000)
	s.Row(npmTable, 10_000, "exact").Add("same replies", 99.5, sheet.Percent, sheet.Free, 0)
	var out bytes.Buffer
	if err := s.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	want := `seed 1, dialect dexter; the quietest of 25 rounds; ✓ and ✗ say whether the target behind is met

realistic brain: a whole turn in the sandbox, normalisation included
                   p50                  ÷ 1,000
      1,000 exact  1.50 µs
    100,000 exact  4.00 µs ✓ ≤ 5.00 µs  2.67 × ✗ ≤ 2.00 ×

beside npm rivescript: the median of a reply
                   ratio                same replies
     10,000 exact  2,345 × ✓ ≥ 2,000 ×  99.5 %

A note.

2 targets met, 1 missed
`
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}

// TestNpm: what a driver says is set beside our own figures, reply by reply.
func TestNpm(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for node is a shell script")
	}
	dir := t.TempDir()
	stand := func(script string) {
		if err := os.WriteFile(filepath.Join(dir, "node"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	args := []string{"-n", "20", "-time", "1ms", "-json", "-npm", dir}
	stand(`echo '{"classes":[]}'`)
	if err := run(context.Background(), args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "npm rivescript: 0 of ") {
		t.Errorf("an empty answer: %v", err)
	}
	stand(`echo 'Cannot find module' >&2; exit 1`)
	if err := run(context.Background(), args, io.Discard, io.Discard); err == nil || !strings.HasSuffix(err.Error(), "npm rivescript: exit status 1: Cannot find module") {
		t.Errorf("a driver that fails: %v", err)
	}
	y := yardstick{sizes: []int{20}, time: 1, seed: 1, dialect: "dexter", npm: dir, log: io.Discard}
	written := brain.Write(brain.Realistic, 20, 1)
	var classes []string
	for _, c := range written.Classes {
		if !hopeless(c.Name) {
			classes = append(classes, `{"name":"`+c.Name+`","p50":5000,"turns":2,"replies":["That is it.","I do not know about that."]}`)
		}
	}
	stand(`echo '{"classes":[` + strings.Join(classes, ",") + `]}'`)
	y.clock = ticking{new(int64)}
	if err := y.brain(context.Background(), brain.Realistic, 20); err != nil {
		t.Fatal(err)
	}
	for class, share := range map[string]float64{brain.Exact: 0, brain.Alien: 50} {
		same, ok := y.sheet.Find(npmTable, 20, "realistic "+class, "same replies")
		if !ok || same != share {
			t.Errorf("%s: %v %% of the replies are the same, want %v", class, same, share)
		}
		if ratio, _ := y.sheet.Find(npmTable, 20, "realistic "+class, "ratio"); ratio != 5000 {
			t.Errorf("%s: ratio %v", class, ratio)
		}
	}
	if len(y.sheet.Notes) == 0 || !strings.Contains(y.sheet.Notes[0], `npm rivescript "That is it."`) {
		t.Errorf("notes %q", y.sheet.Notes)
	}
}
