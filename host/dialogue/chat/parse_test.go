package chat

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/diag"
)

// Each mistake is reported at its place, with what may stand there.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"> hi":                          `1:1 before the first test only given and stub lines may stand | begin one with test "what it shows"`,
		"test hi":                       `1:6 the name of a test stands in double quotes | test "says hello"`,
		"test \"a":                      `1:6 the name of a test stands in double quotes | test "says hello"`,
		"test \"a\" later":              `1:10 after the name only skip and a reason may stand | skip "why"`,
		"test \"a\" skip why":           `1:10 after the name only skip and a reason may stand | skip "why"`,
		"T> :tapp Yes":                  `2:3 event :tapp is not known | did you mean ":tap"?`,
		"T> :jump x":                    "2:3 event :jump is not known | the events are :attachment, :get_started",
		"T> :tap":                       "2:1 :tap needs TITLE | write > :tap TITLE",
		"T> :get_started now":           "2:16 :get_started takes no more words | write > :get_started",
		"T> :attachment image":          "2:1 :attachment needs URL | write > :attachment KIND URL",
		"T> :attachment gif https://":   `2:15 "gif" is no kind of attachment | the kinds are image, audio, video, file, location`,
		"T> @":                          "2:3 the name of a file is missing | write @event.json",
		"T< [quik] x":                   `2:3 [quik] is not known | did you mean "[quick]"?`,
		"T< [poem] x":                   "2:3 [poem] is not known | the kinds are [quick], [buttons]",
		"T< [quick x":                   "2:3 [quick x has no closing ]",
		"T< [quick]":                    "2:1 what should be there is missing | write * for any",
		"T< [quick] a | | b":            "a title is missing",
		"T< [typing] x":                 "2:12 nothing stands behind [typing]",
		"T< [json] {":                   "2:10 this is no JSON",
		"T< [quick] \"a\" b":            "2:15 nothing may stand behind the closing quote",
		"T< /x":                         "2:3 the pattern has no closing / | write / at its end",
		"T< /x/g":                       "2:6 after the closing / only i and s may stand",
		"T< /(/":                        "2:4 the pattern cannot be read",
		"T< one of x":                   `2:10 "x" is no place of a trigger | write greeting.topic:9`,
		"Twait soon":                    `2:6 "soon" is no span of time | write 30s, 1h30m, 500ms or 2d`,
		"Twait until noon":              `"noon" is no time | write 09:00`,
		"Twait -3s":                     `"-3s" is no span of time`,
		"Tsay hi":                       `2:1 "say" begins no line of a test | a line begins with >`,
		"Twiat 3s":                      `2:1 "wiat" begins no line of a test | did you mean "wait"?`,
		"T> a\\b":                       `2:4 a backslash stands before n or another backslash | write \\ for the sign itself`,
		"T> a\\":                        `2:4 a backslash stands before n or another backslash`,
		"T> a\ngiven x = 1":             "3:1 given comes before the first line of the talk | move it up",
		"Tgiven":                        "2:1 nothing is given",
		"Tgiven x":                      "2:7 this is no name with a value",
		"Tgiven x = \"a\" y = 1":        "2:15 a comma is missing after the value of x",
		"Tgiven x = \"a":                "2:11 the closing quote is missing",
		"Tgiven x = \"\\x\"":            "2:12 this escape is not known",
		"Tgiven seed = x":               `2:14 seed "x" is no whole number`,
		"Tgiven clock = noon":           `2:15 "noon" is no time | write it like 2026-01-01T09:00:00Z`,
		"Tgiven patience = long":        `2:18 "long" is no span of time`,
		"Tgiven window = ajar":          `2:16 the window is open or closed, not "ajar"`,
		"T~ tpic a":                     `2:3 "tpic" is no fact | did you mean "topic"?`,
		"T~ mood good":                  `2:3 "mood" is no fact | the facts are topic`,
		"T~ topic":                      "2:3 topic needs more words",
		"T~ pending some":               `2:11 "some" is no number`,
		"T~ window ajar":                `2:10 the window is open or closed, not "ajar"`,
		"T~ trigger 9":                  `2:11 "9" is no place of a trigger`,
		"T~ set a":                      "2:7 this is no name with a value",
		"T~ called a =b":                "2:12 the name of an attribute is missing",
		"stub weather":                  "1:1 a stub has two sides with -> between them",
		"stub http a -> 200":            "1:6 http needs a method and an address",
		"stub http GET https://a -> ok": "1:28 an answer begins with its status",
		"stub x -> error \"a":           "the closing quote is missing",
		"stub x -> error \"a\" b":       "nothing may stand behind the reason",
	} {
		if strings.HasPrefix(text, "T") {
			text = "test \"a\"\n" + text[1:]
		}
		_, found := Parse("a.chat", []byte(text))
		if len(found) != 1 || found[0].Code != Code || !found[0].Code.IsError() {
			t.Errorf("%q: %d mistakes: %v", text, len(found), found)
			continue
		}
		at := found[0].Span.File.Position(found[0].Span.Start)
		got := strings.Join([]string{cell(at.Line) + ":" + cell(at.Column), found[0].Message}, " ") + " | " + found[0].Label
		if !strings.Contains(got, want) {
			t.Errorf("%q:\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func cell(n int) string { return strconv.Itoa(n) }

// One mistake hides no other.
func TestAllMistakesAreReported(t *testing.T) {
	_, found := Parse("a.chat", []byte("test x\n> a\n> b\ntest \"b\"\n> :tap\nwait soon\n< [x] y\n"))
	var got []int
	for _, d := range found {
		got = append(got, d.Span.Line())
	}
	if diff := cmp.Diff([]int{1, 5, 6, 7}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFramesOfMistakes(t *testing.T) {
	_, found := Parse("a.chat", []byte("test \"a\"\n  > :tapp Yes\n"))
	var b strings.Builder
	if err := diag.WriteText(&b, found, diag.TextOptions{Folder: "tea", Files: 1}); err != nil {
		t.Fatal(err)
	}
	want := `error[E040]: event :tapp is not known
  ╭─ tea/a.chat:2:5
2 │   > :tapp Yes
  │     ~~~~~ did you mean ":tap"?
`
	if !strings.HasPrefix(b.String(), want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestSizeOfAFile(t *testing.T) {
	_, found := Parse("a.chat", []byte("test \"a\"\n"+strings.Repeat("> a\n", MaxSteps+5)))
	if len(found) != 1 || !strings.Contains(found[0].Message, "more than 10000 steps") {
		t.Errorf("%d mistakes", len(found))
	}
	_, found = Parse("a.chat", []byte(strings.Repeat("// much ado\n", MaxBytes/10)))
	if len(found) != 1 || !strings.Contains(found[0].Message, "bytes, more than 1048576") {
		t.Errorf("%d mistakes", len(found))
	}
}

func TestStarts(t *testing.T) {
	file := parsed(t, lines(
		"// a comment", `given name = Ann, bot.shop = "Big, \"Teas\""`, "given window = closed",
		`test "a"`, "given name = Bo, topic = Quiz, clock = 2026-02-03T04:05:06Z", "~ unset x", "given patience = 1m", "> hi",
		`test "b" skip "no \\ time"`,
	))
	seen := file.Tests[0].Start
	want := Start{
		Vars:    []Pair{{"name", "Ann"}, {"name", "Bo"}},
		BotVars: []Pair{{"shop", `Big, "Teas"`}}, Topic: "quiz",
		Clock: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Patience: time.Minute, Closed: true,
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	if other := file.Tests[1]; other.Skip != `no \ time` || other.Start.Topic != "" || other.Start.Patience != DefaultPatience || len(other.Start.Vars) != 1 {
		t.Errorf("the other test is %+v", other)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "1h30m": 90 * time.Minute, "500ms": time.Second / 2, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour, "1.5h": 90 * time.Minute,
	} {
		if got, err := duration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "3", "-1d", "1d-3h", "5us", "99999d", "d", "NaNd"} {
		if got, err := duration(text); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, row := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true},
		{"*", "a", true},
		{"a*", "ab", true},
		{"a*", "ba", false},
		{"*a", "ba", true},
		{"a*c", "abc", true},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "acb", false},
		{"a", "a", true},
		{"a", "ab", false},
		{"a*a", "a", false},
		{"", "", true},
		{"", "a", false},
	} {
		if got := glob(row.pattern, row.text); got != row.want {
			t.Errorf("%s matches %q: %v", row.pattern, row.text, got)
		}
	}
}

// What an update writes reads back as the same text.
func TestWrittenTextsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(strings.ToValidUTF8(rapid.StringMatching(`[ -~\n]{0,20}`).Draw(t, "text"), ""))
		file, found := Parse("a.chat", []byte("test \"a\"\n<"+written(text)+"\n"))
		if len(found) > 0 {
			t.Fatalf("%q: %s", text, found[0].Message)
		}
		if got := file.Tests[0].Steps[0].Want; !same(got.text, text) || got.match != nil || got.oneOf || got.any || got.rest {
			t.Fatalf("%q was read as %+v", text, got)
		}
	})
}

// So do titles.
func TestTitlesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[ -~—]{1,12}`), 1, 4).Draw(t, "titles")
		words := make([]string, len(texts))
		for i := range texts {
			if texts[i] = strings.TrimSpace(texts[i]); texts[i] == "" {
				texts[i] = "x"
			}
			words[i] = title(texts[i])
		}
		m, err := readMark("[quick] " + strings.Join(words, " | "))
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		var got []string
		for _, it := range m.items {
			got = append(got, it.title)
		}
		if m.any || !cmp.Equal(texts, got) {
			t.Fatalf("%q was read as %q", texts, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("test \"a\"\n> hi\n< /x/i\n~ topic t ; set a = \"b;c\" ; called x a=b\nwait 3s\nwait until 09:00\nwait next")
	f.Add("given a = \"b, c\", seed = 3, window = closed\nstub weather city=* -> 18\nstub http GET https://a -> 200 @x\ntest \"b\" skip \"why\"")
	f.Add("test \"a\"\n> :tap \"x\"\n> @e.json\n< one of a.topic:3\n< [quick] A = B | \"C|D\"\n< [cards] a — b\n< [json] {\"a\":1}\n<= [x]\n< ...")
	f.Fuzz(func(t *testing.T, text string) {
		file, found := Parse("a.chat", []byte(text))
		for _, d := range found {
			if d.Message == "" || d.Span.File == nil {
				t.Errorf("a mistake without place or words: %+v", d)
			}
		}
		if len(found) == 0 && len(text) > 0 {
			for _, test := range file.Tests {
				for _, s := range test.Steps {
					if s.Kind == 0 || s.Line < 1 || s.written == "" {
						t.Errorf("a step that is none: %+v", s)
					}
				}
			}
		}
	})
}
