package sandbox

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/link"
)

const reminders = `
! array tea = green|black
+ a
- ok ^reminder(one, "Hi <get name>! <raw>{topic=tea} {@ drink} for <get name> <star></raw>, now", 1 hour)
- ok ^reminder(two, "<raw><set n=1>{random}a|b{/random} (@tea) ^image("u") <send> <delay seconds=2>{formal}x {@ drink}{/formal}</raw>", 1 hour)
- ok ^reminder(three, "<raw>{@ round}</raw>", 1 hour)
- ok ^reminder(four, "<raw><noreply>^unsubscribe()</raw>", 1 hour)
+ round
@ round
+ drink
- In the root topic
> topic tea
+ drink
- Drink (@tea)
< topic
`

// L-REM-3, L-REM-4: a deferred script is the same on the module as on the reference.
func TestFireAgrees(t *testing.T) {
	e := openEngines(t)
	x := e.trio(t, front(t, map[string]string{"default.topic": reminders}, link.Settings{Dialect: link.Dexter}))
	for n := range x.program.Meta.Deferred {
		for seed := range uint64(6) {
			var want []reply.Token
			var state any
			for i, s := range x.scripts {
				p := x.people[i]
				p.turn(seed)
				tokens, err := s.Fire(t.Context(), p, n, []string{"Hi {topic=x} Ann! ", "^image(u)"})
				if err != nil {
					t.Fatalf("%s: %v", x.names[i], err)
				}
				if i == 0 {
					want, state = tokens, p.state()
					continue
				}
				if d := cmp.Diff(want, tokens, cmpopts.EquateEmpty()); d != "" {
					t.Errorf("script %d: tokens (-interp +%s):\n%s", n, x.names[i], d)
				}
				if d := cmp.Diff(state, any(p.state())); d != "" {
					t.Errorf("script %d: deeds (-interp +%s):\n%s", n, x.names[i], d)
				}
			}
		}
	}
	if len(x.program.Meta.Deferred) != 4 {
		t.Errorf("%d scripts were deferred", len(x.program.Meta.Deferred))
	}
}

// What was kept is inserted as text; a topic counts before the redirect behind it.
func TestFire(t *testing.T) {
	e := openEngines(t)
	x := e.trio(t, front(t, map[string]string{"default.topic": reminders}, link.Settings{Dialect: link.Dexter}))
	for i, s := range x.scripts {
		tokens, err := s.Fire(t.Context(), x.people[i], 0, []string{"Hi {topic=x}! ", ", now"})
		if err != nil {
			t.Fatal(err)
		}
		text := reply.Finish(tokens, reply.Options{}).Text
		if !strings.HasPrefix(text, "Hi {topic=x}! Drink ") || !strings.HasSuffix(text, " for undefined undefined, now") {
			t.Errorf("%s says %q", x.names[i], text)
		}
	}
}

func TestFireOfNoScript(t *testing.T) {
	e := openEngines(t)
	x := e.trio(t, front(t, map[string]string{"default.topic": "+ a\n- b\n"}, link.Settings{}))
	for _, s := range x.scripts[1:] {
		for _, n := range []int{-1, 0, 7} {
			if _, err := s.Fire(context.Background(), x.people[0], n, nil); err == nil || !strings.Contains(err.Error(), "of 0") {
				t.Errorf("script %d: %v", n, err)
			}
		}
	}
}
