package reach_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/script/link"
)

// found lists the W104 of a bot: line, message, and what the note says.
func found(t testing.TB, text string, s link.Settings) (list []string, r *compile.Result) {
	t.Helper()
	name := "default.topic"
	if s.Dialect == link.RiveScript {
		name = "default.rive"
	}
	r, err := compile.Front(fstest.MapFS{name: {Data: []byte(text)}}, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Diagnostics {
		if d.Code != "W104" {
			continue
		}
		line := fmt.Sprintf("%d %s: %s", d.Span.Line(), d.Message, d.Label)
		for _, n := range d.Notes {
			line += fmt.Sprintf(" | %s at %d", n.Text, n.Span.Line())
		}
		list = append(list, line)
	}
	return list, r
}

// dead are bots whose last trigger never answers, and the example that proves it.
func TestUnreachable(t *testing.T) {
	for _, tt := range []struct{ name, bot, example, winner string }{
		{"weight", "+ i want *{weight=2}\n- a\n+ i want [a] coffee\n- b\n", "i want coffee", `"+ i want *{weight=2}" has more weight`},
		{"the same words with other wildcards", "+ _\n- a\n+ __\n- b\n", "somethingsomething", `"+ _" comes first`},
		{"a group that holds it", "+ (hi|hello|hey) there\n- a\n+ hi there\n- b\n", "hi there", `"+ (hi|hello|hey) there" comes first`},
		{"an array that holds it", "! array few = tea|green tea\n+ (@few) [now] please\n- a\n+ tea [now] please\n- b\n", "tea please", `"+ (@few) [now] please" comes first`},
		{"optionals that absorb", "+ [*] tea [*]{weight=1}\n- a\n+ * green tea *\n- b\n", "something green tea something", `"+ [*] tea [*]{weight=1}" has more weight`},
		{"digits are characters", "+ room *{weight=1}\n- a\n+ room #\n- b\n", "room 5", `"+ room *{weight=1}" has more weight`},
		{"a value can be anything", "+ my *{weight=1}\n- a\n+ my name is <get name>\n- b\n", "my name is undefined", `"+ my *{weight=1}" has more weight`},
		{"the empty message (L-TRIG-14)", "+ *{weight=1}\n- a\n+ [x]\n- b\n", "", `"+ *{weight=1}" has more weight`},
		{"what was kept is heard by the other too (L-NORM-8)", "# punc nostrip\n+ *{weight=1}\n- a\n# punc nostrip\n+ mail *\n- b\n", "mail something", `"+ *{weight=1}" has more weight`},
		{"previous triggers among each other (L-PREV-4)", "+ * tea{weight=1}\n% do * like [*]\n- a\n+ green tea{weight=2}\n% do * like it\n- b\n+ green tea\n% do we like [*]\n- c\n", "green tea", `"+ * tea{weight=1}" has more weight`},
		{"another alphabet", "+ 茶*{weight=1}\n- a\n+ 茶を *\n- b\n", "茶を something", `"+ 茶*{weight=1}" has more weight`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, r := found(t, tt.bot, link.Settings{})
			last := r.Files[0].Line(strings.LastIndex(tt.bot, "\n+") + 1)
			want := fmt.Sprintf("%d this trigger never answers: %q, for example, is answered by another one | %s and matches everything this one does; it stands at ", last, tt.example, tt.winner)
			if len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// It never cries wolf: in these bots each trigger has a message of its own.
func TestReachable(t *testing.T) {
	for _, tt := range []struct{ name, bot string }{
		{"the exact one comes first (L-SORT-4)", "+ *\n- a\n+ hello *\n- b\n+ hello there\n- c\n"},
		{"a star needs a word", "+ tea *{weight=1}\n- a\n+ tea\n- b\n"},
		{"a blank is no border of a symbol", "+ go go{weight=1}\n- a\n+ go-go\n- b\n"},
		{"an optional needs a border", "+ [*] tea [*]{weight=1}\n- a\n+ *tea*\n- b\n"},
		{"words are no digits", "+ _{weight=1}\n- a\n+ #\n- b\n+ *\n- c\n"},
		{"a value could be another one", "+ i am <get name>{weight=1}\n- a\n+ i am undefined\n- b\n"},
		{"only the other one hears what was kept (L-NORM-8)", "+ *{weight=1}\n- a\n# punc nostrip\n+ mail: *\n- b\n"},
		{"the bot has said something else", "+ yes\n% do you like tea\n- a\n+ yes\n- b\n+ yes\n% do you like *\n- c\n"},
		{"marks belong to their letters", "+ [*] te [*]{weight=1}\n- a\n+ te\u0302\u0323 now\n- b\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := found(t, tt.bot, link.Settings{})
			if got != nil {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A trigger of a shared topic is dead only if it is dead wherever it is in force.
func TestTopics(t *testing.T) {
	const shared = "> topic words\n+ tea\n- Tea.\n< topic\n> topic loud includes words\n+ *{weight=9}\n- What?\n< topic\n"
	if got, _ := found(t, shared, link.Settings{}); got != nil {
		t.Errorf("heard in its own topic, yet: %q", got)
	}
	const everywhere = "+ (tea|coffee){weight=3}\n- Yes.\n> topic shop\n+ tea\n- No.\n< topic\n"
	got, _ := found(t, everywhere, link.Settings{})
	want := []string{`4 this trigger never answers: "tea", for example, is answered by another one | "+ (tea|coffee){weight=3}" has more weight and matches everything this one does; it stands at 1`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The own topic comes first (L-SORT-3).
	if got, _ := found(t, "+ tea\n- Yes.\n> topic shop\n+ *\n- No.\n< topic\n", link.Settings{}); got != nil {
		t.Errorf("the root topic is heard, yet: %q", got)
	}
}

// L-CHAT-3: samples must reach the trigger below them.
func TestSamples(t *testing.T) {
	for _, tt := range []struct {
		name, bot   string
		reached, of int
		want        []string
		settings    link.Settings
	}{
		{"they do", "//? hi | Hello there!\n+ (hi|hello) [*]\n- a\n//? What's up?\n+ *\n- b\n", 3, 3, nil, link.Settings{}},
		{
			"another one answers", "+ (hi|hello) [*]\n- a\n//? hi | yo\n+ *\n- b\n", 1, 2,
			[]string{`3 this sample does not reach its trigger: "+ (hi|hello) [*]" answers it | that one stands at 1`},
			link.Settings{},
		},
		{"it does not match", "+ hi\n- a\n//? hi\n+ hello\n- b\n//? bye\n+ see you\n- c\n", 0, 2, []string{
			`3 this sample does not match its trigger: "+ hi" answers it | that one stands at 1`,
			`6 this sample does not match its trigger: no trigger answers it`,
		}, link.Settings{}},
		{"after what the bot said", "//? yes\n+ yes\n% * do you like *\n- a\n//? yes\n+ yes\n- b\n", 2, 2, nil, link.Settings{}},
		{
			"another one is tried before it", "+ (yes|no){weight=1}\n% * tea\n- a\n//? no\n+ [*] no [*]\n% green tea\n- b\n", 0, 1,
			[]string{`4 this sample does not reach its trigger: "+ (yes|no){weight=1}" answers it | that one stands at 1`},
			link.Settings{},
		},
		{"unstripped (L-NORM-8)", "//? My mail: ann@tea.example\n# punc nostrip\n+ my mail: *\n- a\n", 1, 1, nil, link.Settings{}},
		{"substitutions", "! sub what's = what is\n//? What's new?\n+ what is new\n- a\n", 1, 1, nil, link.Settings{Dialect: link.RiveScript}},
		{"the begin block", "> begin\n//? request\n+ request\n- {ok}\n< begin\n+ hi\n- a\n", 1, 1, nil, link.Settings{}},
		{
			"below a dead trigger", "+ *{weight=1}\n- a\n//? tea\n+ tea\n- b\n", 0, 1,
			[]string{`4 this trigger never answers: "tea", for example, is answered by another one | "+ *{weight=1}" has more weight and matches everything this one does; it stands at 1`},
			link.Settings{},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, r := found(t, tt.bot, tt.settings)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if r.Reached != tt.reached || r.Samples != tt.of {
				t.Errorf("%d of %d samples reach their triggers, want %d of %d", r.Reached, r.Samples, tt.reached, tt.of)
			}
		})
	}
}

// L-DIAG-2: it is silenced like the warnings of the front end.
func TestSilenced(t *testing.T) {
	const bot = "+ *{weight=1}\n- a\n// allow unreachable-trigger\n+ tea\n- b\n"
	_, r := found(t, bot, link.Settings{})
	for _, d := range r.Diagnostics {
		if d.Code == "W104" || d.Code == "W122" {
			t.Errorf("got %s: %s", d.Code, d.Message)
		}
	}
	if got, _ := found(t, strings.Replace(bot, "// allow unreachable-trigger\n", "", 1), link.Settings{Silenced: []string{"W104"}}); got != nil {
		t.Errorf("got %q", got)
	}
}

// The work must not grow with the square of the triggers, whatever they are.
func TestLargeBots(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: it takes seconds")
	}
	for _, tt := range []struct {
		name    string
		trigger func(i int) string
	}{
		{"words of their own", func(i int) string { return fmt.Sprintf("[*] word%d [*]", i) }},
		{"nothing but alternatives", func(i int) string { return fmt.Sprintf("[*] (a%d|b%d) [*]", i, i) }},
		{"much in common", func(i int) string { return fmt.Sprintf("* is the * of * word%d*", i) }},
		{"all dead", func(i int) string { return fmt.Sprintf("* a [x%d]", i) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			for i := range 4000 {
				fmt.Fprintf(&b, "//? word%d\n+ %s\n- x\n", i, tt.trigger(i))
			}
			began := time.Now()
			found(t, b.String(), link.Settings{})
			took := time.Since(began)
			t.Logf("%v", took)
			if took > 60*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
