package sandbox

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
)

// Macro implements world.Outside: a few macros in Go.
func (p *person) Macro(call world.Macro) (result, problem string, found bool) {
	p.did("macro %s %q", call.Name, call.Args)
	switch call.Name {
	case "echo":
		return strings.Join(call.Args, "/"), "", true
	case "deliver": // what scripts cannot write, macros can
		return `a <send> b \<get x> ^buttons("A", B) ^nope() <delay seconds=2>c`, "", true
	case "boom":
		return "", "[ERR: boom]", true
	case "set":
		p.Set(world.User, call.Args[0], call.Args[1])
		return "", "", true
	case "long":
		return strings.Repeat("long ", 12_000), "", true
	case "reply", "replies":
		var said []string
		for _, text := range call.Args {
			tokens, err := call.Reply(text)
			if err != nil {
				return "", "", true
			}
			said = append(said, reply.Notation(tokens, nil))
		}
		return strings.Join(said, "|"), "", true
	}
	return "", "", false
}

// TestMacros: interpreter and module agree on macros, and on replies that macros ask
// for while the module waits.
func TestMacros(t *testing.T) {
	x := openEngines(t).trio(t, front(t, map[string]string{
		"default.topic": `! array three = <call>echo one</call> two\s<call>deliver</call> {@ menu}
> object echo
< object
+ echo *
- [<call>echo <star> "<star> b" "" <id></call>] <call>echo <call>echo x y</call> z</call>
+ deliver
- {uppercase}<call>deliver</call>{/uppercase}<call>boom</call> <call>none</call> <call></call>
+ argument
- <set x=<call>deliver</call>><get x> <set y=<call>boom</call>><get y> ^image("<call>echo u</call>") ^template({"a":"<call>echo \"q\"</call>"})
+ ask *
- before <call>reply <star></call> after <call>set n 1</call><get n>
+ menu
- Tea? <send> Or {formal}1 < 2{/formal}? ^buttons(Yes, No) {topic=t}
+ deep
- <call>reply "ask menu" nothing</call> {@ menu}
+ inner
- <call>replies menu "echo q" "argument" "deep"</call><send><call>echo last</call>
+ alias *
@ <call>reply <star></call>
+ if *
* <call>reply <star></call> == B => yes <call>echo <star></call>
- no
+ b
- B
+ array
- (@three) <set a=(@three)><get a>
+ loop
- x<call>reply loop</call>
+ long
- <call>long</call>
+ much
- <call>long</call><call>long</call>
+ name is *
- <set name=<star>>ok
+ greet
- <get name> <get name>
+ reused
- <call>replies greet greet greet</call> <set y=Ann <call>boom</call> [<get name>]><get y> <call>boom</call>
+ far
- <call>replies long "echo <call>long</call>" b</call>
`, "t.topic": "+ menu\n- in t\n+ back\n- {topic=default}ok\n+ *\n- <call>reply back</call>{@ echo e}\n",
	}, link.Settings{}))
	for seed, text := range []string{
		"echo a", "echo a b", "deliver", "argument", "ask menu", "x", "ask b", "deep", "y", "inner", "z", "alias b",
		"if b", "if menu", "z", "loop", "long", "much", "far", "array", "array", "array", "array", "array", "array", "array", "echo again",
		"name is tea tea tea tea tea tea tea tea tea tea tea tea tea tea tea tea tea", "reused",
	} {
		x.say(t, text, uint64(seed))
	}
	x.say(t, "inner", 1)
	if got := reply.Flatten(x.last, nil); !strings.Contains(got, "last") || !strings.Contains(got, "Tea?") {
		t.Errorf("the reply is %q", got)
	}
}
