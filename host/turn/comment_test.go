package turn

import (
	"testing"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// A Page is subscribed to comments when a trigger has their text, in whatever pattern (messenger.md section 6).
func TestAwaitsComments(t *testing.T) {
	for text, want := range map[string]bool{"__comment__": true, "(__comment__|hi)": true, "comment": false, "*": false} {
		program := &ir.Meta{Triggers: ir.ListTriggers(ir.TriggerInfo{Text: "hi"}, ir.TriggerInfo{Text: text})}
		if AwaitsComments(program) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}
