package bot

import (
	"context"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// TestBrokenMacro: a macro that is no JavaScript is a warning at its line, and keeps no bot
// off the stage (L-JS-4). The example is the registry's.
func TestBrokenMacro(t *testing.T) {
	runtime, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runtime.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	example, _ := diag.Lookup("W131")
	for _, row := range []struct {
		name, script, settings string
		line                   int // of the warning; 0: there is none
	}{
		{name: "the wrong example", script: example.Wrong, line: 2},
		{name: "the right example", script: example.Right},
		{name: "an end that is missing", script: "> object a\n  if (1) {\n< object\n+ hello\n- <call>a</call>\n", line: 3},
		{name: "silenced", script: example.Wrong, settings: `allow = ["W131"]`},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := folder{}
			dir.write("default.topic", row.script)
			if row.settings != "" {
				dir.write(SettingsFile, row.settings)
			}
			b := newBot(t, dir, Interpreted{Runtime: runtime})
			reload(t, b)
			line := 0
			for _, d := range b.Status().Problems {
				if d.Code == "W131" {
					line = d.Span.Line()
				}
			}
			if line != row.line {
				t.Errorf("the macro is told of at line %d, not %d", line, row.line)
			}
			if err := b.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
