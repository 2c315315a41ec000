package sandbox

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/link"
)

// TestBots has small bots answer three ways: by the reference interpreter and by
// the module in both engines of wazero. Each row is about one construct; want is
// the text of the last answer, to be sure that the construct is met at all.
func TestBots(t *testing.T) {
	e := openEngines(t)
	rivescript := link.Settings{Dialect: link.RiveScript}
	for _, tt := range []struct {
		name     string
		bot      string
		settings link.Settings
		says     []string
		want     string
	}{
		{"plain", "+ hello\n- Hi.\n", link.Settings{}, []string{"Hello!"}, "Hi."},
		{"no trigger at all", "! var a = b\n", link.Settings{}, []string{"tea"}, "[RIVE_ERROR: Reply Not Matched]"},
		{
			"a sum is made once, however long the text of its error is",
			"+ grow *\n- <set y=<star>><add y=" + strings.Repeat("<get y>", 36) + ">\n",
			link.Settings{},
			[]string{"grow " + strings.Repeat("tea ", 400)},
			"[ERR: Math can't do it with '" + strings.Repeat(strings.TrimSpace(strings.Repeat("tea ", 400)), 36) + "']",
		},
		{
			"redirects to the longest results of macros, as many as a turn may take",
			"> object long javascript\n  long\n< object\n+ *\n@ <call>long</call> 7 42\n",
			link.Settings{},
			[]string{"go"},
			"[RIVE_ERROR: Deep Recursion]",
		},
		{"no trigger matches", "+ hello\n- Hi.\n", link.Settings{}, []string{"tea"}, "[RIVE_ERROR: Reply Not Matched]"},
		{"no usable reply (L-PICK-2)", "+ hello\n* a == b => no\n", link.Settings{}, []string{"hello"}, "[RIVE_ERROR: Reply Not Found]"},
		{"the errors of the other dialect", "+ hello\n- Hi.\n", rivescript, []string{"tea"}, "ERR: No Reply Matched"},
		{"wildcards", "+ * is # or _\n- <star3> <star2> <star1> <star4>\n", link.Settings{}, []string{"the cup is 7 or big"}, "big 7 the cup undefined"},
		{"glued wildcards (L-TRIG-11)", "+ room## foo*\n- <star1> <star2> <star3>\n", link.Settings{}, []string{"room42 foobar baz"}, "4 2 bar baz"},
		{"lazy captures (L-TRIG-12)", "+ * a * a *\n- <star1>,<star2>,<star3>\n", link.Settings{}, []string{"x a y a z a w"}, "x,y,z a w"},
		{"nested groups (L-CAP-3)", "+ ((a|b) c|d)\n- <star1>,<star2>,<star3>\n", link.Settings{}, []string{"d"}, "d,,undefined"},
		{"optionals (L-TRIG-10)", "+ [*] (tea|green tea) [please|now] [*]\n- <star>\n", link.Settings{}, []string{"some green-tea please!", "green tea"}, "tea"},
		{"an optional needs a border", "+ [*] tea [*]\n- yes\n+ *\n- no\n", link.Settings{}, []string{"steam", "tea🍵", "greentea"}, "no"},
		{"the empty message", "+ *\n- (<star>)\n", link.Settings{}, []string{"?!"}, "()"},
		{"all is optional", "+ [a] [b]\n- yes\n", link.Settings{}, []string{"", "b", "a b", "b a"}, "[RIVE_ERROR: Reply Not Matched]"},
		{"letters of more bytes than one", "+ é* _ ß\n- <star1> <star2>\n", link.Settings{}, []string{"Éclair über ß"}, "clair über"},
		{"arrays", "! array tea = green|earl grey\n+ [*] (@tea) [*] @tea\n- <star> (@tea)\n", link.Settings{}, []string{"i want earl grey not green"}, "earl grey green"},
		{
			"of many alternatives the first that fits is preferred (L-TRIG-12)",
			"! array many = tea|te|t|x1|x2|x3|x4|x5|x6|x7|x8|tea pot|x9\n+ *(@many)*\n- <star1>,<star2>,<star3>\n+ (@many)\n- one <star>\n+ a [@many] b\n- two\n",
			link.Settings{},
			[]string{"tea pot", "x9", "x", "a tea pot b", "a x8 b", "a x0 b", "my teapots"},
			"my,tea,pots",
		},
		{
			"many alternatives that begin with each other",
			"! array many = a a a a a a a a|a a a a a a a|a a a a a a|a a a a a|a a a a|a a a|a a|a|b\n+ (@many) (@many) *\n- <star1>,<star2>,<star3>\n",
			link.Settings{},
			[]string{"a a", "a b c", "a a a a a a a a a a a a"},
			"a a a a a a a a,a a a,a",
		},
		{"an array without entries", "! array none =\n+ (@none|a) b\n- <star>\n", link.Settings{}, []string{"a b"}, "a"},
		{
			"values in triggers (L-TRIG-6)", "! var shop = Tiny Teas!\n+ my name is *\n- <set name=<star>>ok\n+ (i am|this is) <get name>\n- I know.\n+ at <bot shop>\n- Here.\n+ again <input>\n- Again.\n",
			link.Settings{},
			[]string{"this is undefined", "My name is Ann-Lee", "i am ann-lee", "at tiny teas", "again at tiny teas"},
			"Again.",
		},
		{"an empty value takes its blank with it", "+ empty\n- <set x=>ok\n+ a <get x> b\n- gone\n", link.Settings{}, []string{"a undefined b", "empty", "a b"}, "gone"},
		{
			"previous (L-PREV)", "+ ask\n- Do you like <send> green tea?\n+ *\n% * like green tea\n- botstar <botstar>\n+ yes\n% green tea\n- part\n+ yes\n- no previous <botstar>\n",
			link.Settings{},
			[]string{"yes", "ask", "yes", "ask", "well"},
			"botstar do you",
		},
		{"kept punctuation (L-NORM-8)", "# punc nostrip\n+ my mail is *@*\n- <star1> at <star2>\n+ my mail is *\n- <star>\n", link.Settings{}, []string{"My mail is Ann@Tea.Example", "my mail is none!", "hm"}, "[RIVE_ERROR: Reply Not Matched]"},
		{"a redirect to a kept trigger", "# punc nostrip\n+ mail *.*\n- <star2>\n+ go\n- {@ mail Ann.Bo}\n", link.Settings{}, []string{"go"}, "bo"},
		{
			"conditions", "+ age *\n- <set age=<star>>ok\n+ come\n* <get age> == undefined => How old?\n* <get age> >= 17.5 => Come.\n* <get age> != \"\" => Too young.\n- never\n",
			link.Settings{},
			[]string{"come", "age 17.4", "come", "age 18", "come"},
			"Come.",
		},
		{"weights (L-PICK-1)", "+ draw\n- a{weight=3}\n- b\n- c{weight=2147483647}\n- d{weight=2147483647}\n", link.Settings{}, []string{"draw", "draw", "draw", "draw"}, "d"},
		{"random blocks", "+ draw\n- {random}a b|<set x=1>c|{random}d e{/random}{/random}<get x>\n", link.Settings{}, []string{"draw", "draw", "draw", "draw"}, "c1"},
		{"sets see each other (L-EVAL-2)", "+ go\n- <set x=1><get x><set x=2><get x><set x><get x>\n", link.Settings{}, []string{"go"}, "12undefined"},
		{"arithmetic", "+ go\n- <set x=4><add x=2><get x> <div x=abc>\n", link.Settings{}, []string{"go"}, "6 [ERR: Math can't do it with 'abc']"},
		{"what waits (L-EVAL-3)", "+ go\n- {@ show} <set x=2>{topic=shop}<get x>\n> topic shop includes default\n+ show\n- shop <get x>\n< topic\n+ show\n- root\n", link.Settings{}, []string{"go"}, "shop 2 2"},
		{"redirects side by side", "+ go\n- a{@ one}b{@ two}c{@ one}\n+ one\n- 1{@ two}\n+ two\n- 2\n", link.Settings{}, []string{"go"}, "a12b2c12"},
		{"a redirect with cuts", "+ go\n- a {@ cut} b\n+ cut\n- c <send> d <delay seconds=1.5> e <noreply>\n", link.Settings{}, []string{"go"}, "a c d e b"},
		{"a redirect in an argument", "+ go\n- <set x={@ name}>[<get x>]{uppercase}{@ name}{/uppercase}\n+ name\n- Ann <send> Bo\n", link.Settings{}, []string{"go"}, "[Ann Bo]ANN BO"},
		{"an alias", "+ go [*]\n@ tell {topic=shop}<star>\n+ tell *\n- never\n> topic shop\n+ tell *\n- <star> shop\n< topic\n", link.Settings{}, []string{"go there"}, "undefined shop"},
		{"formats", "! person i am = you are\n+ say *\n- {formal}<star>{/formal} {sentence}{uppercase}a{/uppercase} <star>{/sentence} {person}<star>{/person}\n", link.Settings{}, []string{"say i am here"}, "I Am Here A i am here you are here"},
		{"a format around an error", "+ go\n- {lowercase}A <add x=B> C{/lowercase}\n", link.Settings{}, []string{"go"}, "a [ERR: Math can't do it with 'B'] c"},
		{"delays", "+ go\n- a <delay seconds=1> b <delay seconds=<get n> nocancel> c <delay seconds=500>\n", link.Settings{}, []string{"go"}, "a b c"},
		{"earlier messages", "+ *\n- <input1> <input2> <input10> <id>\n", link.Settings{}, []string{"one", "two", "three"}, "two one undefined ann-1"},
		{"earlier replies", "+ *\n- I say <star>\n+ what\n- <reply1>, <reply2>, <reply3>\n", link.Settings{}, []string{"one", "two", "what"}, "I say two, I say one, undefined"},
		{"shortcodes", "+ go *\n- a ^buttons(<star>, \"x, y\") b\n", link.Settings{}, []string{"go tea"}, "a b"},
		{"shortcodes of JSON", "+ go *\n- ^card({\"title\": \"<star>\", \"n\": <get n>, \"say\": \"it's \\\"<star>\\\"\"})ok\n", link.Settings{}, []string{"go tea"}, "ok"},
		{"begin", "> begin\n+ request\n* <get met> == undefined => <set met=1>Welcome. {ok} and {uppercase}{ok}{/uppercase} <get n>\n- {ok}\n< begin\n+ hello\n- <set n=7>Hi {@ there}\n+ there\n- there\n", link.Settings{}, []string{"hello"}, "Welcome. Hi there and HI THERE 7"},
		{"begin chooses first (L-BEGIN-3)", "> begin\n+ request\n- {topic=shop}{random}a {ok}|b {ok}|c{/random}\n< begin\n> topic shop\n+ hello\n- shop\n< topic\n", link.Settings{}, []string{"hello", "hello", "hello"}, "b shop"},
		{"begin without {ok}", "> begin\n+ request\n- closed\n< begin\n+ hello\n- Hi\n", link.Settings{}, []string{"hello"}, "closed"},
		{"an alias in begin", "> begin\n+ request\n@ other\n+ other\n- other {ok}\n< begin\n+ other\n- wrong\n+ hello\n- Hi {@ other}\n", link.Settings{}, []string{"hello"}, "other Hi wrong"},
		{"topics", "+ go *\n- {topic=<star>}in <get topic>\n> topic shop inherits help\n+ where\n- shop\n< topic\n> topic help\n+ where\n- help\n+ more\n- more <get topic>\n< topic\n", link.Settings{}, []string{"go shop", "where", "more", "go nowhere"}, "in shop"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := e.trio(t, front(t, map[string]string{"default.topic": tt.bot}, tt.settings))
			for i, text := range tt.says {
				x.say(t, text, uint64(i))
			}
			got := reply.Flatten(x.last, x.words.Person)
			if got := squeeze(got); got != tt.want {
				t.Errorf("last answer %q, want %q", got, tt.want)
			}
		})
	}
}

// squeeze makes one blank of every run of white space.
func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
