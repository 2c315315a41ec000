package lower_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/link"
)

// L-REM-3: what stands in <raw> is kept for later, the rest is evaluated now and
// keeps its place.
func TestDeferredScripts(t *testing.T) {
	p := build(t, link.Settings{}, "default.topic", `
+ a
- ok ^reminder(x, "Hi <get name>! <raw>{@ drink}</raw> Bye", 1 hour)
+ b
- ok ^reminder(y, "<get other><raw>{@ drink}</raw>!", 2 hours)
+ c
- ok ^reminder(z, "<raw>{@ drink}</raw>", 2 hours)
+ d
- ok ^reminder(plain, Drink!, 2 hours)
+ drink
- Drink
`)
	want := []string{
		reply.Content{{Text: "…"}, {Script: "{@ drink}"}, {Text: "…"}}.Key(),
		reply.Content{{Script: "{@ drink}"}}.Key(),
	}
	if diff := cmp.Diff(want, p.Meta.Deferred); diff != "" {
		t.Error(diff)
	}
	var kinds []ir.OpKind
	for _, op := range p.Funcs[p.Deferred[0]].Ops {
		kinds = append(kinds, op.Kind)
	}
	if diff := cmp.Diff([]ir.OpKind{ir.EmitHeld, ir.Redirect, ir.EmitHeld}, kinds); diff != "" {
		t.Error(diff)
	}
	var printed bytes.Buffer
	if err := ir.Print(&printed, p); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"deferred 0: func", "held 2"} {
		if !strings.Contains(printed.String(), line) {
			t.Errorf("%q is not in the printed program:\n%s", line, printed.String())
		}
	}
}

// L-EV-10: a human's topic knows the weighted triggers of the root topic only.
func TestBypassView(t *testing.T) {
	p := build(t, link.Settings{}, "default.topic", "+ {weight=2}stop\n- ok\n+ *\n- hm\n> topic other\n+ {weight=9}x\n- y\n< topic\n")
	view := p.Groups[len(p.Meta.Topics)]
	if len(view.Order) != 1 || p.Meta.Triggers.At(view.Order[0]).Loc.Line != 1 || len(view.Previous) != 0 {
		t.Errorf("the view is %+v", view)
	}
}
