package chat

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// some are outcomes of every kind.
func some(t *testing.T) []Outcome {
	t.Helper()
	s := shopStage(t)
	s.Seed = 7
	file := parsed(t, lines(`test "greets <all>"`, `  > hi`, `  < Hello.`, `  < Coffee, 100%?`, `test "is quiet"`, `> quiet`, `test "waits" skip "no time"`))
	outcomes, _, err := s.PlayAll(t.Context(), []File{file}, func(Test) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func TestFailureIsExplained(t *testing.T) {
	outcomes := some(t)
	var b strings.Builder
	if err := WriteFailure(&b, "scripts/my shop", outcomes[0]); err != nil {
		t.Fatal(err)
	}
	want := `FAIL scripts/my shop/a.chat:1  greets <all>
  > hi
  < Hello.
  line 4: < Coffee, 100%?
    want Coffee, 100%?
    got  Tea?
         ~~~
  trace  heard "hi"
         in topic default
         + hi   default.topic:3
         reply 1 of 1   default.topic:4
  again  footlight test 'scripts/my shop' --run '^greets <all>$'      seed 7

`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	if got := Count(outcomes).String(); got != "1 passed, 1 failed, 1 skipped" {
		t.Error(got)
	}
	if got := (Outcome{Test: Test{Name: "it's (a) test"}}).Again(""); got != `footlight test . --run '^it'\''s \(a\) test$'` {
		t.Error(got)
	}
}

func TestMachineForms(t *testing.T) {
	outcomes := some(t)
	var b strings.Builder
	if err := WriteJSON(&b, "shop", outcomes); err != nil {
		t.Fatal(err)
	}
	want := `{"file":"shop/a.chat","line":1,"test":"greets <all>","result":"failed","seed":7,"at":4,"step":"< Coffee, 100%?","want":"Coffee, 100%?","got":"Tea?","talk":["> hi","< Hello."]}
{"file":"shop/a.chat","line":5,"test":"is quiet","result":"passed","seed":7}
{"file":"shop/a.chat","line":7,"test":"waits","result":"skipped","reason":"no time"}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := WriteGitHub(&b, "shop", outcomes); err != nil {
		t.Fatal(err)
	}
	want = "::error file=shop/a.chat,line=4,title=greets <all>::< Coffee, 100%25?%0Awant Coffee, 100%25?%0Agot  Tea?\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestJUnit(t *testing.T) {
	var j JUnit
	j.Add("shop", some(t))
	j.Add("other", some(t)[1:2])
	var b strings.Builder
	if err := j.Write(&b); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 4 || got.Failures != 1 || got.Skipped != 1 || len(got.Suites) != 2 || len(got.Suites[0].Cases) != 3 {
		t.Errorf("written was %s", b.String())
	}
	first := got.Suites[0].Cases[0]
	if first.Name != "greets <all>" || first.Line != 1 || first.Failure == nil || !strings.Contains(first.Failure.Text, "FAIL shop/a.chat:1") {
		t.Errorf("the failed case is %+v", first)
	}
	if got.Suites[0].Cases[2].Skipped == nil || got.Suites[1].Name != "other/a.chat" {
		t.Errorf("written was %s", b.String())
	}
}

// Only lines that begin with < change, and those that still hold stay.
func TestUpdate(t *testing.T) {
	s := shopStage(t)
	s.Update = true
	for name, row := range map[string]struct{ before, after string }{
		"nothing":        {lines(`test "a"`, `  > yes`, `  < Good.`), lines(`test "a"`, `  > yes`, `  < Good.`)},
		"a text":         {lines(`test "a"`, `  > yes`, `  < Bad.`, `  ~ set tea = green`), lines(`test "a"`, `  > yes`, `  < Good.`, `  ~ set tea = green`)},
		"missing":        {lines(`test "a"`, `  > yes`, `  > two`), lines(`test "a"`, `  > yes`, `  < Good.`, `  > two`, `  < one|two\nthree`)},
		"missing behind": {lines(`test "a"`, `  > hi`, `  < Hello.`, `  wait 3s`), lines(`test "a"`, `  > hi`, `  < Hello.`, `  wait 3s`, `  < Tea?`)},
		"too much":       {lines(`test "a"`, `  > yes`, `  < Good.`, `  < Better.`, `  > quiet`, `  < Hm.`), lines(`test "a"`, `  > yes`, `  < Good.`, `  > quiet`)},
		"others stay": {
			lines(`test "a"`, `  > hi`, `  < /H.*/`, `  < *`, `  > ask`, `  < one of`, `  > hi`, `  < ...`, `  > yes`, `  < Bad.`),
			lines(`test "a"`, `  > hi`, `  < /H.*/`, `  < *`, `  > ask`, `  < one of`, `  > hi`, `  < ...`, `  > yes`, `  < Good.`),
		},
		"a pattern that fails": {lines(`test "a"`, "\t> yes", "\t< /B.*/"), lines(`test "a"`, "\t> yes", "\t< Good.")},
		"structure": {
			lines(`test "a"`, `> hi`, `< ...`, `< Tea?`, `< [quick] Yes | Maybe`, `< [image] *`, `> card`, `< *`, `< [buttons] Buy -> x`),
			lines(`test "a"`, `> hi`, `< ...`, `< Tea?`, `< [quick] Yes | No`, `> card`, `< *`, `< [buttons] Buy -> buy red | See`),
		},
		"signs": {lines(`test "a"`, `> zzz`, `< x`), lines(`test "a"`, `> zzz`, `<= [RIVE_ERROR: Reply Not Matched]`)},
		"line ends": {
			"test \"a\"\r\n  > yes\r\n  < Bad.\r\n  > quiet", "test \"a\"\r\n  > yes\r\n  < Good.\r\n  > quiet",
		},
		"the end":              {"test \"a\"\n  > yes", "test \"a\"\n  > yes\n  < Good.\n"},
		"an empty talk":        {lines(`test "a"`, `  wait 1s`), lines(`test "a"`, `  wait 1s`)},
		"states do not change": {lines(`test "a"`, `  > yes`, `  < Bad.`, `  ~ set tea = black`), lines(`test "a"`, `  > yes`, `  < Bad.`, `  ~ set tea = black`)},
	} {
		t.Run(name, func(t *testing.T) {
			file := parsed(t, row.before)
			out, err := s.Play(t.Context(), &file, &file.Tests[0])
			if err != nil {
				t.Fatal(err)
			}
			if (out.Failed != nil) != (name == "states do not change") {
				t.Errorf("failed: %s", verdict(out))
			}
			after, changes := Apply(row.before, out.Edits)
			if diff := cmp.Diff(row.after, after); diff != "" {
				t.Error(diff)
			}
			if (len(changes) > 0) != (row.before != row.after) {
				t.Errorf("changes are %v", changes)
			}
			if name == "states do not change" {
				return
			}
			// What was written down passes.
			again := parsed(t, after)
			checked := *s
			checked.Update = false
			if out, err := checked.Play(t.Context(), &again, &again.Tests[0]); err != nil || out.Failed != nil {
				t.Errorf("the new test fails: %s, %v", verdict(out), err)
			}
		})
	}
}
