package chat

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/dialogue"
)

const shop = `
! var shop = Tiny Teas
+ hi
- Hello. <delay seconds=2> Tea? ^buttons(Yes, No)
+ yes
- Good. <set tea=green>
+ long
- Wait. <delay seconds=60> Done.
+ ask [*]
- {random}a|b|c{/random}
- {weight=9}d <get name>
* <get mood> == bad => Not now.
+ other
- never
+ quiet
- <noreply>
+ pic
- ^image(https://a.example/1.png)
+ card
- ^card("Red, size 7", "20 coins", "https://a.example/1.png", "Buy=buy red", "See=https://a.example/red")
+ buy red
- Sold. {topic=till}
+ link
- Look here ^link(https://a.example/, Open)
+ phone
- Call? ^quickReply([{"content_type":"text","title":"Call","payload":"CALL ME"},{"content_type":"user_email"}])
+ call me
- Ring.
+ remind me
- ok ^reminder(tea, "<raw>Tea, <get name>! ^buttons(Thanks)</raw>", 1 hour)
+ thanks
- Welcome.
+ _thanks
- never
+ which shop
- <bot shop>
+ get started
- Started.
+ __media__
- A <get _mediaType> at <get _mediaUrl>.
+ ad 7
- From the ad.
+ two
- one|two\nthree
+ sky
- It is <weather city=<get name>>.
+ fetch
$ GET https://a.example/now?q=1
- <formal>: ${{temp}} ${{__status}}
+ many
- {random}a|b|c|d|e|f|g|h|i|j|k{/random}{random}a|b|c|d|e|f|g|h|i|j|k{/random}{random}a|b|c|d|e|f|g|h|i|j|k{/random}
+ alias
@ yes
+ star *
- You said <star>.
+ typed
- ^typing() Hm.
+ {weight=7}help
- A human helps.
+ choose
- ^template({"template_type":"button","text":"Which?","buttons":[{"type":"postback","title":"Tea","payload":"yes"},{"type":"web_url","title":"Map","url":"https://a.example/map"}]})
+ rows
- Two ^cards([{"title":"One","subtitle":"first"},{"title":"Two","subtitle":"second"}]) ^buttons(More)
+ where am i
- <get _platform> [<div x=0>]
> topic till
+ {weight=1}stop
- Bye. {topic=default}
< topic
`

func shopStage(t *testing.T) *Stage {
	t.Helper()
	return stage(t, map[string]string{
		"default.topic":    shop,
		"bot.toml":         "dialect = \"dexter\"\n",
		"body.json":        `{"temp":21}`,
		"ann.state.json":   `{"v":1,"topic":"till","vars":{"name":"Ann"}}`,
		"event.json":       `{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1,"message":{"mid":"m","text":"hi"}}`,
		"post.json":        `{"object":"page","entry":[{"id":"2","time":1,"messaging":[{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1,"postback":{"payload":"yes"}}]}]}`,
		"odd.json":         `{"sender":{"id":"1"},"odd":{}}`,
		"instagram.json":   `{"object":"instagram","entry":[]}`,
		"sub/quiet.topic":  "+ x\n- y\n",
		"sub/default.chat": "",
	})
}

func TestTalks(t *testing.T) {
	s := shopStage(t)
	for name, row := range map[string]struct{ steps, want string }{
		"as said":                  {"> hi\n< Hello.\n< Tea?\n< [quick] Yes | No\n> :tap Yes\n< Good.\n~ set tea = green", ""},
		"wrong text":               {"> hi\n< Hallo.", "2: Hallo. / Hello."},
		"silence is strict":        {"> yes\n> hi", "2: silence / Good."},
		"before a wait too":        {"> yes\nwait 1s", "2: silence / Good."},
		"at the end too":           {"> yes", "0: silence / Good."},
		"nothing expected":         {"> quiet", ""},
		"nothing came":             {"> quiet\n< Hm?", "2: Hm? / nothing"},
		"patience":                 {"> long\n< Wait.\n< Done.", "3: Done. / nothing for now; the next bubble or reminder comes in 1m0s, patience is 10s"},
		"no patience":              {"given patience = 0s\n> hi\n< Hello.\n< Tea?", "4: Tea? / nothing for now; the next bubble or reminder comes in 2s, patience is 0s"},
		"wait":                     {"> long\n< Wait.\nwait 59s\n~ pending 1\nwait 1s\n< Done.\n~ pending 0", ""},
		"wait next":                {"> long\n< Wait.\nwait next\n< Done.", ""},
		"nothing to wait for":      {"wait next", "1: something that waits / nothing is outstanding"},
		"wait until a clock":       {"> long\n< Wait.\nwait until 09:01\n< Done.", ""},
		"wait until tomorrow":      {"> remind me\n< ok\nwait until 09:00\n< Tea, undefined!", ""},
		"wait until a time":        {"> long\n< Wait.\nwait until 2026-01-01T09:01:00Z\n< Done.", ""},
		"wait until the past":      {"wait until 2025-01-01T09:01:00Z", "1: a time to come / it is 2026-01-01T09:00:00Z already"},
		"a pause is cut":           {"given patience = 0s\n> hi\n< Hello.\n> yes\n< Good.\n~ pending 0", ""},
		"regexp":                   {"> hi\n< /hel+o\\./i\n< ...", ""},
		"regexp is anchored":       {"> hi\n< /Hell/", "2: /Hell/ / Hello."},
		"any":                      {"> ask\n< *", ""},
		"rest to the end":          {"> hi\n< ...\n> yes\n< Good.", ""},
		"rest to one that fit":     {"> hi\n< ...\n< Tea?", ""},
		"rest to none":             {"> hi\n< ...\n< Coffee?", "3: Coffee? / nothing"},
		"literal":                  {"> two\n< one|two\\nthree", ""},
		"L-CHAT-2 error":           {">= :tap\n<= [RIVE_ERROR: Reply Not Matched]", ""},
		"tap of nothing":           {"> yes\n< Good.\n> :tap Yes", `3: a quick reply or button "Yes" to tap / none is shown`},
		"tap of another":           {"> hi\n< Hello.\n< Tea?\n> :tap Maybe", `4: a quick reply or button "Maybe" to tap / shown are Yes | No`},
		"L-CHAT-1 tap of a reply":  {"> phone\n< Call?\n< [quick] Call = CALL ME | user_email\n> :tap Call\n< Ring.", ""},
		"L-CHAT-1 tap of a button": {"> card\n< [cards] \"Red, size 7\" — 20 coins\n< [buttons] Buy -> buy red | See -> https://a.example/red\n> hi\n< ...\n> :tap Buy\n< Sold.\n~ topic till", ""},
		"tap of an address":        {"> card\n< *\n> :tap See", `3: a button "See" that speaks to the bot / it opens https://a.example/red`},
		"L-CHAT-1 buttons":         {"> link\n< Look here\n< [buttons] Open -> https://b.example/", "3: [buttons] Open -> https://b.example/ / Open -> https://a.example/"},
		"L-CHAT-1 template":        {"> choose\n< *\n< [buttons] Tea -> yes | Map -> https://a.example/map\n> :tap Tea\n< Good.", ""},
		"L-CHAT-1 cards":           {"> rows\n< Two\n< [cards] One — first | Two — second\n< [quick] More", ""},
		"L-CHAT-1 one bubble":      {"> rows\n< Two\n< One", "3: One / nothing"},
		"L-CHAT-2 platform":        {"> where am i\n<= test [[ERR: Can't Divide By Zero]]", ""},
		"titles only":              {"> card\n< [buttons] Buy | See", ""},
		"other number":             {"> card\n< [buttons] Buy", "2: [buttons] Buy / Buy | See"},
		"image":                    {"> pic\n< [image] https://a.example/1.png\n< [image] *", ""},
		"other image":              {"> pic\n< [image] https://a.example/2.png", "2: [image] https://a.example/2.png / https://a.example/1.png"},
		"other kind":               {"> pic\n< [video] *", "2: [video] * / none"},
		"typing":                   {"> hi\n< Hello.\n< Tea?\n< [typing]\n> typed\n< Hm.\n< [typing]", ""},
		"no typing":                {"> yes\n< Good.\n< [typing]", "3: [typing] / none"},
		"json":                     {"> hi\n< ...\n< Tea?\n< [json] {\"text\":\"Tea?\",\"quick_replies\":[{\"content_type\":\"text\",\"title\":\"Yes\",\"payload\":\"Yes\"},{\"title\":\"No\"}]}", ""},
		"other json":               {"> yes\n< Good.\n< [json] {\"text\":\"Bad.\"}", `3: [json] {"text":"Bad."} / [{"text":"Good."}]`},
		"given":                    {"given tea = black, bot.shop = \"Big, Teas\"\n~ set tea = black ; unset milk\n> which shop\n< Big, Teas", ""},
		"given topic":              {"given topic = till\n> stop\n< Bye.\n~ topic default", ""},
		"no such topic":            {"given topic = tills\n> stop", "0: topic tills / the bot has no such topic"},
		"given state":              {"given state = ann.state.json\n~ topic till ; set name = Ann", ""},
		"no such state":            {"given state = bob.json\n> hi", "0: the state of bob.json / bob.json cannot be read"},
		"state far away":           {"given state = ../bob.json\n> hi", "0: the state of ../bob.json / ../bob.json lies outside of the bot's folder"},
		"a broken state":           {"given state = default.topic\n> hi", "0: the state of default.topic / session: decode: invalid character '!' looking for beginning of value"},
		"wrong state":              {"> yes\n< Good.\n~ set tea = black", "3: tea = black / tea = green"},
		"set though":               {"> yes\n< Good.\n~ unset tea", "3: tea unset / tea = green"},
		"somebody new":             {"~ topic default ; unset tea ; pending 0 ; window open", ""},
		"trigger":                  {"> yes\n< Good.\n~ trigger default.topic:5", ""},
		"other trigger":            {"> alias\n< Good.\n~ trigger default.topic:3", "3: the trigger at default.topic:3 / the trigger at default.topic:52, then default.topic:5"},
		"no trigger":               {"> zzz\n<= [RIVE_ERROR: Reply Not Matched]\n~ trigger default.topic:3", "3: the trigger at default.topic:3 / no trigger answered"},
		"reminder":                 {"given name = Ann\n> remind me\n< ok\n~ pending 1\nwait 59m\n~ pending 1\nwait next\n< Tea, Ann!\n< [quick] Thanks\n~ pending 0 ; unset _reminder_tea\n> :tap Thanks\n< Welcome.", ""},
		"closed window":            {"given window = closed, clock = 2026-01-01T09:00:00Z\n~ window closed\n> yes\n< Good.\n~ window open\nwait 24h\n~ window closed", ""},
		"a reminder too late":      {"> remind me\n< ok\nwait 23h\n< Tea, undefined!\nwait 1h\n~ window closed", ""},
		"with a human":             {"given topic = dex-human-bypass\n> yes\n> get started\n> help!\n< A human helps.\n~ topic dex-human-bypass\n> :get_started\n> :referral x", ""},
		"L-CHAT-2 postback":        {"> :postback yes\n< Good.\n~ set _payload = yes", ""},
		"L-CHAT-2 get started":     {"> :get_started\n< Started.", ""},
		"L-CHAT-2 referral":        {"> :referral ad 7\n< From the ad.\n~ set _fbRefParam = ad 7", ""},
		"L-CHAT-2 opt-in":          {"> :optin \"ad 7\"\n< From the ad.", ""},
		"L-CHAT-2 read":            {"> yes\n< Good.\n> :read\n> :reaction 👍\n~ set tea = green", ""},
		"L-CHAT-2 attachment":      {"> :attachment image https://a.example/cat.png\n< A image at https://a.example/cat.png.", ""},
		"raw element":              {"> @event.json\n< Hello.\n< ...", ""},
		"raw post":                 {"> @post.json\n< Good.", ""},
		"raw of nothing":           {"> @none.json", "1: the event of none.json / none.json cannot be read"},
		"raw of no event":          {"> @odd.json", "1: the event of odd.json / it is no event that Messenger sends"},
		"raw of no page":           {"> @instagram.json", "1: the event of instagram.json / the body holds no event of a page"},
		"stubbed direction":        {"given name = Rome\nstub weather city=* -> sunny\n> sky\n< It is sunny.\n~ called weather city=Rome", ""},
		"the closest stub":         {"given name = Rome\nstub weather city=Rome -> hot\nstub weather city=R* -> warm\nstub weather -> sunny\n> sky\n< It is hot.", ""},
		"the later stub":           {"given name = Rome\nstub weather city=* -> sunny\nstub weather city=* -> \"wet, cold\"\n> sky\n< It is wet, cold.", ""},
		"failing direction":        {"stub weather -> error \"no such place\"\n> sky\n< It is [DIRECTION_ERROR: weather: no such place].", ""},
		"called otherwise":         {"given name = Rome\nstub weather -> x\n> sky\n< It is x.\n~ called weather city=Bonn", "5: called weather city=Bonn / called weather city=Rome"},
		"not called":               {"~ called weather", "1: called weather / no direction ran"},
		"no stub":                  {"> sky\n< It is x.", "1: an answer of the outside world; add the line / stub weather -> what it says"},
		"stubbed request":          {"stub http GET https://a.example/* -> 200 {\"temp\":20}\n> fetch\n< Undefined: 20 200", ""},
		"request with a file":      {"stub http GET https://a.example/* -> 201 @body.json\n> fetch\n< Undefined: 21 201", ""},
		"request without file":     {"stub http GET https://a.example/* -> 201 @no.json\n> fetch\n< x", "2: an answer of the outside world; add the line / no.json cannot be read; the stub at line 2 needs it"},
		"request fails":            {"stub http GET https://a.example/* -> error \"timeout\"\n> fetch\n<= [REQ_RESPONSE_ERROR: timeout]", ""},
		"request unstubbed":        {"> fetch\n< x", "1: an answer of the outside world; add the line / stub http GET https://a.example/now?q=1 -> 200 {}"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := verdict(play(t, s, row.steps)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// "one of" knows every reply of a trigger, with the state before the turn.
func TestOneOf(t *testing.T) {
	s := shopStage(t)
	for name, row := range map[string]struct{ steps, want string }{
		"the one that matched": {"given name = Ann\n> ask me\n< one of", ""},
		"at its place":         {"given name = Ann\n> ask me\n< one of default.topic:9", ""},
		"another's reply":      {"> yes\n< one of default.topic:9", "2: one of default.topic:9 / Good."},
		"a trigger that rests": {"given name = Ann\n> star d Ann\n< You said d ann.\n> yes\n< one of default.topic:5", ""},
		"no trigger there":     {"> yes\n< one of default.topic:6", "2: one of default.topic:6 / there is no trigger at default.topic:6"},
		"nothing matched":      {"> zzz\n< one of", "2: one of / no trigger matched"},
		"too many":             {"> many\n< one of default.topic:50", ""},
		"an alias":             {"> alias\n< one of default.topic:52", "2: one of default.topic:52 / the trigger has no reply of its own; name the one that its @ leads to"},
		"an alias's target":    {"> alias\n< one of", ""},
		"captures":             {"> star it\n< one of", ""},
		"requests":             {"stub http GET https://a.example/* -> 200 {\"temp\":20}\n> fetch\n< one of", ""},
		"in the second bubble": {"> hi\n< one of\n< one of default.topic:3", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := verdict(play(t, s, row.steps))
			if name == "too many" { // 1331 ways; whether it is among the first 1000 is chance
				if got != "" && !strings.Contains(got, "more than 1000 ways") {
					t.Errorf("got %s", got)
				}
				return
			}
			if got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// Every reply of a trigger passes, whatever was drawn.
func TestOneOfKnowsAllReplies(t *testing.T) {
	s := shopStage(t)
	texts := map[string]bool{}
	for seed := range uint64(60) {
		s.Seed = seed + 1
		out := play(t, s, "given name = Ann\n> ask\n< one of")
		if out.Failed != nil {
			t.Fatalf("seed %d: %s", seed, verdict(out))
		}
		texts[strings.Join(play(t, s, "given name = Ann\n> ask\n< x").Failed.Talk, "")+play(t, s, "given name = Ann\n> ask\n< x").Failed.Got] = true
	}
	if len(texts) != 4 {
		t.Errorf("the seeds drew %v", texts)
	}
}

// Each test has its own world; outcomes keep the order of the file.
func TestPlayAll(t *testing.T) {
	s := shopStage(t)
	file := parsed(t, lines(
		`given name = Ann`,
		`stub weather city=Ann -> fine`,
		`stub weather city=Bo -> never`,
		`stub http GET https://* -> 200`,
		`test "one"`, `> yes`, `< Good.`,
		`test "two" skip "later"`, `> yes`, `< Bad.`,
		`test "three"`, `stub weather city=X -> y`, `> sky`, `< It is fine.`, `~ unset tea ; set name = Ann`,
		`test "four"`, `given name = Eve`, `> star x`, `< You said x.`, `~ set name = Eve`,
	))
	for range 3 {
		outcomes, unused, err := s.PlayAll(t.Context(), []File{file}, func(Test) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, o := range outcomes {
			names = append(names, o.Test.Name)
			if o.Failed != nil {
				t.Errorf("%s: %s", o.Test.Name, verdict(o))
			}
		}
		if strings.Join(names, " ") != "one two three four" || Count(outcomes) != (Summary{Passed: 3, Skipped: 1}) {
			t.Errorf("played %v: %s", names, Count(outcomes))
		}
		if strings.Join(unused, " ") != "a.chat:3 a.chat:4" || len(outcomes[2].Unused) != 1 || outcomes[2].Unused[0] != 12 {
			t.Errorf("unused %v, %v", unused, outcomes[2].Unused)
		}
	}
	outcomes, unused, err := s.PlayAll(t.Context(), []File{file}, func(one Test) bool { return one.Name == "one" })
	if err != nil || len(outcomes) != 1 || len(unused) != 0 {
		t.Errorf("%v, %v, %v", outcomes, unused, err)
	}
}

func TestSeeds(t *testing.T) {
	s := shopStage(t)
	file := parsed(t, "test \"a\"\n> ask\n< *\ntest \"b\"\n> ask\n< *\ntest \"c\"\ngiven seed = 7\n> ask\n< *\n")
	a, b, c := s.seed(&file, &file.Tests[0]), s.seed(&file, &file.Tests[1]), s.seed(&file, &file.Tests[2])
	if a == b || c != 7 {
		t.Errorf("seeds are %d, %d, %d", a, b, c)
	}
	s.Seed = 9
	if got := s.seed(&file, &file.Tests[2]); got != 9 {
		t.Errorf("the seed of the stage is %d", got)
	}
}

// The samples of the project pass their own tests on the reference interpreter.
func TestSamples(t *testing.T) {
	root := filepath.Join("..", "..", "..", "scripts")
	bots, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range bots {
		if !entry.IsDir() {
			continue
		}
		dir := os.DirFS(filepath.Join(root, entry.Name()))
		settings, err := bot.ReadSettings(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(settings.Plugins) > 0 {
			continue // its tags need built modules: `make test` plays it with the command
		}
		built, err := compile.Front(dir, settings.Link())
		if err != nil {
			t.Fatal(err)
		}
		script, err := bot.Interpreted{}.Load(t.Context(), built)
		if err != nil {
			t.Fatalf("%s: %v", entry.Name(), err)
		}
		s := &Stage{Cast: &dialogue.Cast{Script: script, Program: built.Program}, Settings: settings, Folder: dir}
		files, err := filepath.Glob(filepath.Join(root, entry.Name(), "*.chat"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s has no tests (%v)", entry.Name(), err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			outcomes, _, err := s.PlayAll(t.Context(), []File{parsed(t, string(data))}, func(Test) bool { return true })
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range outcomes {
				if o.Failed != nil {
					t.Errorf("%s: %s: %s", name, o.Test.Name, verdict(o))
				}
			}
		}
	}
}
