package cli

import (
	"strings"
	"testing"
)

func TestCheckCountsSamples(t *testing.T) {
	for _, tt := range []struct{ name, bot, want string }{
		{"none", "+ *\n- a\n", ""},
		{"all", "//? hi | ho\n+ *\n- a\n", "2 samples above triggers, all answered there\n"},
		{"not all (W104)", "+ hi\n- b\n//? hi | ho\n+ *\n- a\n", "2 samples above triggers, 1 not answered there\n"},
	} {
		got := run("check", folder(t, map[string]string{"default.topic": tt.bot}))
		if first := strings.SplitAfter(got.out, "\n")[0]; got.code != exitFine || strings.Contains(first, "sample") != (tt.want != "") || tt.want != "" && first != tt.want {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}
